/* SPDX-License-Identifier: MIT */
/* Quality of service changes from both sides; parties are added, refused and dropped by both. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;
    unsigned call;

    co_rig_up(&rig, config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    call = co_client_call(rig.a, 7, true);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    CHECK_EQ(rig.manager->parties, 1);

    co_client_modify(rig.a, call);
    test_wait_count(rig.machine, &rig.a->modified, 1);
    CHECK_EQ(rig.manager->activated, 3);
    co_manager_change(rig.manager);
    test_wait_count(rig.machine, &rig.b->changed, 1);
    CHECK_EQ(rig.a->changed, 0);

    co_client_add_party(rig.a, call, 21);
    test_wait_count(rig.machine, &rig.a->parties_added, 1);
    co_client_add_party(rig.a, call, 13);
    test_wait_count(rig.machine, &rig.a->parties_failed, 1);
    co_client_add_party(rig.a, call, 22);
    test_wait_count(rig.machine, &rig.a->parties_added, 2);
    co_client_send(rig.a, call, 2, 100);
    test_wait_count(rig.machine, &rig.b->received, 2);
    test_wait_count(rig.machine, &rig.a->back, 2);

    co_manager_drop(rig.manager);
    test_wait_count(rig.machine, &rig.a->remote_drops, 1);
    test_wait_count(rig.machine, &rig.a->parties_dropped, 1);
    co_client_drop_party(rig.a, call, 1);
    test_wait_count(rig.machine, &rig.a->parties_dropped, 2);
    /* The last party goes with the call. */
    co_client_hang_up(rig.a, call);
    test_wait_count(rig.machine, &rig.a->closed, 1);
    CHECK_EQ(rig.a->parties_dropped, 2);
    test_wait_count(rig.machine, &rig.b->closed, 1);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    return 0;
}
