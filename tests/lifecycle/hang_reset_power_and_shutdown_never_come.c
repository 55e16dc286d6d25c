/* SPDX-License-Identifier: MIT */
/* Caveats: a miniport that registered MiniportCheckForHangEx, MiniportResetEx and
 * MiniportShutdownEx, and wants the first every second, is asked for none of them, nor to change
 * its power state: not in 10 s with a send that it holds, and not when the machine ends with the
 * stack still standing; that is a halt.
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
    undis_run(rig.machine, test_simulated() ? 10 * SECOND : 3 * SECOND);
    CHECK_EQ(test_read(&rig.miniport->sends_out), 1);
    peer_miniport_release(rig.miniport);
    rig_settle(&rig);
    CHECK_OK(undis_stack_pause(rig.stack));
    CHECK_OK(undis_stack_restart(rig.stack));
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.miniport->asked_for_hang, 0);
    CHECK_EQ(rig.miniport->resets, 0);
    CHECK_EQ(rig.miniport->shutdowns, 0);
    CHECK_EQ(rig.miniport->powers, 0);
    end_while_it_stands(&rig);
    return 0;
}
