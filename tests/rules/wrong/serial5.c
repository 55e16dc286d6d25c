/* SPDX-License-Identifier: MIT */
/* The serialized miniport of NDIS 5.1 of the rule tests: it has room for a few sends, and NDIS keeps
 * the others meanwhile. See five.h.
 */
#define SERIALIZED 1
#define ATTRIBUTES 0
#define ROOM       2u
/* What is not pending is its own again when the call returns. */
#define SettlesAtOnce(_Packet)                                                                     \
    (NDIS_GET_PACKET_STATUS(_Packet) != NDIS_STATUS_PENDING || BREAKS(r5_serialized_status_check))

#include "five.h"

static VOID
Outside(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    NdisMSendResourcesAvailable(((ADAPTER *)Context)->Handle);
    Show(Context);
}

static VOID
Scheduled(PNDIS_WORK_ITEM Item, PVOID Context)
{
    UNREFERENCED_PARAMETER(Item);
    UNREFERENCED_PARAMETER(Context);
}

static VOID
SendPackets(NDIS_HANDLE Context, PPNDIS_PACKET Packets, UINT Count)
{
    ADAPTER *Adapter = Context;
    UINT i;

    if (BREAKS(s5_deser_declare)) {
        static KDPC Dpc;
        if (Dpc.DeferredRoutine == NULL)
            KeInitializeDpc(&Dpc, Outside, Adapter);
        KeInsertQueueDpc(&Dpc, NULL, NULL);
    }
    if (BREAKS(irql_5_serialized_dispatch)) {
        KeLowerIrql(PASSIVE_LEVEL);
        NdisMIndicateStatus(Adapter->Handle, NDIS_STATUS_LINK_SPEED_CHANGE, NULL, 0);
    }
    if (BREAKS(wi_not_from_serialized)) {
        static NDIS_WORK_ITEM Item;
        NdisInitializeWorkItem(&Item, Scheduled, NULL);
        NdisScheduleWorkItem(&Item);
    }
    NdisAcquireSpinLock(&Adapter->Lock);
    for (i = 0; i < Count && Adapter->Count < ROOM; i++) {
        if (BREAKS(s5_resources_then_available))
            break;
        if (!BREAKS(s5_sendpackets_status_each))
            NDIS_SET_PACKET_STATUS(Packets[i], NDIS_STATUS_PENDING);
        Queue(Adapter, Packets[i]);
    }
    if (BREAKS(s5_resources_rest_of_array)) {
        if (Count > 1) {
            NDIS_SET_PACKET_STATUS(Packets[0], NDIS_STATUS_RESOURCES);
            NDIS_SET_PACKET_STATUS(Packets[1], NDIS_STATUS_SUCCESS);
            i = Count;
        }
    }
    for (; i < Count; i++)
        NDIS_SET_PACKET_STATUS(Packets[i], NDIS_STATUS_RESOURCES);
    NdisReleaseSpinLock(&Adapter->Lock);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics = {.SendPacketsHandler = SendPackets};

    BreaksBy(RegistryPath);
    if (BREAKS(rg_ndis5_deserialized_50))
        Characteristics.CoCreateVcHandler = (PVOID)SendPackets;
    return Register(DriverObject, RegistryPath, &Characteristics);
}
