/* SPDX-License-Identifier: MIT */
/* The current task offload configuration follows what the miniport indicates.
 *
 *     attributes          --> ASSIST_OFFLOAD_CURRENT --> OID_TCP_OFFLOAD_CURRENT_CONFIG
 *                         --> ASSIST_OFFLOAD_SHOWN   --> FilterAttach may change it
 *                                                    --> ProtocolBindAdapterEx
 *     NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG --> both, SHOWN as it has come through the filters
 *
 * The copies have room for the largest structure and are written in place, so that who was given
 * one may go on reading it.
 */
#include "ndis/path/offload.h"
#include "host/lock.h"
#include "ndis/path/path.h"

#include <string.h>

static void
replace(
    struct adapter *adapter, enum adapter_assist which, const NDIS_STATUS_INDICATION *indication)
{
    const NDIS_OFFLOAD *now = indication->StatusBuffer;
    NDIS_OFFLOAD *copy;
    KIRQL irql;

    if (indication->StatusCode != NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG ||
        indication->StatusBufferSize < NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_1)
        return;
    irql = path_enter();
    host_lock(&adapter->wants_lock);
    copy = adapter->assist[which];
    if (copy) {
        memcpy(copy, now, min((size_t)indication->StatusBufferSize, sizeof(*copy)));
        copy->Header.Size = (USHORT)min((size_t)now->Header.Size, sizeof(*copy));
    }
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
}

void
offload_indicated(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication)
{
    replace(adapter, ASSIST_OFFLOAD_CURRENT, indication);
}

void
offload_arrived(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication)
{
    replace(adapter, ASSIST_OFFLOAD_SHOWN, indication);
}
