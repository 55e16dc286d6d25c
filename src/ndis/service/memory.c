/* SPDX-License-Identifier: MIT */
/* Memory for drivers: pool blocks, charged to the running driver. Whoever allocated frees. */
#include "ndis/stack/adapter.h"
#include "nt/pool.h"

#define TAG_NDIS 0x6d4d444e /* NDMm */

/*
 * NdisAllocateMemoryWithTag - a block of nonpaged memory, contents undefined
 *
 * @VirtualAddress: the block, or NULL.
 * @Length:         bytes.
 * @Tag:            four characters.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the block is the caller's until NdisFreeMemory.
 * Errors:    NDIS_STATUS_FAILURE when memory is short.
 * Source:    xp7600:NdisXA_B_3e67bc3b-3b17-4fea-98e4-1493c3f51d5e.xml.htm
 */
NDIS_STATUS
NdisAllocateMemoryWithTag(PVOID *VirtualAddress, UINT Length, ULONG Tag)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    *VirtualAddress = pool_alloc(Length, Tag, POOL_NOISE);
    return *VirtualAddress ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE;
}

/*
 * NdisAllocateMemoryWithTagPriority - a block of nonpaged memory, contents undefined; the
 *     priority changes nothing
 *
 * @NdisHandle: of the driver, module or binding.
 * @Length:     bytes.
 * @Tag:        four characters.
 * @Priority:   LowPoolPriority to HighPoolPriority.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the block is the caller's until NdisFreeMemory or NdisFreeMemoryWithTagPriority.
 * Errors:    NULL when memory is short.
 * Source:    NF:ndis.NdisAllocateMemoryWithTagPriority
 */
PVOID
NdisAllocateMemoryWithTagPriority(
    NDIS_HANDLE NdisHandle, UINT Length, ULONG Tag, EX_POOL_PRIORITY Priority)
{
    UNREFERENCED_PARAMETER(NdisHandle);
    UNREFERENCED_PARAMETER(Priority);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return pool_alloc(Length, Tag, POOL_NOISE);
}

/*
 * NdisAllocateMemory - a block of nonpaged memory without a tag of its own; every block is
 *     contiguous, cached and low enough
 *
 * @VirtualAddress:           the block, or NULL.
 * @Length:                   bytes.
 * @MemoryFlags:              0, NDIS_MEMORY_CONTIGUOUS, NDIS_MEMORY_NONCACHED.
 * @HighestAcceptableAddress: of physical memory.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the block is the caller's until NdisFreeMemory.
 * Errors:    NDIS_STATUS_FAILURE when memory is short.
 * Source:    xp7600:NdisXA_B_c13c4d75-fe8f-482a-8be4-43aa77c68f6d.xml.htm
 */
NDIS_STATUS
NdisAllocateMemory(PVOID *VirtualAddress, UINT Length, UINT MemoryFlags,
    NDIS_PHYSICAL_ADDRESS HighestAcceptableAddress)
{
    UNREFERENCED_PARAMETER(MemoryFlags);
    UNREFERENCED_PARAMETER(HighestAcceptableAddress);
    return NdisAllocateMemoryWithTag(VirtualAddress, Length, TAG_NDIS);
}

/*
 * NdisFreeMemory - frees a block
 *
 * @VirtualAddress: the block.
 * @Length:         as allocated, or 0.
 * @MemoryFlags:    as allocated.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the block.
 * Errors:    none; what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:ndis.NdisFreeMemory
 */
VOID
NdisFreeMemory(PVOID VirtualAddress, UINT Length, UINT MemoryFlags)
{
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(MemoryFlags);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_free(VirtualAddress, 0);
}

/*
 * NdisFreeMemoryWithTag - frees a block
 *
 * @VirtualAddress: the block.
 * @Tag:            as allocated.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the block.
 * Errors:    none; what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:ndis.NdisFreeMemoryWithTag
 */
VOID
NdisFreeMemoryWithTag(PVOID VirtualAddress, ULONG Tag)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_free(VirtualAddress, Tag);
}

/*
 * NdisFreeMemoryWithTagPriority - frees a block
 *
 * @NdisHandle:     as allocated.
 * @VirtualAddress: the block.
 * @Tag:            as allocated.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the block.
 * Errors:    none; what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:ndis.NdisFreeMemoryWithTagPriority
 */
VOID
NdisFreeMemoryWithTagPriority(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, ULONG Tag)
{
    UNREFERENCED_PARAMETER(NdisHandle);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_free(VirtualAddress, Tag);
}
