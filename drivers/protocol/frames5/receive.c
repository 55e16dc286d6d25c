/* SPDX-License-Identifier: MIT */
/* From the adapter to the port. */
#include "frames5.h"

static VOID
Transmit(BINDING *Binding, PMDL Mdl, ULONG Length)
{
    UNDIS_PORT_TRANSMIT Frame = {Mdl, 0, Length};

    NdisAcquireSpinLock(&Binding->TransmitLock);
    Binding->Received++;
    if (Binding->PortOpen)
        Binding->NotTaken += 1 - Binding->Port.Transmit(Binding->Port.Context, &Frame, 1);
    NdisReleaseSpinLock(&Binding->TransmitLock);
}

/* The port copies: the packet is not kept. */
INT
Frames5ReceivePacket(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet)
{
    PNDIS_BUFFER First;
    UINT Length;

    NdisQueryPacket(Packet, NULL, NULL, &First, &Length);
    Transmit(ProtocolBindingContext, First, Length);
    return 0;
}

static BUFFER *
TakeReceive(BINDING *Binding)
{
    BUFFER *Buffer;

    NdisAcquireSpinLock(&Binding->Lock);
    Buffer = Binding->Closing ? NULL : Binding->FreeReceive;
    if (Buffer != NULL) {
        Binding->FreeReceive = Buffer->Next;
        Binding->Outstanding++;
    }
    NdisReleaseSpinLock(&Binding->Lock);
    return Buffer;
}

/* A frame of which only the beginning is shown: the rest is fetched. */
NDIS_STATUS
Frames5Receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext,
    PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize,
    UINT PacketSize)
{
    BINDING *Binding = ProtocolBindingContext;
    BUFFER *Buffer = NULL;
    NDIS_STATUS Status = NDIS_STATUS_SUCCESS;
    UINT Transferred = PacketSize;

    if (HeaderBufferSize + PacketSize <= Binding->BufferSize)
        Buffer = TakeReceive(Binding);
    if (Buffer == NULL) {
        NdisAcquireSpinLock(&Binding->TransmitLock);
        Binding->NotTaken++;
        NdisReleaseSpinLock(&Binding->TransmitLock);
        return NDIS_STATUS_NOT_ACCEPTED;
    }
    Buffer->HeaderSize = HeaderBufferSize;
    NdisMoveMemory(Buffer->Data, HeaderBuffer, HeaderBufferSize);
    if (LookaheadBufferSize == PacketSize)
        NdisCopyLookaheadData(Buffer->Data + HeaderBufferSize, LookAheadBuffer, PacketSize, 0);
    else
        NdisTransferData(&Status, Binding->Handle, MacReceiveContext, 0, PacketSize, Buffer->Packet,
            &Transferred);
    if (Status != NDIS_STATUS_PENDING)
        Frames5TransferComplete(Binding, Buffer->Packet, Status, Transferred);
    return NDIS_STATUS_SUCCESS;
}

VOID
Frames5TransferComplete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status,
    UINT BytesTransferred)
{
    BINDING *Binding = ProtocolBindingContext;
    BUFFER *Buffer = *(BUFFER **)Packet->ProtocolReserved;

    if (Status == NDIS_STATUS_SUCCESS)
        Transmit(Binding, Buffer->Whole, Buffer->HeaderSize + BytesTransferred);
    PoolPut(Binding, Buffer, &Binding->FreeReceive);
}

/* Each frame has gone on already. */
VOID
Frames5ReceiveComplete(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
}
