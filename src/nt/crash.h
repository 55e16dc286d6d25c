/* SPDX-License-Identifier: MIT */
/* The end of a run: a driver crashed, or broke a rule that nothing can go on after.
 *
 *     fault, bug check, abort, exit --> crash_claim --> the thread's stack --> hooks.report --> crash_leave
 *                                          |                 each part guarded (host/guard.h)
 *     other threads that end --------------+--> wait for the process to end
 *
 * Whatever a driver has destroyed, there is one report, of what can still be read. So what leads to
 * it lies outside of the arena, on pages that are read-only, and everything else is looked at under
 * a guard, on a stack of the report's own. Then captures are flushed, files of ours are removed, and
 * the process ends with status 3 (a hang: 4).
 */
#pragma once

#include "nt/driver.h"

#define CRASH_STATUS 3
#define HANG_STATUS  4
#define CRASH_DEPTH  64
#define CRASH_NAME   64

/* Where a thread was. */
struct crash_place {
    const void *pc, *sp, *fp;
};

struct crash {
    const char *rule;         /* id in rules.csv, NULL for a signal or a bug check */
    const char *text;         /* what happened, one sentence */
    const char *signal;       /* "SIGSEGV", or NULL */
    const void *address;      /* the signal's: what was touched */
    const void *code;         /* the instruction, or the caller of the bug check */
    struct driver *driver;    /* whose code ran, or NULL; its memory may be destroyed */
    char name[CRASH_NAME];    /* of the driver, as far as it can be read; "" without one */
    struct crash_place place; /* the signal's */
    void *stack[CRASH_DEPTH]; /* return addresses, innermost first */
    unsigned depth;
    const char *missing; /* why it is not the whole stack, or NULL */
    int status;          /* the process ends with; 0: CRASH_STATUS */
};

struct crash_hooks {
    /* Runs on a stack of its own, in a process that is broken, under a guard. */
    bool (*report)(void *context, const struct crash *crash); /* whether it was told */
    /* The process ends: captures and traces go to their files. */
    void (*flush)(void *context);
    /* No other thread runs any more: what nobody else removes. */
    void (*clean)(void *context);
};

/* Handlers for the signals of hardware exceptions, once per process. */
void crash_install(void);
/* A signal stack for the OS thread that runs, once per thread. */
void crash_arm(void);
/* Crashes inside @machine are told to @hooks. */
void crash_attach(struct undis *machine, const struct crash_hooks *hooks, void *context);
void crash_detach(struct undis *machine);
/* The context that @machine was attached with. */
void *crash_context(const struct undis *machine);
/* The name of @driver, whose memory may be destroyed: as far as it can be read. */
void crash_driver_name(const struct driver *driver, char *name, size_t size);
/* Reports and ends the process. */
_Noreturn void crash_end(struct crash *crash);
/* The running thread is about to end the process; does not come back when another one is. */
void crash_claim(void);
/* Whether another thread ends the process. */
bool crash_elsewhere(void);
/* The end after a report that the caller has made, having claimed it. */
_Noreturn void crash_leave(int status);
/* The host's own code runs, which may end the process as it likes. */
void crash_allow_exit(bool allowed);
