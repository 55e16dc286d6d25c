/* SPDX-License-Identifier: MIT */
/* Freed memory rests before it is used again, and whoever still uses it then is told.
 *
 *     object --freed--> | oldest ... newest | --> the arena or the pool it came from
 *                         <- filled with a pattern, looked at when it leaves; nobody else's ->
 *
 * There is a queue for blocks of the arena and one per kind of element that pools keep: traffic
 * does not drive out what is freed once. Records rest with the memory, so that its history is known.
 * AddressSanitizer watches all that rests; where a machine hands over, pages of it are closed.
 *
 * Pool memory is watched while it lives too: a pattern stands behind each block.
 */
#include "verify/hand.h"

#include "ndis/packet/pool.h"

#include <string.h>

#define BEHIND    0xFD
#define FREED     0xDD
#define BYTES_MAX (4u << 20) /* in a queue */
#define REST_MAX  (1u << 20) /* of what rests */

/* Freed memory is poisoned; these look at it all the same. */
#define UNCHECKED __attribute__((no_sanitize("address"), noinline))

void
memory_made(struct object *prefix)
{
    if (arena_guarded())
        memset((char *)(prefix + 1) + prefix->size, BEHIND, ARENA_GUARD);
}

/* The first byte that is not @with, or @size. */
static UNCHECKED size_t
find_other(const unsigned char *memory, size_t size, unsigned char with)
{
    size_t k = 0;

    while (k < size && memory[k] == with)
        k++;
    return k;
}

static UNCHECKED void
fill(volatile unsigned char *memory, size_t size, unsigned char with)
{
    uint64_t word = 0x0101010101010101ull * with;
    size_t k = 0;

    for (; k + sizeof(word) <= size; k += sizeof(word))
        *(volatile uint64_t *)(memory + k) = word;
    for (; k < size; k++)
        memory[k] = with;
}

void
memory_freed(struct verify *verify, const struct object *prefix)
{
    const unsigned char *end = (const unsigned char *)(prefix + 1) + prefix->size;
    const struct driver *maker = prefix->maker;

    if (!arena_guarded())
        return;
    if (fails(verify, RULE_OVERRUN, find_other(end, ARENA_GUARD, BEHIND) < ARENA_GUARD))
        broken(verify, RULE_OVERRUN, NULL, prefix->maker, prefix->record, "allocated here",
            "somebody wrote behind a block of %zu bytes that %s allocated", prefix->size,
            maker ? maker->name : "undis");
}

static struct rest *
rest_of(struct verify *verify, enum object_kind elements)
{
    static const enum object_kind kinds[RESTS] = {
        OBJECT_NONE, OBJECT_NBL, OBJECT_NB, OBJECT_MDL, OBJECT_PACKET};
    unsigned k = 0;

    while (kinds[k] != elements)
        k++;
    return &verify->rests[k];
}

/* Whose fault it is when @record's memory is used now: who freed it, else who had it before. */
static struct driver *
last_driver(const struct record *record)
{
    uint32_t oldest = record->move_count > MOVES ? record->move_count - MOVES : 0;

    for (uint32_t k = record->move_count; k-- > oldest;)
        if (record->moves[k % MOVES].driver)
            return record->moves[k % MOVES].driver;
    return record->maker;
}

static enum rule_name
rule_of(const struct record *record)
{
    if (record->kind == OBJECT_CONFIGURATION_VALUE)
        return RULE_VALUE_AFTER;
    return record->use == USE_CONTEXT ? RULE_CONTEXT_AFTER : RULE_AFTER_FREE;
}

static void *
seen(struct verify *verify, void *memory)
{
    return verify->hands_over ? arena_view(verify->machine->arena, memory, AT_UNDIS) : memory;
}

/* What pages are closed for, where some are, has them to itself. */
static bool
has_pages(const struct record *record)
{
    const struct packet_pool *pool = record->prefix->home;

    return !record->rest.pooled || pool->grain > 64;
}

/* The arena itself has poisoned its blocks. */
static void
close_rested(struct verify *verify, const struct record *record)
{
    struct arena *arena = verify->machine->arena;

    if (arena_grain(arena) > 1 ? has_pages(record) : record->rest.pooled) {
        arena_close_view(arena, record->body, record->rest.size);
        if (arena_grain(arena) == 1)
            arena_close_view(arena, arena_alias(arena, record->body), record->rest.size);
    }
}

static void
open_rested(struct verify *verify, const struct record *record)
{
    struct arena *arena = verify->machine->arena;

    if (arena_grain(arena) > 1 || record->rest.pooled) {
        arena_open_view(arena, record->body, record->rest.size);
        if (arena_grain(arena) == 1)
            arena_open_view(arena, arena_alias(arena, record->body), record->rest.size);
    }
}

static void
check_rested(struct verify *verify, struct record *record)
{
    size_t at = find_other(seen(verify, record->body), record->rest.size, FREED);
    struct driver *driver = last_driver(record);
    char name[64];

    if (!fails(verify, rule_of(record), at < record->rest.size))
        return;
    record_name(record, name, sizeof(name));
    broken(verify, rule_of(record), NULL, driver, record, "freed here",
        "somebody wrote into %s, %zu bytes from its start, after %s had freed it", name, at,
        driver ? driver->name : "undis");
    fill(seen(verify, record->body), record->rest.size, FREED);
}

/* It may be used again. */
static void
leave(struct verify *verify, struct rest *rest, struct record *record)
{
    rest->count--;
    rest->bytes -= record->rest.size;
    record->rests = false;
    check_rested(verify, record);
    open_rested(verify, record);
    record_reuse(verify, record);
}

static void
enter(struct verify *verify, struct rest *rest, struct record *record)
{
    fill(seen(verify, record->body), record->rest.size, FREED);
    close_rested(verify, record);
    record->rests = true;
    record->next = NULL;
    if (rest->last)
        rest->last->next = record;
    else
        rest->first = record;
    rest->last = record;
    rest->count++;
    rest->bytes += record->rest.size;
}

void
memory_rests(struct verify *verify, const struct object_rest *object, object_let_go *let_go)
{
    struct rest *rest = rest_of(verify, object->elements);
    unsigned most = object->elements ? REST_ELEMENTS : REST_BLOCKS;
    struct record *record = object->record;

    record->rest.memory = object->memory;
    record->rest.size = object->size;
    record->rest.pooled = object->elements != OBJECT_NONE;
    if (object->size > REST_MAX) {
        record_reuse(verify, record);
        let_go(verify->machine, object->memory);
    } else {
        enter(verify, rest, record);
    }
    while (rest->first && (rest->count > most || rest->bytes > BYTES_MAX)) {
        struct record *oldest = rest->first;
        void *memory = oldest->rest.memory;

        rest->first = oldest->next;
        if (!rest->first)
            rest->last = NULL;
        leave(verify, rest, oldest);
        let_go(verify->machine, memory);
    }
}

void
memory_pool_ends(struct verify *verify, enum object_kind elements, const void *pool)
{
    struct rest *rest = rest_of(verify, elements);
    struct record **link = &rest->first, *last = NULL;

    while (*link) {
        struct record *record = *link;

        if (record->prefix->home != pool) {
            last = record;
            link = &record->next;
            continue;
        }
        *link = record->next;
        leave(verify, rest, record);
    }
    rest->last = last;
}

void
memory_check_rested(struct verify *verify, const struct driver *driver)
{
    for (unsigned k = 0; k < RESTS; k++)
        for (struct record *record = verify->rests[k].first; record; record = record->next)
            if (last_driver(record) == driver)
                check_rested(verify, record);
}

void
memory_end(struct verify *verify)
{
    struct rest *rest = rest_of(verify, OBJECT_NONE);

    for (unsigned k = 0; k < RESTS; k++)
        for (struct record *record = verify->rests[k].first; record; record = record->next)
            open_rested(verify, record);
    for (struct record *record = rest->first; record; record = record->next)
        arena_release(verify->machine->arena, record->rest.memory);
}

struct record *
memory_at(struct verify *verify, const void *body, enum object_kind kind)
{
    for (unsigned k = 0; k < RESTS; k++)
        for (struct record *record = verify->rests[k].first; record; record = record->next)
            if (record->body == body && record->kind == kind)
                return record;
    return NULL;
}

__attribute__((no_sanitize_address)) bool
memory_is_freed(const void *address)
{
    return *(const volatile uint64_t *)address == FREED * 0x0101010101010101ull;
}

/* What rests around @home, or NULL. */
struct record *
memory_around(struct verify *verify, const char *home)
{
    for (unsigned k = 0; k < RESTS; k++)
        for (struct record *record = verify->rests[k].first; record; record = record->next)
            if ((size_t)(home - (const char *)record->body) < record->rest.size)
                return record;
    return NULL;
}

bool
memory_touched(
    struct verify *verify, const void *address, void *const *stack, unsigned depth, bool own)
{
    struct arena *arena = verify->machine->arena;
    const char *home = arena_home(arena, address);
    const struct record *record = arena_owns(arena, address) ? memory_around(verify, home) : NULL;
    struct touch touch = {block_self->driver, stack, depth, record ? record_last(record) : NULL};
    struct driver *driver = record ? last_driver(record) : NULL;
    char name[64];

    /* What undis made it has freed itself. */
    if (!record || (own && (driver != touch.driver || !record->maker)) ||
        !fails(verify, rule_of(record), true))
        return false;
    record_name(record, name, sizeof(name));
    broken_there(verify, rule_of(record), &touch, record,
        "%s touched %s, %zu bytes from its start, after %s had freed it", touch.driver->name, name,
        (size_t)(home - (const char *)record->body), driver ? driver->name : "undis");
    return true;
}
