/* SPDX-License-Identifier: MIT */
/* Checks of receive indications and returns. */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

static PNET_BUFFER_LIST
chain_of(const struct gate_call *call)
{
    return (PNET_BUFFER_LIST)call->args[1];
}

static struct record *
record_of(struct verify *verify, PNET_BUFFER_LIST nbl)
{
    struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);

    return prefix ? prefix->record : NULL;
}

/* A chain's links, to see whether they are the same later. */
static uint64_t
chain_hash(PNET_BUFFER_LIST chain, unsigned count)
{
    uint64_t hash = count;

    for (; chain && count; chain = chain->Next, count--)
        hash = (hash ^ (uintptr_t)chain) * 0x9E3779B97F4A7C15ull;
    return hash + count + (chain != NULL);
}

static bool
was_lent(const struct record *record, const struct module *module)
{
    for (unsigned k = 0; k < LENT; k++)
        if (record->lent_to[k] == module)
            return true;
    return false;
}

/* @module gets it, with RESOURCES or for good. */
static void
note_lent(struct record *record, const struct module *module, bool lent)
{
    bool known = was_lent(record, module);

    for (unsigned k = 0; k < LENT && known != lent; k++) {
        if (record->lent_to[k] != (lent ? NULL : module))
            continue;
        record->lent_to[k] = lent ? module : NULL;
        return;
    }
}

static void
check_origin(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl)
{
    bool filter = from->kind == MODULE_FILTER;
    enum rule_name source = filter ? RULE_RECV_SOURCE_F : RULE_RECV_SOURCE_M;
    enum rule_name opened = from->state == MODULE_ATTACHING ? RULE_RECV_INIT : RULE_RECV_STATE_M;
    enum rule_name state = !filter                           ? opened
                           : from->state == MODULE_ATTACHING ? RULE_ATTACH_IO
                                                             : RULE_RECV_STATE_F;
    bool closed = from->state <= MODULE_PAUSED || from->state == MODULE_DETACHING;
    const NET_BUFFER *nb = nbl_first(nbl);

    if (fails(verify, source, nbl->SourceHandle != (NDIS_HANDLE)from))
        broken(verify, source, call, NULL, record, "last seen here",
            "%s indicated NBL %u of its own with a SourceHandle that is not its handle",
            call->driver->name, record->id);
    if (fails(verify, state, closed))
        broken(verify, state, call, NULL, record, "last seen here",
            "%s indicated NBL %u of its own while its %s is %s", call->driver->name, record->id,
            module_kind_name(from->kind), module_state_name(from->state));
    if (fails(verify, RULE_NBL_PARENT,
            nbl->ParentNetBufferList &&
                !object_of(verify->machine, nbl->ParentNetBufferList, OBJECT_NBL)))
        broken(verify, RULE_NBL_PARENT, call, NULL, record, "last seen here",
            "%s indicated NBL %u with a ParentNetBufferList that is no NBL", call->driver->name,
            record->id);
    if (filter && fails(verify, RULE_RECV_HANDLER, !from->path.give_back))
        broken(verify, RULE_RECV_HANDLER, call, NULL, record, "last seen here",
            "%s indicates NBLs of its own, but has no FilterReturnNetBufferLists",
            call->driver->name);
    if (fails(verify, RULE_RECV_ONE_NB, !nb || nb->Next))
        broken(verify, RULE_RECV_ONE_NB, call, NULL, record, "last seen here",
            "%s indicated NBL %u with %s NET_BUFFER", call->driver->name, record->id,
            nb ? "more than one" : "no");
    else if (fails(verify, RULE_RECV_INITIALISED, !nb->MdlChain))
        broken(verify, RULE_RECV_INITIALISED, call, NULL, record, "last seen here",
            "%s indicated NBL %u without an MDL", call->driver->name, record->id);
    else if (fails(verify, RULE_RECV_ONE_MDL,
                 from->registration->major == 6 && from->registration->minor == 0 &&
                     ((const MDL *)at_undis(nb->MdlChain))->Next))
        broken(verify, RULE_RECV_ONE_MDL, call, NULL, record, "last seen here",
            "%s, a driver for NDIS 6.0, indicated NBL %u with more than one MDL",
            call->driver->name, record->id);
}

/* What the flags say of all its NET_BUFFERs must go together. */
static void
check_split(struct verify *verify, const struct gate_call *call, const struct record *record,
    const NET_BUFFER_LIST *nbl)
{
    ULONG ip = nbl->Flags & (NDIS_NBL_FLAGS_IS_IPV4 | NDIS_NBL_FLAGS_IS_IPV6);
    ULONG upper = nbl->Flags & (NDIS_NBL_FLAGS_IS_TCP | NDIS_NBL_FLAGS_IS_UDP);
    ULONG at = nbl->Flags & (NDIS_NBL_FLAGS_SPLIT_AT_UPPER_LAYER_PROTOCOL_HEADER |
                                NDIS_NBL_FLAGS_SPLIT_AT_UPPER_LAYER_PROTOCOL_PAYLOAD);

    if (fails(verify, RULE_SPLIT_FLAGS,
            (ip & (ip - 1)) || (upper & (upper - 1)) || (at & (at - 1)) ||
                (at && !(nbl->Flags & NDIS_NBL_FLAGS_HD_SPLIT))))
        broken(verify, RULE_SPLIT_FLAGS, call, NULL, record, "last seen here",
            "%s indicated NBL %u with flags 0x%08X, which contradict each other",
            call->driver->name, record->id, nbl->Flags);
}

/* What NDIS tells protocols apart by must be the EtherType of the frame. */
static void
check_type(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl)
{
    uintptr_t said = (uintptr_t)NET_BUFFER_LIST_INFO(nbl, NetBufferListFrameType);
    const NET_BUFFER *nb = nbl_first(nbl);
    const MDL *mdl = nb ? nb_current(nb) : NULL;
    const unsigned char *frame;
    uint16_t type;

    if (!said || !mdl || !from->adapter->has_general ||
        from->adapter->general.MediaType != NdisMedium802_3 || nb->DataLength < 14 ||
        mdl->ByteCount - nb->CurrentMdlOffset < 14 || !mdl_is_mapped(mdl))
        return;
    frame = mdl_mapped(mdl) + nb->CurrentMdlOffset;
    memcpy(&type, frame + 12, sizeof(type));
    if (fails(verify, RULE_RECV_FRAME_TYPE, said != type))
        broken(verify, RULE_RECV_FRAME_TYPE, call, NULL, record, "last seen here",
            "%s indicated NBL %u as EtherType 0x%04X; the frame says 0x%04X", call->driver->name,
            record->id, RtlUshortByteSwap((uint16_t)said), RtlUshortByteSwap(type));
}

/* Indicated at its upper edge by an intermediate driver that got it at the lower one. */
static void
check_crossing(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl, bool resources)
{
    bool own = nbl->SourceHandle == (NDIS_HANDLE)from;

    if (fails(verify, RULE_RECV_SOURCE_M, !own && nbl->SourceHandle != record->now.source))
        broken(verify, RULE_RECV_SOURCE_M, call, NULL, record, "received here",
            "%s indicated NBL %u with a SourceHandle that is neither its adapter's nor the one it "
            "came with",
            call->driver->name, record->id);
    if (fails(verify, RULE_RECV_STATE_M, from->state <= MODULE_PAUSED))
        broken(verify, RULE_RECV_STATE_M, call, NULL, record, "received here",
            "%s indicated NBL %u while its adapter is %s", call->driver->name, record->id,
            module_state_name(from->state));
    if (fails(verify, RULE_RECV_LENT_FLAG, record->now.state == SEAT_LENT && !resources))
        broken(verify, RULE_RECV_LENT_FLAG, call, NULL, record, "received here",
            "%s got NBL %u with NDIS_RECEIVE_FLAGS_RESOURCES and passed it on without",
            call->driver->name, record->id);
}

/* Passed up by a filter that got it from below. */
static void
check_passed_on(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl, bool resources)
{
    if (fails(verify, RULE_RECV_SOURCE_F, nbl->SourceHandle != record->now.source))
        broken(verify, RULE_RECV_SOURCE_F, call, NULL, record, "received here",
            "%s changed the SourceHandle of NBL %u, which it passes on", call->driver->name,
            record->id);
    if (fails(verify, RULE_RECV_LENT_FLAG, record->now.state == SEAT_LENT && !resources))
        broken(verify, RULE_RECV_LENT_FLAG, call, NULL, record, "received here",
            "%s got NBL %u with NDIS_RECEIVE_FLAGS_RESOURCES and passed it on without",
            call->driver->name, record->id);
    check_fields(verify, call, from, record, nbl);
}

static void
indicate_one(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    bool resources = call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES;
    bool had = record->now.state == SEAT_RECEIVE || record->now.state == SEAT_LENT;
    bool mine = had && record->now.who == from;
    bool own = record->now.state == SEAT_HELD && record->maker == from->driver;

    if (nbl_crosses(record, from)) {
        check_crossing(verify, call, from, record, nbl, resources);
    } else if (mine) {
        check_passed_on(verify, call, from, record, nbl, resources);
    } else if (fails(verify, RULE_RECV_LENT_KEEP, !own && was_lent(record, from))) {
        broken(verify, RULE_RECV_LENT_KEEP, call, NULL, record, "last seen here",
            "%s kept NBL %u, which it got with NDIS_RECEIVE_FLAGS_RESOURCES, and indicates it",
            call->driver->name, record->id);
    } else if (record->now.state == SEAT_HELD) {
        memset(record->lent_to, 0, sizeof(record->lent_to));
        check_origin(verify, call, from, record, nbl);
        check_split(verify, call, record, nbl);
        if (from->kind == MODULE_MINIPORT)
            check_type(verify, call, from, record, nbl);
    } else if (fails(verify, RULE_RECV_IN_FLIGHT, true)) {
        broken(verify, RULE_RECV_IN_FLIGHT, call, NULL, record, "given away here",
            "%s indicated NBL %u, which it does not have", call->driver->name, record->id);
    }
    check_layout(verify, call, record, nbl);
    record_move(verify, record, call->import->name);
    nbl_lend(record, from, true);
}

/* The flag says that all have the same EtherType. */
static void
check_one_type(struct verify *verify, const struct gate_call *call)
{
    PNET_BUFFER_LIST chain = chain_of(call);
    const void *type = NET_BUFFER_LIST_INFO(chain, NetBufferListFrameType);
    bool same = true;

    if (!(call->args[4] & NDIS_RECEIVE_FLAGS_SINGLE_ETHER_TYPE))
        return;
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = nbl_next(nbl))
        same = same && NET_BUFFER_LIST_INFO(nbl, NetBufferListFrameType) == type;
    if (fails(verify, RULE_RECV_TYPE, !same))
        broken(verify, RULE_RECV_TYPE, call, NULL, record_of(verify, chain), "last seen here",
            "%s indicated NBLs of several EtherTypes with NDIS_RECEIVE_FLAGS_SINGLE_ETHER_TYPE",
            call->driver->name);
}

static void
indicate(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *from = module_of_call(verify, call, kind);
    ULONG said = (ULONG)call->args[3];
    unsigned count = from ? chain_count(verify, call, chain_of(call)) : 0;

    call->scratch[0] = NULL;
    if (!count)
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[4]);
    check_no_lock(verify, call, RULE_RECV_LOCK);
    if (fails(verify, RULE_RECV_NUMBER, said != count))
        broken(verify, RULE_RECV_NUMBER, call, NULL, NULL, NULL,
            "%s indicated a chain of %u NBLs and said %u", call->driver->name, count, said);
    check_one_type(verify, call);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl))
        indicate_one(verify, call, from, nbl_record(verify, call, nbl), nbl);
    call->scratch[0] = (void *)from;
}

static void
filter_indicate(struct verify *verify, struct gate_call *call)
{
    indicate(verify, call, MODULE_FILTER);
}

static void
miniport_indicate(struct verify *verify, struct gate_call *call)
{
    indicate(verify, call, MODULE_MINIPORT);
}

/* With RESOURCES the chain is the indicator's again. */
static void
indicated(struct verify *verify, struct gate_call *call)
{
    if (!call->scratch[0] || !(call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES))
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = record_of(verify, nbl);

        if (record)
            nbl_come_back(verify, record, call->scratch[0]);
    }
}

static enum rule_name
return_rule(const struct module *from, const struct record *record)
{
    bool binding = record->now.who && record->now.state == SEAT_RECEIVE &&
                   ((const struct module *)record->now.who)->kind == MODULE_BINDING;

    if ((record->now.state == SEAT_LENT && record->now.who == from) ||
        (was_lent(record, from) && record->now.who != from))
        return RULE_RECV_LENT_RETURN;
    if (record->now.state == SEAT_HELD && record->maker == from->driver &&
        from->kind == MODULE_FILTER)
        return RULE_RECV_OWN;
    if (binding && from->kind == MODULE_BINDING)
        return RULE_RECV_BINDING;
    return RULE_RECV_ONCE;
}

static const char *
return_text(enum rule_name rule)
{
    switch (rule) {
    case RULE_RECV_LENT_RETURN:
        return "%s returned NBL %u, which it got with NDIS_RECEIVE_FLAGS_RESOURCES";
    case RULE_RECV_OWN: return "%s passed NBL %u down as returned, but made it itself";
    case RULE_RECV_BINDING: return "%s returned NBL %u through a binding that did not get it";
    default:
        return "%s returned NBL %u, which it does not have: returned before, or never indicated";
    }
}

/* As it came, so that those below find what they gave away. */
static void
check_returned(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl)
{
    enum rule_name rule = from->kind == MODULE_FILTER ? RULE_RECV_UNDO : RULE_NBL_BALANCED;

    if (fails(verify, rule, nbl_layout_hash(nbl) != record->now.layout))
        broken(verify, rule, call, NULL, record, "received here",
            "%s returned NBL %u with its MDLs or data start not as it got them", call->driver->name,
            record->id);
    if (from->kind == MODULE_BINDING)
        check_data(verify, call, RULE_RECV_DATA, record, nbl);
    check_fields(verify, call, from, record, nbl);
}

static void
return_one(struct verify *verify, const struct gate_call *call, const struct module *from,
    struct record *record, PNET_BUFFER_LIST nbl)
{
    enum rule_name rule = return_rule(from, record);
    bool owed = record->now.state == SEAT_RECEIVE && record->now.who == from;

    if (fails(verify, owed ? RULE_RECV_ONCE : rule, !owed)) {
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wformat-nonliteral\"")
            broken(verify, rule, call, NULL, record, "given away here", return_text(rule),
                call->driver->name, record->id);
        _Pragma("GCC diagnostic pop")
    } else if (owed) {
        check_returned(verify, call, from, record, nbl);
    }
    record_move(verify, record, call->import->name);
    record->now = (struct seat){.state = SEAT_TRANSIT};
}

static void
give_back(struct verify *verify, struct gate_call *call, enum module_kind kind)
{
    const struct module *from = module_of_call(verify, call, kind);

    if (!from || !chain_count(verify, call, chain_of(call)))
        return;
    check_dispatch_flag(verify, call, (ULONG)call->args[2]);
    check_no_lock(verify, call, RULE_LOCK_ACROSS);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = nbl_record(verify, call, nbl);

        if (!record->lost)
            return_one(verify, call, from, record, nbl);
    }
}

static void
protocol_return(struct verify *verify, struct gate_call *call)
{
    give_back(verify, call, MODULE_BINDING);
}

static void
filter_return(struct verify *verify, struct gate_call *call)
{
    give_back(verify, call, MODULE_FILTER);
}

static void
count_receiving(const struct gate_call *call, int change)
{
    struct record *record = module_record(call->module);

    if (record)
        record->receiving += (uint32_t)change;
}

/* A receive handler is about to be called. */
static void
arrives(struct verify *verify, struct gate_call *call)
{
    bool lent = call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES;
    uint64_t hash = chain_hash(chain_of(call), (unsigned)call->args[3]);

    call->scratch[0] = (void *)(uintptr_t)hash;
    count_receiving(call, 1);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = record_of(verify, nbl);

        if (!record)
            continue;
        record_move(verify, record, call->handler->name);
        nbl_arrive(record, nbl, call->module, lent ? SEAT_LENT : SEAT_RECEIVE);
        note_lent(record, call->module, lent);
    }
}

/* After a handler that got a chain with RESOURCES. */
static void
arrived(struct verify *verify, struct gate_call *call)
{
    uint64_t hash;

    count_receiving(call, -1);
    if (!(call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES))
        return;
    hash = chain_hash(chain_of(call), (unsigned)call->args[3]);
    if (fails(verify, RULE_RECV_LENT_CHAIN, hash != (uintptr_t)call->scratch[0]))
        broken(verify, RULE_RECV_LENT_CHAIN, call, NULL, record_of(verify, chain_of(call)),
            "received here",
            "%s got a chain with NDIS_RECEIVE_FLAGS_RESOURCES and left it linked otherwise",
            call->driver->name);
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl; nbl = nbl_next(nbl)) {
        struct record *record = record_of(verify, nbl);

        if (record && record->now.who == call->module)
            record->now = (struct seat){.state = SEAT_TRANSIT};
    }
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

const struct check receive_imports[] = {
    {"NdisMIndicateReceiveNetBufferLists", miniport_indicate, indicated},
    {"NdisFIndicateReceiveNetBufferLists", filter_indicate, indicated},
    {"NdisReturnNetBufferLists", protocol_return, NULL},
    {"NdisFReturnNetBufferLists", filter_return, NULL},
    {NULL, NULL, NULL},
};

const struct check receive_handlers[] = {
    {"FilterReceiveNetBufferLists", arrives, arrived},
    {"ProtocolReceiveNetBufferLists", arrives, arrived},
    {"FilterReturnNetBufferLists", comes_back, NULL},
    {"MiniportReturnNetBufferLists", comes_back, NULL},
    {NULL, NULL, NULL},
};
