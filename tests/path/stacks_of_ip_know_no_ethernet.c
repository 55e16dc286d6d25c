/* SPDX-License-Identifier: MIT */
/* A stack of NdisMediumIP: bound, sent, received and looped back as any other, and nobody looks for
 * Ethernet addresses in its packets; requests of Ethernet are the miniport's alone, others NDIS
 * answers. Protocols of NDIS 5 stand over it as those of NDIS 6 do.
 */
#include <ndis.h>

#include "rig.h"
#include <string.h>

#define PACKETS 20u

static NDIS_MEDIUM bound[2];
static unsigned bound_count;
static bool addressed;
static test_counter asked; /* of Ethernet */

static void
hear_bind(const void *context)
{
    const NDIS_BIND_PARAMETERS *parameters = context;

    CHECK(bound_count < 2);
    bound[bound_count++] = parameters->MediaType;
    addressed = addressed || parameters->MacAddressLength;
}

static void
initializing(void *module)
{
    static NDIS_OID oids[] = {OID_GEN_CURRENT_PACKET_FILTER, OID_GEN_STATISTICS, PEER_OID};
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMediumIP,
        .PhysicalMediumType = NdisPhysicalMediumUnspecified,
        .MtuSize = 1400,
        .MaxXmitLinkSpeed = 1000000,
        .MaxRcvLinkSpeed = 1000000,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .LookaheadSize = 1400,
        .MacOptions = NDIS_MAC_OPTION_NO_LOOPBACK,
        .SupportedPacketFilters = NDIS_PACKET_TYPE_DIRECTED,
        .AccessType = NET_IF_ACCESS_POINT_TO_POINT,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .IfType = IF_TYPE_TUNNEL,
        .SupportedOidList = oids,
        .SupportedOidListLength = sizeof(oids),
    };

    CHECK_EQ(
        (uint32_t)NdisMSetMiniportAttributes(module, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&general),
        NDIS_STATUS_SUCCESS);
}

static uint32_t
take_oid(void *module, void *context)
{
    const NDIS_OID_REQUEST *request = context;

    UNREFERENCED_PARAMETER(module);
    if (request->DATA.QUERY_INFORMATION.Oid >> 24 != 0x01)
        return PEER_GOES_ON;
    asked++;
    return (uint32_t)NDIS_STATUS_NOT_SUPPORTED;
}

static const struct peer_hooks miniport_hooks = {.attributes = initializing, .oid = take_oid};
static const struct peer_hooks protocol_hooks = {.bind = hear_bind};

static void
check_number(struct rig *rig, uint32_t oid, uint32_t expected)
{
    uint32_t value = 0;

    CHECK_EQ(peer_protocol_oid(rig->protocols[0], false, oid, &value), NDIS_STATUS_SUCCESS);
    CHECK_EQ(value, expected);
}

static void
requests(struct rig *rig)
{
    static const uint32_t queries[] = {OID_802_3_PERMANENT_ADDRESS, OID_802_3_CURRENT_ADDRESS,
        OID_802_3_MULTICAST_LIST, OID_802_3_MAXIMUM_LIST_SIZE};
    uint8_t address[6] = {1};
    uint32_t length;

    check_number(rig, OID_GEN_MEDIA_IN_USE, NdisMediumIP);
    check_number(rig, OID_GEN_MAXIMUM_FRAME_SIZE, 1400);
    check_number(rig, PEER_OID, rig->miniport->value);
    asked = 0;
    for (unsigned i = 0; i < RTL_NUMBER_OF(queries); i++) {
        length = sizeof(address);
        CHECK_EQ(peer_protocol_ask(rig->protocols[0], false, queries[i], address, &length),
            (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    }
    length = sizeof(address);
    CHECK_EQ(peer_protocol_ask(rig->protocols[0], true, OID_802_3_MULTICAST_LIST, address, &length),
        (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    CHECK_EQ(asked, RTL_NUMBER_OF(queries) + 1);
}

static void
set_filter(struct rig *rig, unsigned protocol, uint32_t filter)
{
    CHECK_EQ(
        peer_protocol_oid(rig->protocols[protocol], true, OID_GEN_CURRENT_PACKET_FILTER, &filter),
        NDIS_STATUS_SUCCESS);
}

/* The peers' packets begin with what would be a broadcast address in Ethernet. */
static void
traffic(struct rig *rig)
{
    set_filter(rig, 0, NDIS_PACKET_TYPE_DIRECTED);
    set_filter(rig, 1, 0);
    peer_miniport_indicate(rig->miniport, PACKETS, 200, false);
    rig_settle(rig);
    CHECK_EQ(rig->protocols[0]->received.count, PACKETS);
    CHECK_EQ(rig->protocols[1]->received.count, 0);
    peer_protocol_send(rig->protocols[1], PACKETS, 1, 200);
    rig_settle(rig);
    CHECK_EQ(rig->miniport->sent.count, PACKETS);
    CHECK_EQ(rig->miniport->sent.bad, 0);
    CHECK_EQ(rig->protocols[0]->received.count, 2 * PACKETS); /* looped back */
    CHECK_EQ(rig->protocols[0]->received.bad, 0);
    set_filter(rig, 1, NDIS_PACKET_TYPE_DIRECTED);
    peer_miniport_indicate(rig->miniport, PACKETS, 200, true);
    rig_settle(rig);
    CHECK_EQ(rig->protocols[0]->received.count, 3 * PACKETS);
    CHECK_EQ(rig->protocols[1]->received.count, PACKETS);
}

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols = 2;
    two.not_started = true;
    bound_count = 0;
    addressed = false;
    rig_up(&rig, &two);
    rig.miniport->peer.hooks = &miniport_hooks;
    for (unsigned i = 0; i < 2; i++)
        rig.protocols[i]->peer.hooks = config->protocols5 ? NULL : &protocol_hooks;
    CHECK_OK(undis_stack_start(rig.stack));
    if (!config->protocols5) {
        CHECK_EQ(bound_count, 2);
        CHECK(bound[0] == NdisMediumIP && bound[1] == NdisMediumIP && !addressed);
        requests(&rig);
    }
    traffic(&rig);
    rig_check_layers(&rig);
    rig_down(&rig);
}

/* With packets, and with a look-ahead of nothing but data. */
static void
test5(const struct rig_config *config)
{
    struct rig_config old = *config;

    old.protocols5 = true;
    test(&old);
    old.protocols_without = PEER_WITHOUT_PACKETS;
    test(&old);
}

int
main(void)
{
    rig_each(test);
    rig_each(test5);
    return 0;
}
