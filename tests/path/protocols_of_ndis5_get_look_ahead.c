/* SPDX-License-Identifier: MIT */
/* What a miniport of NDIS 5 shows by look-ahead reaches a protocol of NDIS 5, which transfers the
 * rest: from the miniport itself where nothing stands between, at once or pended, else from what
 * NDIS has completed (r5-transfer-complete-once, r5-transfer-complete-early,
 * r5-receivecomplete-follows).
 */
#include "rig.h"

static void
receives(const struct rig_config *config, bool pend, unsigned lookahead)
{
    struct peer_protocol *protocol;
    struct rig rig;

    rig_up(&rig, config);
    protocol = rig.protocols[0];
    rig.miniport->by_lookahead = true;
    rig.miniport->lookahead = lookahead;
    rig.miniport->pend_transfer = pend;
    for (unsigned round = 0; round < 6; round++) {
        peer_miniport_indicate(rig.miniport, 1 + round % 4, FRAME_MIN + 190 * round, false);
        rig_settle(&rig);
    }
    CHECK_EQ(protocol->received.count, 13);
    CHECK_EQ(protocol->received.bad, 0);
    CHECK_EQ(protocol->received.disorder, 0);
    CHECK(protocol->batches >= 6);
    if (config->filters == 0) {
        CHECK_EQ(protocol->lookaheads, 13);
        CHECK_EQ(rig.miniport->transfers, 13);
    } else {
        CHECK_EQ(protocol->lookaheads, config->protocols_without ? 13 : 0);
        CHECK_EQ(rig.miniport->transfers, lookahead ? 13 : 0);
    }
    rig_check_layers(&rig);
    rig_down(&rig);
}

static void
each(const struct rig_config *config)
{
    struct rig_config way = *config;

    way.protocols5 = true;
    way.grows = true; /* the pool of partial MDLs stays */
    for (unsigned i = 0; i < 8; i++) {
        way.miniport = i & 1 ? PEER_SERIALIZED : PEER_DESERIALIZED;
        way.protocols_without = i & 2 ? PEER_WITHOUT_PACKETS : 0;
        receives(&way, i & 4, i & 4 ? 32 : 0);
    }
}

int
main(void)
{
    rig_each(each);
    return 0;
}
