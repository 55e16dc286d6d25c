/* SPDX-License-Identifier: MIT */
/* A protocol that asks to be unbound is, and is bound again, paused or running, to the stacks that
 * name it when it asks for that; not to one that the host took it off. A miniport that gives its
 * device up is halted for that reason, and what stood on it has left before.
 */
#include "rig.h"
#include <string.h>

#define NDIS_HALT_DEVICE_FAILED 4u /* NdisHaltDeviceFailed */

static void
a_protocol_leaves(uint64_t seed, bool pends)
{
    struct rig rig;
    struct peer_protocol *one;

    rig_up(&rig, &(struct rig_config){.filters = 1, .protocols = 2, .seed = seed});
    one = rig.protocols[0];
    one->pend_bind = one->pend_unbind = pends;
    peer_protocol_traffic(rig.protocols[1], true);
    for (uint64_t round = 1; round <= 3; round++) {
        peer_protocol_send(one, 2, 1, 100);
        peer_protocol_leave(one);
        test_wait_count(rig.machine, &one->unbound, round);
        peer_protocol_reenumerate(one);
        CHECK_EQ(one->bound, round + 1);
        CHECK_EQ(one->running, 1);
    }
    peer_protocol_reenumerate(one); /* it is bound: nothing to do */
    CHECK_EQ(one->bound, 4);
    peer_protocol_traffic(rig.protocols[1], false);
    rig_settle(&rig);
    CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(one)));
    peer_protocol_reenumerate(one);
    CHECK_EQ(one->bound, 4);
    CHECK_OK(undis_stack_pause(rig.stack));
    CHECK_OK(undis_stack_bind(rig.stack, rig_driver(one)));
    peer_protocol_leave(one);
    test_wait_count(rig.machine, &one->unbound, 5);
    peer_protocol_reenumerate(one);
    CHECK_EQ(one->bound, 6);
    CHECK_EQ(one->running, 0);
    rig_down(&rig);
}

static void
a_miniport_gives_up(uint64_t seed)
{
    struct rig rig;
    uint32_t value = 0, length = sizeof(value), status;

    rig_up(&rig, &(struct rig_config){.filters = 1, .seed = seed});
    peer_log_clear();
    peer_miniport_remove(rig.miniport);
    test_wait_count(rig.machine, &rig.miniport->halted, test_read(&rig.miniport->initialized));
    CHECK_EQ(rig.miniport->halt_action, NDIS_HALT_DEVICE_FAILED);
    CHECK(strstr(peer_log(), "protocol0 unbind, filter0 detach, miniport halt, "));
    peer_protocol_reenumerate(rig.protocols[0]);
    CHECK_EQ(rig.protocols[0]->bound, rig.protocols[0]->unbound);
    CHECK_OK(undis_stack_oid(rig.stack, false, PEER_OID, &value, &length, &status));
    CHECK(status != 0);
    CHECK(undis_stack_restart(rig.stack) < 0);
    CHECK(undis_stack_attach(rig.stack, rig_driver(rig.filters[0])) < 0);
    CHECK(undis_stack_bind(rig.stack, rig_driver(rig.protocols[0])) < 0);
    CHECK(undis_stack_power(rig.stack, 3) < 0);
    rig_down(&rig);
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++) {
        test_case("seed %llu", (unsigned long long)seed);
        a_protocol_leaves(seed, seed > 1);
        a_miniport_gives_up(seed);
    }
    return 0;
}
