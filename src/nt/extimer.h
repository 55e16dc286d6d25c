/* SPDX-License-Identifier: MIT */
/* EX_TIMERs: what timer.c needs to know of them. */
#pragma once

#include "nt/driver.h"

/* KTIMER.Header.TimerMiscFlags of a KTIMER that is the beginning of an EX_TIMER. */
#define TIMER_EXTENDED 1

struct _EX_TIMER {
    KTIMER timer; /* first: drivers wait for the EX_TIMER as for any timer */
    KDPC dpc;     /* calls the driver; the KTIMER's own stays NULL */
    struct undis *machine;
    struct driver *driver;
    PEXT_CALLBACK callback; /* NULL: there is only the wait */
    void *context;
    uint64_t period;      /* ns; 0: once. Under the dispatcher lock */
    bool high_resolution; /* [I] */
    bool deleted;         /* under the dispatcher lock: not set anew when it expires */
    uint32_t references;  /* word: the owner, the list when set, each call that is due */
    PEXT_DELETE_CALLBACK delete_callback;
    void *delete_context;
};

static inline struct _EX_TIMER *
extimer_of(PKTIMER timer)
{
    return timer->Header.TimerMiscFlags == TIMER_EXTENDED
               ? CONTAINING_RECORD(timer, EX_TIMER, timer)
               : NULL;
}

/* A timer that expired, whose place in the list is the caller's reference now: calls the driver. */
void extimer_expired(struct _EX_TIMER *timer, unsigned processor);
