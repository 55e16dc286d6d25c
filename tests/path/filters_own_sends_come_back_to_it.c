/* SPDX-License-Identifier: MIT */
/* What a filter sends itself comes back to it and to nobody above, mixed with the sends of the
 * protocol in the same completions.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.filters = 2;
    rig_up(&rig, &two);
    for (unsigned i = 0; i < 8; i++) {
        peer_protocol_send(rig.protocols[0], 3, 1, 90);
        peer_filter_send(rig.filters[0], 2, 90);
        peer_filter_send(rig.filters[1], 1, 90);
    }
    rig_settle(&rig);
    test_wait_count(rig.machine, &rig.filters[0]->own_completed, 16);
    test_wait_count(rig.machine, &rig.filters[1]->own_completed, 8);
    CHECK_EQ(rig.protocols[0]->back, 24);
    CHECK_EQ(rig.filters[0]->others_completed, 24);
    CHECK_EQ(rig.filters[1]->others_completed, 40);
    CHECK_EQ(rig.miniport->sends_in, 48);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
