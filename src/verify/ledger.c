/* SPDX-License-Identifier: MIT */
/* Records and moves. See ledger.h. */
#include "verify/ledger.h"
#include "verify/check.h"

#include "host/symbol.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SLAB 64  /* records made at a time */
#define REST 256 /* freed records kept for their history before one is used again */

static unsigned
grave_of(const void *body)
{
    return (unsigned)((uintptr_t)body * 0x9E3779B97F4A7C15ull >> 54) % GRAVES;
}

void
record_reuse(struct verify *verify, struct record *record)
{
    record->next = NULL;
    if (verify->free_last)
        verify->free_last->next = record;
    else
        verify->free_first = record;
    verify->free_last = record;
    verify->free_count++;
}

/* Before each piece of the ledger's memory. */
struct chunk {
    _Alignas(16) struct chunk *next;
};

void *
ledger_alloc(struct verify *verify, size_t size)
{
    struct chunk *chunk = arena_zalloc(verify->machine->arena, sizeof(*chunk) + size, 64);

    if (!chunk)
        return NULL;
    chunk->next = verify->chunks;
    verify->chunks = chunk;
    ledger_own(verify, (ptrdiff_t)(sizeof(*chunk) + size));
    return chunk + 1;
}

static bool
grow(struct verify *verify)
{
    struct record *records = ledger_alloc(verify, SLAB * sizeof(*records));

    for (unsigned k = 0; records && k < SLAB; k++)
        record_reuse(verify, &records[k]);
    return records != NULL;
}

void
ledger_own(struct verify *verify, ptrdiff_t bytes)
{
    __atomic_fetch_add(&verify->own_bytes, (size_t)bytes, __ATOMIC_RELAXED);
    __atomic_fetch_add(&verify->own_blocks, bytes > 0 ? (size_t)1 : (size_t)-1, __ATOMIC_RELAXED);
}

void
verify_uncount(const struct verify *verify, size_t *bytes, size_t *blocks)
{
    *bytes -= __atomic_load_n(&verify->own_bytes, __ATOMIC_RELAXED);
    *blocks -= __atomic_load_n(&verify->own_blocks, __ATOMIC_RELAXED);
}

void
ledger_destroy(struct verify *verify)
{
    while (verify->chunks) {
        struct chunk *chunk = verify->chunks;

        verify->chunks = chunk->next;
        arena_free(verify->machine->arena, chunk);
    }
}

static struct record *
free_list_take(struct verify *verify)
{
    struct record *record;

    if (verify->free_count < REST && !grow(verify) && !verify->free_first)
        return NULL;
    record = verify->free_first;
    verify->free_first = record->next;
    if (!verify->free_first)
        verify->free_last = NULL;
    verify->free_count--;
    if (record->body && verify->graves[grave_of(record->body)] == record)
        verify->graves[grave_of(record->body)] = NULL;
    return record;
}

struct record *
record_create(struct verify *verify, enum object_kind kind, void *body)
{
    struct record *record = free_list_take(verify);
    struct record *head = kind == OBJECT_OID_REQUEST ? &verify->requests : &verify->live;

    if (!record)
        return NULL;
    /* The moves are written before they are read: move_count says how many there are. */
    memset(record, 0, offsetof(struct record, moves));
    record->body = body;
    record->kind = (uint16_t)kind;
    record->live = true;
    record->serial = ++verify->serials;
    record->task = block_self->id;
    record->now.state = SEAT_HELD;
    record->next = head;
    record->previous = head->previous;
    head->previous->next = record;
    head->previous = record;
    return record;
}

void
record_end(struct verify *verify, struct record *record)
{
    record->previous->next = record->next;
    record->next->previous = record->previous;
    record->live = false;
    verify->graves[grave_of(record->body)] = record;
}

void
record_bury(struct verify *verify, struct record *record)
{
    record_end(verify, record);
    record_reuse(verify, record);
}

struct record *
record_grave(struct verify *verify, const void *body, enum object_kind kind)
{
    struct record *record;

    body = arena_home(verify->machine->arena, body);
    record = verify->graves[grave_of(body)];
    return record && record->body == body && record->kind == kind ? record
                                                                  : memory_at(verify, body, kind);
}

void
move_now(struct verify *verify, struct move *move, const char *what)
{
    struct block *self = block_self;

    move->what = what;
    move->driver = self->driver;
    move->of = NULL;
    move->time = executive_now(verify->machine->executive);
    move->task = self->id;
    move->irql = self->irql;
    move->processor = (uint8_t)self->processor;
    move->depth = (uint8_t)stack_now(NULL, move->stack, MOVE_DEPTH);
}

void
record_move(struct verify *verify, struct record *record, const char *what)
{
    move_now(verify, &record->moves[record->move_count++ % MOVES], what);
}

const struct move *
record_last(const struct record *record)
{
    return record->move_count ? &record->moves[(record->move_count - 1) % MOVES] : NULL;
}

const struct move *
record_move_named(const struct record *record, const char *what)
{
    uint32_t oldest = record->move_count > MOVES ? record->move_count - MOVES : 0;

    for (uint32_t k = record->move_count; k-- > oldest;)
        if (strcmp(record->moves[k % MOVES].what, what) == 0)
            return &record->moves[k % MOVES];
    return NULL;
}

void
record_name(const struct record *record, char *text, size_t size)
{
    if (record->id)
        snprintf(text, size, "%s %u", object_kind_name(record->kind), record->id);
    else
        snprintf(text, size, "%s", object_kind_name(record->kind));
}

/* Where in its driver a move was made: the innermost frame of that, else of any driver. */
static void
describe_place(const struct move *move, char *text, size_t size)
{
    struct undis *machine = machine_self();
    void *const *best = move->depth ? &move->stack[0] : NULL;

    for (unsigned k = move->depth; k-- > 0;) {
        const struct driver *driver = driver_at(machine, (char *)move->stack[k] - 1);
        const struct driver *had = best ? driver_at(machine, (char *)*best - 1) : NULL;

        if (driver && (driver == move->driver || had != move->driver || !had))
            best = &move->stack[k];
    }
    text[0] = 0;
    if (best)
        symbol_describe(best, 1, text, size);
    text[strcspn(text, "\n")] = 0;
}

void
moves_describe(const struct move *moves, uint32_t count, uint32_t kept, char *text, size_t size)
{
    uint32_t oldest = count > kept ? count - kept : 0;
    size_t used = 0;

    text[0] = 0;
    for (uint32_t k = oldest; k < count && used + 1 < size; k++) {
        const struct move *move = &moves[k % kept];
        char place[512];
        int n;

        describe_place(move, place, sizeof(place));
        n = snprintf(text + used, size - used,
            "%llu.%06llu ms: %s, %s, task %u, IRQL %u, processor %u%s%s\n",
            (unsigned long long)(move->time / 1000000), (unsigned long long)(move->time % 1000000),
            move->what, move->driver ? move->driver->name : "undis", move->task, move->irql,
            move->processor, place[0] ? ", " : "", place);
        used += n > 0 ? (size_t)n : 0;
    }
}
