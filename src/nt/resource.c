/* SPDX-License-Identifier: MIT */
/* Executive resources: shared and exclusive, and a thread may take again what it has.
 *
 * The dispatcher lock guards the members. OwnerEntry names the exclusive owner and counts his
 * acquisitions; ActiveEntries counts the shared ones, whose owners are not remembered. Waiters
 * sleep on ContentionCount, which every release to nobody or to readers bumps.
 */
#include "nt/gate.h"
#include "nt/thread.h"
#include "nt/wait.h"
#include <string.h>

enum how { EXCLUSIVE, SHARED, SHARED_BEHIND_WRITERS };

/* Under the lock. */
static bool
take(PERESOURCE resource, ERESOURCE_THREAD self, enum how how)
{
    OWNER_ENTRY *owner = &resource->OwnerEntry;

    if (owner->OwnerThread == self) {
        owner->OwnerCount++;
        return true;
    }
    if (owner->OwnerThread)
        return false;
    if (how == EXCLUSIVE) {
        if (resource->ActiveEntries)
            return false;
        owner->OwnerThread = self;
        owner->OwnerCount = 1;
        return true;
    }
    if (how == SHARED_BEHIND_WRITERS && resource->NumberOfExclusiveWaiters)
        return false;
    resource->ActiveEntries++;
    return true;
}

static BOOLEAN
acquire(PERESOURCE resource, BOOLEAN wait, enum how how)
{
    struct undis *machine = machine_self();
    ERESOURCE_THREAD self = (ERESOURCE_THREAD)(uintptr_t)thread_self();
    ULONG *waiters =
        how == EXCLUSIVE ? &resource->NumberOfExclusiveWaiters : &resource->NumberOfSharedWaiters;
    uint64_t since = executive_now(machine->executive);
    uint32_t seen;
    bool taken;

    gate_require_irql(APC_LEVEL, "ExAcquireResource");
    yield_point(YIELD_LOCK, resource);
    dispatcher_lock(machine);
    taken = take(resource, self, how);
    if (!taken && wait)
        ++*waiters;
    while (!taken && wait) {
        seen = resource->ContentionCount;
        dispatcher_unlock(machine);
        wait_on_word(machine, &resource->ContentionCount, seen, since);
        dispatcher_lock(machine);
        taken = take(resource, self, how);
        if (taken)
            --*waiters;
    }
    dispatcher_unlock(machine);
    return taken;
}

/* Under the lock; waiters are to be woken after it. */
static bool
let_waiters_try(PERESOURCE resource)
{
    if (!resource->NumberOfExclusiveWaiters && !resource->NumberOfSharedWaiters)
        return false;
    __atomic_fetch_add(&resource->ContentionCount, 1, __ATOMIC_RELEASE);
    return true;
}

static void
release(PERESOURCE resource, ERESOURCE_THREAD self)
{
    struct undis *machine = machine_self();
    OWNER_ENTRY *owner = &resource->OwnerEntry;
    bool wake = false, held = true;

    dispatcher_lock(machine);
    if (owner->OwnerThread == self) {
        owner->OwnerCount--;
        if (owner->OwnerCount == 0) {
            owner->OwnerThread = 0;
            wake = let_waiters_try(resource);
        }
    } else if (resource->ActiveEntries) {
        if (--resource->ActiveEntries == 0)
            wake = let_waiters_try(resource);
    } else {
        held = false;
    }
    dispatcher_unlock(machine);
    if (!held)
        gate_bug_check("lk-release-held", "a resource is released that the thread does not have");
    if (wake)
        executive_wake(machine->executive, &resource->ContentionCount, UINT32_MAX);
    yield_point(YIELD_UNLOCK, resource);
}

/*
 * ExInitializeResourceLite - makes a free resource of memory
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller's until ExDeleteResourceLite.
 * Errors:    none; STATUS_SUCCESS.
 * Source:    NF:wdm.ExInitializeResourceLite
 */
NTSTATUS
ExInitializeResourceLite(PERESOURCE Resource)
{
    memset(Resource, 0, sizeof(*Resource));
    InitializeListHead(&Resource->SystemResourcesList);
    return STATUS_SUCCESS;
}

/*
 * ExReinitializeResourceLite - makes a resource free again
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller's.
 * Errors:    none; STATUS_SUCCESS.
 * Source:    NF:wdm.ExReinitializeResourceLite
 */
NTSTATUS
ExReinitializeResourceLite(PERESOURCE Resource)
{
    return ExInitializeResourceLite(Resource);
}

/*
 * ExDeleteResourceLite - the resource is not used any more
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the memory is the caller's.
 * Errors:    none; STATUS_SUCCESS. One that is held is a bug check (rule lk-not-freed-held).
 * Source:    NF:wdm.ExDeleteResourceLite
 */
NTSTATUS
ExDeleteResourceLite(PERESOURCE Resource)
{
    if (Resource->OwnerEntry.OwnerThread || Resource->ActiveEntries)
        gate_bug_check("lk-not-freed-held", "ExDeleteResourceLite of a resource that is held");
    return STATUS_SUCCESS;
}

/*
 * ExAcquireResourceExclusiveLite - takes a resource for writing
 *
 * @Resource: initialised resource, resident.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's alone until released as often.
 * Errors:    FALSE: somebody else has it and Wait is FALSE.
 * Source:    NF:wdm.ExAcquireResourceExclusiveLite
 */
BOOLEAN
ExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait)
{
    return acquire(Resource, Wait, EXCLUSIVE);
}

/*
 * ExAcquireResourceSharedLite - takes a resource for reading
 *
 * @Resource: initialised resource, resident.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: shared with other readers until released as often.
 * Errors:    FALSE: somebody writes and Wait is FALSE. A writer that waits keeps nobody out.
 * Source:    NF:wdm.ExAcquireResourceSharedLite
 */
BOOLEAN
ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait)
{
    return acquire(Resource, Wait, SHARED);
}

/*
 * ExAcquireSharedStarveExclusive - takes a resource for reading, before writers that wait
 *
 * @Resource: initialised resource, resident.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: shared with other readers until released as often.
 * Errors:    FALSE: somebody writes and Wait is FALSE.
 * Source:    NF:wdm.ExAcquireSharedStarveExclusive
 */
BOOLEAN
ExAcquireSharedStarveExclusive(PERESOURCE Resource, BOOLEAN Wait)
{
    return acquire(Resource, Wait, SHARED);
}

/*
 * ExAcquireSharedWaitForExclusive - takes a resource for reading, behind writers that wait
 *
 * @Resource: initialised resource, resident.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: shared with other readers until released as often.
 * Errors:    FALSE: somebody writes or waits to, and Wait is FALSE.
 * Source:    NF:wdm.ExAcquireSharedWaitForExclusive
 */
BOOLEAN
ExAcquireSharedWaitForExclusive(PERESOURCE Resource, BOOLEAN Wait)
{
    return acquire(Resource, Wait, SHARED_BEHIND_WRITERS);
}

/*
 * ExReleaseResourceLite - gives a resource up once
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: free when released as often as taken.
 * Errors:    none; one that is not held is a bug check (rule lk-release-held).
 * Source:    NF:wdm.ExReleaseResourceLite
 */
VOID
ExReleaseResourceLite(PERESOURCE Resource)
{
    release(Resource, (ERESOURCE_THREAD)(uintptr_t)thread_self());
}

/*
 * ExReleaseResourceForThreadLite - gives a resource up once for another thread
 *
 * @Resource: initialised resource, resident.
 * @ResourceThreadId: the owner, from ExGetCurrentResourceThread.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: free when released as often as taken.
 * Errors:    none; one that is not held is a bug check (rule lk-release-held).
 * Source:    NF:wdm.ExReleaseResourceForThreadLite
 */
VOID
ExReleaseResourceForThreadLite(PERESOURCE Resource, ERESOURCE_THREAD ResourceThreadId)
{
    release(Resource, ResourceThreadId);
}

/*
 * ExConvertExclusiveToSharedLite - a writer goes on as a reader
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: shared with other readers until released as often.
 * Errors:    none; for who does not write it is a bug check (rule lk-release-held).
 * Source:    NF:wdm.ExConvertExclusiveToSharedLite
 */
VOID
ExConvertExclusiveToSharedLite(PERESOURCE Resource)
{
    struct undis *machine = machine_self();
    ERESOURCE_THREAD self = (ERESOURCE_THREAD)(uintptr_t)thread_self();
    bool wake;

    if (Resource->OwnerEntry.OwnerThread != self)
        gate_bug_check("lk-release-held", "a resource is converted that the thread does not write");
    dispatcher_lock(machine);
    Resource->ActiveEntries += Resource->OwnerEntry.OwnerCount;
    Resource->OwnerEntry.OwnerCount = 0;
    Resource->OwnerEntry.OwnerThread = 0;
    wake = let_waiters_try(Resource);
    dispatcher_unlock(machine);
    if (wake)
        executive_wake(machine->executive, &Resource->ContentionCount, UINT32_MAX);
}

/*
 * ExIsResourceAcquiredExclusiveLite - whether the thread writes a resource
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    FALSE: it does not.
 * Source:    NF:wdm.ExIsResourceAcquiredExclusiveLite
 */
BOOLEAN
ExIsResourceAcquiredExclusiveLite(PERESOURCE Resource)
{
    return __atomic_load_n(&Resource->OwnerEntry.OwnerThread, __ATOMIC_RELAXED) ==
           (ERESOURCE_THREAD)(uintptr_t)thread_self();
}

/*
 * ExIsResourceAcquiredSharedLite - how often a resource is taken by the thread, or read by anybody
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; 0: not at all.
 * Source:    NF:wdm.ExIsResourceAcquiredSharedLite
 */
ULONG
ExIsResourceAcquiredSharedLite(PERESOURCE Resource)
{
    if (ExIsResourceAcquiredExclusiveLite(Resource))
        return Resource->OwnerEntry.OwnerCount;
    return __atomic_load_n(&Resource->ActiveEntries, __ATOMIC_RELAXED);
}

/*
 * ExGetExclusiveWaiterCount - how many threads wait to write
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.ExGetExclusiveWaiterCount
 */
ULONG
ExGetExclusiveWaiterCount(PERESOURCE Resource)
{
    return __atomic_load_n(&Resource->NumberOfExclusiveWaiters, __ATOMIC_RELAXED);
}

/*
 * ExGetSharedWaiterCount - how many threads wait to read
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.ExGetSharedWaiterCount
 */
ULONG
ExGetSharedWaiterCount(PERESOURCE Resource)
{
    return __atomic_load_n(&Resource->NumberOfSharedWaiters, __ATOMIC_RELAXED);
}

/*
 * ExEnterCriticalRegionAndAcquireResourceExclusive - KeEnterCriticalRegion and ExAcquireResourceExclusiveLite
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the caller's alone until released.
 * Errors:    none; for debuggers.
 * Source:    NF:wdm.ExEnterCriticalRegionAndAcquireResourceExclusive
 */
PVOID
ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE Resource)
{
    KeEnterCriticalRegion();
    acquire(Resource, TRUE, EXCLUSIVE);
    return thread_self();
}

/*
 * ExEnterCriticalRegionAndAcquireResourceShared - KeEnterCriticalRegion and ExAcquireResourceSharedLite
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: shared with other readers until released.
 * Errors:    none; for debuggers.
 * Source:    undocumented; as NF:wdm.ExEnterCriticalRegionAndAcquireResourceExclusive
 */
PVOID
ExEnterCriticalRegionAndAcquireResourceShared(PERESOURCE Resource)
{
    KeEnterCriticalRegion();
    acquire(Resource, TRUE, SHARED);
    return thread_self();
}

/*
 * ExReleaseResourceAndLeaveCriticalRegion - undoes either
 *
 * @Resource: initialised resource, resident.
 *
 * IRQL:      <= APC_LEVEL
 * Ownership: the resource is not the caller's any more.
 * Errors:    none; one that is not held is a bug check (rule lk-release-held).
 * Source:    NF:wdm.ExReleaseResourceAndLeaveCriticalRegion
 */
VOID
ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE Resource)
{
    ExReleaseResourceLite(Resource);
    KeLeaveCriticalRegion();
}
