/* SPDX-License-Identifier: MIT */
/* A retired block of an arena is freed: nobody finds it, and it is not counted. But its memory is not
 * given out, however much is freed after it, until it is released.
 */
#include "host/arena.h"

#include "lib/check.h"

#define TIMES 60000

static bool
comes_again(struct arena *arena, const char *block, size_t size)
{
    for (unsigned i = 0; i < TIMES; i++) {
        char *other = arena_alloc(arena, size, 16);

        arena_free(arena, other);
        if (other == block)
            return true;
    }
    return false;
}

static void
check_size(struct arena *arena, size_t size)
{
    char *block = arena_alloc(arena, size, 16);
    size_t bytes, blocks, left;

    arena_usage(arena, &bytes, &left);
    arena_retire(arena, block);
    arena_usage(arena, &bytes, &blocks);
    CHECK_EQ(blocks, left - 1);
    CHECK(!arena_find(arena, block, NULL));
    CHECK(!comes_again(arena, block, size));
    arena_release(arena, block);
    CHECK(!arena_find(arena, block, NULL));
    /* A large one may have become a part of a larger one. */
    CHECK(comes_again(arena, block, size) || size > 8192);
}

int
main(void)
{
    struct arena *arena = arena_create();

    CHECK(arena);
    check_size(arena, 200);
    check_size(arena, 20000);
    arena_destroy(arena);
    return 0;
}
