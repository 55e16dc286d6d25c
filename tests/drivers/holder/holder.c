/* SPDX-License-Identifier: MIT */
/* holder: a device that keeps what is written until it is read, and reads until something is
 * written.
 *
 *     \\.\Holder              read, write: messages of up to 64 bytes, in order
 *     0x222000                -> { reads that wait, reads that were cancelled }
 *     0x222004 handle         signals that event
 *     0x222008                signals \BaseNamedObjects\Holder
 *     0x22200C number         -> twice the number
 */
#include <ntddk.h>

#define MESSAGES     16
#define MESSAGE_SIZE 64

typedef struct _HOLDER {
    IO_CSQ Queue;
    LIST_ENTRY Reads;
    KSPIN_LOCK Lock; /* of all below */
    ULONG Waiting, Cancelled;
    ULONG First, Count; /* of Messages */
    ULONG Sizes[MESSAGES];
    UCHAR Messages[MESSAGES][MESSAGE_SIZE];
    PKEVENT Event;
    HANDLE EventHandle;
} HOLDER, *PHOLDER;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;
static DRIVER_DISPATCH Open, Read, Write, Control;
static IO_CSQ_INSERT_IRP InsertIrp;
static IO_CSQ_REMOVE_IRP RemoveIrp;
static IO_CSQ_PEEK_NEXT_IRP PeekNextIrp;
static IO_CSQ_ACQUIRE_LOCK AcquireLock;
static IO_CSQ_RELEASE_LOCK ReleaseLock;
static IO_CSQ_COMPLETE_CANCELED_IRP CompleteCanceledIrp;

#define HOLDER_OF(Csq) CONTAINING_RECORD(Csq, HOLDER, Queue)

static VOID
InsertIrp(PIO_CSQ Csq, PIRP Irp)
{
    InsertTailList(&HOLDER_OF(Csq)->Reads, &Irp->Tail.Overlay.ListEntry);
    InterlockedIncrement((LONG *)&HOLDER_OF(Csq)->Waiting);
}

static VOID
RemoveIrp(PIO_CSQ Csq, PIRP Irp)
{
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    InterlockedDecrement((LONG *)&HOLDER_OF(Csq)->Waiting);
}

static PIRP
PeekNextIrp(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    PHOLDER Holder = HOLDER_OF(Csq);
    PLIST_ENTRY Next = Irp ? Irp->Tail.Overlay.ListEntry.Flink : Holder->Reads.Flink;

    UNREFERENCED_PARAMETER(PeekContext);
    return Next == &Holder->Reads ? NULL : CONTAINING_RECORD(Next, IRP, Tail.Overlay.ListEntry);
}

static VOID
AcquireLock(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&HOLDER_OF(Csq)->Lock, Irql);
}

static VOID
ReleaseLock(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&HOLDER_OF(Csq)->Lock, Irql);
}

static NTSTATUS
Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static VOID
CompleteCanceledIrp(PIO_CSQ Csq, PIRP Irp)
{
    InterlockedIncrement((LONG *)&HOLDER_OF(Csq)->Cancelled);
    Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS
Open(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* The oldest message, when there is one. */
static BOOLEAN
Take(PHOLDER Holder, PUCHAR Buffer, ULONG Room, PULONG Size)
{
    BOOLEAN Taken = FALSE;
    KIRQL Irql;

    KeAcquireSpinLock(&Holder->Lock, &Irql);
    if (Holder->Count) {
        *Size = min(Room, Holder->Sizes[Holder->First]);
        RtlCopyMemory(Buffer, Holder->Messages[Holder->First], *Size);
        Holder->First = (Holder->First + 1) % MESSAGES;
        Holder->Count--;
        Taken = TRUE;
    }
    KeReleaseSpinLock(&Holder->Lock, Irql);
    return Taken;
}

/* Reads that wait and messages that are there come together. */
static VOID
Match(PHOLDER Holder)
{
    PIRP Waiting;
    ULONG Size;

    while (Holder->Count && (Waiting = IoCsqRemoveNextIrp(&Holder->Queue, NULL)) != NULL) {
        if (Take(Holder, Waiting->AssociatedIrp.SystemBuffer,
                IoGetCurrentIrpStackLocation(Waiting)->Parameters.Read.Length, &Size))
            Complete(Waiting, STATUS_SUCCESS, Size);
        else
            IoCsqInsertIrp(&Holder->Queue, Waiting, NULL);
    }
}

static NTSTATUS
Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PHOLDER Holder = DeviceObject->DeviceExtension;

    IoCsqInsertIrp(&Holder->Queue, Irp, NULL);
    Match(Holder);
    return STATUS_PENDING;
}

static NTSTATUS
Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PHOLDER Holder = DeviceObject->DeviceExtension;
    ULONG Length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;
    NTSTATUS Status = STATUS_SUCCESS;
    KIRQL Irql;

    if (Length == 0 || Length > MESSAGE_SIZE)
        return Complete(Irp, STATUS_INVALID_BUFFER_SIZE, 0);
    KeAcquireSpinLock(&Holder->Lock, &Irql);
    if (Holder->Count < MESSAGES) {
        ULONG At = (Holder->First + Holder->Count++) % MESSAGES;

        Holder->Sizes[At] = Length;
        RtlCopyMemory(Holder->Messages[At], Irp->AssociatedIrp.SystemBuffer, Length);
    } else {
        Status = STATUS_INSUFFICIENT_RESOURCES;
    }
    KeReleaseSpinLock(&Holder->Lock, Irql);
    Match(Holder);
    return Complete(Irp, Status, NT_SUCCESS(Status) ? Length : 0);
}

static NTSTATUS
Signal(ULONGLONG Handle)
{
    PKEVENT Event;
    NTSTATUS Status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Handle, EVENT_MODIFY_STATE,
        *ExEventObjectType, UserMode, (PVOID *)&Event, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    KeSetEvent(Event, IO_NO_INCREMENT, FALSE);
    ObDereferenceObject(Event);
    return STATUS_SUCCESS;
}

static NTSTATUS
Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PHOLDER Holder = DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION Location = IoGetCurrentIrpStackLocation(Irp);
    ULONG In = Location->Parameters.DeviceIoControl.InputBufferLength;
    ULONG Out = Location->Parameters.DeviceIoControl.OutputBufferLength;
    PULONG Numbers = Irp->AssociatedIrp.SystemBuffer;

    switch (Location->Parameters.DeviceIoControl.IoControlCode) {
    case 0x222000:
        if (Out < 2 * sizeof(ULONG))
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        Numbers[0] = (ULONG)InterlockedOr((LONG *)&Holder->Waiting, 0);
        Numbers[1] = (ULONG)InterlockedOr((LONG *)&Holder->Cancelled, 0);
        return Complete(Irp, STATUS_SUCCESS, 2 * sizeof(ULONG));
    case 0x222004:
        if (In != sizeof(ULONGLONG))
            return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
        return Complete(Irp, Signal(*(PULONGLONG)Numbers), 0);
    case 0x222008: KeSetEvent(Holder->Event, 0, FALSE); return Complete(Irp, STATUS_SUCCESS, 0);
    case 0x22200C:
        if (In != sizeof(ULONG))
            return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
        if (Out < sizeof(ULONG))
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        Numbers[0] *= 2;
        return Complete(Irp, STATUS_SUCCESS, sizeof(ULONG));
    default: return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\??\\Holder");
    PHOLDER Holder = DriverObject->DeviceObject->DeviceExtension;

    IoDeleteSymbolicLink(&Link);
    ZwClose(Holder->EventHandle);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Holder");
    UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\??\\Holder");
    UNICODE_STRING EventName = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\Holder");
    PDEVICE_OBJECT Device;
    PHOLDER Holder;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    Status =
        IoCreateDevice(DriverObject, sizeof(HOLDER), &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Holder = Device->DeviceExtension;
    InitializeListHead(&Holder->Reads);
    KeInitializeSpinLock(&Holder->Lock);
    IoCsqInitialize(&Holder->Queue, InsertIrp, RemoveIrp, PeekNextIrp, AcquireLock, ReleaseLock,
        CompleteCanceledIrp);
    Holder->Event = IoCreateSynchronizationEvent(&EventName, &Holder->EventHandle);
    Status = Holder->Event ? IoCreateSymbolicLink(&Link, &Name) : STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(Status)) {
        if (Holder->Event)
            ZwClose(Holder->EventHandle);
        IoDeleteDevice(Device);
        return Status;
    }
    KeClearEvent(Holder->Event);
    Device->Flags |= DO_BUFFERED_IO;
    DriverObject->DriverUnload = Unload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Open;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Open;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Open;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    return STATUS_SUCCESS;
}
