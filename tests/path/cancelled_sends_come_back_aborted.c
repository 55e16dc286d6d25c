/* SPDX-License-Identifier: MIT */
/* NdisCancelSendNetBufferLists passes every filter; what is queued with that id, in a filter or in
 * the miniport, comes back aborted, and the rest is sent.
 */
#include "rig.h"

static void
send_two_kinds(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];

    for (unsigned i = 0; i < 3; i++) {
        protocol->cancel_id = 77;
        peer_protocol_send(protocol, 4, 1, 90);
        protocol->cancel_id = 78;
        peer_protocol_send(protocol, 3, 1, 90);
    }
}

static void
test(const struct rig_config *config)
{
    struct rig_config held = *config;
    struct rig rig;

    held.completes = PEER_HOLD;
    rig_up(&rig, &held);
    send_two_kinds(&rig);
    peer_protocol_cancel(rig.protocols[0], 77);
    CHECK_EQ(test_read(&rig.protocols[0]->aborted), 12);
    CHECK_EQ(rig.miniport->cancelled, 12);
    for (unsigned i = 0; i < rig.filter_count; i++)
        CHECK_EQ(rig.filters[i]->cancels, 1);
    peer_miniport_release(rig.miniport);
    CHECK_EQ(test_read(&rig.protocols[0]->back), 21);
    if (rig.filter_count) {
        rig.filters[0]->sends = PEER_HOLD;
        send_two_kinds(&rig);
        peer_protocol_cancel(rig.protocols[0], 78);
        CHECK_EQ(test_read(&rig.protocols[0]->aborted), 12 + 9);
        peer_filter_release(rig.filters[0]);
        peer_miniport_release(rig.miniport);
        CHECK_EQ(test_read(&rig.protocols[0]->back), 42);
    }
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
