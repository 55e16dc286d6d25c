/* SPDX-License-Identifier: MIT */
/* Multicast addresses that a binding, or the host program, wants. A list never changes: the path
 * follows a pointer to it, and a new one takes its place. */
#pragma once

#include "ndis/stack/adapter.h"

#define ADDRESS 6u

struct multicast {
    struct retired retired;
    unsigned count;
    struct {
        UCHAR address[ADDRESS];
        USHORT times; /* added, and not deleted again */
    } entries[];
};

/* True when @wants lists @address. */
bool multicast_lists(const struct module_wants *wants, const UCHAR *address);
/* Makes @next, which has room, what @set makes of @old: its addresses alone, or added to or taken
 * from those. */
NDIS_STATUS
multicast_next(struct multicast *next, const struct multicast *old, const struct _SET *set);
