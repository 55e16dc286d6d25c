/* SPDX-License-Identifier: MIT */
/* With several protocols each gets every frame, in order; the miniport gets each NBL back once,
 * after the last of them has returned its part.
 */
#include "rig.h"

static bool
nothing_kept(void *context)
{
    return test_read(&((struct peer_protocol *)context)->kept) == 0;
}

static void
test(const struct rig_config *config)
{
    struct rig_config several = *config;
    struct rig rig;

    for (several.protocols = 2; several.protocols <= 3; several.protocols++) {
        rig_up(&rig, &several);
        rig.protocols[1]->returns = PEER_HOLD; /* the slow one */
        for (unsigned i = 0; i < 10; i++)
            peer_miniport_indicate(rig.miniport, 1 + i, 100, i % 4 == 3);
        for (unsigned i = 0; i < several.protocols; i++)
            if (i != 1)
                test_wait(rig.machine, nothing_kept, rig.protocols[i], "the returns");
        CHECK_EQ(test_read(&rig.miniport->receives_out), test_read(&rig.protocols[1]->kept));
        peer_protocol_release(rig.protocols[1]);
        rig_settle(&rig);
        for (unsigned i = 0; i < several.protocols; i++) {
            CHECK_EQ(rig.protocols[i]->received.count, 55);
            CHECK_EQ(rig.protocols[i]->received.disorder, 0);
        }
        CHECK_EQ(rig.miniport->bad_returns, 0);
        CHECK_EQ(rig.miniport->returned, 55 - 4 - 8);
        rig_check_layers(&rig);
        rig_down(&rig);
    }
}

int
main(void)
{
    rig_each_return(test);
    return 0;
}
