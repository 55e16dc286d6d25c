/* SPDX-License-Identifier: MIT */
/* Rundown protection: counted entries that one waiter closes.
 *
 * Count holds twice the number of entries, plus 1 once the rundown has begun. Waiters sleep on its
 * low half. The cache-aware kind is the same thing in memory of its own.
 */
#include "nt/gate.h"
#include "nt/object.h"
#include "nt/wait.h"

static uint32_t *
word_of(PEX_RUNDOWN_REF ref)
{
    return (uint32_t *)&ref->Count;
}

static bool
acquire(PEX_RUNDOWN_REF ref, ULONG count)
{
    uint32_t seen = __atomic_load_n(word_of(ref), __ATOMIC_RELAXED);

    yield_point(YIELD_INTERLOCKED, ref);
    while (!(seen & EX_RUNDOWN_ACTIVE))
        if (__atomic_compare_exchange_n(word_of(ref), &seen, seen + count * EX_RUNDOWN_COUNT_INC,
                false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

static void
release(PEX_RUNDOWN_REF ref, ULONG count)
{
    struct undis *machine = machine_self();
    uint32_t old;

    yield_point(YIELD_INTERLOCKED, ref);
    old = __atomic_fetch_sub(word_of(ref), count * EX_RUNDOWN_COUNT_INC, __ATOMIC_ACQ_REL);
    if (old / EX_RUNDOWN_COUNT_INC < count)
        gate_bug_check("lk-refcount-balance", "rundown protection is released once too often");
    if (old == count * EX_RUNDOWN_COUNT_INC + EX_RUNDOWN_ACTIVE)
        executive_wake(machine->executive, word_of(ref), UINT32_MAX);
}

static void
wait_for_release(PEX_RUNDOWN_REF ref)
{
    struct undis *machine = machine_self();
    uint64_t since = executive_now(machine->executive);
    uint32_t seen;

    gate_require_irql(APC_LEVEL, "ExWaitForRundownProtectionRelease");
    __atomic_fetch_or(word_of(ref), EX_RUNDOWN_ACTIVE, __ATOMIC_ACQ_REL);
    while ((seen = __atomic_load_n(word_of(ref), __ATOMIC_ACQUIRE)) != EX_RUNDOWN_ACTIVE)
        wait_on_word(machine, word_of(ref), seen, since);
}

/*
 * ExInitializeRundownProtection - makes rundown protection of memory
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.ExInitializeRundownProtection
 */
VOID
ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    RunRef->Count = 0;
}

/*
 * ExReInitializeRundownProtection - opens it again after a rundown
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.ExReInitializeRundownProtection
 */
VOID
ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    RunRef->Count = 0;
}

/*
 * ExAcquireRundownProtection - one more entry
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks)
 * Ownership: what is protected stays until ExReleaseRundownProtection.
 * Errors:    FALSE: the rundown has begun.
 * Source:    NF:wdm.ExAcquireRundownProtection
 */
BOOLEAN
ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    return acquire(RunRef, 1);
}

/*
 * ExAcquireRundownProtectionEx - several more entries
 *
 * @RunRef: initialised rundown reference.
 * @Count: how many, at least 1.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks)
 * Ownership: what is protected stays until all are released.
 * Errors:    FALSE: the rundown has begun.
 * Source:    NF:wdm.ExAcquireRundownProtectionEx
 */
BOOLEAN
ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
    return acquire(RunRef, Count);
}

/*
 * ExReleaseRundownProtection - one entry less
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks)
 * Ownership: the caller's entry is gone.
 * Errors:    none; one too many is a bug check (rule lk-refcount-balance).
 * Source:    NF:wdm.ExReleaseRundownProtection
 */
VOID
ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef)
{
    release(RunRef, 1);
}

/*
 * ExReleaseRundownProtectionEx - several entries less
 *
 * @RunRef: initialised rundown reference.
 * @Count: how many, at least 1.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks)
 * Ownership: the caller's entries are gone.
 * Errors:    none; one too many is a bug check (rule lk-refcount-balance).
 * Source:    NF:wdm.ExReleaseRundownProtectionEx
 */
VOID
ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count)
{
    release(RunRef, Count);
}

/*
 * ExRundownCompleted - marks it run down without waiting
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: nobody gets in any more.
 * Errors:    none
 * Source:    NF:wdm.ExRundownCompleted
 */
VOID
ExRundownCompleted(PEX_RUNDOWN_REF RunRef)
{
    __atomic_store_n(word_of(RunRef), EX_RUNDOWN_ACTIVE, __ATOMIC_RELEASE);
}

/*
 * ExWaitForRundownProtectionRelease - closes it and waits until all entries are released
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: what was protected is the caller's alone.
 * Errors:    none
 * Source:    NF:wdm.ExWaitForRundownProtectionRelease
 */
VOID
ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef)
{
    wait_for_release(RunRef);
}

struct _EX_RUNDOWN_REF_CACHE_AWARE {
    EX_RUNDOWN_REF ref;
};

/*
 * ExAllocateCacheAwareRundownProtection - makes rundown protection in memory of its own
 *
 * @PoolType: which pool.
 * @PoolTag: four characters.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's until ExFreeCacheAwareRundownProtection.
 * Errors:    NULL: no memory.
 * Source:    NF:wdm.ExAllocateCacheAwareRundownProtection
 */
PEX_RUNDOWN_REF_CACHE_AWARE
ExAllocateCacheAwareRundownProtection(POOL_TYPE PoolType, ULONG PoolTag)
{
    return ExAllocatePoolZero(PoolType, sizeof(struct _EX_RUNDOWN_REF_CACHE_AWARE), PoolTag);
}

/*
 * ExFreeCacheAwareRundownProtection - undoes ExAllocateCacheAwareRundownProtection
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the memory is gone.
 * Errors:    none
 * Source:    NF:wdm.ExFreeCacheAwareRundownProtection
 */
VOID
ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware)
{
    ExFreePool(RunRefCacheAware);
}

/*
 * ExSizeOfRundownProtectionCacheAware - how much memory it takes
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: none moves.
 * Errors:    none; bytes.
 * Source:    NF:wdm.ExSizeOfRundownProtectionCacheAware
 */
SIZE_T
ExSizeOfRundownProtectionCacheAware(VOID)
{
    return sizeof(struct _EX_RUNDOWN_REF_CACHE_AWARE);
}

/*
 * ExInitializeRundownProtectionCacheAware - makes it of the caller's memory
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 * @RunRefSize: bytes of it.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.ExInitializeRundownProtectionCacheAware
 */
VOID
ExInitializeRundownProtectionCacheAware(
    PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware, SIZE_T RunRefSize)
{
    (void)RunRefSize;
    RunRefCacheAware->ref.Count = 0;
}

/*
 * ExReInitializeRundownProtectionCacheAware - opens it again after a rundown
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 *
 * IRQL:      Any level
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.ExReInitializeRundownProtectionCacheAware
 */
VOID
ExReInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware)
{
    RunRefCacheAware->ref.Count = 0;
}

/*
 * ExAcquireRundownProtectionCacheAware - one more entry
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 *
 * IRQL:      Any level
 * Ownership: what is protected stays until released.
 * Errors:    FALSE: the rundown has begun.
 * Source:    NF:wdm.ExAcquireRundownProtectionCacheAware
 */
BOOLEAN
ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware)
{
    return acquire(&RunRefCacheAware->ref, 1);
}

/*
 * ExAcquireRundownProtectionCacheAwareEx - several more entries
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 * @Count: how many, at least 1.
 *
 * IRQL:      Any level
 * Ownership: what is protected stays until all are released.
 * Errors:    FALSE: the rundown has begun.
 * Source:    NF:wdm.ExAcquireRundownProtectionCacheAwareEx
 */
BOOLEAN
ExAcquireRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware, ULONG Count)
{
    return acquire(&RunRefCacheAware->ref, Count);
}

/*
 * ExReleaseRundownProtectionCacheAware - one entry less
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 *
 * IRQL:      Any level
 * Ownership: the caller's entry is gone.
 * Errors:    none; one too many is a bug check (rule lk-refcount-balance).
 * Source:    NF:wdm.ExReleaseRundownProtectionCacheAware
 */
VOID
ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware)
{
    release(&RunRefCacheAware->ref, 1);
}

/*
 * ExReleaseRundownProtectionCacheAwareEx - several entries less
 *
 * @RunRef: initialised rundown reference.
 * @Count: how many, at least 1.
 *
 * IRQL:      Any level
 * Ownership: the caller's entries are gone.
 * Errors:    none; one too many is a bug check (rule lk-refcount-balance).
 * Source:    NF:wdm.ExReleaseRundownProtectionCacheAwareEx
 */
VOID
ExReleaseRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRef, ULONG Count)
{
    release(&RunRef->ref, Count);
}

/*
 * ExWaitForRundownProtectionReleaseCacheAware - closes it and waits until all entries are released
 *
 * @RunRef: initialised rundown reference.
 *
 * IRQL:      Any level
 * Ownership: what was protected is the caller's alone.
 * Errors:    none
 * Source:    NF:wdm.ExWaitForRundownProtectionReleaseCacheAware
 */
VOID
ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRef)
{
    wait_for_release(&RunRef->ref);
}

/*
 * ExRundownCompletedCacheAware - marks it run down without waiting
 *
 * @RunRefCacheAware: from the allocating or initialising call.
 *
 * IRQL:      Any level
 * Ownership: nobody gets in any more.
 * Errors:    none
 * Source:    NF:wdm.ExRundownCompletedCacheAware
 */
VOID
ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware)
{
    ExRundownCompleted(&RunRefCacheAware->ref);
}
