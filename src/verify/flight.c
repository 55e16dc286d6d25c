/* SPDX-License-Identifier: MIT */
/* Checks of packets that are sent: what a miniport of NDIS 5 owes for each, and what nobody may
 * write meanwhile.
 *
 *     NdisSend, NdisSendPackets      PLACE_GIVEN  --> ProtocolSendComplete
 *     MiniportSend, MiniportSendPackets  PLACE_SENT  --> answer, OOB status, NdisMSendComplete
 *
 * On VCs: NdisCoSendPackets, ProtocolCoSendComplete; MiniportCoSendPackets, NdisMCoSendComplete.
 */
#include "verify/check.h"

#include "ndis/connection/connection.h"
#include "ndis/packet/descriptor.h"
#include "ndis/stack/legacy.h"

#include <string.h>

/* What the out-of-band status is until a serialized miniport sets it; no NDIS_STATUS. */
#define STATUS_UNSET ((NDIS_STATUS)0xC1D5A7E0)

/* The rules of drivers that are linked into the program: their calls are not seen. */
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

static bool
intermediate(const struct module *miniport)
{
    return miniport->legacy && (miniport->legacy->attributes & NDIS_ATTRIBUTE_INTERMEDIATE_DRIVER);
}

uint64_t
packet_hash(const void *data, size_t size)
{
    const uint8_t *byte = data;
    uint64_t hash = 0xcbf29ce484222325ull;

    for (size_t k = 0; k < size; k++)
        hash = (hash ^ byte[k]) * 0x100000001b3ull;
    return hash;
}

/* Of a living packet of a pool, whatever its driver has written into it; NULL for any other. */
static const struct descriptor *
descriptor_behind(PNDIS_PACKET packet)
{
    const struct descriptor *descriptor = (const struct descriptor *)packet - 1;
    const struct object *prefix = object_of(machine_self(), descriptor, OBJECT_PACKET);

    return prefix && prefix->tag == DESCRIPTOR_TAG && descriptor->pool ? descriptor : NULL;
}

/* Of what its protocol keeps in it; 0 for packets of NDIS itself. */
static uint64_t
protocol_hash(PNDIS_PACKET packet)
{
    const struct descriptor *descriptor = descriptor_behind(packet);

    return descriptor ? packet_hash(packet->ProtocolReserved, descriptor->pool->reserved) : 0;
}

/* What @packet is to the miniport that it is @deeper layers below its newest holder: one packet can
 * be sent by several layers, one below the other. */
static const void *
layer_of(PNDIS_PACKET packet, unsigned deeper)
{
    const struct descriptor *descriptor = descriptor_behind(packet);

    if (!descriptor)
        return (const char *)packet;
    return (const char *)packet + __atomic_load_n(&descriptor->stack, __ATOMIC_RELAXED) + deeper;
}

/* Protocols */

/* A miniport has completed the packet before and has written to it since. */
static void
check_left(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    struct place *place = place_find(verify, layer_of(packet, 1), PLACE_SENT);
    uint64_t words[2];
    bool touched;

    if (!place || place->busy || !place->ended)
        return;
    place->ended = false;
    memcpy(words, packet->MiniportReserved, sizeof(words));
    touched = words[0] != scribble_left(verify) || words[1] != scribble_left(verify);
    if (fails(verify, RULE_S5_TOUCHED, touched))
        broken_late(verify, RULE_S5_TOUCHED, call, place->driver, &place->made, "completed here",
            "%s has written to the MiniportReserved of a packet since it completed it",
            place->driver->name);
}

/* An intermediate driver passes the packet on that its miniport got. */
static void
check_stack(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct place *place = place_find(verify, layer_of(packet, 0), PLACE_SENT);
    bool passes = place && place->busy && place->driver == call->driver;

    if (fails(verify, RULE_S5_STACK, passes && !place->asked))
        broken_at(verify, RULE_S5_STACK, call, NULL, &place->made, "received here",
            "%s passes a packet on without a look at its stack by NdisIMGetCurrentPacketStack",
            call->driver->name);
}

uint64_t
packet_chain_hash(const struct verify *verify, const NDIS_PACKET *packet)
{
    const void *ends[2] = {arena_home(verify->machine->arena, packet->Private.Head),
        arena_home(verify->machine->arena, packet->Private.Tail)};

    return packet_hash(ends, sizeof(ends));
}

static void
give(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct place *sent = place_find(verify, layer_of(packet, 0), PLACE_SENT);
    struct place *place;

    check_left(verify, call, packet);
    check_stack(verify, call, packet);
    if (!descriptor_behind(packet) || (sent && sent->busy))
        return;
    place = place_make(verify, packet, PLACE_GIVEN, call->import->name);
    if (!place)
        return;
    place->busy = true;
    place->hash = protocol_hash(packet);
    place->chain = packet_chain_hash(verify, packet);
    verify->media |= packet_has_media(packet);
}

static void
send_packet(struct verify *verify, struct gate_call *call)
{
    give(verify, call, (PNDIS_PACKET)call->args[2]);
}

static void
sent_packet(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, (void *)call->args[2], PLACE_GIVEN);

    if (place && *(const NDIS_STATUS *)call->args[0] != NDIS_STATUS_PENDING)
        place->busy = false;
}

static void
send_packets(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];

    for (UINT i = 0; i < (UINT)call->args[2]; i++)
        give(verify, call, packets[i]);
}

/* The lower edge of an intermediate driver gets back what its upper edge has to complete. */
static void
note_reset(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    struct place *sent = place_find(verify, layer_of(packet, 0), PLACE_SENT);

    if (sent && sent->busy && sent->driver == call->driver)
        sent->aborted = (NDIS_STATUS)call->args[2] == NDIS_STATUS_RESET_IN_PROGRESS;
}

/* The protocol has what it had: the buffers too. */
static void
check_regained(struct verify *verify, const struct gate_call *call, const struct place *place,
    PNDIS_PACKET packet)
{
    const struct place *sent = place_find(verify, layer_of(packet, 1), PLACE_SENT);
    struct driver *guilty = sent ? sent->driver : call->driver;

    if (fails(verify, RULE_S5_REGAINED, packet_chain_hash(verify, packet) != place->chain))
        broken_late(verify, RULE_S5_REGAINED, call, guilty, &place->made, "sent here",
            "a packet that %s sent comes back from %s with other buffers on it", call->driver->name,
            guilty->name);
}

/* A protocol gets its packet back. */
static void
take_back(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    struct place *place = place_find(verify, packet, PLACE_GIVEN);

    if (!place || !place->busy || place->driver != call->driver)
        return;
    place->busy = false;
    check_regained(verify, call, place, packet);
    if (fails(verify, RULE_S5_EARLY, protocol_hash(packet) != place->hash))
        broken_at(verify, RULE_S5_EARLY, call, NULL, &place->made, "sent here",
            "%s wrote to a packet between its send and its ProtocolSendComplete",
            call->driver->name);
}

static void
comes_back(struct verify *verify, struct gate_call *call)
{
    note_reset(verify, call, (PNDIS_PACKET)call->args[1]);
    take_back(verify, call, (PNDIS_PACKET)call->args[1]);
}

static void
comes_back_on_vc(struct verify *verify, struct gate_call *call)
{
    take_back(verify, call, (PNDIS_PACKET)call->args[2]);
}

/* A packet that is made again is another one. */
static void
free_packet(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, layer_of((PNDIS_PACKET)call->args[0], 1), PLACE_SENT);

    if (place)
        place->ended = false;
}

static void
look_at_stack(struct verify *verify, struct gate_call *call)
{
    PNDIS_PACKET packet = arena_unclosed(verify->machine->arena, (void *)call->args[0]);
    struct place *sent = place_find(verify, layer_of(packet, 0), PLACE_SENT);
    struct place *taken = place_find(verify, packet, PLACE_TAKEN);

    if (sent)
        sent->asked = true;
    if (taken)
        taken->asked = true;
}

/* Miniports */

static struct place *
arrives(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    struct place *place;

    if (!seen(call))
        return NULL;
    place = place_make(verify, layer_of(packet, 0), PLACE_SENT, call->handler->name);
    if (!place)
        return NULL;
    place->busy = true;
    place->who = call->module;
    place->hash = protocol_hash(packet);
    place->status = packet_has_block(packet) ? NDIS_GET_PACKET_STATUS(packet) : NDIS_STATUS_SUCCESS;
    return place;
}

/* The packet that @miniport has from the call under way, if it still has it. */
static struct place *
still_there(struct verify *verify, const struct module *miniport, PNDIS_PACKET packet)
{
    struct place *place = place_find(verify, layer_of(packet, 0), PLACE_SENT);

    return place && place->busy && place->who == miniport ? place : NULL;
}

bool
packet_is_sent(struct verify *verify, const struct module *miniport, PNDIS_PACKET packet)
{
    return still_there(verify, miniport, packet) != NULL;
}

static void
refused(struct module *miniport)
{
    struct record *record = module_record(miniport);

    if (record)
        record->refused = executive_now(miniport->machine->executive);
}

/* It has done something about what it refused. */
static void
relent(const struct module *miniport)
{
    struct record *record = module_record(miniport);

    if (record)
        record->refused = 0;
}

static void
send_one(struct verify *verify, struct gate_call *call)
{
    if (call->module)
        relent(call->module);
    arrives(verify, call, (PNDIS_PACKET)call->args[1]);
}

static void
check_answer(struct verify *verify, const struct gate_call *call, NDIS_STATUS status)
{
    bool odd = status >= 0 && status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_PENDING;

    if (fails(verify, RULE_S5_ANSWER, odd))
        broken(verify, RULE_S5_ANSWER, call, NULL, NULL, NULL,
            "%s of %s answered 0x%08X, which is neither a success nor a failure",
            call->handler->name, call->driver->name, (unsigned)status);
}

static void
sent_one(struct verify *verify, struct gate_call *call)
{
    NDIS_STATUS status = (NDIS_STATUS)call->result;
    struct place *place = NULL;

    if (!seen(call))
        return;
    check_answer(verify, call, status);
    /* A packet that was pended may be its sender's again. */
    if (status != NDIS_STATUS_PENDING)
        place = still_there(verify, call->module, (PNDIS_PACKET)call->args[1]);
    if (place)
        place->busy = false;
    if (status == NDIS_STATUS_RESOURCES && serialized(call->module))
        refused(call->module);
}

static void
send_array(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];
    bool marks = seen(call) && serialized(call->module);

    if (call->module)
        relent(call->module);
    for (UINT i = 0; i < (UINT)call->args[2]; i++) {
        arrives(verify, call, packets[i]);
        if (marks)
            NDIS_SET_PACKET_STATUS(packets[i], STATUS_UNSET);
    }
}

/* A serialized miniport says in each packet what became of it. */
static bool
read_status(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet,
    struct place *place, bool rest)
{
    NDIS_STATUS status = NDIS_GET_PACKET_STATUS(packet);
    bool unset = status == STATUS_UNSET;

    if (unset)
        NDIS_SET_PACKET_STATUS(packet, NDIS_STATUS_PENDING);
    if (rest) {
        if (fails(verify, RULE_S5_REST, !unset && status != NDIS_STATUS_RESOURCES))
            broken(verify, RULE_S5_REST, call, NULL, NULL, NULL,
                "%s answered 0x%08X for a packet behind one with NDIS_STATUS_RESOURCES",
                call->driver->name, (unsigned)status);
    } else if (fails(verify, RULE_S5_EACH, unset)) {
        broken(verify, RULE_S5_EACH, call, NULL, NULL, NULL,
            "%s of %s returned without a status in one of its packets", call->handler->name,
            call->driver->name);
    }
    rest = rest || status == NDIS_STATUS_RESOURCES;
    if (rest || (status != NDIS_STATUS_PENDING && !unset))
        place->busy = false;
    return rest;
}

/* Of a packet that may just now be completed and its sender's again: then nobody asks for it. */
static __attribute__((no_sanitize("thread"))) bool
says_something(PNDIS_PACKET packet, NDIS_STATUS before)
{
    NDIS_STATUS status = NDIS_GET_PACKET_STATUS(packet);

    return status != before && status != NDIS_STATUS_PENDING;
}

static void
sent_array(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];
    bool rest = false;

    if (!seen(call))
        return;
    for (UINT i = 0; i < (UINT)call->args[2]; i++) {
        struct place *place = still_there(verify, call->module, packets[i]);

        if (!place)
            continue; /* completed meanwhile */
        if (serialized(call->module))
            rest = read_status(verify, call, packets[i], place, rest);
        else if (packet_has_block(packets[i]))
            place->said = says_something(packets[i], place->status);
    }
    if (rest)
        refused(call->module);
}

/* What an intermediate driver got it gives back as it was. */
static void
check_kept(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    const struct place *place, PNDIS_PACKET packet)
{
    bool changed = intermediate(miniport) && protocol_hash(packet) != place->hash;

    if (fails(verify, RULE_S5_KEPT, changed))
        broken_at(verify, RULE_S5_KEPT, call, NULL, &place->made, "received here",
            "%s completes a packet whose ProtocolReserved it has changed", call->driver->name);
}

void
check_declared(struct verify *verify, const struct gate_call *call, const struct module *miniport)
{
    bool outside =
        serialized(miniport) && call->driver->image && !inside_any(call->driver, "Miniport");

    if (fails(verify, RULE_S5_DECLARED, outside))
        broken(verify, RULE_S5_DECLARED, call, NULL, NULL, NULL,
            "%s calls %s outside of its MiniportXxx functions, as a deserialized miniport may, and "
            "has not declared itself one",
            call->driver->name, call->import ? call->import->name : call->handler->name);
}

static void
give_back(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    PNDIS_PACKET packet)
{
    struct place *place = still_there(verify, miniport, packet);
    const uint64_t left[2] = {scribble_left(verify), scribble_left(verify)};

    if (!place)
        return;
    check_kept(verify, call, miniport, place, packet);
    place->busy = false;
    if (!descriptor_behind(packet) || descriptor_behind(packet)->stack > 1)
        return;
    move_now(verify, &place->made, call->import->name);
    memcpy(packet->MiniportReserved, left, sizeof(left));
    place->ended = true;
}

static void
complete(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = (const void *)call->args[0];

    check_no_lock(verify, call, RULE_S5_LOCK);
    if (!object_of(verify->machine, miniport, OBJECT_ADAPTER))
        return;
    check_declared(verify, call, miniport);
    relent(miniport);
    give_back(verify, call, miniport, (PNDIS_PACKET)call->args[1]);
}

static void
complete_on_vc(struct verify *verify, struct gate_call *call)
{
    const struct co_vc *vc = (const void *)call->args[1];

    check_no_lock(verify, call, RULE_S5_LOCK);
    if (object_of(verify->machine, vc, OBJECT_VC))
        give_back(verify, call, vc->miniport, (PNDIS_PACKET)call->args[2]);
}

static void
resources_available(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = (const void *)call->args[0];

    check_no_lock(verify, call, RULE_S5_LOCK);
    if (object_of(verify->machine, miniport, OBJECT_ADAPTER))
        relent(miniport);
}

static void
without_lock(struct verify *verify, struct gate_call *call)
{
    check_no_lock(verify, call, RULE_S5_LOCK);
}

/* A reset answers what a serialized miniport has. */
static void
forget_of(struct verify *verify, struct place *place, void *context)
{
    (void)verify;
    if (place->kind == PLACE_SENT && place->who == context)
        place->busy = false;
}

static void
resets(struct verify *verify, struct gate_call *call)
{
    if (!call->module)
        return;
    relent(call->module);
    if (serialized(call->module))
        places_visit(verify, forget_of, call->module);
}

const struct check flight_imports[] = {
    {"NdisSend", send_packet, sent_packet},
    {"NdisSendPackets", send_packets, NULL},
    {"NdisCoSendPackets", send_packets, NULL},
    {"NdisFreePacket", free_packet, NULL},
    {"NdisDprFreePacket", free_packet, NULL},
    {"NdisIMGetCurrentPacketStack", look_at_stack, NULL},
    {"NdisMSendComplete", complete, NULL},
    {"NdisMCoSendComplete", complete_on_vc, NULL},
    {"NdisMSendResourcesAvailable", resources_available, NULL},
    {"NdisMQueryInformationComplete", without_lock, NULL},
    {"NdisMSetInformationComplete", without_lock, NULL},
    {"NdisMIndicateStatus", without_lock, NULL},
    {"NdisMCoRequestComplete", without_lock, NULL},
    {"NdisMCoIndicateStatus", without_lock, NULL},
    {"NdisMTransferDataComplete", without_lock, NULL},
    {NULL, NULL, NULL},
};

const struct check flight_handlers[] = {
    {"ProtocolSendComplete", comes_back, NULL},
    {"ProtocolCoSendComplete", comes_back_on_vc, NULL},
    {"MiniportSend", send_one, sent_one},
    {"MiniportSendPackets", send_array, sent_array},
    {"MiniportCoSendPackets", send_array, sent_array},
    {"MiniportReset", resets, NULL},
    {NULL, NULL, NULL},
};
