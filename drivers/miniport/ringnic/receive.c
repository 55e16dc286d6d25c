/* SPDX-License-Identifier: MIT */
/* Receiving: the device fills buffers of the RX ring; each that is full goes up, and another one
 * takes its place. When there is no other, it is only shown (RESOURCES) and goes into the ring
 * again. */
#include "ringnic.h"

static DESCRIPTOR *
Ring(ADAPTER *Adapter)
{
    return Adapter->RxRing.Memory;
}

/* Under the lock. */
static VOID
Give(ADAPTER *Adapter, BUFFER *Buffer)
{
    DESCRIPTOR *Descriptor = &Ring(Adapter)[Adapter->RxTail];

    Descriptor->Address = Buffer->Physical;
    Descriptor->Length = BUFFER_SIZE;
    Descriptor->Flags = 0;
    Adapter->RxSlots[Adapter->RxTail] = Buffer;
    Adapter->RxTail = (Adapter->RxTail + 1) & (RX_COUNT - 1);
    WriteRegister(Adapter, REG_RX + RING_TAIL, Adapter->RxTail);
}

static ULONG
AddressKind(const UCHAR *Address)
{
    if (!(Address[0] & 1))
        return NDIS_PACKET_TYPE_DIRECTED;
    return (Address[0] & Address[1] & Address[2] & Address[3] & Address[4] & Address[5]) == 0xFF
               ? NDIS_PACKET_TYPE_BROADCAST
               : NDIS_PACKET_TYPE_MULTICAST;
}

/* What the packet filter lets through. Under the lock. */
static BOOLEAN
IsWanted(const ADAPTER *Adapter, const UCHAR *Address)
{
    ULONG Kind = AddressKind(Address), i;

    if (Adapter->PacketFilter & NDIS_PACKET_TYPE_PROMISCUOUS)
        return TRUE;
    if (Kind == NDIS_PACKET_TYPE_MULTICAST &&
        Adapter->PacketFilter & NDIS_PACKET_TYPE_ALL_MULTICAST)
        return TRUE;
    if (!(Adapter->PacketFilter & Kind))
        return FALSE;
    if (Kind == NDIS_PACKET_TYPE_DIRECTED)
        return NdisEqualMemory(Address, Adapter->Address, ADDRESS_SIZE);
    for (i = 0; Kind == NDIS_PACKET_TYPE_MULTICAST && i < Adapter->MulticastCount; i++)
        if (NdisEqualMemory(Address, Adapter->Multicast[i], ADDRESS_SIZE))
            return TRUE;
    return Kind == NDIS_PACKET_TYPE_BROADCAST;
}

static VOID
Prepare(BUFFER *Buffer, ULONG Length)
{
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Buffer->Nbl);
    USHORT EtherType;

    NET_BUFFER_FIRST_MDL(Nb) = NET_BUFFER_CURRENT_MDL(Nb) = Buffer->Mdl;
    NET_BUFFER_DATA_OFFSET(Nb) = NET_BUFFER_CURRENT_MDL_OFFSET(Nb) = 0;
    NET_BUFFER_DATA_LENGTH(Nb) = Length;
    NdisZeroMemory(Buffer->Nbl->NetBufferListInfo, sizeof(Buffer->Nbl->NetBufferListInfo));
    NdisMoveMemory(&EtherType, Buffer->Data + 2 * ADDRESS_SIZE, sizeof(EtherType));
    NET_BUFFER_LIST_INFO(Buffer->Nbl, NetBufferListFrameType) = (PVOID)(ULONG_PTR)EtherType;
    NET_BUFFER_LIST_STATUS(Buffer->Nbl) = NDIS_STATUS_SUCCESS;
    NET_BUFFER_LIST_NEXT_NBL(Buffer->Nbl) = NULL;
}

/* Under the lock: the next buffer that the device has filled with a frame that is wanted, NULL:
 * none. Others go back into the ring. */
static BUFFER *
Take(ADAPTER *Adapter)
{
    while (Adapter->RxHead != Adapter->RxTail) {
        DESCRIPTOR *Descriptor = &Ring(Adapter)[Adapter->RxHead];
        BUFFER *Buffer = Adapter->RxSlots[Adapter->RxHead];
        ULONG Flags = ReadULongAcquire(&Descriptor->Flags), Length;

        if (!(Flags & DESCRIPTOR_DONE))
            return NULL;
        Length = Descriptor->Length; /* the device writes it before the flags */
        Adapter->RxHead = (Adapter->RxHead + 1) & (RX_COUNT - 1);
        if (!(Flags & DESCRIPTOR_ERROR) && Length >= HEADER_SIZE &&
            Adapter->State == StateRunning && IsWanted(Adapter, Buffer->Data)) {
            Adapter->Counters.InFrames++;
            Adapter->Counters.InBytes += Length;
            Adapter->Outstanding++;
            Prepare(Buffer, Length);
            return Buffer;
        }
        Adapter->Counters.InDiscards += (Flags & DESCRIPTOR_ERROR) != 0;
        Give(Adapter, Buffer);
    }
    return NULL;
}

/* Under the lock. */
static VOID
TakeBack(ADAPTER *Adapter, BUFFER *Buffer)
{
    Adapter->Outstanding--;
    Buffer->Next = Adapter->Free;
    Adapter->Free = Buffer;
}

/* Under the lock: up to a batch, each replaced in the ring while there are others. *@Low: the last
 * one was not. */
static ULONG
TakeBatch(ADAPTER *Adapter, CHAIN *Chain, BUFFER **Low)
{
    BUFFER *Buffer;
    ULONG Count = 0;

    *Low = NULL;
    while (Count < RECEIVE_BATCH && *Low == NULL && (Buffer = Take(Adapter)) != NULL) {
        BUFFER *Other = Adapter->Free;

        if (Other == NULL) {
            *Low = Buffer;
            break;
        }
        Adapter->Free = Other->Next;
        Give(Adapter, Other);
        ChainAppend(Chain, Buffer->Nbl);
        Count++;
    }
    return Count;
}

/* At DISPATCH_LEVEL, one at a time: the device is silent meanwhile. */
VOID
ReceiveDone(ADAPTER *Adapter)
{
    BOOLEAN Paused;
    BUFFER *Low;
    ULONG Count;
    CHAIN Chain;

    do {
        ChainInitialize(&Chain);
        NdisDprAcquireSpinLock(&Adapter->Lock);
        Count = TakeBatch(Adapter, &Chain, &Low);
        NdisDprReleaseSpinLock(&Adapter->Lock);
        if (Count != 0)
            NdisMIndicateReceiveNetBufferLists(Adapter->Handle, Chain.Head,
                NDIS_DEFAULT_PORT_NUMBER, Count, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
        if (Low == NULL)
            continue;
        NdisMIndicateReceiveNetBufferLists(Adapter->Handle, Low->Nbl, NDIS_DEFAULT_PORT_NUMBER, 1,
            NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES);
        NdisDprAcquireSpinLock(&Adapter->Lock);
        Adapter->Outstanding--;
        Give(Adapter, Low);
        Paused = AdapterPaused(Adapter);
        NdisDprReleaseSpinLock(&Adapter->Lock);
        if (Paused)
            NdisMPauseComplete(Adapter->Handle);
    } while (Count != 0 || Low != NULL);
}

VOID
RingnicReturn(
    NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNET_BUFFER_LIST Nbl, Next;
    BOOLEAN Paused;

    UNREFERENCED_PARAMETER(ReturnFlags);
    NdisAcquireSpinLock(&Adapter->Lock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
        TakeBack(Adapter, NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0]);
    }
    Paused = AdapterPaused(Adapter);
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Paused)
        NdisMPauseComplete(Adapter->Handle);
}

static BOOLEAN
MakeBuffer(ADAPTER *Adapter, ULONG Index)
{
    BUFFER *Buffer = &Adapter->Buffers[Index];

    Buffer->Data = (PUCHAR)Adapter->RxMemory.Memory + Index * BUFFER_SIZE;
    Buffer->Physical = (ULONG64)Adapter->RxMemory.Physical.QuadPart + (ULONG64)Index * BUFFER_SIZE;
    Buffer->Mdl = NdisAllocateMdl(Adapter->Handle, Buffer->Data, BUFFER_SIZE);
    if (Buffer->Mdl == NULL)
        return FALSE;
    Buffer->Nbl =
        NdisAllocateNetBufferAndNetBufferList(Adapter->NblPool, 0, 0, Buffer->Mdl, 0, BUFFER_SIZE);
    if (Buffer->Nbl == NULL)
        return FALSE;
    Buffer->Nbl->SourceHandle = Adapter->Handle;
    NET_BUFFER_LIST_MINIPORT_RESERVED(Buffer->Nbl)[0] = Buffer;
    Buffer->Next = Adapter->Free;
    Adapter->Free = Buffer;
    return TRUE;
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
    ULONG i;

    Adapter->NblPool = NdisAllocateNetBufferListPool(Adapter->Handle, &Parameters);
    if (Adapter->NblPool == NULL ||
        !AllocateShared(Adapter, &Adapter->RxRing, RX_COUNT * sizeof(DESCRIPTOR)) ||
        !AllocateShared(Adapter, &Adapter->RxMemory, RX_BUFFERS * BUFFER_SIZE))
        return NDIS_STATUS_RESOURCES;
    for (i = 0; i < RX_BUFFERS; i++)
        if (!MakeBuffer(Adapter, i))
            return NDIS_STATUS_RESOURCES;
    WriteRegister(Adapter, REG_RX + RING_LOW, NdisGetPhysicalAddressLow(Adapter->RxRing.Physical));
    WriteRegister(
        Adapter, REG_RX + RING_HIGH, (ULONG)NdisGetPhysicalAddressHigh(Adapter->RxRing.Physical));
    WriteRegister(Adapter, REG_RX + RING_COUNT, RX_COUNT);
    /* One slot stays empty: a full ring looks like an empty one. */
    for (i = 0; i < RX_COUNT - 1; i++) {
        BUFFER *Buffer = Adapter->Free;

        Adapter->Free = Buffer->Next;
        Give(Adapter, Buffer);
    }
    return NDIS_STATUS_SUCCESS;
}

VOID
ReceiveFree(ADAPTER *Adapter)
{
    ULONG i;

    for (i = 0; i < RX_BUFFERS; i++) {
        if (Adapter->Buffers[i].Nbl != NULL)
            NdisFreeNetBufferList(Adapter->Buffers[i].Nbl);
        if (Adapter->Buffers[i].Mdl != NULL)
            NdisFreeMdl(Adapter->Buffers[i].Mdl);
    }
    FreeShared(Adapter, &Adapter->RxMemory);
    FreeShared(Adapter, &Adapter->RxRing);
    if (Adapter->NblPool != NULL)
        NdisFreeNetBufferListPool(Adapter->NblPool);
}
