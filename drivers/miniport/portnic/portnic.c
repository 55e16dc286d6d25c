/* SPDX-License-Identifier: MIT */
/* portnic: registration, initialization, pause and restart, halt. */
#include "portnic.h"

static NDIS_HANDLE DriverHandle;
static BOOLEAN Verified;

DRIVER_INITIALIZE DriverEntry;
static MINIPORT_INITIALIZE PortnicInitialize;
static MINIPORT_HALT PortnicHalt;
static MINIPORT_UNLOAD PortnicUnload;
static MINIPORT_PAUSE PortnicPause;
static MINIPORT_RESTART PortnicRestart;
static MINIPORT_SHUTDOWN PortnicShutdown;
static MINIPORT_DEVICE_PNP_EVENT_NOTIFY PortnicPnPEvent;
static UNDIS_PORT_READY PortnicReady;
static UNDIS_PORT_LINK PortnicLink;

/* The keyword's number, within its limits; @Default when it is absent. */
static ULONG
ReadNumber(NDIS_HANDLE Configuration, PCWSTR Keyword, ULONG Default, ULONG Min, ULONG Max)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_STRING Name;
    NDIS_STATUS Status;

    NdisInitUnicodeString(&Name, Keyword);
    NdisReadConfiguration(&Status, &Parameter, Configuration, &Name, NdisParameterInteger);
    if (Status != NDIS_STATUS_SUCCESS)
        return Default;
    if (Parameter->ParameterData.IntegerData < Min)
        return Min;
    return Parameter->ParameterData.IntegerData > Max ? Max : Parameter->ParameterData.IntegerData;
}

static NDIS_STATUS
ReadConfiguration(ADAPTER *Adapter)
{
    NDIS_CONFIGURATION_OBJECT Object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = Adapter->Handle,
    };
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status = NdisOpenConfigurationEx(&Object, &Configuration);
    PVOID Address;
    UINT Length;

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    Adapter->BufferCount = ReadNumber(Configuration, L"*ReceiveBuffers", 256, 64, 4096);
    NdisReadNetworkAddress(&Status, &Address, &Length, Configuration);
    if (Status == NDIS_STATUS_SUCCESS && Length == ADDRESS_SIZE && !(*(PUCHAR)Address & 1))
        NdisMoveMemory(Adapter->Address, Address, ADDRESS_SIZE);
    NdisCloseConfiguration(Configuration);
    return NDIS_STATUS_SUCCESS;
}

/* Finds the port below and takes over what it suggests. */
static NDIS_STATUS
FindPort(ADAPTER *Adapter)
{
    static const UCHAR Usual[ADDRESS_SIZE] = {0x02, 0x70, 0x6E, 0x69, 0x63, 0x01};
    UNDIS_PORT_ATTRIBUTES Attributes;
    PDEVICE_OBJECT Pdo;

    NdisMGetDeviceProperty(Adapter->Handle, &Pdo, NULL, NULL, NULL, NULL);
    if (Pdo == NULL || !NT_SUCCESS(UndisPortQueryInterface(Pdo, &Adapter->Port)))
        return NDIS_STATUS_ADAPTER_NOT_FOUND;
    Adapter->Port.QueryAttributes(Adapter->Port.Context, &Attributes);
    if (!Attributes.Ethernet) {
        DbgPrint("portnic: the port carries raw IP; an Ethernet port is needed\n");
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    }
    Adapter->Mtu = Attributes.Mtu;
    Adapter->LinkSpeed = Attributes.LinkSpeed;
    NdisMoveMemory(Adapter->PermanentAddress, Attributes.HasAddress ? Attributes.Address : Usual,
        ADDRESS_SIZE);
    NdisMoveMemory(Adapter->Address, Adapter->PermanentAddress, ADDRESS_SIZE);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
SetRegistration(ADAPTER *Adapter)
{
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM |
                          NDIS_MINIPORT_ATTRIBUTES_SURPRISE_REMOVE_OK |
                          NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND,
        .InterfaceType = NdisInterfaceInternal,
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
        .MaxXmitLinkSpeed = Adapter->LinkSpeed,
        .MaxRcvLinkSpeed = Adapter->LinkSpeed,
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
        .SupportedStatistics = STATISTICS,
        .SupportedPauseFunctions = NdisPauseFunctionsUnsupported,
        .SupportedOidList = (PNDIS_OID)SupportedOids,
        .SupportedOidListLength = SupportedOidsSize,
    };
    NDIS_LINK_STATE Link;

    NdisMoveMemory(Attributes.PermanentMacAddress, Adapter->PermanentAddress, ADDRESS_SIZE);
    NdisMoveMemory(Attributes.CurrentMacAddress, Adapter->Address, ADDRESS_SIZE);
    NdisAcquireSpinLock(&Adapter->Lock);
    OidLinkState(Adapter, &Link);
    Adapter->LinkTold = TRUE;
    NdisReleaseSpinLock(&Adapter->Lock);
    Attributes.MediaConnectState = Link.MediaConnectState;
    Attributes.MediaDuplexState = Link.MediaDuplexState;
    Attributes.XmitLinkSpeed = Link.XmitLinkSpeed;
    Attributes.RcvLinkSpeed = Link.RcvLinkSpeed;
    return NdisMSetMiniportAttributes(
        Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Attributes);
}

/* Opened held: frames wait in the port until the first restart. */
static NDIS_STATUS
OpenPort(ADAPTER *Adapter)
{
    UNDIS_PORT_ATTRIBUTES Attributes;

    Adapter->Port.Hold(Adapter->Port.Context, TRUE);
    if (!NT_SUCCESS(Adapter->Port.Open(
            Adapter->Port.Context, PortnicReceived, PortnicReady, PortnicLink, Adapter)))
        return NDIS_STATUS_OPEN_FAILED;
    Adapter->PortOpen = TRUE;
    Adapter->Port.QueryAttributes(Adapter->Port.Context, &Attributes);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->LinkUp = Attributes.LinkUp;
    NdisReleaseSpinLock(&Adapter->Lock);
    return NDIS_STATUS_SUCCESS;
}

VOID
AdapterHold(ADAPTER *Adapter)
{
    BOOLEAN Held, Told;

    NdisAcquireSpinLock(&Adapter->Lock);
    do {
        Told = Adapter->State != StateRunning || Adapter->Late;
        NdisReleaseSpinLock(&Adapter->Lock);
        Adapter->Port.Hold(Adapter->Port.Context, Told);
        NdisAcquireSpinLock(&Adapter->Lock);
        Held = Adapter->State != StateRunning || Adapter->Late;
    } while (Held != Told);
    NdisReleaseSpinLock(&Adapter->Lock);
}

static VOID
FreeAdapter(ADAPTER *Adapter)
{
    if (Adapter->PortOpen)
        Adapter->Port.Close(Adapter->Port.Context);
    KeFlushQueuedDpcs();
    NdisWaitEvent(&Adapter->LateOver, 0);
    NdisWaitEvent(&Adapter->AnswerOver, 0);
    if (Adapter->LateItem != NULL)
        NdisFreeIoWorkItem(Adapter->LateItem);
    if (Adapter->AnswerItem != NULL)
        NdisFreeIoWorkItem(Adapter->AnswerItem);
    ReceiveFree(Adapter);
    if (Adapter->Port.InterfaceDereference != NULL)
        Adapter->Port.InterfaceDereference(Adapter->Port.Context);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
PortnicInitialize(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_INIT_PARAMETERS MiniportInitParameters)
{
    ADAPTER *Adapter;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(MiniportDriverContext);
    UNREFERENCED_PARAMETER(MiniportInitParameters);
    Adapter = NdisAllocateMemoryWithTagPriority(
        NdisMiniportHandle, sizeof(*Adapter), TAG, NormalPoolPriority);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = NdisMiniportHandle;
    NdisAllocateSpinLock(&Adapter->Lock);
    Adapter->Varies = Verified;
    NdisInitializeEvent(&Adapter->LateOver);
    NdisSetEvent(&Adapter->LateOver);
    NdisInitializeEvent(&Adapter->AnswerOver);
    NdisSetEvent(&Adapter->AnswerOver);
    if (Verified)
        Adapter->AnswerItem = NdisAllocateIoWorkItem(Adapter->Handle);
    SendInitialize(Adapter);

    Status = SetRegistration(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = FindPort(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = ReadConfiguration(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = ReceiveInitialize(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = OpenPort(Adapter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = SetGeneral(Adapter);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
PortnicHalt(NDIS_HANDLE MiniportAdapterContext, NDIS_HALT_ACTION HaltAction)
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

/* What is queued goes back unsent; what NDIS still has is waited for, without blocking. */
static NDIS_STATUS
PortnicPause(NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_PAUSE_PARAMETERS PauseParameters)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    NDIS_STATUS Status = NDIS_STATUS_PENDING;

    UNREFERENCED_PARAMETER(PauseParameters);
    Adapter->Port.Hold(Adapter->Port.Context, TRUE);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->State = StatePausing;
    NdisReleaseSpinLock(&Adapter->Lock);
    AdapterHold(Adapter);
    SendDrain(Adapter);

    NdisAcquireSpinLock(&Adapter->Lock);
    if (Adapter->Outstanding == 0) {
        Adapter->State = StatePaused;
        Status = NDIS_STATUS_SUCCESS;
    } else {
        Adapter->PausePending = TRUE;
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    return Status;
}

static NDIS_STATUS
PortnicRestart(
    NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_RESTART_PARAMETERS RestartParameters)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(RestartParameters);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->State = StateRunning;
    NdisReleaseSpinLock(&Adapter->Lock);
    AdapterHold(Adapter);
    return NDIS_STATUS_SUCCESS;
}

static VOID
PortnicReady(PVOID Context)
{
    SendDrain(Context);
}

static VOID
PortnicLink(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed)
{
    ADAPTER *Adapter = Context;
    NDIS_LINK_STATE Link;
    NDIS_STATUS_INDICATION Indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = Adapter->Handle,
        .StatusCode = NDIS_STATUS_LINK_STATE,
        .StatusBuffer = &Link,
        .StatusBufferSize = sizeof(Link),
    };
    BOOLEAN Changed;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    Changed = Adapter->LinkTold && Adapter->LinkUp != Up;
    Adapter->LinkUp = Up;
    Adapter->LinkSpeed = LinkSpeed;
    OidLinkState(Adapter, &Link);
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Changed)
        NdisMIndicateStatusEx(Adapter->Handle, &Indication);
}

/* Nothing would go on by itself after a power-off. */
static VOID
PortnicShutdown(NDIS_HANDLE MiniportAdapterContext, NDIS_SHUTDOWN_ACTION ShutdownAction)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(ShutdownAction);
}

/* A halt follows a removal; a change of the power profile has no meaning here. */
static VOID
PortnicPnPEvent(NDIS_HANDLE MiniportAdapterContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(NetDevicePnPEvent);
}

static VOID
PortnicUnload(PDRIVER_OBJECT DriverObject)
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
        .InitializeHandlerEx = PortnicInitialize,
        .HaltHandlerEx = PortnicHalt,
        .UnloadHandler = PortnicUnload,
        .PauseHandler = PortnicPause,
        .RestartHandler = PortnicRestart,
        .OidRequestHandler = PortnicOidRequest,
        .SendNetBufferListsHandler = PortnicSend,
        .ReturnNetBufferListsHandler = PortnicReturn,
        .CancelSendHandler = PortnicCancelSend,
        .DevicePnPEventNotifyHandler = PortnicPnPEvent,
        .ShutdownHandlerEx = PortnicShutdown,
        .CancelOidRequestHandler = PortnicCancelOidRequest,
    };

    Verified = MmIsDriverVerifying(DriverObject) != 0;
    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
