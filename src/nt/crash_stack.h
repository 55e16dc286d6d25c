/* SPDX-License-Identifier: MIT */
/* The stack of a crash, as far as it can be read. */
#pragma once

#include "nt/crash.h"

/* Return addresses from the instruction @code on (NULL: from the caller), into CRASH_DEPTH places;
 * answers how many. A stack that cannot be followed ends early. */
unsigned crash_unwind(const void *code, void **stack);
/* Fills in stack, depth and missing of @crash: by unwinding, or, where that leads nowhere, along
 * the frame pointers. In the call of who ends the process. */
void crash_stack(struct crash *crash);
