/* SPDX-License-Identifier: MIT */
/* See clock.h. */
#include "clock.h"

#include <time.h>

static uint64_t
read_clock(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

uint64_t
clock_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t
clock_used(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

void
work(unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++)
        __asm__ volatile("" ::: "memory");
}

double
work_rounds_per_ns(void)
{
    double best = 0;

    for (unsigned i = 0; i < 5; i++) {
        uint64_t begin = clock_used();
        double rate;

        work(20000000);
        rate = 20000000.0 / (double)(clock_used() - begin);
        if (rate > best)
            best = rate;
    }
    return best;
}
