/* SPDX-License-Identifier: MIT */
/* The executive of fibres: one runs, the others stand in line; time is a number.
 *
 *     host --pump--> present --wait--> waiters[word], timers --wake, expire--> runnable
 *                       ^------------------------- turn -------------------------v
 *
 * Time advances by STEP at each yield point and jumps to the earliest deadline when nobody can
 * run. Who runs next is drawn from CHOICE_SCHEDULE; with seed 0 the present task goes on, and
 * after that the one that waited longest. Everything is in the arena; no lock is needed.
 */
#include "executive/random.h"
#include "executive/task.h"
#include "host/watchdog.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEP       100u     /* ns per yield point */
#define SPIN_STEP  1000000u /* ns per spin of a task that spins alone, in the end */
#define SLICE      20000u   /* yield points after which even the tame run lets another go on */
#define PREEMPTION 8u       /* a seed preempts once in so many yield points */

static struct link *
bucket_of(struct executive *ex, const uint32_t *key)
{
    uintptr_t hash = (uintptr_t)key >> 2;

    return &ex->waiters[(hash ^ hash >> 6 ^ hash >> 12) % BUCKETS];
}

static int
create(struct executive *ex)
{
    link_init(&ex->runnable);
    link_init(&ex->timers);
    for (unsigned i = 0; i < BUCKETS; i++)
        link_init(&ex->waiters[i]);
    ex->due = ex->limit = EXECUTIVE_FOREVER;
    return 0;
}

static void
free_task(struct executive *ex, struct task *task)
{
    arena_stack_put(ex->arena, task->fibre.bottom);
    fibre_end(&task->fibre);
    arena_free(ex->arena, task);
}

/* Calls that were given up go with the executive. */
static void
destroy(struct executive *ex)
{
    assert(!ex->pumping && ex->alive == ex->abandoned);
    while (!link_alone(&ex->tasks)) {
        struct task *task = LINK_OWNER(ex->tasks.next, struct task, all);

        task_leave(ex, task);
        free_task(ex, task);
    }
}

static void
make_runnable(struct executive *ex, struct task *task)
{
    link_insert(&ex->runnable, &task->queue);
    ex->runnables++;
}

static struct task *
take_runnable(struct executive *ex, uint32_t index)
{
    struct link *link = ex->runnable.next;

    while (index--)
        link = link->next;
    link_remove(link);
    ex->runnables--;
    return LINK_OWNER(link, struct task, queue);
}

static void
stop_timer(struct executive *ex, struct task *task)
{
    if (link_alone(&task->timer))
        return;
    link_remove(&task->timer);
    ex->due = link_alone(&ex->timers) ? EXECUTIVE_FOREVER
                                      : LINK_OWNER(ex->timers.next, struct task, timer)->deadline;
}

static void
start_timer(struct executive *ex, struct task *task)
{
    struct link *later = &ex->timers;

    while (later->prev != &ex->timers &&
           LINK_OWNER(later->prev, struct task, timer)->deadline > task->deadline)
        later = later->prev;
    link_insert(later, &task->timer);
    ex->due = LINK_OWNER(ex->timers.next, struct task, timer)->deadline;
}

static void
end_wait(struct executive *ex, struct task *task, int result)
{
    stop_timer(ex, task);
    link_remove(&task->queue);
    task->word = NULL;
    task->result = result;
    make_runnable(ex, task);
}

/* Host threads read the clock while a task runs. */
static void
set_now(struct executive *ex, uint64_t now)
{
    __atomic_store_n(&ex->now, now, __ATOMIC_RELAXED);
}

/* Waits whose time has come are over. */
static void
expire(struct executive *ex)
{
    while (ex->due <= ex->now)
        end_wait(ex, LINK_OWNER(ex->timers.next, struct task, timer), -ETIMEDOUT);
}

/* 0 .. @n - 1; with @present 0 is the task that runs. */
static uint32_t
draw(struct executive *ex, uint32_t n, bool present, const volatile void *object)
{
    uint64_t *stream = &ex->streams[CHOICE_SCHEDULE];

    if (n == 1 || ex->seed == 0 || !present || (ex->hooks && ex->hooks->choose))
        return executive_choose(ex, CHOICE_SCHEDULE, n, (const void *)object);
    return random_below(stream, PREEMPTION) ? 0 : 1 + random_below(stream, n - 1);
}

/* Who runs when the present task cannot; NULL: the host. */
static struct task *
next(struct executive *ex)
{
    if (ex->stop || ex->now > ex->limit)
        return NULL;
    expire(ex);
    if (ex->runnables == 0) {
        if (ex->due == EXECUTIVE_FOREVER || ex->due > ex->limit)
            return NULL;
        set_now(ex, ex->due);
        expire(ex);
    }
    return take_runnable(ex, draw(ex, ex->runnables, false, NULL));
}

static struct fibre *
set_present(struct executive *ex, struct task *to)
{
    ex->present = to;
    ex->slice = ex->lonely = 0;
    block_self = to ? &to->block : ex->outer;
    return to ? &to->fibre : &ex->host;
}

/* What ended before this one got its turn is freed here, off its stack. */
static void
reap(struct executive *ex)
{
    struct task *dead = ex->dead;

    ex->dead = NULL;
    if (dead)
        free_task(ex, dead);
}

static void
turn(struct executive *ex, struct task *to)
{
    struct fibre *from = ex->present ? &ex->present->fibre : &ex->host;

    if (to == ex->present)
        return;
    fibre_switch(from, set_present(ex, to));
    reap(ex);
}

/* To the host; the present task is the first to go on afterwards. */
static void
turn_to_host(struct executive *ex)
{
    link_insert(ex->runnable.next, &ex->present->queue);
    ex->runnables++;
    turn(ex, NULL);
}

static void
turn_to(struct executive *ex, uint32_t index)
{
    struct task *to = take_runnable(ex, index);

    make_runnable(ex, ex->present);
    turn(ex, to);
}

/* Is it the present task that calls? (A host thread may, or a task of another executive.) */
static bool
is_present(const struct executive *ex)
{
    return ex->present && block_self == &ex->present->block;
}

/* A step of time. False when the host went on meanwhile. */
static bool
step(struct executive *ex, uint64_t ns)
{
    ex->steps++;
    set_now(ex, ex->now + ns);
    if (ex->now > ex->limit) {
        turn_to_host(ex);
        return false;
    }
    expire(ex);
    return true;
}

/* A yield point of the present task. */
static void
offer(struct executive *ex, const volatile void *object)
{
    uint32_t chosen;

    if (!is_present(ex) || !step(ex, STEP) || ex->runnables == 0)
        return;
    chosen = draw(ex, ex->runnables + 1, true, object);
    if (chosen == 0 && ++ex->slice < SLICE)
        return;
    turn_to(ex, chosen ? chosen - 1 : 0);
}

/* The present task cannot go on before somebody else did something. */
static void
spin(struct executive *ex, const volatile void *object)
{
    uint32_t shift = ex->lonely / 8;
    uint64_t ns = shift < 14 ? STEP << shift : SPIN_STEP;

    if (!is_present(ex) || !step(ex, ns < SPIN_STEP ? ns : SPIN_STEP))
        return;
    if (ex->runnables == 0 && ex->due != EXECUTIVE_FOREVER && ex->due <= ex->limit) {
        set_now(ex, ex->due);
        expire(ex);
    }
    if (ex->runnables)
        turn_to(ex, draw(ex, ex->runnables, false, object));
    else
        ex->lonely++;
}

static void
fibre_main(void *context)
{
    struct task *task = context;
    struct executive *ex = task->block.executive;

    fibre_begin();
    reap(ex);
    task->fn(task->context);
    task_leave(ex, task);
    ex->alive--;
    if (task->done)
        *task->done = ex->stop = true;
    ex->dead = task;
    fibre_switch_last(&task->fibre, set_present(ex, next(ex)));
}

static int
spawn(struct executive *ex, struct task *task)
{
    void *stack = arena_stack_get(ex->arena);

    if (!stack)
        return -ENOMEM;
    fibre_make(&task->fibre, stack, ARENA_STACK, fibre_main, task);
    make_runnable(ex, task);
    return 0;
}

/* In a signal handler: the present task does not come to a yield point. */
static void
late(void *context)
{
    struct executive *ex = context;
    char text[160];
    int length;

    if (ex->late) {
        ex->late(ex->late_context);
        return;
    }
    length = snprintf(text, sizeof(text),
        "undis: task %u \"%s\" has used %u s of CPU time without a yield point\n",
        ex->present ? ex->present->block.id : 0, ex->present ? ex->present->name : "",
        ex->watch_seconds);
    (void)!write(STDERR_FILENO, text, (size_t)length);
    abort();
}

/* Lets tasks run until @limit, until a call ends or until nobody can run. */
static void
pump(struct executive *ex, uint64_t limit)
{
    struct watch watch = {
        .progress = &ex->steps, .seconds = ex->watch_seconds, .late = late, .context = ex};
    struct task *first;

    assert(!ex->pumping);
    ex->pumping = true;
    ex->limit = limit;
    ex->outer = block_self;
    ex->steps++;
    fibre_adopt(&ex->host);
    watchdog_enter(&watch);
    first = next(ex);
    if (first)
        turn(ex, first);
    watchdog_leave(&watch);
    ex->pumping = ex->stop = false;
    ex->limit = EXECUTIVE_FOREVER;
}

/* The call has no end: it never runs again, so its caller's memory is not touched any more. */
static void
abandon(struct executive *ex, struct task *task)
{
    if (!task->word)
        ex->runnables--;
    stop_timer(ex, task);
    link_remove(&task->queue);
    task->done = NULL;
    ex->abandoned++;
}

static int
call(struct executive *ex, void *machine, void (*fn)(void *), void *context)
{
    struct task *task = task_create(ex, "call", machine, fn, context);
    uint64_t limit = ex->now + ex->patience;
    bool done = false;

    if (!task)
        return -ENOMEM;
    if (spawn(ex, task) != 0) {
        task_leave(ex, task);
        ex->alive--;
        arena_free(ex->arena, task);
        return -ENOMEM;
    }
    task->done = &done;
    pump(ex, limit < ex->now ? EXECUTIVE_FOREVER : limit);
    if (done)
        return 0;
    abandon(ex, task);
    return -EDEADLK;
}

static unsigned
run(struct executive *ex, uint64_t deadline)
{
    pump(ex, deadline);
    if (deadline != EXECUTIVE_FOREVER && ex->now < deadline)
        set_now(ex, deadline);
    return ex->alive - ex->runnables;
}

static int
wait(struct executive *ex, uint32_t *word, uint32_t expected, uint64_t deadline)
{
    struct task *self = ex->present;

    assert(is_present(ex));
    offer(ex, word);
    if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != expected)
        return 0;
    if (deadline <= ex->now)
        return -ETIMEDOUT;
    self->word = word_key(ex, word);
    self->since = ex->now;
    self->deadline = deadline;
    link_insert(bucket_of(ex, self->word), &self->queue);
    if (deadline != EXECUTIVE_FOREVER)
        start_timer(ex, self);
    ex->steps++;
    turn(ex, next(ex));
    return self->result;
}

static void
wake(struct executive *ex, uint32_t *word, unsigned count)
{
    uint32_t *key = word_key(ex, word);
    struct link *bucket = bucket_of(ex, key), *after;

    for (struct link *link = bucket->next; link != bucket && count; link = after) {
        struct task *task = LINK_OWNER(link, struct task, queue);

        after = link->next;
        if (task->word != key)
            continue;
        end_wait(ex, task, 0);
        count--;
    }
    if (is_present(ex))
        executive_yield(ex, YIELD_WAKE, word);
}

static void
yield(struct executive *ex, enum yield_kind kind, const volatile void *object)
{
    if (kind == YIELD_SPIN)
        spin(ex, object);
    else
        offer(ex, object);
}

static uint64_t
now(struct executive *ex)
{
    return __atomic_load_n(&ex->now, __ATOMIC_RELAXED);
}

const struct executive_operations executive_simulated = {
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
