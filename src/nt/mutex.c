/* SPDX-License-Identifier: MIT */
/* Fast and guarded mutexes: Count is the word, 1 free, 0 held, -1 held and waited for. */
#include "nt/gate.h"
#include "nt/thread.h"
#include "nt/wait.h"

static void
acquire(LONG *count)
{
    struct undis *machine = machine_self();
    uint64_t since;
    LONG expected = 1;

    yield_point(YIELD_LOCK, count);
    if (__atomic_compare_exchange_n(count, &expected, 0, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return;
    since = executive_now(machine->executive);
    while (__atomic_exchange_n(count, -1, __ATOMIC_ACQUIRE) != 1)
        wait_on_word(machine, (uint32_t *)count, (uint32_t)-1, since);
}

static bool
try_acquire(LONG *count)
{
    LONG expected = 1;

    return __atomic_compare_exchange_n(
        count, &expected, 0, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void
release(LONG *count)
{
    LONG old = __atomic_exchange_n(count, 1, __ATOMIC_RELEASE);

    if (old == 1)
        gate_bug_check("lk-release-held", "a fast mutex is released that nobody holds");
    if (old == -1)
        executive_wake(machine_self()->executive, (uint32_t *)count, 1);
    yield_point(YIELD_UNLOCK, count);
}

/*
 * ExAcquireFastMutexUnsafe - takes a fast mutex
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      APC_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none; not recursive.
 * Source:    NF:wdm.ExAcquireFastMutexUnsafe
 */
VOID
ExAcquireFastMutexUnsafe(PFAST_MUTEX FastMutex)
{
    gate_require_irql(APC_LEVEL, "ExAcquireFastMutexUnsafe");
    acquire(&FastMutex->Count);
    FastMutex->Owner = thread_self();
}

/*
 * ExReleaseFastMutexUnsafe - undoes ExAcquireFastMutexUnsafe
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      APC_LEVEL
 * Ownership: the mutex is free.
 * Errors:    none; a free one is a bug check (rule lk-release-held).
 * Source:    NF:wdm.ExReleaseFastMutexUnsafe
 */
VOID
ExReleaseFastMutexUnsafe(PFAST_MUTEX FastMutex)
{
    FastMutex->Owner = NULL;
    release(&FastMutex->Count);
}

/*
 * ExAcquireFastMutex - raises to APC_LEVEL and takes a fast mutex
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none; not recursive.
 * Source:    NF:wdm.ExAcquireFastMutex
 */
VOID
ExAcquireFastMutex(PFAST_MUTEX FastMutex)
{
    KIRQL old = irql_now();

    gate_require_irql(APC_LEVEL, "ExAcquireFastMutex");
    irql_raise(APC_LEVEL);
    acquire(&FastMutex->Count);
    FastMutex->Owner = thread_self();
    FastMutex->OldIrql = old;
}

/*
 * ExReleaseFastMutex - gives a fast mutex up and goes back to the IRQL before
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      APC_LEVEL
 * Ownership: the mutex is free.
 * Errors:    none; a free one is a bug check (rule lk-release-held).
 * Source:    NF:wdm.ExReleaseFastMutex
 */
VOID
ExReleaseFastMutex(PFAST_MUTEX FastMutex)
{
    KIRQL old = (KIRQL)FastMutex->OldIrql;

    FastMutex->Owner = NULL;
    release(&FastMutex->Count);
    irql_lower(old);
}

/*
 * ExTryToAcquireFastMutex - takes a fast mutex if it is free
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's at APC_LEVEL when TRUE.
 * Errors:    FALSE: somebody holds it.
 * Source:    NF:wdm.ExTryToAcquireFastMutex
 */
BOOLEAN
ExTryToAcquireFastMutex(PFAST_MUTEX FastMutex)
{
    KIRQL old = irql_now();

    gate_require_irql(APC_LEVEL, "ExTryToAcquireFastMutex");
    if (!try_acquire(&FastMutex->Count))
        return FALSE;
    irql_raise(APC_LEVEL);
    FastMutex->Owner = thread_self();
    FastMutex->OldIrql = old;
    return TRUE;
}

/*
 * KeInitializeGuardedMutex - makes a free guarded mutex of memory
 *
 * @Mutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeGuardedMutex
 */
VOID
KeInitializeGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    *Mutex = (KGUARDED_MUTEX){.Count = 1};
    KeInitializeEvent(&Mutex->Event, SynchronizationEvent, FALSE);
}

/*
 * KeAcquireGuardedMutexUnsafe - takes a guarded mutex
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none; not recursive.
 * Source:    NF:wdm.KeAcquireGuardedMutexUnsafe
 */
VOID
KeAcquireGuardedMutexUnsafe(PKGUARDED_MUTEX FastMutex)
{
    gate_require_irql(APC_LEVEL, "KeAcquireGuardedMutexUnsafe");
    acquire(&FastMutex->Count);
    FastMutex->Owner = (PKTHREAD)thread_self();
}

/*
 * KeReleaseGuardedMutexUnsafe - undoes KeAcquireGuardedMutexUnsafe
 *
 * @FastMutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the mutex is free.
 * Errors:    none; a free one is a bug check (rule lk-release-held).
 * Source:    NF:wdm.KeReleaseGuardedMutexUnsafe
 */
VOID
KeReleaseGuardedMutexUnsafe(PKGUARDED_MUTEX FastMutex)
{
    FastMutex->Owner = NULL;
    release(&FastMutex->Count);
}

/*
 * KeAcquireGuardedMutex - enters a guarded region and takes a guarded mutex
 *
 * @Mutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none; not recursive.
 * Source:    NF:wdm.KeAcquireGuardedMutex
 */
VOID
KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    KeEnterGuardedRegion();
    KeAcquireGuardedMutexUnsafe(Mutex);
}

/*
 * KeReleaseGuardedMutex - undoes KeAcquireGuardedMutex
 *
 * @Mutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the mutex is free.
 * Errors:    none; a free one is a bug check (rule lk-release-held).
 * Source:    NF:wdm.KeReleaseGuardedMutex
 */
VOID
KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    KeReleaseGuardedMutexUnsafe(Mutex);
    KeLeaveGuardedRegion();
}

/*
 * KeTryToAcquireGuardedMutex - takes a guarded mutex if it is free
 *
 * @Mutex: initialised mutex, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's, in a guarded region, when TRUE.
 * Errors:    FALSE: somebody holds it.
 * Source:    NF:wdm.KeTryToAcquireGuardedMutex
 */
BOOLEAN
KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex)
{
    gate_require_irql(APC_LEVEL, "KeTryToAcquireGuardedMutex");
    if (!try_acquire(&Mutex->Count))
        return FALSE;
    KeEnterGuardedRegion();
    Mutex->Owner = (PKTHREAD)thread_self();
    return TRUE;
}
