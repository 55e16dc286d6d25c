/* SPDX-License-Identifier: MIT */
/* The calls of dialer5 (calls.h), and what they look like in NDIS 5. */
#include "dialer5.h"

#include "../dialer/calls.h"

/* No call manager asks a client of NDIS 5 to close. */
static VOID
NoticeDone(NDIS_HANDLE Family)
{
    UNREFERENCED_PARAMETER(Family);
}

static VOID
Dialer5OpenAfComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisAfHandle)
{
    FamilyOpened(ProtocolAfContext, NdisAfHandle, Status);
}

/* Nobody has anything to ask of it, and it asks nobody. */
static NDIS_STATUS
Dialer5Request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(NdisRequest);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
Dialer5RequestComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext,
    NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(NdisRequest);
}

static VOID
DialerModifyCallComplete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(CallParameters);
}

static VOID
DialerQoSChange(NDIS_HANDLE ProtocolVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(CallParameters);
}

/* The first family on offer that carries such calls is taken. */
VOID
Dialer5AfNotify(NDIS_HANDLE ProtocolBindingContext, PCO_ADDRESS_FAMILY AddressFamily)
{
    NDIS_CLIENT_CHARACTERISTICS Handlers = {
        .MajorVersion = 5,
        .ClCreateVcHandler = DialerCreateVc,
        .ClDeleteVcHandler = DialerDeleteVc,
        .ClRequestHandler = Dialer5Request,
        .ClRequestCompleteHandler = Dialer5RequestComplete,
        .ClOpenAfCompleteHandler = Dialer5OpenAfComplete,
        .ClCloseAfCompleteHandler = DialerCloseAfComplete,
        .ClRegisterSapCompleteHandler = DialerRegisterSapComplete,
        .ClDeregisterSapCompleteHandler = DialerDeregisterSapComplete,
        .ClMakeCallCompleteHandler = DialerMakeCallComplete,
        .ClModifyCallQoSCompleteHandler = DialerModifyCallComplete,
        .ClCloseCallCompleteHandler = DialerCloseCallComplete,
        .ClIncomingCallHandler = DialerIncomingCall,
        .ClIncomingCallQoSChangeHandler = DialerQoSChange,
        .ClIncomingCloseCallHandler = DialerIncomingCloseCall,
        .ClCallConnectedHandler = DialerCallConnected,
    };
    BINDING *Binding = ProtocolBindingContext;
    NDIS_HANDLE Handle = NULL;
    NDIS_STATUS Status;

    if (Binding->FamilyThere || Binding->Leaving ||
        AddressFamily->AddressFamily != CO_ADDRESS_FAMILY_PPP)
        return;
    Status = NdisClOpenAddressFamily(
        Binding->Handle, AddressFamily, Binding, &Handlers, sizeof(Handlers), &Handle);
    if (Status != NDIS_STATUS_PENDING)
        FamilyOpened(Binding, Handle, Status);
}
