/* SPDX-License-Identifier: MIT */
/* See chain.h. */
#define NDIS_PROTOCOL_DRIVER 1
#define NDIS630              1

#include "chain.h"

void
chain_put(struct chain *chain, PNET_BUFFER_LIST first)
{
    PNET_BUFFER_LIST last = first;

    while (NET_BUFFER_LIST_NEXT_NBL(last))
        last = NET_BUFFER_LIST_NEXT_NBL(last);
    KeAcquireSpinLockAtDpcLevel(&chain->lock);
    if (chain->last)
        NET_BUFFER_LIST_NEXT_NBL(chain->last) = first;
    else
        chain->first = first;
    chain->last = last;
    KeReleaseSpinLockFromDpcLevel(&chain->lock);
}

PNET_BUFFER_LIST
chain_take(struct chain *chain, unsigned most)
{
    PNET_BUFFER_LIST first, last;

    if (!__atomic_load_n(&chain->first, __ATOMIC_RELAXED))
        return NULL;
    KeAcquireSpinLockAtDpcLevel(&chain->lock);
    first = last = chain->first;
    while (last && --most && NET_BUFFER_LIST_NEXT_NBL(last))
        last = NET_BUFFER_LIST_NEXT_NBL(last);
    if (last) {
        __atomic_store_n(&chain->first, NET_BUFFER_LIST_NEXT_NBL(last), __ATOMIC_RELAXED);
        if (!chain->first)
            chain->last = NULL;
        NET_BUFFER_LIST_NEXT_NBL(last) = NULL;
    }
    KeReleaseSpinLockFromDpcLevel(&chain->lock);
    return first;
}
