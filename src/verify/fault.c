/* SPDX-License-Identifier: MIT */
/* Injected failures of what drivers ask for: memory, pools, MDLs, NBLs, handles, devices, values,
 * shared memory, scatter/gather lists, interrupts.
 *
 *     every stack once | the n-th stack | the n-th call | at random
 *
 * A stack is the driver's part of the call stack and the kind of what it asks for. The core's own
 * needs, outside calls of drivers, never fail.
 */
#include "verify/check.h"

#include "host/lock.h"
#include "host/symbol.h"

#include <string.h>

#define STACKS 4096u /* kept apart */

struct verify_fault_state {
    struct verify_faults what;
    uint64_t calls, stacks, injected, random;
    void *last[VERIFY_DEPTH]; /* the newest failure */
    unsigned last_depth;
    uint64_t seen[STACKS]; /* open addressing */
};

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * 0x9E3779B97F4A7C15ull + (hash >> 29);
}

/* Where the driver stands, as one number. */
static uint64_t
stack_hash(struct undis *machine, void *const *stack, unsigned depth, enum object_kind kind)
{
    uint64_t hash = mix(1, kind);

    for (unsigned k = 0; k < depth; k++)
        if (driver_at(machine, stack[k]) == block_self->driver)
            hash = mix(hash, (uintptr_t)stack[k]);
    return hash ? hash : 1;
}

/* True the first time. */
static bool
is_new(struct verify_fault_state *state, uint64_t hash)
{
    unsigned k = (unsigned)(hash >> 32) % STACKS;

    for (unsigned tries = 0; tries < STACKS; tries++, k = (k + 1) % STACKS) {
        if (state->seen[k] == hash)
            return false;
        if (state->seen[k])
            continue;
        state->seen[k] = hash;
        state->stacks++;
        return true;
    }
    return false;
}

/* Numbers from 0 to 999,999; the same for the same seed. */
static unsigned
draw(struct verify_fault_state *state)
{
    state->random = state->random * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)((state->random >> 33) % 1000000);
}

static bool
is_due(struct verify_fault_state *state, bool new_stack)
{
    uint64_t n = state->what.which;

    switch (state->what.mode) {
    case VERIFY_FAULT_EACH: return new_stack;
    case VERIFY_FAULT_STACK: return new_stack && state->stacks == n;
    case VERIFY_FAULT_NTH: return state->calls == n;
    case VERIFY_FAULT_RANDOM: return draw(state) < n;
    default: return false;
    }
}

static void
note(struct verify_fault_state *state, void *const *stack, unsigned depth)
{
    state->injected++;
    state->last_depth = depth;
    for (unsigned k = 0; k < depth; k++)
        state->last[k] = stack[k];
}

static bool
is_spared(const char *names, const char *name)
{
    size_t length = strlen(name);

    for (; names && *names; names += strcspn(names, ","), names += *names == ',')
        if (strcspn(names, ",") == length && strncmp(names, name, length) == 0)
            return true;
    return false;
}

bool
fault_is_due(struct verify *verify, enum object_kind kind, const void *frame)
{
    struct verify_fault_state *state = verify->fault;
    const struct driver *driver = block_self->driver;
    void *stack[VERIFY_DEPTH];
    unsigned depth;
    bool due;

    if (!state || !driver || is_spared(state->what.spare, driver->name))
        return false;
    depth = stack_walk(frame, 2, stack, VERIFY_DEPTH);
    host_lock(&verify->lock);
    state->calls++;
    due = is_due(state, is_new(state, stack_hash(verify->machine, stack, depth, kind)));
    if (due) {
        note(state, stack, depth);
        verify->faults++;
    }
    host_unlock(&verify->lock);
    return due;
}

int
verify_inject(struct verify *verify, const struct verify_faults *faults)
{
    struct verify_fault_state *state = ledger_alloc(verify, sizeof(*state));

    if (!state)
        return -1;
    state->what = *faults;
    state->random = faults->seed;
    verify->fault = state;
    return 0;
}

void
verify_injected(const struct verify *verify, struct verify_fault_counts *counts)
{
    const struct verify_fault_state *state = verify->fault;

    *counts = (struct verify_fault_counts){0};
    if (!state)
        return;
    *counts = (struct verify_fault_counts){.calls = state->calls,
        .stacks = state->stacks,
        .injected = state->injected,
        .last = state->last,
        .last_depth = state->last_depth};
}
