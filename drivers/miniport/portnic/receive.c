/* SPDX-License-Identifier: MIT */
/*
 * Receiving: frames are copied into buffers made beforehand and indicated as one chain.
 *
 * The last RECEIVE_RESERVE buffers are only shown (NDIS_RECEIVE_FLAGS_RESOURCES), so they are back
 * when the indication returns and a full batch can always be taken: no frame is dropped for want
 * of a buffer, however long others keep theirs.
 */
#include "portnic.h"

static NDIS_STATUS
MakeBuffer(ADAPTER *Adapter, ULONG Index)
{
    BUFFER *Buffer = &Adapter->Buffers[Index];

    Buffer->Data = Adapter->BufferMemory + (SIZE_T)Index * Adapter->BufferSize;
    Buffer->Mdl = NdisAllocateMdl(Adapter->Handle, Buffer->Data, Adapter->BufferSize);
    if (Buffer->Mdl == NULL)
        return NDIS_STATUS_RESOURCES;
    Buffer->Nbl = NdisAllocateNetBufferAndNetBufferList(Adapter->NblPool, 0, 0, Buffer->Mdl, 0, 0);
    if (Buffer->Nbl == NULL)
        return NDIS_STATUS_RESOURCES;
    Buffer->Nbl->SourceHandle = Adapter->Handle;
    NET_BUFFER_LIST_MINIPORT_RESERVED(Buffer->Nbl)[0] = Buffer;
    Buffer->Next = Adapter->Free;
    Adapter->Free = Buffer;
    Adapter->FreeCount++;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
ReceiveInitialize(ADAPTER *Adapter)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG,
    };
    NDIS_STATUS Status = NDIS_STATUS_SUCCESS;
    ULONG i;

    if (Adapter->Varies)
        Adapter->LateItem = NdisAllocateIoWorkItem(Adapter->Handle);
    Adapter->BufferSize = (Adapter->Mtu + HEADER_SIZE + 4 + 63) & ~63u;
    Adapter->NblPool = NdisAllocateNetBufferListPool(Adapter->Handle, &Parameters);
    Adapter->Buffers = NdisAllocateMemoryWithTagPriority(
        Adapter->Handle, Adapter->BufferCount * sizeof(BUFFER), TAG, NormalPoolPriority);
    Adapter->BufferMemory = NdisAllocateMemoryWithTagPriority(
        Adapter->Handle, Adapter->BufferCount * Adapter->BufferSize, TAG, NormalPoolPriority);
    if (Adapter->NblPool == NULL || Adapter->Buffers == NULL || Adapter->BufferMemory == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter->Buffers, Adapter->BufferCount * sizeof(BUFFER));
    for (i = 0; i < Adapter->BufferCount && Status == NDIS_STATUS_SUCCESS; i++)
        Status = MakeBuffer(Adapter, i);
    return Status;
}

VOID
ReceiveFree(ADAPTER *Adapter)
{
    ULONG i;

    for (i = 0; Adapter->Buffers != NULL && i < Adapter->BufferCount; i++) {
        if (Adapter->Buffers[i].Nbl != NULL)
            NdisFreeNetBufferList(Adapter->Buffers[i].Nbl);
        if (Adapter->Buffers[i].Mdl != NULL)
            NdisFreeMdl(Adapter->Buffers[i].Mdl);
    }
    if (Adapter->BufferMemory != NULL)
        NdisFreeMemory(Adapter->BufferMemory, 0, 0);
    if (Adapter->Buffers != NULL)
        NdisFreeMemory(Adapter->Buffers, 0, 0);
    if (Adapter->NblPool != NULL)
        NdisFreeNetBufferListPool(Adapter->NblPool);
}

/* What the packet filter lets through. Under the lock. */
static BOOLEAN
IsWanted(const ADAPTER *Adapter, const UCHAR *Address)
{
    static const ULONG Filters[] = {NDIS_PACKET_TYPE_DIRECTED,
        NDIS_PACKET_TYPE_MULTICAST | NDIS_PACKET_TYPE_ALL_MULTICAST, NDIS_PACKET_TYPE_BROADCAST};
    ULONG Kind = AddressKind(Address), i;

    if (Adapter->PacketFilter & NDIS_PACKET_TYPE_PROMISCUOUS)
        return TRUE;
    if (!(Adapter->PacketFilter & Filters[Kind]))
        return FALSE;
    if (Kind == 0)
        return NdisEqualMemory(Address, Adapter->Address, ADDRESS_SIZE);
    if (Kind == 2 || Adapter->PacketFilter & NDIS_PACKET_TYPE_ALL_MULTICAST)
        return TRUE;
    for (i = 0; i < Adapter->MulticastCount; i++)
        if (NdisEqualMemory(Address, Adapter->Multicast[i], ADDRESS_SIZE))
            return TRUE;
    return FALSE;
}

/* Takes a buffer for a frame that is wanted, NULL otherwise. Under the lock. */
static BUFFER *
Take(ADAPTER *Adapter, const UNDIS_PORT_RECEIVE *Frame)
{
    BUFFER *Buffer = Adapter->Free;
    ULONG Kind;

    if (Frame->Length < HEADER_SIZE || Frame->Length > Adapter->BufferSize || Buffer == NULL ||
        Adapter->State != StateRunning) {
        Adapter->Counters.InDiscards++;
        return NULL;
    }
    if (!IsWanted(Adapter, Frame->Data))
        return NULL;
    Kind = AddressKind(Frame->Data);
    Adapter->Counters.InFrames[Kind]++;
    Adapter->Counters.InBytes[Kind] += Frame->Length;
    Adapter->Free = Buffer->Next;
    Adapter->FreeCount--;
    Adapter->Outstanding++;
    return Buffer;
}

static VOID
Fill(BUFFER *Buffer, const UNDIS_PORT_RECEIVE *Frame)
{
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Buffer->Nbl);
    USHORT EtherType;

    NdisMoveMemory(Buffer->Data, Frame->Data, Frame->Length);
    NET_BUFFER_FIRST_MDL(Nb) = NET_BUFFER_CURRENT_MDL(Nb) = Buffer->Mdl;
    NET_BUFFER_DATA_OFFSET(Nb) = NET_BUFFER_CURRENT_MDL_OFFSET(Nb) = 0;
    NET_BUFFER_DATA_LENGTH(Nb) = Frame->Length;
    NdisZeroMemory(Buffer->Nbl->NetBufferListInfo, sizeof(Buffer->Nbl->NetBufferListInfo));
    NdisMoveMemory(&EtherType, Buffer->Data + 2 * ADDRESS_SIZE, sizeof(EtherType));
    NET_BUFFER_LIST_INFO(Buffer->Nbl, NetBufferListFrameType) = (PVOID)(ULONG_PTR)EtherType;
    NET_BUFFER_LIST_STATUS(Buffer->Nbl) = NDIS_STATUS_SUCCESS;
}

static NDIS_IO_WORKITEM_FUNCTION IndicateLate;

static VOID
IndicateLate(PVOID WorkItemContext, NDIS_HANDLE NdisIoWorkItemHandle)
{
    ADAPTER *Adapter = WorkItemContext;

    UNREFERENCED_PARAMETER(NdisIoWorkItemHandle);
    NdisMIndicateReceiveNetBufferLists(
        Adapter->Handle, Adapter->LateChain, NDIS_DEFAULT_PORT_NUMBER, Adapter->LateCount, 0);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Late = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
    AdapterHold(Adapter);
    NdisSetEvent(&Adapter->LateOver);
}

/* How this batch is indicated. Under the lock. */
static ULONG
ReceiveFlags(ADAPTER *Adapter, ULONG Taken)
{
    ULONG Turn = Adapter->Varies && Taken > 0 ? Adapter->Batches++ % 16 : 0;

    if (Adapter->FreeCount < RECEIVE_RESERVE || Turn == 4)
        return NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES;
    Adapter->Late = Turn == 8 && Adapter->LateItem != NULL;
    return NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL;
}

VOID
PortnicReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    BUFFER *Buffers[UNDIS_PORT_BATCH];
    ULONG i, Taken = 0, Flags;
    BOOLEAN Late;
    CHAIN Chain;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (i = 0; i < Count; i++) {
        Buffers[i] = Take(Adapter, &Frames[i]);
        Taken += Buffers[i] != NULL;
    }
    Flags = ReceiveFlags(Adapter, Taken);
    Late = Adapter->Late;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Taken == 0)
        return;
    ChainInitialize(&Chain);
    for (i = 0; i < Count; i++) {
        if (Buffers[i] == NULL)
            continue;
        Fill(Buffers[i], &Frames[i]);
        ChainAppend(&Chain, Buffers[i]->Nbl);
    }
    if (Late) {
        Adapter->LateChain = Chain.Head;
        Adapter->LateCount = Taken;
        NdisResetEvent(&Adapter->LateOver);
        AdapterHold(Adapter);
        NdisQueueIoWorkItem(Adapter->LateItem, IndicateLate, Adapter);
        return;
    }
    NdisMIndicateReceiveNetBufferLists(
        Adapter->Handle, Chain.Head, NDIS_DEFAULT_PORT_NUMBER, Taken, Flags);
    if (Flags & NDIS_RECEIVE_FLAGS_RESOURCES)
        PortnicReturn(Adapter, Chain.Head, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
}

VOID
PortnicReturn(
    NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNET_BUFFER_LIST Nbl, Next;
    BOOLEAN Paused;

    UNREFERENCED_PARAMETER(ReturnFlags);
    NdisAcquireSpinLock(&Adapter->Lock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        BUFFER *Buffer = NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0];

        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
        Buffer->Next = Adapter->Free;
        Adapter->Free = Buffer;
        Adapter->FreeCount++;
        Adapter->Outstanding--;
    }
    Paused = AdapterPaused(Adapter);
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Paused)
        NdisMPauseComplete(Adapter->Handle);
}
