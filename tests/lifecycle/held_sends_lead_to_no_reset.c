/* SPDX-License-Identifier: MIT */
/* Caveat: a miniport that holds a send is asked every second whether it hangs, and while it says no
 * is not reset; that a machine ends is a halt, no shutdown.
 */
#include "rig.h"
#include <string.h>

#define SECOND 1000000000ull

/* The peer's own memory goes with the machine: its log stays. */
static void
end_while_it_stands(struct rig *rig)
{
    peer_log_clear();
    CHECK_EQ(undis_destroy(rig->machine), 0);
    CHECK(strstr(peer_log(), "miniport halt, "));
    CHECK(!strstr(peer_log(), "shutdown"));
}

int
main(void)
{
    struct rig rig;

    rig_up(&rig, &(struct rig_config){.filters = 1, .completes = PEER_HOLD});
    peer_protocol_send(rig.protocols[0], 1, 1, 100);
    test_wait_count(rig.machine, &rig.miniport->asked_for_hang, 2);
    CHECK_EQ(test_read(&rig.miniport->sends_out), 1);
    peer_miniport_release(rig.miniport);
    rig_settle(&rig);
    CHECK_OK(undis_stack_pause(rig.stack));
    CHECK_OK(undis_stack_restart(rig.stack));
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.miniport->resets, 0);
    CHECK_EQ(rig.miniport->powers, 0);
    if (test_simulated()) {
        uint64_t asked = test_read(&rig.miniport->asked_for_hang);

        undis_run(rig.machine, 10 * SECOND);
        CHECK_EQ(test_read(&rig.miniport->asked_for_hang), asked + 10);
    }
    end_while_it_stands(&rig);
    return 0;
}
