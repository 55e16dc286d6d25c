/* SPDX-License-Identifier: MIT */
/* Timers of miniports of NDIS 3 to 5.1: NDIS_MINIPORT_TIMERs in the driver's memory.
 *
 *     set --> KTIMER --due--> KDPC --> [serialized: legacy.timers, while somebody is inside]
 *                                  --> MiniportTimer, at DISPATCH_LEVEL
 *
 * One that waits in legacy.timers is linked through NextTimer and can still be cancelled.
 */
#include "host/lock.h"
#include "ndis/service/legacy.h"
#include "ndis/stack/call_legacy.h"
#include "nt/dpc.h"

#define UNITS_PER_MS 10000ll /* of 100 ns */

/* The end of the list; NULL is what a timer outside it has. */
#define LAST ((PNDIS_MINIPORT_TIMER)1)

static struct module *
module_of(const NDIS_MINIPORT_TIMER *timer)
{
    return (struct module *)timer->Miniport;
}

/* The one that has waited longest, or NULL. */
static PNDIS_MINIPORT_TIMER
take(struct legacy *legacy)
{
    PNDIS_MINIPORT_TIMER timer, *link;

    host_lock(&legacy->timer_lock);
    link = &legacy->timers;
    timer = *link;
    while (timer && timer->NextTimer != LAST) {
        link = &timer->NextTimer;
        timer = *link;
    }
    if (timer) {
        *link = link == &legacy->timers ? NULL : LAST;
        timer->NextTimer = NULL;
    }
    host_unlock(&legacy->timer_lock);
    return timer;
}

/* A timer that is due again while it waits runs once, as a DPC does. */
static void
put(struct legacy *legacy, PNDIS_MINIPORT_TIMER timer)
{
    host_lock(&legacy->timer_lock);
    if (!timer->NextTimer) {
        timer->NextTimer = legacy->timers ? legacy->timers : LAST;
        legacy->timers = timer;
    }
    host_unlock(&legacy->timer_lock);
}

/* Takes @timer out; false when it does not wait. */
static bool
take_out(struct legacy *legacy, PNDIS_MINIPORT_TIMER timer)
{
    PNDIS_MINIPORT_TIMER *link;
    bool waits;

    host_lock(&legacy->timer_lock);
    waits = timer->NextTimer != NULL;
    if (waits) {
        link = &legacy->timers;
        while (*link != timer)
            link = &(*link)->NextTimer;
        *link = link == &legacy->timers && timer->NextTimer == LAST ? NULL : timer->NextTimer;
        timer->NextTimer = NULL;
    }
    host_unlock(&legacy->timer_lock);
    return waits;
}

void
legacy_do_timers(struct module *miniport)
{
    PNDIS_MINIPORT_TIMER timer;

    while ((timer = take(miniport->legacy)))
        call_legacy_timer(miniport, timer);
}

static VOID
expired(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    PNDIS_MINIPORT_TIMER timer = context;
    struct module *miniport = module_of(timer);

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    if (miniport->legacy->serial.off) {
        call_legacy_timer(miniport, timer);
        return;
    }
    put(miniport->legacy, timer);
    serial_post(miniport, SERIAL_TIMERS);
}

/*
 * NdisMInitializeTimer - a miniport makes a timer of memory
 *
 * @Timer:                 resident memory.
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @TimerFunction:         what is called; of a serialized miniport with no other function of it.
 * @FunctionContext:       with this.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisMInitializeTimer
 */
VOID
NdisMInitializeTimer(PNDIS_MINIPORT_TIMER Timer, NDIS_HANDLE MiniportAdapterHandle,
    PNDIS_TIMER_FUNCTION TimerFunction, PVOID FunctionContext)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, __func__);
    KeInitializeTimer(&Timer->Timer);
    dpc_initialize(&Timer->Dpc, expired, Timer, NULL);
    Timer->MiniportTimerFunction = TimerFunction;
    Timer->MiniportTimerContext = FunctionContext;
    Timer->Miniport = &miniport->block;
    Timer->NextTimer = NULL;
}

static void
set(PNDIS_MINIPORT_TIMER timer, UINT ms, LONG period)
{
    LARGE_INTEGER due = {.QuadPart = -UNITS_PER_MS * ms};

    KeSetTimerEx(&timer->Timer, due, period, &timer->Dpc);
}

/*
 * NdisMSetTimer - a miniport sets a timer that expires once
 *
 * @Timer:               from NdisMInitializeTimer.
 * @MillisecondsToDelay: from now.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it expires or is cancelled.
 * Errors:    none.
 * Source:    NF:ndis.NdisMSetTimer
 */
VOID
NdisMSetTimer(PNDIS_MINIPORT_TIMER Timer, UINT MillisecondsToDelay)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    set(Timer, MillisecondsToDelay, 0);
}

/*
 * NdisMSetPeriodicTimer - a miniport sets a timer that expires again and again
 *
 * @Timer:             from NdisMInitializeTimer.
 * @MillisecondPeriod: from now, and between.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it is cancelled.
 * Errors:    none.
 * Source:    NF:ndis.NdisMSetPeriodicTimer
 */
VOID
NdisMSetPeriodicTimer(PNDIS_MINIPORT_TIMER Timer, UINT MillisecondPeriod)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    set(Timer, MillisecondPeriod, (LONG)MillisecondPeriod);
}

/*
 * NdisMCancelTimer - a miniport stops a timer
 *
 * @Timer:          from NdisMInitializeTimer.
 * @TimerCancelled: FALSE when it was not set or expired already; its function may still run then,
 *                  but for a serialized miniport that cancels at PASSIVE_LEVEL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is the caller's when TRUE.
 * Errors:    none.
 * Source:    NF:ndis.NdisMCancelTimer
 */
VOID
NdisMCancelTimer(PNDIS_MINIPORT_TIMER Timer, PBOOLEAN TimerCancelled)
{
    struct legacy *legacy = module_of(Timer)->legacy;
    BOOLEAN stopped;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    stopped = KeCancelTimer(&Timer->Timer);
    /* One that is just expiring is put into the list first: who halts frees its memory next. A
     * periodic one is set again while it does. */
    if ((!stopped || Timer->Timer.Period) && !legacy->serial.off && irql_now() == PASSIVE_LEVEL)
        processor_grace(machine_self());
    if (take_out(legacy, Timer))
        stopped = TRUE;
    *TimerCancelled = stopped;
}
