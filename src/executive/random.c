/* SPDX-License-Identifier: MIT */
/* SplitMix64, after the public-domain algorithm of Steele, Lea and Flood / Vigna. */
#include "executive/random.h"

#define STEP 0x9e3779b97f4a7c15u

static uint64_t
mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t
random_stream(uint64_t seed, unsigned number)
{
    return mix(seed + mix((number + 1) * STEP));
}

uint64_t
random_draw(uint64_t *stream)
{
    return mix(__atomic_add_fetch(stream, STEP, __ATOMIC_RELAXED));
}

uint32_t
random_below(uint64_t *stream, uint32_t n)
{
    return (uint32_t)((random_draw(stream) >> 32) * n >> 32);
}
