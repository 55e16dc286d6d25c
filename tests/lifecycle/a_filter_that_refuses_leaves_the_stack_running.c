/* SPDX-License-Identifier: MIT */
/* A filter or protocol that refuses to join a running stack leaves it running as it was. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config growing = *config;
    struct peer_protocol *protocol;
    struct peer_filter *filter;
    struct rig rig;

    growing.grows = true;
    rig_up(&rig, &growing);
    filter = peer_filter_add(rig.machine, "refuses", 0);
    filter->fail_attach = 0xC000009A;
    CHECK(undis_stack_attach(rig.stack, rig_driver(filter)) < 0);
    protocol = peer_protocol_add(rig.machine, "declines");
    protocol->fail_bind = 0xC000009A;
    CHECK(undis_stack_bind(rig.stack, rig_driver(protocol)) < 0);
    peer_protocol_send(rig.protocols[0], 5, 1, 100);
    peer_miniport_indicate(rig.miniport, 5, 100, false);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.protocols[0]->received.count, 5);
    CHECK_EQ(filter->attached + protocol->bound, 0);
    peer_remove(&filter->peer);
    peer_remove(&protocol->peer);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
