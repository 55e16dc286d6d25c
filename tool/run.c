/* SPDX-License-Identifier: MIT */
/* undis run - ports, drivers, a stack, traffic, a verdict.
 *
 * Everything that is opened is closed again in reverse order, by ^C too; a second ^C, a moment later, ends at once.
 */
#include "run.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TICK_NS 200000000u /* between two looks at the signals and the status line */

/* Signals that follow so soon are the same one: a terminal and a parent often send both. */
#define ONCE_NS 300000000

static volatile sig_atomic_t interrupted;

static int64_t
clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
on_interrupt(int number)
{
    static int64_t first;

    if (!interrupted)
        first = clock_now();
    else if (clock_now() - first > ONCE_NS)
        _Exit(128 + number);
    interrupted = number;
}

static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};

    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaddset(&action.sa_mask, SIGHUP);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static int
apply_settings(struct undis *machine, const char *const *settings)
{
    for (; *settings; settings++) {
        char *copy = strdup(*settings), *keyword, *value;
        int error = 0;

        keyword = copy ? strchr(copy, ':') : NULL;
        value = keyword ? strchr(keyword, '=') : NULL;
        if (!value) {
            free(copy);
            return complain(
                "run", UNDIS_EXIT_USAGE, "--set %s: not WHERE:KEYWORD=VALUE", *settings);
        }
        *keyword++ = 0;
        *value++ = 0;
        error = undis_set(machine, copy, keyword, value);
        free(copy);
        if (error)
            return complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    }
    return 0;
}

/* Loads a driver unless it is loaded already under that name. */
static int
load(struct undis *machine, const char *name, struct undis_driver **driver)
{
    char path[PATH_MAX];

    if (!find_driver(name, path, sizeof(path)))
        return complain("run", UNDIS_EXIT_FAILED, "%s: there is no driver %s", name, path);
    if (undis_driver_load(machine, path, NULL, driver))
        return complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    return 0;
}

static int
load_all(struct undis *machine, const char *const *names, struct undis_driver **drivers)
{
    int error = 0;

    for (unsigned i = 0; names[i] && !error; i++)
        error = load(machine, names[i], &drivers[i]);
    return error;
}

static int
open_ports(const struct run_options *options, struct run_state *state)
{
    if (options->top && undis_port_open(state->machine, options->top, &state->top))
        return complain("run", UNDIS_EXIT_FAILED, "--top: %s", undis_error());
    if (options->bottom && undis_port_open(state->machine, options->bottom, &state->bottom))
        return complain("run", UNDIS_EXIT_FAILED, "--bottom: %s", undis_error());
    return 0;
}

/* The filter that captures, unless it was asked for by name. */
static int
load_capture(
    const struct run_options *options, struct undis *machine, struct undis_driver **filters)
{
    if (!options->capture)
        return 0;
    for (unsigned i = 0; filters[i]; i++)
        if (strcmp(undis_driver_name(filters[i]), "capture") == 0)
            return 0;
    memmove(filters + 1, filters, RUN_DRIVERS * sizeof(*filters));
    filters[0] = NULL;
    return load(machine, "capture", &filters[0]);
}

static int
start_capture(const struct run_options *options, struct run_state *state)
{
    if (!options->capture)
        return 0;
    if (undis_capture_open(state->machine, options->capture, &state->capture))
        return complain("run", UNDIS_EXIT_FAILED, "--capture: %s", undis_error());
    state->capture_file = options->capture;
    return 0;
}

/* The file is complete when this returns. */
static int
end_capture(struct run_state *state)
{
    struct undis_capture *capture = state->capture;

    if (!capture)
        return 0;
    state->capture = NULL;
    if (undis_capture_close(capture, &state->captured))
        return complain("run", UNDIS_EXIT_FAILED, "--capture: %s", undis_error());
    return 0;
}

static int
start_stack(const struct run_options *options, struct run_state *state)
{
    struct undis_driver *filters[RUN_DRIVERS + 2] = {0}, *protocols[RUN_DRIVERS + 1] = {0};
    struct undis_stack_config config = {.size = sizeof(config),
        .bottom = state->bottom,
        .filters = filters,
        .protocols = protocols,
        .top = state->top};
    int error = load(state->machine, options->miniport, &config.miniport);

    if (!error)
        error = load_all(state->machine, options->filters, filters);
    if (!error)
        error = load_capture(options, state->machine, filters);
    if (!error)
        error = start_capture(options, state);
    if (!error)
        error = load_all(state->machine, options->protocols, protocols);
    if (error)
        return error;
    if (undis_stack_create(state->machine, &config, &state->stack) ||
        undis_stack_start(state->stack))
        return complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    return 0;
}

static bool
is_idle(struct undis_stack *stack)
{
    struct undis_layer layers[RUN_LAYERS];
    int n = undis_stack_layers(stack, layers, RUN_LAYERS);

    for (int i = 0; i < n && i < RUN_LAYERS; i++)
        if (layers[i].sends_out || layers[i].receives_out)
            return false;
    return true;
}

/* True when an interface went away or a file cannot be written; without a --duration also when every file is read to its end
 * and everything under way is back. */
static bool
is_over(const struct run_state *state, bool files_end)
{
    struct undis_port *const ports[] = {state->top, state->bottom};
    unsigned files = 0, reading = 0;

    for (size_t i = 0; i < 2; i++) {
        struct undis_port_stats stats;

        if (!ports[i])
            continue;
        if (undis_port_stats(ports[i], &stats) && !stats.finite)
            return true;
        files += stats.finite;
        reading += stats.finite && !stats.ended;
    }
    return files_end && files && !reading && is_idle(state->stack);
}

/* A port that failed: says why. */
static int
check_port(const char *option, struct undis_port *port, int status)
{
    struct undis_port_stats stats;

    if (port && undis_port_stats(port, &stats))
        return complain("run", UNDIS_EXIT_FAILED, "%s: %s", option, undis_error());
    return status;
}

static void
carry(const struct run_options *options, struct run_state *state)
{
    uint64_t start = undis_now(state->machine), end = UINT64_MAX;

    if (options->duration > 0)
        end = start + (uint64_t)(options->duration * 1e9);
    while (!interrupted) {
        uint64_t now = undis_now(state->machine), tick = TICK_NS;

        state->seconds = (double)(now - start) / 1e9;
        if (now >= end)
            break;
        if (end - now < tick)
            tick = end - now;
        undis_run(state->machine, tick);
        if (!options->quiet && !options->json)
            run_status_line(state);
        if (is_over(state, end == UINT64_MAX))
            break;
    }
    state->seconds = (double)(undis_now(state->machine) - start) / 1e9;
    run_status_clear();
}

static int
verdict(const struct run_options *options, const struct run_state *state, int status)
{
    struct undis_usage usage;
    FILE *to = options->json ? stderr : stdout;

    undis_usage(state->machine, &usage);
    if (status == UNDIS_EXIT_OK && usage.rules_broken)
        status = UNDIS_EXIT_RULES;
    if (options->json) {
        if (run_json(state, status, stdout))
            return complain("run", UNDIS_EXIT_FAILED, "no memory for JSON");
        return status;
    }
    run_table(state, to);
    fprintf(to, "%.1f s; %s\n", state->seconds,
        options->no_verify   ? "not verified"
        : usage.rules_broken ? "rules were broken"
                             : "no rule was broken");
    return status;
}

/* A line per rule that was checked. */
static int
write_rules(const char *path, struct undis *machine)
{
    FILE *to = fopen(path, "we");
    struct undis_rule rule;

    if (!to)
        return complain("run", UNDIS_EXIT_FAILED, "--rules %s: %s", path, strerror(errno));
    for (unsigned k = 0; undis_rule(machine, k, &rule) == 0; k++)
        if (rule.checks)
            fprintf(to, "%s %llu\n", rule.id, (unsigned long long)rule.checks);
    if (fclose(to))
        return complain("run", UNDIS_EXIT_FAILED, "--rules %s: %s", path, strerror(errno));
    return 0;
}

static int
run(const struct run_options *options, struct run_state *state)
{
    int status = apply_settings(state->machine, options->settings);

    if (!status)
        status = open_ports(options, state);
    if (!status)
        status = start_stack(options, state);
    if (status)
        return status;
    carry(options, state);
    if (options->rules)
        status = write_rules(options->rules, state->machine);
    if (undis_stack_pause(state->stack))
        status = complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    if (end_capture(state))
        status = UNDIS_EXIT_FAILED;
    status = check_port("--top", state->top, status);
    status = check_port("--bottom", state->bottom, status);
    return verdict(options, state, status);
}

/* The first driver that was built for a sanitizer decides which undis runs. */
static int
match_drivers(const struct run_options *options, char **argv)
{
    const char *const *lists[] = {options->filters, options->protocols};
    char path[PATH_MAX];
    int status = 0;

    if (find_driver(options->miniport, path, sizeof(path)))
        status = match_sanitizer("run", path, argv);
    for (size_t k = 0; k < 2; k++)
        for (const char *const *name = lists[k]; *name && !status; name++)
            if (find_driver(*name, path, sizeof(path)))
                status = match_sanitizer("run", path, argv);
    return status;
}

/* What repeats this run, as a shell wants it; NULL when it is too long. */
static const char *
command_line(int argc, char **argv, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "undis run");

    for (int i = 1; i < argc; i++) {
        bool plain = argv[i][strcspn(argv[i], " \t\n'\"\\$`*?[]{}()<>|&;#~!")] == 0 && *argv[i];

        if (strchr(argv[i], '\'') || used + strlen(argv[i]) + 4 > size)
            return NULL;
        used += (size_t)snprintf(text + used, size - used, plain ? " %s" : " '%s'", argv[i]);
    }
    return text;
}

int
run_main(int argc, char **argv)
{
    struct run_options options;
    struct run_state state = {0};
    struct undis_config config = {.size = sizeof(config)};
    static char command[4096];
    int status = run_options_parse(argc, argv, &options);

    if (status)
        return status;
    if (options.help) {
        run_help(stdout);
        return UNDIS_EXIT_OK;
    }
    status = match_drivers(&options, argv - 1);
    if (status)
        return status;
    catch_signals();
    config.executive = options.simulated ? UNDIS_SIMULATED : UNDIS_THREADS;
    config.processors = options.processors;
    config.seed = options.seed;
    config.verify = !options.no_verify;
    config.profile = options.ce ? UNDIS_CE : UNDIS_DESKTOP;
    config.debug_print = options.debug_print;
    config.go_on = options.go_on;
    config.patience_ms = options.patience_ms;
    config.suppress = options.suppress;
    config.report_file = options.report;
    config.fault = options.fault;
    config.fault_which = options.fault_which;
    config.command = command_line(argc, argv, command, sizeof(command));
    if (undis_create(&config, &state.machine))
        return complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    status = run(&options, &state);
    if (undis_destroy(state.machine) > 0 && status == UNDIS_EXIT_OK)
        status = UNDIS_EXIT_RULES;
    return status;
}
