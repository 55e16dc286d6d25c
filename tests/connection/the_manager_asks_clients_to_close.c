/* SPDX-License-Identifier: MIT */
/* A call manager that wants to go asks its clients to close; calls, SAPs and families go in order,
 * at once or later, and the manager hears of each end. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;

    co_rig_up(&rig, config);
    rig.a->pend_notice = config->pend;
    rig.b->pend_notice = config->pend;
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    co_manager_notice(rig.manager);
    test_wait_count(rig.machine, &rig.manager->notices_answered, 2);
    CHECK_EQ(rig.a->af_closed, 1);
    CHECK_EQ(rig.b->af_closed, 1);
    CHECK_EQ(rig.b->unlistened, 1);
    CHECK_EQ(rig.a->deleted, 1);
    CHECK_EQ(rig.b->deleted, 1);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    return 0;
}
