/* SPDX-License-Identifier: MIT */
/* The peer filter: what passes through, and frames of its own. */
#include "peer_filter.h"

static VOID
see(struct inner *inner, struct frames *frames, PNET_BUFFER_LIST chain)
{
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    chain_see(frames, chain);
    KeReleaseSpinLock(&inner->lock, irql);
}

/* Sends */

/* NULL when there is no memory for the clones. */
static PNET_BUFFER_LIST
clone_chain(struct inner *inner, PNET_BUFFER_LIST chain)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;

    for (; chain; chain = NET_BUFFER_LIST_NEXT_NBL(chain)) {
        PNET_BUFFER_LIST clone = NdisAllocateCloneNetBufferList(
            chain, inner->clones.nbl, inner->clones.nb, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);

        CHECK(clone);
        NdisCopySendNetBufferListInfo(clone, chain);
        clone->SourceHandle = inner->module;
        clone->ParentNetBufferList = chain;
        *link = clone;
        link = &NET_BUFFER_LIST_NEXT_NBL(clone);
    }
    return first;
}

VOID
filter_pass_sends(PVOID Context, PNET_BUFFER_LIST chain)
{
    struct inner *inner = Context;

    if (inner->face->clones)
        chain = clone_chain(inner, chain);
    NdisFSendNetBufferLists(inner->module, chain, inner->face->peer.port,
        KeGetCurrentIrql() == DISPATCH_LEVEL ? NDIS_SEND_FLAGS_DISPATCH_LEVEL : 0);
}

VOID
filter_send(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    struct inner *inner = FilterModuleContext;

    if (PortNumber != inner->face->peer.port || !READ(inner->running) ||
        (NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL))
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    see(inner, &inner->face->down, NetBufferList);
    queue_put(&inner->sends, inner->face->sends, NetBufferList);
}

/* Frees clones; answers their parents, in order. */
static PNET_BUFFER_LIST
parents_of(PNET_BUFFER_LIST clones)
{
    PNET_BUFFER_LIST parents = NULL, *link = &parents;

    while (clones) {
        PNET_BUFFER_LIST clone = clones, parent = clone->ParentNetBufferList;

        clones = NET_BUFFER_LIST_NEXT_NBL(clone);
        NET_BUFFER_LIST_NEXT_NBL(clone) = NULL;
        NET_BUFFER_LIST_STATUS(parent) = NET_BUFFER_LIST_STATUS(clone);
        NET_BUFFER_LIST_NEXT_NBL(parent) = NULL;
        NdisFreeCloneNetBufferList(clone, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
        *link = parent;
        link = &NET_BUFFER_LIST_NEXT_NBL(parent);
    }
    return parents;
}

/* Splits off the NBLs of @pool. */
static PNET_BUFFER_LIST
take_pool(PNET_BUFFER_LIST *chain, NDIS_HANDLE pool)
{
    PNET_BUFFER_LIST taken = NULL, *end = &taken, nbl;

    while ((nbl = *chain)) {
        if (NdisGetPoolFromNetBufferList(nbl) == pool) {
            *chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
            NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
            *end = nbl;
            end = &NET_BUFFER_LIST_NEXT_NBL(nbl);
        } else {
            chain = &NET_BUFFER_LIST_NEXT_NBL(nbl);
        }
    }
    return taken;
}

static VOID
complete_above(struct inner *inner, PNET_BUFFER_LIST chain, ULONG flags)
{
    if (!chain)
        return;
    COUNT(inner->face->others_completed, chain_length(chain));
    NdisFSendNetBufferListsComplete(inner->module, chain, flags);
}

VOID
filter_send_complete(
    NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    struct inner *inner = FilterModuleContext;
    PNET_BUFFER_LIST mine = chain_take_source(&NetBufferList, inner->module);
    PNET_BUFFER_LIST clones = take_pool(&mine, inner->clones.nbl);
    ULONG count = chain_length(mine);

    COUNT(inner->face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    chain_free(mine);
    complete_above(inner, parents_of(clones), SendCompleteFlags);
    complete_above(inner, NetBufferList, SendCompleteFlags);
    COUNT(inner->face->own_completed, count);
}

VOID
filter_cancel_send(NDIS_HANDLE FilterModuleContext, PVOID CancelId)
{
    struct inner *inner = FilterModuleContext;
    PNET_BUFFER_LIST taken = queue_take(&inner->sends, CancelId);

    COUNT(inner->face->cancels, 1);
    for (PNET_BUFFER_LIST nbl = taken; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SEND_ABORTED;
    complete_above(inner, taken, 0);
    NdisFCancelSendNetBufferLists(inner->module, CancelId);
}

/* Receives */

VOID
filter_pass_receives(PVOID Context, PNET_BUFFER_LIST chain)
{
    struct inner *inner = Context;

    NdisFIndicateReceiveNetBufferLists(inner->module, chain, inner->face->peer.port,
        chain_length(chain),
        KeGetCurrentIrql() == DISPATCH_LEVEL ? NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL : 0);
}

VOID
filter_receive(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    struct inner *inner = FilterModuleContext;

    if (!READ(inner->running) || PortNumber != inner->face->peer.port ||
        chain_length(NetBufferLists) != NumberOfNetBufferLists)
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    see(inner, &inner->face->up, NetBufferLists);
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags) || inner->face->receives == PEER_INLINE)
        NdisFIndicateReceiveNetBufferLists(
            inner->module, NetBufferLists, PortNumber, NumberOfNetBufferLists, ReceiveFlags);
    else
        queue_put(&inner->receives, inner->face->receives, NetBufferLists);
}

VOID
filter_return(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    struct inner *inner = FilterModuleContext;
    PNET_BUFFER_LIST mine = take_pool(&NetBufferLists, inner->pools.nbl);
    ULONG count = chain_length(mine);

    COUNT(inner->face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    chain_free(mine);
    if (NetBufferLists) {
        COUNT(inner->face->others_returned, chain_length(NetBufferLists));
        NdisFReturnNetBufferLists(inner->module, NetBufferLists, ReturnFlags);
    }
    COUNT(inner->face->own_returned, count);
}

/* What the test wants */

struct wanted {
    struct inner *inner;
    unsigned nbls, size;
};

static VOID
send_own(PVOID Context)
{
    struct wanted *wanted = Context;
    struct inner *inner = wanted->inner;
    PNET_BUFFER_LIST chain = chain_create(
        &inner->face->peer, &inner->pools, wanted->nbls, 1, wanted->size, inner->module);

    CHECK(chain);
    COUNT(inner->face->own_sent, wanted->nbls);
    NdisFSendNetBufferLists(inner->module, chain, inner->face->peer.port, 0);
}

void
peer_filter_send(struct peer_filter *filter, unsigned nbls, unsigned size)
{
    struct wanted wanted = {inner_of(filter), nbls, size};

    script_run(filter->peer.machine, &wanted.inner->script, send_own, &wanted);
}

static VOID
indicate_own(PVOID Context)
{
    struct wanted *wanted = Context;
    struct inner *inner = wanted->inner;
    PNET_BUFFER_LIST chain = chain_create(
        &inner->face->peer, &inner->pools, wanted->nbls, 1, wanted->size, inner->module);

    CHECK(chain);
    COUNT(inner->face->own_indicated, wanted->nbls);
    NdisFIndicateReceiveNetBufferLists(
        inner->module, chain, inner->face->peer.port, wanted->nbls, 0);
}

void
peer_filter_indicate(struct peer_filter *filter, unsigned nbls, unsigned size)
{
    struct wanted wanted = {inner_of(filter), nbls, size};

    script_run(filter->peer.machine, &wanted.inner->script, indicate_own, &wanted);
}

static VOID
release(PVOID Context)
{
    struct inner *inner = Context;

    queue_run(&inner->sends);
    queue_run(&inner->receives);
}

void
peer_filter_release(struct peer_filter *filter)
{
    script_run(filter->peer.machine, &inner_of(filter)->script, release, inner_of(filter));
}

static VOID
restart_module(PVOID Context)
{
    CHECK(NdisFRestartFilter(((struct inner *)Context)->module) == NDIS_STATUS_SUCCESS);
}

void
peer_filter_restart(struct peer_filter *filter)
{
    script_run(filter->peer.machine, &inner_of(filter)->script, restart_module, inner_of(filter));
}
