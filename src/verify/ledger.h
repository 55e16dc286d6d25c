/* SPDX-License-Identifier: MIT */
/* The ledger: a record for every object that has a prefix and matters to a rule, and for every OID
 * request under way.
 *
 *     struct object.record --> record | now: who has it, how | below: who lent it before | moves |
 *
 * Records come from slabs and are reused oldest first, so that the history of what was freed a
 * moment ago can still be told (grave). Everything here is guarded by verify.lock.
 */
#pragma once

#include "nt/gate.h"
#include "nt/object.h"

#define MOVES      8  /* kept per object */
#define MOVE_DEPTH 16 /* frames of a move */
#define SEATS      10 /* layers that can have passed an NBL on */
#define LENT       4  /* modules that had one with RESOURCES */
#define GRAVES     1024

struct verify;
struct chunk;
struct link;
struct part;
struct place;

enum seat_state {
    SEAT_HELD,    /* its maker's, in nobody's path */
    SEAT_SEND,    /* given down to `who`, who owes the completion or passes it on */
    SEAT_RECEIVE, /* given up to `who`, who owes the return or passes it on */
    SEAT_LENT,    /* the same with RESOURCES: until the handler returns */
    SEAT_TRANSIT, /* between two layers */
    SEAT_WITH,    /* packets: `who` has it from undis */
    SEAT_CALLED,  /* OID requests: in the handler of `who` */
    SEAT_PENDED   /* OID requests: `who` owes the completion */
};

struct seat {
    const void *who; /* struct module, or NULL */
    /* NBL: the module of the same intermediate driver that had it, and has it again when it comes
     * back to `who`; NULL where it stayed on one stack. */
    const void *crossed;
    void *source;    /* NBL: SourceHandle when it arrived; packets: the driver that gave it away */
    uint64_t list;   /* NBL: which NET_BUFFERs hung on it */
    uint64_t layout; /* NBL: where their data lay */
    uint64_t fields; /* NBL: members that the layer must not write */
    uint64_t data;   /* NBL: the first bytes of each NET_BUFFER */
    uint32_t flags;  /* NBL: those of NDIS; packets: who gave it away may look at its status */
    void *context;   /* NBL: Context when it was lent, in a machine that hands over */
    int32_t owed;    /* packets: how often it is still to be returned */
    uint8_t view;    /* NBLs, packets: where it lay then (hand.c) */
    uint8_t state;
    bool up; /* lent upwards (indicated), else down (sent) */
};

struct move {
    const char *what; /* "NdisSendNetBufferLists" */
    struct driver *driver;
    uint64_t time;
    uint32_t task;
    uint8_t irql, processor, depth;
    const struct place *of; /* NULL: of a record, or of nothing that is kept */
    void *stack[MOVE_DEPTH];
};

/* Freed memory: the bytes of its body, and what is let go then. */
struct rested {
    void *memory;
    size_t size;
    bool pooled; /* an element of a pool, else a block of the arena */
};

/* What made it, where a leak or a late use of it has a rule of its own. */
enum record_use { USE_PLAIN, USE_STRING, USE_NAME, USE_KEY, USE_CONTEXT };

struct record {
    struct record *next, *previous; /* live ones, OID requests, or free ones */
    void *body;
    uint32_t id;
    uint16_t kind;
    bool live;
    bool ended;    /* modules: halted, detached or closed; OID requests: completed */
    bool inside;   /* OID requests: the handler has not returned */
    bool lost;     /* the ledger cannot follow it any more */
    bool overdue;  /* reported as still out: once */
    bool armed;    /* timers: set; work items: queued */
    bool paged;    /* pool memory: of paged pool */
    bool followed; /* NBLs: given back while it hung on another one */
    bool rests;    /* freed: its memory is nobody's (rested.c) */
    uint8_t use;   /* enum record_use */
    uint8_t seats;
    uint32_t serial;
    uint32_t task;         /* that made it */
    uint32_t children;     /* NBLs: clones of it that live */
    uint32_t origin;       /* NBLs: serial of the parent */
    struct record *parent; /* NBLs: whose clone it is, or NULL */
    /* Modules: what their initialisation made, by which task. */
    uint32_t made_from, made_to, made_by;
    uint64_t completed; /* miniports: when they last completed a send */
    /* Miniports of NDIS 5: since when they refuse sends, since when frames are shown without an
     * end, what they were asked to show, and the counts of the request that they have. */
    uint64_t refused, showing, telling, resetting;
    uint32_t lookahead;
    uint32_t serving, depth; /* serialized: the task that is inside, and how deep; 0: none */
    uint32_t *done, *needed; /* done: NULL when there is none */
    uint64_t turn;           /* NBLs: which of all that were handed to miniports it is */
    const void *handler;     /* OID requests: the driver's function that was asked */
    struct driver *maker;    /* NULL: the core */
    struct object *prefix;   /* NULL: OID requests that a driver built */
    uint32_t receiving;      /* modules: calls of their receive handler under way */
    /* Miniports of NDIS 6: since when the device is told to sleep, whether it sleeps, calls of its
     * send handler and of NdisMIndicateReceiveNetBufferLists under way, what it said of its link. */
    uint64_t falling;
    bool asleep;
    uint32_t sending, indicating;
    struct link *link;
    uint64_t paused; /* filters, bindings: since when they have been told to pause, or 0 */
    uint32_t length; /* MDLs: what they were allocated for, or 0 */
    struct rested rest;
    struct part *parts; /* NBLs, packets: what was handed over with it (hand_part.c) */
    /* Modules that had it with RESOURCES since its maker indicated it; NULL ends them. */
    const void *lent_to[LENT];
    struct seat now, below[SEATS];
    uint32_t move_count;
    struct move moves[MOVES];
};

/* Zeroed memory of the ledger, which is freed with it; NULL when the arena is full. */
void *ledger_alloc(struct verify *verify, size_t size);
/* The verifier has a block of @bytes more of the arena; negative: one less. */
void ledger_own(struct verify *verify, ptrdiff_t bytes);
/* Frees all of it. */
void ledger_destroy(struct verify *verify);
struct record *record_create(struct verify *verify, enum object_kind kind, void *body);
/* Takes it off its list; its history can still be told. */
void record_bury(struct verify *verify, struct record *record);
/* The same; the record is used again no earlier than record_reuse says. */
void record_end(struct verify *verify, struct record *record);
void record_reuse(struct verify *verify, struct record *record);
/* What was freed at @body, newest first; NULL when nobody knows. */
struct record *record_grave(struct verify *verify, const void *body, enum object_kind kind);
void record_move(struct verify *verify, struct record *record, const char *what);
/* Fills in a move of now. */
void move_now(struct verify *verify, struct move *move, const char *what);
/* The newest move, or NULL. */
const struct move *record_last(const struct record *record);
/* The newest move called @what, or NULL. */
const struct move *record_move_named(const struct record *record, const char *what);
/* "NBL 12". */
void record_name(const struct record *record, char *text, size_t size);
/* The newest @kept of @count moves, oldest first, a line each: with the function of the driver that
 * led to it. */
void
moves_describe(const struct move *moves, uint32_t count, uint32_t kept, char *text, size_t size);
