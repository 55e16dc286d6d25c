/* SPDX-License-Identifier: MIT */
/* unchecked: uses four allocations without looking whether it got them, and a fifth as it should. */
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
        Checks();
    }
    return STATUS_SUCCESS;
}
