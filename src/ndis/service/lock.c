/* SPDX-License-Identifier: MIT */
/* Spin locks, and what is done under one: lists and sums. The holder is at DISPATCH_LEVEL. */
#include "nt/gate.h"
#include "nt/processor.h"
#include "nt/spin.h"
#include <ndis.h>

/*
 * NdisAllocateSpinLock - makes a free spin lock of memory
 *
 * @SpinLock: resident memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisAllocateSpinLock
 */
VOID
NdisAllocateSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
    KeInitializeSpinLock(&SpinLock->SpinLock);
    SpinLock->OldIrql = PASSIVE_LEVEL;
}

/*
 * NdisFreeSpinLock - ends a spin lock; its memory is not touched again
 *
 * @SpinLock: free.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the memory is the caller's.
 * Errors:    none; a lock that is held is a bug check (rule lk-not-freed-held).
 * Source:    NF:ndis.NdisFreeSpinLock
 */
VOID
NdisFreeSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
    if (*spin_word(&SpinLock->SpinLock) != 0)
        gate_bug_check("lk-not-freed-held", "%s was given a lock that is held", __func__);
}

/*
 * NdisAcquireSpinLock - raises to DISPATCH_LEVEL and takes the lock
 *
 * @SpinLock: from NdisAllocateSpinLock.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's until NdisReleaseSpinLock.
 * Errors:    none.
 * Source:    NF:ndis.NdisAcquireSpinLock
 */
VOID
NdisAcquireSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    old = irql_raise(DISPATCH_LEVEL);
    spin_lock(&SpinLock->SpinLock);
    SpinLock->OldIrql = old;
}

/*
 * NdisReleaseSpinLock - gives the lock up and goes back to the IRQL before
 *
 * @SpinLock: held with NdisAcquireSpinLock.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is free.
 * Errors:    none.
 * Source:    NF:ndis.NdisReleaseSpinLock
 */
VOID
NdisReleaseSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old = SpinLock->OldIrql;

    spin_unlock(&SpinLock->SpinLock);
    irql_lower(old);
}

/*
 * NdisDprAcquireSpinLock - takes the lock
 *
 * @SpinLock: from NdisAllocateSpinLock.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is the caller's until NdisDprReleaseSpinLock.
 * Errors:    none; another IRQL is a bug check (rule lk-dpr-needs-dispatch).
 * Source:    NF:ndis.NdisDprAcquireSpinLock
 */
VOID
NdisDprAcquireSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
    if (__builtin_expect(irql_now() != DISPATCH_LEVEL, 0))
        gate_bug_check("lk-dpr-needs-dispatch", "%s called at IRQL %u", __func__, irql_now());
    spin_lock(&SpinLock->SpinLock);
    SpinLock->OldIrql = DISPATCH_LEVEL;
}

/*
 * NdisDprReleaseSpinLock - gives the lock up, stays at the IRQL
 *
 * @SpinLock: held with NdisDprAcquireSpinLock.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is free.
 * Errors:    none.
 * Source:    NF:ndis.NdisDprReleaseSpinLock
 */
VOID
NdisDprReleaseSpinLock(PNDIS_SPIN_LOCK SpinLock)
{
    spin_unlock(&SpinLock->SpinLock);
}

/* Whatever the IRQL, the list is changed with the lock held. */
static KIRQL
guard(PNDIS_SPIN_LOCK lock)
{
    KIRQL old = irql_now();

    if (old < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    spin_lock(&lock->SpinLock);
    return old;
}

static void
unguard(PNDIS_SPIN_LOCK lock, KIRQL old)
{
    spin_unlock(&lock->SpinLock);
    if (old < DISPATCH_LEVEL)
        irql_lower(old);
}

/*
 * NdisInterlockedIncrement - adds 1, atomically
 *
 * @Addend: the number.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; the sum.
 * Source:    NF:ndis.NdisInterlockedIncrement
 */
LONG
NdisInterlockedIncrement(LONG volatile *Addend)
{
    yield_point(YIELD_INTERLOCKED, Addend);
    return InterlockedIncrement(Addend);
}

/*
 * NdisInterlockedDecrement - takes 1 away, atomically
 *
 * @Addend: the number.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; the difference.
 * Source:    NF:ndis.NdisInterlockedDecrement
 */
LONG
NdisInterlockedDecrement(LONG volatile *Addend)
{
    yield_point(YIELD_INTERLOCKED, Addend);
    return InterlockedDecrement(Addend);
}

/*
 * NdisInterlockedAddUlong - adds, under a lock
 *
 * @Addend:    the number.
 * @Increment: what is added.
 * @SpinLock:  not held.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; the number before.
 * Source:    NF:ndis.NdisInterlockedAddUlong
 */
ULONG
NdisInterlockedAddUlong(PULONG Addend, ULONG Increment, PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old = guard(SpinLock);
    ULONG before = *Addend;

    *Addend = before + Increment;
    unguard(SpinLock, old);
    return before;
}

/*
 * NdisInterlockedAddLargeInteger - adds, under a lock
 *
 * @Addend:    the number.
 * @Increment: what is added.
 * @SpinLock:  not held.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; the number before.
 * Source:    NF:wdm.ExInterlockedAddLargeInteger
 */
LARGE_INTEGER
NdisInterlockedAddLargeInteger(PLARGE_INTEGER Addend, ULONG Increment, PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old = guard(SpinLock);
    LARGE_INTEGER before = *Addend;

    Addend->QuadPart = before.QuadPart + Increment;
    unguard(SpinLock, old);
    return before;
}

/*
 * NdisInterlockedInsertHeadList - puts an entry first, under a lock
 *
 * @ListHead:  of the list.
 * @ListEntry: in no list.
 * @SpinLock:  not held.
 *
 * IRQL:      Any level
 * Ownership: the entry is the list's.
 * Errors:    none; the entry that was first, NULL when there was none.
 * Source:    NF:ndis.NdisInterlockedInsertHeadList
 */
PLIST_ENTRY
NdisInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry, PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old = guard(SpinLock);
    PLIST_ENTRY first = IsListEmpty(ListHead) ? NULL : ListHead->Flink;

    InsertHeadList(ListHead, ListEntry);
    unguard(SpinLock, old);
    return first;
}

/*
 * NdisInterlockedInsertTailList - puts an entry last, under a lock
 *
 * @ListHead:  of the list.
 * @ListEntry: in no list.
 * @SpinLock:  not held.
 *
 * IRQL:      Any level
 * Ownership: the entry is the list's.
 * Errors:    none; the entry that was last, NULL when there was none.
 * Source:    NF:ndis.NdisInterlockedInsertTailList
 */
PLIST_ENTRY
NdisInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry, PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old = guard(SpinLock);
    PLIST_ENTRY last = IsListEmpty(ListHead) ? NULL : ListHead->Blink;

    InsertTailList(ListHead, ListEntry);
    unguard(SpinLock, old);
    return last;
}

/*
 * NdisInterlockedRemoveHeadList - takes the first entry, under a lock
 *
 * @ListHead: of the list.
 * @SpinLock: not held.
 *
 * IRQL:      Any level
 * Ownership: the entry is the caller's.
 * Errors:    none; NULL when the list is empty.
 * Source:    NF:ndis.NdisInterlockedRemoveHeadList
 */
PLIST_ENTRY
NdisInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PNDIS_SPIN_LOCK SpinLock)
{
    KIRQL old = guard(SpinLock);
    PLIST_ENTRY first = IsListEmpty(ListHead) ? NULL : RemoveHeadList(ListHead);

    unguard(SpinLock, old);
    return first;
}
