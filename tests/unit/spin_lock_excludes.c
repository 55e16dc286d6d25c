/* SPDX-License-Identifier: MIT */
/* Spin locks, shared locks and mutexes hold everybody else out while they are held. */
#include "nt.h"

#define TASKS  4
#define ROUNDS 200
#define TURNS  ((ULONG64)TASKS * ROUNDS)

static KSPIN_LOCK spin;
static EX_SPIN_LOCK shared;
static FAST_MUTEX fast;
static KMUTEX mutex;
static LONG inside, left;
static ULONG64 sum[4];
static KEVENT done;

static void
critical(unsigned k)
{
    CHECK(InterlockedIncrement(&inside) == 1);
    sum[k]++;
    InterlockedDecrement(&inside);
}

static VOID
worker(PVOID context)
{
    KLOCK_QUEUE_HANDLE handle;
    KIRQL old;

    (void)context;
    for (int k = 0; k < ROUNDS; k++) {
        KeAcquireSpinLock(&spin, &old);
        sum[0]++;
        KeReleaseSpinLock(&spin, old);
        KeAcquireInStackQueuedSpinLock(&spin, &handle);
        sum[0]++;
        KeReleaseInStackQueuedSpinLock(&handle);
        old = ExAcquireSpinLockExclusive(&shared);
        critical(1);
        ExReleaseSpinLockExclusive(&shared, old);
        old = ExAcquireSpinLockShared(&shared);
        CHECK(inside == 0);
        ExReleaseSpinLockShared(&shared, old);
        ExAcquireFastMutex(&fast);
        CHECK(KeGetCurrentIrql() == APC_LEVEL);
        sum[2]++;
        ExReleaseFastMutex(&fast);
        KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, NULL);
        KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, NULL);
        sum[3]++;
        CHECK(KeReleaseMutex(&mutex, FALSE) == -1);
        CHECK(KeReleaseMutex(&mutex, FALSE) == 0);
    }
    if (InterlockedDecrement(&left) == 0)
        KeSetEvent(&done, 0, FALSE);
}

static void
test(void *machine)
{
    HANDLE handle;

    (void)machine;
    left = TASKS;
    KeInitializeSpinLock(&spin);
    shared = 0;
    ExInitializeFastMutex(&fast);
    KeInitializeMutex(&mutex, 0);
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    for (int k = 0; k < 4; k++)
        sum[k] = 0;
    for (int k = 0; k < TASKS; k++) {
        CHECK(PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, worker, NULL) == STATUS_SUCCESS);
        ZwClose(handle);
    }
    KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
    CHECK(sum[0] == 2 * TURNS);
    for (int k = 1; k < 4; k++)
        CHECK(sum[k] == TURNS);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
