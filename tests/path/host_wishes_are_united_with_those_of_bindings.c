/* SPDX-License-Identifier: MIT */
/* What the host program sets (undis oid) is a wish beside those of the bindings: the miniport is
 * told what all want together, and neither takes away what the other wants.
 */
#include "rig.h"

#define FILTER    0x0001010Eu
#define LOOKAHEAD 0x0001010Fu
#define LIST      0x01010103u
#define DIRECTED  1u
#define BROADCAST 4u

static uint32_t
host(struct rig *rig, bool set, uint32_t oid, void *value, uint32_t length)
{
    uint32_t status;

    CHECK_OK(undis_stack_oid(rig->stack, set, oid, value, &length, &status));
    return status;
}

static void
filters(struct rig *rig)
{
    uint32_t directed = DIRECTED, broadcast = BROADCAST, none = 0, all = 0;

    CHECK_EQ(peer_protocol_oid(rig->protocols[0], true, FILTER, &directed), 0);
    CHECK_EQ(host(rig, true, FILTER, &broadcast, 4), 0);
    CHECK_EQ(rig->miniport->filter, DIRECTED | BROADCAST);
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], true, FILTER, &none), 0);
    CHECK_EQ(rig->miniport->filter, BROADCAST);
    CHECK_EQ(host(rig, false, FILTER, &all, 4), 0);
    CHECK_EQ(all, BROADCAST);
    rig->miniport->refuses_filter = true;
    CHECK(host(rig, true, FILTER, &directed, 4) != 0);
    rig->miniport->refuses_filter = false;
    CHECK_EQ(host(rig, false, FILTER, &all, 4), 0);
    CHECK_EQ(all, BROADCAST);
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], true, FILTER, &directed), 0);
    CHECK_EQ(host(rig, true, FILTER, &none, 4), 0);
    CHECK_EQ(rig->miniport->filter, DIRECTED);
    CHECK(host(rig, true, FILTER, &none, 3) != 0);
    CHECK_EQ(rig->miniport->filter, DIRECTED);
}

static void
addresses(struct rig *rig)
{
    uint8_t one[6] = {1, 0, 0, 0, 0, 1}, two[6] = {1, 0, 0, 0, 0, 2};
    uint32_t length = sizeof(one), more = 900, less = 200;

    CHECK_EQ(peer_protocol_ask(rig->protocols[0], true, LIST, one, &length), 0);
    CHECK_EQ(host(rig, true, LIST, two, sizeof(two)), 0);
    CHECK_EQ(rig->miniport->multicast_count, 2);
    CHECK_EQ(host(rig, true, LIST, two, 0), 0);
    CHECK_EQ(rig->miniport->multicast_count, 1);
    CHECK_EQ(host(rig, true, LIST, two, sizeof(two)), 0); /* stays until the end */
    CHECK_EQ(host(rig, true, LOOKAHEAD, &more, 4), 0);
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], true, LOOKAHEAD, &less), 0);
    CHECK_EQ(rig->miniport->set_lookahead, 900);
}

static void
test(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    filters(&rig);
    addresses(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
