/* SPDX-License-Identifier: MIT */
/* While the adapter below is reset, sends wait here: it would lose them. */
#include "pass5.h"

/* A packet that waits is ours: its MiniportReserved links it. */
static PNDIS_PACKET *
NextOf(PNDIS_PACKET Packet)
{
    return (PNDIS_PACKET *)Packet->MiniportReserved;
}

VOID
HoldBegin(ADAPTER *Adapter)
{
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Resetting = TRUE;
    InterlockedExchange(&Adapter->Holding, TRUE);
    NdisReleaseSpinLock(&Adapter->Lock);
}

BOOLEAN
HoldSend(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    BOOLEAN Held;

    if (!InterlockedCompareExchange(&Adapter->Holding, FALSE, FALSE))
        return FALSE;
    NdisAcquireSpinLock(&Adapter->Lock);
    Held = (BOOLEAN)Adapter->Holding;
    if (Held) {
        *NextOf(Packet) = NULL;
        *Adapter->HeldEnd = Packet;
        Adapter->HeldEnd = NextOf(Packet);
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    return Held;
}

/* The first one that waits. NULL: none, and nobody waits any more; or the next reset has begun. */
static PNDIS_PACKET
Take(ADAPTER *Adapter)
{
    PNDIS_PACKET Packet = NULL;

    NdisAcquireSpinLock(&Adapter->Lock);
    if (!Adapter->Resetting) {
        Packet = Adapter->Held;
        if (Packet == NULL)
            InterlockedExchange(&Adapter->Holding, FALSE);
    }
    if (Packet != NULL) {
        Adapter->Held = *NextOf(Packet);
        if (Adapter->Held == NULL)
            Adapter->HeldEnd = &Adapter->Held;
    }
    NdisReleaseSpinLock(&Adapter->Lock);
    return Packet;
}

VOID
HoldEnd(ADAPTER *Adapter, BOOLEAN Send)
{
    PNDIS_PACKET Packet;

    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Resetting = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
    while ((Packet = Take(Adapter)) != NULL) {
        if (Send)
            SendDown(Adapter, Packet);
        else
            NdisMSendComplete(Adapter->Miniport, Packet, NDIS_STATUS_FAILURE);
    }
}

VOID
HoldCancel(ADAPTER *Adapter, PVOID CancelId)
{
    PNDIS_PACKET Cancelled = NULL, *Link;

    NdisAcquireSpinLock(&Adapter->Lock);
    Link = &Adapter->Held;
    while (*Link != NULL) {
        PNDIS_PACKET Packet = *Link;

        if (NDIS_GET_PACKET_CANCEL_ID(Packet) != CancelId) {
            Link = NextOf(Packet);
            continue;
        }
        *Link = *NextOf(Packet);
        *NextOf(Packet) = Cancelled;
        Cancelled = Packet;
    }
    Adapter->HeldEnd = Link;
    NdisReleaseSpinLock(&Adapter->Lock);
    while (Cancelled != NULL) {
        PNDIS_PACKET Packet = Cancelled;

        Cancelled = *NextOf(Packet);
        NdisMSendComplete(Adapter->Miniport, Packet, NDIS_STATUS_REQUEST_ABORTED);
    }
}
