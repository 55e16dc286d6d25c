/* SPDX-License-Identifier: MIT */
/* What MiniportSend answers at once, success or failure, is the status of the send, and so is the
 * OOB status that a serialized miniport leaves in an array (s5-sync-status-set, s5-sync-regain,
 * s5-sendpackets-status-each).
 */
#include "rig.h"
#include <ndis.h>

static void
answers(const struct rig_config *config)
{
    static const struct {
        unsigned kind;
        NDIS_STATUS status;
    } cases[] = {
        {PEER_SERIALIZED, NDIS_STATUS_SUCCESS},
        {PEER_SERIALIZED, NDIS_STATUS_FAILURE},
        {PEER_SERIALIZED + PEER_ARRAYS, NDIS_STATUS_SUCCESS},
        {PEER_SERIALIZED + PEER_ARRAYS, NDIS_STATUS_INVALID_PACKET},
        {PEER_DESERIALIZED, NDIS_STATUS_SUCCESS},
        {PEER_DESERIALIZED, NDIS_STATUS_FAILURE},
    };

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rig_config kind = *config;
        struct rig rig;

        kind.miniport = cases[i].kind;
        rig_up(&rig, &kind);
        rig.miniport->answers = (uint32_t)cases[i].status;
        peer_protocol_send(rig.protocols[0], 9, 2, FRAME_MIN);
        rig_settle(&rig);
        CHECK_EQ(rig.protocols[0]->back, 9);
        CHECK_EQ(rig.protocols[0]->failed, cases[i].status == NDIS_STATUS_SUCCESS ? 0 : 9);
        CHECK_EQ(rig.miniport->sent.count, 18);
        CHECK_EQ(rig.miniport->sent.disorder, 0);
        rig_check_layers(&rig);
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each(answers);
    return 0;
}
