/* SPDX-License-Identifier: MIT */
/*
 * Sending: whoever finds the queue idle offers it to the port until it is empty or the port is
 * full, and completes what was taken, so that completions keep the order of the sends.
 */
#include "desernic.h"

/* Describes the first packets of the queue. Under the lock. */
static ULONG
Collect(ADAPTER *Adapter, UNDIS_PORT_TRANSMIT *Frames)
{
    PNDIS_PACKET Packet = Adapter->First;
    ULONG Count = 0;

    for (; Packet != NULL && Count < UNDIS_PORT_BATCH; Packet = *NextOf(Packet)) {
        PNDIS_BUFFER Buffer;
        UINT Length;

        NdisQueryPacket(Packet, NULL, NULL, &Buffer, &Length);
        Frames[Count].Mdl = Buffer;
        Frames[Count].Offset = 0;
        Frames[Count].Length = Length;
        Count++;
    }
    return Count;
}

/* Takes the first @Count packets off the queue. Under the lock. */
static PNDIS_PACKET
TakeOff(ADAPTER *Adapter, ULONG Count)
{
    PNDIS_PACKET Taken = NULL, *End = &Taken;

    while (Count-- > 0) {
        PNDIS_PACKET Packet = Adapter->First;

        Adapter->First = *NextOf(Packet);
        *NextOf(Packet) = NULL;
        *End = Packet;
        End = NextOf(Packet);
        Adapter->Nic.Sent++;
    }
    if (Adapter->First == NULL)
        Adapter->Last = NULL;
    return Taken;
}

static VOID
Complete(ADAPTER *Adapter, PNDIS_PACKET List, NDIS_STATUS Status)
{
    while (List != NULL) {
        PNDIS_PACKET Packet = List;

        List = *NextOf(Packet);
        NdisMSendComplete(Adapter->Nic.Handle, Packet, Status);
    }
}

static VOID
Drain(ADAPTER *Adapter)
{
    UNDIS_PORT_TRANSMIT Frames[UNDIS_PORT_BATCH];
    ULONG Count, Taken;

    NdisAcquireSpinLock(&Adapter->Lock);
    if (Adapter->Sending) {
        Adapter->Again = TRUE;
        NdisReleaseSpinLock(&Adapter->Lock);
        return;
    }
    Adapter->Sending = TRUE;
    while ((Count = Collect(Adapter, Frames)) > 0) {
        PNDIS_PACKET List;

        Adapter->Again = FALSE;
        NdisReleaseSpinLock(&Adapter->Lock);
        Taken = Adapter->Nic.Port.Transmit(Adapter->Nic.Port.Context, Frames, Count);
        NdisAcquireSpinLock(&Adapter->Lock);
        List = TakeOff(Adapter, Taken);
        NdisReleaseSpinLock(&Adapter->Lock);
        Complete(Adapter, List, NDIS_STATUS_SUCCESS);
        NdisAcquireSpinLock(&Adapter->Lock);
        if (Taken < Count && !Adapter->Again)
            break;
    }
    Adapter->Sending = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
}

VOID
DeserSendPackets(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    UINT i;

    NdisAcquireSpinLock(&Adapter->Lock);
    for (i = 0; i < NumberOfPackets; i++) {
        *NextOf(PacketArray[i]) = NULL;
        if (Adapter->Last != NULL)
            *NextOf(Adapter->Last) = PacketArray[i];
        else
            Adapter->First = PacketArray[i];
        Adapter->Last = PacketArray[i];
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    Drain(Adapter);
}

VOID
DeserReady(PVOID Context)
{
    Drain(Context);
}

/* Everything that waits, but for what is offered to the port just now. */
VOID
SendAbort(ADAPTER *Adapter, NDIS_STATUS Status)
{
    PNDIS_PACKET List = NULL;

    NdisAcquireSpinLock(&Adapter->Lock);
    if (!Adapter->Sending) {
        List = Adapter->First;
        Adapter->First = Adapter->Last = NULL;
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, List, Status);
}

VOID
DeserCancelSendPackets(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    PNDIS_PACKET List = NULL, *End = &List, *At, Last = NULL;

    NdisAcquireSpinLock(&Adapter->Lock);
    At = &Adapter->First;
    while (!Adapter->Sending && *At != NULL) {
        PNDIS_PACKET Packet = *At;

        if (NDIS_GET_PACKET_CANCEL_ID(Packet) != CancelId) {
            Last = Packet;
            At = NextOf(Packet);
            continue;
        }
        *At = *NextOf(Packet);
        *NextOf(Packet) = NULL;
        *End = Packet;
        End = NextOf(Packet);
    }
    if (!Adapter->Sending)
        Adapter->Last = Last;
    NdisReleaseSpinLock(&Adapter->Lock);
    Complete(Adapter, List, NDIS_STATUS_REQUEST_ABORTED);
}
