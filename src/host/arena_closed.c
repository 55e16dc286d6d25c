/* SPDX-License-Identifier: MIT */
/* Pages of an arena that are closed in one view while they are open in others.
 *
 *     closed   | a bit per page of view 0 | of view 1 | ...         outside the arena, in no snapshot
 *
 * A bit is set after its page was closed and cleared before it is opened, so that opening what is
 * open costs a look. Whoever closes or opens a page has it to himself; different pages may be
 * closed and opened on different threads.
 */
#include "host/arena_parts.h"

#include <errno.h>
#include <sys/mman.h>

#define VIEW_PAGES   (ARENA_SPAN / PAGE)
#define CLOSED_BYTES (ARENA_VIEWS * VIEW_PAGES / 8)

int
closed_create(struct arena *arena)
{
    void *bits;

    if (SHADOW)
        return 0;
    bits = mmap(NULL, CLOSED_BYTES, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bits == MAP_FAILED)
        return -ENOMEM;
    arena->closed = bits;
    return 0;
}

void
closed_destroy(struct arena *arena)
{
    if (arena->closed)
        munmap(arena->closed, CLOSED_BYTES);
}

bool
arena_can_close(void)
{
    return !RACES;
}

size_t
arena_grain(const struct arena *arena)
{
    return arena->closed ? PAGE : 1;
}

/* The number of the page of @address among those of all views. */
static size_t
page_of(const struct arena *arena, const void *address)
{
    char *home = arena_home(arena, address);

    return arena_view_of(arena, address) * VIEW_PAGES + (size_t)(home - arena->base) / PAGE;
}

static bool
is_closed(const struct arena *arena, size_t page)
{
    return __atomic_load_n(&arena->closed[page / 64], __ATOMIC_RELAXED) >> page % 64 & 1;
}

bool
arena_is_closed(const struct arena *arena, const void *address)
{
    return arena->closed && arena_owns(arena, address) && is_closed(arena, page_of(arena, address));
}

static void
protect(struct arena *arena, void *start, size_t size, int protection)
{
    size_t page, pages = (size + PAGE - 1) / PAGE;

    if (mprotect(start, pages * PAGE, protection) != 0)
        return;
    page = page_of(arena, start);
    for (size_t k = page; k < page + pages; k++)
        __atomic_fetch_or(&arena->closed[k / 64], 1ull << k % 64, __ATOMIC_RELAXED);
}

void
arena_close_view(struct arena *arena, void *start, size_t size)
{
    if (arena->closed)
        protect(arena, start, size, PROT_NONE);
    else
        shadow_close(start, size);
}

void
arena_freeze_view(struct arena *arena, void *start, size_t size)
{
    if (arena->closed)
        protect(arena, start, size, PROT_READ);
}

void
arena_open_view(struct arena *arena, void *start, size_t size)
{
    char *at = (char *)((uintptr_t)start & ~(PAGE - 1));

    if (!arena->closed) {
        shadow_open(start, size);
        return;
    }
    for (size_t k = page_of(arena, start); at < (char *)start + size; k++, at += PAGE) {
        if (!is_closed(arena, k))
            continue;
        __atomic_fetch_and(&arena->closed[k / 64], ~(1ull << k % 64), __ATOMIC_RELAXED);
        mprotect(at, PAGE, PROT_READ | PROT_WRITE);
    }
}

void
closed_open(struct arena *arena, const char *block, size_t size)
{
    for (unsigned view = 0; arena->views && view < ARENA_VIEWS; view++)
        arena_open_view(arena, arena_view(arena, block, view), size);
}

void
closed_reset(struct arena *arena)
{
    if (!arena->closed)
        return;
    for (size_t k = 0; k < CLOSED_BYTES / sizeof(*arena->closed); k++) {
        char *first = arena_view(
            arena, arena->base + k * 64 % VIEW_PAGES * PAGE, (unsigned)(k * 64 / VIEW_PAGES));

        if (arena->closed[k])
            arena_open_view(arena, first, 64 * PAGE);
    }
}
