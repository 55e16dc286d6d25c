/* SPDX-License-Identifier: MIT */
/* Virtual processors and IRQL.
 *
 *     PASSIVE task  --KeRaiseIrql(DISPATCH)-->  owns a processor  --KeLowerIrql-->  drains DPCs
 *                                                                                   gives it up
 *
 * A task at DISPATCH_LEVEL or above owns exactly one processor, so what is per processor needs
 * neither lock nor atomic there. A processor that nobody owns has an idle task that waits for
 * DPCs. Owning each processor in turn is therefore a grace period: whatever ran at
 * DISPATCH_LEVEL before has ended (processor_grace).
 */
#pragma once

#include "executive/executive.h"
#include <wdm.h>

#define PROCESSORS_MAX 64

struct undis;

struct processor {
    uint32_t owner;               /* word: 0 free, 1 owned, 2 owned and waited for */
    uint32_t number;              /* [I] */
    uint32_t dpc_lock;            /* host_lock; guards dpcs */
    uint32_t dpc_signal;          /* word: bumped when a DPC is queued or the machine ends */
    SINGLE_LIST_ENTRY dpcs;       /* of KDPC.DpcListEntry, first to run first */
    SINGLE_LIST_ENTRY *dpcs_last; /* the link the next one goes to */
    void *running_dpc;            /* KDPC under way, for KeFlushQueuedDpcs and reports */
    uint64_t dpc_runs;            /* DPCs finished here */
    bool ending;
    void *caches[8]; /* free lists of packet/ and path/ on this processor: only its owner */
} __attribute__((aligned(64)));

/* Raises the running task to @level (>= its own) and answers the old one; claims a processor
 * when that crosses DISPATCH_LEVEL. The functions behind KeRaiseIrql and KeLowerIrql. */
KIRQL irql_raise(KIRQL level);
/* Back to @level; below DISPATCH_LEVEL it runs this processor's DPCs and gives it up. */
void irql_lower(KIRQL level);
static inline KIRQL
irql_now(void)
{
    return block_self->irql;
}

/* The processor the running task owns (irql >= DISPATCH_LEVEL) or used last. */
struct processor *processor_self(void);
/* Raises to DISPATCH_LEVEL on a given processor, for DPC targets and grace periods. */
KIRQL processor_claim(struct undis *machine, unsigned number);
/*
 * At DISPATCH_LEVEL: lowers to PASSIVE_LEVEL for a call into a driver, after which the task goes on at
 * DISPATCH_LEVEL with what it knew, on any processor: a grace period waits for that, too.
 */
struct processor_stay {
    LIST_ENTRY link;
    uint64_t number;
    const struct block *task;
};
void processor_stay_begin(struct processor_stay *stay);
void processor_stay_end(struct processor_stay *stay);
/* Returns when everything that ran at DISPATCH_LEVEL at the call has left it, and every stay of
 * other tasks has ended. PASSIVE_LEVEL. */
void processor_grace(struct undis *machine);
/* The processors of @machine and their idle tasks. 0 or -errno. */
int processor_create(struct undis *machine);
/* Tells the idle tasks to end. */
void processor_end(struct undis *machine);
/* Lets the idle task of @processor see that a DPC is queued. */
void processor_signal(struct undis *machine, struct processor *processor);

/* Offers to be preempted; nothing on real threads. */
void yield_point(enum yield_kind kind, const volatile void *object);
