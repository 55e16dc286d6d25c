/* SPDX-License-Identifier: MIT */
/* Two protocols of NDIS 5 get exactly their own packets back, each with the context that it gave to
 * NdisOpenAdapter, in whatever order the miniport completes (send-protocol-context,
 * send-completion-reaches-protocol, s5-complete-packet-identity, send-protocol-any-order,
 * s5-complete-random-order).
 */
#include "rig.h"

static void
check_back(const struct peer_protocol *protocol, uint64_t count)
{
    CHECK_EQ(protocol->sent, count);
    CHECK_EQ(protocol->back, count);
    CHECK_EQ(protocol->twice, 0);
    CHECK_EQ(protocol->wrong, 0);
}

static void
out_of_order(struct rig *rig)
{
    struct peer_protocol *first = rig->protocols[0], *second = rig->protocols[1];

    peer_protocol_send(first, 8, 1, FRAME_MIN);
    peer_protocol_send(second, 5, 1, FRAME_MIN);
    peer_miniport_release(rig->miniport);
    rig_settle(rig);
    check_back(first, 8);
    check_back(second, 5);
    CHECK_EQ(first->failed + second->failed, 0);
    CHECK(first->completed.disorder > 0);
}

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols5 = true;
    two.protocols = 2;
    two.completes = PEER_REVERSED;
    for (two.miniport = 0; two.miniport < PEER_KINDS; two.miniport++) {
        if (two.miniport == PEER_SERIALIZED)
            continue; /* it has one send at a time */
        test_case("%s miniport, %u filters, seed %llu", peer_kind_names[two.miniport], two.filters,
            (unsigned long long)two.seed);
        rig_up(&rig, &two);
        out_of_order(&rig);
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each(test);
    return 0;
}
