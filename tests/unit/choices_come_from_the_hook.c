/* SPDX-License-Identifier: MIT */
/* With a choose hook nothing is drawn elsewhere: it is asked with the number of tasks that could
 * run and its answer is who does; one possibility is no question; the yield hook sees each kind. */
#include "executive/executive.h"
#include "host/arena.h"

#include <string.h>

static struct executive *ex;
static char order[16];
static unsigned asked, wrong, yields[YIELD_SPIN + 1];

static uint32_t
last(void *context, enum choice kind, uint32_t n, const void *object)
{
    wrong += context != &order || n < 2;
    if (kind != CHOICE_SCHEDULE)
        return object == &ex ? n - 2 : 0;
    asked++;
    return n - 1;
}

static void
count(void *context, enum yield_kind kind, const volatile void *object)
{
    wrong += context != &order || !object;
    yields[kind]++;
}

static void
work(void *context)
{
    strcat(order, context);
    executive_yield(ex, YIELD_LOCK, context);
    strcat(order, context);
}

int
main(void)
{
    static const struct executive_hooks hooks = {.choose = last, .yield = count};
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena, .seed = 9};

    if (!arena)
        return 77;
    ex = executive_create(&config);
    executive_set_hooks(ex, &hooks, &order);
    executive_spawn(ex, "a", NULL, work, "a");
    executive_spawn(ex, "b", NULL, work, "b");
    executive_spawn(ex, "c", NULL, work, "c");
    executive_run(ex, EXECUTIVE_FOREVER);
    /* c goes first, gives way to b (the last in line), b to c, which ends; and so on. */
    if (wrong || strcmp(order, "cbcbaa") != 0 || asked != 4 || yields[YIELD_LOCK] != 3)
        return 1;
    if (executive_choose(ex, CHOICE_FLAG, 1, &ex) != 0 || wrong)
        return 1;
    if (executive_choose(ex, CHOICE_FLAG, 5, &ex) != 3)
        return 1;
    executive_destroy(ex);
    arena_destroy(arena);
    return 0;
}
