/* SPDX-License-Identifier: MIT */
/* The data of dialer5: between the port and the VC of the call. */
#include "dialer5.h"

static UNDIS_PORT_RECEIVED FromPort;

VOID
DataUpdateHold(BINDING *Binding)
{
    BOOLEAN Hold =
        !Binding->Running || !Binding->Talking || Binding->Closing || Binding->Out > PACKETS / 2;

    if (Binding->PortOpen && Hold != Binding->Held) {
        Binding->Held = Hold;
        Binding->Port.Hold(Binding->Port.Context, Hold);
    }
}

NDIS_STATUS
DataOpen(BINDING *Binding)
{
    if (!Binding->HasPort)
        return NDIS_STATUS_SUCCESS;
    Binding->Port.Hold(Binding->Port.Context, TRUE);
    if (!NT_SUCCESS(Binding->Port.Open(Binding->Port.Context, FromPort, NULL, NULL, Binding)))
        return NDIS_STATUS_OPEN_FAILED;
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Held = TRUE;
    Binding->PortOpen = TRUE;
    DataUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    return NDIS_STATUS_SUCCESS;
}

VOID
DataClose(BINDING *Binding)
{
    BOOLEAN Open;

    NdisAcquireSpinLock(&Binding->Lock);
    NdisDprAcquireSpinLock(&Binding->TransmitLock);
    Open = Binding->PortOpen;
    Binding->PortOpen = FALSE;
    NdisDprReleaseSpinLock(&Binding->TransmitLock);
    NdisReleaseSpinLock(&Binding->Lock);
    if (Open)
        Binding->Port.Close(Binding->Port.Context);
    if (Binding->HasPort) {
        Binding->Port.InterfaceDereference(Binding->Port.Context);
        ObDereferenceObject(Binding->PortFile);
    }
    Binding->HasPort = FALSE;
}

/* A packet with a buffer and a copy of the frame; NULL: no memory. */
static PNDIS_PACKET
MakePacket(BINDING *Binding, const VOID *Data, ULONG Length)
{
    PNDIS_PACKET Packet;
    PNDIS_BUFFER Buffer;
    NDIS_STATUS Status;
    PVOID Copy;

    NdisDprAllocatePacket(&Status, &Packet, Binding->PacketPool);
    if (Status != NDIS_STATUS_SUCCESS)
        return NULL;
    if (NdisAllocateMemoryWithTag(&Copy, Length, TAG) != NDIS_STATUS_SUCCESS) {
        NdisDprFreePacket(Packet);
        return NULL;
    }
    NdisMoveMemory(Copy, Data, Length);
    NdisAllocateBuffer(&Status, &Buffer, Binding->BufferPool, Copy, Length);
    if (Status != NDIS_STATUS_SUCCESS) {
        NdisFreeMemory(Copy, 0, 0);
        NdisDprFreePacket(Packet);
        return NULL;
    }
    NdisChainBufferAtBack(Packet, Buffer);
    *(PVOID *)Packet->ProtocolReserved = Copy;
    return Packet;
}

static VOID
FreePacket(PNDIS_PACKET Packet)
{
    PNDIS_BUFFER Buffer;

    NdisUnchainBufferAtFront(Packet, &Buffer);
    NdisFreeBuffer(Buffer);
    NdisFreeMemory(*(PVOID *)Packet->ProtocolReserved, 0, 0);
    NdisFreePacket(Packet);
}

static VOID
FromPort(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    BINDING *Binding = Context;
    PNDIS_PACKET Packets[UNDIS_PORT_BATCH];
    NDIS_HANDLE Vc = NULL;
    ULONG Made = 0, i;

    NdisDprAcquireSpinLock(&Binding->Lock);
    for (i = 0; i < Count; i++) {
        Packets[Made] = NULL;
        if (Binding->Running && Binding->Talking && !Binding->Closing)
            Packets[Made] = MakePacket(Binding, Frames[i].Data, Frames[i].Length);
        if (Packets[Made] == NULL) {
            Binding->NotSent++;
            continue;
        }
        Made++;
        Binding->Out++;
        Binding->Sent++;
        Vc = Binding->Vc;
    }
    DataUpdateHold(Binding);
    NdisDprReleaseSpinLock(&Binding->Lock);
    if (Made != 0)
        NdisCoSendPackets(Vc, Packets, Made);
}

VOID
Dialer5SendComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet)
{
    BINDING *Binding = ProtocolVcContext;
    BOOLEAN Close;

    NdisAcquireSpinLock(&Binding->Lock);
    if (Status != NDIS_STATUS_SUCCESS)
        Binding->NotSent++;
    FreePacket(Packet);
    Binding->Out--;
    DataUpdateHold(Binding);
    Close = Binding->Closing && Binding->Out == 0;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Close)
        CallStep(Binding);
}

UINT
Dialer5Receive(
    NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet)
{
    BINDING *Binding = ProtocolBindingContext;
    UNDIS_PORT_TRANSMIT Frame = {NULL, 0, 0};
    UINT Length;

    UNREFERENCED_PARAMETER(ProtocolVcContext);
    NdisQueryPacket(Packet, NULL, NULL, (PNDIS_BUFFER *)&Frame.Mdl, &Length);
    Frame.Length = Length;
    NdisDprAcquireSpinLock(&Binding->TransmitLock);
    Binding->Received++;
    if (Binding->PortOpen && Binding->Port.Transmit(Binding->Port.Context, &Frame, 1) == 0)
        Binding->NotTaken++;
    NdisDprReleaseSpinLock(&Binding->TransmitLock);
    return 0;
}
