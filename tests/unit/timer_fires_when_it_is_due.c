/* SPDX-License-Identifier: MIT */
/* A timer signals and queues its DPC when due, a periodic one again and again until cancelled;
 * NDIS' timers do the same. */
#include "nt.h"
#include <ndis.h>

static LONG ticks;
static KEVENT enough;

static VOID
tick(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    (void)dpc;
    (void)context;
    (void)argument1;
    (void)argument2;
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    if (InterlockedIncrement(&ticks) == 5)
        KeSetEvent(&enough, 0, FALSE);
}

static VOID
tick_of_ndis(PVOID specific1, PVOID context, PVOID specific2, PVOID specific3)
{
    (void)specific1;
    (void)specific2;
    (void)specific3;
    CHECK(context == &ticks);
    tick(NULL, NULL, NULL, NULL);
}

static void
timers_of_ndis(void)
{
    LARGE_INTEGER pause = milliseconds(20);
    NDIS_TIMER once, never;
    BOOLEAN cancelled;

    ticks = 4; /* the next one is enough */
    KeInitializeEvent(&enough, NotificationEvent, FALSE);
    NdisInitializeTimer(&once, (PNDIS_TIMER_FUNCTION)(PVOID)tick_of_ndis, &ticks);
    NdisInitializeTimer(&never, (PNDIS_TIMER_FUNCTION)(PVOID)tick_of_ndis, &ticks);
    NdisCancelTimer(&never, &cancelled);
    CHECK(!cancelled);
    NdisSetTimer(&never, 2);
    NdisSetTimer(&never, 60000); /* the later one holds */
    NdisSetTimer(&once, 1);
    CHECK(KeWaitForSingleObject(&enough, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    NdisCancelTimer(&once, &cancelled);
    CHECK(!cancelled);
    NdisCancelTimer(&never, &cancelled);
    CHECK(cancelled);
    NdisSetTimer(&never, 10);
    NdisCancelTimer(&never, &cancelled);
    KeDelayExecutionThread(KernelMode, FALSE, &pause);
    KeFlushQueuedDpcs();
    CHECK(InterlockedExchangeAdd(&ticks, 0) == (cancelled ? 5 : 6));
}

static void
test(void *argument)
{
    struct undis *machine = argument;
    LARGE_INTEGER due = milliseconds(3), far = milliseconds(60000);
    KTIMER timer, later;
    uint64_t start = executive_now(machine->executive);
    KDPC dpc;

    ticks = 0;
    KeInitializeEvent(&enough, NotificationEvent, FALSE);
    KeInitializeTimer(&timer);
    KeInitializeTimerEx(&later, SynchronizationTimer);
    KeInitializeDpc(&dpc, tick, NULL);
    CHECK(!KeSetTimer(&later, far, NULL));
    CHECK(!KeSetTimer(&timer, due, NULL));
    CHECK(KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    CHECK(KeReadStateTimer(&timer) && !KeCancelTimer(&timer));
    CHECK(executive_now(machine->executive) - start >= 3000000);
    CHECK(!KeSetTimerEx(&timer, due, 2, &dpc));
    CHECK(KeWaitForSingleObject(&enough, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    CHECK(KeCancelTimer(&timer));
    KeFlushQueuedDpcs();
    CHECK(ticks >= 5);
    CHECK(executive_now(machine->executive) - start >= 14000000);
    CHECK(KeSetTimer(&later, due, NULL));
    CHECK(KeWaitForSingleObject(&later, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
    CHECK(!KeReadStateTimer(&later));
    timers_of_ndis();
}

int
main(void)
{
    nt_run(test);
    return 0;
}
