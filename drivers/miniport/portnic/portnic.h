/* SPDX-License-Identifier: MIT */
/*
 * portnic: an Ethernet NIC whose hardware is a port (undis/port.h).
 *
 *     NDIS --send--> queue --Transmit--> port        completion: a DPC, in order, in batches
 *     NDIS <--receive pool-- UndisPortReceived <--   returned by NDIS, or at once when low
 *
 * A deserialized miniport keeps its own queue and its own locks. Who owns what: an NBL to be sent
 * is ours from MiniportSendNetBufferLists to its completion; a receive NBL is ours except between
 * indication and return. One lock, Adapter->Lock, guards all that changes; it is never held
 * across a call out of the driver.
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include <ndis.h>
#include <undis/port.h>

#define TAG             'cinP'
#define HEADER_SIZE     14u
#define TAG_SIZE        4u /* of a VLAN */
#define MULTICAST_MAX   32u
#define RECEIVE_RESERVE UNDIS_PORT_BATCH /* buffers that are never lent out, only shown */
#define ADDRESS_SIZE    6u

/* What OID_GEN_STATISTICS tells. */
#define STATISTICS                                                                                 \
    (NDIS_STATISTICS_FLAGS_VALID_DIRECTED_FRAMES_RCV |                                             \
        NDIS_STATISTICS_FLAGS_VALID_MULTICAST_FRAMES_RCV |                                         \
        NDIS_STATISTICS_FLAGS_VALID_BROADCAST_FRAMES_RCV | NDIS_STATISTICS_FLAGS_VALID_BYTES_RCV | \
        NDIS_STATISTICS_FLAGS_VALID_RCV_DISCARDS | NDIS_STATISTICS_FLAGS_VALID_RCV_ERROR |         \
        NDIS_STATISTICS_FLAGS_VALID_DIRECTED_FRAMES_XMIT |                                         \
        NDIS_STATISTICS_FLAGS_VALID_MULTICAST_FRAMES_XMIT |                                        \
        NDIS_STATISTICS_FLAGS_VALID_BROADCAST_FRAMES_XMIT |                                        \
        NDIS_STATISTICS_FLAGS_VALID_BYTES_XMIT | NDIS_STATISTICS_FLAGS_VALID_XMIT_ERROR |          \
        NDIS_STATISTICS_FLAGS_VALID_XMIT_DISCARDS |                                                \
        NDIS_STATISTICS_FLAGS_VALID_DIRECTED_BYTES_RCV |                                           \
        NDIS_STATISTICS_FLAGS_VALID_MULTICAST_BYTES_RCV |                                          \
        NDIS_STATISTICS_FLAGS_VALID_BROADCAST_BYTES_RCV |                                          \
        NDIS_STATISTICS_FLAGS_VALID_DIRECTED_BYTES_XMIT |                                          \
        NDIS_STATISTICS_FLAGS_VALID_MULTICAST_BYTES_XMIT |                                         \
        NDIS_STATISTICS_FLAGS_VALID_BROADCAST_BYTES_XMIT)

typedef enum _STATE { StatePaused, StateRunning, StatePausing } STATE;

/* A chain of NBLs; Tail is the last Next. */
typedef struct _CHAIN {
    PNET_BUFFER_LIST Head;
    PNET_BUFFER_LIST *Tail;
} CHAIN;

/* A receive buffer, made once. The NBL's MiniportReserved[0] leads back here. */
typedef struct _BUFFER {
    struct _BUFFER *Next;
    PNET_BUFFER_LIST Nbl;
    PMDL Mdl;
    PUCHAR Data;
} BUFFER;

typedef struct _COUNTERS {
    ULONG64 OutFrames[3], OutBytes[3]; /* unicast, multicast, broadcast */
    ULONG64 InFrames[3], InBytes[3];
    ULONG64 InDiscards;
} COUNTERS;

typedef struct _ADAPTER {
    NDIS_HANDLE Handle;
    UNDIS_PORT_INTERFACE Port;
    UCHAR PermanentAddress[ADDRESS_SIZE], Address[ADDRESS_SIZE];
    ULONG Mtu;
    ULONG64 LinkSpeed;
    BOOLEAN PortOpen;

    NDIS_SPIN_LOCK Lock; /* guards everything below */
    STATE State;
    BOOLEAN PausePending;     /* NdisMPauseComplete is owed */
    ULONG Outstanding;        /* sends not completed and receives not returned */
    BOOLEAN LinkUp, LinkTold; /* LinkTold: NDIS knows the first state, changes are indicated */

    CHAIN Queue;           /* to be sent */
    PNET_BUFFER NextNb;    /* of the first NBL in the queue */
    PNET_BUFFER_LIST Busy; /* last NBL that Transmit is looking at, or NULL */
    BOOLEAN Sending, SendAgain;
    CHAIN Done; /* sent, not completed */
    BOOLEAN Completing;
    KDPC CompletionDpc;

    /* A driver above that is verified shall meet what NICs do: of 16 batches of a verified portnic one
     * is only shown, and one comes late, at PASSIVE_LEVEL, while the port is held. */
    BOOLEAN Varies, Late;
    ULONG Batches;
    PNET_BUFFER_LIST LateChain;
    ULONG LateCount;
    NDIS_HANDLE LateItem;
    NDIS_EVENT LateOver; /* no work item is under way */
    /* So does its request: every other one is answered later. NDIS asks one at a time. */
    ULONG Requests;
    BOOLEAN Answering;
    PNDIS_OID_REQUEST Request; /* that AnswerItem answers */
    NDIS_HANDLE AnswerItem;
    NDIS_EVENT AnswerOver;

    BUFFER *Free;
    ULONG FreeCount;
    COUNTERS Counters;

    NDIS_HANDLE NblPool;
    BUFFER *Buffers;
    PUCHAR BufferMemory;
    ULONG BufferCount, BufferSize;

    ULONG PacketFilter;
    UCHAR Multicast[MULTICAST_MAX][ADDRESS_SIZE];
    ULONG MulticastCount;
} ADAPTER;

extern const NDIS_OID SupportedOids[];
extern const ULONG SupportedOidsSize;

/* portnic.c */
/* Under the lock, after Outstanding went down: TRUE when the caller owes NdisMPauseComplete. */
BOOLEAN AdapterPaused(ADAPTER *Adapter);

/* Frames wait in the port while they cannot be taken. <= DISPATCH_LEVEL, without the lock. */
VOID AdapterHold(ADAPTER *Adapter);

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

/* 0 unicast, 1 multicast, 2 broadcast. */
static __inline__ ULONG
AddressKind(const UCHAR *Address)
{
    if (!(Address[0] & 1))
        return 0;
    return (Address[0] & Address[1] & Address[2] & Address[3] & Address[4] & Address[5]) == 0xFF
               ? 2
               : 1;
}

/* send.c */
VOID SendInitialize(ADAPTER *Adapter);
VOID SendDrain(ADAPTER *Adapter);
MINIPORT_SEND_NET_BUFFER_LISTS PortnicSend;
MINIPORT_CANCEL_SEND PortnicCancelSend;

/* receive.c */
NDIS_STATUS ReceiveInitialize(ADAPTER *Adapter);
VOID ReceiveFree(ADAPTER *Adapter);
UNDIS_PORT_RECEIVED PortnicReceived;
MINIPORT_RETURN_NET_BUFFER_LISTS PortnicReturn;

/* oid.c */
MINIPORT_OID_REQUEST PortnicOidRequest;
MINIPORT_CANCEL_OID_REQUEST PortnicCancelOidRequest;
VOID OidLinkState(ADAPTER *Adapter, NDIS_LINK_STATE *State);
