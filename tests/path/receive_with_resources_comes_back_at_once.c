/* SPDX-License-Identifier: MIT */
/* With NDIS_RECEIVE_FLAGS_RESOURCES the miniport has its chain back, unchanged, when the call
 * returns: nobody returns it, and the protocol saw it with the flag.
 */
#include "rig.h"

static void
test(const struct rig_config *config)
{
    struct undis_layer layers[8];
    struct rig_config several = *config;
    struct rig rig;
    int n;

    for (several.protocols = 1; several.protocols <= 3; several.protocols++) {
        rig_up(&rig, &several);
        for (unsigned length = 1; length <= 16; length *= 2) {
            peer_miniport_indicate(rig.miniport, length, 200, true);
            CHECK_EQ(test_read(&rig.miniport->receives_out), 0);
        }
        CHECK_EQ(rig.miniport->resources_lost, 0);
        CHECK_EQ(rig.miniport->returned, 0);
        for (unsigned i = 0; i < several.protocols; i++) {
            CHECK_EQ(rig.protocols[i]->received.count, 31);
            CHECK_EQ(rig.protocols[i]->resources, 31);
        }
        n = undis_stack_layers(rig.stack, layers, 8);
        CHECK_EQ(layers[n - 1].resources, 31);
        rig_check_layers(&rig);
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each(test);
    return 0;
}
