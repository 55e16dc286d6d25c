/* SPDX-License-Identifier: MIT */
/* OID requests to a miniport of NDIS 3 to 5.1: MiniportQueryInformation, MiniportSetInformation.
 *
 *     oid.c --legacy_oid_request--> [serialized: when nobody is inside] --> Query/SetInformation
 *     oid.c <-----NdisMOidRequestComplete's way-----  its status, or NdisM*InformationComplete
 *
 * oid.c gives a miniport one request at a time; it lies in legacy.request until it is answered. A
 * connection-oriented miniport has MiniportCoRequest instead of the two, and gets legacy.co_request.
 */
#include "ndis/path/legacy.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"
#include "ndis/stack/call_legacy.h"

static bool
asks(const NDIS_OID_REQUEST *request)
{
    return request->RequestType == NdisRequestQueryInformation ||
           request->RequestType == NdisRequestQueryStatistics;
}

/* Gives @request back, and remembers what a reset would lose. */
static void
answer(struct module *miniport, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    if (status == NDIS_STATUS_SUCCESS)
        legacy_remember_set(miniport, request);
    oid_complete(miniport, request, status);
}

/* @six as a connection-oriented miniport is asked it. */
static void
prepare(PNDIS_REQUEST five, const NDIS_OID_REQUEST *six)
{
    NdisZeroMemory(five, sizeof(*five));
    five->RequestType = six->RequestType;
    five->DATA.QUERY_INFORMATION.Oid = six->DATA.QUERY_INFORMATION.Oid;
    five->DATA.QUERY_INFORMATION.InformationBuffer = six->DATA.QUERY_INFORMATION.InformationBuffer;
    five->DATA.QUERY_INFORMATION.InformationBufferLength =
        six->DATA.QUERY_INFORMATION.InformationBufferLength;
}

/* What it says of bytes: both kinds of request have it at the same place. */
static void
copy_back(PNDIS_OID_REQUEST six, const NDIS_REQUEST *five)
{
    six->DATA.QUERY_INFORMATION.BytesWritten = five->DATA.QUERY_INFORMATION.BytesWritten;
    six->DATA.QUERY_INFORMATION.BytesNeeded = five->DATA.QUERY_INFORMATION.BytesNeeded;
}

NDIS_STATUS
legacy_oid_request(struct module *miniport, PNDIS_OID_REQUEST request)
{
    NDIS_STATUS status;

    if (!asks(request) && request->RequestType != NdisRequestSetInformation)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (__atomic_load_n(&miniport->legacy->resetting, __ATOMIC_ACQUIRE) &&
        !__atomic_load_n(&miniport->legacy->restoring, __ATOMIC_ACQUIRE))
        return NDIS_STATUS_RESET_IN_PROGRESS;
    if (oid_answer(miniport->adapter, request, &status))
        return status;
    __atomic_store_n(&miniport->legacy->request, request, __ATOMIC_RELEASE);
    serial_post(miniport, SERIAL_REQUEST);
    return NDIS_STATUS_PENDING;
}

void
legacy_do_request(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    PNDIS_OID_REQUEST request = __atomic_load_n(&legacy->request, __ATOMIC_ACQUIRE);
    NDIS_STATUS status;

    if (!request)
        return; /* a reset has answered it */
    prepare(&legacy->co_request, request);
    status = call_legacy_request(miniport, request);
    if (status == NDIS_STATUS_PENDING)
        return;
    if (legacy_asks_co(miniport, request))
        copy_back(request, &legacy->co_request);
    if (__atomic_exchange_n(&legacy->request, NULL, __ATOMIC_ACQ_REL) != request)
        gate_bug_check("oid5-complete-without-request",
            "%s completed a request that it then answered with 0x%08X", miniport->driver->name,
            (unsigned)status);
    answer(miniport, request, status);
}

void
legacy_abort_request(struct module *miniport, NDIS_STATUS status)
{
    PNDIS_OID_REQUEST request =
        __atomic_exchange_n(&miniport->legacy->request, NULL, __ATOMIC_ACQ_REL);

    if (request)
        oid_complete(miniport, request, status);
}

bool
legacy_request_answered(struct module *miniport, const NDIS_REQUEST *request, NDIS_STATUS status)
{
    struct legacy *legacy = miniport->legacy;
    PNDIS_OID_REQUEST six;

    if (request != &legacy->co_request)
        return false;
    six = __atomic_exchange_n(&legacy->request, NULL, __ATOMIC_ACQ_REL);
    if (!six)
        gate_bug_check("oid5-complete-without-request",
            "%s called NdisMCoRequestComplete, but no request is pending", miniport->driver->name);
    copy_back(six, request);
    answer(miniport, six, status);
    return true;
}

/* The miniport's one request, of the kind that @set says; bug check when it has none. */
static void
complete(NDIS_HANDLE handle, NDIS_STATUS status, bool set, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);
    PNDIS_OID_REQUEST request;

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, caller);
    request = __atomic_exchange_n(&miniport->legacy->request, NULL, __ATOMIC_ACQ_REL);
    if (!request)
        gate_bug_check("oid5-complete-without-request", "%s called %s, but no request is pending",
            miniport->driver->name, caller);
    if ((request->RequestType == NdisRequestSetInformation) != set || status == NDIS_STATUS_PENDING)
        gate_bug_check("oid5-query-complete-once", "%s called %s for a %s, with status 0x%08X",
            miniport->driver->name, caller, asks(request) ? "query" : "set", (unsigned)status);
    answer(miniport, request, status);
}

/*
 * NdisMQueryInformationComplete - a miniport answers a query it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Status:                final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffers given to MiniportQueryInformation go back.
 * Errors:    none; without a pending query it is a bug check.
 * Source:    NF:ndis.NdisMQueryInformationComplete
 */
VOID
NdisMQueryInformationComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status)
{
    complete(MiniportAdapterHandle, Status, false, __func__);
}

/*
 * NdisMSetInformationComplete - a miniport answers a set request it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Status:                final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffers given to MiniportSetInformation go back.
 * Errors:    none; without a pending set request it is a bug check.
 * Source:    NF:ndis.NdisMSetInformationComplete
 */
VOID
NdisMSetInformationComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status)
{
    complete(MiniportAdapterHandle, Status, true, __func__);
}
