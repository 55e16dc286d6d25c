/* SPDX-License-Identifier: MIT */
/* A miniport that completes inside its send handler completes inside the protocol's send call; the
 * layers count those apart from the ones that came later.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct undis_layer layers[8];
    struct rig rig;

    rig_up(&rig, config);
    peer_protocol_send_at_dispatch(rig.protocols[0], 8, 1, 100);
    CHECK_EQ(test_read(&rig.protocols[0]->back), 8);
    CHECK_EQ(rig.protocols[0]->inside, 8);
    undis_stack_layers(rig.stack, layers, 8);
    CHECK_EQ(layers[0].send_pending, 0);
    rig.miniport->completes = PEER_HOLD;
    peer_protocol_send_at_dispatch(rig.protocols[0], 5, 1, 100);
    CHECK_EQ(test_read(&rig.protocols[0]->back), 8);
    CHECK_EQ(test_read(&rig.miniport->sends_out), 5);
    undis_stack_layers(rig.stack, layers, 8);
    CHECK_EQ(layers[0].send_pending, 5);
    CHECK_EQ(layers[0].sends_out, 5);
    peer_miniport_release(rig.miniport);
    CHECK_EQ(test_read(&rig.protocols[0]->back), 13);
    CHECK_EQ(rig.protocols[0]->inside, 8);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
