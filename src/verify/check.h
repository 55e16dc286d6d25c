/* SPDX-License-Identifier: MIT */
/* Inside the verifier: its state, and what the files of checks share.
 *
 *     gate hook --> verify.c --> tables of checks by import or handler --> broken() --> report
 *
 * A check is a function of a call; each file offers tables of them by name. Checks run with
 * verify.lock held and with the running block quiet.
 */
#pragma once

#include "ndis/packet/pool.h"
#include "ndis/stack/module.h"
#include "verify/ledger.h"
#include "verify/look.h"
#include "verify/names.h"
#include "verify/place.h"
#include "verify/verify.h"

typedef void check_fn(struct verify *verify, struct gate_call *call);

struct check {
    const char *name; /* of the import or handler; NULL ends a table */
    check_fn *before, *after;
};

extern const struct check send_imports[], send_handlers[];
extern const struct check receive_imports[], receive_handlers[];
extern const struct check connection_imports[], connection_handlers[];
extern const struct check packet_imports[];
extern const struct check legacy_imports[], legacy_handlers[];
extern const struct check oid_imports[], oid_handlers[];
extern const struct check life_imports[], life_handlers[];
extern const struct check header_imports[];
extern const struct check lock_imports[];
extern const struct check memory_imports[];
extern const struct check level_imports[];
extern const struct check timer_imports[], timer_handlers[];
extern const struct check state_imports[], state_handlers[];
extern const struct check service_imports[];
extern const struct check hardware_imports[];
extern const struct check flight_imports[], flight_handlers[];
extern const struct check show_imports[], show_handlers[];
extern const struct check ask_imports[], ask_handlers[];
extern const struct check late_imports[], late_handlers[];
extern const struct check intermediate_imports[], intermediate_handlers[];
extern const struct check registration_imports[];
extern const struct check self_handlers[];

extern const struct check slow_imports[], slow_handlers[];
extern const struct check pass_imports[], pass_handlers[];
extern const struct check escape_imports[], escape_handlers[];
extern const struct check history_imports[], history_last_imports[], history_handlers[];
extern const struct check links_imports[], links_handlers[];
extern const struct check scribble_imports[], scribble_handlers[];
extern const struct check answer_imports[], answer_handlers[];
extern const struct check call_imports[];
extern const struct check ready_imports[], ready_handlers[];
extern const struct check settle_imports[], settle_handlers[];
extern const struct check wire_imports[], wire_handlers[];
extern const struct check arrival_imports[], arrival_handlers[];
extern const struct check wire5_imports[], wire5_handlers[];
extern const struct check wanted_imports[], wanted_handlers[];
extern const struct check split_imports[], split_handlers[];
extern const struct check asleep_imports[], asleep_handlers[];
extern const struct check owed_imports[], owed_handlers[];
extern const struct check falling_imports[], falling_handlers[];
extern const struct check paused_imports[], paused_handlers[];
extern const struct check link_state_imports[];
extern const struct check told_first_handlers[];
extern const struct check list_imports[], list_handlers[];
extern const struct check pending_imports[], pending_handlers[];
extern const struct check handles_imports[], handles_handlers[];
extern const struct check hand_first_imports[], hand_imports[], hand_first_handlers[],
    hand_handlers[];
extern const struct check hand_flight_first_imports[], hand_flight_imports[],
    hand_flight_first_handlers[], hand_flight_handlers[];
extern const struct check hand_show_first_imports[], hand_show_imports[],
    hand_show_first_handlers[], hand_show_handlers[];
extern const struct check hand_shown_handlers[];
extern const struct check hand_query_first_imports[], hand_query_imports[],
    hand_query_first_handlers[], hand_query_handlers[];
extern const struct check hand_oid_first_imports[], hand_oid_imports[], hand_oid_first_handlers[],
    hand_oid_handlers[];

#define IMPORT_CHECKS  14
#define HANDLER_CHECKS 14
/* Slots of gate_call.scratch that checks of all files share. */
#define SCRATCH_LOCKS  2 /* locks held at the call of a handler */
#define SCRATCH_SINCE  3 /* when a handler was called, ns */
#define SCRATCH_NOTE   4 /* struct passing of pass.c */
#define SCRATCH_CHAIN  5 /* the chain as the driver gave it; handlers of packets: as undis has it */
#define SCRATCH_HAND   6 /* handlers of packets: as the driver has it */
#define SCRATCH_NEEDED 7 /* handlers of queries: where undis has the count */
#define SCRATCH_WIRE   7 /* bytes of the packet in a MiniportSend */
#define SCRATCH_OUTER  8 /* the call of the handler around this one */
/* Of block.scratch: the innermost call of a handler. */
#define SCRATCH_HANDLER 1
#define LOCKS_HELD      64
#define HANDLERS        256

/* How a lock was taken. */
enum lock_kind { LOCK_SPIN, LOCK_DPR, LOCK_READ, LOCK_WRITE };

/* A spin lock or read-write lock that is held now. */
struct held {
    const void *lock;  /* NULL: free entry */
    const void *state; /* LOCK_STATE or queue handle of the acquisition, or NULL */
    uint32_t task, processor;
    enum lock_kind kind;
    bool ndis;        /* by a call of NDIS */
    uint32_t stalled; /* microseconds spent in stalls meanwhile */
    uint32_t serial;  /* of all holds */
    struct driver *driver;
    struct move taken;
};

#define DRIVERS_WATCHED 64

/* What is counted per driver. */
struct watched_driver {
    const struct driver *driver; /* NULL: free entry */
    int threads;                 /* that it started and that have not ended */
};

#define RESTS         5    /* queues */
#define REST_BLOCKS   1024 /* in the one of the arena's */
#define REST_ELEMENTS 256  /* in one of pools' */

/* Records of freed memory that nobody gets yet, oldest first. */
struct rest {
    struct record *first, *last;
    unsigned count;
    size_t bytes;
};

#define INSTANCES 16

/* A virtual miniport that an intermediate driver wants, or has. */
struct instance {
    const struct driver *driver; /* NULL: free entry */
    uint64_t name;               /* a hash */
    const void *context;
};

#define REGISTERED 48

/* A registration with NDIS. */
struct registered {
    const struct driver *driver; /* NULL: free entry */
    enum object_kind kind;
    uint32_t order; /* of all */
    uint64_t name;  /* protocols: a hash of its small letters */
};

#define PASSINGS 32

/* What a filter was given to pass on, while its handler runs. */
struct passing {
    const void *object; /* NULL: free entry */
    uint32_t task;
    uint32_t code;
    void *source;
    bool passed;
};

#define IDS_KEPT 64

/* What a filter has asked, by whose identifier it may be cancelled. */
struct asked {
    const void *module, *id;
};

#define COPIES    64 /* of status indications, kept */
#define SHOWN_MAX 64

/* What a driver was shown for a while (hand_shown.c). */
struct shown {
    void *copy; /* as it had it; NULL: free entry */
    size_t size;
};

#define ESCAPES 32

/* What lies on a stack and is in use by others. */
struct escape {
    const void *object; /* NULL: free entry */
    uint32_t task;      /* whose stack */
    uint8_t kind;       /* enum escape_kind */
    uint64_t due;       /* timers: until when it is set, ns */
    struct driver *driver;
    struct move given;
};

struct handler_checks {
    const struct gate_handler *handler;
    const struct check *checks[HANDLER_CHECKS];
    bool restores; /* must return at the IRQL it was called at */
    uint8_t order; /* what it orders (race.h) */
};

#define PART_BUCKETS 1024

struct wire;

struct verify {
    struct undis *machine;
    verify_report_fn *report;
    void *context;
    uint32_t lock; /* host_lock */
    uint32_t serials;
    const struct check *(*imports)[IMPORT_CHECKS]; /* per import, in their order */
    uint16_t *levels;                              /* per import: enum rule_name of its IRQL */
    struct handler_checks handlers[HANDLERS];      /* open addressing by address */
    uint64_t counts[RULE_NAMES], total;
    uint64_t faults;                  /* injected until now */
    struct verify_fault_state *fault; /* NULL: none are to be */
    struct record live, requests;     /* heads */
    const struct gate_import *bug_checks[2];
    struct chunk *chunks;
    size_t own_bytes, own_blocks; /* of the arena, atomics: other threads read them (ledger_own) */
    struct record *free_first, *free_last;
    uint32_t free_count;
    struct record *graves[GRAVES];
    struct held held[LOCKS_HELD];
    struct place *places[PLACE_BUCKETS], *free_places;
    struct edge *free_edges;
    uint32_t searches; /* through the order of locks */
    uint32_t holds;
    struct watched_driver drivers[DRIVERS_WATCHED];
    struct rest rests[RESTS];
    struct instance instances[INSTANCES];
    struct registered registered[REGISTERED];
    uint32_t registrations;
    uint64_t next_watch; /* ns */
    uint64_t turns;      /* sends handed to miniports */
    bool media;          /* some packet has had media-specific data */
    bool marked;         /* some packet has had VOLATILE_STATUS in it */
    struct passing passings[PASSINGS];
    struct escape escapes[ESCAPES];
    unsigned escape_count;
    struct asked asked[IDS_KEPT]; /* newest ones */
    unsigned asks;
    NET_IFINDEX if_rows[64][2]; /* interface stack: higher, lower; newest ones */
    unsigned if_row;
    bool scribbles;  /* members that others may write are overwritten (scribble.c) */
    bool hands_over; /* chains change their address between layers (hand.c) */
    struct part *parts[PART_BUCKETS], *near_parts[PART_BUCKETS], *free_parts;
    struct shown shown[SHOWN_MAX]; /* oldest at shown_next */
    unsigned shown_next;
    uint64_t partial_ids[4];  /* high bytes of cancel ids that NDIS has given out */
    struct wire *wires;       /* of modules, newest first (wire.h) */
    struct told_status *told; /* status indications that are over (told.c) */
    unsigned telling;
    struct races *races; /* NULL until a driver tells of its accesses (race.h) */
};

/* NOLINTBEGIN(bugprone-macro-parentheses): the loop declares @r */
#define record_for_each(head, r) for (struct record *r = (head)->next; r != (head); r = r->next)
/* NOLINTEND(bugprone-macro-parentheses) */

/* Counts a check of rule @name; answers @wrong. */
static inline bool
fails(struct verify *verify, enum rule_name name, bool wrong)
{
    /* Who asks how often has no lock. */
    __atomic_store_n(&verify->counts[name], verify->counts[name] + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&verify->total, verify->total + 1, __ATOMIC_RELAXED);
    return __builtin_expect(wrong, 0);
}

/* Reports the rule. @call: the guilty one, or NULL; @driver: whose, NULL: the call's. @record with
 * @title: the object and what its older stack shows, or NULL. */
void broken(struct verify *verify, enum rule_name name, const struct gate_call *call,
    struct driver *driver, const struct record *record, const char *title, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
/* The same of what nobody can go on with: the process ends. */
void broken_end(struct verify *verify, enum rule_name name, const struct gate_call *call,
    const struct record *record, const char *title, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* The same with a stack of its own instead of the record's newest. */
void broken_at(struct verify *verify, enum rule_name name, const struct gate_call *call,
    const struct record *record, const struct move *other, const char *title, const char *format,
    ...) __attribute__((format(printf, 7, 8)));

/* The same, of a driver that may not be the caller: what it did before is told now. @call: NULL. */
void broken_late(struct verify *verify, enum rule_name name, const struct gate_call *call,
    struct driver *driver, const struct move *other, const char *title, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* A touch of what @driver had given away by @move; with a record of it, or NULL. */
struct touch {
    struct driver *driver;
    void *const *stack;
    unsigned depth;
    const struct move *move;
};

void broken_there(struct verify *verify, enum rule_name name, const struct touch *touch,
    const struct record *record, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The stack that led to the hook under way; for a handler that has returned, the handler itself
 * first. */
unsigned stack_now(const struct gate_call *call, void **stack, unsigned max);

/* The module behind the handle @call has as its first argument; NULL after a report. */
struct module *
module_of_call(struct verify *verify, const struct gate_call *call, enum module_kind kind);
/* The same under another rule for handles that have ended. */
struct module *module_of_call_for(struct verify *verify, const struct gate_call *call,
    enum module_kind kind, enum rule_name late);
struct record *module_record(const struct module *module);

/* The record of a living NBL; NULL after a report (rule nbl-from-pool). */
struct record *
nbl_record(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST nbl);
/* How many NBLs hang on @chain; 0 after a report when it has no end. */
unsigned chain_count(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST chain);
/* The driver of @from is an intermediate one that has the NBL at its other edge. */
bool nbl_crosses(const struct record *record, const struct module *from);
/* Gives an NBL that @who has away. */
void nbl_lend(struct record *record, const struct module *who, bool up);
/* It is @who's again, as before he lent it. */
void nbl_come_back(struct verify *verify, struct record *record, const struct module *who);
/* A handler of @who gets it. */
void nbl_arrive(
    struct record *record, PNET_BUFFER_LIST nbl, const struct module *who, enum seat_state state);
/* What @record is of, where it can always be looked at. */
void *body_of(const struct verify *verify, const struct record *record);
PNET_BUFFER_LIST nbl_of(const struct verify *verify, const struct record *record);
/* An NBL goes: all of it is open to its maker. */
void hand_forget(struct verify *verify, struct record *record);
/* The same of a packet. */
void hand_forget_packet(struct verify *verify, struct record *record);
/* Pool memory goes, away or not. */
void hand_forget_memory(struct verify *verify, struct object *object);
/* A reset answers a packet that its miniport has. */
void hand_packet_taken_back(struct verify *verify, const void *packet);
/* What drivers were shown goes. */
void hand_shown_end(struct verify *verify);
/* An MDL goes. */
void hand_forget_mdl(struct verify *verify, const void *mdl);
/* Reports the touch of what was closed; whether it is known of which NBL that is. */
bool hand_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth);
/* A driver follows an address that was scribbled: reports it; whether it is one. */
bool
scribble_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth);
/* A driver touches a status indication that is over: reports it; whether it is one. */
bool told_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth);
/* The verifier ends. */
void told_forget(struct verify *verify);
/* What lies in MiniportReserved of a packet that a miniport has completed. */
uint64_t scribble_left(const struct verify *verify);
/* A clone is freed. */
void nbl_orphan(struct record *record);
uint64_t nbl_list_hash(const NET_BUFFER_LIST *nbl);
uint64_t nbl_layout_hash(const NET_BUFFER_LIST *nbl);
/* Where the bytes are, or will be when somebody maps what is locked; NULL: nobody knows. */
const unsigned char *mdl_data(const MDL *mdl);
uint64_t nbl_data_hash(const NET_BUFFER_LIST *nbl);
uint64_t nbl_fields_hash(const NET_BUFFER_LIST *nbl, enum module_kind kind);
/* @from passes on or gives back what it got: its reserved members are as they were. */
void check_fields(struct verify *verify, const struct gate_call *call, const struct module *from,
    const struct record *record, PNET_BUFFER_LIST nbl);
/* The data of an NBL that @from has got and gives back are what they were. */
void check_data(struct verify *verify, const struct gate_call *call, enum rule_name rule,
    const struct record *record, PNET_BUFFER_LIST nbl);
/* The NET_BUFFERs describe data that is there. */
void check_layout(struct verify *verify, const struct gate_call *call, const struct record *record,
    const NET_BUFFER_LIST *nbl);

/* A call whose argument can only come from a packet in flight. */
void check_volatile(struct verify *verify, const struct gate_call *call);

bool timer_is_set(const KTIMER *timer);

/* The IRP or the context of a bind is freed. */
void owed_gone(struct verify *verify, const struct object *object);

/* A device has taken or gives a frame. */
void wire_passes(struct verify *verify, const struct gate_wire *passing);

/* What is late is told. */
void watch(struct verify *verify);
void watch_flights(struct verify *verify, uint64_t now, uint64_t limit);
void watch_ends(struct verify *verify, uint64_t now, uint64_t limit);
/* A device has waited for its driver to let it interrupt. */
void watch_devices(struct verify *verify, uint64_t now);
void watch_shows(struct verify *verify, uint64_t now, uint64_t limit);
void watch_falling(struct verify *verify, uint64_t now);
void watch_paused(struct verify *verify, uint64_t now);
/* What the out-of-band status of a packet is while a deserialized miniport waits for it. */
#define VOLATILE_SHOWN 0xC1D5A7E6u
/* A packet of a pool has a block out of band, right behind it when it has no ProtocolReserved. */
static inline bool
packet_has_block(const NDIS_PACKET *packet)
{
    return packet->Private.NdisPacketOobOffset >= offsetof(NDIS_PACKET, ProtocolReserved);
}

static inline bool
packet_has_media(const NDIS_PACKET *packet)
{
    return packet_has_block(packet) &&
           ((const NDIS_PACKET_OOB_DATA *)((const char *)packet +
                                           packet->Private.NdisPacketOobOffset))
               ->MediaSpecificInformation;
}

/* @miniport has got it and not completed it. */
bool packet_is_sent(struct verify *verify, const struct module *miniport, PNDIS_PACKET packet);
uint64_t packet_hash(const void *data, size_t size);
/* Of the first and the last buffer, wherever they are just now. */
uint64_t packet_chain_hash(const struct verify *verify, const NDIS_PACKET *packet);
/* Memory is freed that a packet under way may speak of. */
void check_media(struct verify *verify, const void *memory, size_t size);

/* The limit of the documentation on this machine. */
uint64_t limit(const struct verify *verify, uint64_t documented);
/* A handler was called that long ago, ns. */
uint64_t running_for(const struct verify *verify, const struct gate_call *call);

/* What the running task has left behind on its stack must not be in use. @frames: from the hook's
 * @frame up to that of the function which the driver has called, or which has called it. */
void check_escapes(
    struct verify *verify, const struct gate_call *call, const void *frame, unsigned frames);

/* Whether an allocation of @kind fails now. @frame: of the hook. */
bool fault_is_due(struct verify *verify, enum object_kind kind, const void *frame);

/* Whether @driver is in a call of its handler @name, however deep, in the running task. */
bool inside(const struct driver *driver, const char *name);
/* The innermost handler of @driver whose name begins with @beginning, or NULL. */
const char *inside_any(const struct driver *driver, const char *beginning);
/* @driver is gone, and its registrations with it. */
void registrations_forget(struct verify *verify, const struct driver *driver);
/* A serialized miniport calls NDIS from outside of what NDIS calls: only a deserialized one may. */
void
check_declared(struct verify *verify, const struct gate_call *call, const struct module *miniport);

/* The call's IRQL against the documented range. */
void check_level(struct verify *verify, struct gate_call *call);
/* Finds the rule of each call's IRQL. */
void bind_levels(struct verify *verify);
/* DISPATCH_LEVEL said in @flags, but the IRQL is lower. */
void check_dispatch_flag(struct verify *verify, const struct gate_call *call, ULONG flags);
/* @name is broken when the running task holds a spin lock. */
void check_no_lock(struct verify *verify, const struct gate_call *call, enum rule_name name);
unsigned locks_held(const struct verify *verify);
/* The newest spin lock of the running task, or NULL. */
const struct held *held_by_self(const struct verify *verify);
/* @taken is taken while @held is held: told when it closes a circle. */
void order_taken(
    struct verify *verify, const struct gate_call *call, struct place *held, struct place *taken);
void order_forget(struct verify *verify, struct place *place);
/* Memory goes away: no held lock may lie in it. */
void locks_check_free(
    struct verify *verify, const struct gate_call *call, const void *memory, size_t size);

/* Something of @module is out that must be back: reports what. @when: "completed its pause". */
enum life_end { END_PAUSE, END_HALT, END_DETACH, END_CLOSE };
void check_nothing_out(struct verify *verify, const struct gate_call *call,
    const struct module *module, enum life_end end);
void check_requests_out(struct verify *verify, const struct gate_call *call,
    const struct module *module, enum life_end end);

/* Pool memory: made, about to be freed. */
void memory_made(struct object *prefix);
void memory_freed(struct verify *verify, const struct object *prefix);
/* Freed memory: see rested.c. All that @driver had; all of it, when the verifier ends. */
void memory_rests(struct verify *verify, const struct object_rest *object, object_let_go *let_go);
void memory_pool_ends(struct verify *verify, enum object_kind elements, const void *pool);
void memory_check_rested(struct verify *verify, const struct driver *driver);
void memory_end(struct verify *verify);
/* Whether the word at @address is what freed memory is filled with; looks where ASan would stop. */
bool memory_is_freed(const void *address);
/* A query that no driver answers with no bytes (list.c). */
bool oid_says_something(NDIS_OID oid);
/* Whether @needed, with which a query is refused for its @room, says nothing (oid.c). */
bool oid_needs_nothing(NDIS_STATUS status, UINT needed, ULONG room);
/* The record of what rests at @body, or NULL. */
struct record *memory_at(struct verify *verify, const void *body, enum object_kind kind);
/* What rests around @home, or NULL. */
struct record *memory_around(struct verify *verify, const char *home);
/* Reports the touch of what rests, with @own of what the driver itself has freed; whether it is known. */
bool memory_touched(
    struct verify *verify, const void *address, void *const *stack, unsigned depth, bool own);
/* Memory is about to be freed: nothing in it may be in use. */
void check_places(struct verify *verify, const void *memory, size_t size);
/* Of what lies in the image of @driver, which is unloaded. */
void check_places_of(struct verify *verify, struct driver *driver);
/* The pool block around @address, NULL when none: its record. */
struct record *pool_around(struct verify *verify, const void *address);

/* Timers and work items of @module must be idle. */
void
check_timers_idle(struct verify *verify, const struct gate_call *call, const struct module *module);

/* Nothing of @driver may be left. */
void check_leaks(struct verify *verify, struct driver *driver);
void check_module_leaks(struct verify *verify, const struct module *module);
