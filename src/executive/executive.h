/* SPDX-License-Identifier: MIT */
/* Who runs when. Two executives behind one interface:
 *
 *     threads    a task is an OS thread, words are futexes, time is CLOCK_MONOTONIC
 *     simulated  a task is a fibre on one OS thread, time is virtual, and every decision
 *                comes from choose(): same seed, same run
 *
 * Everything above is built from six operations: spawn, enter, wait and wake on a 32-bit word,
 * yield, now, choose. Spin locks, processors, events, timers are words in nt.
 * A yield point is any call of wait, wake or yield.
 */
#pragma once

#include "executive/block.h"
#include <stddef.h>

struct arena;
struct executive;

enum executive_kind { EXECUTIVE_THREADS, EXECUTIVE_SIMULATED };

/* Why a task offers to be preempted. */
enum yield_kind { YIELD_CALL, YIELD_LOCK, YIELD_UNLOCK, YIELD_INTERLOCKED, YIELD_WAKE, YIELD_SPIN };

/* What is being decided. 0 is always the tame answer. */
enum choice {
    CHOICE_SCHEDULE,   /* which runnable task goes on; 0: the present one, or the oldest */
    CHOICE_PROCESSOR,  /* on which processor */
    CHOICE_COMPLETION, /* when and in which order finished work is given back */
    CHOICE_FLAG,       /* an optional flag: RESOURCES, ... */
    CHOICE_FAULT,      /* an allocation or a device fails */
    CHOICE_WIRE,       /* loss, duplication, reordering */
    CHOICE_KINDS
};

#define EXECUTIVE_FOREVER UINT64_MAX

struct executive_hooks {
    /* May be NULL: then the seed decides. @n >= 2; answers 0 .. n - 1. */
    uint32_t (*choose)(void *context, enum choice kind, uint32_t n, const void *object);
    void (*yield)(void *context, enum yield_kind kind, const volatile void *object);
};

struct executive_config {
    enum executive_kind kind;
    uint64_t seed;       /* 0: every choice is tame */
    struct arena *arena; /* blocks, tasks and fibre stacks live here */
};

/* NULL and errno when the host has no memory or threads left. */
struct executive *executive_create(const struct executive_config *config);
/* Every task must have ended. */
void executive_destroy(struct executive *ex);
enum executive_kind executive_kind(const struct executive *ex);
void executive_set_hooks(struct executive *ex, const struct executive_hooks *hooks, void *context);

/* Starts a task that runs @fn(@context) and ends with it. Its block inherits the machine given.
 * @name is copied. 0 or -errno. */
int executive_spawn(
    struct executive *ex, const char *name, void *machine, void (*fn)(void *), void *context);

/*
 * Runs @fn(@context) as a task on behalf of a host thread and returns when it has ended.
 * Simulated: pumps the scheduler meanwhile. -EDEADLK when nothing can run any more and the call
 * has not ended: the call stays where it is and never goes on, executive_abandoned tells, and only
 * arena_restore or the end of the process helps. The same when it has not ended after
 * executive_set_patience of virtual time (periodic timers keep a hung machine alive).
 * When the caller is itself a task of this executive, simply calls @fn.
 */
int executive_enter(struct executive *ex, void *machine, void (*fn)(void *), void *context);

/* Calls given up with -EDEADLK. */
unsigned executive_abandoned(const struct executive *ex);
/* Simulated: how much virtual time (ns) a call may take; an hour unless set. */
void executive_set_patience(struct executive *ex, uint64_t ns);
/* A new seed for the choices from now on. */
void executive_seed(struct executive *ex, uint64_t seed);
/* Simulated: @late is called when a task has used @seconds of CPU time without a yield point, in
 * a signal handler on the alternate stack of the thread. 10 seconds and the end of the process
 * unless set; 0: never. */
void executive_set_watchdog(
    struct executive *ex, unsigned seconds, void (*late)(void *context), void *context);

/* Simulated: runs tasks until virtual time @deadline (ns) or, with EXECUTIVE_FOREVER, until no
 * task is runnable and no wait has a deadline. Threads: sleeps until @deadline.
 * Called from a host thread. Returns the number of tasks that still wait. */
unsigned executive_run(struct executive *ex, uint64_t deadline);

/*
 * Sleeps while *@word == @expected, until executive_wake or @deadline (ns of executive_now).
 * 0 when woken or the word differs, -ETIMEDOUT. Wakes may be spurious: callers loop.
 */
int executive_wait(struct executive *ex, uint32_t *word, uint32_t expected, uint64_t deadline);
/* Wakes up to @count waiters of @word, in the order they came (simulated). May be called from
 * any thread, a host thread too. */
void executive_wake(struct executive *ex, uint32_t *word, unsigned count);

void executive_yield(struct executive *ex, enum yield_kind kind, const volatile void *object);
/* ns since the executive was made; virtual when simulated. */
uint64_t executive_now(struct executive *ex);
/* 0 .. @n - 1; @n == 1 gives 0 without drawing. Threads: 0 unless hooks or a seed are set. */
uint32_t executive_choose(struct executive *ex, enum choice kind, uint32_t n, const void *object);

/* Tasks alive, the callers of executive_enter included. */
unsigned executive_tasks(const struct executive *ex);

/* One line per task that waits: name, since when, on what. For hang reports; safe in a signal
 * handler of the thread that runs the executive. */
void executive_describe(
    struct executive *ex, void (*line)(void *context, const char *text), void *context);

/* 0 when arena_save holds the executive whole and arena_restore brings it back: simulated, on a
 * host thread, no call under way or abandoned; else -EBUSY. -ENOTSUP for threads, and in TSan
 * builds, whose record of each fibre cannot be put back.
 * Hooks, seed and patience are restored too: set them afterwards. */
int executive_quiescent(struct executive *ex);

/* A lock over a word, built from wait and wake: 0 free, 1 held, 2 held and waited for.
 * Usable at any IRQL: spins a little, then sleeps. Not recursive. */
void executive_lock(struct executive *ex, uint32_t *word);
bool executive_try_lock(struct executive *ex, uint32_t *word);
void executive_unlock(struct executive *ex, uint32_t *word);
