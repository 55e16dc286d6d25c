/* SPDX-License-Identifier: MIT */
/* Sends of three protocols and receives for them at once, through two filters, on one, two and
 * four processors: nothing lost, nothing twice, each origin's frames in order.
 */
#include "rig.h"

static bool
both_ways(void *context)
{
    const struct rig *rig = context;

    return test_read(&rig->miniport->sent.count) > 20 && test_read(&rig->miniport->indicated) > 20;
}

static void
try(unsigned processors, uint64_t seed)
{
    struct rig_config config = {.filters = 2,
        .protocols = 3,
        .processors = processors,
        .seed = seed,
        .completes = PEER_OTHER_PROCESSOR,
        .returns = PEER_DPC};
    struct rig rig;

    test_case("%u processors, seed %llu", processors, (unsigned long long)seed);
    rig_up(&rig, &config);
    for (unsigned i = 0; i < 3; i++)
        peer_protocol_traffic(rig.protocols[i], true);
    peer_miniport_traffic(rig.miniport, true);
    undis_run(rig.machine, 30000000);
    test_wait(rig.machine, both_ways, &rig, "traffic");
    peer_miniport_traffic(rig.miniport, false);
    for (unsigned i = 0; i < 3; i++)
        peer_protocol_traffic(rig.protocols[i], false);
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQ(rig.protocols[i]->received.count, rig.miniport->indicated);
        CHECK_EQ(rig.protocols[i]->received.disorder, 0);
        CHECK_EQ(rig.protocols[i]->failed, 0);
    }
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    for (unsigned processors = 1; processors <= 4; processors *= 2)
        for (uint64_t seed = 0; seed < test_seeds(); seed++)
            try(processors, seed);
    return 0;
}
