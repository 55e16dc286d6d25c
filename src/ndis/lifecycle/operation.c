/* SPDX-License-Identifier: MIT */
/* Operations that a driver may pend, and the calls that complete them.
 *
 *     begin --> driver's handler --> NDIS_STATUS_PENDING --> wait ... NdisXxxComplete --> go on
 *
 * One operation per module at a time. A driver that does not complete in the machine's patience
 * ends the run with the table of obligations: who owes what to whom since when.
 */
#include "ndis/lifecycle/hang.h"
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"

#include <errno.h>
#include <string.h>

void
operation_begin(struct module_operation *operation, const char *name)
{
    operation->name = name;
    operation->since = executive_now(machine_self()->executive);
    __atomic_store_n(&operation->word, 1, __ATOMIC_RELEASE);
}

NDIS_STATUS
operation_wait(struct undis *machine, struct module_operation *operation, struct module *module,
    NDIS_STATUS answer)
{
    struct executive *ex = machine->executive;
    uint64_t deadline = operation->since + machine->patience;

    if (answer != NDIS_STATUS_PENDING) {
        if (__atomic_exchange_n(&operation->word, 0, __ATOMIC_ACQ_REL) == 2)
            gate_bug_check(operation->rule,
                "%s of %s answered with 0x%08X after it had completed it", operation->name,
                operation->by, answer);
        return answer;
    }
    while (__atomic_load_n(&operation->word, __ATOMIC_ACQUIRE) == 1) {
        if (executive_wait(ex, &operation->word, 1, deadline) == -ETIMEDOUT &&
            __atomic_load_n(&operation->word, __ATOMIC_ACQUIRE) == 1)
            hang_report(machine, module, operation);
    }
    __atomic_store_n(&operation->word, 0, __ATOMIC_RELEASE);
    return operation->status;
}

void
operation_complete(struct undis *machine, struct module_operation *operation, struct driver *driver,
    const struct completion *call, NDIS_STATUS status)
{
    uint32_t waiting = 1;

    if (__atomic_load_n(&operation->word, __ATOMIC_ACQUIRE) == 1 &&
        strcmp(operation->name, call->operation) != 0)
        gate_bug_check(call->rule, "%s called %s, but it is %s that is pending", driver->name,
            call->name, operation->name);
    operation->status = status;
    operation->rule = call->rule;
    operation->by = driver->name;
    if (!__atomic_compare_exchange_n(
            &operation->word, &waiting, 2, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        gate_bug_check(
            call->rule, "%s called %s, but nothing is pending", driver->name, call->name);
    executive_wake(machine->executive, &operation->word, 1);
}

static void
module_completes(struct module *module, const struct completion *call, NDIS_STATUS status)
{
    operation_complete(module->machine, &module->operation, module->driver, call, status);
}

void
event_completes(struct module *binding, const struct completion *call, const NET_PNP_EVENT *event,
    NDIS_STATUS status)
{
    if (event != binding->event)
        gate_bug_check(call->rule, "%s called %s for an event that is not pending",
            binding->driver->name, call->name);
    module_completes(binding, call, status);
}

/*
 * NdisMPauseComplete - a miniport has finished a pause it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing may be out: all sends completed, all receives returned.
 * Errors:    none; without a pending pause it is a bug check.
 * Source:    NF:ndis.NdisMPauseComplete
 */
VOID
NdisMPauseComplete(NDIS_HANDLE MiniportAdapterHandle)
{
    static const struct completion call = {
        "NdisMPauseComplete", "st-m-pause-complete-once", "MiniportPause"};
    gate_require_irql(DISPATCH_LEVEL, __func__);
    module_completes(
        path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__), &call, NDIS_STATUS_SUCCESS);
}

/*
 * NdisMRestartComplete - a miniport has finished a restart it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @Status:                NDIS_STATUS_SUCCESS or why it stays paused.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending restart it is a bug check.
 * Source:    NF:ndis.NdisMRestartComplete
 */
VOID
NdisMRestartComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status)
{
    static const struct completion call = {
        "NdisMRestartComplete", "st-m-restart-complete-once", "MiniportRestart"};
    gate_require_irql(DISPATCH_LEVEL, __func__);
    module_completes(path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__), &call, Status);
}

/*
 * NdisFPauseComplete - a filter has finished a pause it had pended
 *
 * @NdisFilterHandle: as given to FilterAttach.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing of the filter's own may be out.
 * Errors:    none; without a pending pause it is a bug check.
 * Source:    NF:ndis.NdisFPauseComplete
 */
VOID
NdisFPauseComplete(NDIS_HANDLE NdisFilterHandle)
{
    static const struct completion call = {"NdisFPauseComplete", "st-f-pause-once", "FilterPause"};
    gate_require_irql(DISPATCH_LEVEL, __func__);
    module_completes(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), &call, NDIS_STATUS_SUCCESS);
}

/*
 * NdisFRestartComplete - a filter has finished a restart it had pended
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @Status:           NDIS_STATUS_SUCCESS or why it stays paused.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending restart it is a bug check.
 * Source:    NF:ndis.NdisFRestartComplete
 */
VOID
NdisFRestartComplete(NDIS_HANDLE NdisFilterHandle, NDIS_STATUS Status)
{
    static const struct completion call = {
        "NdisFRestartComplete", "st-f-restart-once", "FilterRestart"};
    gate_require_irql(PASSIVE_LEVEL, __func__);
    module_completes(path_module(NdisFilterHandle, MODULE_FILTER, __func__), &call, Status);
}

/*
 * NdisCompleteNetPnPEvent - a protocol answers a PnP event it had pended
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @NetPnPEventNotification: as given to ProtocolNetPnPEvent.
 * @Status:            final.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the event structure goes back to NDIS.
 * Errors:    none; another event than the pending one is a bug check.
 * Source:    NF:ndis.NdisCompleteNetPnPEvent
 */
VOID
NdisCompleteNetPnPEvent(NDIS_HANDLE NdisBindingHandle,
    PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification, NDIS_STATUS Status)
{
    static const struct completion call = {
        "NdisCompleteNetPnPEvent", "st-p-pnpevent-complete-once", "ProtocolNetPnPEvent"};
    struct module *binding = path_module(NdisBindingHandle, MODULE_BINDING, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    event_completes(binding, &call, &NetPnPEventNotification->NetPnPEvent, Status);
}
