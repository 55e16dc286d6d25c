/* SPDX-License-Identifier: MIT */
/* I/O request packets: made, sent down, completed up.
 *
 *     location 3   top driver       IofCallDriver moves down, one location per driver
 *     location 2   middle           IofCompleteRequest moves up; the routine that a driver set
 *     location 1   bottom           stands in the location below its own
 *
 * An IRP of IoAllocateIrp is its maker's: it must be caught in a completion routine. One that the
 * I/O manager made (irp_make, IoBuild*) is ended by it: results copied, event set, memory freed.
 * No lock is held here while a driver runs, but the cancel spin lock while a cancel routine is
 * called, which is the documented way of giving it over.
 */
#include "nt/call.h"
#include "nt/gate.h"
#include "nt/iomanager.h"
#include "nt/pool.h"
#include <string.h>

#define TAG_IRP POOL_TAG('I', 'r', 'p', ' ')

/* IRP.AllocationFlags, which no driver reads. */
#define IRP_IS_OURS      0x40 /* ended here when its last location completes */
#define IRP_IS_ALLOCATED 0x04 /* by IoAllocateIrp; else laid out by the driver */

struct driver *
io_driver_of(PDRIVER_OBJECT object)
{
    return object_prefix(object)->maker;
}

static void
irp_fill(PIRP irp, USHORT size, CCHAR stack_size)
{
    memset(irp, 0, size);
    irp->Type = IO_TYPE_IRP;
    irp->Size = size;
    irp->StackCount = stack_size;
    irp->CurrentLocation = (CHAR)(stack_size + 1);
    irp->Tail.Overlay.CurrentStackLocation = (PIO_STACK_LOCATION)(irp + 1) + stack_size;
    InitializeListHead(&irp->ThreadListEntry);
}

/*
 * IoAllocateIrp - an IRP with StackSize stack locations
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller frees it with IoFreeIrp, at the latest in its completion routine.
 * Errors:    NULL when memory is short.
 * Source:    NF:wdm.IoAllocateIrp
 */
PIRP
IoAllocateIrp(CCHAR StackSize, BOOLEAN ChargeQuota)
{
    USHORT size = IoSizeOfIrp(StackSize);
    PIRP irp;

    UNREFERENCED_PARAMETER(ChargeQuota);
    irp = object_create(machine_self(), OBJECT_IRP, size);
    if (irp == NULL)
        return NULL;
    irp_fill(irp, size, StackSize);
    irp->AllocationFlags = IRP_IS_ALLOCATED;
    return irp;
}

/*
 * IoInitializeIrp - makes an IRP of the caller's memory
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the memory stays the caller's; it is not freed with IoFreeIrp.
 * Errors:    none.
 * Source:    NF:wdm.IoInitializeIrp
 */
VOID
IoInitializeIrp(PIRP Irp, USHORT PacketSize, CCHAR StackSize)
{
    irp_fill(Irp, PacketSize, StackSize);
}

/*
 * IoReuseIrp - an IRP of IoAllocateIrp as new, with a status
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.IoReuseIrp
 */
VOID
IoReuseIrp(PIRP Irp, NTSTATUS Iostatus)
{
    UCHAR flags = Irp->AllocationFlags;

    irp_fill(Irp, Irp->Size, (CCHAR)Irp->StackCount);
    Irp->AllocationFlags = flags;
    Irp->IoStatus.Status = Iostatus;
}

/*
 * IoFreeIrp - frees an IRP of IoAllocateIrp
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the IRP, not its MDLs or buffers.
 * Errors:    what is no allocated IRP is a bug check (rule mm-double-free).
 * Source:    NF:wdm.IoFreeIrp
 */
VOID
IoFreeIrp(PIRP Irp)
{
    if (object_of(machine_self(), Irp, OBJECT_IRP) == NULL) {
        gate_bug_check("mm-double-free",
            "%p is freed as an IRP but is none of IoAllocateIrp: freed before, or never allocated",
            (void *)Irp);
    }
    object_destroy(Irp);
}

NTSTATUS
io_invalid_request(PDEVICE_OBJECT device, PIRP irp)
{
    UNREFERENCED_PARAMETER(device);
    irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    irp->IoStatus.Information = 0;
    IofCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_INVALID_DEVICE_REQUEST;
}

NTSTATUS
io_dispatch(PDEVICE_OBJECT device, PIRP irp)
{
    UCHAR major = IoGetCurrentIrpStackLocation(irp)->MajorFunction;
    PDRIVER_DISPATCH routine = device->DriverObject->MajorFunction[major];
    struct driver *driver = io_driver_of(device->DriverObject);

    if (routine == NULL)
        routine = io_invalid_request;
    if (driver == NULL || routine == io_invalid_request)
        return routine(device, irp);
    return call_dispatch(driver, routine, device, irp);
}

/*
 * IofCallDriver - sends an IRP to the next driver: its dispatch routine runs with the next stack
 *     location
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP is the called driver's until it is completed.
 * Errors:    what the dispatch routine answers; no location left is a bug check, so is what is no
 *            device.
 * Source:    NF:wdm.IofCallDriver
 */
NTSTATUS
IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION location;

    if (Irp->Type != IO_TYPE_IRP || Irp->CurrentLocation <= 1)
        KeBugCheckEx(NO_MORE_IRP_STACK_LOCATIONS, (ULONG_PTR)Irp, 0, 0, 0);
    if (object_of(machine_self(), DeviceObject, OBJECT_DEVICE) == NULL)
        gate_bug_check("mm-use-after-free", "IofCallDriver gets %p, which is no living device",
            (void *)DeviceObject);
    Irp->CurrentLocation--;
    location = --Irp->Tail.Overlay.CurrentStackLocation;
    if (location->MajorFunction > IRP_MJ_MAXIMUM_FUNCTION)
        gate_bug_check(
            "mm-uninit", "an IRP is sent with major function 0x%x", location->MajorFunction);
    location->DeviceObject = DeviceObject;
    return io_dispatch(DeviceObject, Irp);
}

/* The driver that gave @routine: found by the code, else by the device it stands for. */
static struct driver *
completion_driver(PIRP irp, PIO_COMPLETION_ROUTINE routine, PDEVICE_OBJECT device)
{
    struct undis *machine = machine_self();
    struct driver *driver = driver_at(machine, (const void *)(ULONG_PTR)routine);
    struct object *prefix;

    if (driver != NULL)
        return driver;
    if (device != NULL)
        return io_driver_of(device->DriverObject);
    prefix = object_of(machine, irp, OBJECT_IRP);
    return prefix == NULL ? NULL : prefix->maker;
}

static BOOLEAN
completion_wanted(PIRP irp, UCHAR control)
{
    if (irp->Cancel && control & SL_INVOKE_ON_CANCEL)
        return TRUE;
    return (control &
               (NT_SUCCESS(irp->IoStatus.Status) ? SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR)) != 0;
}

/* What IoSetCompletionRoutineEx hangs into the location. The driver counts as entered meanwhile. */
struct completion_ex {
    struct driver *held; /* or NULL */
    PIO_COMPLETION_ROUTINE routine;
    PVOID context;
};

static NTSTATUS
completion_of_ex(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
    struct completion_ex ex = *(struct completion_ex *)context;
    struct driver *driver = completion_driver(irp, ex.routine, device);
    NTSTATUS status;

    machine_free(machine_self(), context);
    if (driver == NULL)
        status = ex.routine(device, irp, ex.context);
    else
        status = call_completion(driver, ex.routine, device, irp, ex.context);
    if (ex.held != NULL)
        gate_out_left_below_dispatch(ex.held);
    return status;
}

/*
 * IoSetCompletionRoutineEx - as IoSetCompletionRoutine, and the driver stays loaded until the
 *     routine has returned
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    STATUS_INSUFFICIENT_RESOURCES.
 * Source:    NF:wdm.IoSetCompletionRoutineEx
 */
NTSTATUS
IoSetCompletionRoutineEx(PDEVICE_OBJECT DeviceObject, PIRP Irp,
    PIO_COMPLETION_ROUTINE CompletionRoutine, PVOID Context, BOOLEAN InvokeOnSuccess,
    BOOLEAN InvokeOnError, BOOLEAN InvokeOnCancel)
{
    struct completion_ex *ex = machine_alloc(machine_self(), sizeof(*ex));

    if (ex == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    ex->held = io_driver_of(DeviceObject->DriverObject);
    if (ex->held != NULL)
        __atomic_fetch_add(&ex->held->inside, 1, __ATOMIC_ACQ_REL);
    ex->routine = CompletionRoutine;
    ex->context = Context;
    IoSetCompletionRoutine(
        Irp, completion_of_ex, ex, InvokeOnSuccess, InvokeOnError, InvokeOnCancel);
    return STATUS_SUCCESS;
}

static NTSTATUS
complete_one(PIRP irp, PDEVICE_OBJECT device, PIO_COMPLETION_ROUTINE routine, PVOID context)
{
    struct driver *driver = completion_driver(irp, routine, device);

    if (driver == NULL || routine == completion_of_ex)
        return routine(device, irp, context);
    return call_completion(driver, routine, device, irp, context);
}

static void
end_buffers(PIRP irp)
{
    PMDL mdl = irp->MdlAddress;

    if (irp->Flags & IRP_BUFFERED_IO) {
        if (irp->Flags & IRP_INPUT_OPERATION && !NT_ERROR(irp->IoStatus.Status))
            memcpy(irp->UserBuffer, irp->AssociatedIrp.SystemBuffer, irp->IoStatus.Information);
        if (irp->Flags & IRP_DEALLOCATE_BUFFER)
            pool_free(irp->AssociatedIrp.SystemBuffer, 0);
    }
    while (mdl != NULL) {
        PMDL next = mdl->Next;

        if (mdl->MdlFlags & MDL_PAGES_LOCKED)
            MmUnlockPages(mdl);
        IoFreeMdl(mdl);
        mdl = next;
    }
    irp->MdlAddress = NULL;
}

/* More output than the caller has room for would run over his buffer. */
static void
check_information(PIRP irp)
{
    ULONG_PTR room = (ULONG_PTR)irp->Tail.Overlay.AuxiliaryBuffer;

    if (irp->Flags & IRP_INPUT_OPERATION && irp->Flags & IRP_BUFFERED_IO &&
        !NT_ERROR(irp->IoStatus.Status) && irp->IoStatus.Information > room)
        gate_bug_check("mm-overrun",
            "a buffered request completes with Information %llu, the caller's buffer has %llu",
            (unsigned long long)irp->IoStatus.Information, (unsigned long long)room);
}

void
irp_end(PIRP irp)
{
    PKEVENT event = irp->UserEvent;

    if (!(irp->AllocationFlags & IRP_IS_OURS)) {
        gate_bug_check("cf-irp-complete-once",
            "an IRP made by a driver was completed past its last location: its maker has to keep "
            "it in a completion routine (STATUS_MORE_PROCESSING_REQUIRED)");
    }
    check_information(irp);
    end_buffers(irp);
    if (irp->UserIosb != NULL)
        *irp->UserIosb = irp->IoStatus;
    object_destroy(irp);
    if (event != NULL)
        KeSetEvent(event, IO_NO_INCREMENT, FALSE);
}

static void
check_completion(PIRP irp)
{
    if (irp->Type != IO_TYPE_IRP || irp->CurrentLocation > irp->StackCount)
        gate_bug_check("cf-irp-complete-once", "IRP %p is completed a second time", (void *)irp);
    if (irp->IoStatus.Status == STATUS_PENDING)
        gate_bug_check(
            "cf-irp-pending-marked", "IRP %p is completed with STATUS_PENDING", (void *)irp);
}

/*
 * IofCompleteRequest - a driver is done with an IRP: the completion routines above it run, from
 *     below upwards, until one keeps the IRP
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the IRP back; the driver must not touch it afterwards.
 * Errors:    a second completion is a bug check (rule cf-irp-complete-once).
 * Source:    NF:wdm.IofCompleteRequest
 */
VOID
IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
    UNREFERENCED_PARAMETER(PriorityBoost);
    check_completion(Irp);
    while (Irp->CurrentLocation <= Irp->StackCount) {
        PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
        PIO_COMPLETION_ROUTINE routine = location->CompletionRoutine;
        PVOID context = location->Context;
        UCHAR control = location->Control;
        PDEVICE_OBJECT device = NULL;

        Irp->PendingReturned = (control & SL_PENDING_RETURNED) != 0;
        Irp->CurrentLocation++;
        Irp->Tail.Overlay.CurrentStackLocation++;
        if (Irp->CurrentLocation <= Irp->StackCount)
            device = IoGetCurrentIrpStackLocation(Irp)->DeviceObject;
        if (completion_wanted(Irp, control)) {
            memset(location, 0, sizeof(*location));
            if (complete_one(Irp, device, routine, context) == STATUS_MORE_PROCESSING_REQUIRED)
                return;
        } else if (Irp->PendingReturned && Irp->CurrentLocation <= Irp->StackCount) {
            IoMarkIrpPending(Irp);
        }
    }
    irp_end(Irp);
}

/*
 * IoAcquireCancelSpinLock - takes the lock that guards cancel routines
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller releases it with IoReleaseCancelSpinLock.
 * Errors:    none.
 * Source:    NF:wdm.IoAcquireCancelSpinLock
 */
VOID
IoAcquireCancelSpinLock(PKIRQL Irql)
{
    *Irql = KeAcquireSpinLockRaiseToDpc(&machine_self()->io->cancel);
}

/*
 * IoReleaseCancelSpinLock - releases the lock that guards cancel routines
 *
 * IRQL:      DISPATCH_LEVEL
 * Ownership: none.
 * Errors:    none.
 * Source:    NF:wdm.IoReleaseCancelSpinLock
 */
VOID
IoReleaseCancelSpinLock(KIRQL Irql)
{
    KeReleaseSpinLock(&machine_self()->io->cancel, Irql);
}

/*
 * IoCancelIrp - marks an IRP cancelled and calls its cancel routine, which releases the cancel spin
 *     lock
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the IRP stays with who has it.
 * Errors:    TRUE when there was a cancel routine.
 * Source:    NF:wdm.IoCancelIrp
 */
BOOLEAN
IoCancelIrp(PIRP Irp)
{
    PDRIVER_CANCEL routine;
    PDEVICE_OBJECT device = NULL;
    struct driver *driver;
    KIRQL irql;

    IoAcquireCancelSpinLock(&irql);
    Irp->Cancel = TRUE;
    routine = IoSetCancelRoutine(Irp, NULL);
    if (routine == NULL) {
        IoReleaseCancelSpinLock(irql);
        return FALSE;
    }
    Irp->CancelIrql = irql;
    if (Irp->CurrentLocation <= Irp->StackCount)
        device = IoGetCurrentIrpStackLocation(Irp)->DeviceObject;
    driver = driver_at(machine_self(), (const void *)(ULONG_PTR)routine);
    if (driver == NULL && device != NULL)
        driver = io_driver_of(device->DriverObject);
    if (driver != NULL)
        call_cancel(driver, routine, device, Irp);
    else
        routine(device, Irp);
    return TRUE;
}

PIRP
irp_make(
    PDEVICE_OBJECT device, UCHAR major, PFILE_OBJECT file, PKEVENT event, PIO_STATUS_BLOCK result)
{
    PIRP irp = IoAllocateIrp(device->StackSize, FALSE);
    PIO_STACK_LOCATION location;

    if (irp == NULL)
        return NULL;
    irp->AllocationFlags |= IRP_IS_OURS;
    irp->UserEvent = event;
    irp->UserIosb = result;
    irp->Tail.Overlay.Thread = (PETHREAD)KeGetCurrentThread();
    irp->Tail.Overlay.OriginalFileObject = file;
    irp->RequestorMode = KernelMode;
    location = IoGetNextIrpStackLocation(irp);
    location->MajorFunction = major;
    location->FileObject = file;
    return irp;
}

void
irp_drop(PIRP irp)
{
    irp->Flags &= ~(ULONG)IRP_INPUT_OPERATION;
    end_buffers(irp);
    object_destroy(irp);
}
