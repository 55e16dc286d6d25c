/* SPDX-License-Identifier: MIT */
/* What a miniport of NDIS 5 indicates reaches the protocol in order and whole, and comes back once:
 * packets, packets with NDIS_STATUS_RESOURCES, look-ahead of the whole frame, of a part of it, and
 * with a transfer that pends (r5-status-preset, r5-resources-reclaim, r5-serialized-status-check,
 * r5-deser-no-status-check, r5-transfer-complete-once). What a packet says out of band reaches each
 * protocol of NDIS 5 with it; the time of a send goes down and comes back.
 */
#include "rig.h"

static const struct {
    bool by_lookahead, resources, pend;
    unsigned lookahead;
} ways[] = {
    {false, false, false, 0},
    {false, true, false, 0},
    {true, false, false, 0},
    {true, false, false, 32},
    {true, false, true, 32},
};

static void
receives(const struct rig_config *config)
{
    for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        struct rig rig;
        struct rig_config way = *config;
        struct peer_protocol *protocol;

        way.grows = ways[i].lookahead != 0; /* the pool of partial MDLs stays */
        if (ways[i].by_lookahead || ways[i].resources)
            way.miniport |= PEER_NO_RETURNS; /* nothing of it comes back that way */

        test_case("%s, way %u, returned %s, %u filters, seed %llu",
            peer_kind_names[config->miniport], i, peer_giving_names[config->returns],
            config->filters, (unsigned long long)config->seed);
        rig_up(&rig, &way);
        protocol = rig.protocols[0];
        rig.miniport->by_lookahead = ways[i].by_lookahead;
        rig.miniport->lookahead = ways[i].lookahead;
        rig.miniport->pend_transfer = ways[i].pend;
        for (unsigned round = 0; round < 6; round++)
            peer_miniport_indicate(
                rig.miniport, 1 + round % 4, FRAME_MIN + 190 * round, ways[i].resources);
        rig_settle(&rig);
        CHECK_EQ(protocol->received.count, 13);
        CHECK_EQ(protocol->received.disorder, 0);
        CHECK_EQ(protocol->resources, ways[i].resources ? 13 : 0);
        CHECK_EQ(rig.miniport->transfers, ways[i].lookahead ? 13 : 0);
        if (!ways[i].by_lookahead && !ways[i].resources)
            CHECK_EQ(rig.miniport->returned, 13);
        rig_check_layers(&rig);
        rig_down(&rig);
    }
}

/* One protocol gets the miniport's packets, several get packets of NDIS'. */
static void
out_of_band(const struct rig_config *config)
{
    struct rig_config each = *config;

    each.protocols5 = true;
    for (unsigned way = 0; way < 4; way++) {
        struct rig rig;

        each.miniport = way & 1 ? PEER_DESERIALIZED : PEER_SERIALIZED;
        each.protocols = 1 + way / 2;
        each.grows = each.protocols > 1; /* NDIS' pool of NET_BUFFERs for clones stays */
        test_case("out-of-band data, %s, %u protocols, %u filters", peer_kind_names[each.miniport],
            each.protocols, each.filters);
        rig_up(&rig, &each);
        peer_miniport_indicate(rig.miniport, 3, FRAME_MIN, false);
        peer_miniport_indicate(rig.miniport, 2, FRAME_MIN, true);
        peer_protocol_send(rig.protocols[0], 4, 1, FRAME_MIN);
        rig_settle(&rig);
        for (unsigned i = 0; i < each.protocols; i++) {
            CHECK_EQ(rig.protocols[i]->received.count, 5);
            CHECK_EQ(rig.protocols[i]->told_all, 5);
        }
        CHECK_EQ(rig.protocols[0]->told_when, 4);
        rig_down(&rig);
    }
}

static void
each_kind(const struct rig_config *config)
{
    struct rig_config each = *config;

    for (each.miniport = PEER_SERIALIZED; each.miniport <= PEER_DESERIALIZED; each.miniport++) {
        receives(&each);
    }
}

int
main(void)
{
    rig_each_return(each_kind);
    rig_each(out_of_band);
    return 0;
}
