/* SPDX-License-Identifier: MIT */
/* A filter that registers no handlers for a way is not on it; on the other ways it is. What it passes
 * up without a handler for returns goes past it when it is returned.
 */
#include "rig.h"

static const unsigned masks[] = {0, PEER_WITHOUT_SENDS, PEER_WITHOUT_RECEIVES, PEER_WITHOUT_OIDS,
    PEER_WITHOUT_STATUS, PEER_WITHOUT_RETURNS,
    PEER_WITHOUT_SENDS | PEER_WITHOUT_RECEIVES | PEER_WITHOUT_OIDS | PEER_WITHOUT_STATUS};

static void
check_filter(const struct peer_filter *filter, unsigned without)
{
    CHECK_EQ(filter->down.count, without & PEER_WITHOUT_SENDS ? 0 : 5);
    CHECK_EQ(filter->others_completed, without & PEER_WITHOUT_SENDS ? 0 : 5);
    CHECK_EQ(filter->up.count, without & PEER_WITHOUT_RECEIVES ? 0 : 6);
    CHECK_EQ(
        filter->others_returned, without & (PEER_WITHOUT_RECEIVES | PEER_WITHOUT_RETURNS) ? 0 : 6);
    CHECK_EQ(filter->oids, without & PEER_WITHOUT_OIDS ? 0 : 1);
    CHECK_EQ(filter->statuses, without & PEER_WITHOUT_STATUS ? 0 : 1);
}

static void
try(unsigned top, unsigned bottom)
{
    struct rig_config config = {
        .filters = 2, .without = {top, bottom}, .completes = PEER_DPC, .returns = PEER_DPC};
    uint32_t value = 0;
    struct rig rig;

    test_case("without %u over without %u", top, bottom);
    rig_up(&rig, &config);
    peer_protocol_send(rig.protocols[0], 5, 1, 100);
    peer_miniport_indicate(rig.miniport, 6, 100, false);
    CHECK_EQ(peer_protocol_oid(rig.protocols[0], false, PEER_OID, &value), 0);
    peer_miniport_status(rig.miniport, 0x40010019); /* NDIS_STATUS_MEDIA_SPECIFIC_INDICATION */
    rig_settle(&rig);
    CHECK_EQ(rig.miniport->sends_in, 5);
    CHECK_EQ(rig.protocols[0]->received.count, 6);
    CHECK_EQ(rig.protocols[0]->statuses, 1);
    check_filter(rig.filters[0], top);
    check_filter(rig.filters[1], bottom);
    rig_down(&rig);
}

int
main(void)
{
    for (unsigned i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
        for (unsigned k = 0; k < sizeof(masks) / sizeof(masks[0]); k++)
            try(masks[i], masks[k]);
    return 0;
}
