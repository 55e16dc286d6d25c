/* SPDX-License-Identifier: MIT */
/* What one protocol sends reaches the miniport in the order in which it was sent, from PASSIVE_LEVEL
 * and from DISPATCH_LEVEL, through filters that look at it.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    for (unsigned i = 0; i < 20; i++) {
        peer_protocol_send(rig.protocols[0], 1 + i % 5, 1 + i % 2, 64 + i);
        peer_protocol_send_at_dispatch(rig.protocols[0], 1 + i % 3, 1, 64 + i);
    }
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    CHECK_EQ(rig.miniport->sent.count, rig.protocols[0]->peer.number);
    for (unsigned i = 0; i < rig.filter_count; i++) {
        CHECK_EQ(rig.filters[i]->down.disorder, 0);
        CHECK_EQ(rig.filters[i]->down.count, rig.miniport->sent.count);
    }
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
