/* SPDX-License-Identifier: MIT */
/* The drivers that come with undis check every allocation: a stack of them is started, carries
 * frames and is taken down once per call stack that allocates, with the allocation of that stack
 * failing. Nothing crashes, no rule is broken.
 */
#include "lib/machine.h"

#include <stdio.h>
#include <string.h>

#define STACKS_MAX 2000
#define RUN_NS     1000000

static void
received(void *context, const void *frame, size_t length)
{
    (void)context;
    (void)frame;
    (void)length;
}

/* Whatever fails may fail, but in order. */
static void
carry(struct undis *machine, struct undis_stack_config *shape)
{
    static const unsigned char frame[60] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1};
    struct undis_stack *stack;

    if (undis_stack_create(machine, shape, &stack))
        return;
    if (undis_stack_start(stack) == 0) {
        undis_port_inject(shape->top, frame, sizeof(frame));
        undis_port_inject(shape->bottom, frame, sizeof(frame));
        undis_run(machine, RUN_NS);
        undis_stack_pause(stack);
    }
    undis_stack_remove(stack);
}

/* Answers how many faults were injected. */
static uint64_t
run(unsigned which)
{
    static const char *const names[] = {"portnic", "pass", "capture", "frames"};
    struct undis_config config = test_config();
    struct undis_stack_config shape = {.size = sizeof(shape)};
    struct undis_driver *drivers[4] = {NULL}, *filters[3] = {NULL}, *protocols[2] = {NULL};
    struct undis_usage usage;
    struct undis *machine;
    unsigned loaded = 0;

    config.fault = UNDIS_FAULT_STACK;
    config.fault_which = which;
    CHECK_EQ(undis_create(&config, &machine), 0);
    CHECK_EQ(undis_port_program(machine, received, NULL, &shape.top), 0);
    CHECK_EQ(undis_port_program(machine, received, NULL, &shape.bottom), 0);
    while (loaded < 4 &&
           undis_driver_load(machine, test_driver_path(names[loaded]), NULL, &drivers[loaded]) == 0)
        loaded++;
    shape.miniport = drivers[0];
    shape.filters = filters;
    shape.protocols = protocols;
    filters[0] = drivers[1];
    filters[1] = drivers[2];
    protocols[0] = drivers[3];
    if (loaded == 4)
        carry(machine, &shape);
    while (loaded-- > 0)
        undis_driver_unload(drivers[loaded]);
    CHECK_EQ(undis_usage(machine, &usage), 0);
    CHECK_EQ(undis_destroy(machine), 0);
    return usage.faults;
}

int
main(void)
{
    unsigned n = 1;

    while (n < STACKS_MAX && run(n))
        n++;
    printf("%u stacks that allocate\n", n - 1);
    CHECK(n > 10 && n < STACKS_MAX);
    return 0;
}
