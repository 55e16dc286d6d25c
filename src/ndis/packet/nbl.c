/* SPDX-License-Identifier: MIT */
/* NET_BUFFER_LISTs: their pools, taking and freeing them. The element is drawn in pool.h.
 *
 * NdisReserved[0] of an NBL says how it was made (enum packet_state), [1] is its first context
 * when that is not part of the element. The taker owns the NBL until he frees it.
 */
#include "ndis/packet/part.h"
#include "nt/pool.h"

#define ROUND(value, to) (((value) + (to)-1) & ~((to)-1))

static PNET_BUFFER_LIST_CONTEXT
own_context(struct packet_pool *pool, PNET_BUFFER_LIST nbl)
{
    return (PNET_BUFFER_LIST_CONTEXT)((char *)nbl + pool->context_at);
}

/* The block @nbl was allocated with, or NULL. */
PNET_BUFFER_LIST_CONTEXT
nbl_first_context(PNET_BUFFER_LIST nbl)
{
    struct packet_pool *pool = nbl->NdisPoolHandle;

    if (nbl->NdisReserved[1] || !pool->context_size)
        return nbl->NdisReserved[1];
    return own_context(pool, nbl);
}

/* Once per element: what taking it never changes again. */
static void
lay_out(struct packet_pool *pool, void *element)
{
    struct nbl_body *body = element;

    __builtin_memset(body, 0, pool->with_nb ? sizeof(*body) : sizeof(body->nbl));
    body->nbl.NdisReserved[0] = (PVOID)(uintptr_t)PACKET_FREE;
    if (pool->context_size)
        own_context(pool, &body->nbl)->Next = NULL;
    if (pool->with_nb)
        nb_lay_out(pool, &body->nb);
    if (pool->machine->hooks)
        return;
    pool_show(pool, body, OBJECT_NBL, sizeof(NET_BUFFER_LIST));
    if (pool->with_nb)
        pool_show(pool, &body->nb, OBJECT_NB, sizeof(NET_BUFFER));
}

struct packet_pool *
nbl_pool_create(
    NDIS_HANDLE handle, bool with_nb, ULONG context, ULONG data, UCHAR protocol_id, ULONG tag)
{
    struct packet_pool *pool = object_create(machine_self(), OBJECT_NBL_POOL, sizeof(*pool));
    uint32_t end = with_nb ? sizeof(struct nbl_body) : sizeof(NET_BUFFER_LIST);

    if (!pool)
        return NULL;
    object_prefix(pool)->tag = tag;
    pool->kind = OBJECT_NBL;
    pool->machine = machine_self();
    pool_set_handle(pool, handle);
    pool->lay_out = lay_out;
    pool->tag = tag;
    pool->with_nb = with_nb;
    pool->protocol_id = protocol_id;
    pool->data_size = data;
    pool->context_size = ROUND(context, MEMORY_ALLOCATION_ALIGNMENT);
    pool->grain = pool_grain(pool->machine);
    pool->context_at = end = (uint32_t)pool_part_at(pool, end);
    if (pool->context_size)
        end += sizeof(NET_BUFFER_LIST_CONTEXT) + pool->context_size;
    nb_pool_room(pool, offsetof(struct nbl_body, nb), end);
    if (pool_open(pool))
        return pool;
    object_destroy(pool);
    return NULL;
}

/* Context for an allocation: the element's own space when it is enough. */
static bool
give_context(struct packet_pool *pool, PNET_BUFFER_LIST nbl, USHORT context, USHORT backfill)
{
    uint32_t used = ROUND((uint32_t)context, MEMORY_ALLOCATION_ALIGNMENT);
    uint32_t need = used + ROUND((uint32_t)backfill, MEMORY_ALLOCATION_ALIGNMENT);
    PNET_BUFFER_LIST_CONTEXT block;

    if (need <= pool->context_size) {
        block = pool->context_size ? own_context(pool, nbl) : NULL;
        need = pool->context_size;
    } else {
        block = need > UINT16_MAX ? NULL : pool_alloc(sizeof(*block) + need, pool->tag, POOL_NOISE);
        if (!block)
            return false;
        nbl->NdisReserved[1] = block;
    }
    nbl->Context = block;
    if (block)
        *block = (NET_BUFFER_LIST_CONTEXT){.Size = (USHORT)need, .Offset = (USHORT)(need - used)};
    return true;
}

/* The members that a fresh NBL has defined; 16 bytes at a time, for memset costs more than all. */
static inline void
reset(struct packet_pool *pool, PNET_BUFFER_LIST nbl, uint32_t state)
{
    typedef long long pair __attribute__((vector_size(16), may_alias));
    pair *rest = (pair *)&nbl->ProtocolReserved[0];

    nbl->Next = NULL;
    nbl->FirstNetBuffer = NULL;
    nbl->Context = NULL;
    nbl->ParentNetBufferList = NULL;
    nbl->NdisPoolHandle = pool;
    nbl->NdisReserved[0] = (PVOID)(uintptr_t)state;
    nbl->NdisReserved[1] = NULL;
#pragma GCC unroll 20
    for (unsigned i = 0; i < (sizeof(*nbl) - offsetof(NET_BUFFER_LIST, ProtocolReserved)) / 16; i++)
        rest[i] = (pair){0, 0};
    *(UCHAR *)&nbl->NetBufferListInfo[NetBufferListProtocolId] = pool->protocol_id;
}

PNET_BUFFER_LIST
nbl_take(struct packet_pool *pool, uint32_t state, USHORT context, USHORT backfill)
{
    struct nbl_body *body;

    if (pool_hooked(pool) && pool_fault(pool, sizeof(body->nbl)))
        return NULL;
    body = pool_take(pool);
    if (!body)
        return NULL;
    reset(pool, &body->nbl, state);
    if ((pool->context_size | context | backfill) &&
        !give_context(pool, &body->nbl, context, backfill)) {
        body->nbl.NdisReserved[0] = (PVOID)(uintptr_t)PACKET_FREE;
        pool_put(pool, body);
        return NULL;
    }
    if (pool->with_nb) {
        nb_reset(&body->nb, pool, NB_EMBEDDED);
        body->nbl.FirstNetBuffer = &body->nb;
    }
    if (pool_hooked(pool)) {
        pool_show(pool, body, OBJECT_NBL, sizeof(body->nbl));
        if (pool->with_nb)
            pool_show(pool, &body->nb, OBJECT_NB, sizeof(body->nb));
    }
    return &body->nbl;
}

void
nbl_put(PNET_BUFFER_LIST nbl)
{
    struct packet_pool *pool = nbl->NdisPoolHandle;
    struct nbl_body *body = (struct nbl_body *)nbl;
    PNET_BUFFER_LIST_CONTEXT first = nbl->NdisReserved[1];

    if (first)
        pool_free(first, pool->tag);
    nbl->NdisReserved[0] = (PVOID)(uintptr_t)PACKET_FREE;
    if (pool->with_nb)
        body->nb.NdisReserved[0] = (PVOID)(uintptr_t)PACKET_FREE;
    if (pool_hooked(pool) && pool->with_nb)
        object_retire(&body->nb);
    if (pool_hooked(pool) && object_retire(nbl))
        pool_rest(pool, nbl);
    else
        pool_put(pool, nbl);
}

void
nbl_require(PNET_BUFFER_LIST nbl, uint32_t state, const char *caller)
{
    uintptr_t is = (uintptr_t)nbl->NdisReserved[0];

    if (__builtin_expect(is != state, 0)) {
        if (is == PACKET_FREE)
            gate_bug_check(
                "nbl-double-free", "%s was given a NET_BUFFER_LIST that is free", caller);
        if (is < NBL_PLAIN || is > NBL_REASSEMBLED)
            gate_bug_check("nbl-from-pool",
                "%s was given %p, which is no NET_BUFFER_LIST of a pool", caller, (void *)nbl);
        gate_bug_check("nbl-free-match",
            "%s was given a NET_BUFFER_LIST that another call (or other flags) made", caller);
    }
    if (__builtin_expect(nbl->Context != nbl_first_context(nbl), 0))
        gate_bug_check("nbl-context-balanced",
            "%s was given a NET_BUFFER_LIST with context space still allocated", caller);
}

/*
 * NdisAllocateNetBufferListPool - makes a pool of NET_BUFFER_LISTs
 *
 * @NdisHandle: of the driver, module or binding the pool is for, or NULL.
 * @Parameters: revision 1; ContextSize a multiple of MEMORY_ALLOCATION_ALIGNMENT.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the pool is the caller's until NdisFreeNetBufferListPool.
 * Errors:    NULL when memory is short or @Parameters contradict themselves.
 * Source:    NF:nblapi.NdisAllocateNetBufferListPool
 */
NDIS_HANDLE
NdisAllocateNetBufferListPool(NDIS_HANDLE NdisHandle, PNET_BUFFER_LIST_POOL_PARAMETERS Parameters)
{
    const NET_BUFFER_LIST_POOL_PARAMETERS *p = Parameters;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (p->Header.Type != NDIS_OBJECT_TYPE_DEFAULT ||
        p->Header.Revision < NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1 ||
        p->Header.Size < NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1 ||
        (p->DataSize && !p->fAllocateNetBuffer) || p->DataSize > POOL_DATA_MAX)
        return NULL;
    return nbl_pool_create(
        NdisHandle, p->fAllocateNetBuffer, p->ContextSize, p->DataSize, p->ProtocolId, p->PoolTag);
}

/*
 * NdisFreeNetBufferListPool - ends a pool of NET_BUFFER_LISTs
 *
 * @PoolHandle: from NdisAllocateNetBufferListPool.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the pool.
 * Errors:    none; NBLs that are still out are a bug check (rule nbl-pool-free-empty).
 * Source:    NF:nblapi.NdisFreeNetBufferListPool
 */
VOID
NdisFreeNetBufferListPool(NDIS_HANDLE PoolHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_close(pool_from_handle(PoolHandle, OBJECT_NBL_POOL, __func__), __func__);
}

/*
 * NdisAllocateNetBufferList - a NET_BUFFER_LIST, with a NET_BUFFER, MDL and data when the pool
 *     has them: DataLength is 0 then and all the data lies before DataOffset, for a retreat to
 *     claim
 *
 * @PoolHandle:      from NdisAllocateNetBufferListPool.
 * @ContextSize:     bytes of context space for the caller, a multiple of
 *                   MEMORY_ALLOCATION_ALIGNMENT.
 * @ContextBackFill: bytes more for others, the same.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the NBL is the caller's until NdisFreeNetBufferList.
 * Errors:    NULL when memory is short.
 * Source:    NF:nblapi.NdisAllocateNetBufferList
 */
PNET_BUFFER_LIST
NdisAllocateNetBufferList(NDIS_HANDLE PoolHandle, USHORT ContextSize, USHORT ContextBackFill)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return nbl_take(pool_of(PoolHandle, OBJECT_NBL, OBJECT_NBL_POOL, __func__), NBL_PLAIN,
        ContextSize, ContextBackFill);
}

/*
 * NdisAllocateNetBufferAndNetBufferList - a NET_BUFFER_LIST and its NET_BUFFER over the caller's
 *     MDLs
 *
 * @PoolHandle:      of a pool with fAllocateNetBuffer and no DataSize.
 * @ContextSize:     bytes of context space for the caller, a multiple of
 *                   MEMORY_ALLOCATION_ALIGNMENT.
 * @ContextBackFill: bytes more for others, the same.
 * @MdlChain:        the buffer, or NULL.
 * @DataOffset:      bytes before the data, 0 without MDLs.
 * @DataLength:      bytes of data, 0 without MDLs.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the NBL and its NET_BUFFER are the caller's until NdisFreeNetBufferList; the MDLs
 *            stay his.
 * Errors:    NULL when memory is short; a pool of the other kind is a bug check (rule
 *            nbl-nb-pool-mode).
 * Source:    NF:nblapi.NdisAllocateNetBufferAndNetBufferList
 */
PNET_BUFFER_LIST
NdisAllocateNetBufferAndNetBufferList(NDIS_HANDLE PoolHandle, USHORT ContextSize,
    USHORT ContextBackFill, PMDL MdlChain, ULONG DataOffset, SIZE_T DataLength)
{
    struct packet_pool *pool = pool_of(PoolHandle, OBJECT_NBL, OBJECT_NBL_POOL, __func__);
    PNET_BUFFER_LIST nbl;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__builtin_expect(!pool->with_nb || pool->data_size, 0))
        gate_bug_check("nbl-nb-pool-mode",
            "%s needs a pool with fAllocateNetBuffer and without DataSize", __func__);
    nbl = nbl_take(pool, NBL_PLAIN, ContextSize, ContextBackFill);
    if (nbl)
        nb_describe(nbl->FirstNetBuffer, MdlChain, DataOffset, DataLength);
    return nbl;
}

/*
 * NdisFreeNetBufferList - gives a NET_BUFFER_LIST back to its pool, with what came with it
 *
 * @NetBufferList: one, from NdisAllocateNetBufferList or NdisAllocateNetBufferAndNetBufferList;
 *                 Next is not followed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the NBL; NET_BUFFERs and MDLs that did not come with it stay the caller's.
 * Errors:    none; what is no such NBL is a bug check (rules nbl-double-free, nbl-free-match,
 *            nbl-context-balanced).
 * Source:    NF:nblapi.NdisFreeNetBufferList
 */
VOID
NdisFreeNetBufferList(PNET_BUFFER_LIST NetBufferList)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    nbl_require(NetBufferList, NBL_PLAIN, __func__);
    nbl_put(NetBufferList);
}

/*
 * NdisGetPoolFromNetBufferList - the pool an NBL is from
 *
 * @NetBufferList: one.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisGetPoolFromNetBufferList
 */
NDIS_HANDLE
NdisGetPoolFromNetBufferList(PNET_BUFFER_LIST NetBufferList)
{
    return NetBufferList->NdisPoolHandle;
}

/*
 * NdisGetNetBufferListProtocolId - who made the NBL, as its pool's ProtocolId said
 *
 * @NetBufferList: one.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisGetNetBufferListProtocolId
 */
UCHAR
NdisGetNetBufferListProtocolId(PNET_BUFFER_LIST NetBufferList)
{
    UCHAR *slot = (UCHAR *)&NetBufferList->NetBufferListInfo[NetBufferListProtocolId];

    return *slot & NDIS_PROTOCOL_ID_MASK;
}
