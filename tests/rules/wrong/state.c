/* SPDX-License-Identifier: MIT */
/* The miniport of the rule tests whose device sleeps, is reset and has a link: see wrong.h.
 *
 * Its stack is not paused when the device goes to sleep. A DPC completes what is sent, and indicates
 * an NBL every millisecond.
 */
#include "wrong.h"

#include "plain.h"

#define LINK_SPEED 1000000000ull

typedef struct _ADAPTER {
    NDIS_HANDLE Handle;
    OWN Own;
    KTIMER Timer;
    KDPC Dpc;
    KSPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Initialized, Running, Pausing, Asleep, Failed;
    PNET_BUFFER_LIST Sends;
    PNDIS_OID_REQUEST Power, Oid;
    ULONG Round;
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE DriverHandle;

static VOID
Link(ADAPTER *Adapter, NDIS_MEDIA_CONNECT_STATE Connected)
{
    NDIS_LINK_STATE State = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_LINK_STATE_REVISION_1,
            NDIS_SIZEOF_LINK_STATE_REVISION_1},
        .MediaConnectState = Connected,
        .XmitLinkSpeed = LINK_SPEED,
        .RcvLinkSpeed = LINK_SPEED,
    };
    NDIS_STATUS_INDICATION Indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = Adapter->Handle,
        .StatusCode = NDIS_STATUS_LINK_STATE,
        .StatusBuffer = &State,
        .StatusBufferSize = sizeof(State),
    };

    if (BREAKS(ss_link_state_true))
        State.XmitLinkSpeed *= 10;
    NdisMIndicateStatusEx(Adapter->Handle, &Indication);
    if (BREAKS(ss_no_duplicate_link))
        NdisMIndicateStatusEx(Adapter->Handle, &Indication);
}

static VOID
WorkLater(ADAPTER *Adapter)
{
    LARGE_INTEGER Due = {.QuadPart = -10000};

    KeSetTimer(&Adapter->Timer, Due, &Adapter->Dpc);
}

static VOID
Complete(ADAPTER *Adapter, PNET_BUFFER_LIST Chain, NDIS_STATUS Status)
{
    for (PNET_BUFFER_LIST Nbl = Chain; Nbl != NULL; Nbl = Nbl->Next)
        NET_BUFFER_LIST_STATUS(Nbl) = Status;
    if (Chain != NULL)
        NdisMSendNetBufferListsComplete(Adapter->Handle, Chain, 0);
}

/* Takes all that is queued. */
static PNET_BUFFER_LIST
Dequeue(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Chain;
    KIRQL Irql;

    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    Chain = Adapter->Sends;
    Adapter->Sends = NULL;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    return Chain;
}

static BOOLEAN
PauseIsDone(ADAPTER *Adapter)
{
    BOOLEAN Done;
    KIRQL Irql;

    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    Done = Adapter->Pausing && Adapter->Sends == NULL && Adapter->Own.OutMask == 0;
    if (Done)
        Adapter->Pausing = FALSE;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    return Done;
}

static VOID
AnswerPending(ADAPTER *Adapter)
{
    PNDIS_OID_REQUEST Power = NULL, Oid = NULL;

    if (Adapter->Own.OutMask == 0)
        Power = InterlockedExchangePointer((PVOID *)&Adapter->Power, NULL);
    if (Power != NULL)
        NdisMOidRequestComplete(Adapter->Handle, Power, NDIS_STATUS_SUCCESS);
    if (Adapter->Round > 40)
        Oid = InterlockedExchangePointer((PVOID *)&Adapter->Oid, NULL);
    if (Oid != NULL)
        NdisMOidRequestComplete(Adapter->Handle, Oid, NDIS_STATUS_NOT_SUPPORTED);
}

static VOID
Indicate(ADAPTER *Adapter)
{
    PNET_BUFFER_LIST Chain = OwnTake(&Adapter->Own, 1, Adapter->Handle);

    if (Chain != NULL)
        NdisMIndicateReceiveNetBufferLists(
            Adapter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 1, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
}

static VOID
Work(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    ADAPTER *Adapter = Context;
    PNET_BUFFER_LIST Sends = Dequeue(Adapter);

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Complete(Adapter, Sends, NDIS_STATUS_SUCCESS);
    if (Adapter->Running && !Adapter->Asleep) {
        Indicate(Adapter);
        WorkLater(Adapter);
    }
    AnswerPending(Adapter);
    Adapter->Round++;
    if (Adapter->Round == 4)
        NdisMResetMiniport(Adapter->Handle);
    if (PauseIsDone(Adapter))
        NdisMPauseComplete(Adapter->Handle);
}

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    NDIS_STATUS Refused = NDIS_STATUS_SUCCESS;
    ADAPTER *Adapter = Context;
    PNET_BUFFER_LIST Last = Chain;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
    while (Last->Next != NULL)
        Last = Last->Next;
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    if (Adapter->Asleep) {
        Refused = NDIS_STATUS_LOW_POWER_STATE;
    } else {
        Last->Next = Adapter->Sends;
        Adapter->Sends = Chain;
    }
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    if (Refused == NDIS_STATUS_SUCCESS) {
        WorkLater(Adapter);
        return;
    }
    if (BREAKS(send_lowpower_reject))
        Refused = NDIS_STATUS_SUCCESS;
    if (BREAKS(send_lowpower_reject__kept)) {
        Last->Next = Adapter->Sends;
        Adapter->Sends = Chain;
        return;
    }
    Complete(Adapter, Chain, Refused);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Flags);
    OwnPut(&Adapter->Own, Chain);
    AnswerPending(Adapter);
    if (PauseIsDone(Adapter))
        NdisMPauseComplete(Adapter->Handle);
}

static NDIS_STATUS
SetPower(ADAPTER *Adapter, PNDIS_OID_REQUEST Request)
{
    BOOLEAN Sleeps =
        *(NDIS_DEVICE_POWER_STATE *)Request->DATA.SET_INFORMATION.InformationBuffer != 1;
    KIRQL Irql;

    if (BREAKS(pp_power_fail_resume)) {
        if (!Sleeps) {
            Adapter->Failed = TRUE;
            return NDIS_STATUS_NOT_ACCEPTED;
        }
    }
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    Adapter->Asleep = Sleeps;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    if (!Sleeps) {
        WorkLater(Adapter);
        return NDIS_STATUS_SUCCESS;
    }
    if (!BREAKS(pp_power_wait_indicate)) {
        KeCancelTimer(&Adapter->Timer);
        KeFlushQueuedDpcs();
        Complete(Adapter, Dequeue(Adapter), NDIS_STATUS_LOW_POWER_STATE);
    }
    if (BREAKS(pp_power_no_wait_returns)) {
        if (Adapter->Own.OutMask != 0) {
            Adapter->Power = Request;
            return NDIS_STATUS_PENDING;
        }
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Number(PNDIS_OID_REQUEST Request, ULONG64 Value, ULONG Size)
{
    struct _QUERY *Query = &Request->DATA.QUERY_INFORMATION;

    Query->BytesWritten = 0;
    Query->BytesNeeded = Size;
    if (Size == 8 && Query->InformationBufferLength < 8 && !BREAKS(oid_64bit_counters))
        Size = 4;
    if (Query->InformationBufferLength < Size)
        return NDIS_STATUS_INVALID_LENGTH;
    RtlCopyMemory(Query->InformationBuffer, &Value, Size);
    Query->BytesWritten = Size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    ADAPTER *Adapter = Context;

    if (BREAKS(oid_state_miniport_handles)) {
        if (!Adapter->Running)
            return NDIS_STATUS_PAUSED;
    }
    switch (Request->DATA.SET_INFORMATION.Oid) {
    case OID_PNP_SET_POWER: return SetPower(Adapter, Request);
    case OID_PNP_QUERY_POWER:
        Request->DATA.QUERY_INFORMATION.BytesWritten = 0;
        return NDIS_STATUS_SUCCESS;
    case OID_GEN_CURRENT_PACKET_FILTER:
        return BREAKS(oid_packet_filter_never_fail) ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
    case OID_GEN_VENDOR_ID:
        if (BREAKS(oid_mandatory_supported))
            return NDIS_STATUS_NOT_SUPPORTED;
        if (BREAKS(oid_byteswritten_set)) {
            Request->DATA.QUERY_INFORMATION.BytesWritten = 0;
            return NDIS_STATUS_SUCCESS;
        }
        return Number(Request, 0xFFFFFF, 4);
    case OID_GEN_XMIT_OK: return Number(Request, 5, 8);
    case OID_RULES: break;
    default:
        if (BREAKS(oid_unknown_not_supported)) {
            if (Request->DATA.SET_INFORMATION.Oid >> 24 == 0xFF)
                return NDIS_STATUS_INVALID_DATA;
        }
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    if (BREAKS(oid_reset_in_progress)) {
        if (Adapter->Round < 4) {
            Adapter->Oid = Request;
            return NDIS_STATUS_PENDING;
        }
    }
    return Number(Request, 1, 4);
}

static NDIS_STATUS
SetAttributes(ADAPTER *Adapter)
{
    static NDIS_OID Oids[] = {
        OID_RULES, OID_GEN_VENDOR_ID, OID_GEN_XMIT_OK, OID_GEN_CURRENT_PACKET_FILTER};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND |
                          NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND |
                          NDIS_MINIPORT_ATTRIBUTES_REGISTER_BUGCHECK_CALLBACK,
        .CheckForHangTimeInSeconds = 1,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .MtuSize = 1500,
        .MaxXmitLinkSpeed = LINK_SPEED,
        .MaxRcvLinkSpeed = LINK_SPEED,
        .XmitLinkSpeed = LINK_SPEED,
        .RcvLinkSpeed = LINK_SPEED,
        .MediaConnectState = MediaConnectStateConnected,
        .MacAddressLength = 6,
        .SupportedPacketFilters = NDIS_PACKET_TYPE_DIRECTED,
        .SupportedOidList = Oids,
        .SupportedOidListLength = sizeof(Oids),
    };

    if (NdisMSetMiniportAttributes(Adapter->Handle,
            (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_FAILURE;
    return NdisMSetMiniportAttributes(Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&General);
}

static NDIS_STATUS
Initialize(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext, PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
    ADAPTER *Adapter = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*Adapter), TAG);

    UNREFERENCED_PARAMETER(DriverContext);
    UNREFERENCED_PARAMETER(Parameters);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    Adapter->Handle = Handle;
    KeInitializeSpinLock(&Adapter->Lock);
    KeInitializeTimer(&Adapter->Timer);
    KeInitializeDpc(&Adapter->Dpc, Work, Adapter);
    if (SetAttributes(Adapter) != NDIS_STATUS_SUCCESS ||
        OwnCreate(&Adapter->Own, Handle) != NDIS_STATUS_SUCCESS) {
        ExFreePoolWithTag(Adapter, TAG);
        return NDIS_STATUS_FAILURE;
    }
    /* Longer than CheckForHangTimeInSeconds, where somebody waits for what it says then. */
    if (Same(Broken, "right") || BREAKS(rs_checkforhang_init))
        Sleep(1200000);
    Adapter->Initialized = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Parameters);
    if (BREAKS(st_m_restart_attributes)) {
        if (Parameters->RestartAttributes != NULL && Adapter->Round > 4) {
            Parameters->RestartAttributes->Data[8]++;
            return NDIS_STATUS_FAILURE;
        }
    }
    Adapter->Running = TRUE;
    WorkLater(Adapter);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Parameters);
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    Adapter->Running = FALSE;
    Adapter->Pausing = !Adapter->Failed;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    return PauseIsDone(Adapter) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_PENDING;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Action);
    KeCancelTimer(&Adapter->Timer);
    KeFlushQueuedDpcs();
    OwnFree(&Adapter->Own);
    ExFreePoolWithTag(Adapter, TAG);
}

static BOOLEAN
CheckForHang(NDIS_HANDLE Context)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Adapter);
    if (BREAKS(rs_checkforhang_init))
        return !Adapter->Initialized;
    return FALSE;
}

/* The link goes and comes. */
static NDIS_STATUS
Reset(NDIS_HANDLE Context, PBOOLEAN AddressingReset)
{
    ADAPTER *Adapter = Context;

    *AddressingReset = FALSE;
    Link(Adapter, MediaConnectStateDisconnected);
    KeFlushQueuedDpcs();
    Complete(Adapter, Dequeue(Adapter), NDIS_STATUS_RESET_IN_PROGRESS);
    if (!BREAKS(rs_status_after_reset))
        Link(Adapter, MediaConnectStateConnected);
    return NDIS_STATUS_SUCCESS;
}

static VOID
Shutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Adapter);
    UNREFERENCED_PARAMETER(Action);
    if (BREAKS(st_m_shutdown_bugcheck))
        KeCancelTimer(&Adapter->Timer);
}

static NDIS_STATUS
AddDevice(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext)
{
    PVOID Context = ExAllocatePoolZero(NonPagedPoolNx, 16, TAG);
    NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAddDeviceContext = Context,
    };

    UNREFERENCED_PARAMETER(DriverContext);
    if (BREAKS(pp_add_remove_device_paired))
        return NDIS_STATUS_FAILURE;
    return NdisMSetMiniportAttributes(Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Attributes);
}

static VOID
RemoveDevice(NDIS_HANDLE Context)
{
    ExFreePoolWithTag(Context, TAG);
}

static NDIS_STATUS
WithIrp(NDIS_HANDLE Context, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Irp);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
SetOptions(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext)
{
    NDIS_MINIPORT_PNP_CHARACTERISTICS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS,
            NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1},
        .MiniportAddDeviceHandler = AddDevice,
        .MiniportRemoveDeviceHandler = RemoveDevice,
        .MiniportFilterResourceRequirementsHandler = WithIrp,
        .MiniportStartDeviceHandler = WithIrp,
    };

    UNREFERENCED_PARAMETER(DriverContext);
    return NdisSetOptionalHandlers(Handle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisMDeregisterMiniportDriver(DriverHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = PLAIN_TABLE;

    Characteristics.SetOptionsHandler = SetOptions;
    Characteristics.CheckForHangHandlerEx = CheckForHang;
    Characteristics.ResetHandlerEx = Reset;
    BreaksBy(RegistryPath);
    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
}
