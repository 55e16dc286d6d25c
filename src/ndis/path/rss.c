/* SPDX-License-Identifier: MIT */
/* Parameters of receive side scaling: a structure, and behind it a table of processors, a key and
 * masks, each found by its offset. A set may leave parts as they are; a query gives all of them.
 *
 *     set --> rss_check --> miniport --> rss_merge --> memory --> query
 */
#include "ndis/path/rss.h"

#include <string.h>

#define OFF NDIS_RSS_PARAM_FLAG_DISABLE_RSS

/* Where a part lies, in bytes. */
struct part {
    uint64_t offset, size;
    USHORT unchanged; /* flag */
};

enum { TABLE, KEY, MASKS, PARTS };

static void
parts_of(const NDIS_RECEIVE_SCALE_PARAMETERS *p, struct part *parts)
{
    parts[TABLE] = (struct part){
        p->IndirectionTableOffset, p->IndirectionTableSize, NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED};
    parts[KEY] = (struct part){
        p->HashSecretKeyOffset, p->HashSecretKeySize, NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED};
    parts[MASKS] = (struct part){.unchanged = NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED};
    if (p->Header.Revision >= NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_2) {
        parts[MASKS].offset = p->ProcessorMasksOffset;
        parts[MASKS].size = (uint64_t)p->NumberOfProcessorMasks * p->ProcessorMasksEntrySize;
    }
}

bool
rss_disables(const NDIS_RECEIVE_SCALE_PARAMETERS *parameters)
{
    return parameters->Flags & OFF ||
           (!(parameters->Flags & NDIS_RSS_PARAM_FLAG_HASH_INFO_UNCHANGED) &&
               !NDIS_RSS_HASH_FUNC_FROM_HASH_INFO(parameters->HashInformation));
}

ULONG
rss_size(unsigned revision)
{
    static const ULONG sizes[] = {0, NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1,
        NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_2,
        NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_3};

    return sizes[min(revision, RSS_NEWEST)];
}

static ULONG
least_size(const NDIS_OBJECT_HEADER *header)
{
    return rss_size(header->Revision);
}

/* Entries of the table: a power of two. */
static bool
right_table(const NDIS_RECEIVE_SCALE_PARAMETERS *p)
{
    ULONG entry = p->Header.Revision == NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_1
                      ? sizeof(CCHAR)
                      : sizeof(PROCESSOR_NUMBER);
    ULONG count = p->IndirectionTableSize / entry;

    return p->IndirectionTableSize % entry == 0 && count && !(count & (count - 1));
}

static bool
right_parts(const NDIS_RECEIVE_SCALE_PARAMETERS *p, ULONG length)
{
    struct part parts[PARTS];

    parts_of(p, parts);
    for (unsigned i = 0; i < PARTS; i++)
        if (!(p->Flags & parts[i].unchanged) && parts[i].size &&
            (parts[i].offset < least_size(&p->Header) || parts[i].offset + parts[i].size > length))
            return false;
    return p->Flags & NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED || right_table(p);
}

NDIS_STATUS
rss_check(PNDIS_OID_REQUEST request)
{
    struct _SET *set = &request->DATA.SET_INFORMATION;
    const NDIS_RECEIVE_SCALE_PARAMETERS *p = set->InformationBuffer;
    ULONG length = set->InformationBufferLength;

    if (request->RequestType != NdisRequestSetInformation ||
        set->Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS)
        return NDIS_STATUS_SUCCESS;
    set->BytesRead = 0;
    if (length < NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1 ||
        length < least_size(&p->Header)) {
        set->BytesNeeded = length < NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1
                               ? NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1
                               : least_size(&p->Header);
        return NDIS_STATUS_INVALID_LENGTH;
    }
    if (p->Header.Type != NDIS_OBJECT_TYPE_RSS_PARAMETERS || p->Header.Revision == 0 ||
        p->Header.Size < least_size(&p->Header) || p->Header.Size > length)
        return NDIS_STATUS_INVALID_PARAMETER;
    return rss_disables(p) || right_parts(p, length) ? NDIS_STATUS_SUCCESS
                                                     : NDIS_STATUS_INVALID_PARAMETER;
}

/* Part @i of @from goes to @at bytes of @to; bytes. */
static ULONG
keep_part(const NDIS_RECEIVE_SCALE_PARAMETERS *from, unsigned i, void *to, ULONG at)
{
    struct part parts[PARTS];

    if (!from)
        return 0;
    parts_of(from, parts);
    if (to)
        memcpy((char *)to + at, (const char *)from + parts[i].offset, parts[i].size);
    return (ULONG)parts[i].size;
}

/* The processor for what has no hash. */
static void
merge_default(const NDIS_RECEIVE_SCALE_PARAMETERS *now, const NDIS_RECEIVE_SCALE_PARAMETERS *before,
    NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    bool known = before && before->Header.Revision >= NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_3;

    if (now->Flags & NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED)
        to->DefaultProcessorNumber = known ? before->DefaultProcessorNumber : (PROCESSOR_NUMBER){0};
    if (rss_disables(now))
        to->DefaultProcessorNumber = (PROCESSOR_NUMBER){0};
}

static void
merge_head(const NDIS_RECEIVE_SCALE_PARAMETERS *now, const NDIS_RECEIVE_SCALE_PARAMETERS *before,
    NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    ULONG size = least_size(&now->Header);

    memcpy(to, now, size);
    to->Header.Size = (USHORT)size;
    to->Header.Revision = min(now->Header.Revision, (UCHAR)RSS_NEWEST);
    if (now->Flags & NDIS_RSS_PARAM_FLAG_BASE_CPU_UNCHANGED)
        to->BaseCpuNumber = before ? before->BaseCpuNumber : 0;
    if (now->Flags & NDIS_RSS_PARAM_FLAG_HASH_INFO_UNCHANGED)
        to->HashInformation = before ? before->HashInformation : 0;
    if (rss_disables(now))
        to->HashInformation = 0;
    if (to->Header.Revision >= NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_3)
        merge_default(now, before, to);
    to->Flags = 0;
}

ULONG
rss_merge(const NDIS_RECEIVE_SCALE_PARAMETERS *now, const NDIS_RECEIVE_SCALE_PARAMETERS *before,
    NDIS_RECEIVE_SCALE_PARAMETERS *to)
{
    ULONG at = (least_size(&now->Header) + 3) & ~3u, offsets[PARTS], sizes[PARTS];
    struct part parts[PARTS];

    if (to)
        merge_head(now, before, to);
    parts_of(now, parts);
    for (unsigned i = 0; i < PARTS; i++) {
        bool stays = now->Flags & parts[i].unchanged;

        offsets[i] = at;
        sizes[i] = rss_disables(now) ? 0 : keep_part(stays ? before : now, i, to, at);
        at += (sizes[i] + 3) & ~3u;
    }
    if (!to)
        return at;
    to->IndirectionTableOffset = offsets[TABLE];
    to->IndirectionTableSize = (USHORT)sizes[TABLE];
    to->HashSecretKeyOffset = offsets[KEY];
    to->HashSecretKeySize = (USHORT)sizes[KEY];
    if (to->Header.Revision >= NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_2) {
        to->ProcessorMasksOffset = offsets[MASKS];
        to->ProcessorMasksEntrySize = sizeof(GROUP_AFFINITY);
        to->NumberOfProcessorMasks = sizes[MASKS] / (ULONG)sizeof(GROUP_AFFINITY);
    }
    return at;
}

NDIS_RECEIVE_SCALE_PARAMETERS
rss_off(const NDIS_RECEIVE_SCALE_CAPABILITIES *capabilities)
{
    NDIS_RECEIVE_SCALE_PARAMETERS off = {.Header.Type = NDIS_OBJECT_TYPE_RSS_PARAMETERS};

    off.Header.Revision = min(capabilities->Header.Revision, (UCHAR)RSS_NEWEST);
    off.Header.Size = (USHORT)least_size(&off.Header);
    return off;
}
