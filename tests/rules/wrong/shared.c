/* SPDX-License-Identifier: MIT */
/* A miniport of which two functions run at the same time, for the rules of what they share. It is
 * built to tell of its accesses. See nic.h.
 *
 * Sends are kept in a queue; a thread completes them a little later. The device interrupts once.
 */
#include "nic.h"

#define NIC_SHARED 4096u

typedef struct _ADAPTER {
    NIC Nic;
    PVOID Thread;
    KEVENT Work, Stop;
    ULONG Interrupts, Seen; /* the interrupt's lock */
    KSPIN_LOCK Lock;        /* guards what follows */
    PNET_BUFFER_LIST First, *Last;
    ULONG Sends, Paused;
    ULONG Map, Used; /* a table of receive side scaling, and how often it was asked */
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;

static BOOLEAN
Isr(NDIS_HANDLE Context, PBOOLEAN QueueDefaultInterruptDpc, PULONG TargetProcessors)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(TargetProcessors);
    NicWrite(&Adapter->Nic, NIC_MASK, 0);
    Adapter->Interrupts++;
    *QueueDefaultInterruptDpc = FALSE;
    return TRUE;
}

static BOOLEAN
LookAtInterrupts(NDIS_HANDLE Context)
{
    ADAPTER *Adapter = Context;

    Adapter->Seen = Adapter->Interrupts;
    return TRUE;
}

static VOID
ProcessList(PDEVICE_OBJECT DeviceObject, PVOID Reserved, PSCATTER_GATHER_LIST List, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Reserved);
    UNREFERENCED_PARAMETER(List);
    UNREFERENCED_PARAMETER(Context);
}

/* The thread */

static PNET_BUFFER_LIST
TakeAll(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Chain = Adapter->First;

    Adapter->First = NULL;
    Adapter->Last = &Adapter->First;
    return Chain;
}

static VOID
Complete(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Chain;
    KIRQL Irql;

    if (BREAKS(lk_protect_queues)) {
        Chain = TakeAll(Adapter);
    } else {
        KeAcquireSpinLock(&Adapter->Lock, &Irql);
        Chain = TakeAll(Adapter);
        Adapter->Sends = 0;
        KeReleaseSpinLock(&Adapter->Lock, Irql);
    }
    for (PNET_BUFFER_LIST Nbl = Chain; Nbl != NULL; Nbl = Nbl->Next)
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
    if (Chain != NULL)
        NdisMSendNetBufferListsComplete(Adapter->Nic.Handle, Chain, 0);
    if (BREAKS(lk_protect_state))
        Adapter->Sends = 0;
}

static VOID
Thread(PVOID Context)
{
    ADAPTER *Adapter = Context;
    PVOID Objects[] = {&Adapter->Stop, &Adapter->Work};

    for (;;) {
        NTSTATUS Status =
            KeWaitForMultipleObjects(2, Objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL);

        Complete(Adapter);
        if (BREAKS(lk_isr_shared)) {
            Adapter->Seen = Adapter->Interrupts;
        } else {
            NdisMSynchronizeWithInterruptEx(Adapter->Nic.Interrupt, 0, LookAtInterrupts, Adapter);
        }
        if (Status == STATUS_WAIT_0)
            break;
        Sleep(10);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NDIS_STATUS
StartThread(ADAPTER *Adapter)
{
    HANDLE Handle;

    KeInitializeEvent(&Adapter->Work, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Adapter->Stop, NotificationEvent, FALSE);
    if (!NT_SUCCESS(PsCreateSystemThread(&Handle, 0, NULL, NULL, NULL, Thread, Adapter)))
        return NDIS_STATUS_RESOURCES;
    ObReferenceObjectByHandle(
        Handle, SYNCHRONIZE, *PsThreadType, KernelMode, &Adapter->Thread, NULL);
    ZwClose(Handle);
    return NDIS_STATUS_SUCCESS;
}

/* Handlers */

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    ADAPTER *Adapter = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
    if (BREAKS(hw_rss_map_race))
        Adapter->Used = Adapter->Map;
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    if (!BREAKS(hw_rss_map_race))
        Adapter->Used = Adapter->Map;
    Adapter->Sends++;
    *Adapter->Last = Chain;
    while (*Adapter->Last != NULL)
        Adapter->Last = &(*Adapter->Last)->Next;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    KeSetEvent(&Adapter->Work, IO_NO_INCREMENT, FALSE);
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    ADAPTER *Adapter = Context;
    KIRQL Irql;

    if (Request->DATA.SET_INFORMATION.Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS)
        return NDIS_STATUS_NOT_SUPPORTED;
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    Adapter->Map++;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    Request->DATA.SET_INFORMATION.BytesRead = Request->DATA.SET_INFORMATION.InformationBufferLength;
    return NDIS_STATUS_SUCCESS;
}

/* Its life */

static NDIS_STATUS
TakeHardware(ADAPTER *Adapter, PNDIS_RESOURCE_LIST Resources)
{
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, NDIS_MINIPORT_INTERRUPT_REVISION_1,
            NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1},
        .InterruptHandler = Isr,
        .InterruptDpcHandler = Dpc,
        .DisableInterruptHandler = Switch,
        .EnableInterruptHandler = Switch,
    };

    if (NicMapRegisters(&Adapter->Nic, Resources) != NDIS_STATUS_SUCCESS ||
        NicRegisterDma(&Adapter->Nic, ProcessList) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    NdisMAllocateSharedMemory(
        Adapter->Nic.Handle, NIC_SHARED, TRUE, &Adapter->Nic.Shared, &Adapter->Nic.Physical);
    if (Adapter->Nic.Shared == NULL)
        return NDIS_STATUS_RESOURCES;
    return NdisMRegisterInterruptEx(
        Adapter->Nic.Handle, Adapter, &Characteristics, &Adapter->Nic.Interrupt);
}

static VOID
Free(ADAPTER *Adapter)
{
    if (Adapter->Thread != NULL) {
        KeSetEvent(&Adapter->Stop, IO_NO_INCREMENT, FALSE);
        KeWaitForSingleObject(Adapter->Thread, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(Adapter->Thread);
    }
    if (Adapter->Nic.Interrupt != NULL)
        NdisMDeregisterInterruptEx(Adapter->Nic.Interrupt);
    if (Adapter->Nic.Shared != NULL)
        NdisMFreeSharedMemory(
            Adapter->Nic.Handle, NIC_SHARED, TRUE, Adapter->Nic.Shared, Adapter->Nic.Physical);
    if (Adapter->Nic.Dma != NULL)
        NdisMDeregisterScatterGatherDma(Adapter->Nic.Dma);
    if (Adapter->Nic.Registers != NULL)
        NdisMUnmapIoSpace(Adapter->Nic.Handle, Adapter->Nic.Registers, Adapter->Nic.RegisterLength);
    ExFreePoolWithTag(Adapter, TAG);
}

static NDIS_STATUS
Initialize(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext, PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
    ADAPTER *Adapter = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Adapter), TAG);

    UNREFERENCED_PARAMETER(DriverContext);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Nic.Handle = Handle;
    Adapter->Last = &Adapter->First;
    KeInitializeSpinLock(&Adapter->Lock);
    if (NicSetAttributes(Handle, Adapter, 0) == NDIS_STATUS_SUCCESS &&
        TakeHardware(Adapter, Parameters->AllocatedResources) == NDIS_STATUS_SUCCESS &&
        StartThread(Adapter) == NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_SUCCESS;
    Free(Adapter);
    return NDIS_STATUS_FAILURE;
}

/* The device sends a frame, and interrupts. */
static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Parameters);
    NicTransmit(&Adapter->Nic);
    NicWrite(&Adapter->Nic, NIC_MASK, 7);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    UNREFERENCED_PARAMETER(Action);
    Free(Context);
}

static VOID
Shutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Action);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = PLAIN_TABLE;

    BreaksBy(RegistryPath);
    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
