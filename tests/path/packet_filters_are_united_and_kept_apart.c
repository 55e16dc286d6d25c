/* SPDX-License-Identifier: MIT */
/* Each protocol has its own packet filter and multicast addresses, the miniport the union of them;
 * a frame goes to who wants it, in order, once, and what nobody wants goes back. What the miniport
 * refuses changes nothing, and a protocol that leaves takes its part of the union with it.
 */
#include "rig.h"
#include <ndis.h>
#include <string.h>

#define DIRECTED  NDIS_PACKET_TYPE_DIRECTED
#define BROADCAST NDIS_PACKET_TYPE_BROADCAST
#define MULTICAST NDIS_PACKET_TYPE_MULTICAST

static const uint8_t own[6] = {2, 0, 0, 0, 0, 1}, other[6] = {2, 0, 0, 0, 0, 9},
                     group1[6] = {1, 0, 0x5E, 0, 0, 1}, group2[6] = {1, 0, 0x5E, 0, 0, 2};

static uint32_t
filter(struct peer_protocol *protocol, uint32_t value)
{
    return peer_protocol_oid(protocol, true, OID_GEN_CURRENT_PACKET_FILTER, &value);
}

static uint32_t
address(struct peer_protocol *protocol, uint32_t oid, const uint8_t *which, uint32_t length)
{
    uint8_t bytes[64];

    memcpy(bytes, which, length);
    return peer_protocol_ask(protocol, true, oid, bytes, &length);
}

static void
indicate(struct rig *rig, const uint8_t *to, unsigned nbls, bool resources)
{
    memcpy(rig->miniport->peer.to, to, 6);
    peer_miniport_indicate(rig->miniport, nbls, 100, resources);
    rig_settle(rig);
}

/* Frames to us, to another station, to everybody and to two groups, one of each. */
static void
indicate_each(struct rig *rig, bool resources)
{
    static const uint8_t everybody[6] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

    indicate(rig, own, 1, resources);
    indicate(rig, other, 1, resources);
    indicate(rig, everybody, 1, resources);
    indicate(rig, group1, 1, resources);
    indicate(rig, group2, 1, resources);
}

static void
check_received(struct rig *rig, uint64_t first, uint64_t second)
{
    CHECK_EQ(rig->protocols[0]->received.count, first);
    CHECK_EQ(rig->protocols[1]->received.count, second);
}

static void
test_filters(struct rig *rig)
{
    struct peer_protocol *const *p = rig->protocols;
    uint32_t value = 0;

    indicate_each(rig, false);
    check_received(rig, 5, 5);
    CHECK_EQ(filter(p[0], DIRECTED), NDIS_STATUS_SUCCESS);
    CHECK_EQ(filter(p[1], BROADCAST | NDIS_PACKET_TYPE_ALL_MULTICAST), NDIS_STATUS_SUCCESS);
    CHECK_EQ(rig->miniport->filter, DIRECTED | BROADCAST | NDIS_PACKET_TYPE_ALL_MULTICAST);
    CHECK_EQ(peer_protocol_oid(p[0], false, OID_GEN_CURRENT_PACKET_FILTER, &value), 0);
    CHECK_EQ(value, rig->miniport->filter);
    indicate_each(rig, false);
    check_received(rig, 6, 8);
    indicate_each(rig, true);
    check_received(rig, 7, 11);
    rig->miniport->refuses_filter = true;
    CHECK_EQ(filter(p[0], NDIS_PACKET_TYPE_PROMISCUOUS), (uint32_t)NDIS_STATUS_FAILURE);
    rig->miniport->refuses_filter = false;
    indicate_each(rig, false);
    check_received(rig, 8, 14);
    CHECK_EQ(filter(p[1], NDIS_PACKET_TYPE_PROMISCUOUS), NDIS_STATUS_SUCCESS);
    indicate(rig, other, 7, false);
    check_received(rig, 8, 21);
    CHECK_EQ(filter(p[1], MULTICAST), NDIS_STATUS_SUCCESS);
}

static void
test_groups(struct rig *rig)
{
    struct peer_protocol *const *p = rig->protocols;
    uint8_t both[12], list[64];
    uint32_t length = sizeof(list);

    memcpy(both, group1, 6);
    memcpy(both + 6, group2, 6);
    CHECK_EQ(filter(p[0], MULTICAST), NDIS_STATUS_SUCCESS);
    CHECK_EQ(address(p[0], OID_802_3_MULTICAST_LIST, both, 12), NDIS_STATUS_SUCCESS);
    CHECK_EQ(address(p[1], OID_802_3_ADD_MULTICAST_ADDRESS, group2, 6), NDIS_STATUS_SUCCESS);
    CHECK_EQ(address(p[1], OID_802_3_ADD_MULTICAST_ADDRESS, group2, 6), NDIS_STATUS_SUCCESS);
    CHECK_EQ(rig->miniport->multicast_count, 2);
    CHECK_EQ(peer_protocol_ask(p[1], false, OID_802_3_MULTICAST_LIST, list, &length), 0);
    CHECK_EQ(length, 12);
    CHECK(memcmp(list, both, 12) == 0);
    indicate_each(rig, false);
    check_received(rig, 10, 22);
    CHECK_EQ(address(p[0], OID_802_3_MULTICAST_LIST, group1, 6), NDIS_STATUS_SUCCESS);
    CHECK_EQ(rig->miniport->multicast_count, 2);
    CHECK_EQ(address(p[1], OID_802_3_DELETE_MULTICAST_ADDRESS, group2, 6), NDIS_STATUS_SUCCESS);
    indicate_each(rig, false);
    check_received(rig, 11, 23);
    CHECK_EQ(address(p[1], OID_802_3_DELETE_MULTICAST_ADDRESS, group2, 6), NDIS_STATUS_SUCCESS);
    CHECK_EQ(rig->miniport->multicast_count, 1);
    CHECK_EQ(address(p[1], OID_802_3_DELETE_MULTICAST_ADDRESS, group2, 6),
        (uint32_t)NDIS_STATUS_MULTICAST_NOT_FOUND);
    CHECK_EQ(address(p[1], OID_802_3_ADD_MULTICAST_ADDRESS, own, 6),
        (uint32_t)NDIS_STATUS_MULTICAST_FULL);
    for (unsigned i = 0; i < PEER_MULTICAST; i++)
        CHECK_EQ(address(p[1], OID_802_3_ADD_MULTICAST_ADDRESS,
                     (uint8_t[6]){1, 2, 3, 4, 5, (uint8_t)i}, 6),
            (uint32_t)(i + 1 < PEER_MULTICAST ? NDIS_STATUS_SUCCESS : NDIS_STATUS_MULTICAST_FULL));
    CHECK_EQ(rig->miniport->multicast_count, PEER_MULTICAST);
}

static void
test_lookahead(struct rig *rig)
{
    struct peer_protocol *const *p = rig->protocols;
    uint32_t value = 256;

    CHECK_EQ(peer_protocol_oid(p[0], true, OID_GEN_CURRENT_LOOKAHEAD, &value), 0);
    value = 128;
    CHECK_EQ(peer_protocol_oid(p[1], true, OID_GEN_CURRENT_LOOKAHEAD, &value), 0);
    CHECK_EQ(rig->miniport->set_lookahead, 256);
    CHECK_EQ(peer_protocol_oid(p[1], false, OID_GEN_CURRENT_LOOKAHEAD, &value), 0);
    CHECK_EQ(value, 256);
    value = 100000;
    CHECK_EQ(peer_protocol_oid(p[1], true, OID_GEN_CURRENT_LOOKAHEAD, &value),
        (uint32_t)NDIS_STATUS_INVALID_DATA);
}

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols = 2;
    rig_up(&rig, &two);
    test_filters(&rig);
    test_groups(&rig);
    test_lookahead(&rig);
    CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(rig.protocols[1])));
    CHECK_EQ(rig.miniport->multicast_count, 1);
    CHECK_EQ(rig.miniport->filter, MULTICAST);
    CHECK_EQ(rig.miniport->returned, rig.miniport->indicated - 5);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_return(test);
    return 0;
}
