/* SPDX-License-Identifier: MIT */
/* undis - Windows network drivers in an ordinary process. The first word picks the command. */
#include "tool.h"

#include <string.h>

static int
version_main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return complain("version", UNDIS_EXIT_USAGE, "takes no arguments");
    printf("undis %s%s%s\n", undis_version(), *undis_build_kind() ? "-" : "", undis_build_kind());
    return UNDIS_EXIT_OK;
}

static const struct command {
    const char *name, *summary;
    int (*main)(int argc, char **argv);
} commands[] = {
    {"run", "load drivers, build a stack between two ports, carry frames", run_main},
    {"build", "compile a folder of Windows driver sources to a .so", build_main},
    {"rules", "the rules that the verifier knows, and what it checks", rules_main},
    {"adapters", "the stacks of a running machine, and the state of their modules", adapters_main},
    {"stats", "the counters of a running machine", stats_main},
    {"oid", "query or set an OID of a running machine's adapter", oid_main},
    {"device", "open, read, write or control a device of a running machine's driver", device_main},
    {"api", "which of the calls that drivers make are here, with page and test", api_main},
    {"version", "the version of this program", version_main},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
help(FILE *to)
{
    fprintf(to, "usage: undis COMMAND [ARGUMENT]...\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].summary);
    fprintf(to, "\n'undis COMMAND --help' says more.\n");
}

int
main(int argc, char **argv)
{
    if (argc < 2) {
        help(stderr);
        return UNDIS_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        help(stdout);
        return UNDIS_EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0)
        return version_main(1, argv + 1);
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].main(argc - 1, argv + 1);
    fprintf(stderr, "undis: there is no command '%s'; 'undis --help' lists them\n", argv[1]);
    return UNDIS_EXIT_USAGE;
}
