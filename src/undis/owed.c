/* SPDX-License-Identifier: MIT */
/* The table of obligations. See owed.h.
 *
 *     owes                  to                      what                 since
 *     miniport x (net0)     protocol frames (net0)  3 x NBL to complete  1.5 ms, NdisSendNetBufferLists,
 *                                                                        Send (frames.c:120)
 */
#include "undis/owed.h"

#include "host/symbol.h"
#include "nt/driver.h"
#include "verify/verify.h"

#include <stdio.h>
#include <string.h>

#define ROWS       24
#define STACK_TEXT 1024
#define PLACE_TEXT 256
#define COLUMNS    3

/* The first frame that is a driver's; what stands before it is the checked call's own. */
static bool
describe_place(struct undis *machine, const struct verify_obligation *from, char *text, size_t size)
{
    for (unsigned k = 0; k < from->depth; k++) {
        if (!driver_at(machine, from->stack[k]))
            continue;
        symbol_describe(&from->stack[k], 1, text, size);
        text[strcspn(text, "\n")] = 0;
        return true;
    }
    return false;
}

/* The operation that has hung, in the report of one. */
static const struct verify_obligation *
operation_of(const struct verify_obligation *rows, unsigned n)
{
    for (unsigned k = 0; k < n; k++)
        if (rows[k].driver && !rows[k].rule)
            return &rows[k];
    return NULL;
}

/* Who waits is seldom who is to blame: what he waits for has not come back for as long. */
static const struct verify_obligation *
to_blame(const struct machine *machine, const struct undis_report *report,
    const struct verify_obligation *rows, unsigned n)
{
    uint64_t now = executive_now(machine->undis.executive), patience = machine->undis.patience;
    const struct verify_obligation *hung = report->rule ? operation_of(rows, n) : NULL;

    if (report->rule && !hung)
        return NULL;
    for (unsigned k = 0; k < n; k++) {
        const struct verify_obligation *row = &rows[k];
        bool late = now - row->since >= patience / 2 || !report->stack;

        if (row->rule && row->driver && late && (!hung || strcmp(row->to, hung->owes) == 0))
            return row;
    }
    return NULL;
}

/* Of the handler that a sentence without a rule begins with. */
static void
name_rule(struct undis_report *report)
{
    char handler[64];
    const struct rule *rule;

    if (report->rule)
        return;
    snprintf(handler, sizeof(handler), "%.*s", (int)strcspn(report->text, " "), report->text);
    rule = verify_hang_rule(handler) ? rule_find(verify_hang_rule(handler)) : NULL;
    if (!rule)
        return;
    report->rule = rule->id;
    report->statement = rule->statement;
    report->source = rule->source;
}

static void
blame(const struct machine *machine, struct undis_report *report,
    const struct verify_obligation *rows, unsigned n)
{
    static char text[4096], other[STACK_TEXT];
    const struct verify_obligation *row = to_blame(machine, report, rows, n);
    const struct verify_obligation *hung = report->rule ? operation_of(rows, n) : NULL;
    const struct rule *rule = row ? rule_find(row->rule) : NULL;
    size_t used;

    if (hung && !report->driver)
        report->driver = hung->driver;
    if (!rule) {
        name_rule(report);
        return;
    }
    used = (size_t)snprintf(other, sizeof(other), "what is owed was last seen here:\n");
    symbol_describe(row->stack, row->depth, other + used, sizeof(other) - used);
    report->other = other;
    if (strcmp(row->owes, "who is waited for") == 0)
        snprintf(text, sizeof(text), "%s waits for %s since %.3f ms; %s", row->to, row->what,
            (double)row->since / 1e6, report->text);
    else
        snprintf(text, sizeof(text), "%s owes %s %u x %s since %.3f ms; %s", row->owes, row->to,
            row->count, row->what, (double)row->since / 1e6, report->text);
    report->text = text;
    report->rule = row->rule;
    report->statement = rule->statement;
    report->source = rule->source;
    report->driver = row->driver;
    report->severity = "fatal";
}

void
owed_gather(struct machine *machine, struct undis_report *report)
{
    static struct verify_obligation from[ROWS];
    static struct undis_obligation rows[ROWS];
    static char places[ROWS][PLACE_TEXT], stacks[ROWS][STACK_TEXT];
    unsigned all, n;

    if (!machine->verify)
        return;
    all = verify_obligations(machine->verify, from, ROWS);
    n = all < ROWS ? all : ROWS;
    for (unsigned k = 0; k < n; k++) {
        bool place = describe_place(&machine->undis, &from[k], places[k], PLACE_TEXT);

        stacks[k][0] = 0;
        if (from[k].depth)
            symbol_describe(from[k].stack, from[k].depth, stacks[k], STACK_TEXT);
        rows[k] = (struct undis_obligation){.owes = from[k].owes,
            .to = from[k].to,
            .what = from[k].what,
            .count = from[k].count,
            .event = from[k].event,
            .since = from[k].since,
            .place = place ? places[k] : NULL,
            .stack = stacks[k]};
    }
    blame(machine, report, from, n);
    report->obligations = n ? rows : NULL;
    report->obligation_count = n;
    report->obligations_left = all - n;
}

static void
columns_of(const struct undis_obligation *row, char cells[COLUMNS][96])
{
    snprintf(cells[0], sizeof(cells[0]), "%s", row->owes);
    snprintf(cells[1], sizeof(cells[1]), "%s", row->to);
    if (row->count > 1)
        snprintf(cells[2], sizeof(cells[2]), "%u x %s", row->count, row->what);
    else
        snprintf(cells[2], sizeof(cells[2]), "%s", row->what);
}

static void
widths_of(const struct undis_report *report, int widths[COLUMNS])
{
    char cells[COLUMNS][96];

    for (unsigned k = 0; k < report->obligation_count; k++) {
        columns_of(&report->obligations[k], cells);
        for (unsigned c = 0; c < COLUMNS; c++)
            if ((int)strlen(cells[c]) > widths[c])
                widths[c] = (int)strlen(cells[c]);
    }
}

void
owed_print(const struct undis_report *report, char *text, size_t size)
{
    int widths[COLUMNS] = {4, 2, 4};
    char cells[COLUMNS][96];
    size_t used;

    text[0] = 0;
    if (!report->obligation_count)
        return;
    widths_of(report, widths);
    used = (size_t)snprintf(text, size, "%-*s  %-*s  %-*s  since\n", widths[0], "owes", widths[1],
        "to", widths[2], "what");
    for (unsigned k = 0; k < report->obligation_count && used < size; k++) {
        const struct undis_obligation *row = &report->obligations[k];

        columns_of(row, cells);
        used += (size_t)snprintf(text + used, size - used,
            "%-*s  %-*s  %-*s  %llu.%03llu ms, %s%s%s\n", widths[0], cells[0], widths[1], cells[1],
            widths[2], cells[2], (unsigned long long)(row->since / 1000000),
            (unsigned long long)(row->since / 1000 % 1000), row->event, row->place ? ", " : "",
            row->place ? row->place : "");
    }
    if (report->obligations_left && used < size)
        snprintf(text + used, size - used, "and others, for which there is no room\n");
}
