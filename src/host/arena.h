/* SPDX-License-Identifier: MIT */
/* Memory of one world: a memfd mapped at a fixed address, and a second time beside it.
 *
 *     base                     base + span            base + 2 * span
 *      | header | blocks ...    |  the same bytes again |
 *
 * Fixed addresses make runs repeatable; the second mapping lets a verified machine hand the same
 * bytes out under another address, and more of them (views) under as many as it has layers.
 * Bookkeeping is inside, so a copy of the used part is a snapshot.
 * A forked child shares the memory with its parent: make arenas after a fork.
 * Every block has redzones that ASan knows (when built so); freed blocks rest in a quarantine.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARENA_SPAN (8ull << 30) /* bytes of address space for one mapping; memory comes on touch */

struct arena;
struct arena_snapshot;

/* Takes the lowest free slot of the process (slot 0 first, always at the same address).
 * NULL and errno (ENOMEM, EMFILE) when there is none. */
struct arena *arena_create(void);
void arena_destroy(struct arena *arena);

/* @align: power of two, 16 at least. Not zeroed; filled with 0xCD when the arena is "noisy".
 * NULL when the arena is full. Any thread. */
void *arena_alloc(struct arena *arena, size_t size, size_t align);
void *arena_zalloc(struct arena *arena, size_t size, size_t align);
/* @memory: from arena_alloc of the same arena; NULL is fine; anything else aborts with a report. */
void arena_free(struct arena *arena, void *memory);
/* The same in two steps: the block is freed, but its memory is nobody's until it is released. */
void arena_retire(struct arena *arena, void *memory);
void arena_release(struct arena *arena, void *memory);
/* Size asked for of the live block that starts at @memory; 0 when there is none. */
size_t arena_size(struct arena *arena, const void *memory);
/* The live block around @address, NULL when none: *@size gets its size. */
void *arena_find(struct arena *arena, const void *address, size_t *size);
/* True for every address within either mapping. */
bool arena_owns(const struct arena *arena, const void *address);
/* The same byte in the other mapping. */
void *arena_alias(struct arena *arena, const void *address);
/* The same byte in the first mapping; an address elsewhere is its own home. */
void *arena_home(const struct arena *arena, const void *address);
/* More mappings of the same bytes, ARENA_VIEWS in all: view 0 is the first mapping, 1 the second. What
 * is allocated from then on can be closed in one view and open in another. 0 or -errno; once is
 * enough. */
#define ARENA_VIEWS 12u
int arena_open_views(struct arena *arena);
/* The same byte in view @view, which must be open. */
void *arena_view(const struct arena *arena, const void *address, unsigned view);
/* The same byte where it is never closed: in view 1 when there are more than two. An address elsewhere
 * stays what it is. */
void *arena_unclosed(const struct arena *arena, void *address);
/* The view that @address lies in, 0 for an address elsewhere. */
unsigned arena_view_of(const struct arena *arena, const void *address);
/* Whether a range can be closed at all: not where TSan has the addresses of the views. */
bool arena_can_close(void);
/* What can be closed begins and ends on such a boundary: 1 where ASan looks, else a page, and each
 * block has pages to itself, the first of which holds its first ARENA_LEAD bytes alone. */
#define ARENA_LEAD 64u
size_t arena_grain(const struct arena *arena);
/* @start: on a boundary. What the host refuses stays open. */
void arena_close_view(struct arena *arena, void *start, size_t size);
/* The same, but it can still be read; not where ASan looks, which knows no such thing. */
void arena_freeze_view(struct arena *arena, void *start, size_t size);
/* What lies on a page with it is opened too. */
void arena_open_view(struct arena *arena, void *start, size_t size);
/* Whether the page of @address, anywhere, is closed; not where ASan looks. */
bool arena_is_closed(const struct arena *arena, const void *address);
/* Behind each block lie so many bytes that are nobody's. */
#define ARENA_GUARD 16u
/* Whether the caller may write there: not when ASan watches them. */
bool arena_guarded(void);
/* Bytes in live blocks, and their number. */
void arena_usage(struct arena *arena, size_t *bytes, size_t *blocks);

/* From now on new blocks are filled with 0xCD, so that reading what nobody wrote shows. */
void arena_set_noisy(struct arena *arena, bool noisy);

/* A stack for a fibre: ARENA_STACK bytes, the page below it cannot be touched. NULL when there is
 * none left. Stacks are not blocks: arena_find does not know them. */
#define ARENA_STACK (256u << 10)
void *arena_stack_get(struct arena *arena);
void arena_stack_put(struct arena *arena, void *stack);
/* Whether @address lies on a stack that was ever given out. */
bool arena_is_stack(const struct arena *arena, const void *address);

/*
 * Copies the used part (and its ASan shadow); NULL and errno. The world must stand still.
 * arena_restore makes every byte what it was: memory that was fresh then is zero again.
 */
struct arena_snapshot *arena_save(struct arena *arena);
void arena_restore(struct arena *arena, const struct arena_snapshot *snapshot);
void arena_snapshot_free(struct arena_snapshot *snapshot);
