/* SPDX-License-Identifier: MIT */
/* Whichever kind of table a protocol sets, a miniport of NDIS 6.0 gets a byte for each processor, and
 * one of later versions group and number, with the mask of those in it; queries see what was set.
 */
#include <ndis.h>

#include "rig.h"
#include <string.h>

#define ENTRIES 4u

struct head_old {
    NDIS_RECEIVE_SCALE_PARAMETERS head; /* revision 1 is shorter: there is a gap */
    UCHAR table[ENTRIES];
    UCHAR key[40];
};

struct head_new {
    NDIS_RECEIVE_SCALE_PARAMETERS head;
    PROCESSOR_NUMBER table[ENTRIES];
    UCHAR key[40];
};

static const UCHAR processors[ENTRIES] = {0, 3, 1, 3};

/* What the miniport got. */
static struct {
    UCHAR room[256];
    ULONG length;
    unsigned sets, refusals;
} got;

static uint32_t
take_oid(void *module, void *context)
{
    const NDIS_OID_REQUEST *request = context;
    const struct _SET *set = &request->DATA.SET_INFORMATION;

    UNREFERENCED_PARAMETER(module);
    if (set->Oid != OID_GEN_RECEIVE_SCALE_PARAMETERS)
        return PEER_GOES_ON;
    if (got.refusals)
        return got.refusals--, (uint32_t)NDIS_STATUS_INVALID_DATA;
    CHECK(set->InformationBufferLength <= sizeof(got.room));
    memcpy(got.room, set->InformationBuffer, set->InformationBufferLength);
    got.length = set->InformationBufferLength;
    got.sets++;
    return NDIS_STATUS_SUCCESS;
}

static const struct peer_hooks miniport_hooks = {.oid = take_oid};

static NDIS_RECEIVE_SCALE_PARAMETERS
head_of(unsigned revision, ULONG table_at, ULONG table_size, ULONG key_at)
{
    return (NDIS_RECEIVE_SCALE_PARAMETERS){
        .Header = {NDIS_OBJECT_TYPE_RSS_PARAMETERS, (UCHAR)revision,
            revision == 1 ? NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1
                          : NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_2},
        .HashInformation =
            NDIS_RSS_HASH_INFO_FROM_TYPE_AND_FUNC(NDIS_HASH_IPV4, NdisHashFunctionToeplitz),
        .IndirectionTableOffset = table_at,
        .IndirectionTableSize = (USHORT)table_size,
        .HashSecretKeyOffset = key_at,
        .HashSecretKeySize = 40,
    };
}

static struct head_old
old_of(void)
{
    struct head_old s = {.head = head_of(1, offsetof(struct head_old, table), ENTRIES,
                             offsetof(struct head_old, key))};

    memcpy(s.table, processors, sizeof(processors));
    memset(s.key, 0x4B, sizeof(s.key));
    return s;
}

static struct head_new
new_of(void)
{
    struct head_new s = {.head = head_of(2, offsetof(struct head_new, table), sizeof(s.table),
                             offsetof(struct head_new, key))};

    for (unsigned i = 0; i < ENTRIES; i++)
        s.table[i].Number = processors[i];
    memset(s.key, 0x4B, sizeof(s.key));
    return s;
}

static uint32_t
ask(struct rig *rig, bool set, void *what, uint32_t length)
{
    uint32_t status = 1;

    CHECK_OK(
        undis_stack_oid(rig->stack, set, OID_GEN_RECEIVE_SCALE_PARAMETERS, what, &length, &status));
    return status;
}

static uint32_t
set(struct rig *rig, void *what, uint32_t length)
{
    return ask(rig, true, what, length);
}

static void
check_key(const NDIS_RECEIVE_SCALE_PARAMETERS *p, unsigned size)
{
    CHECK_EQ(p->HashSecretKeySize, size);
    CHECK(p->HashSecretKeyOffset + size <= got.length);
    for (unsigned i = 0; i < size; i++)
        CHECK_EQ(((const UCHAR *)p)[p->HashSecretKeyOffset + i], 0x4B);
}

static void
check_mask(const NDIS_RECEIVE_SCALE_PARAMETERS *p)
{
    GROUP_AFFINITY mask;

    if (p->NumberOfProcessorMasks == 0)
        return; /* it was not translated */
    CHECK_EQ(p->NumberOfProcessorMasks, 1);
    CHECK_EQ(p->ProcessorMasksEntrySize, sizeof(mask));
    CHECK(p->ProcessorMasksOffset + sizeof(mask) <= got.length);
    memcpy(&mask, (const UCHAR *)p + p->ProcessorMasksOffset, sizeof(mask));
    CHECK_EQ(mask.Mask, 1 << 0 | 1 << 1 | 1 << 3);
    CHECK_EQ(mask.Group, 0);
}

/* The miniport got all of it, in its own kind. */
static void
check_whole(bool first, bool translated)
{
    const NDIS_RECEIVE_SCALE_PARAMETERS *p = (const void *)got.room;
    const UCHAR *table = got.room + p->IndirectionTableOffset;
    ULONG entry = first ? 1 : sizeof(PROCESSOR_NUMBER);

    CHECK_EQ(p->Header.Type, NDIS_OBJECT_TYPE_RSS_PARAMETERS);
    CHECK_EQ(p->Header.Revision, first ? 1 : 2);
    CHECK_EQ(p->IndirectionTableSize, ENTRIES * entry);
    CHECK(p->IndirectionTableOffset >= p->Header.Size);
    CHECK(p->IndirectionTableOffset + p->IndirectionTableSize <= got.length);
    for (unsigned i = 0; i < ENTRIES; i++)
        CHECK_EQ(first ? table[i] : ((const PROCESSOR_NUMBER *)table)[i].Number, processors[i]);
    CHECK_EQ(NDIS_RSS_HASH_TYPE_FROM_HASH_INFO(p->HashInformation), NDIS_HASH_IPV4);
    check_key(p, 40);
    if (!first)
        check_mask(p);
    CHECK_EQ(!first && translated, !first && p->NumberOfProcessorMasks == 1);
}

/* Parts that are unchanged stay so, and off is off. */
static void
parts(struct rig *rig, bool first)
{
    const NDIS_RECEIVE_SCALE_PARAMETERS *p = (const void *)got.room;
    struct head_old old = old_of();
    struct head_new new = new_of();

    old.head.Flags = new.head.Flags =
        NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED | NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED;
    CHECK_EQ(first ? set(rig, &new, sizeof(new)) : set(rig, &old, sizeof(old)), 0);
    CHECK_EQ(p->Flags, old.head.Flags);
    CHECK_EQ(p->Header.Revision, first ? 1 : 2);
    CHECK_EQ(p->IndirectionTableSize, 0);
    check_key(p, 0);
    old.head.Flags = new.head.Flags = NDIS_RSS_PARAM_FLAG_DISABLE_RSS;
    CHECK_EQ(first ? set(rig, &new, sizeof(new)) : set(rig, &old, sizeof(old)), 0);
    CHECK_EQ(p->Flags, NDIS_RSS_PARAM_FLAG_DISABLE_RSS);
    CHECK_EQ(p->Header.Revision, first ? 1 : 2);
}

/* What the miniport refuses stays refused; what no byte can name does not come to it. */
static void
refused(struct rig *rig, bool first)
{
    struct head_old old = old_of();
    struct head_new new = new_of();
    unsigned sets = got.sets;

    got.refusals = 1;
    CHECK_EQ(first ? set(rig, &new, sizeof(new)) : set(rig, &old, sizeof(old)),
        (uint32_t)NDIS_STATUS_INVALID_DATA);
    new.table[1].Number = 200;
    old.table[1] = 200;
    CHECK_EQ(first ? set(rig, &new, sizeof(new)) : set(rig, &old, sizeof(old)),
        (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    CHECK_EQ(got.sets, sets);
}

static void
check_query(struct rig *rig, unsigned revision)
{
    UCHAR room[256] = {0};

    CHECK_EQ(ask(rig, false, room, sizeof(room)), 0);
    CHECK_EQ(((NDIS_OBJECT_HEADER *)room)->Revision, revision);
}

static void
each(const struct rig_config *given, bool first)
{
    struct rig_config config = *given;
    struct head_old old = old_of();
    struct head_new new = new_of();
    struct rig rig;

    config.first = first;
    rig_up(&rig, &config);
    rig.miniport->peer.hooks = &miniport_hooks;
    got.sets = 0;
    CHECK_EQ(set(&rig, &old, sizeof(old)), 0);
    check_whole(first, !first);
    check_query(&rig, 1);
    CHECK_EQ(set(&rig, &new, sizeof(new)), 0);
    check_whole(first, first);
    check_query(&rig, 2);
    CHECK_EQ(got.sets, 2);
    parts(&rig, first);
    refused(&rig, first);
    rig_down(&rig);
}

static void
test(const struct rig_config *config)
{
    each(config, true);
    each(config, false);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
