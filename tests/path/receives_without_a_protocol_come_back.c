/* SPDX-License-Identifier: MIT */
/* What the miniport indicates while no protocol is bound comes back to it at once. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(rig.protocols[0])));
    peer_miniport_indicate(rig.miniport, 5, 100, false);
    peer_miniport_indicate(rig.miniport, 5, 100, true);
    CHECK_EQ(test_read(&rig.miniport->returned), 5);
    CHECK_EQ(test_read(&rig.miniport->receives_out), 0);
    CHECK_OK(undis_stack_bind(rig.stack, rig_driver(rig.protocols[0])));
    peer_miniport_indicate(rig.miniport, 5, 100, false);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->received.count, 5);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
