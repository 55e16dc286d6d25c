/* SPDX-License-Identifier: MIT */
/*
 * serialnic: a serialized miniport of NDIS 5.1 on a port. NDIS calls one of its functions at a time
 * and queues its sends, so nothing here locks but what it shares with the port's callbacks.
 *
 *     MiniportSend --> port; the port is full: NDIS_STATUS_RESOURCES, and when it is ready again
 *                      NdisMSendResourcesAvailable
 *     port --> ring of copies --timer--> packets --> NdisMIndicateReceivePacket
 *
 * The timer stands for an interrupt's DPC: it is where a serialized miniport may indicate.
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include "../../nic5.h"

#define TAG        0x6E726553u /* "Sern" */
#define RING       128u        /* frames that wait for the timer */
#define PACKETS    64u
#define GROUP      16u /* packets of one indication */
#define FRAME_ROOM 2048u

typedef struct _FRAME {
    ULONG Length;
    UCHAR Data[FRAME_ROOM];
} FRAME;

typedef struct _ADAPTER {
    NIC5 Nic; /* first */
    NDIS_HANDLE PacketPool, BufferPool;
    PNDIS_PACKET Free; /* through MiniportReserved */
    ULONG FreeCount;
    PUCHAR Memory;             /* FRAME_ROOM bytes for each packet */
    NDIS_MINIPORT_TIMER Timer; /* the "interrupt" */
    BOOLEAN PortOpen, Full;    /* Full: a send was answered NDIS_STATUS_RESOURCES */

    NDIS_SPIN_LOCK Lock; /* guards what follows: the port's callbacks use it */
    FRAME *Ring;
    ULONG First, Count;
    BOOLEAN Held, Ready, LinkUp, LinkChanged;
} ADAPTER;

/* receive.c */
NDIS_STATUS ReceiveInitialize(ADAPTER *Adapter);
VOID ReceiveFree(ADAPTER *Adapter);
VOID ReceiveRing(ADAPTER *Adapter);
UNDIS_PORT_RECEIVED SerialReceived;
VOID SerialReturnPacket(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet);
