/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 6 that says it hangs, or asks with NdisMResetMiniport, is reset: protocols
 * hear of the start and the end, it answers the sends that were out, with AddressingReset it is
 * told again what the protocols want, and sends go on (rs-complete-only-if-pending,
 * rs-pending-completes, rs-addressing-reset, rs-sends-status).
 */
#include "rig.h"
#include <ndis.h>

static void
wait_for_end(struct rig *rig, uint64_t statuses, uint64_t resets)
{
    struct peer_protocol *protocol = rig->protocols[0];

    test_wait_count(rig->machine, &rig->miniport->resets, resets);
    if (rig->miniport->pend_reset) {
        CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_RESET_START);
        peer_miniport_reset_done(rig->miniport);
    }
    test_wait_count(rig->machine, &protocol->statuses, statuses + 2);
    CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_RESET_END);
}

struct asked {
    struct peer_miniport *miniport;
    uint64_t before;
};

static bool
is_asked_again(void *context)
{
    const struct asked *asked = context;

    return test_read(&asked->miniport->asked_for_hang) > asked->before;
}

/* NDIS asks whether it hangs when no reset is under way: until then no other one can be had. */
static void
wait_until_over(struct rig *rig)
{
    struct asked asked = {rig->miniport, test_read(&rig->miniport->asked_for_hang)};

    test_wait(rig->machine, is_asked_again, &asked, "the question whether it hangs");
}

static void
hang_and_reset(const struct rig_config *config, bool pend)
{
    uint32_t filter = NDIS_PACKET_TYPE_DIRECTED;
    struct peer_protocol *protocol;
    struct rig rig;
    uint64_t set, statuses;

    rig_up(&rig, config);
    protocol = rig.protocols[0];
    CHECK_EQ(peer_protocol_oid(protocol, true, OID_GEN_CURRENT_PACKET_FILTER, &filter), 0);
    set = test_read(&rig.miniport->filters_set);
    rig.miniport->pend_reset = pend;
    rig.miniport->addressing_reset = true;
    rig.miniport->filter = 0;
    peer_protocol_send(protocol, 5, 1, FRAME_MIN);
    CHECK_EQ(test_read(&protocol->back), 0);
    statuses = test_read(&protocol->statuses);
    rig.miniport->hangs = true;
    wait_for_end(&rig, statuses, 1);
    CHECK_EQ(test_read(&rig.miniport->filters_set), set + 1);
    CHECK_EQ(rig.miniport->filter, NDIS_PACKET_TYPE_DIRECTED);
    rig_settle(&rig);
    CHECK_EQ(protocol->failed, 5);
    rig.miniport->addressing_reset = false;
    wait_until_over(&rig);
    peer_miniport_reset(rig.miniport);
    wait_for_end(&rig, statuses + 2, 2);
    CHECK_EQ(test_read(&rig.miniport->filters_set), set + 1);
    rig.miniport->completes = PEER_DPC;
    peer_protocol_send(protocol, 4, 1, FRAME_MIN);
    rig_settle(&rig);
    CHECK_EQ(protocol->failed, 5);
    rig_down(&rig);
}

static void
each(const struct rig_config *config)
{
    struct rig_config rig = *config;

    if (!test_simulated() && (config->seed || config->filters > 1))
        return; /* each hang takes a second there */
    rig.completes = PEER_HOLD;
    hang_and_reset(&rig, false);
    hang_and_reset(&rig, true);
}

int
main(void)
{
    rig_each(each);
    return 0;
}
