/* SPDX-License-Identifier: MIT */
/* dialer5: registration, and the handlers that have nothing to do. See dialer5.h. */
#include "dialer5.h"

#define PARAMETERS L"\\Parameters"

NDIS_HANDLE ProtocolHandle;
NDIS_STRING ParametersPath;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Dialer5Unload;

/* What it does does not depend on any. */
static VOID
Dialer5Status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(GeneralStatus);
    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
}

static VOID
Dialer5CoStatus(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_STATUS GeneralStatus, PVOID StatusBuffer, UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    Dialer5Status(ProtocolBindingContext, GeneralStatus, StatusBuffer, StatusBufferSize);
}

static VOID
Dialer5StatusComplete(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
}

/* It asks for no reset, and makes no request. */
static VOID
Dialer5ResetComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
}

static VOID
Dialer5RequestComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NdisRequest);
    UNREFERENCED_PARAMETER(Status);
}

static NDIS_STATUS
Dialer5PnPEvent(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetPnPEvent);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Dialer5Unload(PDRIVER_OBJECT DriverObject)
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

/* Nothing comes or goes without a VC: the handlers for that are left out. */
NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_CHARACTERISTICS Characteristics = {
        .MajorNdisVersion = NDIS_PROTOCOL_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_PROTOCOL_MINOR_VERSION,
        .Name = NDIS_STRING_CONST("dialer5"),
        .OpenAdapterCompleteHandler = Dialer5OpenComplete,
        .CloseAdapterCompleteHandler = Dialer5CloseComplete,
        .ResetCompleteHandler = Dialer5ResetComplete,
        .RequestCompleteHandler = Dialer5RequestComplete,
        .StatusHandler = Dialer5Status,
        .StatusCompleteHandler = Dialer5StatusComplete,
        .BindAdapterHandler = Dialer5Bind,
        .UnbindAdapterHandler = Dialer5Unbind,
        .PnPEventHandler = Dialer5PnPEvent,
        .CoSendCompleteHandler = Dialer5SendComplete,
        .CoStatusHandler = Dialer5CoStatus,
        .CoReceivePacketHandler = Dialer5Receive,
        .CoAfRegisterNotifyHandler = Dialer5AfNotify,
    };
    NDIS_STATUS Status = MakeParametersPath(RegistryPath);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    DriverObject->DriverUnload = Dialer5Unload;
    NdisRegisterProtocol(&Status, &ProtocolHandle, &Characteristics, sizeof(Characteristics));
    if (Status != NDIS_STATUS_SUCCESS)
        NdisFreeMemory(ParametersPath.Buffer, 0, 0);
    return Status;
}
