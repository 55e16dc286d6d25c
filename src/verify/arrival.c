/* SPDX-License-Identifier: MIT */
/* Checks of frames that come: what a device gives and what its miniport indicates, what a filter gets
 * and what it passes on. See wire.h.
 */
#include "verify/wire.h"

#include "ndis/stack/adapter.h"

#define CHAIN_MAX 65536u

static PNET_BUFFER_LIST
chain_of(const struct gate_call *call)
{
    return (PNET_BUFFER_LIST)call->args[1];
}

static struct record *
record_of(struct verify *verify, const NET_BUFFER_LIST *nbl)
{
    struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);

    return prefix ? prefix->record : NULL;
}

void
check_loopback(struct verify *verify, const struct gate_call *call, struct wire *wire,
    const struct note *note, const struct frame *frame)
{
    bool quiet = wire->module->adapter->general.MacOptions & NDIS_MAC_OPTION_NO_LOOPBACK;

    if (quiet && !wire->echoes &&
        fails(verify, RULE_WIRE_LOOPBACK, !note && stream_has(&wire->out, frame->key)))
        broken(verify, RULE_WIRE_LOOPBACK, call, NULL, NULL, NULL,
            "%s indicated a frame that it was sent and that no device gave it; it says "
            "NDIS_MAC_OPTION_NO_LOOPBACK",
            call->driver->name);
}

static void
check_arrived(struct verify *verify, const struct gate_call *call, struct wire *wire,
    const struct record *record, const struct frame *frame)
{
    struct note *note = stream_find(&wire->in, frame->key);

    if (note && fails(verify, RULE_WIRE_RECV_ORDER, stream_goes(&wire->in, note) != 0))
        broken(verify, RULE_WIRE_RECV_ORDER, call, NULL, record, "last seen here",
            "%s indicated NBL %u after a frame of the same flow that its device gave it later",
            call->driver->name, record->id);
    check_loopback(verify, call, wire, note, frame);
}

static void
miniport_indicates(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);
    struct frame frame;
    unsigned n = 0;

    if (!wire || !wire->seen || !wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl && n < CHAIN_MAX; nbl = nbl_next(nbl), n++) {
        const struct record *record = record_of(verify, nbl);

        if (!record)
            return;
        if (record->now.state == SEAT_HELD && nbl->FirstNetBuffer &&
            frame_of_nb(verify, &frame, nbl_first(nbl)))
            check_arrived(verify, call, wire, record, &frame);
    }
}

/* Filters: what they get and pass on is the NBL itself. */
static uint64_t
key_of(const struct record *record)
{
    return ((uintptr_t)record ^ record->serial) * 0x9E3779B97F4A7C15ull;
}

static struct note *
note_of(struct stream *in, const struct record *record)
{
    struct note *note = stream_find(in, key_of(record));

    return note && note->record == record && note->serial == record->serial ? note : NULL;
}

static void
receives_come(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = call->driver->image ? wire_find(verify, call->module) : NULL;
    struct frame frame;
    unsigned n = 0;

    if (!wire)
        return;
    stream_enter(&wire->in);
    if (!wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl && n < CHAIN_MAX; nbl = nbl_next(nbl), n++) {
        const struct record *record = record_of(verify, nbl);

        if (!record || !nbl->FirstNetBuffer || !frame_of_nb(verify, &frame, nbl_first(nbl)))
            continue;
        frame.key = key_of(record);
        stream_add(&wire->in, &frame, record, 0);
    }
}

static void
drop_all(struct verify *verify, struct wire *wire, PNET_BUFFER_LIST chain)
{
    unsigned n = 0;

    for (PNET_BUFFER_LIST nbl = chain; nbl && n < CHAIN_MAX; nbl = nbl_next(nbl), n++) {
        const struct record *record = record_of(verify, nbl);
        struct note *note = record ? note_of(&wire->in, record) : NULL;

        if (note)
            stream_drop(&wire->in, note);
    }
}

static void
receives_came(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = call->driver->image ? wire_find(verify, call->module) : NULL;

    if (!wire)
        return;
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        drop_all(verify, wire, chain_of(call));
    stream_leave(&wire->in);
}

static void
filter_indicates(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_FILTER);
    unsigned n = 0;

    if (!wire)
        return;
    for (PNET_BUFFER_LIST nbl = chain_of(call); nbl && n < CHAIN_MAX; nbl = nbl_next(nbl), n++) {
        const struct record *record = record_of(verify, nbl);
        struct note *note = record ? note_of(&wire->in, record) : NULL;

        if (!record)
            return;
        if (note && fails(verify, RULE_WIRE_RECV_ORDER, stream_goes(&wire->in, note) != 0))
            broken(verify, RULE_WIRE_RECV_ORDER, call, NULL, record, "received here",
                "%s passed NBL %u on after one of the same flow that it got later",
                call->driver->name, record->id);
    }
}

static void
filter_returns(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_FILTER);

    if (wire)
        drop_all(verify, wire, chain_of(call));
}

const struct check arrival_imports[] = {
    {"NdisMIndicateReceiveNetBufferLists", miniport_indicates, NULL},
    {"NdisFIndicateReceiveNetBufferLists", filter_indicates, NULL},
    {"NdisFReturnNetBufferLists", filter_returns, NULL},
    {NULL, NULL, NULL},
};

const struct check arrival_handlers[] = {
    {"FilterReceiveNetBufferLists", receives_come, receives_came},
    {NULL, NULL, NULL},
};
