/* SPDX-License-Identifier: MIT */
/* What is sent on a VC comes back once, however the miniport completes it, and arrives once; on a
 * VC that is not active, and in a paused stack, it comes back with the status that says so. */
#include "lib/co.h"

#define NOT_ACTIVATED 0xC0010023u /* NDIS_STATUS_VC_NOT_ACTIVATED */
#define PAUSED        0xC023002Au /* NDIS_STATUS_PAUSED */

static void
round_trip(struct co_rig *rig, unsigned a)
{
    uint64_t back = rig->a->back, received = rig->b->received;

    for (unsigned i = 1; i <= 4; i++)
        co_client_send(rig->a, a, i, 60 + 300 * i);
    test_wait_count(rig->machine, &rig->a->back, back + 10);
    test_wait_count(rig->machine, &rig->b->received, received + 10);
}

static void
test(const struct co_rig_config *config)
{
    struct co_rig rig;
    unsigned a;

    co_rig_up(&rig, config);
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    a = co_client_call(rig.a, 8, false); /* fails: the VC stays down */
    test_wait_count(rig.machine, &rig.a->failed, 1);
    co_client_send(rig.a, a, 3, 100);
    test_wait_count(rig.machine, &rig.a->back, 3);
    CHECK_EQ(rig.a->send_failed, 3);
    CHECK_EQ(rig.a->last_status, NOT_ACTIVATED);

    a = co_client_call(rig.a, 7, false);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    round_trip(&rig, a);
    rig.b->returns = PEER_HOLD;
    round_trip(&rig, a);
    CHECK_EQ(rig.b->received_kept, 10);
    co_client_release(rig.b);
    CHECK_EQ(rig.b->received_kept, 0);
    rig.b->returns = PEER_DPC;
    round_trip(&rig, a);
    CHECK_EQ(rig.a->send_failed, 3);

    CHECK_OK(undis_stack_pause(rig.stack));
    co_client_send(rig.a, a, 2, 100);
    test_wait_count(rig.machine, &rig.a->back, 35);
    CHECK_EQ(rig.a->send_failed, 5);
    CHECK_EQ(rig.a->last_status, PAUSED);
    CHECK_OK(undis_stack_restart(rig.stack));
    rig.a->got.next[0] = 0;
    round_trip(&rig, a);
    /* Two numbers were lost on the way: in the paused stack, and before the call. */
    CHECK_EQ(rig.b->got.disorder, config->completes == PEER_INLINE ? 2 : rig.b->got.disorder);
    rig.b->got.disorder = 0;
    co_rig_down(&rig);
}

int
main(void)
{
    for (enum peer_giving how = PEER_INLINE; how < PEER_HOLD; how++) {
        for (unsigned kind = 0; kind < 6; kind++) {
            struct co_rig_config config = {.mcm = kind % 3 == 1,
                .five = kind % 3 == 2,
                .completes = how,
                .unverified = kind > 2,
                .seed = kind};

            test_case("%s, completed %s",
                config.mcm    ? "MCM"
                : config.five ? "call manager over NDIS 5"
                              : "call manager",
                peer_giving_names[how]);
            test(&config);
        }
    }
    return 0;
}
