/* SPDX-License-Identifier: MIT */
/* The table of obligations: for the operation that is late, what its module and the others on the
 * adapter still owe or wait for.
 *
 *     FilterPause of filter "hold" on net0 has been pending for 30.0 s.
 *     owes                        to                          what
 *     miniport portnic            filter hold                 3 sends to complete
 */
#include "ndis/lifecycle/hang.h"
#include "ndis/stack/call.h"

#include <stdio.h>
#include <string.h>

struct text {
    char *at;
    size_t left;
};

static __attribute__((format(printf, 2, 3))) void
say(struct text *text, const char *format, ...)
{
    va_list arguments;
    int n;

    va_start(arguments, format);
    n = vsnprintf(text->at, text->left, format, arguments);
    va_end(arguments);
    if (n < 0)
        return;
    n = (size_t)n < text->left ? n : (int)text->left - 1;
    text->at += n;
    text->left -= (size_t)n;
}

static void
say_module(struct text *text, const struct module *m)
{
    struct module_lane sum = module_sum(m);

    say(text, "\n  %s %s (%s): %lld sends not completed to it, %lld receives not returned to it",
        module_kind_name(m->kind), m->driver->name, module_state_name(m->state),
        (long long)(sum.sent - sum.send_completed), (long long)(sum.indicated - sum.returned));
    if (m->oids.busy)
        say(text, "; it has an OID request to answer");
    if (m->operation.word == 1)
        say(text, "; it owes NDIS the completion of %s", m->operation.name);
}

/* The rule that says how long @name may take, or NULL. */
static const char *
hang_rule(const struct module *module, const char *name)
{
    static const struct {
        const char *name, *rule;
    } rules[] = {
        {"MiniportPause", "wd-miniport-pause"},
        {"FilterPause", "wd-filter-pause"},
        {"MiniportRestart", "st-m-restart-complete-once"},
        {"FilterRestart", "st-f-restart-once"},
        {"ProtocolBindAdapterEx", "st-p-bind-complete-once"},
        {"ProtocolUnbindAdapterEx", "wd-protocol-unbind"},
    };

    if (module->kind == MODULE_MINIPORT && module->adapter->power_failed &&
        strcmp(name, "MiniportPause") == 0)
        return "pp-power-fail-resume";
    for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++)
        if (strcmp(rules[k].name, name) == 0)
            return rules[k].rule;
    if (strcmp(name, "ProtocolNetPnPEvent") == 0 && module->state == MODULE_PAUSING)
        return "wd-protocol-pause";
    return NULL;
}

void
hang_report(
    struct undis *machine, const struct module *module, const struct module_operation *operation)
{
    static char buffer[4096]; /* the process ends here */
    struct text text = {buffer, sizeof(buffer)};
    uint64_t waited = executive_now(machine->executive) - operation->since;
    struct adapter *adapter = module->adapter;

    say(&text, "%s", operation->name);
    /* Binds and unbinds have no module while they are under way. */
    if (strncmp(operation->name, "Protocol", 8) != 0 || module->kind == MODULE_BINDING)
        say(&text, " of %s %s", module_kind_name(module->kind), module->driver->name);
    say(&text, " on %s has been pending for %llu ms and was not completed.", adapter->name,
        (unsigned long long)(waited / 1000000));
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        say_module(&text, CONTAINING_RECORD(e, struct module, link));
    for (const struct module *m = adapter->top; m; m = m->lower)
        say_module(&text, m);
    gate_hang(hang_rule(module, operation->name), buffer);
}
