/* SPDX-License-Identifier: MIT */
/* Snapshots of an arena: what memory of the file behind it exists, as a list of extents, and the
 * shadow of the heap and of the stacks.
 *
 * Holes stay holes: the file is asked which pages it has (SEEK_DATA), so untouched stacks and the
 * page table's far end cost nothing. Nothing here looks through a sanitizer.
 */
#include "host/arena_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define PUNCH_BYTES                                                                                \
    (1u << 20) /* from here on memory goes back to the host instead of being cleared */

struct extent {
    size_t start, end;
};

/* The shadow of one range of the arena. */
struct shade {
    char *start;
    size_t size; /* bytes of shadow */
    size_t at;   /* where in the copy */
};

#define SHADES 3

struct arena_snapshot {
    size_t mapped; /* of this */
    size_t count;
    size_t data; /* offset of the bytes, in the order of the extents */
    size_t shadow;
    struct extent extents[];
};

/* What of the arena is never closed: its second mapping where pages of the first one may be. */
static char *
open_base(const struct arena *arena)
{
    return arena->base + (arena->closed ? ARENA_SPAN : 0);
}

/* The next extent of the file at or behind @from; false when there is none. */
static bool
next_extent(const struct arena *arena, size_t from, struct extent *extent)
{
    off_t start = from < ARENA_SPAN ? lseek(arena->fd, (off_t)from, SEEK_DATA) : -1;
    off_t end = start < 0 ? -1 : lseek(arena->fd, start, SEEK_HOLE);

    extent->start = (size_t)start;
    extent->end = (size_t)end;
    return end > start;
}

/* Both mappings of the heap, the stacks in the first. Answers the bytes of all. */
static size_t
shades_of(struct arena *arena, struct shade shades[SHADES])
{
    char *heap;
    size_t size, at = 0;

    if (!SHADOW)
        return 0;
    heap = page_address(arena, HEAP_FIRST);
    size = (arena->top - HEAP_FIRST) * PAGE / 8;
    shades[0] = (struct shade){shadow_of(heap), size, 0};
    shades[1] = (struct shade){shadow_of(heap + ARENA_SPAN), size, 0};
    shades[2] = (struct shade){shadow_of(arena->base + ARENA_SPAN - arena->stacks * STACK_STEP),
        arena->stacks * STACK_STEP / 8, 0};
    for (unsigned i = 0; i < SHADES; i++) {
        shades[i].at = at;
        at += shades[i].size;
    }
    return at;
}

struct arena_snapshot *
arena_save(struct arena *arena)
{
    struct arena_snapshot *snapshot;
    struct shade shades[SHADES];
    struct extent extent;
    size_t count = 0, bytes = 0, header, mapped, at;

    for (at = 0; next_extent(arena, at, &extent); at = extent.end) {
        count++;
        bytes += extent.end - extent.start;
    }
    header = sizeof(*snapshot) + count * sizeof(extent);
    mapped = header + bytes + shades_of(arena, shades);
    snapshot = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (snapshot == MAP_FAILED) {
        errno = ENOMEM;
        return NULL;
    }
    snapshot->mapped = mapped;
    snapshot->data = header;
    snapshot->shadow = header + bytes;
    for (at = 0; snapshot->count < count && next_extent(arena, at, &extent); at = extent.end) {
        snapshot->extents[snapshot->count++] = extent;
        raw_copy(
            (char *)snapshot + header, open_base(arena) + extent.start, extent.end - extent.start);
        header += extent.end - extent.start;
    }
    for (unsigned i = 0; SHADOW && i < SHADES; i++)
        raw_copy(
            (char *)snapshot + snapshot->shadow + shades[i].at, shades[i].start, shades[i].size);
    return snapshot;
}

static void
clear(struct arena *arena, size_t start, size_t end)
{
    if (start >= end)
        return;
    if (end - start < PUNCH_BYTES ||
        fallocate(arena->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)start,
            (off_t)(end - start)) != 0)
        raw_clear(open_base(arena) + start, end - start);
}

/* Zero what exists now and did not exist then. */
static void
clear_new(struct arena *arena, const struct arena_snapshot *snapshot)
{
    struct extent now;
    size_t i = 0;

    for (size_t at = 0; next_extent(arena, at, &now); at = now.end) {
        size_t start = now.start;

        while (i < snapshot->count && snapshot->extents[i].end <= start)
            i++;
        for (size_t k = i; k < snapshot->count && snapshot->extents[k].start < now.end; k++) {
            clear(arena, start, snapshot->extents[k].start);
            start = snapshot->extents[k].end;
        }
        clear(arena, start, now.end);
    }
}

/* The shadow as it was. What grew since then is as if never touched: the heap grew up, the stacks
 * down. */
static void
restore_shadow(
    struct arena *arena, const struct arena_snapshot *snapshot, const struct shade now[SHADES])
{
    struct shade then[SHADES];

    shades_of(arena, then);
    for (unsigned i = 0; SHADOW && i < SHADES; i++) {
        if (now[i].size > then[i].size)
            raw_clear(now[i].start == then[i].start ? now[i].start + then[i].size : now[i].start,
                now[i].size - then[i].size);
        raw_copy(
            then[i].start, (const char *)snapshot + snapshot->shadow + then[i].at, then[i].size);
    }
}

void
arena_restore(struct arena *arena, const struct arena_snapshot *snapshot)
{
    const char *from = (const char *)snapshot + snapshot->data;
    struct shade now[SHADES];

    shades_of(arena, now);
    clear_new(arena, snapshot);
    for (size_t i = 0; i < snapshot->count; i++) {
        const struct extent *extent = &snapshot->extents[i];

        raw_copy(open_base(arena) + extent->start, from, extent->end - extent->start);
        from += extent->end - extent->start;
    }
    restore_shadow(arena, snapshot, now);
    views_reset(arena);
}

void
arena_snapshot_free(struct arena_snapshot *snapshot)
{
    if (snapshot)
        munmap(snapshot, snapshot->mapped);
}
