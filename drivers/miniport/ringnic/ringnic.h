/* SPDX-License-Identifier: MIT */
/*
 * ringnic: a bus-master Ethernet NIC on the PCI bus, as undis plugs it in with "--bottom
 * ringnic:PORT". An example of registers, scatter/gather DMA, shared memory and interrupts in
 * NDIS 6.
 *
 *     NDIS --send--> queue --SG list--> TX ring   completion: the interrupt's DPC
 *     NDIS <--RX ring <-- the device              buffers in shared memory, lent to NDIS
 *
 * Who owns what: an NBL to be sent is ours from MiniportSendNetBufferLists to its completion; a
 * receive buffer is the device's while it lies in the RX ring, NDIS' while it is indicated, else it
 * is in the free list. One lock, Adapter->Lock, guards all that changes; it is never held across a
 * call out of the driver. Adapter->Causes belongs to the interrupt: it is touched in the ISR and
 * in functions synchronized with it only.
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include <ndis.h>

#define TAG           'cinR'
#define HEADER_SIZE   14u
#define TAG_SIZE      4u /* of a VLAN */
#define ADDRESS_SIZE  6u
#define MULTICAST_MAX 32u

/* The device: see the drawing in undis' ringnic.h. */
#define NIC_ID           0x474E4952u
#define NIC_GONE         0xFFFFFFFFu /* what a device that was pulled out reads as */
#define REG_ID           0x00
#define REG_CONTROL      0x04
#define REG_STATUS       0x08
#define REG_CAUSE        0x0C
#define REG_MASK         0x10
#define REG_MAC_LOW      0x14
#define REG_MAC_HIGH     0x18
#define REG_MTU          0x1C
#define REG_TX           0x20
#define REG_RX           0x40
#define RING_LOW         0x00
#define RING_HIGH        0x04
#define RING_COUNT       0x08
#define RING_TAIL        0x0C
#define CONTROL_SEND     1u
#define CONTROL_RECEIVE  2u
#define CONTROL_RESET    0x80000000u
#define CAUSE_SENT       1u
#define CAUSE_RECEIVED   2u
#define CAUSE_LINK       4u
#define CAUSE_ALL        7u
#define DESCRIPTOR_END   1u
#define DESCRIPTOR_ERROR 2u
#define DESCRIPTOR_DONE  0x80000000u

typedef struct _DESCRIPTOR {
    ULONG64 Address;
    ULONG Length;
    volatile ULONG Flags;
} DESCRIPTOR;

#define TX_COUNT      128u
#define TX_FRAGMENTS  16u /* descriptors that one frame may take; one in more pieces is copied */
#define RX_COUNT      128u
#define RX_BUFFERS    256u
#define BUFFER_SIZE   2048u
#define RECEIVE_BATCH 64u

typedef enum _STATE { StatePaused, StateRunning, StatePausing } STATE;

/* A chain of NBLs; Tail is the last Next. */
typedef struct _CHAIN {
    PNET_BUFFER_LIST Head;
    PNET_BUFFER_LIST *Tail;
} CHAIN;

/* A frame in the TX ring, noted at its last descriptor. */
typedef struct _SENDING {
    PNET_BUFFER_LIST Nbl;
    PNET_BUFFER Nb;
    PSCATTER_GATHER_LIST List;
} SENDING;

/* A receive buffer, made once. The NBL's MiniportReserved[0] leads back here. */
typedef struct _BUFFER {
    struct _BUFFER *Next;
    PNET_BUFFER_LIST Nbl;
    PMDL Mdl;
    PUCHAR Data;
    ULONG64 Physical;
} BUFFER;

/* Memory that the device uses too. */
typedef struct _SHARED {
    PVOID Memory;
    NDIS_PHYSICAL_ADDRESS Physical;
    ULONG Length;
} SHARED;

typedef struct _COUNTERS {
    ULONG64 OutFrames, OutBytes, OutErrors;
    ULONG64 InFrames, InBytes, InDiscards;
} COUNTERS;

typedef struct _ADAPTER {
    NDIS_HANDLE Handle, InterruptHandle, DmaHandle;
    PUCHAR Registers;
    NDIS_PHYSICAL_ADDRESS RegisterAddress;
    ULONG RegisterLength;
    ULONG Causes; /* with the interrupt */
    UCHAR Address[ADDRESS_SIZE];
    ULONG Mtu;

    NDIS_SPIN_LOCK Lock; /* guards everything below */
    STATE State;
    BOOLEAN PausePending;
    BOOLEAN Gone;
    BOOLEAN LinkUp;
    ULONG Outstanding; /* sends not completed and receives not returned */

    CHAIN Queue;        /* to be sent */
    PNET_BUFFER NextNb; /* of the first NBL in the queue */
    BOOLEAN Sending, SendAgain;
    SHARED TxRing, TxCopies; /* TxCopies: a frame for each descriptor */
    ULONG TxHead, TxTail;
    SENDING Sends[TX_COUNT];

    SHARED RxRing, RxMemory;
    ULONG RxHead, RxTail;
    BUFFER *RxSlots[RX_COUNT];
    BUFFER *Free;
    BUFFER Buffers[RX_BUFFERS];
    NDIS_HANDLE NblPool;

    COUNTERS Counters;
    ULONG PacketFilter, Lookahead;
    UCHAR Multicast[MULTICAST_MAX][ADDRESS_SIZE];
    ULONG MulticastCount;
} ADAPTER;

extern const NDIS_OID SupportedOids[];
extern const ULONG SupportedOidsSize;

static __inline__ ULONG
ReadRegister(ADAPTER *Adapter, ULONG Offset)
{
    ULONG Value;

    NdisReadRegisterUlong(Adapter->Registers + Offset, &Value);
    return Value;
}

static __inline__ VOID
WriteRegister(ADAPTER *Adapter, ULONG Offset, ULONG Value)
{
    NdisWriteRegisterUlong(Adapter->Registers + Offset, Value);
}

static __inline__ VOID
ChainInitialize(CHAIN *Chain)
{
    Chain->Head = NULL;
    Chain->Tail = &Chain->Head;
}

static __inline__ VOID
ChainAppend(CHAIN *Chain, PNET_BUFFER_LIST Nbl)
{
    *Chain->Tail = Nbl;
    Chain->Tail = &NET_BUFFER_LIST_NEXT_NBL(Nbl);
    *Chain->Tail = NULL;
}

/* ringnic.c */
/* Under the lock, after Outstanding went down: TRUE when the caller owes NdisMPauseComplete. */
BOOLEAN AdapterPaused(ADAPTER *Adapter);
BOOLEAN AllocateShared(ADAPTER *Adapter, SHARED *Shared, ULONG Length);
VOID FreeShared(ADAPTER *Adapter, SHARED *Shared);
VOID LinkState(ADAPTER *Adapter, NDIS_LINK_STATE *State);

/* send.c */
NDIS_STATUS SendInitialize(ADAPTER *Adapter);
VOID SendFree(ADAPTER *Adapter);
VOID SendDrain(ADAPTER *Adapter);
/* Completes what the device has sent; with @All what it has not sent too: it is gone. */
VOID SendDone(ADAPTER *Adapter, BOOLEAN All);
MINIPORT_SEND_NET_BUFFER_LISTS RingnicSend;
MINIPORT_CANCEL_SEND RingnicCancelSend;
MINIPORT_PROCESS_SG_LIST RingnicProcessList;

/* receive.c */
NDIS_STATUS ReceiveInitialize(ADAPTER *Adapter);
VOID ReceiveFree(ADAPTER *Adapter);
VOID ReceiveDone(ADAPTER *Adapter);
MINIPORT_RETURN_NET_BUFFER_LISTS RingnicReturn;

/* interrupt.c */
NDIS_STATUS InterruptInitialize(ADAPTER *Adapter);
VOID InterruptFree(ADAPTER *Adapter);

/* oid.c */
MINIPORT_OID_REQUEST RingnicOidRequest;
MINIPORT_CANCEL_OID_REQUEST RingnicCancelOidRequest;
