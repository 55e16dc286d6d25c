/* SPDX-License-Identifier: MIT */
/* The usual set-up of connection-oriented peers: two clients, who manages their calls, a miniport. */
#include "co.h"

static void
build(struct co_rig *rig)
{
    struct undis_driver *protocols[4] = {NULL};
    struct undis_stack_config stack = {.size = sizeof(stack), .protocols = protocols};
    unsigned n = 0;

    /* One client is there before the manager, one comes after it. */
    protocols[n++] = rig->a->peer.driver;
    if (rig->miniport)
        protocols[n++] = rig->manager->peer.driver;
    protocols[n++] = rig->b->peer.driver;
    stack.miniport =
        rig->miniport ? ((struct peer *)rig->miniport)->driver : rig->manager->peer.driver;
    CHECK_OK(undis_stack_create(rig->machine, &stack, &rig->stack));
    CHECK_OK(undis_stack_start(rig->stack));
}

void
co_rig_up(struct co_rig *rig, const struct co_rig_config *config)
{
    struct undis_config machine = test_config();

    machine.seed = config->seed;
    machine.verify = !config->unverified;
    if (config->sink)
        machine.report = config->sink;
    *rig = (struct co_rig){.machine = test_machine_with(&machine)};
    rig->manager =
        config->mcm ? co_mcm_add(rig->machine, "mcm") : co_manager_add(rig->machine, "manager");
    if (config->five)
        rig->miniport = co_miniport5_add(rig->machine, "circuits5", rig->manager);
    else if (!config->mcm)
        rig->miniport = co_miniport_add(rig->machine, "circuits", rig->manager);
    rig->manager->pend = rig->manager->pend_activate = config->pend;
    rig->manager->pend_at_dpc = config->pend_at_dpc;
    rig->manager->completes = config->completes;
    rig->manager->own_vc = config->own_vc && !config->mcm;
    rig->a = co_client_add(rig->machine, "a");
    rig->b = co_client_add(rig->machine, "b");
    build(rig);
    test_wait_count(rig->machine, &rig->a->opened, 1);
    test_wait_count(rig->machine, &rig->b->opened, 1);
}

static void
check_client(const struct co_client *client)
{
    CHECK_EQ(client->wrong, 0);
    CHECK_EQ(client->opened, client->af_closed);
    CHECK_EQ(client->listening, client->unlistened);
    CHECK_EQ(client->created, client->deleted);
    CHECK_EQ(client->sent, client->back);
    CHECK_EQ(client->received_kept, 0);
    CHECK_EQ(client->got.bad, 0);
    CHECK_EQ(client->got.disorder, 0);
}

void
co_rig_down(struct co_rig *rig)
{
    CHECK_OK(undis_stack_remove(rig->stack));
    check_client(rig->a);
    check_client(rig->b);
    peer_remove(&rig->a->peer);
    peer_remove(&rig->b->peer);
    CHECK_EQ(rig->manager->wrong, 0);
    CHECK_EQ(rig->manager->activated >= rig->manager->deactivated, true);
    CHECK_EQ(rig->manager->own_sent, rig->manager->own_back);
    if (rig->miniport)
        peer_remove(rig->miniport);
    peer_remove(&rig->manager->peer);
    test_machine_end(rig->machine);
    test_case("%s", "");
}

void
co_rig_each(void (*test)(const struct co_rig_config *))
{
    for (unsigned how = 0; how < 18; how++) {
        struct co_rig_config config = {.mcm = how % 3 == 1,
            .five = how % 3 == 2,
            .pend = how / 3 % 3 > 0,
            .pend_at_dpc = how / 3 % 3 > 1,
            .unverified = how >= 9,
            .seed = how >= 9 ? how : 0};

        test_case("%s, %s, seed %u",
            config.mcm    ? "MCM"
            : config.five ? "call manager over NDIS 5"
                          : "call manager",
            !config.pend         ? "at once"
            : config.pend_at_dpc ? "pended, answered at DISPATCH_LEVEL"
                                 : "pended",
            (unsigned)config.seed);
        test(&config);
    }
}
