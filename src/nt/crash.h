/* SPDX-License-Identifier: MIT */
/* The end of a run: a driver crashed, or broke a rule that nothing can go on after.
 *
 * The report goes through hooks that src/undis fills in (they symbolise and print), captures are
 * flushed, and the process ends with status 3 (a hang: 4). What goes wrong meanwhile ends it at once.
 */
#pragma once

#include "nt/driver.h"

#define CRASH_STATUS 3
#define HANG_STATUS  4
#define CRASH_DEPTH  64

struct crash {
    const char *rule;         /* id in rules.csv, NULL for a signal or a bug check */
    const char *text;         /* what happened, one sentence */
    const char *signal;       /* "SIGSEGV", or NULL */
    const void *address;      /* the signal's: what was touched */
    const void *code;         /* the instruction, or the caller of the bug check */
    struct driver *driver;    /* whose code ran, or NULL */
    void *stack[CRASH_DEPTH]; /* return addresses, innermost first */
    unsigned depth;
    int status; /* the process ends with; 0: CRASH_STATUS */
};

struct crash_hooks {
    /* May run on a signal stack, in a process that is broken. */
    void (*report)(struct undis *machine, const struct crash *crash);
    void (*flush)(struct undis *machine); /* captures and traces; may be NULL */
};

/* Handlers for the signals of hardware exceptions, once per process. */
void crash_install(void);
/* A signal stack for the OS thread that runs, once per thread. */
void crash_arm(void);
/* Reports and ends the process. @context: ucontext of a signal, or NULL. */
_Noreturn void crash_end(struct crash *crash);
