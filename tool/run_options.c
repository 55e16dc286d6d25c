/* SPDX-License-Identifier: MIT */
/* The options of undis run, on the command line and as lines of a stack file. One table holds them:
 * whatever one of them can say the other can.
 */
#include "run.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: undis run [OPTION]... --miniport DRIVER\n"
    "       undis run [OPTION]... FILE\n"
    "\n"
    "Builds a stack, or those that FILE describes (see undis-stack(5)), and carries frames until\n"
    "^C, the end of the input files, or --duration; then pauses, unloads and says what happened.\n"
    "\n"
    "  port (top) - protocol - filters - miniport - port (bottom)\n"
    "\n"
    "      --top PORT          over the first protocol\n"
    "      --protocol DRIVER   may be given several times\n"
    "      --filter DRIVER     may be given several times, from top to bottom\n"
    "      --miniport DRIVER\n"
    "      --bottom PORT       under the miniport; 'null' without it\n"
    "      --control PATH      the socket of undis adapters, stats, oid and device; without it\n"
    "                          $XDG_RUNTIME_DIR/undis/PID\n"
    "      --no-control        without one\n"
    "      --capture FILE      what passes the filter 'capture', as pcapng; without one among the\n"
    "                          filters it stands on top of them\n"
    "      --set WHERE:KEYWORD=VALUE\n"
    "                          a setting; WHERE is a driver's name or DRIVER/net0\n"
    "  -t, --duration SECONDS  virtual seconds when simulated\n"
    "      --simulated         virtual time, one thread, the same run every time\n"
    "      --seed N            simulated: the choices of the run; 0 is the tame one\n"
    "      --processors N      4 without it\n"
    "      --no-verify         without the verifier\n"
    "      --no-ask            verified drivers are not asked the OIDs that their miniport lists,\n"
    "                          and do not leave their stacks and come again at the end\n"
    "      --hand-over         each layer gets packets at an address of its own, and who touches\n"
    "                          what he gave away stops there; on by itself in undis-asan\n"
    "      --no-hand-over      not even there\n"
    "      --scribble          what others may write in a packet is overwritten when it moves on\n"
    "      --suppress FILE     what is known and not told: lines RULE DRIVER FUNCTION # REASON\n"
    "      --report FILE       reports for machines too: a .jsonl or a .sarif\n"
    "      --rules FILE        how often each rule was checked, for undis rules --checks FILE\n"
    "      --fault WHICH       allocations of drivers fail, not those of drivers that come with\n"
    "                          undis: 'each' a run per call stack, in which the first one of it\n"
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

int
complain_at(const struct place *at, const char *option, int status, const char *format, ...)
{
    va_list arguments;

    fputs("undis run: ", stderr);
    if (at->file)
        fprintf(stderr, "%s:%u:%u: ", at->file, at->line, at->column);
    else if (option)
        fprintf(stderr, "--%s: ", option);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return status;
}

static void *
needed(void *memory)
{
    if (!memory) {
        fputs("undis run: no memory\n", stderr);
        exit(UNDIS_EXIT_FAILED);
    }
    return memory;
}

const char *
run_path(const struct run_options *o, const char *path)
{
    char *joined;

    if (!o->at.file || !o->folder || *path == '/')
        return path;
    needed(asprintf(&joined, "%s/%s", o->folder, path) < 0 ? NULL : joined);
    return joined;
}

/* What an option is: how its value is read, and where it goes in struct run_options. */
struct row {
    const char *name;
    char letter; /* 0: none */
    bool valued, command_only;
    int (*take)(struct run_options *o, const struct row *row, const char *value);
    size_t offset;
    uint64_t max;
};

static void *
member(struct run_options *o, const struct row *row)
{
    return (char *)o + row->offset;
}

static int
take_flag(struct run_options *o, const struct row *row, const char *value)
{
    (void)value;
    *(bool *)member(o, row) = true;
    return 0;
}

static int
take_file(struct run_options *o, const struct row *row, const char *value)
{
    *(const char **)member(o, row) = run_path(o, value);
    return 0;
}

static int
take_said_file(struct run_options *o, const struct row *row, const char *value)
{
    *(struct said *)member(o, row) = (struct said){run_path(o, value), o->at};
    return 0;
}

static int
number(struct run_options *o, const struct row *row, const char *text, uint64_t *value)
{
    char *end;

    errno = 0;
    *value = strtoull(text, &end, 0);
    if (errno || *end || end == text || *text == '-' || *value > row->max)
        return complain_at(&o->at, row->name, UNDIS_EXIT_USAGE, "%s: not a number from 0 to %llu",
            text, (unsigned long long)row->max);
    return 0;
}

static int
take_u64(struct run_options *o, const struct row *row, const char *value)
{
    return number(o, row, value, member(o, row));
}

static int
take_unsigned(struct run_options *o, const struct row *row, const char *value)
{
    uint64_t wide = 0;
    int error = number(o, row, value, &wide);

    *(unsigned *)member(o, row) = (unsigned)wide;
    return error;
}

static int
take_seconds(struct run_options *o, const struct row *row, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);

    if (*end || end == value || !(seconds > 0) || seconds > 1e9)
        return complain_at(
            &o->at, row->name, UNDIS_EXIT_USAGE, "%s: not a number of seconds", value);
    o->duration = seconds;
    return 0;
}

static int
take_fault(struct run_options *o, const struct row *row, const char *value)
{
    static const struct {
        const char *name;
        enum undis_fault fault;
    } kinds[] = {
        {"stack:", UNDIS_FAULT_STACK}, {"nth:", UNDIS_FAULT_NTH}, {"random:", UNDIS_FAULT_RANDOM}};

    o->fault = UNDIS_FAULT_EACH;
    if (strcmp(value, "each") == 0)
        return 0;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        o->fault = kinds[k].fault;
        if (strncmp(value, kinds[k].name, strlen(kinds[k].name)) == 0)
            return number(o, row, value + strlen(kinds[k].name), &o->fault_which);
    }
    return complain_at(
        &o->at, row->name, UNDIS_EXIT_USAGE, "%s: not each, stack:N, nth:N or random:N", value);
}

struct run_driver *
run_driver(struct run_options *o, const char *name)
{
    struct run_driver *driver = o->drivers;

    for (unsigned i = 0; i < o->driver_count; i++, driver++)
        if (strcmp(driver->name, name) == 0)
            return driver;
    if (o->driver_count == RUN_LOADED) {
        complain_at(&o->at, NULL, UNDIS_EXIT_USAGE, "%s: more than %d drivers", name, RUN_LOADED);
        return NULL;
    }
    *driver = (struct run_driver){.name = name, .at = o->at};
    /* A path, which in a stack file is relative to it. */
    if (strchr(name, '/') || (strlen(name) > 3 && strcmp(name + strlen(name) - 3, ".so") == 0))
        driver->file = run_path(o, name);
    o->driver_count++;
    return driver;
}

static struct run_stack *
command_stack(struct run_options *o)
{
    o->stack_options = true;
    o->stack_count = 1;
    return &o->stacks[0];
}

static int
take_port(struct run_options *o, const struct row *row, const char *value)
{
    *(struct said *)((char *)command_stack(o) + row->offset) = (struct said){value, o->at};
    return 0;
}

static int
take_miniport(struct run_options *o, const struct row *row, const char *value)
{
    (void)row;
    command_stack(o)->miniport = (struct said){value, o->at};
    return run_driver(o, value) ? 0 : UNDIS_EXIT_USAGE;
}

static int
take_protocol(struct run_options *o, const struct row *row, const char *value)
{
    struct run_stack *stack = command_stack(o);

    if (stack->protocol_count == RUN_DRIVERS)
        return complain_at(
            &o->at, row->name, UNDIS_EXIT_USAGE, "%s: more than %d of these", value, RUN_DRIVERS);
    stack->protocols[stack->protocol_count++] = (struct said){value, o->at};
    return run_driver(o, value) ? 0 : UNDIS_EXIT_USAGE;
}

static int
take_filter(struct run_options *o, const struct row *row, const char *value)
{
    struct run_stack *stack = command_stack(o);

    if (stack->filter_count == RUN_DRIVERS)
        return complain_at(
            &o->at, row->name, UNDIS_EXIT_USAGE, "%s: more than %d of these", value, RUN_DRIVERS);
    stack->filters[stack->filter_count++] = (struct said){value, o->at};
    return run_driver(o, value) ? 0 : UNDIS_EXIT_USAGE;
}

int
run_setting(struct run_options *o, const char *driver, const char *stack, const char *text)
{
    struct run_setting *setting = &o->settings[o->setting_count];
    const char *equals = strchr(text, '=');

    if (o->setting_count == RUN_SETTINGS)
        return complain_at(
            &o->at, "set", UNDIS_EXIT_USAGE, "%s: more than %d of these", text, RUN_SETTINGS);
    if (!equals || equals == text)
        return complain_at(&o->at, "set", UNDIS_EXIT_USAGE, "%s: not KEYWORD=VALUE", text);
    *setting = (struct run_setting){.driver = driver,
        .stack = stack,
        .keyword = needed(strndup(text, (size_t)(equals - text))),
        .value = equals + 1,
        .at = o->at};
    o->setting_count++;
    return 0;
}

static int
take_set(struct run_options *o, const struct row *row, const char *value)
{
    const char *colon = strchr(value, ':');
    int error;

    if (!colon || colon == value || !strchr(colon, '='))
        return complain_at(
            &o->at, row->name, UNDIS_EXIT_USAGE, "%s: not WHERE:KEYWORD=VALUE", value);
    error = run_setting(o, NULL, NULL, colon + 1);
    if (!error)
        o->settings[o->setting_count - 1].where = needed(strndup(value, (size_t)(colon - value)));
    return error;
}

#define AT(name)       offsetof(struct run_options, name)
#define AT_STACK(name) offsetof(struct run_stack, name)

static const struct row rows[] = {
    {"top", 0, true, true, take_port, AT_STACK(top), 0},
    {"protocol", 0, true, true, take_protocol, 0, 0},
    {"filter", 0, true, true, take_filter, 0, 0},
    {"miniport", 0, true, true, take_miniport, 0, 0},
    {"bottom", 0, true, true, take_port, AT_STACK(bottom), 0},
    {"capture", 0, true, false, take_said_file, AT(capture), 0},
    {"control", 0, true, false, take_said_file, AT(control), 0},
    {"no-control", 0, false, false, take_flag, AT(no_control), 0},
    {"set", 0, true, false, take_set, 0, 0},
    {"duration", 't', true, false, take_seconds, 0, 0},
    {"simulated", 0, false, false, take_flag, AT(simulated), 0},
    {"seed", 0, true, false, take_u64, AT(seed), UINT64_MAX},
    {"processors", 0, true, false, take_unsigned, AT(processors), 64},
    {"no-verify", 0, false, false, take_flag, AT(no_verify), 0},
    {"no-ask", 0, false, false, take_flag, AT(no_ask), 0},
    {"hand-over", 0, false, false, take_flag, AT(hand_over), 0},
    {"no-hand-over", 0, false, false, take_flag, AT(no_hand_over), 0},
    {"scribble", 0, false, false, take_flag, AT(scribble), 0},
    {"go-on", 0, false, false, take_flag, AT(go_on), 0},
    {"suppress", 0, true, false, take_file, AT(suppress), 0},
    {"report", 0, true, false, take_file, AT(report), 0},
    {"rules", 0, true, false, take_file, AT(rules), 0},
    {"fault", 0, true, false, take_fault, 0, UINT64_MAX},
    {"profile-ce", 0, false, false, take_flag, AT(ce), 0},
    {"patience", 0, true, false, take_unsigned, AT(patience_ms), 3600000},
    {"debug-print", 0, false, false, take_flag, AT(debug_print), 0},
    {"json", 0, false, false, take_flag, AT(json), 0},
    {"quiet", 'q', false, false, take_flag, AT(quiet), 0},
    {"help", 'h', false, true, take_flag, AT(help), 0},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *
row_find(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (!rows[i].command_only && strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool
run_option_known(const char *name, bool *valued)
{
    const struct row *row = row_find(name);

    if (row)
        *valued = row->valued;
    return row != NULL;
}

int
run_option(struct run_options *options, const char *name, const char *value)
{
    const struct row *row = row_find(name);

    return row->take(options, row, value);
}

static int
take_command(int argc, char **argv, struct run_options *options)
{
    struct option long_options[ROWS + 1] = {0};
    int key, error = 0;

    for (size_t i = 0; i < ROWS; i++)
        long_options[i] = (struct option){
            rows[i].name, rows[i].valued ? required_argument : no_argument, NULL, 256 + (int)i};
    optind = 1;
    while (!error && (key = getopt_long(argc, argv, "t:qh", long_options, NULL)) != -1) {
        const struct row *row = key >= 256 ? &rows[key - 256] : rows;

        while (key < 256 && row < rows + ROWS && row->letter != key)
            row++;
        if (row == rows + ROWS) {
            fputs("'undis run --help' lists the options\n", stderr);
            return UNDIS_EXIT_USAGE;
        }
        error = row->take(options, row, optarg);
    }
    return error;
}

static int
check(const struct run_options *o)
{
    const struct run_stack *stack = &o->stacks[0];

    if (!o->file.text && !stack->miniport.text)
        return complain("run", UNDIS_EXIT_USAGE,
            "a stack needs --miniport DRIVER; or name a stack file, see undis-stack(5)");
    if (!o->file.text && stack->top.text && !stack->protocol_count)
        return complain("run", UNDIS_EXIT_USAGE, "--top needs a --protocol to serve it");
    if (o->no_verify && (o->fault || o->rules || o->suppress || o->hand_over || o->scribble))
        return complain("run", UNDIS_EXIT_USAGE,
            "--fault, --hand-over, --rules, --scribble and --suppress need the verifier");
    if (o->fault == UNDIS_FAULT_EACH && (o->rules || o->json || o->capture.text || o->control.text))
        return complain("run", UNDIS_EXIT_USAGE,
            "--fault each is many runs: without --capture, --control, --json and --rules");
    if (o->fault == UNDIS_FAULT_EACH && o->report && strstr(o->report, ".sarif"))
        return complain("run", UNDIS_EXIT_USAGE, "--fault each: --report FILE.jsonl");
    if (o->seed && !o->simulated)
        return complain("run", UNDIS_EXIT_USAGE, "--seed needs --simulated");
    if (o->control.text && o->no_control)
        return complain("run", UNDIS_EXIT_USAGE, "--control and --no-control exclude each other");
    return 0;
}

/* The run happens in the file's folder: what the command line names lies where it was said. */
static void
make_absolute(const char **path)
{
    char here[PATH_MAX], *joined;

    if (!*path || **path == '/' || !getcwd(here, sizeof(here)))
        return;
    needed(asprintf(&joined, "%s/%s", here, *path) < 0 ? NULL : joined);
    *path = joined;
}

/* The file first: what the command line says after it wins. */
static int
read_file(int argc, char **argv, struct run_options *options)
{
    struct run_options file = {.file = options->file};
    const char **const paths[] = {
        &file.suppress, &file.report, &file.rules, &file.capture.text, &file.control.text};
    int error;

    if (options->stack_options)
        return complain("run", UNDIS_EXIT_USAGE,
            "%s describes the stacks: --top, --protocol, --filter, --miniport and --bottom "
            "belong into it",
            options->file.text);
    error = stack_file_read(&file);
    if (error)
        return error;
    file.at = (struct place){0};
    error = take_command(argc, argv, &file);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        make_absolute(paths[i]);
    *options = file;
    return error;
}

int
run_options_parse(int argc, char **argv, struct run_options *options)
{
    int error;

    *options = (struct run_options){0};
    error = take_command(argc, argv, options);
    if (error || options->help)
        return error;
    if (optind < argc)
        options->file.text = argv[optind];
    if (optind + 1 < argc)
        return complain("run", UNDIS_EXIT_USAGE, "%s: what is this for?", argv[optind + 1]);
    if (options->file.text)
        error = read_file(argc, argv, options);
    return error ? error : check(options);
}
