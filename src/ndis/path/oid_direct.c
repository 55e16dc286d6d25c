/* SPDX-License-Identifier: MIT */
/* Direct OID requests: as the ordinary ones of oid.c, but nothing waits in a queue for another, and
 * IRQL does not matter.
 *
 *     NdisDirectOidRequest -> FilterDirectOidRequest -> ... -> MiniportDirectOidRequest
 */
#include "ndis/path/oid.h"
#include "ndis/path/path.h"

/*
 * NdisDirectOidRequest - a protocol asks the layers below at once, beside other requests
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @OidRequest:        of an OID that may be asked so.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until the answer; ProtocolDirectOidRequestComplete.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED when no layer below takes direct requests.
 * Source:    NF:ndis.NdisDirectOidRequest
 */
NDIS_STATUS
NdisDirectOidRequest(NDIS_HANDLE NdisBindingHandle, PNDIS_OID_REQUEST OidRequest)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return oid_request_below(
        path_module(NdisBindingHandle, MODULE_BINDING, __func__), OidRequest, true);
}

/*
 * NdisFDirectOidRequest - a filter passes a direct request on, or makes its own
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @OidRequest:       as for NdisFOidRequest.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until the answer; FilterDirectOidRequestComplete.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED when no layer below takes direct requests.
 * Source:    NF:ndis.NdisFDirectOidRequest
 */
NDIS_STATUS
NdisFDirectOidRequest(NDIS_HANDLE NdisFilterHandle, PNDIS_OID_REQUEST OidRequest)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return oid_request_below(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), OidRequest, true);
}

/*
 * NdisMDirectOidRequestComplete - a miniport answers a direct request it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @OidRequest:            as given to MiniportDirectOidRequest.
 * @Status:                final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its origin.
 * Errors:    none; a request the miniport does not have is a bug check.
 * Source:    NF:ndis.NdisMDirectOidRequestComplete
 */
VOID
NdisMDirectOidRequestComplete(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_complete_by(path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__), OidRequest,
        Status, true, __func__);
}

/*
 * NdisFDirectOidRequestComplete - a filter answers a direct request it had pended
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @OidRequest:       as given to FilterDirectOidRequest.
 * @Status:           final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its origin.
 * Errors:    none; a request the filter does not have is a bug check.
 * Source:    NF:ndis.NdisFDirectOidRequestComplete
 */
VOID
NdisFDirectOidRequestComplete(
    NDIS_HANDLE NdisFilterHandle, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_complete_by(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), OidRequest, Status, true, __func__);
}

/*
 * NdisCancelDirectOidRequest - a protocol wants a pending direct request answered soon
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @RequestId:         RequestId of the request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here; the request comes back through its completion.
 * Errors:    none.
 * Source:    NF:ndis.NdisCancelDirectOidRequest
 */
VOID
NdisCancelDirectOidRequest(NDIS_HANDLE NdisBindingHandle, PVOID RequestId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_cancel_below(path_module(NdisBindingHandle, MODULE_BINDING, __func__), RequestId, true);
}

/*
 * NdisFCancelDirectOidRequest - a filter passes the cancellation of a direct request on
 *
 * @FilterModuleContext: as given to FilterAttach.
 * @RequestId:           RequestId of the filter's own request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here.
 * Errors:    none.
 * Source:    NF:ndis.NdisFCancelDirectOidRequest
 */
VOID
NdisFCancelDirectOidRequest(NDIS_HANDLE FilterModuleContext, PVOID RequestId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_cancel_below(path_module(FilterModuleContext, MODULE_FILTER, __func__), RequestId, true);
}
