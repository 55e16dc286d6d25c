/* SPDX-License-Identifier: MIT */
/* Checks of sends and their completions. */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

/* What the Status of a send is until somebody sets it; no NDIS_STATUS. */
#define STATUS_UNSET ((NDIS_STATUS)0xC1D5A7E0)

#define ETHERNET_HEADER 14u
#define VLAN_TAG        4u

static PNET_BUFFER_LIST
chain_of(const struct gate_call *call)
{
    return (PNET_BUFFER_LIST)call->args[1];
}

/* What Ethernet asks of a frame: its header in one MDL, and no more data than the medium takes. */
static void
check_frames(struct verify *verify, const struct gate_call *call, const struct adapter *adapter,
    const struct record *record, PNET_BUFFER_LIST nbl)
{
    bool large = NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo) != NULL;
    uint64_t max = (uint64_t)adapter->general.MtuSize + ETHERNET_HEADER + VLAN_TAG;

    if (!adapter->has_general || adapter->general.MediaType != NdisMedium802_3)
        return;
    for (const NET_BUFFER *nb = nbl_first(nbl); nb; nb = nb_next(nb)) {
        ULONG whole = nb->DataLength < ETHERNET_HEADER ? nb->DataLength : ETHERNET_HEADER;
        const MDL *mdl = nb_current(nb);
        bool split = mdl && mdl->ByteCount != nb->CurrentMdlOffset &&
                     mdl->ByteCount - nb->CurrentMdlOffset < whole;

        if (fails(verify, RULE_SEND_HEADER, split))
            broken(verify, RULE_SEND_HEADER, call, NULL, record, "last seen here",
                "%s sent NBL %u with an Ethernet header that lies in two MDLs", call->driver->name,
                record->id);
        if (fails(verify, RULE_SEND_SIZE, !large && nb->DataLength > max))
            broken(verify, RULE_SEND_SIZE, call, NULL, record, "last seen here",
                "%s sent NBL %u with a frame of %u bytes; %s takes %llu", call->driver->name,
                record->id, nb->DataLength, adapter->name, (unsigned long long)max);
    }
}

/* A driver sends an NBL of its own, or an intermediate driver one from its upper edge. */
static void
check_origin(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool filter = from->kind == MODULE_FILTER;
    enum rule_name source = filter ? RULE_SEND_SOURCE_F : RULE_SEND_SOURCE_P;
    enum rule_name state = !filter                           ? RULE_SEND_STATE_P
                           : from->state == MODULE_ATTACHING ? RULE_ATTACH_IO
                                                             : RULE_SEND_STATE_F;
    bool closed = from->state <= MODULE_PAUSED || from->state == MODULE_DETACHING;

    if (fails(verify, source, nbl->SourceHandle != (NDIS_HANDLE)from))
        broken(verify, source, call, NULL, record, "last seen here",
            "%s sent NBL %u of its own with a SourceHandle that is not its handle",
            call->driver->name, record->id);
    if (fails(verify, state, closed))
        broken(verify, state, call, NULL, record, "last seen here",
            "%s sent NBL %u of its own while its %s is %s", call->driver->name, record->id,
            module_kind_name(from->kind), module_state_name(from->state));
    check_frames(verify, call, from->adapter, record, nbl);
}

static void
send_one(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool mine = record->now.who == from;
    enum rule_name twice = nbl == chain_of(call) ? RULE_SEND_IN_FLIGHT : RULE_NBL_TWO_LISTS;

    if (record->now.state == SEAT_HELD || nbl_crosses(record, from)) {
        check_origin(verify, call, from, record, nbl);
    } else if (record->now.state == SEAT_SEND && mine) {
        if (fails(verify, RULE_SEND_SOURCE_F, nbl->SourceHandle != record->now.source))
            broken(verify, RULE_SEND_SOURCE_F, call, NULL, record, "received here",
                "%s changed the SourceHandle of NBL %u, which it passes on", call->driver->name,
                record->id);
        check_fields(verify, call, from, record, nbl);
    } else if (fails(verify, twice, record->now.state == SEAT_TRANSIT || !mine)) {
        broken(verify, twice, call, NULL, record, "given away here",
            nbl == chain_of(call) ? "%s sent NBL %u, which is in flight already"
                                  : "%s sent a chain with NBL %u, which is in flight in another",
            call->driver->name, record->id);
    }
    check_layout(verify, call, record, nbl);
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
    if (kind == MODULE_FILTER && from->state != MODULE_ATTACHING &&
        fails(verify, RULE_SEND_HANDLER, !from->path.send_complete))
        broken(verify, RULE_SEND_HANDLER, call, NULL, NULL, NULL,
            "%s sends, but has no FilterSendNetBufferListsComplete", call->driver->name);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl))
        send_one(verify, call, from, nbl_record(verify, call, nbl), nbl);
}

static void
protocol_send(struct verify *verify, struct gate_call *call)
{
    send(verify, call, MODULE_BINDING);
}

static void
cancel_send(struct verify *verify, struct gate_call *call)
{
    module_of_call_for(verify, call, MODULE_BINDING, RULE_CANCEL_BINDING);
}

static void
filter_send(struct verify *verify, struct gate_call *call)
{
    send(verify, call, MODULE_FILTER);
}

/* Nobody may have a clone of what comes back. */
static void
check_children(struct verify *verify, const struct gate_call *call, const struct record *record,
    PNET_BUFFER_LIST nbl)
{
    if (fails(verify, RULE_SEND_PARENT, record->children != 0))
        broken(verify, RULE_SEND_PARENT, call, NULL, record, "received here",
            "%s completed NBL %u, of which %u clones are left", call->driver->name, record->id,
            record->children);
    else if (fails(verify, RULE_SEND_CHILDREN, nbl->ChildRefCount != 0))
        broken(verify, RULE_SEND_CHILDREN, call, NULL, record, "received here",
            "%s completed NBL %u with a ChildRefCount of %d", call->driver->name, record->id,
            (int)nbl->ChildRefCount);
}

/* What @from completes must be as it got it. */
static void
check_content(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl)
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
    check_data(verify, call, RULE_SEND_DATA, record, nbl);
    check_fields(verify, call, from, record, nbl);
    check_children(verify, call, record, nbl);
    if (fails(verify, RULE_SEND_REQUEUE,
            from->kind == MODULE_MINIPORT && from->state == MODULE_RUNNING &&
                status == NDIS_STATUS_RESOURCES && !verify->faults))
        broken(verify, RULE_SEND_REQUEUE, call, NULL, record, "received here",
            "%s completed NBL %u with NDIS_STATUS_RESOURCES instead of queueing it",
            call->driver->name, record->id);
}

/* One that @from has had for longer and still has; NULL when @record is its oldest of that
 * priority. */
static const struct record *
overtaken(struct verify *verify, const struct module *from, const struct record *record)
{
    const void *priority = NET_BUFFER_LIST_INFO(nbl_of(verify, record), Ieee8021QNetBufferListInfo);

    record_for_each(&verify->live, other)
    {
        if (other->kind == OBJECT_NBL && other->now.state == SEAT_SEND && other->now.who == from &&
            other->turn < record->turn &&
            NET_BUFFER_LIST_INFO(nbl_of(verify, other), Ieee8021QNetBufferListInfo) == priority)
            return other;
    }
    return NULL;
}

/* The Compact 2013 profile asks miniports to complete in the order of the protocol. */
static void
check_order(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record)
{
    const struct record *older;

    if (!verify->machine->profile_ce || from->kind != MODULE_MINIPORT)
        return;
    older = overtaken(verify, from, record);
    if (fails(verify, RULE_SEND_ORDER, older != NULL))
        broken(verify, RULE_SEND_ORDER, call, NULL, older, "the other one was received here",
            "%s completed NBL %u before NBL %u, which it got earlier", call->driver->name,
            record->id, older->id);
}

static void
complete_one(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool owed = record->now.state == SEAT_SEND && record->now.who == from;
    bool own = from->kind == MODULE_FILTER && record->now.state == SEAT_HELD &&
               record->maker == from->driver;
    bool head = nbl == chain_of(call);

    if (fails(verify, RULE_SEND_OWN, own))
        broken(verify, RULE_SEND_OWN, call, NULL, record, "last seen here",
            "%s passed up the completion of NBL %u, which it made itself", call->driver->name,
            record->id);
    else if (fails(verify, RULE_NBL_NEXT, !owed && head && record->followed))
        broken(verify, RULE_NBL_NEXT, call, NULL, record, "given away here",
            "%s completed NBL %u, which went with the one before it, whose Next was not cleared",
            call->driver->name, record->id);
    else if (fails(verify, RULE_SEND_ONCE, !owed))
        broken(verify, RULE_SEND_ONCE, call, NULL, record, "given away here",
            "%s completed NBL %u, which it does not have: completed before, or never sent to it",
            call->driver->name, record->id);
    else {
        check_content(verify, call, from, record, nbl);
        check_order(verify, call, from, record);
    }
    record_move(verify, record, call->import->name);
    if (from->kind == MODULE_MINIPORT && module_record(from))
        module_record(from)->completed = record_last(record)->time;
    record->now = (struct seat){.state = SEAT_TRANSIT};
    record->followed = !head;
}

static void
complete(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *from = module_of_call(verify, call, kind);

    if (!from || !chain_count(verify, call, chain_of(call)))
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[2]);
    check_no_lock(verify, call, RULE_LOCK_ACROSS);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
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
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = record_of(verify, nbl);

        NET_BUFFER_LIST_STATUS(nbl) = STATUS_UNSET;
        if (!record)
            continue;
        record_move(verify, record, call->handler->name);
        nbl_arrive(record, nbl, call->module, SEAT_SEND);
        record->turn = ++verify->turns;
    }
}

/* A filter that keeps sends must be able to give them up. Completed on another processor it may be
 * there again already: another turn. */
static void
kept(struct verify *verify, struct gate_call *call)
{
    const struct module *filter = call->module;
    const struct record *first = call->scratch[0];
    bool keeps = first && first->live && first->turn == (uintptr_t)call->scratch[1] &&
                 first->now.who == filter && first->now.state == SEAT_SEND;

    if (fails(verify, RULE_SEND_CANCEL, keeps && !filter->path.cancel_send))
        broken(verify, RULE_SEND_CANCEL, call, NULL, first, "received here",
            "%s keeps NBL %u, but has no FilterCancelSendNetBufferLists", call->driver->name,
            first->id);
}

static void
filter_gets(struct verify *verify, struct gate_call *call)
{
    struct record *first = record_of(verify, chain_of(call));

    arrives(verify, call);
    call->scratch[0] = first;
    call->scratch[1] = (void *)(uintptr_t)(first ? first->turn : 0);
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

const struct check send_imports[] = {
    {"NdisSendNetBufferLists", protocol_send, NULL},
    {"NdisCancelSendNetBufferLists", cancel_send, NULL},
    {"NdisFSendNetBufferLists", filter_send, NULL},
    {"NdisFSendNetBufferListsComplete", filter_complete, NULL},
    {"NdisMSendNetBufferListsComplete", miniport_complete, NULL},
    {NULL, NULL, NULL},
};

const struct check send_handlers[] = {
    {"FilterSendNetBufferLists", filter_gets, kept},
    {"MiniportSendNetBufferLists", arrives, NULL},
    {"FilterSendNetBufferListsComplete", comes_back, NULL},
    {"ProtocolSendNetBufferListsComplete", comes_back, NULL},
    {NULL, NULL, NULL},
};
