/* SPDX-License-Identifier: MIT */
/* A stand-alone call manager makes VCs for itself, without a family, and they carry its frames. */
#include "lib/co.h"

int
main(void)
{
    for (unsigned seed = 0; seed < 4; seed++) {
        struct co_rig_config config = {
            .own_vc = true, .seed = seed, .completes = seed % 2 ? PEER_DPC : PEER_INLINE};
        struct co_rig rig;

        co_rig_up(&rig, &config);
        co_manager_send(rig.manager, 5);
        test_wait_count(rig.machine, &rig.manager->own_back, 5);
        test_wait_count(rig.machine, &rig.manager->own_received, 5);
        CHECK_EQ(rig.a->received + rig.b->received, 0);
        co_rig_down(&rig);
    }
    return 0;
}
