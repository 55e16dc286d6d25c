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
#include "verify/names.h"
#include "verify/verify.h"

typedef void check_fn(struct verify *verify, struct gate_call *call);

struct check {
    const char *name; /* of the import or handler; NULL ends a table */
    check_fn *before, *after;
};

extern const struct check send_imports[], send_handlers[];
extern const struct check receive_imports[], receive_handlers[];
extern const struct check packet_imports[];
extern const struct check oid_imports[], oid_handlers[];
extern const struct check life_imports[], life_handlers[];
extern const struct check header_imports[];
extern const struct check lock_imports[];
extern const struct check memory_imports[];
extern const struct check level_imports[];

#define IMPORT_CHECKS 3
#define LOCKS_HELD    64
#define HANDLERS      256

/* A spin lock that is held now. */
struct held {
    const void *lock; /* NULL: free entry */
    uint32_t task;
    struct driver *driver;
    uint8_t depth;
    void *stack[MOVE_DEPTH];
};

struct handler_checks {
    const struct gate_handler *handler;
    const struct check *checks[2];
    bool restores; /* must return at the IRQL it was called at */
};

struct verify {
    struct undis *machine;
    verify_report_fn *report;
    void *context;
    uint32_t lock; /* host_lock */
    uint32_t serials;
    const struct check *(*imports)[IMPORT_CHECKS]; /* per import, in their order */
    struct handler_checks handlers[HANDLERS];      /* open addressing by address */
    uint64_t counts[RULE_NAMES], total;
    struct record live, requests; /* heads */
    struct record_slab *slabs;
    struct record *free_first, *free_last;
    uint32_t free_count;
    struct record *graves[GRAVES];
    struct held held[LOCKS_HELD];
};

/* NOLINTBEGIN(bugprone-macro-parentheses): the loop declares @r */
#define record_for_each(head, r) for (struct record *r = (head)->next; r != (head); r = r->next)
/* NOLINTEND(bugprone-macro-parentheses) */

/* Counts a check of rule @name; answers @wrong. */
static inline bool
fails(struct verify *verify, enum rule_name name, bool wrong)
{
    verify->counts[name]++;
    verify->total++;
    return __builtin_expect(wrong, 0);
}

/* Reports the rule. @call: the guilty one, or NULL; @driver: whose, NULL: the call's. @record with
 * @title: the object and what its older stack shows, or NULL. */
void broken(struct verify *verify, enum rule_name name, const struct gate_call *call,
    struct driver *driver, const struct record *record, const char *title, const char *format, ...)
    __attribute__((format(printf, 7, 8)));
/* The same with a stack of its own instead of the record's newest. */
void broken_at(struct verify *verify, enum rule_name name, const struct gate_call *call,
    const struct record *record, const struct move *other, const char *title, const char *format,
    ...) __attribute__((format(printf, 7, 8)));

/* The stack that led to the hook under way; for a handler that has returned, the handler itself
 * first. */
unsigned stack_now(const struct gate_call *call, void **stack, unsigned max);

/* The module behind the handle @call has as its first argument; NULL after a report. */
struct module *
module_of_call(struct verify *verify, const struct gate_call *call, enum module_kind kind);
struct record *module_record(const struct module *module);

/* The record of a living NBL; NULL after a report (rule nbl-from-pool). */
struct record *
nbl_record(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST nbl);
/* How many NBLs hang on @chain; 0 after a report when it has no end. */
unsigned chain_count(struct verify *verify, const struct gate_call *call, PNET_BUFFER_LIST chain);
/* Gives an NBL that @who has away. */
void nbl_lend(struct record *record, const struct module *who, bool up);
/* It is @who's again, as before he lent it. */
void nbl_come_back(struct record *record, const struct module *who);
/* A handler of @who gets it. */
void nbl_arrive(
    struct record *record, PNET_BUFFER_LIST nbl, const struct module *who, enum seat_state state);
uint64_t nbl_list_hash(const NET_BUFFER_LIST *nbl);
uint64_t nbl_layout_hash(const NET_BUFFER_LIST *nbl);

/* The call's IRQL against the documented range. */
void check_level(struct verify *verify, struct gate_call *call);
/* DISPATCH_LEVEL said in @flags, but the IRQL is lower. */
void check_dispatch_flag(struct verify *verify, const struct gate_call *call, ULONG flags);
/* @name is broken when the running task holds a spin lock. */
void check_no_lock(struct verify *verify, const struct gate_call *call, enum rule_name name);
unsigned locks_held(const struct verify *verify);
/* Memory goes away: no held lock may lie in it. */
void locks_check_free(
    struct verify *verify, const struct gate_call *call, const void *memory, size_t size);

/* Something of @module is out that must be back: reports what. @when: "completed its pause". */
enum life_end { END_PAUSE, END_HALT, END_DETACH, END_CLOSE };
void check_nothing_out(struct verify *verify, const struct gate_call *call,
    const struct module *module, enum life_end end);
void check_requests_out(struct verify *verify, const struct gate_call *call,
    const struct module *module, enum life_end end);

/* Nothing of @driver may be left. */
void check_leaks(struct verify *verify, struct driver *driver);
void check_module_leaks(struct verify *verify, const struct module *module);
