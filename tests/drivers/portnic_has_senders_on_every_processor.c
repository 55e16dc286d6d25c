/* SPDX-License-Identifier: MIT */
/* Three protocols send over one portnic, each as fast as its frames come back, while it is paused
 * and restarted again and again: all comes back once, and each pause
 * is done.
 */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"

#define MORE   2u /* protocols beside that of the pair */
#define ROUNDS 9u

static void
all(struct pair *pair, struct peer_protocol **more, bool on)
{
    peer_protocol_traffic(pair->ends[0].above, on);
    for (unsigned k = 0; k < MORE; k++)
        peer_protocol_traffic(more[k], on);
}

static void
go(uint64_t seed)
{
    struct undis_config config = test_config();
    struct peer_protocol *more[MORE];
    struct undis_stack *stack;
    struct pair pair;

    test_case("seed %llu", (unsigned long long)seed);
    config.seed = seed;
    pair_up_in(&pair, test_machine_with(&config), false, "*ReceiveBuffers", "64");
    stack = pair.ends[0].stack;
    for (unsigned k = 0; k < MORE; k++) {
        more[k] = peer_protocol_add(pair.machine, k ? "second" : "third");
        CHECK_OK(undis_stack_bind(stack, more[k]->peer.driver));
    }
    pair_set(&pair, 1, OID_GEN_CURRENT_PACKET_FILTER, NDIS_PACKET_TYPE_PROMISCUOUS);
    all(&pair, more, true);
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned end = round % 3 == 2;

        undis_run(pair.machine, 300000);
        CHECK_OK(undis_stack_pause(pair.ends[end].stack));
        CHECK_OK(undis_stack_restart(pair.ends[end].stack));
    }
    all(&pair, more, false);
    pair_settle(&pair);
    for (unsigned k = 0; k < MORE; k++) {
        test_wait_count(pair.machine, &more[k]->back, test_read(&more[k]->sent));
        CHECK_EQ(test_read(&more[k]->twice), 0);
        CHECK_OK(undis_stack_unbind(stack, more[k]->peer.driver));
        peer_remove(&more[k]->peer);
    }
    pair_down(&pair);
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++)
        go(seed);
    return 0;
}
