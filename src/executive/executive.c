/* SPDX-License-Identifier: MIT */
/* What both executives share: tasks and their blocks, choices, locks over words. */
#include "executive/executive.h"
#include "executive/random.h"
#include "executive/task.h"
#include "host/lock.h"
#include "host/shadow.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HOUR       3600000000000u
#define LATE       10u /* seconds of CPU time without a yield point */
#define LOCK_SPINS 100
#define LIST_TRIES 1000

__thread struct block *block_self __attribute__((tls_model("initial-exec")));

struct executive *
executive_create(const struct executive_config *config)
{
    static const struct executive_operations *const kinds[] = {
        [EXECUTIVE_THREADS] = &executive_threads,
        [EXECUTIVE_SIMULATED] = &executive_simulated,
    };
    struct executive *ex = arena_zalloc(config->arena, sizeof(*ex), 64);
    int error;

    if (!ex) {
        errno = ENOMEM;
        return NULL;
    }
    ex->operations = kinds[config->kind];
    ex->kind = config->kind;
    ex->arena = config->arena;
    ex->patience = HOUR;
    ex->watch_seconds = LATE;
    link_init(&ex->tasks);
    executive_seed(ex, config->seed);
    if (config->kind == EXECUTIVE_SIMULATED)
        shadow_prepare(); /* no report is to fork on a fibre */
    error = ex->operations->create(ex);
    if (error) {
        arena_free(config->arena, ex);
        errno = -error;
        return NULL;
    }
    return ex;
}

void
executive_destroy(struct executive *ex)
{
    struct arena *arena = ex->arena;

    ex->operations->destroy(ex);
    arena_free(arena, ex);
}

enum executive_kind
executive_kind(const struct executive *ex)
{
    return ex->kind;
}

void
executive_set_hooks(struct executive *ex, const struct executive_hooks *hooks, void *context)
{
    ex->hooks = hooks;
    ex->hook_context = context;
}

void
executive_seed(struct executive *ex, uint64_t seed)
{
    ex->seed = seed;
    for (unsigned i = 0; i < CHOICE_KINDS; i++)
        ex->streams[i] = random_stream(seed, i);
}

void
executive_set_patience(struct executive *ex, uint64_t ns)
{
    ex->patience = ns;
}

void
executive_set_watchdog(
    struct executive *ex, unsigned seconds, void (*late)(void *context), void *context)
{
    ex->watch_seconds = seconds;
    ex->late = late;
    ex->late_context = context;
}

void
task_init(struct executive *ex, struct task *task, const char *name, void *machine,
    void (*fn)(void *), void *context)
{
    memset(task, 0, sizeof(*task));
    task->block.executive = ex;
    task->block.task = task;
    task->block.machine = machine;
    task->block.id = __atomic_add_fetch(&ex->next_id, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i + 1 < sizeof(task->name) && name[i]; i++)
        task->name[i] = name[i];
    task->fn = fn;
    task->context = context;
    link_init(&task->queue);
    link_init(&task->timer);
    __atomic_add_fetch(&ex->alive, 1, __ATOMIC_RELAXED);
    host_lock(&ex->lock);
    link_insert(&ex->tasks, &task->all);
    host_unlock(&ex->lock);
}

struct task *
task_create(
    struct executive *ex, const char *name, void *machine, void (*fn)(void *), void *context)
{
    struct task *task = arena_alloc(ex->arena, sizeof(*task), 64);

    if (task)
        task_init(ex, task, name, machine, fn, context);
    return task;
}

void
task_leave(struct executive *ex, struct task *task)
{
    host_lock(&ex->lock);
    link_remove(&task->all);
    host_unlock(&ex->lock);
}

int
executive_spawn(
    struct executive *ex, const char *name, void *machine, void (*fn)(void *), void *context)
{
    struct task *task = task_create(ex, name, machine, fn, context);
    int error = task ? ex->operations->spawn(ex, task) : -ENOMEM;

    if (task && error) {
        task_leave(ex, task);
        __atomic_sub_fetch(&ex->alive, 1, __ATOMIC_RELAXED);
        arena_free(ex->arena, task);
    }
    return error;
}

int
executive_enter(struct executive *ex, void *machine, void (*fn)(void *), void *context)
{
    struct task *task = task_self(ex);

    if (task) {
        void *own = task->block.machine;

        task->block.machine = machine;
        fn(context);
        task->block.machine = own;
        return 0;
    }
    return ex->operations->call(ex, machine, fn, context);
}

unsigned
executive_run(struct executive *ex, uint64_t deadline)
{
    assert(!task_self(ex));
    return ex->operations->run(ex, deadline);
}

int
executive_wait(struct executive *ex, uint32_t *word, uint32_t expected, uint64_t deadline)
{
    return ex->operations->wait(ex, word, expected, deadline);
}

void
executive_wake(struct executive *ex, uint32_t *word, unsigned count)
{
    ex->operations->wake(ex, word, count);
}

void
executive_yield(struct executive *ex, enum yield_kind kind, const volatile void *object)
{
    if (__builtin_expect(ex->hooks != NULL, 0) && ex->hooks->yield)
        ex->hooks->yield(ex->hook_context, kind, object);
    ex->operations->yield(ex, kind, object);
}

uint64_t
executive_now(struct executive *ex)
{
    return ex->operations->now(ex);
}

uint32_t
executive_choose(struct executive *ex, enum choice kind, uint32_t n, const void *object)
{
    uint32_t chosen;

    if (n <= 1)
        return 0;
    if (ex->hooks && ex->hooks->choose) {
        chosen = ex->hooks->choose(ex->hook_context, kind, n, object);
        assert(chosen < n);
        return chosen;
    }
    if (ex->seed == 0)
        return 0;
    /* Trouble stays rare, so that runs get somewhere. */
    if (kind == CHOICE_FAULT && random_below(&ex->streams[kind], 64) != 0)
        return 0;
    return random_below(&ex->streams[kind], n);
}

unsigned
executive_tasks(const struct executive *ex)
{
    return __atomic_load_n(&ex->alive, __ATOMIC_RELAXED);
}

unsigned
executive_abandoned(const struct executive *ex)
{
    return ex->abandoned;
}

int
executive_quiescent(struct executive *ex)
{
    if (ex->kind != EXECUTIVE_SIMULATED || RACES)
        return -ENOTSUP;
    return ex->pumping || ex->abandoned ? -EBUSY : 0;
}

static void
describe(const struct task *task, char *text, size_t size)
{
    uint32_t *word = __atomic_load_n(&task->word, __ATOMIC_RELAXED);
    uint64_t since = __atomic_load_n(&task->since, __ATOMIC_RELAXED);
    uint64_t deadline = __atomic_load_n(&task->deadline, __ATOMIC_RELAXED);
    int length;

    length = snprintf(text, size, "task %u \"%s\" waits since %llu.%06llu s on %p", task->block.id,
        task->name, (unsigned long long)(since / 1000000000u),
        (unsigned long long)(since / 1000u % 1000000u), (void *)word);
    if (deadline != EXECUTIVE_FOREVER)
        (void)snprintf(text + length, size - (size_t)length, " until %llu.%06llu s",
            (unsigned long long)(deadline / 1000000000u),
            (unsigned long long)(deadline / 1000u % 1000000u));
}

/* No waiting for the lock: the interrupted thread may hold it, and then the list stands still
 * when it is the only thread. */
static bool
try_list(struct executive *ex)
{
    for (unsigned i = 0; i < LIST_TRIES; i++) {
        uint32_t free = 0;

        if (__atomic_compare_exchange_n(
                &ex->lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
        __builtin_ia32_pause();
    }
    return false;
}

void
executive_describe(
    struct executive *ex, void (*line)(void *context, const char *text), void *context)
{
    bool locked = try_list(ex);
    char text[160];

    if (!locked && ex->kind == EXECUTIVE_THREADS) {
        line(context, "(the list of tasks is in use)");
        return;
    }
    for (struct link *link = ex->tasks.next; link != &ex->tasks; link = link->next) {
        struct task *task = LINK_OWNER(link, struct task, all);

        if (!__atomic_load_n(&task->word, __ATOMIC_RELAXED))
            continue;
        describe(task, text, sizeof(text));
        line(context, text);
    }
    if (locked)
        host_unlock(&ex->lock);
}

bool
executive_try_lock(struct executive *ex, uint32_t *word)
{
    uint32_t free = 0;

    (void)ex;
    return __atomic_compare_exchange_n(word, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void
lock_slowly(struct executive *ex, uint32_t *word)
{
    for (int i = 0; ex->kind == EXECUTIVE_THREADS && i < LOCK_SPINS; i++) {
        if (__atomic_load_n(word, __ATOMIC_RELAXED) == 0 && executive_try_lock(ex, word))
            return;
        __builtin_ia32_pause();
    }
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        executive_wait(ex, word, 2, EXECUTIVE_FOREVER);
}

void
executive_lock(struct executive *ex, uint32_t *word)
{
    if (!executive_try_lock(ex, word))
        lock_slowly(ex, word);
}

void
executive_unlock(struct executive *ex, uint32_t *word)
{
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
        executive_wake(ex, word, 1);
}
