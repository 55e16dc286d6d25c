/* SPDX-License-Identifier: MIT */
/* What a filter indicates itself reaches the protocols and comes back to it and to nobody below. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.filters = 2;
    two.protocols = 1 + config->filters % 2;
    rig_up(&rig, &two);
    for (unsigned i = 0; i < 8; i++) {
        peer_miniport_indicate(rig.miniport, 3, 90, false);
        peer_filter_indicate(rig.filters[0], 2, 90);
        peer_filter_indicate(rig.filters[1], 1, 90);
    }
    rig_settle(&rig);
    test_wait_count(rig.machine, &rig.filters[0]->own_returned, 16);
    test_wait_count(rig.machine, &rig.filters[1]->own_returned, 8);
    CHECK_EQ(rig.miniport->returned, 24);
    CHECK_EQ(rig.filters[0]->others_returned, 32);
    CHECK_EQ(rig.filters[1]->others_returned, 24);
    for (unsigned i = 0; i < two.protocols; i++) {
        CHECK_EQ(rig.protocols[i]->received.count, 48);
        CHECK_EQ(rig.protocols[i]->received.disorder, 0);
    }
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_return(test);
    return 0;
}
