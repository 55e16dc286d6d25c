/* SPDX-License-Identifier: MIT */
/*
 * ringnic5: the NIC of ringnic as a driver of NDIS 5 has it: a serialized miniport, registers
 * through I/O ports, packets that come with their scatter/gather lists, receives by look-ahead.
 *
 *     MiniportSend --> TX ring ... MiniportHandleInterrupt --> NdisMSendComplete
 *     RX ring --> MiniportHandleInterrupt --> NdisMEthIndicateReceive, the whole frame
 *
 * NDIS calls one function at a time, so nothing here has a lock; what the ISR shares with the rest,
 * Causes, is touched in the ISR and in functions synchronized with it only.
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#define TAG          '5inR'
#define HEADER_SIZE  14u
#define ADDRESS_SIZE 6u

/* The device: see the drawing in undis' ringnic.h. */
#define NIC_ID           0x474E4952u
#define NIC_GONE         0xFFFFFFFFu
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

#define TX_COUNT     64u
#define TX_FRAGMENTS 16u /* descriptors that one packet may take */
#define RX_COUNT     128u
#define BUFFER_SIZE  2048u

#define MULTICAST_MAX 32u

/* Memory that the device uses too. */
typedef struct _SHARED {
    PVOID Memory;
    NDIS_PHYSICAL_ADDRESS Physical;
    ULONG Length;
} SHARED;

typedef struct _ADAPTER {
    NDIS_HANDLE Handle;
    ULONG FirstPort, PortCount;
    PVOID Ports;
    ULONG Vector, Level;
    NDIS_MINIPORT_INTERRUPT Interrupt;
    BOOLEAN InterruptRegistered;
    ULONG Causes; /* with the interrupt */
    UCHAR Address[ADDRESS_SIZE];
    ULONG Mtu, PacketFilter, Lookahead, MulticastCount;
    UCHAR Multicast[MULTICAST_MAX][ADDRESS_SIZE];
    BOOLEAN LinkUp;

    SHARED TxRing;
    ULONG TxHead, TxTail;
    PNDIS_PACKET Sends[TX_COUNT]; /* at a packet's last descriptor */
    BOOLEAN Refused;              /* a send was answered NDIS_STATUS_RESOURCES */

    SHARED RxRing, RxMemory;
    ULONG RxHead, RxTail;
    const UCHAR *Frame; /* being indicated */
    ULONG FrameLength;
    ULONG64 Sent, Received, Errors;
} ADAPTER;

static __inline__ ULONG
ReadRegister(ADAPTER *Adapter, ULONG Offset)
{
    ULONG Value;

    NdisRawReadPortUlong((ULONG_PTR)Adapter->Ports + Offset, &Value);
    return Value;
}

static __inline__ VOID
WriteRegister(ADAPTER *Adapter, ULONG Offset, ULONG Value)
{
    NdisRawWritePortUlong((ULONG_PTR)Adapter->Ports + Offset, Value);
}

/* data.c */
NDIS_STATUS DataInitialize(ADAPTER *Adapter);
VOID DataFree(ADAPTER *Adapter);
/* Completes what the device has sent; with @All what it has not sent too. */
VOID DataSent(ADAPTER *Adapter, BOOLEAN All);
NDIS_STATUS Ringnic5Send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags);
NDIS_STATUS Ringnic5TransferData(PNDIS_PACKET Packet, PUINT BytesTransferred,
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset,
    UINT BytesToTransfer);
VOID Ringnic5Isr(PBOOLEAN InterruptRecognized, PBOOLEAN QueueMiniportHandleInterrupt,
    NDIS_HANDLE MiniportAdapterContext);
VOID Ringnic5HandleInterrupt(NDIS_HANDLE MiniportAdapterContext);
VOID Ringnic5EnableInterrupt(NDIS_HANDLE MiniportAdapterContext);
VOID Ringnic5DisableInterrupt(NDIS_HANDLE MiniportAdapterContext);

/* oid.c */
NDIS_STATUS Ringnic5Query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded);
NDIS_STATUS Ringnic5Set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded);
