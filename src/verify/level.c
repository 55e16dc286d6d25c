/* SPDX-License-Identifier: MIT */
/* Checks of the IRQL at calls: the documented range of every call, and waits. */
#include "verify/check.h"

#include <string.h>

void
check_level(struct verify *verify, struct gate_call *call)
{
    const struct gate_import *import = call->import;
    enum rule_name rule = strncmp(import->name, "Ndis", 4) == 0 ? RULE_IRQL_NDIS : RULE_IRQL_KERNEL;

    if (!fails(verify, rule, call->irql < import->irql_min || call->irql > import->irql_max))
        return;
    if (import->irql_min == import->irql_max)
        broken(verify, rule, call, NULL, NULL, NULL, "%s called %s at IRQL %u, documented for %u",
            call->driver->name, import->name, call->irql, import->irql_min);
    else
        broken(verify, rule, call, NULL, NULL, NULL,
            "%s called %s at IRQL %u, documented for %u to %u", call->driver->name, import->name,
            call->irql, import->irql_min, import->irql_max);
}

static void
must_be_passive(struct verify *verify, struct gate_call *call, enum rule_name rule)
{
    if (fails(verify, rule, call->irql > PASSIVE_LEVEL))
        broken(verify, rule, call, NULL, NULL, NULL, "%s called %s at IRQL %u", call->driver->name,
            call->import->name, call->irql);
}

static void
wait_event(struct verify *verify, struct gate_call *call)
{
    must_be_passive(verify, call, RULE_IRQL_EVENT);
}

static void
sleeps(struct verify *verify, struct gate_call *call)
{
    must_be_passive(verify, call, RULE_IRQL_SLEEP);
}

/* @timeout: NULL waits for ever, 0 does not wait at all. */
static void
check_wait(struct verify *verify, const struct gate_call *call, const LARGE_INTEGER *timeout)
{
    bool waits = !timeout || timeout->QuadPart != 0;

    if (fails(
            verify, RULE_IRQL_WAIT, waits && (call->irql >= DISPATCH_LEVEL || locks_held(verify))))
        broken(verify, RULE_IRQL_WAIT, call, NULL, NULL, NULL, "%s waits in %s at IRQL %u",
            call->driver->name, call->import->name, call->irql);
}

static void
wait_single(struct verify *verify, struct gate_call *call)
{
    check_wait(verify, call, (const LARGE_INTEGER *)call->args[4]);
}

static void
wait_multiple(struct verify *verify, struct gate_call *call)
{
    check_wait(verify, call, (const LARGE_INTEGER *)call->args[6]);
}

static void
delay(struct verify *verify, struct gate_call *call)
{
    check_wait(verify, call, NULL);
}

const struct check level_imports[] = {
    {"NdisWaitEvent", wait_event, NULL},
    {"NdisMSleep", sleeps, NULL},
    {"KeWaitForSingleObject", wait_single, NULL},
    {"KeWaitForMultipleObjects", wait_multiple, NULL},
    {"KeDelayExecutionThread", delay, NULL},
    {NULL, NULL, NULL},
};
