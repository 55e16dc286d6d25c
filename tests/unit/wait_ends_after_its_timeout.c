/* SPDX-License-Identifier: MIT */
/* A wait for one or several objects ends with STATUS_TIMEOUT in time, and takes nothing. */
#include "nt.h"

static void
test(void *argument)
{
    struct undis *machine = argument;
    LARGE_INTEGER timeout = milliseconds(5), zero = {.QuadPart = 0};
    KEVENT event, other;
    KSEMAPHORE semaphore;
    PVOID objects[3] = {&event, &other, &semaphore};
    uint64_t start;
    KIRQL old;

    KeInitializeEvent(&event, SynchronizationEvent, FALSE);
    KeInitializeEvent(&other, SynchronizationEvent, TRUE);
    KeInitializeSemaphore(&semaphore, 2, 2);
    start = executive_now(machine->executive);
    CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &timeout) == STATUS_TIMEOUT);
    CHECK(executive_now(machine->executive) - start >= 5000000);
    CHECK(KeWaitForMultipleObjects(
              3, objects, WaitAll, Executive, KernelMode, FALSE, &timeout, NULL) == STATUS_TIMEOUT);
    CHECK(KeReadStateEvent(&other) == 1 && KeReadStateSemaphore(&semaphore) == 2);
    CHECK(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL) ==
          STATUS_WAIT_1);
    CHECK(KeReadStateEvent(&other) == 0);
    KeSetEvent(&event, 0, FALSE);
    KeSetEvent(&other, 0, FALSE);
    CHECK(KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, NULL, NULL) ==
          STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&event) == 0 && KeReadStateSemaphore(&semaphore) == 1);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    CHECK(KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &zero) == STATUS_TIMEOUT);
    KeLowerIrql(old);
    CHECK(IsListEmpty(&event.Header.WaitListHead) && IsListEmpty(&other.Header.WaitListHead));
}

int
main(void)
{
    nt_run(test);
    return 0;
}
