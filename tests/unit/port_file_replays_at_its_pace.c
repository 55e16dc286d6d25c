/* SPDX-License-Identifier: MIT */
/* A capture that one run writes is read by the next: complete, and at the pace of its times, which
 * under simulation is virtual time. Live ports are refused there. */
#include "port_probe.h"
#include <errno.h>
#include <unistd.h>

static char name[] = "/tmp/undis-test-XXXXXX", spec[128];

static void
write_file(enum undis_executive executive)
{
    struct undis *machine = probe_machine(executive, 0);
    struct probe probe;

    snprintf(spec, sizeof(spec), "pcapng:out=%s", name);
    probe_open(&probe, machine, spec);
    for (probe.to_send = 32; probe.to_send <= 320; probe.to_send += 32) {
        undis_call(machine, probe_send_inside, &probe);
        executive_run(machine->executive, undis_now(machine) + 10000000); /* 10 ms between */
    }
    probe_close(&probe);
    undis_destroy(machine);
}

static int
read_file(enum undis_executive executive, const char *speed, uint64_t least)
{
    struct undis *machine = probe_machine(executive, 0);
    struct undis_port_stats stats;
    struct probe probe;
    uint64_t start = undis_now(machine);
    int wrong;

    snprintf(spec, sizeof(spec), "pcap:in=%s%s", name, speed);
    probe_open(&probe, machine, spec);
    wrong = !probe_wait(&probe, 320, 5000000000u) || probe.early || probe.twice;
    wrong |= undis_now(machine) - start < least;
    executive_run(machine->executive, undis_now(machine) + 20000000);
    wrong |= undis_port_stats(probe.port, &stats) || !stats.ended || stats.read != 320;
    fprintf(stderr, "%d%s: %u frames, wrong %d\n", executive, speed, probe.received, wrong);
    probe_close(&probe);
    return wrong | (undis_destroy(machine) != 0);
}

int
main(void)
{
    struct undis *machine = probe_machine(UNDIS_SIMULATED, 0);
    struct undis_port *port;
    int wrong = undis_port_open(machine, "tap:t0", &port) != -ENOTSUP;

    wrong |= !strstr(undis_error(), "simulated") || undis_destroy(machine) != 0;
    wrong |= close(mkstemp(name));
    write_file(UNDIS_SIMULATED);
    wrong |= read_file(UNDIS_THREADS, "", 0) | read_file(UNDIS_SIMULATED, "", 0);
    wrong |= read_file(UNDIS_THREADS, ",speed=1", 85000000);
    wrong |= read_file(UNDIS_SIMULATED, ",speed=0.5", 175000000);
    unlink(name);
    return wrong;
}
