/* SPDX-License-Identifier: MIT */
/* The program is the far side: what it injects arrives, what a driver transmits it gets. */
#include "port_probe.h"
#include <errno.h>

struct seen {
    uint32_t count, wrong;
};

static void
receive(void *context, const void *frame, size_t length)
{
    struct seen *seen = context;
    uint32_t number;

    memcpy(&number, (const char *)frame + 14, sizeof(number));
    seen->wrong |= length != 60 || number != ++seen->count;
}

static int
try_program(enum undis_executive executive)
{
    struct undis *machine = probe_machine(executive, 0);
    unsigned char frame[60] = {0};
    struct probe probe = {.machine = machine};
    struct seen seen = {0, 0};
    int wrong, result = 0;

    if (undis_port_program(machine, receive, &seen, &probe.port))
        probe_fail("undis_port_program");
    wrong = undis_port_inject(probe.port, frame, 60) != -ENOTCONN;
    undis_call(machine, probe_open_inside, &probe);
    wrong |= !NT_SUCCESS(probe.status) || undis_port_close(probe.port) != -EBUSY;
    wrong |= undis_port_inject(probe.port, frame, 0) != -EMSGSIZE;
    for (uint32_t i = 1; i <= 100; i++) {
        memcpy(frame + 14, &i, sizeof(i));
        result |= undis_port_inject(probe.port, frame, 60);
    }
    wrong |= result || !probe_wait(&probe, 100, 5000000000u) || probe.early || probe.last != 100;
    probe.to_send = 1000;
    undis_call(machine, probe_send_inside, &probe);
    wrong |= seen.count != 1000 || seen.wrong;
    fprintf(stderr, "%d: %u in, %u out, wrong %d\n", executive, probe.received, seen.count, wrong);
    probe_close(&probe);
    return wrong | (undis_destroy(machine) != 0);
}

int
main(void)
{
    return try_program(UNDIS_THREADS) | try_program(UNDIS_SIMULATED);
}
