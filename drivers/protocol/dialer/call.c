/* SPDX-License-Identifier: MIT */
/* The calls of dialer (calls.h), and what they look like in NDIS 6. */
#include "dialer.h"

#include "calls.h"

static VOID
NoticeDone(NDIS_HANDLE Family)
{
    NdisClNotifyCloseAddressFamilyComplete(Family, NDIS_STATUS_SUCCESS);
}

static VOID
DialerOpenAfComplete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisAfHandle, NDIS_STATUS Status)
{
    FamilyOpened(ProtocolAfContext, NdisAfHandle, Status);
}

/* The first family on offer that carries such calls is taken. */
VOID
DialerAfNotify(NDIS_HANDLE ProtocolBindingContext, PCO_ADDRESS_FAMILY AddressFamily)
{
    BINDING *Binding = ProtocolBindingContext;
    NDIS_HANDLE Handle = NULL;
    NDIS_STATUS Status;

    if (Binding->FamilyThere || Binding->Leaving ||
        AddressFamily->AddressFamily != CO_ADDRESS_FAMILY_PPP)
        return;
    Status = NdisClOpenAddressFamilyEx(Binding->Handle, AddressFamily, Binding, &Handle);
    if (Status != NDIS_STATUS_PENDING)
        DialerOpenAfComplete(Binding, Handle, Status);
}

static NDIS_STATUS
DialerNotifyCloseAf(NDIS_HANDLE ClientAfContext)
{
    BeginLeave(ClientAfContext, TRUE);
    return NDIS_STATUS_PENDING;
}

/* Nobody has anything to ask of it, and it asks nobody. */
static NDIS_STATUS
DialerOidRequest(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(OidRequest);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
DialerOidRequestComplete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(OidRequest);
    UNREFERENCED_PARAMETER(Status);
}

NDIS_STATUS
CallSetOptions(NDIS_HANDLE NdisDriverHandle)
{
    NDIS_CO_CLIENT_OPTIONAL_HANDLERS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_CLIENT_OPTIONAL_HANDLERS,
            NDIS_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1,
            NDIS_SIZEOF_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1},
        .ClCreateVcHandler = DialerCreateVc,
        .ClDeleteVcHandler = DialerDeleteVc,
        .ClOidRequestHandler = DialerOidRequest,
        .ClOidRequestCompleteHandler = DialerOidRequestComplete,
        .ClOpenAfCompleteHandlerEx = DialerOpenAfComplete,
        .ClCloseAfCompleteHandler = DialerCloseAfComplete,
        .ClRegisterSapCompleteHandler = DialerRegisterSapComplete,
        .ClDeregisterSapCompleteHandler = DialerDeregisterSapComplete,
        .ClMakeCallCompleteHandler = DialerMakeCallComplete,
        .ClCloseCallCompleteHandler = DialerCloseCallComplete,
        .ClIncomingCallHandler = DialerIncomingCall,
        .ClIncomingCloseCallHandler = DialerIncomingCloseCall,
        .ClCallConnectedHandler = DialerCallConnected,
        .ClNotifyCloseAfHandler = DialerNotifyCloseAf,
    };

    return NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);
}
