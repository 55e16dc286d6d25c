/* SPDX-License-Identifier: MIT */
/* Binding: finds the port, opens the adapter, sets the packet filter; and all of it backwards. */
#include "frames5.h"

/* A call that may pend: its completion handler sets Done. */
static NDIS_STATUS
Wait(BINDING *Binding, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Binding->Done, 0);
    return Binding->DoneStatus;
}

static VOID
Complete(BINDING *Binding, NDIS_STATUS Status)
{
    Binding->DoneStatus = Status;
    NdisSetEvent(&Binding->Done);
}

VOID
Frames5OpenComplete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    Complete(ProtocolBindingContext, Status);
}

VOID
Frames5CloseComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    Complete(ProtocolBindingContext, Status);
}

VOID
Frames5RequestComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(NdisRequest);
    Complete(ProtocolBindingContext, Status);
}

static NDIS_STATUS
FindPort(BINDING *Binding, PUNICODE_STRING Name)
{
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    Status = IoGetDeviceObjectPointer(Name, FILE_READ_DATA, &Binding->PortFile, &Device);
    if (NT_SUCCESS(Status)) {
        Status = UndisPortQueryInterface(Device, &Binding->Port);
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Binding->PortFile);
    }
    if (!NT_SUCCESS(Status)) {
        DbgPrint("frames5: %wZ is no port (status %08x)\n", Name, Status);
        return NDIS_STATUS_OPEN_FAILED;
    }
    Binding->HasPort = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
ReadConfiguration(BINDING *Binding, PNDIS_STRING Section, ULONG *Filter)
{
    SETTINGS Settings;
    PNDIS_STRING Port;
    NDIS_STATUS Status = SettingsOpen(&Settings, Section);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (SettingsNumber(&Settings, L"Promiscuous", 1) == 0)
        *Filter =
            NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_ALL_MULTICAST | NDIS_PACKET_TYPE_BROADCAST;
    Binding->BufferCount = SettingsNumber(&Settings, L"SendBuffers", 256);
    if (Binding->BufferCount < 2 * UNDIS_PORT_BATCH || Binding->BufferCount > 4096)
        Binding->BufferCount = 256;
    Port = SettingsString(&Settings, L"Port");
    if (Port != NULL)
        Status = FindPort(Binding, Port);
    SettingsClose(&Settings);
    return Status;
}

static NDIS_STATUS
OpenAdapter(BINDING *Binding, PNDIS_STRING DeviceName)
{
    NDIS_MEDIUM Media[] = {NdisMedium802_3, NdisMediumIP};
    NDIS_STATUS Status, OpenStatus;
    UINT Selected = 0;

    NdisResetEvent(&Binding->Done);
    NdisOpenAdapter(&Status, &OpenStatus, &Binding->Handle, &Selected, Media, RTL_NUMBER_OF(Media),
        ProtocolHandle, Binding, DeviceName, 0, NULL);
    Status = Wait(Binding, Status);
    if (Status != NDIS_STATUS_SUCCESS)
        Binding->Handle = NULL;
    Binding->Medium = Media[Selected];
    return Status;
}

static NDIS_STATUS
Request(BINDING *Binding, NDIS_REQUEST_TYPE Type, NDIS_OID Oid, ULONG *Value)
{
    NDIS_REQUEST Request = {.RequestType = Type,
        .DATA.QUERY_INFORMATION = {
            .Oid = Oid, .InformationBuffer = Value, .InformationBufferLength = sizeof(*Value)}};
    NDIS_STATUS Status;

    NdisResetEvent(&Binding->Done);
    NdisRequest(&Status, Binding->Handle, &Request);
    return Wait(Binding, Status);
}

static NDIS_STATUS
OpenPort(BINDING *Binding)
{
    if (!Binding->HasPort)
        return NDIS_STATUS_SUCCESS;
    Binding->Port.Hold(Binding->Port.Context, TRUE);
    Binding->Held = TRUE;
    if (!NT_SUCCESS(
            Binding->Port.Open(Binding->Port.Context, Frames5FromPort, NULL, NULL, Binding)))
        return NDIS_STATUS_OPEN_FAILED;
    NdisAcquireSpinLock(&Binding->Lock);
    NdisDprAcquireSpinLock(&Binding->TransmitLock);
    Binding->PortOpen = TRUE;
    NdisDprReleaseSpinLock(&Binding->TransmitLock);
    PoolUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    return NDIS_STATUS_SUCCESS;
}

static VOID
ClosePort(BINDING *Binding)
{
    BOOLEAN Open;

    NdisAcquireSpinLock(&Binding->Lock);
    NdisDprAcquireSpinLock(&Binding->TransmitLock);
    Open = Binding->PortOpen;
    Binding->PortOpen = FALSE;
    NdisDprReleaseSpinLock(&Binding->TransmitLock);
    NdisReleaseSpinLock(&Binding->Lock);
    if (Open)
        Binding->Port.Close(Binding->Port.Context);
    if (Binding->HasPort) {
        Binding->Port.InterfaceDereference(Binding->Port.Context);
        ObDereferenceObject(Binding->PortFile);
    }
    Binding->HasPort = FALSE;
}

/* Undoes what is done so far. */
static VOID
Close(BINDING *Binding)
{
    NDIS_STATUS Status;

    ClosePort(Binding);
    PoolDrain(Binding);
    if (Binding->Handle != NULL) {
        NdisResetEvent(&Binding->Done);
        NdisCloseAdapter(&Status, Binding->Handle);
        Wait(Binding, Status);
    }
    PoolFree(Binding);
    NdisFreeSpinLock(&Binding->TransmitLock);
    NdisFreeSpinLock(&Binding->Lock);
    NdisFreeMemory(Binding, 0, 0);
}

/* The adapter is open: what is left to do. */
static NDIS_STATUS
Start(BINDING *Binding, ULONG Filter)
{
    NDIS_STATUS Status =
        Request(Binding, NdisRequestQueryInformation, OID_GEN_MAXIMUM_FRAME_SIZE, &Binding->Mtu);

    if (Binding->Mtu > MTU_MAX)
        Binding->Mtu = MTU_MAX;
    if (Status == NDIS_STATUS_SUCCESS)
        Status = PoolInitialize(Binding);
    if (Status == NDIS_STATUS_SUCCESS)
        Status =
            Request(Binding, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &Filter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = OpenPort(Binding);
    return Status;
}

VOID
Frames5Bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    ULONG Filter = NDIS_PACKET_TYPE_PROMISCUOUS;
    BINDING *Binding;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    *Status = NdisAllocateMemoryWithTag((PVOID *)&Binding, sizeof(*Binding), TAG);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    NdisZeroMemory(Binding, sizeof(*Binding));
    NdisInitializeEvent(&Binding->Done);
    NdisInitializeEvent(&Binding->Drained);
    NdisAllocateSpinLock(&Binding->Lock);
    NdisAllocateSpinLock(&Binding->TransmitLock);
    *Status = ReadConfiguration(Binding, SystemSpecific1, &Filter);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = OpenAdapter(Binding, DeviceName);
    if (*Status == NDIS_STATUS_SUCCESS)
        *Status = Start(Binding, Filter);
    if (*Status != NDIS_STATUS_SUCCESS)
        Close(Binding);
}

VOID
Frames5Unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    BINDING *Binding = ProtocolBindingContext;
    ULONG Filter = 0;

    UNREFERENCED_PARAMETER(UnbindContext);
    Request(Binding, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &Filter);
    Close(Binding);
    *Status = NDIS_STATUS_SUCCESS;
}
