/* SPDX-License-Identifier: MIT */
/* Sends of NDIS 3 to 5.1 protocols.
 *
 *     NdisSend, NdisSendPackets --wrapper--> hops, as any NBL --> ... the packet itself reaches an
 *                                                                  NDIS 5 miniport
 *     ProtocolSendComplete <--wrapper ends-- completion
 *
 * The packet and everything on it belong to NDIS until ProtocolSendComplete, or until NdisSend
 * answers with anything but NDIS_STATUS_PENDING.
 */
#include "ndis/packet/carrier.h"
#include "ndis/packet/descriptor.h"
#include "ndis/path/path.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_protocol.h"

struct module *
protocol5_of(NDIS_HANDLE handle, const char *caller)
{
    struct module *binding = path_module(handle, MODULE_BINDING, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!binding->binding5)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a protocol of NDIS 6, called %s",
            binding->driver->name, caller);
    return binding;
}

static uint64_t
packets_out(const struct module *binding)
{
    uint64_t out = 0;

    for (uint32_t i = 0; i < binding->machine->processor_count; i++) {
        const struct binding5_lane *lane = &binding->binding5->lanes[i];

        out += __atomic_load_n(&lane->lent, __ATOMIC_RELAXED) -
               __atomic_load_n(&lane->returned, __ATOMIC_RELAXED);
    }
    return out;
}

static bool
settled(const struct module *binding)
{
    struct module_lane sum = module_sum(binding);

    return sum.sent == sum.send_completed && packets_out(binding) == 0 &&
           __atomic_load_n(&binding->binding5->requests, __ATOMIC_ACQUIRE) == 0;
}

void
protocol5_look_whether_settled(struct module *binding)
{
    struct binding5 *own = binding->binding5;

    if (!settled(binding))
        return;
    __atomic_store_n(&own->settling, 0, __ATOMIC_RELEASE);
    executive_wake(binding->machine->executive, &own->settling, 1);
}

bool
protocol5_settle(struct module *binding, uint64_t deadline)
{
    struct executive *ex = binding->machine->executive;
    struct binding5 *own = binding->binding5;

    __atomic_store_n(&own->settling, 1, __ATOMIC_RELEASE);
    processor_grace(binding->machine);
    protocol5_look_whether_settled(binding);
    while (__atomic_load_n(&own->settling, __ATOMIC_ACQUIRE)) {
        executive_wait(ex, &own->settling, 1, deadline);
        if (executive_now(ex) >= deadline && __atomic_load_n(&own->settling, __ATOMIC_ACQUIRE))
            return false;
    }
    return true;
}

NDIS_STATUS
protocol5_final(NDIS_STATUS status)
{
    return status == NDIS_STATUS_PAUSED ? NDIS_STATUS_FAILURE : status;
}

static struct binding5_lane *
lane_of(const struct module *binding)
{
    return &binding->binding5->lanes[block_self->processor];
}

/* Whether the NdisSend of @packet is under way here and answers itself. */
static bool
answers(struct module *binding, PNDIS_PACKET packet, NDIS_STATUS status, ULONG flags)
{
    struct sending *sending = lane_of(binding)->sending;

    if (!(flags & SEND_COMPLETE_ANSWERED) || !sending || sending->packet != packet)
        return false;
    sending->status = status;
    return true;
}

void
protocol5_send_complete(NDIS_HANDLE module, PNET_BUFFER_LIST chain, ULONG flags)
{
    struct module *binding = module;

    while (chain) {
        PNET_BUFFER_LIST nbl = chain;
        NDIS_STATUS status = protocol5_final(NET_BUFFER_LIST_STATUS(nbl));
        PNDIS_PACKET packet;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        packet = wrapper_end(nbl);
        if (!answers(binding, packet, status, flags))
            call_packet_send_complete(binding, packet, status);
    }
    protocol5_back(binding);
}

void
protocol5_require_sendable(
    struct module *binding, void *source, PNDIS_PACKET packet, const char *caller)
{
    PNET_BUFFER_LIST flying = (PNET_BUFFER_LIST)packet->Reserved[0];

    if (!descriptor_of(packet) && !(packet->Private.NdisPacketFlags & fPACKET_ALLOCATED_BY_NDIS))
        gate_bug_check(
            descriptor_stripped(packet) ? "s5-zero-oob-not-packet" : "s5-packet-from-pool",
            "%s was given %p by %s, which is no packet of a pool", caller, (void *)packet,
            binding->driver->name);
    if (flying && flying->SourceHandle == source && flying->ProtocolReserved[0] == packet)
        gate_bug_check("s5-ownership-release", "%s sends a packet again that is still on its way",
            binding->driver->name);
}

/* An NBL for each packet, in their order; those for which there is no memory are answered. */
static PNET_BUFFER_LIST
wrap(struct module *binding, PPNDIS_PACKET packets, UINT count, UINT *made, const char *caller)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;

    *made = 0;
    for (UINT i = 0; i < count; i++) {
        PNET_BUFFER_LIST nbl;

        protocol5_require_sendable(binding, binding, packets[i], caller);
        nbl = wrapper_around(binding->binding5->wrappers, packets[i]);
        if (!nbl) {
            call_packet_send_complete(binding, packets[i], NDIS_STATUS_RESOURCES);
            continue;
        }
        nbl->SourceHandle = binding;
        *link = nbl;
        link = &nbl->Next;
        ++*made;
    }
    return first;
}

NDIS_STATUS
protocol5_send(NDIS_HANDLE module, PNDIS_PACKET packet)
{
    struct module *binding = protocol5_of(module, "NdisSend");
    struct sending sending = {NULL, packet, NDIS_STATUS_PENDING};
    struct binding5_lane *lane;
    PNET_BUFFER_LIST nbl;
    KIRQL irql;

    protocol5_require_sendable(binding, binding, packet, "NdisSend");
    nbl = wrapper_around(binding->binding5->wrappers, packet);
    if (!nbl)
        return NDIS_STATUS_RESOURCES;
    nbl->SourceHandle = binding;
    irql = path_enter();
    lane = lane_of(binding);
    sending.outer = lane->sending;
    lane->sending = &sending;
    send_below(binding, nbl, NDIS_DEFAULT_PORT_NUMBER, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    lane->sending = sending.outer;
    path_leave(irql);
    return sending.status;
}

/*
 * NdisSend - a protocol sends a packet
 *
 * @Status:            the final status, or NDIS_STATUS_PENDING.
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @Packet:            with its buffers chained.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with NDIS_STATUS_PENDING the packet and all on it are NDIS' until
 *            ProtocolSendComplete (perhaps before this returns); else they stay the protocol's.
 * Errors:    NDIS_STATUS_RESOURCES, or the miniport's status.
 * Source:    ddk3790:NdisXS__e778b887-9b10-439d-8c25-94bc3a4a41b1.xml.htm
 */
VOID
NdisSend(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, PNDIS_PACKET Packet)
{
    *Status = protocol5_send(NdisBindingHandle, Packet);
}

/*
 * NdisSendPackets - a protocol sends packets, in the order of the array
 *
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @PacketArray:       @NumberOfPackets packets.
 * @NumberOfPackets:   1 or more.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: each packet is NDIS' until ProtocolSendComplete, in any order, perhaps before this
 *            returns. The status in its out-of-band block means nothing meanwhile.
 * Errors:    told by ProtocolSendComplete.
 * Source:    ddk3790:NdisXS__e41b8d88-c8a7-407e-b169-4cd67fa11def.xml.htm
 */
VOID
NdisSendPackets(NDIS_HANDLE NdisBindingHandle, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    struct module *binding = protocol5_of(NdisBindingHandle, __func__);
    UINT made;
    KIRQL irql = path_enter();
    PNET_BUFFER_LIST chain = wrap(binding, PacketArray, NumberOfPackets, &made, __func__);

    if (chain)
        send_below(binding, chain, NDIS_DEFAULT_PORT_NUMBER, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    path_leave(irql);
}

/*
 * NdisCancelSendPackets - a protocol wants packets with a cancel id back soon
 *
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @CancelId:          as set by NdisSetPacketCancelId.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here; the packets come back through ProtocolSendComplete.
 * Errors:    none.
 * Source:    NF:ndis.NdisCancelSendPackets
 */
VOID
NdisCancelSendPackets(NDIS_HANDLE NdisBindingHandle, PVOID CancelId)
{
    NdisCancelSendNetBufferLists(protocol5_of(NdisBindingHandle, __func__), CancelId);
}
