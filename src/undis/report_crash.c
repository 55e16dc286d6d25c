/* SPDX-License-Identifier: MIT */
/* The report of a crash, in parts: each of them may find that what it looks at is destroyed, and
 * then the report says so in its place.
 */
#include "undis/report_way.h"

#include "host/guard.h"
#include "host/symbol.h"
#include "nt/crash.h"
#include "nt/object.h"
#include "undis/owed.h"
#include "verify/verify.h"

#include <stdio.h>
#include <string.h>

#define STACK_TEXT 4096

/* One at a time: the process ends with it. */
static struct draft {
    const struct report_way *way;
    const struct crash *crash;
    struct undis_report report;
    char text[4096], stack[2 * STACK_TEXT], fault[STACK_TEXT], history[2048], name[CRASH_NAME];
} draft;

static void
wait_for_others(void *unused)
{
    (void)unused;
    report_lock();
}

static void
say_what(void *unused)
{
    const struct crash *crash = draft.crash;

    (void)unused;
    if (crash->signal)
        snprintf(draft.text, sizeof(draft.text), "%s in %s: %s", crash->signal,
            crash->name[0] ? crash->name : "undis", crash->text);
    else
        snprintf(draft.text, sizeof(draft.text), "%s", crash->text);
}

static void
name_rule(const char *id)
{
    const struct rule *rule = rule_find(id);

    draft.report.rule = id;
    draft.report.statement = rule ? rule->statement : NULL;
    draft.report.source = rule ? rule->source : NULL;
}

static void
describe_stack(void *unused)
{
    const struct crash *crash = draft.crash;
    size_t used;

    (void)unused;
    symbol_describe(crash->stack, crash->depth, draft.stack, sizeof(draft.stack));
    used = strlen(draft.stack);
    if (crash->missing)
        snprintf(draft.stack + used, sizeof(draft.stack) - used, "(%s)\n", crash->missing);
}

/* Where the newest failure was injected: most likely what the driver did not expect. */
static void
describe_fault(void *unused)
{
    const struct crash *crash = draft.crash;
    struct verify_fault_counts counts = {.injected = 0};
    size_t used;

    (void)unused;
    if (draft.way->machine->verify)
        verify_injected(draft.way->machine->verify, &counts);
    if (!counts.injected)
        return;
    used = (size_t)snprintf(
        draft.fault, sizeof(draft.fault), "the newest failure was injected here:\n");
    symbol_describe(counts.last, counts.last_depth, draft.fault + used, sizeof(draft.fault) - used);
    draft.report.other = draft.fault;
    if (crash->signal && crash->driver)
        name_rule("mm-alloc-checked");
}

/* "23 x NBL": what the driver has not freed. */
static void
describe_owned(void *unused)
{
    const struct machine *machine = draft.way->machine;
    unsigned counts[OBJECT_KINDS];
    size_t used;

    (void)unused;
    if (!machine->verify || !draft.crash->driver ||
        !verify_owned(machine->verify, draft.crash->driver, counts))
        return;
    used =
        (size_t)snprintf(draft.history, sizeof(draft.history), "%s has now:\n", draft.crash->name);
    for (unsigned k = 0; k < OBJECT_KINDS && used + 1 < sizeof(draft.history); k++)
        if (counts[k])
            used += (size_t)snprintf(draft.history + used, sizeof(draft.history) - used,
                "%u x %s\n", counts[k], object_kind_name(k));
    draft.report.history = draft.history;
}

static void
gather_owed(void *unused)
{
    (void)unused;
    owed_gather(draft.way->machine, &draft.report);
}

/* What went wrong in the looking is told as well. */
static void
regret(const char *what)
{
    size_t used = strlen(draft.history);

    if (used + 1 < sizeof(draft.history))
        snprintf(draft.history + used, sizeof(draft.history) - used,
            "%s cannot be read: its memory is overwritten, or somebody has it\n", what);
    draft.report.history = draft.history;
}

static void
fill_in(const struct crash *crash)
{
    if (!guard_run_for(say_what, NULL, 1000))
        snprintf(draft.text, sizeof(draft.text), "a crash that cannot be described");
    if (!guard_run_for(describe_stack, NULL, 30000))
        snprintf(draft.stack, sizeof(draft.stack), "(the stack cannot be described)\n");
    if (!guard_run_for(describe_fault, NULL, 30000))
        regret("the newest injected failure");
    if (!guard_run_for(describe_owned, NULL, 2000))
        regret("what the driver has now");
    if (crash->status == HANG_STATUS && !guard_run_for(gather_owed, NULL, 60000))
        regret("who owes what to whom");
}

bool
report_crash(void *context, const struct crash *crash)
{
    const struct report_way *way = context;

    draft.way = way;
    draft.crash = crash;
    draft.report = (struct undis_report){.severity = "fatal",
        .driver = crash->name[0] ? crash->name : NULL,
        .text = draft.text,
        .stack = draft.stack,
        .replay = way->replay};
    symbol_end();
    guard_run_for(wait_for_others, NULL, 3000);
    if (crash->rule)
        name_rule(crash->rule);
    fill_in(crash);
    return report_way_try(way, &draft.report);
}
