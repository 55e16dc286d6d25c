/* SPDX-License-Identifier: MIT */
/* Frames that can be recognised: Ethernet, type 0x88B5, then origin, number, length and a pattern
 * that depends on both.
 */
#pragma once

#include "check.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_MIN     60u
#define FRAME_MAX     1514u
#define FRAME_ORIGINS 16u

void frame_fill(uint8_t *frame, uint32_t length, unsigned origin, uint64_t number);
/* False when it is no such frame, or not whole. */
bool frame_read(const uint8_t *frame, uint32_t length, unsigned *origin, uint64_t *number);

/* What was seen of such frames. Read it when nothing moves. */
struct frames {
    test_counter count;
    test_counter bad;      /* not whole, not ours */
    test_counter disorder; /* not the number after the one before, of that origin */
    test_counter last;     /* number of the last one */
    uint64_t next[FRAME_ORIGINS];
};

/* The caller serialises. */
void frames_see(struct frames *frames, const uint8_t *frame, uint32_t length);
