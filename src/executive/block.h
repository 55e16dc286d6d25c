/* SPDX-License-Identifier: MIT */
/* The block of the running thread or fibre: where it is, for whom, and at which IRQL.
 *
 * Made by executive_spawn and executive_enter, ended with the task. Only its own task writes it,
 * so nothing here needs a lock. block_self is NULL on a host thread that is in no machine.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct task;
struct executive;

struct block {
    struct executive *executive; /* [I] */
    struct task *task;           /* [I] */
    void *machine;               /* struct undis: set when a machine is entered */
    void *driver;                /* struct driver: whose code runs, NULL for undis itself */
    void *module;                /* struct module on whose behalf it runs, or NULL */
    void *thread;                /* struct kthread made by nt for this task, or NULL */
    void *seh;                   /* newest SEH record (nt/seh.c) */
    void *frames;                /* newest struct gate_frame: which driver calls are under way */
    uint32_t id;                 /* [I] stable task number, from 1, in the order of creation */
    uint32_t processor;          /* owned at irql >= DISPATCH_LEVEL, else the last one (a hint) */
    uint8_t irql;                /* 0 PASSIVE_LEVEL .. 31 HIGH_LEVEL */
    void *held;                  /* struct module whose end waits for this task, or NULL */
    bool quiet;                  /* undis works for itself: hooks are not called */
    uint32_t depth;              /* of data-path calls under way (see nt/processor.h) */
    void *scratch[4];            /* of verify and explore */
};

extern __thread struct block *block_self __attribute__((tls_model("initial-exec")));
