/* SPDX-License-Identifier: MIT */
/* Pool memory: an object of kind OBJECT_POOL_MEMORY per block, charged to the driver it is for. */
#pragma once

#include "nt/machine.h"

/* A tag as drivers spell it, first letter first. */
#define POOL_TAG(a, b, c, d) ((ULONG)(a) | (ULONG)(b) << 8 | (ULONG)(c) << 16 | (ULONG)(d) << 24)

enum pool_fill { POOL_NOISE, POOL_ZERO };

/* NULL when the arena is full. Charged to the running driver. */
void *pool_alloc(size_t size, ULONG tag, enum pool_fill fill);
/* Checks that @memory is a living block and, when @tag is not 0, its tag. */
void pool_free(void *memory, ULONG tag);
