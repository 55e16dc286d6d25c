/* SPDX-License-Identifier: MIT */
/* Threads that hand a counter on through wait and wake, and that lock a word of the executive,
 * lose no wake-up and no increment; a deadline is kept; all threads are gone at the end. */
#include "executive/executive.h"
#include "host/arena.h"

#include <errno.h>
#include <stdio.h>

#define TASKS  4
#define ROUNDS 2000

static struct executive *ex;
static uint32_t turn, mutex, *alias;
static unsigned counter;
static int failed;

static void
work(void *context)
{
    uint32_t mine = (uint32_t)(uintptr_t)context, now;

    for (unsigned i = 0; i < ROUNDS; i++) {
        executive_lock(ex, &mutex);
        counter++;
        executive_unlock(ex, &mutex);
        if (i % 10)
            continue;
        while ((now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) % TASKS != mine)
            executive_wait(ex, &turn, now, EXECUTIVE_FOREVER);
        __atomic_store_n(&turn, now + 1, __ATOMIC_RELEASE);
        executive_wake(ex, &turn, UINT32_MAX);
    }
}

static void
wait_for_alias(void *context)
{
    uint32_t *word = context;
    uint64_t start = executive_now(ex);
    uint32_t never = 0;

    while (executive_wait(ex, &never, 0, start + 20000000) != -ETIMEDOUT)
        ;
    failed |= executive_now(ex) < start + 20000000;
    __atomic_store_n(word, 1, __ATOMIC_RELEASE);
    executive_wake(ex, word, 1);
}

static void
from_outside(void *context)
{
    (void)context;
    executive_spawn(ex, "alias", NULL, wait_for_alias, alias);
    while (__atomic_load_n(alias, __ATOMIC_ACQUIRE) == 0)
        executive_wait(ex, alias, 0, EXECUTIVE_FOREVER);
    for (uintptr_t i = 0; i < TASKS; i++)
        failed |= executive_spawn(ex, "work", NULL, work, (void *)i);
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_THREADS, .arena = arena};
    size_t bytes, blocks;

    if (!arena)
        return 77;
    ex = executive_create(&config);
    alias = arena_zalloc(arena, 4, 16);
    for (unsigned run = 0; run < 3; run++) {
        *alias = turn = counter = 0;
        if (executive_enter(ex, NULL, from_outside, NULL) != 0)
            return 1;
        executive_run(ex, EXECUTIVE_FOREVER);
        if (failed || counter != TASKS * ROUNDS || executive_tasks(ex) != 0) {
            fprintf(stderr, "counter %u, tasks %u\n", counter, executive_tasks(ex));
            return 1;
        }
    }
    executive_destroy(ex);
    arena_free(arena, alias);
    arena_usage(arena, &bytes, &blocks);
    arena_destroy(arena);
    return bytes || blocks || block_self ? 1 : 0;
}
