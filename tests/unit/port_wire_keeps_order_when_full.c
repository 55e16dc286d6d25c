/* SPDX-License-Identifier: MIT */
/* A wire carries every frame once and in order, also when it is full and when its end is held. */
#include "port_probe.h"

#define FRAMES 20000

static void
let_go(void *context)
{
    struct probe *probe = context;

    probe->face.Hold(probe->face.Context, FALSE);
}

static int
try_wire(enum undis_executive executive)
{
    struct undis *machine = probe_machine(executive, 0);
    struct undis_port_stats stats;
    struct probe a, b;
    int wrong;

    probe_open(&a, machine, "wire:w");
    probe_open(&b, machine, "wire:w");
    wrong = undis_port_open(machine, "wire:w", &(struct undis_port *){NULL}) != -16; /* EBUSY */
    a.to_send = FRAMES;
    undis_call(machine, probe_send_inside, &a);
    wrong |= !probe_wait(&b, FRAMES, 10000000000u);
    wrong |= b.early || b.twice || b.last != FRAMES || !a.links;
    wrong |= undis_port_stats(a.port, &stats) || stats.written != FRAMES || stats.errors ||
             stats.written_bytes != FRAMES * 60ull;

    /* Held after each batch: the rest waits in the ring. */
    b.hold = true;
    b.last = 0;
    a.sent = 0;
    a.to_send = 400;
    undis_call(machine, probe_send_inside, &a);
    executive_run(machine->executive, undis_now(machine) + 20000000);
    wrong |= b.received >= FRAMES + 400 || b.received == FRAMES;
    b.hold = false;
    undis_call(machine, let_go, &b);
    wrong |= !probe_wait(&b, FRAMES + 400, 10000000000u) || b.early || b.twice;
    fprintf(stderr, "%d: %u received, %u early, %u twice, %u ready, wrong %d\n", executive,
        b.received, b.early, b.twice, a.ready, wrong);
    probe_close(&a);
    probe_close(&b);
    return wrong | (undis_destroy(machine) != 0);
}

int
main(void)
{
    return try_wire(UNDIS_THREADS) | try_wire(UNDIS_SIMULATED);
}
