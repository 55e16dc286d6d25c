/* SPDX-License-Identifier: MIT */
/* What one protocol sends the other one on the adapter receives if its packet filter wants it, and
 * the sender itself only when it sends with NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK. The miniport gets
 * every send all the same, and a loopback has the number of its port; with
 * NDIS_PROT_OPTION_NO_LOOPBACK nothing comes back.
 */
#include "rig.h"
#include <ndis.h>

static void
set(struct peer_protocol *protocol, uint32_t oid, uint32_t value)
{
    CHECK_EQ(peer_protocol_oid(protocol, true, oid, &value), NDIS_STATUS_SUCCESS);
}

/* All but the default port; the peers count what comes with another number. */
static void
use_port(struct rig *rig, uint32_t port)
{
    rig->miniport->peer.port = port;
    for (unsigned i = 0; i < rig->protocol_count; i++)
        rig->protocols[i]->peer.port = port;
    for (unsigned i = 0; i < rig->filter_count; i++)
        rig->filters[i]->peer.port = port;
}

static void
check(struct rig *rig, uint64_t sent, uint64_t own, uint64_t others)
{
    rig_settle(rig);
    CHECK_EQ(rig->miniport->sends_in, sent);
    CHECK_EQ(rig->protocols[0]->received.count, own);
    CHECK_EQ(rig->protocols[1]->received.count, others);
    CHECK_EQ(rig->protocols[0]->received.disorder, 0);
}

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols = 2;
    for (unsigned i = 0; i < RIG_MAX; i++)
        two.without[i] = PEER_WITHOUT_SENDS; /* who passes them on chooses flags of its own */
    rig_up(&rig, &two);
    peer_protocol_send(rig.protocols[0], 2, 1, 100);
    check(&rig, 2, 0, 0);
    set(rig.protocols[1], OID_GEN_CURRENT_PACKET_FILTER, NDIS_PACKET_TYPE_BROADCAST);
    peer_protocol_send(rig.protocols[0], 5, 2, 100);
    check(&rig, 7, 0, 10);
    set(rig.protocols[0], OID_GEN_CURRENT_PACKET_FILTER, NDIS_PACKET_TYPE_DIRECTED);
    rig.protocols[0]->check_loopback = true;
    peer_protocol_send_at_dispatch(rig.protocols[0], 3, 1, 100);
    check(&rig, 10, 0, 13);
    set(rig.protocols[0], OID_GEN_CURRENT_PACKET_FILTER, NDIS_PACKET_TYPE_PROMISCUOUS);
    rig.protocols[0]->received.next[rig.protocols[0]->peer.origin] = 15;
    peer_protocol_send(rig.protocols[0], 2, 1, 100);
    check(&rig, 12, 2, 15);
    rig.protocols[0]->check_loopback = false;
    peer_protocol_send(rig.protocols[0], 1, 1, 100);
    check(&rig, 13, 2, 16);
    use_port(&rig, 7);
    peer_protocol_send(rig.protocols[0], 1, 1, 100);
    check(&rig, 14, 2, 17);
    use_port(&rig, 0);
    set(rig.protocols[1], OID_GEN_PROTOCOL_OPTIONS, NDIS_PROT_OPTION_NO_LOOPBACK);
    peer_protocol_send(rig.protocols[0], 1, 1, 100);
    check(&rig, 15, 2, 17);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.protocols[1]->resources, 17);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
