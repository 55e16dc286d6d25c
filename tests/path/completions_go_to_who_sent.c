/* SPDX-License-Identifier: MIT */
/* Sends of several protocols that are completed in one chain come back each to its own. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config three = *config;
    struct rig rig;

    three.protocols = 3;
    three.completes = PEER_HOLD;
    rig_up(&rig, &three);
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 0; i < 3; i++)
            peer_protocol_send(rig.protocols[i], 1 + i + round, 1, 80);
        peer_miniport_release(rig.miniport);
    }
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQ(rig.protocols[i]->back, 4 * (1 + i) + 6);
        CHECK_EQ(rig.protocols[i]->back, rig.protocols[i]->sent);
        CHECK_EQ(rig.protocols[i]->completed.next[rig.protocols[i]->peer.origin],
            rig.protocols[i]->sent);
        CHECK_EQ(rig.protocols[i]->completed.disorder, 0);
    }
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
