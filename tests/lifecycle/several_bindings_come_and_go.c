/* SPDX-License-Identifier: MIT */
/* Protocols bind and unbind one by one while the others keep sending and receiving. In a tame run,
 * NdisCloseAdapter pends, on which many a protocol of NDIS 5 counts. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config four = *config;
    struct rig rig;

    four.protocols = 4;
    four.completes = PEER_DPC;
    four.returns = PEER_TIMER;
    rig_up(&rig, &four);
    peer_protocol_traffic(rig.protocols[0], true);
    peer_miniport_traffic(rig.miniport, true);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 1; i < 4; i++) {
            CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(rig.protocols[i])));
            undis_run(rig.machine, 500000);
        }
        for (unsigned i = 1; i < 4; i++) {
            CHECK_OK(undis_stack_bind(rig.stack, rig_driver(rig.protocols[i])));
            CHECK_EQ(test_read(&rig.protocols[i]->running), 1);
            undis_run(rig.machine, 500000);
        }
    }
    peer_miniport_traffic(rig.miniport, false);
    peer_protocol_traffic(rig.protocols[0], false);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->received.count, rig.miniport->indicated);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    for (unsigned i = 1; i < 4; i++)
        CHECK_EQ(rig.protocols[i]->bound, 4);
    rig_down(&rig);
}

static void
closes_later(const struct rig_config *config)
{
    struct rig_config five = *config;
    struct rig rig;

    five.protocols5 = true;
    rig_up(&rig, &five);
    for (unsigned round = 1; round <= 3; round++) {
        CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(rig.protocols[0])));
        if (!config->seed)
            CHECK_EQ(rig.protocols[0]->closed_later, round);
        CHECK_OK(undis_stack_bind(rig.stack, rig_driver(rig.protocols[0])));
    }
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    rig_each(closes_later);
    return 0;
}
