/* SPDX-License-Identifier: MIT */
/* Checks of packet filters: a miniport indicates what is wanted of it, and a filter that wants more
 * than those above it keeps that for itself.
 *
 * What is wanted is what a driver has accepted last. A change takes its time, in the driver and in its
 * device: for a while all is right that was before, and while it is asked for all that will be. A
 * packet filter of 0 is not told: what is left on the way may still come.
 */
#include "verify/wire.h"

#include "ndis/stack/adapter.h"

#include <string.h>

#define ADDRESS 6u
#define GRACE   1000000000ull /* ns; see limit() */
#define UNKNOWN UINT64_MAX    /* when the groups changed: not told any more */

/* Filters that say which frames of Ethernet are wanted; others are for all that a check knows. */
#define KNOWN                                                                                      \
    (NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_MULTICAST | NDIS_PACKET_TYPE_ALL_MULTICAST |     \
        NDIS_PACKET_TYPE_BROADCAST | NDIS_PACKET_TYPE_SOURCE_ROUTING | NDIS_PACKET_TYPE_NO_LOCAL)

#define EVERYTHING (NDIS_PACKET_TYPE_PROMISCUOUS | NDIS_PACKET_TYPE_ALL_LOCAL)

static uint64_t
now(const struct verify *verify)
{
    return executive_now(verify->machine->executive);
}

void
wishes_ask(struct wishes *wishes, NDIS_OID oid, const void *buffer, ULONG length)
{
    unsigned count = length / ADDRESS;

    wishes->asking = false;
    wishes->oid = oid;
    if (oid == OID_GEN_CURRENT_PACKET_FILTER && length >= sizeof(wishes->asked)) {
        wishes->asking = true;
        memcpy(&wishes->asked, buffer, sizeof(wishes->asked));
        wishes->may |= wishes->asked;
    } else if (oid == OID_802_3_MULTICAST_LIST) {
        wishes->asking = true;
        wishes->any_group = true;
        wishes->count = count <= WISHED_MOST ? count : WISHED_MOST + 1;
        if (count && count <= WISHED_MOST)
            memcpy(wishes->groups, buffer, (size_t)count * ADDRESS);
    } else if (oid == OID_802_3_ADD_MULTICAST_ADDRESS ||
               oid == OID_802_3_DELETE_MULTICAST_ADDRESS) {
        wishes->any_group = true;
        wishes->groups_changed = UNKNOWN;
    }
}

void
wishes_answered(struct verify *verify, struct wishes *wishes, NDIS_STATUS status)
{
    bool good = status == NDIS_STATUS_SUCCESS;

    if (!wishes->asking || status == NDIS_STATUS_PENDING)
        return;
    wishes->asking = false;
    if (wishes->oid == OID_802_3_MULTICAST_LIST) {
        good = good && wishes->count <= WISHED_MOST && wishes->groups_changed != UNKNOWN;
        wishes->groups_changed = good ? now(verify) : UNKNOWN;
        wishes->strangers = 0;
        memset(wishes->strange, 0, sizeof(wishes->strange));
    } else if (good) {
        wishes->may = wishes->known ? wishes->may : wishes->asked;
        wishes->filter = wishes->asked;
        wishes->known = true;
        wishes->changed = now(verify);
    }
}

static void
settle(struct verify *verify, struct wishes *wishes)
{
    uint64_t time, grace = limit(verify, GRACE);

    if (wishes->asking || (wishes->may == wishes->filter && !wishes->any_group))
        return;
    time = now(verify);
    if (time > wishes->changed + grace)
        wishes->may = wishes->filter;
    if (wishes->groups_changed != UNKNOWN && time > wishes->groups_changed + grace)
        wishes->any_group = false;
}

static bool
is_mine(const struct adapter *adapter, const uint8_t *to)
{
    static const uint8_t none[ADDRESS];
    const uint8_t *current = adapter->general.CurrentMacAddress;

    return adapter->general.MacAddressLength != ADDRESS || memcmp(current, none, ADDRESS) == 0 ||
           memcmp(to, current, ADDRESS) == 0 ||
           memcmp(to, adapter->general.PermanentMacAddress, ADDRESS) == 0;
}

/* A group that is not on the list, when there have been so many that no hash explains it. */
static bool
is_strange(struct wishes *wishes, const struct frame *frame)
{
    uint64_t address = 0, mask;
    unsigned bit;

    memcpy(&address, frame->head, ADDRESS);
    bit = (unsigned)(address * 0x9E3779B97F4A7C15ull >> 56);
    mask = 1ull << bit % 64;

    for (unsigned k = 0; k < wishes->count; k++)
        if (memcmp(wishes->groups[k], frame->head, ADDRESS) == 0)
            return false;
    wishes->strangers += !(wishes->strange[bit / 64] & mask);
    wishes->strange[bit / 64] |= mask;
    return !wishes->count || wishes->strangers > STRANGERS(wishes->count);
}

bool
wishes_take(struct verify *verify, struct wishes *wishes, const struct adapter *adapter,
    const struct frame *frame)
{
    static const uint8_t everybody[ADDRESS] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const uint8_t *to = frame->head;

    settle(verify, wishes);
    if (!wishes->known || wishes->others || !wishes->may || wishes->may & ~KNOWN ||
        frame->have < ETHERNET)
        return true;
    if (!(to[0] & 1))
        return wishes->may & NDIS_PACKET_TYPE_DIRECTED && is_mine(adapter, to);
    if (wishes->may & NDIS_PACKET_TYPE_ALL_MULTICAST)
        return true;
    if (memcmp(to, everybody, ADDRESS) == 0)
        return wishes->may & NDIS_PACKET_TYPE_BROADCAST;
    if (!(wishes->may & NDIS_PACKET_TYPE_MULTICAST))
        return false;
    return wishes->any_group || !is_strange(wishes, frame);
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    const struct _SET *set = &request->DATA.SET_INFORMATION;

    if (wire && request->RequestType == NdisRequestSetInformation)
        wishes_ask(&wire->wishes, set->Oid, set->InformationBuffer, set->InformationBufferLength);
    else if (wire)
        wire->wishes.asking = false;
    if (wire && set->Oid == OID_RECEIVE_FILTER_SET_FILTER)
        wire->wishes.others = true;
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        wishes_answered(verify, &wire->wishes, (NDIS_STATUS)call->result);
}

/* Only the request that is under way is waited for: a miniport has one of them at a time. */
static void
miniport_completes(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);

    if (wire)
        wishes_answered(verify, &wire->wishes, (NDIS_STATUS)call->args[2]);
}

static void
filter_completes(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_FILTER);

    if (wire)
        wishes_answered(verify, &wire->wishes, (NDIS_STATUS)call->args[2]);
}

/* What a filter asks for itself, or makes of what it was asked. */
static void
filter_asks(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_FILTER);
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    const struct _SET *set = &request->DATA.SET_INFORMATION;

    if (wire && request->RequestType == NdisRequestSetInformation &&
        set->Oid == OID_GEN_CURRENT_PACKET_FILTER && set->InformationBufferLength >= 4)
        memcpy(&wire->below, set->InformationBuffer, sizeof(wire->below));
}

/* The frame of an NBL that @wire's module indicates: of its own, or that it got. */
static const struct record *
frame_indicated(const struct verify *verify, const NET_BUFFER_LIST *nbl, struct frame *frame)
{
    const struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);

    if (!prefix || !nbl->FirstNetBuffer || nbl->NblFlags & NDIS_NBL_FLAGS_IS_LOOPBACK_PACKET ||
        !frame_of_nb(verify, frame, nbl_first(nbl)))
        return NULL;
    return prefix->record;
}

void
check_wanted(struct verify *verify, const struct gate_call *call, struct wire *wire,
    const struct record *record, const struct frame *frame)
{
    const uint8_t *to = frame->head;

    if (fails(
            verify, RULE_WANTED, !wishes_take(verify, &wire->wishes, wire->module->adapter, frame)))
        broken(verify, RULE_WANTED, call, NULL, record, "last seen here",
            "%s indicated a frame to %02X-%02X-%02X-%02X-%02X-%02X; the packet filter that it "
            "accepted is 0x%08X",
            call->driver->name, to[0], to[1], to[2], to[3], to[4], to[5], wire->wishes.filter);
}

/* Frames of a queue that a filter of its own fills are not looked at. */
static void
miniport_indicates(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);
    struct frame frame;
    unsigned n = 0;

    if (!wire || !wire->wishes.known || wire->module->registration->layered ||
        !wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl && n < 65536;
         nbl = nbl_next(nbl), n++) {
        const struct record *record = frame_indicated(verify, nbl, &frame);

        if (!record)
            return;
        if (!NET_BUFFER_LIST_INFO(nbl, NetBufferListFilteringInfo))
            check_wanted(verify, call, wire, record, &frame);
    }
}

/* Frames to others that only this filter has wanted. */
static void
filter_indicates(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_FILTER);
    struct frame frame;
    unsigned n = 0;

    if (!wire || !wire->wishes.known || !(wire->below & EVERYTHING) || !wire_is_ethernet(wire))
        return;
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl && n < 65536;
         nbl = nbl_next(nbl), n++) {
        const struct record *record = frame_indicated(verify, nbl, &frame);
        bool other;

        if (!record)
            return;
        if (record->now.who != wire->module || frame.head[0] & 1)
            continue;
        other = !is_mine(wire->module->adapter, frame.head) &&
                !wishes_take(verify, &wire->wishes, wire->module->adapter, &frame);
        if (fails(verify, RULE_WANTED_EXTRA, other))
            broken(verify, RULE_WANTED_EXTRA, call, NULL, record, "received here",
                "%s passed on a frame to %02X-%02X-%02X-%02X-%02X-%02X, which it gets because it "
                "set "
                "packet filter 0x%08X; those above have set 0x%08X",
                call->driver->name, frame.head[0], frame.head[1], frame.head[2], frame.head[3],
                frame.head[4], frame.head[5], wire->below, wire->wishes.filter);
    }
}

const struct check wanted_imports[] = {
    {"NdisMOidRequestComplete", miniport_completes, NULL},
    {"NdisFOidRequestComplete", filter_completes, NULL},
    {"NdisFOidRequest", filter_asks, NULL},
    {"NdisMIndicateReceiveNetBufferLists", miniport_indicates, NULL},
    {"NdisFIndicateReceiveNetBufferLists", filter_indicates, NULL},
    {NULL, NULL, NULL},
};

const struct check wanted_handlers[] = {
    {"MiniportOidRequest", asked, answered},
    {"FilterOidRequest", asked, answered},
    {NULL, NULL, NULL},
};
