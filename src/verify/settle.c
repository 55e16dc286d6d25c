/* SPDX-License-Identifier: MIT */
/* Checks of things that one module does at a time, or only as long as something lasts: settings are
 * read one after the other, a binding's context stays while it is open, registers are let be when the
 * device is gone, a synchronous request comes back as it went.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#include <string.h>

/* NdisRead- and NdisWriteConfiguration: one call at a time for a handle. */
static void
begins(struct verify *verify, const struct gate_call *call, const void *handle)
{
    struct place *place = place_find(verify, handle, PLACE_SETTINGS);
    bool other = place && place->busy && place->hash != block_self->id;

    if (fails(verify, RULE_CONFIG_SERIAL, other))
        broken_at(verify, RULE_CONFIG_SERIAL, call, NULL, &place->made, "under way since here",
            "%s called %s while another such call for the handle has not returned",
            call->driver->name, call->import->name);
    place = place_make(verify, handle, PLACE_SETTINGS, call->import->name);
    if (!place)
        return;
    place->busy = true;
    place->hash = block_self->id;
}

static void
ends(struct verify *verify, const void *handle)
{
    struct place *place = place_find(verify, handle, PLACE_SETTINGS);

    if (place && place->hash == block_self->id)
        place->busy = false;
}

static void
reads(struct verify *verify, struct gate_call *call)
{
    begins(verify, call, (const void *)call->args[2]);
}

static void
has_read(struct verify *verify, struct gate_call *call)
{
    ends(verify, (const void *)call->args[2]);
}

static void
writes(struct verify *verify, struct gate_call *call)
{
    begins(verify, call, (const void *)call->args[1]);
}

static void
has_written(struct verify *verify, struct gate_call *call)
{
    ends(verify, (const void *)call->args[1]);
}

/* The context of an open binding. */
static void
opens(struct verify *verify, struct gate_call *call)
{
    struct place *place =
        place_make(verify, (const void *)call->args[1], PLACE_CONTEXT, call->import->name);

    if (place)
        place->busy = true;
}

static void
closed_context(struct verify *verify, const void *context)
{
    struct place *place = place_find(verify, context, PLACE_CONTEXT);

    if (place)
        place->busy = false;
}

static void
opened(struct verify *verify, struct gate_call *call)
{
    NDIS_STATUS status = (NDIS_STATUS)call->result;

    if (status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_PENDING)
        closed_context(verify, (const void *)call->args[1]);
}

static void
open_completes(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->args[1] != NDIS_STATUS_SUCCESS)
        closed_context(verify, (const void *)call->args[0]);
}

static void
closes(struct verify *verify, struct gate_call *call)
{
    const struct module *binding = (const void *)call->args[0];

    call->scratch[1] =
        object_of(verify->machine, binding, OBJECT_BINDING) ? binding->context : NULL;
}

static void
closed(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS && call->scratch[1])
        closed_context(verify, call->scratch[1]);
}

static void
close_completes(struct verify *verify, struct gate_call *call)
{
    closed_context(verify, (const void *)call->args[0]);
}

/* Registers: a miniport has been told that its device is gone. */
static void
device_event(struct verify *verify, struct gate_call *call)
{
    const NET_DEVICE_PNP_EVENT *event = (const void *)call->args[1];
    struct place *place;

    if (event->DevicePnPEvent != NdisDevicePnPEventSurpriseRemoved || !call->module)
        return;
    place = place_make(verify, call->module, PLACE_DEVICE, call->handler->name);
    if (place)
        place->busy = true;
}

/* The memory of one that has gone may be another's. */
static void
initializes(struct verify *verify, struct gate_call *call)
{
    struct place *place = place_find(verify, call->module, PLACE_DEVICE);

    if (place)
        place->busy = false;
}

static void
touches(struct verify *verify, struct gate_call *call)
{
    const struct place *place = place_find(verify, block_self->module, PLACE_DEVICE);

    if (fails(verify, RULE_REMOVED_HW, place && place->busy && place->driver == call->driver))
        broken_at(verify, RULE_REMOVED_HW, call, NULL, &place->made, "it was told here",
            "%s called %s after its device was removed by surprise", call->driver->name,
            call->import->name);
}

/* A synchronous request in a filter. */
static uint64_t
fields_hash(const NDIS_OID_REQUEST *request)
{
    const struct {
        uint64_t timeout, id;
    } asked = {request->Timeout, (uint64_t)(uintptr_t)request->RequestId};

    return packet_hash(&asked, sizeof(asked)) ^
           packet_hash(request->NdisReserved, sizeof(request->NdisReserved)) * 3 ^
           packet_hash(request->MiniportReserved, sizeof(request->MiniportReserved)) * 5 ^
           packet_hash(request->SourceReserved, sizeof(request->SourceReserved)) * 7;
}

static void
sync_comes(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    call->scratch[0] = (void *)(uintptr_t)fields_hash((const void *)call->args[1]);
}

static void
sync_goes(struct verify *verify, struct gate_call *call)
{
    uintptr_t now = (uintptr_t)fields_hash((const void *)call->args[1]);

    if (fails(verify, RULE_SYNC_FIELDS, now != (uintptr_t)call->scratch[0]))
        broken(verify, RULE_SYNC_FIELDS, call, NULL, NULL, NULL,
            "%s has changed members of a synchronous OID request that are not its own",
            call->driver->name);
}

/* Filters: the identifiers of what they asked, newest last. */
static void
note_id(struct verify *verify, const void *filter, const NDIS_OID_REQUEST *request)
{
    verify->asked[verify->asks++ % IDS_KEPT] = (struct asked){filter, request->RequestId};
}

static void
asks(struct verify *verify, struct gate_call *call)
{
    note_id(verify, (const void *)call->args[0], (const void *)call->args[1]);
}

/* What is to be passed on may be cancelled before its clone is. */
static void
is_asked(struct verify *verify, struct gate_call *call)
{
    note_id(verify, call->module, (const void *)call->args[1]);
}

static void
cancels(struct verify *verify, struct gate_call *call)
{
    bool known = verify->asks > IDS_KEPT; /* those before are forgotten */

    for (unsigned k = 0; k < IDS_KEPT; k++)
        known |= verify->asked[k].module == (const void *)call->args[0] &&
                 verify->asked[k].id == (const void *)call->args[1];
    if (fails(verify, RULE_OID_CANCEL_ID, !known))
        broken(verify, RULE_OID_CANCEL_ID, call, NULL, NULL, NULL,
            "%s cancels OID requests by an identifier that none of its own has had",
            call->driver->name);
}

const struct check settle_imports[] = {
    {"NdisReadConfiguration", reads, has_read},
    {"NdisWriteConfiguration", writes, has_written},
    {"NdisOpenAdapterEx", opens, opened},
    {"NdisCloseAdapterEx", closes, closed},
    {"READ_REGISTER_UCHAR", touches, NULL},
    {"READ_REGISTER_USHORT", touches, NULL},
    {"READ_REGISTER_ULONG", touches, NULL},
    {"WRITE_REGISTER_UCHAR", touches, NULL},
    {"WRITE_REGISTER_USHORT", touches, NULL},
    {"WRITE_REGISTER_ULONG", touches, NULL},
    {"NdisFOidRequest", asks, NULL},
    {"NdisFCancelOidRequest", cancels, NULL},
    {NULL, NULL, NULL},
};

const struct check settle_handlers[] = {
    {"ProtocolOpenAdapterCompleteEx", open_completes, NULL},
    {"ProtocolCloseAdapterCompleteEx", close_completes, NULL},
    {"MiniportInitializeEx", initializes, NULL},
    {"MiniportDevicePnPEventNotify", NULL, device_event},
    {"FilterSynchronousOidRequest", sync_comes, sync_goes},
    {"FilterOidRequest", is_asked, NULL},
    {NULL, NULL, NULL},
};
