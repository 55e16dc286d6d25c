/* SPDX-License-Identifier: MIT */
/* Simulated time jumps to the next deadline when nobody can run: a day passes at once, waits end
 * in the order of their deadlines, and executive_run stops where it was told to. */
#include "executive/executive.h"
#include "host/arena.h"
#include "host/clock.h"

#include <errno.h>

#define SECOND 1000000000ull

static struct executive *ex;
static unsigned order[3], ended;
static bool early;

static void
sleeper(void *context)
{
    uint32_t word = 0;
    uint64_t deadline = (uintptr_t)context * 1000 * SECOND;

    while (executive_wait(ex, &word, 0, deadline) != -ETIMEDOUT)
        ;
    early |= executive_now(ex) < deadline || executive_now(ex) > deadline + SECOND;
    order[ended++] = (unsigned)(uintptr_t)context;
}

static void
spinner(void *context)
{
    while (executive_now(ex) < *(uint64_t *)context)
        executive_yield(ex, YIELD_SPIN, NULL);
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};
    uint64_t start = host_clock(), until = 90000 * SECOND;

    if (!arena)
        return 77;
    ex = executive_create(&config);
    executive_spawn(ex, "c", NULL, sleeper, (void *)80);
    executive_spawn(ex, "a", NULL, sleeper, (void *)1);
    executive_spawn(ex, "b", NULL, sleeper, (void *)2);
    if (executive_run(ex, 1500 * SECOND) != 2 || ended != 1 || executive_now(ex) != 1500 * SECOND)
        return 1;
    if (executive_run(ex, EXECUTIVE_FOREVER) != 0 || early)
        return 1;
    if (order[0] != 1 || order[1] != 2 || order[2] != 80)
        return 1;
    executive_set_patience(ex, EXECUTIVE_FOREVER);
    if (executive_enter(ex, NULL, spinner, &until) != 0)
        return 1;
    executive_destroy(ex);
    arena_destroy(arena);
    return host_clock() - start < 20 * SECOND ? 0 : 1;
}
