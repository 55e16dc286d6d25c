/* SPDX-License-Identifier: MIT */
/* What else an NDIS 3 to 5.1 protocol asks and hears of: requests, resets, status.
 *
 *     NdisRequest --NDIS_OID_REQUEST--> oid.c       ProtocolRequestComplete <-- oid.c
 *     NdisReset   --> the miniport of NDIS 5        ProtocolResetComplete   <-- its end
 *     status.c --> ProtocolStatus, ProtocolStatusComplete
 *
 * MacReserved of an NDIS_REQUEST holds the request that stands for it.
 */
#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_protocol.h"

#include <string.h>

/* The core's request that stands for a protocol's. */
struct request5 {
    NDIS_OID_REQUEST oid;
    PNDIS_REQUEST theirs;
};

static void
request_begins(struct module *binding)
{
    __atomic_add_fetch(&binding->binding5->requests, 1, __ATOMIC_ACQ_REL);
}

static void
request_ends(struct module *binding)
{
    __atomic_sub_fetch(&binding->binding5->requests, 1, __ATOMIC_ACQ_REL);
    protocol5_back(binding);
}

static bool
is_set(const NDIS_REQUEST *request)
{
    return request->RequestType == NdisRequestSetInformation;
}

struct request5 *
request5_create(struct undis *machine, PNDIS_REQUEST theirs)
{
    struct request5 *ours = object_create(machine, OBJECT_OID_REQUEST, sizeof(*ours));

    if (!ours)
        return NULL;
    ours->theirs = theirs;
    ours->oid.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    ours->oid.RequestType = theirs->RequestType;
    ours->oid.RequestId = theirs;
    if (is_set(theirs)) {
        struct _SET *set = &ours->oid.DATA.SET_INFORMATION;

        set->Oid = theirs->DATA.SET_INFORMATION.Oid;
        set->InformationBuffer = theirs->DATA.SET_INFORMATION.InformationBuffer;
        set->InformationBufferLength = theirs->DATA.SET_INFORMATION.InformationBufferLength;
    } else {
        struct _QUERY *query = &ours->oid.DATA.QUERY_INFORMATION;

        query->Oid = theirs->DATA.QUERY_INFORMATION.Oid;
        query->InformationBuffer = theirs->DATA.QUERY_INFORMATION.InformationBuffer;
        query->InformationBufferLength = theirs->DATA.QUERY_INFORMATION.InformationBufferLength;
    }
    return ours;
}

PNDIS_OID_REQUEST
request5_oid(struct request5 *ours)
{
    return &ours->oid;
}

struct request5 *
request5_of(PNDIS_OID_REQUEST oid)
{
    return CONTAINING_RECORD(oid, struct request5, oid);
}

PNDIS_REQUEST
request5_end(struct request5 *ours)
{
    PNDIS_REQUEST theirs = ours->theirs;

    if (is_set(theirs)) {
        theirs->DATA.SET_INFORMATION.BytesRead = ours->oid.DATA.SET_INFORMATION.BytesRead;
        theirs->DATA.SET_INFORMATION.BytesNeeded = ours->oid.DATA.SET_INFORMATION.BytesNeeded;
    } else {
        theirs->DATA.QUERY_INFORMATION.BytesWritten = ours->oid.DATA.QUERY_INFORMATION.BytesWritten;
        theirs->DATA.QUERY_INFORMATION.BytesNeeded = ours->oid.DATA.QUERY_INFORMATION.BytesNeeded;
    }
    object_destroy(ours);
    return theirs;
}

NDIS_STATUS
protocol5_request(NDIS_HANDLE module, PNDIS_REQUEST request)
{
    struct module *binding = protocol5_of(module, "NdisRequest");
    struct request5 *ours;
    NDIS_STATUS status;

    if (request->RequestType != NdisRequestQueryInformation &&
        request->RequestType != NdisRequestQueryStatistics && !is_set(request))
        return NDIS_STATUS_NOT_SUPPORTED;
    ours = request5_create(binding->machine, request);
    if (!ours)
        return NDIS_STATUS_RESOURCES;
    request_begins(binding);
    status = NdisOidRequest(binding, &ours->oid);
    if (status == NDIS_STATUS_PENDING)
        return status;
    request5_end(ours);
    request_ends(binding);
    return status;
}

void
protocol5_oid_complete(struct module *binding, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    call_request_complete(binding, request5_end(request5_of(request)), status);
    request_ends(binding);
}

/*
 * NdisRequest - a protocol queries or sets something of the layers below
 *
 * @Status:            the final status, or NDIS_STATUS_PENDING.
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @NdisRequest:       query, statistics or set.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with NDIS_STATUS_PENDING the request and its buffer are NDIS' until
 *            ProtocolRequestComplete, perhaps before this returns.
 * Errors:    NDIS_STATUS_RESOURCES, NDIS_STATUS_NOT_SUPPORTED, or the answering driver's status.
 * Source:    NF:ndis.NdisRequest
 */
VOID
NdisRequest(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, PNDIS_REQUEST NdisRequest)
{
    *Status = protocol5_request(NdisBindingHandle, NdisRequest);
}

/* The link's one status of NDIS 6 is two of NDIS 5, told when they change. */
static bool
translate_link(struct module *binding, PNDIS_STATUS_INDICATION indication, NDIS_STATUS *code)
{
    const NDIS_LINK_STATE *state = indication->StatusBuffer;
    bool connected;

    if (indication->StatusBufferSize < NDIS_SIZEOF_LINK_STATE_REVISION_1)
        return false;
    connected = state->MediaConnectState == MediaConnectStateConnected;
    *code = connected ? NDIS_STATUS_MEDIA_CONNECT : NDIS_STATUS_MEDIA_DISCONNECT;
    return __atomic_exchange_n(&binding->binding5->connected, connected, __ATOMIC_ACQ_REL) !=
           connected;
}

bool
protocol5_translate(struct module *binding, PNDIS_STATUS_INDICATION indication, NDIS_STATUS *code,
    PVOID *buffer, UINT *size)
{
    /* New with NDIS 6. */
    static const NDIS_STATUS unknown[] = {
        NDIS_STATUS_OPER_STATUS, NDIS_STATUS_PACKET_FILTER, NDIS_STATUS_NETWORK_CHANGE};

    *buffer = NULL;
    *size = 0;
    for (size_t i = 0; i < RTL_NUMBER_OF(unknown); i++)
        if (indication->StatusCode == unknown[i])
            return false;
    if (indication->StatusCode == NDIS_STATUS_LINK_STATE)
        return translate_link(binding, indication, code);
    *code = indication->StatusCode;
    *buffer = indication->StatusBuffer;
    *size = indication->StatusBufferSize;
    return true;
}

void
protocol5_status_end(struct module *binding)
{
    if (__atomic_exchange_n(&binding->binding5->told, false, __ATOMIC_ACQ_REL))
        call_status_complete(binding);
}

/* A miniport of NDIS 5 says itself when it has reported all; nobody else does. */
void
protocol5_status(struct module *binding, PNDIS_STATUS_INDICATION indication)
{
    const struct module *miniport = binding->adapter->miniport;
    NDIS_STATUS code;
    PVOID buffer;
    UINT size;

    if (!protocol5_translate(binding, indication, &code, &buffer, &size))
        return;
    __atomic_store_n(&binding->binding5->told, true, __ATOMIC_RELEASE);
    call_protocol_status(binding, code, buffer, size);
    if (indication->SourceHandle != miniport || !miniport->legacy)
        protocol5_status_end(binding);
}

struct reset5 {
    struct legacy_reset reset;
    struct module *binding;
};

static void
reset_done(struct legacy_reset *reset, NDIS_STATUS status)
{
    struct reset5 *ours = CONTAINING_RECORD(reset, struct reset5, reset);
    struct module *binding = ours->binding;

    machine_free(binding->machine, ours);
    call_reset_complete(binding, status);
    request_ends(binding);
}

NDIS_STATUS
protocol5_reset(NDIS_HANDLE module)
{
    struct module *binding = protocol5_of(module, "NdisReset");
    struct module *miniport = binding->adapter->miniport;
    struct reset5 *ours;
    NDIS_STATUS status;

    if (!miniport->legacy)
        return NDIS_STATUS_NOT_SUPPORTED;
    ours = machine_alloc(binding->machine, sizeof(*ours));
    if (!ours)
        return NDIS_STATUS_RESOURCES;
    *ours = (struct reset5){{reset_done}, binding};
    request_begins(binding);
    status = legacy_reset(miniport, &ours->reset);
    if (status == NDIS_STATUS_PENDING)
        return status;
    machine_free(binding->machine, ours);
    request_ends(binding);
    return status;
}

/*
 * NdisReset - a protocol wants the adapter reset
 *
 * @Status:            NDIS_STATUS_PENDING, or why not.
 * @NdisBindingHandle: from NdisOpenAdapter.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: what is out comes back with NDIS_STATUS_RESET_IN_PROGRESS; after NDIS_STATUS_PENDING
 *            ProtocolResetComplete follows, perhaps before this returns.
 * Errors:    NDIS_STATUS_RESET_IN_PROGRESS; NDIS_STATUS_NOT_SUPPORTED from a miniport of NDIS 6, as
 *            NDIS 6 leaves resets to itself; NDIS_STATUS_RESOURCES.
 * Source:    ddk3790:NdisXN_R_dfc1ba65-439b-4ce7-b32c-ef14a33358c2.xml.htm
 */
VOID
NdisReset(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle)
{
    *Status = protocol5_reset(NdisBindingHandle);
}
