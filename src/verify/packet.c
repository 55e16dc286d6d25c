/* SPDX-License-Identifier: MIT */
/* Checks of pools and of freeing NBLs, NBs and MDLs. */
#include "verify/check.h"

#include <string.h>

/* The common part: @body must be a living object of @kind. NULL after a report. */
static struct record *
freed_object(struct verify *verify, const struct gate_call *call, enum object_kind kind)
{
    void *body = (void *)call->args[0];
    struct object *prefix = object_of(verify->machine, body, kind);
    struct record *grave = prefix ? NULL : record_grave(verify, body, kind);

    if (fails(verify, RULE_NBL_FREE_ONCE, grave != NULL)) {
        broken(verify, RULE_NBL_FREE_ONCE, call, NULL, grave, "freed here",
            "%s called %s for %s %u, which is free", call->driver->name, call->import->name,
            object_kind_name(kind), grave->id);
        return NULL;
    }
    return prefix ? prefix->record : NULL;
}

/* NET_BUFFERs that were allocated alone go before their NBL. Those of clones go with it. */
static void
check_nbs_freed(struct verify *verify, const struct gate_call *call, const struct record *record)
{
    const NET_BUFFER_LIST *nbl = nbl_of(verify, record);
    bool plain = strcmp(call->import->name, "NdisFreeNetBufferList") == 0;
    bool left = false;

    for (const NET_BUFFER *nb = plain ? nbl_first(nbl) : NULL; nb && !left; nb = nb_next(nb))
        left =
            object_of(verify->machine, nb, OBJECT_NB) && (uintptr_t)nb->NdisReserved[0] == NB_ALONE;
    if (fails(verify, RULE_NBL_NBS_FREED, left))
        broken(verify, RULE_NBL_NBS_FREED, call, NULL, record, "last seen here",
            "%s freed NBL %u with a NET_BUFFER on it that was allocated by itself",
            call->driver->name, record->id);
}

static void
free_nbl(struct verify *verify, struct gate_call *call)
{
    struct record *record = freed_object(verify, call, OBJECT_NBL);

    if (!record) {
        nbl_record(verify, call, (PNET_BUFFER_LIST)call->args[0]);
        return;
    }
    if (fails(verify, RULE_NBL_FREE_OWNER, !record->lost && record->now.state != SEAT_HELD))
        broken(verify, RULE_NBL_FREE_OWNER, call, NULL, record, "given away here",
            "%s freed NBL %u, which it does not have now", call->driver->name, record->id);
    check_nbs_freed(verify, call, record);
    if (fails(verify, RULE_SEND_PARENT, record->children != 0))
        broken(verify, RULE_SEND_PARENT, call, NULL, record, "last seen here",
            "%s freed NBL %u, of which %u clones are left", call->driver->name, record->id,
            record->children);
}

static void
free_nb(struct verify *verify, struct gate_call *call)
{
    freed_object(verify, call, OBJECT_NB);
}

static void
free_mdl(struct verify *verify, struct gate_call *call)
{
    freed_object(verify, call, OBJECT_MDL);
}

static void
free_pool(struct verify *verify, struct gate_call *call, enum object_kind kind)
{
    struct packet_pool *pool = (void *)call->args[0];
    struct object *prefix = object_of(verify->machine, pool, kind);
    long long out = prefix ? pool_out(pool) : 0;
    struct record *left = NULL;

    if (!fails(verify, RULE_NBL_POOL_EMPTY, out != 0))
        return;
    record_for_each(&verify->live,
        record) if (record->prefix && record->prefix->home == pool && !left) left = record;
    broken(verify, RULE_NBL_POOL_EMPTY, call, NULL, left, "one that is out was last seen here",
        "%s frees %s %u while %lld of its elements are out", call->driver->name,
        object_kind_name(kind), prefix->id, out);
}

static void
free_nbl_pool(struct verify *verify, struct gate_call *call)
{
    free_pool(verify, call, OBJECT_NBL_POOL);
}

static void
free_nb_pool(struct verify *verify, struct gate_call *call)
{
    free_pool(verify, call, OBJECT_NB_POOL);
}

static void
pool_header(struct verify *verify, const struct gate_call *call, const char *wrong)
{
    if (fails(verify, RULE_NBL_POOL_HEADER, wrong != NULL))
        broken(verify, RULE_NBL_POOL_HEADER, call, NULL, NULL, NULL, "%s called %s with %s",
            call->driver->name, call->import->name, wrong);
}

static void
make_nbl_pool(struct verify *verify, struct gate_call *call)
{
    const NET_BUFFER_LIST_POOL_PARAMETERS *p = (const void *)call->args[1];
    const char *wrong = NULL;

    if (p->Header.Type != NDIS_OBJECT_TYPE_DEFAULT ||
        p->Header.Revision < NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1 ||
        p->Header.Size < NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1)
        wrong = "a header that is not that of NET_BUFFER_LIST_POOL_PARAMETERS";
    else if (p->DataSize && !p->fAllocateNetBuffer)
        wrong = "a DataSize but without fAllocateNetBuffer";
    else if (!p->PoolTag)
        wrong = "no pool tag";
    pool_header(verify, call, wrong);
}

static void
make_nb_pool(struct verify *verify, struct gate_call *call)
{
    const NET_BUFFER_POOL_PARAMETERS *p = (const void *)call->args[1];
    const char *wrong = NULL;

    if (p->Header.Type != NDIS_OBJECT_TYPE_DEFAULT ||
        p->Header.Revision < NET_BUFFER_POOL_PARAMETERS_REVISION_1 ||
        p->Header.Size < NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1)
        wrong = "a header that is not that of NET_BUFFER_POOL_PARAMETERS";
    else if (!p->PoolTag)
        wrong = "no pool tag";
    pool_header(verify, call, wrong);
}

/* Clones know their parent, parents how many they have. */
static void
cloned(struct verify *verify, struct gate_call *call)
{
    struct object *clone = object_of(verify->machine, (void *)call->result, OBJECT_NBL);
    struct object *parent = object_of(verify->machine, (void *)call->args[0], OBJECT_NBL);
    struct record *record = clone ? clone->record : NULL;

    if (!record || !parent || !parent->record)
        return;
    record->parent = parent->record;
    record->origin = record->parent->serial;
    record->parent->children++;
}

void
nbl_orphan(struct record *record)
{
    struct record *parent = record->parent;

    if (parent && parent->live && parent->serial == record->origin && parent->children)
        parent->children--;
    record->parent = NULL;
}

static void
make_nb(struct verify *verify, struct gate_call *call)
{
    bool with_list = call->count == 6;
    unsigned first = with_list ? 3 : 1;

    if (fails(verify, RULE_NBL_NO_MDL,
            !call->args[first] && (call->args[first + 1] || call->args[first + 2])))
        broken(verify, RULE_NBL_NO_MDL, call, NULL, NULL, NULL,
            "%s called %s without an MDL, but with data", call->driver->name, call->import->name);
}

static void
make_context(struct verify *verify, struct gate_call *call)
{
    if (fails(verify, RULE_NBL_CONTEXT_SIZE, (call->args[1] | call->args[2]) & (sizeof(PVOID) - 1)))
        broken(verify, RULE_NBL_CONTEXT_SIZE, call, NULL, NULL, NULL,
            "%s called %s with sizes %u and %u; both must be multiples of %zu", call->driver->name,
            call->import->name, (USHORT)call->args[1], (USHORT)call->args[2], sizeof(PVOID));
}

/* Advancing what was received must leave the MDLs alone. */
static void
advance(struct verify *verify, struct gate_call *call)
{
    struct object *prefix = object_of(verify->machine, (void *)call->args[0], OBJECT_NBL);
    const struct record *record = prefix ? prefix->record : NULL;
    const struct module *who = record ? record->now.who : NULL;
    bool received = who && (record->now.state == SEAT_RECEIVE || record->now.state == SEAT_LENT) &&
                    who->kind == MODULE_BINDING;

    if (fails(verify, RULE_NBL_FREE_MDL, received && (BOOLEAN)call->args[2]))
        broken(verify, RULE_NBL_FREE_MDL, call, NULL, record, "received here",
            "%s called %s with FreeMdl for NBL %u, which it received", call->driver->name,
            call->import->name, record->id);
}

static void
build_mdl(struct verify *verify, struct gate_call *call)
{
    const MDL *mdl = at_undis((const void *)call->args[0]);

    if (fails(verify, RULE_MDL_BUILT, mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL))
        broken(verify, RULE_MDL_BUILT, call, NULL, NULL, NULL,
            "%s called %s for an MDL that is built already", call->driver->name,
            call->import->name);
}

const struct check packet_imports[] = {
    {"NdisAllocateCloneNetBufferList", NULL, cloned},
    {"NdisAllocateFragmentNetBufferList", NULL, cloned},
    {"NdisAllocateNetBuffer", make_nb, NULL},
    {"NdisAllocateNetBufferAndNetBufferList", make_nb, NULL},
    {"NdisAllocateNetBufferListContext", make_context, NULL},
    {"NdisAdvanceNetBufferListDataStart", advance, NULL},
    {"MmBuildMdlForNonPagedPool", build_mdl, NULL},
    {"NdisFreeNetBufferList", free_nbl, NULL},
    {"NdisFreeCloneNetBufferList", free_nbl, NULL},
    {"NdisFreeFragmentNetBufferList", free_nbl, NULL},
    {"NdisFreeReassembledNetBufferList", free_nbl, NULL},
    {"NdisFreeNetBuffer", free_nb, NULL},
    {"NdisFreeMdl", free_mdl, NULL},
    {"NdisFreeNetBufferListPool", free_nbl_pool, NULL},
    {"NdisFreeNetBufferPool", free_nb_pool, NULL},
    {"NdisAllocateNetBufferListPool", make_nbl_pool, NULL},
    {"NdisAllocateNetBufferPool", make_nb_pool, NULL},
    {NULL, NULL, NULL},
};
