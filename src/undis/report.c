/* SPDX-License-Identifier: MIT */
/* Reports: from the verifier, the core and crashes to the host program's sink, or to people.
 *
 *     broken rule --> report_rule --+
 *     bug check, crash, hang -------+--> struct undis_report --> config.report or standard error
 *     DbgPrint ---------------------+
 *
 * A broken rule of severity error or fatal ends the process after its report, unless the program
 * asked to go on after those that are not fatal. What a crash report needs lies on its stack: the
 * heap may be broken.
 */
#include "undis/report.h"

#include "host/guard.h"
#include "host/symbol.h"
#include "nt/crash.h"
#include "undis/owed.h"
#include "undis/ports/port.h"
#include "undis/repeat.h"
#include "undis/report_way.h"
#include "undis/suppress.h"

#include "undis/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define STACK_TEXT 4096
#define FLUSH_MS   3000u

/* Of a machine, in its world's arena. */
struct report {
    struct machine *machine;
    unsigned count;
    uint64_t suppressed;
    bool standstill; /* it was told */
    struct suppressions suppressions;
    struct repeats repeats;
    const struct report_way *way;
};

static struct report *
report_of(const struct machine *machine)
{
    return machine->undis.report_context;
}

/* DbgPrint: a report without rule and stack. */
static void
report_text(void *context, const char *text)
{
    struct machine *machine = ((struct report *)context)->machine;
    struct undis_report report = {.severity = "info", .text = text};

    if (machine->config.report)
        machine->config.report(machine->config.report_context, &report);
    else
        fputs(text, stderr);
}

/* The second stack, below what it shows. */
static void
describe_other(const struct verify_report *report, char *text, size_t size)
{
    size_t used;

    text[0] = 0;
    if (!report->other_depth)
        return;
    used =
        (size_t)snprintf(text, size, "%s:\n", report->other_title ? report->other_title : "before");
    symbol_describe(report->other, report->other_depth, text + used, size - used);
}

/* Counts a broken rule; whether there is nothing new to tell of it. */
static bool
is_known(struct report *to, struct repeat *repeat)
{
    if (!repeat || !repeat_enough(repeat))
        return false;
    if (repeat->suppressed)
        to->suppressed++;
    else
        to->count++;
    return true;
}

/* Whether the user wants to hear nothing of it. */
static bool
is_suppressed(struct report *to, struct repeat *repeat, const struct undis_report *report)
{
    bool suppressed = suppressions_hold(&to->suppressions, report);

    to->suppressed += suppressed;
    if (repeat)
        repeat->suppressed = suppressed;
    return suppressed;
}

/* A broken rule on its way. */
struct telling {
    const struct report_way *way;
    const struct verify_report *from;
    struct undis_report report;
    bool ends, ready;
};

static void
read_history(void *context)
{
    static char history[STACK_TEXT];
    struct telling *telling = context;

    verify_history(telling->from, history, sizeof(history));
    telling->report.history = history[0] ? history : NULL;
}

/* Under the lock of all reports. What undis knows of the driver may be destroyed. */
static void
gather_rule(void *context)
{
    static char stack[STACK_TEXT], other[STACK_TEXT];
    struct telling *telling = context;
    const struct verify_report *from = telling->from;
    struct report *to = report_of(telling->way->machine);
    struct repeat *repeat = repeat_of(&to->repeats, from);

    if (is_known(to, repeat))
        return;
    symbol_describe(from->stack, from->depth, stack, sizeof(stack));
    telling->report.stack = stack;
    if (is_suppressed(to, repeat, &telling->report))
        return;
    if (telling->ends)
        crash_claim();
    to->count++;
    describe_other(from, other, sizeof(other));
    telling->report.other = other[0] ? other : NULL;
    if (!guard_run(read_history, telling))
        telling->report.history = "what became of it cannot be read: its memory is overwritten";
    telling->ready = true;
}

void
report_rule(void *context, const struct verify_report *from)
{
    static char name[64];
    const struct report_way *sealed = crash_context(context);
    const struct report_way *way = sealed ? sealed : report_of(context)->way;
    const struct rule *rule = from->rule;
    struct telling telling = {.way = way, .from = from};

    /* Another thread ends the process: it has the last word. */
    if (crash_elsewhere())
        crash_claim();
    report_lock();
    if (from->driver)
        crash_driver_name(from->driver, name, sizeof(name));
    telling.report = (struct undis_report){.rule = rule->id,
        .severity = rule->severity,
        .statement = rule->statement,
        .source = rule->source,
        .driver = from->driver ? name : NULL,
        .text = from->text,
        .replay = way->replay};
    telling.ends = from->fatal || (strcmp(rule->severity, "error") == 0 && !way->go_on);
    if (!guard_run(gather_rule, &telling)) {
        crash_claim();
        telling.ends = telling.ready = true;
    }
    if (telling.ready && telling.ends) {
        report_way_try(way, &telling.report);
        crash_leave(CRASH_STATUS);
    }
    if (telling.ready)
        report_way_tell(way, &telling.report);
    report_unlock();
}

void
report_standstill(struct machine *machine)
{
    struct undis_report report = {.severity = "error",
        .text = "nothing in the machine can run any more",
        .replay = report_of(machine)->way->replay};

    if (report_of(machine)->standstill)
        return;
    report_of(machine)->standstill = true;
    owed_gather(machine, &report);
    if (report.obligation_count)
        report_way_tell(report_of(machine)->way, &report);
}

static void
flush_ports(void *way)
{
    port_flush_all(&((const struct report_way *)way)->machine->undis);
}

static void
flush_capture(void *way)
{
    capture_flush(&((const struct report_way *)way)->machine->undis);
}

/* The process is about to end: what is buffered goes to its files. */
static void
flush(void *way)
{
    guard_run_for(flush_ports, way, FLUSH_MS);
    guard_run_for(flush_capture, way, FLUSH_MS);
}

static void
clean(void *context)
{
    const struct report_way *way = context;

    if (way->ending)
        way->ending(way->ending_context);
}

int
report_attach(struct machine *machine)
{
    static const struct crash_hooks hooks = {
        .report = report_crash, .flush = flush, .clean = clean};
    struct undis *undis = &machine->undis;
    struct report *report = arena_zalloc(undis->arena, sizeof(*report), 16);
    int error;

    if (!report)
        return undis_fail(-ENOMEM, "no memory for reports");
    report->machine = machine;
    undis->report = report_text;
    undis->report_context = report;
    error = report_way_open(machine, &report->way);
    if (!error)
        crash_attach(undis, &hooks, (void *)report->way);
    if (!error && machine->config.suppress)
        error = suppressions_read(undis, &report->suppressions, machine->config.suppress);
    return error;
}

void
report_detach(struct machine *machine)
{
    struct report *report = report_of(machine);

    crash_detach(&machine->undis);
    if (report) {
        repeats_tell(&report->repeats, report_text, report);
        suppressions_tell_unused(&report->suppressions, report_text, report);
        suppressions_free(&machine->undis, &report->suppressions);
    }
    if (report && report->way)
        report_way_close(report->way);
    arena_free(machine->undis.arena, machine->undis.report_context);
    machine->undis.report = NULL;
    machine->undis.report_context = NULL;
}

uint64_t
report_suppressed(const struct machine *machine)
{
    return report_of(machine) ? report_of(machine)->suppressed : 0;
}

unsigned
report_count(const struct machine *machine)
{
    return report_of(machine) ? report_of(machine)->count : 0;
}
