/* SPDX-License-Identifier: MIT */
/* Data races of drivers that tell of each access (undis build --sanitize races): two accesses to the
 * same bytes, one of which writes, by two activities, and nothing that puts one before the other.
 * Which rule that breaks depends on who was there and on what lies there.
 */
#include "verify/race.h"

#include "host/image.h"

#include <stdio.h>
#include <string.h>
#include <undis/access.h>

#define ISR_LEVEL (DISPATCH_LEVEL + 1)
#define IS_FREED  0x40u /* of the first mark of a word, alone: the memory is free */
#define ON_QUEUE  0x80u /* a mark's flag: a packet lay there, or its address */

static struct page *
page_of(struct races *races, uintptr_t number)
{
    struct page *page = races->pages[number % PAGE_HASH];

    while (page && page->number != number)
        page = page->next;
    return page;
}

/* NULL without memory: what lies there is not watched. */
static struct mark *
marks_of(struct verify *verify, uintptr_t word)
{
    struct races *races = verify->races;
    uintptr_t number = word / PAGE_WORDS;
    struct page *page = page_of(races, number);

    if (!page) {
        page = ledger_alloc(verify, sizeof(*page));
        if (!page)
            return NULL;
        page->number = number;
        page->next = races->pages[number % PAGE_HASH];
        races->pages[number % PAGE_HASH] = page;
    }
    return page->marks[word % PAGE_WORDS];
}

/* All words of it are as @first says, and nothing more is known of them. */
static void
set_words(struct verify *verify, const void *memory, size_t size, struct mark first)
{
    uintptr_t begin, end;

    if (!verify->races || !size)
        return;
    begin = (uintptr_t)arena_home(verify->machine->arena, memory) / WORD;
    end = ((uintptr_t)arena_home(verify->machine->arena, memory) + size - 1) / WORD;
    for (uintptr_t word = begin; word <= end; word++) {
        struct page *page = page_of(verify->races, word / PAGE_WORDS);

        if (!page) {
            word |= PAGE_WORDS - 1; /* none of this page */
            continue;
        }
        memset(page->marks[word % PAGE_WORDS], 0, sizeof(page->marks[0]));
        page->marks[word % PAGE_WORDS][0] = first;
    }
}

void
race_forget(struct verify *verify, const void *memory, size_t size)
{
    set_words(verify, memory, size, (struct mark){.time = 0});
}

void
race_freed(struct verify *verify, const void *memory, size_t size)
{
    set_words(verify, memory, size, (struct mark){.flags = IS_FREED});
}

bool
race_shared(const struct verify *verify, const void *address)
{
    uintptr_t word = (uintptr_t)arena_home(verify->machine->arena, address) / WORD;
    const struct page *page = page_of(verify->races, word / PAGE_WORDS);
    const struct mark *marks = page ? page->marks[word % PAGE_WORDS] : NULL;
    const struct activity *self = race_activity_now();

    for (unsigned k = 0; marks && self && k < WORD_MARKS; k++)
        if (marks[k].time && marks[k].slot != self->slot)
            return true;
    return false;
}

/* Trails */

static bool
same_trail(const struct trail *a, const struct trail *b)
{
    return a->depth == b->depth && a->oid == b->oid && a->driver == b->driver &&
           a->handler == b->handler &&
           memcmp(a->stack, b->stack, a->depth * sizeof(a->stack[0])) == 0;
}

static bool
more_trails(struct verify *verify)
{
    struct races *races = verify->races;
    uint32_t room = races->trail_room ? 2 * races->trail_room : 1024;
    struct trail *trails = ledger_alloc(verify, room * sizeof(*trails));

    if (!trails)
        return false;
    if (races->trail_count)
        memcpy(trails, races->trails, races->trail_count * sizeof(*trails));
    races->trails = trails;
    races->trail_room = room;
    return true;
}

/* 1 + the index of this place; 0 without memory. */
static uint32_t
trail_now(struct verify *verify, const struct activity *self)
{
    struct races *races = verify->races;
    const struct gate_frame *frame = block_self->frames;
    struct trail here = {
        .driver = block_self->driver, .handler = frame ? frame->handler : NULL, .oid = self->oid};
    uint32_t *in, hash = 0;

    here.depth = stack_now(NULL, here.stack, TRAIL_DEPTH);
    for (uint32_t k = 0; k < here.depth; k++)
        hash = (hash ^ (uint32_t)(uintptr_t)here.stack[k]) * 0x01000193u;
    in = &races->trail_first[hash % TRAIL_HASH];
    for (uint32_t k = *in; k; k = races->trails[k - 1].next)
        if (same_trail(&races->trails[k - 1], &here))
            return k;
    if (races->trail_count == races->trail_room && !more_trails(verify))
        return 0;
    here.next = *in;
    races->trails[races->trail_count] = here;
    *in = ++races->trail_count;
    return *in;
}

/* Reports */

static bool
is_packet(struct verify *verify, const void *at)
{
    return object_of(verify->machine, at, OBJECT_NBL) ||
           object_of(verify->machine, at, OBJECT_NB) ||
           object_of(verify->machine, at, OBJECT_PACKET);
}

/* Where it can be looked at, though it be closed to the driver. */
static const void *
open_at(const struct verify *verify, const void *at)
{
    return arena_unclosed(verify->machine->arena, (void *)(uintptr_t)at);
}

/* Alone in its block, or where it begins. */
static bool
in_packet(struct verify *verify, const void *at)
{
    struct arena *arena = verify->machine->arena;
    const struct object *block = arena_owns(arena, at) ? arena_find(arena, at, NULL) : NULL;

    return block && (is_packet(verify, (const struct object *)open_at(verify, block) + 1) ||
                        is_packet(verify, open_at(verify, at)));
}

/* A packet lies there, or where one is. What is not there at all is not looked at. */
static bool
of_queue(struct verify *verify, const char *at)
{
    const struct driver *driver = block_self->driver;
    void *there;

    if (in_packet(verify, at))
        return true;
    at = (const char *)((uintptr_t)at & ~(uintptr_t)(WORD - 1));
    if (!arena_find(verify->machine->arena, at, NULL) &&
        !(driver->image && image_contains(driver->image, at)))
        return false;
    memcpy(&there, open_at(verify, at), sizeof(there));
    return in_packet(verify, there);
}

static enum rule_name
rule_for(struct verify *verify, const struct mark *now, const struct mark *then)
{
    const struct trail *a = &verify->races->trails[now->trail - 1],
                       *b = &verify->races->trails[then->trail - 1];

    if (now->irql >= ISR_LEVEL || then->irql >= ISR_LEVEL)
        return RULE_RACE_ISR;
    if (a->oid == OID_GEN_RECEIVE_SCALE_PARAMETERS || b->oid == OID_GEN_RECEIVE_SCALE_PARAMETERS)
        return RULE_RACE_RSS;
    return (now->flags | then->flags) & ON_QUEUE ? RULE_RACE_QUEUE : RULE_RACE_STATE;
}

/* Once per pair of places. */
static bool
is_new(struct races *races, uint32_t a, uint32_t b)
{
    uint64_t pair = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;

    for (unsigned k = 0; k < TOLD; k++)
        if (races->told[k] == pair)
            return false;
    races->told[races->tell++ % TOLD] = pair;
    return true;
}

static const char *
handler_name(const struct trail *trail)
{
    return trail->handler ? trail->handler->name : "no handler";
}

static const char *
verb(const struct mark *mark)
{
    return mark->flags & UNDIS_ACCESS_WRITE ? "writes" : "reads";
}

/* "byte 24 of POOL_MEMORY 12" */
static void
describe(struct verify *verify, const char *at, char *text, size_t size)
{
    const struct object *block = arena_find(verify->machine->arena, at, NULL);

    if (block && object_of(verify->machine, block + 1, OBJECT_NONE))
        snprintf(text, size, "byte %zu of %s %u", (size_t)(at - (const char *)(block + 1)),
            object_kind_name(block->kind), block->id);
    else
        snprintf(text, size, block ? "a block of memory" : "its own data");
}

static void
tell(struct verify *verify, const struct mark *now, const struct mark *then, const char *at)
{
    const struct trail *a = &verify->races->trails[now->trail - 1],
                       *b = &verify->races->trails[then->trail - 1];
    struct move other = {.what = "the other access", .driver = b->driver, .irql = then->irql};
    char what[96];

    if (!is_new(verify->races, now->trail, then->trail))
        return;
    other.depth = (uint8_t)b->depth;
    memcpy(other.stack, b->stack, b->depth * sizeof(b->stack[0]));
    describe(verify, at, what, sizeof(what));
    broken_late(verify, rule_for(verify, now, then), NULL, a->driver, &other,
        "the other access, which nothing puts before or behind this one",
        "%s %s %s in %s (IRQL %u), which %s %s in %s (IRQL %u) at the same time", a->driver->name,
        verb(now), what, handler_name(a), now->irql, b->driver->name, verb(then), handler_name(b),
        then->irql);
}

static void
tell_freed(struct verify *verify, const char *at)
{
    void *stack[VERIFY_DEPTH];

    memory_touched(verify, at, stack, stack_now(NULL, stack, VERIFY_DEPTH), false);
}

/* Accesses */

/* Interlocked operations do not race with each other, nor with who only reads: a read is whole. */
static bool
may_meet(const struct mark *a, const struct mark *b)
{
    const struct mark *plain = a->flags & UNDIS_ACCESS_ATOMIC ? b : a;

    if (!((a->flags | b->flags) & UNDIS_ACCESS_ATOMIC))
        return false;
    return plain->flags & UNDIS_ACCESS_ATOMIC || !(plain->flags & UNDIS_ACCESS_WRITE);
}

static bool
races_with(const struct mark *now, const struct mark *then, const struct activity *self)
{
    return then->bytes & now->bytes && (now->flags | then->flags) & UNDIS_ACCESS_WRITE &&
           !may_meet(now, then) && then->slot != now->slot &&
           then->time > self->clock.at[then->slot];
}

/* Where it goes: over what it makes superfluous, else a free place, else what is ordered. */
static struct mark *
place_for(struct mark *marks, const struct mark *now, const struct activity *self)
{
    struct mark *best = &marks[now->time % WORD_MARKS];

    for (unsigned k = 0; k < WORD_MARKS; k++)
        if (marks[k].time && marks[k].slot == now->slot && !(marks[k].bytes & ~now->bytes) &&
            !(marks[k].flags & ~now->flags))
            return &marks[k];
    for (unsigned k = 0; k < WORD_MARKS; k++)
        if (!marks[k].time)
            return &marks[k];
    for (unsigned k = 0; k < WORD_MARKS; k++)
        if (marks[k].time <= self->clock.at[marks[k].slot] && marks[k].slot != now->slot)
            best = &marks[k];
    return best;
}

static void
access_word(struct verify *verify, const struct activity *self, struct mark *now, char *at)
{
    struct mark *marks = marks_of(verify, (uintptr_t)at / WORD);

    if (!marks)
        return;
    if (marks[0].flags & IS_FREED) {
        tell_freed(verify, at);
        marks[0].flags = 0;
    }
    for (unsigned k = 0; k < WORD_MARKS; k++)
        now->flags |= marks[k].flags & ON_QUEUE;
    for (unsigned k = 0; k < WORD_MARKS; k++)
        if (marks[k].time &&
            fails(verify, rule_for(verify, now, &marks[k]), races_with(now, &marks[k], self)))
            tell(verify, now, &marks[k], at);
    *place_for(marks, now, self) = *now;
}

void
race_access(struct verify *verify, void *address, size_t size, unsigned flags)
{
    struct arena *arena = verify->machine->arena;
    char *at = arena_home(arena, address), *end = at + size;
    struct activity *self;
    struct mark now = {.flags = (uint8_t)flags, .irql = block_self->irql};
    uintptr_t key =
        order_key_of(verify, (void *)((uintptr_t)at & ~(uintptr_t)(WORD - 1)), SPACE_ATOMIC);

    if (arena_is_stack(arena, at) || (!verify->races && !order_create(verify)))
        return;
    order_settle(verify);
    if (flags & UNDIS_ACCESS_ATOMIC)
        order_take(verify, key);
    self = race_activity(verify);
    now.trail = self ? trail_now(verify, self) : 0;
    if (!now.trail)
        return;
    now.slot = (uint8_t)self->slot;
    now.time = self->clock.at[self->slot];
    while (at < end) {
        size_t offset = (uintptr_t)at % WORD, bytes = WORD - offset;

        if (bytes > (size_t)(end - at))
            bytes = (size_t)(end - at);
        now.bytes = (uint8_t)(((1u << bytes) - 1) << offset);
        now.flags = (uint8_t)(flags | (of_queue(verify, at) ? ON_QUEUE : 0));
        access_word(verify, self, &now, at);
        at += bytes;
    }
    if (flags & UNDIS_ACCESS_ATOMIC && flags & UNDIS_ACCESS_WRITE)
        order_give(verify, key);
}
