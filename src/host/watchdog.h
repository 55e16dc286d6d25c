/* SPDX-License-Identifier: MIT */
/* A watchdog over the CPU time of a thread: when a counter that should move has not moved for so
 * long, it calls back. Time in a debugger or asleep does not count.
 *
 * The kernel's timer is made once per thread and ticks a few times per limit; watching and
 * stopping are stores. One watch per thread at a time; they nest.
 */
#pragma once

#include <stdint.h>

struct watch {
    const uint64_t *progress; /* the first four are set by who watches */
    unsigned seconds;         /* of CPU time; 0: do not watch */
    /* Runs in a signal handler, on the alternate stack of the thread. */
    void (*late)(void *context);
    void *context;
    struct watch *outer; /* the rest is the watchdog's */
    uint64_t seen;
    uint64_t since; /* ns of the thread's CPU time when @seen was seen first */
};

/* @watch stays where it is until watchdog_leave. */
void watchdog_enter(struct watch *watch);
void watchdog_leave(struct watch *watch);
