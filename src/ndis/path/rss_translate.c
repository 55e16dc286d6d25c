/* SPDX-License-Identifier: MIT */
/* Tables of receive side scaling name processors by a byte each before NDIS 6.20, by group and
 * number since; since 6.60 there is a processor for what has no hash. A miniport gets what its own
 * version has: a set of another revision makes a detour.
 *
 *     protocol   revision 1  -->  revision 2   miniport of 6.20 or later
 *                         2  -->           3   miniport of 6.60 or later
 *                3 or     2  -->           1   miniport of before 6.20
 *                         3  -->           2   miniport of 6.20 to 6.51
 *
 * Filters in between see what the protocol made, and so does NDIS, which answers queries.
 */
#include "ndis/path/oid.h"
#include "ndis/path/rss.h"

#include <string.h>

#define FIRST NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_1

struct translation {
    struct oid_detour detour; /* first */
    PVOID buffer;             /* buffer, length: as they were */
    UINT length;
    ULONG64 parameters[]; /* and behind them table, key and masks */
};

/* What becomes of it. */
struct plan {
    const NDIS_RECEIVE_SCALE_PARAMETERS *from;
    unsigned revision;         /* that the miniport gets */
    ULONG entries, key, masks; /* of the table; bytes of the key; bytes of the masks */
};

static ULONG
entry_size(unsigned revision)
{
    return revision == FIRST ? sizeof(CCHAR) : sizeof(PROCESSOR_NUMBER);
}

static ULONG
table_at(const struct plan *plan)
{
    return (rss_size(plan->revision) + 3) & ~3u;
}

static ULONG
key_at(const struct plan *plan)
{
    return table_at(plan) + ((plan->entries * entry_size(plan->revision) + 3) & ~3u);
}

static ULONG
mask_at(const struct plan *plan)
{
    return (key_at(plan) + plan->key + 7) & ~7u;
}

static ULONG
size_of(const struct plan *plan)
{
    return plan->masks ? mask_at(plan) + plan->masks : key_at(plan) + plan->key;
}

static struct plan
plan_of(const NDIS_RECEIVE_SCALE_PARAMETERS *from, unsigned revision)
{
    struct plan plan = {.from = from, .revision = revision};

    if (rss_disables(from))
        return plan;
    if (!(from->Flags & NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED)) {
        plan.entries = from->IndirectionTableSize / entry_size(from->Header.Revision);
        if (from->Header.Revision == FIRST)
            plan.masks = sizeof(GROUP_AFFINITY);
        else if (revision != FIRST)
            plan.masks = from->NumberOfProcessorMasks * from->ProcessorMasksEntrySize;
    }
    if (!(from->Flags & NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED))
        plan.key = from->HashSecretKeySize;
    return plan;
}

/* Bytes from groups and numbers; false: a processor that no byte can name. */
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
    return true;
}

static void
place_masks(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to, ULONG size)
{
    to->ProcessorMasksOffset = plan->masks ? mask_at(plan) : 0;
    to->ProcessorMasksEntrySize = plan->masks ? size : 0;
    to->NumberOfProcessorMasks = plan->masks ? plan->masks / size : 0;
}

/* Groups and numbers from bytes, with the mask of the processors that the table names. */
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
    place_masks(plan, to, sizeof(mask));
    if (plan->masks)
        memcpy((char *)to + mask_at(plan), &mask, sizeof(mask));
    return true;
}

/* Between revisions whose tables are alike. */
static bool
write_same(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    const NDIS_RECEIVE_SCALE_PARAMETERS *from = plan->from;

    if (plan->entries)
        memcpy((char *)to + table_at(plan), (const char *)from + from->IndirectionTableOffset,
            plan->entries * sizeof(PROCESSOR_NUMBER));
    place_masks(plan, to, from->ProcessorMasksEntrySize);
    if (plan->masks)
        memcpy((char *)to + mask_at(plan), (const char *)from + from->ProcessorMasksOffset,
            plan->masks);
    return true;
}

/* What says nothing of the processor for what has no hash leaves it as it is. */
static void
write_default(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    if (plan->revision < NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_3)
        to->Flags &= (USHORT)~NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED;
    else if (plan->from->Header.Revision < NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_3)
        to->Flags |= NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED;
    else
        to->DefaultProcessorNumber = plan->from->DefaultProcessorNumber;
}

static bool
translate(const struct plan *plan, NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    unsigned revision = plan->from->Header.Revision;

    memcpy(to, plan->from, NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1);
    to->Header.Revision = (UCHAR)plan->revision;
    to->Header.Size = (USHORT)rss_size(plan->revision);
    to->IndirectionTableOffset = plan->entries ? table_at(plan) : 0;
    to->IndirectionTableSize = (USHORT)(plan->entries * entry_size(plan->revision));
    to->HashSecretKeyOffset = plan->key ? key_at(plan) : 0;
    to->HashSecretKeySize = (USHORT)plan->key;
    write_default(plan, to);
    if (plan->key)
        memcpy((char *)to + key_at(plan),
            (const char *)plan->from + plan->from->HashSecretKeyOffset, plan->key);
    if (plan->revision == FIRST)
        return write_old(plan, to);
    return revision == FIRST ? write_new(plan, to) : write_same(plan, to);
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

/* The revision that a miniport of that version knows. */
static unsigned
revision_for(const struct ndis_driver *driver)
{
    if (driver->major == 6 && driver->minor < 20)
        return FIRST;
    return driver->major == 6 && driver->minor < 60 ? NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_2
                                                    : RSS_NEWEST;
}

/* @request has been checked. */
NDIS_STATUS
rss_detour(struct adapter *adapter, PNDIS_OID_REQUEST request, struct oid_detour **made)
{
    struct _SET *set = &request->DATA.SET_INFORMATION;
    const NDIS_RECEIVE_SCALE_PARAMETERS *from = set->InformationBuffer;
    unsigned revision = revision_for(adapter->miniport->registration);
    struct translation *translation;
    struct plan plan;

    if (request->RequestType != NdisRequestSetInformation ||
        set->Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS || from->Header.Revision == revision)
        return NDIS_STATUS_SUCCESS;
    plan = plan_of(from, revision);
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
