/* SPDX-License-Identifier: MIT */
/* Memory that hardware sees without gaps, or uncached: the machine's pool is both. */
#include "nt/gate.h"
#include "nt/pool.h"

/*
 * MmAllocateContiguousMemory - memory without gaps in physical addresses: any is; the bound is not
 *     applied
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with MmFreeContiguousMemory.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.MmAllocateContiguousMemory
 */
PVOID
MmAllocateContiguousMemory(SIZE_T NumberOfBytes, PHYSICAL_ADDRESS HighestAcceptableAddress)
{
    UNREFERENCED_PARAMETER(HighestAcceptableAddress);
    return ExAllocatePool2(
        POOL_FLAG_NON_PAGED, ROUND_TO_PAGES(NumberOfBytes), POOL_TAG('C', 'o', 'n', 't'));
}

/*
 * MmAllocateContiguousMemorySpecifyCache - as MmAllocateContiguousMemory; bounds and caching change
 *     nothing
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with MmFreeContiguousMemorySpecifyCache.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.MmAllocateContiguousMemorySpecifyCache
 */
PVOID
MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
    PHYSICAL_ADDRESS LowestAcceptableAddress, PHYSICAL_ADDRESS HighestAcceptableAddress,
    PHYSICAL_ADDRESS BoundaryAddressMultiple, MEMORY_CACHING_TYPE CacheType)
{
    UNREFERENCED_PARAMETER(LowestAcceptableAddress);
    UNREFERENCED_PARAMETER(BoundaryAddressMultiple);
    UNREFERENCED_PARAMETER(CacheType);
    return MmAllocateContiguousMemory(NumberOfBytes, HighestAcceptableAddress);
}

/*
 * MmFreeContiguousMemory - frees memory of MmAllocateContiguousMemory
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: takes the memory.
 * Errors:    what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:wdm.MmFreeContiguousMemory
 */
VOID
MmFreeContiguousMemory(PVOID BaseAddress)
{
    ExFreePool(BaseAddress);
}

/*
 * MmFreeContiguousMemorySpecifyCache - frees memory of MmAllocateContiguousMemorySpecifyCache
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the memory.
 * Errors:    what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:wdm.MmFreeContiguousMemorySpecifyCache
 */
VOID
MmFreeContiguousMemorySpecifyCache(
    PVOID BaseAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType)
{
    UNREFERENCED_PARAMETER(NumberOfBytes);
    UNREFERENCED_PARAMETER(CacheType);
    ExFreePool(BaseAddress);
}

/*
 * MmAllocateNonCachedMemory - memory of whole pages
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller frees it with MmFreeNonCachedMemory.
 * Errors:    NULL when memory is short.
 * Source:    NF:ntddk.MmAllocateNonCachedMemory
 */
PVOID
MmAllocateNonCachedMemory(SIZE_T NumberOfBytes)
{
    return ExAllocatePool2(
        POOL_FLAG_NON_PAGED, ROUND_TO_PAGES(NumberOfBytes), POOL_TAG('N', 'o', 'n', 'c'));
}

/*
 * MmFreeNonCachedMemory - frees memory of MmAllocateNonCachedMemory
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: takes the memory.
 * Errors:    what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:ntddk.MmFreeNonCachedMemory
 */
VOID
MmFreeNonCachedMemory(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    UNREFERENCED_PARAMETER(NumberOfBytes);
    ExFreePool(BaseAddress);
}
