/* SPDX-License-Identifier: MIT */
/* A simulated task that computes without a yield point is noticed while it does; one that yields
 * is not, however long it computes. */
#include "executive/executive.h"
#include "host/arena.h"
#include "host/clock.h"
#include "host/shadow.h"

static struct executive *ex;
static volatile int late;

static void
seen(void *context)
{
    late = *(int *)context;
}

static void
busy(void *context)
{
    uint64_t start = host_clock();

    (void)context;
    while (!late && host_clock() - start < 20000000000u)
        ;
}

static void
polite(void *context)
{
    uint64_t start = host_clock();

    (void)context;
    while (!late && host_clock() - start < 2000000000u)
        executive_yield(ex, YIELD_CALL, NULL);
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};
    int mark = 7;

    /* TSan holds signals back until the next call it knows. */
    if (!arena || RACES)
        return 77;
    ex = executive_create(&config);
    executive_set_watchdog(ex, 1, seen, &mark);
    executive_set_patience(ex, EXECUTIVE_FOREVER);
    if (executive_enter(ex, NULL, polite, NULL) != 0 || late != 0)
        return 1;
    if (executive_enter(ex, NULL, busy, NULL) != 0 || late != 7)
        return 1;
    executive_destroy(ex);
    arena_destroy(arena);
    return 0;
}
