/* SPDX-License-Identifier: MIT */
/* KTIMERs. One list per machine, earliest first, guarded by the dispatcher lock; one task that
 * sleeps until the first is due, signals it and queues its DPC on the processor that set it.
 *
 * KTIMER.DueTime holds executive_now at expiry (ns). TimerListEntry.Flink is NULL when not set.
 */
#include "nt/timer.h"
#include "nt/dpc.h"
#include "nt/extimer.h"
#include "nt/gate.h"
#include "nt/thread.h"
#include "nt/wait.h"
#include <errno.h>

#define NS_PER_MS 1000000ull

struct nt_timers {
    LIST_ENTRY list; /* of KTIMER.TimerListEntry */
    uint32_t word;   /* bumped when the first timer changes */
};

/* A timer that expired, to be told to its DPC once the lock is released. */
struct expired {
    PKDPC dpc;
    struct _EX_TIMER *extended; /* its reference in the list */
    unsigned processor;
};

/* Under the lock. Answers whether it is the first now. */
static bool
insert(struct nt_timers *timers, PKTIMER timer)
{
    LIST_ENTRY *before = timers->list.Blink;

    while (before != &timers->list &&
           CONTAINING_RECORD(before, KTIMER, TimerListEntry)->DueTime.QuadPart >
               timer->DueTime.QuadPart)
        before = before->Blink;
    InsertHeadList(before, &timer->TimerListEntry);
    timer->Header.Inserted = 1;
    return before == &timers->list;
}

static bool
take_out(PKTIMER timer)
{
    if (!timer->Header.Inserted)
        return false;
    RemoveEntryList(&timer->TimerListEntry);
    timer->TimerListEntry.Flink = NULL;
    timer->Header.Inserted = 0;
    return true;
}

/* Under the lock: a periodic timer goes back into the list. */
static void
set_anew(struct nt_timers *timers, PKTIMER timer, struct _EX_TIMER *extended)
{
    uint64_t period = timer->Period * NS_PER_MS;

    if (extended)
        period = extended->deleted ? 0 : extended->period;
    if (!period)
        return;
    timer->DueTime.QuadPart += period;
    insert(timers, timer);
    if (extended)
        __atomic_fetch_add(&extended->references, 1, __ATOMIC_RELAXED);
}

/* Under the lock: takes the first timer if it is due. */
static bool
expire_one(struct undis *machine, uint64_t now, struct expired *expired, struct wakes *wakes)
{
    struct nt_timers *timers = machine->timers;
    PKTIMER timer;

    if (IsListEmpty(&timers->list))
        return false;
    timer = CONTAINING_RECORD(timers->list.Flink, KTIMER, TimerListEntry);
    if (timer->DueTime.QuadPart > now)
        return false;
    take_out(timer);
    *expired = (struct expired){timer->Dpc, extimer_of(timer), timer->Processor};
    dispatcher_state(&timer->Header, 1);
    set_anew(timers, timer, expired->extended);
    /* Last: a waiter that goes may free the timer. */
    dispatcher_satisfy(machine, &timer->Header, wakes);
    return true;
}

static uint64_t
next_due(struct nt_timers *timers)
{
    if (IsListEmpty(&timers->list))
        return EXECUTIVE_FOREVER;
    return CONTAINING_RECORD(timers->list.Flink, KTIMER, TimerListEntry)->DueTime.QuadPart;
}

static void
run(void *context)
{
    struct undis *machine = context;
    struct nt_timers *timers = machine->timers;

    while (!__atomic_load_n(&machine->ended, __ATOMIC_ACQUIRE)) {
        uint32_t word = __atomic_load_n(&timers->word, __ATOMIC_ACQUIRE);
        struct wakes wakes = {0};
        struct expired expired = {0};
        uint64_t due = EXECUTIVE_FOREVER;
        bool any;

        dispatcher_lock(machine);
        any = expire_one(machine, executive_now(machine->executive), &expired, &wakes);
        if (!any)
            due = next_due(timers);
        dispatcher_unlock(machine);
        wakes_send(machine, &wakes);
        if (expired.dpc)
            dpc_queue(machine, expired.dpc, expired.processor, NULL, NULL);
        if (expired.extended)
            extimer_expired(expired.extended, expired.processor);
        if (!any && !__atomic_load_n(&machine->ended, __ATOMIC_ACQUIRE))
            executive_wait(machine->executive, &timers->word, word, due);
    }
}

static void
signal_task(struct undis *machine)
{
    __atomic_fetch_add(&machine->timers->word, 1, __ATOMIC_RELEASE);
    executive_wake(machine->executive, &machine->timers->word, 1);
}

int
timers_create(struct undis *machine)
{
    machine->timers = machine_alloc(machine, sizeof(*machine->timers));
    if (!machine->timers)
        return -ENOMEM;
    InitializeListHead(&machine->timers->list);
    return nt_spawn(machine, "timer", run, machine);
}

void
timers_end(struct undis *machine)
{
    if (machine->timers)
        signal_task(machine);
}

void
timers_destroy(struct undis *machine)
{
    machine_free(machine, machine->timers);
    machine->timers = NULL;
}

/*
 * KeInitializeTimer - makes a notification timer of memory
 *
 * @Timer: initialised timer, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section)
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeTimer
 */
VOID
KeInitializeTimer(PKTIMER Timer)
{
    KeInitializeTimerEx(Timer, NotificationTimer);
}

/*
 * KeInitializeTimerEx - makes a timer of memory
 *
 * @Timer: initialised timer, resident.
 * @Type: notification (lets all go) or synchronization (lets one go).
 *
 * IRQL:      <= DISPATCH_LEVEL (see Remarks section)
 * Ownership: the caller's.
 * Errors:    none
 * Source:    NF:wdm.KeInitializeTimerEx
 */
VOID
KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
    dispatcher_initialize(&Timer->Header,
        Type == NotificationTimer ? DISPATCHER_NOTIFICATION_TIMER
                                  : DISPATCHER_SYNCHRONIZATION_TIMER,
        0, 0);
    Timer->Header.TimerMiscFlags = 0;
    Timer->DueTime.QuadPart = 0;
    Timer->TimerListEntry.Flink = NULL;
    Timer->TimerListEntry.Blink = NULL;
    Timer->Dpc = NULL;
    Timer->Processor = 0;
    Timer->Period = 0;
}

static BOOLEAN
set(PKTIMER timer, LARGE_INTEGER due, ULONG period, PKDPC dpc)
{
    struct undis *machine = machine_self();
    uint64_t deadline = timeout_deadline(machine, &due);
    bool was_set, first;

    yield_point(YIELD_WAKE, timer);
    dispatcher_lock(machine);
    was_set = take_out(timer);
    dispatcher_state(&timer->Header, 0);
    timer->DueTime.QuadPart = deadline;
    timer->Dpc = dpc;
    timer->Period = period;
    timer->Processor = block_self->processor;
    first = insert(machine->timers, timer);
    dispatcher_unlock(machine);
    if (first)
        signal_task(machine);
    return was_set;
}

bool
timer_set_extended(struct _EX_TIMER *timer, LARGE_INTEGER due, uint64_t period)
{
    struct undis *machine = machine_self();

    /* Before it is set: it may expire at once. While it is set still, the old one expires with it. */
    dispatcher_lock(machine);
    timer->period = period;
    dispatcher_unlock(machine);
    return set(&timer->timer, due, 0, NULL);
}

bool
timer_end_extended(struct _EX_TIMER *timer, bool cancel)
{
    struct undis *machine = machine_self();
    bool was_set;

    yield_point(YIELD_WAKE, timer);
    dispatcher_lock(machine);
    timer->deleted = true;
    was_set = cancel && take_out(&timer->timer);
    dispatcher_unlock(machine);
    return was_set;
}

/*
 * KeSetTimer - sets a timer that expires once
 *
 * @Timer: initialised timer, resident.
 * @DueTime: 100 ns; negative: from now, else since 1601.
 * @Dpc: initialised DPC that is queued at expiry, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: timer and DPC are in use until it expires or is cancelled.
 * Errors:    TRUE: it was set already and is set anew.
 * Source:    NF:wdm.KeSetTimer
 */
BOOLEAN
KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
    gate_require_irql(DISPATCH_LEVEL, "KeSetTimer");
    return set(Timer, DueTime, 0, Dpc);
}

/*
 * KeSetTimerEx - sets a timer that may repeat
 *
 * @Timer: initialised timer, resident.
 * @DueTime: 100 ns; negative: from now, else since 1601.
 * @Period: ms between expiries, 0: only one.
 * @Dpc: initialised DPC that is queued at expiry, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: timer and DPC are in use until it expires or is cancelled.
 * Errors:    TRUE: it was set already and is set anew.
 * Source:    NF:wdm.KeSetTimerEx
 */
BOOLEAN
KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
    gate_require_irql(DISPATCH_LEVEL, "KeSetTimerEx");
    return set(Timer, DueTime, Period > 0 ? (ULONG)Period : 0, Dpc);
}

/*
 * KeSetCoalescableTimer - sets a timer that may be late
 *
 * @Timer: initialised timer, resident.
 * @DueTime: 100 ns; negative: from now, else since 1601.
 * @Period: ms between expiries, 0: only one.
 * @TolerableDelay: ms it may be late.
 * @Dpc: initialised DPC that is queued at expiry, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: timer and DPC are in use until it expires or is cancelled.
 * Errors:    TRUE: it was set already and is set anew. The tolerance is not used up.
 * Source:    NF:wdm.KeSetCoalescableTimer
 */
BOOLEAN
KeSetCoalescableTimer(
    PKTIMER Timer, LARGE_INTEGER DueTime, ULONG Period, ULONG TolerableDelay, PKDPC Dpc)
{
    (void)TolerableDelay;
    gate_require_irql(DISPATCH_LEVEL, "KeSetCoalescableTimer");
    return set(Timer, DueTime, Period, Dpc);
}

/*
 * KeCancelTimer - stops a timer
 *
 * @Timer: initialised timer, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is the caller's; its DPC may still be queued or running.
 * Errors:    FALSE: it was not set, or expired already.
 * Source:    NF:wdm.KeCancelTimer
 */
BOOLEAN
KeCancelTimer(PKTIMER Timer)
{
    struct undis *machine = machine_self();
    bool was_set;

    gate_require_irql(DISPATCH_LEVEL, "KeCancelTimer");
    yield_point(YIELD_WAKE, Timer);
    dispatcher_lock(machine);
    was_set = take_out(Timer);
    dispatcher_unlock(machine);
    return was_set;
}

/*
 * KeReadStateTimer - whether a timer is signalled
 *
 * @Timer: initialised timer, resident.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    FALSE: it has not expired since it was set.
 * Source:    NF:wdm.KeReadStateTimer
 */
BOOLEAN
KeReadStateTimer(PKTIMER Timer)
{
    yield_point(YIELD_INTERLOCKED, Timer);
    return __atomic_load_n(&Timer->Header.SignalState, __ATOMIC_ACQUIRE) != 0;
}
