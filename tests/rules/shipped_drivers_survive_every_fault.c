/* SPDX-License-Identifier: MIT */
/* The drivers that come with undis check all that may fail: a stack of them is started, carries
 * frames and is taken down once per call stack that asks for memory, objects, memory for a device,
 * interrupts, registers, threads, values or names, with what that stack asks for failing; the first
 * of them also with the n-th call of all failing, and with calls that a seed chooses. Nothing
 * crashes, no rule is broken.
 */
#include "lib/machine.h"

#include <stdio.h>
#include <string.h>

#define STACKS_MAX 2000
#define RUN_NS     1000000
#define CALLS_MAX  4000
#define STEP       5
#define SEEDS      16
#define ONE_IN_20  50000 /* of a million */

static void
received(void *context, const void *frame, size_t length)
{
    (void)context;
    (void)frame;
    (void)length;
}

/* Whatever fails may fail, but in order. */
static void
carry(struct undis *machine, bool hardware, struct undis_stack_config *shape)
{
    static const unsigned char frame[60] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1};
    struct undis_stack *stack;

    if (undis_stack_create(machine, shape, &stack))
        return;
    if (undis_stack_start(stack) == 0) {
        undis_port_inject(shape->top, frame, sizeof(frame));
        if (!hardware)
            undis_port_inject(shape->bottom, frame, sizeof(frame));
        undis_run(machine, RUN_NS);
        undis_stack_pause(stack);
    }
    undis_stack_remove(stack);
}

/* A stack of shipped drivers; NULL ends the filters. */
struct shape {
    const char *miniport, *filters[3], *protocol;
    bool hardware; /* ringnic below the miniport */
};

static void
open_ports(struct undis *machine, const struct shape *shape, struct undis_stack_config *config)
{
    struct undis_port *wire;

    CHECK_EQ(undis_port_program(machine, received, NULL, &config->top), 0);
    CHECK_EQ(undis_port_program(machine, received, NULL, &config->bottom), 0);
    if (!shape->hardware)
        return;
    wire = config->bottom;
    CHECK_EQ(undis_hardware_open(machine, "ringnic", wire, &config->bottom), 0);
}

static struct undis_driver *
load(struct undis *machine, const char *name, bool *all)
{
    struct undis_driver *driver = NULL;

    if (*all && undis_driver_load(machine, test_driver_path(name), NULL, &driver))
        *all = false;
    return driver;
}

/* Answers how many faults were injected. */
static uint64_t
run(const struct shape *shape, enum undis_fault how, uint64_t which, uint64_t seed)
{
    struct undis_config config = test_config();
    struct undis_stack_config stack = {.size = sizeof(stack)};
    struct undis_driver *filters[3] = {NULL}, *protocols[2] = {NULL};
    struct undis_usage usage;
    struct undis *machine;
    bool all = true;

    config.fault = how;
    config.fault_which = which;
    config.seed = seed;
    test_case("%s, fault %u of kind %u, seed %u", shape->miniport, (unsigned)which, (unsigned)how,
        (unsigned)seed);
    CHECK_EQ(undis_create(&config, &machine), 0);
    open_ports(machine, shape, &stack);
    stack.miniport = load(machine, shape->miniport, &all);
    for (unsigned k = 0; shape->filters[k]; k++)
        filters[k] = load(machine, shape->filters[k], &all);
    protocols[0] = load(machine, shape->protocol, &all);
    stack.filters = filters;
    stack.protocols = protocols;
    if (all)
        carry(machine, shape->hardware, &stack);
    CHECK_EQ(undis_usage(machine, &usage), 0);
    CHECK_EQ(undis_destroy(machine), 0);
    return usage.faults;
}

/* Calls that have no stack of their own: every STEP-th one, and many at a time. */
static void
sweep(const struct shape *shape)
{
    unsigned n = 1;
    uint64_t injected = 0;

    while (n < CALLS_MAX && run(shape, UNDIS_FAULT_NTH, n, 0))
        n += STEP;
    CHECK(n > 10 * STEP && n < CALLS_MAX);
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        injected += run(shape, UNDIS_FAULT_RANDOM, ONE_IN_20, seed);
    CHECK(injected > SEEDS);
}

int
main(void)
{
    static const struct shape shapes[] = {
        {"portnic", {"pass", "capture"}, "frames", false},
        {"ringnic", {NULL}, "frames", true},
        {"ringnic5", {NULL}, "frames5", true},
        {"desernic", {NULL}, "frames5", false},
        {"serialnic", {NULL}, "frames5", false},
    };

    for (unsigned k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
        unsigned n = 1;

        while (n < STACKS_MAX && run(&shapes[k], UNDIS_FAULT_STACK, n, 0))
            n++;
        printf("%s: %u stacks that ask for something\n", shapes[k].miniport, n - 1);
        CHECK(n > 10 && n < STACKS_MAX);
    }
    sweep(&shapes[0]);
    return 0;
}
