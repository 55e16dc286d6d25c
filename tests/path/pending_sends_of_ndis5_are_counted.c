/* SPDX-License-Identifier: MIT */
/* NdisQueryPendingIOCount tells a protocol of NDIS 5 how many of its sends are out, its own only;
 * NdisGetDriverHandle tells all bindings to a driver's adapters the same.
 */
#include "rig.h"

static void
count(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct peer_protocol *first, *second;
    struct rig rig;

    two.protocols5 = true;
    two.protocols = 2;
    two.completes = PEER_HOLD;
    for (two.miniport = 0; two.miniport < PEER_KINDS; two.miniport++) {
        test_case("%s miniport, %u filters, seed %llu", peer_kind_names[two.miniport], two.filters,
            (unsigned long long)two.seed);
        rig_up(&rig, &two);
        first = rig.protocols[0];
        second = rig.protocols[1];
        CHECK_EQ(peer_protocol5_pending(first), 0);
        peer_protocol_send(first, 3, 1, FRAME_MIN);
        CHECK_EQ(peer_protocol5_pending(first), 3);
        CHECK_EQ(peer_protocol5_pending(second), 0);
        peer_miniport_release(rig.miniport);
        test_wait_count(rig.machine, &first->back, 3);
        rig_settle(&rig);
        CHECK_EQ(peer_protocol5_pending(first), 0);
        CHECK(peer_protocol5_driver(first) != NULL);
        CHECK(peer_protocol5_driver(first) == peer_protocol5_driver(second));
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each(count);
    return 0;
}
