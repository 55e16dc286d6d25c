/* SPDX-License-Identifier: MIT */
/* The side table: objects in the memory of drivers that no call frees, by their address (in view 0,
 * when that is handed over). A spin
 * lock, a timer, an event are what they are from the call that initialises them until the memory
 * around them is freed.
 */
#pragma once

#include "verify/ledger.h"
#include <ndis.h>

enum place_kind {
    PLACE_SPIN_LOCK,
    PLACE_RW_LOCK,
    PLACE_TIMER,
    PLACE_DPC,
    PLACE_EVENT,
    PLACE_LOOKASIDE,
    PLACE_RESOURCE,
    PLACE_WORK_ITEM,
    PLACE_GIVEN,      /* packets that a protocol sent */
    PLACE_SENT,       /* packets that a miniport got to send */
    PLACE_SHOWN,      /* packets that a miniport indicated */
    PLACE_MAPPED,     /* NET_BUFFERs with a scatter/gather list */
    PLACE_SHARED,     /* shared memory */
    PLACE_TAKEN,      /* packets in a ProtocolReceivePacket */
    PLACE_IRP,        /* that a dispatch routine has got */
    PLACE_OPERATION,  /* modules: what was begun last and may be pended */
    PLACE_RESET,      /* miniports: the same for resets */
    PLACE_BIND,       /* contexts of binds and unbinds: the same */
    PLACE_ASKED,      /* OID requests, at home, in a machine that hands over: who asked */
    PLACE_ANSWERED,   /* and who answered; hash: bytes that are closed to him */
    PLACE_PASSED,     /* and synchronous ones: who had it on the way */
    PLACE_HANDED,     /* and whose buffer a driver has; who: where undis has it, chain: bytes */
    PLACE_QUERY,      /* miniports of NDIS 5: the buffer that they have been asked with */
    PLACE_WAIT,       /* tasks, by their block, in a call that waits */
    PLACE_SETTINGS,   /* handles of configurations: a call is under way */
    PLACE_CONTEXT,    /* of open bindings */
    PLACE_DEVICE,     /* miniports: their device is gone */
    PLACE_CO_REQUEST, /* requests on connections that somebody has to answer */
    PLACE_QUERIED,    /* miniports of NDIS 5: they have a query or a set to answer; hash: its OID */
    PLACE_TRANSFER,   /* packets that a miniport of NDIS 5 is to fill */
    PLACE_INSIDE,     /* calls of handlers of a driver's life */
    PLACE_FRAME       /* copies of what ProtocolReceive was shown; hash: bytes */
};

#define PLACE_MOVES 6

struct edge;

struct place {
    struct place *next;  /* in its bucket, or free */
    const void *address; /* of its first byte */
    uint8_t kind;        /* enum place_kind */
    bool ended;          /* freed or deleted by its own call */
    bool busy;           /* work items: queued; packets: under way; handlers: inside */
    uint32_t search;     /* locks: the search that came by last */
    struct driver *driver;
    struct edge *edges; /* locks: what was taken while it was held */
    const void *who;    /* packets: the module that gave or has it; waits: in which handler */
    uint64_t hash;      /* packets: of members that are nobody else's; waits: of what kind */
    NDIS_STATUS status; /* packets: in the block out of band when it was given */
    bool asked;         /* packets: its stack was looked at; it was shown with RESOURCES */
    bool said;          /* packets: the block says it is done */
    bool told;          /* packets: reported as late */
    bool aborted;       /* packets: a reset below has given it back */
    uint32_t returned;  /* packets that were received: so often, while busy */
    const struct driver *passed; /* packets that were shown: who has shown them to others since */
    uint64_t chain;              /* packets: of the buffers that it describes */
    struct move made;
    uint32_t move_count; /* timers, DPCs, work items; of others the ledger has the record */
    struct move moves[PLACE_MOVES];
};

#define PLACE_BUCKETS 1024

/* The object at @address, or NULL. */
struct place *place_find(struct verify *verify, const void *address, enum place_kind kind);
/* It is made or made again there; NULL when memory is short. */
struct place *
place_make(struct verify *verify, const void *address, enum place_kind kind, const char *what);
/* Something becomes of it. */
void place_move(struct verify *verify, struct place *place, const char *what);
/* The record of the object that @place, or the first argument of @call, is about, or NULL
 * (history.c). */
struct record *place_record(struct verify *verify, const struct place *place);
struct record *call_record(struct verify *verify, const struct gate_call *call);
/* Memory is about to be freed: calls @leaves for each object in it, then forgets them. */
void places_forget(struct verify *verify, const void *memory, size_t size,
    void (*leaves)(struct verify *verify, struct place *place));
/* Calls @visit for each of them. */
void places_visit(struct verify *verify,
    void (*visit)(struct verify *verify, struct place *place, void *context), void *context);
/* All of @driver, which is unloaded. */
void places_forget_driver(struct verify *verify, const struct driver *driver);
const char *place_kind_name(enum place_kind kind);
