/* SPDX-License-Identifier: MIT */
/* dialer5: settings, bind and unbind. */
#include "dialer5.h"

/* The binding's section first, the driver's parameters behind it. */
typedef struct _SETTINGS {
    NDIS_HANDLE Section; /* NULL: the binding has none */
    NDIS_HANDLE Parameters;
} SETTINGS;

/* NULL when neither place has it. */
static PNDIS_CONFIGURATION_PARAMETER
Read(SETTINGS *Settings, PCWSTR Keyword, NDIS_PARAMETER_TYPE Type)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter;
    NDIS_STATUS Status = NDIS_STATUS_FAILURE;
    NDIS_STRING Name;

    NdisInitUnicodeString(&Name, Keyword);
    if (Settings->Section != NULL)
        NdisReadConfiguration(&Status, &Parameter, Settings->Section, &Name, Type);
    if (Status != NDIS_STATUS_SUCCESS)
        NdisReadConfiguration(&Status, &Parameter, Settings->Parameters, &Name, Type);
    return Status == NDIS_STATUS_SUCCESS ? Parameter : NULL;
}

static ULONG
ReadNumber(SETTINGS *Settings, PCWSTR Keyword)
{
    PNDIS_CONFIGURATION_PARAMETER Parameter = Read(Settings, Keyword, NdisParameterInteger);

    return Parameter != NULL ? Parameter->ParameterData.IntegerData : 0;
}

static NDIS_STATUS
FindPort(BINDING *Binding, PUNICODE_STRING Name)
{
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoGetDeviceObjectPointer(Name, FILE_READ_DATA, &Binding->PortFile, &Device);

    if (NT_SUCCESS(Status)) {
        Status = UndisPortQueryInterface(Device, &Binding->Port);
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Binding->PortFile);
    }
    if (!NT_SUCCESS(Status)) {
        DbgPrint("dialer5: %wZ is no port (status %08x)\n", Name, Status);
        return NDIS_STATUS_OPEN_FAILED;
    }
    Binding->HasPort = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
ReadSettings(BINDING *Binding, PNDIS_STRING Section)
{
    PNDIS_CONFIGURATION_PARAMETER Port;
    SETTINGS Settings = {NULL, NULL};
    NDIS_STATUS Status;

    NdisOpenProtocolConfiguration(&Status, &Settings.Parameters, &ParametersPath);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (Section != NULL)
        NdisOpenProtocolConfiguration(&Status, &Settings.Section, Section);
    if (Status == NDIS_STATUS_SUCCESS) {
        Binding->Listen = ReadNumber(&Settings, L"Listen");
        Binding->Dial = ReadNumber(&Settings, L"Dial");
        Port = Read(&Settings, L"Port", NdisParameterString);
        if (Port != NULL)
            Status = FindPort(Binding, &Port->ParameterData.StringData);
        if (Settings.Section != NULL)
            NdisCloseConfiguration(Settings.Section);
    }
    NdisCloseConfiguration(Settings.Parameters);
    return Status;
}

static NDIS_STATUS
Wait(BINDING *Binding, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Binding->Done, 0);
    return Binding->DoneStatus;
}

VOID
Dialer5OpenComplete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    ((BINDING *)ProtocolBindingContext)->DoneStatus = Status;
    NdisSetEvent(&((BINDING *)ProtocolBindingContext)->Done);
}

VOID
Dialer5CloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    Dialer5OpenComplete(ProtocolBindingContext, Status, Status);
}

static NDIS_STATUS
OpenAdapter(BINDING *Binding, PNDIS_STRING DeviceName)
{
    NDIS_MEDIUM Media[] = {NdisMediumCoWan};
    NDIS_STATUS Status, OpenStatus;
    UINT Selected = 0;

    NdisResetEvent(&Binding->Done);
    NdisOpenAdapter(&Status, &OpenStatus, &Binding->Handle, &Selected, Media, 1, ProtocolHandle,
        Binding, DeviceName, 0, NULL);
    Status = Wait(Binding, Status);
    if (Status != NDIS_STATUS_SUCCESS)
        Binding->Handle = NULL;
    return Status;
}

static NDIS_STATUS
MakePools(BINDING *Binding)
{
    NDIS_STATUS Status;

    NdisAllocatePacketPool(&Status, &Binding->PacketPool, PACKETS, sizeof(PVOID));
    if (Status == NDIS_STATUS_SUCCESS)
        NdisAllocateBufferPool(&Status, &Binding->BufferPool, PACKETS);
    return Status;
}

static VOID
Close(BINDING *Binding)
{
    NDIS_STATUS Status;

    CallLeave(Binding);
    DataClose(Binding);
    if (Binding->Handle != NULL) {
        NdisResetEvent(&Binding->Done);
        NdisCloseAdapter(&Status, Binding->Handle);
        Wait(Binding, Status);
    }
    if (Binding->BufferPool != NULL)
        NdisFreeBufferPool(Binding->BufferPool);
    if (Binding->PacketPool != NULL)
        NdisFreePacketPool(Binding->PacketPool);
    NdisFreeSpinLock(&Binding->TransmitLock);
    NdisFreeSpinLock(&Binding->Lock);
    NdisFreeMemory(Binding, 0, 0);
}

VOID
Dialer5Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    BINDING *Binding;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    *Status = NdisAllocateMemoryWithTag((PVOID *)&Binding, sizeof(*Binding), TAG);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    NdisZeroMemory(Binding, sizeof(*Binding));
    NdisInitializeEvent(&Binding->Done);
    NdisAllocateSpinLock(&Binding->Lock);
    NdisAllocateSpinLock(&Binding->TransmitLock);
    CallInitialize(Binding);
    Binding->Running = TRUE; /* NDIS 5 tells no protocol of a pause */
    *Status = MakePools(Binding);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = ReadSettings(Binding, SystemSpecific1);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = OpenAdapter(Binding, DeviceName);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = DataOpen(Binding);
    if (*Status != NDIS_STATUS_SUCCESS)
        Close(Binding);
}

VOID
Dialer5Unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    UNREFERENCED_PARAMETER(UnbindContext);
    Close(ProtocolBindingContext);
    *Status = NDIS_STATUS_SUCCESS;
}
