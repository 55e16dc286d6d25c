/* SPDX-License-Identifier: MIT */
/* Locks with many readers or one writer.
 *
 *     NDIS_RW_LOCK_EX   writer word | flag | a count of readers per processor, a cache line each
 *     NDIS_RW_LOCK      in the driver's memory: a shared lock of nt/spin.h
 *
 * A reader counts himself in on the processor he holds and looks at the flag; a writer sets the
 * flag and waits until every count is zero. So readers touch their own cache line only. A reader
 * who reads already goes in past a waiting writer. All holders are at DISPATCH_LEVEL.
 */
#include "nt/gate.h"
#include "nt/processor.h"
#include "nt/spin.h"
#include <ndis.h>

enum { FREE, READ = 3, WRITE = 4 }; /* of LockState, while held */

struct lane {
    uint32_t readers; /* word; written by the processor's owner */
} __attribute__((aligned(64)));

struct _NDIS_RW_LOCK_EX {
    struct undis *machine; /* [I] */
    struct lane *lanes;    /* [I] */
    uint32_t writer;       /* executive_lock word: the writer holds it */
    uint32_t writing;      /* a writer waits for readers to leave, or writes */
};

static struct lane *
own_lane(PNDIS_RW_LOCK_EX lock)
{
    return &lock->lanes[block_self->processor];
}

static void
enter(PLOCK_STATE_EX state, UCHAR flags, UCHAR kind)
{
    KIRQL old = irql_now();

    if (flags & NDIS_RWL_AT_DISPATCH_LEVEL) {
        if (old != DISPATCH_LEVEL)
            gate_bug_check(
                "lk-rw-dispatch-flag", "NDIS_RWL_AT_DISPATCH_LEVEL is passed at IRQL %u", old);
    } else {
        gate_require_irql(DISPATCH_LEVEL, "NdisAcquireRWLock");
        irql_raise(DISPATCH_LEVEL);
    }
    state->OldIrql = old;
    state->Flags = flags;
    state->LockState = kind;
}

/*
 * NdisAllocateRWLock - makes a read-write lock
 *
 * @NdisHandle: of the driver, module or binding.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's until NdisFreeRWLock.
 * Errors:    NULL when memory is short.
 * Source:    NF:ndis.NdisAllocateRWLock
 */
PNDIS_RW_LOCK_EX
NdisAllocateRWLock(NDIS_HANDLE NdisHandle)
{
    struct undis *machine = machine_self();
    PNDIS_RW_LOCK_EX lock;

    UNREFERENCED_PARAMETER(NdisHandle);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    lock = object_create(machine, OBJECT_RW_LOCK, sizeof(*lock));
    if (!lock)
        return NULL;
    lock->machine = machine;
    lock->lanes = arena_zalloc(machine->arena, machine->processor_count * sizeof(*lock->lanes), 64);
    if (lock->lanes)
        return lock;
    object_destroy(lock);
    return NULL;
}

/*
 * NdisFreeRWLock - ends a read-write lock
 *
 * @Lock: from NdisAllocateRWLock, free.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the lock.
 * Errors:    none; a lock that is held is a bug check (rule lk-not-freed-held).
 * Source:    NF:ndis.NdisFreeRWLock
 */
VOID
NdisFreeRWLock(PNDIS_RW_LOCK_EX Lock)
{
    struct undis *machine = machine_self();

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!object_of(machine, Lock, OBJECT_RW_LOCK))
        gate_bug_check(
            "mm-double-free", "%s was given %p, which is no lock", __func__, (void *)Lock);
    for (unsigned i = 0; i < machine->processor_count; i++)
        if (Lock->lanes[i].readers || Lock->writer)
            gate_bug_check("lk-not-freed-held", "%s was given a lock that is held", __func__);
    arena_free(machine->arena, Lock->lanes);
    object_destroy(Lock);
}

/* Counts the reader out, and tells a writer who waits for it. */
static void
leave_lane(PNDIS_RW_LOCK_EX lock, struct lane *lane)
{
    if (__atomic_sub_fetch(&lane->readers, 1, __ATOMIC_SEQ_CST) == 0 &&
        __atomic_load_n(&lock->writing, __ATOMIC_SEQ_CST))
        executive_wake(lock->machine->executive, &lane->readers, 1);
}

/*
 * NdisAcquireRWLockRead - takes the lock together with other readers
 *
 * @Lock:      from NdisAllocateRWLock.
 * @LockState: what the release needs, one for each acquisition.
 * @Flags:     NDIS_RWL_AT_DISPATCH_LEVEL when the caller is there, else 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's, with others, until NdisReleaseRWLock; he is at
 *            DISPATCH_LEVEL.
 * Errors:    none.
 * Source:    NF:ndis.NdisAcquireRWLockRead
 */
VOID
NdisAcquireRWLockRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState, UCHAR Flags)
{
    struct executive *ex = Lock->machine->executive;
    struct lane *lane;

    enter(LockState, Flags, READ);
    lane = own_lane(Lock);
    yield_point(YIELD_LOCK, Lock);
    while (__atomic_add_fetch(&lane->readers, 1, __ATOMIC_SEQ_CST) == 1 &&
           __atomic_load_n(&Lock->writing, __ATOMIC_SEQ_CST)) {
        leave_lane(Lock, lane);
        executive_lock(ex, &Lock->writer);
        executive_unlock(ex, &Lock->writer);
    }
}

/*
 * NdisAcquireRWLockWrite - takes the lock alone
 *
 * @Lock:      from NdisAllocateRWLock.
 * @LockState: what the release needs, one for each acquisition.
 * @Flags:     NDIS_RWL_AT_DISPATCH_LEVEL when the caller is there, else 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's alone until NdisReleaseRWLock; he is at DISPATCH_LEVEL.
 * Errors:    none; reading it already is a bug check (rule lk-rw-no-upgrade).
 * Source:    NF:ndis.NdisAcquireRWLockWrite
 */
VOID
NdisAcquireRWLockWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState, UCHAR Flags)
{
    struct executive *ex = Lock->machine->executive;

    enter(LockState, Flags, WRITE);
    if (own_lane(Lock)->readers)
        gate_bug_check(
            "lk-rw-no-upgrade", "%s on a processor that holds the lock for reading", __func__);
    executive_lock(ex, &Lock->writer);
    __atomic_store_n(&Lock->writing, 1, __ATOMIC_SEQ_CST);
    for (unsigned i = 0; i < Lock->machine->processor_count; i++) {
        uint32_t readers;

        while ((readers = __atomic_load_n(&Lock->lanes[i].readers, __ATOMIC_SEQ_CST)) != 0)
            executive_wait(ex, &Lock->lanes[i].readers, readers, EXECUTIVE_FOREVER);
    }
}

/*
 * NdisReleaseRWLock - gives the lock up and goes back to the IRQL before
 *
 * @Lock:      held.
 * @LockState: as filled in by the acquisition.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is not the caller's any more.
 * Errors:    none; one that is not held so is a bug check (rule lk-release-held).
 * Source:    NF:ndis.NdisReleaseRWLock
 */
VOID
NdisReleaseRWLock(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState)
{
    KIRQL old = LockState->OldIrql;
    UCHAR state = LockState->LockState;

    LockState->LockState = FREE;
    if (state == READ && own_lane(Lock)->readers) {
        leave_lane(Lock, own_lane(Lock));
    } else if (state == WRITE && Lock->writing) {
        __atomic_store_n(&Lock->writing, 0, __ATOMIC_SEQ_CST);
        executive_unlock(Lock->machine->executive, &Lock->writer);
    } else {
        gate_bug_check("lk-release-held", "%s was given a lock that is not held", __func__);
    }
    if (old < DISPATCH_LEVEL)
        irql_lower(old);
}

/* The word of a lock in the driver's memory. */
static uint32_t *
shared_word(PNDIS_RW_LOCK lock)
{
    return spin_word(&lock->SpinLock);
}

/*
 * NdisInitializeReadWriteLock - makes a free read-write lock of memory
 *
 * @Lock: resident memory.
 *
 * IRQL:      Any level (see Remarks section)
 * Ownership: the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisInitializeReadWriteLock
 */
VOID
NdisInitializeReadWriteLock(PNDIS_RW_LOCK Lock)
{
    __builtin_memset(Lock, 0, sizeof(*Lock));
}

static void
take(PNDIS_RW_LOCK lock, BOOLEAN write, PLOCK_STATE state, KIRQL old)
{
    if (write)
        exclusive_lock(shared_word(lock));
    else
        shared_lock(shared_word(lock));
    state->LockState = write ? WRITE : READ;
    state->OldIrql = old;
}

static void
give(PNDIS_RW_LOCK lock, PLOCK_STATE state)
{
    USHORT held = state->LockState;

    state->LockState = FREE;
    if (held == WRITE)
        exclusive_unlock(shared_word(lock));
    else if (held == READ)
        shared_unlock(shared_word(lock));
    else
        gate_bug_check("lk-release-held", "a read-write lock is released but is not held");
}

/*
 * NdisAcquireReadWriteLock - takes the lock, alone or together with other readers
 *
 * @Lock:      from NdisInitializeReadWriteLock.
 * @fWrite:    TRUE alone.
 * @LockState: what the release needs.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the lock is the caller's until NdisReleaseReadWriteLock; he is at DISPATCH_LEVEL.
 * Errors:    none.
 * Source:    NF:ndis.NdisAcquireReadWriteLock
 */
VOID
NdisAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite, PLOCK_STATE LockState)
{
    KIRQL old;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    old = irql_raise(DISPATCH_LEVEL);
    take(Lock, fWrite, LockState, old);
}

/*
 * NdisReleaseReadWriteLock - gives the lock up and goes back to the IRQL before
 *
 * @Lock:      held.
 * @LockState: as filled in by the acquisition.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is not the caller's any more.
 * Errors:    none; one that is not held is a bug check (rule lk-release-held).
 * Source:    NF:ndis.NdisReleaseReadWriteLock
 */
VOID
NdisReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState)
{
    KIRQL old = LockState->OldIrql;

    give(Lock, LockState);
    irql_lower(old);
}

/*
 * NdisDprAcquireReadWriteLock - takes the lock, alone or together with other readers
 *
 * @Lock:      from NdisInitializeReadWriteLock.
 * @fWrite:    TRUE alone.
 * @LockState: what the release needs.
 *
 * IRQL:      = DISPATCH_LEVEL
 * Ownership: the lock is the caller's until NdisDprReleaseReadWriteLock.
 * Errors:    none; another IRQL is a bug check (rule lk-dpr-needs-dispatch).
 * Source:    NF:ndis.NdisDprAcquireReadWriteLock
 */
VOID
NdisDprAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite, PLOCK_STATE LockState)
{
    if (irql_now() != DISPATCH_LEVEL)
        gate_bug_check("lk-dpr-needs-dispatch", "%s called at IRQL %u", __func__, irql_now());
    take(Lock, fWrite, LockState, DISPATCH_LEVEL);
}

/*
 * NdisDprReleaseReadWriteLock - gives the lock up, stays at the IRQL
 *
 * @Lock:      held.
 * @LockState: as filled in by the acquisition.
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the lock is not the caller's any more.
 * Errors:    none; one that is not held is a bug check (rule lk-release-held).
 * Source:    NF:ndis.NdisDprReleaseReadWriteLock
 */
VOID
NdisDprReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState)
{
    give(Lock, LockState);
}
