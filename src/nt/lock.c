/* SPDX-License-Identifier: MIT */
/* Spin locks: plain, queued, shared; and the lists that one guards. See spin.h.
 *
 * The holder of a spin lock is at DISPATCH_LEVEL and so has its processor; who waits sleeps on the
 * lock's word after a short spin, keeping his.
 */
#include "nt/gate.h"
#include "nt/spin.h"

/*
 * KeInitializeSpinLock - makes a free spin lock
 *
 * @SpinLock: 8 bytes of resident memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeSpinLock
 */
VOID
KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
    *SpinLock = 0;
}

/*
 * KeAcquireSpinLockRaiseToDpc - raises to DISPATCH_LEVEL and takes the lock
 *
 * @SpinLock: initialised.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's until KeReleaseSpinLock.
 * Errors:    none; the IRQL before.
 * Source:    NF:wdm.KeAcquireSpinLockRaiseToDpc
 */
KIRQL
KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
    KIRQL old = irql_raise(DISPATCH_LEVEL);

    spin_lock(SpinLock);
    return old;
}

/*
 * KeReleaseSpinLock - gives the lock up and goes back to the old IRQL
 *
 * @SpinLock: held by the caller. @NewIrql: what the acquire call gave.
 *
 * IRQL:      DISPATCH_LEVEL (see Remarks section)
 * Ownership: the lock is free; DPCs of the processor may run before the call returns.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseSpinLock
 */
VOID
KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    spin_unlock(SpinLock);
    irql_lower(NewIrql);
}

/*
 * KeAcquireSpinLockAtDpcLevel - takes the lock
 *
 * @SpinLock: initialised.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: the lock is the caller's until KeReleaseSpinLockFromDpcLevel.
 * Errors:    none
 * Source:    NF:wdm.KeAcquireSpinLockAtDpcLevel
 */
VOID
KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    spin_lock(SpinLock);
}

/*
 * KeReleaseSpinLockFromDpcLevel - gives the lock up, stays at the IRQL
 *
 * @SpinLock: held by the caller.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is free.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseSpinLockFromDpcLevel
 */
VOID
KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
    spin_unlock(SpinLock);
}

/*
 * KeTryToAcquireSpinLockAtDpcLevel - takes the lock if it is free
 *
 * @SpinLock: initialised.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is the caller's when TRUE.
 * Errors:    FALSE: somebody holds it.
 * Source:    NF:wdm.KeTryToAcquireSpinLockAtDpcLevel
 */
BOOLEAN
KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    return executive_try_lock(machine_self()->executive, spin_word(SpinLock));
}

/*
 * KeTestSpinLock - whether the lock is free
 *
 * @SpinLock: initialised.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    FALSE: somebody holds it.
 * Source:    NF:wdm.KeTestSpinLock
 */
BOOLEAN
KeTestSpinLock(PKSPIN_LOCK SpinLock)
{
    yield_point(YIELD_INTERLOCKED, SpinLock);
    return __atomic_load_n(spin_word(SpinLock), __ATOMIC_ACQUIRE) == 0;
}

/*
 * KeAcquireSpinLockForDpc - takes the lock, raising to DISPATCH_LEVEL if need be
 *
 * @SpinLock: initialised.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's until KeReleaseSpinLockForDpc.
 * Errors:    none; the IRQL before.
 * Source:    NF:wdm.KeAcquireSpinLockForDpc
 */
KIRQL
KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock)
{
    KIRQL old = irql_now();

    if (old < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    spin_lock(SpinLock);
    return old;
}

/*
 * KeReleaseSpinLockForDpc - undoes KeAcquireSpinLockForDpc
 *
 * @SpinLock: held by the caller. @OldIrql: what the acquire call gave.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is free.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseSpinLockForDpc
 */
VOID
KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql)
{
    spin_unlock(SpinLock);
    irql_lower(OldIrql);
}

/*
 * KeAcquireInStackQueuedSpinLock - raises to DISPATCH_LEVEL and takes the lock
 *
 * @SpinLock: initialised. @LockHandle: the caller's, for the release call.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lock and handle are in use until the release call.
 * Errors:    none
 * Source:    NF:wdm.KeAcquireInStackQueuedSpinLock
 */
VOID
KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle)
{
    LockHandle->LockQueue.Next = NULL;
    LockHandle->LockQueue.Lock = SpinLock;
    LockHandle->OldIrql = KeAcquireSpinLockRaiseToDpc(SpinLock);
}

/*
 * KeReleaseInStackQueuedSpinLock - gives the lock up and goes back to the old IRQL
 *
 * @LockHandle: of the acquire call.
 *
 * IRQL:      DISPATCH_LEVEL (see Remarks section)
 * Ownership: lock and handle are free.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseInStackQueuedSpinLock
 */
VOID
KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle)
{
    KeReleaseSpinLock(LockHandle->LockQueue.Lock, LockHandle->OldIrql);
}

/*
 * KeAcquireInStackQueuedSpinLockAtDpcLevel - takes the lock
 *
 * @SpinLock: initialised. @LockHandle: the caller's, for the release call.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: lock and handle are in use until the release call.
 * Errors:    none
 * Source:    NF:wdm.KeAcquireInStackQueuedSpinLockAtDpcLevel
 */
VOID
KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle)
{
    LockHandle->LockQueue.Next = NULL;
    LockHandle->LockQueue.Lock = SpinLock;
    LockHandle->OldIrql = irql_now();
    spin_lock(SpinLock);
}

/*
 * KeReleaseInStackQueuedSpinLockFromDpcLevel - gives the lock up, stays at the IRQL
 *
 * @LockHandle: of the acquire call.
 *
 * IRQL:      >= DISPATCH_LEVEL
 * Ownership: lock and handle are free.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseInStackQueuedSpinLockFromDpcLevel
 */
VOID
KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE LockHandle)
{
    spin_unlock(LockHandle->LockQueue.Lock);
}

/*
 * KeAcquireInStackQueuedSpinLockForDpc - takes the lock, raising to DISPATCH_LEVEL if need be
 *
 * @SpinLock: initialised. @LockHandle: the caller's, for the release call.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lock and handle are in use until the release call.
 * Errors:    none
 * Source:    NF:wdm.KeAcquireInStackQueuedSpinLockForDpc
 */
VOID
KeAcquireInStackQueuedSpinLockForDpc(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle)
{
    LockHandle->LockQueue.Next = NULL;
    LockHandle->LockQueue.Lock = SpinLock;
    LockHandle->OldIrql = KeAcquireSpinLockForDpc(SpinLock);
}

/*
 * KeReleaseInStackQueuedSpinLockForDpc - undoes KeAcquireInStackQueuedSpinLockForDpc
 *
 * @LockHandle: of the acquire call.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: lock and handle are free.
 * Errors:    none
 * Source:    NF:wdm.KeReleaseInStackQueuedSpinLockForDpc
 */
VOID
KeReleaseInStackQueuedSpinLockForDpc(PKLOCK_QUEUE_HANDLE LockHandle)
{
    KeReleaseSpinLockForDpc(LockHandle->LockQueue.Lock, LockHandle->OldIrql);
}
