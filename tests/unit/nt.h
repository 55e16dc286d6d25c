/* SPDX-License-Identifier: MIT */
/* A machine without src/undis, for tests of the kernel: one per executive, one after the other. */
#pragma once

#include "nt/driver.h"
#include "nt/gate.h"
#include "nt/thread.h"
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

static inline LARGE_INTEGER
milliseconds(int count)
{
    return (LARGE_INTEGER){.QuadPart = -10000LL * count};
}

static inline void
nt_run_in(enum executive_kind kind, uint64_t seed, unsigned processors, void (*test)(void *))
{
    struct arena *arena = arena_create();
    struct undis *machine;
    struct executive_config config = {.kind = kind, .seed = seed, .arena = arena};

    CHECK(arena);
    machine = arena_zalloc(arena, sizeof(*machine), 64);
    machine->arena = arena;
    machine->executive = executive_create(&config);
    machine->id = 1;
    machine->processor_count = processors;
    CHECK(machine->executive);
    CHECK(nt_create(machine) == 0);
    CHECK(nt_call(machine, test, machine) == 0);
    nt_destroy(machine);
    executive_destroy(machine->executive);
    arena_destroy(arena);
}

/* @test as a call from outside, under both executives, tame and with seeds, with 1 and 4
 * processors. */
static inline void
nt_run(void (*test)(void *machine))
{
    for (unsigned processors = 1; processors <= 4; processors += 3) {
        nt_run_in(EXECUTIVE_THREADS, 0, processors, test);
        for (uint64_t seed = 0; seed < 20; seed++)
            nt_run_in(EXECUTIVE_SIMULATED, seed, processors, test);
    }
}
