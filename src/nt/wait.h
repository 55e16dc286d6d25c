/* SPDX-License-Identifier: MIT */
/* Dispatcher objects: what KeWaitForSingleObject waits for.
 *
 *     DISPATCHER_HEADER.WaitListHead --> wait_entry --> wait_entry     (on the stacks of waiters)
 *
 * One lock per machine (undis.dispatcher) guards all signal states and wait lists. A waiter sleeps
 * on the word in its own struct wait; whoever satisfies the wait unlinks it and sets that word.
 */
#pragma once

#include "nt/machine.h"

/* The Type of a DISPATCHER_HEADER. */
enum dispatcher_type {
    DISPATCHER_NOTIFICATION_EVENT = 0,
    DISPATCHER_SYNCHRONIZATION_EVENT = 1,
    DISPATCHER_MUTANT = 2,
    DISPATCHER_SEMAPHORE = 5,
    DISPATCHER_THREAD = 6,
    DISPATCHER_NOTIFICATION_TIMER = 8,
    DISPATCHER_SYNCHRONIZATION_TIMER = 9
};

/* Under the lock; KeReadStateEvent and the like read it without. */
static inline void
dispatcher_state(DISPATCHER_HEADER *header, LONG state)
{
    __atomic_store_n(&header->SignalState, state, __ATOMIC_RELEASE);
}

#define WAKES_MAX 32

/* Words to wake once the dispatcher lock is released. */
struct wakes {
    unsigned count;
    uint32_t *words[WAKES_MAX];
};

void dispatcher_lock(struct undis *machine);
void dispatcher_unlock(struct undis *machine);
void dispatcher_initialize(
    DISPATCHER_HEADER *header, enum dispatcher_type type, size_t size, LONG state);
/* Under the lock, after SignalState rose: lets waiters go as far as the state allows. More than
 * WAKES_MAX of them are woken at once. */
void dispatcher_satisfy(struct undis *machine, DISPATCHER_HEADER *header, struct wakes *wakes);
/* Without the lock. */
void wakes_send(struct undis *machine, struct wakes *wakes);

/* Waits on @word, while it is @seen, for what has no other end; a handler that NDIS waits for and that has
 * waited since @since is a hang at some time. */
void wait_on_word(struct undis *machine, uint32_t *word, uint32_t seen, uint64_t since);

/* executive_now at which @timeout (100 ns; negative relative, NULL never) is over. */
uint64_t timeout_deadline(struct undis *machine, const LARGE_INTEGER *timeout);
