/* SPDX-License-Identifier: MIT */
/* What stands around every call of the NDIS gate; for files named call*.c only.
 *
 * out_begin puts {driver, module} into the running block and, when hooks are on, shows them the
 * call; out_end takes both back.
 */
#pragma once

#include "nt/gate.h"
#include "nt/processor.h"

struct out {
    struct gate_frame frame;
    bool hooked;
    struct gate_call call; /* filled in only when hooked */
};

static __attribute__((noinline, cold, unused)) void
out_show(struct out *out, uintptr_t fn, unsigned count, const uintptr_t *args)
{
    struct gate_call *call = &out->call;

    *call = (struct gate_call){.handler = out->frame.handler,
        .caller = (void *)fn,
        .driver = block_self->driver,
        .module = block_self->module,
        .count = count,
        .irql = block_self->irql};
    __builtin_memcpy(call->args, args, count * sizeof(*args));
    gate_out_before(call);
}

static inline void
out_begin(struct out *out, struct driver *driver, void *module, const struct gate_handler *handler,
    uintptr_t fn, unsigned count, const uintptr_t *args)
{
    gate_out_enter(&out->frame, driver, module, handler);
    out->hooked = __builtin_expect(gate_hooks() != NULL, 0);
    if (out->hooked)
        out_show(out, fn, count, args);
}

/* The same for a chain of NBLs, which is the second of @args: a hook may hand it over at another
 * address. Answers where. */
static inline PNET_BUFFER_LIST
out_begin_chain(struct out *out, struct driver *driver, void *module,
    const struct gate_handler *handler, uintptr_t fn, unsigned count, const uintptr_t *args)
{
    PNET_BUFFER_LIST chain = (PNET_BUFFER_LIST)args[1];

    gate_out_enter(&out->frame, driver, module, handler);
    out->hooked = __builtin_expect(gate_hooks() != NULL, 0);
    if (out->hooked) {
        out_show(out, fn, count, args);
        chain = (PNET_BUFFER_LIST)out->call.args[1];
    }
    return chain;
}

/* Argument @k, which a hook may have changed. */
static inline void *
out_argument(const struct out *out, unsigned k, void *plain)
{
    return out->hooked ? (void *)out->call.args[k] : plain;
}

/* The second one. */
static inline void *
out_subject(const struct out *out, void *plain)
{
    return out_argument(out, 1, plain);
}

static inline void
out_end(struct out *out, uintptr_t result)
{
    if (__builtin_expect(out->hooked, 0)) {
        out->call.result = result;
        gate_out_after(&out->call);
    }
    gate_out_leave(&out->frame);
}

/* @name does what @run does, at PASSIVE_LEVEL: for a handler whose flags say so. */
#define OUT_LOWERED(name, run, parameters, arguments)                                              \
    static __attribute__((noinline, cold)) void name parameters                                    \
    {                                                                                              \
        struct processor_stay stay;                                                                \
                                                                                                   \
        processor_stay_begin(&stay);                                                               \
        run arguments;                                                                             \
        processor_stay_end(&stay);                                                                 \
    }

#define ARGS(...)                                                                                  \
    sizeof((uintptr_t[]){__VA_ARGS__}) / sizeof(uintptr_t), (const uintptr_t[])                    \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define WORD(value) ((uintptr_t)(value))
