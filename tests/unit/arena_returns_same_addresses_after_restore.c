/* SPDX-License-Identifier: MIT */
/* A run that is repeated after arena_restore gets the same addresses and sees the same bytes. */
#include "host/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCKS 400

static uint64_t hash;

static void
mix(uint64_t value)
{
    hash = (hash ^ value) * 0x100000001b3u;
}

/* Allocates, reads what lies in fresh memory, writes, frees some. */
static uint64_t
run(struct arena *arena, uint32_t draw)
{
    unsigned char *blocks[BLOCKS];

    hash = 0xcbf29ce484222325u;
    for (unsigned i = 0; i < BLOCKS; i++) {
        size_t size = (draw = draw * 1103515245u + 12345u) >> 8;

        size %= i % 7 ? 900 : 40000;
        blocks[i] = arena_alloc(arena, size + 1, 16u << draw % 4);
        mix((uintptr_t)blocks[i]);
        mix(blocks[i][0]);
        mix(blocks[i][size]);
        memset(blocks[i], (int)(i & 0xff), size + 1);
        if (i % 3 == 2) {
            arena_free(arena, blocks[i - 1]);
            blocks[i - 1] = NULL;
        }
    }
    mix((uintptr_t)arena_stack_get(arena));
    for (unsigned i = 0; i < BLOCKS; i += 2)
        arena_free(arena, blocks[i]);
    return hash;
}

int
main(void)
{
    struct arena *arena = arena_create();
    struct arena_snapshot *snapshot;
    uint64_t first;

    if (!arena)
        return 77;
    run(arena, 5);
    snapshot = arena_save(arena);
    first = run(arena, 1);
    for (unsigned i = 0; i < 20; i++) {
        arena_restore(arena, snapshot);
        run(arena, 100 + i); /* a different run in between must leave nothing behind */
        arena_restore(arena, snapshot);
        if (run(arena, 1) != first) {
            fprintf(stderr, "repetition %u differs\n", i);
            return 1;
        }
    }
    arena_snapshot_free(snapshot);
    arena_destroy(arena);
    return 0;
}
