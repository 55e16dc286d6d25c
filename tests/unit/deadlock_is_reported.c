/* SPDX-License-Identifier: MIT */
/* A simulated call that cannot end answers -EDEADLK, the report names who waits, other tasks go
 * on, and what happens later does not bring the call back. A machine that only its periodic timer
 * keeps alive counts as hung too. */
#include "executive/executive.h"
#include "host/arena.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct executive *ex;
static uint32_t left, right, stop;
static unsigned lines, ticks;
static bool came_back;

static void
other(void *context)
{
    (void)context;
    executive_lock(ex, &right);
    executive_yield(ex, YIELD_SPIN, NULL);
    executive_lock(ex, &left);
}

static void
call(void *context)
{
    (void)context;
    executive_lock(ex, &left);
    executive_spawn(ex, "other", NULL, other, NULL);
    executive_yield(ex, YIELD_SPIN, NULL);
    executive_lock(ex, &right);
    came_back = true;
}

static void
timer(void *context)
{
    (void)context;
    while (!stop && ++ticks)
        executive_wait(ex, &stop, 0, executive_now(ex) + 1000000000);
}

static void
end_timer(void *context)
{
    (void)context;
    stop = 1;
    executive_wake(ex, &stop, 1);
}

static void
line(void *context, const char *text)
{
    lines += strstr(text, context) != NULL;
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};

    if (!arena)
        return 77;
    ex = executive_create(&config);
    if (executive_enter(ex, NULL, call, NULL) != -EDEADLK || executive_abandoned(ex) != 1)
        return 1;
    executive_describe(ex, line, "\"other\" waits");
    executive_describe(ex, line, "\"call\" waits");
    if (lines != 2 || executive_quiescent(ex) == 0)
        return 1;
    executive_wake(ex, &right, 1);
    executive_wake(ex, &left, 1);
    executive_spawn(ex, "timer", NULL, timer, NULL);
    executive_set_patience(ex, 600000000000);
    left = 2;
    if (executive_enter(ex, NULL, call, NULL) != -EDEADLK || ticks < 590 || ticks > 601)
        return 1;
    if (executive_enter(ex, NULL, end_timer, NULL) != 0 || came_back)
        return 1;
    return 0;
}
