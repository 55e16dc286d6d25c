/* SPDX-License-Identifier: MIT */
/* What the files of the NDIS 6 peer protocol share. */
#pragma once

#include "peer_inner.h"

#include "check.h"

#define OUT_MAX 1024

struct inner {
    struct peer_protocol *face;
    NDIS_HANDLE driver, binding, bind_context;
    struct peer_script script;
    struct peer_pools pools;
    struct peer_queue receives;
    KSPIN_LOCK lock;
    PNET_BUFFER_LIST out[OUT_MAX];
    ULONG next_out;
    KEVENT opened, closed;
    NDIS_STATUS open_status;
    _Atomic ULONG sending;
    _Atomic ULONG making; /* the traffic thread may be using the pools */
    _Atomic bool traffic;
    KEVENT traffic_ended;
    PNET_PNP_EVENT_NOTIFICATION event; /* pended */
};

static inline struct inner *
inner_of(struct peer_protocol *protocol)
{
    return protocol->peer.inner;
}

static inline VOID
wait_for(PKEVENT event)
{
    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
}

/* peer_protocol_data.c */
VOID protocol6_send_complete(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags);
VOID protocol6_give_back(PVOID Context, PNET_BUFFER_LIST chain);
VOID protocol6_receive(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags);
VOID protocol6_status(NDIS_HANDLE ProtocolBindingContext, PNDIS_STATUS_INDICATION StatusIndication);

/* peer_protocol_oid.c */
VOID protocol6_oid_complete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status);
VOID protocol6_direct_oid_complete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status);
