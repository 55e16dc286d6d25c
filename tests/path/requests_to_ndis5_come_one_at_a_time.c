/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 5 gets one query or set request at a time, answers at once or by
 * NdisMQueryInformationComplete and NdisMSetInformationComplete, and the asker gets the values
 * (oid5-serialized, oid5-query-complete-once, oid5-values-before-complete).
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    for (unsigned way = 0; way < 4; way++) {
        struct rig_config kind = *config;
        struct rig rig;
        uint32_t value = 4711;

        kind.miniport = way % 2 ? PEER_SERIALIZED : PEER_DESERIALIZED;
        rig_up(&rig, &kind);
        rig.miniport->pend_oids = way >= 2;
        CHECK_EQ(peer_protocol_oid(rig.protocols[0], true, PEER_OID, &value), 0);
        value = 0;
        CHECK_EQ(peer_protocol_oid(rig.protocols[0], false, PEER_OID, &value), 0);
        CHECK_EQ(value, 4711);
        peer_protocol_oids(rig.protocols[0], 12);
        test_wait_count(rig.machine, &rig.protocols[0]->oids_done, 14);
        CHECK_EQ(rig.protocols[0]->oids_failed, 0);
        CHECK_EQ(rig.miniport->oids_at_once, way >= 2 ? 1 : 0);
        if (kind.miniport == PEER_SERIALIZED)
            CHECK_EQ(rig.miniport->overlapped, 0);
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each(test);
    return 0;
}
