/* SPDX-License-Identifier: MIT */
/* Filters come and go at the top of a busy stack; nothing is lost from sends, each pause waits for
 * what is out, a detached filter sees nothing any more.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config one = *config;
    struct peer_filter *extra;
    struct rig rig;
    uint64_t seen;

    one.grows = true;
    one.completes = PEER_DPC;
    one.returns = PEER_SPLIT;
    rig_up(&rig, &one);
    extra = peer_filter_add(rig.machine, "extra", 0);
    peer_protocol_traffic(rig.protocols[0], true);
    peer_miniport_traffic(rig.miniport, true);
    for (unsigned round = 0; round < 5; round++) {
        CHECK_OK(undis_stack_attach(rig.stack, rig_driver(extra)));
        undis_run(rig.machine, 1000000);
        CHECK_OK(undis_stack_detach(rig.stack, rig_driver(extra)));
        seen = test_read(&extra->down.count);
        undis_run(rig.machine, 300000);
        CHECK_EQ(test_read(&extra->down.count), seen);
    }
    peer_miniport_traffic(rig.miniport, false);
    peer_protocol_traffic(rig.protocols[0], false);
    rig_settle(&rig);
    CHECK_EQ(extra->attached, 5);
    CHECK_EQ(extra->detached, 5);
    CHECK_EQ(extra->wrong, 0);
    CHECK_EQ(rig.protocols[0]->failed, rig.protocols[0]->paused_sends);
    CHECK(rig.miniport->sent.disorder <= rig.protocols[0]->paused_sends); /* gaps */
    peer_remove(&extra->peer);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
