/* SPDX-License-Identifier: MIT */
/* The peer miniport: sends and receives. */
#include "peer_miniport.h"

/* Sends */

VOID
miniport6_complete(PVOID Context, PNET_BUFFER_LIST chain)
{
    struct inner *inner = Context;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);
    ULONG n = chain_length(chain);

    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    if (hooks->complete) {
        hooks->complete(inner->adapter, chain);
        return;
    }
    UNCOUNT(inner->face->sends_out, n);
    NdisMSendNetBufferListsComplete(inner->adapter, chain,
        KeGetCurrentIrql() == DISPATCH_LEVEL ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

VOID
miniport6_send(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    struct inner *inner = MiniportAdapterContext;
    struct peer_miniport *face = inner->face;
    enum peer_giving completes = face->completes; /* a test that has seen the frame may change it */
    ULONG n = chain_length(NetBufferList);
    KIRQL irql;

    if (inner->paused || PortNumber != face->peer.port ||
        (NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL))
        COUNT(face->wrong, 1);
    COUNT(face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    KeAcquireSpinLock(&inner->lock, &irql);
    chain_see(&face->sent, NetBufferList);
    for (PNET_BUFFER_LIST nbl = NetBufferList; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        if (NET_BUFFER_LIST_FIRST_NB(nbl)->CurrentMdl->Next)
            COUNT(face->in_pieces, 1);
    KeReleaseSpinLock(&inner->lock, irql);
    if (NDIS_TEST_SEND_FLAG(SendFlags, NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK))
        COUNT(face->loopback_sends, n);
    COUNT(face->sends_in, n);
    COUNT(face->sends_out, n);
    queue_put(&inner->sends, completes, NetBufferList);
}

VOID
miniport6_cancel_send(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    struct inner *inner = MiniportAdapterContext;
    PNET_BUFFER_LIST taken = queue_take(&inner->sends, CancelId);
    ULONG n = chain_length(taken);

    COUNT(inner->face->cancels, 1);
    if (!taken)
        return;
    for (PNET_BUFFER_LIST nbl = taken; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SEND_ABORTED;
    COUNT(inner->face->cancelled, n);
    UNCOUNT(inner->face->sends_out, n);
    NdisMSendNetBufferListsComplete(inner->adapter, taken, 0);
}

static VOID
release(PVOID Context)
{
    queue_run(&((struct inner *)Context)->sends);
}

void
peer_miniport_release(struct peer_miniport *miniport)
{
    if (miniport->acts)
        miniport->acts->release(miniport);
    else
        script_run(
            miniport->peer.machine, &inner_of(miniport)->script, release, inner_of(miniport));
}

/* Receives */

VOID
miniport6_return(
    NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    struct inner *inner = MiniportAdapterContext;
    struct peer_miniport *face = inner->face;
    ULONG n = chain_length(NetBufferLists);

    if (NDIS_TEST_RETURN_AT_DISPATCH_LEVEL(ReturnFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL)
        COUNT(face->wrong, 1);
    COUNT(face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    for (PNET_BUFFER_LIST nbl = NetBufferLists; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        if (nbl->MiniportReserved[0] != inner || nbl->ChildRefCount != 0)
            COUNT(face->bad_returns, 1);
        nbl->MiniportReserved[0] = NULL;
    }
    chain_free(NetBufferLists);
    COUNT(face->returned, n);
    UNCOUNT(face->receives_out, n);
}

/* With RESOURCES the chain is ours again, as it was, when the call returns. */
static VOID
indicate_with_resources(struct inner *inner, PNET_BUFFER_LIST chain, ULONG count)
{
    struct peer_miniport *face = inner->face;
    struct frames again = {0};

    NdisMIndicateReceiveNetBufferLists(inner->adapter, chain, inner->face->peer.port, count,
        NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES);
    chain_see(&again, chain);
    if (chain_length(chain) != count || again.bad || again.count != count)
        COUNT(face->resources_lost, 1);
    chain_free(chain);
    UNCOUNT(face->receives_out, count);
}

static VOID
indicate(struct inner *inner, ULONG count, ULONG size, bool resources)
{
    struct peer_miniport *face = inner->face;
    const struct peer_hooks *hooks = peer_hooks(&face->peer);
    PNET_BUFFER_LIST chain =
        chain_create(&face->peer, &inner->pools, count, 1, size, inner->adapter);
    KIRQL irql;

    CHECK(chain);
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        nbl->MiniportReserved[0] = inner;
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    }
    COUNT(face->indicated, count);
    COUNT(face->receives_out, count);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (hooks->indicate)
        hooks->indicate(inner->adapter, chain, count);
    else if (resources)
        indicate_with_resources(inner, chain, count);
    else
        NdisMIndicateReceiveNetBufferLists(
            inner->adapter, chain, face->peer.port, count, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
    KeLowerIrql(irql);
}

struct indication {
    struct inner *inner;
    unsigned count, size;
    bool resources;
};

static VOID
indicate_wanted(PVOID Context)
{
    struct indication *wanted = Context;

    indicate(wanted->inner, wanted->count, wanted->size, wanted->resources);
}

void
peer_miniport_indicate(struct peer_miniport *miniport, unsigned nbls, unsigned size, bool resources)
{
    struct indication wanted = {inner_of(miniport), nbls, size, resources};

    if (miniport->acts)
        miniport->acts->indicate(miniport, nbls, size, resources);
    else
        script_run(miniport->peer.machine, &wanted.inner->script, indicate_wanted, &wanted);
}

/* A busy network: chains of four, one in eight with RESOURCES, as long as there is room. */
static VOID
traffic(PVOID Context)
{
    struct inner *inner = Context;
    ULONG round = 0;

    while (READ(inner->traffic)) {
        COUNT(inner->making, 1); /* keeps a pause from ending meanwhile */
        if (!READ(inner->paused) && READ(inner->face->receives_out) < 64)
            indicate(inner, 4, FRAME_MIN + round % 200, round % 8 == 0);
        UNCOUNT(inner->making, 1);
        round++;
        peer_sleep(50);
    }
    KeSetEvent(&inner->traffic_ended, IO_NO_INCREMENT, FALSE);
}

static VOID
traffic_on(PVOID Context)
{
    struct inner *inner = Context;

    WRITE(inner->traffic, true);
    peer_later(traffic, inner);
}

static VOID
traffic_off(PVOID Context)
{
    struct inner *inner = Context;

    WRITE(inner->traffic, false);
    KeWaitForSingleObject(&inner->traffic_ended, Executive, KernelMode, FALSE, NULL);
}

void
peer_miniport_traffic(struct peer_miniport *miniport, bool on)
{
    if (miniport->acts)
        miniport->acts->traffic(miniport, on);
    else
        script_run(miniport->peer.machine, &inner_of(miniport)->script,
            on ? traffic_on : traffic_off, inner_of(miniport));
}
