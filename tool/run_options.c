/* SPDX-License-Identifier: MIT */
/* The command line of undis run. */
#include "run.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: undis run [OPTION]... --miniport DRIVER\n"
    "\n"
    "Builds one stack and carries frames through it until ^C, the end of the input files, or\n"
    "--duration; then pauses, unloads and says what happened.\n"
    "\n"
    "  port (top) - protocol - filters - miniport - port (bottom)\n"
    "\n"
    "      --top PORT          over the first protocol\n"
    "      --protocol DRIVER   may be given several times\n"
    "      --filter DRIVER     may be given several times, from top to bottom\n"
    "      --miniport DRIVER\n"
    "      --bottom PORT       under the miniport; 'null' without it\n"
    "      --capture FILE      what passes the filter 'capture', as pcapng; without one among the\n"
    "                          filters it stands on top of them\n"
    "      --set WHERE:KEYWORD=VALUE\n"
    "                          a setting; WHERE is a driver's name or DRIVER/net0\n"
    "  -t, --duration SECONDS  virtual seconds when simulated\n"
    "      --simulated         virtual time, one thread, the same run every time\n"
    "      --seed N            simulated: the choices of the run; 0 is the tame one\n"
    "      --processors N      4 without it\n"
    "      --no-verify         without the verifier\n"
    "      --suppress FILE     what is known and not told: lines RULE DRIVER FUNCTION # REASON\n"
    "      --report FILE       reports for machines too: a .jsonl or a .sarif\n"
    "      --rules FILE        how often each rule was checked, for undis rules --checks FILE\n"
    "      --fault WHICH       allocations of drivers fail: 'each' the first one of every call\n"
    "                          stack, 'stack:N' that of the N-th, 'nth:N' the N-th of all,\n"
    "                          'random:N' N of a million\n"
    "      --go-on             broken rules that are not fatal do not end the run\n"
    "      --profile-ce        the Compact 2013 profile (order of completion)\n"
    "      --patience MS       how long a driver may take to complete what it pends; 30000\n"
    "      --debug-print       show what drivers print\n"
    "      --json              the result as one JSON object on standard output\n"
    "  -q, --quiet             no status line\n"
    "  -h, --help\n"
    "\n"
    "DRIVER is a path to a .so (see undis build) or the name of one that comes with undis:\n"
    "portnic (miniport), pass, capture (filters), frames (protocol).\n"
    "\n"
    "PORT is one of:\n";

static const char statuses[] =
    "\nExit status: 0 fine, 1 the outside failed (a port, a file, a driver that refused), 2 "
    "usage,\n"
    "3 a driver crashed or broke a rule, 4 a driver did not complete something in time,\n"
    "5 rules were broken on the way (--go-on).\n"
    "\nExample: undis run --top tap:t0 --protocol frames --filter pass --miniport portnic \\\n"
    "             --bottom tap:t1\n";

void
run_help(FILE *to)
{
    fprintf(to, "%s%s%s", usage, undis_port_help(), statuses);
}

enum key {
    KEY_TOP = 256,
    KEY_PROTOCOL,
    KEY_FILTER,
    KEY_MINIPORT,
    KEY_BOTTOM,
    KEY_CAPTURE,
    KEY_SET,
    KEY_SIMULATED,
    KEY_SEED,
    KEY_PROCESSORS,
    KEY_NO_VERIFY,
    KEY_GO_ON,
    KEY_SUPPRESS,
    KEY_REPORT,
    KEY_RULES,
    KEY_FAULT,
    KEY_CE,
    KEY_PATIENCE,
    KEY_DEBUG_PRINT,
    KEY_JSON
};

static const struct option long_options[] = {
    {"top", required_argument, NULL, KEY_TOP},
    {"protocol", required_argument, NULL, KEY_PROTOCOL},
    {"filter", required_argument, NULL, KEY_FILTER},
    {"miniport", required_argument, NULL, KEY_MINIPORT},
    {"bottom", required_argument, NULL, KEY_BOTTOM},
    {"capture", required_argument, NULL, KEY_CAPTURE},
    {"set", required_argument, NULL, KEY_SET},
    {"duration", required_argument, NULL, 't'},
    {"simulated", no_argument, NULL, KEY_SIMULATED},
    {"seed", required_argument, NULL, KEY_SEED},
    {"processors", required_argument, NULL, KEY_PROCESSORS},
    {"no-verify", no_argument, NULL, KEY_NO_VERIFY},
    {"go-on", no_argument, NULL, KEY_GO_ON},
    {"suppress", required_argument, NULL, KEY_SUPPRESS},
    {"report", required_argument, NULL, KEY_REPORT},
    {"rules", required_argument, NULL, KEY_RULES},
    {"fault", required_argument, NULL, KEY_FAULT},
    {"profile-ce", no_argument, NULL, KEY_CE},
    {"patience", required_argument, NULL, KEY_PATIENCE},
    {"debug-print", no_argument, NULL, KEY_DEBUG_PRINT},
    {"json", no_argument, NULL, KEY_JSON},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int
append(const char **list, unsigned max, const char *what)
{
    unsigned n = 0;

    while (list[n])
        n++;
    if (n == max)
        return complain("run", UNDIS_EXIT_USAGE, "%s: more than %u of these", what, max);
    list[n] = what;
    return 0;
}

static int
number(const char *text, const char *what, uint64_t max, uint64_t *value)
{
    char *end;

    errno = 0;
    *value = strtoull(text, &end, 0);
    if (errno || *end || end == text || *text == '-' || *value > max)
        return complain("run", UNDIS_EXIT_USAGE, "--%s %s: not a number from 0 to %llu", what, text,
            (unsigned long long)max);
    return 0;
}

static int
seconds(const char *text, double *value)
{
    char *end;

    *value = strtod(text, &end);
    if (*end || end == text || !(*value > 0))
        return complain("run", UNDIS_EXIT_USAGE, "--duration %s: not a number of seconds", text);
    return 0;
}

static int
fault(const char *text, struct run_options *o)
{
    static const struct {
        const char *name;
        enum undis_fault fault;
    } kinds[] = {
        {"stack:", UNDIS_FAULT_STACK}, {"nth:", UNDIS_FAULT_NTH}, {"random:", UNDIS_FAULT_RANDOM}};

    o->fault = UNDIS_FAULT_EACH;
    if (strcmp(text, "each") == 0)
        return 0;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        o->fault = kinds[k].fault;
        if (strncmp(text, kinds[k].name, strlen(kinds[k].name)) == 0)
            return number(text + strlen(kinds[k].name), "fault", UINT64_MAX, &o->fault_which);
    }
    return complain(
        "run", UNDIS_EXIT_USAGE, "--fault %s: not each, stack:N, nth:N or random:N", text);
}

static int
take_flag(int key, struct run_options *o)
{
    switch (key) {
    case KEY_SIMULATED: o->simulated = true; return 0;
    case KEY_NO_VERIFY: o->no_verify = true; return 0;
    case KEY_GO_ON: o->go_on = true; return 0;
    case KEY_CE: o->ce = true; return 0;
    case KEY_DEBUG_PRINT: o->debug_print = true; return 0;
    case KEY_JSON: o->json = true; return 0;
    case 'q': o->quiet = true; return 0;
    case 'h': o->help = true; return 0;
    default: fputs("'undis run --help' lists the options\n", stderr); return UNDIS_EXIT_USAGE;
    }
}

static int
take(int key, struct run_options *o)
{
    uint64_t value = 0;
    int error;

    switch (key) {
    case KEY_TOP: o->top = optarg; return 0;
    case KEY_BOTTOM: o->bottom = optarg; return 0;
    case KEY_MINIPORT: o->miniport = optarg; return 0;
    case KEY_CAPTURE: o->capture = optarg; return 0;
    case KEY_SUPPRESS: o->suppress = optarg; return 0;
    case KEY_REPORT: o->report = optarg; return 0;
    case KEY_RULES: o->rules = optarg; return 0;
    case KEY_FAULT: return fault(optarg, o);
    case KEY_PROTOCOL: return append(o->protocols, RUN_DRIVERS, optarg);
    case KEY_FILTER: return append(o->filters, RUN_DRIVERS, optarg);
    case KEY_SET: return append(o->settings, RUN_SETTINGS, optarg);
    case 't': return seconds(optarg, &o->duration);
    case KEY_SEED: return number(optarg, "seed", UINT64_MAX, &o->seed);
    case KEY_PROCESSORS:
        error = number(optarg, "processors", 64, &value);
        o->processors = (unsigned)value;
        return error;
    case KEY_PATIENCE:
        error = number(optarg, "patience", 3600000, &value);
        o->patience_ms = (unsigned)value;
        return error;
    default: return take_flag(key, o);
    }
}

int
run_options_parse(int argc, char **argv, struct run_options *options)
{
    int key, error = 0;

    *options = (struct run_options){0};
    while (!error && (key = getopt_long(argc, argv, "t:qh", long_options, NULL)) != -1)
        error = take(key, options);
    if (error || options->help)
        return error;
    if (optind < argc)
        return complain("run", UNDIS_EXIT_USAGE, "%s: what is this for?", argv[optind]);
    if (!options->miniport)
        return complain("run", UNDIS_EXIT_USAGE, "a stack needs --miniport DRIVER");
    if (options->top && !options->protocols[0])
        return complain("run", UNDIS_EXIT_USAGE, "--top needs a --protocol to serve it");
    if (options->no_verify && (options->fault || options->rules || options->suppress))
        return complain(
            "run", UNDIS_EXIT_USAGE, "--fault, --rules and --suppress need the verifier");
    if (options->seed && !options->simulated)
        return complain("run", UNDIS_EXIT_USAGE, "--seed needs --simulated");
    return 0;
}
