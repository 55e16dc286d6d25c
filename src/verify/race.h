/* SPDX-License-Identifier: MIT */
/* Which access came before which: a clock per activity, and one per thing that orders them.
 *
 *     activity    a task, or a DPC that interrupts one: what happens in it happens in order
 *     giving      what the activity has done so far is before what others do after taking
 *     taking      what was given there is before what the activity does from now on
 *
 * Only in the simulated executive, where one task runs at a time and every run can be repeated.
 */
#pragma once

#include "verify/check.h"

#define SLOTS       64u /* activities that clocks tell apart */
#define ORDER_SHIFT 10u
#define ORDER_HASH  (1u << ORDER_SHIFT)
#define WORD        8u
#define WORD_MARKS  4u
#define PAGE_WORDS  512u
#define PAGE_HASH   1024u
#define TRAIL_HASH  1024u
#define TRAIL_DEPTH 10u
#define TOLD        64u
#define PROCESSORS  256u

struct clock {
    uint32_t at[SLOTS];
};

struct activity {
    struct activity *outer; /* that it interrupts; or the next free one */
    struct clock clock;
    uint32_t slot;
    uint32_t oid; /* of the request that its handler has got; 0: none */
    bool settled; /* has taken from its processor since it got it */
};

/* What orders: a lock, an NBL, a DPC, ... */
struct order {
    struct order *next;
    uintptr_t key;
    struct clock clock;
};

/* One access to some bytes of a word. */
struct mark {
    uint32_t time;  /* of the clock of its slot; 0: none */
    uint32_t trail; /* 1 + index */
    uint8_t slot, bytes, flags, irql;
};

struct page {
    struct page *next;
    uintptr_t number;
    struct mark marks[PAGE_WORDS][WORD_MARKS];
};

/* Where an access was made from. */
struct trail {
    uint32_t next;
    uint32_t depth;
    struct driver *driver;
    const struct gate_handler *handler;
    uint32_t oid; /* of the request that the handler has got; 0: none */
    void *stack[TRAIL_DEPTH];
};

struct races {
    struct order *orders[ORDER_HASH];
    struct page *pages[PAGE_HASH];
    struct trail *trails;
    uint32_t trail_count, trail_room, trail_first[TRAIL_HASH];
    struct activity *free_activities;
    uint32_t slot_time[SLOTS]; /* how far its clock has come */
    uint8_t slot_ring[SLOTS];  /* free ones, the longest free first */
    uint32_t slot_begin, slots_free;
    uint64_t told[TOLD];
    unsigned tell;
    uint16_t *imports; /* per import: what it orders */
};

/* What orders without being an object. */
enum order_key {
    ORDER_HOST = 16,  /* calls of a host thread */
    ORDER_CANCEL,     /* the cancel spin lock */
    ORDER_PLANNED,    /* timers, work items, threads */
    ORDER_PUBLISHED,  /* what drivers made before NDIS calls their handlers */
    ORDER_LIFE,       /* events of drivers come one after the other */
    ORDER_LEFT,       /* handlers that NDIS has waited for */
    ORDER_ENDED,      /* DPCs, timers, work items that a driver can wait for */
    ORDER_TASKS,      /* threads that have ended */
    ORDER_TRANSLATED, /* what undis made of packets and NBLs */
    ORDER_DEVICE,     /* what was written to a device, before it interrupts */
    ORDER_PROCESSOR = 1024
};

/* Objects order by address; a lock may lie where another object begins. */
enum order_space {
    SPACE_OBJECT,
    SPACE_LOCK,
    SPACE_ATOMIC,
    SPACE_REQUESTS,  /* of a module */
    SPACE_INTERRUPT, /* of a driver */
    SPACE_SERIAL     /* of a serialized miniport */
};

/* For the first access that is told; false without memory. */
bool order_create(struct verify *verify);
/* The one that runs, or NULL. */
struct activity *race_activity_now(void);
/* The same, made when there is none yet; NULL without memory. */
struct activity *race_activity(struct verify *verify);
void order_give(struct verify *verify, uintptr_t key);
void order_take(struct verify *verify, uintptr_t key);
bool order_known(const struct verify *verify, uintptr_t key);
uintptr_t order_key_of(const struct verify *verify, const void *object, enum order_space space);
/* The activity is on its processor at DISPATCH_LEVEL: ordered with what else was. */
void order_settle(struct verify *verify);

/* Calls through the gates. Nothing is done before the first access was told. */
void order_before_in(struct verify *verify, struct gate_call *call);
void order_after_in(struct verify *verify, struct gate_call *call);
/* @order: of the handler of that name. */
uint8_t order_of_handler(const char *name);
void order_before_out(struct verify *verify, struct gate_call *call, uint8_t order);
void order_after_out(struct verify *verify, struct gate_call *call, uint8_t order);
void order_activity(struct verify *verify, enum gate_activity kind, bool begins);
/* Of ports. @other: of frames that arrive at @subject, the end that they come from. */
void order_event(struct verify *verify, const char *what, const void *subject, uintptr_t other);

/* Activities other than the running one have accessed what lies there. */
bool race_shared(const struct verify *verify, const void *address);
/* The running driver is about to access memory. */
void race_access(struct verify *verify, void *address, size_t size, unsigned flags);
/* Memory is made: nobody has accessed it. */
void race_forget(struct verify *verify, const void *memory, size_t size);
/* It is freed: who accesses it is told. */
void race_freed(struct verify *verify, const void *memory, size_t size);
