/* SPDX-License-Identifier: MIT */
/* Checks of sends and their completions. */
#include "verify/check.h"

/* What the Status of a send is until somebody sets it; no NDIS_STATUS. */
#define STATUS_UNSET ((NDIS_STATUS)0xC1D5A7E0)

static PNET_BUFFER_LIST
chain_of(const struct gate_call *call)
{
    return (PNET_BUFFER_LIST)call->args[1];
}

/* A driver sends an NBL of its own. */
static void
check_origin(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool filter = from->kind == MODULE_FILTER;
    enum rule_name source = filter ? RULE_SEND_SOURCE_F : RULE_SEND_SOURCE_P;
    enum rule_name state = filter ? RULE_SEND_STATE_F : RULE_SEND_STATE_P;
    bool closed = from->state <= MODULE_PAUSED || from->state == MODULE_DETACHING;

    if (fails(verify, source, nbl->SourceHandle != (NDIS_HANDLE)from))
        broken(verify, source, call, NULL, record, "last seen here",
            "%s sent NBL %u of its own with a SourceHandle that is not its handle",
            call->driver->name, record->id);
    if (fails(verify, state, closed))
        broken(verify, state, call, NULL, record, "last seen here",
            "%s sent NBL %u of its own while its %s is %s", call->driver->name, record->id,
            module_kind_name(from->kind), module_state_name(from->state));
}

static void
send_one(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool mine = record->now.who == from;

    if (record->now.state == SEAT_HELD) {
        check_origin(verify, call, from, record, nbl);
    } else if (record->now.state == SEAT_SEND && mine) {
        if (fails(verify, RULE_SEND_SOURCE_F, nbl->SourceHandle != record->now.source))
            broken(verify, RULE_SEND_SOURCE_F, call, NULL, record, "received here",
                "%s changed the SourceHandle of NBL %u, which it passes on", call->driver->name,
                record->id);
    } else if (fails(verify, RULE_SEND_IN_FLIGHT, record->now.state == SEAT_TRANSIT || !mine)) {
        broken(verify, RULE_SEND_IN_FLIGHT, call, NULL, record, "given away here",
            "%s sent NBL %u, which is in flight already", call->driver->name, record->id);
    }
    record_move(verify, record, call->import->name);
    nbl_lend(record, from, false);
}

static void
send(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *from = module_of_call(verify, call, kind);

    if (!from || !chain_count(verify, call, chain_of(call)))
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[3]);
    check_no_lock(verify, call, RULE_LOCK_ACROSS);
    if (kind == MODULE_FILTER && fails(verify, RULE_SEND_HANDLER, !from->path.send_complete))
        broken(verify, RULE_SEND_HANDLER, call, NULL, NULL, NULL,
            "%s sends, but has no FilterSendNetBufferListsComplete", call->driver->name);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl->Next)
        send_one(verify, call, from, nbl_record(verify, call, nbl), nbl);
}

static void
protocol_send(struct verify *verify, struct gate_call *call)
{
    send(verify, call, MODULE_BINDING);
}

static void
filter_send(struct verify *verify, struct gate_call *call)
{
    send(verify, call, MODULE_FILTER);
}

/* What @from completes must be as it got it. */
static void
check_content(struct verify *verify, const struct gate_call *call, const struct record *record,
    PNET_BUFFER_LIST nbl)
{
    NDIS_STATUS status = NET_BUFFER_LIST_STATUS(nbl);
    bool other_list = nbl_list_hash(nbl) != record->now.list;

    if (fails(verify, RULE_SEND_STATUS_SET, status == STATUS_UNSET))
        broken(verify, RULE_SEND_STATUS_SET, call, NULL, record, "received here",
            "%s completed NBL %u without setting its Status", call->driver->name, record->id);
    if (fails(verify, RULE_SEND_STATUS_FINAL, status == NDIS_STATUS_PENDING))
        broken(verify, RULE_SEND_STATUS_FINAL, call, NULL, record, "received here",
            "%s completed NBL %u with NDIS_STATUS_PENDING", call->driver->name, record->id);
    if (fails(verify, RULE_SEND_NBS, other_list))
        broken(verify, RULE_SEND_NBS, call, NULL, record, "received here",
            "%s completed NBL %u with other NET_BUFFERs on it than it got", call->driver->name,
            record->id);
    else if (fails(verify, RULE_SEND_LAYOUT, nbl_layout_hash(nbl) != record->now.layout))
        broken(verify, RULE_SEND_LAYOUT, call, NULL, record, "received here",
            "%s completed NBL %u with its MDLs or data start not as it got them",
            call->driver->name, record->id);
}

static void
complete_one(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool owed = record->now.state == SEAT_SEND && record->now.who == from;
    bool own = from->kind == MODULE_FILTER && record->now.state == SEAT_HELD &&
               record->maker == from->driver;

    if (fails(verify, RULE_SEND_OWN, own))
        broken(verify, RULE_SEND_OWN, call, NULL, record, "last seen here",
            "%s passed up the completion of NBL %u, which it made itself", call->driver->name,
            record->id);
    else if (fails(verify, RULE_SEND_ONCE, !owed))
        broken(verify, RULE_SEND_ONCE, call, NULL, record, "given away here",
            "%s completed NBL %u, which it does not have: completed before, or never sent to it",
            call->driver->name, record->id);
    else
        check_content(verify, call, record, nbl);
    record_move(verify, record, call->import->name);
    record->now = (struct seat){.state = SEAT_TRANSIT};
}

static void
complete(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *from = module_of_call(verify, call, kind);

    if (!from || !chain_count(verify, call, chain_of(call)))
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[2]);
    check_no_lock(verify, call, RULE_LOCK_ACROSS);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl->Next) {
        struct record *record = nbl_record(verify, call, nbl);

        if (!record->lost)
            complete_one(verify, call, from, record, nbl);
    }
}

static void
filter_complete(struct verify *verify, struct gate_call *call)
{
    complete(verify, call, MODULE_FILTER);
}

static void
miniport_complete(struct verify *verify, struct gate_call *call)
{
    complete(verify, call, MODULE_MINIPORT);
}

static struct record *
record_of(struct verify *verify, PNET_BUFFER_LIST nbl)
{
    struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);

    return prefix ? prefix->record : NULL;
}

/* A send handler is about to be called. */
static void
arrives(struct verify *verify, struct gate_call *call)
{
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl->Next) {
        struct record *record = record_of(verify, nbl);

        NET_BUFFER_LIST_STATUS(nbl) = STATUS_UNSET;
        if (!record)
            continue;
        record_move(verify, record, call->handler->name);
        nbl_arrive(record, nbl, call->module, SEAT_SEND);
    }
}

static void
comes_back(struct verify *verify, struct gate_call *call)
{
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl->Next) {
        struct record *record = record_of(verify, nbl);

        if (!record)
            continue;
        record_move(verify, record, call->handler->name);
        nbl_come_back(record, call->module);
    }
}

const struct check send_imports[] = {
    {"NdisSendNetBufferLists", protocol_send, NULL},
    {"NdisFSendNetBufferLists", filter_send, NULL},
    {"NdisFSendNetBufferListsComplete", filter_complete, NULL},
    {"NdisMSendNetBufferListsComplete", miniport_complete, NULL},
    {NULL, NULL, NULL},
};

const struct check send_handlers[] = {
    {"FilterSendNetBufferLists", arrives, NULL},
    {"MiniportSendNetBufferLists", arrives, NULL},
    {"FilterSendNetBufferListsComplete", comes_back, NULL},
    {"ProtocolSendNetBufferListsComplete", comes_back, NULL},
    {NULL, NULL, NULL},
};
