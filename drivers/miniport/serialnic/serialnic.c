/* SPDX-License-Identifier: MIT */
/* serialnic: registration, initialization, sends, requests, reset, halt. */
#include "serialnic.h"

DRIVER_INITIALIZE DriverEntry;
static UNDIS_PORT_READY SerialReady;
static UNDIS_PORT_LINK SerialLink;

static NDIS_STATUS
SerialSend(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    UNDIS_PORT_TRANSMIT Frame = {0};
    PNDIS_BUFFER Buffer;
    UINT Length;

    UNREFERENCED_PARAMETER(Flags);
    NdisQueryPacket(Packet, NULL, NULL, &Buffer, &Length);
    Frame.Mdl = Buffer;
    Frame.Length = Length;
    if (Adapter->Nic.Port.Transmit(Adapter->Nic.Port.Context, &Frame, 1) == 0) {
        Adapter->Full = TRUE;
        return NDIS_STATUS_RESOURCES;
    }
    Adapter->Nic.Sent++;
    return NDIS_STATUS_SUCCESS;
}

static VOID
TellLink(ADAPTER *Adapter)
{
    BOOLEAN Changed, Up;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    Changed = Adapter->LinkChanged;
    Up = Adapter->LinkUp;
    Adapter->LinkChanged = FALSE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (!Changed)
        return;
    Adapter->Nic.LinkUp = Up;
    NdisMIndicateStatus(Adapter->Nic.Handle,
        Up ? NDIS_STATUS_MEDIA_CONNECT : NDIS_STATUS_MEDIA_DISCONNECT, NULL, 0);
    NdisMIndicateStatusComplete(Adapter->Nic.Handle);
}

/* What an interrupt's DPC would do. */
static VOID
SerialTimer(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    ADAPTER *Adapter = FunctionContext;
    BOOLEAN Ready;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    TellLink(Adapter);
    ReceiveRing(Adapter);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Ready = Adapter->Ready;
    Adapter->Ready = FALSE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    if (Ready && Adapter->Full) {
        Adapter->Full = FALSE;
        NdisMSendResourcesAvailable(Adapter->Nic.Handle);
    }
}

static VOID
SerialReady(PVOID Context)
{
    ADAPTER *Adapter = Context;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->Ready = TRUE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NdisMSetTimer(&Adapter->Timer, 0);
}

static VOID
SerialLink(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(LinkSpeed);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->LinkChanged = Adapter->LinkUp != Up;
    Adapter->LinkUp = Up;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NdisMSetTimer(&Adapter->Timer, 0);
}

/* The port's callbacks look at what is asked and set here. */
static NDIS_STATUS
SerialQuery(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
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
SerialSet(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
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

/* A port does not hang, and loses no address. */
static NDIS_STATUS
SerialReset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static VOID
FreeAdapter(ADAPTER *Adapter)
{
    BOOLEAN Cancelled;

    if (Adapter->PortOpen)
        Adapter->Nic.Port.Close(Adapter->Nic.Port.Context);
    NdisMCancelTimer(&Adapter->Timer, &Cancelled);
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
    Adapter->LinkUp = Adapter->Nic.LinkUp;
    if (!NT_SUCCESS(Adapter->Nic.Port.Open(
            Adapter->Nic.Port.Context, SerialReceived, SerialReady, SerialLink, Adapter)))
        return NDIS_STATUS_OPEN_FAILED;
    Adapter->PortOpen = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
SerialInitialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
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
    Adapter->Nic.SendPackets = 1;
    NdisAllocateSpinLock(&Adapter->Lock);
    NdisMSetAttributesEx(MiniportAdapterHandle, Adapter, 0, 0, NdisInterfaceInternal);
    NdisMInitializeTimer(&Adapter->Timer, MiniportAdapterHandle, SerialTimer, Adapter);
    Status = Start(Adapter, WrapperConfigurationContext);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
SerialHalt(NDIS_HANDLE MiniportAdapterContext)
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
    Characteristics.InitializeHandler = SerialInitialize;
    Characteristics.HaltHandler = SerialHalt;
    Characteristics.QueryInformationHandler = SerialQuery;
    Characteristics.SetInformationHandler = SerialSet;
    Characteristics.ResetHandler = SerialReset;
    Characteristics.SendHandler = SerialSend;
    Characteristics.ReturnPacketHandler = SerialReturnPacket;
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
