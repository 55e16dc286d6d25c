/* SPDX-License-Identifier: MIT */
/* The two gates between undis and drivers, and the hook table that verify and explore fill.
 *
 *     driver --import slot--> [checked wrapper] --> exported call        in
 *     core   --call_* of ndis/stack/call.c, nt/call.c--> driver handler  out
 *
 * Out: every call into a driver stands between gate_out_enter and gate_out_leave, which put
 * {driver, module} into the running block, so that handle-less calls know who calls.
 * In: a driver's import slots hold either the plain functions (hooks off: zero instructions) or
 * the checked wrappers (generated from include/km and undis.map).
 */
#pragma once

#include "nt/driver.h"
#include "nt/machine.h"
#include "nt/object.h"

#define GATE_ARGS 12

/* What a driver can import. Generated: import_table, sorted by name. */
struct gate_import {
    const char *name;
    void (*plain)(void);
    void (*checked)(void);
    uint8_t irql_min, irql_max; /* documented range at the call */
    const char *irql_group;     /* of docs/irql.csv, or NULL */
};
extern const struct gate_import import_table[];
extern const unsigned import_count;
/* NULL when undis does not provide @name. */
const struct gate_import *gate_import_find(const char *name);

/* A driver function that the core calls: one row per handler in docs/handlers.md.
 * The tables live where the calls are made. */
struct gate_handler {
    const char *name;           /* "MiniportSendNetBufferLists" */
    uint8_t irql_min, irql_max; /* at entry; at exit it must be what it was at entry */
};

/* One call through either gate, while it lasts. */
struct gate_call {
    const struct gate_import *import;   /* in, else NULL */
    const struct gate_handler *handler; /* out, else NULL */
    void *caller;          /* in: return address in the driver; out: the function called */
    struct driver *driver; /* who calls (in) or is called (out) */
    void *module;          /* out: struct module, PDEVICE_OBJECT, PKDPC ... or NULL */
    unsigned count;
    uintptr_t args[GATE_ARGS]; /* a hook may change those that are given or lent */
    uintptr_t result;
    KIRQL irql;       /* at entry */
    void *scratch[9]; /* of the hooks, between before and after */
};

/* Copies an argument of up to 8 bytes, structures too. */
#define GATE_ARG(call, k, a)                                                                       \
    do {                                                                                           \
        (call).args[k] = 0;                                                                        \
        __builtin_memcpy(&(call).args[k], &(a), sizeof(a) < 8 ? sizeof(a) : 8);                    \
    } while (0)

/* What runs by itself. ACTIVITY_CALL: on behalf of a host thread. */
enum gate_activity { ACTIVITY_CALL, ACTIVITY_TASK, ACTIVITY_DPC };

/* A frame that a device has taken from its driver to send, or is about to give it. */
struct gate_wire {
    const void *device; /* the PDO that the driver has */
    bool leaves;
    PMDL mdl; /* @length bytes from @offset in this chain; NULL: at @data */
    const void *data;
    size_t offset, length;
};

struct gate_hooks {
    /* Handlers of the data path run at PASSIVE_LEVEL when who sends, shows or gives back is there. */
    bool at_callers_irql;
    /* false: the call is answered by call->result and the plain function is not called. */
    bool (*before_in)(void *context, struct gate_call *call);
    void (*after_in)(void *context, struct gate_call *call);
    void (*before_out)(void *context, struct gate_call *call);
    void (*after_out)(void *context, struct gate_call *call);
    /* An object was made, or is about to go. @body as drivers see it. */
    void (*created)(void *context, struct object *object);
    void (*destroyed)(void *context, struct object *object);
    /* The memory of a destroyed object rests: nobody gets it before the hook lets it go. @object: its
     * body, record and @size bytes there. Calls @let_go, now or later, under a lock of its own. */
    void (*rests)(void *context, const struct object_rest *object, object_let_go *let_go);
    /* The elements of this pool that rest go with it. */
    void (*pool_ends)(void *context, enum object_kind elements, const void *pool);
    /* @count objects of a chain starting at @body go from one owner to another. @state: enum of the ledger. */
    void (*moved)(void *context, void *body, void *from, void *to, int state);
    /* An event of the core: "paused", "unloaded", "port opens", ...; "taken-back": a packet that its
     * miniport does not answer any more. */
    void (*event)(void *context, const char *what, void *subject, uintptr_t detail);
    /* A driver touched @address, which was closed to it; called by who noticed, with the stack of the
     * touch. Whether it knew why and told it: the report may end the process. */
    bool (*touched)(void *context, const void *address, void *const *stack, unsigned depth);
    /* Whether others have accessed what lies at @address: then this is a yield point. */
    bool (*shared)(void *context, const void *address);
    /* The running driver is about to read or write (UNDIS_ACCESS_WRITE, ...) @size bytes. Told by
     * drivers that were built for it. */
    void (*accessed)(void *context, void *address, size_t size, unsigned flags);
    /* A frame leaves a driver, or comes to it, by its device. */
    void (*passes)(void *context, const struct gate_wire *frame);
    /* What runs now is another activity than what ran before in this task; and is over. */
    void (*activity)(void *context, enum gate_activity kind, bool begins);
    /* true: this allocation (or device access) fails now. */
    bool (*fault)(void *context, enum object_kind kind, size_t size);
};

/* Tells hooks->event. */
void gate_event(const char *what, void *subject, uintptr_t detail);
/* Tells hooks->passes. */
void gate_passes(const struct gate_wire *frame);
/* An activity begins or ends in the running task. */
void gate_activity(enum gate_activity kind, bool begins);

/* Used by the generated wrappers. */
bool gate_in_before(struct gate_call *call);
void gate_in_after(struct gate_call *call);

/* On the caller's stack around every call into a driver. */
struct gate_frame {
    struct gate_frame *outer;
    void *driver, *module; /* the block's, before */
    const struct gate_handler *handler;
    KIRQL irql;
};

/* Below DISPATCH_LEVEL it also counts in driver->inside (control path only). */
static inline void
gate_out_enter(struct gate_frame *frame, struct driver *driver, void *module,
    const struct gate_handler *handler)
{
    struct block *self = block_self;

    frame->outer = self->frames;
    frame->driver = self->driver;
    frame->module = self->module;
    frame->handler = handler;
    frame->irql = self->irql;
    self->frames = frame;
    self->driver = driver;
    self->module = module;
    if (self->irql < DISPATCH_LEVEL)
        __atomic_fetch_add(&driver->inside, 1, __ATOMIC_ACQ_REL);
}

void gate_out_left_below_dispatch(struct driver *driver);

static inline void
gate_out_leave(struct gate_frame *frame)
{
    struct block *self = block_self;
    struct driver *driver = self->driver;

    self->frames = frame->outer;
    self->driver = frame->driver;
    self->module = frame->module;
    if (frame->irql < DISPATCH_LEVEL)
        gate_out_left_below_dispatch(driver);
}

/* The hooks of the running machine; NULL almost always. */
static inline const struct gate_hooks *
gate_hooks(void)
{
    return machine_self()->hooks;
}

/* Call these around the handler when hooks are on; they do nothing when hooks are off. */
void gate_out_before(struct gate_call *call);
void gate_out_after(struct gate_call *call);

/* A driver broke a rule the core itself must stop for (a bad handle, a double completion found in
 * the core's own data): tells the report sink rule @id (docs/rules.csv) and a sentence, then ends
 * the process with the bug-check status. Never returns. */
_Noreturn void
gate_bug_check(const char *rule, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same of @driver, when it has answered so already and another one runs. */
_Noreturn void gate_bug_check_of(struct driver *driver, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A driver does not complete what it has pended: tells the report sink @text (the table of
 * obligations) under rule @id, or NULL, then ends the process with the hang status. Never returns. */
_Noreturn void gate_hang(const char *rule, const char *text);
/* Same for a wrong IRQL: one comparison in the callers' fast path. */
static inline void
gate_require_irql(KIRQL max, const char *caller)
{
    if (__builtin_expect(block_self->irql > max, 0))
        gate_bug_check("irql-function-table", "%s called at IRQL %u, documented <= %u", caller,
            block_self->irql, max);
}
