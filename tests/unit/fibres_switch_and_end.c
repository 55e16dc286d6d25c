/* SPDX-License-Identifier: MIT */
/* Fibres take turns in the order they waited, end, and leave neither memory nor stacks behind. */
#include "executive/executive.h"
#include "host/arena.h"

#include <stdio.h>

#define TASKS  50
#define ROUNDS 20

static struct executive *ex;
static uint32_t turn;
static unsigned errors;

static void
take_turns(void *context)
{
    uint32_t mine = (uint32_t)(uintptr_t)context;

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint32_t now;

        while ((now = turn) % TASKS != mine)
            executive_wait(ex, &turn, now, EXECUTIVE_FOREVER);
        if (block_self->id % TASKS != (mine + 1) % TASKS)
            errors++;
        turn++;
        executive_wake(ex, &turn, TASKS);
    }
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};
    size_t bytes, blocks, bytes_then = 0;

    if (!arena)
        return 77;
    for (unsigned run = 0; run < 20; run++) {
        ex = executive_create(&config);
        turn = 0;
        for (uintptr_t i = 0; i < TASKS; i++)
            if (executive_spawn(ex, "turn", NULL, take_turns, (void *)i) != 0)
                return 1;
        if (executive_run(ex, EXECUTIVE_FOREVER) != 0 || executive_tasks(ex) != 0)
            return 1;
        if (turn != TASKS * ROUNDS || errors) {
            fprintf(stderr, "turn %u, errors %u\n", turn, errors);
            return 1;
        }
        executive_destroy(ex);
        arena_usage(arena, &bytes, &blocks);
        if (bytes != bytes_then || blocks != 0)
            return 1;
    }
    arena_destroy(arena);
    return 0;
}
