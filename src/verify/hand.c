/* SPDX-License-Identifier: MIT */
/* Hand-over by re-addressing: each layer sees a chain at an address of its own.
 *
 *     view 0     where its maker has it       0x7ea0........
 *     view 1     where undis has it           the same + 8 GiB, never closed
 *     view 2..   where the first, second, ... layer has it
 *
 * All views are mappings of the same bytes, so nothing is copied: what moves is the addresses. When
 * an NBL crosses, the links in it, in its NET_BUFFERs, its MDLs and the address of its data are
 * written anew, the view of who gave it is closed and that of who takes it is opened. A layer gets
 * everything back at the address at which it gave it away: an NBL's seats remember its own, parts
 * those of what hangs on it (hand_part.c).
 *
 *     driver --Ndis*Send--> give: to view 1 --> arrive: to the taker's --> its handler
 *     driver --Ndis*Complete--> give back: to view 1 --> come back: to who lent it --> its handler
 *
 * What several NBLs share moves with the one that had it first, and stays while that has clones.
 * What does not lie in blocks of the arena (a driver's globals, stacks) keeps its address.
 */
#include "verify/hand.h"

#include "ndis/packet/pool.h"

void *
body_of(const struct verify *verify, const struct record *record)
{
    return verify->hands_over && arena_owns(verify->machine->arena, record->body)
               ? arena_view(verify->machine->arena, record->body, AT_UNDIS)
               : record->body;
}

PNET_BUFFER_LIST
nbl_of(const struct verify *verify, const struct record *record)
{
    return body_of(verify, record);
}

/* Contexts are never closed: they have an address because calls compare it. */
static void
move_context(const struct crossing *x, PNET_BUFFER_LIST nbl, const struct seat *seat)
{
    void *was = nbl->Context;

    if (!moves(x->arena, was))
        return;
    nbl->Context = arena_view(x->arena, was, x->view);
    if (x->way == COME_BACK && seat->context &&
        arena_home(x->arena, seat->context) == arena_home(x->arena, was))
        nbl->Context = seat->context;
    if (nbl->NdisReserved[1])
        nbl->NdisReserved[1] = arena_view(x->arena, nbl->NdisReserved[1], x->view);
}

static bool
of_undis(const NET_BUFFER_LIST *nbl)
{
    const struct packet_pool *pool = object_prefix(nbl)->home;

    return pool && pool->own;
}

/* Answers where the NBL is now. */
static PNET_BUFFER_LIST
cross(struct crossing *x, PNET_BUFFER_LIST nbl, const char *what)
{
    PNET_BUFFER_LIST there = arena_view(x->arena, nbl, AT_UNDIS);
    struct record *record = x->record;
    struct seat *seat = x->way == GIVE ? &record->below[record->seats - 1u] : &record->now;

    if (x->way == GIVE) {
        seat->view = (uint8_t)arena_view_of(x->arena, nbl);
        seat->context = there->Context;
    }
    x->giver = seat->view;
    x->holder = hand_holder(x->verify, record, there);
    if (x->holder && x->holder != record)
        record_move(x->verify, x->holder, what);
    move_context(x, there, seat);
    hand_move_nbs(x, there);
    nbl = hand_move(x, nbl, sizeof(*nbl), x->view, hand_close_nbl);
    if (x->view == 0 && record->seats == 0)
        hand_drop_parts(x->verify, record);
    return nbl;
}

/* What is to be done with @record's NBL on its way; false: it stays where it is. */
static bool
plan(struct crossing *x, const struct gate_call *call, const NET_BUFFER_LIST *nbl)
{
    const struct record *record = x->record;

    if (!record || record->lost || record->kind != OBJECT_NBL)
        return false;
    switch (x->way) {
    case GIVE: x->view = AT_UNDIS; return record->seats != 0;
    case GIVE_BACK:
        x->view = !record->seats && of_undis(nbl_of(x->verify, record)) ? 0 : AT_UNDIS;
        /* What came at its maker's address stays there. */
        return arena_view_of(x->arena, nbl) >= AT_LAYERS;
    case ARRIVE:
        x->view = hand_next_view(x->verify, record, arena_view(x->arena, nbl, AT_UNDIS));
        /* One that is linked into the program is not followed. */
        return call->driver->image != NULL &&
               (record->seats || of_undis(nbl_of(x->verify, record)));
    case COME_BACK:
        x->view = record->now.view;
        if (!call->driver->image && record->seats)
            x->view = AT_UNDIS;
        return true;
    }
    return false;
}

/* The chain that is argument @k of @call goes on; the call gets it at its new address. */
static void
cross_argument(struct verify *verify, struct gate_call *call, enum way way, unsigned k)
{
    PNET_BUFFER_LIST *link = (PNET_BUFFER_LIST *)&call->args[k], nbl = *link;
    const char *what = call->import ? call->import->name : call->handler->name;

    if (!verify->hands_over)
        return;
    if (call->import && way != COME_BACK)
        nbl = call->scratch[SCRATCH_CHAIN];
    for (unsigned n = 0; nbl && n < CHAIN_MAX; n++) {
        struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        struct crossing x = {.verify = verify,
            .arena = verify->machine->arena,
            .record = prefix ? prefix->record : NULL,
            .way = way};
        PNET_BUFFER_LIST there;

        if (!prefix)
            return;
        there = arena_view(x.arena, nbl, AT_UNDIS);
        *link = plan(&x, call, nbl) ? cross(&x, nbl, what) : nbl;
        if (call->import && way != COME_BACK)
            fails(verify, hand_rule(what), false);
        link = &there->Next;
        nbl = there->Next;
    }
}

static void
cross_chain(struct verify *verify, struct gate_call *call, enum way way)
{
    cross_argument(verify, call, way, 1);
}

/* Calls of drivers. What is closed to the driver is not to those who look what it does. */
static void
look(struct verify *verify, struct gate_call *call)
{
    void *chain = (void *)call->args[1];

    call->scratch[SCRATCH_CHAIN] = chain;
    if (verify->hands_over && moves(verify->machine->arena, chain))
        call->args[1] = (uintptr_t)arena_view(verify->machine->arena, chain, AT_UNDIS);
}

static void
give(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, GIVE);
}

static void
give_back(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, GIVE_BACK);
}

/* With RESOURCES the chain is the indicator's again. */
static void
indicated(struct verify *verify, struct gate_call *call)
{
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        cross_chain(verify, call, COME_BACK);
}

static void
indicated_on_vc(struct verify *verify, struct gate_call *call)
{
    if (call->args[3] & NDIS_RECEIVE_FLAGS_RESOURCES)
        cross_chain(verify, call, COME_BACK);
}

const struct check hand_first_imports[] = {
    {"NdisSendNetBufferLists", look, NULL},
    {"NdisFSendNetBufferLists", look, NULL},
    {"NdisMIndicateReceiveNetBufferLists", look, NULL},
    {"NdisFIndicateReceiveNetBufferLists", look, NULL},
    {"NdisFSendNetBufferListsComplete", look, NULL},
    {"NdisMSendNetBufferListsComplete", look, NULL},
    {"NdisReturnNetBufferLists", look, NULL},
    {"NdisFReturnNetBufferLists", look, NULL},
    {"NdisCoSendNetBufferLists", look, NULL},
    {"NdisMCoSendNetBufferListsComplete", look, NULL},
    {"NdisMCoIndicateReceiveNetBufferLists", look, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_imports[] = {
    {"NdisSendNetBufferLists", give, NULL},
    {"NdisFSendNetBufferLists", give, NULL},
    {"NdisMIndicateReceiveNetBufferLists", give, indicated},
    {"NdisFIndicateReceiveNetBufferLists", give, indicated},
    {"NdisFSendNetBufferListsComplete", give_back, NULL},
    {"NdisMSendNetBufferListsComplete", give_back, NULL},
    {"NdisReturnNetBufferLists", give_back, NULL},
    {"NdisFReturnNetBufferLists", give_back, NULL},
    {"NdisCoSendNetBufferLists", give, NULL},
    {"NdisMCoSendNetBufferListsComplete", give_back, NULL},
    {"NdisMCoIndicateReceiveNetBufferLists", give, indicated_on_vc},
    {NULL, NULL, NULL},
};

/* Handlers. */
static void
arrive(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, ARRIVE);
}

static void
come_back(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, COME_BACK);
}

static void
received(struct verify *verify, struct gate_call *call)
{
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        cross_chain(verify, call, GIVE_BACK);
}

static void
arrive_on_vc(struct verify *verify, struct gate_call *call)
{
    cross_argument(verify, call, ARRIVE, 2);
}

static void
received_on_vc(struct verify *verify, struct gate_call *call)
{
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        cross_argument(verify, call, GIVE_BACK, 2);
}

/* Before the ledger looks. */
const struct check hand_first_handlers[] = {
    {"FilterSendNetBufferLists", arrive, NULL},
    {"MiniportSendNetBufferLists", arrive, NULL},
    {"FilterReceiveNetBufferLists", arrive, NULL},
    {"ProtocolReceiveNetBufferLists", arrive, NULL},
    {"MiniportCoSendNetBufferLists", arrive, NULL},
    {"ProtocolCoReceiveNetBufferLists", arrive_on_vc, NULL},
    {NULL, NULL, NULL},
};

/* After it. */
const struct check hand_handlers[] = {
    {"FilterSendNetBufferListsComplete", come_back, NULL},
    {"ProtocolSendNetBufferListsComplete", come_back, NULL},
    {"FilterReturnNetBufferLists", come_back, NULL},
    {"MiniportReturnNetBufferLists", come_back, NULL},
    {"FilterReceiveNetBufferLists", NULL, received},
    {"ProtocolReceiveNetBufferLists", NULL, received},
    {"ProtocolCoSendNetBufferListsComplete", come_back, NULL},
    {"ProtocolCoReceiveNetBufferLists", NULL, received_on_vc},
    {NULL, NULL, NULL},
};

/* Objects that go. */
void
hand_forget(struct verify *verify, struct record *record)
{
    if (!verify->hands_over)
        return;
    hand_drop_parts(verify, record);
    hand_open(verify, record->body, sizeof(NET_BUFFER_LIST));
}

void
hand_forget_memory(struct verify *verify, struct object *object)
{
    if (verify->hands_over)
        hand_open(verify, object + 1, object->size);
}
