/* SPDX-License-Identifier: MIT */
/* Locks that readers share: EX_SPIN_LOCK and EX_PUSH_LOCK. See spin.h for the word.
 *
 * A reader passes whenever no writer holds the lock, so that one thread may read it twice; a
 * stream of readers can keep a writer out, as the pages warn.
 */
#include "nt/gate.h"
#include "nt/spin.h"
#include "nt/wait.h"

#define WRITER   0x80000000u
#define SLEEPERS 0x40000000u
#define READERS  0x3fffffffu

/* Sleeps while the word is @seen, having marked it. */
static void
sleep_on(uint32_t *word, uint32_t seen)
{
    struct undis *machine = machine_self();
    uint32_t marked = seen | SLEEPERS;

    if (seen != marked && !__atomic_compare_exchange_n(
                              word, &seen, marked, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return;
    wait_on_word(machine, word, marked, executive_now(machine->executive));
}

static void
wake_all(uint32_t *word)
{
    executive_wake(machine_self()->executive, word, UINT32_MAX);
}

bool
shared_try_lock(uint32_t *word)
{
    uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

    while (!(seen & WRITER))
        if (__atomic_compare_exchange_n(
                word, &seen, seen + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

void
shared_lock(uint32_t *word)
{
    yield_point(YIELD_LOCK, word);
    while (!shared_try_lock(word)) {
        uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
        if (seen & WRITER)
            sleep_on(word, seen);
    }
}

void
shared_unlock(uint32_t *word)
{
    uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED), next;

    if (!(seen & READERS))
        gate_bug_check("lk-release-held", "a shared lock is released that nobody reads");
    do {
        next = seen - 1;
        if (!(next & READERS))
            next = 0;
    } while (
        !__atomic_compare_exchange_n(word, &seen, next, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    if ((seen & SLEEPERS) && next == 0)
        wake_all(word);
    yield_point(YIELD_UNLOCK, word);
}

bool
exclusive_try_lock(uint32_t *word)
{
    uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

    while (!(seen & (WRITER | READERS)))
        if (__atomic_compare_exchange_n(
                word, &seen, seen | WRITER, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

void
exclusive_lock(uint32_t *word)
{
    yield_point(YIELD_LOCK, word);
    while (!exclusive_try_lock(word)) {
        uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
        if (seen & (WRITER | READERS))
            sleep_on(word, seen);
    }
}

void
exclusive_unlock(uint32_t *word)
{
    uint32_t seen = __atomic_exchange_n(word, 0, __ATOMIC_RELEASE);

    if (!(seen & WRITER))
        gate_bug_check("lk-release-held", "an exclusive lock is released that nobody holds");
    if (seen & SLEEPERS)
        wake_all(word);
    yield_point(YIELD_UNLOCK, word);
}

bool
shared_upgrade(uint32_t *word)
{
    uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);

    while ((seen & READERS) == 1)
        if (__atomic_compare_exchange_n(
                word, &seen, (seen & SLEEPERS) | WRITER, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

/*
 * ExAcquireSpinLockShared - raises to DISPATCH_LEVEL and takes the lock for reading
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      DISPATCH_LEVEL (See Remarks.)
 * Ownership: shared with other readers until ExReleaseSpinLockShared.
 * Errors:    none; the IRQL before.
 * Source:    NF:wdm.ExAcquireSpinLockShared
 */
KIRQL
ExAcquireSpinLockShared(PEX_SPIN_LOCK SpinLock)
{
    KIRQL old = irql_raise(DISPATCH_LEVEL);

    shared_lock((uint32_t *)SpinLock);
    return old;
}

/*
 * ExReleaseSpinLockShared - undoes ExAcquireSpinLockShared
 *
 * @SpinLock: initialised lock, resident.
 * @OldIrql: what the acquire call gave.
 *
 * IRQL:      DISPATCH_LEVEL (See Remarks.)
 * Ownership: the caller reads no more.
 * Errors:    none
 * Source:    NF:wdm.ExReleaseSpinLockShared
 */
VOID
ExReleaseSpinLockShared(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
    shared_unlock((uint32_t *)SpinLock);
    irql_lower(OldIrql);
}

/*
 * ExAcquireSpinLockSharedAtDpcLevel - takes the lock for reading
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: shared with other readers until released.
 * Errors:    none
 * Source:    NF:wdm.ExAcquireSpinLockSharedAtDpcLevel
 */
VOID
ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
    shared_lock((uint32_t *)SpinLock);
}

/*
 * ExReleaseSpinLockSharedFromDpcLevel - undoes ExAcquireSpinLockSharedAtDpcLevel
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: the caller reads no more.
 * Errors:    none
 * Source:    NF:wdm.ExReleaseSpinLockSharedFromDpcLevel
 */
VOID
ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
    shared_unlock((uint32_t *)SpinLock);
}

/*
 * ExAcquireSpinLockExclusive - raises to DISPATCH_LEVEL and takes the lock for writing
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller's alone until ExReleaseSpinLockExclusive.
 * Errors:    none; the IRQL before.
 * Source:    NF:wdm.ExAcquireSpinLockExclusive
 */
KIRQL
ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock)
{
    KIRQL old = irql_raise(DISPATCH_LEVEL);

    exclusive_lock((uint32_t *)SpinLock);
    return old;
}

/*
 * ExReleaseSpinLockExclusive - undoes ExAcquireSpinLockExclusive
 *
 * @SpinLock: initialised lock, resident.
 * @OldIrql: what the acquire call gave.
 *
 * IRQL:      DISPATCH_LEVEL (See Remarks.)
 * Ownership: the lock is free.
 * Errors:    none
 * Source:    NF:wdm.ExReleaseSpinLockExclusive
 */
VOID
ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql)
{
    exclusive_unlock((uint32_t *)SpinLock);
    irql_lower(OldIrql);
}

/*
 * ExAcquireSpinLockExclusiveAtDpcLevel - takes the lock for writing
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none
 * Source:    NF:wdm.ExAcquireSpinLockExclusiveAtDpcLevel
 */
VOID
ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock)
{
    exclusive_lock((uint32_t *)SpinLock);
}

/*
 * ExReleaseSpinLockExclusiveFromDpcLevel - undoes ExAcquireSpinLockExclusiveAtDpcLevel
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: the lock is free.
 * Errors:    none
 * Source:    NF:wdm.ExReleaseSpinLockExclusiveFromDpcLevel
 */
VOID
ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock)
{
    exclusive_unlock((uint32_t *)SpinLock);
}

/*
 * ExTryConvertSharedSpinLockExclusive - makes the only reader the writer
 *
 * @SpinLock: initialised lock, resident.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the caller's alone when not 0.
 * Errors:    0: there are other readers, the caller still reads.
 * Source:    NF:wdm.ExTryConvertSharedSpinLockExclusive
 */
LOGICAL
ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK SpinLock)
{
    return shared_upgrade((uint32_t *)SpinLock);
}

/*
 * ExInitializePushLock - makes a free push lock of memory
 *
 * @PushLock: initialised lock.
 *
 * IRQL:      Any level
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.ExInitializePushLock
 */
VOID
ExInitializePushLock(PEX_PUSH_LOCK PushLock)
{
    *PushLock = 0;
}

/*
 * ExAcquirePushLockExclusiveEx - takes a push lock for writing
 *
 * @PushLock: initialised lock.
 * @Flags: EX_DEFAULT_PUSH_LOCK_FLAGS.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none
 * Source:    NF:wdm.ExAcquirePushLockExclusive
 */
VOID
ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
    (void)Flags;
    gate_require_irql(APC_LEVEL, "ExAcquirePushLockExclusiveEx");
    exclusive_lock((uint32_t *)PushLock);
}

/*
 * ExAcquirePushLockSharedEx - takes a push lock for reading
 *
 * @PushLock: initialised lock.
 * @Flags: EX_DEFAULT_PUSH_LOCK_FLAGS.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: shared with other readers until released.
 * Errors:    none
 * Source:    NF:wdm.ExAcquirePushLockShared
 */
VOID
ExAcquirePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
    (void)Flags;
    gate_require_irql(APC_LEVEL, "ExAcquirePushLockSharedEx");
    shared_lock((uint32_t *)PushLock);
}

/*
 * ExReleasePushLockExclusiveEx - undoes ExAcquirePushLockExclusiveEx
 *
 * @PushLock: initialised lock.
 * @Flags: EX_DEFAULT_PUSH_LOCK_FLAGS.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the lock is free.
 * Errors:    none
 * Source:    NF:wdm.ExReleasePushLockExclusive
 */
VOID
ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
    (void)Flags;
    exclusive_unlock((uint32_t *)PushLock);
}

/*
 * ExReleasePushLockSharedEx - undoes ExAcquirePushLockSharedEx
 *
 * @PushLock: initialised lock.
 * @Flags: EX_DEFAULT_PUSH_LOCK_FLAGS.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller reads no more.
 * Errors:    none
 * Source:    NF:wdm.ExReleasePushLockShared
 */
VOID
ExReleasePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
    (void)Flags;
    shared_unlock((uint32_t *)PushLock);
}

/*
 * ExReleasePushLockEx - gives a push lock up, however it was taken
 *
 * @PushLock: initialised lock.
 * @Flags: EX_DEFAULT_PUSH_LOCK_FLAGS.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the lock is not the caller's any more.
 * Errors:    none
 * Source:    undocumented; as NF:wdm.ExReleasePushLockExclusive and its sibling.
 */
VOID
ExReleasePushLockEx(PEX_PUSH_LOCK PushLock, ULONG Flags)
{
    (void)Flags;
    if (__atomic_load_n((uint32_t *)PushLock, __ATOMIC_RELAXED) & WRITER)
        exclusive_unlock((uint32_t *)PushLock);
    else
        shared_unlock((uint32_t *)PushLock);
}
