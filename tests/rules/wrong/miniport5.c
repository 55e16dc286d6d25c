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
        if (BREAKS(s5_deser_ignore_oob)) {
            NDIS_SET_PACKET_STATUS(Packets[i], NDIS_STATUS_FAILURE);
            continue;
        }
        Queue(Adapter, Packets[i]);
    }
    NdisReleaseSpinLock(&Adapter->Lock);
}

/* Instead of it, for rules of a synchronous answer. */
static NDIS_STATUS
Send(NDIS_HANDLE Context, PNDIS_PACKET Packet, UINT Flags)
{
    static ULONG Sends;

    UNREFERENCED_PARAMETER(Flags);
    if (BREAKS(s5_sync_status_set))
        return Sends++ == 0 ? NDIS_STATUS_NOT_ACCEPTED : NDIS_STATUS_FAILURE;
    if (BREAKS(s5_resources_only_serialized))
        return NDIS_STATUS_RESOURCES;
    NdisMSendComplete(((ADAPTER *)Context)->Handle, Packet, NDIS_STATUS_SUCCESS);
    return NDIS_STATUS_SUCCESS;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {0};

    BreaksBy(RegistryPath);
    if (BREAKS(s5_sync_status_set) || BREAKS(s5_no_complete_unless_pending) ||
        BREAKS(s5_resources_only_serialized))
        Characteristics.SendHandler = Send;
    else
        Characteristics.SendPacketsHandler = SendPackets;
    return Register(DriverObject, RegistryPath, &Characteristics);
}
