/* SPDX-License-Identifier: MIT */
/* Checks of what travels on VCs: as sends and receives, but handles are VCs and no layer stands
 * between the user of a VC and its miniport.
 *
 *     NdisCoSendNetBufferLists -> MiniportCoSendNetBufferLists
 *     ProtocolCoSendNetBufferListsComplete <- NdisMCoSendNetBufferListsComplete
 *     NdisMCoIndicateReceiveNetBufferLists -> ProtocolCoReceiveNetBufferLists -> receive.c
 */
#include "ndis/connection/connection.h"
#include "verify/check.h"

static PNET_BUFFER_LIST
chain_of(const struct gate_call *call)
{
    return (PNET_BUFFER_LIST)call->args[1];
}

/* The VC behind the first argument; the core itself stops at what is none. */
static const struct co_vc *
vc_of(const struct verify *verify, const struct gate_call *call)
{
    void *handle = (void *)call->args[0];

    return object_of(verify->machine, handle, OBJECT_VC) ? handle : NULL;
}

static struct record *
record_of(struct verify *verify, PNET_BUFFER_LIST nbl)
{
    struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);

    return prefix ? prefix->record : NULL;
}

static void
give(struct verify *verify, struct gate_call *call, const struct module *from, bool up)
{
    enum rule_name flight = up ? RULE_RECV_IN_FLIGHT : RULE_SEND_IN_FLIGHT;
    enum rule_name source = up ? RULE_RECV_SOURCE_M : RULE_SEND_SOURCE_P;

    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = nbl_record(verify, call, nbl);

        if (!record)
            continue;
        if (fails(verify, flight, record->now.state != SEAT_HELD))
            broken(verify, flight, call, NULL, record, "given away here",
                "%s passed on NBL %u, which it does not have", call->driver->name, record->id);
        else if (fails(verify, source, nbl->SourceHandle != (NDIS_HANDLE)call->args[0]))
            broken(verify, source, call, NULL, record, "last seen here",
                "%s passed NBL %u to a VC with a SourceHandle that is another", call->driver->name,
                record->id);
        record_move(verify, record, call->import->name);
        nbl_lend(record, from, up);
    }
}

static void
send(struct verify *verify, struct gate_call *call)
{
    const struct co_vc *vc = vc_of(verify, call);

    if (!vc || !chain_count(verify, call, chain_of(call)))
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[2]);
    check_no_lock(verify, call, RULE_LOCK_ACROSS);
    give(verify, call, vc->user, false);
}

static void
complete_one(struct verify *verify, const struct gate_call *call, const struct co_vc *vc,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    NDIS_STATUS status = NET_BUFFER_LIST_STATUS(nbl);
    bool owed = record->now.state == SEAT_SEND && record->now.who == vc->miniport;

    if (fails(verify, RULE_SEND_ONCE, !owed))
        broken(verify, RULE_SEND_ONCE, call, NULL, record, "given away here",
            "%s completed NBL %u, which it does not have: completed before, or never sent to it",
            call->driver->name, record->id);
    else if (fails(verify, RULE_SEND_STATUS_FINAL, status == NDIS_STATUS_PENDING))
        broken(verify, RULE_SEND_STATUS_FINAL, call, NULL, record, "received here",
            "%s completed NBL %u with NDIS_STATUS_PENDING", call->driver->name, record->id);
    else if (fails(verify, RULE_SEND_NBS, nbl_list_hash(nbl) != record->now.list))
        broken(verify, RULE_SEND_NBS, call, NULL, record, "received here",
            "%s completed NBL %u with other NET_BUFFERs on it than it got", call->driver->name,
            record->id);
    record_move(verify, record, call->import->name);
    record->now = (struct seat){.state = SEAT_TRANSIT};
}

static void
complete(struct verify *verify, struct gate_call *call)
{
    const struct co_vc *vc = vc_of(verify, call);

    if (!vc || !chain_count(verify, call, chain_of(call)))
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[2]);
    check_no_lock(verify, call, RULE_LOCK_ACROSS);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = nbl_record(verify, call, nbl);

        if (record && !record->lost)
            complete_one(verify, call, vc, record, nbl);
    }
}

static void
indicate(struct verify *verify, struct gate_call *call)
{
    const struct co_vc *vc = vc_of(verify, call);
    unsigned count = vc ? chain_count(verify, call, chain_of(call)) : 0;

    call->scratch[0] = count ? vc->miniport : NULL;
    if (!count)
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[3]);
    check_no_lock(verify, call, RULE_RECV_LOCK);
    if (fails(verify, RULE_RECV_NUMBER, (ULONG)call->args[2] != count))
        broken(verify, RULE_RECV_NUMBER, call, NULL, NULL, NULL,
            "%s indicated a chain of %u NBLs and said %u", call->driver->name, count,
            (ULONG)call->args[2]);
    give(verify, call, vc->miniport, true);
}

/* With RESOURCES the chain is the indicator's again. */
static void
indicated(struct verify *verify, struct gate_call *call)
{
    if (!call->scratch[0] || !(call->args[3] & NDIS_RECEIVE_FLAGS_RESOURCES))
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = record_of(verify, nbl);

        if (record)
            nbl_come_back(verify, record, call->scratch[0]);
    }
}

static void
arrive(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST chain,
    enum seat_state state)
{
    for (; chain; chain = chain->Next) {
        struct record *record = record_of(verify, chain);

        if (!record)
            continue;
        record_move(verify, record, call->handler->name);
        nbl_arrive(record, chain, call->module, state);
    }
}

static void
sent(struct verify *verify, struct gate_call *call)
{
    arrive(verify, call, chain_of(call), SEAT_SEND);
}

static void
received(struct verify *verify, struct gate_call *call)
{
    arrive(verify, call, (PNET_BUFFER_LIST)call->args[2],
        call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES ? SEAT_LENT : SEAT_RECEIVE);
}

static void
comes_back(struct verify *verify, struct gate_call *call)
{
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = record_of(verify, nbl);

        if (!record)
            continue;
        record_move(verify, record, call->handler->name);
        nbl_come_back(verify, record, call->module);
    }
}

const struct check connection_imports[] = {
    {"NdisCoSendNetBufferLists", send, NULL},
    {"NdisMCoSendNetBufferListsComplete", complete, NULL},
    {"NdisMCoIndicateReceiveNetBufferLists", indicate, indicated},
    {NULL, NULL, NULL},
};

const struct check connection_handlers[] = {
    {"MiniportCoSendNetBufferLists", sent, NULL},
    {"ProtocolCoSendNetBufferListsComplete", comes_back, NULL},
    {"ProtocolCoReceiveNetBufferLists", received, NULL},
    {NULL, NULL, NULL},
};
