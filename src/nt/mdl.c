/* SPDX-License-Identifier: MIT */
/* Memory descriptor lists.
 *
 *     | MDL 48 bytes | PFN 0 | PFN 1 | ... |       one PFN per page that the buffer touches
 *       StartVa  = first page        MappedSystemVa = the buffer in system space
 *       ByteOffset = in that page
 *
 * The machine has one address space, all of it resident. So mapping a locked buffer answers the
 * address it has already. A page frame number is what devices call the page (nt/physical.h). What
 * stays true of Windows is the book-keeping: flags say built, locked, mapped, and the calls that
 * undo them clear them.
 *
 * MDLs that IoAllocateMdl makes are objects of kind OBJECT_MDL; a driver may also lay one out in
 * its own memory (MmInitializeMdl). Whoever allocated an MDL frees it. No locks: an MDL has one
 * user at a time.
 */
#include "nt/gate.h"
#include "nt/physical.h"
#include "nt/pool.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define LOWEST_ADDRESS  0x10000ull
#define HIGHEST_ADDRESS 0x7ffffffff000ull

#define MDL_LOCKED_KINDS (MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL)

static PPFN_NUMBER
mdl_pages(PMDL mdl)
{
    return (PPFN_NUMBER)(mdl + 1);
}

static size_t
mdl_page_count(const MDL *mdl)
{
    return ADDRESS_AND_SIZE_TO_SPAN_PAGES((ULONG_PTR)mdl->ByteOffset, mdl->ByteCount);
}

static void
mdl_fill_pages(PMDL mdl)
{
    struct undis *machine = machine_self();
    size_t count = mdl_page_count(mdl), i;

    for (i = 0; i < count; i++)
        mdl_pages(mdl)[i] =
            physical_of(machine, (char *)mdl->StartVa + i * PAGE_SIZE) >> PAGE_SHIFT;
}

static void
mdl_describe(PMDL mdl, PVOID address, ULONG length, size_t size)
{
    mdl->Next = NULL;
    mdl->Size = (CSHORT)size;
    mdl->MdlFlags = 0;
    mdl->StartVa = PAGE_ALIGN(address);
    mdl->ByteOffset = BYTE_OFFSET(address);
    mdl->ByteCount = length;
}

/*
 * MmSizeOfMdl - bytes of an MDL that describes Length bytes at Base
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.MmSizeOfMdl
 */
SIZE_T
MmSizeOfMdl(PVOID Base, SIZE_T Length)
{
    return sizeof(MDL) + ADDRESS_AND_SIZE_TO_SPAN_PAGES(Base, Length) * sizeof(PFN_NUMBER);
}

/* The last MDL of the IRP's chain gets @mdl behind it, or the IRP gets @mdl alone. */
static void
mdl_hang(PIRP irp, PMDL mdl, BOOLEAN secondary)
{
    PMDL at = irp->MdlAddress;

    if (!secondary || at == NULL) {
        irp->MdlAddress = mdl;
        return;
    }
    while (at->Next != NULL)
        at = at->Next;
    at->Next = mdl;
}

/*
 * IoAllocateMdl - an MDL that describes a buffer, not built or locked yet; with an IRP it is hung
 *     there, behind the others when SecondaryBuffer
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with IoFreeMdl.
 * Errors:    NULL when memory is short or Length is too much for one MDL.
 * Source:    NF:wdm.IoAllocateMdl
 */
PMDL
IoAllocateMdl(
    PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer, BOOLEAN ChargeQuota, PIRP Irp)
{
    size_t size = MmSizeOfMdl(VirtualAddress, Length);
    PMDL mdl;

    UNREFERENCED_PARAMETER(ChargeQuota);
    if ((LONG)Length < 0 || size > 0xffff)
        return NULL;
    mdl = object_create(machine_self(), OBJECT_MDL, size);
    if (mdl == NULL)
        return NULL;
    mdl_describe(mdl, VirtualAddress, Length, size);
    mdl->MdlFlags = MDL_ALLOCATED_FIXED_SIZE;
    if (Irp != NULL)
        mdl_hang(Irp, mdl, SecondaryBuffer);
    return mdl;
}

/*
 * IoFreeMdl - frees an MDL of IoAllocateMdl; a partial mapping is undone
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the MDL, not the buffer.
 * Errors:    what is no allocated MDL is a bug check (rule mm-double-free), a locked one too (rule
 *            mm-mdl-balanced).
 * Source:    NF:wdm.IoFreeMdl
 */
VOID
IoFreeMdl(PMDL Mdl)
{
    if (object_of(machine_self(), Mdl, OBJECT_MDL) == NULL) {
        gate_bug_check("mm-double-free",
            "%p is freed as an MDL but is none of IoAllocateMdl: freed before, or never allocated",
            (void *)Mdl);
    }
    if ((Mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_PARTIAL)) == MDL_PAGES_LOCKED) {
        gate_bug_check("mm-mdl-balanced", "MDL %u is freed while its pages are locked",
            object_prefix(Mdl)->id);
    }
    object_destroy(Mdl);
}

/*
 * IoBuildPartialMdl - lets TargetMdl describe a part of what SourceMdl describes, locked and mapped
 *     as that is; Length 0 is all up to its end
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: refers to the buffer of SourceMdl, which must outlive it.
 * Errors:    a part that does not lie within the source, or is too long for the target, is a bug
 *            check.
 * Source:    NF:wdm.IoBuildPartialMdl
 */
VOID
IoBuildPartialMdl(PMDL SourceMdl, PMDL TargetMdl, PVOID VirtualAddress, ULONG Length)
{
    ULONG_PTR start = (ULONG_PTR)SourceMdl->StartVa + SourceMdl->ByteOffset;
    ULONG_PTR offset = (ULONG_PTR)VirtualAddress - start;
    int flags = TargetMdl->MdlFlags & MDL_ALLOCATED_FIXED_SIZE;
    USHORT size = (USHORT)TargetMdl->Size;
    PMDL next = TargetMdl->Next;

    if (Length == 0)
        Length = SourceMdl->ByteCount - (ULONG)offset;
    if (offset > SourceMdl->ByteCount || Length > SourceMdl->ByteCount - offset)
        gate_bug_check("mm-overrun", "IoBuildPartialMdl asks for %u bytes at offset %llu of %u",
            Length, (unsigned long long)offset, SourceMdl->ByteCount);
    if (MmSizeOfMdl(VirtualAddress, Length) > size)
        gate_bug_check(
            "mm-overrun", "the target of IoBuildPartialMdl has no room for %u bytes", Length);
    flags |= MDL_PARTIAL;
    flags |= SourceMdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_SOURCE_IS_NONPAGED_POOL | MDL_IO_SPACE);
    mdl_describe(TargetMdl, VirtualAddress, Length, size);
    TargetMdl->Next = next;
    TargetMdl->Process = SourceMdl->Process;
    if (SourceMdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA)
        flags |= MDL_PARENT_MAPPED_SYSTEM_VA;
    if (SourceMdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL))
        TargetMdl->MappedSystemVa = (PCHAR)SourceMdl->MappedSystemVa + offset;
    TargetMdl->MdlFlags = (CSHORT)flags;
    mdl_fill_pages(TargetMdl);
}

/*
 * MmBuildMdlForNonPagedPool - fills in an MDL over nonpaged memory, which is resident and mapped
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.MmBuildMdlForNonPagedPool
 */
VOID
MmBuildMdlForNonPagedPool(PMDL MemoryDescriptorList)
{
    PMDL mdl = MemoryDescriptorList;

    mdl_fill_pages(mdl);
    mdl->Process = NULL;
    mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
    mdl->MappedSystemVa = (PCHAR)mdl->StartVa + mdl->ByteOffset;
}

/* Whether every page of the range is mapped at all. */
static BOOLEAN
range_is_mapped(ULONG_PTR start, ULONG_PTR length)
{
    unsigned char resident[64];
    ULONG_PTR page = start & ~(ULONG_PTR)(PAGE_SIZE - 1);

    if (start < LOWEST_ADDRESS || start >= HIGHEST_ADDRESS || length > HIGHEST_ADDRESS - start)
        return FALSE;
    while (page < start + length) {
        size_t count = (start + length - page + PAGE_SIZE - 1) / PAGE_SIZE;

        if (count > sizeof(resident))
            count = sizeof(resident);
        if (mincore((void *)page, count * PAGE_SIZE, resident) != 0)
            return FALSE;
        page += count * PAGE_SIZE;
    }
    return TRUE;
}

/* The stack that runs, which the arena may hold without calling it a block. */
static BOOLEAN
range_is_on_stack(ULONG_PTR start, ULONG_PTR length)
{
    ULONG_PTR frame = (ULONG_PTR)__builtin_frame_address(0);

    return start + ARENA_STACK > frame && start < frame + ARENA_STACK &&
           range_is_mapped(start, length);
}

/* Memory of the arena counts as mapped only inside a live block, and on the stack. */
static BOOLEAN
range_is_valid(ULONG_PTR start, ULONG_PTR length)
{
    struct arena *arena = machine_self()->arena;
    size_t size;
    char *block;

    if (!arena_owns(arena, (void *)start))
        return range_is_mapped(start, length);
    block = arena_find(arena, (void *)start, &size);
    if (block == NULL)
        return range_is_on_stack(start, length);
    return start + length <= (ULONG_PTR)block + size;
}

/* Touches each page as the operation will; a fault here arrives where a raised status does. */
static void
touch_pages(ULONG_PTR start, ULONG_PTR length, BOOLEAN write)
{
    ULONG_PTR at = start;

    while (at < start + length) {
        volatile UCHAR *byte = (volatile UCHAR *)at;

        if (write)
            __atomic_fetch_or(byte, 0, __ATOMIC_RELAXED);
        else
            (void)*byte;
        at = (at & ~(ULONG_PTR)(PAGE_SIZE - 1)) + PAGE_SIZE;
    }
}

/*
 * MmProbeAndLockPages - checks that the buffer may be read, or written unless IoReadAccess, and
 *     locks its pages
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: the caller unlocks them with MmUnlockPages before it frees the MDL.
 * Errors:    raises STATUS_ACCESS_VIOLATION for a range that is not accessible; locking twice is a
 *            bug check (rule mm-mdl-balanced).
 * Source:    NF:wdm.MmProbeAndLockPages
 */
VOID
MmProbeAndLockPages(PMDL MemoryDescriptorList, KPROCESSOR_MODE AccessMode, LOCK_OPERATION Operation)
{
    PMDL mdl = MemoryDescriptorList;
    ULONG_PTR start = (ULONG_PTR)mdl->StartVa + mdl->ByteOffset;

    UNREFERENCED_PARAMETER(AccessMode);
    if (mdl->MdlFlags & MDL_LOCKED_KINDS)
        gate_bug_check("mm-mdl-balanced", "an MDL of %u bytes is locked twice", mdl->ByteCount);
    if (mdl->ByteCount != 0) {
        if (!range_is_valid(start, mdl->ByteCount)) {
            ExRaiseStatus(STATUS_ACCESS_VIOLATION);
            return;
        }
        touch_pages(start, mdl->ByteCount, Operation != IoReadAccess);
    }
    mdl_fill_pages(mdl);
    mdl->MdlFlags |= MDL_PAGES_LOCKED;
    if (Operation != IoReadAccess)
        mdl->MdlFlags |= MDL_WRITE_OPERATION;
    else
        mdl->MdlFlags &= ~MDL_WRITE_OPERATION;
}

/*
 * MmUnlockPages - undoes MmProbeAndLockPages and a mapping of the pages
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    an MDL that is not locked is a bug check (rule mm-mdl-balanced).
 * Source:    NF:wdm.MmUnlockPages
 */
VOID
MmUnlockPages(PMDL MemoryDescriptorList)
{
    PMDL mdl = MemoryDescriptorList;

    if (!(mdl->MdlFlags & MDL_PAGES_LOCKED))
        gate_bug_check(
            "mm-mdl-balanced", "an MDL of %u bytes is unlocked but is not locked", mdl->ByteCount);
    mdl->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA | MDL_WRITE_OPERATION |
                       MDL_PARTIAL_HAS_BEEN_MAPPED);
    mdl->MappedSystemVa = NULL;
}

static PVOID
mdl_map(PMDL mdl)
{
    mdl->MappedSystemVa = (PCHAR)mdl->StartVa + mdl->ByteOffset;
    mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
    if (mdl->MdlFlags & MDL_PARTIAL)
        mdl->MdlFlags |= MDL_PARTIAL_HAS_BEEN_MAPPED;
    return mdl->MappedSystemVa;
}

/*
 * MmMapLockedPagesSpecifyCache - the address of a locked buffer; the one it has already, for either
 *     mode
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: the caller undoes it with MmUnmapLockedPages.
 * Errors:    NULL for kernel mode and raises STATUS_ACCESS_VIOLATION for user mode when the pages
 *            are not locked.
 * Source:    NF:wdm.MmMapLockedPagesSpecifyCache
 */
PVOID
MmMapLockedPagesSpecifyCache(PMDL MemoryDescriptorList, KPROCESSOR_MODE AccessMode,
    MEMORY_CACHING_TYPE CacheType, PVOID RequestedAddress, ULONG BugCheckOnFailure, ULONG Priority)
{
    PMDL mdl = MemoryDescriptorList;

    UNREFERENCED_PARAMETER(CacheType);
    UNREFERENCED_PARAMETER(RequestedAddress);
    UNREFERENCED_PARAMETER(Priority);
    if (mdl->MdlFlags & (MDL_LOCKED_KINDS | MDL_PARTIAL | MDL_IO_SPACE))
        return AccessMode == KernelMode ? mdl_map(mdl)
                                        : (PVOID)((PCHAR)mdl->StartVa + mdl->ByteOffset);
    if (AccessMode != KernelMode)
        ExRaiseStatus(STATUS_ACCESS_VIOLATION);
    if (BugCheckOnFailure)
        gate_bug_check(
            "mm-mdl-balanced", "an MDL of %u bytes is mapped but is not locked", mdl->ByteCount);
    return NULL;
}

/*
 * MmMapLockedPages - as MmMapLockedPagesSpecifyCache, cached, a failure is a bug check
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: the caller undoes it with MmUnmapLockedPages.
 * Errors:    a kernel mapping of pages that are not locked is a bug check (rule mm-mdl-balanced).
 * Source:    NF:wdm.MmMapLockedPages
 */
PVOID
MmMapLockedPages(PMDL MemoryDescriptorList, KPROCESSOR_MODE AccessMode)
{
    return MmMapLockedPagesSpecifyCache(
        MemoryDescriptorList, AccessMode, MmCached, NULL, TRUE, HighPagePriority);
}

/*
 * MmUnmapLockedPages - undoes MmMapLockedPages and MmMapLockedPagesSpecifyCache
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: none.
 * Errors:    an address that is not the buffer's is a bug check (rule mm-mdl-balanced).
 * Source:    NF:wdm.MmUnmapLockedPages
 */
VOID
MmUnmapLockedPages(PVOID BaseAddress, PMDL MemoryDescriptorList)
{
    PMDL mdl = MemoryDescriptorList;

    if (BaseAddress != (PVOID)((PCHAR)mdl->StartVa + mdl->ByteOffset))
        gate_bug_check("mm-mdl-balanced",
            "MmUnmapLockedPages gets %p, which is no mapping of the MDL", BaseAddress);
    if (mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) {
        mdl->MdlFlags &= ~(MDL_MAPPED_TO_SYSTEM_VA | MDL_PARTIAL_HAS_BEEN_MAPPED);
        mdl->MappedSystemVa = NULL;
    }
}

/*
 * MmProtectMdlSystemAddress - accepts the protections that leave the buffer as it is
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    STATUS_NOT_MAPPED_VIEW when it is not mapped, STATUS_INVALID_PAGE_PROTECTION for a
 *            protection that would take write access away.
 * Source:    NF:wdm.MmProtectMdlSystemAddress
 */
NTSTATUS
MmProtectMdlSystemAddress(PMDL MemoryDescriptorList, ULONG NewProtect)
{
    if (!(MemoryDescriptorList->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA))
        return STATUS_NOT_MAPPED_VIEW;
    if (NewProtect != PAGE_READWRITE && NewProtect != PAGE_EXECUTE_READWRITE)
        return STATUS_INVALID_PAGE_PROTECTION;
    return STATUS_SUCCESS;
}

/*
 * MmGetPhysicalAddress - the physical address of a byte
 *
 * IRQL:      Any level
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.MmGetPhysicalAddress
 */
PHYSICAL_ADDRESS
MmGetPhysicalAddress(PVOID BaseAddress)
{
    PHYSICAL_ADDRESS address;

    address.QuadPart = (LONGLONG)physical_of(machine_self(), BaseAddress);
    return address;
}

/*
 * MmIsAddressValid - whether reading the byte would not fault
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:ntddk.MmIsAddressValid
 */
BOOLEAN
MmIsAddressValid(PVOID VirtualAddress)
{
    return range_is_valid((ULONG_PTR)VirtualAddress, 1);
}

/*
 * MmAllocatePagesForMdlEx - pages of zeroed memory, described by an MDL, locked and not mapped;
 *     physical bounds are not applied: every page is as good as any
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: the caller frees the pages with MmFreePagesFromMdl and the MDL with ExFreePool.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.MmAllocatePagesForMdlEx
 */
PMDL
MmAllocatePagesForMdlEx(PHYSICAL_ADDRESS LowAddress, PHYSICAL_ADDRESS HighAddress,
    PHYSICAL_ADDRESS SkipBytes, SIZE_T TotalBytes, MEMORY_CACHING_TYPE CacheType, ULONG Flags)
{
    size_t pages = BYTES_TO_PAGES(TotalBytes);
    size_t size = sizeof(MDL) + pages * sizeof(PFN_NUMBER);
    PMDL mdl;
    PVOID memory;

    UNREFERENCED_PARAMETER(LowAddress);
    UNREFERENCED_PARAMETER(HighAddress);
    UNREFERENCED_PARAMETER(SkipBytes);
    UNREFERENCED_PARAMETER(CacheType);
    UNREFERENCED_PARAMETER(Flags);
    if (pages == 0 || size > 0x7fff)
        return NULL;
    mdl = ExAllocatePool2(POOL_FLAG_NON_PAGED, size, POOL_TAG(' ', 'M', 'd', 'l'));
    if (mdl == NULL)
        return NULL;
    memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, pages * PAGE_SIZE, POOL_TAG(' ', 'M', 'd', 'l'));
    if (memory == NULL) {
        ExFreePool(mdl);
        return NULL;
    }
    mdl_describe(mdl, memory, (ULONG)(pages * PAGE_SIZE), size);
    mdl->MdlFlags = MDL_PAGES_LOCKED;
    mdl_fill_pages(mdl);
    return mdl;
}

/*
 * MmAllocatePagesForMdl - as MmAllocatePagesForMdlEx, cached
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: the caller frees the pages with MmFreePagesFromMdl and the MDL with ExFreePool.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.MmAllocatePagesForMdl
 */
PMDL
MmAllocatePagesForMdl(PHYSICAL_ADDRESS LowAddress, PHYSICAL_ADDRESS HighAddress,
    PHYSICAL_ADDRESS SkipBytes, SIZE_T TotalBytes)
{
    return MmAllocatePagesForMdlEx(LowAddress, HighAddress, SkipBytes, TotalBytes, MmCached, 0);
}

/*
 * MmFreePagesFromMdl - frees the pages of MmAllocatePagesForMdl, not the MDL
 *
 * IRQL:      any level for memory that is resident, which all is
 * Ownership: takes the pages.
 * Errors:    pages that were not allocated so are a bug check (rule mm-double-free).
 * Source:    NF:wdm.MmFreePagesFromMdl
 */
VOID
MmFreePagesFromMdl(PMDL MemoryDescriptorList)
{
    ExFreePool(MemoryDescriptorList->StartVa);
    MemoryDescriptorList->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA);
    MemoryDescriptorList->StartVa = NULL;
}
