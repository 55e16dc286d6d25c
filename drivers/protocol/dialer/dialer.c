/* SPDX-License-Identifier: MIT */
/* dialer: registration, settings, bind, pause and unbind. See dialer.h. */
#include "dialer.h"

NDIS_HANDLE ProtocolHandle;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD DialerUnload;
static SET_OPTIONS DialerSetOptions;
static PROTOCOL_BIND_ADAPTER_EX DialerBind;
static PROTOCOL_UNBIND_ADAPTER_EX DialerUnbind;
static PROTOCOL_OPEN_ADAPTER_COMPLETE_EX DialerOpenComplete;
static PROTOCOL_CLOSE_ADAPTER_COMPLETE_EX DialerCloseComplete;
static PROTOCOL_NET_PNP_EVENT DialerNetPnPEvent;
static PROTOCOL_OID_REQUEST_COMPLETE DialerOidComplete;
static PROTOCOL_RECEIVE_NET_BUFFER_LISTS DialerReceiveWithoutVc;
static PROTOCOL_SEND_NET_BUFFER_LISTS_COMPLETE DialerSendCompleteWithoutVc;
static PROTOCOL_STATUS_EX DialerStatus;
static PROTOCOL_CO_STATUS_EX DialerCoStatus;

/* The binding's section first, the driver's parameters behind it. */
typedef struct _SETTINGS {
    HANDLE Section; /* NULL: the binding has none */
    NDIS_HANDLE Parameters;
    UCHAR Value[512];
} SETTINGS;

static PKEY_VALUE_PARTIAL_INFORMATION
FromSection(SETTINGS *Settings, PUNICODE_STRING Keyword)
{
    PKEY_VALUE_PARTIAL_INFORMATION Value = (PKEY_VALUE_PARTIAL_INFORMATION)Settings->Value;
    ULONG Size;

    if (Settings->Section == NULL ||
        !NT_SUCCESS(ZwQueryValueKey(Settings->Section, Keyword, KeyValuePartialInformation, Value,
            sizeof(Settings->Value), &Size)))
        return NULL;
    return Value;
}

static BOOLEAN
ReadString(SETTINGS *Settings, PCWSTR Keyword, PUNICODE_STRING String)
{
    PKEY_VALUE_PARTIAL_INFORMATION Value;
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_STATUS Status;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Keyword);
    Value = FromSection(Settings, &Name);
    if (Value != NULL && Value->Type == REG_SZ && Value->DataLength >= sizeof(WCHAR)) {
        String->Buffer = (PWCH)Value->Data;
        String->Length = String->MaximumLength = (USHORT)Value->DataLength;
        if (String->Buffer[String->Length / sizeof(WCHAR) - 1] == 0)
            String->Length -= sizeof(WCHAR);
        return TRUE;
    }
    NdisReadConfiguration(&Status, &Parameter, Settings->Parameters, &Name, NdisParameterString);
    if (Status == NDIS_STATUS_SUCCESS)
        *String = Parameter->ParameterData.StringData;
    return Status == NDIS_STATUS_SUCCESS;
}

static ULONG
ReadNumber(SETTINGS *Settings, PCWSTR Keyword)
{
    PKEY_VALUE_PARTIAL_INFORMATION Value;
    UNICODE_STRING Name, Text;
    ULONG Number = 0;

    RtlInitUnicodeString(&Name, Keyword);
    Value = FromSection(Settings, &Name);
    if (Value != NULL && Value->Type == REG_DWORD && Value->DataLength == sizeof(Number))
        NdisMoveMemory(&Number, Value->Data, sizeof(Number));
    else if (ReadString(Settings, Keyword, &Text))
        RtlUnicodeStringToInteger(&Text, 0, &Number);
    return Number;
}

static NDIS_STATUS
FindPort(BINDING *Binding, PUNICODE_STRING Name)
{
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoGetDeviceObjectPointer(Name, FILE_READ_DATA, &Binding->PortFile, &Device);

    if (NT_SUCCESS(Status)) {
        Status = UndisPortQueryInterface(Device, &Binding->Port);
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Binding->PortFile);
    }
    if (!NT_SUCCESS(Status)) {
        DbgPrint("dialer: %wZ is no port (status %08x)\n", Name, Status);
        return NDIS_STATUS_OPEN_FAILED;
    }
    Binding->HasPort = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
ReadSettings(BINDING *Binding, PNDIS_STRING Section)
{
    NDIS_CONFIGURATION_OBJECT Object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = ProtocolHandle,
    };
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Port;
    SETTINGS Settings;
    NDIS_STATUS Status = NdisOpenConfigurationEx(&Object, &Settings.Parameters);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    InitializeObjectAttributes(
        &Attributes, Section, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (Section == NULL || !NT_SUCCESS(ZwOpenKey(&Settings.Section, KEY_READ, &Attributes)))
        Settings.Section = NULL;
    Binding->Listen = ReadNumber(&Settings, L"Listen");
    Binding->Dial = ReadNumber(&Settings, L"Dial");
    if (ReadString(&Settings, L"Port", &Port))
        Status = FindPort(Binding, &Port);
    if (Settings.Section != NULL)
        ZwClose(Settings.Section);
    NdisCloseConfiguration(Settings.Parameters);
    return Status;
}

static NDIS_STATUS
Wait(BINDING *Binding, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Binding->Done, 0);
    return Binding->DoneStatus;
}

static VOID
DialerOpenComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    ((BINDING *)ProtocolBindingContext)->DoneStatus = Status;
    NdisSetEvent(&((BINDING *)ProtocolBindingContext)->Done);
}

static VOID
DialerCloseComplete(NDIS_HANDLE ProtocolBindingContext)
{
    DialerOpenComplete(ProtocolBindingContext, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS
OpenAdapter(BINDING *Binding, NDIS_HANDLE BindContext, PNDIS_BIND_PARAMETERS BindParameters)
{
    NDIS_MEDIUM Media[] = {NdisMediumCoWan};
    UINT Selected;
    NDIS_OPEN_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = BindParameters->AdapterName,
        .MediumArray = Media,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &Selected,
    };
    NDIS_STATUS Status;

    NdisResetEvent(&Binding->Done);
    Status = Wait(Binding,
        NdisOpenAdapterEx(ProtocolHandle, Binding, &Parameters, BindContext, &Binding->Handle));
    if (Status != NDIS_STATUS_SUCCESS)
        Binding->Handle = NULL;
    return Status;
}

static VOID
Close(BINDING *Binding)
{
    CallLeave(Binding);
    DataClose(Binding);
    if (Binding->Handle != NULL) {
        NdisResetEvent(&Binding->Done);
        Wait(Binding, NdisCloseAdapterEx(Binding->Handle));
    }
    if (Binding->Pool != NULL)
        NdisFreeNetBufferListPool(Binding->Pool);
    NdisFreeSpinLock(&Binding->TransmitLock);
    NdisFreeSpinLock(&Binding->Lock);
    NdisFreeMemory(Binding, 0, 0);
}

static NDIS_STATUS
DialerBind(NDIS_HANDLE ProtocolDriverContext, NDIS_HANDLE BindContext,
    PNDIS_BIND_PARAMETERS BindParameters)
{
    BINDING *Binding = NdisAllocateMemoryWithTagPriority(
        ProtocolHandle, sizeof(*Binding), TAG, NormalPoolPriority);
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(ProtocolDriverContext);
    if (Binding == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Binding, sizeof(*Binding));
    NdisInitializeEvent(&Binding->Done);
    NdisAllocateSpinLock(&Binding->Lock);
    NdisAllocateSpinLock(&Binding->TransmitLock);
    CallInitialize(Binding);
    Binding->Pool = TaggedPool(ProtocolHandle, TAG);
    Status = Binding->Pool != NULL ? ReadSettings(Binding, BindParameters->ProtocolSection)
                                   : NDIS_STATUS_RESOURCES;
    if (Status == NDIS_STATUS_SUCCESS)
        Status = OpenAdapter(Binding, BindContext, BindParameters);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = DataOpen(Binding);
    if (Status != NDIS_STATUS_SUCCESS)
        Close(Binding);
    return Status;
}

static NDIS_STATUS
DialerUnbind(NDIS_HANDLE UnbindContext, NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(UnbindContext);
    Close(ProtocolBindingContext);
    return NDIS_STATUS_SUCCESS;
}

/* A pause leaves the call as it is and waits for what is out. */
static NDIS_STATUS
DialerNetPnPEvent(
    NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    BINDING *Binding = ProtocolBindingContext;
    NET_PNP_EVENT_CODE Event = NetPnPEventNotification->NetPnPEvent.NetEvent;
    BOOLEAN Drain;

    if (Binding == NULL || (Event != NetEventPause && Event != NetEventRestart))
        return NDIS_STATUS_SUCCESS;
    NdisResetEvent(&Binding->Drained);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Running = Event == NetEventRestart;
    DataUpdateHold(Binding);
    Drain = !Binding->Running && Binding->Out != 0;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Drain)
        NdisWaitEvent(&Binding->Drained, 0);
    if (Event == NetEventRestart)
        CallStep(Binding);
    return NDIS_STATUS_SUCCESS;
}

/* Nothing comes or goes without a VC, and no ordinary request is made. */
static VOID
DialerReceiveWithoutVc(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    UNREFERENCED_PARAMETER(PortNumber);
    UNREFERENCED_PARAMETER(NumberOfNetBufferLists);
    if (NDIS_TEST_RECEIVE_CAN_PEND(ReceiveFlags))
        NdisReturnNetBufferLists(((BINDING *)ProtocolBindingContext)->Handle, NetBufferLists, 0);
}

static VOID
DialerSendCompleteWithoutVc(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetBufferList);
    UNREFERENCED_PARAMETER(SendCompleteFlags);
}

static VOID
DialerOidComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(OidRequest);
    UNREFERENCED_PARAMETER(Status);
}

/* What it does does not depend on any. */
static VOID
DialerStatus(NDIS_HANDLE ProtocolBindingContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(StatusIndication);
}

static VOID
DialerCoStatus(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNDIS_STATUS_INDICATION StatusIndication)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(StatusIndication);
}

static VOID
DialerUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocolDriver(ProtocolHandle);
}

static NDIS_STATUS
DialerSetOptions(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_PROTOCOL_CO_CHARACTERISTICS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_PROTOCOL_CHARACTERISTICS,
            NDIS_PROTOCOL_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PROTOCOL_CO_CHARACTERISTICS_REVISION_1},
        .CoStatusHandlerEx = DialerCoStatus,
        .CoAfRegisterNotifyHandler = DialerAfNotify,
        .CoReceiveNetBufferListsHandler = DialerReceive,
        .CoSendNetBufferListsCompleteHandler = DialerSendComplete,
    };
    NDIS_STATUS Status =
        NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);

    UNREFERENCED_PARAMETER(DriverContext);
    return Status == NDIS_STATUS_SUCCESS ? CallSetOptions(NdisDriverHandle) : Status;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_PROTOCOL_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_PROTOCOL_MINOR_VERSION,
        .MajorDriverVersion = 1,
        .Name = NDIS_STRING_CONST("dialer"),
        .SetOptionsHandler = DialerSetOptions,
        .BindAdapterHandlerEx = DialerBind,
        .UnbindAdapterHandlerEx = DialerUnbind,
        .OpenAdapterCompleteHandlerEx = DialerOpenComplete,
        .CloseAdapterCompleteHandlerEx = DialerCloseComplete,
        .NetPnPEventHandler = DialerNetPnPEvent,
        .OidRequestCompleteHandler = DialerOidComplete,
        .StatusHandlerEx = DialerStatus,
        .ReceiveNetBufferListsHandler = DialerReceiveWithoutVc,
        .SendNetBufferListsCompleteHandler = DialerSendCompleteWithoutVc,
    };

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = DialerUnload;
    return NdisRegisterProtocolDriver(NULL, &Characteristics, &ProtocolHandle);
}
