/* SPDX-License-Identifier: MIT */
/* Two machines joined by a wire: dialer or dialer5, a client of NDIS 5, calls one of the two, over
 * operator and circuits, over phone or over phone5, a miniport of NDIS 5; frames go both ways,
 * through a pause and a new call, and nothing is left (condis-send-complete). */
#include "lib/frame.h"
#include "lib/machine.h"

#include <errno.h>
#include <stdio.h>

#define FRAMES 40u
#define LENGTH 1400u

struct end {
    struct undis *machine;
    struct undis_driver *miniport, *manager, *client; /* manager NULL: the miniport is its own */
    struct undis_port *program, *wire;
    struct undis_stack *stack;
    struct frames got;
    unsigned origin;
    uint64_t number;
};

static unsigned lines;

static void
receive(void *context, const void *frame, size_t length)
{
    frames_see(&((struct end *)context)->got, frame, (uint32_t)length);
}

/* The miniports, and the call managers of those that are not their own. */
static const struct side {
    const char *miniport, *manager;
} sides[] = {{"circuits", "operator"}, {"phone", NULL}, {"phone5", NULL}};

static void
up(struct end *end, const char *wire, const struct side *side, const char *client,
    const char *keyword)
{
    struct undis_driver *protocols[3] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};

    end->miniport = test_driver(end->machine, side->miniport);
    end->manager = side->manager ? test_driver(end->machine, side->manager) : NULL;
    end->client = test_driver(end->machine, client);
    CHECK_OK(undis_set(end->machine, client, keyword, "17"));
    CHECK_OK(undis_port_open(end->machine, wire, &end->wire));
    CHECK_OK(undis_port_program(end->machine, receive, end, &end->program));
    config.miniport = end->miniport;
    protocols[0] = end->client;
    protocols[1] = end->manager;
    config.bottom = end->wire;
    config.top = end->program;
    CHECK_OK(undis_stack_create(end->machine, &config, &end->stack));
    CHECK_OK(undis_stack_start(end->stack));
}

static void
down(struct end *end)
{
    CHECK_OK(undis_stack_remove(end->stack));
    CHECK_OK(undis_port_close(end->program));
    CHECK_OK(undis_port_close(end->wire));
    test_unload(end->machine, end->client);
    if (end->manager)
        test_unload(end->machine, end->manager);
    test_unload(end->machine, end->miniport);
}

static void
send(struct end *from, unsigned count)
{
    uint8_t frame[LENGTH];
    int error;

    while (count-- > 0) {
        uint32_t length = FRAME_MIN + (uint32_t)(from->number * 37 % (LENGTH - FRAME_MIN));

        frame_fill(frame, length, from->origin, from->number++);
        while ((error = undis_port_inject(from->program, frame, length)) == -EAGAIN)
            undis_run(from->machine, 100000);
        CHECK_OK(error);
        undis_run(from->machine, 20000);
    }
}

static void
both_ways(struct end *a, struct end *b)
{
    uint64_t at_a = a->got.count, at_b = b->got.count;

    send(a, FRAMES);
    test_wait_count(b->machine, &b->got.count, at_b + FRAMES);
    send(b, FRAMES);
    test_wait_count(a->machine, &a->got.count, at_a + FRAMES);
    CHECK_EQ(a->got.bad + b->got.bad, 0);
    CHECK_EQ(a->got.disorder + b->got.disorder, 0);
}

static void
test(const char *caller, unsigned caller_side, const char *called, unsigned called_side)
{
    struct end a = {.origin = 1}, b = {.origin = 2};
    struct undis_config second = test_config();
    char wire[64];

    test_case("%s over %s calls %s over %s", caller, sides[caller_side].miniport, called,
        sides[called_side].miniport);
    snprintf(wire, sizeof(wire), "wire:calls%u", lines++);
    a.machine = test_machine();
    second.world = a.machine;
    b.machine = test_machine_with(&second);
    up(&a, wire, &sides[caller_side], caller, "Dial"); /* before anybody listens: it calls again */
    undis_run(a.machine, 600000000);
    up(&b, wire, &sides[called_side], called, "Listen");
    both_ways(&a, &b);
    CHECK_OK(undis_stack_pause(b.stack));
    CHECK_OK(undis_stack_restart(b.stack));
    both_ways(&a, &b);
    /* The called end goes and comes again; the caller notices and calls again. */
    CHECK_OK(undis_stack_unbind(b.stack, b.client));
    CHECK_OK(undis_stack_bind(b.stack, b.client));
    both_ways(&b, &a); /* in this order: only the called end knows the new call from the old one */
    down(&b);
    down(&a);
    test_machine_end(b.machine);
    test_machine_end(a.machine);
}

int
main(void)
{
    test("dialer", 0, "dialer", 0);
    test("dialer", 1, "dialer", 0);
    test("dialer", 0, "dialer", 1);
    test("dialer5", 0, "dialer5", 1);
    test("dialer5", 1, "dialer", 1);
    test("dialer5", 2, "dialer5", 2);
    test("dialer", 2, "dialer", 1);
    test("dialer", 0, "dialer5", 2);
    test("dialer5", 2, "dialer", 2);
    return 0;
}
