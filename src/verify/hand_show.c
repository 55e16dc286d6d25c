/* SPDX-License-Identifier: MIT */
/* Packets that are indicated are handed over at another address. See hand_packet.c.
 *
 *     NdisMIndicateReceivePacket               give       the miniport's view is closed
 *     ProtocolReceivePacket                    arrive     open to the protocol
 *     its answer 0, the last NdisReturnPackets give back  the protocol's is closed
 *     MiniportReturnPacket; NDIS_STATUS_RESOURCES, or a status that is not NDIS_STATUS_PENDING (serialized),
 *     when the call returns                    come back  open to the miniport again
 *
 * On VCs: NdisMCoIndicateReceivePacket, ProtocolCoReceivePacket.
 */
#include "verify/hand_packet.h"

#include "ndis/stack/legacy.h"

/* What is linked into the program is not followed. */
static void
look_array(struct verify *verify, struct gate_call *call)
{
    call->scratch[SCRATCH_CHAIN] = NULL;
    if (call->driver->image)
        hand_look_at_array(verify, call, 1, hand_packet_given);
}

static void
look_returns(struct verify *verify, struct gate_call *call)
{
    hand_look_at_array(verify, call, 0, hand_packet_home);
}

static bool
serialized(const struct gate_call *call)
{
    const struct module *miniport = call->import ? NULL : call->module;

    return miniport && miniport->legacy && !miniport->legacy->serial.off;
}

static void
indicate(struct verify *verify, struct gate_call *call)
{
    struct parcel *parcel = call->scratch[SCRATCH_CHAIN];
    bool rest = false;

    for (UINT i = 0; parcel && i < parcel->count; i++) {
        if (!rest && NDIS_GET_PACKET_STATUS(parcel->packets[i]) == NDIS_STATUS_RESOURCES) {
            rest = true;
            parcel->rest = i;
        }
        hand_packet_give(verify, call, parcel->given[i], serialized(call));
    }
}

/* What nobody may keep is the miniport's again, and what a serialized one is told so of. */
static void
indicated(struct verify *verify, struct gate_call *call)
{
    const char *what = call->import ? call->import->name : call->handler->name;
    struct parcel *parcel = call->scratch[SCRATCH_CHAIN];

    for (UINT i = 0; parcel && i < parcel->count; i++)
        if (i >= parcel->rest ||
            (serialized(call) && NDIS_GET_PACKET_STATUS(parcel->packets[i]) != NDIS_STATUS_PENDING))
            hand_packet_come_back(verify, call->driver, parcel->packets[i], what);
    hand_parcel_end(verify, parcel);
}

/* An intermediate driver may have passed it on since. */
static struct seat *
seat_of(struct record *record, const struct module *module)
{
    if (record->now.state == SEAT_WITH && record->now.who == module)
        return &record->now;
    for (unsigned k = record->seats; k-- > 0;)
        if (record->below[k].state == SEAT_WITH && record->below[k].who == module)
            return &record->below[k];
    return NULL;
}

static void
give_back(struct verify *verify, struct gate_call *call)
{
    const struct parcel *parcel = call->scratch[SCRATCH_CHAIN];

    for (UINT i = 0; parcel && i < parcel->count; i++) {
        struct record *record = hand_packet_record(verify, parcel->packets[i]);
        const struct module *who =
            record && record->now.state == SEAT_WITH ? record->now.who : NULL;

        if (who && who->driver == call->driver && --record->now.owed == 0)
            hand_packet_give_back(verify, record, call->import->name);
    }
}

static void
given_back(struct verify *verify, struct gate_call *call)
{
    hand_parcel_end(verify, call->scratch[SCRATCH_CHAIN]);
}

static void
arrive(struct verify *verify, struct gate_call *call)
{
    hand_arrive(verify, call, 1);
}

static void
arrive_on_vc(struct verify *verify, struct gate_call *call)
{
    hand_arrive(verify, call, 2);
}

static void
restore(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->args[1] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
}

static void
restore_on_vc(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->args[2] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
}

/* The protocol has said how often. The packet is still undis', even when all of that has happened. */
static void
arrived(struct verify *verify, struct gate_call *call)
{
    struct record *record =
        verify->hands_over ? hand_packet_record(verify, call->scratch[SCRATCH_CHAIN]) : NULL;
    struct seat *seat = record ? seat_of(record, call->module) : NULL;

    if (!seat)
        return;
    seat->owed += (int32_t)call->result - UNDECIDED;
    if (seat == &record->now && seat->owed <= 0)
        hand_packet_give_back(verify, record, call->handler->name);
}

static void
come_back(struct verify *verify, struct gate_call *call)
{
    hand_come_back(verify, call, 1);
}

const struct check hand_show_first_imports[] = {
    {"NdisMCoIndicateReceivePacket", look_array, NULL},
    {"NdisReturnPackets", look_returns, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_show_imports[] = {
    {"NdisMCoIndicateReceivePacket", indicate, indicated},
    {"NdisReturnPackets", give_back, given_back},
    {NULL, NULL, NULL},
};

const struct check hand_show_first_handlers[] = {
    {"NdisMIndicateReceivePacket", look_array, NULL},
    {"ProtocolReceivePacket", NULL, restore},
    {"ProtocolCoReceivePacket", NULL, restore_on_vc},
    {NULL, NULL, NULL},
};

const struct check hand_show_handlers[] = {
    {"NdisMIndicateReceivePacket", indicate, indicated},
    {"ProtocolReceivePacket", arrive, arrived},
    {"ProtocolCoReceivePacket", arrive_on_vc, arrived},
    {"MiniportReturnPacket", come_back, NULL},
    {NULL, NULL, NULL},
};
