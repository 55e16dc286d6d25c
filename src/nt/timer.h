/* SPDX-License-Identifier: MIT */
/* Timers: one list per machine, earliest first, and one task that waits for the first. */
#pragma once

#include "nt/machine.h"

int timers_create(struct undis *machine);
void timers_end(struct undis *machine);
void timers_destroy(struct undis *machine);
