/* SPDX-License-Identifier: MIT */
/* Requests of NDIS 5 between client, call manager and miniport. They travel as those of NDIS 6.
 *
 *     NdisCoRequest --struct request5--> request.c          ProtocolCoRequestComplete <-- request.c
 *     request.c --struct asked5--> ProtocolCoRequest        NdisCoRequestComplete --> request.c
 *     request.c --struct asked5--> MiniportCoRequest        NdisMCoRequestComplete --> request.c
 */
#include "ndis/connection/call.h"
#include "ndis/path/legacy.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_legacy.h"

/* A request of NDIS 6 as a driver of NDIS 5 is asked it. */
struct asked5 {
    NDIS_REQUEST five;
    PNDIS_OID_REQUEST six;
};

static struct asked5 *
create(struct undis *machine, PNDIS_OID_REQUEST six)
{
    struct asked5 *ours = object_create(machine, OBJECT_OID_REQUEST, sizeof(*ours));

    if (!ours)
        return NULL;
    ours->six = six;
    ours->five.RequestType = six->RequestType;
    if (six->RequestType == NdisRequestSetInformation) {
        const struct _SET *set = &six->DATA.SET_INFORMATION;

        ours->five.DATA.SET_INFORMATION.Oid = set->Oid;
        ours->five.DATA.SET_INFORMATION.InformationBuffer = set->InformationBuffer;
        ours->five.DATA.SET_INFORMATION.InformationBufferLength = set->InformationBufferLength;
    } else {
        const struct _QUERY *query = &six->DATA.QUERY_INFORMATION;

        ours->five.DATA.QUERY_INFORMATION.Oid = query->Oid;
        ours->five.DATA.QUERY_INFORMATION.InformationBuffer = query->InformationBuffer;
        ours->five.DATA.QUERY_INFORMATION.InformationBufferLength = query->InformationBufferLength;
    }
    return ours;
}

/* What the answer says of bytes goes to the asker's request; ours ends. */
static PNDIS_OID_REQUEST
end(struct asked5 *ours)
{
    PNDIS_OID_REQUEST six = ours->six;

    if (six->RequestType == NdisRequestSetInformation) {
        six->DATA.SET_INFORMATION.BytesRead = ours->five.DATA.SET_INFORMATION.BytesRead;
        six->DATA.SET_INFORMATION.BytesNeeded = ours->five.DATA.SET_INFORMATION.BytesNeeded;
    } else {
        six->DATA.QUERY_INFORMATION.BytesWritten = ours->five.DATA.QUERY_INFORMATION.BytesWritten;
        six->DATA.QUERY_INFORMATION.BytesNeeded = ours->five.DATA.QUERY_INFORMATION.BytesNeeded;
    }
    object_destroy(ours);
    return six;
}

/* Requests with a method are of NDIS 6 alone. */
NDIS_STATUS
co5_ask(const struct co_side *side, PNDIS_OID_REQUEST request)
{
    struct asked5 *ours;
    NDIS_STATUS status;

    if (request->RequestType == NdisRequestMethod)
        return NDIS_STATUS_NOT_SUPPORTED;
    ours = create(side->module->machine, request);
    if (!ours)
        return NDIS_STATUS_RESOURCES;
    status = call_side5_request(side, &ours->five);
    if (status != NDIS_STATUS_PENDING)
        end(ours);
    return status;
}

NDIS_STATUS
co5_ask_miniport(struct module *miniport, const struct co_vc *vc, PNDIS_OID_REQUEST request)
{
    struct asked5 *ours;
    NDIS_STATUS status;

    if (request->RequestType == NdisRequestMethod)
        return NDIS_STATUS_NOT_SUPPORTED;
    ours = create(miniport->machine, request);
    if (!ours)
        return NDIS_STATUS_RESOURCES;
    status = call_legacy_co_request(miniport, vc ? vc->miniport_context : NULL, &ours->five);
    if (status != NDIS_STATUS_PENDING)
        end(ours);
    return status;
}

void
co5_answer(const struct co_side *side, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    call_side5_request_complete(side, request5_end(request5_of(request)), status);
}

/*
 * NdisCoRequest - a client or call manager of NDIS 5 asks the miniport, or the other of the two
 *
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @NdisAfHandle:      of the address family that joins asker and asked; NULL: asks the miniport.
 * @NdisVcHandle:      what it is about, or NULL.
 * @NdisPartyHandle:   what it is about, or NULL.
 * @NdisRequest:       the request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the request and its buffer are lent until the answer: the returned status, or after
 *            NDIS_STATUS_PENDING ProtocolCoRequestComplete (perhaps before this returns).
 * Errors:    NDIS_STATUS_NOT_SUPPORTED (no connection-oriented driver at either end),
 *            NDIS_STATUS_FAILURE (a family of others), NDIS_STATUS_RESOURCES, or the asked driver's
 *            answer.
 * Source:    ddk3790:NdisXC_8df60aa4-7bf5-42dc-8932-00cbea4abc49.xml.htm
 */
NDIS_STATUS
NdisCoRequest(NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_HANDLE NdisPartyHandle, PNDIS_REQUEST NdisRequest)
{
    struct module *binding = protocol5_of(NdisBindingHandle, __func__);
    const struct co_handlers *co = binding->registration->co;
    struct request5 *ours;
    NDIS_STATUS status;

    /* Before it is a client or a call manager nobody could be told of an answer. */
    if (!co || (!co->has_client && !co->has_manager))
        return NDIS_STATUS_NOT_SUPPORTED;
    ours = request5_create(binding->machine, NdisRequest);
    if (!ours)
        return NDIS_STATUS_RESOURCES;
    status =
        co_ask(binding, NdisAfHandle, NdisVcHandle, NdisPartyHandle, request5_oid(ours), __func__);
    if (status != NDIS_STATUS_PENDING)
        request5_end(ours);
    return status;
}

/* A request that @by was asked and had pended. */
static void
answered(struct driver *by, PNDIS_REQUEST request, NDIS_STATUS status, const char *caller)
{
    if (!object_of(machine_self(), request, OBJECT_OID_REQUEST))
        gate_bug_check("condis-complete-pairs", "%s called %s for a request it does not have",
            by->name, caller);
    co_request_answered(by, end(CONTAINING_RECORD(request, struct asked5, five)), status, caller);
}

/*
 * NdisCoRequestComplete - a client or call manager of NDIS 5 answers a request that it had pended
 *
 * @Status:          final, not NDIS_STATUS_PENDING.
 * @NdisAfHandle:    of the family.
 * @NdisVcHandle:    what it was about, or NULL.
 * @NdisPartyHandle: what it was about, or NULL.
 * @NdisRequest:     as given to ProtocolCoRequest.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its asker.
 * Errors:    none; a request that the caller does not have is a bug check (rule
 *            condis-complete-pairs).
 * Source:    ddk3790:NdisXC_287fcd73-30e4-4d20-aba3-35f1a30df9e0.xml.htm
 */
VOID
NdisCoRequestComplete(NDIS_STATUS Status, NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_HANDLE NdisPartyHandle, PNDIS_REQUEST NdisRequest)
{
    struct driver *driver = block_self->driver;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_family_of(NdisAfHandle, __func__);
    if (NdisVcHandle)
        co_vc_of(NdisVcHandle, __func__);
    if (NdisPartyHandle)
        co_party_of(NdisPartyHandle, __func__);
    answered(driver, NdisRequest, Status, __func__);
}

/*
 * NdisMCoRequestComplete - a connection-oriented miniport answers a request that it had pended
 *
 * @Status:                final, not NDIS_STATUS_PENDING.
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Request:               as given to MiniportCoRequest.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its asker.
 * Errors:    none; a request that the miniport does not have is a bug check (rule
 *            condis-complete-pairs, or oid5-complete-without-request when it came without a VC
 *            user).
 * Source:    ddk3790:NdisXM_MC_2cc9ed4c-4962-441b-bbe2-fd2eca3bf270.xml.htm
 */
VOID
NdisMCoRequestComplete(NDIS_STATUS Status, NDIS_HANDLE MiniportAdapterHandle, PNDIS_REQUEST Request)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, __func__);
    if (!legacy_request_answered(miniport, Request, Status))
        answered(miniport->driver, Request, Status, __func__);
}

/*
 * NdisMCmRequest - a miniport of NDIS 5 that is its own call manager asks a client
 *
 * @NdisAfHandle:    as given to ProtocolCmOpenAf.
 * @NdisVcHandle:    what it is about, or NULL.
 * @NdisPartyHandle: what it is about, or NULL.
 * @NdisRequest:     the request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: as NdisCoRequest.
 * Errors:    NDIS_STATUS_RESOURCES, or the client's answer. A family of a stand-alone call manager
 *            is a bug check (rule condis-handle-kind).
 * Source:    ddk3790:NdisXM_MC_db4757bb-f818-477c-ae36-e452ec7ebe3b.xml.htm
 */
NDIS_STATUS
NdisMCmRequest(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle,
    PNDIS_REQUEST NdisRequest)
{
    struct request5 *ours = request5_create(machine_self(), NdisRequest);
    NDIS_STATUS status;

    if (!ours)
        return NDIS_STATUS_RESOURCES;
    status =
        co_ask_client(NdisAfHandle, NdisVcHandle, NdisPartyHandle, request5_oid(ours), __func__);
    if (status != NDIS_STATUS_PENDING)
        request5_end(ours);
    return status;
}
