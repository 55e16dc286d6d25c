/* SPDX-License-Identifier: MIT */
/* The host side of a machine: what undis.h keeps beside struct undis.
 *
 *     world     arena, executive; shared by machines that are joined by wires
 *       machine struct undis (nt), ports, drivers, stacks
 *
 * All in the arena, so that a snapshot holds it. Guarded by `lock` (an executive_lock word):
 * building and taking down, one caller at a time.
 */
#pragma once

#include "nt/driver.h"
#include "nt/machine.h"
#include <undis.h>

struct verify;
struct adapter;

struct undis_capture;
struct inf_driver;
struct wire;

/* Wires by name (ports/wire.c). */
struct wires {
    struct wire *first;
    uint32_t lock; /* host_lock */
};

struct world {
    struct arena *arena;
    struct executive *executive;
    LIST_ENTRY machines; /* of machine.link */
    uint32_t next_id;
    struct wires wires; /* when simulated */
};

struct machine {
    struct undis undis; /* first: the handle of undis.h */
    struct world *world;
    LIST_ENTRY link;            /* in world.machines */
    struct undis_config config; /* size and world not used */
    struct verify *verify;      /* NULL: off */
    LIST_ENTRY stacks;          /* of undis_stack.link */
    uint32_t next_stack;
    struct undis_port *ports;      /* ports_lock */
    uint32_t ports_lock;           /* host_lock */
    struct undis_capture *capture; /* NULL: none is open */
    struct inf_driver *infs;       /* inf/inf.h */
};

struct undis_stack {
    LIST_ENTRY link;
    struct undis *machine;
    struct adapter *adapter;
    struct undis_driver *miniport;
    struct undis_port *own_port;                /* made because none was given */
    struct undis_port *bottom;                  /* [I] held while not everything above it runs */
    struct undis_driver **filters, **protocols; /* NULL-terminated copies: what start builds */
    bool started;
    const struct adapter *below; /* an instance of an intermediate driver: who its binding is on */
    char name[64];
};

static inline struct machine *
machine_host(struct undis *machine)
{
    return (struct machine *)machine;
}

/* Runs @fn(@arguments) inside @machine at PASSIVE_LEVEL and answers what it answers. -EDEADLK with
 * the tasks that wait when nothing can run any more. */
int machine_inside(struct undis *machine, int (*fn)(void *arguments), void *arguments);
/* -errno for an NTSTATUS or NDIS_STATUS that was no success. */
int machine_errno(uint32_t status);
/* capture.c: ends the capture that is left, if there is one. */
void capture_end(struct undis *machine);
/* For crashes: what was read from the filter goes to its file. Takes no lock of a machine. */
void capture_flush(struct undis *machine);
