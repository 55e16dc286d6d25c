/* SPDX-License-Identifier: MIT */
/* Caveats: there are no APCs. A wait that is alertable, in UserMode, lasts as long as any other;
 * critical and guarded regions do not keep another thread out of its own.
 */
#include "nt.h"

#define WAIT_MS 5

static KEVENT event, inside;

static LONGLONG
waited(NTSTATUS (*wait)(PLARGE_INTEGER), NTSTATUS expected)
{
    LARGE_INTEGER timeout = milliseconds(WAIT_MS);
    ULONGLONG start = KeQueryInterruptTime();

    CHECK(wait(&timeout) == expected);
    return (LONGLONG)(KeQueryInterruptTime() - start);
}

static NTSTATUS
delay(PLARGE_INTEGER timeout)
{
    return KeDelayExecutionThread(UserMode, TRUE, timeout);
}

static NTSTATUS
wait_for_one(PLARGE_INTEGER timeout)
{
    return KeWaitForSingleObject(&event, UserRequest, UserMode, TRUE, timeout);
}

static NTSTATUS
wait_for_many(PLARGE_INTEGER timeout)
{
    PVOID objects[] = {&event, &inside};

    return KeWaitForMultipleObjects(
        2, objects, WaitAny, UserRequest, UserMode, TRUE, timeout, NULL);
}

static VOID
enter_too(PVOID context)
{
    (void)context;
    KeEnterGuardedRegion();
    KeSetEvent(&inside, 0, FALSE);
    KeLeaveGuardedRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static void
regions(void)
{
    LARGE_INTEGER long_time = milliseconds(20000);
    HANDLE handle;

    KeEnterCriticalRegion();
    KeEnterGuardedRegion();
    CHECK(KeAreAllApcsDisabled());
    CHECK(PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, enter_too, NULL) == STATUS_SUCCESS);
    CHECK(
        KeWaitForSingleObject(&inside, Executive, KernelMode, TRUE, &long_time) == STATUS_SUCCESS);
    KeLeaveGuardedRegion();
    KeLeaveCriticalRegion();
    CHECK(ZwClose(handle) == STATUS_SUCCESS);
}

static void
test(void *machine)
{
    (void)machine;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KeInitializeEvent(&inside, NotificationEvent, FALSE);
    CHECK(waited(delay, STATUS_SUCCESS) >= WAIT_MS * 10000LL);
    CHECK(waited(wait_for_one, STATUS_TIMEOUT) >= WAIT_MS * 10000LL);
    CHECK(waited(wait_for_many, STATUS_TIMEOUT) >= WAIT_MS * 10000LL);
    regions();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
