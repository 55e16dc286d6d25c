/* SPDX-License-Identifier: MIT */
/* Clocks, and work of a known length. */
#pragma once

#include <stdint.h>

/* ns since some time. */
uint64_t clock_now(void);
/* ns that this thread has used of its processor: other programs do not count. */
uint64_t clock_used(void);
/* Work that takes no memory and no clock. */
void work(unsigned rounds);
/* How many rounds of it a ns holds; measured, which takes a moment. */
double work_rounds_per_ns(void);
