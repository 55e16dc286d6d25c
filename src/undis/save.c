/* SPDX-License-Identifier: MIT */
/* A point in a simulated world's life to come back to: the arena (which holds the machines, the
 * fibres, the clock) and the drivers' own data.
 */
#include "undis/machine.h"

#include "host/image.h"
#include "undis/error.h"
#include "undis/ports/port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DATA_RANGES 16

struct saved_range {
    struct saved_range *next;
    void *start;
    size_t size;
    unsigned char bytes[];
};

struct undis_snapshot {
    struct arena_snapshot *arena;
    struct saved_range *data;
};

static int
save_range(struct undis_snapshot *snapshot, const struct image_range *range)
{
    struct saved_range *saved = malloc(sizeof(*saved) + range->size);

    if (!saved)
        return -ENOMEM;
    saved->start = range->start;
    saved->size = range->size;
    memcpy(saved->bytes, range->start, range->size);
    saved->next = snapshot->data;
    snapshot->data = saved;
    return 0;
}

static int
save_drivers_of(struct undis *machine, struct undis_snapshot *snapshot)
{
    int error = 0;

    for (LIST_ENTRY *e = machine->drivers.Flink; e != &machine->drivers; e = e->Flink) {
        struct driver *driver = CONTAINING_RECORD(e, struct driver, link);
        struct image_range ranges[DATA_RANGES];
        unsigned n = driver->image ? image_data(driver->image, ranges, DATA_RANGES) : 0;

        for (unsigned i = 0; i < n && !error; i++)
            error = save_range(snapshot, &ranges[i]);
    }
    return error;
}

/* For every machine of the world; -ENOTSUP when one has a port of the host. */
static int
save_drivers(struct world *world, struct undis_snapshot *snapshot)
{
    int error = 0;

    for (LIST_ENTRY *e = world->machines.Flink; e != &world->machines && !error; e = e->Flink) {
        struct machine *machine = CONTAINING_RECORD(e, struct machine, link);

        error = port_any_hosted(&machine->undis) || machine->capture
                    ? -ENOTSUP
                    : save_drivers_of(&machine->undis, snapshot);
    }
    return error;
}

void
undis_snapshot_free(struct undis_snapshot *snapshot)
{
    struct saved_range *range;

    if (!snapshot)
        return;
    while ((range = snapshot->data)) {
        snapshot->data = range->next;
        free(range);
    }
    if (snapshot->arena)
        arena_snapshot_free(snapshot->arena);
    free(snapshot);
}

int
undis_save(struct undis *machine, struct undis_snapshot **saved)
{
    struct world *world = machine_host(machine)->world;
    struct undis_snapshot *snapshot;
    int error;

    if (executive_kind(world->executive) != EXECUTIVE_SIMULATED)
        return undis_fail(-ENOTSUP, "only a simulated machine can be saved and reset");
    error = executive_quiescent(world->executive);
    if (error)
        return undis_fail(error, "the machine cannot be saved inside a call");
    snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return undis_fail(-ENOMEM, "no memory for a snapshot");
    error = save_drivers(world, snapshot);
    if (!error) {
        snapshot->arena = arena_save(world->arena);
        error = snapshot->arena ? 0 : -errno;
    }
    if (error) {
        undis_snapshot_free(snapshot);
        return undis_fail(error, "the machine cannot be saved: %s",
            error == -ENOTSUP ? "a port of the host (tap, tun, pcap) or a capture is open"
                              : strerror(-error));
    }
    *saved = snapshot;
    return 0;
}

int
undis_reset(struct undis *machine, const struct undis_snapshot *snapshot)
{
    struct world *world = machine_host(machine)->world;
    int error = executive_quiescent(world->executive);

    if (error)
        return undis_fail(error, "the machine cannot be reset inside a call");
    arena_restore(world->arena, snapshot->arena);
    for (const struct saved_range *range = snapshot->data; range; range = range->next)
        memcpy(range->start, range->bytes, range->size);
    return 0;
}
