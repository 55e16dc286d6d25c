/* SPDX-License-Identifier: MIT */
/* What the files of the NDIS 5 peer miniport share. */
#pragma once

#define PEER_LEGACY
#include "peer_inner.h"

#include "check.h"
#include <string.h>

#define PENDS  0xFFFFFFFFu
#define HEADER 14u

struct sends {
    PNDIS_PACKET first, last; /* through MiniportReserved */
};

struct inner;

struct indication {
    struct inner *inner;
    unsigned count, size;
    bool resources;
};

struct inner {
    struct peer_miniport *face;
    NDIS_HANDLE wrapper, adapter;
    struct peer_script script;
    KSPIN_LOCK lock; /* guards frames, sends and the query */
    struct sends sends;
    bool arrays, no_returns;
    bool full; /* it has said NDIS_STATUS_RESOURCES */
    KDPC dpc, elsewhere[PEER_PROCESSORS], oid_dpc;
    NDIS_MINIPORT_TIMER timer, indicate_timer;
    struct indication *wanted;
    KEVENT indicated;
    _Atomic uint32_t inside;
    bool oid_pended, oid_set;
    _Atomic bool traffic;
    KEVENT traffic_ended;
    NDIS_HANDLE packets, buffers;
    const UCHAR *shown; /* the frame that is indicated by look-ahead */
    ULONG shown_size;
    PNDIS_PACKET transfer; /* pended */
};

static inline struct inner *
inner_of(struct peer_miniport *miniport)
{
    return miniport->peer.inner;
}

/* One function of the miniport at a time, when it is serialized. */
static inline void
enter(struct inner *inner)
{
    COUNT(inner->face->calls, 1);
    if (COUNT(inner->inside, 1) > 1)
        COUNT(inner->face->overlapped, 1);
}

static inline void
leave(struct inner *inner)
{
    UNCOUNT(inner->inside, 1);
}

/* Sends, peer_legacy_send.c */
NDIS_STATUS miniport_send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags);
VOID miniport_send_packets(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets);
VOID miniport_cancel(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId);
/* A serialized miniport forgets what it has, NDIS answers it; a deserialized one completes it. */
void sends_reset(struct inner *inner);
void sends_up(struct inner *inner);
void sends_down(struct inner *inner);
void act_release(struct peer_miniport *miniport);

/* Receives, peer_legacy_receive.c */
VOID miniport_return(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet);
NDIS_STATUS
miniport_transfer(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer);
void receives_up(struct inner *inner);
void receives_down(struct inner *inner);
void act_indicate(struct peer_miniport *miniport, unsigned nbls, unsigned size, bool resources);
void act_traffic(struct peer_miniport *miniport, bool on);
