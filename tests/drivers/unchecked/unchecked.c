/* SPDX-License-Identifier: MIT */
/* unchecked: uses memory, an MDL, an IRP, a device, a work item and a timer without looking whether
 * it got them, and other memory as it should.
 */
#include <ntddk.h>

#define TAG 'hcnU'

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;

static DECLSPEC_NOINLINE VOID
UsesMemory(VOID)
{
    volatile ULONG *Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 16, TAG);

    *Memory = 1;
    ExFreePoolWithTag((PVOID)Memory, TAG);
}

static DECLSPEC_NOINLINE VOID
UsesMdl(VOID)
{
    static UCHAR Data[64];
    PMDL Mdl = IoAllocateMdl(Data, sizeof(Data), FALSE, FALSE, NULL);

    *(volatile CSHORT *)&Mdl->MdlFlags |= MDL_ALLOCATED_FIXED_SIZE;
    IoFreeMdl(Mdl);
}

static DECLSPEC_NOINLINE VOID
UsesIrp(VOID)
{
    PIRP Irp = IoAllocateIrp(1, FALSE);

    *(volatile ULONG *)&Irp->Flags = 0;
    IoFreeIrp(Irp);
}

static DECLSPEC_NOINLINE VOID
UsesZeroed(VOID)
{
    volatile ULONG *Memory = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, TAG);

    *Memory = 1;
    ExFreePoolWithTag((PVOID)Memory, TAG);
}

static DECLSPEC_NOINLINE VOID
UsesDevice(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT Device = NULL;

    IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    *(volatile ULONG *)&Device->Flags |= DO_BUFFERED_IO;
    IoDeleteDevice(Device);
}

static DECLSPEC_NOINLINE VOID
UsesTimer(VOID)
{
    PEX_TIMER Timer = ExAllocateTimer(NULL, NULL, 0);

    ExSetTimer(Timer, -10000000, 0, NULL);
    ExDeleteTimer(Timer, TRUE, TRUE, NULL);
}

static DECLSPEC_NOINLINE VOID
Worked(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
}

static DECLSPEC_NOINLINE VOID
UsesWorkItem(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT Device;
    PIO_WORKITEM Item;
    KEVENT Done;

    if (!NT_SUCCESS(IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device)))
        return;
    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    Item = IoAllocateWorkItem(Device);
    IoQueueWorkItem(Item, Worked, DelayedWorkQueue, &Done);
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
    IoFreeWorkItem(Item);
    IoDeleteDevice(Device);
}

static DECLSPEC_NOINLINE VOID
Checks(VOID)
{
    PULONG Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 16, TAG);

    if (Memory == NULL)
        return;
    *Memory = 1;
    ExFreePoolWithTag(Memory, TAG);
}

VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    for (ULONG Round = 0; Round < 2; Round++) {
        UsesMemory();
        UsesMdl();
        UsesIrp();
        UsesZeroed();
        UsesDevice(DriverObject);
        UsesTimer();
        UsesWorkItem(DriverObject);
        Checks();
    }
    return STATUS_SUCCESS;
}
