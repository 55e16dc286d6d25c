/* SPDX-License-Identifier: MIT */
/* NBLs that wait to be given back: from a DPC, from a timer, elsewhere, in another order. */
#include "peer_inner.h"

static PNET_BUFFER_LIST
take_all(struct peer_queue *queue, enum peer_giving *how)
{
    PNET_BUFFER_LIST chain;
    KIRQL irql;

    KeAcquireSpinLock(&queue->lock, &irql);
    chain = queue->first;
    *how = queue->how;
    queue->first = NULL;
    queue->link = &queue->first;
    KeReleaseSpinLock(&queue->lock, irql);
    return chain;
}

static PNET_BUFFER_LIST
reverse(PNET_BUFFER_LIST chain)
{
    PNET_BUFFER_LIST turned = NULL;

    while (chain) {
        PNET_BUFFER_LIST next = NET_BUFFER_LIST_NEXT_NBL(chain);

        NET_BUFFER_LIST_NEXT_NBL(chain) = turned;
        turned = chain;
        chain = next;
    }
    return turned;
}

VOID
queue_run(struct peer_queue *queue)
{
    enum peer_giving how;
    PNET_BUFFER_LIST chain = take_all(queue, &how);

    if (!chain)
        return;
    if (how == PEER_REVERSED)
        chain = reverse(chain);
    if (how != PEER_SPLIT) {
        queue->give(queue->context, chain);
        return;
    }
    while (chain) {
        PNET_BUFFER_LIST one = chain;

        chain = NET_BUFFER_LIST_NEXT_NBL(one);
        NET_BUFFER_LIST_NEXT_NBL(one) = NULL;
        queue->give(queue->context, one);
    }
}

static VOID
queue_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    queue_run(DeferredContext);
}

VOID
queue_create(struct peer_queue *queue, PEER_GIVE *give, PVOID context)
{
    KeInitializeSpinLock(&queue->lock);
    KeInitializeDpc(&queue->dpc, queue_dpc, queue);
    for (ULONG i = 0; i < PEER_PROCESSORS; i++) {
        KeInitializeDpc(&queue->elsewhere[i], queue_dpc, queue);
        if (i < KeQueryActiveProcessorCount(NULL))
            KeSetTargetProcessorDpc(&queue->elsewhere[i], (CCHAR)i);
    }
    KeInitializeTimer(&queue->timer);
    queue->first = NULL;
    queue->link = &queue->first;
    queue->give = give;
    queue->context = context;
}

VOID
queue_destroy(struct peer_queue *queue)
{
    KeCancelTimer(&queue->timer);
    KeFlushQueuedDpcs();
}

static VOID
arm(struct peer_queue *queue, enum peer_giving how)
{
    LARGE_INTEGER due = {.QuadPart = -500};
    ULONG processors = min(KeQueryActiveProcessorCount(NULL), PEER_PROCESSORS);
    PKDPC dpc = &queue->dpc;

    if (how == PEER_HOLD)
        return;
    if (how == PEER_TIMER) {
        KeSetTimer(&queue->timer, due, &queue->dpc);
        return;
    }
    if (how == PEER_OTHER_PROCESSOR)
        dpc = &queue->elsewhere[(KeGetCurrentProcessorNumber() + 1) % processors];
    KeInsertQueueDpc(dpc, NULL, NULL);
}

VOID
queue_put(struct peer_queue *queue, enum peer_giving how, PNET_BUFFER_LIST chain)
{
    PNET_BUFFER_LIST last = chain;
    KIRQL irql;

    if (how == PEER_INLINE) {
        queue->give(queue->context, chain);
        return;
    }
    while (NET_BUFFER_LIST_NEXT_NBL(last))
        last = NET_BUFFER_LIST_NEXT_NBL(last);
    KeAcquireSpinLock(&queue->lock, &irql);
    queue->how = how;
    *queue->link = chain;
    queue->link = &NET_BUFFER_LIST_NEXT_NBL(last);
    KeReleaseSpinLock(&queue->lock, irql);
    arm(queue, how);
}

PNET_BUFFER_LIST
queue_take(struct peer_queue *queue, PVOID cancel_id)
{
    PNET_BUFFER_LIST taken = NULL, *end = &taken, *link, nbl;
    KIRQL irql;

    KeAcquireSpinLock(&queue->lock, &irql);
    link = &queue->first;
    while ((nbl = *link)) {
        if (NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(nbl) == cancel_id) {
            *link = NET_BUFFER_LIST_NEXT_NBL(nbl);
            NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
            *end = nbl;
            end = &NET_BUFFER_LIST_NEXT_NBL(nbl);
        } else {
            link = &NET_BUFFER_LIST_NEXT_NBL(nbl);
        }
    }
    queue->link = link;
    KeReleaseSpinLock(&queue->lock, irql);
    return taken;
}
