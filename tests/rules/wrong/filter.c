/* SPDX-License-Identifier: MIT */
/* The filter of the rule tests. See wrong.h. */
#include "service.h"

#include "links.h"

typedef struct _FILTER {
    NDIS_HANDLE Handle;
    OWN Sent, Indicated; /* its own, by the way they go */
    ULONG Round;
    PNET_BUFFER_LIST Kept;
    KSPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Pausing, Stopped;
    volatile const UCHAR *Synchronous; /* the last such request that came by */
    KTIMER Later;
    KDPC PauseLater;
} FILTER;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE DriverHandle, LastHandle;

static BOOLEAN
PauseIsDone(FILTER *Filter)
{
    BOOLEAN Done;
    KIRQL Irql;

    KeAcquireSpinLock(&Filter->Lock, &Irql);
    Done = Filter->Pausing && Filter->Sent.OutMask == 0 && Filter->Indicated.OutMask == 0;
    if (Done)
        Filter->Pausing = FALSE;
    KeReleaseSpinLock(&Filter->Lock, Irql);
    return Done;
}

static VOID
CompletePause(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    FILTER *Filter = Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    if (PauseIsDone(Filter))
        NdisFPauseComplete(Filter->Handle);
}

static VOID
SendOwn(FILTER *Filter)
{
    NDIS_HANDLE Source = Filter->Handle;

    if (BREAKS(send_source_handle_filter))
        Source = NULL;
    PNET_BUFFER_LIST Chain = OwnTake(&Filter->Sent, 1, Source);
    if (Chain == NULL)
        return;
    NdisFSendNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 0);
    if (BREAKS(nbl_mdl_not_shared_in_flight))
        NdisFSendNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 0);
}

static VOID
IndicateOwn(FILTER *Filter)
{
    NDIS_HANDLE Source = Filter->Handle;

    if (BREAKS(recv_source_handle_filter))
        Source = NULL;
    PNET_BUFFER_LIST Chain = OwnTake(&Filter->Indicated, 1, Source);
    if (Chain != NULL)
        NdisFIndicateReceiveNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 1, 0);
}

static PNET_BUFFER_LIST Queued;

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    FILTER *Filter = Context;

    if (BREAKS(nbl_flags_owner))
        Chain->Flags ^= 0x10;
    if (BREAKS(nbl_reserved_fields_owner))
        Chain->MiniportReserved[0] = Filter;
    if (BREAKS(send_cancel_handler_if_queue)) {
        if (Queued == NULL) {
            Queued = Chain;
            SendOwn(Filter);
            return;
        }
    }
    if (BREAKS(st_f_restart_ready)) {
        for (PNET_BUFFER_LIST Nbl = Chain; Nbl != NULL; Nbl = Nbl->Next)
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_PAUSED;
        NdisFSendNetBufferListsComplete(Filter->Handle, Chain, 0);
        return;
    }
    if (BREAKS(send_never_lost)) {
        if (Queued == NULL) {
            Queued = Chain;
            return;
        }
    }
    if (BREAKS(filter_send_timed)) {
        static PNET_BUFFER_LIST Late;
        if (Late == NULL) {
            Late = Chain;
            return;
        }
    }
    if (BREAKS(irql_filter)) {
        KIRQL Irql;
        KeRaiseIrql(DISPATCH_LEVEL, &Irql);
        NdisFSetAttributes(Filter->Handle, Filter, NULL);
        KeLowerIrql(Irql);
    }
    volatile const UCHAR *Late = TOUCHES(send_no_touch_after_send) ? Remembered(Chain) : NULL;
    NdisFSendNetBufferLists(Filter->Handle, Chain, Port, Flags);
    if (Late != NULL)
        (void)*Late;
    SendOwn(Filter);
    if (Filter->Round++ % 8 == 0 || BREAKS(st_f_pause_outstanding))
        IndicateOwn(Filter);
    if (BREAKS(recv_resources_no_keep)) {
        if (Filter->Kept != NULL)
            NdisFIndicateReceiveNetBufferLists(Filter->Handle, Filter->Kept, Port, 1, 0);
    }
}

static VOID
SendComplete(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    FILTER *Filter = Context;

    if (!BREAKS(send_complete_own_only))
        Chain = OwnPut(&Filter->Sent, Chain);
    volatile const UCHAR *Late =
        TOUCHES(send_no_touch_after_complete) && Chain != NULL ? Remembered(Chain) : NULL;
    if (Chain != NULL)
        NdisFSendNetBufferListsComplete(Filter->Handle, Chain, Flags);
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(send_complete_exactly_once)) {
        if (Chain != NULL)
            NdisFSendNetBufferListsComplete(Filter->Handle, Chain, Flags);
    }
    if (BREAKS(send_cancel_handler_if_queue)) {
        Chain = Queued;
        Queued = NULL;
        if (Chain != NULL)
            NdisFSendNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 0);
    }
    if (BREAKS(st_f_pause_once))
        NdisFPauseComplete(Filter->Handle);
    if (PauseIsDone(Filter))
        NdisFPauseComplete(Filter->Handle);
}

static VOID
Receive(
    NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    FILTER *Filter = Context;

    if (BREAKS(recv_resources_no_return)) {
        if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
            NdisFReturnNetBufferLists(Filter->Handle, Chain, 0);
    }
    if (BREAKS(recv_resources_no_keep)) {
        if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
            Filter->Kept = Chain;
    }
    if (BREAKS(recv_resources_propagate))
        Flags &= ~NDIS_RECEIVE_FLAGS_RESOURCES;
    if (BREAKS(recv_filter_timed)) {
        static PNET_BUFFER_LIST Late;
        if (Late == NULL && NDIS_TEST_RECEIVE_CAN_PEND(Flags)) {
            Late = Chain;
            return;
        }
    }
    if (BREAKS(recv_filter_paused_return)) {
        static PNET_BUFFER_LIST Queue;
        if (Filter->Stopped && Queue == NULL && NDIS_TEST_RECEIVE_CAN_PEND(Flags)) {
            Queue = Chain;
            return;
        }
    }
    if (BREAKS(recv_return_never_lost)) {
        if (NDIS_TEST_RECEIVE_CAN_PEND(Flags))
            return;
    }
    if (BREAKS(recv_order_per_flow)) {
        if (NDIS_TEST_RECEIVE_CAN_PEND(Flags) && Chain->Next != NULL) {
            PNET_BUFFER_LIST First = Chain;
            Chain = First->Next;
            First->Next = Chain->Next;
            Chain->Next = First;
        }
    }
    BreakLinks(Chain);
    volatile const UCHAR *Late = TOUCHES(recv_no_touch_while_indicated) ? Remembered(Chain) : NULL;
    NdisFIndicateReceiveNetBufferLists(Filter->Handle, Chain, Port, Count, Flags);
    if (Late != NULL && NDIS_TEST_RECEIVE_CAN_PEND(Flags))
        (void)*Late;
    if (BREAKS(recv_resources_restore_chain)) {
        if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
            Chain->Next = NULL;
    }
    if (BREAKS(send_needs_complete_handler))
        SendOwn(Filter);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    FILTER *Filter = Context;

    if (!BREAKS(recv_return_own_only))
        Chain = OwnPut(&Filter->Indicated, Chain);
    if (BREAKS(recv_undo_on_return)) {
        if (Chain != NULL)
            NET_BUFFER_DATA_LENGTH(NET_BUFFER_LIST_FIRST_NB(Chain)) -= 4;
    }
    volatile const UCHAR *Late =
        TOUCHES(recv_no_touch_after_return) && Chain != NULL ? Remembered(Chain) : NULL;
    if (Chain != NULL)
        NdisFReturnNetBufferLists(Filter->Handle, Chain, Flags);
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(recv_return_exactly_once)) {
        if (Chain != NULL)
            NdisFReturnNetBufferLists(Filter->Handle, Chain, Flags);
    }
    if (PauseIsDone(Filter))
        NdisFPauseComplete(Filter->Handle);
}

static NET_PNP_EVENT_NOTIFICATION Harmless = {
    .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_PNP_EVENT_NOTIFICATION_REVISION_1,
        NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1},
    .NetPnPEvent = {.NetEvent = NetEventReconfigure},
};

static VOID
CopyAnswer(PNDIS_OID_REQUEST Request, PNDIS_OID_REQUEST Clone)
{
    UNREFERENCED_PARAMETER(Clone);
    if (BREAKS(oid_clone_results_copied__set)) {
        if (Request->RequestType == NdisRequestSetInformation)
            return;
    }
    if (!BREAKS(oid_clone_results_copied))
        Request->DATA.QUERY_INFORMATION.BytesWritten = Clone->DATA.QUERY_INFORMATION.BytesWritten;
    Request->DATA.QUERY_INFORMATION.BytesNeeded = Clone->DATA.QUERY_INFORMATION.BytesNeeded;
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    FILTER *Filter = Context;
    PNDIS_OID_REQUEST Clone;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(Harmless);
    if (TOUCHES(oid_buffer_not_kept) && Filter->Synchronous != NULL)
        (void)*Filter->Synchronous;
    if (BREAKS(oid_fpnp_event_in_oid))
        NdisFNetPnPEvent(Filter->Handle, &Harmless);
    if (BREAKS(wd_filter_oid))
        Linger(LONG_MS);
    if (BREAKS(oid_cancel_same_pointer))
        NdisFCancelOidRequest(Filter->Handle, Filter);
    if (BREAKS(oid_filter_drop_none))
        return NDIS_STATUS_PENDING;
    if (BREAKS(oid_clone_for_forward))
        return NdisFOidRequest(Filter->Handle, Request);
    Status = NdisAllocateCloneOidRequest(Filter->Handle, Request, TAG, &Clone);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *(PNDIS_OID_REQUEST *)Clone->SourceReserved = Request;
    if (BREAKS(recv_filter_promisc_extra)) {
        static ULONG All = NDIS_PACKET_TYPE_PROMISCUOUS;
        if (Clone->DATA.SET_INFORMATION.Oid == OID_GEN_CURRENT_PACKET_FILTER)
            Clone->DATA.SET_INFORMATION.InformationBuffer = &All;
    }
    Status = NdisFOidRequest(Filter->Handle, Clone);
    if (Status == NDIS_STATUS_PENDING)
        return Status;
    CopyAnswer(Request, Clone);
    NdisFreeCloneOidRequest(Filter->Handle, Clone);
    return Status;
}

static VOID
OidRequestComplete(NDIS_HANDLE Context, PNDIS_OID_REQUEST Clone, NDIS_STATUS Status)
{
    FILTER *Filter = Context;
    PNDIS_OID_REQUEST Request = *(PNDIS_OID_REQUEST *)Clone->SourceReserved;

    if (BREAKS(oid_own_vs_forwarded))
        NdisFOidRequestComplete(Filter->Handle, Clone, Status);
    CopyAnswer(Request, Clone);
    if (!BREAKS(oid_clone_freed))
        NdisFreeCloneOidRequest(Filter->Handle, Clone);
    NdisFOidRequestComplete(Filter->Handle, Request, Status);
    if (BREAKS(oid_filter_complete_once))
        NdisFOidRequestComplete(Filter->Handle, Request, Status);
}

static NDIS_STATUS
SyncRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request, PVOID *CallContext)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Request);
    UNREFERENCED_PARAMETER(CallContext);
    if (BREAKS(oid_sync_fields))
        Request->Timeout = 7;
    if (BREAKS(oid_sync_no_pending))
        return NDIS_STATUS_PENDING;
    return NDIS_STATUS_SUCCESS;
}

static VOID
SyncComplete(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request, PNDIS_STATUS Status, PVOID CallContext)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(CallContext);
    ((FILTER *)Context)->Synchronous = (PVOID)Request;
}

static NDIS_STATUS
Attach(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    NDIS_FILTER_ATTRIBUTES Attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1},
    };
    FILTER *Filter = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Filter), TAG);

    UNREFERENCED_PARAMETER(DriverContext);
    UNREFERENCED_PARAMETER(Parameters);
    if (Filter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Filter, sizeof(*Filter));
    LastHandle = Filter->Handle = Handle;
    KeInitializeSpinLock(&Filter->Lock);
    KeInitializeTimer(&Filter->Later);
    KeInitializeDpc(&Filter->PauseLater, CompletePause, Filter);
    if (OwnCreate(&Filter->Sent, Handle) != NDIS_STATUS_SUCCESS ||
        OwnCreate(&Filter->Indicated, Handle) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
    if (BREAKS(oid_state_filter)) {
        NDIS_OID_REQUEST Request = {
            .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
                NDIS_SIZEOF_OID_REQUEST_REVISION_1}};
        NdisFOidRequest(Handle, &Request);
    }
    if (BREAKS(st_f_attach_setattributes))
        return NDIS_STATUS_SUCCESS;
    if (BREAKS(st_f_attach_no_io))
        SendOwn(Filter);
    if (BREAKS(st_f_attach_fail_clean))
        return NDIS_STATUS_FAILURE;
    return NdisFSetAttributes(Handle, Filter, &Attributes);
}

static VOID
Detach(NDIS_HANDLE Context)
{
    FILTER *Filter = Context;

    if (BREAKS(wd_filter_detach))
        Linger(LONG_MS);
    if (BREAKS(st_f_predetach_oids)) {
        static NDIS_OID_REQUEST Request = {
            .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
                NDIS_SIZEOF_OID_REQUEST_REVISION_1}};
        NdisFOidRequest(Filter->Handle, &Request);
    }
    if (BREAKS(st_f_restart_once))
        NdisFRestartComplete(Filter->Handle, NDIS_STATUS_SUCCESS);
    if (BREAKS(send_filter_paused_no_originate))
        SendOwn(Filter);
    if (BREAKS(recv_filter_state))
        IndicateOwn(Filter);
    OwnFree(&Filter->Sent);
    OwnFree(&Filter->Indicated);
    ExFreePoolWithTag(Filter, TAG);
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    ((FILTER *)Context)->Stopped = FALSE;
    UNREFERENCED_PARAMETER(Parameters);
    if (BREAKS(pp_illegal_net_pnp_event)) {
        NET_PNP_EVENT_NOTIFICATION Event = {0};
        NdisFNetPnPEvent(((FILTER *)Context)->Handle, &Event);
    }
    if (BREAKS(pp_netpnp_locks)) {
        KIRQL Irql;
        KeAcquireSpinLock(&((FILTER *)Context)->Lock, &Irql);
        KeLowerIrql(Irql);
        NdisFNetPnPEvent(((FILTER *)Context)->Handle, &Harmless);
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_FILTER_PAUSE_PARAMETERS Parameters)
{
    FILTER *Filter = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Parameters);
    KeAcquireSpinLock(&Filter->Lock, &Irql);
    Filter->Pausing = Filter->Stopped = TRUE;
    KeReleaseSpinLock(&Filter->Lock, Irql);
    if (BREAKS(st_f_pause_outstanding))
        return NDIS_STATUS_SUCCESS;
    if (BREAKS(st_f_pause_once__answers)) {
        NdisFPauseComplete(Filter->Handle);
        return NDIS_STATUS_SUCCESS;
    }
    if (BREAKS(st_f_pause_timed))
        Linger(LONG_MS);
    if (BREAKS(wd_filter_pause__rundown)) {
        static EX_RUNDOWN_REF Rundown;
        ExInitializeRundownProtection(&Rundown);
        ExAcquireRundownProtection(&Rundown);
        ExWaitForRundownProtectionRelease(&Rundown);
    }
    if (BREAKS(wd_filter_pause)) {
        Filter->Pausing = FALSE;
        return NDIS_STATUS_PENDING;
    }
    if (BREAKS(recv_filter_paused_return)) {
        LARGE_INTEGER Due = {.QuadPart = -50000};
        KeSetTimer(&Filter->Later, Due, &Filter->PauseLater);
        return NDIS_STATUS_PENDING;
    }
    if (BREAKS(st_f_pause_return))
        return NDIS_STATUS_FAILURE;
    return PauseIsDone(Filter) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_PENDING;
}

static VOID
CancelSend(NDIS_HANDLE Context, PVOID CancelId)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(CancelId);
}

static NDIS_STATUS
NetPnPEvent(NDIS_HANDLE Context, PNET_PNP_EVENT_NOTIFICATION Event)
{
    if (BREAKS(wd_filter_netpnpevent))
        Linger(LONG_MS);
    if (BREAKS(pp_filter_forward_events))
        return NDIS_STATUS_SUCCESS;
    return NdisFNetPnPEvent(((FILTER *)Context)->Handle, Event);
}

static VOID
Status(NDIS_HANDLE Context, PNDIS_STATUS_INDICATION Indication)
{
    if (BREAKS(wd_filter_status))
        Linger(LONG_MS);
    if (BREAKS(ss_timely))
        Linger(LONG_MS / 2 + 30);
    if (TOUCHES(ss_buffer_lifetime)) {
        static volatile const UCHAR *Late;
        if (Late != NULL)
            (void)*Late;
        Late = (PVOID)Indication;
    }
    if (BREAKS(ss_filter_pass_on))
        Indication->SourceHandle = ((FILTER *)Context)->Handle;
    NdisFIndicateStatus(((FILTER *)Context)->Handle, Indication);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (BREAKS(rg_filter_handle_saved))
        DriverHandle = NULL;
    if (!BREAKS(st_f_deregister_in_unload))
        NdisFDeregisterFilterDriver(DriverHandle);
    if (BREAKS(ss_not_after_detach))
        NdisFIndicateStatus(LastHandle, NULL);
    if (BREAKS(st_f_detach_no_calls_after))
        NdisFPauseComplete(LastHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_3},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 80,
        .FriendlyName = NDIS_STRING_CONST("filter of the rule tests"),
        .UniqueName = RTL_CONSTANT_STRING(L"{7F1D3C2A-5B60-4E2B-9A51-0D4C6B1E5A77}"),
        .ServiceName = NDIS_STRING_CONST("filter"),
        .AttachHandler = Attach,
        .DetachHandler = Detach,
        .RestartHandler = Restart,
        .PauseHandler = Pause,
        .SendNetBufferListsHandler = Send,
        .SendNetBufferListsCompleteHandler = SendComplete,
        .ReceiveNetBufferListsHandler = Receive,
        .ReturnNetBufferListsHandler = Return,
        .OidRequestHandler = OidRequest,
        .OidRequestCompleteHandler = OidRequestComplete,
        .StatusHandler = Status,
        .NetPnPEventHandler = NetPnPEvent,
        .CancelSendNetBufferListsHandler = CancelSend,
        .SynchronousOidRequestHandler = SyncRequest,
        .SynchronousOidRequestCompleteHandler = SyncComplete,
    };

    BreaksBy(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (BREAKS(hd_reserved_zero))
        Characteristics.Flags = 0x80000000;
    if (BREAKS(rg_friendly_names))
        Characteristics.FriendlyName.Length = 3;
    if (BREAKS(oid_filter_handlers_paired))
        Characteristics.OidRequestCompleteHandler = NULL;
    if (BREAKS(send_cancel_handler_if_queue))
        Characteristics.CancelSendNetBufferListsHandler = NULL;
    if (BREAKS(recv_status_handler_needed))
        Characteristics.StatusHandler = NULL;
    if (BREAKS(rg_filter_mandatory))
        Characteristics.SendNetBufferListsCompleteHandler = NULL;
    if (BREAKS(send_needs_complete_handler)) {
        Characteristics.SendNetBufferListsHandler = NULL;
        Characteristics.SendNetBufferListsCompleteHandler = NULL;
    }
    if (BREAKS(recv_needs_return_handler)) {
        Characteristics.ReceiveNetBufferListsHandler = NULL;
        Characteristics.ReturnNetBufferListsHandler = NULL;
    }
    return NdisFRegisterFilterDriver(DriverObject, NULL, &Characteristics, &DriverHandle);
}
