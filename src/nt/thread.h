/* SPDX-License-Identifier: MIT */
/* What KeGetCurrentThread answers: a KTHREAD for each task that asks, made at the first question.
 *
 * A system thread (PsCreateSystemThread) is a referenced object: the task has one reference, each
 * handle one. That of any other task ends with the task if it runs under nt_call, else with the
 * machine.
 */
#pragma once

#include "nt/driver.h"
#include "nt/seh.h"
#include <setjmp.h>

struct gate_frame;

struct kthread {
    DISPATCHER_HEADER header; /* first: drivers wait for it */
    LIST_ENTRY link;          /* in undis.threads */
    struct undis *machine;    /* [I] */
    struct driver *driver;    /* [I] whose start routine it runs, or NULL */
    PKSTART_ROUTINE start;    /* [I] */
    void *context;            /* [I] */
    uint32_t id;              /* [I] */
    KPRIORITY priority;
    KAFFINITY affinity; /* 0: any processor */
    uint32_t critical;  /* KeEnterCriticalRegion and KeEnterGuardedRegion under way */
    NTSTATUS exit_status;
    bool system;              /* [I] made by PsCreateSystemThread */
    struct gate_frame *frame; /* of the start routine */
    jmp_buf end;              /* PsTerminateSystemThread goes there */
    struct seh_stack seh;
};

/* The thread of the running task. */
struct kthread *thread_self(void);
/* Frees what thread_self made for the running task, which is about to end. */
void thread_forget(void);

/* Runs @fn in the machine for a host thread, as executive_enter does, at PASSIVE_LEVEL and with
 * what nt keeps per task. Use this, not executive_enter, to enter a machine. */
int nt_call(struct undis *machine, void (*fn)(void *context), void *context);
/* A task of the core itself, counted until it ends. 0 or -errno. */
int nt_spawn(struct undis *machine, const char *name, void (*fn)(void *context), void *context);
/* To be called when the running task starts: processor hint, signal stack of its OS thread. */
void thread_begin(void);
void threads_destroy(struct undis *machine);
