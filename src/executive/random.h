/* SPDX-License-Identifier: MIT */
/* Numbers from a seed: a stream is one counter, so drawing is safe from any thread. */
#pragma once

#include <stdint.h>

/* The start of stream @number of @seed. */
uint64_t random_stream(uint64_t seed, unsigned number);
uint64_t random_draw(uint64_t *stream);
/* 0 .. @n - 1. */
uint32_t random_below(uint64_t *stream, uint32_t n);
