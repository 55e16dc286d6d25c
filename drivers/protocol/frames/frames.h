/* SPDX-License-Identifier: MIT */
/*
 * frames: a protocol that joins an adapter and a port (undis/port.h).
 *
 *     port --UndisPortReceived--> NBL of the pool --NdisSendNetBufferLists--> adapter
 *     port <--Transmit-- FramesReceive (returned at once) <-- adapter
 *
 * The port is the device that the keyword Port names, in the section of the binding, else in the
 * parameters of the driver. Without one, received frames end here. When the pool runs out the port
 * is held, so nothing that comes from it is lost; what the port does not take is.
 *
 * Two locks: Lock guards the binding's state and pool; TransmitLock serializes Transmit, which
 * calls nobody back.
 */
#pragma once

#define NDIS630 1

#include <ndis.h>
#include <undis/port.h>

#define TAG         'marF'
#define HEADER_SIZE 18u    /* Ethernet with a VLAN tag */
#define MTU_MAX     65535u /* an adapter may say that it takes anything */

typedef enum _STATE { StatePaused, StateRunning, StatePausing } STATE;

/* A buffer for sending, made once. The NBL's ProtocolReserved[0] leads back here. */
typedef struct _BUFFER {
    struct _BUFFER *Next;
    PNET_BUFFER_LIST Nbl;
    PMDL Mdl;
    PUCHAR Data;
    PMDL Head, Rest; /* the same frame in two pieces; NULL: Data has no room for that */
} BUFFER;

typedef struct _BINDING {
    NDIS_HANDLE Handle;
    NDIS_EVENT Done; /* an open, close or OID request has completed */
    NDIS_STATUS DoneStatus;
    NDIS_EVENT Drained; /* a pause waits for it: all sends are back */
    BOOLEAN HasPort, PortOpen;
    BOOLEAN Asleep; /* the adapter takes no requests */
    UNDIS_PORT_INTERFACE Port;
    PFILE_OBJECT PortFile;
    ULONG Mtu;

    NDIS_SPIN_LOCK Lock; /* guards what follows */
    STATE State;
    ULONG Outstanding;  /* sends under way */
    BOOLEAN Held, Full; /* Full: why it is */
    BOOLEAN Late;       /* a batch is sent by LateItem, and the port is held meanwhile */
    ULONG Batches;
    BUFFER *Free;
    ULONG FreeCount;

    WORK_QUEUE_ITEM LateItem;
    PNET_BUFFER_LIST LateChain;
    NDIS_EVENT LateOver; /* no work item is under way */

    NDIS_SPIN_LOCK TransmitLock; /* guards Transmit, and PortOpen with Lock */

    NDIS_HANDLE NblPool;
    BUFFER *Buffers;
    PUCHAR BufferMemory;
    ULONG BufferCount, BufferSize;
} BINDING;

extern NDIS_HANDLE ProtocolHandle;
/* Drivers below that are verified shall meet what protocols do: of 16 batches one is sent at
 * PASSIVE_LEVEL, and of one the frames are in two pieces, the Ethernet header and the rest. */
extern BOOLEAN Verified;

/* frames.c: starts and stops the flow from the port. Under Lock. */
VOID FramesUpdateHold(BINDING *Binding);

/* bind.c */
PROTOCOL_BIND_ADAPTER_EX FramesBind;
PROTOCOL_UNBIND_ADAPTER_EX FramesUnbind;
PROTOCOL_OPEN_ADAPTER_COMPLETE_EX FramesOpenComplete;
PROTOCOL_CLOSE_ADAPTER_COMPLETE_EX FramesCloseComplete;
PROTOCOL_OID_REQUEST_COMPLETE FramesOidComplete;

/* settings.c: the binding's section first, the driver's parameters behind it. */
typedef struct _SETTINGS {
    HANDLE Section; /* NULL: the binding has none */
    NDIS_HANDLE Parameters;
    UCHAR Value[512]; /* what the last read found */
} SETTINGS;

NDIS_STATUS SettingsOpen(SETTINGS *Settings, PNDIS_STRING Section);
VOID SettingsClose(SETTINGS *Settings);
ULONG SettingsNumber(SETTINGS *Settings, PCWSTR Keyword, ULONG Default);
/* FALSE when absent. *@String is good until the next read or SettingsClose. */
BOOLEAN SettingsString(SETTINGS *Settings, PCWSTR Keyword, PUNICODE_STRING String);

/* data.c */
NDIS_STATUS DataInitialize(BINDING *Binding);
VOID DataFree(BINDING *Binding);
UNDIS_PORT_RECEIVED FramesFromPort;
PROTOCOL_RECEIVE_NET_BUFFER_LISTS FramesReceive;
PROTOCOL_SEND_NET_BUFFER_LISTS_COMPLETE FramesSendComplete;
