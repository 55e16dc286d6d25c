/* SPDX-License-Identifier: MIT */
/* The miniport of a NIC on the bus, for the rules of hardware. See wrong.h.
 *
 * It takes all that hardware can give: registers, an interrupt, DMA and shared memory. A send is
 * mapped, unmapped and completed; the device never gets it.
 */
#include "wrong.h"

#define NIC_SHARED   4000u /* not all of a page */
#define NIC_CONTROL  0x04
#define NIC_MASK     0x10
#define NIC_TX_LOW   0x20
#define NIC_TX_HIGH  0x24
#define NIC_TX_COUNT 0x28
#define NIC_TX_TAIL  0x2C

typedef struct _ADAPTER {
    NDIS_HANDLE Handle, Interrupt, Dma;
    PVOID Registers, Shared;
    NDIS_PHYSICAL_ADDRESS RegisterAddress, Physical;
    ULONG RegisterLength;
    PNET_BUFFER_LIST Kept; /* by wrong ones */
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE DriverHandle;

static BOOLEAN
Isr(NDIS_HANDLE Context, PBOOLEAN QueueDefaultInterruptDpc, PULONG TargetProcessors)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(TargetProcessors);
    *QueueDefaultInterruptDpc = FALSE;
    if (BREAKS(hw_isr_recognise))
        return TRUE;
    return FALSE;
}

static VOID
Dpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(DpcContext);
    UNREFERENCED_PARAMETER(Throttle);
    UNREFERENCED_PARAMETER(Reserved);
}

static VOID
Switch(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
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
        NdisMAllocateNetBufferSGList(Adapter->Dma, Nb, Nb, NDIS_SG_LIST_WRITE_TO_DEVICE, NULL, 0);
    if (BREAKS(hw_sg_free_before_complete)) {
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
        NdisMSendNetBufferListsComplete(
            Adapter->Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    }
    NdisMFreeNetBufferSGList(Adapter->Dma, List, Nb);
    if (BREAKS(hw_sg_pair))
        NdisMFreeNetBufferSGList(Adapter->Dma, List, Nb);
    NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
    NdisMSendNetBufferListsComplete(Adapter->Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
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
        NdisMDeregisterInterruptEx(Adapter->Interrupt);
    if (BREAKS(irql_gather_dma))
        NdisMDeregisterScatterGatherDma(Adapter->Dma);
    while ((Nbl = Chain) != NULL) {
        Chain = Nbl->Next;
        Nbl->Next = NULL;
        Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);
        if (BREAKS(rs_complete_sends_oids_before)) {
            if (Adapter->Kept == NULL) {
                Adapter->Kept = Nbl;
                NdisMResetMiniport(Adapter->Handle);
                continue;
            }
        }
        if (BREAKS(rs_sends_status)) {
            if (Adapter->Kept == NULL) {
                Adapter->Kept = Nbl;
                NdisMResetMiniport(Adapter->Handle);
                continue;
            }
        }
        NET_BUFFER_MINIPORT_RESERVED(Nb)[0] = Adapter;
        NET_BUFFER_MINIPORT_RESERVED(Nb)[1] = Nbl;
        if (NdisMAllocateNetBufferSGList(
                Adapter->Dma, Nb, Nb, NDIS_SG_LIST_WRITE_TO_DEVICE, NULL, 0) == NDIS_STATUS_SUCCESS)
            continue;
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_RESOURCES;
        NdisMSendNetBufferListsComplete(
            Adapter->Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    }
    KeLowerIrql(Irql);
}

static VOID
CancelSend(NDIS_HANDLE Context, PVOID CancelId)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(CancelId);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Chain);
    UNREFERENCED_PARAMETER(Flags);
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Request);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
CancelOidRequest(NDIS_HANDLE Context, PVOID RequestId)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(RequestId);
}

static NDIS_STATUS
SetAttributes(ADAPTER *Adapter)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .CheckForHangTimeInSeconds = 1,
        .AttributeFlags =
            NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE | NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER,
        .InterfaceType = NdisInterfacePci,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .MtuSize = 1500,
        .MediaConnectState = MediaConnectStateConnected,
        .MacAddressLength = 6,
    };

    if (NdisMSetMiniportAttributes(Adapter->Handle,
            (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_FAILURE;
    return NdisMSetMiniportAttributes(Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&General);
}

static NDIS_STATUS
MapRegisters(ADAPTER *Adapter, PNDIS_RESOURCE_LIST Resources)
{
    for (ULONG i = 0; Resources != NULL && i < Resources->Count; i++) {
        const CM_PARTIAL_RESOURCE_DESCRIPTOR *Resource = &Resources->PartialDescriptors[i];

        if (Resource->Type != CmResourceTypeMemory)
            continue;
        Adapter->RegisterAddress = Resource->u.Memory.Start;
        Adapter->RegisterLength = Resource->u.Memory.Length;
        return NdisMMapIoSpace(&Adapter->Registers, Adapter->Handle, Adapter->RegisterAddress,
            Adapter->RegisterLength);
    }
    return NDIS_STATUS_RESOURCE_CONFLICT;
}

static NDIS_STATUS
ConnectInterrupt(ADAPTER *Adapter)
{
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, NDIS_MINIPORT_INTERRUPT_REVISION_1,
            NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1},
        .InterruptHandler = Isr,
        .InterruptDpcHandler = Dpc,
        .DisableInterruptHandler = Switch,
        .EnableInterruptHandler = Switch,
    };

    if (BREAKS(hw_interrupt_handlers))
        Characteristics.DisableInterruptHandler = NULL;
    return NdisMRegisterInterruptEx(
        Adapter->Handle, Adapter, &Characteristics, &Adapter->Interrupt);
}

static NDIS_STATUS
RegisterDma(ADAPTER *Adapter)
{
    NDIS_SG_DMA_DESCRIPTION Description = {
        .Header = {NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION, NDIS_SG_DMA_DESCRIPTION_REVISION_1,
            NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1},
        .Flags = NDIS_SG_DMA_64_BIT_ADDRESS,
        .MaximumPhysicalMapping = 65536,
        .ProcessSGListHandler = ProcessList,
    };

    if (BREAKS(hw_sharedmem_needs_dma)) {
        NdisMAllocateSharedMemory(
            Adapter->Handle, NIC_SHARED, TRUE, &Adapter->Shared, &Adapter->Physical);
    }
    return NdisMRegisterScatterGatherDma(Adapter->Handle, &Description, &Adapter->Dma);
}

static VOID
Write(ADAPTER *Adapter, ULONG Register, ULONG Value)
{
    NdisWriteRegisterUlong((PULONG)((PUCHAR)Adapter->Registers + Register), Value);
}

/* The device sends a frame, and has a reason to interrupt; its mask lets none through. */
static VOID
Transmit(ADAPTER *Adapter)
{
    PULONG Descriptor = Adapter->Shared;

    NdisZeroMemory(Adapter->Shared, 64);
    *(PULONG64)Descriptor = (ULONG64)Adapter->Physical.QuadPart + 64;
    Descriptor[2] = 60;
    Descriptor[3] = 1;
    Write(Adapter, NIC_TX_LOW, NdisGetPhysicalAddressLow(Adapter->Physical));
    Write(Adapter, NIC_TX_HIGH, (ULONG)NdisGetPhysicalAddressHigh(Adapter->Physical));
    Write(Adapter, NIC_TX_COUNT, 2);
    Write(Adapter, NIC_CONTROL, 1);
    Write(Adapter, NIC_TX_TAIL, 1);
}

static VOID
Free(ADAPTER *Adapter)
{
    if (BREAKS(hw_disable_before_deregister)) {
        if (Adapter->Registers != NULL)
            Write(Adapter, NIC_MASK, 7);
    }
    if (!BREAKS(hw_interrupt_deregister_halt)) {
        if (Adapter->Interrupt != NULL)
            NdisMDeregisterInterruptEx(Adapter->Interrupt);
    }
    if (BREAKS(lk_sync_after_deregister))
        NdisMSynchronizeWithInterruptEx(Adapter->Interrupt, 0, Synchronized, NULL);
    if (!BREAKS(hw_sharedmem_freed)) {
        if (Adapter->Shared != NULL)
            NdisMFreeSharedMemory(
                Adapter->Handle, NIC_SHARED, TRUE, Adapter->Shared, Adapter->Physical);
    }
    if (BREAKS(hw_sharedmem_double_free)) {
        NdisMFreeSharedMemory(
            Adapter->Handle, NIC_SHARED, TRUE, Adapter->Shared, Adapter->Physical);
    }
    if (!BREAKS(hw_sgdma_deregister)) {
        if (Adapter->Dma != NULL)
            NdisMDeregisterScatterGatherDma(Adapter->Dma);
    }
    if (!BREAKS(hw_iospace_unmapped)) {
        if (Adapter->Registers != NULL)
            NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers, Adapter->RegisterLength);
    }
    if (BREAKS(hw_register_in_range)) {
        ULONG Value;
        NdisReadRegisterUlong((PULONG)Adapter->Registers, &Value);
    }
    if (BREAKS(hw_ioport_in_init))
        NdisMDeregisterIoPortRange(Adapter->Handle, 0x300, 16, (PVOID)0x300);
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
    Adapter->Handle = Handle;
    if (SetAttributes(Adapter) == NDIS_STATUS_SUCCESS &&
        MapRegisters(Adapter, Parameters->AllocatedResources) == NDIS_STATUS_SUCCESS &&
        RegisterDma(Adapter) == NDIS_STATUS_SUCCESS &&
        ConnectInterrupt(Adapter) == NDIS_STATUS_SUCCESS) {
        NdisMAllocateSharedMemory(Handle, NIC_SHARED, TRUE, &Adapter->Shared, &Adapter->Physical);
        if (BREAKS(hw_interrupt_deregister_initfail)) {
            ExFreePoolWithTag(Adapter, TAG);
            return NDIS_STATUS_FAILURE;
        }
        if (Adapter->Shared != NULL)
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
    Transmit(Adapter);
    if (BREAKS(hw_iospace_in_init)) {
        PVOID Again;
        NdisMMapIoSpace(&Again, Adapter->Handle, Adapter->RegisterAddress, Adapter->RegisterLength);
    }
    if (BREAKS(hw_isr_recognise))
        Write(Adapter, NIC_MASK, 7);
    if (BREAKS(hw_sharedmem_corruption))
        ((PUCHAR)Adapter->Shared)[NIC_SHARED] = 1;
    if (BREAKS(im_flag)) {
        NDIS_STRING Name = NDIS_STRING_CONST("\\Device\\None");
        NdisIMInitializeDeviceInstanceEx(DriverHandle, &Name, NULL);
    }
    if (BREAKS(hw_interrupt_type_checked))
        NdisMSynchronizeWithInterruptEx(Adapter->Interrupt, 5, Synchronized, NULL);
    NdisMSynchronizeWithInterruptEx(Adapter->Interrupt, 0, Synchronized, NULL);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    if (BREAKS(pp_surprise_no_hw)) {
        if (Action == NdisHaltDeviceSurpriseRemoved)
            Write(Context, NIC_MASK, 0);
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
            Adapter->Handle, NIC_SHARED, TRUE, Adapter->Shared, Adapter->Physical);
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
        NdisMSendNetBufferListsComplete(Adapter->Handle, Adapter->Kept, 0);
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
DevicePnPEvent(NDIS_HANDLE Context, PNET_DEVICE_PNP_EVENT Event)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Event);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisMDeregisterMiniportDriver(DriverHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .InitializeHandlerEx = Initialize,
        .HaltHandlerEx = Halt,
        .UnloadHandler = Unload,
        .PauseHandler = Pause,
        .RestartHandler = Restart,
        .OidRequestHandler = OidRequest,
        .SendNetBufferListsHandler = Send,
        .ReturnNetBufferListsHandler = Return,
        .CancelSendHandler = CancelSend,
        .DevicePnPEventNotifyHandler = DevicePnPEvent,
        .ShutdownHandlerEx = Shutdown,
        .CancelOidRequestHandler = CancelOidRequest,
        .CheckForHangHandlerEx = CheckForHang,
        .ResetHandlerEx = Reset,
    };

    BreaksBy(RegistryPath);
    if (BREAKS(rs_683_discouraged))
        Characteristics.MinorNdisVersion = 83;
    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
