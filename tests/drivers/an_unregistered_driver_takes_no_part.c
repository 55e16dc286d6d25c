/* SPDX-License-Identifier: MIT */
/* A driver is asked for what it has registered as and nothing else; the error says so. */
#include "rig.h"
#include <string.h>

int
main(void)
{
    struct rig_config config = {.filters = 1, .not_started = true};
    struct undis_stack *stack;
    struct rig rig;
    struct undis_stack_config wrong = {.size = sizeof(wrong)};

    rig_up(&rig, &config);
    wrong.miniport = rig_driver(rig.filters[0]);
    CHECK_OK(undis_stack_create(rig.machine, &wrong, &stack));
    CHECK(undis_stack_start(stack) < 0);
    CHECK(strstr(undis_error(), "has not registered"));
    CHECK_OK(undis_stack_remove(stack));
    CHECK_OK(undis_stack_start(rig.stack));
    CHECK(undis_stack_attach(rig.stack, rig_driver(rig.protocols[0])) < 0);
    CHECK(strstr(undis_error(), "has not registered"));
    CHECK(undis_stack_bind(rig.stack, rig_driver(rig.miniport)) < 0);
    peer_protocol_send(rig.protocols[0], 3, 1, 100);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    rig_down(&rig);
    return 0;
}
