/* SPDX-License-Identifier: MIT */
/* A filter may keep sends and receives and pass them on later: from a DPC, in another order, on
 * another processor, one by one, or much later.
 */
#include "rig.h"

static void
try(enum peer_giving how, uint64_t seed)
{
    struct rig_config config = {
        .filters = 2, .completes = PEER_DPC, .returns = PEER_DPC, .seed = seed};
    struct rig rig;

    test_case("kept and passed on %s, seed %llu", peer_giving_names[how], (unsigned long long)seed);
    rig_up(&rig, &config);
    rig.filters[0]->sends = how;
    rig.filters[1]->receives = how;
    for (unsigned i = 0; i < 6; i++) {
        peer_protocol_send(rig.protocols[0], 1 + i, 1, 90);
        peer_miniport_indicate(rig.miniport, 1 + i, 90, i == 3);
    }
    if (how == PEER_HOLD) {
        CHECK_EQ(rig.miniport->sends_in, 0);
        CHECK_EQ(rig.protocols[0]->received_nbls, 4);
        peer_filter_release(rig.filters[0]);
        peer_filter_release(rig.filters[1]);
    }
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->sends_in, 21);
    CHECK_EQ(rig.protocols[0]->received_nbls, 21);
    rig_down(&rig);
}

int
main(void)
{
    for (enum peer_giving how = PEER_INLINE; how < PEER_GIVINGS; how++)
        for (uint64_t seed = 0; seed < test_seeds(); seed++)
            try(how, seed);
    return 0;
}
