/* SPDX-License-Identifier: MIT */
/* Machines and their worlds: made, entered, run, ended. */
#include "undis/machine.h"

#include "ndis/lifecycle/lifecycle.h"
#include "nt/io.h"
#include "nt/thread.h"
#include "nt/trace.h"
#include "undis/error.h"
#include "undis/inf/inf.h"
#include "undis/ports/port.h"
#include "undis/report.h"
#include "verify/verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE_MS 30000u
#define PROCESSORS  4u

static void watch_time(struct world *world, const struct undis_config *config);

static struct world *
world_create(const struct undis_config *config)
{
    struct executive_config executive = {.seed = config->seed};
    struct arena *arena = arena_create();
    struct world *world = arena ? arena_zalloc(arena, sizeof(*world), 64) : NULL;

    if (!world) {
        undis_fail(-errno, "no memory for a machine: %s", strerror(errno));
        if (arena)
            arena_destroy(arena);
        return NULL;
    }
    world->arena = arena;
    InitializeListHead(&world->machines);
    executive.kind = config->executive == UNDIS_SIMULATED ? EXECUTIVE_SIMULATED : EXECUTIVE_THREADS;
    executive.arena = arena;
    world->executive = executive_create(&executive);
    if (!world->executive) {
        undis_fail(-errno, "no executive for a machine: %s", strerror(errno));
        arena_destroy(arena);
        return NULL;
    }
    watch_time(world, config);
    return world;
}

static void
world_put(struct world *world)
{
    struct arena *arena = world->arena;

    if (!IsListEmpty(&world->machines))
        return;
    executive_destroy(world->executive);
    arena_destroy(arena);
}

/* In a signal handler of the task that runs, under the simulated executive. */
static void
computes_for_ever(void *context)
{
    const struct block *self = block_self;
    const struct driver *driver = self ? self->driver : NULL;
    static const char *const broken[] = {"ev-no-busy-wait", "wd-dpc-time"};
    char text[160];

    (void)context;
    snprintf(text, sizeof(text),
        "%s computes at IRQL %u and comes to no end: nothing else has run since",
        driver ? driver->name : "undis", self ? self->irql : 0u);
    gate_hang(broken[self && self->irql >= DISPATCH_LEVEL], text);
}

/* A third less than the patience, as on Windows. */
static void
watch_time(struct world *world, const struct undis_config *config)
{
    unsigned seconds = (config->patience_ms ? config->patience_ms : PATIENCE_MS) * 2 / 3000;

    executive_set_watchdog(world->executive, seconds ? seconds : 1, computes_for_ever, NULL);
}

struct inside {
    int (*fn)(void *);
    void *arguments;
    int result;
};

static void
run_inside(void *context)
{
    struct inside *inside = context;

    inside->result = inside->fn(inside->arguments);
}

struct waiting {
    char *text;
    size_t size;
};

static void
collect(void *context, const char *line)
{
    struct waiting *waiting = context;
    size_t used = strlen(waiting->text);

    if (used + strlen(line) + 4 < waiting->size) {
        strcat(waiting->text, "\n  ");
        strcat(waiting->text, line);
    }
}

int
machine_inside(struct undis *machine, int (*fn)(void *), void *arguments)
{
    struct inside inside = {fn, arguments, 0};
    int error = nt_call(machine, run_inside, &inside);

    if (error == -EDEADLK) {
        char text[2048] = "";
        struct waiting waiting = {text, sizeof(text)};

        report_standstill(machine_host(machine));
        executive_describe(machine->executive, collect, &waiting);
        return undis_fail(error, "nothing in the machine can run any more; these wait:%s", text);
    }
    return error ? undis_fail(error, "cannot enter the machine: %s", strerror(-error))
                 : inside.result;
}

int
machine_errno(uint32_t status)
{
    static const struct {
        uint32_t status;
        int error;
    } map[] = {
        {STATUS_SUCCESS, 0},
        {STATUS_INSUFFICIENT_RESOURCES, -ENOMEM},
        {STATUS_NOT_SUPPORTED, -ENOTSUP},
        {STATUS_OBJECT_NAME_NOT_FOUND, -ENOENT},
        {STATUS_OBJECT_NAME_COLLISION, -EEXIST},
        {STATUS_NOT_FOUND, -ENOENT},
        {STATUS_ACCESS_DENIED, -EACCES},
        {STATUS_INVALID_PARAMETER, -EINVAL},
        {STATUS_SHARING_VIOLATION, -EBUSY},
        {STATUS_DEVICE_BUSY, -EBUSY},
    };

    for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
        if (map[i].status == status)
            return map[i].error;
    return -EIO;
}

static int
create_ndis(void *arguments)
{
    return ndis_create(arguments);
}

static int
create_parts(struct undis *undis)
{
    int error = nt_create(undis);

    if (error)
        return undis_fail(error, "the kernel of the machine cannot start: %s", strerror(-error));
    error = machine_inside(undis, create_ndis, undis);
    if (error)
        nt_destroy(undis);
    return error;
}

static void
configure(struct machine *machine, const struct undis_config *config, struct world *world)
{
    struct undis *undis = &machine->undis;

    machine->config = *config;
    machine->world = world;
    InitializeListHead(&machine->stacks);
    undis->arena = world->arena;
    undis->executive = world->executive;
    undis->id = ++world->next_id;
    undis->processor_count = config->processors ? config->processors : PROCESSORS;
    undis->profile_ce = config->profile == UNDIS_CE;
    undis->debug_print = config->debug_print;
    undis->patience = (uint64_t)(config->patience_ms ? config->patience_ms : PATIENCE_MS) * 1000000;
}

static int
watch_rules(struct machine *machine)
{
    const struct verify_faults faults = {.mode = (enum verify_fault_mode)machine->config.fault,
        .which = machine->config.fault_which,
        .seed = machine->config.seed,
        .spare = machine->config.fault_spare};
    int error = verify_create(&machine->undis, report_rule, machine, &machine->verify);

    if (!error && machine->config.hand_over) {
        error = verify_hand_over(machine->verify);
        if (error)
            undis_fail(error, error == -ENOTSUP ? "undis-tsan cannot hand over at another address"
                                                : "no room for the addresses of all layers");
    }
    if (!error && machine->config.scribble)
        verify_scribble(machine->verify);
    if (!error && machine->config.fault && verify_inject(machine->verify, &faults))
        error = undis_fail(-ENOMEM, "no memory for injected faults");
    return error;
}

/* Hooks and trace come before anything else, so that nothing escapes them. */
static int
watch(struct machine *machine)
{
    struct undis *undis = &machine->undis;

    int error = report_attach(machine);

    if (error)
        return error;
    if (machine->config.trace) {
        undis->trace = trace_create(undis, machine->config.trace);
        if (!undis->trace)
            return undis_fail(-ENOMEM, "no memory for a trace of %u events", machine->config.trace);
    }
    if (machine->config.verify)
        return watch_rules(machine);
    if (undis->trace)
        undis->hooks = &trace_only_hooks;
    return 0;
}

static void
unwatch(struct machine *machine)
{
    if (machine->verify)
        verify_destroy(machine->verify);
    if (machine->undis.trace)
        trace_destroy(&machine->undis, machine->undis.trace);
    report_detach(machine);
}

static int
check_config(const struct undis_config *config)
{
    if (config->size != sizeof(*config))
        return undis_fail(-EINVAL, "struct undis_config: size is %zu, this library's is %zu",
            config->size, sizeof(*config));
    if (config->fault > UNDIS_FAULT_RANDOM)
        return undis_fail(-EINVAL, "%d is no kind of fault", (int)config->fault);
    if (config->fault && !config->verify)
        return undis_fail(-EINVAL, "faults are injected into a verified machine only");
    if ((config->hand_over || config->scribble) && !config->verify)
        return undis_fail(-EINVAL, "hand_over and scribble are modes of a verified machine");
    if (config->processors > PROCESSORS_MAX)
        return undis_fail(
            -EINVAL, "%u processors: at most %u are possible", config->processors, PROCESSORS_MAX);
    return 0;
}

int
undis_create(const struct undis_config *config, struct undis **created)
{
    struct world *world;
    struct machine *machine;
    int error = check_config(config);

    if (error)
        return error;
    world = config->world ? machine_host(config->world)->world : world_create(config);
    if (!world)
        return -ENOMEM;
    machine = arena_zalloc(world->arena, sizeof(*machine), 64);
    if (!machine) {
        world_put(world);
        return undis_fail(-ENOMEM, "no memory for a machine");
    }
    configure(machine, config, world);
    InsertTailList(&world->machines, &machine->link);
    error = watch(machine);
    if (!error)
        error = create_parts(&machine->undis);
    if (error) {
        unwatch(machine);
        RemoveEntryList(&machine->link);
        arena_free(world->arena, machine);
        world_put(world);
        return error;
    }
    *created = &machine->undis;
    return 0;
}

static int
destroy_ndis(void *arguments)
{
    ndis_destroy(arguments);
    return 0;
}

/* Drivers that asked for it hear IRP_MJ_SHUTDOWN before anything is taken away. */
static int
shut_down(void *arguments)
{
    io_shutdown(arguments);
    return 0;
}

int
undis_destroy(struct undis *undis)
{
    struct machine *machine = machine_host(undis);
    struct world *world = machine->world;
    int broken;

    machine_inside(undis, shut_down, undis);
    /* Where nothing can run any more, nothing can be taken away: the machine stays as it is. */
    while (!IsListEmpty(&machine->stacks)) {
        broken =
            undis_stack_remove(CONTAINING_RECORD(machine->stacks.Flink, struct undis_stack, link));
        if (broken)
            return broken;
    }
    capture_end(undis);
    while (!IsListEmpty(&undis->drivers)) {
        struct driver *driver = CONTAINING_RECORD(undis->drivers.Blink, struct driver, link);

        if (undis_driver_unload((struct undis_driver *)driver))
            break;
    }
    port_close_all(undis);
    inf_forget_all(undis);
    machine_inside(undis, destroy_ndis, undis);
    nt_destroy(undis);
    broken = (int)report_count(machine);
    unwatch(machine);
    RemoveEntryList(&machine->link);
    arena_free(world->arena, machine);
    world_put(world);
    return broken;
}

int
undis_call(struct undis *machine, void (*fn)(void *), void *context)
{
    int error = nt_call(machine, fn, context);

    return error ? undis_fail(error, "the call did not come to an end: %s", strerror(-error)) : 0;
}

uint64_t
undis_now(struct undis *machine)
{
    return executive_now(machine->executive);
}

/* True when finite ports were read to their end and nothing is under way in any stack. */
static bool
nothing_left(struct machine *machine)
{
    struct undis_layer layers[32];

    if (!port_all_ended(&machine->undis))
        return false;
    for (LIST_ENTRY *e = machine->stacks.Flink; e != &machine->stacks; e = e->Flink) {
        int n = undis_stack_layers(CONTAINING_RECORD(e, struct undis_stack, link), layers, 32);

        for (int i = 0; i < n && i < 32; i++)
            if (layers[i].sends_out || layers[i].receives_out)
                return false;
    }
    return true;
}

int
undis_run(struct undis *machine, uint64_t ns)
{
    struct executive *ex = machine->executive;
    uint64_t start = executive_now(ex);

    if (ns != UINT64_MAX || executive_kind(ex) == EXECUTIVE_SIMULATED) {
        executive_run(ex, ns == UINT64_MAX ? EXECUTIVE_FOREVER : start + ns);
        return 0;
    }
    while (!nothing_left(machine_host(machine)))
        executive_run(ex, executive_now(ex) + 1000000);
    return 0;
}

uint64_t
undis_trace_hash(struct undis *machine)
{
    return machine->trace ? trace_hash(machine->trace) : 0;
}

int
undis_seed(struct undis *machine, uint64_t seed)
{
    executive_seed(machine->executive, seed);
    return 0;
}

static void
usage_faults(const struct verify *verify, struct undis_usage *usage)
{
    struct verify_fault_counts counts;

    verify_injected(verify, &counts);
    usage->faults = counts.injected;
    usage->fault_stacks = counts.stacks;
    usage->asks = counts.calls;
}

int
undis_usage(struct undis *machine, struct undis_usage *usage)
{
    struct machine *host = machine_host(machine);

    *usage = (struct undis_usage){.tasks = executive_tasks(machine->executive),
        .rules_broken = report_count(host),
        .checks = host->verify ? verify_checks(host->verify, NULL) : 0};
    arena_usage(machine->arena, &usage->arena_bytes, &usage->arena_blocks);
    usage->suppressed = report_suppressed(host);
    if (host->verify)
        usage_faults(host->verify, usage);
    if (host->verify)
        verify_uncount(host->verify, &usage->arena_bytes, &usage->arena_blocks);
    return 0;
}
