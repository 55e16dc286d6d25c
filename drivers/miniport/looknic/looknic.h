/* SPDX-License-Identifier: MIT */
/*
 * looknic: a miniport of NDIS 4 that indicates by look-ahead, as Ethernet, token ring or FDDI
 * (keyword Medium: 0, 1, 2). The port carries Ethernet in each case; for the others the header is
 * exchanged, and the type moves into an LLC/SNAP header.
 *
 *     port      DA SA type payload
 *     802.5     AC FC DA SA  AA AA 03 00 00 00 type payload
 *     FDDI      FC DA SA     AA AA 03 00 00 00 type payload
 *
 * Addresses keep the order of bits that the port has.
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS40_MINIPORT      1

#include "../../nic5.h"

#define TAG        0x6B6F6F4Cu /* "Look" */
#define RING       128u        /* frames that wait for the timer */
#define FRAME_ROOM 2048u
#define SNAP_SIZE  6u /* what stands before the type */

typedef struct _FRAME {
    ULONG Length;
    UCHAR Data[FRAME_ROOM];
} FRAME;

typedef struct _ADAPTER {
    NIC5 Nic; /* first */
    const struct _MEDIUM *Medium;
    NDIS_MINIPORT_TIMER Timer; /* where it may indicate */
    BOOLEAN PortOpen, Full;
    FRAME Shown;             /* what is indicated just now, as the medium has it */
    FRAME Sent;              /* a send as the port has it */
    PNDIS_BUFFER SendBuffer; /* over Sent.Data */
    NDIS_HANDLE BufferPool;

    NDIS_SPIN_LOCK Lock; /* guards what follows: the port's callbacks use it */
    FRAME *Ring;
    ULONG First, Count;
    BOOLEAN Held, Ready;
} ADAPTER;

typedef struct _MEDIUM {
    NDIS_MEDIUM Medium;
    UINT HeaderSize, AddressAt; /* bytes before the destination */
    UCHAR Control[2];           /* what stands there */
    VOID (*Indicate)(ADAPTER *Adapter, UINT Lookahead);
    VOID (*IndicateEnd)(ADAPTER *Adapter);
} MEDIUM;

/* medium.c */
extern const MEDIUM Media[3];
/* FALSE: the frame cannot be carried by the other side. */
BOOLEAN MediumFromPort(const MEDIUM *Medium, const FRAME *From, FRAME *To);
BOOLEAN MediumToPort(const MEDIUM *Medium, FRAME *Frame);

/* receive.c */
VOID ReceiveRing(ADAPTER *Adapter);
UNDIS_PORT_RECEIVED LookReceived;
NDIS_STATUS
LookTransferData(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer);
