/* SPDX-License-Identifier: MIT */
/* What the files of the peer filter share. */
#pragma once

#include "peer_inner.h"

#include "check.h"

struct inner {
    struct peer_filter *face;
    NDIS_HANDLE driver, module;
    struct peer_script script;
    struct peer_pools pools, clones;
    struct peer_queue sends, receives;
    KSPIN_LOCK lock; /* guards the frames seen */
    _Atomic bool running;
    wchar_t unique_name[48];
};

static inline struct inner *
inner_of(struct peer_filter *filter)
{
    return filter->peer.inner;
}

/* peer_filter_data.c */
VOID filter_pass_sends(PVOID Context, PNET_BUFFER_LIST chain);
VOID filter_send(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags);
VOID filter_send_complete(
    NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags);
VOID filter_cancel_send(NDIS_HANDLE FilterModuleContext, PVOID CancelId);
VOID filter_pass_receives(PVOID Context, PNET_BUFFER_LIST chain);
VOID filter_receive(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags);
VOID
filter_return(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags);
