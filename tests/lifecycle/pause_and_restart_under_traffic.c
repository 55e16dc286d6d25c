/* SPDX-License-Identifier: MIT */
/* A stack pauses and restarts while traffic goes both ways: each time everything is back before
 * the pause returns, and afterwards traffic goes on.
 */
#include "rig.h"

static void
check_nothing_out(struct rig *rig)
{
    struct undis_layer layers[8];
    int n = undis_stack_layers(rig->stack, layers, 8);

    for (int i = 0; i < n; i++) {
        CHECK_EQ(layers[i].receives_out, 0);
        CHECK_EQ(layers[i].sends_out, 0);
    }
    CHECK_EQ(test_read(&rig->miniport->sends_out), 0);
}

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;
    uint64_t before;

    two.protocols = 2;
    two.returns = PEER_DPC;
    rig_up(&rig, &two);
    for (unsigned i = 0; i < 2; i++)
        peer_protocol_traffic(rig.protocols[i], true);
    peer_miniport_traffic(rig.miniport, true);
    for (unsigned round = 0; round < 5; round++) {
        undis_run(rig.machine, 1000000);
        CHECK_OK(undis_stack_pause(rig.stack));
        check_nothing_out(&rig);
        before = test_read(&rig.miniport->sends_in);
        undis_run(rig.machine, 200000);
        CHECK_EQ(test_read(&rig.miniport->sends_in), before);
        CHECK_OK(undis_stack_restart(rig.stack));
    }
    peer_miniport_traffic(rig.miniport, false);
    for (unsigned i = 0; i < 2; i++)
        peer_protocol_traffic(rig.protocols[i], false);
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->paused, 5);
    CHECK_EQ(rig.protocols[1]->restarted, 6);
    CHECK(rig.miniport->sent.disorder <= /* gaps */
          rig.protocols[0]->paused_sends + rig.protocols[1]->paused_sends);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
