/* SPDX-License-Identifier: MIT */
/* Checks of spin locks: the ones that are held now, by which task. */
#include "verify/check.h"

static struct held *
find(struct verify *verify, const void *lock)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++)
        if (verify->held[k].lock == lock)
            return &verify->held[k];
    return NULL;
}

unsigned
locks_held(const struct verify *verify)
{
    unsigned n = 0;

    for (unsigned k = 0; k < LOCKS_HELD; k++)
        n += verify->held[k].lock && verify->held[k].task == block_self->id;
    return n;
}

/* Any lock of the running task, or NULL. */
static const struct held *
held_by_self(const struct verify *verify)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++)
        if (verify->held[k].lock && verify->held[k].task == block_self->id)
            return &verify->held[k];
    return NULL;
}

/* The stack of the acquisition, as a report wants it. */
static struct move
acquired(const struct held *held)
{
    struct move move = {.depth = held->depth};

    for (unsigned k = 0; k < held->depth; k++)
        move.stack[k] = held->stack[k];
    return move;
}

void
check_no_lock(struct verify *verify, const struct gate_call *call, enum rule_name name)
{
    const struct held *held = held_by_self(verify);
    struct move move;

    if (!fails(verify, name, held != NULL))
        return;
    move = acquired(held);
    broken_at(verify, name, call, NULL, &move, "the lock was taken here",
        "%s called %s with a spin lock held", call->driver->name, call->import->name);
}

void
locks_check_free(
    struct verify *verify, const struct gate_call *call, const void *memory, size_t size)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        struct held *held = &verify->held[k];
        struct move move;

        if (!held->lock || (uintptr_t)held->lock - (uintptr_t)memory >= size)
            continue;
        move = acquired(held);
        if (fails(verify, RULE_LOCK_FREED, true))
            broken_at(verify, RULE_LOCK_FREED, call, NULL, &move, "the lock was taken here",
                "memory with a spin lock that %s holds is freed", held->driver->name);
        held->lock = NULL;
    }
}

/* The lock behind the first argument: NDIS_SPIN_LOCK begins with it. */
static const void *
lock_of(const struct gate_call *call)
{
    return (const void *)call->args[0];
}

static void
acquire(struct verify *verify, struct gate_call *call)
{
    const struct held *held = find(verify, lock_of(call));
    struct move move;

    if (!fails(verify, RULE_LOCK_TWICE, held && held->task == block_self->id))
        return;
    move = acquired(held);
    broken_at(verify, RULE_LOCK_TWICE, call, NULL, &move, "it was taken here",
        "%s takes a spin lock that it holds already", call->driver->name);
}

static void
hold(struct verify *verify, const struct gate_call *call, const void *lock)
{
    struct held *held = find(verify, NULL);

    if (!held)
        return;
    held->lock = lock;
    held->task = block_self->id;
    held->driver = call->driver;
    held->depth = (uint8_t)stack_now(call, held->stack, MOVE_DEPTH);
}

static void
has_acquired(struct verify *verify, struct gate_call *call)
{
    hold(verify, call, lock_of(call));
}

static void
has_tried(struct verify *verify, struct gate_call *call)
{
    if ((BOOLEAN)call->result)
        hold(verify, call, lock_of(call));
}

static void
release_lock(struct verify *verify, struct gate_call *call, const void *lock)
{
    struct held *held = find(verify, lock);

    if (fails(verify, RULE_LOCK_OWNER, !held || held->task != block_self->id)) {
        struct move move = held ? acquired(held) : (struct move){0};

        broken_at(verify, RULE_LOCK_OWNER, call, NULL, held ? &move : NULL,
            "another task took it here",
            held ? "%s releases a spin lock that another task holds"
                 : "%s releases a spin lock that nobody holds",
            call->driver->name);
    }
    if (held)
        held->lock = NULL;
}

/* Taken off the list before it is free, so that the next holder finds it so. */
static void
release(struct verify *verify, struct gate_call *call)
{
    release_lock(verify, call, lock_of(call));
}

static const void *
queued_lock(const struct gate_call *call, unsigned k)
{
    return ((const KLOCK_QUEUE_HANDLE *)call->args[k])->LockQueue.Lock;
}

static void
has_acquired_queued(struct verify *verify, struct gate_call *call)
{
    hold(verify, call, lock_of(call));
}

static void
release_queued(struct verify *verify, struct gate_call *call)
{
    release_lock(verify, call, queued_lock(call, 0));
}

const struct check lock_imports[] = {
    {"KeAcquireSpinLockRaiseToDpc", acquire, has_acquired},
    {"KeAcquireSpinLockAtDpcLevel", acquire, has_acquired},
    {"KeAcquireSpinLockForDpc", acquire, has_acquired},
    {"KeTryToAcquireSpinLockAtDpcLevel", NULL, has_tried},
    {"KeReleaseSpinLock", release, NULL},
    {"KeReleaseSpinLockFromDpcLevel", release, NULL},
    {"KeReleaseSpinLockForDpc", release, NULL},
    {"KeAcquireInStackQueuedSpinLock", acquire, has_acquired_queued},
    {"KeAcquireInStackQueuedSpinLockAtDpcLevel", acquire, has_acquired_queued},
    {"KeAcquireInStackQueuedSpinLockForDpc", acquire, has_acquired_queued},
    {"KeReleaseInStackQueuedSpinLock", release_queued, NULL},
    {"KeReleaseInStackQueuedSpinLockFromDpcLevel", release_queued, NULL},
    {"KeReleaseInStackQueuedSpinLockForDpc", release_queued, NULL},
    {"NdisAcquireSpinLock", acquire, has_acquired},
    {"NdisDprAcquireSpinLock", acquire, has_acquired},
    {"NdisReleaseSpinLock", release, NULL},
    {"NdisDprReleaseSpinLock", release, NULL},
    {NULL, NULL, NULL},
};
