/* SPDX-License-Identifier: MIT */
/* The order in which tasks run is a function of the seed: equal seeds, equal order; among twenty
 * seeds there are several orders; after a snapshot is put back the order is the same again. */
#include "executive/executive.h"
#include "host/arena.h"

#include <errno.h>
#include <stdio.h>

#define TASKS 6

static struct executive *ex;
static uint64_t hash;

static void
work(void *context)
{
    uint32_t never = 0;

    for (unsigned i = 0; i < 30; i++) {
        hash = (hash ^ (uintptr_t)context ^ (uintptr_t)&never ^ executive_now(ex)) * 0x100000001b3u;
        executive_yield(ex, YIELD_CALL, NULL);
        if (executive_choose(ex, CHOICE_COMPLETION, 3, NULL) == 1)
            executive_wait(ex, &never, 0, executive_now(ex) + 1000);
    }
}

static uint64_t
run(uint64_t seed)
{
    executive_seed(ex, seed);
    hash = 0xcbf29ce484222325u;
    for (uintptr_t i = 1; i <= TASKS; i++)
        if (executive_spawn(ex, "work", NULL, work, (void *)i) != 0)
            return 0;
    executive_run(ex, EXECUTIVE_FOREVER);
    return executive_tasks(ex) ? 0 : hash;
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};
    struct arena_snapshot *snapshot;
    unsigned different = 0;
    uint64_t first[20];

    if (!arena)
        return 77;
    ex = executive_create(&config);
    if (executive_quiescent(ex) == -ENOTSUP)
        return 77;
    snapshot = arena_save(arena);
    for (unsigned i = 0; i < 60; i++) {
        uint64_t order = run(i % 20);

        if (i < 20)
            first[i] = order;
        different += i < 20 && i && order != first[0];
        if (order == 0 || order != first[i % 20]) {
            fprintf(stderr, "seed %u differs in repetition %u\n", i % 20, i / 20);
            return 1;
        }
        if (executive_quiescent(ex) != 0)
            return 1;
        arena_restore(arena, snapshot);
    }
    arena_snapshot_free(snapshot);
    executive_destroy(ex);
    arena_destroy(arena);
    return different >= 15 ? 0 : 1;
}
