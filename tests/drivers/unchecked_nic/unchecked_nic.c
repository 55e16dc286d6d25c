/* SPDX-License-Identifier: MIT */
/* unchecked_nic: a miniport that uses a value, a DMA handle, shared memory and an interrupt without
 * looking whether it got them.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include <ndis.h>

DRIVER_INITIALIZE DriverEntry;

static NDIS_HANDLE DriverHandle, Dma, Interrupt;

static DECLSPEC_NOINLINE VOID
UsesValue(NDIS_HANDLE Handle)
{
    NDIS_CONFIGURATION_OBJECT Object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = Handle,
    };
    NDIS_STRING Keyword = NDIS_STRING_CONST("NdisVersion");
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status;

    if (NdisOpenConfigurationEx(&Object, &Configuration) != NDIS_STATUS_SUCCESS)
        return;
    NdisReadConfiguration(&Status, &Parameter, Configuration, &Keyword, NdisParameterInteger);
    *(volatile ULONG *)&Parameter->ParameterData.IntegerData += 0;
    NdisCloseConfiguration(Configuration);
}

static VOID
ProcessList(PDEVICE_OBJECT DeviceObject, PVOID Reserved, PSCATTER_GATHER_LIST List, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Reserved);
    UNREFERENCED_PARAMETER(List);
    UNREFERENCED_PARAMETER(Context);
}

static VOID
SharedComplete(
    NDIS_HANDLE Context, PVOID Address, PNDIS_PHYSICAL_ADDRESS Physical, ULONG Length, PVOID Own)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Address);
    UNREFERENCED_PARAMETER(Physical);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(Own);
}

static DECLSPEC_NOINLINE VOID
UsesDma(NDIS_HANDLE Handle)
{
    NDIS_SG_DMA_DESCRIPTION Description = {
        .Header = {NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION, NDIS_SG_DMA_DESCRIPTION_REVISION_1,
            NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1},
        .Flags = NDIS_SG_DMA_64_BIT_ADDRESS,
        .MaximumPhysicalMapping = 65536,
        .ProcessSGListHandler = ProcessList,
        .SharedMemAllocateCompleteHandler = SharedComplete,
    };

    NdisMRegisterScatterGatherDma(Handle, &Description, &Dma);
    NdisMDeregisterScatterGatherDma(Dma);
    if (NdisMRegisterScatterGatherDma(Handle, &Description, &Dma) != NDIS_STATUS_SUCCESS)
        Dma = NULL;
}

static DECLSPEC_NOINLINE VOID
UsesShared(NDIS_HANDLE Handle)
{
    NDIS_PHYSICAL_ADDRESS Physical;
    volatile ULONG *Memory;

    if (Dma == NULL)
        return;
    NdisMAllocateSharedMemory(Handle, 4096, TRUE, (PVOID *)&Memory, &Physical);
    *Memory = 1;
    NdisMFreeSharedMemory(Handle, 4096, TRUE, (PVOID)Memory, Physical);
}

static BOOLEAN
Isr(NDIS_HANDLE Context, PBOOLEAN Queue, PULONG Processors)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Processors);
    *Queue = FALSE;
    return FALSE;
}

static VOID
InterruptDpc(NDIS_HANDLE Context, PVOID Own, PVOID Throttle, PVOID Reserved)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Own);
    UNREFERENCED_PARAMETER(Throttle);
    UNREFERENCED_PARAMETER(Reserved);
}

static VOID
Enable(NDIS_HANDLE Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static DECLSPEC_NOINLINE VOID
UsesInterrupt(NDIS_HANDLE Handle)
{
    NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, NDIS_MINIPORT_INTERRUPT_REVISION_1,
            NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1},
        .InterruptHandler = Isr,
        .InterruptDpcHandler = InterruptDpc,
        .EnableInterruptHandler = Enable,
        .DisableInterruptHandler = Enable,
    };

    NdisMRegisterInterruptEx(Handle, Handle, &Characteristics, &Interrupt);
    NdisMDeregisterInterruptEx(Interrupt);
}

/* All it has to show is in here. */
static NDIS_STATUS
Initialize(NDIS_HANDLE Handle, NDIS_HANDLE Context, PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Handle,
        .AttributeFlags =
            NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE | NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER,
        .InterfaceType = NdisInterfacePci,
    };

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    if (NdisMSetMiniportAttributes(Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration) !=
        NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_FAILURE;
    UsesValue(Handle);
    UsesDma(Handle);
    UsesShared(Handle);
    UsesInterrupt(Handle);
    if (Dma != NULL)
        NdisMDeregisterScatterGatherDma(Dma);
    return NDIS_STATUS_FAILURE;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Action);
}

static VOID
Shutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Action);
}

static VOID
Event(NDIS_HANDLE Context, PNET_DEVICE_PNP_EVENT PnPEvent)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(PnPEvent);
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Request);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
    NdisMSendNetBufferListsComplete(Context, Chain, 0);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Chain);
    UNREFERENCED_PARAMETER(Flags);
}

static VOID
Cancel(NDIS_HANDLE Context, PVOID Id)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Id);
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
        .CancelSendHandler = Cancel,
        .DevicePnPEventNotifyHandler = Event,
        .ShutdownHandlerEx = Shutdown,
        .CancelOidRequestHandler = Cancel,
    };

    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
