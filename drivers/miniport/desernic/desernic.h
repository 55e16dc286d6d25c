/* SPDX-License-Identifier: MIT */
/*
 * desernic: a deserialized miniport of NDIS 5.1 on a port. Its functions run at the same time on
 * several processors; it queues sends itself and completes all of them by NdisMSendComplete.
 *
 *     MiniportSendPackets --> queue --the first who finds it idle--> port --> NdisMSendComplete
 *     port --> packets --> NdisMIndicateReceivePacket; they come back by MiniportReturnPacket
 *
 * One lock guards the queue and the free packets; it is not held across calls of NDIS or the port.
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include "../../nic5.h"

#define TAG        0x6E736544u /* "Desn" */
#define PACKETS    256u
#define FRAME_ROOM 2048u

typedef struct _ADAPTER {
    NIC5 Nic; /* first */
    NDIS_HANDLE PacketPool, BufferPool;
    PUCHAR Memory; /* FRAME_ROOM bytes for each packet */
    BOOLEAN PortOpen;

    NDIS_SPIN_LOCK Lock; /* guards what follows */
    PNDIS_PACKET Free;   /* through MiniportReserved, as the queue */
    ULONG FreeCount;
    PNDIS_PACKET First, Last; /* sends that wait */
    BOOLEAN Sending, Again;   /* somebody offers them to the port; he looks once more */
} ADAPTER;

static PNDIS_PACKET *
NextOf(PNDIS_PACKET Packet)
{
    return (PNDIS_PACKET *)Packet->MiniportReserved;
}

/* send.c */
VOID DeserSendPackets(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);
VOID DeserCancelSendPackets(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId);
VOID SendAbort(ADAPTER *Adapter, NDIS_STATUS Status);
UNDIS_PORT_READY DeserReady;

/* receive.c */
NDIS_STATUS ReceiveInitialize(ADAPTER *Adapter);
VOID ReceiveFree(ADAPTER *Adapter);
UNDIS_PORT_RECEIVED DeserReceived;
VOID DeserReturnPacket(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet);
