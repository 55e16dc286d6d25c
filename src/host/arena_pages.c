/* SPDX-License-Identifier: MIT */
/* Runs of pages of an arena: best bin first, neighbours joined, the rest from the top. */
#include "host/arena_parts.h"

#include <fcntl.h>

#define PUNCH_PAGES 256u /* runs from here on give their memory back to the host */

static uint32_t
bin_of(uint32_t pages)
{
    uint32_t bin = 31u - (uint32_t)__builtin_clz(pages);

    return bin < BINS ? bin : BINS - 1;
}

static void
bin_remove(struct arena *arena, uint32_t first)
{
    struct page *page = &arena->table[first];

    if (page->prev)
        arena->table[page->prev].next = page->next;
    else
        arena->bins[bin_of(page->pages)] = page->next;
    if (page->next)
        arena->table[page->next].prev = page->prev;
}

static void
bin_insert(struct arena *arena, uint32_t first, uint32_t pages)
{
    struct page *page = &arena->table[first];
    uint32_t *head = &arena->bins[bin_of(pages)];

    page->pages = pages;
    page->prev = 0;
    page->next = *head;
    if (*head)
        arena->table[*head].prev = first;
    *head = first;
    __atomic_store_n(&arena->table[first + pages - 1].first, first, __ATOMIC_RELAXED);
    __atomic_store_n(&page->first, first, __ATOMIC_RELAXED);
}

static void
mark(struct arena *arena, uint32_t first, uint32_t pages, enum page_kind kind)
{
    for (uint32_t i = first; i < first + pages; i++) {
        __atomic_store_n(&arena->table[i].first, first, __ATOMIC_RELAXED);
        __atomic_store_n(&arena->table[i].kind, kind, __ATOMIC_RELEASE);
    }
}

static uint32_t
find_free(struct arena *arena, uint32_t pages)
{
    for (uint32_t bin = bin_of(pages); bin < BINS; bin++)
        for (uint32_t first = arena->bins[bin]; first; first = arena->table[first].next)
            if (arena->table[first].pages >= pages)
                return first;
    return 0;
}

uint32_t
pages_take(struct arena *arena, uint32_t pages, enum page_kind kind, bool *zero)
{
    uint32_t first = find_free(arena, pages);
    uint32_t rest;

    *zero = first == 0;
    if (first) {
        rest = arena->table[first].pages - pages;
        bin_remove(arena, first);
        if (rest)
            bin_insert(arena, first + pages, rest);
    } else {
        if (pages > PAGES - arena->top)
            return 0;
        first = arena->top;
        __atomic_store_n(&arena->top, first + pages, __ATOMIC_RELAXED);
    }
    mark(arena, first, pages, kind);
    arena->table[first].pages = pages;
    arena_close(page_address(arena, first), pages * PAGE);
    return first;
}

void
pages_give_back(struct arena *arena, uint32_t first)
{
    uint32_t pages = arena->table[first].pages;
    uint32_t before = first - 1, behind = first + pages;

    mark(arena, first, pages, PAGE_FREE);
    if (pages >= PUNCH_PAGES)
        (void)!fallocate(arena->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
            (off_t)(first * PAGE), (off_t)(pages * PAGE));
    arena_close(page_address(arena, first), pages * PAGE);
    if (behind < arena->top && arena->table[behind].kind == PAGE_FREE) {
        bin_remove(arena, behind);
        pages += arena->table[behind].pages;
    }
    if (before >= HEAP_FIRST && arena->table[before].kind == PAGE_FREE) {
        first = arena->table[before].first;
        bin_remove(arena, first);
        pages += arena->table[first].pages;
    }
    bin_insert(arena, first, pages);
}
