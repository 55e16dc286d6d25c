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

#include "host/lock.h"
#include "host/symbol.h"
#include "nt/crash.h"
#include "nt/object.h"
#include "undis/owed.h"
#include "undis/ports/port.h"
#include "undis/repeat.h"
#include "undis/report_file.h"
#include "undis/suppress.h"

#include "undis/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STACK_TEXT 4096

/* Of a machine, in its world's arena. */
struct report {
    struct machine *machine;
    unsigned count;
    uint64_t suppressed;
    bool standstill; /* it was told */
    struct suppressions suppressions;
    struct repeats repeats;
    struct report_file file;
};

static struct report *
report_of(const struct machine *machine)
{
    return machine->undis.report_context;
}

/* Text that grows in a buffer of its own: no heap, for crashes. */
struct page {
    char text[8 * STACK_TEXT];
    size_t used;
};

static __attribute__((format(printf, 2, 3))) void
say(struct page *page, const char *format, ...)
{
    size_t left = sizeof(page->text) - page->used;
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(page->text + page->used, left, format, arguments);
    va_end(arguments);
    if (n > 0)
        page->used += (size_t)n < left ? (size_t)n : left - 1;
}

/* Indents @text, line by line. */
static void
say_lines(struct page *page, const char *title, const char *text)
{
    if (!text || !*text)
        return;
    say(page, "  %s\n", title);
    while (*text) {
        int length = (int)strcspn(text, "\n");

        say(page, "    %.*s\n", length, text);
        text += length + (text[length] == '\n');
    }
}

/* For people. One write, so that reports of several processes do not mix. */
void
undis_report_print(const struct undis_report *report)
{
    static struct page page;
    static char owed[2 * STACK_TEXT];

    page.used = 0;
    say(&page, "undis: %s: %s\n", report->rule ? report->rule : report->severity, report->text);
    if (report->statement)
        say(&page, "  rule    %s (%s)\n", report->statement, report->severity);
    if (report->source)
        say(&page, "  source  %s\n", report->source);
    if (report->driver)
        say(&page, "  driver  %s\n", report->driver);
    say_lines(&page, "here", report->stack);
    say_lines(&page, "before", report->other);
    say_lines(&page, "history", report->history);
    owed_print(report, owed, sizeof(owed));
    say_lines(&page, "owed", owed);
    if (report->replay)
        say(&page, "  replay  %s\n", report->replay);
    for (size_t done = 0; done < page.used;) {
        ssize_t n = write(STDERR_FILENO, page.text + done, page.used - done);

        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

static void
hand_over(struct machine *machine, const struct undis_report *report)
{
    report_file_write(&report_of(machine)->file, report);
    if (machine->config.report)
        machine->config.report(machine->config.report_context, report);
    else
        undis_report_print(report);
}

/* Only under the simulated executive is the same command the same run. */
static const char *
replay_of(const struct machine *machine)
{
    return machine->undis.simulated ? machine->config.command : NULL;
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

/* The process is about to end: what is buffered goes to its files. */
static void
flush(struct undis *undis)
{
    port_flush_all(undis);
    capture_flush(undis);
}

_Noreturn static void
end_process(struct machine *machine)
{
    flush(&machine->undis);
    _exit(CRASH_STATUS);
}

static bool
ends_process(const struct machine *machine, const struct verify_report *report)
{
    return report->fatal ||
           (strcmp(report->rule->severity, "error") == 0 && !machine->config.go_on);
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

/* Under the lock of all reports. */
static void
tell_rule(struct machine *machine, const struct verify_report *from)
{
    static char stack[STACK_TEXT], other[STACK_TEXT], history[STACK_TEXT];
    struct report *to = report_of(machine);
    struct repeat *repeat = repeat_of(&to->repeats, from);
    struct undis_report report = {.rule = from->rule->id,
        .severity = from->rule->severity,
        .statement = from->rule->statement,
        .source = from->rule->source,
        .driver = from->driver ? from->driver->name : NULL,
        .text = from->text,
        .stack = stack,
        .replay = replay_of(machine)};

    if (is_known(to, repeat))
        return;
    symbol_describe(from->stack, from->depth, stack, sizeof(stack));
    if (is_suppressed(to, repeat, &report))
        return;
    to->count++;
    describe_other(from, other, sizeof(other));
    report.other = other[0] ? other : NULL;
    verify_history(from, history, sizeof(history));
    report.history = history[0] ? history : NULL;
    hand_over(machine, &report);
    if (ends_process(machine, from))
        end_process(machine);
}

void
report_rule(void *context, const struct verify_report *from)
{
    static uint32_t lock;

    host_lock(&lock);
    tell_rule(context, from);
    host_unlock(&lock);
}

/* "23 NBL, 2 NBL pool": what the driver has not freed. */
static void
describe_owned(const struct machine *machine, const struct driver *driver, char *text, size_t size)
{
    unsigned counts[OBJECT_KINDS];
    size_t used = 0;

    text[0] = 0;
    if (!machine->verify || !driver || !verify_owned(machine->verify, driver, counts))
        return;
    for (unsigned k = 0; k < OBJECT_KINDS && used + 1 < size; k++)
        if (counts[k])
            used += (size_t)snprintf(
                text + used, size - used, "%u x %s\n", counts[k], object_kind_name(k));
}

static void
say_what(const struct crash *crash, char *text, size_t size)
{
    if (crash->signal)
        snprintf(text, size, "%s in %s: %s", crash->signal,
            crash->driver ? crash->driver->name : "undis", crash->text);
    else
        snprintf(text, size, "%s", crash->text);
}

/* Where the newest failure was injected: most likely what the driver did not expect. */
static bool
describe_fault(const struct machine *machine, char *text, size_t size)
{
    struct verify_fault_counts counts;
    size_t used;

    if (!machine->verify)
        return false;
    verify_injected(machine->verify, &counts);
    if (!counts.injected)
        return false;
    used = (size_t)snprintf(text, size, "the newest failure was injected here:\n");
    symbol_describe(counts.last, counts.last_depth, text + used, size - used);
    return true;
}

static void
name_rule(struct undis_report *report, const char *id)
{
    const struct rule *rule = rule_find(id);

    report->rule = id;
    report->statement = rule ? rule->statement : NULL;
    report->source = rule ? rule->source : NULL;
}

static void
report_crash(struct undis *undis, const struct crash *crash)
{
    struct machine *machine = machine_host(undis);
    char text[4096], stack[STACK_TEXT], owned[1024], history[1100] = "", fault[STACK_TEXT];
    struct undis_report report = {.severity = "fatal",
        .driver = crash->driver ? crash->driver->name : NULL,
        .text = text,
        .stack = stack,
        .replay = replay_of(machine)};

    report_of(machine)->count++;
    if (crash->rule)
        name_rule(&report, crash->rule);
    if (describe_fault(machine, fault, sizeof(fault))) {
        report.other = fault;
        if (crash->signal && crash->driver)
            name_rule(&report, "mm-alloc-checked");
    }
    say_what(crash, text, sizeof(text));
    symbol_describe(crash->stack, crash->depth, stack, sizeof(stack));
    describe_owned(machine, crash->driver, owned, sizeof(owned));
    if (owned[0]) {
        snprintf(history, sizeof(history), "%s has now:\n%s", crash->driver->name, owned);
        report.history = history;
    }
    if (crash->status == HANG_STATUS)
        owed_gather(machine, &report);
    hand_over(machine, &report);
}

void
report_standstill(struct machine *machine)
{
    struct undis_report report = {.severity = "error",
        .text = "nothing in the machine can run any more",
        .replay = replay_of(machine)};

    if (report_of(machine)->standstill)
        return;
    report_of(machine)->standstill = true;
    owed_gather(machine, &report);
    if (report.obligation_count)
        hand_over(machine, &report);
}

static int
open_files(struct machine *machine, struct report *report)
{
    int error = 0;

    if (machine->config.suppress)
        error = suppressions_read(&machine->undis, &report->suppressions, machine->config.suppress);
    if (!error && machine->config.report_file)
        error = report_file_open(&report->file, machine->config.report_file);
    return error;
}

int
report_attach(struct machine *machine)
{
    static const struct crash_hooks hooks = {.report = report_crash, .flush = flush};
    struct undis *undis = &machine->undis;
    struct report *report = arena_zalloc(undis->arena, sizeof(*report), 16);

    if (!report)
        return undis_fail(-ENOMEM, "no memory for reports");
    report->machine = machine;
    undis->report = report_text;
    undis->report_context = report;
    undis->crash = &hooks;
    return open_files(machine, report);
}

void
report_detach(struct machine *machine)
{
    struct report *report = report_of(machine);

    if (report) {
        repeats_tell(&report->repeats, report_text, report);
        suppressions_tell_unused(&report->suppressions, report_text, report);
        suppressions_free(&machine->undis, &report->suppressions);
        report_file_close(&report->file);
    }
    arena_free(machine->undis.arena, machine->undis.report_context);
    machine->undis.report = NULL;
    machine->undis.report_context = NULL;
    machine->undis.crash = NULL;
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
