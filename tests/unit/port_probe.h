/* SPDX-License-Identifier: MIT */
/* A driver's end of a port, for tests: opens it, sends numbered frames, notes what comes. */
#pragma once

#include "undis/ports/port.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct probe {
    struct undis *machine;
    struct undis_port *port;
    UNDIS_PORT_INTERFACE face;
    uint32_t received, ready, links; /* atomics */
    uint32_t early, twice;           /* smaller than the one before, the same as the one before */
    uint32_t last;
    uint32_t to_send, sent;
    bool hold; /* holds after every batch */
    NTSTATUS status;
};

static void
probe_received(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    struct probe *probe = Context;

    for (ULONG i = 0; i < Count; i++) {
        uint32_t number;

        memcpy(&number, Frames[i].Data + 14, sizeof(number));
        probe->early += number < probe->last;
        probe->twice += number == probe->last;
        probe->last = number;
    }
    if (probe->hold)
        probe->face.Hold(probe->face.Context, TRUE);
    __atomic_fetch_add(&probe->received, Count, __ATOMIC_RELEASE);
}

static void
probe_ready(PVOID Context)
{
    __atomic_fetch_add(&((struct probe *)Context)->ready, 1, __ATOMIC_RELEASE);
}

static void
probe_link(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed)
{
    (void)Up;
    (void)LinkSpeed;
    __atomic_fetch_add(&((struct probe *)Context)->links, 1, __ATOMIC_RELEASE);
}

static void
probe_open_inside(void *context)
{
    struct probe *probe = context;

    probe->status = UndisPortQueryInterface(probe->port->device, &probe->face);
    if (NT_SUCCESS(probe->status))
        probe->status =
            probe->face.Open(probe->face.Context, probe_received, probe_ready, probe_link, probe);
}

static void
probe_close_inside(void *context)
{
    struct probe *probe = context;

    probe->face.Close(probe->face.Context);
    probe->face.InterfaceDereference(probe->face.Context);
}

/* Sends frames numbered from 1; waits for Ready when the port takes fewer. */
static inline void
probe_send_inside(void *context)
{
    struct probe *probe = context;
    unsigned char data[32][60] = {{0}};
    UNDIS_PORT_TRANSMIT frames[32];

    for (unsigned i = 0; i < 32; i++)
        frames[i] = (UNDIS_PORT_TRANSMIT){IoAllocateMdl(data[i], 60, FALSE, FALSE, NULL), 0, 60};
    for (unsigned i = 0; i < 32; i++)
        MmBuildMdlForNonPagedPool(frames[i].Mdl);
    while (probe->sent < probe->to_send) {
        uint32_t ready = __atomic_load_n(&probe->ready, __ATOMIC_ACQUIRE), taken, n;

        n = probe->to_send - probe->sent < 32 ? probe->to_send - probe->sent : 32;
        for (unsigned i = 0; i < n; i++) {
            uint32_t number = probe->sent + i + 1;

            memcpy(data[i] + 14, &number, sizeof(number));
        }
        taken = probe->face.Transmit(probe->face.Context, frames, n);
        probe->sent += taken;
        while (taken < n && __atomic_load_n(&probe->ready, __ATOMIC_ACQUIRE) == ready)
            executive_wait(probe->machine->executive, &probe->ready, ready,
                executive_now(probe->machine->executive) + 1000000);
    }
    for (unsigned i = 0; i < 32; i++)
        IoFreeMdl(frames[i].Mdl);
}

static void
probe_fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, undis_error());
    exit(1);
}

static inline void
probe_open(struct probe *probe, struct undis *machine, const char *spec)
{
    memset(probe, 0, sizeof(*probe));
    probe->machine = machine;
    if (undis_port_open(machine, spec, &probe->port) ||
        undis_call(machine, probe_open_inside, probe) || !NT_SUCCESS(probe->status))
        probe_fail(spec);
}

static inline void
probe_close(struct probe *probe)
{
    if (undis_call(probe->machine, probe_close_inside, probe) || undis_port_close(probe->port))
        probe_fail("close");
}

/* Until @probe has received @count frames or @ns have passed. */
static inline bool
probe_wait(struct probe *probe, uint32_t count, uint64_t ns)
{
    uint64_t end = undis_now(probe->machine) + ns;

    while (__atomic_load_n(&probe->received, __ATOMIC_ACQUIRE) < count &&
           undis_now(probe->machine) < end)
        executive_run(probe->machine->executive, undis_now(probe->machine) + 1000000);
    return __atomic_load_n(&probe->received, __ATOMIC_ACQUIRE) == count;
}

static inline struct undis *
probe_machine(enum undis_executive executive, uint64_t seed)
{
    struct undis_config config = {.size = sizeof(config), .executive = executive, .seed = seed};
    struct undis *machine;

    if (undis_create(&config, &machine))
        probe_fail("undis_create");
    return machine;
}
