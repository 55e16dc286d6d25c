/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 5 that says it hangs is reset: protocols hear of the start and the end, every
 * send that was out is answered, what was set is set again with AddressingReset, and sends go on
 * (rs-complete-only-if-pending, rs-pending-completes, rs-addressing-reset, rs-sends-status).
 */
#include "rig.h"
#include <ndis.h>

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
    peer_protocol_send(protocol, 5, 1, FRAME_MIN);
    /* A serialized one gets them later when it is asked whether it hangs just now. */
    test_wait_count(rig.machine, &rig.miniport->sends_in, 5);
    CHECK_EQ(test_read(&protocol->back), 0);
    statuses = test_read(&protocol->statuses);
    rig.miniport->hangs = true;
    test_wait_count(rig.machine, &rig.miniport->resets, 1);
    if (pend) {
        CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_RESET_START);
        peer_protocol_send(protocol, 2, 1, FRAME_MIN);
        CHECK_EQ(test_read(&rig.miniport->sends_in), 5);
        peer_legacy_reset_done(rig.miniport);
    }
    test_wait_count(rig.machine, &protocol->statuses, statuses + 2);
    CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_RESET_END);
    CHECK_EQ(test_read(&rig.miniport->filters_set), set + 1);
    test_wait_count(rig.machine, &protocol->back, pend ? 7 : 5);
    CHECK_EQ(protocol->failed, pend ? 7 : 5);
    rig.miniport->completes = PEER_DPC;
    peer_protocol_send(protocol, 4, 1, FRAME_MIN);
    rig_settle(&rig);
    CHECK_EQ(protocol->back - protocol->failed, 4);
    CHECK_EQ(rig.miniport->overlapped * (rig.miniport->kind == PEER_SERIALIZED), 0);
    rig_down(&rig);
}

static void
each(const struct rig_config *config)
{
    struct rig_config rig = *config;

    if (!test_simulated() && (config->seed || config->filters > 1))
        return; /* each hang takes a second there */
    rig.completes = PEER_HOLD;
    for (rig.miniport = PEER_SERIALIZED; rig.miniport <= PEER_DESERIALIZED; rig.miniport++) {
        hang_and_reset(&rig, false);
        hang_and_reset(&rig, true);
    }
}

int
main(void)
{
    rig_each(each);
    return 0;
}
