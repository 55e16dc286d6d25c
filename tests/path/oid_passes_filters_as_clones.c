/* SPDX-License-Identifier: MIT */
/* A request reaches the miniport through every filter that takes requests, as a clone of each, and
 * its answer, number and status come back; answered at once or pended.
 */
#include "rig.h"

#define NOT_SUPPORTED 0xC00000BBu
#define UNKNOWN_OID   0xFF554EFFu

static void
ask(struct rig *rig, bool pend)
{
    uint32_t value = 4711, got = 0;

    rig->miniport->pend_oids = pend;
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], true, PEER_OID, &value), 0);
    CHECK_EQ(rig->miniport->value, 4711);
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], false, PEER_OID, &got), 0);
    CHECK_EQ(got, 4711);
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], false, UNKNOWN_OID, &got), NOT_SUPPORTED);
    rig->miniport->value = 0;
}

static void
test(const struct rig_config *config)
{
    uint32_t value = 12, length = sizeof(value), status;
    struct rig rig;

    rig_up(&rig, config);
    ask(&rig, false);
    ask(&rig, true);
    CHECK_OK(undis_stack_oid(rig.stack, true, PEER_OID, &value, &length, &status));
    CHECK_EQ(status, 0);
    CHECK_EQ(rig.miniport->value, 12);
    CHECK_EQ(rig.miniport->oids, 7);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->oids, 7);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
