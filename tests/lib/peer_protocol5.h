/* SPDX-License-Identifier: MIT */
/* What the files of the NDIS 5 peer protocol share. One lock guards the table of what is out, the
 * frames seen and what is kept; it is not held across calls.
 */
#pragma once

#define PEER_LEGACY
#include "peer_inner.h"

#include "check.h"
#include <string.h>

#define OUT_MAX 1024
#define BATCH   32

struct inner {
    struct peer_protocol *face;
    NDIS_HANDLE driver, binding, bind_context;
    NDIS_HANDLE packets, buffers;
    struct peer_script script;
    KSPIN_LOCK lock;
    PNDIS_PACKET out[OUT_MAX];
    ULONG next_out;
    PNDIS_PACKET kept; /* through ProtocolReserved, the last one first */
    KDPC dpc;
    KEVENT opened, closed;
    NDIS_STATUS open_status;
    UINT header; /* [I] bytes of the medium's, while it is open */
    _Atomic ULONG sending, making;
    _Atomic bool traffic;
    KEVENT traffic_ended;
};

/* In ProtocolReserved of what it sends, and of what it has received. */
struct mine {
    ULONG_PTR at;
    UCHAR *frame;
    ULONG size;
};

static inline struct inner *
inner_of(struct peer_protocol *protocol)
{
    return protocol->peer.inner;
}

static inline struct mine *
mine_of(PNDIS_PACKET packet)
{
    return (struct mine *)packet->ProtocolReserved;
}

static inline VOID
wait_for(PKEVENT event)
{
    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
}

/* Sends and receives, peer_protocol5_data.c. */
VOID
protocol_send_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status);
INT protocol_receive_packet(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet);
VOID protocol_transfer_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet,
    NDIS_STATUS Status, UINT BytesTransferred);
NDIS_STATUS protocol_receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext,
    PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize,
    UINT PacketSize);
VOID protocol_receive_complete(NDIS_HANDLE ProtocolBindingContext);
void protocol_act_send(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size, bool dispatch);
void protocol_act_cancel(struct peer_protocol *protocol, uint64_t cancel_id);
void protocol_act_release(struct peer_protocol *protocol);
void protocol_act_traffic(struct peer_protocol *protocol, bool on);
VOID protocol_give_back(struct inner *inner);
VOID
protocol_return_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2);
