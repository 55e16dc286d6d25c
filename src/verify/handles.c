/* SPDX-License-Identifier: MIT */
/* The moves of handles: which calls were made with configurations, bindings, filter modules, adapters,
 * keys, files, threads, events, address families, SAPs, VCs and parties, and which events of their
 * life NDIS told drivers of. What is called per packet is not noted.
 */
#include "verify/check.h"

#include "nt/handle.h"

#include <string.h>

/* A call, and the arguments that are handles. */
static const struct {
    const char *name;
    uint8_t first, second; /* + 1; 0: none */
} calls[] = {
    {"NdisReadConfiguration", 3, 0},
    {"NdisWriteConfiguration", 2, 0},
    {"NdisOpenConfigurationKeyByName", 2, 0},
    {"NdisOpenConfigurationKeyByIndex", 2, 0},
    {"NdisReadNetworkAddress", 4, 0},
    {"NdisMSetMiniportAttributes", 1, 0},
    {"NdisMPauseComplete", 1, 0},
    {"NdisMRestartComplete", 1, 0},
    {"NdisMResetComplete", 1, 0},
    {"NdisFSetAttributes", 1, 0},
    {"NdisFPauseComplete", 1, 0},
    {"NdisFRestartComplete", 1, 0},
    {"NdisFRestartFilter", 1, 0},
    {"NdisCloseAdapterEx", 1, 0},
    {"NdisCloseAdapter", 2, 0},
    {"NdisClCloseAddressFamily", 1, 0},
    {"NdisCmOpenAddressFamilyComplete", 2, 0},
    {"NdisCmCloseAddressFamilyComplete", 2, 0},
    {"NdisCmNotifyCloseAddressFamily", 1, 0},
    {"NdisMCmNotifyCloseAddressFamily", 1, 0},
    {"NdisClNotifyCloseAddressFamilyComplete", 1, 0},
    {"NdisClRegisterSap", 1, 0},
    {"NdisClDeregisterSap", 1, 0},
    {"NdisCmRegisterSapComplete", 2, 0},
    {"NdisCmDeregisterSapComplete", 2, 0},
    {"NdisClMakeCall", 1, 0},
    {"NdisCmMakeCallComplete", 2, 0},
    {"NdisCmDispatchIncomingCall", 1, 2},
    {"NdisMCmDispatchIncomingCall", 1, 2},
    {"NdisClIncomingCallComplete", 2, 0},
    {"NdisCmDispatchCallConnected", 1, 0},
    {"NdisMCmDispatchCallConnected", 1, 0},
    {"NdisClModifyCallQoS", 1, 0},
    {"NdisCmModifyCallQoSComplete", 2, 0},
    {"NdisCmDispatchIncomingCallQoSChange", 1, 0},
    {"NdisCmDispatchIncomingCloseCall", 2, 0},
    {"NdisMCmDispatchIncomingCloseCall", 2, 0},
    {"NdisClCloseCall", 1, 2},
    {"NdisCmCloseCallComplete", 2, 0},
    {"NdisCmActivateVc", 1, 0},
    {"NdisMCmActivateVc", 1, 0},
    {"NdisMCoActivateVcComplete", 2, 0},
    {"NdisCmDeactivateVc", 1, 0},
    {"NdisMCmDeactivateVc", 1, 0},
    {"NdisMCoDeactivateVcComplete", 2, 0},
    {"NdisClAddParty", 1, 0},
    {"NdisCmAddPartyComplete", 2, 0},
    {"NdisClDropParty", 1, 0},
    {"NdisCmDropPartyComplete", 2, 0},
    {"ObfReferenceObject", 1, 0},
    {"ObfDereferenceObject", 1, 0},
};

static void
note(struct verify *verify, const struct gate_call *call, unsigned argument)
{
    const void *handle = argument ? (const void *)call->args[argument - 1] : NULL;
    struct object *prefix = handle ? object_of(verify->machine, handle, OBJECT_NONE) : NULL;

    if (prefix && prefix->record)
        record_move(verify, prefix->record, call->import->name);
}

static void
called(struct verify *verify, struct gate_call *call)
{
    unsigned k = 0;

    while (strcmp(calls[k].name, call->import->name) != 0)
        k++;
    note(verify, call, calls[k].first);
    note(verify, call, calls[k].second);
}

/* With a handle of the kernel, as the first argument. */
static void
kernel_called(struct verify *verify, struct gate_call *call)
{
    const void *body = handle_peek(verify->machine, (HANDLE)call->args[0]);
    struct object *prefix = body ? object_of(verify->machine, body, OBJECT_NONE) : NULL;

    if (prefix && prefix->record)
        record_move(verify, prefix->record, call->import->name);
}

static void
told(struct verify *verify, struct gate_call *call)
{
    struct record *record =
        object_of(verify->machine, call->module, OBJECT_NONE) ? module_record(call->module) : NULL;

    struct move *move;

    if (!record)
        return;
    record_move(verify, record, call->handler->name);
    move = (struct move *)record_last(record);
    move->depth = (uint8_t)stack_now(call, move->stack, MOVE_DEPTH);
}

const struct check handles_imports[] = {
    {"NdisReadConfiguration", called, NULL},
    {"NdisWriteConfiguration", called, NULL},
    {"NdisOpenConfigurationKeyByName", called, NULL},
    {"NdisOpenConfigurationKeyByIndex", called, NULL},
    {"NdisReadNetworkAddress", called, NULL},
    {"NdisMSetMiniportAttributes", called, NULL},
    {"NdisMPauseComplete", called, NULL},
    {"NdisMRestartComplete", called, NULL},
    {"NdisMResetComplete", called, NULL},
    {"NdisFSetAttributes", called, NULL},
    {"NdisFPauseComplete", called, NULL},
    {"NdisFRestartComplete", called, NULL},
    {"NdisFRestartFilter", called, NULL},
    {"NdisCloseAdapterEx", called, NULL},
    {"NdisCloseAdapter", called, NULL},
    {"NdisClCloseAddressFamily", called, NULL},
    {"NdisCmOpenAddressFamilyComplete", called, NULL},
    {"NdisCmCloseAddressFamilyComplete", called, NULL},
    {"NdisCmNotifyCloseAddressFamily", called, NULL},
    {"NdisMCmNotifyCloseAddressFamily", called, NULL},
    {"NdisClNotifyCloseAddressFamilyComplete", called, NULL},
    {"NdisClRegisterSap", called, NULL},
    {"NdisClDeregisterSap", called, NULL},
    {"NdisCmRegisterSapComplete", called, NULL},
    {"NdisCmDeregisterSapComplete", called, NULL},
    {"NdisClMakeCall", called, NULL},
    {"NdisCmMakeCallComplete", called, NULL},
    {"NdisCmDispatchIncomingCall", called, NULL},
    {"NdisMCmDispatchIncomingCall", called, NULL},
    {"NdisClIncomingCallComplete", called, NULL},
    {"NdisCmDispatchCallConnected", called, NULL},
    {"NdisMCmDispatchCallConnected", called, NULL},
    {"NdisClModifyCallQoS", called, NULL},
    {"NdisCmModifyCallQoSComplete", called, NULL},
    {"NdisCmDispatchIncomingCallQoSChange", called, NULL},
    {"NdisCmDispatchIncomingCloseCall", called, NULL},
    {"NdisMCmDispatchIncomingCloseCall", called, NULL},
    {"NdisClCloseCall", called, NULL},
    {"NdisCmCloseCallComplete", called, NULL},
    {"NdisCmActivateVc", called, NULL},
    {"NdisMCmActivateVc", called, NULL},
    {"NdisMCoActivateVcComplete", called, NULL},
    {"NdisCmDeactivateVc", called, NULL},
    {"NdisMCmDeactivateVc", called, NULL},
    {"NdisMCoDeactivateVcComplete", called, NULL},
    {"NdisClAddParty", called, NULL},
    {"NdisCmAddPartyComplete", called, NULL},
    {"NdisClDropParty", called, NULL},
    {"NdisCmDropPartyComplete", called, NULL},
    {"ObfReferenceObject", called, NULL},
    {"ObfDereferenceObject", called, NULL},
    {"ZwClose", kernel_called, NULL},
    {"ZwReadFile", kernel_called, NULL},
    {"ZwWriteFile", kernel_called, NULL},
    {"ZwQueryValueKey", kernel_called, NULL},
    {"ZwSetValueKey", kernel_called, NULL},
    {"ZwEnumerateKey", kernel_called, NULL},
    {"ZwEnumerateValueKey", kernel_called, NULL},
    {"ZwDeleteKey", kernel_called, NULL},
    {"ZwNotifyChangeKey", kernel_called, NULL},
    {"ZwDuplicateObject", kernel_called, NULL},
    {"ObReferenceObjectByHandle", kernel_called, NULL},
    {"ZwWaitForSingleObject", kernel_called, NULL},
    {"ZwSetEvent", kernel_called, NULL},
    {NULL, NULL, NULL},
};

const struct check handles_handlers[] = {
    {"MiniportPause", told, NULL},
    {"MiniportRestart", told, NULL},
    {"MiniportHaltEx", told, NULL},
    {"MiniportHalt", told, NULL},
    {"MiniportReset", told, NULL},
    {"MiniportResetEx", told, NULL},
    {"MiniportDevicePnPEventNotify", told, NULL},
    {"MiniportShutdownEx", told, NULL},
    {"FilterPause", told, NULL},
    {"FilterRestart", told, NULL},
    {"FilterDetach", told, NULL},
    {"ProtocolNetPnPEvent", told, NULL},
    {"ProtocolPnPEvent", told, NULL},
    {NULL, NULL, NULL},
};
