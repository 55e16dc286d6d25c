/* SPDX-License-Identifier: MIT */
/* Drivers may pend pause, restart, bind, unbind and their events; the operation then ends when the
 * last of them has completed, with traffic under way and with none.
 */
#include "rig.h"

static void
pend_all(struct rig *rig)
{
    rig->miniport->pend_pause = rig->miniport->pend_restart = true;
    for (unsigned i = 0; i < rig->filter_count; i++)
        rig->filters[i]->pend_pause = rig->filters[i]->pend_restart = true;
    for (unsigned i = 0; i < rig->protocol_count; i++) {
        struct peer_protocol *p = rig->protocols[i];

        p->pend_bind = p->pend_unbind = p->pend_pause = p->pend_restart = true;
    }
}

static void
test(const struct rig_config *config)
{
    struct rig_config two = *config;
    struct rig rig;

    two.protocols = 2;
    two.completes = PEER_TIMER;
    two.not_started = true;
    rig_up(&rig, &two);
    pend_all(&rig);
    CHECK_OK(undis_stack_start(rig.stack));
    for (unsigned round = 0; round < 3; round++) {
        if (round != 1)
            peer_protocol_traffic(rig.protocols[0], true);
        undis_run(rig.machine, 500000);
        CHECK_OK(undis_stack_pause(rig.stack));
        CHECK_EQ(test_read(&rig.protocols[0]->sent), test_read(&rig.protocols[0]->back));
        CHECK_OK(undis_stack_restart(rig.stack));
        CHECK_OK(undis_stack_unbind(rig.stack, rig_driver(rig.protocols[1])));
        CHECK_OK(undis_stack_bind(rig.stack, rig_driver(rig.protocols[1])));
        if (round != 1)
            peer_protocol_traffic(rig.protocols[0], false);
    }
    CHECK_EQ(rig.protocols[1]->bound, 4);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
