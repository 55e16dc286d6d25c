/* SPDX-License-Identifier: MIT */
/* Checks of handlers that take too long: what the watchdog of NDIS looks at. A handler that never
 * comes back is told by the hang report instead; one that looks again and again whether it may go on,
 * as it does so.
 */
#include "verify/check.h"

#include "host/lock.h"
#include "verify/verify.h"

#include <stdio.h>
#include <string.h>

#define SECOND  1000000000ull
#define WATCHED (10 * SECOND) /* a handler that NDIS waits for */
#define STATUS  (5 * SECOND)  /* a status handler, which holds up all that follow */
#define WAITS   (2 * SECOND)  /* a handler that is not to wait at all */
#define PAUSE   (10 * SECOND) /* of a filter */

uint64_t
running_for(const struct verify *verify, const struct gate_call *call)
{
    uint64_t now = executive_now(verify->machine->executive);
    uint64_t since = (uintptr_t)call->scratch[SCRATCH_SINCE];

    return now > since ? now - since : 0;
}

static bool
too_long(
    struct verify *verify, const struct gate_call *call, enum rule_name rule, uint64_t documented)
{
    uint64_t took = running_for(verify, call);
    bool late = fails(verify, rule, took > limit(verify, documented));

    if (late)
        broken(verify, rule, call, NULL, NULL, NULL, "%s of %s took %llu ms; %llu ms is the limit",
            call->handler->name, call->driver->name, (unsigned long long)(took / 1000000),
            (unsigned long long)(limit(verify, documented) / 1000000));
    return late;
}

static void
status_returned(struct verify *verify, struct gate_call *call)
{
    const struct module *at = call->module;
    enum rule_name rule =
        at && at->kind == MODULE_FILTER ? RULE_WATCH_STATUS_F : RULE_WATCH_STATUS_P;

    if (!too_long(verify, call, rule, WATCHED))
        too_long(verify, call, RULE_STATUS_TIMELY, STATUS);
}

static void
filter_event_returned(struct verify *verify, struct gate_call *call)
{
    too_long(verify, call, RULE_WATCH_EVENT_F, WATCHED);
}

/* To go to sleep is not to wait for what is under way. */
static bool
puts_to_sleep(const NET_PNP_EVENT_NOTIFICATION *event)
{
    const NET_DEVICE_POWER_STATE *state = event->NetPnPEvent.Buffer;

    return event->NetPnPEvent.NetEvent == NetEventSetPower && state && *state > NetDeviceStateD0;
}

static void
protocol_event_returned(struct verify *verify, struct gate_call *call)
{
    if (!too_long(verify, call, RULE_WATCH_EVENT_P, WATCHED) &&
        (NDIS_STATUS)call->result != NDIS_STATUS_PENDING &&
        puts_to_sleep((const void *)call->args[1]))
        too_long(verify, call, RULE_SLEEP_WAITS, WAITS);
}

static void
detached(struct verify *verify, struct gate_call *call)
{
    too_long(verify, call, RULE_WATCH_DETACH, WATCHED);
}

static void
halted(struct verify *verify, struct gate_call *call)
{
    too_long(verify, call, RULE_WATCH_HALT, WATCHED);
}

static void
filter_asked(struct verify *verify, struct gate_call *call)
{
    too_long(verify, call, RULE_WATCH_OID_F, WATCHED);
}

static void
miniport_asked(struct verify *verify, struct gate_call *call)
{
    if (!too_long(verify, call, RULE_WATCH_OID_M, WATCHED))
        too_long(verify, call, RULE_OID_WAITS, WAITS);
}

static void
filter_paused(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        too_long(verify, call, RULE_PAUSE_TIMED_F, PAUSE);
}

/* Completed later: counted from the call of FilterPause. */
static void
filter_pause_completes(struct verify *verify, struct gate_call *call)
{
    struct object *prefix = object_of(verify->machine, (const void *)call->args[0], OBJECT_FILTER);
    const struct module *filter = prefix ? (const void *)(prefix + 1) : NULL;
    uint64_t now = executive_now(verify->machine->executive);
    uint64_t took;

    if (!filter || filter->state != MODULE_PAUSING || now < filter->operation.since)
        return;
    took = now - filter->operation.since;
    if (fails(verify, RULE_PAUSE_TIMED_F, took > limit(verify, PAUSE)))
        broken(verify, RULE_PAUSE_TIMED_F, call, NULL, NULL, NULL,
            "%s completed its pause after %llu ms; %llu ms is the limit", call->driver->name,
            (unsigned long long)(took / 1000000),
            (unsigned long long)(limit(verify, PAUSE) / 1000000));
}

const char *
verify_hang_rule(const char *handler)
{
    static const struct {
        const char *handler, *rule;
    } watched[] = {
        {"FilterDetach", "wd-filter-detach"},
        {"FilterNetPnPEvent", "wd-filter-netpnpevent"},
        {"FilterOidRequest", "wd-filter-oid"},
        {"FilterPause", "wd-filter-pause"},
        {"MiniportHaltEx", "wd-miniport-halt"},
        {"MiniportHalt", "wd-miniport-halt"},
        {"MiniportOidRequest", "wd-miniport-oid"},
        {"MiniportPause", "wd-miniport-pause"},
        {"ProtocolNetPnPEvent", "wd-protocol-netpnpevent"},
        {"ProtocolUnbindAdapterEx", "wd-protocol-unbind"},
    };

    for (unsigned k = 0; k < RTL_NUMBER_OF(watched); k++)
        if (strcmp(watched[k].handler, handler) == 0)
            return watched[k].rule;
    return NULL;
}

static bool
is_awaited(const struct gate_call *call)
{
    const char *name = call->handler->name;

    return call->irql < DISPATCH_LEVEL &&
           (strncmp(name, "Miniport", 8) == 0 || strncmp(name, "Filter", 6) == 0 ||
               strncmp(name, "Protocol", 8) == 0);
}

/* Twice as long as what is waited for once: whoever is waited for is told first. */
static void
waits_again(struct verify *verify, struct gate_call *call)
{
    const struct gate_call *around = block_self->scratch[SCRATCH_HANDLER];
    char text[160];

    (void)call;
    while (around && !is_awaited(around))
        around = around->scratch[SCRATCH_OUTER];
    if (!around || running_for(verify, around) < 4 * verify->machine->patience)
        return;
    snprintf(text, sizeof(text), "%s of %s has run for %llu ms and waits again",
        around->handler->name, around->driver->name,
        (unsigned long long)(running_for(verify, around) / 1000000));
    host_unlock(&verify->lock);
    gate_hang(verify_hang_rule(around->handler->name), text);
}

const struct check slow_imports[] = {
    {"KeDelayExecutionThread", waits_again, NULL},
    {"KeStallExecutionProcessor", waits_again, NULL},
    {"KeWaitForSingleObject", waits_again, NULL},
    {"NdisMSleep", waits_again, NULL},
    {"NdisStallExecution", waits_again, NULL},
    {"NdisWaitEvent", waits_again, NULL},
    {"NdisFPauseComplete", filter_pause_completes, NULL},
    {NULL, NULL, NULL},
};

const struct check slow_handlers[] = {
    {"FilterStatus", NULL, status_returned},
    {"ProtocolStatusEx", NULL, status_returned},
    {"FilterNetPnPEvent", NULL, filter_event_returned},
    {"ProtocolNetPnPEvent", NULL, protocol_event_returned},
    {"FilterDetach", NULL, detached},
    {"MiniportHaltEx", NULL, halted},
    {"FilterOidRequest", NULL, filter_asked},
    {"MiniportOidRequest", NULL, miniport_asked},
    {"FilterPause", NULL, filter_paused},
    {NULL, NULL, NULL},
};
