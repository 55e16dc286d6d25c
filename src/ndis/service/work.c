/* SPDX-License-Identifier: MIT */
/* Work items: a driver's function at PASSIVE_LEVEL, later. The item is in use from queueing it
 * until its function has been called; the function may free or queue it again.
 */
#include "nt/work.h"
#include "ndis/stack/call_service.h"

struct work_item {
    struct work work;
    struct driver *driver; /* [I] */
    NDIS_IO_WORKITEM_ROUTINE routine;
    PVOID context;
    uint32_t queued; /* [A] */
};

/* What lies in NDIS_WORK_ITEM.WrapperReserved while it is queued. */
struct work_item_5 {
    struct work work;
    struct driver *driver;
};
_Static_assert(sizeof(struct work_item_5) <= sizeof(((NDIS_WORK_ITEM *)0)->WrapperReserved),
    "WrapperReserved holds our part");

static struct work_item *
item_from_handle(NDIS_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_WORK_ITEM))
        gate_bug_check(
            "mm-use-after-free", "%s was given %p, which is no work item", caller, handle);
    return handle;
}

static void
run(struct work *work)
{
    struct work_item *item = CONTAINING_RECORD(work, struct work_item, work);
    NDIS_IO_WORKITEM_ROUTINE routine = item->routine;
    PVOID context = item->context;

    __atomic_store_n(&item->queued, 0, __ATOMIC_RELEASE);
    call_io_work_item(item->driver, routine, context, item);
}

/*
 * NdisAllocateIoWorkItem - makes a work item
 *
 * @NdisObjectHandle: of a miniport or filter driver, an adapter, a filter module, or a device of
 *                    NdisRegisterDeviceEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is the caller's until NdisFreeIoWorkItem.
 * Errors:    NULL for another handle and when memory is short.
 * Source:    NF:ndis.NdisAllocateIoWorkItem
 */
NDIS_HANDLE
NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle)
{
    static const enum object_kind kinds[] = {
        OBJECT_ADAPTER, OBJECT_FILTER, OBJECT_MINIPORT_DRIVER, OBJECT_FILTER_DRIVER, OBJECT_DRIVER};
    struct undis *machine = machine_self();
    struct work_item *item = NULL;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !item; i++)
        if (object_of(machine, NdisObjectHandle, kinds[i]))
            item = object_create(machine, OBJECT_WORK_ITEM, sizeof(*item));
    if (item)
        item->driver = block_self->driver;
    return item;
}

/*
 * NdisQueueIoWorkItem - has a function called at PASSIVE_LEVEL, soon
 *
 * @NdisIoWorkItemHandle: from NdisAllocateIoWorkItem, not queued.
 * @Routine:              the function.
 * @WorkItemContext:      for it.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is in use until the function is called.
 * Errors:    none; one that is queued is a bug check (rule wi-not-queued-twice).
 * Source:    NF:ndis.NdisQueueIoWorkItem
 */
VOID
NdisQueueIoWorkItem(
    NDIS_HANDLE NdisIoWorkItemHandle, NDIS_IO_WORKITEM_ROUTINE Routine, PVOID WorkItemContext)
{
    struct work_item *item = item_from_handle(NdisIoWorkItemHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__atomic_exchange_n(&item->queued, 1, __ATOMIC_ACQ_REL))
        gate_bug_check("wi-not-queued-twice", "%s was given work item %u, which is queued",
            __func__, object_prefix(item)->id);
    item->routine = Routine;
    item->context = WorkItemContext;
    work_queue(machine_self(), &item->work, run);
}

/*
 * NdisFreeIoWorkItem - ends a work item
 *
 * @NdisIoWorkItemHandle: from NdisAllocateIoWorkItem, not queued.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the item.
 * Errors:    none; one that is queued is a bug check (rule wi-not-freed-queued).
 * Source:    NF:ndis.NdisFreeIoWorkItem
 */
VOID
NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle)
{
    struct work_item *item = item_from_handle(NdisIoWorkItemHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__atomic_load_n(&item->queued, __ATOMIC_ACQUIRE))
        gate_bug_check("wi-not-freed-queued", "%s was given work item %u, which is queued",
            __func__, object_prefix(item)->id);
    object_destroy(item);
}

static void
run_5(struct work *work)
{
    struct work_item_5 *own = (struct work_item_5 *)work;
    PNDIS_WORK_ITEM item = CONTAINING_RECORD(work, NDIS_WORK_ITEM, WrapperReserved);

    call_work_item_5(own->driver, item);
}

/*
 * NdisScheduleWorkItem - has the function of an item in the driver's memory called at
 *     PASSIVE_LEVEL, soon
 *
 * @WorkItem: from NdisInitializeWorkItem, not queued.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is in use until its function is called.
 * Errors:    none; NDIS_STATUS_SUCCESS.
 * Source:    NF:ndis.NdisScheduleWorkItem
 */
NDIS_STATUS
NdisScheduleWorkItem(PNDIS_WORK_ITEM WorkItem)
{
    struct work_item_5 *own = (struct work_item_5 *)(void *)WorkItem->WrapperReserved;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    own->driver = block_self->driver;
    work_queue(machine_self(), &own->work, run_5);
    return NDIS_STATUS_SUCCESS;
}
