/* SPDX-License-Identifier: MIT */
/* Sends into a paused stack come back with NDIS_STATUS_PAUSED before the call returns, no handler
 * below sees them; after the restart sends go through again.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    CHECK_OK(undis_stack_pause(rig.stack));
    peer_protocol_send(rig.protocols[0], 7, 2, 100);
    CHECK_EQ(test_read(&rig.protocols[0]->back), 7);
    CHECK_EQ(rig.protocols[0]->paused_sends, 7);
    CHECK_EQ(rig.miniport->sends_in, 0);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->down.count, 0);
    CHECK_OK(undis_stack_restart(rig.stack));
    peer_protocol_send(rig.protocols[0], 3, 1, 100);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->failed, 7);
    CHECK_EQ(rig.miniport->sends_in, 3);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
