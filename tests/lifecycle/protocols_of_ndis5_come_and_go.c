/* SPDX-License-Identifier: MIT */
/* Protocols of NDIS 5 bind and unbind, at once and pended, under traffic of others, and stay through
 * pause and restart of the stack, of which they hear nothing: every frame that they are sent
 * reaches each of them, nothing is lost or doubled.
 */
#include "rig.h"
#include <ndis.h>

static void
come_and_go(struct rig *rig)
{
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned i = 1; i < 3; i++) {
            rig->protocols[i]->pend_unbind = (round + i) % 2;
            rig->protocols[i]->pend_bind = round % 2;
            CHECK_OK(undis_stack_unbind(rig->stack, rig_driver(rig->protocols[i])));
            undis_run(rig->machine, 300000);
            CHECK_EQ(test_read(&rig->protocols[i]->running), 0);
            CHECK_OK(undis_stack_bind(rig->stack, rig_driver(rig->protocols[i])));
            CHECK_EQ(test_read(&rig->protocols[i]->running), 1);
            undis_run(rig->machine, 300000);
        }
    }
}

static void
pause_and_restart(struct rig *rig)
{
    for (unsigned round = 0; round < 4; round++) {
        CHECK_OK(undis_stack_pause(rig->stack));
        undis_run(rig->machine, 300000);
        CHECK_OK(undis_stack_restart(rig->stack));
        undis_run(rig->machine, 300000);
    }
}

static void
test(const struct rig_config *config)
{
    struct rig_config three = *config;
    struct rig rig;

    three.protocols5 = true;
    three.protocols = 3;
    three.grows = true; /* pools of NDIS that traffic needs first */
    three.protocols_without = config->seed % 2 ? PEER_WITHOUT_PACKETS : 0;
    three.completes = PEER_DPC;
    three.returns = PEER_REVERSED;
    for (three.miniport = 0; three.miniport < PEER_KINDS; three.miniport++) {
        test_case("%s miniport, %u filters, seed %llu", peer_kind_names[three.miniport],
            three.filters, (unsigned long long)three.seed);
        rig_up(&rig, &three);
        for (unsigned i = 0; i < 3; i++)
            peer_protocol_traffic(rig.protocols[i], true);
        peer_miniport_traffic(rig.miniport, true);
        come_and_go(&rig);
        CHECK_EQ(rig.protocols[0]->failed, 0);
        pause_and_restart(&rig);
        peer_miniport_traffic(rig.miniport, false);
        for (unsigned i = 0; i < 3; i++)
            peer_protocol_traffic(rig.protocols[i], false);
        rig_settle(&rig);
        CHECK(rig.protocols[0]->received.count > 0);
        CHECK_EQ(rig.protocols[1]->bound, 5);
        rig_down(&rig);
    }
}

/* A bind that fails leaves nothing. */
static void
refused(void)
{
    struct rig_config config = {.protocols5 = true, .not_started = true};
    struct rig rig;

    test_case("%s", "a bind that fails");
    rig_up(&rig, &config);
    rig.protocols[0]->fail_bind = (uint32_t)NDIS_STATUS_OPEN_FAILED;
    CHECK(undis_stack_start(rig.stack) < 0);
    CHECK_EQ(rig.protocols[0]->bound, 0);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    refused();
    return 0;
}
