/* SPDX-License-Identifier: MIT */
/* NDIS_BUFFERs: MDLs over a driver's memory. How packets chain them: chain.c. */
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
 * NdisCopyBuffer - a buffer descriptor for a piece of the memory of another one
 *
 * @Status:           NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @Buffer:           the descriptor, NULL when memory is short.
 * @PoolHandle:       from NdisAllocateBufferPool.
 * @MemoryDescriptor: an NDIS_BUFFER.
 * @Offset:           bytes into its memory.
 * @Length:           bytes from there; within its memory.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the descriptor is the caller's until NdisFreeBuffer; no data is copied, the other
 *            descriptor must outlive it.
 * Errors:    see @Status.
 * Source:    ddk3790:NdisXC_9716cf08-8fef-423f-bce9-7e49ef8f911d.xml.htm
 */
VOID
NdisCopyBuffer(PNDIS_STATUS Status, PNDIS_BUFFER *Buffer, NDIS_HANDLE PoolHandle,
    PVOID MemoryDescriptor, UINT Offset, UINT Length)
{
    char *start = (char *)MmGetMdlVirtualAddress((PMDL)MemoryDescriptor) + Offset;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_behind(PoolHandle, __func__);
    *Buffer = IoAllocateMdl(start, Length, FALSE, FALSE, NULL);
    if (*Buffer)
        IoBuildPartialMdl(MemoryDescriptor, *Buffer, start, Length);
    *Status = *Buffer ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}

/*
 * NdisQueryBuffer - where a buffer is, and how long
 *
 * @Buffer:         a descriptor.
 * @VirtualAddress: gets its system address; NULL: not asked for.
 * @Length:         bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    *@VirtualAddress is NULL when it cannot be mapped.
 * Source:    ddk3790:NdisXN_R_c84e10e0-2742-4d05-b101-5006e3ccb7f0.xml.htm
 */
VOID
NdisQueryBuffer(PNDIS_BUFFER Buffer, PVOID *VirtualAddress, PUINT Length)
{
    if (VirtualAddress)
        *VirtualAddress = NdisBufferVirtualAddress(Buffer);
    *Length = MmGetMdlByteCount(Buffer);
}

/*
 * NdisBufferVirtualAddress - where a buffer is
 *
 * @Buffer: a descriptor.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NULL when it cannot be mapped.
 * Source:    ddk3790:NdisXA_B_78961adb-ccc4-4e66-b630-59b64497fc92.xml.htm
 */
PVOID
NdisBufferVirtualAddress(PNDIS_BUFFER Buffer)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return MmGetSystemAddressForMdlSafe(Buffer, HighPagePriority);
}

/*
 * NdisBufferLength - how long a buffer is
 *
 * @Buffer: a descriptor.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXA_B_304874bc-13ef-4069-8778-b7b682abe444.xml.htm
 */
ULONG
NdisBufferLength(PNDIS_BUFFER Buffer)
{
    return MmGetMdlByteCount(Buffer);
}

/*
 * NdisQueryBufferOffset - where in its first page a buffer begins, and how long it is
 *
 * @Buffer: a descriptor.
 * @Offset: bytes.
 * @Length: bytes.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXN_R_e1349956-235e-4741-9c53-16d3063dda38.xml.htm
 */
VOID
NdisQueryBufferOffset(PNDIS_BUFFER Buffer, PUINT Offset, PUINT Length)
{
    *Offset = MmGetMdlByteOffset(Buffer);
    *Length = MmGetMdlByteCount(Buffer);
}

/*
 * NdisAdjustBufferLength - changes how long a buffer is said to be
 *
 * @Buffer: a descriptor of the caller.
 * @Length: bytes, up to those it was allocated with.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXA_B_26e4cc27-4bbb-4122-80fb-ef5e4663a4dc.xml.htm
 */
VOID
NdisAdjustBufferLength(PNDIS_BUFFER Buffer, UINT Length)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    Buffer->ByteCount = Length;
}

/*
 * NDIS_BUFFER_TO_SPAN_PAGES - how many pages a buffer touches
 *
 * @Buffer: a descriptor.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisX_NDIS__089d3d94-30b3-4b6c-8bfd-b7ca5c08ec24.xml.htm
 */
ULONG
NDIS_BUFFER_TO_SPAN_PAGES(PNDIS_BUFFER Buffer)
{
    return NDIS_MDL_TO_SPAN_PAGES(Buffer);
}

/*
 * NdisGetBufferPhysicalArraySize - how many pieces of physical memory a buffer can have
 *
 * @Buffer:    a descriptor.
 * @ArraySize: as many as the pages it touches.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXG_H_086260ca-7258-4e28-af03-c066e6cae161.xml.htm
 */
VOID
NdisGetBufferPhysicalArraySize(PNDIS_BUFFER Buffer, PUINT ArraySize)
{
    *ArraySize = NDIS_MDL_TO_SPAN_PAGES(Buffer);
}
