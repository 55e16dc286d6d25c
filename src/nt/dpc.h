/* SPDX-License-Identifier: MIT */
/* DPCs: a queue per processor, run by whoever lowers the IRQL there, or by its idle task.
 *
 * A KDPC lies in memory of a driver. While it is queued DpcData points at its processor; in
 * ProcessorHistory it remembers the driver whose routine it is, 0 for one of the core.
 */
#pragma once

#include "nt/driver.h"

/* As KeInitializeDpc; @driver NULL: a routine of the core, called without the gate. */
void dpc_initialize(PKDPC dpc, PKDEFERRED_ROUTINE routine, void *context, struct driver *driver);
/* Queues @dpc for @processor (unless it has a target of its own) and wakes that one's idle task.
 * false: it was queued already. */
bool
dpc_queue(struct undis *machine, PKDPC dpc, unsigned processor, void *argument1, void *argument2);
/* Takes @dpc out of its queue; false when it is in none. */
bool dpc_remove(struct undis *machine, PKDPC dpc);
/* Runs what is queued on @processor, which the caller owns at DISPATCH_LEVEL. A DPC that queues
 * itself again and again is left to the idle task. */
void dpc_drain(struct undis *machine, struct processor *processor);
