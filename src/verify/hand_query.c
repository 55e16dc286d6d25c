/* SPDX-License-Identifier: MIT */
/* Hand-over of what a miniport of NDIS 5 is asked with: it gets no request, but the buffer of one.
 *
 *     MiniportQueryInformation, MiniportSetInformation   the buffer as it is -> 2, open to it
 *     a final answer, NdisMQueryInformationComplete ...  closed to it
 *
 * An intermediate driver may ask on with the buffer that it got: the next one has it in view 3. Where
 * the answer's counts go keeps its address.
 */
#include "verify/hand.h"

#include "ndis/stack/module.h"

#define AT_FIRST AT_LAYERS
#define AT_NEXT  (AT_LAYERS + 1u)

/* What a miniport has, by its module: where, how much, and by which OID. */
static struct place *
note(struct verify *verify, const struct gate_call *call, void *there)
{
    struct place *place = place_make(verify, call->module, PLACE_QUERY, call->handler->name);

    if (!place)
        return NULL;
    place->who = there;
    place->hash = (ULONG)call->args[3];
    place->status = (NDIS_STATUS)call->args[1];
    place->busy = true;
    return place;
}

static void
arrive(struct verify *verify, struct gate_call *call)
{
    struct arena *arena = verify->machine->arena;
    void *buffer = (void *)call->args[2], *there;
    unsigned view = arena_view_of(arena, buffer);

    call->scratch[SCRATCH_CHAIN] = buffer;
    if (!verify->hands_over || !call->driver->image || !(ULONG)call->args[3] ||
        !moves(arena, buffer) || view >= AT_NEXT)
        return;
    there = arena_view(arena, buffer, view < AT_LAYERS ? AT_FIRST : AT_NEXT);
    if (!note(verify, call, there))
        return; /* nobody could tell who had it */
    hand_open(verify, there, (ULONG)call->args[3]);
    call->args[2] = (uintptr_t)there;
}

static void
restore(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->args[2] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
}

static void
give_back(struct verify *verify, const struct module *miniport, const char *what)
{
    struct place *has = place_find(verify, miniport, PLACE_QUERY), *place;
    void *there;

    if (!verify->hands_over || !has || !has->busy)
        return;
    has->busy = false;
    there = (void *)has->who;
    place = place_make(verify, there,
        arena_view_of(verify->machine->arena, there) == AT_NEXT ? PLACE_PASSED : PLACE_ANSWERED,
        what);
    if (!place)
        return;
    fails(verify, RULE_TOUCH_ANSWERED, false);
    place->hash = has->hash;
    place->status = has->status;
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
