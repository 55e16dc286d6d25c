/* SPDX-License-Identifier: MIT */
/* The verifier of a machine: a hook table, a ledger, rules, reports.
 *
 * verify_create fills in machine->hooks and hook_context before any driver is loaded; nothing of
 * it runs in a machine without. It sees nt and the NDIS structures; nothing below sees it.
 */
#pragma once

#include "nt/gate.h"

#define VERIFY_DEPTH 32

struct verify;
struct record;
struct place;

enum rule_state { RULE_CHECKED, RULE_NOT_YET, RULE_OUT_OF_SCOPE };

/* A row of rules.csv; generated from docs/rules.csv at build time, sorted as there. */
struct rule {
    const char *id, *statement, *source, *severity, *scope;
    const char *open; /* why it is not checked: "out: ..." or "later: ...", or "" */
};
extern const struct rule rules[];
extern const unsigned rule_count;
const struct rule *rule_find(const char *id);

struct verify_report {
    const struct rule *rule;
    struct driver *driver; /* who broke it */
    const char *text;      /* what happened, one sentence */
    void *const *stack;    /* return addresses, innermost first */
    unsigned depth;
    void *const *other; /* the stack of the hand-over before, or NULL */
    unsigned other_depth;
    const char *other_title;     /* "given to the miniport here" */
    const struct record *record; /* whose history verify_history tells, or NULL */
    const struct place *place;   /* the same */
    bool fatal;                  /* the process ends after the report */
};

/* What became of the object that @report is about, a line each; during the report. */
void verify_history(const struct verify_report *report, char *text, size_t size);

typedef void verify_report_fn(void *context, const struct verify_report *report);

int verify_create(
    struct undis *machine, verify_report_fn *report, void *context, struct verify **created_one);
void verify_destroy(struct verify *verify);
/* From now on each layer gets chains at an address of its own, and who has given one away cannot
 * touch it. 0, -ENOTSUP when nothing in this build could stop him, -ENOMEM. */
int verify_hand_over(struct verify *verify);
/* From now on what the receiver of an NBL may lawfully write is overwritten when it changes hands. */
void verify_scribble(struct verify *verify);
/* Takes the ledger's own memory, which grows while the machine runs, off what an arena has. */
void verify_uncount(const struct verify *verify, size_t *bytes, size_t *blocks);
enum verify_fault_mode {
    VERIFY_FAULT_NONE,
    VERIFY_FAULT_EACH,
    VERIFY_FAULT_STACK,
    VERIFY_FAULT_NTH,
    VERIFY_FAULT_RANDOM
};

struct verify_faults {
    enum verify_fault_mode mode;
    uint64_t which, seed;
    const char *spare; /* drivers for which nothing fails: names with commas between, or NULL */
};

struct verify_fault_counts {
    uint64_t calls, stacks, injected;
    void *const *last; /* the stack of the newest failure */
    unsigned last_depth;
};

/* From now on allocations of drivers fail as @faults says; once. 0, or -1 without memory. */
int verify_inject(struct verify *verify, const struct verify_faults *faults);
void verify_injected(const struct verify *verify, struct verify_fault_counts *counts);
/* How often a rule (or, with NULL, any) was checked. */
uint64_t verify_checks(const struct verify *verify, const struct rule *rule);
enum rule_state verify_rule_state(const struct rule *rule);
/* What @driver has made and not freed, per enum object_kind; answers how many in all. Takes no
 * lock: for crash reports. */
unsigned verify_owned(
    const struct verify *verify, const struct driver *driver, unsigned counts[OBJECT_KINDS]);

/* The rule that says how long @handler may take, or NULL. */
const char *verify_hang_rule(const char *handler);

/* Who owes what to whom since which event. */
struct verify_obligation {
    char owes[64], to[64], what[64];
    const char *driver; /* service name of who owes, NULL: none does */
    const char *rule;   /* that is broken when it never comes, or NULL */
    unsigned count;     /* of the same, since @since */
    const char *event;
    uint64_t since;     /* ns */
    void *const *stack; /* of the event */
    unsigned depth;
};

/* All that is owed now, oldest first, as much as there is room for; answers how many rows there are
 * in all. For reports of hangs: waits for no lock, and what it answers is good for the moment. */
unsigned verify_obligations(struct verify *verify, struct verify_obligation *rows, unsigned room);
