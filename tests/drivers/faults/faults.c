/* SPDX-License-Identifier: MIT */
/* faults: a driver whose DriverEntry writes through a pointer that leads nowhere. */
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

static VOID
StoreThrough(volatile ULONG *Nowhere)
{
    *Nowhere = 1;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    StoreThrough((volatile ULONG *)(ULONG_PTR)0x10);
    DriverObject->DriverUnload = NULL;
    return STATUS_SUCCESS;
}
