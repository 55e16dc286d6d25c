/* SPDX-License-Identifier: MIT */
/* Once an arena has its views, each new block has pages to itself; a page that is closed in one view is
 * open in the others, or closed to writes alone, a new block and a restored arena are open in all of
 * them. */
#include "host/arena.h"

#include <stdio.h>
#include <unistd.h>

#define CHECK(what)                                                                                \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            (void)fprintf(stderr, "%d: %s\n", __LINE__, #what);                                    \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

/* Whether the kernel reads a byte there: it has no faults of its own. */
static bool
can_read(const void *address)
{
    int ends[2];
    bool can;

    if (pipe(ends))
        return false;
    can = write(ends[1], address, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return can;
}

/* The same of writing one. */
static bool
can_write(char *address)
{
    int ends[2];
    bool can;

    if (pipe(ends))
        return false;
    can = write(ends[1], "\7", 1) == 1 && read(ends[0], address, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return can;
}

static int
check_pages(struct arena *arena)
{
    char *first = arena_zalloc(arena, ARENA_LEAD + 100, 64), *second;
    struct arena_snapshot *snapshot;
    char *there;

    CHECK(((size_t)first + ARENA_LEAD) % arena_grain(arena) == 0);
    second = arena_zalloc(arena, 5000, arena_grain(arena));
    CHECK((size_t)second % arena_grain(arena) == 0 && second > first + 200);
    there = arena_view(arena, second, 3);
    second[4999] = 7;
    CHECK(there[4999] == 7);
    arena_close_view(arena, second, 5000);
    arena_close_view(arena, there, 5000);
    CHECK(!can_read(second) && !can_read(second + 4999) && !can_read(there));
    CHECK(can_read(first + ARENA_LEAD) && can_read(arena_view(arena, second, 1)));
    CHECK(can_read(arena_view(arena, second, 2)));
    CHECK(arena_is_closed(arena, second) && !arena_is_closed(arena, first));
    arena_open_view(arena, second + 4999, 1);
    CHECK(can_read(second + 4999) && !can_read(second));
    snapshot = arena_save(arena);
    CHECK(snapshot != NULL);
    ((char *)arena_view(arena, second, 1))[4999] = 8;
    arena_restore(arena, snapshot);
    arena_snapshot_free(snapshot);
    CHECK(can_read(second) && can_read(there) && second[4999] == 7);
    arena_freeze_view(arena, there, 5000);
    CHECK(can_read(there) && !can_write(there + 4999) && can_write(second + 4999));
    CHECK(arena_is_closed(arena, there) && can_write(arena_unclosed(arena, there)));
    arena_open_view(arena, there, 5000);
    CHECK(can_write(there) && can_write(there + 4999));
    arena_close_view(arena, there, 5000);
    arena_free(arena, second);
    return 0;
}

/* All memory comes round. */
static int
check_fresh(struct arena *arena)
{
    for (unsigned k = 0; k < 200; k++) {
        char *block = arena_alloc(arena, 5000, 64);

        for (unsigned view = 0; view < 4; view++)
            CHECK(can_read(arena_view(arena, block, view)));
        arena_close_view(arena, (char *)arena_view(arena, block, 3) + ARENA_LEAD, 100);
        arena_free(arena, block);
    }
    return 0;
}

int
main(void)
{
    struct arena *arena = arena_create();
    int failed;

    if (!arena || !arena_can_close() || !arena_guarded())
        return 77;
    CHECK(arena_grain(arena) == 1 && arena_unclosed(arena, arena) == (void *)arena);
    CHECK(arena_open_views(arena) == 0 && arena_grain(arena) == 4096);
    failed = check_pages(arena) || check_fresh(arena);
    arena_destroy(arena);
    return failed;
}
