/* SPDX-License-Identifier: MIT */
/*
 * phone: a connection-oriented miniport that is its own call manager (MCM), on a port. It speaks
 * the same language on the line as operator over circuits, so either may be at the other end; what
 * those two ask of each other through NDIS it does inside, and tells NDIS of VCs of clients alone.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include "../../protocol/operator/calls6.h"
#include "../../protocol/operator/tagged6.h"

#define TAG 'nohP'

typedef struct _ADAPTER {
    CALLS Calls; /* first: clients' families begin from it */
    NDIS_HANDLE Handle, Pool;
    TAGGED Line;
    NDIS_SPIN_LOCK Lock; /* guards what follows, and the lines of calls */
    BOOLEAN Running, PausePending;
    ULONG Out; /* NBLs indicated and not returned */
    ULONG64 Received, NotReceived, Sent, NotSent;
} ADAPTER;

static NDIS_HANDLE DriverHandle;

DRIVER_INITIALIZE DriverEntry;
static SET_OPTIONS PhoneSetOptions;
static MINIPORT_INITIALIZE PhoneInitialize;
static MINIPORT_HALT PhoneHalt;
static MINIPORT_UNLOAD PhoneUnload;
static MINIPORT_PAUSE PhonePause;
static MINIPORT_RESTART PhoneRestart;
static MINIPORT_OID_REQUEST PhoneOidRequest;
static MINIPORT_CANCEL_OID_REQUEST PhoneCancel;
static MINIPORT_SEND_NET_BUFFER_LISTS PhoneSendWithoutVc;
static MINIPORT_RETURN_NET_BUFFER_LISTS PhoneReturn;
static MINIPORT_SHUTDOWN PhoneShutdown;
static MINIPORT_DEVICE_PNP_EVENT_NOTIFY PhonePnPEvent;
static UNDIS_PORT_RECEIVED PhoneReceived;

/* What calls.h wants */

static VOID
CallsSend(CALLS *Calls, const MESSAGE *Message)
{
    TaggedSend(&((ADAPTER *)Calls->Driver)->Line, 0, Message, sizeof(*Message));
}

static NDIS_STATUS
CallsCreateVc(CALLS *Calls, NDIS_HANDLE Family, CALL *Call)
{
    return NdisMCmCreateVc(((ADAPTER *)Calls->Driver)->Handle, Family, Call, &Call->Vc);
}

static VOID
CallsDeleteVc(CALL *Call)
{
    NdisMCmDeleteVc(Call->Vc);
}

static NDIS_STATUS
CallsRaise(CALL *Call)
{
    ADAPTER *Adapter = Call->Calls->Driver;

    NdisAcquireSpinLock(&Adapter->Lock);
    Call->Up = TRUE;
    NdisReleaseSpinLock(&Adapter->Lock);
    return NdisMCmActivateVc(Call->Vc, &Call->Dial.Call);
}

/* Done when NDIS has nothing of it any more: then PhonePut goes on. */
static NDIS_STATUS
CallsLower(CALL *Call)
{
    ADAPTER *Adapter = Call->Calls->Driver;
    BOOLEAN Lowering;

    NdisAcquireSpinLock(&Adapter->Lock);
    Call->Up = FALSE;
    Lowering = Call->Lowering = Call->Indicated != 0;
    NdisReleaseSpinLock(&Adapter->Lock);
    return Lowering ? NDIS_STATUS_PENDING : NdisMCmDeactivateVc(Call->Vc);
}

/* Data */

static VOID
PhoneSend(NDIS_HANDLE MiniportVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendFlags)
{
    CALL *Call = MiniportVcContext;
    ADAPTER *Adapter = Call->Calls->Driver;
    PNET_BUFFER_LIST Nbl;
    ULONG Sent = 0, NotSent = 0;
    PNET_BUFFER Nb;

    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl)) {
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
        for (Nb = NET_BUFFER_LIST_FIRST_NB(Nbl); Nb != NULL; Nb = NET_BUFFER_NEXT_NB(Nb)) {
            if (TaggedSendNb(&Adapter->Line, (USHORT)Call->Out, Nb)) {
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
    NdisMCoSendNetBufferListsComplete(Call->Vc, NetBufferLists,
        NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

/* The call that listens on @Tag, with one NBL more out. */
static CALL *
PhoneTake(ADAPTER *Adapter, USHORT Tag)
{
    CALL *Found = NULL;
    PLIST_ENTRY Entry;

    NdisDprAcquireSpinLock(&Adapter->Calls.Lock);
    NdisDprAcquireSpinLock(&Adapter->Lock);
    for (Entry = Adapter->Calls.Calls.Flink; Entry != &Adapter->Calls.Calls; Entry = Entry->Flink) {
        CALL *Call = CONTAINING_RECORD(Entry, CALL, Link);

        if (Call->Up && Call->In == Tag)
            Found = Call;
    }
    if (!Adapter->Running)
        Found = NULL;
    if (Found != NULL) {
        Found->Indicated++;
        Adapter->Out++;
        Adapter->Received++;
    } else {
        Adapter->NotReceived++;
    }
    NdisDprReleaseSpinLock(&Adapter->Lock);
    NdisDprReleaseSpinLock(&Adapter->Calls.Lock);
    return Found;
}

/* NDIS has one NBL of it less. */
static VOID
PhonePut(ADAPTER *Adapter, CALL *Call)
{
    BOOLEAN Lowered, Paused;

    NdisAcquireSpinLock(&Adapter->Lock);
    Lowered = --Call->Indicated == 0 && Call->Lowering;
    if (Lowered)
        Call->Lowering = FALSE;
    Paused = --Adapter->Out == 0 && Adapter->PausePending;
    if (Paused)
        Adapter->PausePending = FALSE;
    NdisReleaseSpinLock(&Adapter->Lock);
    if (Lowered) {
        NdisMCmDeactivateVc(Call->Vc);
        CallLowered(Call);
    }
    if (Paused)
        NdisMPauseComplete(Adapter->Handle);
}

static VOID
PhoneReceived(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    ADAPTER *Adapter = Context;
    ULONG i;

    for (i = 0; i < Count; i++) {
        const UCHAR *Data;
        PNET_BUFFER_LIST Nbl;
        ULONG Length;
        USHORT Tag;
        CALL *Call;

        if (!TaggedRead(&Frames[i], &Tag, &Data, &Length))
            continue;
        if (Tag == 0) {
            CallsReceive(&Adapter->Calls, Data, Length);
            continue;
        }
        Call = PhoneTake(Adapter, Tag);
        if (Call == NULL)
            continue;
        Nbl = TaggedNbl(Adapter->Pool, Data, Length, Call->Vc);
        if (Nbl == NULL) {
            PhonePut(Adapter, Call);
            continue;
        }
        NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0] = Call;
        NdisMCoIndicateReceiveNetBufferLists(Call->Vc, Nbl, 1, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
    }
}

static VOID
PhoneReturn(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    PNET_BUFFER_LIST Nbl, Next;

    UNREFERENCED_PARAMETER(ReturnFlags);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        CALL *Call = NET_BUFFER_LIST_MINIPORT_RESERVED(Nbl)[0];

        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NdisFreeNetBufferList(Nbl);
        PhonePut(MiniportAdapterContext, Call);
    }
}

/* Everything here goes on VCs. */
static VOID
PhoneSendWithoutVc(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferList,
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
PhoneOidRequest(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(OidRequest);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
PhoneCoOidRequest(
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
PhoneCancel(NDIS_HANDLE MiniportAdapterContext, PVOID Id)
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
    CallsFree(&Adapter->Calls);
    NdisFreeSpinLock(&Adapter->Lock);
    NdisFreeMemory(Adapter, 0, 0);
}

static NDIS_STATUS
PhoneInitialize(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_INIT_PARAMETERS MiniportInitParameters)
{
    ADAPTER *Adapter = NdisAllocateMemoryWithTagPriority(
        NdisMiniportHandle, sizeof(*Adapter), TAG, NormalPoolPriority);
    CO_ADDRESS_FAMILY Family = {CO_ADDRESS_FAMILY_PPP, 1, 0};
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(MiniportDriverContext);
    UNREFERENCED_PARAMETER(MiniportInitParameters);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    Adapter->Handle = NdisMiniportHandle;
    NdisAllocateSpinLock(&Adapter->Lock);
    CallsInitialize(&Adapter->Calls, Adapter);
    Status = TaggedFind(&Adapter->Line, NdisMiniportHandle);
    if (Status == NDIS_STATUS_SUCCESS)
        Status = SetAttributes(Adapter);
    if (Status == NDIS_STATUS_SUCCESS) {
        Adapter->Pool = TaggedPool(NdisMiniportHandle, TAG);
        Status = Adapter->Pool != NULL ? TaggedOpen(&Adapter->Line, PhoneReceived, Adapter)
                                       : NDIS_STATUS_RESOURCES;
    }
    if (Status == NDIS_STATUS_SUCCESS)
        Status = NdisMCmRegisterAddressFamilyEx(NdisMiniportHandle, &Family);
    if (Status != NDIS_STATUS_SUCCESS)
        FreeAdapter(Adapter);
    return Status;
}

static VOID
PhoneHalt(NDIS_HANDLE MiniportAdapterContext, NDIS_HALT_ACTION HaltAction)
{
    UNREFERENCED_PARAMETER(HaltAction);
    CallsLeave(&((ADAPTER *)MiniportAdapterContext)->Calls);
    FreeAdapter(MiniportAdapterContext);
}

static NDIS_STATUS
PhonePause(NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_PAUSE_PARAMETERS PauseParameters)
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
PhoneRestart(
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
PhoneShutdown(NDIS_HANDLE MiniportAdapterContext, NDIS_SHUTDOWN_ACTION ShutdownAction)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(ShutdownAction);
}

static VOID
PhonePnPEvent(NDIS_HANDLE MiniportAdapterContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(NetDevicePnPEvent);
}

static VOID
PhoneUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisMDeregisterMiniportDriver(DriverHandle);
}

static NDIS_STATUS
PhoneSetOptions(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_MINIPORT_CO_CHARACTERISTICS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_MINIPORT_CHARACTERISTICS,
            NDIS_MINIPORT_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_CO_CHARACTERISTICS_REVISION_1},
        .CoSendNetBufferListsHandler = PhoneSend,
        .CoOidRequestHandler = PhoneCoOidRequest,
    };
    NDIS_STATUS Status =
        NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);

    UNREFERENCED_PARAMETER(DriverContext);
    return Status == NDIS_STATUS_SUCCESS ? CallsSetOptions(NdisDriverHandle) : Status;
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
        .SetOptionsHandler = PhoneSetOptions,
        .InitializeHandlerEx = PhoneInitialize,
        .HaltHandlerEx = PhoneHalt,
        .UnloadHandler = PhoneUnload,
        .PauseHandler = PhonePause,
        .RestartHandler = PhoneRestart,
        .OidRequestHandler = PhoneOidRequest,
        .SendNetBufferListsHandler = PhoneSendWithoutVc,
        .ReturnNetBufferListsHandler = PhoneReturn,
        .CancelSendHandler = PhoneCancel,
        .DevicePnPEventNotifyHandler = PhonePnPEvent,
        .ShutdownHandlerEx = PhoneShutdown,
        .CancelOidRequestHandler = PhoneCancel,
    };

    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
