/* SPDX-License-Identifier: MIT */
/* Whatever revision of RSS parameters a protocol sets, the miniport gets that of its own version:
 * NDIS 6.0 a byte for each processor, 6.20 group and number, with the mask of those in it, 6.60 a
 * processor for what has no hash besides; queries see what was set.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS660_MINIPORT     1

#include <ndis.h>

#include "rig.h"
#include <string.h>

#define ENTRIES 4u
#define NEWEST  3u

struct head_old {
    UCHAR head[NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1];
    UCHAR table[ENTRIES];
    UCHAR key[40];
};

struct head_new {
    NDIS_RECEIVE_SCALE_PARAMETERS head; /* revision 2 is shorter: there is a gap */
    PROCESSOR_NUMBER table[ENTRIES];
    UCHAR key[40];
};

/* What is set. */
union set {
    NDIS_RECEIVE_SCALE_PARAMETERS head;
    struct head_old old;
    struct head_new new;
};

static const UCHAR processors[ENTRIES] = {0, 3, 1, 3};
static const ULONG head_size[] = {0, NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_1,
    NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_2,
    NDIS_SIZEOF_RECEIVE_SCALE_PARAMETERS_REVISION_3};
/* The minor versions that know them. */
static const unsigned minor_of[] = {0, 0, 50, 60};

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

static UCHAR *
table_of(union set *s, unsigned revision)
{
    return revision == 1 ? s->old.table : (UCHAR *)s->new.table;
}

/* One of @revision; answers its bytes. */
static ULONG
make(union set *s, unsigned revision)
{
    bool old = revision == 1;
    UCHAR *key = old ? s->old.key : s->new.key;

    memset(s, 0, sizeof(*s));
    s->head.Header = (NDIS_OBJECT_HEADER){
        NDIS_OBJECT_TYPE_RSS_PARAMETERS, (UCHAR)revision, (USHORT)head_size[revision]};
    s->head.HashInformation =
        NDIS_RSS_HASH_INFO_FROM_TYPE_AND_FUNC(NDIS_HASH_IPV4, NdisHashFunctionToeplitz);
    s->head.IndirectionTableOffset = (ULONG)(table_of(s, revision) - (UCHAR *)s);
    s->head.IndirectionTableSize = (USHORT)(ENTRIES * (old ? 1 : sizeof(PROCESSOR_NUMBER)));
    s->head.HashSecretKeyOffset = (ULONG)(key - (UCHAR *)s);
    s->head.HashSecretKeySize = 40;
    for (unsigned i = 0; i < ENTRIES; i++)
        if (old)
            s->old.table[i] = processors[i];
        else
            s->new.table[i].Number = processors[i];
    memset(key, 0x4B, 40);
    if (revision == NEWEST)
        s->head.DefaultProcessorNumber.Number = 2;
    return old ? sizeof(s->old) : sizeof(s->new);
}

static uint32_t
ask(struct rig *rig, bool set, void *what, uint32_t length)
{
    uint32_t status = 1;

    CHECK_OK(
        undis_stack_oid(rig->stack, set, OID_GEN_RECEIVE_SCALE_PARAMETERS, what, &length, &status));
    return status;
}

static void
check_key(const NDIS_RECEIVE_SCALE_PARAMETERS *p, unsigned size)
{
    CHECK_EQ(p->HashSecretKeySize, size);
    CHECK(p->HashSecretKeyOffset + size <= got.length);
    for (unsigned i = 0; i < size; i++)
        CHECK_EQ(((const UCHAR *)p)[p->HashSecretKeyOffset + i], 0x4B);
}

/* NDIS makes one where the protocol has none. */
static void
check_mask(const NDIS_RECEIVE_SCALE_PARAMETERS *p)
{
    GROUP_AFFINITY mask;

    CHECK_EQ(p->NumberOfProcessorMasks, 1);
    CHECK_EQ(p->ProcessorMasksEntrySize, sizeof(mask));
    CHECK(p->ProcessorMasksOffset + sizeof(mask) <= got.length);
    memcpy(&mask, (const UCHAR *)p + p->ProcessorMasksOffset, sizeof(mask));
    CHECK_EQ(mask.Mask, 1 << 0 | 1 << 1 | 1 << 3);
    CHECK_EQ(mask.Group, 0);
}

static void
check_default(const NDIS_RECEIVE_SCALE_PARAMETERS *p, unsigned from, unsigned to)
{
    bool unchanged = p->Flags & NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED;

    CHECK_EQ(unchanged, to == NEWEST && from != NEWEST);
    if (to == NEWEST && from == NEWEST)
        CHECK_EQ(p->DefaultProcessorNumber.Number, 2);
}

/* The miniport of revision @to got all of what is of revision @from. */
static void
check_whole(unsigned from, unsigned to)
{
    const NDIS_RECEIVE_SCALE_PARAMETERS *p = (const void *)got.room;
    const UCHAR *table = got.room + p->IndirectionTableOffset;
    ULONG entry = to == 1 ? 1 : sizeof(PROCESSOR_NUMBER);

    CHECK_EQ(p->Header.Type, NDIS_OBJECT_TYPE_RSS_PARAMETERS);
    CHECK_EQ(p->Header.Revision, to);
    CHECK_EQ(p->Header.Size, head_size[to]);
    CHECK_EQ(p->IndirectionTableSize, ENTRIES * entry);
    CHECK(p->IndirectionTableOffset >= p->Header.Size);
    CHECK(p->IndirectionTableOffset + p->IndirectionTableSize <= got.length);
    for (unsigned i = 0; i < ENTRIES; i++)
        CHECK_EQ(to == 1 ? table[i] : ((const PROCESSOR_NUMBER *)table)[i].Number, processors[i]);
    CHECK_EQ(NDIS_RSS_HASH_TYPE_FROM_HASH_INFO(p->HashInformation), NDIS_HASH_IPV4);
    check_key(p, 40);
    check_default(p, from, to);
    if (from == 1 && to != 1)
        check_mask(p);
    else if (to != 1)
        CHECK_EQ(p->NumberOfProcessorMasks, 0);
}

/* Parts that are unchanged stay so, and off is off. */
static void
check_parts(struct rig *rig, unsigned from, unsigned to)
{
    const NDIS_RECEIVE_SCALE_PARAMETERS *p = (const void *)got.room;
    USHORT same = NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED | NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED;
    USHORT later = to == NEWEST ? NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED : 0;
    union set s;
    ULONG length = make(&s, from);

    s.head.Flags = same;
    if (from == NEWEST)
        s.head.Flags |= NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED;
    CHECK_EQ(ask(rig, true, &s, length), 0);
    CHECK_EQ(p->Flags, same | later);
    CHECK_EQ(p->Header.Revision, to);
    if (from != to) {
        CHECK_EQ(p->IndirectionTableSize, 0);
        check_key(p, 0);
    }
    make(&s, from);
    s.head.Flags = NDIS_RSS_PARAM_FLAG_DISABLE_RSS;
    CHECK_EQ(ask(rig, true, &s, length), 0);
    CHECK_EQ(p->Flags & NDIS_RSS_PARAM_FLAG_DISABLE_RSS, NDIS_RSS_PARAM_FLAG_DISABLE_RSS);
    CHECK_EQ(p->Header.Revision, to);
}

/* What the miniport refuses stays refused; what no byte can name does not come to it. */
static void
check_refused(struct rig *rig, unsigned from, unsigned to)
{
    unsigned sets = got.sets;
    union set s;
    ULONG length = make(&s, from);

    got.refusals = 1;
    CHECK_EQ(ask(rig, true, &s, length), (uint32_t)NDIS_STATUS_INVALID_DATA);
    if ((from == 1) == (to == 1))
        return;
    if (from == 1)
        s.old.table[1] = 200;
    else
        s.new.table[1].Number = 200;
    CHECK_EQ(ask(rig, true, &s, length), (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    CHECK_EQ(got.sets, sets);
}

/* A head that is shorter than its revision says is refused. */
static void
check_short(struct rig *rig, unsigned from)
{
    union set s;

    make(&s, from);
    s.head.Flags = NDIS_RSS_PARAM_FLAG_ITABLE_UNCHANGED | NDIS_RSS_PARAM_FLAG_HASH_KEY_UNCHANGED;
    CHECK_EQ(ask(rig, true, &s, head_size[from] - 1), (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    CHECK_EQ(ask(rig, true, &s, head_size[from]), 0);
}

static void
check_query(struct rig *rig, unsigned revision)
{
    ULONG64 room[32] = {0};
    const NDIS_RECEIVE_SCALE_PARAMETERS *p = (const void *)room;

    CHECK_EQ(ask(rig, false, room, sizeof(room)), 0);
    CHECK_EQ(p->Header.Revision, revision);
    CHECK_EQ(p->Header.Size, head_size[revision]);
    CHECK_EQ(p->Flags, 0);
    if (revision == NEWEST)
        CHECK_EQ(p->DefaultProcessorNumber.Number, 2);
}

/* The processor for what has no hash stays what it was. */
static void
check_kept(struct rig *rig)
{
    union set s;
    ULONG length = make(&s, NEWEST);

    CHECK_EQ(ask(rig, true, &s, length), 0);
    s.head.Flags = NDIS_RSS_PARAM_FLAG_DEFAULT_PROCESSOR_UNCHANGED;
    s.head.DefaultProcessorNumber.Number = 1;
    CHECK_EQ(ask(rig, true, &s, length), 0);
    check_query(rig, NEWEST);
}

static void
each(unsigned filters, unsigned to)
{
    struct rig_config config = {.filters = filters, .first = to == 1, .minor = minor_of[to]};
    struct rig rig;
    union set s;

    rig_up(&rig, &config);
    rig.miniport->peer.hooks = &miniport_hooks;
    for (unsigned from = 1; from <= NEWEST; from++) {
        ULONG length = make(&s, from);

        got.sets = 0;
        CHECK_EQ(ask(&rig, true, &s, length), 0);
        CHECK_EQ(got.sets, 1);
        check_whole(from, to);
        check_query(&rig, from);
        check_parts(&rig, from, to);
        check_refused(&rig, from, to);
        check_short(&rig, from);
    }
    check_kept(&rig);
    rig_down(&rig);
}

int
main(void)
{
    for (unsigned filters = 0; filters < 2; filters++)
        for (unsigned to = 1; to <= NEWEST; to++)
            each(filters, to);
    return 0;
}
