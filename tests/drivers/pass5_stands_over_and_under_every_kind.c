/* SPDX-License-Identifier: MIT */
/* pass5, an intermediate driver of NDIS 5, stands under protocols and over miniports of every kind:
 * everything that is sent comes out below and is completed once, everything that is indicated
 * comes up and is returned once, requests and status go through, and the virtual miniport goes with
 * the adapter below it.
 */
#include "rig.h"

#include <ndis.h>
#include <string.h>

enum { PROTOCOL_6, PROTOCOL_5, PROTOCOL_5_LOOKAHEAD, PROTOCOL_KINDS };
static const char *const protocol_names[] = {"NDIS 6", "NDIS 5", "NDIS 5 by look-ahead"};

static const struct {
    const char *name;
    unsigned kind;
    bool lookahead;
} miniports[] = {
    {"NDIS 6", PEER_NDIS6, false},
    {"serialized", PEER_SERIALIZED, false},
    {"serialized, by look-ahead", PEER_SERIALIZED, true},
    {"serialized, arrays", PEER_SERIALIZED | PEER_ARRAYS, false},
    {"deserialized", PEER_DESERIALIZED, false},
    {"deserialized, arrays", PEER_DESERIALIZED | PEER_ARRAYS, false},
};

static bool
runs(void *stack)
{
    struct undis_layer layers[2];
    int n = undis_stack_layers(stack, layers, 2);

    return n == 2 && !strcmp(layers[0].state, "Running") && !strcmp(layers[1].state, "Running");
}

static struct peer_protocol *
protocol_of(struct undis *machine, unsigned kind)
{
    if (kind == PROTOCOL_6)
        return peer_protocol_add(machine, "protocol");
    return peer_protocol5_add(
        machine, "protocol", kind == PROTOCOL_5_LOOKAHEAD ? PEER_WITHOUT_PACKETS : 0);
}

static void
traffic(struct undis *machine, struct peer_protocol *protocol, struct peer_miniport *miniport)
{
    uint32_t value = 0;

    peer_protocol_send(protocol, 5, 1, FRAME_MAX);
    peer_protocol_send_at_dispatch(protocol, 3, 1, FRAME_MIN);
    test_wait_count(machine, &protocol->back, 8);
    CHECK_EQ(protocol->failed, 0);
    CHECK_EQ(protocol->twice, 0);
    CHECK_EQ(miniport->sent.count, 8);
    CHECK_EQ(miniport->sent.bad + miniport->sent.disorder, 0);
    peer_miniport_indicate(miniport, 7, FRAME_MIN, false);
    peer_miniport_indicate(miniport, 4, FRAME_MIN, true);
    test_wait_count(machine, &protocol->received.count, 11);
    test_wait_count(machine, &miniport->receives_out, 0);
    CHECK_EQ(protocol->received.bad + protocol->received.disorder, 0);
    CHECK_EQ(miniport->bad_returns + miniport->resources_lost, 0);
    miniport->value = 77;
    CHECK_EQ(peer_protocol_oid(protocol, false, PEER_OID, &value), NDIS_STATUS_SUCCESS);
    CHECK_EQ(value, 77);
    value = 78;
    CHECK_EQ(peer_protocol_oid(protocol, true, PEER_OID, &value), NDIS_STATUS_SUCCESS);
    CHECK_EQ(miniport->value, 78);
    peer_miniport_status(miniport, NDIS_STATUS_RING_STATUS);
    test_wait_count(machine, &protocol->statuses, 1);
    CHECK_EQ(protocol->last_status, NDIS_STATUS_RING_STATUS);
}

static void
test(unsigned above, unsigned m, bool pends)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver = test_driver(machine, "pass5");
    struct undis_driver *upper_protocols[2] = {NULL}, *lower_protocols[2] = {driver, NULL};
    struct undis_stack_config upper = {
        .size = sizeof(upper), .name = "upper", .protocols = upper_protocols};
    struct undis_stack_config lower = {
        .size = sizeof(lower), .name = "lower", .protocols = lower_protocols};
    struct peer_protocol *protocol = protocol_of(machine, above);
    struct peer_miniport *miniport = miniports[m].kind == PEER_NDIS6
                                         ? peer_miniport_add(machine, "miniport")
                                         : peer_legacy_add(machine, "miniport", miniports[m].kind);
    struct undis_stack *stacks[2];

    test_case(
        "%s over %s, %s", protocol_names[above], miniports[m].name, pends ? "pended" : "at once");
    miniport->by_lookahead = miniports[m].lookahead;
    miniport->lookahead = 40;
    miniport->pend_oids = pends;
    miniport->completes = pends ? PEER_DPC : PEER_INLINE;
    upper.miniport = driver;
    upper_protocols[0] = protocol->peer.driver;
    lower.miniport = miniport->peer.driver;
    CHECK_OK(undis_stack_create(machine, &upper, &stacks[0]));
    CHECK_OK(undis_stack_create(machine, &lower, &stacks[1]));
    CHECK_OK(undis_stack_start(stacks[pends]));
    CHECK_OK(undis_stack_start(stacks[!pends]));
    test_wait(machine, runs, stacks[0], "the instance to run");
    traffic(machine, protocol, miniport);
    if (above != PROTOCOL_6) { /* it has no MiniportReset, which an intermediate driver need not */
        peer_protocol5_reset(protocol);
        CHECK_EQ(protocol->resets_done, 1);
        CHECK_EQ(protocol->reset_status, (uint32_t)NDIS_STATUS_NOT_RESETTABLE);
    }
    CHECK_OK(undis_stack_remove(stacks[1]));
    CHECK_OK(undis_stack_remove(stacks[0]));
    CHECK_EQ(protocol->unbound, 1);
    CHECK_EQ(miniport->wrong + protocol->wrong, 0);
    peer_remove(&protocol->peer);
    peer_remove(&miniport->peer);
    test_unload(machine, driver);
    test_machine_end(machine);
}

int
main(void)
{
    for (unsigned above = 0; above < PROTOCOL_KINDS; above++)
        for (unsigned m = 0; m < sizeof(miniports) / sizeof(miniports[0]); m++)
            test(above, m, (above + m) % 2);
    return 0;
}
