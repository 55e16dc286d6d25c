/* SPDX-License-Identifier: MIT */
/* What both gates share: the hooks' calls, guarded against recursion. See gate.h. */
#include "nt/gate.h"
#include "nt/trace.h"
#include <string.h>

const struct gate_import *
gate_import_find(const char *name)
{
    unsigned low = 0, high = import_count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        int order = strcmp(name, import_table[middle].name);

        if (order == 0)
            return &import_table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The hooks to call now, NULL when undis works for itself. Set quiet before calling one. */
static const struct gate_hooks *
hooks_of(const struct block *self)
{
    const struct undis *machine = self->machine;

    return self->quiet ? NULL : machine->hooks;
}

const struct gate_hooks trace_only_hooks = {0};

/* What a call is about: the newest of its first two arguments that is an object. */
static const void *
subject(const struct gate_call *call)
{
    for (unsigned k = call->count < 2 ? call->count : 2; k-- > 0;)
        if (object_of(machine_self(), (const void *)call->args[k], OBJECT_NONE))
            return (const void *)call->args[k];
    return NULL;
}

/* FNV-1a: the same in every run, unlike the table's address. */
static uint32_t
name_hash(const char *name)
{
    uint32_t hash = 0x811c9dc5u;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x01000193u;
    return hash;
}

static void
trace_call(const struct gate_call *call, enum trace_kind kind)
{
    struct undis *machine = machine_self();

    if (__builtin_expect(!machine->trace, 1))
        return;
    if (call->import)
        trace_emit(machine, kind, (uint32_t)(call->import - import_table), subject(call), 0);
    else
        trace_emit(machine, kind, name_hash(call->handler->name), subject(call), 0);
}

bool
gate_in_before(struct gate_call *call)
{
    struct block *self = block_self;
    const struct gate_hooks *hooks = hooks_of(self);
    bool go_on;

    call->driver = self->driver;
    call->irql = self->irql;
    if (!self->quiet)
        trace_call(call, TRACE_CALL_IN);
    if (!hooks || !hooks->before_in)
        return true;
    self->quiet = true;
    go_on = hooks->before_in(machine_self()->hook_context, call);
    self->quiet = false;
    return go_on;
}

void
gate_in_after(struct gate_call *call)
{
    struct block *self = block_self;
    const struct gate_hooks *hooks = hooks_of(self);

    if (!hooks || !hooks->after_in)
        return;
    self->quiet = true;
    hooks->after_in(machine_self()->hook_context, call);
    self->quiet = false;
}

void
gate_out_before(struct gate_call *call)
{
    struct block *self = block_self;
    const struct gate_hooks *hooks = hooks_of(self);

    call->irql = self->irql;
    trace_call(call, TRACE_CALL_OUT);
    if (!hooks || !hooks->before_out)
        return;
    self->quiet = true;
    hooks->before_out(machine_self()->hook_context, call);
    self->quiet = false;
}

void
gate_out_after(struct gate_call *call)
{
    struct block *self = block_self;
    const struct gate_hooks *hooks = hooks_of(self);

    trace_call(call, TRACE_RETURN);
    if (!hooks || !hooks->after_out)
        return;
    self->quiet = true;
    hooks->after_out(machine_self()->hook_context, call);
    self->quiet = false;
}

void
gate_event(const char *what, void *subject, uintptr_t detail)
{
    struct block *self = block_self;
    const struct gate_hooks *hooks = hooks_of(self);

    if (!hooks || !hooks->event)
        return;
    self->quiet = true;
    hooks->event(machine_self()->hook_context, what, subject, detail);
    self->quiet = false;
}

void
gate_passes(const struct gate_wire *frame)
{
    struct block *self = block_self;
    const struct gate_hooks *hooks = hooks_of(self);

    if (!hooks || !hooks->passes)
        return;
    self->quiet = true;
    hooks->passes(machine_self()->hook_context, frame);
    self->quiet = false;
}

void
gate_out_left_below_dispatch(struct driver *driver)
{
    struct undis *machine = driver->machine;
    uint32_t *inside = &driver->inside;

    /* When the last one leaves a driver that is unloaded, the driver may be gone at once. */
    if (__atomic_sub_fetch(inside, 1, __ATOMIC_ACQ_REL) == DRIVER_LEAVING)
        executive_wake(machine->executive, inside, UINT32_MAX);
}
