/* SPDX-License-Identifier: MIT */
/* A protocol of NDIS 5 gets its requests answered at once or by ProtocolRequestComplete, hears of
 * the status with an end to each, of the link as connected or not, and has the adapter reset, over
 * miniports of both generations (oid-complete-exactly-once, ss-complete-follows,
 * rs-pending-completes).
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include "rig.h"
#include <ndis.h>

static bool
answered(void *protocol)
{
    return test_read(&((struct peer_protocol *)protocol)->oids_done) == 14;
}

static void
ask(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];
    uint32_t value = 77;

    CHECK_EQ(peer_protocol_oid(protocol, true, PEER_OID, &value), NDIS_STATUS_SUCCESS);
    value = 0;
    CHECK_EQ(peer_protocol_oid(protocol, false, PEER_OID, &value), NDIS_STATUS_SUCCESS);
    CHECK_EQ(value, 77);
    CHECK_EQ(peer_protocol_oid(protocol, false, 0xFF123456, &value),
        (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    CHECK_EQ(protocol->oids_failed, 1);
    rig->miniport->pend_oids = true;
    CHECK_EQ(peer_protocol_oid(protocol, false, PEER_OID, &value), NDIS_STATUS_SUCCESS);
    CHECK_EQ(value, 77);
    peer_protocol_oids(protocol, 10);
    test_wait(rig->machine, answered, protocol, "the answers");
    CHECK_EQ(rig->miniport->oids_at_once, 1);
    rig->miniport->pend_oids = false;
}

static void
hear(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];
    uint64_t before = protocol->statuses;

    peer_miniport_link(rig->miniport, false);
    CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_MEDIA_DISCONNECT);
    peer_miniport_link(rig->miniport, false); /* nothing new */
    CHECK_EQ(protocol->statuses, before + 1);
    peer_miniport_link(rig->miniport, true);
    CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_MEDIA_CONNECT);
    peer_miniport_status(rig->miniport, (uint32_t)NDIS_STATUS_LINK_SPEED_CHANGE);
    CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_LINK_SPEED_CHANGE);
    CHECK_EQ(protocol->statuses, before + 3);
    CHECK_EQ(protocol->status_ends, protocol->statuses);
}

/* Two indications with one end. */
static void
tell_twice(void *adapter, void *packet)
{
    UNREFERENCED_PARAMETER(packet);
    NdisMIndicateStatus(adapter, NDIS_STATUS_RING_STATUS, NULL, 0);
    NdisMIndicateStatus(adapter, NDIS_STATUS_RING_STATUS, NULL, 0);
    NdisMIndicateStatusComplete(adapter);
    NdisMIndicateStatusComplete(adapter);
}

static void
hear_one_end(struct rig *rig)
{
    const struct peer_protocol *protocol = rig->protocols[0];
    uint64_t statuses = protocol->statuses, ends = protocol->status_ends;

    if (rig->miniport->kind == PEER_NDIS6)
        return;
    peer_legacy_run(rig->miniport, tell_twice);
    CHECK_EQ(protocol->statuses, statuses + 2);
    CHECK_EQ(protocol->status_ends, ends + 1);
}

static void
reset(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];

    peer_protocol5_reset(protocol);
    test_wait_count(rig->machine, &protocol->resets_done, 1);
    if (rig->miniport->kind == PEER_NDIS6) {
        CHECK_EQ(protocol->reset_status, (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
        return;
    }
    CHECK_EQ(protocol->reset_status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(rig->miniport->resets, 1);
    CHECK_EQ(protocol->last_status, (uint32_t)NDIS_STATUS_RESET_END);
}

static void
each(const struct rig_config *config)
{
    struct rig_config way = *config;
    struct rig rig;

    way.protocols5 = true;
    for (way.miniport = 0; way.miniport < PEER_KINDS; way.miniport++) {
        test_case("%s miniport, %u filters, seed %llu", peer_kind_names[way.miniport], way.filters,
            (unsigned long long)way.seed);
        rig_up(&rig, &way);
        ask(&rig);
        hear(&rig);
        hear_one_end(&rig);
        reset(&rig);
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each(each);
    return 0;
}
