/* SPDX-License-Identifier: MIT */
/* What MiniportSend answers at once is what NdisSend answers, and ProtocolSendComplete does not
 * follow; where something stands between, or for an array, it does follow, with that status
 * (s5-sync-regain, s5-sync-status-set, s5-no-complete-unless-pending).
 */
#include "rig.h"
#include <ndis.h>

#define ONES   7u
#define ARRAYS 3u

static void
sends(const struct rig_config *config, NDIS_STATUS status)
{
    struct peer_protocol *protocol;
    struct rig rig;

    rig_up(&rig, config);
    protocol = rig.protocols[0];
    rig.miniport->answers = (uint32_t)status;
    for (unsigned i = 0; i < ONES; i++)
        peer_protocol_send(protocol, 1, 1, FRAME_MIN + i);
    for (unsigned i = 0; i < ARRAYS; i++)
        peer_protocol_send(protocol, 2, 1, FRAME_MAX);
    rig_settle(&rig);
    CHECK_EQ(protocol->at_once, config->filters ? 0 : ONES);
    CHECK_EQ(protocol->back, ONES + 2 * ARRAYS);
    CHECK_EQ(protocol->failed, status == NDIS_STATUS_SUCCESS ? 0 : ONES + 2 * ARRAYS);
    CHECK_EQ(protocol->twice, 0);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    rig_check_layers(&rig);
    rig_down(&rig);
}

static void
each(const struct rig_config *config)
{
    struct rig_config way = *config;

    way.protocols5 = true;
    for (unsigned i = 0; i < 4; i++) {
        way.miniport = i & 1 ? PEER_SERIALIZED : PEER_DESERIALIZED;
        sends(&way, i & 2 ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS);
    }
}

int
main(void)
{
    rig_each(each);
    return 0;
}
