/* SPDX-License-Identifier: MIT */
/* Inside the arena: its header and its page table, shared by arena*.c.
 *
 *     base
 *      | struct arena, pages[] | runs of pages: slots of one size, or one large block | -> top
 *                                                                    stacks grow down <- | span
 *
 * A run of small slots starts with the records of its slots, so a driver that writes before or
 * behind its block meets a redzone, not them. Everything is addressed by page number, which
 * makes arena_find two loads and a division. Free runs are joined with their neighbours at once.
 * Locks: everything under arena.lock, except what arena_find reads (page.kind, page.first and
 * slot.where are atomics for it).
 */
#pragma once

#include "host/arena.h"
#include "host/shadow.h"

#define ARENA_BASE  0x7ea000000000ull
#define ARENA_SLOTS 64u
#define VIEWS_BASE  0x400000000000ull
#define VIEWS_SPAN  ((ARENA_VIEWS - 2) * ARENA_SPAN)
#define ARENA_MAGIC 0x616e657261756e64ull
#define PAGE        4096ull
#define STACK_STEP  (ARENA_STACK + PAGE)
#define STACKS      3840u
#define HEAP_END    (ARENA_SPAN - STACKS * STACK_STEP)
#define PAGES       ((uint32_t)(HEAP_END / PAGE))
#define REDZONE     ARENA_GUARD
#define SMALL_MAX   8192u /* largest slot */
#define CLASSES     32u
#define BINS        24u

enum page_kind { PAGE_UNUSED, PAGE_FREE, PAGE_SMALL, PAGE_LARGE };
enum slot_state { SLOT_FREE, SLOT_LIVE, SLOT_RESTING };

/* A block, or room for one. */
struct slot {
    uint64_t size;  /* asked for */
    uint32_t next;  /* ticket of the next free or resting slot */
    uint32_t where; /* enum slot_state, and above it the offset of the block in the slot, / 16 */
};

/* Only kind and first hold in every page of a run, the rest in its first page (a free run's
 * last page too knows first). */
struct page {
    uint32_t kind;
    uint32_t first;      /* page of the run */
    uint32_t pages;      /* length of the run */
    uint32_t next, prev; /* runs of the same bin, or of the same class with room */
    uint32_t class;      /* small: index of the slot size */
    uint32_t slots;      /* small: how many there are, */
    uint32_t fresh;      /* how many were ever used, */
    uint32_t live;       /* are used (resting ones too) */
    uint32_t free;       /* ticket of the newest free slot, 0 none */
    struct slot own;     /* large: the one block */
};

struct arena {
    uint64_t magic;
    char *base;     /* [I] */
    int fd;         /* [I] */
    unsigned place; /* [I] which of the process's slots */
    uint32_t lock;  /* host_lock */
    bool noisy;
    char *views;             /* [I] the third mapping, the others follow it; NULL: there are two */
    uint64_t *closed;        /* [I] a bit per page of each view (closed.c); NULL: none can be */
    uint32_t top;            /* first page that was never used: zero from here on */
    uint32_t bins[BINS];     /* first pages of free runs by length, 0 none */
    uint32_t rooms[CLASSES]; /* first pages of small runs with room, 0 none */
    uint32_t oldest, newest; /* tickets in the quarantine */
    size_t resting;          /* bytes there */
    size_t live_bytes, live_blocks;
    uint32_t stacks;     /* ever given out */
    uint32_t free_stack; /* 1 + index, 0 none */
    uint16_t next_stack[STACKS];
    struct page table[]; /* PAGES of them, memory comes on touch */
};

#define HEAP_FIRST ((uint32_t)((sizeof(struct arena) + PAGES * sizeof(struct page)) / PAGE + 1))

/* Not of the two mappings that every arena has. */
static inline bool
in_views(const struct arena *arena, const void *address)
{
    return arena->views && (size_t)((const char *)address - arena->views) < VIEWS_SPAN;
}

/* What was closed in a view is open. */
void views_reset(struct arena *arena);
/* arena_closed.c: makes arena->closed; 0 or -errno. */
int closed_create(struct arena *arena);
void closed_destroy(struct arena *arena);
/* All pages of all views are open. */
void closed_reset(struct arena *arena);
/* Those of a new block are. */
void closed_open(struct arena *arena, const char *block, size_t size);

/* @pages in a row, whose kind is set; 0 when there are none. *@zero: never used before. */
uint32_t pages_take(struct arena *arena, uint32_t pages, enum page_kind kind, bool *zero);
void pages_give_back(struct arena *arena, uint32_t first);

/* Both mappings of a range. */
static inline void
arena_close(const void *start, size_t size)
{
    shadow_close(start, size);
    shadow_close((const char *)start + ARENA_SPAN, size);
}

static inline void
arena_open(const void *start, size_t size)
{
    shadow_open(start, size);
    shadow_open((const char *)start + ARENA_SPAN, size);
}

static inline char *
page_address(struct arena *arena, uint32_t page)
{
    return arena->base + page * PAGE;
}

static inline void *
stack_address(struct arena *arena, uint32_t index)
{
    return arena->base + ARENA_SPAN - index * STACK_STEP - ARENA_STACK;
}
