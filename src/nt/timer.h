/* SPDX-License-Identifier: MIT */
/* Timers: one list per machine, earliest first, and one task that waits for the first. */
#pragma once

#include "nt/machine.h"

int timers_create(struct undis *machine);
void timers_end(struct undis *machine);
void timers_destroy(struct undis *machine);

/* As KeSetTimerEx, for a timer of ExAllocateTimer; @period in ns. */
bool timer_set_extended(struct _EX_TIMER *timer, LARGE_INTEGER due, uint64_t period);
/* It is not set anew when it expires; with @cancel it is stopped: answers whether it was set. */
bool timer_end_extended(struct _EX_TIMER *timer, bool cancel);
