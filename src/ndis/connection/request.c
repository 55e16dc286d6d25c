/* SPDX-License-Identifier: MIT */
/* Requests between the three: to the miniport, and between client and call manager.
 *
 *     NdisCoOidRequest, no family   -> MiniportCoOidRequest   ..  NdisMCoOidRequestComplete
 *     NdisCoOidRequest, a family    -> the other side's ProtocolCoOidRequest
 *     NdisMCmOidRequest             -> the client's           ..  NdisCoOidRequestComplete
 *     after NDIS_STATUS_PENDING     -> the asker's ProtocolCoOidRequestComplete
 *
 * What NDIS keeps of a request lies in its NdisReserved. NDIS does not queue them.
 */
#include "ndis/connection/call.h"

#define IDLE  1u
#define ASKED 2u

static const struct co_move answered = {
    "NdisCoOidRequestComplete", ASKED, IDLE, "condis-complete-pairs"};

struct co_request {
    uint32_t state; /* [A] */
    struct co_side asker;
    struct module *at; /* whose handler has it */
};
_Static_assert(sizeof(struct co_request) <= sizeof(((NDIS_OID_REQUEST *)0)->NdisReserved),
    "NdisReserved holds our state");

static struct co_request *
state_of(PNDIS_OID_REQUEST request)
{
    return (struct co_request *)request->NdisReserved;
}

static struct co_side
client_side(const struct co_family *family, const struct co_vc *vc, const struct co_party *party)
{
    return (struct co_side){.module = family->client,
        .family_context = family->client_context,
        .vc_context = vc ? vc->client_context : NULL,
        .party_context = party ? party->client_context : NULL,
        .request = family->client_to->six.ClOidRequestHandler,
        .complete = family->client_to->six.ClOidRequestCompleteHandler,
        .request5 = family->client_to->request5,
        .complete5 = family->client_to->request_complete5};
}

static struct co_side
manager_side(const struct co_family *family, const struct co_vc *vc, const struct co_party *party)
{
    return (struct co_side){.module = family->manager,
        .family_context = family->manager_context,
        .vc_context = vc ? vc->manager_context : NULL,
        .party_context = party ? party->manager_context : NULL,
        .request = family->manager_to->six.CmOidRequestHandler,
        .complete = family->manager_to->six.CmOidRequestCompleteHandler,
        .request5 = family->manager_to->request5,
        .complete5 = family->manager_to->request_complete5};
}

/* Who asks the miniport, without a family: a client, unless the VC says that it is a manager. */
static struct co_side
asker_of_miniport(struct module *binding, const struct co_vc *vc)
{
    const struct co_handlers *co = binding->registration->co;
    bool client = vc ? vc->client == binding : co->has_client;

    return (struct co_side){.module = binding,
        .vc_context = !vc      ? NULL
                      : client ? vc->client_context
                               : vc->manager_context,
        .complete = client ? co->client.six.ClOidRequestCompleteHandler
                           : co->manager.six.CmOidRequestCompleteHandler,
        .complete5 = client ? co->client.request_complete5 : co->manager.request_complete5};
}

static void
begin(PNDIS_OID_REQUEST request, struct co_side asker, struct module *at)
{
    __atomic_add_fetch(&asker.module->connections, 1, __ATOMIC_RELAXED);
    *state_of(request) = (struct co_request){.state = ASKED, .asker = asker, .at = at};
}

/* It is the asker's again, who may reuse it at once. */
static struct co_side
end(PNDIS_OID_REQUEST request)
{
    struct co_side asker;

    co_must(&state_of(request)->state, &answered);
    asker = state_of(request)->asker;
    __atomic_sub_fetch(&asker.module->connections, 1, __ATOMIC_RELEASE);
    return asker;
}

static NDIS_STATUS
ask_side(struct co_side asker, const struct co_side *target, PNDIS_OID_REQUEST request)
{
    NDIS_STATUS status;

    begin(request, asker, target->module);
    status = target->request5 ? co5_ask(target, request) : call_side_request(target, request);
    if (status != NDIS_STATUS_PENDING)
        end(request);
    return status;
}

static NDIS_STATUS
ask_miniport(struct module *binding, struct co_vc *vc, PNDIS_OID_REQUEST request)
{
    struct module *miniport = binding->adapter->miniport;
    const struct co_handlers *of_miniport = miniport->registration->co;
    NDIS_STATUS status;

    if (!of_miniport || !of_miniport->has_miniport)
        return NDIS_STATUS_NOT_SUPPORTED;
    begin(request, asker_of_miniport(binding, vc), miniport);
    status = miniport->legacy ? co5_ask_miniport(miniport, vc, request)
                              : call_co_request(miniport, vc, request);
    if (status != NDIS_STATUS_PENDING)
        end(request);
    return status;
}

NDIS_STATUS
co_ask(struct module *binding, NDIS_HANDLE family_handle, NDIS_HANDLE vc_handle,
    NDIS_HANDLE party_handle, PNDIS_OID_REQUEST request, const char *caller)
{
    struct co_family *family = family_handle ? co_family_of(family_handle, caller) : NULL;
    struct co_vc *vc = vc_handle ? co_vc_of(vc_handle, caller) : NULL;
    struct co_party *party = party_handle ? co_party_of(party_handle, caller) : NULL;
    struct co_side client, manager;

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!binding->registration->co || !binding->registration->co->has_protocol)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (!family)
        return ask_miniport(binding, vc, request);
    if (binding != family->client && binding != family->manager)
        return NDIS_STATUS_FAILURE;
    client = client_side(family, vc, party);
    manager = manager_side(family, vc, party);
    return binding == family->client ? ask_side(client, &manager, request)
                                     : ask_side(manager, &client, request);
}

/*
 * NdisCoOidRequest - a client or call manager asks the miniport, or the other of the two
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @NdisAfHandle:      of the address family that joins asker and asked; NULL: asks the miniport.
 * @NdisVcHandle:      what it is about, or NULL.
 * @NdisPartyHandle:   what it is about, or NULL.
 * @OidRequest:        the request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the request and its buffers are lent until the answer: the returned status, or after
 *            NDIS_STATUS_PENDING ProtocolCoOidRequestComplete (perhaps before this returns).
 * Errors:    NDIS_STATUS_NOT_SUPPORTED (no connection-oriented driver at either end),
 *            NDIS_STATUS_FAILURE (a family of others), or the asked driver's answer.
 * Source:    NF:ndis.NdisCoOidRequest
 */
NDIS_STATUS
NdisCoOidRequest(NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_HANDLE NdisPartyHandle, PNDIS_OID_REQUEST OidRequest)
{
    return co_ask(module_from_handle(NdisBindingHandle, MODULE_BINDING, __func__), NdisAfHandle,
        NdisVcHandle, NdisPartyHandle, OidRequest, __func__);
}

NDIS_STATUS
co_ask_client(NDIS_HANDLE family_handle, NDIS_HANDLE vc_handle, NDIS_HANDLE party_handle,
    PNDIS_OID_REQUEST request, const char *caller)
{
    struct co_family *family = co_family_of(family_handle, caller);
    struct co_vc *vc = vc_handle ? co_vc_of(vc_handle, caller) : NULL;
    struct co_party *party = party_handle ? co_party_of(party_handle, caller) : NULL;
    struct co_side client;

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (family->manager->kind != MODULE_MINIPORT)
        gate_bug_check("condis-handle-kind", "%s called %s with the family of a call manager",
            ((struct driver *)block_self->driver)->name, caller);
    client = client_side(family, vc, party);
    return ask_side(manager_side(family, vc, party), &client, request);
}

/*
 * NdisMCmOidRequest - a miniport that is its own call manager asks a client
 *
 * @NdisAfHandle:    as given to ProtocolCmOpenAf.
 * @NdisVcHandle:    what it is about, or NULL.
 * @NdisPartyHandle: what it is about, or NULL.
 * @OidRequest:      the request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: as NdisCoOidRequest.
 * Errors:    the client's answer. A family of a stand-alone call manager is a bug check (rule
 *            condis-handle-kind).
 * Source:    NF:ndis.NdisMCmOidRequest
 */
NDIS_STATUS
NdisMCmOidRequest(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle,
    PNDIS_OID_REQUEST OidRequest)
{
    return co_ask_client(NdisAfHandle, NdisVcHandle, NdisPartyHandle, OidRequest, __func__);
}

void
co_request_answered(
    struct driver *by, PNDIS_OID_REQUEST request, NDIS_STATUS status, const char *caller)
{
    struct module *at = state_of(request)->at;
    struct co_side asker;

    if (state_of(request)->state != ASKED || at->driver != by)
        gate_bug_check("condis-complete-pairs", "%s called %s for a request it does not have",
            by->name, caller);
    asker = end(request);
    if (asker.complete5)
        co5_answer(&asker, request, status);
    else
        call_side_request_complete(&asker, request, status);
}

/*
 * NdisCoOidRequestComplete - a client or call manager answers a request that it had pended
 *
 * @NdisAfHandle:    of the family.
 * @NdisVcHandle:    what it was about, or NULL.
 * @NdisPartyHandle: what it was about, or NULL.
 * @OidRequest:      as given to ProtocolCoOidRequest.
 * @Status:          final, not NDIS_STATUS_PENDING.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its asker.
 * Errors:    none; a request that the caller does not have is a bug check (rule
 *            condis-complete-pairs).
 * Source:    NF:ndis.NdisCoOidRequestComplete
 */
VOID
NdisCoOidRequestComplete(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE NdisVcHandle,
    NDIS_HANDLE NdisPartyHandle, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_family_of(NdisAfHandle, __func__);
    if (NdisVcHandle)
        co_vc_of(NdisVcHandle, __func__);
    if (NdisPartyHandle)
        co_party_of(NdisPartyHandle, __func__);
    co_request_answered(block_self->driver, OidRequest, Status, __func__);
}

/*
 * NdisMCoOidRequestComplete - a connection-oriented miniport answers a request that it had pended
 *
 * @NdisMiniportHandle: as given to MiniportInitializeEx.
 * @OidRequest:         as given to MiniportCoOidRequest.
 * @Status:             final, not NDIS_STATUS_PENDING.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its asker.
 * Errors:    none; a request that the miniport does not have is a bug check (rule
 *            condis-complete-pairs).
 * Source:    NF:ndis.NdisMCoOidRequestComplete
 */
VOID
NdisMCoOidRequestComplete(
    NDIS_HANDLE NdisMiniportHandle, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    struct module *miniport = module_from_handle(NdisMiniportHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_request_answered(miniport->driver, OidRequest, Status, __func__);
}
