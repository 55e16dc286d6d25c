/* SPDX-License-Identifier: MIT */
/* The deserialized miniport of NDIS 5.1 of the rule tests. See five.h. */
#define ATTRIBUTES             NDIS_ATTRIBUTE_DESERIALIZE
#define SettlesAtOnce(_Packet) FALSE

#include "five.h"

static VOID
SendPackets(NDIS_HANDLE Context, PPNDIS_PACKET Packets, UINT Count)
{
    ADAPTER *Adapter = Context;

    NdisAcquireSpinLock(&Adapter->Lock);
    for (UINT i = 0; i < Count; i++) {
#ifdef WRONG_s5_deser_ignore_oob
        NDIS_SET_PACKET_STATUS(Packets[i], NDIS_STATUS_FAILURE);
        continue;
#endif
        Queue(Adapter, Packets[i]);
    }
    NdisReleaseSpinLock(&Adapter->Lock);
}

#ifdef WRONG_s5_sync_status_set
static NDIS_STATUS
Send(NDIS_HANDLE Context, PNDIS_PACKET Packet, UINT Flags)
{
    static ULONG Sends;

    return Sends++ == 0 ? NDIS_STATUS_NOT_ACCEPTED : NDIS_STATUS_FAILURE;
}
#endif
#ifdef WRONG_s5_no_complete_unless_pending
static NDIS_STATUS
Send(NDIS_HANDLE Context, PNDIS_PACKET Packet, UINT Flags)
{
    NdisMSendComplete(((ADAPTER *)Context)->Handle, Packet, NDIS_STATUS_SUCCESS);
    return NDIS_STATUS_SUCCESS;
}
#endif
#ifdef WRONG_s5_resources_only_serialized
static NDIS_STATUS
Send(NDIS_HANDLE Context, PNDIS_PACKET Packet, UINT Flags)
{
    return NDIS_STATUS_RESOURCES;
}
#endif

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {.SendPacketsHandler = SendPackets};

#ifdef WRONG_s5_sync_status_set
    Characteristics = (NDIS_MINIPORT_CHARACTERISTICS){.SendHandler = Send};
#endif
#ifdef WRONG_s5_no_complete_unless_pending
    Characteristics = (NDIS_MINIPORT_CHARACTERISTICS){.SendHandler = Send};
#endif
#ifdef WRONG_s5_resources_only_serialized
    Characteristics = (NDIS_MINIPORT_CHARACTERISTICS){.SendHandler = Send};
#endif
    return Register(DriverObject, RegistryPath, &Characteristics);
}
