/* SPDX-License-Identifier: MIT */
/* Events, semaphores and mutexes: what changes their state. Waiting is in wait.c. */
#include "nt/gate.h"
#include "nt/seh.h"
#include "nt/shared_event.h"
#include "nt/thread.h"
#include "nt/wait.h"

/*
 * KeInitializeEvent - makes an event of memory
 *
 * @Event: initialised event, resident.
 * @Type: notification (lets all go) or synchronization (lets one go).
 * @State: TRUE: signalled.
 *
 * IRQL:      Any level
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeEvent
 */
VOID
KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
    dispatcher_initialize(&Event->Header,
        Type == NotificationEvent ? DISPATCHER_NOTIFICATION_EVENT
                                  : DISPATCHER_SYNCHRONIZATION_EVENT,
        sizeof(*Event), State != FALSE);
}

/* Under the dispatcher lock. */
static void
clear_event(struct undis *machine, PRKEVENT event)
{
    dispatcher_state(&event->Header, 0);
    if (event->Header.SHARED_MARK)
        shared_event_changed(machine, event);
}

/* Sets the state and lets waiters go; answers the old state. With @pulse it falls back at once. */
static LONG
set_event(PRKEVENT event, bool pulse)
{
    struct undis *machine = machine_self();
    struct wakes wakes = {0};
    LONG old;

    yield_point(YIELD_WAKE, event);
    dispatcher_lock(machine);
    old = event->Header.SignalState;
    dispatcher_state(&event->Header, 1);
    if (!old)
        dispatcher_satisfy(machine, &event->Header, &wakes);
    if (event->Header.SHARED_MARK)
        shared_event_changed(machine, event);
    if (pulse)
        clear_event(machine, event);
    dispatcher_unlock(machine);
    wakes_send(machine, &wakes);
    return old;
}

/*
 * KeSetEvent - signals an event
 *
 * @Event: initialised event, resident.
 * @Increment: boost of priority, not used, or what is added.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= DISPATCH_LEVEL (<= APC_LEVEL with Wait)
 * Ownership: none moves.
 * Errors:    none; the state before, 0 or 1. Wait announces a wait that follows; nothing depends
 *            on it here.
 * Source:    NF:wdm.KeSetEvent
 */
LONG
KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
    (void)Increment;
    (void)Wait;
    gate_require_irql(DISPATCH_LEVEL, "KeSetEvent");
    return set_event(Event, false);
}

/*
 * KePulseEvent - lets those go who wait now, and leaves the event not signalled
 *
 * @Event: initialised event, resident.
 * @Increment: boost of priority, not used, or what is added.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; the state before, 0 or 1.
 * Source:    NF:ntddk.KePulseEvent
 */
LONG
KePulseEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
    (void)Increment;
    (void)Wait;
    gate_require_irql(DISPATCH_LEVEL, "KePulseEvent");
    return set_event(Event, true);
}

/*
 * KeResetEvent - takes the signal of an event away
 *
 * @Event: initialised event, resident.
 *
 * IRQL:      <=DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; the state before, 0 or 1.
 * Source:    NF:wdm.KeResetEvent
 */
LONG
KeResetEvent(PRKEVENT Event)
{
    struct undis *machine = machine_self();
    LONG old;

    yield_point(YIELD_WAKE, Event);
    dispatcher_lock(machine);
    old = Event->Header.SignalState;
    clear_event(machine, Event);
    dispatcher_unlock(machine);
    return old;
}

/*
 * KeClearEvent - takes the signal of an event away
 *
 * @Event: initialised event, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none
 * Source:    NF:wdm.KeClearEvent
 */
VOID
KeClearEvent(PRKEVENT Event)
{
    KeResetEvent(Event);
}

/* Drivers poll states in loops: somebody else must get his turn. */
static LONG
read_state(const DISPATCHER_HEADER *header)
{
    yield_point(YIELD_INTERLOCKED, header);
    return __atomic_load_n(&header->SignalState, __ATOMIC_ACQUIRE);
}

/*
 * KeReadStateEvent - whether an event is signalled
 *
 * @Event: initialised event, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; 0 or 1.
 * Source:    NF:wdm.KeReadStateEvent
 */
LONG
KeReadStateEvent(PRKEVENT Event)
{
    return read_state(&Event->Header);
}

/*
 * KeInitializeSemaphore - makes a semaphore of memory
 *
 * @Semaphore: initialised semaphore, resident.
 * @Count: how many, at least 1.
 * @Limit: largest count, at least 1.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeSemaphore
 */
VOID
KeInitializeSemaphore(PRKSEMAPHORE Semaphore, LONG Count, LONG Limit)
{
    dispatcher_initialize(&Semaphore->Header, DISPATCHER_SEMAPHORE, sizeof(*Semaphore), Count);
    Semaphore->Limit = Limit;
}

/*
 * KeReleaseSemaphore - adds to the count of a semaphore
 *
 * @Semaphore: initialised semaphore, resident.
 * @Increment: boost of priority, not used, or what is added.
 * @Adjustment: what is added, at least 1.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= DISPATCH_LEVEL (PASSIVE_LEVEL with Wait)
 * Ownership: none moves.
 * Errors:    none; the count before. Raises STATUS_SEMAPHORE_LIMIT_EXCEEDED, with the count as it
 *            was.
 * Source:    NF:wdm.KeReleaseSemaphore
 */
LONG
KeReleaseSemaphore(PRKSEMAPHORE Semaphore, KPRIORITY Increment, LONG Adjustment, BOOLEAN Wait)
{
    struct undis *machine = machine_self();
    struct wakes wakes = {0};
    LONG old;

    (void)Increment;
    (void)Wait;
    yield_point(YIELD_WAKE, Semaphore);
    dispatcher_lock(machine);
    old = Semaphore->Header.SignalState;
    if (Adjustment <= 0 || Adjustment > Semaphore->Limit - old) {
        dispatcher_unlock(machine);
        seh_raise(STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    }
    dispatcher_state(&Semaphore->Header, old + Adjustment);
    dispatcher_satisfy(machine, &Semaphore->Header, &wakes);
    dispatcher_unlock(machine);
    wakes_send(machine, &wakes);
    return old;
}

/*
 * KeReadStateSemaphore - the count of a semaphore
 *
 * @Semaphore: initialised semaphore, resident.
 *
 * IRQL:      Any level
 * Ownership: none moves.
 * Errors:    none; 0: a wait would sleep.
 * Source:    NF:wdm.KeReadStateSemaphore
 */
LONG
KeReadStateSemaphore(PRKSEMAPHORE Semaphore)
{
    return read_state(&Semaphore->Header);
}

/*
 * KeInitializeMutex - makes a free mutex of memory
 *
 * @Mutex: initialised mutex, resident.
 * @Level: 0, not used.
 *
 * IRQL:      Any level
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeMutex
 */
VOID
KeInitializeMutex(PRKMUTEX Mutex, ULONG Level)
{
    (void)Level;
    dispatcher_initialize(&Mutex->Header, DISPATCHER_MUTANT, sizeof(*Mutex), 1);
    InitializeListHead(&Mutex->MutantListEntry);
    Mutex->OwnerThread = NULL;
    Mutex->Abandoned = FALSE;
    Mutex->ApcDisable = 1;
}

/*
 * KeReleaseMutex - gives a mutex up, as often as it was waited for
 *
 * @Mutex: initialised mutex, resident.
 * @Wait: TRUE: a wait follows, or the call may wait.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the mutex is free when the answer is 0.
 * Errors:    none; the state before. Raises STATUS_MUTANT_NOT_OWNED when the caller does not have
 *            it.
 * Source:    NF:wdm.KeReleaseMutex
 */
LONG
KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait)
{
    struct undis *machine = machine_self();
    struct kthread *thread = thread_self();
    struct wakes wakes = {0};
    LONG old;

    (void)Wait;
    yield_point(YIELD_UNLOCK, Mutex);
    dispatcher_lock(machine);
    if (Mutex->OwnerThread != (PKTHREAD)thread) {
        dispatcher_unlock(machine);
        seh_raise(STATUS_MUTANT_NOT_OWNED);
    }
    old = Mutex->Header.SignalState;
    dispatcher_state(&Mutex->Header, old + 1);
    if (Mutex->Header.SignalState == 1) {
        Mutex->OwnerThread = NULL;
        dispatcher_satisfy(machine, &Mutex->Header, &wakes);
    }
    dispatcher_unlock(machine);
    wakes_send(machine, &wakes);
    return old;
}

/*
 * KeReadStateMutex - whether a mutex is free
 *
 * @Mutex: initialised mutex, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none; 1: free.
 * Source:    NF:wdm.KeReadStateMutex
 */
LONG
KeReadStateMutex(PRKMUTEX Mutex)
{
    return read_state(&Mutex->Header);
}
