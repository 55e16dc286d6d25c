/* SPDX-License-Identifier: MIT */
/* A status indication of the miniport passes the filters and reaches each protocol once, paused or
 * not; a change of the link is what the next query answers. A wireless miniport of NDIS 5 that looks
 * like Ethernet and says again that it is connected may have changed the network: NDIS says so.
 */
#include <ndis.h>

#include "rig.h"

#define LINK_STATE         0x40010017u
#define MEDIA_SPECIFIC     0x40010019u
#define OID_CONNECT_STATUS 0x00010114u

static void
test(const struct rig_config *config)
{
    struct rig_config three = *config;
    uint32_t disconnected = 0;
    struct rig rig;

    three.protocols = 3;
    rig_up(&rig, &three);
    for (unsigned i = 0; i < 5; i++)
        peer_miniport_status(rig.miniport, MEDIA_SPECIFIC);
    peer_miniport_link(rig.miniport, false);
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQ(rig.protocols[i]->statuses, 6);
        CHECK_EQ(rig.protocols[i]->last_status, LINK_STATE);
    }
    CHECK_EQ(peer_protocol_oid(rig.protocols[0], false, OID_CONNECT_STATUS, &disconnected), 0);
    CHECK_EQ(disconnected, 1);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->statuses, 6);
    CHECK_OK(undis_stack_pause(rig.stack));
    peer_miniport_link(rig.miniport, true);
    for (unsigned i = 0; i < 3; i++)
        CHECK_EQ(rig.protocols[i]->statuses, 7);
    rig_down(&rig);
}

static test_counter changes;

static void
hear(void *module, void *context)
{
    const NDIS_STATUS_INDICATION *indication = context;

    UNREFERENCED_PARAMETER(module);
    if (indication->StatusCode != NDIS_STATUS_NETWORK_CHANGE)
        return;
    CHECK_EQ(indication->StatusBufferSize, sizeof(NDIS_NETWORK_CHANGE_TYPE));
    CHECK_EQ(*(NDIS_NETWORK_CHANGE_TYPE *)indication->StatusBuffer, NdisPossibleNetworkChange);
    changes++;
}

static void
wireless(bool is)
{
    static const struct peer_hooks hooks = {.status = hear};
    struct rig_config config = {
        .filters = 1, .protocols = 2, .miniport = PEER_SERIALIZED, .not_started = true};
    struct rig rig;

    rig_up(&rig, &config);
    rig.miniport->wireless = is;
    for (unsigned i = 0; i < 2; i++)
        rig.protocols[i]->peer.hooks = &hooks;
    changes = 0;
    CHECK_OK(undis_stack_start(rig.stack));
    peer_miniport_link(rig.miniport, false);
    peer_miniport_link(rig.miniport, true);
    CHECK_EQ(changes, 0);
    peer_miniport_link(rig.miniport, true);
    CHECK_EQ(changes, is ? 2 : 0);
    CHECK_EQ(rig.protocols[0]->statuses, is ? 4 : 3);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    wireless(true);
    wireless(false);
    return 0;
}
