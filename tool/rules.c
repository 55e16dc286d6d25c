/* SPDX-License-Identifier: MIT */
/* undis rules - what the verifier knows and checks. */
#include "tool.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <string.h>

static const char usage[] =
    "usage: undis rules [--json] [--checked] [--checks FILE] [ID]...\n"
    "\n"
    "Lists the contract rules: id, state (checked, not yet, out of scope), severity, statement\n"
    "and source. With IDs, only those.\n"
    "\n"
    "  --checked      only the rules that are checked\n"
    "  --checks FILE  how often each was checked in the run that wrote FILE: undis run --rules "
    "FILE\n"
    "  --json         one JSON object per line\n";

#define RULES_MAX 2048

/* What --checks read. */
static struct counted {
    char id[64];
    unsigned long long checks;
} counts[RULES_MAX];
static unsigned counted;

static int
read_checks(const char *path)
{
    FILE *from = fopen(path, "re");
    struct counted *c = counts;

    if (!from)
        return complain("rules", UNDIS_EXIT_FAILED, "%s: %s", path, strerror(errno));
    while (counted < RULES_MAX && fscanf(from, "%63s %llu", c->id, &c->checks) == 2)
        c++, counted++;
    if (!feof(from) || !counted) {
        fclose(from);
        return complain("rules", UNDIS_EXIT_FAILED, "%s: not written by undis run --rules", path);
    }
    fclose(from);
    return 0;
}

static unsigned long long
checks_of(const char *id)
{
    for (unsigned k = 0; k < counted; k++)
        if (strcmp(counts[k].id, id) == 0)
            return counts[k].checks;
    return 0;
}

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
    int error = !object;

    if (!error && counted)
        error =
            json_object_set_new(object, "checks", json_integer((json_int_t)checks_of(rule->id)));
    error = error || json_dumpf(object, stdout, JSON_COMPACT);

    json_decref(object);
    putchar('\n');
    return error;
}

int
rules_main(int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
        {"checked", no_argument, NULL, 'c'}, {"checks", required_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'}, {0}};
    bool json = false, checked = false;
    struct undis_rule rule;
    unsigned shown = 0, checked_count = 0, all = 0;
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'j': json = true; break;
        case 'c': checked = true; break;
        case 'n':
            if (read_checks(optarg))
                return UNDIS_EXIT_FAILED;
            break;
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
        if (!json && counted)
            printf("%10llu ", checks_of(rule.id));
        if (!json)
            printf("%-34s %-12s %-8s %s (%s)\n", rule.id, rule.state, rule.severity, rule.statement,
                rule.source);
    }
    if (!shown)
        return complain("rules", UNDIS_EXIT_FAILED, "no rule has that id");
    if (!json)
        printf("%u rules, %u of them checked", all, checked_count);
    if (!json && counted)
        printf(", %u of them in that run", counted);
    if (!json)
        putchar('\n');
    return UNDIS_EXIT_OK;
}
