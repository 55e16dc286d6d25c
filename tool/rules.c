/* SPDX-License-Identifier: MIT */
/* undis rules - what the verifier knows and checks. */
#include "tool.h"

#include <getopt.h>
#include <jansson.h>
#include <string.h>

static const char usage[] =
    "usage: undis rules [--json] [--checked] [ID]...\n"
    "\n"
    "Lists the contract rules: id, state (checked, not yet, out of scope), severity, statement\n"
    "and source. With IDs, only those.\n"
    "\n"
    "  --checked   only the rules that are checked\n"
    "  --json      one JSON object per line\n";

static bool
wanted(const struct undis_rule *rule, bool checked, char **ids)
{
    if (checked && strcmp(rule->state, "checked") != 0)
        return false;
    if (!*ids)
        return true;
    for (; *ids; ids++)
        if (strcmp(*ids, rule->id) == 0)
            return true;
    return false;
}

static int
show_json(const struct undis_rule *rule)
{
    json_t *object = json_pack("{ss ss ss ss ss}", "id", rule->id, "state", rule->state, "severity",
        rule->severity, "statement", rule->statement, "source", rule->source);
    int error = !object || json_dumpf(object, stdout, JSON_COMPACT);

    json_decref(object);
    putchar('\n');
    return error;
}

int
rules_main(int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
        {"checked", no_argument, NULL, 'c'}, {"help", no_argument, NULL, 'h'}, {0}};
    bool json = false, checked = false;
    struct undis_rule rule;
    unsigned shown = 0, checked_count = 0, all = 0;
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'j': json = true; break;
        case 'c': checked = true; break;
        case 'h': fputs(usage, stdout); return UNDIS_EXIT_OK;
        default: fputs(usage, stderr); return UNDIS_EXIT_USAGE;
        }
    }
    for (; undis_rule(NULL, all, &rule) == 0; all++) {
        checked_count += strcmp(rule.state, "checked") == 0;
        if (!wanted(&rule, checked, argv + optind))
            continue;
        shown++;
        if (json && show_json(&rule))
            return complain("rules", UNDIS_EXIT_FAILED, "no memory for JSON");
        if (!json)
            printf("%-34s %-12s %-8s %s (%s)\n", rule.id, rule.state, rule.severity, rule.statement,
                rule.source);
    }
    if (!shown)
        return complain("rules", UNDIS_EXIT_FAILED, "no rule has that id");
    if (!json)
        printf("%u rules, %u of them checked\n", all, checked_count);
    return UNDIS_EXIT_OK;
}
