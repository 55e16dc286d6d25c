/* SPDX-License-Identifier: MIT */
/* What was set last, of OIDs whose query NDIS answers for miniports of NDIS 6: those in `kept`. A
 * query before the first set goes to the miniport, but for receive side scaling, which is off then. */
#include "host/lock.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"
#include "ndis/path/rss.h"

#include <string.h>

/* Guarded by the adapter's wants_lock. */
struct oid_memory {
    struct oid_memory *next;
    NDIS_OID oid;
    ULONG length;
    UCHAR data[];
};

static const NDIS_OID kept[] = {
    OID_GEN_RECEIVE_SCALE_PARAMETERS, OID_GEN_RECEIVE_HASH, OID_OFFLOAD_ENCAPSULATION};

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

static const struct oid_memory *
find(const struct adapter *adapter, NDIS_OID oid)
{
    const struct oid_memory *memory = adapter->oid_memory;

    while (memory && memory->oid != oid)
        memory = memory->next;
    return memory;
}

static struct oid_memory *
create(struct adapter *adapter, NDIS_OID oid, ULONG length)
{
    struct oid_memory *memory = machine_alloc(adapter->machine, sizeof(*memory) + length);

    if (memory) {
        memory->oid = oid;
        memory->length = length;
    }
    return memory;
}

/* What is left unchanged of receive side scaling is taken over from what is remembered: only answers
 * of the miniport, which come one after the other, change that. */
static struct oid_memory *
remember_scaling(struct adapter *adapter, const struct _SET *set)
{
    const NDIS_RECEIVE_SCALE_PARAMETERS *before = NULL;
    const struct oid_memory *memory;
    struct oid_memory *now;
    KIRQL irql = path_enter();

    host_lock(&adapter->wants_lock);
    memory = find(adapter, set->Oid);
    if (memory)
        before = (const void *)memory->data;
    now = create(adapter, set->Oid, rss_merge(set->InformationBuffer, before, NULL));
    if (now)
        rss_merge(set->InformationBuffer, before, (void *)now->data);
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
    return now;
}

static struct oid_memory *
remember_all(struct adapter *adapter, const struct _SET *set)
{
    struct oid_memory *now = create(adapter, set->Oid, set->InformationBufferLength);

    if (now)
        memcpy(now->data, set->InformationBuffer, now->length);
    return now;
}

void
oid_remember(struct adapter *adapter, const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    struct oid_memory *now;

    if (request->RequestType != NdisRequestSetInformation || !is_kept(set->Oid))
        return;
    now = set->Oid == OID_GEN_RECEIVE_SCALE_PARAMETERS ? remember_scaling(adapter, set)
                                                       : remember_all(adapter, set);
    machine_free(adapter->machine, exchange(adapter, set->Oid, now));
}

/* Before the first set. */
static bool
recall_none(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status)
{
    const NDIS_RECEIVE_SCALE_CAPABILITIES *known = adapter->general.RecvScaleCapabilities;
    NDIS_RECEIVE_SCALE_PARAMETERS off;

    if (request->DATA.QUERY_INFORMATION.Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS)
        return false;
    *status = NDIS_STATUS_NOT_SUPPORTED;
    if (known) {
        off = rss_off(known);
        *status = oid_answer_bytes(request, &off, off.Header.Size);
    }
    return true;
}

bool
oid_recall(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status)
{
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;
    KIRQL irql = path_enter();
    const struct oid_memory *memory;

    host_lock(&adapter->wants_lock);
    memory = find(adapter, oid);
    if (memory)
        *status = oid_answer_bytes(request, memory->data, memory->length);
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
    return memory || recall_none(adapter, request, status);
}

void
oid_forget(struct adapter *adapter)
{
    while (adapter->oid_memory)
        machine_free(adapter->machine, exchange(adapter, adapter->oid_memory->oid, NULL));
}
