/* SPDX-License-Identifier: MIT */
/* The side table: objects in the memory of drivers that no call frees, by their address. A spin
 * lock, a timer, an event are what they are from the call that initialises them until the memory
 * around them is freed.
 */
#pragma once

#include "verify/ledger.h"

enum place_kind {
    PLACE_SPIN_LOCK,
    PLACE_RW_LOCK,
    PLACE_TIMER,
    PLACE_DPC,
    PLACE_EVENT,
    PLACE_LOOKASIDE,
    PLACE_RESOURCE,
    PLACE_WORK_ITEM
};

struct edge;

struct place {
    struct place *next;  /* in its bucket, or free */
    const void *address; /* of its first byte */
    uint8_t kind;        /* enum place_kind */
    bool ended;          /* freed or deleted by its own call */
    bool busy;           /* work items: queued */
    uint32_t search;     /* locks: the search that came by last */
    struct driver *driver;
    struct edge *edges; /* locks: what was taken while it was held */
    struct move made;
};

#define PLACE_BUCKETS 1024

/* The object at @address, or NULL. */
struct place *place_find(struct verify *verify, const void *address, enum place_kind kind);
/* It is made or made again there; NULL when memory is short. */
struct place *
place_make(struct verify *verify, const void *address, enum place_kind kind, const char *what);
/* Memory is about to be freed: calls @leaves for each object in it, then forgets them. */
void places_forget(struct verify *verify, const void *memory, size_t size,
    void (*leaves)(struct verify *verify, struct place *place));
/* All of @driver, which is unloaded. */
void places_forget_driver(struct verify *verify, const struct driver *driver);
const char *place_kind_name(enum place_kind kind);
