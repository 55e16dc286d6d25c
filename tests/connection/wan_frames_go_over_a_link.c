/* SPDX-License-Identifier: MIT */
/* S1.5, S2.8, s5-wan-complete: two machines whose modems are joined by a wire. The line comes up, the
 * frames of the two ports go over it both ways and in order, answered at once and by
 * NdisMWanSendComplete, serialized and deserialized; a protocol that comes again gets the line again. */
#include "lib/frame.h"
#include "lib/machine.h"

#include <errno.h>
#include <stdio.h>

#define FRAMES 60u
#define LENGTH 1400u

struct end {
    struct undis *machine;
    struct undis_driver *miniport, *protocol;
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

static void
up(struct end *end, const char *wire, const char *deserialized)
{
    struct undis_driver *protocols[2] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};

    end->miniport = test_driver(end->machine, "modem");
    end->protocol = test_driver(end->machine, "wanlink");
    CHECK_OK(undis_set(end->machine, "modem", "Deserialized", deserialized));
    CHECK_OK(undis_port_open(end->machine, wire, &end->wire));
    CHECK_OK(undis_port_program(end->machine, receive, end, &end->program));
    config.miniport = end->miniport;
    protocols[0] = end->protocol;
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
    test_unload(end->machine, end->protocol);
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
    }
}

static void
both_ways(struct end *a, struct end *b)
{
    uint64_t at_a = a->got.count, at_b = b->got.count;

    send(a, FRAMES);
    send(b, FRAMES);
    test_wait_count(b->machine, &b->got.count, at_b + FRAMES);
    test_wait_count(a->machine, &a->got.count, at_a + FRAMES);
    CHECK_EQ(a->got.bad + b->got.bad, 0);
    CHECK_EQ(a->got.disorder + b->got.disorder, 0);
}

/* Sent and completed agree in both layers. */
static void
check_counts(const struct end *end)
{
    struct undis_layer layers[2];

    CHECK_EQ(undis_stack_layers(end->stack, layers, 2), 2);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQ(layers[i].sent, layers[i].send_completed);
        CHECK_EQ(layers[i].sends_out, 0);
    }
    CHECK_EQ(layers[0].sent, end->number);
}

static void
test(const char *deserialized)
{
    struct end a = {.origin = 1}, b = {.origin = 2};
    struct undis_config second = test_config();
    char wire[64];

    test_case("deserialized: %s", deserialized);
    snprintf(wire, sizeof(wire), "wire:wan%u", lines++);
    a.machine = test_machine();
    second.world = a.machine;
    b.machine = test_machine_with(&second);
    up(&a, wire, deserialized);
    up(&b, wire, deserialized);
    both_ways(&a, &b);
    CHECK_OK(undis_stack_pause(a.stack));
    check_counts(&a);
    CHECK_OK(undis_stack_restart(a.stack));
    both_ways(&a, &b);
    CHECK_OK(undis_stack_unbind(b.stack, b.protocol));
    CHECK_OK(undis_stack_bind(b.stack, b.protocol));
    down(&b);
    down(&a);
    test_machine_end(b.machine);
    test_machine_end(a.machine);
}

int
main(void)
{
    test("0");
    test("1");
    return 0;
}
