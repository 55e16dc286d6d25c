/* SPDX-License-Identifier: MIT */
/* Reset of a miniport of NDIS 6: because MiniportCheckForHangEx says so, or because it asks itself.
 *
 *     timer --> work: MiniportCheckForHangEx --TRUE--> work: RESET_START to all, MiniportResetEx
 *               NdisMResetMiniport ------------------'                |
 *     RESET_END to all <-- what was set is set again <-- work <-- its answer, NdisMResetComplete
 *
 * Sends and requests still go to the miniport meanwhile: it keeps them, or completes them with
 * NDIS_STATUS_RESET_IN_PROGRESS. One reset at a time.
 */
#include "ndis/lifecycle/reset.h"
#include "ndis/lifecycle/hang.h"
#include "ndis/path/audience.h"
#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "nt/dpc.h"
#include "nt/work.h"

#include <errno.h>

#define HANG_PERIOD 2 /* seconds, unless the miniport says otherwise */

struct reset {
    struct module *miniport; /* [I] */
    KTIMER timer;
    KDPC dpc;
    struct work look, work;
    uint32_t looking;   /* word: 1 while look is queued or runs */
    uint32_t resetting; /* word: 1 from the wish for a reset until RESET_END */
    uint32_t inside;    /* [A] 1: MiniportResetEx was called and has not been answered */
    NDIS_STATUS status; /* its answer */
    BOOLEAN addressing;
};

static void
indicate(struct module *miniport, NDIS_STATUS code, PVOID buffer, ULONG size)
{
    NDIS_STATUS_INDICATION indication = {0};

    indication.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_STATUS_INDICATION,
        NDIS_STATUS_INDICATION_REVISION_1, NDIS_SIZEOF_STATUS_INDICATION_REVISION_1};
    indication.StatusCode = code;
    indication.StatusBuffer = buffer;
    indication.StatusBufferSize = size;
    NdisMIndicateStatusEx(miniport, &indication);
}

static void
finish(struct work *work)
{
    struct reset *reset = CONTAINING_RECORD(work, struct reset, work);
    struct module *miniport = reset->miniport;
    struct executive *ex = miniport->machine->executive;
    NDIS_STATUS status = reset->status;

    if (reset->addressing)
        audience_restore(miniport->adapter);
    indicate(miniport, NDIS_STATUS_RESET_END, &status, sizeof(status));
    __atomic_store_n(&reset->resetting, 0, __ATOMIC_RELEASE);
    executive_wake(ex, &reset->resetting, UINT32_MAX);
}

static void
run(struct work *work)
{
    struct reset *reset = CONTAINING_RECORD(work, struct reset, work);
    struct module *miniport = reset->miniport;
    BOOLEAN addressing = FALSE;
    NDIS_STATUS status;

    indicate(miniport, NDIS_STATUS_RESET_START, NULL, 0);
    __atomic_store_n(&reset->inside, 1, __ATOMIC_RELEASE);
    status = call_reset(miniport, &addressing);
    if (status == NDIS_STATUS_PENDING)
        return;
    if (!__atomic_exchange_n(&reset->inside, 0, __ATOMIC_ACQ_REL))
        gate_bug_check("rs-complete-only-if-pending",
            "%s completed a reset that it then answered with 0x%08X", miniport->driver->name,
            (unsigned)status);
    reset->status = status;
    reset->addressing = addressing;
    finish(work);
}

/* False when a reset is under way already. */
static bool
claim(struct reset *reset)
{
    uint32_t none = 0;

    return __atomic_compare_exchange_n(
        &reset->resetting, &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void
look(struct work *work)
{
    struct reset *reset = CONTAINING_RECORD(work, struct reset, look);
    struct executive *ex = reset->miniport->machine->executive;

    if (!__atomic_load_n(&reset->resetting, __ATOMIC_ACQUIRE) &&
        call_check_for_hang(reset->miniport) && claim(reset))
        run(&reset->work);
    __atomic_store_n(&reset->looking, 0, __ATOMIC_RELEASE);
    executive_wake(ex, &reset->looking, UINT32_MAX);
}

static VOID
due(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
    struct reset *reset = context;

    UNREFERENCED_PARAMETER(dpc);
    UNREFERENCED_PARAMETER(argument1);
    UNREFERENCED_PARAMETER(argument2);
    if (!__atomic_exchange_n(&reset->looking, 1, __ATOMIC_ACQ_REL))
        work_queue(reset->miniport->machine, &reset->look, look);
}

NDIS_STATUS
reset_create(struct module *miniport)
{
    struct reset *reset;

    if (!miniport->registration->miniport.ResetHandlerEx)
        return NDIS_STATUS_SUCCESS;
    reset = machine_alloc(miniport->machine, sizeof(*reset));
    if (!reset)
        return NDIS_STATUS_RESOURCES;
    reset->miniport = miniport;
    KeInitializeTimer(&reset->timer);
    dpc_initialize(&reset->dpc, due, reset, NULL);
    miniport->reset = reset;
    return NDIS_STATUS_SUCCESS;
}

void
reset_watch(struct module *miniport)
{
    UINT seconds = miniport->adapter->registration.CheckForHangTimeInSeconds;
    LARGE_INTEGER first;

    if (!miniport->reset)
        return;
    seconds = seconds ? seconds : HANG_PERIOD;
    first.QuadPart = -10000000ll * seconds;
    KeSetTimerEx(&miniport->reset->timer, first, (LONG)(seconds * 1000u), &miniport->reset->dpc);
}

/* Until @word is 0; a driver that keeps it from that hangs. */
static void
await(struct module *miniport, uint32_t *word, const char *what)
{
    struct executive *ex = miniport->machine->executive;
    struct module_operation late = {.name = what, .since = executive_now(ex)};

    while (__atomic_load_n(word, __ATOMIC_ACQUIRE))
        if (executive_wait(ex, word, 1, late.since + miniport->machine->patience) == -ETIMEDOUT &&
            __atomic_load_n(word, __ATOMIC_ACQUIRE))
            hang_report(miniport->machine, miniport, &late);
}

void
reset_end(struct module *miniport)
{
    if (!miniport->reset)
        return;
    KeCancelTimer(&miniport->reset->timer);
    KeFlushQueuedDpcs();
    await(miniport, &miniport->reset->looking, "MiniportCheckForHangEx");
    await(miniport, &miniport->reset->resetting, "MiniportResetEx");
}

void
reset_destroy(struct module *miniport)
{
    machine_free(miniport->machine, miniport->reset);
    miniport->reset = NULL;
}

/*
 * NdisMResetMiniport - a miniport asks for its reset
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; MiniportResetEx is called later, on another thread.
 * Errors:    none; a reset that is under way serves this wish too, and a miniport that registered
 *            no MiniportResetEx is not reset.
 * Source:    NF:ndis.NdisMResetMiniport
 */
VOID
NdisMResetMiniport(NDIS_HANDLE MiniportAdapterHandle)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (miniport->reset && claim(miniport->reset))
        work_queue(miniport->machine, &miniport->reset->work, run);
}

/*
 * NdisMResetComplete - a miniport has finished a reset it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx or MiniportInitialize.
 * @Status:                final.
 * @AddressingReset:       TRUE: NDIS sets packet filter and multicast addresses again.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending reset it is a bug check (rule rs-complete-only-if-pending).
 * Source:    NF:ndis.NdisMResetComplete
 */
VOID
NdisMResetComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status, BOOLEAN AddressingReset)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (miniport->legacy && legacy_reset_answered(miniport, Status, AddressingReset))
        return;
    if (!miniport->reset || !__atomic_exchange_n(&miniport->reset->inside, 0, __ATOMIC_ACQ_REL))
        gate_bug_check("rs-complete-only-if-pending",
            "%s called NdisMResetComplete, but no reset is pending", miniport->driver->name);
    miniport->reset->status = Status;
    miniport->reset->addressing = AddressingReset;
    work_queue(miniport->machine, &miniport->reset->work, finish);
}
