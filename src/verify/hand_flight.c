/* SPDX-License-Identifier: MIT */
/* Packets that are sent, or that data is transferred to, are handed over at another address. See
 * hand_packet.c.
 *
 *     NdisSend, NdisSendPackets, NdisTransferData             give        the giver's view is closed
 *     MiniportSend, MiniportSendPackets, MiniportTransferData arrive      open to the taker
 *     a final answer, NdisMSendComplete, NdisMTransferDataC.  give back   the taker's is closed
 *     ProtocolSendComplete, a final answer of the call        come back   open to the giver again
 *
 * On VCs: NdisCoSendPackets, MiniportCoSendPackets, NdisMCoSendComplete, ProtocolCoSendComplete.
 */
#include "verify/hand_packet.h"

#include "ndis/connection/connection.h"
#include "ndis/stack/legacy.h"

/* Calls. All look at what is never closed. */
static void
look(struct verify *verify, struct gate_call *call, unsigned k,
    PNDIS_PACKET (*home)(struct verify *verify, PNDIS_PACKET packet))
{
    call->scratch[SCRATCH_CHAIN] = (void *)call->args[k];
    call->args[k] = (uintptr_t)home(verify, (PNDIS_PACKET)call->args[k]);
}

static void
look_sent(struct verify *verify, struct gate_call *call)
{
    look(verify, call, 2, hand_packet_given);
}

static void
look_transferred(struct verify *verify, struct gate_call *call)
{
    look(verify, call, 5, hand_packet_given);
}

/* One that is on its way is looked at too. */
static void
look_freed(struct verify *verify, struct gate_call *call)
{
    look(verify, call, 0, hand_packet_home);
}

static void
look_completed(struct verify *verify, struct gate_call *call)
{
    look(verify, call, 1, hand_packet_home);
}

static void
look_completed_on_vc(struct verify *verify, struct gate_call *call)
{
    look(verify, call, 2, hand_packet_home);
}

void
hand_look_at_array(struct verify *verify, struct gate_call *call, unsigned k,
    PNDIS_PACKET (*home)(struct verify *verify, PNDIS_PACKET packet))
{
    PNDIS_PACKET *given = (PNDIS_PACKET *)call->args[k];
    struct parcel *parcel = hand_parcel(verify, given, (UINT)call->args[k + 1]);

    call->scratch[SCRATCH_CHAIN] = parcel;
    if (!parcel)
        return;
    for (UINT i = 0; i < parcel->count; i++)
        parcel->packets[i] = home(verify, given[i]);
    call->args[k] = (uintptr_t)parcel->packets;
}

static void
look_array(struct verify *verify, struct gate_call *call)
{
    hand_look_at_array(verify, call, 1, hand_packet_given);
}

static void
give(struct verify *verify, struct gate_call *call)
{
    if (verify->hands_over)
        hand_packet_give(verify, call, call->scratch[SCRATCH_CHAIN], false);
}

/* The answer came at once. When it did not, the packet may already be another one. */
static void
given(struct verify *verify, const struct gate_call *call, unsigned k)
{
    if (verify->hands_over && *(const NDIS_STATUS *)call->args[0] != NDIS_STATUS_PENDING)
        hand_packet_come_back(
            verify, call->driver, (PNDIS_PACKET)call->args[k], call->import->name);
}

static void
sent(struct verify *verify, struct gate_call *call)
{
    given(verify, call, 2);
}

static void
transferred(struct verify *verify, struct gate_call *call)
{
    given(verify, call, 5);
}

static void
give_array(struct verify *verify, struct gate_call *call)
{
    const struct parcel *parcel = call->scratch[SCRATCH_CHAIN];

    for (UINT i = 0; parcel && i < parcel->count; i++)
        hand_packet_give(verify, call, parcel->given[i], false);
}

static void
sent_array(struct verify *verify, struct gate_call *call)
{
    hand_parcel_end(verify, call->scratch[SCRATCH_CHAIN]);
}

static void
give_back(struct verify *verify, const struct gate_call *call, const struct module *module,
    PNDIS_PACKET packet)
{
    struct record *record = verify->hands_over ? hand_packet_with(verify, module, packet) : NULL;

    if (record)
        hand_packet_give_back(verify, record, call->import->name);
}

static void
complete(struct verify *verify, struct gate_call *call)
{
    give_back(verify, call, (const void *)call->args[0], (PNDIS_PACKET)call->args[1]);
}

static void
complete_on_vc(struct verify *verify, struct gate_call *call)
{
    const struct co_vc *vc = (const void *)call->args[1];

    if (object_of(verify->machine, vc, OBJECT_VC))
        give_back(verify, call, vc->miniport, (PNDIS_PACKET)call->args[2]);
}

void
hand_packet_taken_back(struct verify *verify, const void *packet)
{
    struct record *record = verify->hands_over ? hand_packet_record(verify, packet) : NULL;

    if (record && record->now.state == SEAT_WITH)
        hand_packet_give_back(verify, record, "MiniportReset");
}

const struct check hand_flight_first_imports[] = {
    {"NdisSend", look_sent, NULL},
    {"NdisSendPackets", look_array, NULL},
    {"NdisCoSendPackets", look_array, NULL},
    {"NdisMSendComplete", look_completed, NULL},
    {"NdisMCoSendComplete", look_completed_on_vc, NULL},
    {"NdisFreePacket", look_freed, NULL},
    {"NdisDprFreePacket", look_freed, NULL},
    {"NdisTransferData", look_transferred, NULL},
    {"NdisMTransferDataComplete", look_completed, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_flight_imports[] = {
    {"NdisSend", give, sent},
    {"NdisSendPackets", give_array, sent_array},
    {"NdisCoSendPackets", give_array, sent_array},
    {"NdisMSendComplete", complete, NULL},
    {"NdisMCoSendComplete", complete_on_vc, NULL},
    {"NdisTransferData", give, transferred},
    {"NdisMTransferDataComplete", complete, NULL},
    {NULL, NULL, NULL},
};

/* Handlers. The others look at what undis has. */
void
hand_arrive(struct verify *verify, struct gate_call *call, unsigned k)
{
    call->scratch[SCRATCH_CHAIN] = (void *)call->args[k];
    if (verify->hands_over)
        call->args[k] = (uintptr_t)hand_packet_arrive(verify, call, (PNDIS_PACKET)call->args[k]);
}

static void
arrive_first(struct verify *verify, struct gate_call *call)
{
    hand_arrive(verify, call, 0);
}

static void
arrive_second(struct verify *verify, struct gate_call *call)
{
    hand_arrive(verify, call, 1);
}

static void
restore_first(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->args[0] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
}

static void
restore_second(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->args[1] = (uintptr_t)call->scratch[SCRATCH_CHAIN];
}

/* A packet that was pended may be its sender's again. */
static void
arrived(struct verify *verify, struct gate_call *call)
{
    struct record *record = NULL;

    if (verify->hands_over && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        record = hand_packet_with(verify, call->module, call->scratch[SCRATCH_CHAIN]);
    if (record)
        hand_packet_give_back(verify, record, call->handler->name);
}

static void
arrive_array(struct verify *verify, struct gate_call *call)
{
    PNDIS_PACKET *given = (PNDIS_PACKET *)call->args[1];
    struct parcel *parcel = hand_parcel(verify, given, (UINT)call->args[2]);

    call->scratch[SCRATCH_CHAIN] = given;
    call->scratch[SCRATCH_HAND] = parcel;
    if (!parcel)
        return;
    for (UINT i = 0; i < parcel->count; i++)
        parcel->packets[i] = hand_packet_arrive(verify, call, given[i]);
    call->args[1] = (uintptr_t)parcel->packets;
}

/* A serialized miniport says in each packet what became of it. */
static void
arrived_array(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = call->module;
    struct parcel *parcel = call->scratch[SCRATCH_HAND];
    bool serialized = miniport->legacy && !miniport->legacy->serial.off;

    for (UINT i = 0; serialized && parcel && i < parcel->count; i++) {
        struct record *record = hand_packet_with(verify, miniport, parcel->given[i]);

        if (record && NDIS_GET_PACKET_STATUS(hand_packet_of(verify, record)) != NDIS_STATUS_PENDING)
            hand_packet_give_back(verify, record, call->handler->name);
    }
    hand_parcel_end(verify, parcel);
}

void
hand_come_back(struct verify *verify, struct gate_call *call, unsigned k)
{
    if (verify->hands_over)
        call->args[k] = (uintptr_t)hand_packet_come_back(
            verify, call->driver, (PNDIS_PACKET)call->args[k], call->handler->name);
}

static void
come_back(struct verify *verify, struct gate_call *call)
{
    hand_come_back(verify, call, 1);
}

static void
come_back_on_vc(struct verify *verify, struct gate_call *call)
{
    hand_come_back(verify, call, 2);
}

const struct check hand_flight_first_handlers[] = {
    {"MiniportSend", NULL, restore_second},
    {"MiniportSendPackets", NULL, restore_second},
    {"MiniportCoSendPackets", NULL, restore_second},
    {"MiniportTransferData", NULL, restore_first},
    {NULL, NULL, NULL},
};

const struct check hand_flight_handlers[] = {
    {"MiniportSend", arrive_second, arrived},
    {"MiniportSendPackets", arrive_array, arrived_array},
    {"MiniportCoSendPackets", arrive_array, arrived_array},
    {"MiniportTransferData", arrive_first, arrived},
    {"ProtocolSendComplete", come_back, NULL},
    {"ProtocolCoSendComplete", come_back_on_vc, NULL},
    {"ProtocolTransferDataComplete", come_back, NULL},
    {NULL, NULL, NULL},
};
