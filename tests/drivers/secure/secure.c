/* SPDX-License-Identifier: MIT */
/* secure: a driver that makes a device with each of the descriptors that wdmsec.h names. */
#include <ntddk.h>
#include <wdmsec.h>

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;

static const UNICODE_STRING *const Descriptors[] = {
    &SDDL_DEVOBJ_KERNEL_ONLY,
    &SDDL_DEVOBJ_SYS_ALL,
    &SDDL_DEVOBJ_SYS_ALL_ADM_ALL,
    &SDDL_DEVOBJ_SYS_ALL_ADM_RX,
    &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R,
    &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_R_RES_R,
    &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R,
    &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RWX_RES_RWX,
};

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    while (DriverObject->DeviceObject)
        IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Secure0");
    WCHAR Text[sizeof(L"\\Device\\Secure0") / sizeof(WCHAR)];
    NTSTATUS Status = STATUS_SUCCESS;
    PDEVICE_OBJECT Device;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    RtlCopyMemory(Text, Name.Buffer, sizeof(Text));
    Name.Buffer = Text;
    for (i = 0; NT_SUCCESS(Status) && i < RTL_NUMBER_OF(Descriptors); i++) {
        Text[Name.Length / sizeof(WCHAR) - 1] = (WCHAR)(L'0' + i);
        Status = IoCreateDeviceSecure(
            DriverObject, 0, &Name, FILE_DEVICE_NETWORK, 0, FALSE, Descriptors[i], NULL, &Device);
    }
    if (!NT_SUCCESS(Status))
        Unload(DriverObject);
    return Status;
}
