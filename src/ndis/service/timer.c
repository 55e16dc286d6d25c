/* SPDX-License-Identifier: MIT */
/* Timers: objects of NDIS 6, and NDIS_TIMERs in the driver's memory.
 *
 *     set --> KTIMER --due--> KDPC --> the driver's function, at DISPATCH_LEVEL
 *
 * The driver that made a timer object frees it, once it is neither set nor queued nor running;
 * a function may free its own one-shot timer.
 */
#include "ndis/stack/call_service.h"
#include "nt/dpc.h"

#define UNITS_PER_MS 10000ll /* of 100 ns */

struct timer {
    KTIMER timer;
    KDPC dpc;
    struct driver *driver;         /* [I] */
    PNDIS_TIMER_FUNCTION function; /* [I] */
    PVOID context;                 /* [I] unless one is given when it is set */
    PVOID given;
    bool periodic;
};

static struct timer *
timer_from_handle(NDIS_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_TIMER))
        gate_bug_check(
            "mm-use-after-free", "%s was given %p, which is no timer object", caller, handle);
    return handle;
}

/* The timer may be gone when the driver's function returns. */
static VOID
expired(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    struct timer *timer = context;

    call_timer(timer->driver, timer->function, timer->given, dpc, argument1, argument2);
}

/*
 * NdisAllocateTimerObject - makes a timer
 *
 * @NdisHandle:           of the driver, module or binding.
 * @TimerCharacteristics: revision 1: function, context, tag.
 * @pTimerObject:         the timer.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is the caller's until NdisFreeTimerObject.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_INVALID_PARAMETER without a
 *            function or a header.
 * Source:    NF:ndis.NdisAllocateTimerObject
 */
NDIS_STATUS
NdisAllocateTimerObject(NDIS_HANDLE NdisHandle, PNDIS_TIMER_CHARACTERISTICS TimerCharacteristics,
    PNDIS_HANDLE pTimerObject)
{
    const NDIS_TIMER_CHARACTERISTICS *c = TimerCharacteristics;
    struct timer *timer;

    UNREFERENCED_PARAMETER(NdisHandle);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    *pTimerObject = NULL;
    if (c->Header.Type != NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS || !c->TimerFunction ||
        c->Header.Size < NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1)
        return NDIS_STATUS_INVALID_PARAMETER;
    timer = object_create(machine_self(), OBJECT_TIMER, sizeof(*timer));
    if (!timer)
        return NDIS_STATUS_RESOURCES;
    object_prefix(timer)->tag = c->AllocationTag;
    timer->driver = block_self->driver;
    timer->function = c->TimerFunction;
    timer->context = c->FunctionContext;
    KeInitializeTimer(&timer->timer);
    dpc_initialize(&timer->dpc, expired, timer, NULL);
    *pTimerObject = timer;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisSetCoalescableTimerObject - sets a timer that may be late
 *
 * @TimerObject:        from NdisAllocateTimerObject.
 * @DueTime:            100 ns; negative from now, else since 1601.
 * @MillisecondsPeriod: 0 once, else again after so many.
 * @FunctionContext:    for the function, or NULL for the timer's own.
 * @Tolerance:          milliseconds it may be late; not used up.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it expires or is cancelled.
 * Errors:    TRUE: it was set already and is set anew.
 * Source:    NF:ndis.NdisSetCoalescableTimerObject
 */
BOOLEAN
NdisSetCoalescableTimerObject(NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime,
    LONG MillisecondsPeriod, PVOID FunctionContext, ULONG Tolerance)
{
    struct timer *timer = timer_from_handle(TimerObject, __func__);

    UNREFERENCED_PARAMETER(Tolerance);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    timer->given = FunctionContext ? FunctionContext : timer->context;
    timer->periodic = MillisecondsPeriod != 0;
    return KeSetTimerEx(&timer->timer, DueTime, MillisecondsPeriod, &timer->dpc);
}

/*
 * NdisSetTimerObject - sets a timer
 *
 * @TimerObject:        from NdisAllocateTimerObject.
 * @DueTime:            100 ns; negative from now, else since 1601.
 * @MillisecondsPeriod: 0 once, else again after so many.
 * @FunctionContext:    for the function, or NULL for the timer's own.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it expires or is cancelled.
 * Errors:    TRUE: it was set already and is set anew.
 * Source:    NF:ndis.NdisSetTimerObject
 */
BOOLEAN
NdisSetTimerObject(
    NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime, LONG MillisecondsPeriod, PVOID FunctionContext)
{
    return NdisSetCoalescableTimerObject(
        TimerObject, DueTime, MillisecondsPeriod, FunctionContext, 0);
}

/*
 * NdisCancelTimerObject - stops a timer; the function of a periodic one has ended then, that of
 *     another may still run
 *
 * @TimerObject: from NdisAllocateTimerObject.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is the caller's, see above.
 * Errors:    FALSE: it was not set, or expired already; a periodic timer above PASSIVE_LEVEL is a
 *            bug check (rule irql-periodic-timer-cancel).
 * Source:    NF:ndis.NdisCancelTimerObject
 */
BOOLEAN
NdisCancelTimerObject(NDIS_HANDLE TimerObject)
{
    struct timer *timer = timer_from_handle(TimerObject, __func__);
    BOOLEAN stopped;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (timer->periodic && irql_now() != PASSIVE_LEVEL)
        gate_bug_check("irql-periodic-timer-cancel", "%s of a periodic timer called at IRQL %u",
            __func__, irql_now());
    stopped = KeCancelTimer(&timer->timer);
    if (timer->periodic)
        KeFlushQueuedDpcs();
    return stopped;
}

/*
 * NdisFreeTimerObject - ends a timer
 *
 * @TimerObject: from NdisAllocateTimerObject, neither set nor queued.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the timer.
 * Errors:    none; one that is set or queued is a bug check (rule tm-callback-after-free).
 * Source:    NF:ndis.NdisFreeTimerObject
 */
VOID
NdisFreeTimerObject(NDIS_HANDLE TimerObject)
{
    struct timer *timer = timer_from_handle(TimerObject, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (KeCancelTimer(&timer->timer) || dpc_remove(machine_self(), &timer->dpc))
        gate_bug_check("tm-callback-after-free",
            "%s was given timer %u, which is set or about to run its function", __func__,
            object_prefix(timer)->id);
    object_destroy(timer);
}

/*
 * NdisInitializeTimer - makes a timer of memory
 *
 * @Timer:           resident memory.
 * @TimerFunction:   what is called.
 * @FunctionContext: with this.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisInitializeTimer
 */
VOID
NdisInitializeTimer(PNDIS_TIMER Timer, PNDIS_TIMER_FUNCTION TimerFunction, PVOID FunctionContext)
{
    KeInitializeTimer(&Timer->Timer);
    KeInitializeDpc(&Timer->Dpc, (PKDEFERRED_ROUTINE)(uintptr_t)TimerFunction, FunctionContext);
}

/*
 * NdisSetTimer - sets a timer that expires once
 *
 * @Timer:               from NdisInitializeTimer.
 * @MillisecondsToDelay: from now.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it expires or is cancelled.
 * Errors:    none.
 * Source:    NF:ndis.NdisSetTimer
 */
VOID
NdisSetTimer(PNDIS_TIMER Timer, UINT MillisecondsToDelay)
{
    LARGE_INTEGER due = {.QuadPart = -UNITS_PER_MS * MillisecondsToDelay};

    gate_require_irql(DISPATCH_LEVEL, __func__);
    KeSetTimer(&Timer->Timer, due, &Timer->Dpc);
}

/*
 * NdisSetTimerEx - sets a timer that expires once, with another context
 *
 * @NdisTimer:           from NdisInitializeTimer.
 * @MillisecondsToDelay: from now.
 * @FunctionContext:     for the function.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it expires or is cancelled.
 * Errors:    none.
 * Source:    xp7600:NdisXS__e0bccdf4-7458-4180-8c11-df8e3c080443.xml.htm
 */
VOID
NdisSetTimerEx(PNDIS_TIMER NdisTimer, UINT MillisecondsToDelay, PVOID FunctionContext)
{
    NdisTimer->Dpc.DeferredContext = FunctionContext;
    NdisSetTimer(NdisTimer, MillisecondsToDelay);
}

/*
 * NdisCancelTimer - stops a timer
 *
 * @Timer:          from NdisInitializeTimer.
 * @TimerCancelled: FALSE when it was not set or expired already; its function may still run then.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is the caller's when TRUE.
 * Errors:    none.
 * Source:    NF:ndis.NdisCancelTimer
 */
VOID
NdisCancelTimer(PNDIS_TIMER Timer, PBOOLEAN TimerCancelled)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    *TimerCancelled = KeCancelTimer(&Timer->Timer);
}
