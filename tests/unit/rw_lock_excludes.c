/* SPDX-License-Identifier: MIT */
/* A writer of a read-write lock is alone; readers are together and may read again inside. */
#include "nt.h"
#include <ndis.h>

#define TASKS  4
#define ROUNDS 100

static PNDIS_RW_LOCK_EX lock;
static NDIS_RW_LOCK old_lock;
static LONG readers, writers, left;
static ULONG sums[2];
static NDIS_EVENT done;

static void
once(unsigned k, BOOLEAN write)
{
    if (write) {
        CHECK(InterlockedIncrement(&writers) == 1 && readers == 0);
        sums[k]++;
        CHECK(InterlockedDecrement(&writers) == 0 && readers == 0);
    } else {
        InterlockedIncrement(&readers);
        CHECK(writers == 0);
        InterlockedDecrement(&readers);
    }
}

static void
use_new(BOOLEAN write)
{
    LOCK_STATE_EX state, inner;

    if (write) {
        NdisAcquireRWLockWrite(lock, &state, 0);
        once(0, TRUE);
    } else {
        NdisAcquireRWLockRead(lock, &state, 0);
        NdisAcquireRWLockRead(lock, &inner, NDIS_RWL_AT_DISPATCH_LEVEL);
        once(0, FALSE);
        NdisReleaseRWLock(lock, &inner);
    }
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    NdisReleaseRWLock(lock, &state);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}

static VOID
worker(PVOID context)
{
    (void)context;
    for (unsigned i = 0; i < ROUNDS; i++)
        use_new(i % 4 == 0);
    if (InterlockedDecrement(&left) == 0)
        NdisSetEvent(&done);
}

static VOID
old_worker(PVOID context)
{
    LOCK_STATE state;

    (void)context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        NdisAcquireReadWriteLock(&old_lock, i % 4 == 0, &state);
        once(1, i % 4 == 0);
        NdisReleaseReadWriteLock(&old_lock, &state);
    }
    if (InterlockedDecrement(&left) == 0)
        NdisSetEvent(&done);
}

static void
run(PKSTART_ROUTINE routine)
{
    HANDLE handle;

    left = TASKS;
    NdisInitializeEvent(&done);
    for (unsigned i = 0; i < TASKS; i++) {
        CHECK(PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, routine, NULL) == 0);
        ZwClose(handle);
    }
    CHECK(NdisWaitEvent(&done, 0));
}

static void
test(void *machine)
{
    (void)machine;
    sums[0] = sums[1] = 0;
    lock = NdisAllocateRWLock(NULL);
    NdisInitializeReadWriteLock(&old_lock);
    run(worker);
    run(old_worker);
    NdisFreeRWLock(lock);
    CHECK(sums[0] == TASKS * ROUNDS / 4 && sums[1] == TASKS * ROUNDS / 4);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
