/* SPDX-License-Identifier: MIT */
/* Pools and buffers for the tests of packets. */
#pragma once

#include "nt.h"
#include <ndis.h>
#include <string.h>

static inline NDIS_HANDLE
nbl_pool(BOOLEAN with_nb, USHORT context, ULONG data)
{
    NET_BUFFER_LIST_POOL_PARAMETERS p = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = with_nb,
        .ContextSize = context,
        .DataSize = data,
        .PoolTag = 0x74736554};
    NDIS_HANDLE pool = NdisAllocateNetBufferListPool(NULL, &p);

    CHECK(pool);
    return pool;
}

static inline NDIS_HANDLE
nb_pool(ULONG data)
{
    NET_BUFFER_POOL_PARAMETERS p = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1},
        .PoolTag = 0x74736554,
        .DataSize = data};
    NDIS_HANDLE pool = NdisAllocateNetBufferPool(NULL, &p);

    CHECK(pool);
    return pool;
}

/* @count bytes, 0 1 2 ..., in MDLs of the sizes given (0 ends them). */
static inline PMDL
mdl_chain(UCHAR *bytes, const unsigned *sizes)
{
    PMDL first = NULL, *link = &first;
    unsigned at = 0;

    for (; *sizes; sizes++) {
        *link = NdisAllocateMdl(NULL, bytes + at, *sizes);
        CHECK(*link);
        link = &(*link)->Next;
        for (unsigned i = 0; i < *sizes; i++, at++)
            bytes[at] = (UCHAR)at;
    }
    return first;
}

static inline void
mdl_chain_free(PMDL chain)
{
    while (chain) {
        PMDL next = chain->Next;

        NdisFreeMdl(chain);
        chain = next;
    }
}

/* The byte of @nb's data at @offset. */
static inline int
nb_byte(PNET_BUFFER nb, ULONG offset)
{
    UCHAR storage[4096], *data = NdisGetDataBuffer(nb, offset + 1, storage, 1, 0);

    CHECK(data);
    return data[offset];
}
