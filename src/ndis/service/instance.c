/* SPDX-License-Identifier: MIT */
/* What an adapter is called, and what NDIS calls there are. The caller frees a name he is given
 * with NdisFreeMemory.
 */
#include "ndis/service/instance.h"
#include "nt/pool.h"

#define TAG_NAME      0x6d6e444e /* NDnm */
#define ROUTINE_UNITS 64

NDIS_STATUS
instance_name(const struct adapter *adapter, PNDIS_STRING name)
{
    UNICODE_STRING friendly;

    RtlInitUnicodeString(&friendly, adapter->friendly_name);
    *name = (NDIS_STRING){0};
    name->Buffer = pool_alloc(friendly.MaximumLength, TAG_NAME, POOL_ZERO);
    if (!name->Buffer)
        return NDIS_STATUS_RESOURCES;
    name->MaximumLength = friendly.MaximumLength;
    RtlCopyUnicodeString(name, &friendly);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMQueryAdapterInstanceName - the friendly name of an adapter
 *
 * @pAdapterInstanceName:  the name.
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the name's buffer is the caller's until NdisFreeMemory.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short.
 * Source:    NF:ndis.NdisMQueryAdapterInstanceName
 */
NDIS_STATUS
NdisMQueryAdapterInstanceName(PNDIS_STRING pAdapterInstanceName, NDIS_HANDLE MiniportAdapterHandle)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return instance_name(
        module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__)->adapter,
        pAdapterInstanceName);
}

/*
 * NdisQueryAdapterInstanceName - the friendly name of the adapter under a binding
 *
 * @pAdapterInstanceName: the name.
 * @NdisBindingHandle:    from NdisOpenAdapterEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the name's buffer is the caller's until NdisFreeMemory.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short.
 * Source:    NF:ndis.NdisQueryAdapterInstanceName
 */
NDIS_STATUS
NdisQueryAdapterInstanceName(PNDIS_STRING pAdapterInstanceName, NDIS_HANDLE NdisBindingHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return instance_name(module_from_handle(NdisBindingHandle, MODULE_BINDING, __func__)->adapter,
        pAdapterInstanceName);
}

/*
 * NdisGetRoutineAddress - an NDIS call by its name
 *
 * @NdisRoutineName: "NdisXxx".
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NULL when there is no such call.
 * Source:    NF:ndis.NdisGetRoutineAddress
 */
PVOID
NdisGetRoutineAddress(PNDIS_STRING NdisRoutineName)
{
    char name[ROUTINE_UNITS];
    size_t length = NdisRoutineName->Length / sizeof(WCHAR);
    const struct gate_import *import;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (length < 4 || length >= ROUTINE_UNITS)
        return NULL;
    for (size_t i = 0; i < length; i++)
        name[i] = (char)(NdisRoutineName->Buffer[i] < 0x80 ? NdisRoutineName->Buffer[i] : '?');
    name[length] = 0;
    if (__builtin_memcmp(name, "Ndis", 4) != 0)
        return NULL;
    import = gate_import_find(name);
    if (!import)
        return NULL;
    return (PVOID)(uintptr_t)(gate_hooks() ? import->checked : import->plain);
}
