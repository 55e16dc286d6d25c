/* SPDX-License-Identifier: MIT */
/* What clients and the call manager have in common as protocols. */
#include "co_inner.h"

#include "check.h"

static VOID
open_complete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    struct co_protocol *protocol = ProtocolBindingContext;

    protocol->open_status = Status;
    KeSetEvent(&protocol->opened, IO_NO_INCREMENT, FALSE);
}

static VOID
close_complete(NDIS_HANDLE ProtocolBindingContext)
{
    KeSetEvent(&((struct co_protocol *)ProtocolBindingContext)->closed, IO_NO_INCREMENT, FALSE);
}

static VOID
close_adapter(struct co_protocol *protocol)
{
    if (NdisCloseAdapterEx(protocol->binding) == NDIS_STATUS_PENDING)
        KeWaitForSingleObject(&protocol->closed, Executive, KernelMode, FALSE, NULL);
    protocol->binding = NULL;
    pools_destroy(&protocol->pools);
}

static NDIS_STATUS
bind(NDIS_HANDLE ProtocolDriverContext, NDIS_HANDLE BindContext,
    PNDIS_BIND_PARAMETERS BindParameters)
{
    struct co_protocol *protocol = ProtocolDriverContext;
    NDIS_MEDIUM media[] = {NdisMediumAtm};
    UINT selected = 0;
    NDIS_OPEN_PARAMETERS open = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = BindParameters->AdapterName,
        .MediumArray = media,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &selected,
    };
    NDIS_STATUS status = pools_create(&protocol->pools, protocol->driver);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = NdisOpenAdapterEx(protocol->driver, protocol, &open, BindContext, &protocol->binding);
    if (status == NDIS_STATUS_PENDING) {
        KeWaitForSingleObject(&protocol->opened, Executive, KernelMode, FALSE, NULL);
        status = protocol->open_status;
    }
    if (status != NDIS_STATUS_SUCCESS) {
        pools_destroy(&protocol->pools);
        return status;
    }
    status = protocol->bound ? protocol->bound(protocol) : NDIS_STATUS_SUCCESS;
    if (status != NDIS_STATUS_SUCCESS)
        close_adapter(protocol);
    return status;
}

static NDIS_STATUS
unbind(NDIS_HANDLE UnbindContext, NDIS_HANDLE ProtocolBindingContext)
{
    struct co_protocol *protocol = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    protocol->unbinding(protocol);
    close_adapter(protocol);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
event(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    struct co_protocol *protocol = ProtocolBindingContext;

    if (NetPnPEventNotification->NetPnPEvent.NetEvent == NetEventRestart)
        WRITE(protocol->running, TRUE);
    if (NetPnPEventNotification->NetPnPEvent.NetEvent != NetEventPause)
        return NDIS_STATUS_SUCCESS;
    WRITE(protocol->running, FALSE);
    if (protocol->pausing)
        protocol->pausing(protocol);
    while (READ(protocol->out))
        peer_sleep(20);
    return NDIS_STATUS_SUCCESS;
}

static VOID
oid_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(OidRequest);
    UNREFERENCED_PARAMETER(Status);
}

/* Nothing comes without a VC. */
static VOID
receive(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetBufferLists);
    UNREFERENCED_PARAMETER(PortNumber);
    UNREFERENCED_PARAMETER(NumberOfNetBufferLists);
    UNREFERENCED_PARAMETER(ReceiveFlags);
    CHECK(!"a receive without a VC");
}

static VOID
send_complete(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetBufferLists);
    UNREFERENCED_PARAMETER(SendCompleteFlags);
    CHECK(!"a completion without a VC");
}

NTSTATUS
protocol_register(struct co_protocol *protocol, PVOID options)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_PROTOCOL_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_PROTOCOL_MINOR_VERSION,
        .Name = NDIS_STRING_CONST("COPEER"),
        .SetOptionsHandler = options,
        .BindAdapterHandlerEx = bind,
        .UnbindAdapterHandlerEx = unbind,
        .OpenAdapterCompleteHandlerEx = open_complete,
        .CloseAdapterCompleteHandlerEx = close_complete,
        .NetPnPEventHandler = event,
        .OidRequestCompleteHandler = oid_complete,
        .ReceiveNetBufferListsHandler = receive,
        .SendNetBufferListsCompleteHandler = send_complete,
    };

    KeInitializeEvent(&protocol->opened, SynchronizationEvent, FALSE);
    KeInitializeEvent(&protocol->closed, SynchronizationEvent, FALSE);
    return NdisRegisterProtocolDriver(protocol, &characteristics, &protocol->driver);
}
