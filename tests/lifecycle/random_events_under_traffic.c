/* SPDX-License-Identifier: MIT */
/* Pause, restart, attach, detach, bind, unbind, OIDs and links in a random order under traffic,
 * with changing ways of completing: in the end everything came back once.
 */
#include "rig.h"
#include <stdlib.h>

#define EVENTS 60

struct state {
    struct rig rig;
    bool running, bound[2], attached[2];
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
        CHECK_EQ(peer_protocol_oid(s->rig.protocols[i], false, PEER_OID, &value), 0);
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
    switch (draw(s, 7)) {
    case 0: toggle_running(s); break;
    case 1: toggle_filter(s, draw(s, 2)); break;
    case 2: toggle_binding(s, draw(s, 2)); break;
    case 3: ask(s, draw(s, 2)); break;
    case 4: peer_miniport_link(s->rig.miniport, draw(s, 2)); break;
    case 5: change_ways(s); break;
    default: undis_run(s->rig.machine, 200000);
    }
}

static void
try(unsigned seed)
{
    struct rig_config config = {.filters = 2,
        .protocols = 2,
        .seed = seed,
        .completes = seed % PEER_HOLD,
        .returns = (seed / 2) % PEER_HOLD};
    struct state s = {
        .running = true, .bound = {true, true}, .attached = {true, true}, .random = seed + 1};

    test_case("seed %u", seed);
    rig_up(&s.rig, &config);
    for (unsigned i = 0; i < 2; i++)
        peer_protocol_traffic(s.rig.protocols[i], true);
    peer_miniport_traffic(s.rig.miniport, true);
    for (unsigned i = 0; i < EVENTS; i++)
        event(&s);
    peer_miniport_traffic(s.rig.miniport, false);
    for (unsigned i = 0; i < 2; i++)
        peer_protocol_traffic(s.rig.protocols[i], false);
    rig_settle(&s.rig);
    rig_down(&s.rig);
}

int
main(void)
{
    for (unsigned seed = 0; seed < 6; seed++)
        try(seed);
    return 0;
}
