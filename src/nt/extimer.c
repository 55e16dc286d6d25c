/* SPDX-License-Identifier: MIT */
/* Timers that the system allocates: ExAllocateTimer and its kin. One of the core has no driver.
 *
 * An EX_TIMER is a KTIMER with a DPC, and a count of who may still touch it: its owner, the list of
 * timers while it is set, each expiry whose callback has not returned. The last one frees it, so
 * that it may be deleted while it expires, also by its own callback.
 */
#include "nt/extimer.h"
#include "nt/call.h"
#include "nt/dpc.h"
#include "nt/object.h"
#include "nt/timer.h"
#include "nt/wait.h"

#define NS_PER_UNIT 100

static void
hold(struct _EX_TIMER *timer)
{
    __atomic_fetch_add(&timer->references, 1, __ATOMIC_RELAXED);
}

static void
release(struct _EX_TIMER *timer)
{
    struct executive *executive = timer->machine->executive;
    uint32_t left = __atomic_sub_fetch(&timer->references, 1, __ATOMIC_ACQ_REL);

    if (left == 1)
        executive_wake(executive, &timer->references, 1); /* who deletes it may wait for this */
    if (left)
        return;
    if (timer->delete_callback && timer->driver)
        call_ext_delete(timer->driver, timer->delete_callback, timer->delete_context);
    else if (timer->delete_callback)
        timer->delete_callback(timer->delete_context);
    object_destroy(timer);
}

static VOID
expire(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    struct _EX_TIMER *timer = context;

    (void)dpc;
    (void)argument1;
    (void)argument2;
    if (timer->driver)
        call_ext_callback(timer->driver, timer->callback, timer, timer->context);
    else
        timer->callback(timer, timer->context);
    release(timer);
}

void
extimer_expired(struct _EX_TIMER *timer, unsigned processor)
{
    /* A callback that is still due for the last expiry stands for this one too. */
    if (!timer->callback || !dpc_queue(timer->machine, &timer->dpc, processor, NULL, NULL))
        release(timer);
}

static struct _EX_TIMER *
living(PEX_TIMER timer, const char *call)
{
    if (!object_of(machine_self(), timer, OBJECT_TIMER))
        gate_bug_check("mm-use-after-free", "%s of what is no timer of ExAllocateTimer", call);
    return timer;
}

/*
 * ExAllocateTimer - a timer whose memory is the system's
 *
 * @Callback: called at DISPATCH_LEVEL when it expires, or NULL.
 * @CallbackContext: its second argument.
 * @Attributes: EX_TIMER_NOTIFICATION: lets all that wait go, else one. EX_TIMER_HIGH_RESOLUTION,
 * EX_TIMER_NO_WAKE: not both; every timer here has the resolution of the clock and wakes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the caller's until ExDeleteTimer.
 * Errors:    NULL: no memory; both of the two attributes are a bug check.
 * Source:    NF:wdm.ExAllocateTimer
 */
PEX_TIMER
ExAllocateTimer(PEXT_CALLBACK Callback, PVOID CallbackContext, ULONG Attributes)
{
    struct undis *machine = machine_self();
    struct _EX_TIMER *timer;

    gate_require_irql(DISPATCH_LEVEL, "ExAllocateTimer");
    if ((Attributes & EX_TIMER_HIGH_RESOLUTION) && (Attributes & EX_TIMER_NO_WAKE))
        KeBugCheckEx(TIMER_OR_DPC_INVALID, Attributes, 0, 0, 0);
    timer = object_create(machine, OBJECT_TIMER, sizeof(*timer));
    if (!timer)
        return NULL;
    KeInitializeTimerEx(&timer->timer,
        Attributes & EX_TIMER_NOTIFICATION ? NotificationTimer : SynchronizationTimer);
    timer->timer.Header.TimerMiscFlags = TIMER_EXTENDED;
    dpc_initialize(&timer->dpc, expire, timer, NULL);
    timer->machine = machine;
    timer->driver = block_self->driver;
    timer->callback = Callback;
    timer->context = CallbackContext;
    timer->high_resolution = Attributes & EX_TIMER_HIGH_RESOLUTION;
    timer->references = 1;
    return timer;
}

/*
 * ExSetTimer - sets a timer of ExAllocateTimer
 *
 * @Timer: from ExAllocateTimer.
 * @DueTime: 100 ns; negative: from now, else since 1601, which one of high resolution cannot be.
 * @Period: 100 ns between expiries, 0: only one.
 * @Parameters: NULL, or initialised by ExInitializeSetTimerParameters; its tolerance is not used up.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the timer is in use until it expires, is cancelled or deleted.
 * Errors:    TRUE: it was set already and is set anew. An absolute time for one of high resolution,
 *            or a period above MAXLONG, is a bug check.
 * Source:    NF:wdm.ExSetTimer
 */
BOOLEAN
ExSetTimer(PEX_TIMER Timer, LONGLONG DueTime, LONGLONG Period, PEXT_SET_PARAMETERS Parameters)
{
    struct _EX_TIMER *timer = living(Timer, "ExSetTimer");
    LARGE_INTEGER due = {.QuadPart = DueTime};
    bool was_set;

    (void)Parameters;
    gate_require_irql(DISPATCH_LEVEL, "ExSetTimer");
    if ((timer->high_resolution && DueTime >= 0) || Period < 0 || Period > MAXLONG)
        KeBugCheckEx(
            TIMER_OR_DPC_INVALID, (ULONG_PTR)timer, (ULONG_PTR)DueTime, (ULONG_PTR)Period, 0);
    hold(timer);
    was_set = timer_set_extended(timer, due, (uint64_t)Period * NS_PER_UNIT);
    if (was_set)
        release(timer);
    return was_set;
}

/*
 * ExCancelTimer - stops a timer of ExAllocateTimer
 *
 * @Timer: from ExAllocateTimer. @Parameters: NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves; its callback may still be due or running.
 * Errors:    FALSE: it was not set, or expired already.
 * Source:    NF:wdm.ExCancelTimer
 */
BOOLEAN
ExCancelTimer(PEX_TIMER Timer, PEXT_CANCEL_PARAMETERS Parameters)
{
    struct _EX_TIMER *timer = living(Timer, "ExCancelTimer");
    bool was_set;

    (void)Parameters;
    gate_require_irql(DISPATCH_LEVEL, "ExCancelTimer");
    was_set = KeCancelTimer(&timer->timer);
    if (was_set)
        release(timer);
    return was_set;
}

/* Until nobody but the caller has the timer. */
static void
wait_for_calls(struct _EX_TIMER *timer)
{
    uint32_t references;

    while ((references = __atomic_load_n(&timer->references, __ATOMIC_ACQUIRE)) > 1)
        executive_wait(
            timer->machine->executive, &timer->references, references, EXECUTIVE_FOREVER);
}

/*
 * ExDeleteTimer - gives a timer of ExAllocateTimer back
 *
 * @Timer: from ExAllocateTimer.
 * @Cancel: TRUE: stop it if it is set; FALSE: it expires once more, then it goes.
 * @Wait: TRUE: only with Cancel; its callback has returned when this does.
 * @Parameters: NULL, or initialised by ExInitializeDeleteTimerParameters; DeleteCallback is called
 * when the timer is gone.
 *
 * IRQL:      <= DISPATCH_LEVEL (with Wait <= APC_LEVEL)
 * Ownership: the timer is gone, for the caller at once.
 * Errors:    TRUE: it was cancelled. Wait without Cancel is a bug check.
 * Source:    NF:wdm.ExDeleteTimer
 */
BOOLEAN
ExDeleteTimer(PEX_TIMER Timer, BOOLEAN Cancel, BOOLEAN Wait, PEXT_DELETE_PARAMETERS Parameters)
{
    struct _EX_TIMER *timer = living(Timer, "ExDeleteTimer");
    bool cancelled;

    gate_require_irql(Wait ? APC_LEVEL : DISPATCH_LEVEL, "ExDeleteTimer");
    if (Wait && !Cancel)
        KeBugCheckEx(TIMER_OR_DPC_INVALID, (ULONG_PTR)timer, Cancel, Wait, 0);
    if (Parameters) {
        timer->delete_callback = Parameters->DeleteCallback;
        timer->delete_context = Parameters->DeleteContext;
    }
    cancelled = timer_end_extended(timer, Cancel);
    if (cancelled)
        release(timer);
    if (Wait)
        wait_for_calls(timer);
    release(timer);
    return cancelled;
}
