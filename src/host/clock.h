/* SPDX-License-Identifier: MIT */
/* The host's clocks. */
#pragma once

#include <stdint.h>

/* ns of CLOCK_MONOTONIC. */
uint64_t host_clock(void);
/* ns since 1970, UTC. */
uint64_t host_clock_wall(void);
