/* SPDX-License-Identifier: MIT */
/* Device queues, and the StartIo way of serialising requests that is built on them.
 *
 * A queue is busy from the insertion that found it idle until the removal that finds it empty.
 */
#include "nt/call.h"
#include "nt/iomanager.h"

#define TYPE_DEVICE_QUEUE 20

static PKDEVICE_QUEUE_ENTRY
entry_of(PLIST_ENTRY link)
{
    return CONTAINING_RECORD(link, KDEVICE_QUEUE_ENTRY, DeviceListEntry);
}

/*
 * KeInitializeDeviceQueue - an idle device queue
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the structure stays the driver's.
 * Errors:    none.
 * Source:    NF:wdm.KeInitializeDeviceQueue
 */
VOID
KeInitializeDeviceQueue(PKDEVICE_QUEUE DeviceQueue)
{
    DeviceQueue->Type = TYPE_DEVICE_QUEUE;
    DeviceQueue->Size = sizeof(*DeviceQueue);
    InitializeListHead(&DeviceQueue->DeviceListHead);
    KeInitializeSpinLock(&DeviceQueue->Lock);
    DeviceQueue->Busy = FALSE;
}

static BOOLEAN
insert(PKDEVICE_QUEUE queue, PKDEVICE_QUEUE_ENTRY entry, BOOLEAN sorted, ULONG key)
{
    KIRQL irql = KeAcquireSpinLockRaiseToDpc(&queue->Lock);
    PLIST_ENTRY at = &queue->DeviceListHead;

    entry->Inserted = queue->Busy;
    entry->SortKey = key;
    queue->Busy = TRUE;
    if (entry->Inserted) {
        if (sorted) {
            at = at->Flink;
            while (at != &queue->DeviceListHead && entry_of(at)->SortKey <= key)
                at = at->Flink;
        }
        InsertTailList(at, &entry->DeviceListEntry);
    }
    KeReleaseSpinLock(&queue->Lock, irql);
    return entry->Inserted;
}

/*
 * KeInsertDeviceQueue - puts an entry behind the others of a busy queue; an idle queue becomes busy
 *     instead
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the entry is the queue's while inserted.
 * Errors:    FALSE when the queue was idle: the caller goes on with the entry.
 * Source:    NF:wdm.KeInsertDeviceQueue
 */
BOOLEAN
KeInsertDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry)
{
    return insert(DeviceQueue, DeviceQueueEntry, FALSE, 0);
}

/*
 * KeInsertByKeyDeviceQueue - as KeInsertDeviceQueue, in the order of the keys
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the entry is the queue's while inserted.
 * Errors:    FALSE when the queue was idle: the caller goes on with the entry.
 * Source:    NF:wdm.KeInsertByKeyDeviceQueue
 */
BOOLEAN
KeInsertByKeyDeviceQueue(
    PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry, ULONG SortKey)
{
    return insert(DeviceQueue, DeviceQueueEntry, TRUE, SortKey);
}

/* The first entry with a key of at least @key, else the first of all. */
static PKDEVICE_QUEUE_ENTRY
take(PKDEVICE_QUEUE queue, ULONG key)
{
    KIRQL irql = KeAcquireSpinLockRaiseToDpc(&queue->Lock);
    PLIST_ENTRY head = &queue->DeviceListHead, at = head->Flink;
    PKDEVICE_QUEUE_ENTRY entry = NULL;

    while (at != head && entry_of(at)->SortKey < key)
        at = at->Flink;
    if (at == head)
        at = head->Flink;
    if (at == head) {
        queue->Busy = FALSE;
    } else {
        entry = entry_of(at);
        RemoveEntryList(at);
        entry->Inserted = FALSE;
    }
    KeReleaseSpinLock(&queue->Lock, irql);
    return entry;
}

/*
 * KeRemoveDeviceQueue - takes the first entry of a busy queue
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the entry is the caller's.
 * Errors:    NULL when it was empty: the queue is idle then.
 * Source:    NF:wdm.KeRemoveDeviceQueue
 */
PKDEVICE_QUEUE_ENTRY
KeRemoveDeviceQueue(PKDEVICE_QUEUE DeviceQueue)
{
    return take(DeviceQueue, 0);
}

/*
 * KeRemoveByKeyDeviceQueue - takes the first entry with a key of at least SortKey, or the first of
 *     all
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the entry is the caller's.
 * Errors:    NULL when it was empty: the queue is idle then.
 * Source:    NF:wdm.KeRemoveByKeyDeviceQueue
 */
PKDEVICE_QUEUE_ENTRY
KeRemoveByKeyDeviceQueue(PKDEVICE_QUEUE DeviceQueue, ULONG SortKey)
{
    return take(DeviceQueue, SortKey);
}

/*
 * KeRemoveEntryDeviceQueue - takes one entry out of a queue
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the entry is the caller's.
 * Errors:    FALSE when it is not in a queue.
 * Source:    NF:wdm.KeRemoveEntryDeviceQueue
 */
BOOLEAN
KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE DeviceQueue, PKDEVICE_QUEUE_ENTRY DeviceQueueEntry)
{
    KIRQL irql = KeAcquireSpinLockRaiseToDpc(&DeviceQueue->Lock);
    BOOLEAN inserted = DeviceQueueEntry->Inserted;

    if (inserted) {
        RemoveEntryList(&DeviceQueueEntry->DeviceListEntry);
        DeviceQueueEntry->Inserted = FALSE;
    }
    KeReleaseSpinLock(&DeviceQueue->Lock, irql);
    return inserted;
}

static void
start(PDEVICE_OBJECT device, PIRP irp)
{
    struct driver *driver = io_driver_of(device->DriverObject);

    device->CurrentIrp = irp;
    call_start_io(driver, device->DriverObject->DriverStartIo, device, irp);
}

/*
 * IoStartPacket - calls the driver's StartIo with an IRP, or queues it while another is under way
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP is the queue's until StartIo gets it.
 * Errors:    none; an IRP that was cancelled before is cancelled now.
 * Source:    NF:wdm.IoStartPacket
 */
VOID
IoStartPacket(PDEVICE_OBJECT DeviceObject, PIRP Irp, PULONG Key, PDRIVER_CANCEL CancelFunction)
{
    PKDEVICE_QUEUE_ENTRY entry = &Irp->Tail.Overlay.DeviceQueueEntry;
    BOOLEAN queued;
    KIRQL irql = KeRaiseIrqlToDpcLevel();

    if (CancelFunction != NULL)
        IoSetCancelRoutine(Irp, CancelFunction);
    queued = Key != NULL ? KeInsertByKeyDeviceQueue(&DeviceObject->DeviceQueue, entry, *Key)
                         : KeInsertDeviceQueue(&DeviceObject->DeviceQueue, entry);
    if (!queued)
        start(DeviceObject, Irp);
    else if (Irp->Cancel)
        IoCancelIrp(Irp);
    KeLowerIrql(irql);
}

/*
 * IoStartNextPacket - the driver is done with an IRP: StartIo gets the next one
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: the IRP is the driver's.
 * Errors:    none.
 * Source:    NF:wdm.IoStartNextPacket
 */
VOID
IoStartNextPacket(PDEVICE_OBJECT DeviceObject, BOOLEAN Cancelable)
{
    PKDEVICE_QUEUE_ENTRY entry;
    KIRQL irql = PASSIVE_LEVEL;

    if (Cancelable)
        IoAcquireCancelSpinLock(&irql);
    DeviceObject->CurrentIrp = NULL;
    entry = KeRemoveDeviceQueue(&DeviceObject->DeviceQueue);
    if (entry != NULL)
        DeviceObject->CurrentIrp = CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry);
    if (Cancelable)
        IoReleaseCancelSpinLock(irql);
    if (entry != NULL)
        start(DeviceObject, CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry));
}
