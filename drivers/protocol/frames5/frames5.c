/* SPDX-License-Identifier: MIT */
/* frames5: registration, and the handlers that have nothing to do. */
#include "frames5.h"

#define PARAMETERS L"\\Parameters"

NDIS_HANDLE ProtocolHandle;
NDIS_STRING ParametersPath;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Frames5Unload;

/* The port carries frames, not the state of the link. */
static VOID
Frames5Status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(GeneralStatus);
    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
}

static VOID
Frames5StatusComplete(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
}

/* It asks for no reset. */
static VOID
Frames5ResetComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
}

/* Nothing here depends on any. */
static NDIS_STATUS
Frames5PnPEvent(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetPnPEvent);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Frames5Unload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&Status, ProtocolHandle);
    NdisFreeMemory(ParametersPath.Buffer, 0, 0);
}

static NDIS_STATUS
MakeParametersPath(PUNICODE_STRING RegistryPath)
{
    USHORT Size = (USHORT)(RegistryPath->Length + sizeof(PARAMETERS));

    if (NdisAllocateMemoryWithTag((PVOID *)&ParametersPath.Buffer, Size, TAG) !=
        NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    ParametersPath.Length = 0;
    ParametersPath.MaximumLength = Size;
    RtlCopyUnicodeString(&ParametersPath, RegistryPath);
    RtlAppendUnicodeToString(&ParametersPath, PARAMETERS);
    return NDIS_STATUS_SUCCESS;
}

/* ReceivePackets 0: every frame comes through ProtocolReceive. */
static NDIS_STATUS
WantsPackets(BOOLEAN *Wants)
{
    SETTINGS Settings;
    NDIS_STATUS Status = SettingsOpen(&Settings, NULL);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *Wants = SettingsNumber(&Settings, L"ReceivePackets", 1) != 0;
    SettingsClose(&Settings);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Register(BOOLEAN Packets)
{
    NDIS_PROTOCOL_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = NDIS_PROTOCOL_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_PROTOCOL_MINOR_VERSION,
        .Name = NDIS_STRING_CONST("frames5"),
        .OpenAdapterCompleteHandler = Frames5OpenComplete,
        .CloseAdapterCompleteHandler = Frames5CloseComplete,
        .SendCompleteHandler = Frames5SendComplete,
        .TransferDataCompleteHandler = Frames5TransferComplete,
        .ResetCompleteHandler = Frames5ResetComplete,
        .RequestCompleteHandler = Frames5RequestComplete,
        .ReceiveHandler = Frames5Receive,
        .ReceiveCompleteHandler = Frames5ReceiveComplete,
        .StatusHandler = Frames5Status,
        .StatusCompleteHandler = Frames5StatusComplete,
        .ReceivePacketHandler = Packets ? Frames5ReceivePacket : NULL,
        .BindAdapterHandler = Frames5Bind,
        .UnbindAdapterHandler = Frames5Unbind,
        .PnPEventHandler = Frames5PnPEvent,
    };
    NDIS_STATUS Status;

    NdisRegisterProtocol(&Status, &ProtocolHandle, &Characteristics, sizeof(Characteristics));
    return Status;
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_STATUS Status = MakeParametersPath(RegistryPath);
    BOOLEAN Packets;

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    DriverObject->DriverUnload = Frames5Unload;
    Status = WantsPackets(&Packets);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = Register(Packets);
    if (Status != NDIS_STATUS_SUCCESS)
        NdisFreeMemory(ParametersPath.Buffer, 0, 0);
    return Status;
}
