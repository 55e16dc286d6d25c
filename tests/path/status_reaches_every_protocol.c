/* SPDX-License-Identifier: MIT */
/* A status indication of the miniport passes the filters and reaches each protocol once, paused or
 * not; a change of the link is what the next query answers.
 */
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

int
main(void)
{
    rig_each(test);
    return 0;
}
