/* SPDX-License-Identifier: MIT */
/* The peer protocol: sends, receives and status. */
#include "peer_protocol.h"

/* Sends */

/* Enters the chain in the table; false when the binding is paused or the table is full. */
static bool
note_out(struct inner *inner, PNET_BUFFER_LIST chain, bool even_paused)
{
    ULONG count = chain_length(chain);
    KIRQL irql;
    bool fits;

    KeAcquireSpinLock(&inner->lock, &irql);
    fits = (even_paused || inner->face->running) &&
           READ(inner->face->sent) - READ(inner->face->back) + count <= OUT_MAX;
    for (PNET_BUFFER_LIST nbl = chain; fits && nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        while (inner->out[inner->next_out % OUT_MAX])
            inner->next_out++;
        inner->out[inner->next_out % OUT_MAX] = nbl;
        nbl->ProtocolReserved[0] = (PVOID)(ULONG_PTR)(inner->next_out % OUT_MAX);
        NDIS_SET_NET_BUFFER_LIST_CANCEL_ID(nbl, (PVOID)inner->face->cancel_id);
    }
    if (fits)
        COUNT(inner->face->sent, count);
    KeReleaseSpinLock(&inner->lock, irql);
    return fits;
}

static bool
send_chain(struct inner *inner, ULONG nbls, ULONG nbs, ULONG size, bool even_paused)
{
    PNET_BUFFER_LIST chain =
        chain_create(&inner->face->peer, &inner->pools, nbls, nbs, size, inner->binding);
    ULONG flags = inner->face->check_loopback ? NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK : 0;

    CHECK(chain);
    if (!note_out(inner, chain, even_paused)) {
        inner->face->peer.number -= (uint64_t)nbls * nbs;
        chain_free(chain);
        return false;
    }
    if (KeGetCurrentIrql() == DISPATCH_LEVEL)
        flags |= NDIS_SEND_FLAGS_DISPATCH_LEVEL;
    COUNT(inner->sending, 1);
    NdisSendNetBufferLists(inner->binding, chain, inner->face->peer.port, flags);
    UNCOUNT(inner->sending, 1);
    return true;
}

static VOID
count_status(struct peer_protocol *face, NDIS_STATUS status)
{
    if (status == NDIS_STATUS_SUCCESS)
        return;
    COUNT(face->failed, 1);
    if (status == NDIS_STATUS_PAUSED)
        COUNT(face->paused_sends, 1);
    if (status == NDIS_STATUS_REQUEST_ABORTED || status == NDIS_STATUS_SEND_ABORTED)
        COUNT(face->aborted, 1);
}

VOID
protocol6_send_complete(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    struct inner *inner = ProtocolBindingContext;
    struct peer_protocol *face = inner->face;
    ULONG count = chain_length(NetBufferList);
    KIRQL irql;

    if (NDIS_TEST_SEND_COMPLETE_AT_DISPATCH_LEVEL(SendCompleteFlags) &&
        KeGetCurrentIrql() != DISPATCH_LEVEL)
        COUNT(face->wrong, 1);
    COUNT(face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    if (READ(inner->sending))
        COUNT(face->inside, count);
    KeAcquireSpinLock(&inner->lock, &irql);
    for (PNET_BUFFER_LIST nbl = NetBufferList; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        ULONG_PTR at = (ULONG_PTR)nbl->ProtocolReserved[0];

        if (at >= OUT_MAX || inner->out[at] != nbl || nbl->SourceHandle != inner->binding ||
            nbl->ChildRefCount != 0)
            COUNT(face->twice, 1);
        else
            inner->out[at] = NULL;
        count_status(face, NET_BUFFER_LIST_STATUS(nbl));
    }
    chain_see(&face->completed, NetBufferList);
    KeReleaseSpinLock(&inner->lock, irql);
    chain_free(NetBufferList);
    COUNT(face->back, count);
}

struct wanted_send {
    struct inner *inner;
    unsigned nbls, nbs, size;
    bool dispatch;
};

static VOID
send_wanted(PVOID Context)
{
    struct wanted_send *wanted = Context;
    KIRQL irql = PASSIVE_LEVEL;

    if (wanted->dispatch)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(send_chain(wanted->inner, wanted->nbls, wanted->nbs, wanted->size, true));
    if (wanted->dispatch)
        KeLowerIrql(irql);
}

static void
send_from_test(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size, bool dispatch)
{
    struct wanted_send wanted = {inner_of(protocol), nbls, nbs, size, dispatch};

    script_run(protocol->peer.machine, &wanted.inner->script, send_wanted, &wanted);
}

void
peer_protocol_send(struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size)
{
    if (protocol->acts) {
        protocol->acts->send(protocol, nbls, nbs, size, false);
        return;
    }
    send_from_test(protocol, nbls, nbs, size, false);
}

void
peer_protocol_send_at_dispatch(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size)
{
    if (protocol->acts) {
        protocol->acts->send(protocol, nbls, nbs, size, true);
        return;
    }
    send_from_test(protocol, nbls, nbs, size, true);
}

struct wanted_cancel {
    struct inner *inner;
    uint64_t id;
};

static VOID
cancel_wanted(PVOID Context)
{
    struct wanted_cancel *wanted = Context;

    NdisCancelSendNetBufferLists(wanted->inner->binding, (PVOID)wanted->id);
}

void
peer_protocol_cancel(struct peer_protocol *protocol, uint64_t cancel_id)
{
    struct wanted_cancel wanted = {inner_of(protocol), cancel_id};

    if (protocol->acts) {
        protocol->acts->cancel(protocol, cancel_id);
        return;
    }
    script_run(protocol->peer.machine, &wanted.inner->script, cancel_wanted, &wanted);
}

/* Chains of one to four as long as fewer than 64 are out. */
static VOID
traffic(PVOID Context)
{
    struct inner *inner = Context;
    ULONG round = 0;

    while (READ(inner->traffic)) {
        bool sent;

        COUNT(inner->making, 1);
        sent = READ(inner->face->running) &&
               READ(inner->face->sent) - READ(inner->face->back) < 64 &&
               send_chain(inner, 1 + round % 4, 1 + round % 2, FRAME_MIN + round % 300, false);
        UNCOUNT(inner->making, 1);
        if (!sent)
            peer_sleep(100);
        else if (++round % 4 == 0)
            peer_sleep(20);
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
    wait_for(&inner->traffic_ended);
}

void
peer_protocol_traffic(struct peer_protocol *protocol, bool on)
{
    if (protocol->acts) {
        protocol->acts->traffic(protocol, on);
        return;
    }
    script_run(protocol->peer.machine, &inner_of(protocol)->script, on ? traffic_on : traffic_off,
        inner_of(protocol));
}

/* Receives */

VOID
protocol6_give_back(PVOID Context, PNET_BUFFER_LIST chain)
{
    struct inner *inner = Context;
    ULONG count = chain_length(chain);

    COUNT(inner->face->returned, count);
    NdisReturnNetBufferLists(inner->binding, chain,
        KeGetCurrentIrql() == DISPATCH_LEVEL ? NDIS_RETURN_FLAGS_DISPATCH_LEVEL : 0);
    UNCOUNT(inner->face->kept, count); /* afterwards: a pause waits for the return */
}

VOID
protocol6_receive(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    struct inner *inner = ProtocolBindingContext;
    struct peer_protocol *face = inner->face;
    ULONG count = chain_length(NetBufferLists);
    KIRQL irql;

    if (count != NumberOfNetBufferLists || PortNumber != face->peer.port ||
        (NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL(ReceiveFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL))
        COUNT(face->wrong, 1);
    COUNT(face->passive, KeGetCurrentIrql() == PASSIVE_LEVEL);
    KeAcquireSpinLock(&inner->lock, &irql);
    chain_see(&face->received, NetBufferLists);
    KeReleaseSpinLock(&inner->lock, irql);
    COUNT(face->received_nbls, count);
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags)) {
        COUNT(face->resources, count);
        return;
    }
    COUNT(face->kept, count);
    queue_put(&inner->receives, face->returns, NetBufferLists);
}

static VOID
release(PVOID Context)
{
    queue_run(&((struct inner *)Context)->receives);
}

void
peer_protocol_release(struct peer_protocol *protocol)
{
    if (protocol->acts) {
        protocol->acts->release(protocol);
        return;
    }
    script_run(protocol->peer.machine, &inner_of(protocol)->script, release, inner_of(protocol));
}

VOID
protocol6_status(NDIS_HANDLE ProtocolBindingContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    struct inner *inner = ProtocolBindingContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (hooks->status)
        hooks->status(inner->binding, StatusIndication);
    if (peer_told_by_ndis((uint32_t)StatusIndication->StatusCode))
        return;
    WRITE(inner->face->last_status, (uint32_t)StatusIndication->StatusCode);
    COUNT(inner->face->statuses, 1);
}
