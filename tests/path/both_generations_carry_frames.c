/* SPDX-License-Identifier: MIT */
/* {NDIS 5, NDIS 6 protocol} x {no filter, filters} x {serialized, deserialized NDIS 5 miniport,
 * NDIS 6 miniport}: every send reaches the miniport in order and comes back once, every receive
 * reaches the protocol whole and in order and goes back once (send-reaches-miniport,
 * send-completion-reaches-protocol, s5-complete-packet-identity, s5-regain-on-complete,
 * recv-return-exactly-once, r5-receivepacket-refcount).
 */
#include "rig.h"

static void
receives(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];

    for (unsigned round = 0; round < 6; round++)
        peer_miniport_indicate(rig->miniport, 5, FRAME_MIN + 250 * round, round % 3 == 2);
    rig_settle(rig);
    CHECK_EQ(protocol->received.count, 30);
    CHECK_EQ(protocol->received.bad, 0);
    CHECK_EQ(protocol->received.disorder, 0);
    CHECK_EQ(protocol->received_nbls, 30);
    if (protocol->acts)
        CHECK(protocol->batches > 0 && protocol->batches <= 30);
}

static void
sends(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];

    for (unsigned round = 0; round < 6; round++) {
        peer_protocol_send(protocol, 5, 1, FRAME_MIN + 100 * round);
        peer_protocol_send(protocol, 1, 1, FRAME_MAX);
        peer_protocol_send_at_dispatch(protocol, 3, 1, FRAME_MIN);
    }
    rig_settle(rig);
    CHECK_EQ(protocol->sent, 54);
    CHECK_EQ(protocol->back, 54);
    CHECK_EQ(protocol->failed, 0);
    CHECK_EQ(protocol->twice, 0);
    CHECK_EQ(rig->miniport->sent.count, 54);
    CHECK_EQ(rig->miniport->sent.disorder, 0);
    CHECK_EQ(rig->miniport->sent.bad, 0);
    if (rig->miniport->kind == PEER_SERIALIZED)
        CHECK_EQ(rig->miniport->overlapped, 0);
}

static void
carry(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    sends(&rig);
    receives(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_mixture(carry);
    return 0;
}
