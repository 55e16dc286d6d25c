/* SPDX-License-Identifier: MIT */
/* Mm*: MDLs, mappings, contiguous memory. */
#pragma once

#include "ex.h"

struct _DRIVER_OBJECT;

typedef ULONG_PTR PFN_NUMBER, *PPFN_NUMBER;
typedef LONG_PTR SPFN_NUMBER;

typedef struct _MDL {
    struct _MDL *Next;
    CSHORT Size;
    CSHORT MdlFlags;
    struct _KPROCESS *Process;
    PVOID MappedSystemVa;
    PVOID StartVa;
    ULONG ByteCount;
    ULONG ByteOffset;
} MDL, *PMDL;
typedef MDL *PMDLX;

#define MDL_MAPPED_TO_SYSTEM_VA     0x0001
#define MDL_PAGES_LOCKED            0x0002
#define MDL_SOURCE_IS_NONPAGED_POOL 0x0004
#define MDL_ALLOCATED_FIXED_SIZE    0x0008
#define MDL_PARTIAL                 0x0010
#define MDL_PARTIAL_HAS_BEEN_MAPPED 0x0020
#define MDL_IO_PAGE_READ            0x0040
#define MDL_WRITE_OPERATION         0x0080
#define MDL_LOCKED_PAGE_TABLES      0x0100
#define MDL_PARENT_MAPPED_SYSTEM_VA MDL_LOCKED_PAGE_TABLES
#define MDL_FREE_EXTRA_PTES         0x0200
#define MDL_DESCRIBES_AWE           0x0400
#define MDL_IO_SPACE                0x0800
#define MDL_NETWORK_HEADER          0x1000
#define MDL_MAPPING_CAN_FAIL        0x2000
#define MDL_PAGE_CONTENTS_INVARIANT 0x4000
#define MDL_ALLOCATED_MUST_SUCCEED  MDL_PAGE_CONTENTS_INVARIANT
#define MDL_INTERNAL                0x8000
#define MDL_MAPPING_FLAGS                                                                          \
    (MDL_MAPPED_TO_SYSTEM_VA | MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL |                    \
        MDL_PARTIAL_HAS_BEEN_MAPPED | MDL_PARENT_MAPPED_SYSTEM_VA | MDL_IO_SPACE)

#define MDL_ALLOCATE_FULLY_REQUIRED 0x00000004

typedef enum _MEMORY_CACHING_TYPE {
    MmNonCached = 0,
    MmCached = 1,
    MmWriteCombined = 2,
    MmHardwareCoherentCached,
    MmNonCachedUnordered,
    MmUSWCCached,
    MmMaximumCacheType,
    MmNotMapped = -1
} MEMORY_CACHING_TYPE;
typedef MEMORY_CACHING_TYPE MEMORY_CACHING_TYPE_ORIG;
typedef enum _LOCK_OPERATION { IoReadAccess, IoWriteAccess, IoModifyAccess } LOCK_OPERATION;
typedef enum _MM_PAGE_PRIORITY {
    LowPagePriority,
    NormalPagePriority = 16,
    HighPagePriority = 32
} MM_PAGE_PRIORITY;
typedef enum _MM_SYSTEM_SIZE { MmSmallSystem, MmMediumSystem, MmLargeSystem } MM_SYSTEMSIZE;
#define MdlMappingNoWrite   0x80000000
#define MdlMappingNoExecute 0x40000000
#define MdlMappingWithGuardPtes 0x20000000

typedef struct _PHYSICAL_MEMORY_RANGE {
    PHYSICAL_ADDRESS BaseAddress;
    LARGE_INTEGER NumberOfBytes;
} PHYSICAL_MEMORY_RANGE, *PPHYSICAL_MEMORY_RANGE;

#define PAGE_NOACCESS          0x01
#define PAGE_READONLY          0x02
#define PAGE_READWRITE         0x04
#define PAGE_WRITECOPY         0x08
#define PAGE_EXECUTE           0x10
#define PAGE_EXECUTE_READ      0x20
#define PAGE_EXECUTE_READWRITE 0x40
#define PAGE_EXECUTE_WRITECOPY 0x80
#define PAGE_GUARD             0x100
#define PAGE_NOCACHE           0x200
#define PAGE_WRITECOMBINE      0x400
#define MEM_COMMIT             0x1000
#define MEM_RESERVE            0x2000
#define MEM_DECOMMIT           0x4000
#define MEM_RELEASE            0x8000
#define MEM_FREE               0x10000
#define MEM_PRIVATE            0x20000
#define MEM_MAPPED             0x40000
#define MEM_TOP_DOWN           0x100000
#define MEM_LARGE_PAGES        0x20000000
#define SEC_COMMIT             0x8000000
#define SEC_RESERVE            0x4000000
#define SECTION_QUERY          0x0001
#define SECTION_MAP_WRITE      0x0002
#define SECTION_MAP_READ       0x0004
#define SECTION_MAP_EXECUTE    0x0008
#define SECTION_ALL_ACCESS     0xF001F

#define MM_DONT_ZERO_ALLOCATION                0x00000001
#define MM_ALLOCATE_FROM_LOCAL_NODE_ONLY       0x00000002
#define MM_ALLOCATE_FULLY_REQUIRED             0x00000004
#define MM_ALLOCATE_NO_WAIT                    0x00000008
#define MM_ALLOCATE_PREFER_CONTIGUOUS          0x00000010
#define MM_ALLOCATE_REQUIRE_CONTIGUOUS_CHUNKS  0x00000020
#define MM_ANY_NODE_OK                         0x80000000

#define BYTE_OFFSET(va)      ((ULONG)((ULONG_PTR)(va) & (PAGE_SIZE - 1)))
#define PAGE_ALIGN(va)       ((PVOID)((ULONG_PTR)(va) & ~(ULONG_PTR)(PAGE_SIZE - 1)))
#define BYTES_TO_PAGES(n)    (((ULONG_PTR)(n) >> PAGE_SHIFT) + (((n) & (PAGE_SIZE - 1)) != 0))
#define ROUND_TO_PAGES(n)    (((ULONG_PTR)(n) + PAGE_SIZE - 1) & ~(ULONG_PTR)(PAGE_SIZE - 1))
#define ROUND_TO_SIZE(n, a)  (((ULONG_PTR)(n) + (a) - 1) & ~((ULONG_PTR)(a) - 1))
#define ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, n)                                                      \
    ((ULONG)(((ULONG_PTR)BYTE_OFFSET(va) + (SIZE_T)(n) + (PAGE_SIZE - 1)) >> PAGE_SHIFT))
#define COMPUTE_PAGES_SPANNED(va, n) ADDRESS_AND_SIZE_TO_SPAN_PAGES(va, n)

EXTERN_C_START

NTKERNELAPI VOID MmBuildMdlForNonPagedPool(PMDLX MemoryDescriptorList);
NTKERNELAPI PMDL MmCreateMdl(PMDL MemoryDescriptorList, PVOID Base, SIZE_T Length);
NTKERNELAPI SIZE_T MmSizeOfMdl(PVOID Base, SIZE_T Length);
NTKERNELAPI VOID MmProbeAndLockPages(
    PMDLX MemoryDescriptorList, KPROCESSOR_MODE AccessMode, LOCK_OPERATION Operation);
NTKERNELAPI VOID MmUnlockPages(PMDLX MemoryDescriptorList);
NTKERNELAPI PVOID MmMapLockedPages(PMDL MemoryDescriptorList, KPROCESSOR_MODE AccessMode);
NTKERNELAPI PVOID MmMapLockedPagesSpecifyCache(PMDLX MemoryDescriptorList,
    KPROCESSOR_MODE AccessMode, MEMORY_CACHING_TYPE CacheType, PVOID RequestedAddress,
    ULONG BugCheckOnFailure, ULONG Priority);
NTKERNELAPI VOID MmUnmapLockedPages(PVOID BaseAddress, PMDLX MemoryDescriptorList);
NTKERNELAPI PVOID MmAllocateMappingAddress(SIZE_T NumberOfBytes, ULONG PoolTag);
NTKERNELAPI VOID MmFreeMappingAddress(PVOID BaseAddress, ULONG PoolTag);
NTKERNELAPI PVOID MmMapLockedPagesWithReservedMapping(PVOID MappingAddress, ULONG PoolTag,
    PMDLX MemoryDescriptorList, MEMORY_CACHING_TYPE CacheType);
NTKERNELAPI VOID MmUnmapReservedMapping(
    PVOID BaseAddress, ULONG PoolTag, PMDLX MemoryDescriptorList);
NTKERNELAPI NTSTATUS MmProtectMdlSystemAddress(PMDLX MemoryDescriptorList, ULONG NewProtect);
NTKERNELAPI NTSTATUS MmAdvanceMdl(PMDL Mdl, ULONG NumberOfBytes);
NTKERNELAPI PMDL MmAllocatePagesForMdl(PHYSICAL_ADDRESS LowAddress, PHYSICAL_ADDRESS HighAddress,
    PHYSICAL_ADDRESS SkipBytes, SIZE_T TotalBytes);
NTKERNELAPI PMDL MmAllocatePagesForMdlEx(PHYSICAL_ADDRESS LowAddress,
    PHYSICAL_ADDRESS HighAddress, PHYSICAL_ADDRESS SkipBytes, SIZE_T TotalBytes,
    MEMORY_CACHING_TYPE CacheType, ULONG Flags);
NTKERNELAPI VOID MmFreePagesFromMdl(PMDLX MemoryDescriptorList);
NTKERNELAPI PVOID MmMapIoSpace(
    PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType);
NTKERNELAPI PVOID MmMapIoSpaceEx(
    PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, ULONG Protect);
NTKERNELAPI VOID MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes);
NTKERNELAPI PVOID MmAllocateContiguousMemory(
    SIZE_T NumberOfBytes, PHYSICAL_ADDRESS HighestAcceptableAddress);
NTKERNELAPI PVOID MmAllocateContiguousMemorySpecifyCache(SIZE_T NumberOfBytes,
    PHYSICAL_ADDRESS LowestAcceptableAddress, PHYSICAL_ADDRESS HighestAcceptableAddress,
    PHYSICAL_ADDRESS BoundaryAddressMultiple, MEMORY_CACHING_TYPE CacheType);
NTKERNELAPI PVOID MmAllocateContiguousNodeMemory(SIZE_T NumberOfBytes,
    PHYSICAL_ADDRESS LowestAcceptableAddress, PHYSICAL_ADDRESS HighestAcceptableAddress,
    PHYSICAL_ADDRESS BoundaryAddressMultiple, ULONG Protect, ULONG PreferredNode);
NTKERNELAPI VOID MmFreeContiguousMemory(PVOID BaseAddress);
NTKERNELAPI VOID MmFreeContiguousMemorySpecifyCache(
    PVOID BaseAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType);
NTKERNELAPI PVOID MmAllocateNonCachedMemory(SIZE_T NumberOfBytes);
NTKERNELAPI VOID MmFreeNonCachedMemory(PVOID BaseAddress, SIZE_T NumberOfBytes);
NTKERNELAPI PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress);
NTKERNELAPI PPHYSICAL_MEMORY_RANGE MmGetPhysicalMemoryRanges(VOID);
NTKERNELAPI BOOLEAN MmIsAddressValid(PVOID VirtualAddress);
NTKERNELAPI LOGICAL MmIsDriverVerifying(struct _DRIVER_OBJECT *DriverObject);
NTKERNELAPI NTSTATUS MmIsVerifierEnabled(PULONG VerifierFlags);
NTKERNELAPI PVOID MmGetSystemRoutineAddress(PUNICODE_STRING SystemRoutineName);
NTKERNELAPI MM_SYSTEMSIZE MmQuerySystemSize(VOID);
NTKERNELAPI BOOLEAN MmIsThisAnNtAsSystem(VOID);
NTKERNELAPI PVOID MmLockPagableDataSection(PVOID AddressWithinSection);
NTKERNELAPI VOID MmLockPagableSectionByHandle(PVOID ImageSectionHandle);
NTKERNELAPI VOID MmUnlockPagableImageSection(PVOID ImageSectionHandle);
NTKERNELAPI PVOID MmPageEntireDriver(PVOID AddressWithinSection);
NTKERNELAPI VOID MmResetDriverPaging(PVOID AddressWithinSection);
#define MmLockPagableCodeSection(a)         MmLockPagableDataSection(a)
#define MmLockPageableDataSection(a)        MmLockPagableDataSection(a)
#define MmLockPageableCodeSection(a)        MmLockPagableDataSection(a)
#define MmLockPageableSectionByHandle(h)    MmLockPagableSectionByHandle(h)
#define MmUnlockPageableImageSection(h)     MmUnlockPagableImageSection(h)

#define MmGetMdlByteCount(m)                ((m)->ByteCount)
#define MmGetMdlByteOffset(m)               ((m)->ByteOffset)
#define MmGetMdlVirtualAddress(m)           ((PVOID)((PCHAR)((m)->StartVa) + (m)->ByteOffset))
#define MmGetMdlBaseVa(m)                   ((m)->StartVa)
#define MmGetMdlPfnArray(m)                 ((PPFN_NUMBER)((m) + 1))

#define MmInitializeMdl(m, va, n)                                                                  \
    {                                                                                              \
        (m)->Next = (PMDL)NULL;                                                                    \
        (m)->Size = (CSHORT)(sizeof(MDL) +                                                         \
                             (sizeof(PFN_NUMBER) * ADDRESS_AND_SIZE_TO_SPAN_PAGES((va), (n))));    \
        (m)->MdlFlags = 0;                                                                         \
        (m)->StartVa = PAGE_ALIGN(va);                                                             \
        (m)->ByteOffset = BYTE_OFFSET(va);                                                         \
        (m)->ByteCount = (ULONG)(n);                                                               \
    }

#define MmPrepareMdlForReuse(m)                                                                    \
    if (((m)->MdlFlags & MDL_PARTIAL_HAS_BEEN_MAPPED) != 0) {                                      \
        MmUnmapLockedPages((m)->MappedSystemVa, (m));                                              \
    }

NT_INLINE PVOID
MmGetSystemAddressForMdlSafe(PMDL Mdl, ULONG Priority)
{
    if (Mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) {
        return Mdl->MappedSystemVa;
    }
    return MmMapLockedPagesSpecifyCache(Mdl, KernelMode, MmCached, NULL, FALSE, Priority);
}

#define MmGetSystemAddressForMdl(m)                                                                \
    (((m)->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL))                     \
            ? (m)->MappedSystemVa                                                                  \
            : MmMapLockedPages((m), KernelMode))

EXTERN_C_END
