/* SPDX-License-Identifier: MIT */
/* OID requests: down from a protocol, a filter or the core to the first layer that answers, and
 * back by status or, after NDIS_STATUS_PENDING, by one completion call.
 *
 *     NdisOidRequest -> FilterOidRequest -> NdisFOidRequest(clone) -> MiniportOidRequest
 *     ProtocolOidRequestComplete <- NdisFOidRequestComplete <- ... <- NdisMOidRequestComplete
 *
 * A request object belongs to one origin; a filter that passes a request on makes a clone whose
 * origin it is. Ordinary requests reach a filter or miniport one at a time, at PASSIVE_LEVEL;
 * direct requests (oid_direct.c) at once; for synchronous ones see oid_synchronous.c. What NDIS keeps
 * of a request lies in its NdisReserved.
 */
#include "ndis/path/oid.h"
#include "executive/executive.h"
#include "host/lock.h"
#include "ndis/path/audience.h"
#include "ndis/path/keyword.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"
#include "ndis/path/rss.h"
#include "nt/thread.h"

#define OID_PATIENCE 2

struct oid_state {
    struct module *origin; /* NULL: the core */
    struct module *at;     /* whose handler has it */
    PNDIS_OID_REQUEST next;
    struct audience_change *change; /* what the origin wants to receive from now on, or NULL */
    struct oid_detour *detour;      /* what the miniport is asked instead, or NULL */
    uint32_t done;                  /* word, when the core is the origin */
    NDIS_STATUS status;
    bool direct;
};
_Static_assert(sizeof(struct oid_state) <= sizeof(((NDIS_OID_REQUEST *)0)->NdisReserved),
    "NdisReserved holds our state");
_Static_assert(offsetof(struct oid_state, origin) == 0, "what oid_origin reads");

static struct oid_state *
state_of(PNDIS_OID_REQUEST request)
{
    return (struct oid_state *)request->NdisReserved;
}

/* A filter must not be detached while a request of its own is out; a protocol sees to that itself. */
static bool
is_held(const struct module *origin)
{
    return origin && origin->kind == MODULE_FILTER;
}

static void
deliver(PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    struct oid_state *state = state_of(request);
    struct module *origin = state->origin;

    if (state->change)
        audience_answered(request, state->change, status);
    if (origin) {
        bool held = is_held(origin);
        void *entered = module_enter(origin);

        call_oid_complete(origin, request, status, state->direct);
        module_leave(origin, entered);
        if (held)
            module_let_go(origin);
        return;
    }
    state->status = status;
    __atomic_store_n(&state->done, 1, __ATOMIC_RELEASE);
    executive_wake(machine_self()->executive, &state->done, 1);
}

/* A miniport of NDIS 6 has answered: the answer of the request. */
static NDIS_STATUS
answered(struct module *at, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    struct oid_state *state = state_of(request);

    if (at->core || at->kind != MODULE_MINIPORT)
        return status;
    if (state->detour)
        status = state->detour->end(at->machine, request, state->detour, status);
    if (status == NDIS_STATUS_SUCCESS) {
        oid_remember(at->adapter, request);
        port_remember(at->adapter, request);
    }
    state->detour = NULL;
    return status;
}

static NDIS_STATUS
ask_miniport(struct module *at, PNDIS_OID_REQUEST request)
{
    struct oid_state *state = state_of(request);
    NDIS_STATUS status;

    if (oid_answer(at->adapter, request, &status))
        return status;
    status = rss_check(request);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    keyword_update(at->adapter, request);
    status = statistics_detour(at->adapter, request, &state->detour);
    if (status == NDIS_STATUS_SUCCESS && !state->detour)
        status = rss_detour(at->adapter, request, &state->detour);
    if (status == NDIS_STATUS_SUCCESS)
        status = call_oid_request(at, request, state->direct);
    return status == NDIS_STATUS_PENDING ? status : answered(at, request, status);
}

static NDIS_STATUS
invoke(struct module *at, PNDIS_OID_REQUEST request)
{
    NDIS_STATUS status;

    at->oids.count++;
    module_hold(at);
    if (at->core || at->kind != MODULE_MINIPORT)
        status = call_oid_request(at, request, state_of(request)->direct);
    else
        status = ask_miniport(at, request);
    if (status != NDIS_STATUS_PENDING)
        state_of(request)->at = NULL;
    module_let_go(at);
    return status;
}

static PNDIS_OID_REQUEST
take_next(struct module *at)
{
    struct module_oids *oids = &at->oids;
    PNDIS_OID_REQUEST request;

    host_lock(&oids->lock);
    request = oids->first;
    if (request) {
        oids->first = state_of(request)->next;
        if (!oids->first)
            oids->last = NULL;
    }
    oids->current = request;
    oids->busy = request != NULL;
    host_unlock(&oids->lock);
    return request;
}

/* A worker: runs the current request, and those behind it while answers come at once. */
static void
work(void *context)
{
    struct module *at = context;
    PNDIS_OID_REQUEST request = at->oids.current;

    while (request) {
        NDIS_STATUS status = invoke(at, request);

        if (status == NDIS_STATUS_PENDING)
            return;
        /* The next one is taken first: the origin may ask again from its completion. */
        PNDIS_OID_REQUEST next = take_next(at);
        deliver(request, status);
        module_let_go(at);
        request = next;
    }
}

static void
start_worker(struct module *at)
{
    struct undis *machine = at->machine;

    if (nt_spawn(machine, "oid", work, at))
        gate_bug_check(NULL, "no task for the OID requests of %s", at->driver->name);
}

static void
finish(struct module *at)
{
    if (take_next(at))
        start_worker(at);
}

/* Gives @request to @at; queued when @at has one already or the IRQL is too high. */
static NDIS_STATUS
submit(struct module *at, PNDIS_OID_REQUEST request)
{
    struct module_oids *oids = &at->oids;
    NDIS_STATUS status;
    bool queued;

    state_of(request)->at = at;
    if (state_of(request)->direct)
        return invoke(at, request);
    host_lock(&oids->lock);
    queued = oids->busy;
    if (queued) {
        if (oids->last)
            state_of(oids->last)->next = request;
        else
            oids->first = request;
        oids->last = request;
    } else {
        oids->busy = true;
        oids->current = request;
    }
    host_unlock(&oids->lock);
    if (queued)
        return NDIS_STATUS_PENDING;
    if (irql_now() > PASSIVE_LEVEL) {
        start_worker(at);
        return NDIS_STATUS_PENDING;
    }
    status = invoke(at, request);
    if (status != NDIS_STATUS_PENDING)
        finish(at);
    return status;
}

static bool
takes_requests(const struct module *module)
{
    return module->kind == MODULE_MINIPORT || module->registration->filter.OidRequestHandler;
}

static bool
takes_direct_requests(const struct module *module)
{
    if (module->kind == MODULE_FILTER)
        return module->registration->filter.DirectOidRequestHandler;
    return !module->core && module->registration->miniport.DirectOidRequestHandler;
}

/* Counted: module_let_go when it has answered. */
static struct module *
take_taker(const struct module *from, bool direct)
{
    return stack_find_below(from, direct ? takes_direct_requests : takes_requests);
}

/* While the adapter sleeps only its power state is a subject; a port must be active. */
static NDIS_STATUS
refused(struct adapter *adapter, const NDIS_OID_REQUEST *request)
{
    if (adapter_sleeps(adapter) && request->DATA.SET_INFORMATION.Oid != OID_PNP_SET_POWER)
        return NDIS_STATUS_LOW_POWER_STATE;
    if (request->PortNumber != NDIS_DEFAULT_PORT_NUMBER &&
        !port_active(adapter, request->PortNumber))
        return NDIS_STATUS_INVALID_PORT;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
oid_request_below(struct module *from, PNDIS_OID_REQUEST request, bool direct)
{
    struct audience_change *change = NULL;
    struct module *at;
    NDIS_STATUS status = refused(from->adapter, request);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (from->kind == MODULE_BINDING && !direct &&
        audience_request(from->adapter, &from->wants, request, &change, &status))
        return status;
    at = take_taker(from, direct);
    *state_of(request) = (struct oid_state){.origin = from, .change = change, .direct = direct};
    if (is_held(from))
        module_hold(from);
    status = at ? submit(at, request) : NDIS_STATUS_NOT_SUPPORTED;
    if (status == NDIS_STATUS_PENDING)
        return status;
    if (change)
        audience_answered(request, change, status);
    if (at)
        module_let_go(at);
    if (is_held(from))
        module_let_go(from);
    return status;
}

/* Whether the core may ask the stack. */
static NDIS_STATUS
open_to_core(struct adapter *adapter, const NDIS_OID_REQUEST *request)
{
    return adapter->top ? refused(adapter, request) : NDIS_STATUS_ADAPTER_NOT_READY;
}

/* Whoever has it has the machine's patience, and more: what he waits for has its own. */
static void
wait_until_done(struct undis *machine, struct oid_state *state)
{
    uint64_t late = executive_now(machine->executive) + OID_PATIENCE * machine->patience;

    while (!__atomic_load_n(&state->done, __ATOMIC_ACQUIRE)) {
        if (executive_now(machine->executive) >= late)
            gate_hang(NULL, "an OID request of undis has not been answered");
        executive_wait(machine->executive, &state->done, 0, late);
    }
}

static NDIS_STATUS
run(struct module *at, PNDIS_OID_REQUEST request, struct audience_change *change)
{
    struct oid_state *state = state_of(request);
    struct undis *machine = machine_self(); /* @at may be gone as soon as it has answered */
    NDIS_STATUS status = NDIS_STATUS_ADAPTER_NOT_READY;

    *state = (struct oid_state){.change = change};
    if (at)
        status = submit(at, request);
    if (status != NDIS_STATUS_PENDING) {
        if (change)
            audience_answered(request, change, status);
        if (at)
            module_let_go(at);
        return status;
    }
    wait_until_done(machine, state);
    return state->status;
}

NDIS_STATUS
oid_run_at(struct module *at, PNDIS_OID_REQUEST request)
{
    module_hold(at);
    return run(at, request, NULL);
}

NDIS_STATUS
oid_run(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    NDIS_STATUS status = open_to_core(adapter, request);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    return run(stack_find(adapter, takes_requests), request, NULL);
}

NDIS_STATUS
oid_run_host(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    struct audience_change *change;
    NDIS_STATUS status = open_to_core(adapter, request);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (audience_request(adapter, &adapter->host_wants, request, &change, &status))
        return status;
    return run(stack_find(adapter, takes_requests), request, change);
}

void
oid_complete_by(struct module *at, PNDIS_OID_REQUEST request, NDIS_STATUS status, bool direct,
    const char *caller)
{
    struct oid_state *state = state_of(request);

    if (state->at != at || state->direct != direct)
        gate_bug_check("oid-complete-exactly-once", "%s called %s for a request it does not have",
            at->driver->name, caller);
    state->at = NULL;
    status = answered(at, request, status);
    if (!direct)
        finish(at);
    deliver(request, status);
    module_let_go(at);
}

void
oid_complete(struct module *at, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    oid_complete_by(at, request, status, false, "its completion function");
}

/* Takes the waiting requests with @request_id out of @at's queue and answers them. */
static void
abort_waiting(struct module *at, PVOID request_id)
{
    struct module_oids *oids = &at->oids;
    PNDIS_OID_REQUEST aborted = NULL, *link, request, last = NULL;

    host_lock(&oids->lock);
    link = &oids->first;
    while ((request = *link)) {
        if (request->RequestId == request_id) {
            *link = state_of(request)->next;
            state_of(request)->next = aborted;
            aborted = request;
        } else {
            last = request;
            link = &state_of(request)->next;
        }
    }
    oids->last = last;
    host_unlock(&oids->lock);
    while ((request = aborted)) {
        aborted = state_of(request)->next;
        deliver(request, NDIS_STATUS_REQUEST_ABORTED);
        module_let_go(at);
    }
}

void
oid_cancel_below(struct module *from, PVOID request_id, bool direct)
{
    struct module *at = take_taker(from, direct);

    if (!at)
        return;
    if (!direct)
        abort_waiting(at, request_id);
    call_cancel_oid(at, request_id, direct);
    module_let_go(at);
}

/*
 * NdisOidRequest - a protocol queries or sets something of the layers below
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @OidRequest:        revision 1 or later.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the request and its buffers are lent until the answer: the returned status, or after
 *            NDIS_STATUS_PENDING ProtocolOidRequestComplete (perhaps before this returns).
 * Errors:    the answering driver's status.
 * Source:    NF:ndis.NdisOidRequest
 */
NDIS_STATUS
NdisOidRequest(NDIS_HANDLE NdisBindingHandle, PNDIS_OID_REQUEST OidRequest)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return oid_request_below(
        path_module(NdisBindingHandle, MODULE_BINDING, __func__), OidRequest, false);
}

/*
 * NdisFOidRequest - a filter passes a request on (as a clone), or makes its own
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @OidRequest:       from NdisAllocateCloneOidRequest or made by the filter.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until the answer, see NdisOidRequest; FilterOidRequestComplete.
 * Errors:    the answering driver's status.
 * Source:    NF:ndis.NdisFOidRequest
 */
NDIS_STATUS
NdisFOidRequest(NDIS_HANDLE NdisFilterHandle, PNDIS_OID_REQUEST OidRequest)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return oid_request_below(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), OidRequest, false);
}

/*
 * NdisMOidRequestComplete - a miniport answers a request it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @OidRequest:            as given to MiniportOidRequest.
 * @Status:                final, not NDIS_STATUS_PENDING.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its origin.
 * Errors:    none; a request the miniport does not have is a bug check.
 * Source:    NF:ndis.NdisMOidRequestComplete
 */
VOID
NdisMOidRequestComplete(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_complete_by(path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__), OidRequest,
        Status, false, __func__);
}

/*
 * NdisFOidRequestComplete - a filter answers a request it had pended
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @OidRequest:       as given to FilterOidRequest.
 * @Status:           final, not NDIS_STATUS_PENDING.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: gives the request back to its origin.
 * Errors:    none; a request the filter does not have is a bug check.
 * Source:    NF:ndis.NdisFOidRequestComplete
 */
VOID
NdisFOidRequestComplete(
    NDIS_HANDLE NdisFilterHandle, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_complete_by(path_module(NdisFilterHandle, MODULE_FILTER, __func__), OidRequest, Status,
        false, __func__);
}

/*
 * NdisCancelOidRequest - a protocol wants a pending request answered soon
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @RequestId:         RequestId of the request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here; the request comes back through its completion.
 * Errors:    none.
 * Source:    NF:ndis.NdisCancelOidRequest
 */
VOID
NdisCancelOidRequest(NDIS_HANDLE NdisBindingHandle, PVOID RequestId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_cancel_below(path_module(NdisBindingHandle, MODULE_BINDING, __func__), RequestId, false);
}

/*
 * NdisFCancelOidRequest - a filter passes a cancellation on
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @RequestId:        RequestId of the filter's own (cloned) request.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here.
 * Errors:    none.
 * Source:    NF:ndis.NdisFCancelOidRequest
 */
VOID
NdisFCancelOidRequest(NDIS_HANDLE NdisFilterHandle, PVOID RequestId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    oid_cancel_below(path_module(NdisFilterHandle, MODULE_FILTER, __func__), RequestId, false);
}
