/* SPDX-License-Identifier: MIT */
/* Events in the driver's memory, and sleeping. An event stays set until it is reset. */
#include "nt/gate.h"
#include <ndis.h>

#define UNITS_PER_MS 10000ll /* of 100 ns */

/*
 * NdisInitializeEvent - makes an event of memory, not set
 *
 * @Event: resident memory.
 *
 * IRQL:      Any level
 * Ownership: the caller's.
 * Errors:    none.
 * Source:    NF:ndis.NdisInitializeEvent
 */
VOID
NdisInitializeEvent(PNDIS_EVENT Event)
{
    KeInitializeEvent(&Event->Event, NotificationEvent, FALSE);
}

/*
 * NdisSetEvent - sets an event; all who wait go on
 *
 * @Event: initialised.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the setter does not touch it afterwards when a waiter may free it.
 * Errors:    none.
 * Source:    NF:ndis.NdisSetEvent
 */
VOID
NdisSetEvent(PNDIS_EVENT Event)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    KeSetEvent(&Event->Event, 0, FALSE);
}

/*
 * NdisResetEvent - takes the signal back
 *
 * @Event: initialised.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisResetEvent
 */
VOID
NdisResetEvent(PNDIS_EVENT Event)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    KeClearEvent(&Event->Event);
}

/*
 * NdisWaitEvent - waits until an event is set
 *
 * @Event:    initialised.
 * @MsToWait: milliseconds at most, 0 for ever.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: none moves.
 * Errors:    FALSE: the time is over and it is not set.
 * Source:    NF:ndis.NdisWaitEvent
 */
BOOLEAN
NdisWaitEvent(PNDIS_EVENT Event, UINT MsToWait)
{
    LARGE_INTEGER timeout = {.QuadPart = -UNITS_PER_MS * MsToWait};

    gate_require_irql(PASSIVE_LEVEL, __func__);
    return KeWaitForSingleObject(&Event->Event, Executive, KernelMode, FALSE,
               MsToWait ? &timeout : NULL) == STATUS_SUCCESS;
}

/*
 * NdisMSleep - lets others run for a while
 *
 * @MicrosecondsToSleep: at least that many.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: none moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisMSleep
 */
VOID
NdisMSleep(ULONG MicrosecondsToSleep)
{
    LARGE_INTEGER interval = {.QuadPart = -10ll * MicrosecondsToSleep};

    gate_require_irql(APC_LEVEL, __func__);
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
}
