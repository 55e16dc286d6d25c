/* SPDX-License-Identifier: MIT */
/* The miniport of a NIC on the bus, for the rules of hardware. See nic.h.
 *
 * It takes all that hardware can give: registers, an interrupt, DMA and shared memory. A send is
 * mapped, unmapped and completed; the device never gets it. What the device receives is dropped.
 */
#define NIC_ATTRIBUTES NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND

#include "nic.h"

#define NIC_SHARED 4000u /* not all of a page */

typedef struct _ADAPTER {
    NIC Nic;
    PNET_BUFFER_LIST Kept; /* by wrong ones */
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;

static BOOLEAN
Isr(NDIS_HANDLE Context, PBOOLEAN QueueDefaultInterruptDpc, PULONG TargetProcessors)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(TargetProcessors);
    *QueueDefaultInterruptDpc = FALSE;
    if (BREAKS(hw_isr_recognise))
        return TRUE;
    if (!(NicRead(&Adapter->Nic, NIC_CAUSE) & NIC_RECEIVED))
        return FALSE;
    NicWrite(&Adapter->Nic, NIC_MASK, 0);
    *QueueDefaultInterruptDpc = TRUE;
    return TRUE;
}

/* The descriptors are the device's again, and it may interrupt. */
static VOID
Received(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(DpcContext);
    UNREFERENCED_PARAMETER(Throttle);
    UNREFERENCED_PARAMETER(Reserved);
    NicWrite(
        &Adapter->Nic, NIC_RX_TAIL, (NicRead(&Adapter->Nic, NIC_RX_HEAD) - 1) & (NIC_RX_RING - 1));
    if (!BREAKS(hw_dpc_reenable))
        NicWrite(&Adapter->Nic, NIC_MASK, NIC_RECEIVED);
}

static BOOLEAN
Synchronized(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
    return TRUE;
}

static VOID
ProcessList(PDEVICE_OBJECT DeviceObject, PVOID Reserved, PSCATTER_GATHER_LIST List, PVOID Context)
{
    PNET_BUFFER Nb = Context;
    ADAPTER *Adapter = NET_BUFFER_MINIPORT_RESERVED(Nb)[0];
    PNET_BUFFER_LIST Nbl = NET_BUFFER_MINIPORT_RESERVED(Nb)[1];

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Reserved);
    if (BREAKS(hw_sg_no_double_map))
        NdisMAllocateNetBufferSGList(
            Adapter->Nic.Dma, Nb, Nb, NDIS_SG_LIST_WRITE_TO_DEVICE, NULL, 0);
    if (BREAKS(hw_sg_free_before_complete)) {
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
        NdisMSendNetBufferListsComplete(
            Adapter->Nic.Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    }
    NdisMFreeNetBufferSGList(Adapter->Nic.Dma, List, Nb);
    if (BREAKS(hw_sg_pair))
        NdisMFreeNetBufferSGList(Adapter->Nic.Dma, List, Nb);
    NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
    NdisMSendNetBufferListsComplete(
        Adapter->Nic.Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

/* Each NBL has one NET_BUFFER. */
static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    ADAPTER *Adapter = Context;
    PNET_BUFFER_LIST Nbl;
    PNET_BUFFER Nb;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    if (BREAKS(irql_interrupt))
        NdisMDeregisterInterruptEx(Adapter->Nic.Interrupt);
    if (BREAKS(irql_gather_dma))
        NdisMDeregisterScatterGatherDma(Adapter->Nic.Dma);
    while ((Nbl = Chain) != NULL) {
        Chain = Nbl->Next;
        Nbl->Next = NULL;
        Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);
        if (BREAKS(rs_complete_sends_oids_before)) {
            if (Adapter->Kept == NULL) {
                Adapter->Kept = Nbl;
                NdisMResetMiniport(Adapter->Nic.Handle);
                continue;
            }
        }
        if (BREAKS(rs_sends_status)) {
            if (Adapter->Kept == NULL) {
                Adapter->Kept = Nbl;
                NdisMResetMiniport(Adapter->Nic.Handle);
                continue;
            }
        }
        NET_BUFFER_MINIPORT_RESERVED(Nb)[0] = Adapter;
        NET_BUFFER_MINIPORT_RESERVED(Nb)[1] = Nbl;
        if (NdisMAllocateNetBufferSGList(Adapter->Nic.Dma, Nb, Nb, NDIS_SG_LIST_WRITE_TO_DEVICE,
                NULL, 0) == NDIS_STATUS_SUCCESS)
            continue;
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_RESOURCES;
        NdisMSendNetBufferListsComplete(
            Adapter->Nic.Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    }
    KeLowerIrql(Irql);
}

static VOID
WakeUp(PVOID Context)
{
    Sleep(100);
    NicWrite(Context, NIC_MASK, NIC_RECEIVED);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* It may sleep. */
static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    ADAPTER *Adapter = Context;

    if (Request->DATA.SET_INFORMATION.Oid != OID_PNP_SET_POWER &&
        Request->DATA.SET_INFORMATION.Oid != OID_PNP_QUERY_POWER)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (Request->RequestType == NdisRequestSetInformation)
        NicWrite(&Adapter->Nic, NIC_MASK, 0);
    else
        Request->DATA.QUERY_INFORMATION.BytesWritten = 0;
    if (BREAKS(pp_power_no_access_in_dx)) {
        HANDLE Thread;
        PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, WakeUp, &Adapter->Nic);
        ZwClose(Thread);
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
ConnectInterrupt(ADAPTER *Adapter)
{
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, NDIS_MINIPORT_INTERRUPT_REVISION_1,
            NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1},
        .InterruptHandler = Isr,
        .InterruptDpcHandler = Received,
        .DisableInterruptHandler = Switch,
        .EnableInterruptHandler = Switch,
    };

    if (BREAKS(hw_interrupt_handlers))
        Characteristics.DisableInterruptHandler = NULL;
    return NdisMRegisterInterruptEx(
        Adapter->Nic.Handle, Adapter, &Characteristics, &Adapter->Nic.Interrupt);
}

static NDIS_STATUS
RegisterDma(ADAPTER *Adapter)
{
    if (BREAKS(hw_sharedmem_needs_dma)) {
        NdisMAllocateSharedMemory(
            Adapter->Nic.Handle, NIC_SHARED, TRUE, &Adapter->Nic.Shared, &Adapter->Nic.Physical);
    }
    return NicRegisterDma(&Adapter->Nic, ProcessList);
}

static VOID
Free(ADAPTER *Adapter)
{
    if (Adapter->Nic.Registers != NULL)
        NicWrite(&Adapter->Nic, NIC_MASK, 0);
    if (BREAKS(hw_disable_before_deregister)) {
        if (Adapter->Nic.Registers != NULL)
            NicWrite(&Adapter->Nic, NIC_MASK, 7);
    }
    if (!BREAKS(hw_interrupt_deregister_halt)) {
        if (Adapter->Nic.Interrupt != NULL)
            NdisMDeregisterInterruptEx(Adapter->Nic.Interrupt);
    }
    if (BREAKS(lk_sync_after_deregister))
        NdisMSynchronizeWithInterruptEx(Adapter->Nic.Interrupt, 0, Synchronized, NULL);
    if (!BREAKS(hw_sharedmem_freed)) {
        if (Adapter->Nic.Shared != NULL)
            NdisMFreeSharedMemory(
                Adapter->Nic.Handle, NIC_SHARED, TRUE, Adapter->Nic.Shared, Adapter->Nic.Physical);
    }
    if (BREAKS(hw_sharedmem_double_free)) {
        NdisMFreeSharedMemory(
            Adapter->Nic.Handle, NIC_SHARED, TRUE, Adapter->Nic.Shared, Adapter->Nic.Physical);
    }
    if (!BREAKS(hw_sgdma_deregister)) {
        if (Adapter->Nic.Dma != NULL)
            NdisMDeregisterScatterGatherDma(Adapter->Nic.Dma);
    }
    if (!BREAKS(hw_iospace_unmapped)) {
        if (Adapter->Nic.Registers != NULL)
            NdisMUnmapIoSpace(
                Adapter->Nic.Handle, Adapter->Nic.Registers, Adapter->Nic.RegisterLength);
    }
    if (BREAKS(hw_register_in_range)) {
        ULONG Value;
        NdisReadRegisterUlong((PULONG)Adapter->Nic.Registers, &Value);
    }
    if (BREAKS(hw_ioport_in_init))
        NdisMDeregisterIoPortRange(Adapter->Nic.Handle, 0x300, 16, (PVOID)0x300);
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
    if (NicSetAttributes(Handle, Adapter, 1) == NDIS_STATUS_SUCCESS &&
        NicMapRegisters(&Adapter->Nic, Parameters->AllocatedResources) == NDIS_STATUS_SUCCESS &&
        RegisterDma(Adapter) == NDIS_STATUS_SUCCESS &&
        ConnectInterrupt(Adapter) == NDIS_STATUS_SUCCESS) {
        NdisMAllocateSharedMemory(
            Handle, NIC_SHARED, TRUE, &Adapter->Nic.Shared, &Adapter->Nic.Physical);
        if (BREAKS(hw_interrupt_deregister_initfail)) {
            ExFreePoolWithTag(Adapter, TAG);
            return NDIS_STATUS_FAILURE;
        }
        if (Adapter->Nic.Shared != NULL)
            return NDIS_STATUS_SUCCESS;
    }
    Free(Adapter);
    return NDIS_STATUS_FAILURE;
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Parameters);
    NicTransmit(&Adapter->Nic);
    NicReceive(&Adapter->Nic);
    if (BREAKS(hw_iospace_in_init)) {
        PVOID Again;
        NdisMMapIoSpace(
            &Again, Adapter->Nic.Handle, Adapter->Nic.RegisterAddress, Adapter->Nic.RegisterLength);
    }
    if (BREAKS(hw_isr_recognise))
        NicWrite(&Adapter->Nic, NIC_MASK, 7);
    if (BREAKS(hw_sharedmem_corruption))
        ((PUCHAR)Adapter->Nic.Shared)[NIC_SHARED] = 1;
    if (BREAKS(im_flag)) {
        NDIS_STRING Name = NDIS_STRING_CONST("\\Device\\None");
        NdisIMInitializeDeviceInstanceEx(DriverHandle, &Name, NULL);
    }
    if (BREAKS(hw_interrupt_type_checked))
        NdisMSynchronizeWithInterruptEx(Adapter->Nic.Interrupt, 5, Synchronized, NULL);
    NdisMSynchronizeWithInterruptEx(Adapter->Nic.Interrupt, 0, Synchronized, NULL);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    if (BREAKS(pp_surprise_no_hw)) {
        if (Action == NdisHaltDeviceSurpriseRemoved)
            NicWrite(&((ADAPTER *)Context)->Nic, NIC_MASK, 0);
    }
    UNREFERENCED_PARAMETER(Action);
    Free(Context);
}

static VOID
Shutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Adapter);
    UNREFERENCED_PARAMETER(Action);
    if (BREAKS(hw_sharedmem_not_in_shutdown)) {
        NdisMFreeSharedMemory(
            Adapter->Nic.Handle, NIC_SHARED, TRUE, Adapter->Nic.Shared, Adapter->Nic.Physical);
    }
}

static BOOLEAN
CheckForHang(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
    if (BREAKS(rs_checkforhang_quick))
        NdisMSleep(700000);
    return FALSE;
}

static NDIS_STATUS
Reset(NDIS_HANDLE Context, PBOOLEAN AddressingReset)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Adapter);
    *AddressingReset = FALSE;
    if (BREAKS(rs_sends_status)) {
        NET_BUFFER_LIST_STATUS(Adapter->Kept) = NDIS_STATUS_FAILURE;
        NdisMSendNetBufferListsComplete(Adapter->Nic.Handle, Adapter->Kept, 0);
    }
    return NDIS_STATUS_SUCCESS;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = PLAIN_TABLE;

    Characteristics.CheckForHangHandlerEx = CheckForHang;
    Characteristics.ResetHandlerEx = Reset;
    BreaksBy(RegistryPath);
    if (BREAKS(rs_683_discouraged))
        Characteristics.MinorNdisVersion = 83;
    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
