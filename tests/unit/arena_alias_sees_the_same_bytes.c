/* SPDX-License-Identifier: MIT */
/* What is written through one mapping of an arena is read through the other; both find and free
 * the same block; a waiter of a word is woken through the word's other address. */
#include "executive/executive.h"
#include "host/arena.h"

#include <string.h>

static struct executive *ex;
static bool woken;

static void
sleeper(void *word)
{
    while (*(uint32_t *)word == 0)
        executive_wait(ex, word, 0, EXECUTIVE_FOREVER);
    woken = true;
}

static void
waker(void *word)
{
    *(uint32_t *)word = 1;
    executive_wake(ex, word, 1);
}

static int
check_sizes(struct arena *arena)
{
    static const size_t sizes[] = {1, 15, 16, 100, 4096, 8176, 8177, 100000, 3000000};

    for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        size_t size = sizes[i], found = 0;
        char *block = arena_zalloc(arena, size, 64), *other = arena_alias(arena, block);

        memset(block, 0x5a, size);
        if (memcmp(block, other, size) != 0 || other == block || (uintptr_t)block % 64)
            return 1;
        if (arena_alias(arena, other) != block || arena_home(arena, other) != block)
            return 1;
        if (arena_find(arena, other + size - 1, &found) != block || found != size)
            return 1;
        if (arena_find(arena, block + size, NULL) || arena_size(arena, block) != size)
            return 1;
        arena_free(arena, i % 2 ? block : other);
        if (arena_find(arena, block, NULL) || arena_size(arena, other))
            return 1;
    }
    return 0;
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct executive_config config = {.kind = EXECUTIVE_SIMULATED, .arena = arena};
    uint32_t *word;

    if (!arena)
        return 77;
    if (check_sizes(arena) != 0)
        return 1;
    ex = executive_create(&config);
    word = arena_zalloc(arena, sizeof(*word), 16);
    executive_spawn(ex, "sleeper", NULL, sleeper, word);
    executive_spawn(ex, "waker", NULL, waker, arena_alias(arena, word));
    executive_run(ex, EXECUTIVE_FOREVER);
    executive_destroy(ex);
    arena_destroy(arena);
    return woken ? 0 : 1;
}
