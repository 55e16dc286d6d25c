/* SPDX-License-Identifier: MIT */
/* Checks of what a miniport of NDIS 5 indicates and what a protocol of NDIS 5 does with it.
 *
 *     NdisMIndicateReceivePacket    PLACE_SHOWN --> OOB status (serialized), MiniportReturnPacket
 *     ProtocolReceivePacket         PLACE_TAKEN   until it returns
 *     NdisMXxxIndicateReceive       until NdisMXxxIndicateReceiveComplete
 *
 * The first and the last are macros: see ndis/path/macro.h.
 */
#include "verify/check.h"

#include "ndis/stack/legacy.h"

#include <string.h>

static bool
seen(const struct gate_call *call)
{
    return call->driver && call->driver->image;
}

static bool
serialized(const struct module *miniport)
{
    return miniport->legacy && !miniport->legacy->serial.off;
}

/* Of what the miniport keeps in it and of the buffers that it describes. */
static uint64_t
shown_hash(const struct verify *verify, const NDIS_PACKET *packet)
{
    return packet_hash(packet->MiniportReserved, sizeof(packet->MiniportReserved)) ^
           packet_chain_hash(verify, packet);
}

static bool
check_status(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet, bool rest)
{
    NDIS_STATUS status = NDIS_GET_PACKET_STATUS(packet);

    if (fails(verify, RULE_R5_PRESET,
            status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_RESOURCES))
        broken(verify, RULE_R5_PRESET, call, NULL, NULL, NULL,
            "%s indicates a packet with the status 0x%08X in its block", call->driver->name,
            (unsigned)status);
    else if (fails(verify, RULE_R5_TAIL, rest && status == NDIS_STATUS_SUCCESS))
        broken(verify, RULE_R5_TAIL, call, NULL, NULL, NULL,
            "%s indicates a packet with NDIS_STATUS_SUCCESS behind one with NDIS_STATUS_RESOURCES",
            call->driver->name);
    return rest || status == NDIS_STATUS_RESOURCES;
}

static void
check_not_shown(struct verify *verify, const struct gate_call *call, const struct place *place)
{
    const struct module *miniport = call->module;
    enum rule_name rule = serialized(miniport) ? RULE_R5_SERIAL : RULE_R5_IN_USE;
    bool in_use = place && place->busy && place->who == miniport;

    if (fails(verify, rule, in_use))
        broken_at(verify, rule, call, NULL, &place->made, "indicated here",
            "%s indicates a packet that has not come back", call->driver->name);
}

/* An intermediate driver indicates the packet itself that it received. */
static void
check_stack(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct place *taken = place_find(verify, packet, PLACE_TAKEN);
    bool passes = taken && taken->busy && taken->driver == call->driver;

    if (fails(verify, RULE_R5_STACK, passes && !taken->asked))
        broken_at(verify, RULE_R5_STACK, call, NULL, &taken->made, "received here",
            "%s indicates the packet that it received without a look at its stack by "
            "NdisIMGetCurrentPacketStack",
            call->driver->name);
}

static void
indicate(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];
    bool rest = false;

    if (!seen(call))
        return;
    check_no_lock(verify, call, RULE_S5_LOCK);
    check_declared(verify, call, call->module);
    for (UINT i = 0; i < (UINT)call->args[2]; i++) {
        struct place *place = place_find(verify, packets[i], PLACE_SHOWN);

        check_stack(verify, call, packets[i]);
        rest = check_status(verify, call, packets[i], rest);
        check_not_shown(verify, call, place);
        if (place && place->busy) {
            place->passed = call->driver;
            continue; /* on another layer's way already */
        }
        place = place_make(verify, packets[i], PLACE_SHOWN, call->handler->name);
        if (!place)
            continue;
        place->busy = true;
        place->who = call->module;
        place->asked = rest;
        place->passed = NULL;
        place->chain = packet_chain_hash(verify, packets[i]);
        place->hash = shown_hash(verify, packets[i]);
        verify->media |= packet_has_media(packets[i]);
    }
}

static void
indicated(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];

    if (!seen(call))
        return;
    for (UINT i = 0; i < (UINT)call->args[2]; i++) {
        struct place *place = place_find(verify, packets[i], PLACE_SHOWN);

        if (!place || !place->busy || place->who != call->module)
            continue;
        if (place->asked ||
            (serialized(call->module) && NDIS_GET_PACKET_STATUS(packets[i]) != NDIS_STATUS_PENDING))
            place->busy = false;
        if (place->busy && !serialized(call->module)) {
            NDIS_SET_PACKET_STATUS(packets[i], (NDIS_STATUS)VOLATILE_SHOWN);
            verify->marked = true;
        }
    }
}

static void
comes_back(struct verify *verify, struct gate_call *call)
{
    PNDIS_PACKET packet = (PNDIS_PACKET)call->args[1];
    struct place *place = place_find(verify, packet, PLACE_SHOWN);

    if (place && place->busy && place->passed == call->driver)
        place->passed = NULL;
    if (!place || !place->busy || place->who != call->module)
        return;
    place->busy = false;
    if (NDIS_GET_PACKET_STATUS(packet) == (NDIS_STATUS)VOLATILE_SHOWN)
        NDIS_SET_PACKET_STATUS(packet, NDIS_STATUS_SUCCESS);
    if (fails(verify, RULE_R5_TOUCHED, shown_hash(verify, packet) != place->hash))
        broken_at(verify, RULE_R5_TOUCHED, call, NULL, &place->made, "indicated here",
            "%s wrote to a packet between its indication and its MiniportReturnPacket",
            call->driver->name);
}

static void
free_packet(struct verify *verify, struct gate_call *call)
{
    const struct place *place = place_find(verify, (void *)call->args[0], PLACE_SHOWN);
    bool in_use = place && place->busy && place->driver == call->driver;
    bool serial = in_use && serialized(place->who);
    enum rule_name rule = serial ? RULE_R5_SERIAL : RULE_R5_IN_USE;

    if (fails(verify, rule, in_use))
        broken_at(verify, rule, call, NULL, &place->made, "indicated here",
            "%s frees a packet that it indicated and that has not come back", call->driver->name);
}

/* Memory goes away: no packet in flight may say that its media-specific data are in it. */
struct going {
    uintptr_t memory;
    size_t size;
    struct place *place;
};

static void
points_into(struct verify *verify, struct place *place, void *context)
{
    struct going *going = context;
    PNDIS_PACKET packet = arena_view(verify->machine->arena, place->address, 1);

    if ((place->kind == PLACE_SHOWN || place->kind == PLACE_GIVEN) && place->busy &&
        packet_has_media(packet) &&
        (uintptr_t)NDIS_OOB_DATA_FROM_PACKET(packet)->MediaSpecificInformation - going->memory <
            going->size)
        going->place = place;
}

void
check_media(struct verify *verify, const void *memory, size_t size)
{
    struct going going = {(uintptr_t)memory, size, NULL};

    if (!verify->media)
        return;
    places_visit(verify, points_into, &going);
    if (fails(verify, RULE_R5_MEDIA, going.place != NULL))
        broken_late(verify, RULE_R5_MEDIA, NULL, going.place->driver, &going.place->made,
            "the packet was given away here",
            "%s frees the media-specific data of a packet that is under way",
            going.place->driver->name);
}

/* Look-ahead */

static void
show(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);
    UINT shown = (UINT)call->args[1], size = (UINT)call->args[2];
    UINT wanted = record && record->lookahead < size ? record->lookahead : size;

    if (!seen(call) || !record)
        return;
    check_no_lock(verify, call, RULE_S5_LOCK);
    check_declared(verify, call, call->module);
    if (fails(verify, RULE_R5_LOOKAHEAD, record->lookahead && shown < wanted))
        broken(verify, RULE_R5_LOOKAHEAD, call, NULL, NULL, NULL,
            "%s shows %u bytes of a frame of %u; the look-ahead is %u", call->driver->name, shown,
            size, record->lookahead);
    if (!record->showing)
        record->showing = executive_now(verify->machine->executive);
}

static void
shown(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);

    (void)verify;
    if (record)
        record->showing = 0;
}

static void
lookahead_set(struct verify *verify, struct gate_call *call)
{
    struct record *record = call->module ? module_record(call->module) : NULL;

    (void)verify;
    if (record && (NDIS_OID)call->args[1] == OID_GEN_CURRENT_LOOKAHEAD &&
        (ULONG)call->args[3] >= sizeof(ULONG) && (NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        record->lookahead = *(const ULONG *)call->args[2];
}

void
watch_shows(struct verify *verify, uint64_t now, uint64_t limit)
{
    record_for_each(&verify->live, record)
    {
        const struct module *module = record->body;
        bool late;

        if (record->kind != OBJECT_ADAPTER || !record->showing || record->ended)
            continue;
        late = now > record->showing + limit;
        if (!fails(verify, RULE_R5_END, late))
            continue;
        record->showing = 0;
        broken(verify, RULE_R5_END, NULL, module->driver, record, "last seen here",
            "%s has shown frames and has not called NdisMXxxIndicateReceiveComplete since",
            module->driver->name);
    }
}

/* Protocols */

static uint64_t
lookahead_hash(const struct gate_call *call)
{
    return packet_hash((const void *)call->args[2], (UINT)call->args[3]) ^
           3 * packet_hash((const void *)call->args[4], (UINT)call->args[5]);
}

static void
receives(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->scratch[0] = (void *)(uintptr_t)lookahead_hash(call);
}

static void
received(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_R5_COPY, lookahead_hash(call) != (uintptr_t)call->scratch[0]))
        broken(verify, RULE_R5_COPY, call, NULL, NULL, NULL,
            "ProtocolReceive of %s wrote to the header or the look-ahead that it was shown",
            call->driver->name);
}

/* Of a packet that may be kept, never 0. */
static uintptr_t
buffers_of(uint64_t chain)
{
    return (uintptr_t)chain | 1;
}

static void
takes(struct verify *verify, struct gate_call *call)
{
    PNDIS_PACKET packet = (PNDIS_PACKET)call->args[1];
    struct place *place = place_make(verify, packet, PLACE_TAKEN, call->handler->name);
    bool lent = NDIS_GET_PACKET_STATUS(packet) == NDIS_STATUS_RESOURCES;

    call->scratch[0] = lent ? NULL : (void *)buffers_of(packet_chain_hash(verify, packet));
    if (!place)
        return;
    place->busy = true;
    place->returned = 0;
    place->who = call->module;
}

/* What an intermediate driver has shown and has not got back, with buffers that it was given. */
struct kept {
    const struct driver *driver;
    uintptr_t buffers;
    const struct place *shown;
};

static void
is_kept(struct verify *verify, struct place *place, void *context)
{
    struct kept *kept = context;

    (void)verify;
    if (place->kind == PLACE_SHOWN && place->busy &&
        (place->driver == kept->driver || place->passed == kept->driver) &&
        buffers_of(place->chain) == kept->buffers)
        kept->shown = place;
}

/* Others may have got the same packet by now. */
static void
check_kept(struct verify *verify, const struct gate_call *call)
{
    const struct module *binding = call->module;
    struct kept kept = {call->driver, (uintptr_t)call->scratch[0], NULL};

    if ((INT)call->result != 0 || !kept.buffers || !binding->registration->associate)
        return;
    places_visit(verify, is_kept, &kept);
    if (fails(verify, RULE_R5_COUNT, kept.shown != NULL))
        broken_at(verify, RULE_R5_COUNT, call, NULL, &kept.shown->made, "passed on here",
            "ProtocolReceivePacket of %s answered 0 for a packet that it has passed on and that "
            "has "
            "not come back",
            call->driver->name);
}

static void
taken(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, (void *)call->args[1], PLACE_TAKEN);

    check_kept(verify, call);
    if (!place || place->who != call->module)
        return;
    place->busy = false;
    if (fails(
            verify, RULE_R5_COUNT, (INT)call->result >= 0 && place->returned > (UINT)call->result))
        broken_at(verify, RULE_R5_COUNT, call, NULL, &place->made, "received here",
            "ProtocolReceivePacket of %s answered %d for a packet that it has returned %u times",
            call->driver->name, (INT)call->result, place->returned);
}

/* An intermediate driver may have to do it inside: what it passed on came back at once. */
static void
give_back(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[0];

    for (UINT i = 0; i < (UINT)call->args[1]; i++) {
        struct place *place = place_find(verify, packets[i], PLACE_TAKEN);

        if (place && place->busy && place->driver == call->driver)
            place->returned++;
        if (fails(verify, RULE_R5_EARLY,
                place && place->busy && place->driver == call->driver &&
                    !inside(call->driver, "MiniportReturnPacket")))
            broken_at(verify, RULE_R5_EARLY, call, NULL, &place->made, "received here",
                "%s returns a packet before its ProtocolReceivePacket has returned",
                call->driver->name);
    }
}

const struct check show_imports[] = {
    {"NdisFreePacket", free_packet, NULL},
    {"NdisReturnPackets", give_back, NULL},
    {NULL, NULL, NULL},
};

const struct check show_handlers[] = {
    {"NdisMIndicateReceivePacket", indicate, indicated},
    {"NdisMEthIndicateReceive", show, NULL},
    {"NdisMTrIndicateReceive", show, NULL},
    {"NdisMFddiIndicateReceive", show, NULL},
    {"NdisMEthIndicateReceiveComplete", shown, NULL},
    {"MiniportReturnPacket", comes_back, NULL},
    {"MiniportSetInformation", NULL, lookahead_set},
    {"ProtocolReceive", receives, received},
    {"ProtocolReceivePacket", takes, taken},
    {NULL, NULL, NULL},
};
