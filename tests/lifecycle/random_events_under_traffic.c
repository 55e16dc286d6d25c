/* SPDX-License-Identifier: MIT */
/* A thousand events, pause, restart, attach, detach, bind, unbind, leave, power states, resets, OIDs
 * and links, in a random order under traffic in two machines of one process, with changing ways of
 * completing; then a removal or a surprise: everything came back once, and nothing is left.
 */
#include "rig.h"
#include <stdlib.h>

#define LOW_POWER_STATE 0xC023002Fu
#define EVENTS          84 /* of each machine and seed */

struct state {
    struct rig rig;
    bool running, asleep, bound[2], attached[2];
    unsigned random;
};

static unsigned
draw(struct state *s, unsigned n)
{
    s->random = s->random * 1664525u + 1013904223u;
    return (s->random >> 10) % n;
}

static void
toggle_running(struct state *s)
{
    if (s->asleep)
        return;
    CHECK_OK(s->running ? undis_stack_pause(s->rig.stack) : undis_stack_restart(s->rig.stack));
    s->running = !s->running;
}

static void
toggle_filter(struct state *s, unsigned i)
{
    struct undis_driver *filter = rig_driver(s->rig.filters[i]);

    CHECK_OK(s->attached[i] ? undis_stack_detach(s->rig.stack, filter)
                            : undis_stack_attach(s->rig.stack, filter));
    s->attached[i] = !s->attached[i];
}

static void
toggle_binding(struct state *s, unsigned i)
{
    struct undis_driver *protocol = rig_driver(s->rig.protocols[i]);

    CHECK_OK(s->bound[i] ? undis_stack_unbind(s->rig.stack, protocol)
                         : undis_stack_bind(s->rig.stack, protocol));
    s->bound[i] = !s->bound[i];
}

static void
ask(struct state *s, unsigned i)
{
    uint32_t value;

    if (s->bound[i])
        CHECK_EQ(peer_protocol_oid(s->rig.protocols[i], false, PEER_OID, &value),
            s->asleep ? LOW_POWER_STATE : 0);
}

static void
toggle_power(struct state *s)
{
    CHECK_OK(undis_stack_power(s->rig.stack, s->asleep ? 0 : 1 + draw(s, 3)));
    s->asleep = !s->asleep;
}

/* By the protocol's own wish. */
static void
leave_and_return(struct state *s, unsigned i)
{
    struct peer_protocol *protocol = s->rig.protocols[i];
    uint64_t left = test_read(&protocol->unbound) + 1;

    if (!s->bound[i])
        return;
    peer_protocol_leave(protocol);
    test_wait_count(s->rig.machine, &protocol->unbound, left);
    peer_protocol_reenumerate(protocol);
    CHECK_EQ(test_read(&protocol->bound), left + 1);
}

struct wanted {
    struct peer_miniport *miniport;
    uint64_t resets;
};

/* Asks again: while the reset before has not ended, a wish for another one is none. */
static bool
was_reset(void *context)
{
    const struct wanted *wanted = context;

    if (test_read(&wanted->miniport->resets) >= wanted->resets)
        return true;
    peer_miniport_reset(wanted->miniport);
    return false;
}

/* A miniport that is halted in its sleep cannot be reset. */
static void
reset(struct state *s)
{
    struct wanted wanted = {s->rig.miniport, test_read(&s->rig.miniport->resets) + 1};

    if (!s->asleep)
        test_wait(s->rig.machine, was_reset, &wanted, "a reset");
}

/* What is queued is given back the old way; both are allowed at any time. */
static void
change_ways(struct state *s)
{
    s->rig.miniport->pend_oids = draw(s, 2);
    s->rig.miniport->pend_pause = draw(s, 2);
    s->rig.filters[0]->pend_pause = draw(s, 2);
    s->rig.filters[1]->pend_restart = draw(s, 2);
    s->rig.protocols[0]->pend_unbind = draw(s, 2);
    s->rig.protocols[1]->pend_pause = draw(s, 2);
}

static void
event(struct state *s)
{
    switch (draw(s, 11)) {
    case 0: toggle_running(s); break;
    case 1: toggle_filter(s, draw(s, 2)); break;
    case 2: toggle_binding(s, draw(s, 2)); break;
    case 3: ask(s, draw(s, 2)); break;
    case 4:
        if (!s->asleep)
            peer_miniport_link(s->rig.miniport, draw(s, 2));
        break;
    case 5: change_ways(s); break;
    case 6: toggle_power(s); break;
    case 7: leave_and_return(s, draw(s, 2)); break;
    case 8: reset(s); break;
    default: undis_run(s->rig.machine, 200000);
    }
}

static void
up(struct state *s, unsigned seed, unsigned machine)
{
    struct rig_config config = {.filters = 2,
        .protocols = 2,
        .seed = seed,
        .completes = (seed + machine) % PEER_HOLD,
        .returns = (seed / 2) % PEER_HOLD,
        .not_started = true};

    *s = (struct state){.running = true,
        .bound = {true, true},
        .attached = {true, true},
        .random = 2 * seed + machine + 1};
    rig_up(&s->rig, &config);
    s->rig.miniport->knows_power = (seed + machine) % 2;
    CHECK_OK(undis_stack_start(s->rig.stack));
    for (unsigned i = 0; i < 2; i++)
        peer_protocol_traffic(s->rig.protocols[i], true);
    peer_miniport_traffic(s->rig.miniport, true);
}

static void
down(struct state *s, bool surprise)
{
    peer_miniport_traffic(s->rig.miniport, false);
    for (unsigned i = 0; i < 2; i++)
        peer_protocol_traffic(s->rig.protocols[i], false);
    rig_settle(&s->rig);
    if (surprise) {
        CHECK_OK(undis_stack_surprise(s->rig.stack));
        s->rig.stack = NULL;
    }
    rig_down(&s->rig);
}

static void
try(unsigned seed)
{
    struct state s[2];

    test_case("seed %u", seed);
    for (unsigned i = 0; i < 2; i++)
        up(&s[i], seed, i);
    for (unsigned i = 0; i < 2 * EVENTS; i++)
        event(&s[i % 2]);
    for (unsigned i = 0; i < 2; i++)
        down(&s[i], (seed + i) % 3 == 0);
}

int
main(void)
{
    for (unsigned seed = 0; seed < 6; seed++)
        try(seed);
    return 0;
}
