/* SPDX-License-Identifier: MIT */
/* NdisFRestartFilter pauses and restarts the stack later, from any thread, under traffic. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.filters = 2;
    two.completes = PEER_DPC;
    rig_up(&rig, &two);
    peer_protocol_traffic(rig.protocols[0], true);
    for (unsigned i = 1; i <= 3; i++) {
        peer_filter_restart(rig.filters[i % 2]);
        test_wait_count(rig.machine, &rig.protocols[0]->restarted, 1 + i);
    }
    peer_protocol_traffic(rig.protocols[0], false);
    rig_settle(&rig);
    CHECK_EQ(rig.filters[0]->restarted, 4);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
