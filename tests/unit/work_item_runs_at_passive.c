/* SPDX-License-Identifier: MIT */
/* Work items queued by a DPC run at PASSIVE_LEVEL, and may wait for each other. */
#include "nt.h"

#define ITEMS 6

static PIO_WORKITEM items[ITEMS];
static KEVENT all;
static LONG count;

static VOID
routine(PDEVICE_OBJECT device, PVOID context)
{
    (void)device;
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    if (InterlockedIncrement(&count) == ITEMS)
        KeSetEvent(&all, 0, FALSE);
    CHECK(KeWaitForSingleObject(&all, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    IoFreeWorkItem(context);
    InterlockedDecrement(&count);
}

static VOID
queue(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)dpc;
    (void)context;
    (void)argument1;
    (void)argument2;
    for (int k = 0; k < ITEMS; k++)
        IoQueueWorkItem(items[k], routine, DelayedWorkQueue, items[k]);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    LARGE_INTEGER pause = milliseconds(1);
    KDPC dpc;

    (void)object;
    (void)path;
    count = 0;
    KeInitializeEvent(&all, NotificationEvent, FALSE);
    for (int k = 0; k < ITEMS; k++) {
        items[k] = IoAllocateWorkItem((PDEVICE_OBJECT)&count);
        CHECK(items[k]);
    }
    KeInitializeDpc(&dpc, queue, NULL);
    KeInsertQueueDpc(&dpc, NULL, NULL);
    KeFlushQueuedDpcs();
    CHECK(KeWaitForSingleObject(&all, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    while (InterlockedCompareExchange(&count, 0, 0) != 0)
        KeDelayExecutionThread(KernelMode, FALSE, &pause);
    return STATUS_UNSUCCESSFUL;
}

static void
test(void *machine)
{
    struct driver *driver;

    CHECK(driver_add(machine, "worker", entry, &driver) == 0);
    CHECK(driver_start(driver) == STATUS_UNSUCCESSFUL);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
