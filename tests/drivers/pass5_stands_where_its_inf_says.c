/* SPDX-License-Identifier: MIT */
/* The INF of pass5 has both of its edges: it stands between a miniport and a protocol of ours, and
 * carries frames there; over a WAN miniport it is refused. The other INF describes its miniport.
 */
#include "lib/frame.h"
#include "lib/machine.h"

#include <errno.h>
#include <string.h>

#define FRAMES 20u

static void
receive(void *context, const void *frame, size_t length)
{
    frames_see(context, frame, (uint32_t)length);
}

static bool
runs(void *stack)
{
    struct undis_layer layers[2];
    int n = undis_stack_layers(stack, layers, 2);

    return n == 2 && !strcmp(layers[0].state, "Running") && !strcmp(layers[1].state, "Running");
}

static void
send(struct undis *machine, struct undis_port *port, unsigned origin)
{
    uint8_t frame[FRAME_MIN];
    int error;

    for (unsigned i = 0; i < FRAMES; i++) {
        frame_fill(frame, sizeof(frame), origin, i);
        while ((error = undis_port_inject(port, frame, sizeof(frame))) == -EAGAIN)
            undis_run(machine, 100000);
        CHECK_OK(error);
    }
}

static void
between(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *pass5 = test_driver(machine, "pass5");
    struct undis_driver *above[2] = {test_driver(machine, "frames"), NULL};
    struct undis_driver *below[2] = {pass5, NULL};
    struct undis_stack_config upper = {.size = sizeof(upper), .name = "up", .protocols = above};
    struct undis_stack_config lower = {.size = sizeof(lower), .name = "low", .protocols = below};
    struct undis_stack *stacks[2];
    struct frames up = {0}, down = {0};

    upper.miniport = pass5;
    lower.miniport = test_driver(machine, "portnic");
    CHECK_OK(undis_port_program(machine, receive, &up, &upper.top));
    CHECK_OK(undis_port_program(machine, receive, &down, &lower.bottom));
    CHECK_OK(undis_stack_create(machine, &upper, &stacks[0]));
    CHECK_OK(undis_stack_create(machine, &lower, &stacks[1]));
    CHECK_OK(undis_stack_start(stacks[0]));
    CHECK_OK(undis_stack_start(stacks[1]));
    test_wait(machine, runs, stacks[0], "the instance to run");
    send(machine, upper.top, 1);
    test_wait_count(machine, &down.count, FRAMES);
    send(machine, lower.bottom, 2);
    test_wait_count(machine, &up.count, FRAMES);
    CHECK_EQ(up.bad + up.disorder + down.bad + down.disorder, 0);
    CHECK_OK(undis_stack_remove(stacks[1]));
    CHECK_OK(undis_stack_remove(stacks[0]));
    CHECK_OK(undis_port_close(upper.top));
    CHECK_OK(undis_port_close(lower.bottom));
    test_machine_end(machine);
}

static void
over_wan(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *below[2] = {test_driver(machine, "pass5"), NULL};
    struct undis_stack_config lower = {.size = sizeof(lower), .protocols = below};
    struct undis_stack *stack;

    lower.miniport = test_driver(machine, "modem");
    CHECK_OK(undis_port_open(machine, "null", &lower.bottom));
    CHECK(undis_stack_create(machine, &lower, &stack) < 0);
    CHECK(strstr(undis_error(), "LowerRange"));
    CHECK_OK(undis_port_close(lower.bottom));
    test_machine_end(machine);
}

int
main(void)
{
    between();
    over_wan();
    return 0;
}
