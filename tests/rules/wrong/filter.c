/* SPDX-License-Identifier: MIT */
/* The filter of the rule tests. See wrong.h. */
#include "service.h"

typedef struct _FILTER {
    NDIS_HANDLE Handle;
    OWN Sent, Indicated; /* its own, by the way they go */
    ULONG Round;
    PNET_BUFFER_LIST Kept;
    KSPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Pausing;
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
SendOwn(FILTER *Filter)
{
    NDIS_HANDLE Source = Filter->Handle;

#ifdef WRONG_send_source_handle_filter
    Source = NULL;
#endif
    PNET_BUFFER_LIST Chain = OwnTake(&Filter->Sent, 1, Source);
    if (Chain == NULL)
        return;
    NdisFSendNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 0);
#ifdef WRONG_nbl_mdl_not_shared_in_flight
    NdisFSendNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 0);
#endif
}

static VOID
IndicateOwn(FILTER *Filter)
{
    NDIS_HANDLE Source = Filter->Handle;

#ifdef WRONG_recv_source_handle_filter
    Source = NULL;
#endif
    PNET_BUFFER_LIST Chain = OwnTake(&Filter->Indicated, 1, Source);
    if (Chain != NULL)
        NdisFIndicateReceiveNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 1, 0);
}

#ifdef WRONG_send_cancel_handler_if_queue
static PNET_BUFFER_LIST Queued;
#endif

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    FILTER *Filter = Context;

#ifdef WRONG_nbl_flags_owner
    Chain->Flags ^= 0x10;
#endif
#ifdef WRONG_nbl_reserved_fields_owner
    Chain->MiniportReserved[0] = Filter;
#endif
#ifdef WRONG_send_cancel_handler_if_queue
    if (Queued == NULL) {
        Queued = Chain;
        SendOwn(Filter);
        return;
    }
#endif
#ifdef WRONG_filter_send_timed
    static PNET_BUFFER_LIST Late;
    if (Late == NULL) {
        Late = Chain;
        return;
    }
#endif
#ifdef WRONG_irql_filter
    NdisFSetAttributes(Filter->Handle, Filter, NULL);
#endif
#ifdef TOUCH_send_no_touch_after_send
    volatile const UCHAR *Late = Remembered(Chain);
#endif
    NdisFSendNetBufferLists(Filter->Handle, Chain, Port, Flags);
#ifdef TOUCH_send_no_touch_after_send
    (void)*Late;
#endif
    SendOwn(Filter);
#ifndef WRONG_st_f_pause_outstanding
    if (Filter->Round++ % 8 == 0)
#endif
        IndicateOwn(Filter);
#ifdef WRONG_recv_resources_no_keep
    if (Filter->Kept != NULL)
        NdisFIndicateReceiveNetBufferLists(Filter->Handle, Filter->Kept, Port, 1, 0);
#endif
}

static VOID
SendComplete(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    FILTER *Filter = Context;

#ifndef WRONG_send_complete_own_only
    Chain = OwnPut(&Filter->Sent, Chain);
#endif
#ifdef TOUCH_send_no_touch_after_complete
    volatile const UCHAR *Late = Chain != NULL ? Remembered(Chain) : NULL;
#endif
    if (Chain != NULL)
        NdisFSendNetBufferListsComplete(Filter->Handle, Chain, Flags);
#ifdef TOUCH_send_no_touch_after_complete
    if (Late != NULL)
        (void)*Late;
#endif
#ifdef WRONG_send_complete_exactly_once
    if (Chain != NULL)
        NdisFSendNetBufferListsComplete(Filter->Handle, Chain, Flags);
#endif
#ifdef WRONG_send_cancel_handler_if_queue
    Chain = Queued;
    Queued = NULL;
    if (Chain != NULL)
        NdisFSendNetBufferLists(Filter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, 0);
#endif
#ifdef WRONG_st_f_pause_once
    NdisFPauseComplete(Filter->Handle);
#endif
    if (PauseIsDone(Filter))
        NdisFPauseComplete(Filter->Handle);
}

static VOID
Receive(
    NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    FILTER *Filter = Context;

#ifdef WRONG_recv_resources_no_return
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
        NdisFReturnNetBufferLists(Filter->Handle, Chain, 0);
#endif
#ifdef WRONG_recv_resources_no_keep
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
        Filter->Kept = Chain;
#endif
#ifdef WRONG_recv_resources_propagate
    Flags &= ~NDIS_RECEIVE_FLAGS_RESOURCES;
#endif
#ifdef WRONG_recv_filter_timed
    static PNET_BUFFER_LIST Late;
    if (Late == NULL && NDIS_TEST_RECEIVE_CAN_PEND(Flags)) {
        Late = Chain;
        return;
    }
#endif
#ifdef WRONG_recv_return_never_lost
    if (NDIS_TEST_RECEIVE_CAN_PEND(Flags))
        return;
#endif
#ifdef TOUCH_recv_no_touch_while_indicated
    volatile const UCHAR *Late = Remembered(Chain);
#endif
    NdisFIndicateReceiveNetBufferLists(Filter->Handle, Chain, Port, Count, Flags);
#ifdef TOUCH_recv_no_touch_while_indicated
    if (NDIS_TEST_RECEIVE_CAN_PEND(Flags))
        (void)*Late;
#endif
#ifdef WRONG_recv_resources_restore_chain
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
        Chain->Next = NULL;
#endif
#ifdef WRONG_send_needs_complete_handler
    SendOwn(Filter);
#endif
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    FILTER *Filter = Context;

#ifndef WRONG_recv_return_own_only
    Chain = OwnPut(&Filter->Indicated, Chain);
#endif
#ifdef WRONG_recv_undo_on_return
    if (Chain != NULL)
        NET_BUFFER_DATA_LENGTH(NET_BUFFER_LIST_FIRST_NB(Chain)) -= 4;
#endif
#ifdef TOUCH_recv_no_touch_after_return
    volatile const UCHAR *Late = Chain != NULL ? Remembered(Chain) : NULL;
#endif
    if (Chain != NULL)
        NdisFReturnNetBufferLists(Filter->Handle, Chain, Flags);
#ifdef TOUCH_recv_no_touch_after_return
    if (Late != NULL)
        (void)*Late;
#endif
#ifdef WRONG_recv_return_exactly_once
    if (Chain != NULL)
        NdisFReturnNetBufferLists(Filter->Handle, Chain, Flags);
#endif
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
#ifndef WRONG_oid_clone_results_copied
    Request->DATA.QUERY_INFORMATION.BytesWritten = Clone->DATA.QUERY_INFORMATION.BytesWritten;
#endif
    Request->DATA.QUERY_INFORMATION.BytesNeeded = Clone->DATA.QUERY_INFORMATION.BytesNeeded;
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    FILTER *Filter = Context;
    PNDIS_OID_REQUEST Clone;
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(Harmless);
#ifdef WRONG_oid_fpnp_event_in_oid
    NdisFNetPnPEvent(Filter->Handle, &Harmless);
#endif
#ifdef WRONG_wd_filter_oid
    Linger(LONG_MS);
#endif
#ifdef WRONG_oid_filter_drop_none
    return NDIS_STATUS_PENDING;
#endif
#ifdef WRONG_oid_clone_for_forward
    return NdisFOidRequest(Filter->Handle, Request);
#endif
    Status = NdisAllocateCloneOidRequest(Filter->Handle, Request, TAG, &Clone);
    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    *(PNDIS_OID_REQUEST *)Clone->SourceReserved = Request;
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

#ifdef WRONG_oid_own_vs_forwarded
    NdisFOidRequestComplete(Filter->Handle, Clone, Status);
#endif
    CopyAnswer(Request, Clone);
#ifndef WRONG_oid_clone_freed
    NdisFreeCloneOidRequest(Filter->Handle, Clone);
#endif
    NdisFOidRequestComplete(Filter->Handle, Request, Status);
#ifdef WRONG_oid_filter_complete_once
    NdisFOidRequestComplete(Filter->Handle, Request, Status);
#endif
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
    if (OwnCreate(&Filter->Sent, Handle) != NDIS_STATUS_SUCCESS ||
        OwnCreate(&Filter->Indicated, Handle) != NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_RESOURCES;
#ifdef WRONG_oid_state_filter
    NDIS_OID_REQUEST Request = {
        .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
            NDIS_SIZEOF_OID_REQUEST_REVISION_1}};
    NdisFOidRequest(Handle, &Request);
#endif
#ifdef WRONG_st_f_attach_setattributes
    return NDIS_STATUS_SUCCESS;
#endif
#ifdef WRONG_st_f_attach_no_io
    SendOwn(Filter);
#endif
#ifdef WRONG_st_f_attach_fail_clean
    return NDIS_STATUS_FAILURE;
#endif
    return NdisFSetAttributes(Handle, Filter, &Attributes);
}

static VOID
Detach(NDIS_HANDLE Context)
{
    FILTER *Filter = Context;

#ifdef WRONG_wd_filter_detach
    Linger(LONG_MS);
#endif
#ifdef WRONG_st_f_predetach_oids
    static NDIS_OID_REQUEST Request = {
        .Header = {NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
            NDIS_SIZEOF_OID_REQUEST_REVISION_1}};
    NdisFOidRequest(Filter->Handle, &Request);
#endif
#ifdef WRONG_st_f_restart_once
    NdisFRestartComplete(Filter->Handle, NDIS_STATUS_SUCCESS);
#endif
#ifdef WRONG_send_filter_paused_no_originate
    SendOwn(Filter);
#endif
#ifdef WRONG_recv_filter_state
    IndicateOwn(Filter);
#endif
    OwnFree(&Filter->Sent);
    OwnFree(&Filter->Indicated);
    ExFreePoolWithTag(Filter, TAG);
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Parameters);
#ifdef WRONG_pp_illegal_net_pnp_event
    NET_PNP_EVENT_NOTIFICATION Event = {0};
    NdisFNetPnPEvent(((FILTER *)Context)->Handle, &Event);
#endif
#ifdef WRONG_pp_netpnp_locks
    KIRQL Irql;
    KeAcquireSpinLock(&((FILTER *)Context)->Lock, &Irql);
    KeLowerIrql(Irql);
    NdisFNetPnPEvent(((FILTER *)Context)->Handle, &Harmless);
#endif
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_FILTER_PAUSE_PARAMETERS Parameters)
{
    FILTER *Filter = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Parameters);
    KeAcquireSpinLock(&Filter->Lock, &Irql);
    Filter->Pausing = TRUE;
    KeReleaseSpinLock(&Filter->Lock, Irql);
#ifdef WRONG_st_f_pause_outstanding
    return NDIS_STATUS_SUCCESS;
#endif
#ifdef WRONG_st_f_pause_timed
    Linger(LONG_MS);
#endif
#ifdef WRONG_wd_filter_pause
    Filter->Pausing = FALSE;
    return NDIS_STATUS_PENDING;
#endif
#ifdef WRONG_st_f_pause_return
    return NDIS_STATUS_FAILURE;
#endif
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
#ifdef WRONG_wd_filter_netpnpevent
    Linger(LONG_MS);
#endif
#ifdef WRONG_pp_filter_forward_events
    return NDIS_STATUS_SUCCESS;
#endif
    return NdisFNetPnPEvent(((FILTER *)Context)->Handle, Event);
}

static VOID
Status(NDIS_HANDLE Context, PNDIS_STATUS_INDICATION Indication)
{
#ifdef WRONG_wd_filter_status
    Linger(LONG_MS);
#endif
#ifdef WRONG_ss_timely
    Linger(LONG_MS / 2 + 30);
#endif
#ifdef WRONG_ss_filter_pass_on
    Indication->SourceHandle = ((FILTER *)Context)->Handle;
#endif
    NdisFIndicateStatus(((FILTER *)Context)->Handle, Indication);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
#ifdef WRONG_rg_filter_handle_saved
    DriverHandle = NULL;
#endif
#ifndef WRONG_st_f_deregister_in_unload
    NdisFDeregisterFilterDriver(DriverHandle);
#endif
#ifdef WRONG_ss_not_after_detach
    NdisFIndicateStatus(LastHandle, NULL);
#endif
#ifdef WRONG_st_f_detach_no_calls_after
    NdisFPauseComplete(LastHandle);
#endif
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
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
    };

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = Unload;
#ifdef WRONG_hd_reserved_zero
    Characteristics.Flags = 0x80000000;
#endif
#ifdef WRONG_rg_friendly_names
    Characteristics.FriendlyName.Length = 3;
#endif
#ifdef WRONG_oid_filter_handlers_paired
    Characteristics.OidRequestCompleteHandler = NULL;
#endif
#ifdef WRONG_send_cancel_handler_if_queue
    Characteristics.CancelSendNetBufferListsHandler = NULL;
#endif
#ifdef WRONG_recv_status_handler_needed
    Characteristics.StatusHandler = NULL;
#endif
#ifdef WRONG_rg_filter_mandatory
    Characteristics.ReturnNetBufferListsHandler = NULL;
#endif
#ifdef WRONG_send_needs_complete_handler
    Characteristics.SendNetBufferListsHandler = NULL;
    Characteristics.SendNetBufferListsCompleteHandler = NULL;
#endif
#ifdef WRONG_recv_needs_return_handler
    Characteristics.ReceiveNetBufferListsHandler = NULL;
    Characteristics.ReturnNetBufferListsHandler = NULL;
#endif
    return NdisFRegisterFilterDriver(DriverObject, NULL, &Characteristics, &DriverHandle);
}
