/* SPDX-License-Identifier: MIT */
/* Two stacks of the shipped drivers under traffic, and in a random order: pause and restart, attach
 * and detach, unbind and bind, power states, requests, a wire that stops and one whose other end goes
 * and comes. No frame is damaged; afterwards all that is sent arrives, once, and in order.
 */
#define NDIS630 1

#include <ndis.h>

#include "line.h"

#define EVENTS 120u
#define BURST  24u
#define LAST   100u

struct end {
    bool paused, detached, unbound, asleep, held;
};

struct walk {
    struct line line;
    struct end ends[2];
    unsigned random;
};

static unsigned
draw(struct walk *walk, unsigned n)
{
    walk->random = walk->random * 1664525u + 1013904223u;
    return (walk->random >> 10) % n;
}

/* As many as there is room for. */
static void
burst(struct line_end *from)
{
    uint8_t frame[FRAME_MAX];

    for (unsigned k = 0; k < BURST; k++) {
        uint32_t length = FRAME_MIN + (uint32_t)(from->number * 37 % (FRAME_MAX - FRAME_MIN));

        frame_fill(frame, length, from->origin, from->number);
        if (undis_port_inject(from->program, frame, length))
            return;
        from->number++;
    }
}

static void
pause_or_restart(struct line_end *end, struct end *state)
{
    if (state->asleep)
        return;
    CHECK_OK(state->paused ? undis_stack_restart(end->stack) : undis_stack_pause(end->stack));
    state->paused = !state->paused;
}

static void
detach_or_attach(struct line_end *end, struct end *state)
{
    CHECK_OK(state->detached ? undis_stack_attach(end->stack, end->filters[0])
                             : undis_stack_detach(end->stack, end->filters[0]));
    state->detached = !state->detached;
}

static void
unbind_or_bind(struct line_end *end, struct end *state)
{
    if (state->unbound && state->asleep)
        return; /* no binding asks an adapter that sleeps */
    CHECK_OK(state->unbound ? undis_stack_bind(end->stack, end->protocol)
                            : undis_stack_unbind(end->stack, end->protocol));
    state->unbound = !state->unbound;
}

static void
sleep_or_wake(struct line_end *end, struct end *state)
{
    CHECK_OK(undis_stack_power(end->stack, state->asleep ? 0 : 3));
    state->asleep = !state->asleep;
}

static void
hold_or_let_go(struct line_end *end, struct end *state)
{
    state->held = !state->held;
    CHECK_OK(undis_port_hold(end->wire, state->held));
}

static void
ask(struct line_end *end, struct end *state)
{
    static const NDIS_OID asked[] = {
        OID_GEN_STATISTICS, OID_GEN_RCV_OK, OID_GEN_LINK_STATE, OID_GEN_CURRENT_PACKET_FILTER};
    NDIS_STATISTICS_INFO answer;
    uint32_t length, status, lookahead = 1000;

    if (state->asleep)
        return;
    for (unsigned k = 0; k < RTL_NUMBER_OF(asked); k++) {
        length = asked[k] == OID_GEN_RCV_OK ? 8 : sizeof(answer);
        CHECK_OK(undis_stack_oid(end->stack, false, asked[k], &answer, &length, &status));
        CHECK_EQ(status, 0);
    }
    length = sizeof(lookahead);
    CHECK_OK(
        undis_stack_oid(end->stack, true, OID_GEN_CURRENT_LOOKAHEAD, &lookahead, &length, &status));
    CHECK_EQ(status, 0);
}

/* The other end sees its link go down and come up again. */
static void
leave_and_return(struct line_end *end, struct end *state)
{
    CHECK_OK(undis_stack_remove(end->stack));
    line_stack(end);
    *state = (struct end){.held = state->held};
}

static void
event(struct walk *walk, unsigned k)
{
    static void (*const events[])(struct line_end *, struct end *) = {pause_or_restart,
        pause_or_restart, detach_or_attach, unbind_or_bind, sleep_or_wake, hold_or_let_go, ask, ask,
        leave_and_return};
    struct line_end *end = &walk->line.ends[k];
    unsigned which = draw(walk, RTL_NUMBER_OF(events) + 2);

    if (which < RTL_NUMBER_OF(events))
        events[which](end, &walk->ends[k]);
    else
        undis_run(end->machine, 200000);
}

static void
set_right(struct line_end *end, struct end *state)
{
    if (state->held)
        hold_or_let_go(end, state);
    if (state->asleep)
        sleep_or_wake(end, state);
    if (state->paused)
        pause_or_restart(end, state);
    if (state->unbound)
        unbind_or_bind(end, state);
    if (state->detached)
        detach_or_attach(end, state);
}

static bool
last_is_there(void *context)
{
    const struct line_end *ends = context;

    /* Of the counter the frame is part of, the number is read when nothing moves. */
    for (unsigned k = 0; k < 2; k++)
        if (test_read(&ends[k].got.last) != ends[!k].number - 1)
            return false;
    return true;
}

static void
arrives(struct walk *walk)
{
    struct line_end *ends = walk->line.ends;
    uint64_t got[2];

    for (unsigned k = 0; k < 2; k++)
        line_send(&walk->line, k, 1);
    test_wait(ends[0].machine, last_is_there, ends, "what was under way");
    for (unsigned k = 0; k < 2; k++)
        got[k] = test_read(&ends[k].got.count) + test_read(&ends[k].got.disorder);
    for (unsigned k = 0; k < 2; k++)
        line_send(&walk->line, k, LAST);
    test_wait(ends[0].machine, last_is_there, ends, "the last frames");
    for (unsigned k = 0; k < 2; k++) {
        CHECK_EQ(test_read(&ends[k].got.count) + test_read(&ends[k].got.disorder), got[k] + LAST);
        CHECK_EQ(test_read(&ends[k].got.bad), 0);
    }
}

static void
go(unsigned seed)
{
    static const char *const filters[] = {"pass", NULL};
    struct line_config config = {.filters = filters, .seed = seed};
    struct walk walk = {.random = seed};

    test_case("seed %u", seed);
    line_up_with(&walk.line, &config);
    for (unsigned k = 0; k < EVENTS; k++) {
        burst(&walk.line.ends[0]);
        burst(&walk.line.ends[1]);
        event(&walk, draw(&walk, 2));
    }
    for (unsigned k = 0; k < 2; k++)
        set_right(&walk.line.ends[k], &walk.ends[k]);
    arrives(&walk);
    line_down(&walk.line);
}

int
main(void)
{
    for (unsigned seed = 0; seed < 3 || seed < test_seeds(); seed++)
        go(seed);
    return 0;
}
