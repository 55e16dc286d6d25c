/* SPDX-License-Identifier: MIT */
/* Where machines hand over at another address, a miniport that looks at what was sent on a VC after it has
 * completed it stops there; the same one that does not carries the frames. */
#include "lib/child.h"
#include "lib/frame.h"
#include "lib/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 20u

struct end {
    struct undis_driver *drivers[3]; /* miniport, client, call manager */
    struct undis_port *program, *wire;
    struct undis_stack *stack;
    struct frames got;
};

static void
receive(void *context, const void *frame, size_t length)
{
    frames_see(&((struct end *)context)->got, frame, (uint32_t)length);
}

static void
up(struct undis *machine, struct end *end, const char *miniport, const char *keyword)
{
    struct undis_driver *protocols[3] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};

    end->drivers[0] = test_driver(machine, miniport);
    end->drivers[1] = protocols[0] = test_driver(machine, "dialer");
    end->drivers[2] = protocols[1] = test_driver(machine, "operator");
    config.miniport = end->drivers[0];
    CHECK_OK(undis_set(machine, "dialer", keyword, "17"));
    CHECK_OK(undis_port_open(machine, "wire:late", &end->wire));
    CHECK_OK(undis_port_program(machine, receive, end, &end->program));
    config.bottom = end->wire;
    config.top = end->program;
    CHECK_OK(undis_stack_create(machine, &config, &end->stack));
    CHECK_OK(undis_stack_start(end->stack));
}

static void
down(struct undis *machine, struct end *end)
{
    CHECK_OK(undis_stack_remove(end->stack));
    CHECK_OK(undis_port_close(end->program));
    CHECK_OK(undis_port_close(end->wire));
    for (unsigned k = 0; k < 3; k++)
        test_unload(machine, end->drivers[k]);
}

static int
call(const char *miniport)
{
    struct undis_config second = test_config();
    struct undis *machines[2] = {test_machine(), NULL};
    struct end ends[2] = {0};
    uint8_t frame[FRAME_MIN];
    int error;

    second.world = machines[0];
    machines[1] = test_machine_with(&second);
    up(machines[0], &ends[0], "circuits", "Listen");
    up(machines[1], &ends[1], miniport, "Dial");
    for (unsigned k = 0; k < FRAMES; k++) {
        frame_fill(frame, sizeof(frame), 1, k);
        while ((error = undis_port_inject(ends[1].program, frame, sizeof(frame))) == -EAGAIN)
            undis_run(machines[1], 100000);
        CHECK_OK(error);
    }
    test_wait_count(machines[0], &ends[0].got.count, FRAMES);
    for (unsigned k = 2; k-- > 0;)
        down(machines[k], &ends[k]);
    test_machine_end(machines[1]);
    test_machine_end(machines[0]);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    setenv("UNDIS_HAND_OVER", "1", 1);
    if (argc > 1)
        return call(argv[1]);
    CHECK_EQ(call("circuits"), 0);
    child_run(&child, "late_circuits", 60);
    child_expect(&child, UNDIS_EXIT_BUG_CHECK,
        " away by NdisMCoSendNetBufferListsComplete and touched it since");
    CHECK(strstr(child.text, "send-no-touch-after-complete: late_circuits: ") != NULL);
    CHECK(strstr(child.text, "late_circuits.c") && strstr(child.text, "\nbefore:\n"));
    return 0;
}
