/* SPDX-License-Identifier: MIT */
/* What the files of the NDIS 6 peer miniport share. */
#pragma once

#include "peer_inner.h"

#include "check.h"

#define OIDS 64

struct inner {
    struct peer_miniport *face;
    NDIS_HANDLE driver, adapter;
    struct peer_script script;
    struct peer_pools pools;
    struct peer_queue sends;
    KSPIN_LOCK lock;
    PNDIS_OID_REQUEST requests[OIDS]; /* pended */
    ULONG request_count;
    KDPC oid_dpc;
    _Atomic bool paused;
    _Atomic ULONG making; /* the traffic thread may be indicating */
    _Atomic bool traffic;
    KEVENT traffic_ended;
};

static inline struct inner *
inner_of(struct peer_miniport *miniport)
{
    return miniport->peer.inner;
}

/* peer_miniport_data.c */
VOID miniport6_complete(PVOID Context, PNET_BUFFER_LIST chain);
VOID miniport6_send(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags);
VOID miniport6_cancel_send(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId);
VOID miniport6_return(
    NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags);

/* peer_miniport_oid.c */
VOID
miniport6_oid_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2);
NDIS_STATUS miniport6_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest);
VOID miniport6_cancel_oid(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId);
NDIS_STATUS miniport6_direct_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest);
VOID miniport6_cancel_direct_oid(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId);
NDIS_STATUS
miniport6_synchronous_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest);
