/* SPDX-License-Identifier: MIT */
/* The data path of frames: from the port into NBLs made beforehand, from the adapter to the port. */
#include "frames.h"

/* A whole frame; behind it, where drivers are verified, what follows the header of another one. */
static SIZE_T
RoomOf(const BINDING *Binding)
{
    return (SIZE_T)Binding->BufferSize * (Verified ? 2 : 1);
}

static NDIS_STATUS
MakePieces(const BINDING *Binding, BUFFER *Buffer)
{
    Buffer->Head = NdisAllocateMdl(ProtocolHandle, Buffer->Data, HEADER_SIZE);
    Buffer->Rest =
        NdisAllocateMdl(ProtocolHandle, Buffer->Data + Binding->BufferSize, Binding->BufferSize);
    if (Buffer->Head == NULL || Buffer->Rest == NULL)
        return NDIS_STATUS_RESOURCES;
    NDIS_MDL_LINKAGE(Buffer->Head) = Buffer->Rest;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
MakeBuffer(BINDING *Binding, ULONG Index)
{
    BUFFER *Buffer = &Binding->Buffers[Index];

    Buffer->Data = Binding->BufferMemory + Index * RoomOf(Binding);
    Buffer->Mdl = NdisAllocateMdl(ProtocolHandle, Buffer->Data, Binding->BufferSize);
    if (Buffer->Mdl == NULL || (Verified && MakePieces(Binding, Buffer) != NDIS_STATUS_SUCCESS))
        return NDIS_STATUS_RESOURCES;
    Buffer->Nbl = NdisAllocateNetBufferAndNetBufferList(Binding->NblPool, 0, 0, Buffer->Mdl, 0, 0);
    if (Buffer->Nbl == NULL)
        return NDIS_STATUS_RESOURCES;
    NET_BUFFER_LIST_PROTOCOL_RESERVED(Buffer->Nbl)[0] = Buffer;
    Buffer->Next = Binding->Free;
    Binding->Free = Buffer;
    Binding->FreeCount++;
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
DataInitialize(BINDING *Binding)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG,
    };
    NDIS_STATUS Status = NDIS_STATUS_SUCCESS;
    ULONG i;

    Binding->BufferSize = (Binding->Mtu + HEADER_SIZE + 63) & ~63u;
    Binding->NblPool = NdisAllocateNetBufferListPool(ProtocolHandle, &Parameters);
    Binding->Buffers = NdisAllocateMemoryWithTagPriority(
        ProtocolHandle, Binding->BufferCount * sizeof(BUFFER), TAG, NormalPoolPriority);
    Binding->BufferMemory = NdisAllocateMemoryWithTagPriority(
        ProtocolHandle, Binding->BufferCount * RoomOf(Binding), TAG, NormalPoolPriority);
    if (Binding->Buffers != NULL)
        NdisZeroMemory(Binding->Buffers, Binding->BufferCount * sizeof(BUFFER));
    if (Binding->NblPool == NULL || Binding->Buffers == NULL || Binding->BufferMemory == NULL)
        return NDIS_STATUS_RESOURCES;
    for (i = 0; i < Binding->BufferCount && Status == NDIS_STATUS_SUCCESS; i++)
        Status = MakeBuffer(Binding, i);
    return Status;
}

VOID
DataFree(BINDING *Binding)
{
    ULONG i;

    for (i = 0; Binding->Buffers != NULL && i < Binding->BufferCount; i++) {
        if (Binding->Buffers[i].Nbl != NULL)
            NdisFreeNetBufferList(Binding->Buffers[i].Nbl);
        if (Binding->Buffers[i].Mdl != NULL)
            NdisFreeMdl(Binding->Buffers[i].Mdl);
        if (Binding->Buffers[i].Head != NULL)
            NdisFreeMdl(Binding->Buffers[i].Head);
        if (Binding->Buffers[i].Rest != NULL)
            NdisFreeMdl(Binding->Buffers[i].Rest);
    }
    if (Binding->BufferMemory != NULL)
        NdisFreeMemory(Binding->BufferMemory, 0, 0);
    if (Binding->Buffers != NULL)
        NdisFreeMemory(Binding->Buffers, 0, 0);
    if (Binding->NblPool != NULL)
        NdisFreeNetBufferListPool(Binding->NblPool);
}

static VOID
Fill(const BINDING *Binding, BUFFER *Buffer, const UNDIS_PORT_RECEIVE *Frame, BOOLEAN Pieces)
{
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Buffer->Nbl);
    PMDL Mdl = Buffer->Mdl;

    if (Pieces && Buffer->Head != NULL && Frame->Length > HEADER_SIZE) {
        NdisMoveMemory(Buffer->Data, Frame->Data, HEADER_SIZE);
        NdisMoveMemory(Buffer->Data + Binding->BufferSize, Frame->Data + HEADER_SIZE,
            Frame->Length - HEADER_SIZE);
        Mdl = Buffer->Head;
    } else {
        NdisMoveMemory(Buffer->Data, Frame->Data, Frame->Length);
    }
    NET_BUFFER_FIRST_MDL(Nb) = NET_BUFFER_CURRENT_MDL(Nb) = Mdl;
    NET_BUFFER_DATA_OFFSET(Nb) = NET_BUFFER_CURRENT_MDL_OFFSET(Nb) = 0;
    NET_BUFFER_DATA_LENGTH(Nb) = Frame->Length;
    NdisZeroMemory(Buffer->Nbl->NetBufferListInfo, sizeof(Buffer->Nbl->NetBufferListInfo));
    NET_BUFFER_LIST_STATUS(Buffer->Nbl) = NDIS_STATUS_SUCCESS;
    Buffer->Nbl->SourceHandle = Binding->Handle;
}

static WORKER_THREAD_ROUTINE SendLate;

static VOID
SendLate(PVOID Parameter)
{
    BINDING *Binding = Parameter;
    BOOLEAN Running;

    NdisAcquireSpinLock(&Binding->Lock);
    Running = Binding->State == StateRunning;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Running && Binding->LateChain != NULL)
        NdisSendNetBufferLists(Binding->Handle, Binding->LateChain, NDIS_DEFAULT_PORT_NUMBER, 0);
    else
        FramesSendComplete(Binding, Binding->LateChain, 0);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Late = FALSE;
    FramesUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    NdisSetEvent(&Binding->LateOver);
}

/* A batch always fits: with fewer free buffers the port would have been held. */
VOID
FramesFromPort(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    BINDING *Binding = Context;
    PNET_BUFFER_LIST Head = NULL, *Tail = &Head;
    BUFFER *Buffers[UNDIS_PORT_BATCH];
    ULONG i, Turn;
    BOOLEAN Late;

    NdisDprAcquireSpinLock(&Binding->Lock);
    Turn = Verified && Binding->State == StateRunning ? Binding->Batches++ % 16 : 0;
    Late = Turn == 6;
    Binding->Late |= Late;
    for (i = 0; i < Count; i++) {
        Buffers[i] = NULL;
        if (Frames[i].Length > Binding->Mtu + HEADER_SIZE || Binding->Free == NULL ||
            Binding->State != StateRunning)
            continue;
        Buffers[i] = Binding->Free;
        Binding->Free = Buffers[i]->Next;
        Binding->FreeCount--;
        Binding->Outstanding++;
    }
    FramesUpdateHold(Binding);
    NdisDprReleaseSpinLock(&Binding->Lock);
    for (i = 0; i < Count; i++) {
        if (Buffers[i] == NULL)
            continue;
        Fill(Binding, Buffers[i], &Frames[i], Turn == 11);
        *Tail = Buffers[i]->Nbl;
        Tail = &NET_BUFFER_LIST_NEXT_NBL(*Tail);
        *Tail = NULL;
    }
    if (Late) {
        Binding->LateChain = Head;
        NdisResetEvent(&Binding->LateOver);
        ExInitializeWorkItem(&Binding->LateItem, SendLate, Binding);
        ExQueueWorkItem(&Binding->LateItem, DelayedWorkQueue);
    } else if (Head != NULL)
        NdisSendNetBufferLists(
            Binding->Handle, Head, NDIS_DEFAULT_PORT_NUMBER, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}

VOID
FramesSendComplete(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    BINDING *Binding = ProtocolBindingContext;
    BOOLEAN Drained = FALSE;
    PNET_BUFFER_LIST Nbl, Next;

    UNREFERENCED_PARAMETER(SendCompleteFlags);
    NdisAcquireSpinLock(&Binding->Lock);
    for (Nbl = NetBufferList; Nbl != NULL; Nbl = Next) {
        BUFFER *Buffer = NET_BUFFER_LIST_PROTOCOL_RESERVED(Nbl)[0];

        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
        Buffer->Next = Binding->Free;
        Binding->Free = Buffer;
        Binding->FreeCount++;
        Binding->Outstanding--;
    }
    if (Binding->State == StatePausing && Binding->Outstanding == 0) {
        Drained = TRUE;
        Binding->State = StatePaused;
    }
    FramesUpdateHold(Binding);
    /* Under the lock: the binding may be gone as soon as the pause goes on. */
    if (Drained)
        NdisSetEvent(&Binding->Drained);
    NdisReleaseSpinLock(&Binding->Lock);
}

/* Under TransmitLock. */
static VOID
Transmit(BINDING *Binding, const UNDIS_PORT_TRANSMIT *Frames, ULONG Count)
{
    if (Binding->PortOpen && Count != 0)
        Binding->Port.Transmit(Binding->Port.Context, Frames, Count);
}

VOID
FramesReceive(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    BINDING *Binding = ProtocolBindingContext;
    UNDIS_PORT_TRANSMIT Frames[UNDIS_PORT_BATCH];
    PNET_BUFFER_LIST Nbl;
    ULONG Count = 0;

    UNREFERENCED_PARAMETER(PortNumber);
    UNREFERENCED_PARAMETER(NumberOfNetBufferLists);
    NdisAcquireSpinLock(&Binding->TransmitLock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl)) {
        PNET_BUFFER Nb;

        for (Nb = NET_BUFFER_LIST_FIRST_NB(Nbl); Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb)) {
            Frames[Count].Mdl = NET_BUFFER_CURRENT_MDL(Nb);
            Frames[Count].Offset = NET_BUFFER_CURRENT_MDL_OFFSET(Nb);
            Frames[Count].Length = NET_BUFFER_DATA_LENGTH(Nb);
            if (++Count == UNDIS_PORT_BATCH) {
                Transmit(Binding, Frames, Count);
                Count = 0;
            }
        }
    }
    Transmit(Binding, Frames, Count);
    NdisReleaseSpinLock(&Binding->TransmitLock);
    if (NDIS_TEST_RECEIVE_CAN_PEND(ReceiveFlags))
        NdisReturnNetBufferLists(Binding->Handle, NetBufferLists,
            NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL(ReceiveFlags) ? NDIS_RETURN_FLAGS_DISPATCH_LEVEL
                                                              : 0);
}
