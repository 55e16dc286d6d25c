/* SPDX-License-Identifier: MIT */
/* Checks of pools and of freeing NBLs, NBs and MDLs. */
#include "verify/check.h"

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

const struct check packet_imports[] = {
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
