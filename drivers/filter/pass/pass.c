/* SPDX-License-Identifier: MIT */
/* pass: registration, attaching, pause and restart, and what is handed on as it is. */
#include "pass.h"

#define UNIQUE_NAME L"{3C2A5B60-7F1D-4E2B-9A51-0D4C6B1E5A01}"

NDIS_HANDLE FilterDriverHandle;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD PassUnload;
static FILTER_ATTACH PassAttach;
static FILTER_DETACH PassDetach;
static FILTER_PAUSE PassPause;
static FILTER_RESTART PassRestart;
static FILTER_STATUS PassStatus;
static FILTER_DEVICE_PNP_EVENT_NOTIFY PassDevicePnPEvent;
static FILTER_NET_PNP_EVENT PassNetPnPEvent;
static FILTER_SET_MODULE_OPTIONS PassSetModuleOptions;

static VOID
ReadMode(FILTER *Filter)
{
    NDIS_CONFIGURATION_OBJECT Object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = Filter->Handle,
    };
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_STRING Keyword = NDIS_STRING_CONST("Mode");
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status;

    if (NdisOpenConfigurationEx(&Object, &Configuration) != NDIS_STATUS_SUCCESS)
        return;
    NdisReadConfiguration(&Status, &Parameter, Configuration, &Keyword, NdisParameterInteger);
    if (Status == NDIS_STATUS_SUCCESS)
        Filter->Mode =
            Parameter->ParameterData.IntegerData & (MODE_SEND_BYPASS | MODE_RECEIVE_BYPASS);
    NdisCloseConfiguration(Configuration);
}

static NDIS_STATUS
PassAttach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext,
    PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters)
{
    NDIS_FILTER_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1},
    };
    FILTER *Filter;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(FilterDriverContext);
    if (AttachParameters->MiniportMediaType != NdisMedium802_3 &&
        AttachParameters->MiniportMediaType != NdisMediumIP)
        return NDIS_STATUS_INVALID_PARAMETER;
    Filter = NdisAllocateMemoryWithTagPriority(
        NdisFilterHandle, sizeof(*Filter), TAG, NormalPoolPriority);
    if (Filter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Filter, sizeof(*Filter));
    Filter->Handle = NdisFilterHandle;
    NdisAllocateSpinLock(&Filter->Lock);
    ReadMode(Filter);
    Status = NdisFSetAttributes(NdisFilterHandle, Filter, &Attributes);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisFreeSpinLock(&Filter->Lock);
        NdisFreeMemory(Filter, 0, 0);
    }
    return Status;
}

static VOID
PassDetach(NDIS_HANDLE FilterModuleContext)
{
    FILTER *Filter = FilterModuleContext;

    NdisFreeSpinLock(&Filter->Lock);
    NdisFreeMemory(Filter, 0, 0);
}

/* Said before every restart: which handlers stay out of the path. */
static NDIS_STATUS
PassSetModuleOptions(NDIS_HANDLE FilterModuleContext)
{
    FILTER *Filter = FilterModuleContext;
    NDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_PARTIAL_CHARACTERISTICS,
            NDIS_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1},
    };

    if (!(Filter->Mode & MODE_SEND_BYPASS)) {
        Handlers.SendNetBufferListsHandler = PassSend;
        Handlers.SendNetBufferListsCompleteHandler = PassSendComplete;
        Handlers.CancelSendNetBufferListsHandler = PassCancelSend;
    }
    if (!(Filter->Mode & MODE_RECEIVE_BYPASS)) {
        Handlers.ReceiveNetBufferListsHandler = PassReceive;
        Handlers.ReturnNetBufferListsHandler = PassReturn;
    }
    return NdisSetOptionalHandlers(Filter->Handle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);
}

static VOID
SetRunning(FILTER *Filter, BOOLEAN Running)
{
    NdisAcquireSpinLock(&Filter->Lock);
    Filter->Running = Running;
    NdisReleaseSpinLock(&Filter->Lock);
}

/* This filter originates nothing, so there is nothing to wait for. */
static NDIS_STATUS
PassPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    UNREFERENCED_PARAMETER(PauseParameters);
    SetRunning(FilterModuleContext, FALSE);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
PassRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    UNREFERENCED_PARAMETER(RestartParameters);
    SetRunning(FilterModuleContext, TRUE);
    return NDIS_STATUS_SUCCESS;
}

static VOID
PassStatus(NDIS_HANDLE FilterModuleContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    NdisFIndicateStatus(((FILTER *)FilterModuleContext)->Handle, StatusIndication);
}

static VOID
PassDevicePnPEvent(NDIS_HANDLE FilterModuleContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    NdisFDevicePnPEventNotify(((FILTER *)FilterModuleContext)->Handle, NetDevicePnPEvent);
}

static NDIS_STATUS
PassNetPnPEvent(
    NDIS_HANDLE FilterModuleContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    return NdisFNetPnPEvent(((FILTER *)FilterModuleContext)->Handle, NetPnPEventNotification);
}

static VOID
PassUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisFDeregisterFilterDriver(FilterDriverHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_FILTER_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_FILTER_MINOR_VERSION,
        .MajorDriverVersion = 1,
        .FriendlyName = NDIS_STRING_CONST("undis pass-through filter"),
        .UniqueName = RTL_CONSTANT_STRING(UNIQUE_NAME),
        .ServiceName = NDIS_STRING_CONST("pass"),
        .SetFilterModuleOptionsHandler = PassSetModuleOptions,
        .AttachHandler = PassAttach,
        .DetachHandler = PassDetach,
        .RestartHandler = PassRestart,
        .PauseHandler = PassPause,
        .SendNetBufferListsHandler = PassSend,
        .SendNetBufferListsCompleteHandler = PassSendComplete,
        .CancelSendNetBufferListsHandler = PassCancelSend,
        .ReceiveNetBufferListsHandler = PassReceive,
        .ReturnNetBufferListsHandler = PassReturn,
        .OidRequestHandler = PassOidRequest,
        .OidRequestCompleteHandler = PassOidRequestComplete,
        .CancelOidRequestHandler = PassCancelOidRequest,
        .DevicePnPEventNotifyHandler = PassDevicePnPEvent,
        .NetPnPEventHandler = PassNetPnPEvent,
        .StatusHandler = PassStatus,
    };

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = PassUnload;
    return NdisFRegisterFilterDriver(DriverObject, NULL, &Characteristics, &FilterDriverHandle);
}
