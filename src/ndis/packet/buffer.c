/* SPDX-License-Identifier: MIT */
/* NDIS_BUFFERs: MDLs over a driver's memory, and how packets chain them. */
#include "ndis/packet/pool.h"

#define BUFFER_TAG 'fuBN'

/*
 * NdisAllocateBufferPool - makes a pool of buffer descriptors
 *
 * @Status:              NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @PoolHandle:          the pool.
 * @NumberOfDescriptors: ignored, as documented: descriptors are made as they are asked for.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the pool is the caller's until NdisFreeBufferPool.
 * Errors:    see @Status.
 * Source:    NF:ndis.NdisAllocateBufferPool
 */
VOID
NdisAllocateBufferPool(PNDIS_STATUS Status, PNDIS_HANDLE PoolHandle, UINT NumberOfDescriptors)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    UNREFERENCED_PARAMETER(NumberOfDescriptors);
    *PoolHandle = object_create(machine_self(), OBJECT_PACKET_POOL, sizeof(uint32_t));
    if (*PoolHandle)
        object_prefix(*PoolHandle)->tag = BUFFER_TAG;
    *Status = *PoolHandle ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}

static uint32_t *
pool_behind(NDIS_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_PACKET_POOL) ||
        object_prefix(handle)->tag != BUFFER_TAG)
        gate_bug_check(
            "s5-packet-from-pool", "%s was given %p, which is no buffer pool", caller, handle);
    return handle;
}

/*
 * NdisFreeBufferPool - ends a pool of buffer descriptors
 *
 * @PoolHandle: from NdisAllocateBufferPool.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the pool.
 * Errors:    none.
 * Source:    NF:ndis.NdisFreeBufferPool
 */
VOID
NdisFreeBufferPool(NDIS_HANDLE PoolHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    object_destroy(pool_behind(PoolHandle, __func__));
}

/*
 * NdisAllocateBuffer - a buffer descriptor for nonpaged memory
 *
 * @Status:         NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @Buffer:         the descriptor, NULL when memory is short.
 * @PoolHandle:     from NdisAllocateBufferPool.
 * @VirtualAddress: the memory.
 * @Length:         bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the descriptor is the caller's until NdisFreeBuffer; the memory must outlive it.
 * Errors:    see @Status.
 * Source:    NF:ndis.NdisAllocateBuffer
 */
VOID
NdisAllocateBuffer(PNDIS_STATUS Status, PNDIS_BUFFER *Buffer, NDIS_HANDLE PoolHandle,
    PVOID VirtualAddress, UINT Length)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Buffer = NdisAllocateMdl(pool_behind(PoolHandle, __func__), VirtualAddress, Length);
    *Status = *Buffer ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}

/*
 * NdisFreeBuffer - frees a buffer descriptor, not its memory
 *
 * @Buffer: from NdisAllocateBuffer.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the descriptor.
 * Errors:    none.
 * Source:    NF:ndis.NdisFreeBuffer
 */
VOID
NdisFreeBuffer(PNDIS_BUFFER Buffer)
{
    NdisFreeMdl(Buffer);
}

/*
 * NdisQueryBufferSafe - where a buffer is, and how long
 *
 * @Buffer:         a descriptor.
 * @VirtualAddress: gets its system address; NULL: not asked for.
 * @Length:         bytes.
 * @Priority:       of the mapping.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    *@VirtualAddress is NULL when it cannot be mapped.
 * Source:    ddk3790:NdisXN_R_68760db1-ac01-4a30-b4b1-a92749987d0a.xml.htm
 */
VOID
NdisQueryBufferSafe(
    PNDIS_BUFFER Buffer, PVOID *VirtualAddress, PUINT Length, MM_PAGE_PRIORITY Priority)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (VirtualAddress)
        *VirtualAddress = MmGetSystemAddressForMdlSafe(Buffer, Priority);
    *Length = MmGetMdlByteCount(Buffer);
}

/*
 * NdisUnchainBufferAtFront - takes a packet's first buffer out
 *
 * @Packet: of the caller.
 * @Buffer: gets the descriptor, NULL when there is none.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the descriptor is the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisUnchainBufferAtFront
 */
VOID
NdisUnchainBufferAtFront(PNDIS_PACKET Packet, PNDIS_BUFFER *Buffer)
{
    NDIS_PACKET_PRIVATE *private = &Packet->Private;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Buffer = private->Head;
    if (!private->Head)
        return;
    private->Head = (*Buffer)->Next;
    (*Buffer)->Next = NULL;
    private->ValidCounts = FALSE;
}
