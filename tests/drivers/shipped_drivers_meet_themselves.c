/* SPDX-License-Identifier: MIT */
/* What may run at the same time does: while one thread of a protocol over pass and portnic asks, a
 * second one cancels requests and sends and a third one sends, the link goes and comes, the adapter
 * is paused, the filter leaves and comes back. Each request is answered once and each send comes back.
 */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"

#define ROUNDS 6u
#define IDS    4u
#define PAUSES 4u

struct asker {
    struct peer_protocol *above;
    _Atomic bool stop;
    _Atomic unsigned running;
    unsigned turn;
};

static void
rest(LONGLONG microseconds)
{
    LARGE_INTEGER time = {.QuadPart = -10 * microseconds};

    KeDelayExecutionThread(KernelMode, FALSE, &time);
}

/* Of no request and no send, and sometimes of one. */
static void
cancel(PVOID context)
{
    struct asker *asker = context;

    for (uintptr_t id = 0; !asker->stop; id = (id + 1) % IDS) {
        void *binding = __atomic_load_n(&asker->above->peer.module, __ATOMIC_ACQUIRE);

        if (!binding)
            continue;
        NdisCancelOidRequest(binding, (PVOID)id);
        NdisCancelSendNetBufferLists(binding, (PVOID)id);
        rest(3);
    }
    asker->running--;
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static void
start_inside(void *context)
{
    struct asker *asker = context;
    HANDLE thread;

    asker->running++;
    CHECK(NT_SUCCESS(PsCreateSystemThread(&thread, 0, NULL, NULL, NULL, cancel, asker)));
    ZwClose(thread);
}

static bool
has_ended(void *context)
{
    return !((struct asker *)context)->running;
}

static void
ask(struct pair *pair, struct asker *asker)
{
    static const NDIS_OID oids[] = {
        OID_GEN_LINK_STATE, OID_GEN_STATISTICS, OID_GEN_MAXIMUM_FRAME_SIZE};
    NDIS_STATISTICS_INFO answer;

    for (unsigned k = 0; k < 2 * RTL_NUMBER_OF(oids); k++) {
        uint32_t length = sizeof(answer);

        CHECK_EQ(pair_oid(pair, 0, false, oids[k % RTL_NUMBER_OF(oids)], &answer, &length), 0);
    }
    pair_set(pair, 0, OID_GEN_CURRENT_PACKET_FILTER,
        NDIS_PACKET_TYPE_PROMISCUOUS | (asker->turn++ % 2 ? NDIS_PACKET_TYPE_BROADCAST : 0));
}

static void
round_of(struct pair *pair, struct asker *asker, unsigned k)
{
    struct undis_stack *stack = pair->ends[0].stack;

    ask(pair, asker);
    CHECK_OK(undis_port_hold(pair->ends[0].wire, k % 4 == 3));
    for (unsigned pause = 0; pause < PAUSES; pause++) {
        undis_run(pair->machine, 50000);
        CHECK_OK(undis_stack_pause(stack));
        CHECK_OK(undis_stack_restart(stack));
    }
    CHECK_OK(undis_stack_pause(stack));
    ask(pair, asker);
    CHECK_OK(undis_stack_detach(stack, pair->pass));
    CHECK_OK(undis_stack_attach(stack, pair->pass));
    CHECK_OK(undis_stack_restart(stack));
    undis_run(pair->machine, 200000);
}

static void
go(uint64_t seed)
{
    struct undis_config config = test_config();
    struct asker asker = {0};
    struct pair pair;

    test_case("seed %llu", (unsigned long long)seed);
    config.seed = seed;
    pair_up_in(&pair, test_machine_with(&config), true, NULL, NULL);
    asker.above = pair.ends[0].above;
    CHECK_OK(undis_call(pair.machine, start_inside, &asker));
    peer_protocol_traffic(pair.ends[0].above, true);
    peer_protocol_traffic(pair.ends[1].above, true);
    for (unsigned k = 0; k < ROUNDS; k++)
        round_of(&pair, &asker, k);
    CHECK_OK(undis_port_hold(pair.ends[0].wire, false));
    peer_protocol_traffic(pair.ends[1].above, false);
    pair_settle(&pair);
    /* The other end goes: the link is lost while requests ask for it. */
    CHECK_OK(undis_stack_remove(pair.ends[1].stack));
    pair.ends[1].stack = NULL;
    ask(&pair, &asker);
    peer_protocol_traffic(pair.ends[0].above, false);
    asker.stop = true;
    test_wait(pair.machine, has_ended, &asker, "the thread that cancels");
    test_wait_count(pair.machine, &pair.ends[0].above->back, test_read(&pair.ends[0].above->sent));
    pair_down(&pair);
}

int
main(void)
{
    for (uint64_t seed = 0; seed < test_seeds(); seed++)
        go(seed);
    return 0;
}
