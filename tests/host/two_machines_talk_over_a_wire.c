/* SPDX-License-Identifier: MIT */
/* Two machines with the same drivers, each driver in a copy of its own, joined by a wire: frames
 * go both ways, all of them, in order. With threads the machines are two worlds; simulated, one.
 */
#include "frame.h"
#include "machine.h"
#include <errno.h>
#include <stdio.h>

#define FRAMES 2000

struct side {
    struct undis *machine;
    struct undis_driver *frames, *portnic;
    struct undis_port *top, *bottom;
    struct undis_stack *stack;
    unsigned origin;
    uint64_t sent;
    struct frames seen; /* count is read while frames arrive */
};

static void
receive(void *context, const void *frame, size_t length)
{
    struct side *side = context;

    frames_see(&side->seen, frame, (uint32_t)length); /* one call at a time */
}

static void
build(struct side *side, unsigned origin, const struct undis_config *config)
{
    struct undis_driver *protocols[] = {NULL, NULL};
    struct undis_stack_config stack = {.size = sizeof(stack), .protocols = protocols};

    side->origin = origin;
    side->machine = test_machine_with(config);
    CHECK_OK(undis_port_program(side->machine, receive, side, &side->top));
    CHECK_OK(undis_port_open(side->machine, "wire:between", &side->bottom));
    side->frames = protocols[0] = test_driver(side->machine, "frames");
    side->portnic = stack.miniport = test_driver(side->machine, "portnic");
    stack.top = side->top;
    stack.bottom = side->bottom;
    CHECK_OK(undis_stack_create(side->machine, &stack, &side->stack));
    CHECK_OK(undis_stack_start(side->stack));
}

/* As many as the port takes now. */
static void
send(struct side *side)
{
    uint8_t frame[FRAME_MAX];

    while (side->sent < FRAMES) {
        uint32_t length = FRAME_MIN + (uint32_t)side->sent % (FRAME_MAX - FRAME_MIN + 1);
        int error;

        frame_fill(frame, length, side->origin, side->sent);
        error = undis_port_inject(side->top, frame, length);
        if (error == -EAGAIN)
            return;
        CHECK_OK(error);
        side->sent++;
    }
}

static bool
all_there(void *context)
{
    struct side *sides = context;

    send(&sides[0]);
    send(&sides[1]);
    return sides[0].seen.count == FRAMES && sides[1].seen.count == FRAMES;
}

static void
take_down(struct side *side)
{
    CHECK_OK(undis_stack_remove(side->stack));
    CHECK_OK(undis_port_close(side->top));
    CHECK_OK(undis_port_close(side->bottom));
    test_unload(side->machine, side->frames);
    test_unload(side->machine, side->portnic);
    CHECK_EQ(side->seen.bad, 0);
    CHECK_EQ(side->seen.disorder, 0);
}

static void
run(enum undis_executive executive)
{
    struct undis_config config = test_config();
    struct side sides[2] = {0};

    config.executive = executive;
    build(&sides[0], 1, &config);
    if (executive == UNDIS_SIMULATED)
        config.world = sides[0].machine;
    build(&sides[1], 2, &config);
    CHECK(undis_driver_symbol(sides[0].portnic, "DriverEntry") !=
          undis_driver_symbol(sides[1].portnic, "DriverEntry"));
    test_wait(sides[0].machine, all_there, sides, "frames on both sides");
    take_down(&sides[0]);
    take_down(&sides[1]);
    test_machine_end(sides[1].machine);
    test_machine_end(sides[0].machine);
}

int
main(void)
{
    test_case("threads");
    run(UNDIS_THREADS);
    test_case("simulated");
    run(UNDIS_SIMULATED);
    return 0;
}
