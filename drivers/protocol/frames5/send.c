/* SPDX-License-Identifier: MIT */
/* From the port to the adapter. */
#include "frames5.h"

/* The packet is as it came back: only what a send needs is set anew. */
static VOID
Fill(BUFFER *Buffer, const UNDIS_PORT_RECEIVE *Frame)
{
    NdisMoveMemory(Buffer->Data, Frame->Data, Frame->Length);
    NdisAdjustBufferLength(Buffer->Whole, Frame->Length);
    NdisRecalculatePacketCounts(Buffer->Packet);
    NdisZeroMemory(NDIS_OOB_DATA_FROM_PACKET(Buffer->Packet), sizeof(NDIS_PACKET_OOB_DATA));
}

/* Takes a packet for each frame; NULL for one that is too long or comes too late. A batch always
 * fits: with fewer free packets the port would have been held. */
static VOID
Take(BINDING *Binding, const UNDIS_PORT_RECEIVE *Frames, ULONG Count, BUFFER **Buffers)
{
    ULONG i;

    NdisDprAcquireSpinLock(&Binding->Lock);
    for (i = 0; i < Count; i++) {
        Buffers[i] = NULL;
        if (Frames[i].Length > Binding->Mtu + HEADER_SIZE || Binding->Free == NULL ||
            Binding->Closing) {
            Binding->NotSent++;
            continue;
        }
        Buffers[i] = Binding->Free;
        Binding->Free = Buffers[i]->Next;
        Binding->FreeCount--;
        Binding->Outstanding++;
        Binding->Sent++;
    }
    PoolUpdateHold(Binding);
    NdisDprReleaseSpinLock(&Binding->Lock);
}

VOID
Frames5FromPort(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    BINDING *Binding = Context;
    PNDIS_PACKET Packets[UNDIS_PORT_BATCH];
    BUFFER *Buffers[UNDIS_PORT_BATCH];
    ULONG Ready = 0, i;
    NDIS_STATUS Status;

    Take(Binding, Frames, Count, Buffers);
    for (i = 0; i < Count; i++) {
        if (Buffers[i] == NULL)
            continue;
        Fill(Buffers[i], &Frames[i]);
        Packets[Ready++] = Buffers[i]->Packet;
    }
    if (Ready > 1) {
        NdisSendPackets(Binding->Handle, Packets, Ready);
    } else if (Ready == 1) {
        NdisSend(&Status, Binding->Handle, Packets[0]);
        if (Status != NDIS_STATUS_PENDING)
            Frames5SendComplete(Binding, Packets[0], Status);
    }
}

VOID
Frames5SendComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    BINDING *Binding = ProtocolBindingContext;

    if (Status != NDIS_STATUS_SUCCESS) {
        NdisAcquireSpinLock(&Binding->Lock);
        Binding->SendErrors++;
        NdisReleaseSpinLock(&Binding->Lock);
    }
    PoolPut(Binding, *(BUFFER **)Packet->ProtocolReserved, &Binding->Free);
}
