/* SPDX-License-Identifier: MIT */
/* Every send reaches the miniport in order and comes back once, whatever the miniport is:
 * serialized or deserialized of NDIS 5, with MiniportSend or MiniportSendPackets, or of NDIS 6;
 * through filters or none (send-reaches-miniport, s5-pending-then-complete,
 * s5-serialized-one-at-a-time, send-ndis-fifo-submit).
 */
#include "rig.h"

static void
sends(const struct rig_config *config)
{
    struct rig rig;
    struct peer_protocol *protocol;

    rig_up(&rig, config);
    protocol = rig.protocols[0];
    for (unsigned round = 0; round < 8; round++) {
        peer_protocol_send(protocol, 5, 1 + round % 3, FRAME_MIN + 100 * round);
        peer_protocol_send_at_dispatch(protocol, 3, 1, FRAME_MAX);
    }
    rig_settle(&rig);
    CHECK_EQ(protocol->sent, 64);
    CHECK_EQ(protocol->back, 64);
    CHECK_EQ(protocol->failed, 0);
    CHECK_EQ(rig.miniport->sent.count, protocol->peer.number);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    if (rig.miniport->kind == PEER_SERIALIZED)
        CHECK_EQ(rig.miniport->overlapped, 0);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_miniport(sends);
    return 0;
}
