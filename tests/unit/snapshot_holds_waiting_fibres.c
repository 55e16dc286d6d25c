/* SPDX-License-Identifier: MIT */
/* arena_restore puts fibres back that waited in the middle of their work when arena_save ran:
 * they end the same way each time, also those that were born, or have ended, meanwhile. */
#include "executive/executive.h"
#include "host/arena.h"

#include <errno.h>
#include <stdio.h>

#define TASKS 8

struct state {
    uint32_t go;
    unsigned sum, order[3 * TASKS], ended;
};

static struct executive *ex;
static struct state *state;

static unsigned
dive(unsigned depth)
{
    volatile unsigned local[8] = {depth};

    if (depth == 0)
        while (state->go == 0)
            executive_wait(ex, &state->go, 0, EXECUTIVE_FOREVER);
    else
        local[1] = dive(depth - 1);
    executive_yield(ex, YIELD_CALL, NULL);
    return local[0] + local[1];
}

static void
work(void *context)
{
    unsigned sum = dive((unsigned)(uintptr_t)context * 10);

    state->sum += sum;
    state->order[state->ended++] = block_self->id;
}

static uint64_t
finish(unsigned more, uint64_t seed)
{
    uint64_t hash = 0;

    executive_seed(ex, seed);
    for (uintptr_t i = 0; i < more; i++)
        executive_spawn(ex, "late", NULL, work, (void *)i);
    state->go = 1;
    executive_wake(ex, &state->go, UINT32_MAX);
    executive_run(ex, EXECUTIVE_FOREVER);
    for (unsigned i = 0; i < state->ended; i++)
        hash = hash * 31 + state->order[i];
    return executive_tasks(ex) ? 0 : (hash * 31 + state->sum) ^ executive_now(ex);
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};
    struct arena_snapshot *snapshot;
    uint64_t first = 0;

    if (!arena)
        return 77;
    ex = executive_create(&config);
    state = arena_zalloc(arena, sizeof(*state), 16);
    for (uintptr_t i = 1; i <= TASKS; i++)
        executive_spawn(ex, "work", NULL, work, (void *)i);
    if (executive_run(ex, EXECUTIVE_FOREVER) != TASKS)
        return 1;
    if (executive_quiescent(ex) == -ENOTSUP)
        return 77;
    snapshot = arena_save(arena);
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t result = i % 2 ? (uint64_t)(finish(i % TASKS, i) != 0) : finish(2, 3);

        first = i ? first : result;
        if (result != (i % 2 ? 1 : first) || result == 0) {
            fprintf(stderr, "repetition %u differs\n", i);
            return 1;
        }
        arena_restore(arena, snapshot);
    }
    arena_snapshot_free(snapshot);
    return 0;
}
