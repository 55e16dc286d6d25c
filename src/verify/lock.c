/* SPDX-License-Identifier: MIT */
/* Checks of spin locks and read-write locks: the ones that are held now, by which task, taken how.
 *
 *     acquire (before)  not twice, initialised, not freed
 *     hold (after)      into the table; the order of locks gets an edge per lock held
 *     release           by its task, in the way it was taken, to the right IRQL
 */
#include "verify/check.h"

#define STALL_MAX 50u /* microseconds that may be spent under a spin lock */

static struct held *
find(struct verify *verify, const void *lock)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++)
        if (verify->held[k].lock == lock)
            return &verify->held[k];
    return NULL;
}

/* The hold of the running task, else anybody's. */
static struct held *
find_own(struct verify *verify, const void *lock)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++)
        if (verify->held[k].lock == lock && verify->held[k].task == block_self->id)
            return &verify->held[k];
    return find(verify, lock);
}

unsigned
locks_held(const struct verify *verify)
{
    unsigned n = 0;

    for (unsigned k = 0; k < LOCKS_HELD; k++)
        n += verify->held[k].lock && verify->held[k].task == block_self->id;
    return n;
}

const struct held *
held_by_self(const struct verify *verify)
{
    const struct held *newest = NULL;

    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        const struct held *held = &verify->held[k];

        if (held->lock && held->task == block_self->id && held->kind <= LOCK_DPR &&
            (!newest || held->serial > newest->serial))
            newest = held;
    }
    return newest;
}

void
check_no_lock(struct verify *verify, const struct gate_call *call, enum rule_name name)
{
    const struct held *held = held_by_self(verify);

    if (fails(verify, name, held != NULL))
        broken_at(verify, name, call, NULL, &held->taken, "the lock was taken here",
            "%s called %s with a spin lock held", call->driver->name,
            call->import ? call->import->name : call->handler->name);
}

void
locks_check_free(
    struct verify *verify, const struct gate_call *call, const void *memory, size_t size)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        struct held *held = &verify->held[k];

        if (!held->lock || (uintptr_t)held->lock - (uintptr_t)memory >= size)
            continue;
        if (fails(verify, RULE_LOCK_FREED, true))
            broken_at(verify, RULE_LOCK_FREED, call, NULL, &held->taken, "the lock was taken here",
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

static bool
named(const struct gate_call *call, const char *beginning)
{
    const char *name = call->import->name;

    while (*beginning && *name == *beginning)
        name++, beginning++;
    return !*beginning;
}

/* Zeroed memory is what initialising leaves there, and drivers count on it: only other content
 * cannot be a lock. */
static bool
looks_free(const void *lock)
{
    return *(const ULONG_PTR *)lock == 0;
}

/* The lock is known to the side table; one of NDIS must have been initialised, or be zero. */
static struct place *
lock_place(struct verify *verify, const struct gate_call *call, enum place_kind kind)
{
    struct place *place = place_find(verify, lock_of(call), kind);
    bool ndis = named(call, "Ndis");

    if (ndis && fails(verify, RULE_LOCK_INIT, !place && !looks_free(lock_of(call)))) {
        broken(verify, RULE_LOCK_INIT, call, NULL, NULL, NULL,
            "%s called %s for a lock that nobody has initialised", call->driver->name,
            call->import->name);
    } else if (place && fails(verify, RULE_LOCK_AFTER_FREE, place->ended)) {
        broken_at(verify, RULE_LOCK_AFTER_FREE, call, NULL, &place->made, "freed here",
            "%s called %s for a lock that is freed", call->driver->name, call->import->name);
    }
    return place ? place : place_make(verify, lock_of(call), kind, "taken first");
}

static void
acquire_kind(
    struct verify *verify, const struct gate_call *call, enum rule_name twice, enum place_kind kind)
{
    const struct held *held = find_own(verify, lock_of(call));

    lock_place(verify, call, kind);
    if (fails(verify, twice, held && held->task == block_self->id))
        broken_at(verify, twice, call, NULL, &held->taken, "it was taken here",
            "%s takes a spin lock that it holds already", call->driver->name);
}

static void
acquire(struct verify *verify, struct gate_call *call)
{
    acquire_kind(verify, call, RULE_LOCK_TWICE, PLACE_SPIN_LOCK);
}

static void
acquire_dpr(struct verify *verify, struct gate_call *call)
{
    acquire_kind(verify, call, RULE_LOCK_TWICE_DPR, PLACE_SPIN_LOCK);
}

/* One more is held: an edge from each that was. */
static void
order(struct verify *verify, const struct gate_call *call, const void *lock, enum place_kind kind)
{
    struct place *taken = place_find(verify, lock, kind);

    if (!taken)
        taken = place_make(verify, lock, kind, "taken first");
    for (unsigned k = 0; taken && k < LOCKS_HELD; k++) {
        const struct held *held = &verify->held[k];
        struct place *other;

        if (!held->lock || held->task != block_self->id)
            continue;
        other = place_find(verify, held->lock,
            held->kind == LOCK_READ || held->kind == LOCK_WRITE ? PLACE_RW_LOCK : PLACE_SPIN_LOCK);
        if (other)
            order_taken(verify, call, other, taken);
    }
}

static void
hold(struct verify *verify, const struct gate_call *call, const void *lock, enum lock_kind kind)
{
    struct held *held = find(verify, NULL);
    bool rw = kind == LOCK_READ || kind == LOCK_WRITE;

    if (!held)
        return;
    /* Who only tries does not wait. */
    if (!named(call, "KeTryTo"))
        order(verify, call, lock, rw ? PLACE_RW_LOCK : PLACE_SPIN_LOCK);
    held->lock = lock;
    held->state = NULL;
    held->task = block_self->id;
    held->processor = block_self->processor;
    held->kind = kind;
    held->ndis = named(call, "Ndis");
    held->stalled = 0;
    held->serial = ++verify->holds;
    held->driver = call->driver;
    move_now(verify, &held->taken, call->import->name);
}

static void
has_acquired(struct verify *verify, struct gate_call *call)
{
    hold(verify, call, lock_of(call), LOCK_SPIN);
}

static void
has_acquired_dpr(struct verify *verify, struct gate_call *call)
{
    hold(verify, call, lock_of(call), LOCK_DPR);
}

static void
has_tried(struct verify *verify, struct gate_call *call)
{
    if ((BOOLEAN)call->result)
        hold(verify, call, lock_of(call), LOCK_SPIN);
}

/* Whose it is; NULL when nobody holds it. */
static struct held *
check_holder(struct verify *verify, const struct gate_call *call, const void *lock)
{
    struct held *held = find_own(verify, lock);

    if (fails(verify, RULE_LOCK_OWNER, !held))
        broken(verify, RULE_LOCK_OWNER, call, NULL, NULL, NULL,
            "%s releases a spin lock that nobody holds", call->driver->name);
    else if (fails(verify, RULE_LOCK_TASK, held->task != block_self->id))
        broken_at(verify, RULE_LOCK_TASK, call, NULL, &held->taken, "another task took it here",
            "%s releases a spin lock that another task holds", call->driver->name);
    return held;
}

static void
check_variant(struct verify *verify, const struct gate_call *call, const struct held *held,
    enum lock_kind kind)
{
    bool both = held->ndis && named(call, "Ndis");

    if (fails(verify, RULE_LOCK_VARIANT, both && held->kind != kind))
        broken_at(verify, RULE_LOCK_VARIANT, call, NULL, &held->taken, "it was taken here",
            "%s took a lock with %s and releases it with %s", call->driver->name, held->taken.what,
            call->import->name);
}

/* Taken off the list before it is free, so that the next holder finds it so. */
static void
release_lock(struct verify *verify, struct gate_call *call, const void *lock, enum lock_kind kind)
{
    struct held *held = check_holder(verify, call, lock);

    if (!held)
        return;
    check_variant(verify, call, held, kind);
    held->lock = NULL;
}

static void
release(struct verify *verify, struct gate_call *call)
{
    release_lock(verify, call, lock_of(call), LOCK_SPIN);
}

static void
release_dpr(struct verify *verify, struct gate_call *call)
{
    release_lock(verify, call, lock_of(call), LOCK_DPR);
}

/* Whatever is still held needs DISPATCH_LEVEL. */
static void
released(struct verify *verify, struct gate_call *call)
{
    const struct held *held = held_by_self(verify);

    if (fails(verify, RULE_LOCK_RELEASE_ORDER, held && block_self->irql < DISPATCH_LEVEL))
        broken_at(verify, RULE_LOCK_RELEASE_ORDER, call, NULL, &held->taken,
            "the one that is still held was taken here",
            "%s released a spin lock to IRQL %u and still holds another", call->driver->name,
            block_self->irql);
}

static const void *
queued_lock(const struct gate_call *call, unsigned k)
{
    return ((const KLOCK_QUEUE_HANDLE *)call->args[k])->LockQueue.Lock;
}

static void
has_queued(struct verify *verify, struct gate_call *call)
{
    struct held *held;

    hold(verify, call, lock_of(call), LOCK_SPIN);
    held = find_own(verify, lock_of(call));
    if (held)
        held->state = (const void *)call->args[1];
}

/* By the handle that it was acquired with. */
static void
release_queued(struct verify *verify, struct gate_call *call)
{
    const struct held *held = find_own(verify, queued_lock(call, 0));

    if (fails(verify, RULE_LOCK_QUEUED,
            held && held->task == block_self->id && held->state != (const void *)call->args[0]))
        broken_at(verify, RULE_LOCK_QUEUED, call, NULL, &held->taken, "it was taken here",
            "%s releases a queued spin lock by another handle than it was acquired with",
            call->driver->name);
    release_lock(verify, call, queued_lock(call, 0), LOCK_SPIN);
}

/* Read-write locks: NdisXxxRWLock are objects, the older ones lie in the driver's memory. */
static void
check_lock_state(struct verify *verify, const struct gate_call *call, const void *state)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        const struct held *held = &verify->held[k];

        if (fails(verify, RULE_LOCK_STATE, held->lock && held->state == state))
            broken_at(verify, RULE_LOCK_STATE, call, NULL, &held->taken, "it is in use since here",
                "%s called %s with a LOCK_STATE that another acquisition uses", call->driver->name,
                call->import->name);
    }
}

static void
acquire_rw(struct verify *verify, struct gate_call *call)
{
    bool dead = !object_of(verify->machine, lock_of(call), OBJECT_RW_LOCK);

    if (fails(verify, RULE_LOCK_AFTER_FREE, dead))
        broken(verify, RULE_LOCK_AFTER_FREE, call, NULL, NULL, NULL,
            "%s called %s for what is no lock, or is freed", call->driver->name,
            call->import->name);
    check_lock_state(verify, call, (const void *)call->args[1]);
}

static void
hold_rw(struct verify *verify, const struct gate_call *call, bool write, const void *state)
{
    struct held *held;

    hold(verify, call, lock_of(call), write ? LOCK_WRITE : LOCK_READ);
    held = find_own(verify, lock_of(call));
    if (held)
        held->state = state;
}

static void
has_read(struct verify *verify, struct gate_call *call)
{
    hold_rw(verify, call, false, (const void *)call->args[1]);
}

static void
has_written(struct verify *verify, struct gate_call *call)
{
    hold_rw(verify, call, true, (const void *)call->args[1]);
}

/* Readers may hold it more than once: the hold with this state. */
static void
release_rw(struct verify *verify, struct gate_call *call)
{
    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        struct held *held = &verify->held[k];

        if (held->lock != lock_of(call) || held->state != (const void *)call->args[1])
            continue;
        if (fails(verify, RULE_LOCK_RW_CPU,
                object_of(verify->machine, lock_of(call), OBJECT_RW_LOCK) &&
                    held->processor != block_self->processor))
            broken_at(verify, RULE_LOCK_RW_CPU, call, NULL, &held->taken, "it was taken here",
                "%s releases on processor %u a lock that it took on processor %u",
                call->driver->name, block_self->processor, held->processor);
        held->lock = NULL;
        return;
    }
    if (fails(verify, RULE_LOCK_OWNER, true))
        broken(verify, RULE_LOCK_OWNER, call, NULL, NULL, NULL,
            "%s called %s for a lock that is not held so", call->driver->name, call->import->name);
}

static void
acquire_old_rw(struct verify *verify, struct gate_call *call)
{
    lock_place(verify, call, PLACE_RW_LOCK);
    check_lock_state(verify, call, (const void *)call->args[2]);
}

static void
has_acquired_old_rw(struct verify *verify, struct gate_call *call)
{
    hold_rw(verify, call, (BOOLEAN)call->args[1], (const void *)call->args[2]);
}

/* Initialising and ending. */
static void
initialise(struct verify *verify, const struct gate_call *call, enum place_kind kind)
{
    const struct held *held = find(verify, lock_of(call));

    if (fails(verify, RULE_LOCK_INIT, held != NULL))
        broken_at(verify, RULE_LOCK_INIT, call, NULL, &held->taken, "it was taken here",
            "%s initialises a lock that is held", call->driver->name);
    place_make(verify, lock_of(call), kind, call->import->name);
}

static void
make_spin_lock(struct verify *verify, struct gate_call *call)
{
    initialise(verify, call, PLACE_SPIN_LOCK);
}

static void
make_rw_lock(struct verify *verify, struct gate_call *call)
{
    initialise(verify, call, PLACE_RW_LOCK);
}

static void
free_spin_lock(struct verify *verify, struct gate_call *call)
{
    struct place *place;

    locks_check_free(verify, call, lock_of(call), sizeof(KSPIN_LOCK));
    place = place_find(verify, lock_of(call), PLACE_SPIN_LOCK);
    if (fails(verify, RULE_LOCK_INIT, !place)) {
        broken(verify, RULE_LOCK_INIT, call, NULL, NULL, NULL,
            "%s called %s for a lock that nobody has initialised, or whose memory is freed",
            call->driver->name, call->import->name);
        return;
    }
    if (!place)
        return;
    if (fails(verify, RULE_LOCK_AFTER_FREE, place->ended))
        broken_at(verify, RULE_LOCK_AFTER_FREE, call, NULL, &place->made, "freed here",
            "%s called %s for a lock that is freed", call->driver->name, call->import->name);
    place->ended = true;
    move_now(verify, &place->made, call->import->name);
}

/* Interlocked calls take the lock themselves. */
static void
interlocked(struct verify *verify, const struct gate_call *call, unsigned argument)
{
    const struct held *held = find_own(verify, (const void *)call->args[argument]);

    if (fails(verify, RULE_LOCK_INTERLOCKED, held && held->task == block_self->id))
        broken_at(verify, RULE_LOCK_INTERLOCKED, call, NULL, &held->taken, "it was taken here",
            "%s called %s with a spin lock that it holds", call->driver->name, call->import->name);
}

static void
interlocked_1(struct verify *verify, struct gate_call *call)
{
    interlocked(verify, call, 1);
}

static void
interlocked_2(struct verify *verify, struct gate_call *call)
{
    interlocked(verify, call, 2);
}

static void
stall(struct verify *verify, struct gate_call *call)
{
    uint32_t microseconds = (uint32_t)call->args[0];

    if (fails(verify, RULE_STALL, microseconds > STALL_MAX))
        broken(verify, RULE_STALL, call, NULL, NULL, NULL, "%s stalls a processor for %u us",
            call->driver->name, microseconds);
    for (unsigned k = 0; k < LOCKS_HELD; k++) {
        struct held *held = &verify->held[k];

        if (!held->lock || held->task != block_self->id)
            continue;
        held->stalled += microseconds;
        if (fails(verify, RULE_LOCK_TIME, held->stalled > STALL_MAX))
            broken_at(verify, RULE_LOCK_TIME, call, NULL, &held->taken, "it was taken here",
                "%s has stalled for %u us with a spin lock held", call->driver->name,
                held->stalled);
    }
}

static void
thread_ends(struct verify *verify, struct gate_call *call)
{
    const struct held *held = held_by_self(verify);

    if (fails(verify, RULE_LOCK_BALANCED, held != NULL))
        broken_at(verify, RULE_LOCK_BALANCED, call, NULL, &held->taken, "it was taken here",
            "a thread of %s ends with a spin lock held", call->driver->name);
}

const struct check lock_imports[] = {
    {"KeInitializeSpinLock", make_spin_lock, NULL},
    {"KeAcquireSpinLockRaiseToDpc", acquire, has_acquired},
    {"KeAcquireSpinLockAtDpcLevel", acquire, has_acquired},
    {"KeAcquireSpinLockForDpc", acquire, has_acquired},
    {"KeTryToAcquireSpinLockAtDpcLevel", NULL, has_tried},
    {"KeReleaseSpinLock", release, released},
    {"KeReleaseSpinLockFromDpcLevel", release, NULL},
    {"KeReleaseSpinLockForDpc", release, NULL},
    {"KeAcquireInStackQueuedSpinLock", acquire, has_queued},
    {"KeAcquireInStackQueuedSpinLockAtDpcLevel", acquire, has_queued},
    {"KeAcquireInStackQueuedSpinLockForDpc", acquire, has_queued},
    {"KeReleaseInStackQueuedSpinLock", release_queued, released},
    {"KeReleaseInStackQueuedSpinLockFromDpcLevel", release_queued, NULL},
    {"KeReleaseInStackQueuedSpinLockForDpc", release_queued, NULL},
    {"KeStallExecutionProcessor", stall, NULL},
    {"NdisAllocateSpinLock", make_spin_lock, NULL},
    {"NdisFreeSpinLock", free_spin_lock, NULL},
    {"NdisAcquireSpinLock", acquire, has_acquired},
    {"NdisDprAcquireSpinLock", acquire_dpr, has_acquired_dpr},
    {"NdisReleaseSpinLock", release, released},
    {"NdisDprReleaseSpinLock", release_dpr, NULL},
    {"NdisAcquireRWLockRead", acquire_rw, has_read},
    {"NdisAcquireRWLockWrite", acquire_rw, has_written},
    {"NdisReleaseRWLock", release_rw, released},
    {"NdisInitializeReadWriteLock", make_rw_lock, NULL},
    {"NdisAcquireReadWriteLock", acquire_old_rw, has_acquired_old_rw},
    {"NdisDprAcquireReadWriteLock", acquire_old_rw, has_acquired_old_rw},
    {"NdisReleaseReadWriteLock", release_rw, released},
    {"NdisDprReleaseReadWriteLock", release_rw, NULL},
    {"ExInterlockedInsertHeadList", interlocked_2, NULL},
    {"ExInterlockedInsertTailList", interlocked_2, NULL},
    {"ExInterlockedRemoveHeadList", interlocked_1, NULL},
    {"ExInterlockedPopEntryList", interlocked_1, NULL},
    {"ExInterlockedPushEntryList", interlocked_2, NULL},
    {"ExInterlockedAddUlong", interlocked_2, NULL},
    {"NdisInterlockedAddUlong", interlocked_2, NULL},
    {"NdisInterlockedInsertHeadList", interlocked_2, NULL},
    {"NdisInterlockedInsertTailList", interlocked_2, NULL},
    {"NdisInterlockedRemoveHeadList", interlocked_1, NULL},
    {"PsTerminateSystemThread", thread_ends, NULL},
    {NULL, NULL, NULL},
};
