/* SPDX-License-Identifier: MIT */
/* Checks of what a miniport has begun and must end: status indications of NDIS 5, resets; and of
 * its timers at its end.
 */
#include "verify/check.h"

#include "ndis/stack/adapter.h"

/* How much of the machine's patience MiniportCheckForHang may take. */
#define HANG_PART 15
#include "nt/timer.h"

static struct record *
record_of(struct verify *verify, const struct gate_call *call)
{
    const struct module *module = (const void *)call->args[0];

    return object_of(verify->machine, module, OBJECT_ADAPTER) ? module_record(module) : NULL;
}

static void
status(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, call);

    if (record && !record->telling)
        record->telling = executive_now(verify->machine->executive);
}

static void
status_complete(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, call);

    if (record)
        record->telling = 0;
}

/* Sends that @module had when its reset began come back before that ends, from 6.30 on. */
static void
check_sends(struct verify *verify, const struct gate_call *call, const struct module *module,
    const struct record *reset)
{
    const struct record *left = NULL;

    if (module->registration->major < 6 ||
        (module->registration->major == 6 && module->registration->minor < 30))
        return;
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_NBL && record->now.state == SEAT_SEND &&
            record->now.who == module && record->turn <= reset->turn)
            left = record;
    }
    if (fails(verify, RULE_RESET_SENDS, left != NULL))
        broken(verify, RULE_RESET_SENDS, call, NULL, left, "received here",
            "%s ends its reset and still has NBL %u, which it had when that began",
            call->driver->name, left->id);
}

/* So are the requests that it had. */
static void
check_requests(struct verify *verify, const struct gate_call *call, const struct module *module,
    uint64_t began)
{
    const struct record *left = NULL;

    if (module->registration->major != 6 || module->registration->minor < 30)
        return;
    record_for_each(&verify->requests, record)
    {
        if (record->now.who == module && record->now.state == SEAT_PENDED && !record->ended &&
            record_last(record)->time < began)
            left = record;
    }
    if (fails(verify, RULE_RESET_OIDS, left != NULL))
        broken(verify, RULE_RESET_OIDS, call, NULL, left, "asked here",
            "%s ends its reset and has not answered an OID request that it had when that began",
            call->driver->name);
}

static void
reset_ends(struct verify *verify, const struct gate_call *call, struct record *record)
{
    uint64_t began = record->resetting;

    record->resetting = 0;
    check_sends(verify, call, record->body, record);
    check_requests(verify, call, record->body, began);
}

static void
reset_complete(struct verify *verify, struct gate_call *call)
{
    struct record *record = record_of(verify, call);

    if (record && record->resetting)
        reset_ends(verify, call, record);
}

/* What a reset aborts says so. */
static void
complete(struct verify *verify, struct gate_call *call)
{
    const struct record *reset = record_of(verify, call);

    if (!reset || !reset->resetting)
        return;
    for (PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1]; nbl; nbl = nbl_next(nbl)) {
        NDIS_STATUS status = NET_BUFFER_LIST_STATUS(nbl);

        if (fails(verify, RULE_RESET_STATUS, status < 0 && status != NDIS_STATUS_RESET_IN_PROGRESS))
            broken(verify, RULE_RESET_STATUS, call, NULL, NULL, NULL,
                "%s completes a send with 0x%08X in its reset", call->driver->name,
                (unsigned)status);
    }
}

static void
resets(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);

    if (record && call->driver->image)
        record->resetting = executive_now(verify->machine->executive);
    if (record)
        record->turn = verify->turns;
}

static void
reset(struct verify *verify, struct gate_call *call)
{
    struct record *record = module_record(call->module);

    if (!record || !record->resetting || (NDIS_STATUS)call->result == NDIS_STATUS_PENDING)
        return;
    reset_ends(verify, call, record);
}

/* Looking whether it hangs is no work. */
static void
looks(struct verify *verify, struct gate_call *call)
{
    call->scratch[0] = (void *)(uintptr_t)executive_now(verify->machine->executive);
}

static void
looked(struct verify *verify, struct gate_call *call)
{
    uint64_t took =
        executive_now(verify->machine->executive) - (uint64_t)(uintptr_t)call->scratch[0];

    if (fails(verify, RULE_HANG_QUICK, took > verify->machine->patience / HANG_PART))
        broken(verify, RULE_HANG_QUICK, call, NULL, NULL, NULL, "%s of %s took %llu ms",
            call->handler->name, call->driver->name, (unsigned long long)(took / 1000000));
}

static void
looked_6(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = call->module;

    looked(verify, call);
    if (fails(verify, RULE_HANG_INIT, miniport->state == MODULE_ATTACHING && (BOOLEAN)call->result))
        broken(verify, RULE_HANG_INIT, call, NULL, NULL, NULL,
            "%s of %s says that it hangs, and its MiniportInitializeEx has not returned",
            call->handler->name, call->driver->name);
}

void
watch_ends(struct verify *verify, uint64_t now, uint64_t limit)
{
    record_for_each(&verify->live, record)
    {
        const struct module *module = record->body;

        if (record->kind != OBJECT_ADAPTER || record->ended)
            continue;
        if (fails(verify, RULE_S5_STATUS_END, record->telling && now > record->telling + limit)) {
            record->telling = 0;
            broken(verify, RULE_S5_STATUS_END, NULL, module->driver, record, "last seen here",
                "%s has indicated a status and has not called NdisMIndicateStatusComplete since",
                module->driver->name);
        }
        if (fails(
                verify, RULE_RESET_PENDING, record->resetting && now > record->resetting + limit)) {
            record->resetting = 0;
            broken(verify, RULE_RESET_PENDING, NULL, module->driver, record, "last seen here",
                "%s has pended its reset and has not called NdisMResetComplete since",
                module->driver->name);
        }
    }
}

/* Timers of NDIS 5, by their adapter. */
static void
initialize_timer(struct verify *verify, struct gate_call *call)
{
    PNDIS_MINIPORT_TIMER timer = (PNDIS_MINIPORT_TIMER)call->args[0];
    struct place *place = place_find(verify, &timer->Timer, PLACE_TIMER);

    if (!place)
        place = place_make(verify, &timer->Timer, PLACE_TIMER, call->import->name);
    if (place)
        place->who = (const void *)call->args[1];
}

static void
find_set(struct verify *verify, struct place *place, void *context)
{
    const void **found = context;

    (void)verify;
    if (place->kind == PLACE_TIMER && place->who == found[0] && timer_is_set(place->address))
        found[1] = place;
}

static void
halted(struct verify *verify, struct gate_call *call)
{
    const void *found[2] = {call->module, NULL};
    const struct place *place;

    places_visit(verify, find_set, found);
    place = found[1];
    if (fails(verify, RULE_TIMER_HALT_5, place != NULL))
        broken_at(verify, RULE_TIMER_HALT_5, call, NULL, &place->made, "it was made here",
            "%s of %s returned with a timer set", call->handler->name, call->driver->name);
}

const struct check late_imports[] = {
    {"NdisMIndicateStatus", status, NULL},
    {"NdisMIndicateStatusComplete", status_complete, NULL},
    {"NdisMResetComplete", reset_complete, NULL},
    {"NdisMSendNetBufferListsComplete", complete, NULL},
    {"NdisMInitializeTimer", NULL, initialize_timer},
    {NULL, NULL, NULL},
};

const struct check late_handlers[] = {
    {"MiniportReset", resets, reset},
    {"MiniportResetEx", resets, reset},
    {"MiniportCheckForHang", looks, looked},
    {"MiniportCheckForHangEx", looks, looked_6},
    {"MiniportHalt", NULL, halted},
    {NULL, NULL, NULL},
};
