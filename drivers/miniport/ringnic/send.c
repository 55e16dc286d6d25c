/* SPDX-License-Identifier: MIT */
/* Sending: a queue of NBLs, of which one task at a time moves NET_BUFFERs into the TX ring.
 *
 *     queue --NdisMAllocateNetBufferSGList--> RingnicProcessList --> descriptors --> TAIL
 *
 * NBL MiniportReserved[0] counts the NET_BUFFERs that are not done, [1] is the status so far;
 * NB MiniportReserved[0] is the adapter, [1] the NBL.
 */
#include "ringnic.h"

#define LEFT(Nbl)   (*(ULONG_PTR *)&NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0])
#define FAILED(Nbl) (*(ULONG_PTR *)&NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[1])

static DESCRIPTOR *
Ring(ADAPTER *Adapter)
{
    return Adapter->TxRing.Memory;
}

static ULONG
FreeDescriptors(const ADAPTER *Adapter)
{
    return (Adapter->TxHead - Adapter->TxTail - 1) & (TX_COUNT - 1);
}

/* One NET_BUFFER of @Nbl is done. Under the lock; the NBL goes to @Done when it was the last. */
static VOID
NbDone(ADAPTER *Adapter, PNET_BUFFER_LIST Nbl, NDIS_STATUS Status, CHAIN *Done)
{
    if (Status != NDIS_STATUS_SUCCESS)
        FAILED(Nbl) = (ULONG)Status;
    if (--LEFT(Nbl) != 0)
        return;
    NET_BUFFER_LIST_STATUS(Nbl) = (NDIS_STATUS)FAILED(Nbl);
    Adapter->Outstanding--;
    ChainAppend(Done, Nbl);
}

static VOID
Complete(ADAPTER *Adapter, CHAIN *Done)
{
    BOOLEAN Paused;

    if (Done->Head != NULL)
        NdisMSendNetBufferListsComplete(
            Adapter->Handle, Done->Head, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Paused = AdapterPaused(Adapter);
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Paused)
        NdisMPauseComplete(Adapter->Handle);
}

/* Under the lock: the first NBL of the queue has no NET_BUFFER left to give. */
static VOID
NextNbl(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Nbl = Adapter->Queue.Head;

    Adapter->Queue.Head = NET_BUFFER_LIST_NEXT_NBL(Nbl);
    if (Adapter->Queue.Head == NULL)
        ChainInitialize(&Adapter->Queue);
    NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
    Adapter->NextNb =
        Adapter->Queue.Head != NULL ? NET_BUFFER_LIST_FIRST_NB(Adapter->Queue.Head) : NULL;
}

/* Under the lock: the next NET_BUFFER to go into the ring, NULL: none, or no room. What cannot be
 * sent any more goes to @Done. */
static PNET_BUFFER
NextNb(ADAPTER *Adapter, CHAIN *Done)
{
    for (;;) {
        PNET_BUFFER_LIST Nbl = Adapter->Queue.Head;
        PNET_BUFFER Nb = Adapter->NextNb;
        BOOLEAN Dead = Adapter->Gone || Adapter->State != StateRunning;

        if (Nbl == NULL || (!Dead && FreeDescriptors(Adapter) < TX_FRAGMENTS))
            return NULL;
        Adapter->NextNb = NET_BUFFER_NEXT_NB(Nb);
        NET_BUFFER_MINIPORT_RESERVED(Nb)[0] = Adapter;
        NET_BUFFER_MINIPORT_RESERVED(Nb)[1] = Nbl;
        if (Adapter->NextNb == NULL)
            NextNbl(Adapter);
        if (Dead)
            NbDone(Adapter, Nbl, Adapter->Gone ? NDIS_STATUS_FAILURE : NDIS_STATUS_PAUSED, Done);
        else if (NET_BUFFER_DATA_LENGTH(Nb) > Adapter->Mtu + HEADER_SIZE + TAG_SIZE)
            NbDone(Adapter, Nbl, NDIS_STATUS_INVALID_LENGTH, Done);
        else
            return Nb;
    }
}

/* What NdisMAllocateNetBufferSGList could not do. */
static VOID
Refuse(ADAPTER *Adapter, PNET_BUFFER Nb)
{
    PNET_BUFFER_LIST Nbl = NET_BUFFER_MINIPORT_RESERVED(Nb)[1];
    CHAIN Done;

    ChainInitialize(&Done);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->Counters.OutErrors++;
    NbDone(Adapter, Nbl, NDIS_STATUS_RESOURCES, &Done);
    NdisDprReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, &Done);
}

/* At DISPATCH_LEVEL. */
VOID
SendDrain(ADAPTER *Adapter)
{
    PNET_BUFFER Nb;
    CHAIN Done;

    ChainInitialize(&Done);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->SendAgain = TRUE;
    if (Adapter->Sending) {
        NdisDprReleaseSpinLock(&Adapter->Lock);
        return;
    }
    Adapter->Sending = TRUE;
    while (Adapter->SendAgain) {
        Adapter->SendAgain = FALSE;
        while ((Nb = NextNb(Adapter, &Done)) != NULL) {
            NdisDprReleaseSpinLock(&Adapter->Lock);
            if (NdisMAllocateNetBufferSGList(Adapter->DmaHandle, Nb, Nb,
                    NDIS_SG_LIST_WRITE_TO_DEVICE, NULL, 0) != NDIS_STATUS_SUCCESS)
                Refuse(Adapter, Nb);
            NdisDprAcquireSpinLock(&Adapter->Lock);
        }
    }
    Adapter->Sending = FALSE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, &Done);
}

/* Under the lock: the list's elements as descriptors, without the bytes before the data. Answers
 * the index of the last. */
static ULONG
Fill(ADAPTER *Adapter, PSCATTER_GATHER_LIST List, PNET_BUFFER Nb)
{
    ULONG Skip = NET_BUFFER_CURRENT_MDL_OFFSET(Nb), Last = 0, i;

    for (i = 0; i < List->NumberOfElements; i++) {
        DESCRIPTOR *Descriptor = &Ring(Adapter)[Adapter->TxTail];

        if (List->Elements[i].Length <= Skip) {
            Skip -= List->Elements[i].Length;
            continue;
        }
        Descriptor->Address = (ULONG64)List->Elements[i].Address.QuadPart + Skip;
        Descriptor->Length = List->Elements[i].Length - Skip;
        Descriptor->Flags = 0;
        Skip = 0;
        Last = Adapter->TxTail;
        Adapter->TxTail = (Adapter->TxTail + 1) & (TX_COUNT - 1);
    }
    Ring(Adapter)[Last].Flags = DESCRIPTOR_END;
    return Last;
}

/* Under the lock: a frame in more pieces than descriptors may have, as a copy in one. */
static ULONG
FillCopy(ADAPTER *Adapter, PNET_BUFFER Nb)
{
    ULONG Last = Adapter->TxTail, Length = NET_BUFFER_DATA_LENGTH(Nb);
    PUCHAR Copy = (PUCHAR)Adapter->TxCopies.Memory + Last * BUFFER_SIZE;
    PVOID Data = NdisGetDataBuffer(Nb, Length, Copy, 1, 0);

    if (Data != NULL && Data != Copy)
        NdisMoveMemory(Copy, Data, Length);
    Ring(Adapter)[Last].Address =
        (ULONG64)Adapter->TxCopies.Physical.QuadPart + (ULONG64)Last * BUFFER_SIZE;
    Ring(Adapter)[Last].Length = Data != NULL ? Length : 0;
    Ring(Adapter)[Last].Flags = DESCRIPTOR_END;
    Adapter->TxTail = (Last + 1) & (TX_COUNT - 1);
    return Last;
}

VOID
RingnicProcessList(PDEVICE_OBJECT DeviceObject, PVOID Reserved,
    PSCATTER_GATHER_LIST ScatterGatherListBuffer, PVOID Context)
{
    PNET_BUFFER Nb = Context;
    ADAPTER *Adapter = NET_BUFFER_MINIPORT_RESERVED(Nb)[0];
    PNET_BUFFER_LIST Nbl = NET_BUFFER_MINIPORT_RESERVED(Nb)[1];
    ULONG Last;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Reserved);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    if (ScatterGatherListBuffer->NumberOfElements <= TX_FRAGMENTS)
        Last = Fill(Adapter, ScatterGatherListBuffer, Nb);
    else
        Last = FillCopy(Adapter, Nb);
    Adapter->Sends[Last] = (SENDING){Nbl, Nb, ScatterGatherListBuffer};
    Adapter->Counters.OutFrames++;
    Adapter->Counters.OutBytes += NET_BUFFER_DATA_LENGTH(Nb);
    WriteRegister(Adapter, REG_TX + RING_TAIL, Adapter->TxTail);
    NdisDprReleaseSpinLock(&Adapter->Lock);
}

/* Under the lock: takes the next frame out of the ring; FALSE: none is done. */
static BOOLEAN
TakeSent(ADAPTER *Adapter, BOOLEAN All, SENDING *Sent, NDIS_STATUS *Status)
{
    while (Adapter->TxHead != Adapter->TxTail) {
        DESCRIPTOR *Descriptor = &Ring(Adapter)[Adapter->TxHead];
        ULONG Flags = ReadULongAcquire(&Descriptor->Flags);

        if (!(Flags & DESCRIPTOR_DONE) && !All)
            return FALSE;
        *Sent = Adapter->Sends[Adapter->TxHead];
        Adapter->Sends[Adapter->TxHead].List = NULL;
        Adapter->TxHead = (Adapter->TxHead + 1) & (TX_COUNT - 1);
        *Status = (Flags & DESCRIPTOR_DONE) && !(Flags & DESCRIPTOR_ERROR) ? NDIS_STATUS_SUCCESS
                                                                           : NDIS_STATUS_FAILURE;
        if (Flags & DESCRIPTOR_END)
            return TRUE;
    }
    return FALSE;
}

VOID
SendDone(ADAPTER *Adapter, BOOLEAN All)
{
    NDIS_STATUS Status;
    SENDING Sent;
    CHAIN Done;

    ChainInitialize(&Done);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    while (TakeSent(Adapter, All, &Sent, &Status)) {
        NdisDprReleaseSpinLock(&Adapter->Lock);
        NdisMFreeNetBufferSGList(Adapter->DmaHandle, Sent.List, Sent.Nb);
        NdisDprAcquireSpinLock(&Adapter->Lock);
        if (Status != NDIS_STATUS_SUCCESS)
            Adapter->Counters.OutErrors++;
        NbDone(Adapter, Sent.Nbl, Status, &Done);
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, &Done);
    SendDrain(Adapter);
}

VOID
RingnicSend(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNET_BUFFER_LIST Nbl, Next;
    PNET_BUFFER Nb;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(PortNumber);
    UNREFERENCED_PARAMETER(SendFlags);
    NDIS_RAISE_IRQL_TO_DISPATCH(&Irql);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        LEFT(Nbl) = 0;
        FAILED(Nbl) = NDIS_STATUS_SUCCESS;
        for (Nb = NET_BUFFER_LIST_FIRST_NB(Nbl); Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb))
            LEFT(Nbl)++;
        if (Adapter->Queue.Head == NULL)
            Adapter->NextNb = NET_BUFFER_LIST_FIRST_NB(Nbl);
        ChainAppend(&Adapter->Queue, Nbl);
        Adapter->Outstanding++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    SendDrain(Adapter);
    /* A device that was pulled out will not say that it has sent. */
    if (ReadRegister(Adapter, REG_ID) == NIC_GONE) {
        NdisDprAcquireSpinLock(&Adapter->Lock);
        Adapter->Gone = TRUE;
        NdisDprReleaseSpinLock(&Adapter->Lock);
        SendDone(Adapter, TRUE);
    }
    NDIS_LOWER_IRQL(Irql, DISPATCH_LEVEL);
}

/* What is queued and has no NET_BUFFER in the ring yet comes back aborted. */
VOID
RingnicCancelSend(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNET_BUFFER_LIST Nbl, Next;
    CHAIN Keep, Done;
    KIRQL Irql;

    ChainInitialize(&Keep);
    ChainInitialize(&Done);
    NDIS_RAISE_IRQL_TO_DISPATCH(&Irql);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (Nbl = Adapter->Queue.Head; Nbl != NULL; Nbl = Next) {
        BOOLEAN Begun =
            Nbl == Adapter->Queue.Head && Adapter->NextNb != NET_BUFFER_LIST_FIRST_NB(Nbl);

        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        if (Begun || NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(Nbl) != CancelId) {
            ChainAppend(&Keep, Nbl);
            continue;
        }
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SEND_ABORTED;
        Adapter->Outstanding--;
        ChainAppend(&Done, Nbl);
    }
    if (Keep.Head != Adapter->Queue.Head)
        Adapter->NextNb = Keep.Head != NULL ? NET_BUFFER_LIST_FIRST_NB(Keep.Head) : NULL;
    Adapter->Queue = Keep;
    if (Keep.Head == NULL)
        ChainInitialize(&Adapter->Queue);
    NdisDprReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, &Done);
    NDIS_LOWER_IRQL(Irql, DISPATCH_LEVEL);
}

NDIS_STATUS
SendInitialize(ADAPTER *Adapter)
{
    ChainInitialize(&Adapter->Queue);
    if (!AllocateShared(Adapter, &Adapter->TxRing, TX_COUNT * sizeof(DESCRIPTOR)) ||
        !AllocateShared(Adapter, &Adapter->TxCopies, TX_COUNT * BUFFER_SIZE))
        return NDIS_STATUS_RESOURCES;
    WriteRegister(Adapter, REG_TX + RING_LOW, NdisGetPhysicalAddressLow(Adapter->TxRing.Physical));
    WriteRegister(
        Adapter, REG_TX + RING_HIGH, (ULONG)NdisGetPhysicalAddressHigh(Adapter->TxRing.Physical));
    WriteRegister(Adapter, REG_TX + RING_COUNT, TX_COUNT);
    return NDIS_STATUS_SUCCESS;
}

VOID
SendFree(ADAPTER *Adapter)
{
    FreeShared(Adapter, &Adapter->TxCopies);
    FreeShared(Adapter, &Adapter->TxRing);
}
