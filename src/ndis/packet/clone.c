/* SPDX-License-Identifier: MIT */
/* NET_BUFFER_LISTs derived from others: the data stays where it is, new descriptors refer to it.
 *
 *     clone        each NET_BUFFER again, from the start of its data
 *     fragment     each NET_BUFFER cut into pieces, perhaps with a header space before each
 *     reassembled  all NET_BUFFERs as one
 *
 * The parent must outlive what is derived from it. Whoever derives frees with the matching call;
 * NdisReserved[0] remembers which.
 */
#include "ndis/packet/part.h"

/* The pool of NBLs that a handle names, or undis' own. */
static struct packet_pool *
nbls_or(NDIS_HANDLE handle, struct packet_pool *own, const char *caller)
{
    return handle ? pool_of(handle, OBJECT_NBL, OBJECT_NBL_POOL, caller) : own;
}

static struct packet_pool *
nbs_or(NDIS_HANDLE handle, struct packet_pool *own, const char *caller)
{
    return handle ? pool_of(handle, OBJECT_NB, OBJECT_NB_POOL, caller) : own;
}

/* Frees a derived NBL with its NET_BUFFERs and, unless they are the parent's, its MDLs. */
static void
free_derived(PNET_BUFFER_LIST nbl)
{
    bool shared = (uintptr_t)nbl->NdisReserved[0] == NBL_CLONE_SHARED;
    PNET_BUFFER nb = nbl->FirstNetBuffer;

    while (nb) {
        PNET_BUFFER next = nb->Next;

        if (!shared)
            part_put_chain(nb->MdlChain);
        nb_put(nb);
        nb = next;
    }
    nbl_put(nbl);
}

/* A list of NET_BUFFERs under construction: the NBL's own comes first. */
struct builder {
    struct packet_pool *nbs;
    struct packet_defaults *defaults;
    PNET_BUFFER spare; /* came with the NBL and is not used yet */
    PNET_BUFFER *link;
};

static PNET_BUFFER_LIST
builder_start(struct builder *b, PNET_BUFFER_LIST parent, struct packet_pool *nbls,
    struct packet_pool *nbs, uint32_t state)
{
    PNET_BUFFER_LIST nbl = nbl_take(nbls, state, 0, 0);

    if (!nbl)
        return NULL;
    nbl->ParentNetBufferList = parent;
    nbl->NblFlags = parent->NblFlags;
    b->nbs = nbs;
    b->spare = nbl->FirstNetBuffer;
    b->link = &nbl->FirstNetBuffer;
    nbl->FirstNetBuffer = NULL;
    return nbl;
}

/* The next NET_BUFFER, without data yet. */
static PNET_BUFFER
builder_next(struct builder *b)
{
    PNET_BUFFER nb = b->spare ? b->spare : nb_take(b->nbs);

    if (!nb)
        return NULL;
    b->spare = NULL;
    nb_describe(nb, NULL, 0, 0);
    *b->link = nb;
    b->link = &nb->Next;
    return nb;
}

/* Gives @nb MDLs for @length bytes of @source's data from @offset on. */
static bool
builder_refer(struct builder *b, PNET_BUFFER nb, PNET_BUFFER source, ULONG offset, ULONG length)
{
    PMDL *link = &nb->MdlChain;
    bool whole = part_copy_chain(
        b->defaults, source->CurrentMdl, source->CurrentMdlOffset + offset, length, &link);

    nb_describe(nb, nb->MdlChain, 0, length);
    return whole;
}

static bool
clone_all(struct builder *b, PNET_BUFFER_LIST parent, bool shared)
{
    for (PNET_BUFFER source = parent->FirstNetBuffer; source; source = source->Next) {
        PNET_BUFFER nb = builder_next(b);

        if (!nb)
            return false;
        nb->ChecksumBias = source->ChecksumBias;
        if (shared)
            nb_describe(nb, source->CurrentMdl, source->CurrentMdlOffset, source->stDataLength);
        else if (!builder_refer(b, nb, source, 0, source->DataLength))
            return false;
    }
    return true;
}

/*
 * NdisAllocateCloneNetBufferList - an NBL over the same data as another one, each NET_BUFFER from
 *     the start of its data; out-of-band data is not copied
 *
 * @OriginalNetBufferList:   one; must outlive the clone.
 * @NetBufferListPoolHandle: pool of the clone, or NULL.
 * @NetBufferPoolHandle:     pool of its NET_BUFFERs, or NULL.
 * @AllocateCloneFlags:      NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS or 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the clone is the caller's until NdisFreeCloneNetBufferList.
 * Errors:    NULL when memory is short.
 * Source:    NF:nblapi.NdisAllocateCloneNetBufferList
 */
PNET_BUFFER_LIST
NdisAllocateCloneNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
    NDIS_HANDLE NetBufferListPoolHandle, NDIS_HANDLE NetBufferPoolHandle, ULONG AllocateCloneFlags)
{
    bool shared = (AllocateCloneFlags & NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS) != 0;
    struct builder b = {.defaults = packet_defaults()};
    PNET_BUFFER_LIST nbl;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!b.defaults)
        return NULL;
    nbl = builder_start(&b, OriginalNetBufferList,
        nbls_or(NetBufferListPoolHandle, b.defaults->nbls, __func__),
        nbs_or(NetBufferPoolHandle, b.defaults->nbs, __func__),
        shared ? NBL_CLONE_SHARED : NBL_CLONE);
    if (!nbl)
        return NULL;
    if (clone_all(&b, OriginalNetBufferList, shared))
        return nbl;
    free_derived(nbl);
    return NULL;
}

/*
 * NdisFreeCloneNetBufferList - frees a clone with what was made for it
 *
 * @CloneNetBufferList: one, from NdisAllocateCloneNetBufferList.
 * @FreeCloneFlags:     as at its allocation.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the clone.
 * Errors:    none; another kind of NBL or other flags are a bug check (rule nbl-free-match).
 * Source:    NF:nblapi.NdisFreeCloneNetBufferList
 */
VOID
NdisFreeCloneNetBufferList(PNET_BUFFER_LIST CloneNetBufferList, ULONG FreeCloneFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    nbl_require(CloneNetBufferList,
        FreeCloneFlags & NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS ? NBL_CLONE_SHARED : NBL_CLONE,
        __func__);
    free_derived(CloneNetBufferList);
}

static bool
cut(struct builder *b, PNET_BUFFER source, ULONG start, ULONG maximum)
{
    while (start < source->DataLength) {
        ULONG left = source->DataLength - start, length = left < maximum ? left : maximum;
        PNET_BUFFER nb = builder_next(b);

        if (!nb || !builder_refer(b, nb, source, start, length))
            return false;
        start += length;
    }
    return true;
}

static bool
cut_all(struct builder *b, PNET_BUFFER_LIST parent, ULONG start, ULONG maximum)
{
    for (PNET_BUFFER nb = parent->FirstNetBuffer; nb; nb = nb->Next)
        if (!cut(b, nb, start, maximum))
            return false;
    return true;
}

/*
 * NdisAllocateFragmentNetBufferList - an NBL with the data of another one in pieces, one
 *     NET_BUFFER each
 *
 * @OriginalNetBufferList: one; must outlive the fragments.
 * @NetBufferListPool:     pool of the NBL, or NULL.
 * @NetBufferPool:         pool of its NET_BUFFERs, or NULL.
 * @StartOffset:           bytes left out at the start of each original NET_BUFFER.
 * @MaximumLength:         bytes of a piece at most, not 0.
 * @DataOffsetDelta:       bytes of space made available before each piece.
 * @DataBackFill:          bytes of unused space before that.
 * @AllocateFragmentFlags: 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the NBL is the caller's until NdisFreeFragmentNetBufferList.
 * Errors:    NULL when memory is short or @MaximumLength is 0.
 * Source:    NF:nblapi.NdisAllocateFragmentNetBufferList
 */
PNET_BUFFER_LIST
NdisAllocateFragmentNetBufferList(PNET_BUFFER_LIST OriginalNetBufferList,
    NDIS_HANDLE NetBufferListPool, NDIS_HANDLE NetBufferPool, ULONG StartOffset,
    ULONG MaximumLength, ULONG DataOffsetDelta, ULONG DataBackFill, ULONG AllocateFragmentFlags)
{
    struct builder b = {.defaults = packet_defaults()};
    PNET_BUFFER_LIST nbl;

    UNREFERENCED_PARAMETER(AllocateFragmentFlags);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!b.defaults || MaximumLength == 0)
        return NULL;
    nbl = builder_start(&b, OriginalNetBufferList,
        nbls_or(NetBufferListPool, b.defaults->nbls, __func__),
        nbs_or(NetBufferPool, b.defaults->nbs, __func__), NBL_FRAGMENT);
    if (!nbl)
        return NULL;
    if (cut_all(&b, OriginalNetBufferList, StartOffset, MaximumLength) &&
        NdisRetreatNetBufferListDataStart(nbl, DataOffsetDelta, DataBackFill, NULL, NULL) ==
            NDIS_STATUS_SUCCESS)
        return nbl;
    free_derived(nbl);
    return NULL;
}

/*
 * NdisFreeFragmentNetBufferList - frees fragments with what was made for them
 *
 * @FragmentNetBufferList: one, from NdisAllocateFragmentNetBufferList.
 * @DataOffsetDelta:       as at its allocation.
 * @FreeFragmentFlags:     0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the NBL.
 * Errors:    none; another kind of NBL is a bug check (rule nbl-free-match).
 * Source:    NF:nblapi.NdisFreeFragmentNetBufferList
 */
VOID
NdisFreeFragmentNetBufferList(
    PNET_BUFFER_LIST FragmentNetBufferList, ULONG DataOffsetDelta, ULONG FreeFragmentFlags)
{
    UNREFERENCED_PARAMETER(FreeFragmentFlags);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    nbl_require(FragmentNetBufferList, NBL_FRAGMENT, __func__);
    NdisAdvanceNetBufferListDataStart(FragmentNetBufferList, DataOffsetDelta, TRUE, NULL);
    free_derived(FragmentNetBufferList);
}

/* Hangs the data of all NET_BUFFERs of @parent, less @start bytes each, into @nb. */
static bool
join_all(struct builder *b, PNET_BUFFER nb, PNET_BUFFER_LIST parent, ULONG start)
{
    PMDL *link = &nb->MdlChain;
    SIZE_T total = 0;
    bool whole = true;

    for (PNET_BUFFER source = parent->FirstNetBuffer; source && whole; source = source->Next) {
        ULONG length = source->DataLength > start ? source->DataLength - start : 0;

        whole = part_copy_chain(
            b->defaults, source->CurrentMdl, source->CurrentMdlOffset + start, length, &link);
        total += length;
    }
    nb_describe(nb, nb->MdlChain, 0, total);
    return whole;
}

/*
 * NdisAllocateReassembledNetBufferList - an NBL with one NET_BUFFER over the data of all
 *     NET_BUFFERs of another one
 *
 * @FragmentNetBufferList:               one; must outlive the result.
 * @NetBufferAndNetBufferListPoolHandle: pool with fAllocateNetBuffer and no DataSize, or NULL.
 * @StartOffset:                         bytes left out at the start of each NET_BUFFER.
 * @DataOffsetDelta:                     bytes of space made available before the data.
 * @DataBackFill:                        bytes of unused space before that.
 * @AllocateReassembleFlags:             0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the NBL is the caller's until NdisFreeReassembledNetBufferList.
 * Errors:    NULL when memory is short.
 * Source:    NF:nblapi.NdisAllocateReassembledNetBufferList
 */
PNET_BUFFER_LIST
NdisAllocateReassembledNetBufferList(PNET_BUFFER_LIST FragmentNetBufferList,
    NDIS_HANDLE NetBufferAndNetBufferListPoolHandle, ULONG StartOffset, ULONG DataOffsetDelta,
    ULONG DataBackFill, ULONG AllocateReassembleFlags)
{
    struct builder b = {.defaults = packet_defaults()};
    PNET_BUFFER_LIST nbl;
    PNET_BUFFER nb;

    UNREFERENCED_PARAMETER(AllocateReassembleFlags);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!b.defaults)
        return NULL;
    nbl = builder_start(&b, FragmentNetBufferList,
        nbls_or(NetBufferAndNetBufferListPoolHandle, b.defaults->nbls, __func__), b.defaults->nbs,
        NBL_REASSEMBLED);
    if (!nbl)
        return NULL;
    nb = builder_next(&b);
    if (nb && join_all(&b, nb, FragmentNetBufferList, StartOffset) &&
        NdisRetreatNetBufferDataStart(nb, DataOffsetDelta, DataBackFill, NULL) ==
            NDIS_STATUS_SUCCESS)
        return nbl;
    free_derived(nbl);
    return NULL;
}

/*
 * NdisFreeReassembledNetBufferList - frees a reassembled NBL with what was made for it
 *
 * @ReassembledNetBufferList: one, from NdisAllocateReassembledNetBufferList.
 * @DataOffsetDelta:          as at its allocation.
 * @FreeReassembleFlags:      0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the NBL.
 * Errors:    none; another kind of NBL is a bug check (rule nbl-free-match).
 * Source:    NF:nblapi.NdisFreeReassembledNetBufferList
 */
VOID
NdisFreeReassembledNetBufferList(
    PNET_BUFFER_LIST ReassembledNetBufferList, ULONG DataOffsetDelta, ULONG FreeReassembleFlags)
{
    UNREFERENCED_PARAMETER(FreeReassembleFlags);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    nbl_require(ReassembledNetBufferList, NBL_REASSEMBLED, __func__);
    NdisAdvanceNetBufferListDataStart(ReassembledNetBufferList, DataOffsetDelta, TRUE, NULL);
    free_derived(ReassembledNetBufferList);
}
