/* SPDX-License-Identifier: MIT */
/* The blocks of an arena. The drawing is in arena_parts.h.
 *
 * Small blocks come from slots of 32 sizes, large ones are runs of pages. A freed block rests in
 * a queue first, so that late uses meet poison (ASan) or at least nobody else's data.
 */
#include "host/arena.h"
#include "host/arena_parts.h"
#include "host/lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REST_MAX (SHADOW ? 8u << 20 : 256u << 10) /* bytes in the quarantine */

/* Slot sizes: 16 .. 128 in steps of 16, then four per doubling up to SMALL_MAX. */
static uint32_t
class_of(size_t need)
{
    uint32_t shift;

    if (need <= 128)
        return (uint32_t)((need + 15) / 16 - 1);
    shift = 63u - (uint32_t)__builtin_clzll(need - 1);
    return 8 + (shift - 7) * 4 + (uint32_t)((need - 1) >> (shift - 2) & 3);
}

static uint32_t
class_size(uint32_t class)
{
    uint32_t shift;

    if (class < 8)
        return (class + 1) * 16;
    shift = (class - 8) / 4 + 7;
    return (1u << shift) + (((class - 8) % 4 + 1) << (shift - 2));
}

static struct slot *
run_slots(struct arena *arena, uint32_t first)
{
    return (struct slot *)page_address(arena, first);
}

/* The first slot of a run stands behind the records and a redzone. */
static char *
run_start(struct arena *arena, uint32_t first)
{
    size_t records = arena->table[first].slots * sizeof(struct slot) + REDZONE;

    return page_address(arena, first) + ((records + 63) & ~(size_t)63);
}

/* A ticket is the address of a slot / 16, counted from the arena's start. */
static uint32_t
ticket_of(struct arena *arena, const void *slot_address)
{
    return (uint32_t)((size_t)((const char *)slot_address - arena->base) / 16);
}

static char *
ticket_address(struct arena *arena, uint32_t ticket)
{
    return arena->base + (size_t)ticket * 16;
}

/* The slot around an address of this mapping, and where it starts; NULL when there is none. */
static struct slot *
slot_around(struct arena *arena, const void *address, char **start)
{
    size_t offset = (size_t)((const char *)address - arena->base);
    uint32_t page = (uint32_t)(offset / PAGE), first, index;
    struct page *run;

    if (page < HEAP_FIRST || page >= __atomic_load_n(&arena->top, __ATOMIC_RELAXED))
        return NULL;
    switch (__atomic_load_n(&arena->table[page].kind, __ATOMIC_ACQUIRE)) {
    case PAGE_LARGE:
        first = __atomic_load_n(&arena->table[page].first, __ATOMIC_RELAXED);
        *start = page_address(arena, first);
        return &arena->table[first].own;
    case PAGE_SMALL: break;
    default: return NULL;
    }
    first = __atomic_load_n(&arena->table[page].first, __ATOMIC_RELAXED);
    run = &arena->table[first];
    *start = run_start(arena, first);
    if ((const char *)address < *start)
        return NULL;
    index = (uint32_t)((const char *)address - *start) / class_size(run->class);
    if (index >= run->slots)
        return NULL;
    *start += (size_t)index * class_size(run->class);
    return &run_slots(arena, first)[index];
}

static void *
home(struct arena *arena, const void *address)
{
    size_t offset = (size_t)((const char *)address - arena->base);

    if (offset < ARENA_SPAN)
        return (void *)address;
    if (in_views(arena, address))
        return arena_home(arena, address);
    return offset < 2 * ARENA_SPAN ? (char *)address - ARENA_SPAN : NULL;
}

/* The live block around @address; NULL when there is none. */
static char *
live_around(struct arena *arena, const void *address, size_t *size)
{
    char *start = NULL;
    struct slot *slot = address ? slot_around(arena, address, &start) : NULL;
    uint32_t where = slot ? __atomic_load_n(&slot->where, __ATOMIC_ACQUIRE) : SLOT_FREE;

    if ((where & 3) != SLOT_LIVE)
        return NULL;
    *size = __atomic_load_n(&slot->size, __ATOMIC_RELAXED);
    return start + (size_t)(where >> 2) * 16;
}

bool
arena_guarded(void)
{
    return !SHADOW;
}

static void
room_insert(struct arena *arena, uint32_t first)
{
    struct page *run = &arena->table[first];
    uint32_t *head = &arena->rooms[run->class];

    run->prev = 0;
    run->next = *head;
    if (*head)
        arena->table[*head].prev = first;
    *head = first;
}

static void
room_remove(struct arena *arena, uint32_t first)
{
    struct page *run = &arena->table[first];

    if (run->prev)
        arena->table[run->prev].next = run->next;
    else
        arena->rooms[run->class] = run->next;
    if (run->next)
        arena->table[run->next].prev = run->prev;
}

static uint32_t
room_create(struct arena *arena, uint32_t class)
{
    uint32_t size = class_size(class), first;
    uint32_t eight = size * 8 / (uint32_t)PAGE + 1, pages = eight < 4 ? 4 : eight;
    struct page *run;
    bool zero;

    first = pages_take(arena, pages, PAGE_UNUSED, &zero);
    if (!first)
        return 0;
    run = &arena->table[first];
    run->class = class;
    run->slots = (uint32_t)((pages * PAGE - 64 - REDZONE) / (size + sizeof(struct slot)));
    run->fresh = run->live = run->free = 0;
    shadow_open(run_slots(arena, first), run->slots * sizeof(struct slot));
    memset(run_slots(arena, first), 0, run->slots * sizeof(struct slot));
    for (uint32_t i = first; i < first + pages; i++)
        __atomic_store_n(&arena->table[i].kind, PAGE_SMALL, __ATOMIC_RELEASE);
    room_insert(arena, first);
    return first;
}

static struct slot *
take_small(struct arena *arena, size_t need, char **start)
{
    uint32_t class = class_of(need), first = arena->rooms[class];
    struct page *run;
    struct slot *slot;

    if (!first)
        first = room_create(arena, class);
    if (!first)
        return NULL;
    run = &arena->table[first];
    if (run->free) {
        slot = slot_around(arena, ticket_address(arena, run->free), start);
        run->free = slot->next;
    } else {
        *start = run_start(arena, first) + (size_t)run->fresh * class_size(class);
        slot = &run_slots(arena, first)[run->fresh++];
    }
    if (++run->live == run->slots)
        room_remove(arena, first);
    return slot;
}

static struct slot *
take_large(struct arena *arena, size_t need, char **start, bool *zero)
{
    uint32_t first;

    if (need > HEAP_END)
        return NULL;
    first = pages_take(arena, (uint32_t)((need + PAGE - 1) / PAGE), PAGE_LARGE, zero);
    if (!first)
        return NULL;
    *start = page_address(arena, first);
    return &arena->table[first].own;
}

/* The block @block in @slot, which has begun at @start, is live. */
static void *
begin(struct arena *arena, struct slot *slot, const char *start, char *block, size_t size)
{
    __atomic_store_n(&slot->size, size, __ATOMIC_RELAXED);
    __atomic_store_n(
        &slot->where, (uint32_t)((block - start) / 16) << 2 | SLOT_LIVE, __ATOMIC_RELEASE);
    arena->live_bytes += size;
    arena->live_blocks++;
    arena_open(block, size);
    closed_open(arena, block, size);
    return block;
}

/* On pages of its own: where its alignment lets it, all but its lead begins on one. */
static void *
take_alone(struct arena *arena, size_t size, size_t align, bool *zero)
{
    size_t lead = align <= ARENA_LEAD ? PAGE - ARENA_LEAD : align > PAGE ? align - PAGE : 0;
    char *start = NULL, *block;
    struct slot *slot = take_large(arena, lead + size + REDZONE, &start, zero);

    if (!slot)
        return NULL;
    block = start + lead;
    if (align > PAGE)
        block = (char *)(((uintptr_t)start + align - 1) & ~(align - 1));
    return begin(arena, slot, start, block, size);
}

static void *
take(struct arena *arena, size_t size, size_t align, bool *zero)
{
    size_t need = size + REDZONE;
    char *start = NULL, *block;
    struct slot *slot;

    *zero = false;
    if (align < 16)
        align = 16;
    if (need < size || align > 1u << 24)
        return NULL;
    if (arena->closed)
        return take_alone(arena, size, align, zero);
    if (need + align - 16 <= SMALL_MAX)
        slot = take_small(arena, need + align - 16, &start);
    else
        slot = take_large(arena, align > PAGE ? need + align - PAGE : need, &start, zero);
    if (!slot)
        return NULL;
    block = (char *)(((uintptr_t)start + align - 1) & ~(align - 1));
    return begin(arena, slot, start, block, size);
}

static void *
take_locked(struct arena *arena, size_t size, size_t align, bool *zero, bool *noisy)
{
    void *block;

    host_lock(&arena->lock);
    block = take(arena, size, align, zero);
    *noisy = arena->noisy;
    host_unlock(&arena->lock);
    return block;
}

void *
arena_alloc(struct arena *arena, size_t size, size_t align)
{
    bool zero, noisy;
    void *block = take_locked(arena, size, align, &zero, &noisy);

    if (block && noisy)
        memset(block, 0xCD, size);
    return block;
}

void *
arena_zalloc(struct arena *arena, size_t size, size_t align)
{
    bool zero, noisy;
    void *block = take_locked(arena, size, align, &zero, &noisy);

    if (block && !zero)
        memset(block, 0, size);
    return block;
}

/* The slot's room can be given to somebody else. */
static void
let_go(struct arena *arena, struct slot *slot, uint32_t ticket)
{
    uint32_t page = (uint32_t)(ticket / (PAGE / 16)), first = arena->table[page].first;
    struct page *run = &arena->table[first];

    __atomic_store_n(&slot->where, SLOT_FREE, __ATOMIC_RELEASE);
    if (run->kind == PAGE_LARGE) {
        pages_give_back(arena, first);
        return;
    }
    slot->next = run->free;
    run->free = ticket;
    if (run->live-- == run->slots)
        room_insert(arena, first);
    if (run->live == 0 && (run->next || run->prev)) {
        room_remove(arena, first);
        pages_give_back(arena, first);
    }
}

static void
rest(struct arena *arena, struct slot *slot, uint32_t ticket)
{
    char *start;

    slot->next = 0;
    if (arena->newest)
        slot_around(arena, ticket_address(arena, arena->newest), &start)->next = ticket;
    else
        arena->oldest = ticket;
    arena->newest = ticket;
    arena->resting += slot->size + REDZONE;
    while (arena->resting > REST_MAX) {
        uint32_t oldest = arena->oldest;
        struct slot *gone = slot_around(arena, ticket_address(arena, oldest), &start);

        arena->oldest = gone->next;
        if (!arena->oldest)
            arena->newest = 0;
        arena->resting -= gone->size + REDZONE;
        let_go(arena, gone, oldest);
    }
}

static _Noreturn void
refuse(struct arena *arena, const void *memory)
{
    char *start = NULL;
    struct slot *slot = NULL;
    size_t size = 0;
    void *around = NULL;

    if (arena_owns(arena, memory)) {
        around = arena_find(arena, memory, &size);
        slot = slot_around(arena, home(arena, memory), &start);
    }
    if (around)
        (void)fprintf(stderr, "undis: arena_free of %p, which lies in the block %p of %zu bytes\n",
            memory, around, size);
    else if (slot && (slot->where & 3) == SLOT_RESTING)
        (void)fprintf(stderr, "undis: arena_free of %p, which was freed before\n", memory);
    else
        (void)fprintf(stderr, "undis: arena_free of %p, which is no block of this arena\n", memory);
    abort();
}

/* The slot of the block at @memory, which is not live any more. Under the lock, which misuse lets go. */
static struct slot *
retire(struct arena *arena, void *memory, char **start)
{
    char *block = arena_owns(arena, memory) ? home(arena, memory) : NULL;
    struct slot *slot;
    size_t size;

    if (!block || live_around(arena, block, &size) != block) {
        host_unlock(&arena->lock);
        refuse(arena, memory);
    }
    slot = slot_around(arena, block, start);
    __atomic_store_n(&slot->where, (slot->where & ~3u) | SLOT_RESTING, __ATOMIC_RELEASE);
    arena->live_bytes -= size;
    arena->live_blocks--;
    arena_close(block, size);
    return slot;
}

static void
release(struct arena *arena, struct slot *slot, const char *start)
{
    if (slot->size <= REST_MAX / 4)
        rest(arena, slot, ticket_of(arena, start));
    else
        let_go(arena, slot, ticket_of(arena, start));
}

void
arena_free(struct arena *arena, void *memory)
{
    char *start = NULL;
    struct slot *slot;

    if (!memory)
        return;
    host_lock(&arena->lock);
    slot = retire(arena, memory, &start);
    release(arena, slot, start);
    host_unlock(&arena->lock);
}

void
arena_retire(struct arena *arena, void *memory)
{
    char *start = NULL;

    host_lock(&arena->lock);
    retire(arena, memory, &start);
    host_unlock(&arena->lock);
}

void
arena_release(struct arena *arena, void *memory)
{
    char *start = NULL;
    struct slot *slot;

    host_lock(&arena->lock);
    slot = slot_around(arena, home(arena, memory), &start);
    release(arena, slot, start);
    host_unlock(&arena->lock);
}

size_t
arena_size(struct arena *arena, const void *memory)
{
    size_t size = 0;
    void *block = home(arena, memory);

    return block && live_around(arena, block, &size) == block ? size : 0;
}

void *
arena_find(struct arena *arena, const void *address, size_t *size)
{
    size_t found = 0;
    char *inside = home(arena, address), *block = live_around(arena, inside, &found);

    if (!block || inside < block || (size_t)(inside - block) >= found)
        return NULL;
    if (size)
        *size = found;
    return block;
}

void
arena_usage(struct arena *arena, size_t *bytes, size_t *blocks)
{
    host_lock(&arena->lock);
    *bytes = arena->live_bytes;
    *blocks = arena->live_blocks;
    host_unlock(&arena->lock);
}

void
arena_set_noisy(struct arena *arena, bool noisy)
{
    host_lock(&arena->lock);
    arena->noisy = noisy;
    host_unlock(&arena->lock);
}
