/* SPDX-License-Identifier: MIT */
/* See machine.h. */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MACHINES 8
#define SLICE_NS 200000ull
#define PATIENCE 10000000000ull

/* What a machine looked like when it was new. */
static struct {
    struct undis *machine;
    struct undis_usage start;
    bool exact;        /* that was taken by test_machine_mark */
    unsigned unloaded; /* drivers since then */
} machines[MACHINES];

static unsigned reports;

bool
test_simulated(void)
{
    const char *name = getenv("UNDIS_EXECUTIVE");

    return name && strcmp(name, "simulated") == 0;
}

unsigned
test_seeds(void)
{
    const char *seeds = getenv("UNDIS_SEEDS");

    return seeds ? (unsigned)strtoul(seeds, NULL, 10) : test_simulated() ? 4 : 2;
}

static void
report(void *context, const struct undis_report *r)
{
    (void)context;
    fprintf(stderr, "%s: %s: %s\n%s%s%s%s", r->rule ? r->rule : "undis",
        r->driver ? r->driver : "-", r->text ? r->text : "", r->stack ? r->stack : "",
        r->other ? "\nbefore:\n" : "", r->other ? r->other : "", r->stack ? "\n" : "");
    if (r->rule)
        __atomic_add_fetch(&reports, 1, __ATOMIC_RELAXED);
}

struct undis_config
test_config(void)
{
    return (struct undis_config){.size = sizeof(struct undis_config),
        .executive = test_simulated() ? UNDIS_SIMULATED : UNDIS_THREADS,
        .verify = true,
        .hand_over = getenv("UNDIS_HAND_OVER") != NULL,
        .scribble = true,
        .go_on = true,
        .report = report,
        .patience_ms = 20000};
}

struct undis *
test_machine_with(const struct undis_config *config)
{
    struct undis_config own = *config;
    struct undis *machine;
    unsigned i = 0;

    own.hand_over = config->hand_over && config->verify;
    own.scribble = config->scribble && config->verify;
    CHECK_OK(undis_create(&own, &machine));
    while (i < MACHINES && machines[i].machine)
        i++;
    CHECK(i < MACHINES);
    machines[i].machine = machine;
    machines[i].exact = false;
    CHECK_OK(undis_usage(machine, &machines[i].start));
    return machine;
}

struct undis *
test_machine(void)
{
    struct undis_config config = test_config();

    return test_machine_with(&config);
}

static unsigned
index_of(const struct undis *machine)
{
    unsigned i = 0;

    while (i < MACHINES && machines[i].machine != machine)
        i++;
    CHECK(i < MACHINES);
    return i;
}

void
test_unload(struct undis *machine, struct undis_driver *driver)
{
    CHECK_OK(undis_driver_unload(driver));
    machines[index_of(machine)].unloaded++;
}

struct leftover {
    struct undis *machine;
    const struct undis_usage *start;
    struct undis_usage now;
    size_t blocks; /* 0: any number */
};

static bool
as_before(void *context)
{
    struct leftover *left = context;

    undis_usage(left->machine, &left->now);
    return left->now.tasks <= left->start->tasks &&
           (!left->blocks || left->now.arena_blocks <= left->blocks);
}

void
test_machine_mark(struct undis *machine)
{
    unsigned i = index_of(machine);
    struct leftover left = {.machine = machine, .start = &machines[i].start};

    test_wait(machine, as_before, &left, "the machine's tasks to end");
    CHECK_OK(undis_usage(machine, &machines[i].start));
    machines[i].exact = true;
    machines[i].unloaded = 0;
}

/* The kernel's own threads get their thread objects when they first need one. */
static unsigned
may_appear(const struct undis_usage *start)
{
    return test_simulated() ? 0 : start->tasks;
}

void
test_machine_end(struct undis *machine)
{
    struct leftover left = {.machine = machine};
    unsigned i = index_of(machine);

    left.start = &machines[i].start;
    if (machines[i].exact)
        left.blocks = left.start->arena_blocks + machines[i].unloaded + may_appear(left.start);
    test_wait(machine, as_before, &left, "the machine's tasks and memory");
    CHECK_EQ(left.now.rules_broken, 0);
    CHECK_EQ(undis_destroy(machine), 0);
    machines[i].machine = NULL;
    CHECK_EQ(__atomic_load_n(&reports, __ATOMIC_RELAXED), 0);
}

void
test_wait(struct undis *machine, bool (*done)(void *), void *context, const char *what)
{
    uint64_t end = undis_now(machine) + PATIENCE;

    while (!done(context)) {
        if (undis_now(machine) >= end)
            test_fail(__FILE__, __LINE__, what);
        undis_run(machine, SLICE_NS);
    }
}

uint64_t
test_read(const test_counter *counter)
{
    return *counter;
}

struct awaited {
    const test_counter *counter;
    uint64_t value;
};

static bool
reached(void *context)
{
    const struct awaited *awaited = context;

    return test_read(awaited->counter) >= awaited->value;
}

void
test_wait_count(struct undis *machine, const test_counter *counter, uint64_t value)
{
    struct awaited awaited = {counter, value};
    char what[64];

    snprintf(what, sizeof(what), "a counter to be %llu", (unsigned long long)value);
    test_wait(machine, reached, &awaited, what);
    CHECK_EQ(test_read(counter), value);
}

const char *
test_driver_path(const char *name)
{
    static char path[512];
    const char *const folders[] = {getenv("UNDIS_TEST_DRIVERS"), getenv("UNDIS_DRIVERS")};

    for (unsigned i = 0; i < 2; i++) {
        if (!folders[i])
            continue;
        snprintf(path, sizeof(path), "%s/%s.so", folders[i], name);
        if (access(path, R_OK) == 0)
            return path;
    }
    fprintf(stderr, "%s.so: not in $UNDIS_TEST_DRIVERS nor $UNDIS_DRIVERS\n", name);
    test_fail(__FILE__, __LINE__, name);
}

struct undis_driver *
test_driver_as(struct undis *machine, const char *file, const char *service)
{
    struct undis_driver *driver;

    CHECK_OK(undis_driver_load(machine, test_driver_path(file), service, &driver));
    return driver;
}

struct undis_driver *
test_driver(struct undis *machine, const char *name)
{
    return test_driver_as(machine, name, NULL);
}
