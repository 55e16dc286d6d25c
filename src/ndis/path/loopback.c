/* SPDX-License-Identifier: MIT */
/* Loopback: what a binding sends and another one on the adapter wants to receive, or the sender
 * itself when it asked with NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK.
 *
 *     binding A --> filters --> loopback_show --> miniport
 *     binding B <-- filters <--------'  NBL per NET_BUFFER, same MDLs, with RESOURCES
 *
 * The NBLs come from the adapter's pool of clones and are back when the indication returns; NDIS
 * is their miniport: MiniportReserved holds the sender, and whether it may have them too. Nothing
 * here runs unless a binding can want something.
 */
#include "ndis/path/loopback.h"
#include "ndis/path/audience.h"

/* Some open binding wants what @nbl, one NET_BUFFER of a send, says. */
static bool
wanted(const struct receivers *to, PNET_BUFFER_LIST nbl)
{
    for (unsigned i = 0; i < to->count; i++)
        if (audience_wants(to->bindings[i], nbl))
            return true;
    return false;
}

/* A receive with the data of @nb; NULL: nobody wants it, or the pool is empty. */
static PNET_BUFFER_LIST
make(struct module *miniport, PNET_BUFFER_LIST sent, PNET_BUFFER nb, bool self)
{
    struct adapter *adapter = miniport->adapter;
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferAndNetBufferList(adapter->clone_pool, 0, 0,
        NET_BUFFER_FIRST_MDL(nb), NET_BUFFER_DATA_OFFSET(nb), NET_BUFFER_DATA_LENGTH(nb));

    if (!nbl)
        return NULL;
    nbl->SourceHandle = miniport;
    nbl->NblFlags |= NDIS_NBL_FLAGS_IS_LOOPBACK_PACKET;
    nbl->MiniportReserved[0] = sent->SourceHandle;
    nbl->MiniportReserved[1] = (PVOID)(ULONG_PTR)self;
    NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    if (wanted(__atomic_load_n(&adapter->receivers, __ATOMIC_ACQUIRE), nbl))
        return nbl;
    NdisFreeNetBufferList(nbl);
    return NULL;
}

static void
free_chain(PNET_BUFFER_LIST chain)
{
    while (chain) {
        PNET_BUFFER_LIST next = chain->Next;

        chain->Next = NULL;
        NdisFreeNetBufferList(chain);
        chain = next;
    }
}

void
loopback_show(struct module *miniport, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    struct adapter *adapter = miniport->adapter;
    bool self = flags & NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK;
    PNET_BUFFER_LIST shown = NULL, *link = &shown;
    ULONG count = 0;

    if (!(adapter->general.MacOptions & NDIS_MAC_OPTION_NO_LOOPBACK))
        return; /* the miniport does it */
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = nbl->Next) {
        for (PNET_BUFFER nb = NET_BUFFER_LIST_FIRST_NB(nbl); nb; nb = NET_BUFFER_NEXT_NB(nb)) {
            *link = make(miniport, nbl, nb, self);
            if (!*link)
                continue;
            link = &(*link)->Next;
            count++;
        }
    }
    if (!shown)
        return;
    __atomic_store_n(&adapter->looped, true, __ATOMIC_RELAXED);
    receive_show_above(miniport, shown, port, count,
        NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES);
    free_chain(shown);
}
