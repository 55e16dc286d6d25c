/* SPDX-License-Identifier: MIT */
/* A device that goes to sleep has its layers asked and told, pauses the stack and stops its
 * requests; one that wakes restarts it. A miniport that knows no power states is halted meanwhile,
 * a protocol that knows none is unbound, and whoever refuses keeps the stack awake.
 */
#include "rig.h"
#include <stdio.h>
#include <string.h>

#define NOT_SUPPORTED   0xC00000BBu
#define LOW_POWER_STATE 0xC023002Fu
#define FAILURE         0xC0000001u

static void
expect(const char *log)
{
    if (strcmp(peer_log(), log) != 0) {
        fprintf(stderr, "expected %s\nbut got  %s\n", log, peer_log());
        test_fail(__FILE__, __LINE__, "order");
    }
    peer_log_clear();
}

/* The peers say before they are started what they are. */
static void
up(struct rig *rig, struct rig_config config, bool knows_power)
{
    config.not_started = true;
    rig_up(rig, &config);
    rig->miniport->knows_power = knows_power;
    CHECK_OK(undis_stack_start(rig->stack));
    peer_log_clear();
}

static void
exchange(struct rig *rig)
{
    uint64_t in = rig->miniport->sends_in, received = rig->protocols[0]->received_nbls;

    peer_protocol_send(rig->protocols[0], 3, 1, 100);
    peer_miniport_indicate(rig->miniport, 3, 100, false);
    rig_settle(rig);
    CHECK_EQ(rig->miniport->sends_in, in + 3);
    CHECK_EQ(rig->protocols[0]->received_nbls, received + 3);
}

static void
knows_power(unsigned seed)
{
    struct rig rig;
    uint32_t value = 0, length = sizeof(value), status = 0;

    up(&rig, (struct rig_config){.filters = 1, .seed = seed}, true);
    rig.protocols[0]->pend_event = seed != 0;
    exchange(&rig);
    CHECK_OK(undis_stack_power(rig.stack, 3));
    expect("protocol0 may sleep, miniport may sleep, protocol0 sleep, protocol0 pause, "
           "filter0 pause, miniport pause, miniport sleep, ");
    CHECK_EQ(rig.miniport->slept, 4);
    CHECK_EQ(rig.filters[0]->events, 2);
    CHECK_EQ(peer_protocol_oid(rig.protocols[0], false, PEER_OID, &value), LOW_POWER_STATE);
    CHECK_OK(undis_stack_oid(rig.stack, false, PEER_OID, &value, &length, &status));
    CHECK_EQ(status, LOW_POWER_STATE);
    CHECK(undis_stack_restart(rig.stack) < 0);
    CHECK(undis_stack_power(rig.stack, 1) < 0);
    CHECK_OK(undis_stack_power(rig.stack, 3));
    peer_log_clear();
    CHECK_OK(undis_stack_power(rig.stack, 0));
    expect("miniport wake, miniport restart, filter0 restart, protocol0 restart, protocol0 wake, ");
    CHECK_EQ(peer_protocol_oid(rig.protocols[0], false, PEER_OID, &value), 0);
    exchange(&rig);
    CHECK_OK(undis_stack_pause(rig.stack));
    CHECK_OK(undis_stack_power(rig.stack, 2));
    peer_log_clear();
    CHECK_OK(undis_stack_power(rig.stack, 0)); /* paused before, paused after */
    expect("miniport wake, protocol0 wake, ");
    CHECK_OK(undis_stack_restart(rig.stack));
    exchange(&rig);
    CHECK_OK(undis_stack_power(rig.stack, 1));
    rig_down(&rig);
}

static void
knows_none(unsigned seed)
{
    struct rig rig;

    up(&rig, (struct rig_config){.filters = 1, .seed = seed}, false);
    exchange(&rig);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(undis_stack_power(rig.stack, 3));
        expect("protocol0 may sleep, protocol0 sleep, protocol0 pause, filter0 pause, "
               "miniport pause, miniport halt, ");
        CHECK_EQ(rig.miniport->halted, rig.miniport->initialized);
        CHECK_OK(undis_stack_power(rig.stack, 0));
        expect("miniport initialize, miniport restart, filter0 restart, protocol0 restart, "
               "protocol0 wake, ");
        exchange(&rig);
    }
    CHECK_OK(undis_stack_power(rig.stack, 3));
    if (seed)
        CHECK_OK(undis_stack_detach(rig.stack, rig_driver(rig.filters[0])));
    rig_down(&rig);
}

/* It is asked again what it is. */
static void
ndis5_knows_none(unsigned seed)
{
    struct rig rig;

    up(&rig, (struct rig_config){.filters = 1, .seed = seed, .miniport = PEER_DESERIALIZED}, false);
    for (int i = 0; i < 3; i++) {
        exchange(&rig);
        CHECK_OK(undis_stack_power(rig.stack, 3));
        CHECK_EQ(rig.miniport->halted, rig.miniport->initialized);
        CHECK_OK(undis_stack_power(rig.stack, 0));
        CHECK_EQ(rig.protocols[0]->running, 1);
    }
    exchange(&rig);
    rig_down(&rig);
}

static void
refusals(unsigned seed)
{
    struct rig rig;

    up(&rig, (struct rig_config){.filters = 1, .protocols = 2, .seed = seed}, true);
    rig.protocols[1]->fail_event = FAILURE;
    CHECK(undis_stack_power(rig.stack, 3) < 0);
    expect("protocol0 may sleep, protocol1 may sleep, protocol0 wake, protocol1 wake, ");
    rig.protocols[1]->fail_event = 0;
    rig.miniport->fail_power = FAILURE;
    CHECK(undis_stack_power(rig.stack, 3) < 0);
    exchange(&rig);
    rig.miniport->fail_power = 0;
    CHECK(undis_stack_power(rig.stack, 4) < 0);
    rig_down(&rig);
}

/* A rule forbids the answer to protocols of NDIS 6: a machine that is not verified. */
static void
an_old_protocol_leaves(void)
{
    struct rig rig;

    up(&rig, (struct rig_config){.filters = 1, .protocols = 2, .seed = 1}, true);
    rig.protocols[0]->fail_event = NOT_SUPPORTED;
    CHECK_OK(undis_stack_power(rig.stack, 3));
    CHECK(strstr(peer_log(), "protocol0 unbind, protocol1 pause"));
    CHECK_OK(undis_stack_power(rig.stack, 0));
    CHECK_EQ(rig.protocols[1]->running, 1);
    rig_down(&rig);
}

static void
unpaused(void)
{
    struct rig rig;

    rig_up(&rig, &(struct rig_config){.filters = 1, .not_started = true});
    rig.miniport->knows_power = rig.miniport->no_pause = true;
    CHECK_OK(undis_stack_start(rig.stack));
    peer_log_clear();
    CHECK_OK(undis_stack_power(rig.stack, 3));
    CHECK_OK(undis_stack_power(rig.stack, 0));
    expect("protocol0 may sleep, miniport may sleep, protocol0 sleep, miniport sleep, "
           "miniport wake, protocol0 wake, ");
    exchange(&rig);
    rig_down(&rig);
}

int
main(void)
{
    for (unsigned seed = 0; seed < test_seeds(); seed++) {
        test_case("seed %u", seed);
        knows_power(seed);
        knows_none(seed);
        ndis5_knows_none(seed);
        refusals(seed);
    }
    an_old_protocol_leaves();
    unpaused();
    return 0;
}
