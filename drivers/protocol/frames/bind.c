/* SPDX-License-Identifier: MIT */
/* Binding: finds the port, opens the adapter, sets the packet filter; and all of it backwards. */
#include "frames.h"

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
FramesOpenComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    Complete(ProtocolBindingContext, Status);
}

VOID
FramesCloseComplete(NDIS_HANDLE ProtocolBindingContext)
{
    Complete(ProtocolBindingContext, NDIS_STATUS_SUCCESS);
}

VOID
FramesOidComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(OidRequest);
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
        DbgPrint("frames: %wZ is no port (status %08x)\n", Name, Status);
        return NDIS_STATUS_OPEN_FAILED;
    }
    Binding->HasPort = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
ReadConfiguration(BINDING *Binding, PNDIS_STRING Section, ULONG *Filter)
{
    SETTINGS Settings;
    UNICODE_STRING Port;
    NDIS_STATUS Status = SettingsOpen(&Settings, Section);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    if (SettingsNumber(&Settings, L"Promiscuous", 1) == 0)
        *Filter =
            NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_ALL_MULTICAST | NDIS_PACKET_TYPE_BROADCAST;
    Binding->BufferCount = SettingsNumber(&Settings, L"SendBuffers", 256);
    if (Binding->BufferCount < 2 * UNDIS_PORT_BATCH || Binding->BufferCount > 4096)
        Binding->BufferCount = 256;
    if (SettingsString(&Settings, L"Port", &Port))
        Status = FindPort(Binding, &Port);
    SettingsClose(&Settings);
    return Status;
}

static NDIS_STATUS
OpenAdapter(BINDING *Binding, NDIS_HANDLE BindContext, PNDIS_BIND_PARAMETERS BindParameters)
{
    NDIS_MEDIUM Media[] = {NdisMedium802_3, NdisMediumIP};
    UINT Selected;
    NDIS_OPEN_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = BindParameters->AdapterName,
        .MediumArray = Media,
        .MediumArraySize = sizeof(Media) / sizeof(Media[0]),
        .SelectedMediumIndex = &Selected,
    };

    NdisResetEvent(&Binding->Done);
    return Wait(Binding,
        NdisOpenAdapterEx(ProtocolHandle, Binding, &Parameters, BindContext, &Binding->Handle));
}

static NDIS_STATUS
SetFilter(BINDING *Binding, ULONG Filter)
{
    NDIS_OID_REQUEST Request = {
        .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
            NDIS_SIZEOF_OID_REQUEST_REVISION_1},
        .RequestType = NdisRequestSetInformation,
        .DATA.SET_INFORMATION = {.Oid = OID_GEN_CURRENT_PACKET_FILTER,
            .InformationBuffer = &Filter,
            .InformationBufferLength = sizeof(Filter)},
    };

    NdisResetEvent(&Binding->Done);
    return Wait(Binding, NdisOidRequest(Binding->Handle, &Request));
}

static NDIS_STATUS
OpenPort(BINDING *Binding)
{
    if (!Binding->HasPort)
        return NDIS_STATUS_SUCCESS;
    Binding->Port.Hold(Binding->Port.Context, TRUE);
    Binding->Held = TRUE;
    if (!NT_SUCCESS(Binding->Port.Open(Binding->Port.Context, FramesFromPort, NULL, NULL, Binding)))
        return NDIS_STATUS_OPEN_FAILED;
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->PortOpen = TRUE;
    FramesUpdateHold(Binding); /* a restart may have come before */
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
    ClosePort(Binding);
    if (Binding->Handle != NULL) {
        NdisResetEvent(&Binding->Done);
        Wait(Binding, NdisCloseAdapterEx(Binding->Handle));
    }
    NdisWaitEvent(&Binding->LateOver, 0);
    DataFree(Binding);
    NdisFreeSpinLock(&Binding->TransmitLock);
    NdisFreeSpinLock(&Binding->Lock);
    NdisFreeMemory(Binding, 0, 0);
}

NDIS_STATUS
FramesBind(NDIS_HANDLE ProtocolDriverContext, NDIS_HANDLE BindContext,
    PNDIS_BIND_PARAMETERS BindParameters)
{
    BINDING *Binding = NdisAllocateMemoryWithTagPriority(
        ProtocolHandle, sizeof(*Binding), TAG, NormalPoolPriority);
    ULONG Filter = NDIS_PACKET_TYPE_PROMISCUOUS;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(ProtocolDriverContext);
    if (Binding == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Binding, sizeof(*Binding));
    NdisInitializeEvent(&Binding->Done);
    NdisInitializeEvent(&Binding->Drained);
    NdisInitializeEvent(&Binding->LateOver);
    NdisSetEvent(&Binding->LateOver);
    NdisAllocateSpinLock(&Binding->Lock);
    NdisAllocateSpinLock(&Binding->TransmitLock);
    Binding->Mtu = BindParameters->MtuSize < MTU_MAX ? BindParameters->MtuSize : MTU_MAX;

    Status = ReadConfiguration(Binding, BindParameters->ProtocolSection, &Filter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = DataInitialize(Binding);
    if (Status == NDIS_STATUS_SUCCESS) {
        Status = OpenAdapter(Binding, BindContext, BindParameters);
        if (Status != NDIS_STATUS_SUCCESS)
            Binding->Handle = NULL;
    }
    if (Status == NDIS_STATUS_SUCCESS)
        Status = SetFilter(Binding, Filter);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = OpenPort(Binding);
    if (Status != NDIS_STATUS_SUCCESS)
        Close(Binding);
    return Status;
}

NDIS_STATUS
FramesUnbind(NDIS_HANDLE UnbindContext, NDIS_HANDLE ProtocolBindingContext)
{
    BINDING *Binding = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    if (!Binding->Asleep)
        SetFilter(Binding, 0);
    Close(Binding);
    return NDIS_STATUS_SUCCESS;
}
