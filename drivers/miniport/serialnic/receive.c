/* SPDX-License-Identifier: MIT */
/*
 * Receiving: the port's callback copies frames into the ring, the timer indicates them. A packet
 * whose status is NDIS_STATUS_PENDING after the indication comes back by MiniportReturnPacket; the
 * last ones are only shown, with NDIS_STATUS_RESOURCES.
 */
#include "serialnic.h"

#define RESERVE GROUP

static PNDIS_PACKET *
NextOf(PNDIS_PACKET Packet)
{
    return (PNDIS_PACKET *)Packet->MiniportReserved;
}

static VOID
Put(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    *NextOf(Packet) = Adapter->Free;
    Adapter->Free = Packet;
    Adapter->FreeCount++;
}

static NDIS_STATUS
MakePacket(ADAPTER *Adapter, PUCHAR Memory)
{
    NDIS_STATUS Status;
    PNDIS_PACKET Packet;
    PNDIS_BUFFER Buffer;

    NdisAllocatePacket(&Status, &Packet, Adapter->PacketPool);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisAllocateBuffer(&Status, &Buffer, Adapter->BufferPool, Memory, FRAME_ROOM);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisFreePacket(Packet);
        return Status;
    }
    NdisChainBufferAtFront(Packet, Buffer);
    NDIS_SET_PACKET_HEADER_SIZE(Packet, NIC5_ETHERNET);
    Put(Adapter, Packet);
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
ReceiveInitialize(ADAPTER *Adapter)
{
    NDIS_STATUS Status;
    ULONG i;

    if (NdisAllocateMemoryWithTag((PVOID *)&Adapter->Ring, RING * sizeof(FRAME), TAG) !=
            NDIS_STATUS_SUCCESS ||
        NdisAllocateMemoryWithTag((PVOID *)&Adapter->Memory, PACKETS * FRAME_ROOM, TAG) !=
            NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    NdisAllocatePacketPool(&Status, &Adapter->PacketPool, PACKETS, 0);
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocateBufferPool(&Status, &Adapter->BufferPool, PACKETS);
    for (i = 0; i < PACKETS && Status == NDIS_STATUS_SUCCESS; i++)
        Status = MakePacket(Adapter, Adapter->Memory + i * FRAME_ROOM);
    return Status;
}

VOID
ReceiveFree(ADAPTER *Adapter)
{
    PNDIS_BUFFER Buffer;

    while (Adapter->Free != NULL) {
        PNDIS_PACKET Packet = Adapter->Free;

        Adapter->Free = *NextOf(Packet);
        NdisUnchainBufferAtFront(Packet, &Buffer);
        NdisFreeBuffer(Buffer);
        NdisFreePacket(Packet);
    }
    if (Adapter->BufferPool != NULL)
        NdisFreeBufferPool(Adapter->BufferPool);
    if (Adapter->PacketPool != NULL)
        NdisFreePacketPool(Adapter->PacketPool);
    if (Adapter->Memory != NULL)
        NdisFreeMemory(Adapter->Memory, 0, 0);
    if (Adapter->Ring != NULL)
        NdisFreeMemory(Adapter->Ring, 0, 0);
}

/* Frames wait in the port while a whole batch would not fit. */
VOID
SerialReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    BOOLEAN Hold;
    ULONG i;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (i = 0; i < Count; i++) {
        FRAME *Frame = &Adapter->Ring[(Adapter->First + Adapter->Count) % RING];

        if (Frames[i].Length < NIC5_ETHERNET || Frames[i].Length > FRAME_ROOM ||
            Adapter->Count == RING) {
            Adapter->Nic.NoBuffer++;
            continue;
        }
        Frame->Length = Frames[i].Length;
        NdisMoveMemory(Frame->Data, Frames[i].Data, Frames[i].Length);
        Adapter->Count++;
    }
    Hold = Adapter->Count + UNDIS_PORT_BATCH > RING;
    Adapter->Held = Hold;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Hold)
        Adapter->Nic.Port.Hold(Adapter->Nic.Port.Context, TRUE);
    NdisMSetTimer(&Adapter->Timer, 0);
}

/* The next frame that is wanted, copied into a packet; NULL when there is none. */
static PNDIS_PACKET
TakeFrame(ADAPTER *Adapter)
{
    PNDIS_PACKET Packet = Adapter->Free;
    FRAME *Frame = NULL;
    PNDIS_BUFFER Buffer;
    PVOID Data;
    UINT Length;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    while (Packet != NULL && Adapter->Count > 0) {
        Frame = &Adapter->Ring[Adapter->First];
        if (Nic5Wants(&Adapter->Nic, Frame->Data))
            break;
        Adapter->First = (Adapter->First + 1) % RING;
        Adapter->Count--;
        Frame = NULL;
    }
    if (Frame != NULL) {
        NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
        NdisAdjustBufferLength(Buffer, Frame->Length);
        NdisRecalculatePacketCounts(Packet);
        NdisQueryBufferSafe(Buffer, &Data, &Length, NormalPagePriority);
        NdisMoveMemory(Data, Frame->Data, Frame->Length);
        Adapter->First = (Adapter->First + 1) % RING;
        Adapter->Count--;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Frame == NULL)
        return NULL;
    Adapter->Free = *NextOf(Packet);
    Adapter->FreeCount--;
    return Packet;
}

static ULONG
Collect(ADAPTER *Adapter, PNDIS_PACKET *Packets)
{
    ULONG Count = 0;

    while (Count < GROUP) {
        NDIS_STATUS Status =
            Adapter->FreeCount > RESERVE ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;

        Packets[Count] = TakeFrame(Adapter);
        if (Packets[Count] == NULL)
            break;
        NDIS_SET_PACKET_STATUS(Packets[Count], Status);
        Count++;
    }
    return Count;
}

/* Everything in the ring goes up; then the port may go on. */
VOID
ReceiveRing(ADAPTER *Adapter)
{
    PNDIS_PACKET Packets[GROUP];
    BOOLEAN Held;
    ULONG Count, i;

    while ((Count = Collect(Adapter, Packets)) > 0) {
        Adapter->Nic.Received += Count;
        NdisMIndicateReceivePacket(Adapter->Nic.Handle, Packets, Count);
        for (i = 0; i < Count; i++) {
            if (NDIS_GET_PACKET_STATUS(Packets[i]) != NDIS_STATUS_PENDING)
                Put(Adapter, Packets[i]);
        }
    }
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Held = Adapter->Held && Adapter->Count == 0;
    if (Held)
        Adapter->Held = FALSE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Held)
        Adapter->Nic.Port.Hold(Adapter->Nic.Port.Context, FALSE);
}

/* What waits in the ring for want of a packet can go on. */
VOID
SerialReturnPacket(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    BOOLEAN More;

    Put(Adapter, Packet);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    More = Adapter->Count > 0;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (More)
        NdisMSetTimer(&Adapter->Timer, 0);
}
