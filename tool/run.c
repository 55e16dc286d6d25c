/* SPDX-License-Identifier: MIT */
/* undis run - ports, drivers, a stack, traffic, a verdict.
 *
 * Everything that is opened is closed again in reverse order, by ^C too; a second ^C, a moment later, ends at once.
 */
#include "control.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static bool
is_idle(const struct run_state *state)
{
    struct undis_layer layers[RUN_LAYERS];

    for (unsigned k = 0; k < state->line_count; k++) {
        int n = undis_stack_layers(state->lines[k].stack, layers, RUN_LAYERS);

        for (int i = 0; i < n && i < RUN_LAYERS; i++)
            if (layers[i].sends_out || layers[i].receives_out)
                return false;
    }
    return true;
}

/* True when an interface went away or a file cannot be written; without a --duration also when every file is read to its end
 * and everything under way is back. */
static bool
is_over(const struct run_state *state, bool files_end)
{
    unsigned files = 0, reading = 0;

    for (unsigned i = 0; i < 2 * state->line_count; i++) {
        const struct run_line *line = &state->lines[i / 2];
        struct undis_port *port = i % 2 ? line->bottom : line->top;
        struct undis_port_stats stats;

        if (!port)
            continue;
        if (undis_port_stats(port, &stats) && !stats.finite)
            return true;
        files += stats.finite;
        reading += stats.finite && !stats.ended;
    }
    return files_end && files && !reading && is_idle(state);
}

/* A port that failed: says why. */
static int
check_port(const struct said *asked, const char *option, struct undis_port *port, int status)
{
    struct undis_port_stats stats;

    if (port && undis_port_stats(port, &stats))
        return complain_at(&asked->at, option, UNDIS_EXIT_FAILED, "%s", undis_error());
    return status;
}

/* Virtual time passes as fast as it can be computed: somebody must say when it is enough. */
static int
check_end(const struct run_options *options, const struct run_state *state)
{
    if (!options->simulated || options->duration > 0 || options->control.text)
        return 0;
    for (unsigned i = 0; i < 2 * state->line_count; i++) {
        const struct run_line *line = &state->lines[i / 2];
        struct undis_port *port = i % 2 ? line->bottom : line->top;
        struct undis_port_stats stats;

        if (port && (undis_port_stats(port, &stats), stats.finite))
            return 0;
    }
    return complain("run", UNDIS_EXIT_USAGE,
        "--simulated: no port ends by itself, and there is no --duration to end the run");
}

static void
carry(const struct run_options *options, struct run_state *state, struct control *control)
{
    uint64_t start = undis_now(state->machine), end = UINT64_MAX;
    bool asked = options->no_verify || options->no_ask;

    if (options->duration > 0)
        end = start + (uint64_t)(options->duration * 1e9);
    while (!interrupted) {
        uint64_t now = undis_now(state->machine), tick = TICK_NS;

        state->seconds = (double)(now - start) / 1e9;
        if (now >= end)
            break;
        if (end - now < tick)
            tick = end - now;
        control_enter(control, false);
        undis_run(state->machine, tick);
        if (!asked)
            run_ask(state);
        asked = true;
        control_leave(control);
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
        status == UNDIS_EXIT_HANG ? "what was begun did not end"
        : options->no_verify      ? "not verified"
        : usage.rules_broken      ? "rules were broken"
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

/* Pauses every stack, and hears what became of the files. */
static int
end(const struct run_options *options, struct run_state *state, int status)
{
    for (unsigned i = 0; i < state->line_count; i++) {
        int error = undis_stack_pause(state->lines[i].stack);

        /* Nothing runs any more: somebody owes what the report says. */
        if (error)
            status = complain("run", error == -EDEADLK ? UNDIS_EXIT_HANG : UNDIS_EXIT_FAILED, "%s",
                undis_error());
    }
    if (end_capture(state))
        status = UNDIS_EXIT_FAILED;
    for (unsigned i = 0; i < state->line_count; i++) {
        const struct run_stack *asked = &options->stacks[i];

        status = check_port(&asked->top, "top", state->lines[i].top, status);
        status = check_port(&asked->bottom, "bottom", state->lines[i].bottom, status);
    }
    return status;
}

static int
run(const struct run_options *options, struct run_state *state)
{
    struct control *control = NULL;
    int status = run_build(options, state);

    if (!status)
        status = check_end(options, state);
    if (!status)
        status = control_start(options, state, &control);
    if (status)
        return status;
    carry(options, state, control);
    control_stop(control);
    if (options->rules)
        status = write_rules(options->rules, state->machine);
    return verdict(options, state, end(options, state, status));
}

/* The first driver that was built for a sanitizer decides which undis runs. */
static int
match_drivers(const struct run_options *options, char **argv)
{
    char path[PATH_MAX];
    int status = 0;

    for (unsigned i = 0; i < options->driver_count && !status; i++)
        if (run_driver_path(&options->drivers[i], path, sizeof(path)))
            status = match_sanitizer("run", path, argv);
    for (unsigned i = 0; i < options->driver_count && !status; i++)
        if (run_driver_path(&options->drivers[i], path, sizeof(path)) &&
            undis_driver_tells_accesses(path) == 1 && (!options->simulated || options->no_verify))
            status = complain("run", UNDIS_EXIT_USAGE,
                "%s was built with --sanitize races: they are looked for with --simulated and the "
                "verifier",
                path);
    return status;
}

/* A stack without the filter that captures gets it on top, when no stack names it. */
static int
place_capture(struct run_options *options)
{
    if (!options->capture.text)
        return 0;
    for (unsigned i = 0; i < options->driver_count; i++)
        if (strcmp(options->drivers[i].name, "capture") == 0)
            return 0;
    options->at = options->capture.at;
    for (unsigned i = 0; i < options->stack_count; i++) {
        struct run_stack *stack = &options->stacks[i];

        if (stack->filter_count == RUN_DRIVERS)
            return complain_at(&options->at, "capture", UNDIS_EXIT_USAGE,
                "%d filters leave no room for the one that captures", RUN_DRIVERS);
        memmove(
            stack->filters + 1, stack->filters, stack->filter_count++ * sizeof(*stack->filters));
        stack->filters[0] = (struct said){"capture", options->at};
    }
    return run_driver(options, "capture") ? 0 : UNDIS_EXIT_USAGE;
}

static int
enter_folder(const struct run_options *options)
{
    if (options->folder && chdir(options->folder))
        return complain("run", UNDIS_EXIT_FAILED, "%s: %s", options->folder, strerror(errno));
    return 0;
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

bool
run_driver_comes(const struct run_driver *driver)
{
    return !driver->file && !strchr(driver->name, '/') && !strstr(driver->name, ".so");
}

/* Drivers that come with undis are not what is looked at, unless there are no others. */
static const char *
helpers(const struct run_options *options)
{
    static char names[1024];
    unsigned others = 0;
    size_t used = 0;

    names[0] = 0;
    for (unsigned i = 0; i < options->driver_count; i++) {
        const struct run_driver *driver = &options->drivers[i];

        if (!run_driver_comes(driver))
            others++;
        else if (used + strlen(driver->name) + 2 < sizeof(names))
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s,", driver->name);
    }
    return others ? names : NULL;
}

/* What the end of a run would do, when a report ends it. */
struct ending {
    const struct run_options *options;
    const struct run_state *state;
};

static void
end_early(void *context)
{
    const struct ending *ending = context;

    control_crashed(NULL);
    if (ending->options->rules && ending->state->machine)
        write_rules(ending->options->rules, ending->state->machine);
}

static int
create(const struct run_options *options, const char *command, struct run_state *state)
{
    static struct ending ending;
    struct undis_config config = {.size = sizeof(config)};

    config.executive = options->simulated ? UNDIS_SIMULATED : UNDIS_THREADS;
    config.processors = options->processors;
    config.seed = options->seed;
    config.verify = !options->no_verify;
    /* Where every access is looked at it costs little more. */
    config.hand_over =
        !options->no_hand_over &&
        (options->hand_over || (!options->no_verify && strcmp(undis_build_kind(), "asan") == 0));
    config.scribble = options->scribble;
    config.profile = options->ce ? UNDIS_CE : UNDIS_DESKTOP;
    config.debug_print = options->debug_print;
    config.go_on = options->go_on;
    config.patience_ms = options->patience_ms;
    config.suppress = options->suppress;
    config.report_file = options->report;
    config.fault = options->fault;
    config.fault_which = options->fault_which;
    config.fault_spare = helpers(options);
    config.command = command;
    ending = (struct ending){options, state};
    config.ending = end_early;
    config.ending_context = &ending;
    if (undis_create(&config, &state->machine))
        return complain("run", UNDIS_EXIT_FAILED, "%s", undis_error());
    return 0;
}

static char command[4096]; /* "": too long */

/* Of a stack of a sweep: what repeats it alone. */
static const char *
replay(const struct run_options *options, char *text, size_t size)
{
    if (options->fault != UNDIS_FAULT_STACK || !command[0])
        return command[0] ? command : NULL;
    snprintf(
        text, size, "%s --fault stack:%llu", command, (unsigned long long)options->fault_which);
    return text;
}

static int
once(const struct run_options *options, struct run_faults *faults)
{
    static struct run_state state;
    char text[sizeof(command) + 32];
    struct undis_usage usage;
    int status = create(options, replay(options, text, sizeof(text)), &state);

    if (status)
        return status;
    status = run(options, &state);
    if (!options->no_verify && !options->no_ask && !options->fault &&
        (status == UNDIS_EXIT_OK || status == UNDIS_EXIT_RULES))
        run_return(options, &state);
    undis_usage(state.machine, &usage);
    *faults = (struct run_faults){usage.faults, usage.fault_stacks};
    if (undis_destroy(state.machine) > 0 && status == UNDIS_EXIT_OK)
        status = UNDIS_EXIT_RULES;
    return status;
}

int
run_main(int argc, char **argv)
{
    static struct run_options options;
    struct run_faults faults;
    int status = run_options_parse(argc, argv, &options);

    if (status)
        return status;
    if (options.help) {
        run_help(stdout);
        return UNDIS_EXIT_OK;
    }
    status = place_capture(&options);
    if (!status)
        status = match_drivers(&options, argv - 1);
    if (!status)
        status = enter_folder(&options);
    if (status)
        return status;
    catch_signals();
    if (!command_line(argc, argv, command, sizeof(command)))
        command[0] = 0;
    return options.fault == UNDIS_FAULT_EACH ? run_sweep(&options, once) : once(&options, &faults);
}
