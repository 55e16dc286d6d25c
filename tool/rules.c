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
    "and source; why it is not checked. With IDs, only those.\n"
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

/* "ID COUNT" as undis run --rules writes it. */
static bool
read_count(char *line, struct counted *into)
{
    char *space = strchr(line, ' '), *end;

    if (!space || space == line || (size_t)(space - line) >= sizeof(into->id))
        return false;
    *space = '\0';
    memcpy(into->id, line, (size_t)(space - line) + 1);
    into->checks = strtoull(space + 1, &end, 10);
    return end != space + 1 && (*end == '\n' || *end == '\0');
}

static int
read_checks(const char *path)
{
    FILE *from = fopen(path, "re");
    bool right = true;
    char line[128];

    if (!from)
        return complain("rules", UNDIS_EXIT_FAILED, "%s: %s", path, strerror(errno));
    while (right && counted < RULES_MAX && fgets(line, sizeof(line), from)) {
        right = read_count(line, &counts[counted]);
        counted += right;
    }
    (void)fclose(from);
    if (!right || !counted)
        return complain("rules", UNDIS_EXIT_FAILED, "%s: not written by undis run --rules", path);
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
    if (!error && rule->reason)
        error = json_object_set_new(object, "reason", json_string(rule->reason));
    error = error || json_dumpf(object, stdout, JSON_COMPACT);

    json_decref(object);
    putchar('\n');
    return error;
}

struct choice {
    bool json;
    bool checked;
};

/* 0 with the options taken; -1 when the command ends with *@status. */
static int
take_options(int argc, char **argv, struct choice *choice, int *status)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
        {"checked", no_argument, NULL, 'c'}, {"checks", required_argument, NULL, 'n'},
        {"help", no_argument, NULL, 'h'}, {0}};
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'j': choice->json = true; break;
        case 'c': choice->checked = true; break;
        case 'n':
            *status = UNDIS_EXIT_FAILED;
            if (read_checks(optarg))
                return -1;
            break;
        case 'h':
            fputs(usage, stdout);
            *status = UNDIS_EXIT_OK;
            return -1;
        default:
            fputs(usage, stderr);
            *status = UNDIS_EXIT_USAGE;
            return -1;
        }
    }
    return 0;
}

static int
show(const struct undis_rule *rule, const struct choice *choice)
{
    if (choice->json)
        return show_json(rule);
    if (counted)
        printf("%10llu ", checks_of(rule->id));
    printf("%-34s %-12s %-8s %s (%s)\n", rule->id, rule->state, rule->severity, rule->statement,
        rule->source);
    if (rule->reason)
        printf("%-34s why: %s\n", "", rule->reason);
    return 0;
}

int
rules_main(int argc, char **argv)
{
    struct choice choice = {0};
    struct undis_rule rule;
    unsigned shown = 0, checked = 0, all = 0;
    int status;

    if (take_options(argc, argv, &choice, &status))
        return status;
    for (; undis_rule(NULL, all, &rule) == 0; all++) {
        checked += strcmp(rule.state, "checked") == 0;
        if (!wanted(&rule, choice.checked, argv + optind))
            continue;
        shown++;
        if (show(&rule, &choice))
            return complain("rules", UNDIS_EXIT_FAILED, "no memory for JSON");
    }
    if (!shown)
        return complain("rules", UNDIS_EXIT_FAILED, "no rule has that id");
    if (choice.json)
        return UNDIS_EXIT_OK;
    printf("%u rules, %u of them checked", all, checked);
    if (counted)
        printf(", %u of them in that run", counted);
    putchar('\n');
    return UNDIS_EXIT_OK;
}
