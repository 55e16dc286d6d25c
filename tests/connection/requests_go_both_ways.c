/* SPDX-License-Identifier: MIT */
/* A client asks the miniport and the call manager, of its own accord and about a VC; the call
 * manager asks the clients. */
#include "lib/co.h"

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;

    co_rig_up(&rig, config);
    rig.b->pend_requests = config->pend;
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->made, 1);

    co_client_ask(rig.a, CO_ASK_MINIPORT, 0);
    test_wait_count(rig.machine, &rig.a->answers, 1);
    CHECK_EQ(rig.a->last_answer, 0);
    CHECK_EQ(rig.a->last_value, 6);
    co_client_ask(rig.a, CO_ASK_MANAGER, 0);
    test_wait_count(rig.machine, &rig.a->answers, 2);
    CHECK_EQ(rig.a->last_value, 5);
    co_client_ask(rig.a, CO_ASK_VC, 0);
    test_wait_count(rig.machine, &rig.a->answers, 3);
    CHECK_EQ(rig.a->last_value, config->pend ? 5 : 50);
    CHECK_EQ(rig.manager->requests, 3);

    co_manager_ask(rig.manager);
    test_wait_count(rig.machine, &rig.manager->answers, 2);
    CHECK_EQ(rig.manager->last_answer, 7);
    CHECK_EQ(rig.a->requests, 1);
    CHECK_EQ(rig.b->requests, 1);
    co_rig_down(&rig);
}

int
main(void)
{
    co_rig_each(test);
    return 0;
}
