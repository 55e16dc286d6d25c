/* SPDX-License-Identifier: MIT */
/* Hand-over of what a miniport of NDIS 5 is asked with: it gets no request, but the buffer of one, and
 * where the counts of its answer go.
 *
 *     MiniportQueryInformation, MiniportSetInformation   the buffer as it is -> 2, open to it; counts of its
 *                                                        own (hand_shown.c)
 *     a final answer, NdisMQueryInformationComplete ...  closed to it; the counts are undis'
 *
 * An intermediate driver may ask on with the buffer that it got: the next one has it in view 3.
 */
#include "verify/hand.h"

#include "ndis/stack/module.h"

#define AT_FIRST AT_LAYERS
#define AT_NEXT  (AT_LAYERS + 1u)

/* BytesWritten or BytesRead, and BytesNeeded, as the miniport has them. */
struct counts {
    ULONG done, needed;
};

/* What a miniport has, by its module: where, how much, by which OID, and its counts. */
static struct place *
note(struct verify *verify, const struct gate_call *call)
{
    struct place *place = place_make(verify, call->module, PLACE_QUERY, call->handler->name);

    if (!place)
        return NULL;
    place->who = NULL;
    place->hash = (ULONG)call->args[3];
    place->status = (NDIS_STATUS)call->args[1];
    place->chain = 0;
    place->busy = true;
    return place;
}

static bool
buffer_moves(struct verify *verify, const struct gate_call *call)
{
    const void *buffer = (const void *)call->args[2];

    return (ULONG)call->args[3] &&
           moves_whole(verify->machine->arena, buffer, (ULONG)call->args[3]) &&
           arena_view_of(verify->machine->arena, buffer) < AT_NEXT;
}

static void
lend_counts(struct verify *verify, struct gate_call *call, struct place *place)
{
    struct counts *counts = hand_show(verify, sizeof(*counts), AT_FIRST);

    if (!counts)
        return;
    place->chain = (uintptr_t)counts;
    counts->done = *(const ULONG *)call->args[4];
    counts->needed = *(const ULONG *)call->args[5];
    call->args[4] = (uintptr_t)&counts->done;
    call->args[5] = (uintptr_t)&counts->needed;
}

static void give_back(struct verify *verify, const struct module *miniport, const char *what);

static void
arrive(struct verify *verify, struct gate_call *call)
{
    struct arena *arena = verify->machine->arena;
    void *buffer = (void *)call->args[2], *there;
    struct place *place;

    call->scratch[SCRATCH_CHAIN] = buffer;
    call->scratch[SCRATCH_HAND] = (void *)call->args[4];
    call->scratch[SCRATCH_NEEDED] = (void *)call->args[5];
    if (!verify->hands_over || !call->driver->image)
        return;
    give_back(verify, call->module, "MiniportReset"); /* who has answered the one before */
    place = note(verify, call);
    if (!place)
        return; /* nobody could tell who had it */
    lend_counts(verify, call, place);
    if (!buffer_moves(verify, call))
        return;
    there =
        arena_view(arena, buffer, arena_view_of(arena, buffer) < AT_LAYERS ? AT_FIRST : AT_NEXT);
    place->who = there;
    hand_open(verify, there, (ULONG)call->args[3]);
    call->args[2] = (uintptr_t)there;
}

/* What the miniport has counted. */
static void
take_counts(struct verify *verify, const struct module *miniport)
{
    const struct place *has = place_find(verify, miniport, PLACE_QUERY);
    const struct object *prefix = object_of(verify->machine, miniport, OBJECT_ADAPTER);
    const struct record *record = prefix ? prefix->record : NULL;
    const struct counts *counts = has && has->busy ? (const void *)has->chain : NULL;

    if (!counts || !record || !record->done)
        return;
    *record->done = counts->done;
    *record->needed = counts->needed;
}

static void
restore(struct verify *verify, struct gate_call *call)
{
    if (verify->hands_over && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        take_counts(verify, call->module);
    call->args[2] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
    call->args[4] = (uintptr_t)call->scratch[SCRATCH_HAND];
    call->args[5] = (uintptr_t)call->scratch[SCRATCH_NEEDED];
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    if (verify->hands_over)
        take_counts(verify, (const void *)call->args[0]);
}

/* Where he would touch it: told by that OID. */
static struct place *
note_answer(struct verify *verify, const struct place *has, const void *there, const char *what)
{
    unsigned view = arena_view_of(verify->machine->arena, there);
    struct place *place =
        place_make(verify, there, view == AT_NEXT ? PLACE_PASSED : PLACE_ANSWERED, what);

    if (!place)
        return NULL;
    fails(verify, RULE_TOUCH_ANSWERED, false);
    place->hash = has->hash;
    place->status = has->status;
    return place;
}

static void
give_back(struct verify *verify, const struct module *miniport, const char *what)
{
    struct place *has = place_find(verify, miniport, PLACE_QUERY);
    struct counts *counts;
    void *there;

    if (!verify->hands_over || !has || !has->busy)
        return;
    has->busy = false;
    there = (void *)has->who;
    counts = (void *)has->chain;
    if (counts)
        hand_shown(verify, counts, sizeof(*counts), note_answer(verify, has, counts, what));
    if (there && note_answer(verify, has, there, what))
        hand_close(verify, there, has->hash);
}

static void
arrived(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        give_back(verify, call->module, call->handler->name);
}

static void
answer(struct verify *verify, struct gate_call *call)
{
    give_back(verify, (const void *)call->args[0], call->import->name);
}

const struct check hand_query_first_imports[] = {
    {"NdisMQueryInformationComplete", completes, NULL},
    {"NdisMSetInformationComplete", completes, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_query_imports[] = {
    {"NdisMQueryInformationComplete", answer, NULL},
    {"NdisMSetInformationComplete", answer, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_query_first_handlers[] = {
    {"MiniportQueryInformation", NULL, restore},
    {"MiniportSetInformation", NULL, restore},
    {NULL, NULL, NULL},
};

const struct check hand_query_handlers[] = {
    {"MiniportQueryInformation", arrive, arrived},
    {"MiniportSetInformation", arrive, arrived},
    {NULL, NULL, NULL},
};
