/* SPDX-License-Identifier: MIT */
/*
 * circuits: a connection-oriented miniport whose hardware is a port. A VC is a pair of tags, which
 * the call manager gives in the media parameters: what is sent goes out under one, what comes in
 * under the other goes up. Sends are done at once; what the port does not take fails.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include "../../protocol/operator/message.h"
#include "../../protocol/operator/tagged6.h"

#define TAG 'criC'

typedef struct _ADAPTER {
    NDIS_HANDLE Handle, Pool;
    TAGGED Line;
    NDIS_SPIN_LOCK Lock; /* guards what follows, and the VCs */
    LIST_ENTRY Vcs;
    BOOLEAN Running, PausePending;
    ULONG Out; /* NBLs indicated and not returned */
    ULONG64 Received, NotReceived, Sent, NotSent;
} ADAPTER;

typedef struct _VC {
    LIST_ENTRY Link;
    ADAPTER *Adapter;
    NDIS_HANDLE Handle;
    ULONG In, To;
    BOOLEAN Up, Lowering; /* Lowering: its deactivation waits until Out is 0 */
    ULONG Out;            /* NBLs of it that NDIS has */
} VC;

static NDIS_HANDLE DriverHandle;

DRIVER_INITIALIZE DriverEntry;
static SET_OPTIONS CircuitsSetOptions;
static MINIPORT_INITIALIZE CircuitsInitialize;
static MINIPORT_HALT CircuitsHalt;
static MINIPORT_UNLOAD CircuitsUnload;
static MINIPORT_PAUSE CircuitsPause;
static MINIPORT_RESTART CircuitsRestart;
static MINIPORT_OID_REQUEST CircuitsOidRequest;
static MINIPORT_CANCEL_OID_REQUEST CircuitsCancel;
static MINIPORT_SEND_NET_BUFFER_LISTS CircuitsSendWithoutVc;
static MINIPORT_RETURN_NET_BUFFER_LISTS CircuitsReturn;
static MINIPORT_SHUTDOWN CircuitsShutdown;
static MINIPORT_DEVICE_PNP_EVENT_NOTIFY CircuitsPnPEvent;
static UNDIS_PORT_RECEIVED CircuitsReceived;

/* VCs */

static NDIS_STATUS
CircuitsCreateVc(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE MiniportVcContext)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    VC *Vc = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Vc), TAG);

    if (Vc == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Vc, sizeof(*Vc));
    Vc->Adapter = Adapter;
    Vc->Handle = NdisVcHandle;
    NdisAcquireSpinLock(&Adapter->Lock);
    InsertTailList(&Adapter->Vcs, &Vc->Link);
    NdisReleaseSpinLock(&Adapter->Lock);
    *MiniportVcContext = Vc;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CircuitsDeleteVc(NDIS_HANDLE MiniportVcContext)
{
    VC *Vc = MiniportVcContext;

    NdisAcquireSpinLock(&Vc->Adapter->Lock);
    RemoveEntryList(&Vc->Link);
    NdisReleaseSpinLock(&Vc->Adapter->Lock);
    ExFreePoolWithTag(Vc, TAG);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CircuitsActivateVc(NDIS_HANDLE MiniportVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    VC *Vc = MiniportVcContext;
    ULONG Tags[2];

    if (!DialTags(CallParameters, Tags) || Tags[0] > 0xFFFF || Tags[1] > 0xFFFF)
        return NDIS_STATUS_INVALID_DATA;
    NdisAcquireSpinLock(&Vc->Adapter->Lock);
    Vc->In = Tags[0];
    Vc->To = Tags[1];
    Vc->Up = TRUE;
    NdisReleaseSpinLock(&Vc->Adapter->Lock);
    return NDIS_STATUS_SUCCESS;
}

/* Done when NDIS has nothing of it any more. */
static NDIS_STATUS
CircuitsDeactivateVc(NDIS_HANDLE MiniportVcContext)
{
    VC *Vc = MiniportVcContext;

    NdisAcquireSpinLock(&Vc->Adapter->Lock);
    Vc->Up = FALSE;
    Vc->Lowering = Vc->Out != 0;
    NdisReleaseSpinLock(&Vc->Adapter->Lock);
    return Vc->Lowering ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
}

/* Data */

static VOID
CircuitsSend(NDIS_HANDLE MiniportVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendFlags)
{
    VC *Vc = MiniportVcContext;
    ADAPTER *Adapter = Vc->Adapter;
    PNET_BUFFER_LIST Nbl;
    ULONG Sent = 0, NotSent = 0;
    PNET_BUFFER Nb;

    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl)) {
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
        for (Nb = NET_BUFFER_LIST_FIRST_NB(Nbl); Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb)) {
            if (TaggedSendNb(&Adapter->Line, (USHORT)Vc->To, Nb)) {
                Sent++;
                continue;
            }
            NotSent++;
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_RESOURCES;
        }
    }
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Sent += Sent;
    Adapter->NotSent += NotSent;
    NdisReleaseSpinLock(&Adapter->Lock);
    NdisMCoSendNetBufferListsComplete(Vc->Handle, NetBufferLists,
        NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

/* The VC that listens on @Tag, with one NBL more out. */
static VC *
TakeVc(ADAPTER *Adapter, USHORT Tag)
{
    VC *Found = NULL;
    PLIST_ENTRY Entry;

    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (Entry = Adapter->Vcs.Flink; Entry != &Adapter->Vcs; Entry = Entry->Flink) {
        VC *Vc = CONTAINING_RECORD(Entry, VC, Link);

        if (Vc->Up && Vc->In == Tag)
            Found = Vc;
    }
    if (!Adapter->Running)
        Found = NULL;
    if (Found != NULL) {
        Found->Out++;
        Adapter->Out++;
        Adapter->Received++;
    } else {
        Adapter->NotReceived++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    return Found;
}

/* NDIS has one NBL of it less. */
static VOID
PutVc(ADAPTER *Adapter, VC *Vc)
{
    NDIS_HANDLE Lowered = NULL;
    BOOLEAN Paused;

    NdisAcquireSpinLock(&Adapter->Lock);
    if (--Vc->Out == 0 && Vc->Lowering) {
        Vc->Lowering = FALSE;
        Lowered = Vc->Handle;
    }
    Paused = --Adapter->Out == 0 && Adapter->PausePending;
    if (Paused)
        Adapter->PausePending = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Lowered != NULL)
        NdisMCoDeactivateVcComplete(NDIS_STATUS_SUCCESS, Lowered);
    if (Paused)
        NdisMPauseComplete(Adapter->Handle);
}

static VOID
CircuitsReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    ULONG i;

    for (i = 0; i < Count; i++) {
        const UCHAR *Data;
        PNET_BUFFER_LIST Nbl;
        ULONG Length;
        USHORT Tag;
        VC *Vc;

        if (!TaggedRead(&Frames[i], &Tag, &Data, &Length))
            continue;
        Vc = TakeVc(Adapter, Tag);
        if (Vc == NULL)
            continue;
        Nbl = TaggedNbl(Adapter->Pool, Data, Length, Vc->Handle);
        if (Nbl == NULL) {
            PutVc(Adapter, Vc);
            continue;
        }
        NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0] = Vc;
        NdisMCoIndicateReceiveNetBufferLists(Vc->Handle, Nbl, 1, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
    }
}

static VOID
CircuitsReturn(
    NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    PNET_BUFFER_LIST Nbl, Next;

    UNREFERENCED_PARAMETER(ReturnFlags);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        VC *Vc = NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0];

        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NdisFreeNetBufferList(Nbl);
        PutVc(MiniportAdapterContext, Vc);
    }
}

/* Everything here goes on VCs. */
static VOID
CircuitsSendWithoutVc(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    PNET_BUFFER_LIST Nbl;

    UNREFERENCED_PARAMETER(PortNumber);
    UNREFERENCED_PARAMETER(SendFlags);
    for (Nbl = NetBufferList; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl))
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_NOT_SUPPORTED;
    NdisMSendNetBufferListsComplete(((ADAPTER *)MiniportAdapterContext)->Handle, NetBufferList, 0);
}

/* Requests */

static NDIS_STATUS
CircuitsOidRequest(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(OidRequest);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
CircuitsCoOidRequest(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportVcContext, PNDIS_OID_REQUEST OidRequest)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    ULONG64 Value;

    UNREFERENCED_PARAMETER(MiniportVcContext);
    if (OidRequest->RequestType != NdisRequestQueryInformation)
        return NDIS_STATUS_NOT_SUPPORTED;
    switch (OidRequest->DATA.QUERY_INFORMATION.Oid) {
    case OID_GEN_XMIT_OK: Value = Adapter->Sent; break;
    case OID_GEN_XMIT_ERROR: Value = Adapter->NotSent; break;
    case OID_GEN_RCV_OK: Value = Adapter->Received; break;
    case OID_GEN_RCV_ERROR: Value = Adapter->NotReceived; break;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
    OidRequest->DATA.QUERY_INFORMATION.BytesNeeded = sizeof(Value);
    if (OidRequest->DATA.QUERY_INFORMATION.InformationBufferLength < sizeof(Value))
        return NDIS_STATUS_BUFFER_TOO_SHORT;
    NdisMoveMemory(OidRequest->DATA.QUERY_INFORMATION.InformationBuffer, &Value, sizeof(Value));
    OidRequest->DATA.QUERY_INFORMATION.BytesWritten = sizeof(Value);
    return NDIS_STATUS_SUCCESS;
}

static VOID
CircuitsCancel(NDIS_HANDLE MiniportAdapterContext, PVOID Id)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Id);
}

/* Come and go */

static NDIS_STATUS
SetAttributes(ADAPTER *Adapter)
{
    static NDIS_OID Oids[] = {
        OID_GEN_XMIT_OK, OID_GEN_RCV_OK, OID_GEN_XMIT_ERROR, OID_GEN_RCV_ERROR};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1},
        .MediaType = NdisMediumCoWan,
        .PhysicalMediumType = NdisPhysicalMediumUnspecified,
        .MtuSize = Adapter->Line.Mtu,
        .MaxXmitLinkSpeed = 100000000,
        .XmitLinkSpeed = 100000000,
        .MaxRcvLinkSpeed = 100000000,
        .RcvLinkSpeed = 100000000,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .AccessType = NET_IF_ACCESS_POINT_TO_POINT,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEMAND,
        .IfType = IF_TYPE_OTHER,
        .SupportedOidList = Oids,
        .SupportedOidListLength = sizeof(Oids),
    };
    NDIS_STATUS Status;

    Status = NdisMSetMiniportAttributes(
        Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    return NdisMSetMiniportAttributes(Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&General);
}

static VOID
FreeAdapter(ADAPTER *Adapter)
{
    TaggedClose(&Adapter->Line);
    if (Adapter->Pool != NULL)
        NdisFreeNetBufferListPool(Adapter->Pool);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
CircuitsInitialize(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_INIT_PARAMETERS MiniportInitParameters)
{
    ADAPTER *Adapter = NdisAllocateMemoryWithTagPriority(
        NdisMiniportHandle, sizeof(*Adapter), TAG, NormalPoolPriority);
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(MiniportDriverContext);
    UNREFERENCED_PARAMETER(MiniportInitParameters);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = NdisMiniportHandle;
    NdisAllocateSpinLock(&Adapter->Lock);
    InitializeListHead(&Adapter->Vcs);
    Status = TaggedFind(&Adapter->Line, NdisMiniportHandle);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = SetAttributes(Adapter);
    if (Status == NDIS_STATUS_SUCCESS) {
        Adapter->Pool = TaggedPool(NdisMiniportHandle, TAG);
        Status = Adapter->Pool != NULL ? TaggedOpen(&Adapter->Line, CircuitsReceived, Adapter)
                                       : NDIS_STATUS_RESOURCES;
    }
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
CircuitsHalt(NDIS_HANDLE MiniportAdapterContext, NDIS_HALT_ACTION HaltAction)
{
    UNREFERENCED_PARAMETER(HaltAction);
    FreeAdapter(MiniportAdapterContext);
}

static NDIS_STATUS
CircuitsPause(NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_PAUSE_PARAMETERS PauseParameters)
{
    ADAPTER *Adapter = MiniportAdapterContext;
    BOOLEAN Wait;

    UNREFERENCED_PARAMETER(PauseParameters);
    TaggedHold(&Adapter->Line, TRUE);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Running = FALSE;
    Wait = Adapter->PausePending = Adapter->Out != 0;
    NdisReleaseSpinLock(&Adapter->Lock);
    return Wait ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CircuitsRestart(
    NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_RESTART_PARAMETERS RestartParameters)
{
    ADAPTER *Adapter = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(RestartParameters);
    NdisAcquireSpinLock(&Adapter->Lock);
    Adapter->Running = TRUE;
    NdisReleaseSpinLock(&Adapter->Lock);
    TaggedHold(&Adapter->Line, FALSE);
    return NDIS_STATUS_SUCCESS;
}

static VOID
CircuitsShutdown(NDIS_HANDLE MiniportAdapterContext, NDIS_SHUTDOWN_ACTION ShutdownAction)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(ShutdownAction);
}

static VOID
CircuitsPnPEvent(NDIS_HANDLE MiniportAdapterContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(NetDevicePnPEvent);
}

static VOID
CircuitsUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisMDeregisterMiniportDriver(DriverHandle);
}

static NDIS_STATUS
CircuitsSetOptions(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_MINIPORT_CO_CHARACTERISTICS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_MINIPORT_CHARACTERISTICS,
            NDIS_MINIPORT_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_CO_CHARACTERISTICS_REVISION_1},
        .CoCreateVcHandler = CircuitsCreateVc,
        .CoDeleteVcHandler = CircuitsDeleteVc,
        .CoActivateVcHandler = CircuitsActivateVc,
        .CoDeactivateVcHandler = CircuitsDeactivateVc,
        .CoSendNetBufferListsHandler = CircuitsSend,
        .CoOidRequestHandler = CircuitsCoOidRequest,
    };

    UNREFERENCED_PARAMETER(DriverContext);
    return NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
        .MajorDriverVersion = 1,
        .SetOptionsHandler = CircuitsSetOptions,
        .InitializeHandlerEx = CircuitsInitialize,
        .HaltHandlerEx = CircuitsHalt,
        .UnloadHandler = CircuitsUnload,
        .PauseHandler = CircuitsPause,
        .RestartHandler = CircuitsRestart,
        .OidRequestHandler = CircuitsOidRequest,
        .SendNetBufferListsHandler = CircuitsSendWithoutVc,
        .ReturnNetBufferListsHandler = CircuitsReturn,
        .CancelSendHandler = CircuitsCancel,
        .DevicePnPEventNotifyHandler = CircuitsPnPEvent,
        .ShutdownHandlerEx = CircuitsShutdown,
        .CancelOidRequestHandler = CircuitsCancel,
    };

    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
