/* SPDX-License-Identifier: MIT */
/* Checks of modules that are told to pause, while NDIS still comes to them.
 *
 *     FilterPause has returned     what is shown to it from then on comes back within the call
 *     NetEventPause has returned   what a protocol has received comes back, whenever it came
 *     a miniport that is paused    answers OID requests as ever
 *
 * Where somebody looks, undis shows paused filters and bindings what the miniport below, which is
 * not paused yet, indicates (ndis/stack/stack.c).
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

#define SECOND        1000000000ull
#define RETURN        (20 * SECOND)
#define SCRATCH_NBL   1
#define SCRATCH_MOVES 7 /* how often it has moved */

static bool
is_paused(const struct module *module)
{
    return module->state == MODULE_PAUSING || module->state == MODULE_PAUSED;
}

static void
told(struct verify *verify, const struct module *module)
{
    struct record *record = module ? module_record(module) : NULL;

    if (record)
        record->paused = executive_now(verify->machine->executive);
}

static void
starts(const struct module *module)
{
    struct record *record = module ? module_record(module) : NULL;

    if (record)
        record->paused = 0;
}

static void
filter_paused(struct verify *verify, struct gate_call *call)
{
    told(verify, call->module);
}

static void
filter_restarts(struct verify *verify, struct gate_call *call)
{
    (void)verify;
    starts(call->module);
}

/* The event may be gone when its handler has returned. */
static void
event_comes(struct verify *verify, struct gate_call *call)
{
    const NET_PNP_EVENT_NOTIFICATION *event = (const void *)call->args[1];

    (void)verify;
    call->scratch[SCRATCH_NBL] = (void *)(uintptr_t)(event->NetPnPEvent.NetEvent == NetEventPause);
    if (event->NetPnPEvent.NetEvent == NetEventRestart)
        starts(call->module);
}

static void
event_done(struct verify *verify, struct gate_call *call)
{
    if (call->scratch[SCRATCH_NBL])
        told(verify, call->module);
}

static void
receives(struct verify *verify, struct gate_call *call)
{
    const struct module *filter = call->module;
    const struct record *record = module_record(filter);
    const struct object *first =
        object_of(verify->machine, (const void *)call->args[1], OBJECT_NBL);
    const struct record *nbl = first ? first->record : NULL;

    if (!record || !record->paused || !is_paused(filter) ||
        call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        nbl = NULL;
    call->scratch[SCRATCH_NBL] = (void *)nbl;
    call->scratch[SCRATCH_MOVES] = (void *)(uintptr_t)(nbl ? nbl->move_count : 0);
}

static void
received(struct verify *verify, struct gate_call *call)
{
    const struct record *nbl = call->scratch[SCRATCH_NBL];

    if (!nbl || !call->driver->image || !is_paused(call->module))
        return;
    if (fails(verify, RULE_PAUSED_RETURNS,
            nbl->live && nbl->move_count == (uintptr_t)call->scratch[SCRATCH_MOVES] &&
                nbl->now.who == call->module && nbl->now.state == SEAT_RECEIVE))
        broken(verify, RULE_PAUSED_RETURNS, call, NULL, nbl, "received here",
            "%s keeps NBL %u, which it received after its FilterPause had returned",
            call->driver->name, nbl->id);
}

/* A paused binding keeps nothing: the miniport's pause waits for it. */
static void
check_kept(struct verify *verify, struct record *nbl, uint64_t now)
{
    const struct module *binding = nbl->now.who;
    const struct move *move = record_last(nbl);
    const struct record *record;
    uint64_t due;

    if (nbl->now.state != SEAT_RECEIVE || nbl->lost || nbl->overdue || !binding ||
        binding->kind != MODULE_BINDING || !binding->driver->image || !is_paused(binding))
        return;
    record = module_record(binding);
    if (!record || !record->paused || !move)
        return;
    due = (move->time > record->paused ? move->time : record->paused) + limit(verify, RETURN);
    if (!fails(verify, RULE_PAUSED_KEEPS, now > due))
        return;
    nbl->overdue = true;
    broken(verify, RULE_PAUSED_KEEPS, NULL, binding->driver, nbl, "received here",
        "%s is paused and has not returned NBL %u for %llu ms", binding->driver->name, nbl->id,
        (unsigned long long)((now - record->paused) / 1000000));
}

void
watch_paused(struct verify *verify, uint64_t now)
{
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_NBL)
            check_kept(verify, record, now);
    }
}

/* What says of an adapter that it is there no more, or not yet, is no answer of a paused one. */
static void
check_answer(struct verify *verify, const struct gate_call *call, const struct module *miniport,
    NDIS_STATUS status)
{
    const struct record *record = module_record(miniport);

    if (!(is_paused(miniport) || miniport->state == MODULE_RESTARTING) || !record ||
        record->asleep || record->falling || record->resetting || miniport->adapter->surprised ||
        adapter_sleeps(miniport->adapter))
        return;
    if (fails(verify, RULE_PAUSED_ANSWERS,
            status == NDIS_STATUS_PAUSED || status == NDIS_STATUS_ADAPTER_NOT_READY))
        broken(verify, RULE_PAUSED_ANSWERS, call, NULL, NULL, NULL,
            "%s answers an OID request with 0x%08X while its adapter is %s", call->driver->name,
            (unsigned)status, module_state_name(miniport->state));
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        check_answer(verify, call, call->module, (NDIS_STATUS)call->result);
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    const void *handle = (const void *)call->args[0];

    if (object_of(verify->machine, handle, OBJECT_ADAPTER))
        check_answer(verify, call, handle, (NDIS_STATUS)call->args[2]);
}

const struct check paused_imports[] = {
    {"NdisMOidRequestComplete", completes, NULL},
    {NULL, NULL, NULL},
};

const struct check paused_handlers[] = {
    {"FilterPause", NULL, filter_paused},
    {"FilterRestart", filter_restarts, NULL},
    {"ProtocolNetPnPEvent", event_comes, event_done},
    {"FilterReceiveNetBufferLists", receives, received},
    {"MiniportOidRequest", NULL, answered},
    {NULL, NULL, NULL},
};
