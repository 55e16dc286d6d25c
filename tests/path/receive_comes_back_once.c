/* SPDX-License-Identifier: MIT */
/* Every NBL that the miniport indicates reaches the protocol in order and is returned once,
 * however the protocol returns it.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    static const unsigned lengths[] = {1, 2, 7, 32};
    unsigned total = 0;
    struct rig rig;

    rig_up(&rig, config);
    for (unsigned i = 0; i < 4; i++) {
        peer_miniport_indicate(rig.miniport, lengths[i], 60 + 400 * i, false);
        total += lengths[i];
    }
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->received.count, total);
    CHECK_EQ(rig.protocols[0]->received.disorder, 0);
    CHECK_EQ(rig.protocols[0]->resources, 0);
    CHECK_EQ(rig.miniport->returned, total);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->others_returned, total);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_return(test);
    return 0;
}
