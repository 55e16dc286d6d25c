/* SPDX-License-Identifier: MIT */
/* Simulated: a stack whose pause comes to no end, as a send never comes back, cannot be paused and
 * not be removed; undis_destroy says so and leaves the machine, instead of trying for ever.
 */
#include "child.h"
#include "frame.h"
#include "machine.h"
#include "peer.h"
#include <errno.h>

static void
ignore(void *context, const void *frame, size_t length)
{
    (void)context;
    (void)frame;
    (void)length;
}

static int
stand_still(void)
{
    struct undis_config config = test_config();
    struct undis *machine = test_machine_with(&config);
    struct peer_miniport *below = peer_miniport_add(machine, "miniport");
    struct undis_driver *protocols[2] = {test_driver(machine, "frames")};
    struct undis_stack_config stands = {
        .size = sizeof(stands), .miniport = below->peer.driver, .protocols = protocols};
    struct undis_stack *stack;
    uint8_t frame[FRAME_MIN];

    CHECK_OK(undis_port_program(machine, ignore, NULL, &stands.top));
    CHECK_OK(undis_stack_create(machine, &stands, &stack));
    CHECK_OK(undis_stack_start(stack));
    below->completes = PEER_HOLD;
    frame_fill(frame, sizeof(frame), 3, 0);
    CHECK_OK(undis_port_inject(stands.top, frame, sizeof(frame)));
    test_wait_count(machine, &below->sent.count, 1);
    CHECK_EQ(undis_stack_pause(stack), -EDEADLK);
    CHECK_EQ(undis_destroy(machine), -EDEADLK);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    if (test_config().executive != UNDIS_SIMULATED)
        return 77; /* it is a hang there, which ends the process */
    if (argc > 1 && argv[1])
        return stand_still();
    child_run(&child, "still", 30);
    child_expect(&child, 0, "nothing in the machine can run any more");
    return 0;
}
