/* SPDX-License-Identifier: MIT */
/* Restart attributes: what the miniport is, told upwards while a stack restarts.
 *
 *     MiniportRestart -> FilterRestart (lowest) -> ... -> NetEventRestart of each protocol
 *     the same list; whoever restarts may change an entry, replace it or add one
 *
 * The entries are blocks of pool memory, whoever made them, and NDIS frees them at the end. A copy
 * stays for protocols that are bound afterwards.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "nt/pool.h"

#include <string.h>

#define RESTART_TAG 0x7372646e /* "ndrs" */

static size_t
entry_size(const NDIS_RESTART_ATTRIBUTES *entry)
{
    return offsetof(NDIS_RESTART_ATTRIBUTES, Data) + entry->DataLength;
}

static void
describe(const struct adapter *adapter, NDIS_RESTART_GENERAL_ATTRIBUTES *to)
{
    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *from = &adapter->general;

    *to = (NDIS_RESTART_GENERAL_ATTRIBUTES){
        .Header = {NDIS_OBJECT_TYPE_RESTART_GENERAL_ATTRIBUTES,
            NDIS_RESTART_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_RESTART_GENERAL_ATTRIBUTES_REVISION_2},
        .MtuSize = from->MtuSize,
        .MaxXmitLinkSpeed = from->MaxXmitLinkSpeed,
        .MaxRcvLinkSpeed = from->MaxRcvLinkSpeed,
        .LookaheadSize = from->LookaheadSize,
        .MacOptions = from->MacOptions,
        .SupportedPacketFilters = from->SupportedPacketFilters,
        .MaxMulticastListSize = from->MaxMulticastListSize,
        .RecvScaleCapabilities =
            (PNDIS_RECEIVE_SCALE_CAPABILITIES)&adapter->receive_scale_capabilities,
        .AccessType = from->AccessType,
        .ConnectionType = from->ConnectionType,
        .SupportedStatistics = from->SupportedStatistics,
        .DataBackFillSize = from->DataBackFillSize,
        .ContextBackFillSize = from->ContextBackFillSize,
        .SupportedOidList = from->SupportedOidList,
        .SupportedOidListLength = from->SupportedOidListLength,
    };
}

PNDIS_RESTART_ATTRIBUTES
restart_attributes(struct adapter *adapter)
{
    size_t size = offsetof(NDIS_RESTART_ATTRIBUTES, Data) + sizeof(NDIS_RESTART_GENERAL_ATTRIBUTES);
    PNDIS_RESTART_ATTRIBUTES entry = ExAllocatePoolWithTag(NonPagedPoolNx, size, RESTART_TAG);

    if (!entry)
        return NULL;
    entry->Next = NULL;
    entry->Oid = OID_GEN_MINIPORT_RESTART_ATTRIBUTES;
    entry->DataLength = sizeof(NDIS_RESTART_GENERAL_ATTRIBUTES);
    describe(adapter, (void *)entry->Data);
    return entry;
}

void
restart_attributes_forget(struct adapter *adapter)
{
    PNDIS_RESTART_ATTRIBUTES next;

    for (PNDIS_RESTART_ATTRIBUTES e = adapter->restart_attributes; e; e = next) {
        next = e->Next;
        machine_free(adapter->machine, e);
    }
    adapter->restart_attributes = NULL;
}

/* Those that do not fit into memory are left out; protocols can ask. */
static void
keep(struct adapter *adapter, const NDIS_RESTART_ATTRIBUTES *list)
{
    PNDIS_RESTART_ATTRIBUTES *link = &adapter->restart_attributes;

    for (; list; list = list->Next) {
        *link = machine_alloc(adapter->machine, entry_size(list));
        if (!*link)
            return;
        memcpy(*link, list, entry_size(list));
        (*link)->Next = NULL;
        link = &(*link)->Next;
    }
}

void
restart_attributes_end(struct adapter *adapter, PNDIS_RESTART_ATTRIBUTES list)
{
    restart_attributes_forget(adapter);
    keep(adapter, list);
    while (list) {
        PNDIS_RESTART_ATTRIBUTES next = list->Next;

        ExFreePoolWithTag(list, 0);
        list = next;
    }
}
