/* SPDX-License-Identifier: MIT */
/* Every NBL that a protocol sends comes back to it once, whole, however it is completed. */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    static const unsigned lengths[] = {1, 2, 7, 32};
    unsigned sent = 0, frames = 0;
    struct rig rig;

    rig_up(&rig, config);
    for (unsigned i = 0; i < 4; i++) {
        for (unsigned nbs = 1; nbs <= 3; nbs += 2) {
            peer_protocol_send(rig.protocols[0], lengths[i], nbs, 60 + 97 * i);
            sent += lengths[i];
            frames += lengths[i] * nbs;
        }
        rig_settle(&rig);
    }
    CHECK_EQ(test_read(&rig.protocols[0]->back), sent);
    CHECK_EQ(rig.protocols[0]->completed.count, frames);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.miniport->sends_in, sent);
    CHECK_EQ(rig.miniport->sent.count, frames);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    rig_each_completion(test);
    return 0;
}
