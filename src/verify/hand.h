/* SPDX-License-Identifier: MIT */
/* What hand-over (hand.c) and the report of a touch (touch.c) share. */
#pragma once

#include "verify/check.h"

#define AT_UNDIS  1u /* the view that is never closed */
#define AT_LAYERS 2u
#define CHAIN_MAX 65536u

/* Whether what lies at @address is seen in all views. */
static inline bool
moves(struct arena *arena, const void *address)
{
    return address && arena_find(arena, address, NULL);
}

/* What lies at @address in a view is closed there, as far as it can be; and opened. */
void hand_close(struct verify *verify, void *address, size_t size);
void hand_close_nbl(struct verify *verify, void *address);
void hand_close_nb(struct verify *verify, void *address);
void hand_open(struct verify *verify, void *address, size_t size);
/* Reports the touch of an OID request; whether it is known of which. */
bool
hand_oid_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth);
/* The rule of who touches what went away by @call, or by the end of that handler. */
enum rule_name hand_rule(const char *call);
