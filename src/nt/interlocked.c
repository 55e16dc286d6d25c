/* SPDX-License-Identifier: MIT */
/* Lists and sums under a spin lock, at any IRQL; sequenced lists.
 *
 * An SLIST_HEADER is changed with one 16-byte compare-and-swap: depth and sequence below, the
 * first entry above. An entry may be freed by who popped it while another still reads its Next;
 * the sequence then makes that one try again.
 */
#include "nt/gate.h"
#include "nt/spin.h"

/* "Any level": as spin locks of an interrupt, so no DPC comes between. */
static KIRQL
enter(PKSPIN_LOCK lock)
{
    KIRQL old = irql_now();

    if (old < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    spin_lock(lock);
    return old;
}

static void
leave(PKSPIN_LOCK lock, KIRQL old)
{
    spin_unlock(lock);
    irql_lower(old);
}

/*
 * ExInterlockedInsertHeadList - puts an entry first
 *
 * @ListHead: initialised head, resident.
 * @ListEntry: in no list.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the entry is in the list.
 * Errors:    none; the entry that was first, NULL when the list was empty.
 * Source:    NF:wdm.ExInterlockedInsertHeadList
 */
PLIST_ENTRY
ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    PLIST_ENTRY first = IsListEmpty(ListHead) ? NULL : ListHead->Flink;

    InsertHeadList(ListHead, ListEntry);
    leave(Lock, old);
    return first;
}

/*
 * ExInterlockedInsertTailList - puts an entry last
 *
 * @ListHead: initialised head, resident.
 * @ListEntry: in no list.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the entry is in the list.
 * Errors:    none; the entry that was last, NULL when the list was empty.
 * Source:    NF:wdm.ExInterlockedInsertTailList
 */
PLIST_ENTRY
ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    PLIST_ENTRY last = IsListEmpty(ListHead) ? NULL : ListHead->Blink;

    InsertTailList(ListHead, ListEntry);
    leave(Lock, old);
    return last;
}

/*
 * ExInterlockedRemoveHeadList - takes the first entry
 *
 * @ListHead: initialised head, resident.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the entry is the caller's.
 * Errors:    NULL: the list is empty.
 * Source:    NF:wdm.ExInterlockedRemoveHeadList
 */
PLIST_ENTRY
ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    PLIST_ENTRY first = IsListEmpty(ListHead) ? NULL : RemoveHeadList(ListHead);

    leave(Lock, old);
    return first;
}

/*
 * ExInterlockedPopEntryList - takes the first entry of a single list
 *
 * @ListHead: initialised head, resident.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the entry is the caller's.
 * Errors:    NULL: the list is empty.
 * Source:    NF:wdm.ExInterlockedPopEntryList
 */
PSINGLE_LIST_ENTRY
ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    PSINGLE_LIST_ENTRY first = ListHead->Next;

    if (first)
        ListHead->Next = first->Next;
    leave(Lock, old);
    return first;
}

/*
 * ExInterlockedPushEntryList - puts an entry first in a single list
 *
 * @ListHead: initialised head, resident.
 * @ListEntry: in no list.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the entry is in the list.
 * Errors:    none; the entry that was first, or NULL.
 * Source:    NF:wdm.ExInterlockedPushEntryList
 */
PSINGLE_LIST_ENTRY
ExInterlockedPushEntryList(
    PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY ListEntry, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    PSINGLE_LIST_ENTRY first = ListHead->Next;

    ListEntry->Next = first;
    ListHead->Next = ListEntry;
    leave(Lock, old);
    return first;
}

/*
 * ExInterlockedAddUlong - adds under a lock
 *
 * @Addend: the sum.
 * @Increment: boost of priority, not used, or what is added.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: none moves.
 * Errors:    none; the sum before.
 * Source:    NF:wdm.ExInterlockedAddUlong
 */
ULONG
ExInterlockedAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    ULONG before = *Addend;

    *Addend = before + Increment;
    leave(Lock, old);
    return before;
}

/*
 * ExInterlockedAddLargeInteger - adds under a lock
 *
 * @Addend: the sum.
 * @Increment: boost of priority, not used, or what is added.
 * @Lock: the spin lock of the list or sum, used for nothing else.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: none moves.
 * Errors:    none; the sum before.
 * Source:    NF:wdm.ExInterlockedAddLargeInteger
 */
LARGE_INTEGER
ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend, LARGE_INTEGER Increment, PKSPIN_LOCK Lock)
{
    KIRQL old = enter(Lock);
    LARGE_INTEGER before = *Addend;

    Addend->QuadPart = before.QuadPart + Increment.QuadPart;
    leave(Lock, old);
    return before;
}

static SLIST_HEADER
slist_read(PSLIST_HEADER head)
{
    SLIST_HEADER seen;

    seen.Alignment = __atomic_load_n(&head->Alignment, __ATOMIC_ACQUIRE);
    seen.Region = __atomic_load_n(&head->Region, __ATOMIC_ACQUIRE);
    return seen;
}

/* Both words at once, or nothing. */
static bool
slist_replace(PSLIST_HEADER head, SLIST_HEADER seen, SLIST_HEADER next)
{
    bool done;

    next.HeaderX64.Sequence = seen.HeaderX64.Sequence + 1;
    __asm__ __volatile__("lock cmpxchg16b %1"
                         : "=@ccz"(done), "+m"(*head), "+a"(seen.Alignment), "+d"(seen.Region)
                         : "b"(next.Alignment), "c"(next.Region)
                         : "memory");
    return done;
}

/* The entry may be freed and unreadable for a sanitizer by now; the sequence tells. */
__attribute__((no_sanitize("address", "thread"))) static PSLIST_ENTRY
slist_next(const SLIST_ENTRY *entry)
{
    return *(PSLIST_ENTRY const volatile *)&entry->Next;
}

static ULONGLONG
slist_bits(PSLIST_ENTRY entry)
{
    return (ULONGLONG)(uintptr_t)entry >> 4;
}

/*
 * InitializeSListHead - makes an empty sequenced list
 *
 * @SListHead: 16-byte aligned, resident.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the caller's.
 * Errors:    none; must be aligned to 16 bytes.
 * Source:    NF:wdm.InitializeSListHead
 */
VOID
InitializeSListHead(PSLIST_HEADER SListHead)
{
    SListHead->Alignment = 0;
    SListHead->Region = 0;
}

/*
 * ExpInterlockedPushEntrySList - puts an entry first
 *
 * @ListHead: initialised head, resident.
 * @ListEntry: in no list.
 *
 * IRQL:      Any level
 * Ownership: the entry is in the list.
 * Errors:    none; the entry that was first, or NULL.
 * Source:    NF:wdm.ExpInterlockedPushEntrySList
 */
PSLIST_ENTRY
ExpInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry)
{
    return InterlockedPushListSList(ListHead, ListEntry, ListEntry, 1);
}

/*
 * InterlockedPushListSList - puts a chain of entries first
 *
 * @ListHead: initialised head, resident.
 * @List: first of a chain.
 * @ListEnd: last of the chain.
 * @Count: how many, at least 1.
 *
 * IRQL:      Any level
 * Ownership: the entries are in the list.
 * Errors:    none; the entry that was first, or NULL.
 * Source:    undocumented for drivers
 */
PSLIST_ENTRY
InterlockedPushListSList(
    PSLIST_HEADER ListHead, PSLIST_ENTRY List, PSLIST_ENTRY ListEnd, ULONG Count)
{
    SLIST_HEADER seen, next;

    yield_point(YIELD_INTERLOCKED, ListHead);
    do {
        seen = slist_read(ListHead);
        next = seen;
        ListEnd->Next = FirstEntrySList(&seen);
        next.HeaderX64.Depth = (seen.HeaderX64.Depth + Count) & 0xffff;
        next.HeaderX64.NextEntry = slist_bits(List);
    } while (!slist_replace(ListHead, seen, next));
    return FirstEntrySList(&seen);
}

/*
 * ExpInterlockedPopEntrySList - takes the first entry
 *
 * @ListHead: initialised head, resident.
 *
 * IRQL:      Any level
 * Ownership: the entry is the caller's.
 * Errors:    NULL: the list is empty.
 * Source:    NF:wdm.ExpInterlockedPopEntrySList
 */
PSLIST_ENTRY
ExpInterlockedPopEntrySList(PSLIST_HEADER ListHead)
{
    SLIST_HEADER seen, next;

    yield_point(YIELD_INTERLOCKED, ListHead);
    do {
        seen = slist_read(ListHead);
        if (!FirstEntrySList(&seen))
            return NULL;
        next = seen;
        next.HeaderX64.Depth = (seen.HeaderX64.Depth - 1) & 0xffff;
        next.HeaderX64.NextEntry = slist_bits(slist_next(FirstEntrySList(&seen)));
    } while (!slist_replace(ListHead, seen, next));
    return FirstEntrySList(&seen);
}

/*
 * ExpInterlockedFlushSList - takes all entries
 *
 * @ListHead: initialised head, resident.
 *
 * IRQL:      Any level
 * Ownership: the chain is the caller's.
 * Errors:    NULL: the list is empty.
 * Source:    NF:wdm.ExInterlockedFlushSList
 */
PSLIST_ENTRY
ExpInterlockedFlushSList(PSLIST_HEADER ListHead)
{
    SLIST_HEADER seen, next;

    yield_point(YIELD_INTERLOCKED, ListHead);
    do {
        seen = slist_read(ListHead);
        next = seen;
        next.HeaderX64.Depth = 0;
        next.HeaderX64.NextEntry = 0;
    } while (!slist_replace(ListHead, seen, next));
    return FirstEntrySList(&seen);
}

/*
 * ExQueryDepthSList - how many entries a list has
 *
 * @SListHead: 16-byte aligned, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; modulo 65536.
 * Source:    NF:wdm.ExQueryDepthSList
 */
USHORT
ExQueryDepthSList(PSLIST_HEADER SListHead)
{
    return (USHORT)(__atomic_load_n(&SListHead->Alignment, __ATOMIC_RELAXED) & 0xffff);
}
