/* SPDX-License-Identifier: MIT */
/* Loss, duplication and reordering happen as often as asked, and the same for the same seed. */
#include "port_probe.h"

#define FRAMES 10000
#define SPEC   "wire:w,latency=500,loss=100000,duplicate=50000,reorder=20000,seed=7"

static struct probe
run_once(enum undis_executive executive, uint64_t seed, uint64_t *took)
{
    struct undis *machine = probe_machine(executive, seed);
    struct probe a, b;
    uint64_t start;

    probe_open(&a, machine, SPEC);
    probe_open(&b, machine, "wire:w");
    a.to_send = FRAMES;
    start = undis_now(machine);
    undis_call(machine, probe_send_inside, &a);
    probe_wait(&b, UINT32_MAX, 300000000);
    *took = undis_now(machine) - start;
    probe_close(&a);
    probe_close(&b);
    undis_destroy(machine);
    fprintf(stderr, "%d seed %d: %u received, %u early, %u twice\n", executive, (int)seed,
        b.received, b.early, b.twice);
    return b;
}

static int
plausible(const struct probe *b)
{
    /* 0.9 * 1.05 * FRAMES = 9450; duplicates 450; overtaken 180 */
    return b->received > 9300 && b->received < 9600 && b->twice > 380 && b->twice < 520 &&
           b->early > 130 && b->early < 240;
}

int
main(void)
{
    uint64_t took;
    struct probe a = run_once(UNDIS_THREADS, 0, &took), b = run_once(UNDIS_THREADS, 0, &took);
    struct probe c = run_once(UNDIS_SIMULATED, 3, &took), d = run_once(UNDIS_SIMULATED, 3, &took);
    struct probe tame = run_once(UNDIS_SIMULATED, 0, &took);

    return !plausible(&a) || a.received != b.received || !plausible(&c) ||
           c.received != d.received || c.early != d.early || c.twice != d.twice ||
           tame.received != FRAMES || tame.early || tame.twice;
}
