/* SPDX-License-Identifier: MIT */
/* NET_BUFFERs: their pools, and where their data begins.
 *
 *     MdlChain --> | MDL          | --> | MDL                  |
 *                  <----- DataOffset ------><-- DataLength -->
 *     CurrentMdl names the second one here, CurrentMdlOffset the byte in it.
 *
 * Retreat moves the beginning left, over space that is there or into an MDL it hangs in front;
 * such MDLs carry MDL_NETWORK_HEADER, and advance takes them off again. NdisReserved[0] says how
 * a NET_BUFFER was made (enum packet_state).
 */
#include "ndis/packet/part.h"

struct nb_body {
    NET_BUFFER nb;
};

#define ROUND(value, to) (((value) + (to)-1) & ~((size_t)(to)-1))

void
nb_pool_room(struct packet_pool *pool, size_t nb_at, size_t end)
{
    size_t pages = pool->data_size / PAGE_SIZE + 2;

    if (pool->data_size) {
        end = pool_part_at(pool, end);
        pool->mdl_at = (uint32_t)(end - nb_at);
        pool->data_at =
            (uint32_t)(ROUND(end + sizeof(MDL) + pages * sizeof(PFN_NUMBER), pool->grain) - end);
        end += pool->data_at + pool->data_size;
    }
    pool_size(pool, end);
}

static PMDL
own_mdl(struct packet_pool *pool, PNET_BUFFER nb)
{
    return (PMDL)((char *)nb + pool->mdl_at);
}

void
nb_lay_out(struct packet_pool *pool, PNET_BUFFER nb)
{
    nb->NdisReserved[0] = (PVOID)(uintptr_t)PACKET_FREE;
    if (pool->data_size) {
        PMDL mdl = own_mdl(pool, nb);

        MmInitializeMdl(mdl, (char *)mdl + pool->data_at, pool->data_size);
        MmBuildMdlForNonPagedPool(mdl);
    }
}

static void
lay_out(struct packet_pool *pool, void *element)
{
    struct nb_body *body = element;

    __builtin_memset(body, 0, sizeof(*body));
    nb_lay_out(pool, &body->nb);
    if (!pool->machine->hooks)
        pool_show(pool, body, OBJECT_NB, sizeof(NET_BUFFER));
}

struct packet_pool *
nb_pool_create(NDIS_HANDLE handle, ULONG data, ULONG tag)
{
    struct packet_pool *pool = object_create(machine_self(), OBJECT_NB_POOL, sizeof(*pool));

    if (!pool)
        return NULL;
    object_prefix(pool)->tag = tag;
    pool->kind = OBJECT_NB;
    pool->machine = machine_self();
    pool_set_handle(pool, handle);
    pool->lay_out = lay_out;
    pool->tag = tag;
    pool->data_size = data;
    pool->grain = pool_grain(pool->machine);
    nb_pool_room(pool, 0, sizeof(struct nb_body));
    if (pool_open(pool))
        return pool;
    object_destroy(pool);
    return NULL;
}

void
nb_reset(PNET_BUFFER nb, struct packet_pool *pool, uint32_t state)
{
    nb->Next = NULL;
    nb->stDataLength = 0;
    nb->ChecksumBias = 0;
    nb->Reserved = 0;
    nb->NdisPoolHandle = pool;
    nb->NdisReserved[0] = (PVOID)(uintptr_t)state;
    nb->DataPhysicalAddress.QuadPart = 0;
    nb->SharedMemoryInfo = NULL;
    nb->MdlChain = nb->CurrentMdl = NULL;
    nb->DataOffset = nb->CurrentMdlOffset = 0;
    if (pool->data_size) {
        PMDL mdl = own_mdl(pool, nb);

        mdl->Next = NULL;
        mdl->ByteCount = pool->data_size;
        nb->MdlChain = nb->CurrentMdl = mdl;
        nb->DataOffset = nb->CurrentMdlOffset = pool->data_size;
    }
}

PNET_BUFFER
nb_take(struct packet_pool *pool)
{
    struct nb_body *body;

    if (pool_hooked(pool) && pool_fault(pool, sizeof(body->nb)))
        return NULL;
    body = pool_take(pool);
    if (!body)
        return NULL;
    nb_reset(&body->nb, pool, NB_ALONE);
    if (pool_hooked(pool))
        pool_show(pool, body, OBJECT_NB, sizeof(body->nb));
    return &body->nb;
}

void
nb_put(PNET_BUFFER nb)
{
    struct packet_pool *pool = nb->NdisPoolHandle;

    if ((uintptr_t)nb->NdisReserved[0] != NB_ALONE)
        return;
    nb->NdisReserved[0] = (PVOID)(uintptr_t)PACKET_FREE;
    if (pool_hooked(pool) && object_retire(nb))
        pool_rest(pool, nb);
    else
        pool_put(pool, nb);
}

/* Finds the current MDL, counting @offset from @mdl. */
static void
seek(PNET_BUFFER nb, PMDL mdl, ULONG offset)
{
    while (mdl && offset >= mdl->ByteCount && mdl->Next) {
        offset -= mdl->ByteCount;
        mdl = mdl->Next;
    }
    nb->CurrentMdl = mdl;
    nb->CurrentMdlOffset = offset;
}

void
nb_describe(PNET_BUFFER nb, PMDL chain, ULONG offset, SIZE_T length)
{
    nb->MdlChain = chain;
    nb->DataOffset = offset;
    nb->stDataLength = length;
    seek(nb, chain, offset);
}

/*
 * NdisAllocateNetBufferPool - makes a pool of NET_BUFFERs
 *
 * @NdisHandle: of the driver, module or binding the pool is for, or NULL.
 * @Parameters: revision 1; DataSize 0 for NET_BUFFERs without data.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the pool is the caller's until NdisFreeNetBufferPool.
 * Errors:    NULL when memory is short or @Parameters are none.
 * Source:    NF:nblapi.NdisAllocateNetBufferPool
 */
NDIS_HANDLE
NdisAllocateNetBufferPool(NDIS_HANDLE NdisHandle, PNET_BUFFER_POOL_PARAMETERS Parameters)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (Parameters->Header.Type != NDIS_OBJECT_TYPE_DEFAULT ||
        Parameters->Header.Revision < NET_BUFFER_POOL_PARAMETERS_REVISION_1 ||
        Parameters->Header.Size < NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1 ||
        Parameters->DataSize > POOL_DATA_MAX)
        return NULL;
    return nb_pool_create(NdisHandle, Parameters->DataSize, Parameters->PoolTag);
}

/*
 * NdisFreeNetBufferPool - ends a pool of NET_BUFFERs
 *
 * @PoolHandle: from NdisAllocateNetBufferPool.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the pool.
 * Errors:    none; NET_BUFFERs that are still out are a bug check (rule nbl-pool-free-empty).
 * Source:    NF:nblapi.NdisFreeNetBufferPool
 */
VOID
NdisFreeNetBufferPool(NDIS_HANDLE PoolHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_close(pool_from_handle(PoolHandle, OBJECT_NB_POOL, __func__), __func__);
}

/*
 * NdisAllocateNetBuffer - a NET_BUFFER over the caller's MDLs
 *
 * @PoolHandle: from NdisAllocateNetBufferPool, DataSize 0.
 * @MdlChain:   the buffer, or NULL.
 * @DataOffset: bytes before the data, 0 without MDLs.
 * @DataLength: bytes of data, 0 without MDLs.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the NET_BUFFER is the caller's until NdisFreeNetBuffer; the MDLs stay his.
 * Errors:    NULL when memory is short; a pool with DataSize is a bug check (rule
 *            nbl-nb-data-pool).
 * Source:    NF:nblapi.NdisAllocateNetBuffer
 */
PNET_BUFFER
NdisAllocateNetBuffer(NDIS_HANDLE PoolHandle, PMDL MdlChain, ULONG DataOffset, SIZE_T DataLength)
{
    struct packet_pool *pool = pool_of(PoolHandle, OBJECT_NB, OBJECT_NB_POOL, __func__);
    PNET_BUFFER nb;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (pool->data_size)
        gate_bug_check("nbl-nb-data-pool", "%s was given a pool with a DataSize", __func__);
    nb = nb_take(pool);
    if (nb)
        nb_describe(nb, MdlChain, DataOffset, DataLength);
    return nb;
}

/*
 * NdisAllocateNetBufferMdlAndData - a NET_BUFFER with MDL and data: DataLength is 0 and all the
 *     data lies before DataOffset, for a retreat to claim
 *
 * @PoolHandle: from NdisAllocateNetBufferPool, DataSize not 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: all three are the caller's until NdisFreeNetBuffer.
 * Errors:    NULL when memory is short; a pool without DataSize is a bug check (rule
 *            nbl-nb-data-pool).
 * Source:    NF:nblapi.NdisAllocateNetBufferMdlAndData
 */
PNET_BUFFER
NdisAllocateNetBufferMdlAndData(NDIS_HANDLE PoolHandle)
{
    struct packet_pool *pool = pool_of(PoolHandle, OBJECT_NB, OBJECT_NB_POOL, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!pool->data_size)
        gate_bug_check("nbl-nb-data-pool", "%s was given a pool without a DataSize", __func__);
    return nb_take(pool);
}

/*
 * NdisFreeNetBuffer - gives a NET_BUFFER back to its pool
 *
 * @NetBuffer: from NdisAllocateNetBuffer or NdisAllocateNetBufferMdlAndData; Next is not
 *             followed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the NET_BUFFER; MDLs that did not come with it stay the caller's.
 * Errors:    none; one that is free, or that came with an NBL, is a bug check (rules
 *            nbl-double-free, nbl-prealloc-not-freed-alone).
 * Source:    NF:nblapi.NdisFreeNetBuffer
 */
VOID
NdisFreeNetBuffer(PNET_BUFFER NetBuffer)
{
    uintptr_t state = (uintptr_t)NetBuffer->NdisReserved[0];

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (state == NB_EMBEDDED)
        gate_bug_check("nbl-prealloc-not-freed-alone",
            "%s was given a NET_BUFFER that came with its NET_BUFFER_LIST", __func__);
    if (state == PACKET_FREE)
        gate_bug_check("nbl-double-free", "%s was given a NET_BUFFER that is free", __func__);
    if (state != NB_ALONE)
        gate_bug_check("nbl-from-pool", "%s was given %p, which is no NET_BUFFER of a pool",
            __func__, (void *)NetBuffer);
    nb_put(NetBuffer);
}

/*
 * NdisGetPoolFromNetBuffer - the pool a NET_BUFFER is from, the NBL pool when it came with an NBL
 *
 * @NetBuffer: one.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisGetPoolFromNetBuffer
 */
NDIS_HANDLE
NdisGetPoolFromNetBuffer(PNET_BUFFER NetBuffer)
{
    return NetBuffer->NdisPoolHandle;
}

/*
 * NdisAdjustNetBufferCurrentMdl - finds CurrentMdl and CurrentMdlOffset again from DataOffset
 *
 * @NetBuffer: one; MdlChain and DataOffset are right.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisAdjustNetBufferCurrentMdl
 */
VOID
NdisAdjustNetBufferCurrentMdl(PNET_BUFFER NetBuffer)
{
    seek(NetBuffer, NetBuffer->MdlChain, NetBuffer->DataOffset);
}

/* Hangs an MDL in front that has room for @missing bytes and @backfill more. */
static NDIS_STATUS
hang_header(PNET_BUFFER nb, ULONG missing, ULONG backfill, NET_BUFFER_ALLOCATE_MDL_HANDLER handler)
{
    ULONG size = missing + backfill;
    PMDL mdl;

    if (size < missing)
        return NDIS_STATUS_FAILURE;
    mdl = handler ? call_allocate_mdl(handler, &size) : header_take(size);
    if (!mdl)
        return NDIS_STATUS_RESOURCES;
    if (mdl->ByteCount < missing)
        gate_bug_check("mm-overrun", "NetAllocateMdl was asked for %u bytes and gave %u", size,
            mdl->ByteCount);
    mdl->MdlFlags |= MDL_NETWORK_HEADER;
    mdl->Next = nb->MdlChain;
    nb->MdlChain = mdl;
    nb->DataOffset += mdl->ByteCount;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisRetreatNetBufferDataStart - makes the data begin earlier; when there is not enough space
 *     before it an MDL with the missing bytes is hung in front
 *
 * @NetBuffer:          one.
 * @DataOffsetDelta:    bytes.
 * @DataBackFill:       bytes of unused space more when an MDL is needed.
 * @AllocateMdlHandler: gives that MDL, or NULL: NDIS does.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller undoes it with NdisAdvanceNetBufferDataStart before he passes the
 *            NET_BUFFER back.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_FAILURE when the sizes are
 *            too large together.
 * Source:    NF:nblapi.NdisRetreatNetBufferDataStart
 */
NDIS_STATUS
NdisRetreatNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta, ULONG DataBackFill,
    NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler)
{
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (NetBuffer->DataOffset < DataOffsetDelta) {
        status = hang_header(
            NetBuffer, DataOffsetDelta - NetBuffer->DataOffset, DataBackFill, AllocateMdlHandler);
        if (status != NDIS_STATUS_SUCCESS)
            return status;
        NetBuffer->CurrentMdl = NULL;
    }
    NetBuffer->DataOffset -= DataOffsetDelta;
    NetBuffer->DataLength += DataOffsetDelta;
    if (NetBuffer->CurrentMdl && NetBuffer->CurrentMdlOffset >= DataOffsetDelta)
        NetBuffer->CurrentMdlOffset -= DataOffsetDelta;
    else
        seek(NetBuffer, NetBuffer->MdlChain, NetBuffer->DataOffset);
    return NDIS_STATUS_SUCCESS;
}

/* Takes off the MDLs in front that a retreat hung there and that no byte of data lies in. */
static void
drop_headers(PNET_BUFFER nb, NET_BUFFER_FREE_MDL_HANDLER handler)
{
    PMDL mdl;

    while ((mdl = nb->MdlChain) && mdl->MdlFlags & MDL_NETWORK_HEADER &&
           nb->DataOffset >= mdl->ByteCount) {
        nb->MdlChain = mdl->Next;
        nb->DataOffset -= mdl->ByteCount;
        mdl->Next = NULL;
        mdl->MdlFlags &= ~MDL_NETWORK_HEADER;
        if (header_put(mdl))
            continue;
        if (!handler)
            gate_bug_check("nbl-freemdl-reciprocal",
                "an MDL of NetAllocateMdl is to be freed, but no NetFreeMdl is given");
        call_free_mdl(handler, mdl);
    }
    seek(nb, nb->MdlChain, nb->DataOffset);
}

/*
 * NdisAdvanceNetBufferDataStart - makes the data begin later
 *
 * @NetBuffer:       one.
 * @DataOffsetDelta: bytes, at most DataLength.
 * @FreeMdl:         whether MDLs that a retreat hung in front and that are unused now are freed.
 * @FreeMdlHandler:  frees those that the driver's own NetAllocateMdl gave, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes such MDLs off.
 * Errors:    none; more than DataLength is a bug check (rule nbl-advance-within-length).
 * Source:    NF:nblapi.NdisAdvanceNetBufferDataStart
 */
VOID
NdisAdvanceNetBufferDataStart(PNET_BUFFER NetBuffer, ULONG DataOffsetDelta, BOOLEAN FreeMdl,
    NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__builtin_expect(DataOffsetDelta > NetBuffer->DataLength, 0))
        gate_bug_check("nbl-advance-within-length", "%s by %u bytes, the data has %u", __func__,
            DataOffsetDelta, NetBuffer->DataLength);
    NetBuffer->DataOffset += DataOffsetDelta;
    NetBuffer->DataLength -= DataOffsetDelta;
    seek(NetBuffer, NetBuffer->CurrentMdl, NetBuffer->CurrentMdlOffset + DataOffsetDelta);
    if (FreeMdl)
        drop_headers(NetBuffer, FreeMdlHandler);
}

/*
 * NdisRetreatNetBufferListDataStart - retreats every NET_BUFFER of an NBL, or none
 *
 * @NetBufferList:      one.
 * @DataOffsetDelta:    bytes.
 * @DataBackFill:       bytes of unused space more where an MDL is needed.
 * @AllocateMdlHandler: gives such MDLs, or NULL.
 * @FreeMdlHandler:     frees them when a later one cannot be had, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: as NdisRetreatNetBufferDataStart.
 * Errors:    as NdisRetreatNetBufferDataStart; then all are as they were.
 * Source:    NF:nblapi.NdisRetreatNetBufferListDataStart
 */
NDIS_STATUS
NdisRetreatNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList, ULONG DataOffsetDelta,
    ULONG DataBackFill, NET_BUFFER_ALLOCATE_MDL_HANDLER AllocateMdlHandler,
    NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler)
{
    PNET_BUFFER nb, done;

    for (nb = NetBufferList->FirstNetBuffer; nb; nb = nb->Next) {
        NDIS_STATUS status =
            NdisRetreatNetBufferDataStart(nb, DataOffsetDelta, DataBackFill, AllocateMdlHandler);

        if (status == NDIS_STATUS_SUCCESS)
            continue;
        for (done = NetBufferList->FirstNetBuffer; done != nb; done = done->Next)
            NdisAdvanceNetBufferDataStart(done, DataOffsetDelta, TRUE, FreeMdlHandler);
        return status;
    }
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisAdvanceNetBufferListDataStart - advances every NET_BUFFER of an NBL
 *
 * @NetBufferList:   one.
 * @DataOffsetDelta: bytes, at most the DataLength of each.
 * @FreeMdl:         as for NdisAdvanceNetBufferDataStart.
 * @FreeMdlHandler:  the same.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: as NdisAdvanceNetBufferDataStart.
 * Errors:    none; more than a DataLength is a bug check (rule nbl-advance-within-length).
 * Source:    NF:nblapi.NdisAdvanceNetBufferListDataStart
 */
VOID
NdisAdvanceNetBufferListDataStart(PNET_BUFFER_LIST NetBufferList, ULONG DataOffsetDelta,
    BOOLEAN FreeMdl, NET_BUFFER_FREE_MDL_HANDLER FreeMdlHandler)
{
    for (PNET_BUFFER nb = NetBufferList->FirstNetBuffer; nb; nb = nb->Next)
        NdisAdvanceNetBufferDataStart(nb, DataOffsetDelta, FreeMdl, FreeMdlHandler);
}
