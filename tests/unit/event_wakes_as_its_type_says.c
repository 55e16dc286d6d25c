/* SPDX-License-Identifier: MIT */
/* A notification event lets all waiters go, a synchronization event one per signal. */
#include "nt.h"

#define WAITERS 40

static KEVENT go, done;
static LONG gone;

static VOID
waiter(PVOID context)
{
    (void)context;
    CHECK(KeWaitForSingleObject(&go, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    if (InterlockedIncrement(&gone) == WAITERS)
        KeSetEvent(&done, 0, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
    CHECK(!"PsTerminateSystemThread came back");
}

static void
round_of(EVENT_TYPE type)
{
    LARGE_INTEGER pause = milliseconds(2), long_time = milliseconds(20000);
    PVOID threads[WAITERS];
    HANDLE handle;

    gone = 0;
    KeInitializeEvent(&go, type, FALSE);
    KeInitializeEvent(&done, NotificationEvent, FALSE);
    for (int k = 0; k < WAITERS; k++) {
        CHECK(PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, waiter, NULL) == STATUS_SUCCESS);
        CHECK(ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &threads[k], NULL) ==
              STATUS_SUCCESS);
        CHECK(ZwClose(handle) == STATUS_SUCCESS);
    }
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    CHECK(gone == 0);
    for (int k = 0; k < (type == NotificationEvent ? 1 : WAITERS); k++) {
        while (KeReadStateEvent(&go))
            KeDelayExecutionThread(KernelMode, FALSE, &pause);
        KeSetEvent(&go, 0, FALSE);
    }
    CHECK(KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, &long_time) == STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&go) == (type == NotificationEvent));
    for (int k = 0; k < WAITERS; k++) {
        CHECK(KeWaitForSingleObject(threads[k], Executive, KernelMode, FALSE, NULL) ==
              STATUS_SUCCESS);
        ObDereferenceObject(threads[k]);
    }
}

/* Of two that open a name, the first decides the type; it is signalled then. */
static void
named(EVENT_TYPE type)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\Named");
    LARGE_INTEGER now = {.QuadPart = 0};
    bool lasts = type == NotificationEvent;
    HANDLE handles[2] = {NULL};
    PKEVENT event = lasts ? IoCreateNotificationEvent(&name, &handles[0])
                          : IoCreateSynchronizationEvent(&name, &handles[0]);

    CHECK(event && handles[0]);
    CHECK(IoCreateNotificationEvent(&name, &handles[1]) == event && handles[1] != handles[0]);
    CHECK(ZwClose(handles[1]) == STATUS_SUCCESS);
    CHECK(KeReadStateEvent(event));
    for (unsigned i = 0; i < 2; i++)
        CHECK(KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &now) ==
              (i == 0 || lasts ? STATUS_SUCCESS : STATUS_TIMEOUT));
    KeClearEvent(event);
    CHECK(KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &now) == STATUS_TIMEOUT);
    CHECK(ZwClose(handles[0]) == STATUS_SUCCESS);
}

static VOID
entry_body(void)
{
    round_of(NotificationEvent);
    round_of(SynchronizationEvent);
    named(NotificationEvent);
    named(SynchronizationEvent);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    CHECK(object->DriverName.Length > 0 && path->Buffer[0] == L'\\');
    entry_body();
    return STATUS_UNSUCCESSFUL;
}

static void
test(void *machine)
{
    struct driver *driver;

    CHECK(driver_add(machine, "waiters", entry, &driver) == 0);
    CHECK(driver_start(driver) == STATUS_UNSUCCESSFUL);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
