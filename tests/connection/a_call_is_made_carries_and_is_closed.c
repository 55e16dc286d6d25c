/* SPDX-License-Identifier: MIT */
/* A client calls another, both send, the caller hangs up; the callee's end goes with it. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;
    unsigned call;

    co_rig_up(&rig, config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    call = co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    CHECK_EQ(rig.b->incoming, 1);
    co_client_send(rig.a, call, 5, 200);
    co_client_send(rig.b, 0, 3, 80);
    test_wait_count(rig.machine, &rig.b->received, 5);
    test_wait_count(rig.machine, &rig.a->received, 3);
    test_wait_count(rig.machine, &rig.a->back, 5);
    test_wait_count(rig.machine, &rig.b->back, 3);
    CHECK_EQ(rig.a->send_failed + rig.b->send_failed, 0);
    co_client_hang_up(rig.a, call);
    test_wait_count(rig.machine, &rig.a->closed, 1);
    test_wait_count(rig.machine, &rig.b->remote_closed, 1);
    test_wait_count(rig.machine, &rig.b->closed, 1);
    test_wait_count(rig.machine, &rig.b->deleted, 1);
    CHECK_EQ(co_client_delete(rig.a, call), 0);
    CHECK_EQ(rig.manager->activated, 2);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    return 0;
}
