/* SPDX-License-Identifier: MIT */
/* Checks of objects on the stack of a driver that others still use when their function is gone:
 *
 *     | ... | caller's frame | <- stack pointer at the call under way | dead frames |
 *
 * An object is dead when it lies below the stack pointer that its own task had at any later call.
 */
#include "verify/check.h"

#define STACK_MAX 0x40000u

enum escape_kind { ESCAPE_REQUEST, ESCAPE_TIMER, ESCAPE_DPC, ESCAPE_OPEN };

/* The stack pointer of the function that called: @frames up from the hook. */
static uintptr_t
stack_at(const void *frame, unsigned frames)
{
    for (; frame && frames; frames--)
        frame = *(const void *const *)frame;
    return frame ? (uintptr_t)((const void *const *)frame + 2) : 0;
}

/* What the frames of later calls have overwritten cannot say it itself. */
static bool
still_used(struct verify *verify, const struct escape *escape)
{
    return escape->kind != ESCAPE_TIMER || executive_now(verify->machine->executive) < escape->due;
}

static void
forget(struct verify *verify, struct escape *escape)
{
    escape->object = NULL;
    verify->escape_count--;
}

static void
forget_object(struct verify *verify, const void *object)
{
    for (unsigned k = 0; k < ESCAPES && verify->escape_count; k++)
        if (verify->escapes[k].object && verify->escapes[k].object == object)
            forget(verify, &verify->escapes[k]);
}

static void
tell(struct verify *verify, const struct gate_call *call, const struct escape *escape)
{
    static const char *const names[] = {
        "an OID request", "a timer", "a DPC", "what a pending open uses"};
    enum rule_name rule = escape->kind == ESCAPE_REQUEST ? RULE_REQUEST_LIFE
                          : escape->kind == ESCAPE_OPEN  ? RULE_OPEN_LATE
                                                         : RULE_STACK_ESCAPE;

    broken_at(verify, rule, call, NULL, &escape->given, "given away here",
        "%s has left the function on whose stack it has %s that is in use", escape->driver->name,
        names[escape->kind]);
}

void
check_escapes(
    struct verify *verify, const struct gate_call *call, const void *frame, unsigned frames)
{
    uintptr_t stack;

    if (!verify->escape_count)
        return;
    stack = stack_at(frame, frames);
    for (unsigned k = 0; k < ESCAPES; k++) {
        struct escape *escape = &verify->escapes[k];
        uintptr_t at = (uintptr_t)escape->object;

        if (!at || escape->task != block_self->id || at >= stack || stack - at > STACK_MAX)
            continue;
        if (still_used(verify, escape))
            tell(verify, call, escape);
        forget(verify, escape);
    }
}

/* @object is given away; it matters when it lies on the caller's stack. */
static struct escape *
note(struct verify *verify, const struct gate_call *call, const void *object, enum escape_kind kind)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    if ((uintptr_t)object < here || (uintptr_t)object - here > STACK_MAX)
        return NULL;
    forget_object(verify, object);
    for (unsigned k = 0; k < ESCAPES; k++) {
        struct escape *escape = &verify->escapes[k];

        if (escape->object)
            continue;
        *escape = (struct escape){.object = object,
            .task = block_self->id,
            .kind = (uint8_t)kind,
            .driver = call->driver};
        move_now(verify, &escape->given, call->import->name);
        verify->escape_count++;
        return escape;
    }
    return NULL;
}

static void
ask(struct verify *verify, struct gate_call *call)
{
    note(verify, call, (const void *)call->args[1], ESCAPE_REQUEST);
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        forget_object(verify, (const void *)call->args[1]);
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    forget_object(verify, (const void *)call->args[1]);
}

static void
set_timer(struct verify *verify, struct gate_call *call)
{
    struct escape *escape = note(verify, call, (const void *)call->args[0], ESCAPE_TIMER);
    LONGLONG due = (LONGLONG)call->args[1];

    /* An absolute time is never looked at. */
    if (escape)
        escape->due =
            due < 0 ? executive_now(verify->machine->executive) + (uint64_t)-due * 100 : 0;
}

static void
cancelled(struct verify *verify, struct gate_call *call)
{
    if ((BOOLEAN)call->result)
        forget_object(verify, (const void *)call->args[0]);
}

static void
dpc_runs(struct verify *verify, struct gate_call *call)
{
    forget_object(verify, (const void *)call->args[0]);
}

static void
queue_dpc(struct verify *verify, struct gate_call *call)
{
    note(verify, call, (const void *)call->args[0], ESCAPE_DPC);
}

/* What an open answers with, and what it is asked with; by the context of the binding. */
static void
forget_open(struct verify *verify, uintptr_t context)
{
    for (unsigned k = 0; k < ESCAPES && verify->escape_count; k++)
        if (verify->escapes[k].object && verify->escapes[k].kind == ESCAPE_OPEN &&
            verify->escapes[k].due == context)
            forget(verify, &verify->escapes[k]);
}

static void
open_adapter(struct verify *verify, struct gate_call *call)
{
    const NDIS_OPEN_PARAMETERS *parameters = (const void *)call->args[2];
    const void *const objects[] = {
        parameters, parameters->SelectedMediumIndex, (const void *)call->args[4]};

    fails(verify, RULE_OPEN_LATE, false);
    for (unsigned k = 0; k < RTL_NUMBER_OF(objects); k++) {
        struct escape *escape = note(verify, call, objects[k], ESCAPE_OPEN);

        if (escape)
            escape->due = call->args[1];
    }
}

static void
opened(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        forget_open(verify, call->args[1]);
}

static void
open_completes(struct verify *verify, struct gate_call *call)
{
    forget_open(verify, call->args[0]);
}

const struct check escape_imports[] = {
    {"NdisOpenAdapterEx", open_adapter, opened},
    {"NdisOidRequest", ask, asked},
    {"NdisDirectOidRequest", ask, asked},
    {"NdisFOidRequest", ask, asked},
    {"NdisFDirectOidRequest", ask, asked},
    {"KeSetTimer", set_timer, NULL},
    {"KeSetTimerEx", set_timer, NULL},
    {"KeCancelTimer", NULL, cancelled},
    {"KeInsertQueueDpc", queue_dpc, NULL},
    {"KeRemoveQueueDpc", NULL, cancelled},
    {NULL, NULL, NULL},
};

const struct check escape_handlers[] = {
    {"ProtocolOpenAdapterCompleteEx", open_completes, NULL},
    {"ProtocolOidRequestComplete", answered, NULL},
    {"ProtocolDirectOidRequestComplete", answered, NULL},
    {"FilterOidRequestComplete", answered, NULL},
    {"FilterDirectOidRequestComplete", answered, NULL},
    {"KDEFERRED_ROUTINE", dpc_runs, NULL},
    {NULL, NULL, NULL},
};
