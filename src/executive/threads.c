/* SPDX-License-Identifier: MIT */
/* The executive of real threads: a task is an OS thread, a word is a futex.
 *
 * A thread that ended waits in executive.ended to be joined by the next spawn or by destroy. The
 * record of a call by a host thread is kept for the next call.
 */
#include "executive/random.h"
#include "executive/task.h"
#include "host/clock.h"
#include "host/lock.h"
#include "host/symbol.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#define STACK (512u << 10)

static int
create(struct executive *ex)
{
    link_init(&ex->ended);
    link_init(&ex->spare);
    ex->start = host_clock();
    return 0;
}

/* The first record of @ring, out of it; NULL when there is none. */
static struct task *
take(struct executive *ex, struct link *ring)
{
    struct task *task = NULL;

    host_lock(&ex->lock);
    if (!link_alone(ring)) {
        task = LINK_OWNER(ring->next, struct task, all);
        link_remove(&task->all);
    }
    host_unlock(&ex->lock);
    return task;
}

static void
join_ended(struct executive *ex)
{
    struct task *task;

    while ((task = take(ex, &ex->ended)) != NULL) {
        pthread_join(task->thread, NULL);
        arena_free(ex->arena, task);
    }
}

/* From executive.tasks to @ring. Behind the unlock the executive may be gone. */
static void
retire(struct executive *ex, struct task *task, struct link *ring)
{
    bool tell;

    host_lock(&ex->lock);
    link_remove(&task->all);
    link_insert(ring, &task->all);
    tell = __atomic_sub_fetch(&ex->alive, 1, __ATOMIC_ACQ_REL) == 0 && ex->awaited;
    host_unlock(&ex->lock);
    if (tell)
        host_futex_wake(&ex->alive, UINT32_MAX);
}

/* Until no task is alive. */
static void
wait_for_end(struct executive *ex)
{
    uint32_t alive;

    host_lock(&ex->lock);
    ex->awaited++;
    host_unlock(&ex->lock);
    while ((alive = __atomic_load_n(&ex->alive, __ATOMIC_ACQUIRE)) != 0)
        host_futex_wait(&ex->alive, alive, HOST_FOREVER);
    host_lock(&ex->lock);
    ex->awaited--;
    host_unlock(&ex->lock);
}

static void
destroy(struct executive *ex)
{
    struct task *task;

    wait_for_end(ex);
    join_ended(ex);
    while ((task = take(ex, &ex->spare)) != NULL)
        arena_free(ex->arena, task);
}

static void *
thread_main(void *context)
{
    struct task *task = context;
    struct executive *ex = task->block.executive;
    char name[16];

    memcpy(name, task->name, sizeof(name));
    name[sizeof(name) - 1] = '\0';
    pthread_setname_np(pthread_self(), name);
    stack_is(__builtin_frame_address(0), STACK);
    block_self = &task->block;
    task->fn(task->context);
    block_self = NULL;
    retire(ex, task, &ex->ended);
    return NULL;
}

static int
spawn(struct executive *ex, struct task *task)
{
    pthread_attr_t attributes;
    int error;

    join_ended(ex);
    error = pthread_attr_init(&attributes);
    if (error)
        return -error;
    pthread_attr_setstacksize(&attributes, STACK);
    error = pthread_create(&task->thread, &attributes, thread_main, task);
    pthread_attr_destroy(&attributes);
    return -error;
}

static int
call(struct executive *ex, void *machine, void (*fn)(void *), void *context)
{
    struct task *task = take(ex, &ex->spare);
    struct block *outer = block_self;

    if (task)
        task_init(ex, task, "call", machine, fn, context);
    else
        task = task_create(ex, "call", machine, fn, context);
    if (!task)
        return -ENOMEM;
    block_self = &task->block;
    fn(context);
    block_self = outer;
    retire(ex, task, &ex->spare);
    return 0;
}

static uint64_t
host_deadline(const struct executive *ex, uint64_t deadline)
{
    return deadline < INT64_MAX - ex->start ? deadline + ex->start : HOST_FOREVER;
}

static unsigned
count_waiting(struct executive *ex)
{
    unsigned waiting = 0;

    host_lock(&ex->lock);
    for (struct link *link = ex->tasks.next; link != &ex->tasks; link = link->next)
        waiting +=
            __atomic_load_n(&LINK_OWNER(link, struct task, all)->word, __ATOMIC_RELAXED) != NULL;
    host_unlock(&ex->lock);
    return waiting;
}

static unsigned
run(struct executive *ex, uint64_t deadline)
{
    uint64_t until = host_deadline(ex, deadline);
    uint32_t nobody = 0;

    if (until == HOST_FOREVER)
        wait_for_end(ex);
    else
        while (host_futex_wait(&nobody, 0, until) != -ETIMEDOUT)
            ;
    return count_waiting(ex);
}

static uint64_t
now(struct executive *ex)
{
    return host_clock() - ex->start;
}

static int
wait(struct executive *ex, uint32_t *word, uint32_t expected, uint64_t deadline)
{
    struct task *self = task_self(ex);
    uint32_t *key = word_key(ex, word);
    int result;

    if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != expected)
        return 0;
    if (self) {
        __atomic_store_n(&self->since, now(ex), __ATOMIC_RELAXED);
        __atomic_store_n(&self->deadline, deadline, __ATOMIC_RELAXED);
        __atomic_store_n(&self->word, key, __ATOMIC_RELAXED);
    }
    result = host_futex_wait(key, expected, host_deadline(ex, deadline));
    if (self)
        __atomic_store_n(&self->word, NULL, __ATOMIC_RELAXED);
    return result;
}

static void
wake(struct executive *ex, uint32_t *word, unsigned count)
{
    host_futex_wake(word_key(ex, word), count);
}

static void
yield(struct executive *ex, enum yield_kind kind, const volatile void *object)
{
    (void)ex;
    (void)object;
    if (kind == YIELD_SPIN)
        sched_yield();
}

const struct executive_operations executive_threads = {
    .create = create,
    .destroy = destroy,
    .spawn = spawn,
    .call = call,
    .run = run,
    .wait = wait,
    .wake = wake,
    .yield = yield,
    .now = now,
};
