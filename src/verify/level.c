/* SPDX-License-Identifier: MIT */
/* Checks of the IRQL at calls: the documented range of every call, under the rule of the call's
 * group, and waits.
 */
#include "verify/check.h"

#include "ndis/stack/legacy.h"

#include <string.h>

/* Calls whose IRQL has a rule of its own. */
static const struct {
    const char *name;
    enum rule_name rule;
} special[] = {
    {"NdisWaitEvent", RULE_IRQL_EVENT},
    {"NdisMSleep", RULE_IRQL_SLEEP},
    {"NdisMAllocateSharedMemory", RULE_IRQL_SHARED},
    {"NdisDprAcquireSpinLock", RULE_LOCK_DPR_LEVEL},
    {"NdisDprReleaseSpinLock", RULE_LOCK_DPR_LEVEL},
    {"NdisDprAcquireReadWriteLock", RULE_LOCK_DPR_LEVEL},
    {"NdisDprReleaseReadWriteLock", RULE_LOCK_DPR_LEVEL},
    {"MmFreeContiguousMemory", RULE_IRQL_MEMORY_KIND},
    {"MmFreeContiguousMemorySpecifyCache", RULE_IRQL_MEMORY_KIND},
    {"MmFreeNonCachedMemory", RULE_IRQL_MEMORY_KIND},
    {"RtlUnicodeStringToAnsiString", RULE_IRQL_STRING},
    {"RtlAnsiStringToUnicodeString", RULE_IRQL_STRING},
    {"RtlUpcaseUnicodeString", RULE_IRQL_STRING},
    {"ExAcquireFastMutex", RULE_LOCK_MUTEX},
    {"ExReleaseFastMutex", RULE_LOCK_MUTEX},
    {"ExTryToAcquireFastMutex", RULE_LOCK_MUTEX},
    {"KeAcquireGuardedMutex", RULE_LOCK_MUTEX},
    {"KeReleaseGuardedMutex", RULE_LOCK_MUTEX},
};

/* The groups of docs/irql.csv. */
static const struct {
    const char *group;
    enum rule_name rule;
} groups[] = {
    {"Irql_CallManager_Function", RULE_IRQL_CM},
    {"Irql_Connection_Function", RULE_IRQL_CO},
    {"Irql_Filter_Driver_Function", RULE_IRQL_FILTER},
    {"Irql_Gather_DMA_Function", RULE_IRQL_DMA},
    {"Irql_IM_Function", RULE_IRQL_IM},
    {"Irql_Interfaces_Function", RULE_IRQL_INTERFACES},
    {"Irql_Interrupt_Function", RULE_IRQL_INTERRUPT},
    {"Irql_MCM_Function", RULE_IRQL_MCM},
    {"Irql_MCO_Function", RULE_IRQL_MCO},
    {"Irql_Miniport_Driver_Function", RULE_IRQL_MINIPORT},
    {"Irql_Miscellaneous_Function", RULE_IRQL_MISC},
    {"Irql_NetBuffer_Function", RULE_IRQL_NETBUFFER},
    {"Irql_OID_Function", RULE_IRQL_OID},
    {"Irql_Protocol_Driver_Function", RULE_IRQL_PROTOCOL},
    {"Irql_SendRcv_Function", RULE_IRQL_SENDRCV},
    {"Irql_StatusIndication_Function", RULE_IRQL_STATUS},
    {"Irql_Synch_Function", RULE_IRQL_SYNCH},
    {"Irql_Timer_Function", RULE_IRQL_TIMER},
};

static enum rule_name
level_rule(const struct gate_import *import)
{
    for (unsigned k = 0; k < RTL_NUMBER_OF(special); k++)
        if (strcmp(special[k].name, import->name) == 0)
            return special[k].rule;
    for (unsigned k = 0; k < RTL_NUMBER_OF(groups); k++)
        if (import->irql_group && strcmp(groups[k].group, import->irql_group) == 0)
            return groups[k].rule;
    return strncmp(import->name, "Ndis", 4) == 0 ? RULE_IRQL_NDIS : RULE_IRQL_KERNEL;
}

void
bind_levels(struct verify *verify)
{
    for (unsigned k = 0; k < import_count; k++)
        verify->levels[k] = (uint16_t)level_rule(&import_table[k]);
}

void
check_level(struct verify *verify, struct gate_call *call)
{
    const struct gate_import *import = call->import;
    enum rule_name rule = verify->levels[import - import_table];

    if (call->irql == HIGH_LEVEL && inside(call->driver, "MiniportShutdownEx"))
        rule = RULE_SHUTDOWN_CRASH;
    if (!fails(verify, rule, call->irql < import->irql_min || call->irql > import->irql_max))
        return;
    if (import->irql_min == import->irql_max)
        broken(verify, rule, call, NULL, NULL, NULL, "%s called %s at IRQL %u, documented for %u",
            call->driver->name, import->name, call->irql, import->irql_min);
    else
        broken(verify, rule, call, NULL, NULL, NULL,
            "%s called %s at IRQL %u, documented for %u to %u", call->driver->name, import->name,
            call->irql, import->irql_min, import->irql_max);
}

/* In these a driver is called back instead of waiting. */
static bool
in_data_path(const struct driver *driver)
{
    static const char *const handlers[] = {"MiniportSendNetBufferLists", "MiniportSend",
        "MiniportSendPackets", "MiniportReturnNetBufferLists", "MiniportReturnPacket",
        "FilterSendNetBufferLists", "FilterSendNetBufferListsComplete",
        "FilterReceiveNetBufferLists", "FilterReturnNetBufferLists",
        "ProtocolSendNetBufferListsComplete", "ProtocolSendComplete",
        "ProtocolReceiveNetBufferLists", "ProtocolReceivePacket", "ProtocolReceive"};

    for (unsigned k = 0; k < RTL_NUMBER_OF(handlers); k++)
        if (inside(driver, handlers[k]))
            return true;
    return false;
}

/* @timeout: NULL waits for ever, 0 does not wait at all. */
static void
check_wait(struct verify *verify, const struct gate_call *call, const LARGE_INTEGER *timeout)
{
    bool waits = !timeout || timeout->QuadPart != 0;

    if (fails(verify, RULE_SEND_NO_WAIT, waits && in_data_path(call->driver)))
        broken(verify, RULE_SEND_NO_WAIT, call, NULL, NULL, NULL,
            "%s waits in %s while it is handed data", call->driver->name, call->import->name);
    else if (fails(verify, RULE_IRQL_WAIT,
                 waits && (call->irql >= DISPATCH_LEVEL || locks_held(verify))))
        broken(verify, RULE_IRQL_WAIT, call, NULL, NULL, NULL, "%s waits in %s at IRQL %u",
            call->driver->name, call->import->name, call->irql);
}

static void
wait_single(struct verify *verify, struct gate_call *call)
{
    check_wait(verify, call, (const LARGE_INTEGER *)call->args[4]);
}

static void
wait_multiple(struct verify *verify, struct gate_call *call)
{
    check_wait(verify, call, (const LARGE_INTEGER *)call->args[6]);
}

static void
delay(struct verify *verify, struct gate_call *call)
{
    check_wait(verify, call, NULL);
}

/* The miniport behind the handle, when it is a serialized one of NDIS 5 in a function of its own. */
static bool
is_serialized(const struct module *miniport)
{
    return miniport && miniport->legacy && !miniport->legacy->serial.off;
}

/* NDIS holds its lock for it, which is at DISPATCH_LEVEL; MiniportHalt is without. */
static void
serialized_calls(struct verify *verify, struct gate_call *call)
{
    const struct module *miniport = (const void *)call->args[0];
    bool low = object_of(verify->machine, miniport, OBJECT_ADAPTER) && is_serialized(miniport) &&
               call->driver->image && call->irql < DISPATCH_LEVEL &&
               inside_any(call->driver, "Miniport") && !inside(call->driver, "MiniportHalt");

    if (fails(verify, RULE_IRQL_SERIAL5, low))
        broken(verify, RULE_IRQL_SERIAL5, call, NULL, NULL, NULL,
            "%s, which is serialized, called %s at IRQL %u", call->driver->name, call->import->name,
            call->irql);
}

static void
schedule(struct verify *verify, struct gate_call *call)
{
    bool serial = call->driver->image &&
                  object_of(verify->machine, block_self->module, OBJECT_ADAPTER) &&
                  is_serialized(block_self->module);

    if (fails(verify, RULE_WORK_SERIAL, serial))
        broken(verify, RULE_WORK_SERIAL, call, NULL, NULL, NULL,
            "%s, a serialized miniport, schedules a work item, which NDIS does not serialize",
            call->driver->name);
}

const struct check level_imports[] = {
    {"NdisMSendComplete", serialized_calls, NULL},
    {"NdisMIndicateStatus", serialized_calls, NULL},
    {"NdisMIndicateStatusComplete", serialized_calls, NULL},
    {"NdisMSendResourcesAvailable", serialized_calls, NULL},
    {"NdisScheduleWorkItem", schedule, NULL},
    {"KeWaitForSingleObject", wait_single, NULL},
    {"KeWaitForMultipleObjects", wait_multiple, NULL},
    {"KeDelayExecutionThread", delay, NULL},
    {NULL, NULL, NULL},
};
