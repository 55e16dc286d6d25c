/* SPDX-License-Identifier: MIT */
/* What was set last, of OIDs whose query NDIS answers for miniports of NDIS 6: those in `kept`. A
 * query before the first set goes to the miniport. */
#include "host/lock.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"

#include <string.h>

/* Guarded by the adapter's wants_lock. */
struct oid_memory {
    struct oid_memory *next;
    NDIS_OID oid;
    ULONG length;
    UCHAR data[];
};

static const NDIS_OID kept[] = {OID_GEN_RECEIVE_SCALE_PARAMETERS, OID_OFFLOAD_ENCAPSULATION};

static bool
is_kept(NDIS_OID oid)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(kept); i++)
        if (kept[i] == oid)
            return true;
    return false;
}

/* Puts @now, or nothing, in the place of what was kept of @oid; answers that. */
static struct oid_memory *
exchange(struct adapter *adapter, NDIS_OID oid, struct oid_memory *now)
{
    KIRQL irql = path_enter();
    struct oid_memory **link, *before;

    host_lock(&adapter->wants_lock);
    for (link = &adapter->oid_memory; *link && (*link)->oid != oid; link = &(*link)->next)
        ;
    before = *link;
    if (before)
        *link = before->next;
    if (now) {
        now->next = adapter->oid_memory;
        adapter->oid_memory = now;
    }
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
    return before;
}

void
oid_remember(struct adapter *adapter, const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    struct oid_memory *now;

    if (request->RequestType != NdisRequestSetInformation || !is_kept(set->Oid))
        return;
    now = machine_alloc(adapter->machine, sizeof(*now) + set->InformationBufferLength);
    if (now) {
        now->oid = set->Oid;
        now->length = set->InformationBufferLength;
        memcpy(now->data, set->InformationBuffer, now->length);
    }
    machine_free(adapter->machine, exchange(adapter, set->Oid, now));
}

bool
oid_recall(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status)
{
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;
    KIRQL irql = path_enter();
    const struct oid_memory *memory;

    host_lock(&adapter->wants_lock);
    for (memory = adapter->oid_memory; memory && memory->oid != oid; memory = memory->next)
        ;
    if (memory)
        *status = oid_answer_bytes(request, memory->data, memory->length);
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
    return memory != NULL;
}

void
oid_forget(struct adapter *adapter)
{
    while (adapter->oid_memory)
        machine_free(adapter->machine, exchange(adapter, adapter->oid_memory->oid, NULL));
}
