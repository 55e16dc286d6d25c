/* SPDX-License-Identifier: MIT */
/* The rings and the interrupt. */
#include "ringnic5.h"

static BOOLEAN
AllocateShared(ADAPTER *Adapter, SHARED *Shared, ULONG Length)
{
    Shared->Length = Length;
    NdisMAllocateSharedMemory(Adapter->Handle, Length, TRUE, &Shared->Memory, &Shared->Physical);
    return Shared->Memory != NULL;
}

static VOID
FreeShared(ADAPTER *Adapter, SHARED *Shared)
{
    if (Shared->Memory != NULL)
        NdisMFreeSharedMemory(
            Adapter->Handle, Shared->Length, TRUE, Shared->Memory, Shared->Physical);
}

static DESCRIPTOR *
TxRing(ADAPTER *Adapter)
{
    return Adapter->TxRing.Memory;
}

static DESCRIPTOR *
RxRing(ADAPTER *Adapter)
{
    return Adapter->RxRing.Memory;
}

/* Each slot of the RX ring has its own buffer, for ever. */
static VOID
Give(ADAPTER *Adapter)
{
    DESCRIPTOR *Descriptor = &RxRing(Adapter)[Adapter->RxTail];

    Descriptor->Address =
        (ULONG64)Adapter->RxMemory.Physical.QuadPart + (ULONG64)Adapter->RxTail * BUFFER_SIZE;
    Descriptor->Length = BUFFER_SIZE;
    Descriptor->Flags = 0;
    Adapter->RxTail = (Adapter->RxTail + 1) & (RX_COUNT - 1);
}

static VOID
SetRing(ADAPTER *Adapter, ULONG Base, const SHARED *Ring, ULONG Count)
{
    WriteRegister(Adapter, Base + RING_LOW, NdisGetPhysicalAddressLow(Ring->Physical));
    WriteRegister(Adapter, Base + RING_HIGH, (ULONG)NdisGetPhysicalAddressHigh(Ring->Physical));
    WriteRegister(Adapter, Base + RING_COUNT, Count);
}

NDIS_STATUS
DataInitialize(ADAPTER *Adapter)
{
    ULONG i;

    if (!AllocateShared(Adapter, &Adapter->TxRing, TX_COUNT * sizeof(DESCRIPTOR)) ||
        !AllocateShared(Adapter, &Adapter->RxRing, RX_COUNT * sizeof(DESCRIPTOR)) ||
        !AllocateShared(Adapter, &Adapter->RxMemory, RX_COUNT * BUFFER_SIZE))
        return NDIS_STATUS_RESOURCES;
    SetRing(Adapter, REG_TX, &Adapter->TxRing, TX_COUNT);
    SetRing(Adapter, REG_RX, &Adapter->RxRing, RX_COUNT);
    for (i = 0; i < RX_COUNT - 1; i++)
        Give(Adapter);
    WriteRegister(Adapter, REG_RX + RING_TAIL, Adapter->RxTail);
    return NDIS_STATUS_SUCCESS;
}

VOID
DataFree(ADAPTER *Adapter)
{
    FreeShared(Adapter, &Adapter->RxMemory);
    FreeShared(Adapter, &Adapter->RxRing);
    FreeShared(Adapter, &Adapter->TxRing);
}

/* The list of a packet is NDIS', made before it came. */
NDIS_STATUS
Ringnic5Send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PSCATTER_GATHER_LIST List =
        NDIS_PER_PACKET_INFO_FROM_PACKET(Packet, ScatterGatherListPacketInfo);
    ULONG Free = (Adapter->TxHead - Adapter->TxTail - 1) & (TX_COUNT - 1), Last = 0, i;

    UNREFERENCED_PARAMETER(Flags);
    if (List->NumberOfElements > TX_FRAGMENTS || ReadRegister(Adapter, REG_ID) == NIC_GONE) {
        Adapter->Errors++;
        return NDIS_STATUS_FAILURE;
    }
    if (Free < List->NumberOfElements) {
        Adapter->Refused = TRUE;
        return NDIS_STATUS_RESOURCES;
    }
    for (i = 0; i < List->NumberOfElements; i++) {
        DESCRIPTOR *Descriptor = &TxRing(Adapter)[Adapter->TxTail];

        Descriptor->Address = (ULONG64)List->Elements[i].Address.QuadPart;
        Descriptor->Length = List->Elements[i].Length;
        Descriptor->Flags = i + 1 == List->NumberOfElements ? DESCRIPTOR_END : 0;
        Last = Adapter->TxTail;
        Adapter->TxTail = (Adapter->TxTail + 1) & (TX_COUNT - 1);
    }
    Adapter->Sends[Last] = Packet;
    WriteRegister(Adapter, REG_TX + RING_TAIL, Adapter->TxTail);
    return NDIS_STATUS_PENDING;
}

VOID
DataSent(ADAPTER *Adapter, BOOLEAN All)
{
    while (Adapter->TxHead != Adapter->TxTail) {
        ULONG Flags = ReadULongAcquire(&TxRing(Adapter)[Adapter->TxHead].Flags);
        PNDIS_PACKET Packet = Adapter->Sends[Adapter->TxHead];
        BOOLEAN Good = (Flags & DESCRIPTOR_DONE) && !(Flags & DESCRIPTOR_ERROR);

        if (!(Flags & DESCRIPTOR_DONE) && !All)
            break;
        Adapter->TxHead = (Adapter->TxHead + 1) & (TX_COUNT - 1);
        if (!(Flags & DESCRIPTOR_END))
            continue;
        if (Good)
            Adapter->Sent++;
        else
            Adapter->Errors++;
        NdisMSendComplete(
            Adapter->Handle, Packet, Good ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE);
    }
    if (Adapter->Refused) {
        Adapter->Refused = FALSE;
        NdisMSendResourcesAvailable(Adapter->Handle);
    }
}

/* What the packet filter lets through. */
static BOOLEAN
IsWanted(const ADAPTER *Adapter, const UCHAR *To)
{
    static const UCHAR Everybody[ADDRESS_SIZE] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    ULONG i;

    if (Adapter->PacketFilter & NDIS_PACKET_TYPE_PROMISCUOUS)
        return TRUE;
    if (NdisEqualMemory(To, Everybody, ADDRESS_SIZE))
        return (Adapter->PacketFilter & NDIS_PACKET_TYPE_BROADCAST) != 0;
    if (!(To[0] & 1))
        return (Adapter->PacketFilter & NDIS_PACKET_TYPE_DIRECTED) &&
               NdisEqualMemory(To, Adapter->Address, ADDRESS_SIZE);
    if (Adapter->PacketFilter & NDIS_PACKET_TYPE_ALL_MULTICAST)
        return TRUE;
    for (i = 0; Adapter->PacketFilter & NDIS_PACKET_TYPE_MULTICAST && i < Adapter->MulticastCount;
         i++)
        if (NdisEqualMemory(To, Adapter->Multicast[i], ADDRESS_SIZE))
            return TRUE;
    return FALSE;
}

static VOID
Receive(ADAPTER *Adapter)
{
    BOOLEAN Any = FALSE;

    while (Adapter->RxHead != Adapter->RxTail) {
        DESCRIPTOR *Descriptor = &RxRing(Adapter)[Adapter->RxHead];
        PUCHAR Frame = (PUCHAR)Adapter->RxMemory.Memory + Adapter->RxHead * BUFFER_SIZE;
        ULONG Flags = ReadULongAcquire(&Descriptor->Flags), Length;

        if (!(Flags & DESCRIPTOR_DONE))
            break;
        Length = Descriptor->Length; /* the device writes it before the flags */
        Adapter->RxHead = (Adapter->RxHead + 1) & (RX_COUNT - 1);
        if (!(Flags & DESCRIPTOR_ERROR) && Length >= HEADER_SIZE && IsWanted(Adapter, Frame)) {
            Adapter->Received++;
            Adapter->Frame = Frame;
            Adapter->FrameLength = Length;
            NdisMEthIndicateReceive(Adapter->Handle, Adapter, (PCHAR)Frame, HEADER_SIZE,
                Frame + HEADER_SIZE, Length - HEADER_SIZE, Length - HEADER_SIZE);
            Any = TRUE;
        }
        Give(Adapter);
        WriteRegister(Adapter, REG_RX + RING_TAIL, Adapter->RxTail);
    }
    if (Any)
        NdisMEthIndicateReceiveComplete(Adapter->Handle);
}

/* Of the frame being indicated, behind its header. */
NDIS_STATUS
Ringnic5TransferData(PNDIS_PACKET Packet, PUINT BytesTransferred,
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset,
    UINT BytesToTransfer)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    const UCHAR *From = Adapter->Frame + HEADER_SIZE + ByteOffset;
    UINT Left = Adapter->FrameLength - HEADER_SIZE, Length;
    PNDIS_BUFFER Buffer;
    PVOID To;

    UNREFERENCED_PARAMETER(MiniportReceiveContext);
    *BytesTransferred = 0;
    if (ByteOffset > Left)
        return NDIS_STATUS_FAILURE;
    Left = Left - ByteOffset < BytesToTransfer ? Left - ByteOffset : BytesToTransfer;
    NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
    for (; Buffer != NULL && Left != 0; NdisGetNextBuffer(Buffer, &Buffer)) {
        NdisQueryBufferSafe(Buffer, &To, &Length, NormalPagePriority);
        if (To == NULL)
            return NDIS_STATUS_RESOURCES;
        Length = Length < Left ? Length : Left;
        NdisMoveMemory(To, From, Length);
        From += Length;
        Left -= Length;
        *BytesTransferred += Length;
    }
    return NDIS_STATUS_SUCCESS;
}

VOID
Ringnic5DisableInterrupt(NDIS_HANDLE MiniportAdapterContext)
{
    WriteRegister(MiniportAdapterContext, REG_MASK, 0);
}

VOID
Ringnic5EnableInterrupt(NDIS_HANDLE MiniportAdapterContext)
{
    WriteRegister(MiniportAdapterContext, REG_MASK, CAUSE_ALL);
}

VOID
Ringnic5Isr(PBOOLEAN InterruptRecognized, PBOOLEAN QueueMiniportHandleInterrupt,
    NDIS_HANDLE MiniportAdapterContext)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    ULONG Cause = ReadRegister(Adapter, REG_CAUSE);

    *InterruptRecognized = *QueueMiniportHandleInterrupt = Cause != 0 && Cause != NIC_GONE;
    if (!*InterruptRecognized)
        return;
    Adapter->Causes |= Cause;
    Ringnic5DisableInterrupt(Adapter);
}

typedef struct _CAUSES {
    ADAPTER *Adapter;
    ULONG Causes;
} CAUSES;

static BOOLEAN
FetchCauses(PVOID SynchronizeContext)
{
    CAUSES *Fetched = SynchronizeContext;

    Fetched->Causes = Fetched->Adapter->Causes;
    Fetched->Adapter->Causes = 0;
    return Fetched->Causes != 0;
}

/* NDIS calls Ringnic5EnableInterrupt afterwards. */
VOID
Ringnic5HandleInterrupt(NDIS_HANDLE MiniportAdapterContext)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    CAUSES Fetched = {Adapter, 0};
    BOOLEAN Up;

    if (!NdisMSynchronizeWithInterrupt(&Adapter->Interrupt, (PVOID)FetchCauses, &Fetched))
        return;
    if (Fetched.Causes & CAUSE_LINK) {
        Up = (ReadRegister(Adapter, REG_STATUS) & 1) != 0;
        if (Up != Adapter->LinkUp) {
            Adapter->LinkUp = Up;
            NdisMIndicateStatus(Adapter->Handle,
                Up ? NDIS_STATUS_MEDIA_CONNECT : NDIS_STATUS_MEDIA_DISCONNECT, NULL, 0);
            NdisMIndicateStatusComplete(Adapter->Handle);
        }
    }
    if (Fetched.Causes & CAUSE_SENT)
        DataSent(Adapter, FALSE);
    if (Fetched.Causes & CAUSE_RECEIVED)
        Receive(Adapter);
}
