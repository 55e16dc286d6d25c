/* SPDX-License-Identifier: MIT */
/* A client takes or refuses a call, at once or later; a call to nobody fails. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;
    unsigned call;

    co_rig_up(&rig, config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);

    co_client_call(rig.a, 8, false); /* nobody */
    test_wait_count(rig.machine, &rig.a->failed, 1);
    CHECK_EQ(co_client_delete(rig.a, 0), 0);
    CHECK_EQ(rig.b->created, 0);

    rig.b->reject = true;
    call = co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->failed, 2);
    test_wait_count(rig.machine, &rig.b->deleted, 1);
    CHECK_EQ(co_client_delete(rig.a, call), 0);

    rig.b->pend_incoming = true;
    call = co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.b->incoming, 2);
    co_client_answer(rig.b, false);
    test_wait_count(rig.machine, &rig.a->failed, 3);
    test_wait_count(rig.machine, &rig.b->deleted, 2);
    CHECK_EQ(co_client_delete(rig.a, call), 0);
    CHECK_EQ(rig.a->made, 0);
    CHECK_EQ(rig.b->connected, 0);

    call = co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.b->incoming, 3);
    CHECK_EQ(rig.a->made, 0);
    co_client_answer(rig.b, true);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    co_client_send(rig.a, call, 1, 100);
    test_wait_count(rig.machine, &rig.b->received, 1);
    /* The called one ends it. */
    co_client_hang_up(rig.b, 2);
    test_wait_count(rig.machine, &rig.a->remote_closed, 1);
    test_wait_count(rig.machine, &rig.a->closed, 1);
    test_wait_count(rig.machine, &rig.b->closed, 1);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    return 0;
}
