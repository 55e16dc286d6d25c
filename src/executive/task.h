/* SPDX-License-Identifier: MIT */
/* Inside the executives: tasks, and what executive.c hands on to threads.c and simulated.c.
 *
 * A task is made by spawn or enter and freed by its executive after it ended. The executive and
 * all its tasks lie in the arena, and nothing that must be restored lies elsewhere.
 */
#pragma once

#include "executive/executive.h"
#include "executive/fibre.h"
#include "executive/list.h"
#include "host/arena.h"
#include <pthread.h>

#define BUCKETS 64

struct task {
    struct block block;
    char name[32];
    struct link all;    /* executive.tasks */
    void (*fn)(void *); /* [I] */
    void *context;      /* [I] */
    uint32_t *word;     /* it waits here; NULL: it does not wait */
    uint64_t since;     /* it waits since then */
    uint64_t deadline;  /* and until then */

    struct link queue;  /* simulated: executive.runnable, or the bucket of its word */
    struct link timer;  /* simulated: executive.timers, when it waits with a deadline */
    int result;         /* simulated: of its wait */
    bool *done;         /* simulated: a call; set when it has ended */
    struct fibre fibre; /* simulated */

    pthread_t thread; /* threads: joined by the next spawn, or by destroy */
};

/* One row per kind of executive; the contracts are those of executive.h. */
struct executive_operations {
    int (*create)(struct executive *ex);
    void (*destroy)(struct executive *ex);
    int (*spawn)(struct executive *ex, struct task *task);
    int (*call)(struct executive *ex, void *machine, void (*fn)(void *), void *context);
    unsigned (*run)(struct executive *ex, uint64_t deadline);
    int (*wait)(struct executive *ex, uint32_t *word, uint32_t expected, uint64_t deadline);
    void (*wake)(struct executive *ex, uint32_t *word, unsigned count);
    void (*yield)(struct executive *ex, enum yield_kind kind, const volatile void *object);
    uint64_t (*now)(struct executive *ex);
};

extern const struct executive_operations executive_threads, executive_simulated;

struct executive {
    const struct executive_operations *operations; /* [I] */
    enum executive_kind kind;                      /* [I] */
    struct arena *arena;                           /* [I] */
    const struct executive_hooks *hooks;
    void *hook_context;
    uint64_t seed;
    uint64_t streams[CHOICE_KINDS]; /* [A] */

    uint32_t lock;     /* host_lock; guards tasks, ended and spare (threads) */
    struct link tasks; /* of task.all, oldest first */
    uint32_t alive;    /* [A] tasks; threads: a wait word */
    uint32_t next_id;  /* [A] */

    /* threads */
    uint64_t start;    /* [I] ns of host_clock */
    struct link ended; /* of task.all: threads to be joined */
    struct link spare; /* of task.all: records for calls */
    uint32_t awaited;  /* who waits until alive is 0; under lock */

    /* simulated */
    uint64_t now;         /* ns */
    uint64_t limit;       /* the host goes on when now reaches it */
    uint64_t due;         /* the earliest deadline, EXECUTIVE_FOREVER without one */
    uint64_t steps;       /* yield points so far; what the watchdog looks at */
    struct link runnable; /* of task.queue, oldest first; the present task is not in it */
    uint32_t runnables;
    struct link timers;           /* of task.timer, earliest first */
    struct link waiters[BUCKETS]; /* of task.queue, by word, in the order they came */
    struct task *present;         /* NULL: the host runs */
    struct task *dead;            /* ended, still to be freed by who runs next */
    struct fibre host;
    struct block *outer; /* block_self of the host */
    bool pumping;
    bool stop;       /* the call has ended: back to the host */
    uint32_t slice;  /* yield points of the present task since it got its turn */
    uint32_t lonely; /* spins without anybody else to run */
    uint32_t abandoned;
    uint64_t patience;
    unsigned watch_seconds;
    void (*late)(void *context); /* NULL: end the process */
    void *late_context;
};

/* Takes a record for a task and puts it into executive.tasks; NULL when the arena is full. */
struct task *task_create(
    struct executive *ex, const char *name, void *machine, void (*fn)(void *), void *context);
void task_init(struct executive *ex, struct task *task, const char *name, void *machine,
    void (*fn)(void *), void *context);
/* Out of executive.tasks; the record stays. */
void task_leave(struct executive *ex, struct task *task);
/* How waiters of @word are found: the other mapping of the same byte is the same word. */
static inline uint32_t *
word_key(const struct executive *ex, uint32_t *word)
{
    return arena_home(ex->arena, word);
}

/* The task of this executive that runs here; NULL on a host thread. */
static inline struct task *
task_self(const struct executive *ex)
{
    return block_self && block_self->executive == ex ? block_self->task : NULL;
}
