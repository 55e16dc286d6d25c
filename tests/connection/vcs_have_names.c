/* SPDX-License-Identifier: MIT */
/* A VC has a call id and, when asked for, an instance name; the id leads back to its context. */
#include "lib/co.h"

int
main(void)
{
    struct co_rig_config config = {.seed = 0};
    struct co_rig rig;

    co_rig_up(&rig, &config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    CHECK(co_client_names(rig.a, 0));
    CHECK(co_client_names(rig.b, 0));
    co_rig_down(&rig);
    return 0;
}
