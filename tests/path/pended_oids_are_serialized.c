/* SPDX-License-Identifier: MIT */
/* However many requests protocols have under way, the miniport and each filter get one at a time
 * and every one is answered once.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols = 2;
    rig_up(&rig, &two);
    rig.miniport->pend_oids = true;
    for (unsigned i = 0; i < 4; i++) {
        peer_protocol_oids(rig.protocols[0], 5);
        peer_protocol_oids(rig.protocols[1], 5);
    }
    test_wait_count(rig.machine, &rig.protocols[0]->oids_done, 20);
    test_wait_count(rig.machine, &rig.protocols[1]->oids_done, 20);
    CHECK_EQ(rig.miniport->oids, 40);
    CHECK_EQ(rig.miniport->oids_at_once, 1);
    CHECK_EQ(rig.protocols[0]->oids_failed + rig.protocols[1]->oids_failed, 0);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
