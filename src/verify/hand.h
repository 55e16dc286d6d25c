/* SPDX-License-Identifier: MIT */
/* What hand-over (hand.c, hand_part.c) and the report of a touch (touch.c) share. */
#pragma once

#include "verify/check.h"

#define AT_UNDIS  1u /* the view that is never closed */
#define AT_LAYERS 2u
#define CHAIN_MAX 65536u

enum way { GIVE, GIVE_BACK, ARRIVE, COME_BACK };

/* Something on its way. */
struct crossing {
    struct verify *verify;
    struct arena *arena;
    struct record *record;
    struct record *holder; /* of the MDLs that go with it; NULL: they stay */
    enum way way;
    unsigned view;  /* it goes to */
    unsigned giver; /* GIVE, COME_BACK: the view of who gave it away */
};

/* Whether what lies at @address is seen in all views. */
static inline bool
moves(struct arena *arena, const void *address)
{
    return address && arena_find(arena, address, NULL);
}

/* The same of all @size bytes: a driver may have said that there are more than there are. */
static inline bool
moves_whole(struct arena *arena, const void *address, size_t size)
{
    size_t whole;
    const char *block = address ? arena_find(arena, address, &whole) : NULL;

    return block && (size_t)((const char *)arena_home(arena, address) - block) + size <= whole;
}

/* What lies at @address in a view is closed there, as far as it can be; and opened. */
void hand_close(struct verify *verify, void *address, size_t size);
/* The same but @holes, in their order; with pages, all of it to writes. */
struct hole {
    size_t start, end;
};
void hand_close_but(
    struct verify *verify, void *address, size_t size, const struct hole *holes, unsigned count);
void hand_close_nbl(struct verify *verify, void *address);
void hand_close_nb(struct verify *verify, void *address);
void hand_open(struct verify *verify, void *address, size_t size);
/* @address as it is in @view; closed by @close where it was. */
void *hand_move(const struct crossing *x, void *address, size_t size, unsigned view,
    void (*close)(struct verify *verify, void *address));
/* The NET_BUFFERs that hang on @nbl, which is looked at in view 1, and the MDLs on those. */
void hand_move_nbs(const struct crossing *x, PNET_BUFFER_LIST nbl);
/* The MDLs from *@link on; *@current: one of them, or not. */
void hand_move_mdls(const struct crossing *x, PMDL *link, PMDL *current);
/* Where an NBL, seen in view 1, goes that arrives at a layer. */
unsigned
hand_next_view(struct verify *verify, const struct record *record, const NET_BUFFER_LIST *nbl);
/* Whose parts its MDLs are: its own, or those of a packet that it stands for; NULL: they stay. */
struct record *
hand_holder(struct verify *verify, struct record *record, const NET_BUFFER_LIST *nbl);
/* All that @record holds is its maker's again. */
void hand_drop_parts(struct verify *verify, struct record *record);
/* The information buffer of a request, as it stands there (hand_buffer.c). */
struct hand_buffer {
    void **link;
    ULONG size;
    NDIS_OID oid;
    bool fills; /* who is asked writes into it */
};
struct hand_buffer hand_buffer_of_six(NDIS_OID_REQUEST *seen);
struct hand_buffer hand_buffer_of_five(NDIS_REQUEST *seen);
/* Undis gets it: answers where who asks has it, NULL when it stays. */
void *hand_buffer_look(struct verify *verify, struct hand_buffer buffer);
/* @place: of the request, PLACE_ASKED; @given: what hand_buffer_look has answered. */
void hand_buffer_asked(
    struct verify *verify, struct place *place, struct hand_buffer buffer, void *given);
void hand_buffer_back(struct verify *verify, struct place *place, struct hand_buffer buffer);
/* Who is asked by @request has it, and has answered. */
void hand_buffer_arrives(
    struct verify *verify, void *request, struct hand_buffer buffer, const char *what);
void hand_buffer_answered(
    struct verify *verify, void *request, struct hand_buffer buffer, const char *what);
/* @size bytes for what a driver is shown for a while, at an address in @view; NULL without memory. */
void *hand_show(struct verify *verify, size_t size, unsigned view);
/* That is over: closed to who was shown it. @place: what a touch is told by, or NULL. */
void hand_shown(struct verify *verify, void *copy, size_t size, struct place *place);
/* Reports the touch of a frame that the running driver was shown; whether it is one. */
bool
hand_frame_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth);
/* Reports the touch of an OID request; whether it is known of which. */
bool
hand_oid_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth);
/* The rule of who touches what went away by @call, or by the end of that handler. */
enum rule_name hand_rule(const char *call);
