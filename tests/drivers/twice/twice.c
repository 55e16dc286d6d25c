/* SPDX-License-Identifier: MIT */
/* twice: a filter that counts what is sent in a global, and answers OID_TWICE_SENT with it. Two
 * machines that load it must each have a global of their own.
 */
#define NDIS630 1

#include <ndis.h>

#define OID_TWICE_SENT 0xFF554E02
#define UNIQUE_NAME    L"{2B7C0D11-52A4-4F0B-9C1E-7C1C5A0E0002}"

static ULONG Sent;
static NDIS_HANDLE FilterDriverHandle;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD TwiceUnload;
static FILTER_ATTACH TwiceAttach;
static FILTER_DETACH TwiceDetach;
static FILTER_PAUSE TwicePause;
static FILTER_RESTART TwiceRestart;
static FILTER_SEND_NET_BUFFER_LISTS TwiceSend;
static FILTER_SEND_NET_BUFFER_LISTS_COMPLETE TwiceSendComplete;
static FILTER_OID_REQUEST TwiceOidRequest;
static FILTER_OID_REQUEST_COMPLETE TwiceOidRequestComplete;

static NDIS_STATUS
TwiceAttach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext,
    PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters)
{
    NDIS_FILTER_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1},
    };

    UNREFERENCED_PARAMETER(FilterDriverContext);
    UNREFERENCED_PARAMETER(AttachParameters);
    return NdisFSetAttributes(NdisFilterHandle, NdisFilterHandle, &Attributes);
}

static VOID
TwiceDetach(NDIS_HANDLE FilterModuleContext)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
}

static NDIS_STATUS
TwicePause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
    UNREFERENCED_PARAMETER(PauseParameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
TwiceRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    UNREFERENCED_PARAMETER(FilterModuleContext);
    UNREFERENCED_PARAMETER(RestartParameters);
    return NDIS_STATUS_SUCCESS;
}

static VOID
TwiceSend(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    PNET_BUFFER_LIST Nbl;
    LONG Count = 0;

    for (Nbl = NetBufferList; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl))
        Count++;
    InterlockedExchangeAdd((LONG volatile *)&Sent, Count); /* stop here */
    NdisFSendNetBufferLists(FilterModuleContext, NetBufferList, PortNumber, SendFlags);
}

static VOID
TwiceSendComplete(
    NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    NdisFSendNetBufferListsComplete(FilterModuleContext, NetBufferList, SendCompleteFlags);
}

static NDIS_STATUS
PassOn(NDIS_HANDLE Filter, PNDIS_OID_REQUEST Request)
{
    PNDIS_OID_REQUEST Clone;
    NDIS_STATUS Status = NdisAllocateCloneOidRequest(Filter, Request, 'eciw', &Clone);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *(PNDIS_OID_REQUEST *)Clone->SourceReserved = Request;
    Status = NdisFOidRequest(Filter, Clone);
    if (Status != NDIS_STATUS_PENDING) {
        Request->DATA.QUERY_INFORMATION.BytesWritten = Clone->DATA.QUERY_INFORMATION.BytesWritten;
        Request->DATA.QUERY_INFORMATION.BytesNeeded = Clone->DATA.QUERY_INFORMATION.BytesNeeded;
        NdisFreeCloneOidRequest(Filter, Clone);
    }
    return Status;
}

static NDIS_STATUS
TwiceOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    if (OidRequest->DATA.QUERY_INFORMATION.Oid != OID_TWICE_SENT)
        return PassOn(FilterModuleContext, OidRequest);
    if (OidRequest->DATA.QUERY_INFORMATION.InformationBufferLength < sizeof(Sent)) {
        OidRequest->DATA.QUERY_INFORMATION.BytesNeeded = sizeof(Sent);
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    }
    *(PULONG)OidRequest->DATA.QUERY_INFORMATION.InformationBuffer = Sent;
    OidRequest->DATA.QUERY_INFORMATION.BytesWritten = sizeof(Sent);
    return NDIS_STATUS_SUCCESS;
}

static VOID
TwiceOidRequestComplete(
    NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    PNDIS_OID_REQUEST Request = *(PNDIS_OID_REQUEST *)OidRequest->SourceReserved;

    Request->DATA.QUERY_INFORMATION.BytesWritten = OidRequest->DATA.QUERY_INFORMATION.BytesWritten;
    Request->DATA.QUERY_INFORMATION.BytesNeeded = OidRequest->DATA.QUERY_INFORMATION.BytesNeeded;
    NdisFreeCloneOidRequest(FilterModuleContext, OidRequest);
    NdisFOidRequestComplete(FilterModuleContext, Request, Status);
}

static VOID
TwiceUnload(PDRIVER_OBJECT DriverObject)
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
        .FriendlyName = NDIS_STRING_CONST("undis test filter"),
        .UniqueName = RTL_CONSTANT_STRING(UNIQUE_NAME),
        .ServiceName = NDIS_STRING_CONST("twice"),
        .AttachHandler = TwiceAttach,
        .DetachHandler = TwiceDetach,
        .RestartHandler = TwiceRestart,
        .PauseHandler = TwicePause,
        .SendNetBufferListsHandler = TwiceSend,
        .SendNetBufferListsCompleteHandler = TwiceSendComplete,
        .OidRequestHandler = TwiceOidRequest,
        .OidRequestCompleteHandler = TwiceOidRequestComplete,
    };

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = TwiceUnload;
    return NdisFRegisterFilterDriver(DriverObject, NULL, &Characteristics, &FilterDriverHandle);
}
