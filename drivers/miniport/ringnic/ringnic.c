/* SPDX-License-Identifier: MIT */
/* ringnic: registration, resources, initialization, pause and restart, removal, halt. */
#include "ringnic.h"

static NDIS_HANDLE DriverHandle;

DRIVER_INITIALIZE DriverEntry;

BOOLEAN
AllocateShared(ADAPTER *Adapter, SHARED *Shared, ULONG Length)
{
    Shared->Length = Length;
    NdisMAllocateSharedMemory(Adapter->Handle, Length, TRUE, &Shared->Memory, &Shared->Physical);
    return Shared->Memory != NULL;
}

VOID
FreeShared(ADAPTER *Adapter, SHARED *Shared)
{
    if (Shared->Memory != NULL)
        NdisMFreeSharedMemory(
            Adapter->Handle, Shared->Length, TRUE, Shared->Memory, Shared->Physical);
}

/* Under the lock. */
VOID
LinkState(ADAPTER *Adapter, NDIS_LINK_STATE *State)
{
    NdisZeroMemory(State, sizeof(*State));
    State->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    State->Header.Revision = NDIS_LINK_STATE_REVISION_1;
    State->Header.Size = NDIS_SIZEOF_LINK_STATE_REVISION_1;
    State->MediaConnectState =
        Adapter->LinkUp ? MediaConnectStateConnected : MediaConnectStateDisconnected;
    State->MediaDuplexState = Adapter->LinkUp ? MediaDuplexStateFull : MediaDuplexStateUnknown;
    State->XmitLinkSpeed = State->RcvLinkSpeed = Adapter->LinkUp ? 1000000000 : ~(ULONG64)0;
    State->PauseFunctions = NdisPauseFunctionsUnsupported;
}

static NDIS_STATUS
SetRegistration(ADAPTER *Adapter)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE |
                          NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER |
                          NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK |
                          NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND,
        .InterfaceType = NdisInterfacePci,
    };

    return NdisMSetMiniportAttributes(
        Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Attributes);
}

static NDIS_STATUS
SetGeneral(ADAPTER *Adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .PhysicalMediumType = NdisPhysicalMedium802_3,
        .MtuSize = Adapter->Mtu,
        .MaxXmitLinkSpeed = 1000000000,
        .MaxRcvLinkSpeed = 1000000000,
        .LookaheadSize = Adapter->Mtu + HEADER_SIZE,
        .MacOptions = NDIS_MAC_OPTION_COPY_LOOKAHEAD_DATA | NDIS_MAC_OPTION_TRANSFERS_NOT_PEND |
                      NDIS_MAC_OPTION_NO_LOOPBACK,
        .SupportedPacketFilters = NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_MULTICAST |
                                  NDIS_PACKET_TYPE_ALL_MULTICAST | NDIS_PACKET_TYPE_BROADCAST |
                                  NDIS_PACKET_TYPE_PROMISCUOUS,
        .MaxMulticastListSize = MULTICAST_MAX,
        .MacAddressLength = ADDRESS_SIZE,
        .AccessType = NET_IF_ACCESS_BROADCAST,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .IfType = IF_TYPE_ETHERNET_CSMACD,
        .IfConnectorPresent = TRUE,
        .SupportedStatistics =
            NDIS_STATISTICS_FLAGS_VALID_BYTES_RCV | NDIS_STATISTICS_FLAGS_VALID_BYTES_XMIT |
            NDIS_STATISTICS_FLAGS_VALID_RCV_DISCARDS | NDIS_STATISTICS_FLAGS_VALID_XMIT_ERROR,
        .SupportedPauseFunctions = NdisPauseFunctionsUnsupported,
        .SupportedOidList = (PNDIS_OID)SupportedOids,
        .SupportedOidListLength = SupportedOidsSize,
    };
    NDIS_LINK_STATE Link;

    NdisMoveMemory(Attributes.PermanentMacAddress, Adapter->Address, ADDRESS_SIZE);
    NdisMoveMemory(Attributes.CurrentMacAddress, Adapter->Address, ADDRESS_SIZE);
    NdisAcquireSpinLock(&Adapter->Lock);
    LinkState(Adapter, &Link);
    NdisReleaseSpinLock(&Adapter->Lock);
    Attributes.MediaConnectState = Link.MediaConnectState;
    Attributes.MediaDuplexState = Link.MediaDuplexState;
    Attributes.XmitLinkSpeed = Link.XmitLinkSpeed;
    Attributes.RcvLinkSpeed = Link.RcvLinkSpeed;
    return NdisMSetMiniportAttributes(
        Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Attributes);
}

/* The first memory resource is the registers. */
static NDIS_STATUS
MapRegisters(ADAPTER *Adapter, const NDIS_RESOURCE_LIST *Resources)
{
    NDIS_STATUS Status;
    ULONG i;

    for (i = 0; Resources != NULL && i < Resources->Count; i++) {
        const CM_PARTIAL_RESOURCE_DESCRIPTOR *Resource = &Resources->PartialDescriptors[i];

        if (Resource->Type != CmResourceTypeMemory)
            continue;
        Adapter->RegisterAddress = Resource->u.Memory.Start;
        Adapter->RegisterLength = Resource->u.Memory.Length;
        Status = NdisMMapIoSpace((PVOID *)&Adapter->Registers, Adapter->Handle,
            Adapter->RegisterAddress, Adapter->RegisterLength);
        if (Status != NDIS_STATUS_SUCCESS)
            return Status;
        return ReadRegister(Adapter, REG_ID) == NIC_ID ? NDIS_STATUS_SUCCESS
                                                       : NDIS_STATUS_ADAPTER_NOT_FOUND;
    }
    NdisWriteErrorLogEntry(Adapter->Handle, NDIS_ERROR_CODE_RESOURCE_CONFLICT, 0);
    return NDIS_STATUS_RESOURCE_CONFLICT;
}

static VOID
ReadAddress(ADAPTER *Adapter)
{
    ULONG Low = ReadRegister(Adapter, REG_MAC_LOW), High = ReadRegister(Adapter, REG_MAC_HIGH);

    NdisMoveMemory(Adapter->Address, &Low, 4);
    NdisMoveMemory(Adapter->Address + 4, &High, 2);
    Adapter->Mtu = ReadRegister(Adapter, REG_MTU);
    Adapter->LinkUp = (ReadRegister(Adapter, REG_STATUS) & 1) != 0;
}

static NDIS_STATUS
RegisterDma(ADAPTER *Adapter)
{
    NDIS_SG_DMA_DESCRIPTION Description = {
        .Header = {NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION, NDIS_SG_DMA_DESCRIPTION_REVISION_1,
            NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1},
        .Flags = NDIS_SG_DMA_64_BIT_ADDRESS,
        .MaximumPhysicalMapping = 65536,
        .ProcessSGListHandler = RingnicProcessList,
    };

    return NdisMRegisterScatterGatherDma(Adapter->Handle, &Description, &Adapter->DmaHandle);
}

/* Nothing comes from the device any more once it is reset and its interrupt given back. */
static VOID
FreeAdapter(ADAPTER *Adapter)
{
    if (Adapter->Registers != NULL)
        WriteRegister(Adapter, REG_CONTROL, CONTROL_RESET);
    InterruptFree(Adapter);
    ReceiveFree(Adapter);
    SendFree(Adapter);
    if (Adapter->DmaHandle != NULL)
        NdisMDeregisterScatterGatherDma(Adapter->DmaHandle);
    if (Adapter->Registers != NULL)
        NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers, Adapter->RegisterLength);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
StartDevice(ADAPTER *Adapter)
{
    NDIS_STATUS Status;

    WriteRegister(Adapter, REG_CONTROL, CONTROL_RESET);
    ReadAddress(Adapter);
    Status = RegisterDma(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = SendInitialize(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = ReceiveInitialize(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = SetGeneral(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = InterruptInitialize(Adapter);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    WriteRegister(Adapter, REG_CONTROL, CONTROL_SEND);
    WriteRegister(Adapter, REG_MASK, CAUSE_ALL);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
RingnicInitialize(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_INIT_PARAMETERS MiniportInitParameters)
{
    ADAPTER *Adapter;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(MiniportDriverContext);
    Adapter = NdisAllocateMemoryWithTagPriority(
        NdisMiniportHandle, sizeof(*Adapter), TAG, NormalPoolPriority);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = NdisMiniportHandle;
    NdisAllocateSpinLock(&Adapter->Lock);
    Status = SetRegistration(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = MapRegisters(Adapter, MiniportInitParameters->AllocatedResources);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = StartDevice(Adapter);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
RingnicHalt(NDIS_HANDLE MiniportAdapterContext, NDIS_HALT_ACTION HaltAction)
{
    UNREFERENCED_PARAMETER(HaltAction);
    FreeAdapter(MiniportAdapterContext);
}

BOOLEAN
AdapterPaused(ADAPTER *Adapter)
{
    if (Adapter->State != StatePausing || Adapter->Outstanding != 0 || !Adapter->PausePending)
        return FALSE;
    Adapter->PausePending = FALSE;
    Adapter->State = StatePaused;
    return TRUE;
}

/* What is queued goes back unsent; what the device and NDIS still have is waited for, without
 * blocking. A device that is gone gives nothing back. */
static NDIS_STATUS
RingnicPause(NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_PAUSE_PARAMETERS PauseParameters)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    NDIS_STATUS Status = NDIS_STATUS_PENDING;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(PauseParameters);
    WriteRegister(Adapter, REG_CONTROL, CONTROL_SEND);
    NDIS_RAISE_IRQL_TO_DISPATCH(&Irql);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->State = StatePausing;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    SendDone(Adapter, ReadRegister(Adapter, REG_ID) == NIC_GONE);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    if (Adapter->Outstanding == 0) {
        Adapter->State = StatePaused;
        Status = NDIS_STATUS_SUCCESS;
    } else {
        Adapter->PausePending = TRUE;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NDIS_LOWER_IRQL(Irql, DISPATCH_LEVEL);
    return Status;
}

static NDIS_STATUS
RingnicRestart(
    NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_RESTART_PARAMETERS RestartParameters)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(RestartParameters);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->State = StateRunning;
    NdisReleaseSpinLock(&Adapter->Lock);
    WriteRegister(Adapter, REG_CONTROL, CONTROL_SEND | CONTROL_RECEIVE);
    return NDIS_STATUS_SUCCESS;
}

static VOID
RingnicShutdown(NDIS_HANDLE MiniportAdapterContext, NDIS_SHUTDOWN_ACTION ShutdownAction)
{
    UNREFERENCED_PARAMETER(ShutdownAction);
    WriteRegister(MiniportAdapterContext, REG_CONTROL, CONTROL_RESET);
}

/* What the device had to send will not be sent. */
static VOID
RingnicPnPEvent(NDIS_HANDLE MiniportAdapterContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    KIRQL Irql;

    if (NetDevicePnPEvent->DevicePnPEvent != NdisDevicePnPEventSurpriseRemoved)
        return;
    NDIS_RAISE_IRQL_TO_DISPATCH(&Irql);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->Gone = TRUE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    SendDone(Adapter, TRUE);
    NDIS_LOWER_IRQL(Irql, DISPATCH_LEVEL);
}

static VOID
RingnicUnload(PDRIVER_OBJECT DriverObject)
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
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
        .MajorDriverVersion = 1,
        .InitializeHandlerEx = RingnicInitialize,
        .HaltHandlerEx = RingnicHalt,
        .UnloadHandler = RingnicUnload,
        .PauseHandler = RingnicPause,
        .RestartHandler = RingnicRestart,
        .OidRequestHandler = RingnicOidRequest,
        .SendNetBufferListsHandler = RingnicSend,
        .ReturnNetBufferListsHandler = RingnicReturn,
        .CancelSendHandler = RingnicCancelSend,
        .DevicePnPEventNotifyHandler = RingnicPnPEvent,
        .ShutdownHandlerEx = RingnicShutdown,
        .CancelOidRequestHandler = RingnicCancelOidRequest,
    };

    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
