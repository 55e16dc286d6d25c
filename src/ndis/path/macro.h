/* SPDX-License-Identifier: MIT */
/* Calls of drivers that come by no import slot: macros of NDIS 5, which go through pointers in the
 * block behind a handle. The hooks see them as they see the call of a handler, named as the macro.
 */
#pragma once

#include "ndis/stack/module.h"

struct macro {
    bool hooked;
    struct gate_call call; /* filled in only when hooked */
};

/* @caller: return address in the driver. */
static inline void
macro_begin(struct macro *macro, struct module *miniport, const struct gate_handler *name,
    void *caller, unsigned count, const uintptr_t *args)
{
    macro->hooked = __builtin_expect(gate_hooks() != NULL, 0);
    if (!macro->hooked)
        return;
    macro->call = (struct gate_call){.handler = name,
        .caller = (char *)caller - 1,
        .driver = miniport->driver,
        .module = miniport,
        .count = count};
    __builtin_memcpy(macro->call.args, args, count * sizeof(*args));
    gate_out_before(&macro->call);
}

/* Argument @k, which a hook may have changed. */
static inline void *
macro_argument(const struct macro *macro, unsigned k, void *plain)
{
    return macro->hooked ? (void *)macro->call.args[k] : plain;
}

static inline void
macro_end(struct macro *macro)
{
    if (__builtin_expect(macro->hooked, 0))
        gate_out_after(&macro->call);
}
