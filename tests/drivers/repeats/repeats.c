/* SPDX-License-Identifier: MIT */
/* Breaks a rule that warns, at two places: at one again and again. */
#include <ntddk.h>

#define TAG 'tpeR'

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
    for (ULONG i = 0; i < 25; i++)
        ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPoolNx, 0, TAG), TAG);
    ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPoolNx, 0, TAG), TAG);
    return STATUS_SUCCESS;
}
