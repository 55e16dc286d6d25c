/* SPDX-License-Identifier: MIT */
/* A timer object runs its function at DISPATCH_LEVEL with the context given, and again when it is
 * periodic; cancelled it runs no more. Work items run at PASSIVE_LEVEL. */
#include "nt.h"
#include <ndis.h>

static NDIS_EVENT fired;
static unsigned runs;
static PVOID seen;
static NDIS_WORK_ITEM old_item;

static VOID
work_5(PNDIS_WORK_ITEM item, PVOID context)
{
    CHECK(item == &old_item && context == &runs && KeGetCurrentIrql() == PASSIVE_LEVEL);
    NdisSetEvent(&fired);
}

static VOID
work_6(PVOID context, NDIS_HANDLE item)
{
    CHECK(context == &seen && KeGetCurrentIrql() == PASSIVE_LEVEL);
    NdisFreeIoWorkItem(item);
    NdisSetEvent(&fired);
}

static VOID
tick(PVOID s1, PVOID context, PVOID s2, PVOID s3)
{
    (void)s1, (void)s2, (void)s3;
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    __atomic_store_n(&seen, context, __ATOMIC_RELAXED);
    if (__atomic_add_fetch(&runs, 1, __ATOMIC_RELAXED) == 3)
        NdisSetEvent(&fired);
}

static void
check_work(struct undis *machine)
{
    void *handle = object_create(machine, OBJECT_FILTER_DRIVER, 64);
    NDIS_HANDLE item = NdisAllocateIoWorkItem(handle);

    CHECK(item && !NdisAllocateIoWorkItem(NULL));
    NdisResetEvent(&fired);
    NdisQueueIoWorkItem(item, work_6, &seen);
    CHECK(NdisWaitEvent(&fired, 0));
    NdisResetEvent(&fired);
    NdisInitializeWorkItem(&old_item, work_5, &runs);
    CHECK(NdisScheduleWorkItem(&old_item) == NDIS_STATUS_SUCCESS);
    CHECK(NdisWaitEvent(&fired, 0));
    object_destroy(handle);
}

static void
test(void *context)
{
    struct undis *machine = context;
    NDIS_TIMER_CHARACTERISTICS c = {.Header = {NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS, 1,
                                        NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1},
        .TimerFunction = tick,
        .FunctionContext = &c};
    struct driver *driver = machine_alloc(machine, sizeof(*driver));
    NDIS_HANDLE timer;

    driver->machine = machine;
    driver->name = "test";
    block_self->driver = driver;
    runs = 0;
    NdisInitializeEvent(&fired);
    CHECK(NdisAllocateTimerObject(NULL, &c, &timer) == NDIS_STATUS_SUCCESS);
    CHECK(!NdisSetTimerObject(timer, milliseconds(1), 1, &runs));
    CHECK(NdisWaitEvent(&fired, 0) && __atomic_load_n(&seen, __ATOMIC_RELAXED) == &runs);
    NdisCancelTimerObject(timer);
    KeFlushQueuedDpcs(); /* a tick may be under way */
    runs = 0;
    CHECK(!NdisSetTimerObject(timer, milliseconds(100000), 0, NULL));
    CHECK(NdisSetTimerObject(timer, milliseconds(100000), 0, NULL));
    CHECK(NdisCancelTimerObject(timer) && !NdisCancelTimerObject(timer) && runs == 0);
    NdisFreeTimerObject(timer);
    check_work(machine);
    block_self->driver = NULL;
}

int
main(void)
{
    nt_run(test);
    return 0;
}
