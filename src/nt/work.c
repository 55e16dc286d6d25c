/* SPDX-License-Identifier: MIT */
/* Work items and the worker tasks that run them. See work.h.
 *
 *     IoQueueWorkItem --> queue of the machine --> worker task --> routine at PASSIVE_LEVEL
 *
 * A new worker is started when work is queued and all are busy, so that routines that wait for
 * each other do not hang the machine; after WORKERS_MAX they do, as they would on Windows. One that
 * is not needed any more ends.
 */
#include "nt/work.h"
#include "host/lock.h"
#include "nt/call.h"
#include "nt/object.h"
#include <errno.h>

#define WORKERS_MAX 32

struct nt_work {
    uint32_t lock;   /* host_lock; guards all but signal */
    uint32_t signal; /* word: bumped when work is queued or the machine ends */
    struct work *first, **last;
    unsigned workers, idle, pending;
};

static struct work *
take(struct nt_work *queue)
{
    struct work *work;

    host_lock(&queue->lock);
    work = queue->first;
    if (work) {
        queue->pending--;
        queue->idle--;
        queue->first = work->next;
        if (!queue->first)
            queue->last = &queue->first;
    }
    host_unlock(&queue->lock);
    return work;
}

/* After work; false: others are idle enough. */
static bool
stay(struct nt_work *queue)
{
    bool needed;

    host_lock(&queue->lock);
    needed = queue->idle == 0 || queue->pending > queue->idle;
    if (needed)
        queue->idle++;
    else
        queue->workers--;
    host_unlock(&queue->lock);
    return needed;
}

static void
worker(void *context)
{
    struct undis *machine = context;
    struct nt_work *queue = machine->work;

    for (;;) {
        uint32_t signal = __atomic_load_n(&queue->signal, __ATOMIC_ACQUIRE);
        struct work *work = take(queue);

        if (work) {
            work->fn(work);
            if (!stay(queue))
                return;
        } else if (__atomic_load_n(&machine->ended, __ATOMIC_ACQUIRE)) {
            return;
        } else {
            executive_wait(machine->executive, &queue->signal, signal, EXECUTIVE_FOREVER);
        }
    }
}

/* One more worker; counted before it runs. */
static int
hire(struct undis *machine)
{
    struct nt_work *queue = machine->work;
    int error = nt_spawn(machine, "worker", worker, machine);

    if (error) {
        host_lock(&queue->lock);
        queue->workers--;
        queue->idle--;
        host_unlock(&queue->lock);
    }
    return error;
}

void
work_queue(struct undis *machine, struct work *work, void (*fn)(struct work *work))
{
    struct nt_work *queue = machine->work;
    bool more;

    work->next = NULL;
    work->fn = fn;
    host_lock(&queue->lock);
    *queue->last = work;
    queue->last = &work->next;
    more = ++queue->pending > queue->idle && queue->workers < WORKERS_MAX;
    if (more) {
        queue->workers++;
        queue->idle++;
    }
    host_unlock(&queue->lock);
    if (more)
        hire(machine);
    __atomic_fetch_add(&queue->signal, 1, __ATOMIC_RELEASE);
    executive_wake(machine->executive, &queue->signal, 1);
}

int
work_create(struct undis *machine)
{
    struct nt_work *queue = machine_alloc(machine, sizeof(*queue));

    if (!queue)
        return -ENOMEM;
    queue->last = &queue->first;
    queue->workers = queue->idle = 1;
    machine->work = queue;
    return hire(machine);
}

void
work_end(struct undis *machine)
{
    if (!machine->work)
        return;
    __atomic_fetch_add(&machine->work->signal, 1, __ATOMIC_RELEASE);
    executive_wake(machine->executive, &machine->work->signal, UINT32_MAX);
}

void
work_destroy(struct undis *machine)
{
    machine_free(machine, machine->work);
    machine->work = NULL;
}

/* What is queued for a WORK_QUEUE_ITEM, which the driver may reuse when its routine is called. */
struct queued_item {
    struct work work;
    PWORKER_THREAD_ROUTINE routine;
    void *parameter;
    struct driver *driver;
};

static void
run_item(struct work *work)
{
    struct queued_item item = *(struct queued_item *)work;

    machine_free(machine_self(), work);
    if (item.driver)
        call_worker(item.driver, item.routine, item.parameter);
    else
        item.routine(item.parameter);
}

void
work_queue_item(struct undis *machine, PWORK_QUEUE_ITEM item, struct driver *driver)
{
    struct queued_item *queued = machine_alloc(machine, sizeof(*queued));

    if (!queued)
        gate_bug_check("wi-alloc-may-fail", "ExQueueWorkItem: the arena is full");
    queued->routine = item->WorkerRoutine;
    queued->parameter = item->Parameter;
    queued->driver = driver;
    work_queue(machine, &queued->work, run_item);
}

/*
 * ExQueueWorkItem - has a routine called at PASSIVE_LEVEL
 *
 * @WorkItem: initialised work item.
 * @QueueType: which queue; there is one.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is in use until its routine is called.
 * Errors:    none; without memory it is a bug check. Queueing it twice calls the routine twice.
 * Source:    NF:wdm.ExQueueWorkItem
 */
VOID
ExQueueWorkItem(PWORK_QUEUE_ITEM WorkItem, WORK_QUEUE_TYPE QueueType)
{
    (void)QueueType;
    gate_require_irql(DISPATCH_LEVEL, "ExQueueWorkItem");
    yield_point(YIELD_WAKE, WorkItem);
    work_queue_item(machine_self(), WorkItem, block_self->driver);
}

/* What a PIO_WORKITEM points at. */
struct _IO_WORKITEM {
    struct work work;
    void *object; /* PDEVICE_OBJECT or PDRIVER_OBJECT */
    PIO_WORKITEM_ROUTINE routine;
    PIO_WORKITEM_ROUTINE_EX routine_ex;
    void *context;
    struct driver *driver;
    uint32_t queued;
};

static void
run_io_item(struct work *work)
{
    struct _IO_WORKITEM *item = CONTAINING_RECORD(work, struct _IO_WORKITEM, work);
    struct _IO_WORKITEM copy = *item;

    /* The routine may queue or free its own item. */
    __atomic_store_n(&item->queued, 0, __ATOMIC_RELEASE);
    if (!copy.driver && copy.routine_ex)
        copy.routine_ex(copy.object, copy.context, item);
    else if (!copy.driver)
        copy.routine(copy.object, copy.context);
    else if (copy.routine_ex)
        call_work_item_ex(copy.driver, copy.routine_ex, copy.object, copy.context, item);
    else
        call_work_item(copy.driver, copy.routine, copy.object, copy.context);
}

static void
queue_io_item(struct _IO_WORKITEM *item, PIO_WORKITEM_ROUTINE routine,
    PIO_WORKITEM_ROUTINE_EX routine_ex, void *context)
{
    yield_point(YIELD_WAKE, item);
    if (__atomic_exchange_n(&item->queued, 1, __ATOMIC_ACQUIRE))
        gate_bug_check("wi-not-queued-twice", "a work item is queued that is queued already");
    item->routine = routine;
    item->routine_ex = routine_ex;
    item->context = context;
    item->driver = block_self->driver;
    work_queue(machine_self(), &item->work, run_io_item);
}

/*
 * IoAllocateWorkItem - makes a work item for a device
 *
 * @DeviceObject: of the driver; it must stay until the routine has returned.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller's until IoFreeWorkItem.
 * Errors:    NULL: no memory.
 * Source:    NF:wdm.IoAllocateWorkItem
 */
PIO_WORKITEM
IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject)
{
    struct _IO_WORKITEM *item =
        object_create(machine_self(), OBJECT_WORK_ITEM, sizeof(struct _IO_WORKITEM));

    if (item)
        item->object = DeviceObject;
    return item;
}

/*
 * IoFreeWorkItem - frees a work item
 *
 * @IoWorkItem: from IoAllocateWorkItem or IoInitializeWorkItem.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is gone; it must not be queued.
 * Errors:    none; one that is queued is a bug check (rule wi-not-freed-queued).
 * Source:    NF:wdm.IoFreeWorkItem
 */
VOID
IoFreeWorkItem(PIO_WORKITEM IoWorkItem)
{
    if (!object_of(machine_self(), IoWorkItem, OBJECT_WORK_ITEM))
        gate_bug_check("wi-freed", "IoFreeWorkItem of what is no work item");
    if (__atomic_load_n(&IoWorkItem->queued, __ATOMIC_ACQUIRE))
        gate_bug_check("wi-not-freed-queued", "IoFreeWorkItem of a work item that is queued");
    object_destroy(IoWorkItem);
}

/*
 * IoQueueWorkItem - has a routine called at PASSIVE_LEVEL
 *
 * @IoWorkItem: from IoAllocateWorkItem or IoInitializeWorkItem.
 * @WorkerRoutine: called at PASSIVE_LEVEL.
 * @QueueType: which queue; there is one.
 * @Context: its argument.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is in use until its routine is called.
 * Errors:    none; an item that is queued is a bug check (rule wi-not-queued-twice).
 * Source:    NF:wdm.IoQueueWorkItem
 */
VOID
IoQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE WorkerRoutine,
    WORK_QUEUE_TYPE QueueType, PVOID Context)
{
    (void)QueueType;
    gate_require_irql(DISPATCH_LEVEL, "IoQueueWorkItem");
    queue_io_item(IoWorkItem, WorkerRoutine, NULL, Context);
}

/*
 * IoQueueWorkItemEx - has a routine called at PASSIVE_LEVEL, with the item itself
 *
 * @IoWorkItem: from IoAllocateWorkItem or IoInitializeWorkItem.
 * @WorkerRoutine: called at PASSIVE_LEVEL.
 * @QueueType: which queue; there is one.
 * @Context: its argument.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the item is in use until its routine is called.
 * Errors:    none; an item that is queued is a bug check (rule wi-not-queued-twice).
 * Source:    NF:wdm.IoQueueWorkItemEx
 */
VOID
IoQueueWorkItemEx(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE_EX WorkerRoutine,
    WORK_QUEUE_TYPE QueueType, PVOID Context)
{
    (void)QueueType;
    gate_require_irql(DISPATCH_LEVEL, "IoQueueWorkItemEx");
    queue_io_item(IoWorkItem, NULL, WorkerRoutine, Context);
}

/*
 * IoSizeofWorkItem - how large a work item is
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; bytes.
 * Source:    NF:wdm.IoSizeofWorkItem
 */
ULONG
IoSizeofWorkItem(VOID)
{
    return sizeof(struct _IO_WORKITEM);
}

/*
 * IoInitializeWorkItem - makes a work item of the caller's memory
 *
 * @IoObject: device or driver object.
 * @IoWorkItem: from IoAllocateWorkItem or IoInitializeWorkItem.
 *
 * IRQL:      Any level
 * Ownership: the caller's until IoUninitializeWorkItem.
 * Errors:    none
 * Source:    NF:wdm.IoInitializeWorkItem
 */
VOID
IoInitializeWorkItem(PVOID IoObject, PIO_WORKITEM IoWorkItem)
{
    *IoWorkItem = (struct _IO_WORKITEM){.object = IoObject};
}

/*
 * IoUninitializeWorkItem - undoes IoInitializeWorkItem
 *
 * @IoWorkItem: from IoAllocateWorkItem or IoInitializeWorkItem.
 *
 * IRQL:      Any level
 * Ownership: the memory is the caller's.
 * Errors:    none; one that is queued is a bug check (rule wi-not-freed-queued).
 * Source:    NF:wdm.IoUninitializeWorkItem
 */
VOID
IoUninitializeWorkItem(PIO_WORKITEM IoWorkItem)
{
    if (__atomic_load_n(&IoWorkItem->queued, __ATOMIC_ACQUIRE))
        gate_bug_check("wi-not-freed-queued", "a work item that is queued is uninitialised");
}
