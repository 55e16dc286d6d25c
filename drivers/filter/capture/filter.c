/* SPDX-License-Identifier: MIT */
/* capture: registration, modules, and the two handlers that see frames. */
#include "capture.h"

#define UNIQUE_NAME L"{9E0B7D44-2A6C-4D0F-8C35-6B1F20E7C502}"

NDIS_HANDLE FilterDriverHandle;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD CaptureUnload;
static FILTER_ATTACH CaptureAttach;
static FILTER_DETACH CaptureDetach;
static FILTER_PAUSE CapturePause;
static FILTER_RESTART CaptureRestart;
static FILTER_SEND_NET_BUFFER_LISTS CaptureSend;
static FILTER_SEND_NET_BUFFER_LISTS_COMPLETE CaptureSendComplete;
static FILTER_RECEIVE_NET_BUFFER_LISTS CaptureReceive;
static FILTER_RETURN_NET_BUFFER_LISTS CaptureReturn;
static FILTER_STATUS CaptureStatus;

static VOID
ReadLimit(NDIS_HANDLE Handle)
{
    NDIS_CONFIGURATION_OBJECT Object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1},
        .NdisHandle = Handle,
    };
    NDIS_STRING Keyword = NDIS_STRING_CONST("MaximumMemory");
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status;

    if (NdisOpenConfigurationEx(&Object, &Configuration) != NDIS_STATUS_SUCCESS)
        return;
    NdisReadConfiguration(&Status, &Parameter, Configuration, &Keyword, NdisParameterInteger);
    if (Status == NDIS_STATUS_SUCCESS && Parameter->ParameterData.IntegerData >= 1 &&
        Parameter->ParameterData.IntegerData <= 1024)
        StoreLimit(Parameter->ParameterData.IntegerData * 1024u * 1024u);
    NdisCloseConfiguration(Configuration);
}

static NDIS_STATUS
CaptureAttach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext,
    PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters)
{
    NDIS_FILTER_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1},
    };
    MODULE *Module = NdisAllocateMemoryWithTagPriority(
        NdisFilterHandle, sizeof(*Module), TAG, NormalPoolPriority);
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(FilterDriverContext);
    if (Module == NULL)
        return NDIS_STATUS_RESOURCES;
    Module->Handle = NdisFilterHandle;
    ReadLimit(NdisFilterHandle);
    Status = NdisFSetAttributes(NdisFilterHandle, Module, &Attributes);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisFreeMemory(Module, 0, 0);
        return Status;
    }
    Module->Interface = StoreInterface(
        AttachParameters->BaseMiniportInstanceName, AttachParameters->MiniportMediaType);
    return NDIS_STATUS_SUCCESS;
}

static VOID
CaptureDetach(NDIS_HANDLE FilterModuleContext)
{
    NdisFreeMemory(FilterModuleContext, 0, 0);
}

/* A monitor keeps no frame, so it may stop and go at once. */
static NDIS_STATUS
CapturePause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
    UNREFERENCED_PARAMETER(PauseParameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CaptureRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
    UNREFERENCED_PARAMETER(RestartParameters);
    return NDIS_STATUS_SUCCESS;
}

static VOID
StoreChain(MODULE *Module, USHORT Direction, PNET_BUFFER_LIST Nbl)
{
    PNET_BUFFER Nb;

    for (; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl))
        for (Nb = NET_BUFFER_LIST_FIRST_NB(Nbl); Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb))
            StoreFrame(Module->Interface, Direction, Nb);
}

static VOID
CaptureSend(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    MODULE *Module = FilterModuleContext;

    StoreChain(Module, UNDIS_CAPTURE_SENT, NetBufferList);
    NdisFSendNetBufferLists(Module->Handle, NetBufferList, PortNumber, SendFlags);
}

static VOID
CaptureSendComplete(
    NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    NdisFSendNetBufferListsComplete(
        ((MODULE *)FilterModuleContext)->Handle, NetBufferList, SendCompleteFlags);
}

static VOID
CaptureReceive(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    MODULE *Module = FilterModuleContext;

    StoreChain(Module, UNDIS_CAPTURE_RECEIVED, NetBufferLists);
    NdisFIndicateReceiveNetBufferLists(
        Module->Handle, NetBufferLists, PortNumber, NumberOfNetBufferLists, ReceiveFlags);
}

static VOID
CaptureReturn(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    NdisFReturnNetBufferLists(((MODULE *)FilterModuleContext)->Handle, NetBufferLists, ReturnFlags);
}

/* Who has receive handlers hears of statuses too; they go on as they came. */
static VOID
CaptureStatus(NDIS_HANDLE FilterModuleContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    NdisFIndicateStatus(((MODULE *)FilterModuleContext)->Handle, StatusIndication);
}

static VOID
CaptureUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    DeviceDelete();
    NdisFDeregisterFilterDriver(FilterDriverHandle);
    StoreFree();
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
        .FriendlyName = NDIS_STRING_CONST("undis capture"),
        .UniqueName = RTL_CONSTANT_STRING(UNIQUE_NAME),
        .ServiceName = NDIS_STRING_CONST("capture"),
        .AttachHandler = CaptureAttach,
        .DetachHandler = CaptureDetach,
        .RestartHandler = CaptureRestart,
        .PauseHandler = CapturePause,
        .SendNetBufferListsHandler = CaptureSend,
        .SendNetBufferListsCompleteHandler = CaptureSendComplete,
        .ReceiveNetBufferListsHandler = CaptureReceive,
        .ReturnNetBufferListsHandler = CaptureReturn,
        .StatusHandler = CaptureStatus,
    };
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(RegistryPath);
    StoreInitialize();
    DriverObject->DriverUnload = CaptureUnload;
    Status = NdisFRegisterFilterDriver(DriverObject, NULL, &Characteristics, &FilterDriverHandle);
    if (Status != NDIS_STATUS_SUCCESS) {
        StoreFree();
        return Status;
    }
    Status = DeviceCreate(DriverObject);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisFDeregisterFilterDriver(FilterDriverHandle);
        StoreFree();
    }
    return Status;
}
