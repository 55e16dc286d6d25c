/* SPDX-License-Identifier: MIT */
/* undis run - ports, drivers, a stack, traffic, a verdict.
 *
 * Everything that is opened is closed again in reverse order, by ^C too; a second ^C ends at once.
 */
#include "run.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define TICK_NS 200000000u /* between two looks at the signals and the status line */

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int number)
{
    if (interrupted)
        _Exit(128 + number);
    interrupted = number;
}

static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_interrupt};

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

static int
start_stack(const struct run_options *options, struct run_state *state)
{
    struct undis_driver *filters[RUN_DRIVERS + 1] = {0}, *protocols[RUN_DRIVERS + 1] = {0};
    struct undis_stack_config config = {.size = sizeof(config),
        .bottom = state->bottom,
        .filters = filters,
        .protocols = protocols,
        .top = state->top};
    int error = load(state->machine, options->miniport, &config.miniport);

    if (!error)
        error = load_all(state->machine, options->filters, filters);
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
inputs_ended(const struct run_state *state)
{
    struct undis_port_stats top = {0}, bottom = {0};

    if (state->top)
        undis_port_stats(state->top, &top);
    if (state->bottom)
        undis_port_stats(state->bottom, &bottom);
    return top.ended || bottom.ended;
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
        if (inputs_ended(state) && end == UINT64_MAX) {
            undis_run(state->machine, UINT64_MAX);
            break;
        }
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
    if (undis_stack_pause(state->stack))
        status = complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
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

int
run_main(int argc, char **argv)
{
    struct run_options options;
    struct run_state state = {0};
    struct undis_config config = {.size = sizeof(config)};
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
    if (undis_create(&config, &state.machine))
        return complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    status = run(&options, &state);
    if (undis_destroy(state.machine) > 0 && status == UNDIS_EXIT_OK)
        status = UNDIS_EXIT_RULES;
    return status;
}
