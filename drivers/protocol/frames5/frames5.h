/* SPDX-License-Identifier: MIT */
/*
 * frames5: what frames is, as a protocol of NDIS 5.1: it joins an adapter and a port (undis/port.h).
 *
 *     port --UndisPortReceived--> packet of the pool --NdisSend, NdisSendPackets--> adapter
 *     port <--Transmit-- Frames5ReceivePacket (never kept)                       <-- adapter
 *     port <--Transmit-- Frames5Receive --NdisTransferData--> packet of the pool <-- look-ahead
 *
 * The port is the device that the keyword Port names, in the section of the binding, else in the
 * parameters of the driver. Without one, received frames are only counted. When the pool runs out
 * the port is held, so nothing that comes from it is lost; what the port does not take is counted.
 * NDIS 5 tells no protocol of a pause: what is sent then comes back with a failure, and is counted.
 *
 * Two locks: Lock guards the binding's packets and counts; TransmitLock serializes Transmit, which
 * calls nobody back.
 */
#pragma once

#define NDIS51 1

#include <ndis.h>
#include <undis/port.h>

#define TAG           '5arF'
#define HEADER_SIZE   18u    /* Ethernet with a VLAN tag */
#define MTU_MAX       65535u /* an adapter may say that it takes anything */
#define RECEIVE_COUNT 32u    /* transfers under way at a time */

/* A packet with memory of its own, made once. Its ProtocolReserved leads back here. */
typedef struct _BUFFER {
    struct _BUFFER *Next;
    PNDIS_PACKET Packet;
    PNDIS_BUFFER Whole; /* all of Data */
    PNDIS_BUFFER Rest;  /* receives: what stands behind the header; it is on the packet */
    PUCHAR Data;
    ULONG HeaderSize; /* receives: of the frame that is being transferred */
} BUFFER;

typedef struct _BINDING {
    NDIS_HANDLE Handle;
    NDIS_EVENT Done; /* an open, close or request has completed */
    NDIS_STATUS DoneStatus;
    NDIS_EVENT Drained; /* a close waits for it: all packets are back */
    BOOLEAN HasPort, PortOpen;
    UNDIS_PORT_INTERFACE Port;
    PFILE_OBJECT PortFile;
    NDIS_MEDIUM Medium;
    ULONG Mtu;

    NDIS_SPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Closing, Held;
    ULONG Outstanding; /* sends and transfers under way */
    BUFFER *Free;      /* for sends */
    ULONG FreeCount;
    BUFFER *FreeReceive;
    ULONG64 Sent, SendErrors, NotSent;

    NDIS_SPIN_LOCK TransmitLock; /* guards what follows, and Transmit */
    ULONG64 Received, NotTaken;

    NDIS_HANDLE PacketPool, BufferPool;
    BUFFER *Buffers; /* BufferCount for sends, RECEIVE_COUNT for receives */
    PUCHAR BufferMemory;
    ULONG BufferCount, BufferSize;
} BINDING;

extern NDIS_HANDLE ProtocolHandle;
extern NDIS_STRING ParametersPath; /* of the driver's own parameters */

/* Each handler has the documented type of its slot in NDIS_PROTOCOL_CHARACTERISTICS. */

/* bind.c */
VOID Frames5Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2);
VOID
Frames5Unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext);
VOID Frames5OpenComplete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus);
VOID Frames5CloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status);
VOID Frames5RequestComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status);

/* settings.c: the binding's section first, the driver's parameters behind it. */
typedef struct _SETTINGS {
    NDIS_HANDLE Section; /* NULL: the binding has none */
    NDIS_HANDLE Parameters;
} SETTINGS;

/* @Section: SystemSpecific1 of the bind, or NULL. */
NDIS_STATUS SettingsOpen(SETTINGS *Settings, PNDIS_STRING Section);
VOID SettingsClose(SETTINGS *Settings);
ULONG SettingsNumber(SETTINGS *Settings, PCWSTR Keyword, ULONG Default);
/* NULL when absent. Good until SettingsClose. */
PNDIS_STRING SettingsString(SETTINGS *Settings, PCWSTR Keyword);

/* pool.c: the packets of a binding, and the flow from the port that depends on them. */
NDIS_STATUS PoolInitialize(BINDING *Binding);
VOID PoolFree(BINDING *Binding);
/* Under Lock. */
VOID PoolUpdateHold(BINDING *Binding);
/* A packet has come back. */
VOID PoolPut(BINDING *Binding, BUFFER *Buffer, BUFFER **Free);
VOID PoolDrain(BINDING *Binding);

/* send.c */
UNDIS_PORT_RECEIVED Frames5FromPort;
VOID
Frames5SendComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status);

/* receive.c */
INT Frames5ReceivePacket(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet);
NDIS_STATUS Frames5Receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext,
    PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize,
    UINT PacketSize);
VOID Frames5TransferComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet,
    NDIS_STATUS Status, UINT BytesTransferred);
VOID Frames5ReceiveComplete(NDIS_HANDLE ProtocolBindingContext);
