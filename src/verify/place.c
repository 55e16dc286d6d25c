/* SPDX-License-Identifier: MIT */
/* The side table. See place.h. A bucket holds what lies in the same 256 bytes, so that freeing
 * memory looks at few of them. */
#include "verify/check.h"

#include <string.h>

#define GRAIN     256u
#define PLACES_AT 32u /* made at a time */

static unsigned
bucket_of(const void *address)
{
    return (unsigned)((uintptr_t)address / GRAIN * 0x9E3779B97F4A7C15ull >> 54) % PLACE_BUCKETS;
}

const char *
place_kind_name(enum place_kind kind)
{
    static const char *const names[] = {"spin lock", "read-write lock", "timer", "DPC", "event",
        "lookaside list", "resource", "work item", "packet", "packet", "packet", "NET_BUFFER",
        "shared memory", "packet", "IRP", "operation", "reset", "bind", "OID request",
        "OID request", "OID request", "OID request", "buffer", "wait", "configuration", "context",
        "device", "request", "query", "packet", "handler", "frame"};

    return names[kind];
}

struct place *
place_find(struct verify *verify, const void *address, enum place_kind kind)
{
    struct place *place;

    address = arena_home(verify->machine->arena, address);
    place = verify->places[bucket_of(address)];
    while (place && (place->address != address || place->kind != kind))
        place = place->next;
    return place;
}

static bool
grow(struct verify *verify)
{
    struct place *places = ledger_alloc(verify, PLACES_AT * sizeof(*places));

    for (unsigned k = 0; places && k < PLACES_AT; k++) {
        places[k].next = verify->free_places;
        verify->free_places = &places[k];
    }
    return places != NULL;
}

static struct place *
take(struct verify *verify, const void *address)
{
    struct place **bucket = &verify->places[bucket_of(address)];
    struct place *place;

    if (!verify->free_places && !grow(verify))
        return NULL;
    place = verify->free_places;
    verify->free_places = place->next;
    memset(place, 0, offsetof(struct place, moves));
    place->next = *bucket;
    *bucket = place;
    return place;
}

struct place *
place_make(struct verify *verify, const void *address, enum place_kind kind, const char *what)
{
    struct place *place = place_find(verify, address, kind);

    address = arena_home(verify->machine->arena, address);
    if (!place)
        place = take(verify, address);
    if (!place)
        return NULL;
    place->address = address;
    place->kind = (uint8_t)kind;
    place->driver = block_self->driver;
    place->ended = place->busy = false;
    place->asked = place->said = place->told = place->aborted = false;
    move_now(verify, &place->made, what);
    place->made.of = place;
    if (kind == PLACE_TIMER || kind == PLACE_DPC || kind == PLACE_WORK_ITEM)
        place->moves[place->move_count++ % PLACE_MOVES] = place->made;
    return place;
}

void
place_move(struct verify *verify, struct place *place, const char *what)
{
    move_now(verify, &place->moves[place->move_count++ % PLACE_MOVES], what);
}

static void
forget(struct verify *verify, struct place **link)
{
    struct place *place = *link;

    order_forget(verify, place);
    *link = place->next;
    place->next = verify->free_places;
    verify->free_places = place;
}

static void
forget_in(struct verify *verify, unsigned bucket, const void *memory, size_t size,
    void (*leaves)(struct verify *verify, struct place *place))
{
    struct place **link = &verify->places[bucket];

    while (*link) {
        if ((uintptr_t)(*link)->address - (uintptr_t)memory >= size) {
            link = &(*link)->next;
            continue;
        }
        leaves(verify, *link);
        forget(verify, link);
    }
}

void
places_forget(struct verify *verify, const void *memory, size_t size,
    void (*leaves)(struct verify *verify, struct place *place))
{
    uintptr_t first = (uintptr_t)memory / GRAIN, last = ((uintptr_t)memory + size) / GRAIN;

    if (last - first >= PLACE_BUCKETS) {
        for (unsigned k = 0; k < PLACE_BUCKETS; k++)
            forget_in(verify, k, memory, size, leaves);
        return;
    }
    for (uintptr_t grain = first; grain <= last; grain++)
        forget_in(verify, bucket_of((const void *)(grain * GRAIN)), memory, size, leaves);
}

void
places_visit(struct verify *verify,
    void (*visit)(struct verify *verify, struct place *place, void *context), void *context)
{
    for (unsigned k = 0; k < PLACE_BUCKETS; k++)
        for (struct place *place = verify->places[k]; place; place = place->next)
            visit(verify, place, context);
}

void
places_forget_driver(struct verify *verify, const struct driver *driver)
{
    for (unsigned k = 0; k < PLACE_BUCKETS; k++) {
        struct place **link = &verify->places[k];

        while (*link) {
            if ((*link)->driver == driver)
                forget(verify, link);
            else
                link = &(*link)->next;
        }
    }
}
