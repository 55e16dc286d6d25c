/* SPDX-License-Identifier: MIT */
/*
 * Receiving: the port's frames are copied into packets and indicated at once. The last packets are
 * only shown, with NDIS_STATUS_RESOURCES; every other one comes back by MiniportReturnPacket, and
 * its status is not looked at in between.
 */
#include "desernic.h"

#define RESERVE UNDIS_PORT_BATCH

/* Under the lock, but for the start. */
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

    Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter->Memory, PACKETS * FRAME_ROOM, TAG);
    if (Status == NDIS_STATUS_SUCCESS)
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
}

/* A packet for a frame that is wanted, NULL otherwise; it may be the caller's own again at once
 * when *@Status says NDIS_STATUS_RESOURCES. */
static PNDIS_PACKET
Take(ADAPTER *Adapter, const UNDIS_PORT_RECEIVE *Frame, NDIS_STATUS *Status)
{
    PNDIS_PACKET Packet = NULL;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    if (Frame->Length < NIC5_ETHERNET || Frame->Length > FRAME_ROOM || Adapter->Free == NULL) {
        Adapter->Nic.NoBuffer++;
    } else if (Nic5Wants(&Adapter->Nic, Frame->Data)) {
        Packet = Adapter->Free;
        Adapter->Free = *NextOf(Packet);
        *Status = --Adapter->FreeCount < RESERVE ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS;
        Adapter->Nic.Received++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    return Packet;
}

static VOID
Fill(PNDIS_PACKET Packet, const UNDIS_PORT_RECEIVE *Frame)
{
    PNDIS_BUFFER Buffer;
    PVOID Data;
    UINT Length;

    NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
    NdisAdjustBufferLength(Buffer, Frame->Length);
    NdisRecalculatePacketCounts(Packet);
    NdisQueryBufferSafe(Buffer, &Data, &Length, NormalPagePriority);
    NdisMoveMemory(Data, Frame->Data, Frame->Length);
}

VOID
DeserReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    PNDIS_PACKET Packets[UNDIS_PORT_BATCH];
    NDIS_STATUS Status;
    ULONG i, Taken = 0, Shown = 0;

    for (i = 0; i < Count; i++) {
        PNDIS_PACKET Packet = Take(Adapter, &Frames[i], &Status);

        if (Packet == NULL)
            continue;
        if (Shown > 0)
            Status = NDIS_STATUS_RESOURCES; /* behind one that is only shown all are */
        Shown += Status == NDIS_STATUS_RESOURCES;
        Fill(Packet, &Frames[i]);
        NDIS_SET_PACKET_STATUS(Packet, Status);
        Packets[Taken++] = Packet;
    }
    if (Taken == 0)
        return;
    NdisMIndicateReceivePacket(Adapter->Nic.Handle, Packets, Taken);
    for (i = Taken - Shown; i < Taken; i++)
        DeserReturnPacket(Adapter, Packets[i]);
}

VOID
DeserReturnPacket(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    NdisAcquireSpinLock(&Adapter->Lock);
    Put(Adapter, Packet);
    NdisReleaseSpinLock(&Adapter->Lock);
}
