/* SPDX-License-Identifier: MIT */
/* OID requests: a clone goes down; its answer is copied to the original, which goes back up. */
#include "pass.h"

/* What a driver may keep in a request that it sends: the request it was cloned from. */
static PNDIS_OID_REQUEST *
Original(PNDIS_OID_REQUEST Clone)
{
    return (PNDIS_OID_REQUEST *)Clone->SourceReserved;
}

static VOID
CopyAnswer(PNDIS_OID_REQUEST To, const NDIS_OID_REQUEST *From)
{
    switch (From->RequestType) {
    case NdisRequestMethod:
        To->DATA.METHOD_INFORMATION.OutputBufferLength =
            From->DATA.METHOD_INFORMATION.OutputBufferLength;
        To->DATA.METHOD_INFORMATION.BytesRead = From->DATA.METHOD_INFORMATION.BytesRead;
        To->DATA.METHOD_INFORMATION.BytesWritten = From->DATA.METHOD_INFORMATION.BytesWritten;
        To->DATA.METHOD_INFORMATION.BytesNeeded = From->DATA.METHOD_INFORMATION.BytesNeeded;
        break;
    case NdisRequestSetInformation:
        To->DATA.SET_INFORMATION.BytesRead = From->DATA.SET_INFORMATION.BytesRead;
        To->DATA.SET_INFORMATION.BytesNeeded = From->DATA.SET_INFORMATION.BytesNeeded;
        break;
    default:
        To->DATA.QUERY_INFORMATION.BytesWritten = From->DATA.QUERY_INFORMATION.BytesWritten;
        To->DATA.QUERY_INFORMATION.BytesNeeded = From->DATA.QUERY_INFORMATION.BytesNeeded;
        break;
    }
}

/* Ends the request under way; answers the original. */
static PNDIS_OID_REQUEST
Finish(FILTER *Filter, PNDIS_OID_REQUEST Clone)
{
    PNDIS_OID_REQUEST Request = *Original(Clone);

    NdisAcquireSpinLock(&Filter->Lock);
    Filter->Clone = NULL;
    NdisReleaseSpinLock(&Filter->Lock);
    CopyAnswer(Request, Clone);
    NdisFreeCloneOidRequest(Filter->Handle, Clone);
    return Request;
}

NDIS_STATUS
PassOidRequest(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    FILTER *Filter = FilterModuleContext;
    PNDIS_OID_REQUEST Clone;
    NDIS_STATUS Status = NdisAllocateCloneOidRequest(Filter->Handle, OidRequest, TAG, &Clone);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *Original(Clone) = OidRequest;
    Clone->RequestId = OidRequest->RequestId;
    NdisAcquireSpinLock(&Filter->Lock);
    Filter->Clone = Clone;
    NdisReleaseSpinLock(&Filter->Lock);
    Status = NdisFOidRequest(Filter->Handle, Clone);
    if (Status != NDIS_STATUS_PENDING)
        Finish(Filter, Clone);
    return Status;
}

VOID
PassOidRequestComplete(
    NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    FILTER *Filter = FilterModuleContext;

    NdisFOidRequestComplete(Filter->Handle, Finish(Filter, OidRequest), Status);
}

VOID
PassCancelOidRequest(NDIS_HANDLE FilterModuleContext, PVOID RequestId)
{
    FILTER *Filter = FilterModuleContext;
    BOOLEAN Ours;

    NdisAcquireSpinLock(&Filter->Lock);
    Ours = Filter->Clone != NULL && Filter->Clone->RequestId == RequestId;
    NdisReleaseSpinLock(&Filter->Lock);
    if (Ours)
        NdisFCancelOidRequest(Filter->Handle, RequestId);
}
