/* SPDX-License-Identifier: MIT */
/* looknic: registration, initialization, sends, requests, reset, halt. */
#include "looknic.h"

DRIVER_INITIALIZE DriverEntry;
static UNDIS_PORT_READY LookReady;
static UNDIS_PORT_LINK LookLink;

/* The frame as the port has it. */
static BOOLEAN
Gather(ADAPTER *Adapter, PNDIS_PACKET Packet)
{
    FRAME *Frame = &Adapter->Sent;
    PNDIS_BUFFER Buffer;
    PVOID Data;
    UINT Length;

    Frame->Length = 0;
    NdisQueryPacket(Packet, NULL, NULL, &Buffer, &Length);
    if (Length > FRAME_ROOM)
        return FALSE;
    while (Buffer != NULL) {
        NdisQueryBufferSafe(Buffer, &Data, &Length, NormalPagePriority);
        if (Data == NULL)
            return FALSE;
        NdisMoveMemory(Frame->Data + Frame->Length, Data, Length);
        Frame->Length += Length;
        NdisGetNextBuffer(Buffer, &Buffer);
    }
    return MediumToPort(Adapter->Medium, Frame);
}

static NDIS_STATUS
LookSend(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    UNDIS_PORT_TRANSMIT Frame = {Adapter->SendBuffer, 0, 0};

    UNREFERENCED_PARAMETER(Flags);
    if (!Gather(Adapter, Packet))
        return NDIS_STATUS_INVALID_PACKET;
    Frame.Length = Adapter->Sent.Length;
    if (Adapter->Nic.Port.Transmit(Adapter->Nic.Port.Context, &Frame, 1) == 0) {
        Adapter->Full = TRUE;
        return NDIS_STATUS_RESOURCES;
    }
    Adapter->Nic.Sent++;
    return NDIS_STATUS_SUCCESS;
}

/* What an interrupt's DPC would do. */
static VOID
LookTimer(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    ADAPTER *Adapter = FunctionContext;
    BOOLEAN Ready;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
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
LookReady(PVOID Context)
{
    ADAPTER *Adapter = Context;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->Ready = TRUE;
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NdisMSetTimer(&Adapter->Timer, 0);
}

/* Whoever wants to know asks. */
static VOID
LookLink(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(LinkSpeed);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    Adapter->Nic.LinkUp = Up;
    NdisDprReleaseSpinLock(&Adapter->Lock);
}

/* The port's callbacks look at what is asked and set here. */
static NDIS_STATUS
LookQuery(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
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
LookSet(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
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
LookReset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
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
    if (Adapter->SendBuffer != NULL)
        NdisFreeBuffer(Adapter->SendBuffer);
    if (Adapter->BufferPool != NULL)
        NdisFreeBufferPool(Adapter->BufferPool);
    if (Adapter->Ring != NULL)
        NdisFreeMemory(Adapter->Ring, 0, 0);
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
    Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter->Ring, RING * sizeof(FRAME), TAG);
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocateBufferPool(&Status, &Adapter->BufferPool, 1);
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocateBuffer(
            &Status, &Adapter->SendBuffer, Adapter->BufferPool, Adapter->Sent.Data, FRAME_ROOM);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (!NT_SUCCESS(Adapter->Nic.Port.Open(
            Adapter->Nic.Port.Context, LookReceived, LookReady, LookLink, Adapter)))
        return NDIS_STATUS_OPEN_FAILED;
    Adapter->PortOpen = TRUE;
    return NDIS_STATUS_SUCCESS;
}

/* The keyword Medium; Ethernet when it is absent or no such number. */
static const MEDIUM *
ReadMedium(NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_STRING Keyword = NDIS_STRING_CONST("Medium");
    PNDIS_CONFIGURATION_PARAMETER Value;
    NDIS_HANDLE Configuration;
    NDIS_STATUS Status;
    ULONG Medium = 0;

    NdisOpenConfiguration(&Status, &Configuration, WrapperConfigurationContext);
    if (Status != NDIS_STATUS_SUCCESS)
        return &Media[0];
    NdisReadConfiguration(&Status, &Value, Configuration, &Keyword, NdisParameterInteger);
    if (Status == NDIS_STATUS_SUCCESS)
        Medium = Value->ParameterData.IntegerData;
    NdisCloseConfiguration(Configuration);
    return &Media[Medium < sizeof(Media) / sizeof(Media[0]) ? Medium : 0];
}

static NDIS_STATUS
LookInitialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    ADAPTER *Adapter;
    NDIS_STATUS Status;
    const MEDIUM *Medium = ReadMedium(WrapperConfigurationContext);

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    *SelectedMediumIndex = Nic5FindMedium(MediumArray, MediumArraySize, Medium->Medium);
    if (*SelectedMediumIndex == MediumArraySize)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    Status = NdisAllocateMemoryWithTag((PVOID *)&Adapter, sizeof(*Adapter), TAG);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Nic.Handle = MiniportAdapterHandle;
    Adapter->Medium = Medium;
    Adapter->Nic.Medium = Medium->Medium;
    Adapter->Nic.HeaderSize = Medium->HeaderSize;
    Adapter->Nic.SendPackets = 1;
    NdisAllocateSpinLock(&Adapter->Lock);
    NdisMSetAttributesEx(MiniportAdapterHandle, Adapter, 0, 0, NdisInterfaceInternal);
    NdisMInitializeTimer(&Adapter->Timer, MiniportAdapterHandle, LookTimer, Adapter);
    Status = Start(Adapter, WrapperConfigurationContext);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
LookHalt(NDIS_HANDLE MiniportAdapterContext)
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
    Characteristics.InitializeHandler = LookInitialize;
    Characteristics.HaltHandler = LookHalt;
    Characteristics.QueryInformationHandler = LookQuery;
    Characteristics.SetInformationHandler = LookSet;
    Characteristics.ResetHandler = LookReset;
    Characteristics.SendHandler = LookSend;
    Characteristics.TransferDataHandler = LookTransferData;
    Status = NdisMRegisterMiniport(Wrapper, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(Wrapper, NULL);
    return Status;
}
