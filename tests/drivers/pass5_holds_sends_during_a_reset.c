/* SPDX-License-Identifier: MIT */
/* pass5 holds what protocols send while the adapter below it is reset, and sends it afterwards in
 * order; what is cancelled meanwhile comes back at once (rs-im-hold).
 */
#include "rig.h"

#include <ndis.h>
#include <string.h>

#define PASSED 5u /* before the reset */

static bool
runs(void *stack)
{
    struct undis_layer layers[2];
    int n = undis_stack_layers(stack, layers, 2);

    return n == 2 && !strcmp(layers[0].state, "Running") && !strcmp(layers[1].state, "Running");
}

/* NBLs that pass5 has sent to the adapter below. */
static uint64_t
passed(struct undis_stack *lower)
{
    struct undis_layer layers[2];

    CHECK_EQ(undis_stack_layers(lower, layers, 2), 2);
    return layers[0].sent;
}

static void
reset(struct undis *machine, struct undis_stack *lower, struct peer_protocol *protocol,
    struct peer_miniport *miniport)
{
    peer_protocol_send(protocol, PASSED, 1, FRAME_MIN);
    test_wait_count(machine, &protocol->back, PASSED);
    __atomic_store_n(&miniport->hangs, true, __ATOMIC_RELEASE);
    test_wait_count(machine, &miniport->resets, 1);
    test_wait_count(machine, &protocol->statuses, 1); /* that it has begun */
    peer_protocol_send(protocol, 4, 1, FRAME_MIN);
    protocol->cancel_id = 0x50000001;
    peer_protocol_send(protocol, 3, 1, FRAME_MIN);
    CHECK_EQ(test_read(&protocol->back), PASSED);
    CHECK_EQ(passed(lower), PASSED);
    peer_protocol_cancel(protocol, protocol->cancel_id);
    test_wait_count(machine, &protocol->back, PASSED + 3);
    CHECK_EQ(test_read(&protocol->aborted), 3);
    protocol->cancel_id = 0;
    peer_protocol_send(protocol, 2, 1, FRAME_MIN);
    CHECK_EQ(passed(lower), PASSED);
    peer_legacy_reset_done(miniport);
    test_wait_count(machine, &protocol->back, PASSED + 9);
    CHECK_EQ(passed(lower), PASSED + 6);
    CHECK_EQ(protocol->failed, 3);
    CHECK_EQ(protocol->twice, 0);
    CHECK_EQ(miniport->sent.count, PASSED + 6);
    CHECK_EQ(miniport->sent.bad, 0);
    CHECK_EQ(miniport->sent.disorder, 1); /* the cancelled ones are missing */
}

static void
over(unsigned kind, bool protocol5)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver = test_driver(machine, "pass5");
    struct undis_driver *upper_protocols[2] = {NULL}, *lower_protocols[2] = {driver, NULL};
    struct undis_stack_config upper = {
        .size = sizeof(upper), .name = "upper", .protocols = upper_protocols};
    struct undis_stack_config lower = {
        .size = sizeof(lower), .name = "lower", .protocols = lower_protocols};
    struct peer_protocol *protocol = protocol5 ? peer_protocol5_add(machine, "protocol", 0)
                                               : peer_protocol_add(machine, "protocol");
    struct peer_miniport *miniport = peer_legacy_add(machine, "miniport", kind);
    struct undis_stack *stacks[2];

    test_case("NDIS %u over %s", protocol5 ? 5 : 6, peer_kind_names[kind]);
    miniport->pend_reset = true;
    miniport->completes = PEER_INLINE;
    upper.miniport = driver;
    upper_protocols[0] = protocol->peer.driver;
    lower.miniport = miniport->peer.driver;
    CHECK_OK(undis_stack_create(machine, &upper, &stacks[0]));
    CHECK_OK(undis_stack_create(machine, &lower, &stacks[1]));
    CHECK_OK(undis_stack_start(stacks[0]));
    CHECK_OK(undis_stack_start(stacks[1]));
    test_wait(machine, runs, stacks[0], "the instance to run");
    reset(machine, stacks[1], protocol, miniport);
    CHECK_OK(undis_stack_remove(stacks[1]));
    CHECK_OK(undis_stack_remove(stacks[0]));
    CHECK_EQ(miniport->wrong + protocol->wrong, 0);
    peer_remove(&protocol->peer);
    peer_remove(&miniport->peer);
    test_unload(machine, driver);
    test_machine_end(machine);
}

int
main(void)
{
    for (unsigned kind = PEER_SERIALIZED; kind <= PEER_DESERIALIZED; kind++) {
        over(kind, false);
        over(kind, true);
    }
    return 0;
}
