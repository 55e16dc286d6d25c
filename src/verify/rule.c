/* SPDX-License-Identifier: MIT */
/* Rules by id, which of them are checked, and the report of a broken one. */
#include "verify/check.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ID(name, id) id,
static const char *const checked[] = {CHECKED(ID)};
#undef ID
#define ID(id) id,
static const char *const enforced[] = {ENFORCED(ID)};
#undef ID

const struct rule *
rule_find(const char *id)
{
    for (unsigned k = 0; k < rule_count; k++)
        if (strcmp(rules[k].id, id) == 0)
            return &rules[k];
    return NULL;
}

const struct rule *
rule_named(enum rule_name name)
{
    return rule_find(checked[name]);
}

static bool
listed(const char *id, const char *const *list, unsigned count)
{
    for (unsigned k = 0; k < count; k++)
        if (strcmp(list[k], id) == 0)
            return true;
    return false;
}

enum rule_state
verify_rule_state(const struct rule *rule)
{
    if (listed(rule->id, checked, RTL_NUMBER_OF(checked)) ||
        listed(rule->id, enforced, RTL_NUMBER_OF(enforced)))
        return RULE_CHECKED;
    return strncmp(rule->open, "out:", 4) == 0 ? RULE_OUT_OF_SCOPE : RULE_NOT_YET;
}

uint64_t
verify_checks(const struct verify *verify, const struct rule *rule)
{
    if (!rule)
        return __atomic_load_n(&verify->total, __ATOMIC_RELAXED);
    for (unsigned k = 0; k < RULE_NAMES; k++)
        if (strcmp(checked[k], rule->id) == 0)
            return __atomic_load_n(&verify->counts[k], __ATOMIC_RELAXED);
    return 0;
}

/* @other, @title: a second stack and what it is of, or NULL. */
static struct verify_report
report_on(enum rule_name name, struct driver *driver, const struct move *other, const char *title)
{
    struct verify_report report = {.rule = rule_named(name), .driver = driver};

    assert(report.rule); /* names.h and the table say the same */
    report.fatal = strcmp(report.rule->severity, "fatal") == 0;
    if (other) {
        report.other = other->stack;
        report.other_depth = other->depth;
        report.other_title = title;
        report.place = other->of;
    }
    return report;
}

void
verify_history(const struct verify_report *report, char *text, size_t size)
{
    const struct record *record = report->record;
    const struct place *place = report->place;

    text[0] = 0;
    if (record)
        moves_describe(record->moves, record->move_count, MOVES, text, size);
    else if (place)
        moves_describe(place->moves, place->move_count, PLACE_MOVES, text, size);
}

static void
tell(struct verify *verify, struct verify_report report, const struct gate_call *call,
    const struct record *record, const char *format, va_list arguments)
{
    void *stack[VERIFY_DEPTH];
    char text[512];

    vsnprintf(text, sizeof(text), format, arguments);
    if (!report.driver && call)
        report.driver = call->driver;
    report.text = text;
    report.stack = stack;
    report.depth = stack_now(call, stack, VERIFY_DEPTH);
    report.record = record;
    if (!record && report.place)
        report.record = place_record(verify, report.place);
    else if (!record && call)
        report.record = call_record(verify, call);
    verify->report(verify->context, &report);
}

void
broken(struct verify *verify, enum rule_name name, const struct gate_call *call,
    struct driver *driver, const struct record *record, const char *title, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell(verify, report_on(name, driver, record ? record_last(record) : NULL, title), call, record,
        format, arguments);
    va_end(arguments);
}

void
broken_end(struct verify *verify, enum rule_name name, const struct gate_call *call,
    const struct record *record, const char *title, const char *format, ...)
{
    struct verify_report report = report_on(name, NULL, record ? record_last(record) : NULL, title);
    va_list arguments;

    report.fatal = true;
    va_start(arguments, format);
    tell(verify, report, call, record, format, arguments);
    va_end(arguments);
}

void
broken_at(struct verify *verify, enum rule_name name, const struct gate_call *call,
    const struct record *record, const struct move *other, const char *title, const char *format,
    ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell(verify, report_on(name, NULL, other, title), call, record, format, arguments);
    va_end(arguments);
}

void
broken_late(struct verify *verify, enum rule_name name, const struct gate_call *call,
    struct driver *driver, const struct move *other, const char *title, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell(verify, report_on(name, driver, other, title), call, NULL, format, arguments);
    va_end(arguments);
}

void
broken_there(struct verify *verify, enum rule_name name, const struct touch *touch,
    const struct record *record, const char *format, ...)
{
    bool freed = touch->move && strcmp(touch->move->what, "freed") == 0;
    struct verify_report report =
        report_on(name, touch->driver, touch->move, freed ? "freed here" : "given away here");
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    report.text = text;
    report.record = record;
    report.stack = touch->stack;
    report.depth = touch->depth;
    verify->report(verify->context, &report);
}
