/* SPDX-License-Identifier: MIT */
/* What a call manager of NDIS 6 has besides calls.h: its requests, its registration, and how it
 * asks its clients to leave.
 */
#pragma once

#include "calls.h"

/* It has nothing to ask for. */
static NDIS_STATUS
CallsOidRequest(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(OidRequest);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
CallsOidRequestComplete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(OidRequest);
    UNREFERENCED_PARAMETER(Status);
}

static NDIS_STATUS
CallsSetOptions(NDIS_HANDLE NdisDriverHandle)
{
    NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_CALL_MANAGER_OPTIONAL_HANDLERS,
            NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1,
            NDIS_SIZEOF_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1},
        .CmCreateVcHandler = CallsVcCreated,
        .CmDeleteVcHandler = CallsVcDeleted,
        .CmOpenAfHandler = CallsOpenAf,
        .CmCloseAfHandler = CallsCloseAf,
        .CmRegisterSapHandler = CallsRegisterSap,
        .CmDeregisterSapHandler = CallsDeregisterSap,
        .CmMakeCallHandler = CallsMakeCall,
        .CmCloseCallHandler = CallsCloseCall,
        .CmIncomingCallCompleteHandler = CallsIncomingCallComplete,
        .CmActivateVcCompleteHandler = CallsActivateComplete,
        .CmDeactivateVcCompleteHandler = CallsDeactivateComplete,
        .CmOidRequestHandler = CallsOidRequest,
        .CmOidRequestCompleteHandler = CallsOidRequestComplete,
    };

    return NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);
}

/* The next family that has not been asked to close, NULL when all have. */
static FAMILY *
CallsNextNotice(CALLS *Calls)
{
    FAMILY *Found = NULL;
    PLIST_ENTRY Entry;

    NdisAcquireSpinLock(&Calls->Lock);
    Calls->Leaving = TRUE;
    for (Entry = Calls->Families.Flink; Entry != &Calls->Families; Entry = Entry->Flink)
        if (!CONTAINING_RECORD(Entry, FAMILY, Link)->Noticed)
            Found = CONTAINING_RECORD(Entry, FAMILY, Link);
    if (Found != NULL)
        Found->Noticed = TRUE;
    else if (IsListEmpty(&Calls->Families))
        NdisSetEvent(&Calls->Left);
    NdisReleaseSpinLock(&Calls->Lock);
    return Found;
}

/* Asks every client to close and waits until all have. PASSIVE_LEVEL. */
static VOID
CallsLeave(CALLS *Calls)
{
    FAMILY *Family;

    while ((Family = CallsNextNotice(Calls)) != NULL)
        NdisCmNotifyCloseAddressFamily(Family->Handle);
    NdisWaitEvent(&Calls->Left, 0);
}
