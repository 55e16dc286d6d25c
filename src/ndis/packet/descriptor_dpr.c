/* SPDX-License-Identifier: MIT */
/* NDIS_PACKETs of drivers, the calls that few use: at DISPATCH_LEVEL, about a pool, cancel ids. */
#include "ndis/packet/descriptor.h"

static void
require_dispatch(const char *caller)
{
    if (irql_now() != DISPATCH_LEVEL)
        gate_bug_check("irql-function-table", "%s called at IRQL %u", caller, irql_now());
}

/*
 * NdisDprAllocatePacket - takes a packet from a pool, at DISPATCH_LEVEL
 *
 * @Status:     NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @Packet:     the packet, NULL when there is none.
 * @PoolHandle: from NdisAllocatePacketPool or NdisAllocatePacketPoolEx.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the packet is the caller's until it frees it.
 * Errors:    see @Status.
 * Source:    ddk3790:NdisXD_E_172b5217-9803-40ee-87c0-00b7b3d118ef.xml.htm
 */
VOID
NdisDprAllocatePacket(PNDIS_STATUS Status, PNDIS_PACKET *Packet, NDIS_HANDLE PoolHandle)
{
    require_dispatch(__func__);
    NdisAllocatePacket(Status, Packet, PoolHandle);
}

/*
 * NdisDprAllocatePacketNonInterlocked - takes a packet from a pool, at DISPATCH_LEVEL
 *
 * @Status:     NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @Packet:     the packet, NULL when there is none.
 * @PoolHandle: from NdisAllocatePacketPool or NdisAllocatePacketPoolEx.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the packet is the caller's until it frees it. Calls for one pool do not overlap, as
 *            documented; here they may.
 * Errors:    see @Status.
 * Source:    ddk3790:NdisXD_E_9927433b-4a49-43c7-be3c-84a0c164c33f.xml.htm
 */
VOID
NdisDprAllocatePacketNonInterlocked(
    PNDIS_STATUS Status, PNDIS_PACKET *Packet, NDIS_HANDLE PoolHandle)
{
    require_dispatch(__func__);
    NdisAllocatePacket(Status, Packet, PoolHandle);
}

/*
 * NdisDprFreePacket - gives a packet back to its pool, at DISPATCH_LEVEL
 *
 * @Packet: from any of the calls that allocate one.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: takes the packet.
 * Errors:    as of NdisFreePacket.
 * Source:    ddk3790:NdisXD_E_eaa214cd-6c48-47bc-9d4e-b84e1188e3d6.xml.htm
 */
VOID
NdisDprFreePacket(PNDIS_PACKET Packet)
{
    require_dispatch(__func__);
    NdisFreePacket(Packet);
}

/*
 * NdisDprFreePacketNonInterlocked - gives a packet back to its pool, at DISPATCH_LEVEL
 *
 * @Packet: from any of the calls that allocate one.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: takes the packet. Calls for one pool do not overlap, as
 *            documented; here they may.
 * Errors:    as of NdisFreePacket.
 * Source:    ddk3790:NdisXD_E_74207556-1f72-4afc-8c1f-762edfaa0892.xml.htm
 */
VOID
NdisDprFreePacketNonInterlocked(PNDIS_PACKET Packet)
{
    require_dispatch(__func__);
    NdisFreePacket(Packet);
}

/*
 * NdisSetPacketCancelId - marks a packet, for NdisCancelSendPackets
 *
 * @Packet:   of the caller, before it is sent.
 * @CancelId: the high byte comes from NdisGeneratePartialCancelId.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXS__65017024-62ff-4da8-a8f4-04a8d1162ba7.xml.htm
 */
VOID
NdisSetPacketCancelId(PNDIS_PACKET Packet, PVOID CancelId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    NDIS_SET_PACKET_CANCEL_ID(Packet, CancelId);
}

/*
 * NdisGetPacketCancelId - the mark of a packet
 *
 * @Packet: given by whoever sends it.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NULL: it has none.
 * Source:    ddk3790:NdisXG_H_fee0a732-d33f-469e-9736-05cafbd61dfa.xml.htm
 */
PVOID
NdisGetPacketCancelId(PNDIS_PACKET Packet)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return NDIS_GET_PACKET_CANCEL_ID(Packet);
}
