/* SPDX-License-Identifier: MIT */
/* Tables of receive side scaling name processors by a byte each before NDIS 6.20, by group and
 * number since. A miniport gets those of its own version: a set of the other kind makes a detour.
 *
 *     protocol   revision 1  -->  revision 2   miniport of 6.20 or later
 *                revision 2  -->  revision 1   miniport of before
 *
 * Filters in between see what the protocol made, and so does NDIS, which answers queries.
 */
#include "ndis/path/oid.h"
#include "ndis/path/rss.h"

#include <string.h>

#define OLD_HEAD ((NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1 + 3u) & ~3u)

struct translation {
    struct oid_detour detour; /* first */
    PVOID buffer;             /* buffer, length: as they were */
    UINT length;
    ULONG64 parameters[]; /* and behind them table, key and mask */
};

/* What becomes of it. */
struct plan {
    const NDIS_RECEIVE_SCALE_PARAMETERS *from;
    ULONG entries, key; /* of the table; bytes of the key */
    bool old;           /* revision 1 is what the miniport gets */
};

static ULONG
table_at(const struct plan *plan)
{
    return plan->old ? OLD_HEAD : sizeof(NDIS_RECEIVE_SCALE_PARAMETERS);
}

static ULONG
key_at(const struct plan *plan)
{
    ULONG entry = plan->old ? sizeof(CCHAR) : sizeof(PROCESSOR_NUMBER);

    return table_at(plan) + ((plan->entries * entry + 3) & ~3u);
}

static ULONG
mask_at(const struct plan *plan)
{
    return (key_at(plan) + plan->key + 7) & ~7u;
}

static ULONG
size_of(const struct plan *plan)
{
    bool mask = !plan->old && plan->entries;

    return mask ? mask_at(plan) + (ULONG)sizeof(GROUP_AFFINITY) : key_at(plan) + plan->key;
}

static struct plan
plan_of(const NDIS_RECEIVE_SCALE_PARAMETERS *from, bool old)
{
    struct plan plan = {.from = from, .old = old};

    if (rss_disables(from))
        return plan;
    if (!(from->Flags & NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED))
        plan.entries =
            from->IndirectionTableSize / (ULONG)(old ? sizeof(PROCESSOR_NUMBER) : sizeof(CCHAR));
    if (!(from->Flags & NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED))
        plan.key = from->HashSecretKeySize;
    return plan;
}

/* False: a processor that no byte can name. */
static bool
write_old(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    CCHAR *table = (CCHAR *)to + table_at(plan);
    PROCESSOR_NUMBER each;

    for (ULONG i = 0; i < plan->entries; i++) {
        memcpy(&each,
            (const char *)plan->from + plan->from->IndirectionTableOffset + i * sizeof(each),
            sizeof(each));
        if (each.Group || each.Number > MAXCHAR)
            return false;
        table[i] = (CCHAR)each.Number;
    }
    to->Header.Revision = NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_1;
    to->Header.Size = NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1;
    to->IndirectionTableSize = (USHORT)plan->entries;
    return true;
}

/* With the mask of the processors that the table names. */
static bool
write_new(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    const UCHAR *from = (const UCHAR *)plan->from + plan->from->IndirectionTableOffset;
    PROCESSOR_NUMBER *table = (PROCESSOR_NUMBER *)((char *)to + table_at(plan));
    GROUP_AFFINITY mask = {0};

    for (ULONG i = 0; i < plan->entries; i++) {
        if (from[i] >= 8 * sizeof(mask.Mask))
            return false;
        table[i] = (PROCESSOR_NUMBER){.Number = from[i]};
        mask.Mask |= (KAFFINITY)1 << from[i];
    }
    to->Header.Revision = NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_2;
    to->Header.Size = NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_2;
    to->IndirectionTableSize = (USHORT)(plan->entries * sizeof(*table));
    to->ProcessorMasksOffset = to->NumberOfProcessorMasks = to->ProcessorMasksEntrySize = 0;
    if (!plan->entries)
        return true;
    memcpy((char *)to + mask_at(plan), &mask, sizeof(mask));
    to->ProcessorMasksOffset = mask_at(plan);
    to->NumberOfProcessorMasks = 1;
    to->ProcessorMasksEntrySize = sizeof(mask);
    return true;
}

static bool
translate(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    memcpy(to, plan->from, NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1);
    to->IndirectionTableOffset = plan->entries ? table_at(plan) : 0;
    to->HashSecretKeyOffset = plan->key ? key_at(plan) : 0;
    to->HashSecretKeySize = (USHORT)plan->key;
    if (plan->key)
        memcpy((char *)to + key_at(plan),
            (const char *)plan->from + plan->from->HashSecretKeyOffset, plan->key);
    return plan->old ? write_old(plan, to) : write_new(plan, to);
}

static NDIS_STATUS
end(struct undis *machine, PNDIS_OID_REQUEST request, struct oid_detour *made, NDIS_STATUS status)
{
    struct translation *translation = CONTAINING_RECORD(made, struct translation, detour);
    struct _SET *set = &request->DATA.SET_INFORMATION;

    set->InformationBuffer = translation->buffer;
    set->InformationBufferLength = translation->length;
    set->BytesRead = status == NDIS_STATUS_SUCCESS ? translation->length : 0;
    set->BytesNeeded = 0;
    machine_free(machine, translation);
    return status;
}

/* @request has been checked. */
NDIS_STATUS
rss_detour(struct adapter *adapter, PNDIS_OID_REQUEST request, struct oid_detour **made)
{
    struct _SET *set = &request->DATA.SET_INFORMATION;
    const struct ndis_driver *driver = adapter->miniport->registration;
    const NDIS_RECEIVE_SCALE_PARAMETERS *from = set->InformationBuffer;
    bool old = driver->major == 6 && driver->minor < 20;
    struct translation *translation;
    struct plan plan;

    if (request->RequestType != NdisRequestSetInformation ||
        set->Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS ||
        old == (from->Header.Revision == NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_1))
        return NDIS_STATUS_SUCCESS;
    plan = plan_of(from, old);
    translation = machine_alloc(adapter->machine, sizeof(*translation) + size_of(&plan));
    if (!translation)
        return NDIS_STATUS_RESOURCES;
    if (!translate(&plan, (void *)translation->parameters)) {
        machine_free(adapter->machine, translation);
        return NDIS_STATUS_INVALID_PARAMETER;
    }
    translation->detour.end = end;
    translation->buffer = set->InformationBuffer;
    translation->length = set->InformationBufferLength;
    set->InformationBuffer = translation->parameters;
    set->InformationBufferLength = size_of(&plan);
    *made = &translation->detour;
    return NDIS_STATUS_SUCCESS;
}
