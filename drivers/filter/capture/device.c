/* SPDX-License-Identifier: MIT */
/* \Device\UndisCapture: opened by one reader at a time, read without waiting. */
#include "capture.h"

static NDIS_HANDLE DeviceHandle;
static PDEVICE_OBJECT Device;
static LONG Readers;

static DRIVER_DISPATCH DispatchOpen, DispatchClose, DispatchRead, DispatchControl;

static NTSTATUS
Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS
DispatchOpen(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (InterlockedCompareExchange(&Readers, 1, 0) != 0)
        return Complete(Irp, STATUS_SHARING_VIOLATION, 0);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS
DispatchClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    InterlockedExchange(&Readers, 0);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS
DispatchRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG Size = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
    ULONG_PTR Done = 0;
    PUCHAR Buffer;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Size == 0 || Irp->MdlAddress == NULL)
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    Buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (Buffer == NULL)
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    Status = StoreRead(Buffer, Size, &Done);
    return Complete(Irp, Status, Done);
}

/* Waits in the thread that asks: nothing stands above this device. */
static NTSTATUS
DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_UNDIS_CAPTURE_WAIT:
        return Complete(
            Irp, KeWaitForSingleObject(&Store.News, UserRequest, UserMode, FALSE, NULL), 0);
    case IOCTL_UNDIS_CAPTURE_WAKE:
        KeSetEvent(&Store.News, IO_NO_INCREMENT, FALSE);
        return Complete(Irp, STATUS_SUCCESS, 0);
    default: return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

NDIS_STATUS
DeviceCreate(PDRIVER_OBJECT DriverObject)
{
    PDRIVER_DISPATCH Dispatch[IRP_MJ_MAXIMUM_FUNCTION + 1] = {
        [IRP_MJ_CREATE] = DispatchOpen,
        [IRP_MJ_CLOSE] = DispatchClose,
        [IRP_MJ_READ] = DispatchRead,
        [IRP_MJ_DEVICE_CONTROL] = DispatchControl,
    };
    UNICODE_STRING Name = RTL_CONSTANT_STRING(UNDIS_CAPTURE_DEVICE);
    UNICODE_STRING Link = RTL_CONSTANT_STRING(UNDIS_CAPTURE_LINK);
    NDIS_DEVICE_OBJECT_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_DEVICE_OBJECT_ATTRIBUTES,
            NDIS_DEVICE_OBJECT_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_DEVICE_OBJECT_ATTRIBUTES_REVISION_1},
        .DeviceName = &Name,
        .SymbolicName = &Link,
        .MajorFunctions = Dispatch,
    };
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(DriverObject);
    Status = NdisRegisterDeviceEx(FilterDriverHandle, &Attributes, &Device, &DeviceHandle);
    if (Status == NDIS_STATUS_SUCCESS)
        Device->Flags |= DO_DIRECT_IO;
    return Status;
}

VOID
DeviceDelete(VOID)
{
    NdisDeregisterDeviceEx(DeviceHandle);
}
