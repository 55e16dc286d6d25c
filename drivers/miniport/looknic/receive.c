/* SPDX-License-Identifier: MIT */
/*
 * Receiving: the port's callback copies frames into the ring; the timer shows each, as much of it
 * as the look-ahead allows, and MiniportTransferData gives the rest.
 */
#include "looknic.h"

/* Frames wait in the port while a whole batch would not fit. */
VOID
LookReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    BOOLEAN Hold;
    ULONG i;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (i = 0; i < Count; i++) {
        FRAME *Frame = &Adapter->Ring[(Adapter->First + Adapter->Count) % RING];

        if (Frames[i].Length < NIC5_ETHERNET || Frames[i].Length > FRAME_ROOM ||
            Adapter->Count == RING || !Nic5Wants(&Adapter->Nic, Frames[i].Data)) {
            Adapter->Nic.NoBuffer += Adapter->Count == RING;
            continue;
        }
        Frame->Length = Frames[i].Length;
        NdisMoveMemory(Frame->Data, Frames[i].Data, Frames[i].Length);
        Adapter->Count++;
    }
    Hold = Adapter->Count + UNDIS_PORT_BATCH > RING;
    Adapter->Held = Hold;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Hold)
        Adapter->Nic.Port.Hold(Adapter->Nic.Port.Context, TRUE);
    NdisMSetTimer(&Adapter->Timer, 0);
}

/* The next frame, as the medium has it. */
static BOOLEAN
TakeFrame(ADAPTER *Adapter, PUINT Lookahead)
{
    BOOLEAN Taken = FALSE;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    while (!Taken && Adapter->Count > 0) {
        Taken = MediumFromPort(Adapter->Medium, &Adapter->Ring[Adapter->First], &Adapter->Shown);
        Adapter->First = (Adapter->First + 1) % RING;
        Adapter->Count--;
        Adapter->Nic.Received += Taken;
    }
    *Lookahead = Adapter->Nic.Lookahead;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    return Taken;
}

VOID
ReceiveRing(ADAPTER *Adapter)
{
    BOOLEAN Any = FALSE, Held;
    UINT Lookahead;

    while (TakeFrame(Adapter, &Lookahead)) {
        UINT Rest = Adapter->Shown.Length - Adapter->Medium->HeaderSize;

        Adapter->Medium->Indicate(Adapter, Lookahead < Rest ? Lookahead : Rest);
        Any = TRUE;
    }
    if (Any)
        Adapter->Medium->IndicateEnd(Adapter);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Held = Adapter->Held && Adapter->Count == 0;
    if (Held)
        Adapter->Held = FALSE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Held)
        Adapter->Nic.Port.Hold(Adapter->Nic.Port.Context, FALSE);
}

NDIS_STATUS
LookTransferData(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PUCHAR From = Adapter->Shown.Data + Adapter->Medium->HeaderSize + ByteOffset;
    UINT Left = Adapter->Shown.Length - Adapter->Medium->HeaderSize, Length;
    PNDIS_BUFFER Buffer;
    PVOID Data;

    UNREFERENCED_PARAMETER(MiniportReceiveContext);
    *BytesTransferred = 0;
    if (ByteOffset > Left)
        return NDIS_STATUS_FAILURE;
    Left -= ByteOffset;
    if (Left > BytesToTransfer)
        Left = BytesToTransfer;
    NdisQueryPacket(Packet, NULL, NULL, &Buffer, NULL);
    while (Buffer != NULL && Left > 0) {
        NdisQueryBufferSafe(Buffer, &Data, &Length, NormalPagePriority);
        if (Data == NULL)
            return NDIS_STATUS_RESOURCES;
        if (Length > Left)
            Length = Left;
        NdisMoveMemory(Data, From, Length);
        From += Length;
        Left -= Length;
        *BytesTransferred += Length;
        NdisGetNextBuffer(Buffer, &Buffer);
    }
    return NDIS_STATUS_SUCCESS;
}
