/* SPDX-License-Identifier: MIT */
/* Caveat: NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK reaches the miniport, and NDIS indicates the send to
 * nobody, neither to who sent it nor to the other binding nor to the filters.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols = 2;
    for (unsigned i = 0; i < RIG_MAX; i++)
        two.without[i] = PEER_WITHOUT_SENDS; /* who passes them on chooses flags of its own */
    rig_up(&rig, &two);
    rig.protocols[0]->check_loopback = true;
    peer_protocol_send(rig.protocols[0], 5, 2, 100);
    peer_protocol_send_at_dispatch(rig.protocols[0], 3, 1, 100);
    rig.protocols[0]->check_loopback = false;
    peer_protocol_send(rig.protocols[0], 2, 1, 100);
    undis_run(rig.machine, 1000000);
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->sends_in, 10);
    CHECK_EQ(rig.miniport->loopback_sends, 8);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    for (unsigned i = 0; i < 2; i++)
        CHECK_EQ(rig.protocols[i]->received_nbls, 0);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->up.count, 0);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
