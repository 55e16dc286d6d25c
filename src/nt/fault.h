/* SPDX-License-Identifier: MIT */
/* Between the faults (fault.c) and the end of the process (crash.c). */
#pragma once

#include "nt/crash.h"

struct crash_machine {
    struct undis *machine; /* NULL: free */
    const struct crash_hooks *hooks;
    void *context;
};

/* The entry of a living machine, or NULL. */
const struct crash_machine *crash_machine_of(const void *machine);
/* The same of the one that @self is in, or of any: the block may be what was destroyed. */
const struct crash_machine *crash_listener(const struct block *self);
/* The block of the thread, as far as there is one. */
bool crash_read_block(struct block *block);
/* Whether the running thread ends the process. */
bool crash_here(void);
/* Until another thread has ended the process. */
_Noreturn void crash_wait(void);
/* A stack for the report, once per process. */
void crash_prepare(void);
