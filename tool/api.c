/* SPDX-License-Identifier: MIT */
/* undis api - which of the calls that drivers make are here. Needs no machine. */
#include "api.h"
#include "tool.h"

#include <getopt.h>
#include <jansson.h>
#include <string.h>

static const char usage[] =
    "usage: undis api [--json]\n"
    "       undis api [--json] [--tier TIER] [--absent] --list\n"
    "       undis api [--json] NAME...\n"
    "\n"
    "Says how many of the calls that public drivers make are here: T0 are those that matter most,\n"
    "then T1, T2. With names, or --list: tier, status, documentation page and a test of each "
    "call.\n"
    "A call is exported, in the headers, there and not supported (it answers so), or absent.\n"
    "\n"
    "      --list       all calls\n"
    "      --tier TIER  only those of T0, T1, T2, ...\n"
    "      --absent     only those that are absent\n"
    "      --json       an object per line, or the figures as one\n"
    "  -h, --help\n"
    "\n"
    "Exit status: 0 fine, 1 a name is no call that is known, 2 usage.\n";

struct asked {
    bool json, list, absent;
    const char *tier; /* NULL: all */
};

static bool
is_absent(const struct api_row *row)
{
    return strcmp(row->status, "absent") == 0;
}

static int
show(const struct asked *asked, const struct api_row *row)
{
    json_t *object;
    int error;

    if (!asked->json) {
        printf(
            "%-44s %-8s %-13s %s  %s\n", row->name, row->tier, row->status, row->page, row->test);
        return 0;
    }
    object = json_pack("{ss ss ss ss ss}", "name", row->name, "tier", row->tier, "status",
        row->status, "page", row->page, "test", row->test);
    error = !object || json_dumpf(object, stdout, JSON_COMPACT);
    json_decref(object);
    putchar('\n');
    return error ? UNDIS_EXIT_FAILED : 0;
}

static int
show_named(const struct asked *asked, char *const *names)
{
    int status = UNDIS_EXIT_OK;

    for (; *names; names++) {
        unsigned i = 0;

        while (i < api_row_count && strcmp(api_rows[i].name, *names) != 0)
            i++;
        if (i == api_row_count)
            status = complain("api", UNDIS_EXIT_FAILED,
                "%s: neither a call that the list has nor an exported one", *names);
        else if (show(asked, &api_rows[i]))
            return UNDIS_EXIT_FAILED;
    }
    return status;
}

static int
show_list(const struct asked *asked)
{
    unsigned shown = 0;

    for (unsigned i = 0; i < api_row_count; i++) {
        const struct api_row *row = &api_rows[i];

        if ((asked->tier && strcmp(asked->tier, row->tier) != 0) ||
            (asked->absent && !is_absent(row)))
            continue;
        shown++;
        if (show(asked, row))
            return UNDIS_EXIT_FAILED;
    }
    if (!shown && !asked->absent)
        return complain("api", UNDIS_EXIT_FAILED, "%s: no call has this tier", asked->tier);
    return UNDIS_EXIT_OK;
}

/* Of the tiers whose names stand in @tiers ("T0 T1"), or of all that the list has. */
static void
count(const char *tiers, unsigned *here, unsigned *all)
{
    *here = *all = 0;
    for (unsigned i = 0; i < api_row_count; i++) {
        const struct api_row *row = &api_rows[i];

        if (tiers ? strlen(row->tier) != 2 || !strstr(tiers, row->tier) : row->tier[0] == '-')
            continue;
        *all += 1;
        *here += !is_absent(row);
    }
}

static int
show_figures(bool json)
{
    static const struct {
        const char *name, *tiers;
    } lines[] = {{"T0", "T0"}, {"T1", "T1"}, {"T0+T1", "T0 T1"}, {"T2", "T2"}, {"all", NULL}};
    json_t *object = json_object();
    int error = 0;

    for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
        unsigned here, all;

        count(lines[k].tiers, &here, &all);
        if (!json)
            printf("%-6s %4u of %4u are here (%.1f %%)\n", lines[k].name, here, all,
                all ? 100.0 * here / all : 0.0);
        else
            json_object_set_new(
                object, lines[k].name, json_pack("{si si}", "present", (int)here, "of", (int)all));
    }
    if (json) {
        error = json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
    }
    json_decref(object);
    return error ? UNDIS_EXIT_FAILED : UNDIS_EXIT_OK;
}

int
api_main(int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'},
        {"list", no_argument, NULL, 'l'}, {"absent", no_argument, NULL, 'a'},
        {"tier", required_argument, NULL, 't'}, {"help", no_argument, NULL, 'h'}, {0}};
    struct asked asked = {0};
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'j': asked.json = true; break;
        case 'l': asked.list = true; break;
        case 'a': asked.absent = true; break;
        case 't': asked.tier = optarg; break;
        case 'h': fputs(usage, stdout); return UNDIS_EXIT_OK;
        default: fputs(usage, stderr); return UNDIS_EXIT_USAGE;
        }
    }
    if (asked.list == (optind < argc) && (asked.list || asked.tier || asked.absent)) {
        fputs(usage, stderr);
        return UNDIS_EXIT_USAGE;
    }
    if (asked.list)
        return show_list(&asked);
    return optind < argc ? show_named(&asked, argv + optind) : show_figures(asked.json);
}
