/* SPDX-License-Identifier: MIT */
/* A call manager that refuses SAPs and calls leaves the client as it was; so does one that hangs up
 * by itself. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;
    unsigned call;

    co_rig_up(&rig, config);
    rig.manager->refuse = true;
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listen_failed, 1);
    call = co_client_call(rig.a, 7, true);
    test_wait_count(rig.machine, &rig.a->failed, 1);
    CHECK_EQ(rig.b->incoming, 0);
    rig.manager->refuse = false;
    (void)call;
    co_rig_down(&rig);
}

static void
test_hang_up(const struct co_rig_config *config)
{
    struct co_rig rig;

    co_rig_up(&rig, config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    co_manager_hang_up(rig.manager);
    test_wait_count(rig.machine, &rig.a->remote_closed, 1);
    test_wait_count(rig.machine, &rig.a->closed, 1);
    test_wait_count(rig.machine, &rig.b->closed, 1);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    co_rig_each(test_hang_up);
    return 0;
}
