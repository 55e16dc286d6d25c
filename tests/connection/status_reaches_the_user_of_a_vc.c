/* SPDX-License-Identifier: MIT */
/* A status of the adapter reaches every client, one of a VC its user alone. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;

    co_rig_up(&rig, config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->made, 1);
    co_manager_status(rig.manager, false);
    CHECK_EQ(rig.a->statuses, 1);
    CHECK_EQ(rig.b->statuses, 1);
    co_manager_status(rig.manager, true); /* the first VC is the caller's */
    CHECK_EQ(rig.a->statuses, 2);
    CHECK_EQ(rig.b->statuses, 1);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    return 0;
}
