/* SPDX-License-Identifier: MIT */
/* The line of tagged.h with NET_BUFFERs: sending one, and NBLs for what comes. */
#pragma once

#include "tagged.h"

static inline BOOLEAN
TaggedSendNb(TAGGED *Line, USHORT Tag, PNET_BUFFER Nb)
{
    ULONG Length = NET_BUFFER_DATA_LENGTH(Nb);
    BOOLEAN Sent = FALSE;
    PUCHAR Data;

    if (Length > Line->Mtu || Length == 0)
        return FALSE;
    NdisAcquireSpinLock(&Line->Lock);
    Data = NdisGetDataBuffer(Nb, Length, Line->Frame + TAGGED_HEADER, 1, 0);
    if (Data != NULL) {
        if (Data != Line->Frame + TAGGED_HEADER)
            NdisMoveMemory(Line->Frame + TAGGED_HEADER, Data, Length);
        Sent = TaggedTransmit(Line, Tag, Length);
    }
    NdisReleaseSpinLock(&Line->Lock);
    return Sent;
}

/* NBLs with memory for one payload each. */
static inline NDIS_HANDLE
TaggedPool(NDIS_HANDLE Owner, ULONG PoolTag)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .PoolTag = PoolTag,
        .DataSize = TAGGED_MAX,
    };

    return NdisAllocateNetBufferListPool(Owner, &Parameters);
}

/* One of @Pool with @Data in it, NULL when memory is short. Freed by NdisFreeNetBufferList. */
static inline PNET_BUFFER_LIST
TaggedNbl(NDIS_HANDLE Pool, const VOID *Data, ULONG Length, NDIS_HANDLE Source)
{
    PNET_BUFFER_LIST Nbl = NdisAllocateNetBufferList(Pool, 0, 0);
    PVOID To;

    if (Nbl == NULL)
        return NULL;
    if (Length > TAGGED_MAX || NdisRetreatNetBufferDataStart(NET_BUFFER_LIST_FIRST_NB(Nbl), Length,
                                   0, NULL) != NDIS_STATUS_SUCCESS) {
        NdisFreeNetBufferList(Nbl);
        return NULL;
    }
    To = NdisGetDataBuffer(NET_BUFFER_LIST_FIRST_NB(Nbl), Length, NULL, 1, 0);
    NdisMoveMemory(To, Data, Length);
    Nbl->SourceHandle = Source;
    return Nbl;
}
