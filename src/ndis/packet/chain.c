/* SPDX-License-Identifier: MIT */
/* The buffers of a packet: taking them out, finding the first, copying what they hold. */
#include "ndis/packet/pool.h"
#include <string.h>

/*
 * NdisUnchainBufferAtFront - takes a packet's first buffer out
 *
 * @Packet: of the caller.
 * @Buffer: gets the descriptor, NULL when there is none.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the descriptor is the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisUnchainBufferAtFront
 */
VOID
NdisUnchainBufferAtFront(PNDIS_PACKET Packet, PNDIS_BUFFER *Buffer)
{
    NDIS_PACKET_PRIVATE *private = &Packet->Private;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Buffer = private->Head;
    if (!private->Head)
        return;
    private->Head = (*Buffer)->Next;
    (*Buffer)->Next = NULL;
    private->ValidCounts = FALSE;
}

/*
 * NdisUnchainBufferAtBack - takes a packet's last buffer out
 *
 * @Packet: of the caller.
 * @Buffer: gets the descriptor, NULL when there is none.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the descriptor is the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisUnchainBufferAtBack
 */
VOID
NdisUnchainBufferAtBack(PNDIS_PACKET Packet, PNDIS_BUFFER *Buffer)
{
    NDIS_PACKET_PRIVATE *private = &Packet->Private;
    PNDIS_BUFFER *link = &private->Head, before = NULL;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Buffer = NULL;
    if (!private->Head)
        return;
    for (; (*link)->Next; link = &(*link)->Next)
        before = *link;
    *Buffer = *link;
    *link = NULL;
    private->Tail = before;
    private->ValidCounts = FALSE;
}

/*
 * NdisGetFirstBufferFromPacketSafe - a packet's first buffer, where it is, and how long all are
 *
 * @Packet:            a packet.
 * @FirstBuffer:       gets the descriptor, NULL when there is none.
 * @FirstBufferVA:     gets its system address.
 * @FirstBufferLength: bytes of the first.
 * @TotalBufferLength: bytes of all.
 * @Priority:          of the mapping.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    *@FirstBufferVA is NULL when it cannot be mapped.
 * Source:    ddk3790:NdisXG_H_bf5de5e6-a1be-4cbc-bf32-27b47d0b9655.xml.htm
 */
VOID
NdisGetFirstBufferFromPacketSafe(PNDIS_PACKET Packet, PNDIS_BUFFER *FirstBuffer,
    PVOID *FirstBufferVA, PUINT FirstBufferLength, PUINT TotalBufferLength,
    MM_PAGE_PRIORITY Priority)
{
    PNDIS_BUFFER first = Packet->Private.Head;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *FirstBuffer = first;
    *FirstBufferVA = first ? MmGetSystemAddressForMdlSafe(first, Priority) : NULL;
    *FirstBufferLength = first ? MmGetMdlByteCount(first) : 0;
    *TotalBufferLength = 0;
    for (; first; first = first->Next)
        *TotalBufferLength += MmGetMdlByteCount(first);
}

/*
 * NdisGetFirstBufferFromPacket - a packet's first buffer, where it is, and how long all are
 *
 * @_Packet:            a packet.
 * @_FirstBuffer:       gets the descriptor, NULL when there is none.
 * @_FirstBufferVA:     gets its system address.
 * @_FirstBufferLength: bytes of the first.
 * @_TotalBufferLength: bytes of all.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    *@_FirstBufferVA is NULL when it cannot be mapped.
 * Source:    ddk3790:NdisXG_H_5ec06463-3f7a-47d4-ba6e-afd7e8821294.xml.htm
 */
VOID
NdisGetFirstBufferFromPacket(PNDIS_PACKET _Packet, PNDIS_BUFFER *_FirstBuffer,
    PVOID *_FirstBufferVA, PUINT _FirstBufferLength, PUINT _TotalBufferLength)
{
    NdisGetFirstBufferFromPacketSafe(_Packet, _FirstBuffer, _FirstBufferVA, _FirstBufferLength,
        _TotalBufferLength, HighPagePriority);
}

/* A place in a chain of buffers. */
struct place {
    PMDL mdl;
    SIZE_T offset;
};

/* Where the place is and how many bytes follow in its buffer; NULL at the end of the chain, or
 * when the buffer cannot be mapped. */
static PUCHAR
bytes_at(struct place *place, ULONG priority, UINT *count)
{
    PUCHAR start;

    while (place->mdl && place->offset >= MmGetMdlByteCount(place->mdl)) {
        place->offset -= MmGetMdlByteCount(place->mdl);
        place->mdl = place->mdl->Next;
    }
    if (!place->mdl)
        return NULL;
    *count = MmGetMdlByteCount(place->mdl) - (UINT)place->offset;
    start = MmGetSystemAddressForMdlSafe(place->mdl, priority);
    return start ? start + place->offset : NULL;
}

/*
 * NdisCopyFromPacketToPacketSafe - copies bytes of one packet's buffers into another's
 *
 * @Destination:       with buffers.
 * @DestinationOffset: where to begin in them.
 * @BytesToCopy:       bytes.
 * @Source:            with buffers.
 * @SourceOffset:      where to begin in them.
 * @BytesCopied:       how many it were: less when either ends, or cannot be mapped.
 * @Priority:          of the mapping.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    see @BytesCopied.
 * Source:    NF:ndis.NdisCopyFromPacketToPacketSafe
 */
VOID
NdisCopyFromPacketToPacketSafe(PNDIS_PACKET Destination, UINT DestinationOffset, UINT BytesToCopy,
    PNDIS_PACKET Source, UINT SourceOffset, PUINT BytesCopied, MM_PAGE_PRIORITY Priority)
{
    struct place to = {Destination->Private.Head, DestinationOffset};
    struct place from = {Source->Private.Head, SourceOffset};

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *BytesCopied = 0;
    while (*BytesCopied < BytesToCopy) {
        UINT room = 0, have = 0, here = BytesToCopy - *BytesCopied;
        PUCHAR target = bytes_at(&to, Priority, &room);
        PUCHAR source = bytes_at(&from, Priority, &have);

        if (!target || !source)
            return;
        here = min(here, min(room, have));
        memmove(target, source, here);
        *BytesCopied += here;
        to.offset += here;
        from.offset += here;
    }
}

/*
 * NdisCopyFromPacketToPacket - copies bytes of one packet's buffers into another's
 *
 * @Destination:       with buffers.
 * @DestinationOffset: where to begin in them.
 * @BytesToCopy:       bytes.
 * @Source:            with buffers.
 * @SourceOffset:      where to begin in them.
 * @BytesCopied:       how many it were: less when either ends, or cannot be mapped.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    see @BytesCopied.
 * Source:    ddk3790:NdisXC_4caf47f6-d378-4d1a-876f-66698f9ff926.xml.htm
 */
VOID
NdisCopyFromPacketToPacket(PNDIS_PACKET Destination, UINT DestinationOffset, UINT BytesToCopy,
    PNDIS_PACKET Source, UINT SourceOffset, PUINT BytesCopied)
{
    NdisCopyFromPacketToPacketSafe(Destination, DestinationOffset, BytesToCopy, Source,
        SourceOffset, BytesCopied, NormalPagePriority);
}
