/* SPDX-License-Identifier: MIT */
/* portnic takes the frames that its packet filter and its multicast list name, and counts them by
 * kind. What it took too many NDIS would hide from the protocol; its statistics do not.
 */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"
#include <string.h>

#define EACH 3u /* frames to each address */
#define SIZE 100u

#define DIRECTED  NDIS_PACKET_TYPE_DIRECTED
#define MULTICAST NDIS_PACKET_TYPE_MULTICAST
#define GROUPS    NDIS_PACKET_TYPE_ALL_MULTICAST
#define BROADCAST NDIS_PACKET_TYPE_BROADCAST
#define ALL       NDIS_PACKET_TYPE_PROMISCUOUS

static const uint8_t everybody[6] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
static const uint8_t stranger[6] = {2, 9, 9, 9, 9, 9};
static const uint8_t groups[][6] = {{1, 0, 0x5E, 0, 0, 1}, {1, 0, 0x5E, 0, 0, 2},
    {1, 0, 0x5E, 0, 0, 3}, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFD}};

struct counts {
    uint64_t frames[3], bytes[3]; /* unicast, multicast, broadcast */
};

static NDIS_STATISTICS_INFO
statistics(struct pair *pair, unsigned end)
{
    NDIS_STATISTICS_INFO info;
    uint32_t length = sizeof(info);

    CHECK_EQ(pair_oid(pair, end, false, OID_GEN_STATISTICS, &info, &length), 0);
    CHECK_EQ(length, sizeof(info));
    return info;
}

static struct counts
taken(struct pair *pair)
{
    NDIS_STATISTICS_INFO info = statistics(pair, 1);

    CHECK_EQ(info.ifHCInOctets,
        info.ifHCInUcastOctets + info.ifHCInMulticastOctets + info.ifHCInBroadcastOctets);
    CHECK_EQ(pair_get(pair, 1, OID_GEN_RCV_OK),
        info.ifHCInUcastPkts + info.ifHCInMulticastPkts + info.ifHCInBroadcastPkts);
    return (struct counts){
        {info.ifHCInUcastPkts, info.ifHCInMulticastPkts, info.ifHCInBroadcastPkts},
        {info.ifHCInUcastOctets, info.ifHCInMulticastOctets, info.ifHCInBroadcastOctets}};
}

static void
send_to_each(struct pair *pair)
{
    pair_send(pair, 0, pair->ends[1].address, EACH, SIZE);
    pair_send(pair, 0, stranger, EACH, SIZE);
    for (unsigned k = 0; k < RTL_NUMBER_OF(groups); k++)
        pair_send(pair, 0, groups[k], EACH, SIZE);
    pair_send(pair, 0, everybody, EACH, SIZE);
}

/* Addresses of each kind of which frames are taken. */
static void
expect(struct pair *pair, uint32_t filter, unsigned unicast, unsigned multicast, unsigned broadcast)
{
    unsigned addresses[3] = {unicast, multicast, broadcast}, all = 0;
    struct peer_protocol *above = pair->ends[1].above;
    uint64_t received = test_read(&above->received_nbls);
    struct counts before, after;

    test_case("packet filter %x", filter);
    pair_set(pair, 1, OID_GEN_CURRENT_PACKET_FILTER, filter);
    before = taken(pair);
    send_to_each(pair);
    after = taken(pair);
    for (unsigned k = 0; k < 3; k++) {
        CHECK_EQ(after.frames[k] - before.frames[k], EACH * addresses[k]);
        CHECK_EQ(after.bytes[k] - before.bytes[k], SIZE * EACH * addresses[k]);
        all += addresses[k];
    }
    CHECK_EQ(test_read(&above->received_nbls) - received, EACH * all);
    CHECK_EQ(statistics(pair, 1).ifInDiscards, 0);
}

/* In one batch there are wanted frames and others. */
static void
comes_mixed(struct pair *pair)
{
    struct peer_protocol *from = pair->ends[0].above, *above = pair->ends[1].above;
    uint64_t received = test_read(&above->received_nbls);

    test_case("a mixed batch");
    pair_set(pair, 1, OID_GEN_CURRENT_PACKET_FILTER, DIRECTED);
    CHECK_OK(undis_port_hold(pair->ends[1].wire, true));
    for (unsigned k = 0; k < 2 * EACH; k++) {
        memcpy(from->peer.to, k % 2 ? pair->ends[1].address : stranger, 6);
        peer_protocol_send(from, 1, 1, SIZE);
    }
    test_wait_count(pair->machine, &from->back, test_read(&from->sent));
    CHECK_OK(undis_port_hold(pair->ends[1].wire, false));
    pair_settle(pair);
    CHECK_EQ(test_read(&above->received_nbls) - received, EACH);
}

static void
check_sent(struct pair *pair, unsigned rounds)
{
    NDIS_STATISTICS_INFO info = statistics(pair, 0);

    CHECK_EQ(info.ifHCOutUcastPkts, rounds * EACH * 2);
    CHECK_EQ(info.ifHCOutMulticastPkts, rounds * EACH * 4);
    CHECK_EQ(info.ifHCOutBroadcastPkts, rounds * EACH);
    CHECK_EQ(info.ifHCOutUcastOctets, rounds * EACH * 2 * SIZE);
    CHECK_EQ(info.ifHCOutMulticastOctets, rounds * EACH * 4 * SIZE);
    CHECK_EQ(info.ifHCOutBroadcastOctets, rounds * EACH * SIZE);
    CHECK_EQ(info.ifHCOutOctets, rounds * EACH * 7 * SIZE);
    CHECK_EQ(pair_get(pair, 0, OID_GEN_XMIT_OK), rounds * EACH * 7);
}

static void
set_groups(struct pair *pair, unsigned count)
{
    uint32_t length = count * 6;
    uint8_t list[RTL_NUMBER_OF(groups)][6];

    memcpy(list, groups, sizeof(list));
    CHECK_EQ(pair_oid(pair, 1, true, OID_802_3_MULTICAST_LIST, list, &length), 0);
}

struct arrival {
    struct pair *pair;
    struct peer_protocol *above;
    uint64_t frames;
};

static bool
arrived(void *context)
{
    struct arrival *arrival = context;

    return test_read(&arrival->above->received_nbls) +
               pair_get(arrival->pair, 0, OID_GEN_RCV_NO_BUFFER) ==
           arrival->frames;
}

/* What is too short for an Ethernet header or longer than a buffer is
 * counted, and indicated to nobody. */
static void
discards(void)
{
    static const struct {
        size_t length;
        bool taken;
    } table[] = {{13, false}, {14, true}, {1536, true}, {1537, false}};
    struct undis *machine = test_machine();
    struct undis_driver *nic = test_driver(machine, "portnic"), *protocols[2] = {0};
    struct peer_protocol *above = peer_protocol_add(machine, "protocol");
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = nic, .protocols = protocols};
    uint32_t length, status, filter = NDIS_PACKET_TYPE_PROMISCUOUS;
    struct pair pair = {.machine = machine};
    struct arrival arrival = {&pair, above, 0};
    struct undis_stack *stack;
    uint8_t frame[1537] = {2};
    uint64_t dropped = 0;

    test_case("discarded");
    protocols[0] = above->peer.driver;
    CHECK_OK(undis_port_program(machine, NULL, NULL, &config.bottom));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    pair.ends[0].stack = stack;
    length = sizeof(filter);
    CHECK_OK(
        undis_stack_oid(stack, true, OID_GEN_CURRENT_PACKET_FILTER, &filter, &length, &status));
    for (unsigned k = 0; k < RTL_NUMBER_OF(table); k++) {
        CHECK_OK(undis_port_inject(config.bottom, frame, table[k].length));
        arrival.frames++;
        test_wait(machine, arrived, &arrival, "a frame");
        dropped += !table[k].taken;
        CHECK_EQ(pair_get(&pair, 0, OID_GEN_RCV_NO_BUFFER), dropped);
        CHECK_EQ(statistics(&pair, 0).ifInDiscards, dropped);
    }
    CHECK_OK(undis_stack_remove(stack));
    CHECK_OK(undis_port_close(config.bottom));
    peer_remove(&above->peer);
    test_unload(machine, nic);
    test_machine_end(machine);
}

static struct undis_port *bottom;

/* The adapter is initialized, and not restarted. */
static void
comes_early(const void *parameters)
{
    static const uint8_t frame[60] = {2};

    (void)parameters;
    for (unsigned k = 0; k < EACH; k++)
        CHECK_OK(undis_port_inject(bottom, frame, sizeof(frame)));
}

/* What comes before the first restart waits in the port. */
static void
waits_for_its_restart(void)
{
    static const struct peer_hooks hooks = {.bind = comes_early};
    struct undis *machine = test_machine();
    struct undis_driver *nic = test_driver(machine, "portnic"), *protocols[2] = {0};
    struct peer_protocol *above = peer_protocol_add(machine, "protocol");
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = nic, .protocols = protocols};
    struct pair pair = {.machine = machine};

    test_case("before the restart");
    above->peer.hooks = &hooks;
    protocols[0] = above->peer.driver;
    CHECK_OK(undis_port_program(machine, NULL, NULL, &bottom));
    config.bottom = bottom;
    CHECK_OK(undis_stack_create(machine, &config, &pair.ends[0].stack));
    CHECK_OK(undis_stack_start(pair.ends[0].stack));
    undis_run(machine, 2000000);
    CHECK_EQ(pair_get(&pair, 0, OID_GEN_RCV_NO_BUFFER), 0);
    CHECK_OK(undis_stack_remove(pair.ends[0].stack));
    CHECK_OK(undis_port_close(bottom));
    peer_remove(&above->peer);
    test_unload(machine, nic);
    test_machine_end(machine);
}

int
main(void)
{
    struct pair pair;

    pair_up(&pair, false, "NetworkAddress", "02A0B0C0D0E0");
    expect(&pair, 0, 0, 0, 0);
    expect(&pair, DIRECTED, 1, 0, 0);
    expect(&pair, BROADCAST, 0, 0, 1);
    expect(&pair, MULTICAST, 0, 0, 0);
    set_groups(&pair, 2);
    expect(&pair, MULTICAST, 0, 2, 0);
    expect(&pair, MULTICAST | DIRECTED, 1, 2, 0);
    expect(&pair, GROUPS, 0, 4, 0);
    expect(&pair, GROUPS | BROADCAST, 0, 4, 1);
    expect(&pair, ALL, 2, 4, 1);
    set_groups(&pair, 0);
    expect(&pair, MULTICAST | BROADCAST, 0, 0, 1);
    check_sent(&pair, 10);
    comes_mixed(&pair);
    pair_down(&pair);
    discards();
    waits_for_its_restart();
    return 0;
}
