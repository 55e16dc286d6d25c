/* SPDX-License-Identifier: MIT */
/*
 * Sending: whoever finds the queue idle becomes its sender and offers frames to the port until the
 * queue is empty or the port is full; then UndisPortReady starts it again. Finished NBLs gather in
 * Done, and one DPC at a time gives them back, so they come back in the order of sending.
 */
#include "portnic.h"

static KDEFERRED_ROUTINE CompleteDpc;

static VOID
CompleteDpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    ADAPTER *Adapter = DeferredContext;
    BOOLEAN Paused = FALSE;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    /* The same DPC may start on another processor while this one completes: that one leaves. */
    if (Adapter->Completing) {
        NdisDprReleaseSpinLock(&Adapter->Lock);
        return;
    }
    Adapter->Completing = TRUE;
    while (Adapter->Done.Head != NULL) {
        PNET_BUFFER_LIST Chain = Adapter->Done.Head, Nbl;
        ULONG Count = 0;

        for (Nbl = Chain; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl))
            Count++;
        ChainInitialize(&Adapter->Done);
        NdisDprReleaseSpinLock(&Adapter->Lock);
        NdisMSendNetBufferListsComplete(
            Adapter->Handle, Chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
        NdisDprAcquireSpinLock(&Adapter->Lock);
        Adapter->Outstanding -= Count;
    }
    Adapter->Completing = FALSE;
    Paused = AdapterPaused(Adapter);
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Paused)
        NdisMPauseComplete(Adapter->Handle);
}

VOID
SendInitialize(ADAPTER *Adapter)
{
    ChainInitialize(&Adapter->Queue);
    ChainInitialize(&Adapter->Done);
    KeInitializeDpc(&Adapter->CompletionDpc, CompleteDpc, Adapter);
}

/* Takes the first NBL off the queue. Under the lock. */
static VOID
Finish(ADAPTER *Adapter, NDIS_STATUS Status)
{
    PNET_BUFFER_LIST Nbl = Adapter->Queue.Head;

    Adapter->Queue.Head = NET_BUFFER_LIST_NEXT_NBL(Nbl);
    if (Adapter->Queue.Head == NULL)
        ChainInitialize(&Adapter->Queue);
    else
        Adapter->NextNb = NET_BUFFER_LIST_FIRST_NB(Adapter->Queue.Head);
    NET_BUFFER_LIST_STATUS(Nbl) = Status;
    ChainAppend(&Adapter->Done, Nbl);
}

/* Describes the next frames of the queue without taking them off. Under the lock. */
static ULONG
Collect(ADAPTER *Adapter, UNDIS_PORT_TRANSMIT *Frames)
{
    PNET_BUFFER_LIST Nbl = Adapter->Queue.Head;
    PNET_BUFFER Nb = Adapter->NextNb;
    ULONG Count = 0;

    while (Nbl != NULL && Count < UNDIS_PORT_BATCH) {
        Adapter->Busy = Nbl;
        for (; Nb != NULL && Count < UNDIS_PORT_BATCH; Nb = NET_BUFFER_NEXT_NB(Nb), Count++) {
            Frames[Count].Mdl = NET_BUFFER_CURRENT_MDL(Nb);
            Frames[Count].Offset = NET_BUFFER_CURRENT_MDL_OFFSET(Nb);
            Frames[Count].Length = NET_BUFFER_DATA_LENGTH(Nb);
        }
        Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        Nb = Nbl != NULL ? NET_BUFFER_LIST_FIRST_NB(Nbl) : NULL;
    }
    return Count;
}

static VOID
CountSent(ADAPTER *Adapter, PNET_BUFFER Nb)
{
    PUCHAR Mdl = MmGetSystemAddressForMdlSafe(NET_BUFFER_CURRENT_MDL(Nb), NormalPagePriority);
    ULONG Kind = 0;

    if (Mdl != NULL && MmGetMdlByteCount(NET_BUFFER_CURRENT_MDL(Nb)) >=
                           NET_BUFFER_CURRENT_MDL_OFFSET(Nb) + ADDRESS_SIZE)
        Kind = AddressKind(Mdl + NET_BUFFER_CURRENT_MDL_OFFSET(Nb));
    Adapter->Counters.OutFrames[Kind]++;
    Adapter->Counters.OutBytes[Kind] += NET_BUFFER_DATA_LENGTH(Nb);
}

/* The port has taken the first @Taken frames. Under the lock. */
static VOID
Advance(ADAPTER *Adapter, ULONG Taken)
{
    while (Taken-- > 0) {
        CountSent(Adapter, Adapter->NextNb);
        Adapter->NextNb = NET_BUFFER_NEXT_NB(Adapter->NextNb);
        if (Adapter->NextNb == NULL)
            Finish(Adapter, NDIS_STATUS_SUCCESS);
    }
}

/* Offers the queue to the port; or, on the way to a pause, gives it back unsent. */
VOID
SendDrain(ADAPTER *Adapter)
{
    UNDIS_PORT_TRANSMIT Frames[UNDIS_PORT_BATCH];
    BOOLEAN Done;

    NdisAcquireSpinLock(&Adapter->Lock);
    if (Adapter->Sending) {
        Adapter->SendAgain = TRUE;
        NdisReleaseSpinLock(&Adapter->Lock);
        return;
    }
    Adapter->Sending = TRUE;
    while (Adapter->Queue.Head != NULL) {
        ULONG Count, Taken;

        if (Adapter->State != StateRunning) {
            Finish(Adapter, NDIS_STATUS_PAUSED);
            continue;
        }
        Adapter->SendAgain = FALSE;
        Count = Collect(Adapter, Frames);
        NdisReleaseSpinLock(&Adapter->Lock);
        Taken = Adapter->Port.Transmit(Adapter->Port.Context, Frames, Count);
        NdisAcquireSpinLock(&Adapter->Lock);
        Adapter->Busy = NULL;
        Advance(Adapter, Taken);
        if (Taken < Count && !Adapter->SendAgain && Adapter->State == StateRunning)
            break;
    }
    Adapter->Sending = FALSE;
    Done = Adapter->Done.Head != NULL;
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Done)
        KeInsertQueueDpc(&Adapter->CompletionDpc, NULL, NULL);
}

/* A frame that the port cannot carry. */
static BOOLEAN
IsTooLong(const ADAPTER *Adapter, PNET_BUFFER_LIST Nbl)
{
    PNET_BUFFER Nb;

    for (Nb = NET_BUFFER_LIST_FIRST_NB(Nbl); Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb))
        if (NET_BUFFER_DATA_LENGTH(Nb) > Adapter->Mtu + HEADER_SIZE + TAG_SIZE)
            return TRUE;
    return FALSE;
}

VOID
PortnicSend(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNET_BUFFER_LIST Nbl, Next;
    BOOLEAN Running;

    UNREFERENCED_PARAMETER(PortNumber);
    NdisAcquireSpinLock(&Adapter->Lock);
    Running = Adapter->State == StateRunning;
    for (Nbl = NetBufferList; Running && Nbl != NULL; Nbl = Next) {
        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        if (IsTooLong(Adapter, Nbl)) {
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_INVALID_LENGTH;
            ChainAppend(&Adapter->Done, Nbl);
            Adapter->Outstanding++;
            continue;
        }
        if (Adapter->Queue.Head == NULL)
            Adapter->NextNb = NET_BUFFER_LIST_FIRST_NB(Nbl);
        ChainAppend(&Adapter->Queue, Nbl);
        Adapter->Outstanding++;
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Running) {
        SendDrain(Adapter);
        return;
    }
    for (Nbl = NetBufferList; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl))
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_PAUSED;
    NdisMSendNetBufferListsComplete(Adapter->Handle, NetBufferList,
        NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

/* What the port is looking at is sent; the rest of that CancelId comes back. */
VOID
PortnicCancelSend(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNET_BUFFER_LIST *At, Nbl;
    BOOLEAN Done = FALSE, FromHead;

    NdisAcquireSpinLock(&Adapter->Lock);
    At = &Adapter->Queue.Head;
    if (Adapter->Busy != NULL)
        At = &NET_BUFFER_LIST_NEXT_NBL(Adapter->Busy);
    else if (Adapter->Queue.Head != NULL &&
             Adapter->NextNb != NET_BUFFER_LIST_FIRST_NB(Adapter->Queue.Head))
        At = &NET_BUFFER_LIST_NEXT_NBL(Adapter->Queue.Head); /* half of it is out */
    FromHead = At == &Adapter->Queue.Head;
    while ((Nbl = *At) != NULL) {
        if (NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(Nbl) != CancelId) {
            At = &NET_BUFFER_LIST_NEXT_NBL(Nbl);
            continue;
        }
        *At = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SEND_ABORTED;
        ChainAppend(&Adapter->Done, Nbl);
        Done = TRUE;
    }
    Adapter->Queue.Tail = At;
    if (FromHead && Adapter->Queue.Head != NULL)
        Adapter->NextNb = NET_BUFFER_LIST_FIRST_NB(Adapter->Queue.Head);
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Done)
        KeInsertQueueDpc(&Adapter->CompletionDpc, NULL, NULL);
}
