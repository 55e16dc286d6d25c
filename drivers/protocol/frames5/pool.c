/* SPDX-License-Identifier: MIT */
/* The packets of a binding: made when it is bound, used over and over. */
#include "frames5.h"

static BUFFER **
Reserved(PNDIS_PACKET Packet)
{
    return (BUFFER **)Packet->ProtocolReserved;
}

/* What a transfer fills begins behind the header, which ProtocolReceive is given. */
static NDIS_STATUS
ChainRest(BINDING *Binding, BUFFER *Buffer)
{
    ULONG Header = Binding->Medium == NdisMedium802_3 ? 14 : 0;
    NDIS_STATUS Status;

    NdisAllocateBuffer(&Status, &Buffer->Rest, Binding->BufferPool, Buffer->Data + Header,
        Binding->BufferSize - Header);
    if (Status == NDIS_STATUS_SUCCESS)
        NdisChainBufferAtBack(Buffer->Packet, Buffer->Rest);
    return Status;
}

static NDIS_STATUS
MakeBuffer(BINDING *Binding, ULONG Index)
{
    BUFFER *Buffer = &Binding->Buffers[Index];
    NDIS_STATUS Status;

    Buffer->Data = Binding->BufferMemory + (SIZE_T)Index * Binding->BufferSize;
    NdisAllocatePacket(&Status, &Buffer->Packet, Binding->PacketPool);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *Reserved(Buffer->Packet) = Buffer;
    NdisAllocateBuffer(
        &Status, &Buffer->Whole, Binding->BufferPool, Buffer->Data, Binding->BufferSize);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (Index < Binding->BufferCount) {
        NdisChainBufferAtBack(Buffer->Packet, Buffer->Whole);
        Buffer->Next = Binding->Free;
        Binding->Free = Buffer;
        Binding->FreeCount++;
        return NDIS_STATUS_SUCCESS;
    }
    Buffer->Next = Binding->FreeReceive;
    Binding->FreeReceive = Buffer;
    return ChainRest(Binding, Buffer);
}

NDIS_STATUS
PoolInitialize(BINDING *Binding)
{
    ULONG All = Binding->BufferCount + RECEIVE_COUNT, i;
    NDIS_STATUS Status;

    Binding->BufferSize = (Binding->Mtu + HEADER_SIZE + 63) & ~63u;
    NdisAllocatePacketPool(&Status, &Binding->PacketPool, All, sizeof(BUFFER *));
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocateBufferPool(&Status, &Binding->BufferPool, 2 * All);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = NdisAllocateMemoryWithTag((PVOID *)&Binding->Buffers, All * sizeof(BUFFER), TAG);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisZeroMemory(Binding->Buffers, All * sizeof(BUFFER));
    Status =
        NdisAllocateMemoryWithTag((PVOID *)&Binding->BufferMemory, All * Binding->BufferSize, TAG);
    for (i = 0; i < All && Status == NDIS_STATUS_SUCCESS; i++)
        Status = MakeBuffer(Binding, i);
    return Status;
}

static VOID
FreeBuffer(BUFFER *Buffer)
{
    PNDIS_BUFFER Chained;

    if (Buffer->Packet != NULL) {
        NdisUnchainBufferAtFront(Buffer->Packet, &Chained);
        NdisFreePacket(Buffer->Packet);
    }
    if (Buffer->Whole != NULL)
        NdisFreeBuffer(Buffer->Whole);
    if (Buffer->Rest != NULL)
        NdisFreeBuffer(Buffer->Rest);
}

VOID
PoolFree(BINDING *Binding)
{
    ULONG i;

    for (i = 0; Binding->Buffers != NULL && i < Binding->BufferCount + RECEIVE_COUNT; i++)
        FreeBuffer(&Binding->Buffers[i]);
    if (Binding->BufferMemory != NULL)
        NdisFreeMemory(Binding->BufferMemory, 0, 0);
    if (Binding->Buffers != NULL)
        NdisFreeMemory(Binding->Buffers, 0, 0);
    if (Binding->BufferPool != NULL)
        NdisFreeBufferPool(Binding->BufferPool);
    if (Binding->PacketPool != NULL)
        NdisFreePacketPool(Binding->PacketPool);
}

/* Hold is called under the lock, so that the last decision is the one that the port sees. */
VOID
PoolUpdateHold(BINDING *Binding)
{
    /* Let go only when two batches fit: not at each packet that comes back. */
    BOOLEAN Hold = Binding->FreeCount < (Binding->Held ? 2 * UNDIS_PORT_BATCH : UNDIS_PORT_BATCH);

    if (Binding->PortOpen && Hold != Binding->Held) {
        Binding->Held = Hold;
        Binding->Port.Hold(Binding->Port.Context, Hold);
    }
}

VOID
PoolPut(BINDING *Binding, BUFFER *Buffer, BUFFER **Free)
{
    NdisAcquireSpinLock(&Binding->Lock);
    Buffer->Next = *Free;
    *Free = Buffer;
    if (Free == &Binding->Free)
        Binding->FreeCount++;
    PoolUpdateHold(Binding);
    /* Under the lock: the binding may be gone as soon as the close goes on. */
    if (--Binding->Outstanding == 0 && Binding->Closing)
        NdisSetEvent(&Binding->Drained);
    NdisReleaseSpinLock(&Binding->Lock);
}

VOID
PoolDrain(BINDING *Binding)
{
    BOOLEAN Wait;

    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Closing = TRUE;
    Wait = Binding->Outstanding != 0;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Wait)
        NdisWaitEvent(&Binding->Drained, 0);
    NdisAcquireSpinLock(&Binding->Lock); /* whoever set the event has let it go */
    NdisReleaseSpinLock(&Binding->Lock);
}
