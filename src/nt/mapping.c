/* SPDX-License-Identifier: MIT */
/* Reserved mappings: room in the address space for buffers of later. The machine has all its memory
 * mapped, so a reservation is no more than its size, its tag and whether it is in use; while it is,
 * the MDL's Process leads back to it.
 */
#include "nt/gate.h"
#include "nt/object.h"
#include "nt/pool.h"

#include <ntifs.h>

struct reservation {
    SIZE_T pages;
    PMDL mdl;                  /* that is mapped there, or NULL */
    struct _KPROCESS *process; /* of that MDL before */
};

/* The reservation at @address; a bug check for what is none, or of another tag. */
static struct reservation *
reservation_at(PVOID address, ULONG tag, const char *caller)
{
    const struct object *prefix = object_of(machine_self(), address, OBJECT_POOL_MEMORY);

    if (!prefix || prefix->tag != tag)
        gate_bug_check(
            "mm-generic-object", "%s gets %p, which is no reservation of its tag", caller, address);
    return address;
}

/*
 * MmAllocateMappingAddress - reserves room for a mapping
 *
 * @NumberOfBytes: how much, rounded up to pages.
 * @PoolTag:       the caller's name for it, asked for by the other calls.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller frees it with MmFreeMappingAddress.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.MmAllocateMappingAddress
 */
PVOID
MmAllocateMappingAddress(SIZE_T NumberOfBytes, ULONG PoolTag)
{
    struct reservation *reservation;

    gate_require_irql(APC_LEVEL, __func__);
    reservation = pool_alloc(sizeof(*reservation), PoolTag, POOL_ZERO);
    if (reservation)
        reservation->pages = BYTES_TO_PAGES(NumberOfBytes);
    return reservation;
}

/*
 * MmFreeMappingAddress - gives up the room for a mapping
 *
 * @BaseAddress: from MmAllocateMappingAddress.
 * @PoolTag:     as there.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: takes the reservation.
 * Errors:    none; another address or tag (rule mm-generic-object) and a reservation in use (rule
 *            mm-mdl-balanced) are bug checks.
 * Source:    NF:wdm.MmFreeMappingAddress
 */
VOID
MmFreeMappingAddress(PVOID BaseAddress, ULONG PoolTag)
{
    struct reservation *reservation = reservation_at(BaseAddress, PoolTag, __func__);

    gate_require_irql(APC_LEVEL, __func__);
    if (reservation->mdl)
        gate_bug_check("mm-mdl-balanced", "%s: an MDL is still mapped there", __func__);
    pool_free(reservation, PoolTag);
}

/*
 * MmMapLockedPagesWithReservedMapping - maps a locked buffer into room that was reserved
 *
 * @MappingAddress:       from MmAllocateMappingAddress.
 * @PoolTag:              as there.
 * @MemoryDescriptorList: locked.
 * @CacheType:            changes nothing.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller undoes it with MmUnmapReservedMapping.
 * Errors:    NULL when the buffer does not fit, the room is in use or the pages are not locked;
 *            another address or tag is a bug check (rule mm-generic-object).
 * Source:    NF:wdm.MmMapLockedPagesWithReservedMapping
 * Gaps:      the address is the one that the buffer has already (CAVEATS.md, mappings).
 */
PVOID
MmMapLockedPagesWithReservedMapping(
    PVOID MappingAddress, ULONG PoolTag, PMDL MemoryDescriptorList, MEMORY_CACHING_TYPE CacheType)
{
    struct reservation *reservation = reservation_at(MappingAddress, PoolTag, __func__);
    PMDL mdl = MemoryDescriptorList;
    PVOID address;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (reservation->mdl || reservation->pages < ADDRESS_AND_SIZE_TO_SPAN_PAGES(
                                                     MmGetMdlVirtualAddress(mdl), mdl->ByteCount))
        return NULL;
    address =
        MmMapLockedPagesSpecifyCache(mdl, KernelMode, CacheType, NULL, FALSE, NormalPagePriority);
    if (!address)
        return NULL;
    reservation->mdl = mdl;
    reservation->process = mdl->Process;
    mdl->Process = (struct _KPROCESS *)reservation;
    return address;
}

/*
 * MmUnmapReservedMapping - undoes MmMapLockedPagesWithReservedMapping
 *
 * @BaseAddress:          what that answered.
 * @PoolTag:              as at the reservation.
 * @MemoryDescriptorList: that was mapped.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the reservation may be used again.
 * Errors:    none; another tag (rule mm-generic-object), and what was not mapped so (rule
 *            mm-mdl-balanced), are bug checks.
 * Source:    NF:wdm.MmUnmapReservedMapping
 */
VOID
MmUnmapReservedMapping(PVOID BaseAddress, ULONG PoolTag, PMDL MemoryDescriptorList)
{
    PMDL mdl = MemoryDescriptorList;
    struct reservation *reservation = reservation_at(mdl->Process, PoolTag, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (reservation->mdl != mdl)
        gate_bug_check("mm-mdl-balanced", "%s gets an MDL that is not mapped there", __func__);
    reservation->mdl = NULL;
    mdl->Process = reservation->process;
    MmUnmapLockedPages(BaseAddress, mdl);
}
