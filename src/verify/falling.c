/* SPDX-License-Identifier: MIT */
/* Checks of a miniport whose device is put to sleep.
 *
 *     OID_PNP_SET_POWER, D1 to D3   falling: indications return, sends are completed, returns are not
 *                                   waited for
 *     NDIS_STATUS_SUCCESS           asleep: a send comes back at once, refused
 *     OID_PNP_SET_POWER, D0         what is answered from now on may be either
 *
 * Sends reach it only where the stack is not paused for the sleep (lifecycle/power.c).
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#define SECOND 1000000000ull
#define RETURN (10 * SECOND) /* a transition that takes so long waits for something */

static bool
is_power(const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;

    return request->RequestType == NdisRequestSetInformation && set->Oid == OID_PNP_SET_POWER &&
           set->InformationBuffer &&
           set->InformationBufferLength >= sizeof(NDIS_DEVICE_POWER_STATE);
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    const NDIS_OID_REQUEST *request = (const void *)call->args[1];
    struct record *record = module_record(call->module);

    if (!record || !call->driver->image || !is_power(request))
        return;
    record->asleep = false;
    if (*(const NDIS_DEVICE_POWER_STATE *)request->DATA.SET_INFORMATION.InformationBuffer >
        NdisDeviceStateD0)
        record->falling = executive_now(verify->machine->executive);
}

/* A send that @miniport has. */
static struct record *
send_at(struct verify *verify, const struct module *miniport)
{
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_NBL && record->now.state == SEAT_SEND &&
            record->now.who == miniport && !record->lost)
            return record;
    }
    return NULL;
}

/* One of its own that it has indicated and that has not come back. */
static struct record *
indication_of(struct verify *verify, const struct module *miniport)
{
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_NBL && record->seats && record->below[0].who == miniport &&
            record->below[0].state == SEAT_HELD && record->below[0].up && !record->lost)
            return record;
    }
    return NULL;
}

static void
falls(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    struct record *record, NDIS_STATUS status)
{
    const struct record *send;

    if (!record->falling)
        return;
    record->falling = 0;
    if (status != NDIS_STATUS_SUCCESS)
        return;
    record->asleep = true;
    /* What a handler that still runs has got, it may be about to refuse. */
    send = record->sending ? NULL : send_at(verify, miniport);
    if (fails(verify, RULE_POWER_PENDING, send != NULL))
        broken(verify, RULE_POWER_PENDING, call, NULL, send, "received here",
            "%s lets its device sleep and still has NBL %u to send", call->driver->name, send->id);
    else if (fails(verify, RULE_POWER_PENDING, record->indicating != 0))
        broken(verify, RULE_POWER_PENDING, call, NULL, NULL, NULL,
            "%s lets its device sleep while it calls NdisMIndicateReceiveNetBufferLists",
            call->driver->name);
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);

    if (record && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        falls(verify, call, call->module, record, (NDIS_STATUS)call->result);
}

static struct record *
record_of(struct verify *verify, const struct gate_call *call)
{
    const struct object *prefix =
        object_of(verify->machine, (const void *)call->args[0], OBJECT_ADAPTER);

    return prefix ? prefix->record : NULL;
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, call);

    if (record)
        falls(verify, call, record->body, record, (NDIS_STATUS)call->args[2]);
}

static void
indicates(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, call);

    if (record)
        record->indicating++;
}

static void
indicated(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, call);

    if (record && record->indicating)
        record->indicating--;
}

/* Refused, or given up by who sent it. */
static bool
refuses(const struct module *miniport, NDIS_STATUS status)
{
    if (status == NDIS_STATUS_PAUSED)
        return miniport->state != MODULE_RUNNING;
    return status == NDIS_STATUS_LOW_POWER_STATE || status == NDIS_STATUS_RESET_IN_PROGRESS ||
           status == NDIS_STATUS_SEND_ABORTED || status == NDIS_STATUS_REQUEST_ABORTED;
}

static void
sends(struct verify *verify, struct gate_call *call)
{
    const struct record *record = record_of(verify, call);

    if (!record || !record->asleep)
        return;
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl; nbl = nbl->Next) {
        const struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        NDIS_STATUS status = prefix ? NET_BUFFER_LIST_STATUS(nbl) : NDIS_STATUS_LOW_POWER_STATE;

        if (fails(verify, RULE_POWER_REFUSES, !refuses(record->body, status)))
            broken(verify, RULE_POWER_REFUSES, call, NULL, prefix->record, "received here",
                "%s completes a send with 0x%08X while its device sleeps", call->driver->name,
                (unsigned)status);
        if (!prefix)
            return;
    }
}

static void
send(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);
    const struct object *first =
        object_of(verify->machine, (const void *)call->args[1], OBJECT_NBL);
    const struct record *nbl = first && record && record->asleep ? first->record : NULL;

    call->scratch[0] = (void *)nbl;
    call->scratch[1] = (void *)(uintptr_t)(nbl ? nbl->turn : 0);
    if (record)
        record->sending++;
}

/* After the handler: what came while the device sleeps must have gone; in another turn it may be back
 * on another processor. */
static void
sent(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);
    const struct record *nbl = call->scratch[0];

    if (record && record->sending)
        record->sending--;
    if (!record || !nbl || !call->driver->image)
        return;
    if (fails(verify, RULE_POWER_REFUSES,
            record->asleep && nbl->live && nbl->turn == (uintptr_t)call->scratch[1] &&
                nbl->now.who == call->module && nbl->now.state == SEAT_SEND))
        broken(verify, RULE_POWER_REFUSES, call, NULL, nbl, "received here",
            "%s keeps NBL %u, which it got while its device sleeps", call->driver->name, nbl->id);
}

/* From 6.30 on a transition does not wait for what others have to return. */
static void
check_falling(struct verify *verify, struct record *record, uint64_t now)
{
    const struct module *miniport = record->body;
    const struct record *out;

    if (!record->falling || miniport->registration->major < 6 ||
        miniport->registration->minor < 30 || now < record->falling + limit(verify, RETURN))
        return;
    out = record->indicating || send_at(verify, miniport) ? NULL : indication_of(verify, miniport);
    if (!fails(verify, RULE_POWER_RETURNS, out != NULL))
        return;
    broken(verify, RULE_POWER_RETURNS, NULL, miniport->driver, out, "indicated here",
        "%s has not let its device sleep for %llu ms, and all that is not back is what it "
        "indicated, NBL %u first",
        miniport->driver->name, (unsigned long long)((now - record->falling) / 1000000), out->id);
    record->falling = now;
}

void
watch_falling(struct verify *verify, uint64_t now)
{
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_ADAPTER && !record->ended)
            check_falling(verify, record, now);
    }
}

const struct check falling_imports[] = {
    {"NdisMOidRequestComplete", completes, NULL},
    {"NdisMIndicateReceiveNetBufferLists", indicates, indicated},
    {"NdisMSendNetBufferListsComplete", sends, NULL},
    {NULL, NULL, NULL},
};

const struct check falling_handlers[] = {
    {"MiniportOidRequest", asked, answered},
    {"MiniportSendNetBufferLists", send, sent},
    {NULL, NULL, NULL},
};
