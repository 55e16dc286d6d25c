/* SPDX-License-Identifier: MIT */
/* Chains of NBLs with recognisable frames; each frame lies in two MDLs or more. */
#include "peer_inner.h"

#define FIRST_MDL 34u /* Ethernet and IPv4 headers would end here */

VOID
pools_destroy(struct peer_pools *pools)
{
    if (pools->nb)
        NdisFreeNetBufferPool(pools->nb);
    if (pools->nbl)
        NdisFreeNetBufferListPool(pools->nbl);
    pools->nb = pools->nbl = NULL;
}

static VOID
free_data(PMDL mdl)
{
    PVOID data = mdl ? MmGetMdlVirtualAddress(mdl) : NULL;

    while (mdl) {
        PMDL next = mdl->Next;

        NdisFreeMdl(mdl);
        mdl = next;
    }
    if (data)
        ExFreePoolWithTag(data, PEER_TAG);
}

/* @size bytes of @data under MDLs: the headers, and the rest in pieces. */
static PMDL
make_mdls(struct peer_pools *pools, PUCHAR data, ULONG size, ULONG pieces)
{
    PMDL first = NULL, *link = &first;
    ULONG at = 0;

    for (ULONG piece = 0; piece < pieces; piece++) {
        ULONG here = piece == 0 ? FIRST_MDL : (size - at) / (pieces - piece);

        *link = NdisAllocateMdl(pools->owner, data + at, here);
        if (!*link)
            break;
        link = &(*link)->Next;
        at += here;
    }
    if (at == size)
        return first;
    if (first)
        free_data(first);
    else
        ExFreePoolWithTag(data, PEER_TAG);
    return NULL;
}

/* The next frame of @peer in one block of memory under two MDLs or more. */
static PMDL
make_data(struct peer *peer, struct peer_pools *pools, ULONG size)
{
    static const UCHAR nobody[6];
    PUCHAR data = ExAllocatePoolWithTag(NonPagedPool, size, PEER_TAG);
    PMDL first = data ? make_mdls(pools, data, size, peer->pieces ? peer->pieces : 2) : NULL;

    if (!first)
        return NULL;
    frame_fill(data, size, peer->origin, peer->number++);
    if (!RtlEqualMemory(peer->to, nobody, sizeof(nobody)))
        RtlCopyMemory(data, peer->to, sizeof(peer->to));
    return first;
}

static PNET_BUFFER_LIST
make_nbl(struct peer *peer, struct peer_pools *pools, ULONG nbs, ULONG size)
{
    PMDL mdl = make_data(peer, pools, size);
    PNET_BUFFER_LIST nbl;
    PNET_BUFFER last;

    if (!mdl)
        return NULL;
    nbl = NdisAllocateNetBufferAndNetBufferList(pools->nbl, 0, 0, mdl, 0, size);
    if (!nbl) {
        free_data(mdl);
        return NULL;
    }
    last = NET_BUFFER_LIST_FIRST_NB(nbl);
    while (--nbs > 0) {
        mdl = make_data(peer, pools, size);
        NET_BUFFER_NEXT_NB(last) = mdl ? NdisAllocateNetBuffer(pools->nb, mdl, 0, size) : NULL;
        last = NET_BUFFER_NEXT_NB(last);
        if (!last) {
            free_data(mdl);
            chain_free(nbl);
            return NULL;
        }
    }
    return nbl;
}

PNET_BUFFER_LIST
chain_create(struct peer *peer, struct peer_pools *pools, ULONG nbls, ULONG nbs, ULONG size,
    NDIS_HANDLE source)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;

    while (nbls-- > 0) {
        PNET_BUFFER_LIST nbl = make_nbl(peer, pools, nbs, size);

        if (!nbl) {
            chain_free(first);
            return NULL;
        }
        nbl->SourceHandle = source;
        *link = nbl;
        link = &NET_BUFFER_LIST_NEXT_NBL(nbl);
    }
    return first;
}

static VOID
free_nbl(PNET_BUFFER_LIST nbl)
{
    PNET_BUFFER first = NET_BUFFER_LIST_FIRST_NB(nbl), next = NET_BUFFER_NEXT_NB(first);

    NET_BUFFER_NEXT_NB(first) = NULL;
    while (next) {
        PNET_BUFFER nb = next;

        next = NET_BUFFER_NEXT_NB(nb);
        free_data(NET_BUFFER_FIRST_MDL(nb));
        NdisFreeNetBuffer(nb);
    }
    free_data(NET_BUFFER_FIRST_MDL(first));
    NdisFreeNetBufferList(nbl);
}

VOID
chain_free(PNET_BUFFER_LIST chain)
{
    while (chain) {
        PNET_BUFFER_LIST nbl = chain;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
        free_nbl(nbl);
    }
}

VOID
chain_see(struct frames *frames, PNET_BUFFER_LIST chain)
{
    UCHAR storage[FRAME_MAX];

    for (; chain; chain = NET_BUFFER_LIST_NEXT_NBL(chain)) {
        PNET_BUFFER nb = NET_BUFFER_LIST_FIRST_NB(chain);

        for (; nb; nb = NET_BUFFER_NEXT_NB(nb)) {
            ULONG length = NET_BUFFER_DATA_LENGTH(nb);
            PUCHAR data = length <= FRAME_MAX ? NdisGetDataBuffer(nb, length, storage, 1, 0) : NULL;

            if (data)
                frames_see(frames, data, length);
            else
                frames->bad++;
        }
    }
}

ULONG
chain_length(PNET_BUFFER_LIST chain)
{
    ULONG n = 0;

    for (; chain; chain = NET_BUFFER_LIST_NEXT_NBL(chain))
        n++;
    return n;
}

PNET_BUFFER_LIST
chain_take_source(PNET_BUFFER_LIST *chain, NDIS_HANDLE source)
{
    PNET_BUFFER_LIST taken = NULL, *end = &taken, nbl;

    while ((nbl = *chain)) {
        if (nbl->SourceHandle == source) {
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

/* The first clone makes NDIS create pools of its own, which stay; after this they are there. */
static VOID
clone_one(struct peer_pools *pools)
{
    struct peer nobody = {.number = 0};
    PNET_BUFFER_LIST nbl = chain_create(&nobody, pools, 1, 1, FRAME_MIN, NULL), clone = NULL;

    if (nbl)
        clone = NdisAllocateCloneNetBufferList(
            nbl, pools->nbl, pools->nb, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
    if (clone)
        NdisFreeCloneNetBufferList(clone, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
    chain_free(nbl);
}

NDIS_STATUS
pools_create(struct peer_pools *pools, NDIS_HANDLE owner)
{
    NET_BUFFER_LIST_POOL_PARAMETERS nbl = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .ProtocolId = NDIS_PROTOCOL_ID_DEFAULT,
        .fAllocateNetBuffer = TRUE,
        .PoolTag = PEER_TAG,
    };
    NET_BUFFER_POOL_PARAMETERS nb = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1},
        .PoolTag = PEER_TAG,
    };

    pools->owner = owner;
    pools->nbl = NdisAllocateNetBufferListPool(owner, &nbl);
    pools->nb = NdisAllocateNetBufferPool(owner, &nb);
    if (!pools->nbl || !pools->nb) {
        pools_destroy(pools);
        return NDIS_STATUS_RESOURCES;
    }
    clone_one(pools);
    return NDIS_STATUS_SUCCESS;
}
