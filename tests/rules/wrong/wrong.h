/* SPDX-License-Identifier: MIT */
/* What the drivers of the rule tests share.
 *
 * Each is right unless its service's name says otherwise: see breaks.h.
 *
 *     protocol   a thread per binding: sends, gives back what it received, asks for OID_RULES
 *     filter     passes everything on, and sends and indicates NBLs of its own now and then
 *     miniport   completes from a DPC, and indicates a few NBLs for every send
 */
#pragma once

#define NDIS_MINIPORT_DRIVER 1
#define NDIS680_MINIPORT     1
#define NDIS680              1

#include <ndis.h>

#include "breaks.h"

#define TAG       'eluR'
#define OID_RULES 0xFF554E10u /* a ULONG, query only */
#define FRAME     64u
#define MINE      3u /* NBLs that a driver has for itself */

#define LONG_FRAME 4000u

/* MINE NBLs with a NET_BUFFER, an MDL and FRAME bytes each. */
typedef struct _OWN {
    NDIS_HANDLE Pool;
    PUCHAR Data[MINE], LongData; /* a block each, so that each can be closed by itself */
    PMDL Mdl[MINE], Long;        /* one with too much for a frame */
    PNET_BUFFER_LIST Nbl[MINE];
    KSPIN_LOCK Lock; /* guards what follows */
    ULONG OutMask;   /* bit n: Nbl[n] is out */
} OWN;

static inline NDIS_STATUS
OwnCreate(OWN *Own, NDIS_HANDLE Handle)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG,
    };

    if (BREAKS(nbl_pool_params_header))
        Parameters.PoolTag = 0;
    KeInitializeSpinLock(&Own->Lock);
    Own->OutMask = 0;
    Own->Pool = NdisAllocateNetBufferListPool(Handle, &Parameters);
    Own->LongData = ExAllocatePoolZero(NonPagedPoolNx, LONG_FRAME, TAG);
    if (Own->Pool == NULL || Own->LongData == NULL)
        return NDIS_STATUS_RESOURCES;
    Own->Long = NdisAllocateMdl(Handle, Own->LongData, LONG_FRAME);
    for (ULONG i = 0; i < MINE; i++) {
        Own->Data[i] = ExAllocatePoolZero(NonPagedPoolNx, FRAME, TAG);
        if (Own->Data[i] == NULL)
            return NDIS_STATUS_RESOURCES;
        Own->Mdl[i] = NdisAllocateMdl(Handle, Own->Data[i], FRAME);
        Own->Nbl[i] = NdisAllocateNetBufferAndNetBufferList(Own->Pool, 0, 0, Own->Mdl[i], 0, FRAME);
        if (BREAKS(nbl_null_mdl_zero))
            NdisAllocateNetBufferAndNetBufferList(Own->Pool, 0, 0, NULL, 0, FRAME);
        if (BREAKS(nbl_context_size_align))
            NdisAllocateNetBufferListContext(Own->Nbl[i], 3, 0, TAG);
    }
    return NDIS_STATUS_SUCCESS;
}

static inline NDIS_HANDLE
NetBufferPool(NDIS_HANDLE Handle)
{
    NET_BUFFER_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_POOL_PARAMETERS_REVISION_1},
        .PoolTag = TAG,
    };

    return NdisAllocateNetBufferPool(Handle, &Parameters);
}

static inline VOID
OwnFree(OWN *Own)
{
    if (BREAKS(nbl_nb_free_before_nbl)) {
        NET_BUFFER_NEXT_NB(NET_BUFFER_LIST_FIRST_NB(Own->Nbl[0])) =
            NdisAllocateNetBuffer(NetBufferPool(NULL), Own->Mdl[0], 0, FRAME);
    }
    if (BREAKS(nbl_advance_within_length)) {
        NdisAdvanceNetBufferDataStart(
            NET_BUFFER_LIST_FIRST_NB(Own->Nbl[0]), 2 * FRAME, FALSE, NULL);
    }
    if (BREAKS(nbl_context_no_use_after_free)) {
        PULONG Data;
        NdisAllocateNetBufferListContext(Own->Nbl[0], 16, 0, TAG);
        Data = (PVOID)NET_BUFFER_LIST_CONTEXT_DATA_START(Own->Nbl[0]);
        NdisFreeNetBufferListContext(Own->Nbl[0], 16);
        Data[1]++;
    }
    if (BREAKS(nbl_context_balanced))
        NdisFreeNetBufferListContext(Own->Nbl[0], 16);
    if (BREAKS(nbl_free_match))
        NdisFreeCloneNetBufferList(Own->Nbl[0], 0);
    if (BREAKS(nbl_prealloc_not_freed_alone))
        NdisFreeNetBuffer(NET_BUFFER_LIST_FIRST_NB(Own->Nbl[0]));
    if (BREAKS(nbl_nb_data_pool))
        NdisAllocateNetBufferMdlAndData(NetBufferPool(NULL));
    if (BREAKS(nbl_nb_pool_mode)) {
        NET_BUFFER_LIST_POOL_PARAMETERS Plain = {
            .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
                NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
            .PoolTag = TAG};
        NdisAllocateNetBufferAndNetBufferList(
            NdisAllocateNetBufferListPool(NULL, &Plain), 0, 0, Own->Mdl[0], 0, FRAME);
    }
    if (BREAKS(nbl_pool_free_empty))
        NdisFreeNetBufferListPool(Own->Pool);
    NdisFreeMdl(Own->Long);
    for (ULONG i = 0; i < MINE; i++) {
        if (i % 2)
            NdisFreeMdl(Own->Mdl[i]); /* nobody follows the link of an NBL that is freed */
        NdisFreeNetBufferList(Own->Nbl[i]);
        if (i % 2 == 0)
            NdisFreeMdl(Own->Mdl[i]);
        ExFreePoolWithTag(Own->Data[i], TAG);
    }
    if (BREAKS(nbl_double_free))
        NdisFreeNetBufferList(Own->Nbl[0]);
    if (BREAKS(mm_use_after_free__list))
        NET_BUFFER_LIST_STATUS(Own->Nbl[1]) = NDIS_STATUS_SUCCESS;
    ExFreePoolWithTag(Own->LongData, TAG);
    if (!BREAKS(nbl_pool_freed))
        NdisFreeNetBufferListPool(Own->Pool);
}

/* Takes @Count of them as a chain; NULL when fewer are there. */
static inline PNET_BUFFER_LIST
OwnTake(OWN *Own, ULONG Count, NDIS_HANDLE Source)
{
    PNET_BUFFER_LIST Chain = NULL;
    ULONG Free = 0;
    KIRQL Irql;

    KeAcquireSpinLock(&Own->Lock, &Irql);
    for (ULONG i = 0; i < MINE; i++)
        Free += !(Own->OutMask >> i & 1);
    for (ULONG i = 0; i < MINE && Free >= Count && Count != 0; i++) {
        if (Own->OutMask >> i & 1)
            continue;
        Own->OutMask |= 1u << i;
        Own->Nbl[i]->Next = Chain;
        Own->Nbl[i]->SourceHandle = Source;
        if (BREAKS(nbl_reserved_volatile))
            Own->Nbl[i]->Scratch = Own;
        Chain = Own->Nbl[i];
        Count--;
    }
    KeReleaseSpinLock(&Own->Lock, Irql);
    return Chain;
}

/* Puts those of @Chain back that are its own, answers the rest. */
static inline PNET_BUFFER_LIST
OwnPut(OWN *Own, PNET_BUFFER_LIST Chain)
{
    PNET_BUFFER_LIST Rest = NULL, *Link = &Rest, Next;
    KIRQL Irql;
    ULONG i;

    KeAcquireSpinLock(&Own->Lock, &Irql);
    for (; Chain != NULL; Chain = Next) {
        Next = Chain->Next;
        Chain->Next = NULL;
        if (BREAKS(nbl_reserved_volatile))
            ((OWN *)Chain->Scratch)->Lock = Own->Lock;
        for (i = 0; i < MINE && Own->Nbl[i] != Chain; i++)
            ;
        if (i < MINE) {
            Own->OutMask &= ~(1u << i);
        } else {
            *Link = Chain;
            Link = &Chain->Next;
        }
    }
    KeReleaseSpinLock(&Own->Lock, Irql);
    return Rest;
}

/* What a driver remembers that looks at it later: see TOUCHES. */
static inline volatile const UCHAR *
Remembered(PNET_BUFFER_LIST Nbl)
{
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Nbl);
    PMDL Mdl = NET_BUFFER_CURRENT_MDL(Nb);

    if (TouchesPart("nb"))
        return (PVOID)Nb;
    if (TouchesPart("mdl"))
        return (PVOID)Mdl;
    if (TouchesPart("data"))
        return MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
    return (PVOID)Nbl;
}

/* Milliseconds since the machine started. */
static inline ULONG
Now(VOID)
{
    return (ULONG)(KeQueryInterruptTime() / 10000);
}

static inline VOID
Sleep(LONG Microseconds)
{
    LARGE_INTEGER Time;

    Time.QuadPart = -10ll * Microseconds;
    KeDelayExecutionThread(KernelMode, FALSE, &Time);
}
