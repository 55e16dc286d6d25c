/* SPDX-License-Identifier: MIT */
/* Pool memory.
 *
 *     | lead | struct object | the block |        lead: so that the block starts on a page when it
 *     ^ home                 ^ drivers            is a page or longer, as drivers expect
 *
 * A block belongs to the driver that was running when it was allocated, until anybody frees it;
 * the driver's counters (struct driver) say what is still out. No lock: the arena has its own.
 * Paged and nonpaged pool are the same memory: nothing is ever paged out.
 */
#include "nt/pool.h"
#include "nt/gate.h"
#include <string.h>

#define TAG_NONE POOL_TAG('N', 'o', 'n', 'e')

static void
pool_charge(struct driver *driver, size_t size)
{
    if (driver == NULL)
        return;
    __atomic_fetch_add(&driver->pool_bytes, size, __ATOMIC_RELAXED);
    __atomic_fetch_add(&driver->pool_blocks, 1, __ATOMIC_RELAXED);
}

static void
pool_discharge(struct driver *driver, size_t size)
{
    if (driver == NULL)
        return;
    __atomic_fetch_sub(&driver->pool_bytes, size, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&driver->pool_blocks, 1, __ATOMIC_RELAXED);
}

void *
pool_alloc(size_t size, ULONG tag, enum pool_fill fill)
{
    struct undis *machine = machine_self();
    const struct gate_hooks *hooks = gate_hooks();
    size_t lead = size >= PAGE_SIZE ? PAGE_SIZE : sizeof(struct object);
    struct object *prefix;
    char *home;

    if (size > ARENA_SPAN)
        return NULL;
    if (hooks != NULL && hooks->fault != NULL && !block_self->quiet &&
        hooks->fault(machine->hook_context, OBJECT_POOL_MEMORY, size))
        return NULL;
    home = arena_alloc(machine->arena, lead + size, size >= PAGE_SIZE ? PAGE_SIZE : 16);
    if (home == NULL)
        return NULL;
    if (fill == POOL_ZERO)
        memset(home + lead, 0, size);
    prefix = (struct object *)(home + lead) - 1;
    object_init(machine, prefix, OBJECT_POOL_MEMORY, size, home, tag);
    pool_charge(prefix->maker, size);
    return home + lead;
}

void
pool_free(void *memory, ULONG tag)
{
    struct undis *machine = machine_self();
    struct object *prefix = object_of(machine, memory, OBJECT_POOL_MEMORY);

    if (prefix == NULL) {
        gate_bug_check("mm-double-free",
            "%p is freed as pool memory but is no allocated block: freed before, or never "
            "allocated",
            memory);
    }
    if (tag != 0 && prefix->tag != tag) {
        gate_bug_check("mm-generic-object",
            "a pool block of %zu bytes allocated with tag '%.4s' is freed with tag '%.4s'",
            prefix->size, (const char *)&prefix->tag, (const char *)&tag);
    }
    pool_discharge(prefix->maker, prefix->size);
    object_destroy_in(memory, prefix->home);
}

/* A zero-length request gets a block too: its address is all that is promised of it. */
static void *
pool_take(size_t size, ULONG tag, enum pool_fill fill, BOOLEAN raise)
{
    void *memory = pool_alloc(size, tag, fill);

    if (memory == NULL && raise)
        ExRaiseStatus(STATUS_INSUFFICIENT_RESOURCES);
    return memory;
}

/*
 * ExAllocatePoolWithTag - a block of pool memory, contents undefined
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with ExFreePoolWithTag or ExFreePool.
 * Errors:    NULL when memory is short; with POOL_RAISE_IF_ALLOCATION_FAILURE it raises
 *            STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:wdm.ExAllocatePoolWithTag
 */
PVOID
ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    return pool_take(NumberOfBytes, Tag,
        (ULONG)PoolType & POOL_ZERO_ALLOCATION ? POOL_ZERO : POOL_NOISE,
        ((ULONG)PoolType & POOL_RAISE_IF_ALLOCATION_FAILURE) != 0);
}

/*
 * ExAllocatePool - a block of pool memory with the tag 'None'
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with ExFreePool.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.ExAllocatePool
 */
PVOID
ExAllocatePool(POOL_TYPE PoolType, SIZE_T NumberOfBytes)
{
    return ExAllocatePoolWithTag(PoolType, NumberOfBytes, TAG_NONE);
}

/*
 * ExAllocatePoolWithTagPriority - as ExAllocatePoolWithTag; the priority changes nothing, memory is
 *     never nearly short
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.ExAllocatePoolWithTagPriority
 */
PVOID
ExAllocatePoolWithTagPriority(
    POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag, EX_POOL_PRIORITY Priority)
{
    UNREFERENCED_PARAMETER(Priority);
    return ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);
}

/*
 * ExAllocatePoolWithQuotaTag - as ExAllocatePoolWithTag; quota is without limit
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it.
 * Errors:    raises STATUS_INSUFFICIENT_RESOURCES, or answers NULL with
 *            POOL_QUOTA_FAIL_INSTEAD_OF_RAISE.
 * Source:    NF:wdm.ExAllocatePoolWithQuotaTag
 */
PVOID
ExAllocatePoolWithQuotaTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    return pool_take(NumberOfBytes, Tag,
        (ULONG)PoolType & POOL_ZERO_ALLOCATION ? POOL_ZERO : POOL_NOISE,
        ((ULONG)PoolType & POOL_QUOTA_FAIL_INSTEAD_OF_RAISE) == 0);
}

/*
 * ExAllocatePoolWithQuota - as ExAllocatePoolWithQuotaTag with the tag 'None'
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it.
 * Errors:    raises STATUS_INSUFFICIENT_RESOURCES, or answers NULL with
 *            POOL_QUOTA_FAIL_INSTEAD_OF_RAISE.
 * Source:    NF:wdm.ExAllocatePoolWithQuota
 */
PVOID
ExAllocatePoolWithQuota(POOL_TYPE PoolType, SIZE_T NumberOfBytes)
{
    return ExAllocatePoolWithQuotaTag(PoolType, NumberOfBytes, TAG_NONE);
}

/*
 * ExAllocatePool2 - a zeroed block of pool memory, unless POOL_FLAG_UNINITIALIZED
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with ExFreePoolWithTag or ExFreePool.
 * Errors:    NULL when memory is short, Tag is 0 or NumberOfBytes is 0; with
 *            POOL_FLAG_RAISE_ON_FAILURE it raises STATUS_INSUFFICIENT_RESOURCES or
 *            STATUS_INVALID_PARAMETER.
 * Source:    NF:wdm.ExAllocatePool2
 */
PVOID
ExAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
    BOOLEAN raise = (Flags & POOL_FLAG_RAISE_ON_FAILURE) != 0;

    if (Tag == 0 || NumberOfBytes == 0) {
        if (raise)
            ExRaiseStatus(STATUS_INVALID_PARAMETER);
        return NULL;
    }
    return pool_take(
        NumberOfBytes, Tag, Flags & POOL_FLAG_UNINITIALIZED ? POOL_NOISE : POOL_ZERO, raise);
}

/*
 * ExFreePoolWithTag - frees a block and checks its tag; Tag 0 is not checked
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the block.
 * Errors:    what is no allocated block is a bug check (rule mm-double-free), so is another tag
 *            (mm-generic-object).
 * Source:    NF:wdm.ExFreePoolWithTag
 */
VOID
ExFreePoolWithTag(PVOID P, ULONG Tag)
{
    pool_free(P, Tag);
}

/*
 * ExFreePool - frees a block of pool memory
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the block.
 * Errors:    what is no allocated block is a bug check (rule mm-double-free).
 * Source:    NF:wdm.ExFreePool
 */
VOID
ExFreePool(PVOID P)
{
    pool_free(P, 0);
}
