/* SPDX-License-Identifier: MIT */
/* One simulated computer. Everything that Windows would keep in globals hangs here.
 *
 *     world      arena + executive: what several machines joined by wires share
 *       machine  processors, registry, devices, drivers, stacks
 *
 * Made by undis_create (src/undis), which calls nt_create and ndis_create; lives in the arena.
 */
#pragma once

#include "executive/executive.h"
#include "host/arena.h"
#include "nt/processor.h"
#include <wdm.h>

struct gate_hooks;
struct trace;
struct registry;
struct io;
struct ndis;
struct handles;
struct nt_timers;
struct nt_work;
struct kthread;
struct bus;

struct undis {
    struct arena *arena;          /* [I] */
    struct executive *executive;  /* [I] */
    uint32_t id;                  /* [I] within the world, from 1 */
    uint32_t processor_count;     /* [I] 1 .. PROCESSORS_MAX */
    bool simulated;               /* [I] the simulated executive runs it */
    struct processor *processors; /* [I] */

    const struct gate_hooks *hooks; /* [I] NULL: verifier, trace and faults are off */
    void *hook_context;             /* [I] */
    struct trace *trace;            /* [I] NULL: off */

    uint32_t dispatcher; /* executive_lock word; guards signal states and wait lists (nt/wait.c) */
    struct nt_timers *timers;   /* nt/timer.c */
    struct nt_work *work;       /* nt/work.c */
    struct handles *handles;    /* nt/handle.c */
    LIST_ENTRY shared;          /* of struct shared_event.link; guarded by dispatcher */
    LIST_ENTRY threads;         /* of struct kthread.link; guarded by dispatcher */
    uint32_t system_tasks;      /* word: idle, timer and worker tasks alive */
    void *process_routines[64]; /* PsSetCreateProcessNotifyRoutine; guarded by object_lock */
    LIST_ENTRY callbacks;      /* of struct callback.link; guarded by object_lock (nt/callback.c) */
    struct registry *registry; /* nt/registry.c */
    struct io *io;             /* nt/io.c */
    struct ndis *ndis;         /* ndis/stack */
    struct bus *bus;           /* hardware/bus.h; NULL until a device is plugged in */
    uint32_t object_lock;      /* host_lock: side tables of objects without a destroy call */
    LIST_ENTRY stays;          /* of struct processor_stay.link, oldest first; under stay_lock */
    uint64_t next_stay;        /* guarded by stay_lock */
    uint32_t stay_lock;        /* host_lock */
    uint32_t stays_ended;      /* wait word of processor_grace */
    LIST_ENTRY drivers;        /* of struct driver.link, which stay; driver_at reads without lock */
    uint32_t driver_lock;      /* executive_lock word; guards drivers */
    uint64_t boot_time;        /* [I] 100 ns since 1601 at start; fixed when simulated */
    uint32_t next_object_id[64]; /* per object kind (nt/object.h), relaxed atomics */
    bool ended;                  /* nt_destroy has begun: system tasks end */

    /* What undis.h asked for. */
    void (*report)(void *context, const char *text); /* DbgPrint and friends; may be NULL */
    void *report_context;
    bool debug_print;  /* DbgPrint goes to report */
    bool profile_ce;   /* the Compact 2013 profile */
    uint64_t patience; /* ns a driver may take to complete what it pended */
};

/* The machine of the running task. Never NULL inside a driver call. */
static inline struct undis *
machine_self(void)
{
    return (struct undis *)block_self->machine;
}

/* Processors, timers, system workers, registry, I/O manager. 0 or -errno. */
int nt_create(struct undis *machine);
/* Ends its system tasks; drivers must be unloaded. */
void nt_destroy(struct undis *machine);

/* Zeroed memory of the machine, for the core's own structures; NULL when the arena is full. */
void *machine_alloc(struct undis *machine, size_t size);
void machine_free(struct undis *machine, void *memory);
