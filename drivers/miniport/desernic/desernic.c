/* SPDX-License-Identifier: MIT */
/* desernic: registration, initialization, requests, reset, halt. */
#include "desernic.h"

DRIVER_INITIALIZE DriverEntry;
static UNDIS_PORT_LINK DeserLink;

static VOID
DeserLink(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed)
{
    ADAPTER *Adapter = Context;
    BOOLEAN Changed;

    UNREFERENCED_PARAMETER(LinkSpeed);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Changed = Adapter->Nic.LinkUp != Up;
    Adapter->Nic.LinkUp = Up;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (!Changed)
        return;
    NdisMIndicateStatus(Adapter->Nic.Handle,
        Up ? NDIS_STATUS_MEDIA_CONNECT : NDIS_STATUS_MEDIA_DISCONNECT, NULL, 0);
    NdisMIndicateStatusComplete(Adapter->Nic.Handle);
}

/* The port's callbacks look at what is asked and set here. */
static NDIS_STATUS
DeserQuery(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    NDIS_STATUS Status;

    NdisAcquireSpinLock(&Adapter->Lock);
    Status = Nic5Query(
        &Adapter->Nic, Oid, InformationBuffer, InformationBufferLength, BytesWritten, BytesNeeded);
    NdisReleaseSpinLock(&Adapter->Lock);
    return Status;
}

static NDIS_STATUS
DeserSet(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    NDIS_STATUS Status;

    NdisAcquireSpinLock(&Adapter->Lock);
    Status = Nic5Set(
        &Adapter->Nic, Oid, InformationBuffer, InformationBufferLength, BytesRead, BytesNeeded);
    NdisReleaseSpinLock(&Adapter->Lock);
    return Status;
}

/* A port loses no address; what has not reached it comes back. */
static NDIS_STATUS
DeserReset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    SendAbort(MiniportAdapterContext, NDIS_STATUS_RESET_IN_PROGRESS);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static VOID
FreeAdapter(ADAPTER *Adapter)
{
    if (Adapter->PortOpen)
        Adapter->Nic.Port.Close(Adapter->Nic.Port.Context);
    ReceiveFree(Adapter);
    if (Adapter->Nic.Port.InterfaceDereference != NULL)
        Adapter->Nic.Port.InterfaceDereference(Adapter->Nic.Port.Context);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
Start(ADAPTER *Adapter, NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status = Nic5FindPort(&Adapter->Nic);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisOpenConfiguration(&Status, &Configuration, WrapperConfigurationContext);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    Nic5ReadAddress(&Adapter->Nic, Configuration);
    NdisCloseConfiguration(Configuration);
    Status = ReceiveInitialize(Adapter);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (!NT_SUCCESS(Adapter->Nic.Port.Open(
            Adapter->Nic.Port.Context, DeserReceived, DeserReady, DeserLink, Adapter)))
        return NDIS_STATUS_OPEN_FAILED;
    Adapter->PortOpen = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
DeserInitialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    ADAPTER *Adapter;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    *SelectedMediumIndex = Nic5FindMedium(MediumArray, MediumArraySize, NdisMedium802_3);
    if (*SelectedMediumIndex == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Nic.Handle = MiniportAdapterHandle;
    Adapter->Nic.Medium = NdisMedium802_3;
    Adapter->Nic.HeaderSize = NIC5_ETHERNET;
    Adapter->Nic.SendPackets = UNDIS_PORT_BATCH;
    NdisAllocateSpinLock(&Adapter->Lock);
    NdisMSetAttributesEx(
        MiniportAdapterHandle, Adapter, 0, NDIS_ATTRIBUTE_DESERIALIZE, NdisInterfaceInternal);
    Status = Start(Adapter, WrapperConfigurationContext);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
DeserHalt(NDIS_HANDLE MiniportAdapterContext)
{
    FreeAdapter(MiniportAdapterContext);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS Characteristics;
    NDIS_HANDLE Wrapper;
    NDIS_STATUS Status;

    NdisMInitializeWrapper(&Wrapper, DriverObject, RegistryPath, NULL);
    if (Wrapper == NULL)
        return STATUS_INSUFFICIENT_RESOURCES;
    NdisZeroMemory(&Characteristics, sizeof(Characteristics));
    Characteristics.MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION;
    Characteristics.MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION;
    Characteristics.InitializeHandler = DeserInitialize;
    Characteristics.HaltHandler = DeserHalt;
    Characteristics.QueryInformationHandler = DeserQuery;
    Characteristics.SetInformationHandler = DeserSet;
    Characteristics.ResetHandler = DeserReset;
    Characteristics.SendPacketsHandler = DeserSendPackets;
    Characteristics.CancelSendPacketsHandler = DeserCancelSendPackets;
    Characteristics.ReturnPacketHandler = DeserReturnPacket;
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
