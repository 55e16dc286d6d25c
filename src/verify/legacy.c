/* SPDX-License-Identifier: MIT */
/* Checks of what is of NDIS 5: its packets, and its drivers with the functions of NDIS 6. */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

/* What the out-of-band status of a packet is while it is on its way; no NDIS_STATUS. Who passes it
 * on has read what it must not: reading itself leaves no trace. */
#define VOLATILE_STATUS 0xC1D5A7E5u

static void
check_packet(struct verify *verify, const struct gate_call *call, const NDIS_PACKET *packet)
{
    if (fails(verify, RULE_PACKET_DROPPED, packet->Private.NdisPacketFlags & UNDIS_PACKET_DROPPED))
        broken(verify, RULE_PACKET_DROPPED, call, NULL, NULL, NULL,
            "%s called %s for a packet that it reinitialised with buffers on it: unless it has "
            "them "
            "from elsewhere, they are lost",
            call->driver->name, call->import->name);
}

static void
mark(struct verify *verify, PNDIS_PACKET packet)
{
    if (!packet_has_block(packet))
        return;
    NDIS_SET_PACKET_STATUS(packet, (NDIS_STATUS)VOLATILE_STATUS);
    verify->marked = true;
}

/* It is back, with @status: now the block may say so. */
static void
unmark(PNDIS_PACKET packet, NDIS_STATUS status)
{
    if (packet_has_block(packet) && NDIS_GET_PACKET_STATUS(packet) == (NDIS_STATUS)VOLATILE_STATUS)
        NDIS_SET_PACKET_STATUS(packet, status);
}

void
check_volatile(struct verify *verify, const struct gate_call *call)
{
    if (!verify->marked)
        return;
    for (unsigned k = 0; k < call->count; k++) {
        if (fails(verify, RULE_R5_NO_STATUS, (uint32_t)call->args[k] == VOLATILE_SHOWN))
            broken(verify, RULE_R5_NO_STATUS, call, NULL, NULL, NULL,
                "%s, which is deserialized, passes to %s the status of a packet that it indicated "
                "and that has not come back",
                call->driver->name, call->import->name);
        if (fails(verify, RULE_PACKET_STATUS, (uint32_t)call->args[k] == VOLATILE_STATUS))
            broken(verify, RULE_PACKET_STATUS, call, NULL, NULL, NULL,
                "%s passes to %s the status of a packet that was on its way: it is told by "
                "ProtocolSendComplete alone",
                call->driver->name, call->import->name);
    }
}

static void
packet_comes_back(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    unmark((PNDIS_PACKET)call->args[1], (NDIS_STATUS)call->args[2]);
}

static void
packet_comes_back_on_vc(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    unmark((PNDIS_PACKET)call->args[2], (NDIS_STATUS)call->args[0]);
}

static void
sent_packet(struct verify *verify, struct gate_call *call)
{
    NDIS_STATUS status = *(const NDIS_STATUS *)call->args[0];

    (void)verify;
    if (status != NDIS_STATUS_PENDING)
        unmark((PNDIS_PACKET)call->args[2], status);
}

static void
send_packet(struct verify *verify, struct gate_call *call)
{
    check_packet(verify, call, (const NDIS_PACKET *)call->args[2]);
    mark(verify, (PNDIS_PACKET)call->args[2]);
}

static void
send_packets(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];

    for (UINT i = 0; i < (UINT)call->args[2]; i++) {
        check_packet(verify, call, packets[i]);
        mark(verify, packets[i]);
    }
}

static void
free_packet(struct verify *verify, struct gate_call *call)
{
    check_packet(verify, call, (const NDIS_PACKET *)call->args[0]);
}

/* A function of NDIS 6 whose first argument is the handle of an adapter or a binding. */
static void
take_handle(struct verify *verify, struct gate_call *call)
{
    const struct module *module = (const void *)call->args[0];
    bool is_module = object_of(verify->machine, module, OBJECT_BINDING) ||
                     object_of(verify->machine, module, OBJECT_ADAPTER);

    if (fails(verify, RULE_GENERATION_6, is_module && module->registration->major < 6))
        broken(verify, RULE_GENERATION_6, call, NULL, NULL, NULL,
            "%s, a driver of NDIS %u.%u, called %s, which is of NDIS 6", call->driver->name,
            module->registration->major, module->registration->minor, call->import->name);
}

const struct check legacy_imports[] = {
    {"NdisSend", send_packet, sent_packet},
    {"NdisSendPackets", send_packets, NULL},
    {"NdisCoSendPackets", send_packets, NULL},
    {"NdisFreePacket", free_packet, NULL},
    {"NdisDprFreePacket", free_packet, NULL},
    {"NdisSendNetBufferLists", take_handle, NULL},
    {"NdisReturnNetBufferLists", take_handle, NULL},
    {"NdisCancelSendNetBufferLists", take_handle, NULL},
    {"NdisOidRequest", take_handle, NULL},
    {"NdisCancelOidRequest", take_handle, NULL},
    {"NdisDirectOidRequest", take_handle, NULL},
    {"NdisCloseAdapterEx", take_handle, NULL},
    {"NdisMSendNetBufferListsComplete", take_handle, NULL},
    {"NdisMIndicateReceiveNetBufferLists", take_handle, NULL},
    {"NdisMIndicateStatusEx", take_handle, NULL},
    {"NdisMOidRequestComplete", take_handle, NULL},
    {"NdisMPauseComplete", take_handle, NULL},
    {"NdisMRestartComplete", take_handle, NULL},
    {"NdisMSetMiniportAttributes", take_handle, NULL},
    {NULL, NULL, NULL},
};

const struct check legacy_handlers[] = {
    {"ProtocolSendComplete", packet_comes_back, NULL},
    {"ProtocolCoSendComplete", packet_comes_back_on_vc, NULL},
    {NULL, NULL, NULL},
};
