/* SPDX-License-Identifier: MIT */
/* A filter may send clones in place of what it got; the originals go back up with their status. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.filters = 2;
    rig_up(&rig, &two);
    rig.filters[0]->clones = true;
    rig.filters[1]->clones = config->filters == 1;
    for (unsigned i = 0; i < 8; i++)
        peer_protocol_send(rig.protocols[0], 1 + i, 1 + i % 3, 70 + 100 * i);
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->sent.count, rig.protocols[0]->peer.number);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    CHECK_EQ(rig.protocols[0]->back, 36);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.filters[0]->others_completed, 36);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
