/* SPDX-License-Identifier: MIT */
/* Synchronous OID requests: down through the filters and up again within one call, at
 * DISPATCH_LEVEL. The request itself travels, not clones of it.
 *
 *     NdisSynchronousOidRequest
 *       | FilterSynchronousOidRequest            slots[0]   success: further down
 *       |   FilterSynchronousOidRequest          slots[1]   anything else ends it here
 *       |     MiniportSynchronousOidRequest
 *       |   FilterSynchronousOidRequestComplete  slots[1]
 *       v FilterSynchronousOidRequestComplete    slots[0]
 *
 * Who runs here holds a processor, so a filter that was unlinked is not detached, and a miniport
 * not halted, before it has left.
 */
#include "ndis/path/path.h"

#define SLOTS 8u /* on the stack; more filters than that: memory */

struct walk {
    PNDIS_OID_REQUEST request;
    PVOID *slots; /* one for each filter, from the top */
    NDIS_STATUS status;
};

static const NDIS_FILTER_DRIVER_CHARACTERISTICS *
filter_of(const struct module *module)
{
    return &module->registration->filter;
}

static NDIS_STATUS
ask_miniport(struct module *miniport, PNDIS_OID_REQUEST request)
{
    if (miniport->core || miniport->state < MODULE_PAUSED || miniport->state > MODULE_PAUSING ||
        !miniport->registration->miniport.SynchronousOidRequestHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    miniport->oids.count++;
    return call_synchronous_oid(miniport, request, NULL);
}

/* The first filter from @at down that ends the request, or the miniport. */
static struct module *
issue(struct walk *walk, struct module *at)
{
    for (PVOID *slot = walk->slots; at->kind == MODULE_FILTER; at = at->lower, slot++) {
        if (!filter_of(at)->SynchronousOidRequestHandler)
            continue;
        at->oids.count++;
        walk->status = call_synchronous_oid(at, walk->request, slot);
        if (walk->status != NDIS_STATUS_SUCCESS)
            break;
    }
    if (at->kind == MODULE_MINIPORT)
        walk->status = ask_miniport(at, walk->request);
    else if (walk->status == NDIS_STATUS_ALREADY_COMPLETE)
        walk->status = NDIS_STATUS_SUCCESS;
    if (walk->status == NDIS_STATUS_PENDING || walk->status == NDIS_STATUS_REQUEST_ABORTED)
        gate_bug_check_of(at->driver, "oid-sync-no-pending",
            "%s answered a synchronous OID request with 0x%08x", at->driver->name,
            (unsigned)walk->status);
    return at;
}

/* The @count filters above @ended, where the request has come by. */
static void
finish(struct walk *walk, struct module *ended, unsigned count)
{
    for (struct module *at = ended->upper; count > 0; at = at->upper) {
        PVOID slot = walk->slots[--count];

        if (filter_of(at)->SynchronousOidRequestCompleteHandler)
            call_synchronous_oid_complete(at, walk->request, &walk->status, slot);
    }
}

static unsigned
filters_between(const struct module *from, const struct module *to)
{
    unsigned count = 0;

    for (; from != to && from->kind == MODULE_FILTER; from = from->lower)
        count++;
    return count;
}

static NDIS_STATUS
ask_below(struct module *from, PNDIS_OID_REQUEST request)
{
    PVOID few[SLOTS] = {NULL};
    struct walk walk = {.request = request, .slots = few};
    KIRQL irql = path_enter();
    struct module *first = from->lower, *ended;
    unsigned all = filters_between(first, NULL);

    if (all > SLOTS)
        walk.slots = machine_alloc(from->machine, all * sizeof(PVOID));
    if (walk.slots) {
        ended = issue(&walk, first);
        finish(&walk, ended, filters_between(first, ended));
    } else {
        walk.status = NDIS_STATUS_RESOURCES;
    }
    if (walk.slots != few)
        machine_free(from->machine, walk.slots);
    path_leave(irql);
    return walk.status;
}

/*
 * NdisSynchronousOidRequest - a protocol asks the layers below and has the answer on return
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @OidRequest:        of an OID that may be asked so.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until the return.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED of a miniport without MiniportSynchronousOidRequest; else
 *            the answering driver's status, never NDIS_STATUS_PENDING.
 * Source:    NF:ndis.NdisSynchronousOidRequest
 */
NDIS_STATUS
NdisSynchronousOidRequest(NDIS_HANDLE NdisBindingHandle, PNDIS_OID_REQUEST OidRequest)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return ask_below(path_module(NdisBindingHandle, MODULE_BINDING, __func__), OidRequest);
}

/*
 * NdisFSynchronousOidRequest - a filter asks the layers below and has the answer on return
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @OidRequest:       made by the filter, not one that came to it.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until the return.
 * Errors:    as NdisSynchronousOidRequest.
 * Source:    NF:ndis.NdisFSynchronousOidRequest
 */
NDIS_STATUS
NdisFSynchronousOidRequest(NDIS_HANDLE NdisFilterHandle, PNDIS_OID_REQUEST OidRequest)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return ask_below(path_module(NdisFilterHandle, MODULE_FILTER, __func__), OidRequest);
}
