/* SPDX-License-Identifier: MIT */
/* The protocol of the rule tests. See wrong.h. */
#include "service.h"

#include "links.h"

#define ANSWER_MS 200u /* how long an OID may take */

typedef struct _BINDING {
    NDIS_HANDLE Handle;
    OWN Own;
    NDIS_EVENT Opened, Asked;
    NDIS_STATUS OpenStatus;
    PNDIS_OID_REQUEST Request; /* a block, so that it can be closed by itself */
    PULONG Answer;             /* so too */
    ULONG Asking;
    NDIS_STATISTICS_INFO Statistics;
    PKTHREAD Thread;
    KSPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Running, Ending, Silent, Asleep;
    PNET_BUFFER_LIST Kept; /* received, to be returned */
    LONG Sending;          /* the thread has seen Running, and may send */
} BINDING;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE DriverHandle, FirstHandle, LastHandle;

static PMDL
AllocateMdl(PULONG Size)
{
    PVOID Memory = ExAllocatePoolZero(NonPagedPoolNx, *Size, TAG);
    return Memory != NULL ? NdisAllocateMdl(LastHandle, Memory, *Size) : NULL;
}

static VOID
Send(BINDING *Binding)
{
    NDIS_HANDLE Source = Binding->Handle;
    ULONG Flags = 0;

    if (BREAKS(send_source_handle_protocol))
        Source = NULL;
    if (BREAKS(send_flags_dispatch_truth))
        Flags = NDIS_SEND_FLAGS_DISPATCH_LEVEL;
    PNET_BUFFER_LIST Chain = OwnTake(&Binding->Own, 2, Source);
    if (Chain == NULL)
        return;
    if (BREAKS(send_cancel_id_partial))
        NET_BUFFER_LIST_INFO(Chain, NetBufferListCancelId) = (PVOID)0x4200000000000001;
    if (BREAKS(send_size_limit)) {
        Binding->Own.Long->Next = NULL;
        NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain))->Next = Binding->Own.Long;
        NET_BUFFER_DATA_LENGTH(NET_BUFFER_LIST_FIRST_NB(Chain)) = FRAME + LONG_FRAME;
    }
    if (BREAKS(send_mac_header_one_mdl)) {
        PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Chain);
        NET_BUFFER_FIRST_MDL(Nb)->Next = Binding->Own.Long;
        NET_BUFFER_DATA_OFFSET(Nb) = NET_BUFFER_CURRENT_MDL_OFFSET(Nb) = FRAME - 4;
    }
    if (BREAKS(nbl_freemdl_reciprocal)) {
        NdisRetreatNetBufferDataStart(NET_BUFFER_LIST_FIRST_NB(Chain), 14, 0, AllocateMdl);
        NdisAdvanceNetBufferDataStart(NET_BUFFER_LIST_FIRST_NB(Chain), 14, TRUE, NULL);
    }
    if (BREAKS(nbl_backfill_use)) {
        PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Chain);
        *(PVOID *)MmGetSystemAddressForMdlSafe(NET_BUFFER_FIRST_MDL(Nb), NormalPagePriority) =
            Binding;
        NET_BUFFER_DATA_OFFSET(Nb) = NET_BUFFER_CURRENT_MDL_OFFSET(Nb) = sizeof(PVOID);
        NET_BUFFER_DATA_LENGTH(Nb) = FRAME - sizeof(PVOID);
    }
    volatile const UCHAR *Late = TOUCHES(send_no_touch_after_send) ? Remembered(Chain) : NULL;
    PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Chain);
    PMDL Mdl = NET_BUFFER_FIRST_MDL(Nb);
    BreakLinks(Chain);
    NdisSendNetBufferLists(Binding->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, Flags);
    if (Late != NULL)
        (void)*Late;
    if (LINKS(nbl_mdl_not_shared_in_flight__nb_out) ||
        LINKS(nbl_mdl_not_shared_in_flight__mdl_out)) {
        PNET_BUFFER_LIST Third = OwnTake(&Binding->Own, 1, Source);
        if (Third == NULL)
            return;
        if (LINKS(nbl_mdl_not_shared_in_flight__nb_out))
            NET_BUFFER_LIST_FIRST_NB(Third) = Nb;
        if (LINKS(nbl_mdl_not_shared_in_flight__mdl_out))
            NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Third))->Next = Mdl;
        NdisSendNetBufferLists(Binding->Handle, Third, NDIS_DEFAULT_PORT_NUMBER, Flags);
    }
    if (BREAKS(nbl_not_on_two_lists)) {
        PNET_BUFFER_LIST Third = OwnTake(&Binding->Own, 1, Source);
        if (Third == NULL)
            return;
        Third->Next = Chain;
        NdisSendNetBufferLists(Binding->Handle, Third, NDIS_DEFAULT_PORT_NUMBER, Flags);
    }
    if (BREAKS(nbl_mdl_not_shared_in_flight))
        NdisSendNetBufferLists(Binding->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, Flags);
}

static VOID
GiveBack(BINDING *Binding)
{
    PNET_BUFFER_LIST Chain;
    KIRQL Irql;

    KeAcquireSpinLock(&Binding->Lock, &Irql);
    Chain = Binding->Kept;
    Binding->Kept = NULL;
    KeReleaseSpinLock(&Binding->Lock, Irql);
    if (BREAKS(recv_data_readonly)) {
        if (Chain != NULL)
            ++*(PUCHAR)NET_BUFFER_CURRENT_MDL(NET_BUFFER_LIST_FIRST_NB(Chain))->MappedSystemVa;
    }
    if (BREAKS(nbl_advance_retreat_balanced)) {
        if (Chain != NULL)
            NdisAdvanceNetBufferListDataStart(Chain, 14, FALSE, NULL);
    }
    if (BREAKS(nbl_advance_freemdl_flag)) {
        if (Chain != NULL)
            NdisAdvanceNetBufferListDataStart(Chain, 14, TRUE, NULL);
    }
    volatile const UCHAR *Late =
        TOUCHES(recv_no_touch_after_return) && Chain != NULL ? Remembered(Chain) : NULL;
    if (BREAKS(recv_return_right_binding)) {
        if (Chain != NULL && Binding->Handle != FirstHandle)
            NdisReturnNetBufferLists(FirstHandle, Chain, 0);
    }
    if (Chain != NULL)
        NdisReturnNetBufferLists(Binding->Handle, Chain, 0);
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(recv_return_exactly_once)) {
        if (Chain != NULL)
            NdisReturnNetBufferLists(Binding->Handle, Chain, 0);
    }
}

/* OID_RULES, a set, and OID_GEN_STATISTICS in turn. */
static VOID
ChooseOid(BINDING *Binding, PNDIS_OID_REQUEST Request)
{
    struct _QUERY *Query = &Request->DATA.QUERY_INFORMATION;

    if (BREAKS(oid_reserved_volatile))
        *(BINDING **)Request->MiniportReserved = Binding;
    if (BREAKS(oid_direct_only_listed))
        Binding->Asking = 2;
    Request->RequestType = NdisRequestQueryInformation;
    Query->Oid = OID_RULES;
    Query->InformationBuffer = Binding->Answer;
    Query->InformationBufferLength = sizeof(ULONG);
    if (Binding->Asking % 3 == 1) {
        Request->RequestType = NdisRequestSetInformation;
        Request->DATA.SET_INFORMATION.Oid = OID_PM_REMOVE_WOL_PATTERN;
    } else if (Binding->Asking % 3 == 2) {
        Query->Oid = OID_GEN_STATISTICS;
        Query->InformationBuffer = &Binding->Statistics;
        Query->InformationBufferLength = sizeof(Binding->Statistics);
    }
    Binding->Asking++;
    if (BREAKS(hd_offsets_in_structure)) {
        static NDIS_RECEIVE_SCALE_PARAMETERS Rss = {
            .HashSecretKeySize = 40, .HashSecretKeyOffset = 4000};
        Request->RequestType = NdisRequestSetInformation;
        Request->DATA.SET_INFORMATION.Oid = OID_GEN_RECEIVE_SCALE_PARAMETERS;
        Request->DATA.SET_INFORMATION.InformationBuffer = &Rss;
        Request->DATA.SET_INFORMATION.InformationBufferLength = sizeof(Rss);
    }
}

/* Silent once something did not answer: then the request is still under way. */
static DECLSPEC_NOINLINE VOID
Ask(BINDING *Binding)
{
    PNDIS_OID_REQUEST Request = Binding->Request;
    NDIS_STATUS Status;

    if (Binding->Silent)
        return;
    NdisZeroMemory(Request, sizeof(*Request));
    Request->Header.Type = NDIS_OBJECT_TYPE_OID_REQUEST;
    Request->Header.Revision = NDIS_OID_REQUEST_REVISION_1;
    Request->Header.Size = NDIS_SIZEOF_OID_REQUEST_REVISION_1;
    if (BREAKS(oid_request_header))
        Request->Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    ChooseOid(Binding, Request);
    NdisResetEvent(&Binding->Asked);
    if (BREAKS(oid_request_nonpaged)) {
        Request->DATA.QUERY_INFORMATION.InformationBuffer =
            ExAllocatePoolWithTag(PagedPool, sizeof(ULONG), TAG);
    }
    if (BREAKS(oid_no_lock_held)) {
        KIRQL Irql;
        KeAcquireSpinLock(&Binding->Lock, &Irql);
    }
    if (BREAKS(oid_request_lifetime)) {
        NDIS_OID_REQUEST Local = *Request;
        NdisOidRequest(Binding->Handle, &Local);
        return;
    }
    if (BREAKS(oid_direct_only_listed))
        NdisDirectOidRequest(Binding->Handle, Request);
    NdisSynchronousOidRequest(Binding->Handle, Request);
    Status = NdisOidRequest(Binding->Handle, Request);
    volatile UCHAR *Late = TouchesPart("data") ? (PVOID)Binding->Answer : (PVOID)Request;
    if (TOUCHES(oid_complete_before_return) && Status == NDIS_STATUS_PENDING)
        *Late = *Late; /* reading some of it is right */
    if (Status == NDIS_STATUS_PENDING && !NdisWaitEvent(&Binding->Asked, ANSWER_MS))
        Binding->Silent = TRUE;
}

static VOID
Run(PVOID Context)
{
    BINDING *Binding = Context;
    ULONG Round = 0;

    while (!Binding->Ending) {
        /* What a device that sleeps has indicated may be kept. */
        if (!BREAKS(st_p_close_outstanding) && !Binding->Asleep) {
            if (Round % 8 == 0 && (Binding->Running || !BREAKS(st_p_pause_receives)))
                GiveBack(Binding);
        }
        InterlockedIncrement(&Binding->Sending);
        if (Binding->Running)
            Send(Binding);
        InterlockedDecrement(&Binding->Sending);
        if (((Binding->Running && !Binding->Asleep) || BREAKS(oid_pnp_power_event_race)) &&
            Round % 4 == 1)
            Ask(Binding);
        if (BREAKS(rg_ndis5_forbidden_calls)) {
            VOID NdisCancelSendPackets(NDIS_HANDLE NdisBindingHandle, PVOID CancelId);
            NdisCancelSendPackets(Binding->Handle, Binding);
        }
        if (BREAKS(st_p_close_from_bind_unbind)) {
            if (Round == 10)
                NdisCloseAdapterEx(Binding->Handle);
        }
        Sleep(500);
        Round++;
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID
StartThread(BINDING *Binding)
{
    HANDLE Thread;

    if (PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Run, Binding) !=
        STATUS_SUCCESS)
        return;
    ObReferenceObjectByHandle(
        Thread, THREAD_ALL_ACCESS, NULL, KernelMode, (PVOID *)&Binding->Thread, NULL);
    ZwClose(Thread);
}

static VOID
StopThread(BINDING *Binding)
{
    Binding->Ending = TRUE;
    if (Binding->Thread == NULL)
        return;
    KeWaitForSingleObject(Binding->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Binding->Thread);
}

/* With parameters on its own stack. */
static DECLSPEC_NOINLINE NDIS_STATUS
OpenOnly(BINDING *Binding, NDIS_HANDLE BindContext, PNDIS_OPEN_PARAMETERS Parameters)
{
    NDIS_OPEN_PARAMETERS Own = *Parameters;

    return NdisOpenAdapterEx(DriverHandle, Binding, &Own, BindContext, &Binding->Handle);
}

static NDIS_STATUS
Open(BINDING *Binding, NDIS_HANDLE BindContext, PNDIS_BIND_PARAMETERS Parameters)
{
    NDIS_MEDIUM Media[] = {NdisMedium802_3};
    NET_FRAME_TYPE Types[] = {NDIS_ETH_TYPE_802_1X};
    UINT Selected;
    NDIS_OPEN_PARAMETERS OpenParameters = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = Parameters->AdapterName,
        .MediumArray = Media,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &Selected,
        .FrameTypeArray = Types,
        .FrameTypeArraySize = 1,
    };
    NDIS_STATUS Status;

    NdisInitializeEvent(&Binding->Opened);
    NdisInitializeEvent(&Binding->Asked);
    if (BREAKS(st_p_open_values_late__stack))
        Status = OpenOnly(Binding, BindContext, &OpenParameters);
    else
        Status = NdisOpenAdapterEx(
            DriverHandle, Binding, &OpenParameters, BindContext, &Binding->Handle);
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    if (BREAKS(st_p_open_values_late))
        NdisCancelSendNetBufferLists(Binding->Handle, Binding);
    NdisWaitEvent(&Binding->Opened, 0);
    return Binding->OpenStatus;
}

static VOID
Forget(BINDING *Binding)
{
    if (Binding->Request != NULL)
        ExFreePoolWithTag(Binding->Request, TAG);
    if (Binding->Answer != NULL)
        ExFreePoolWithTag(Binding->Answer, TAG);
    ExFreePoolWithTag(Binding, TAG);
}

static NDIS_STATUS
Bind(NDIS_HANDLE DriverContext, NDIS_HANDLE BindContext, PNDIS_BIND_PARAMETERS Parameters)
{
    BINDING *Binding = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Binding), TAG);
    NDIS_STATUS Status;

    UNREFERENCED_PARAMETER(DriverContext);
    if (BREAKS(st_p_bind_open)) {
        ExFreePoolWithTag(Binding, TAG);
        return NDIS_STATUS_SUCCESS;
    }
    if (Binding == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Binding, sizeof(*Binding));
    Binding->Request = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*Binding->Request), TAG);
    Binding->Answer = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*Binding->Answer), TAG);
    if (Binding->Request == NULL || Binding->Answer == NULL) {
        Forget(Binding);
        return NDIS_STATUS_RESOURCES;
    }
    KeInitializeSpinLock(&Binding->Lock);
    Status = Open(Binding, BindContext, Parameters);
    if (Status != NDIS_STATUS_SUCCESS) {
        Forget(Binding);
        return Status;
    }
    LastHandle = Binding->Handle;
    if (FirstHandle == NULL)
        FirstHandle = Binding->Handle;
    if (BREAKS(wi_not_by_protocol))
        NdisAllocateIoWorkItem(Binding->Handle);
    OwnCreate(&Binding->Own, Binding->Handle);
    if (BREAKS(st_p_bind_fail_close))
        return NDIS_STATUS_FAILURE;
    if (BREAKS(st_p_bind_complete_once)) {
        NdisCompleteBindAdapterEx(BindContext, NDIS_STATUS_SUCCESS);
        NdisCompleteBindAdapterEx(BindContext, NDIS_STATUS_SUCCESS);
    }
    StartThread(Binding);
    return NDIS_STATUS_SUCCESS;
}

static VOID
OpenComplete(NDIS_HANDLE Context, NDIS_STATUS Status)
{
    ((BINDING *)Context)->OpenStatus = Status;
    NdisSetEvent(&((BINDING *)Context)->Opened);
}

static VOID
CloseComplete(NDIS_HANDLE Context)
{
    NdisSetEvent(&((BINDING *)Context)->Opened);
}

static NDIS_STATUS
Unbind(NDIS_HANDLE UnbindContext, NDIS_HANDLE Context)
{
    BINDING *Binding = Context;

    UNREFERENCED_PARAMETER(UnbindContext);
    StopThread(Binding);
    if (BREAKS(wd_protocol_unbind))
        return NDIS_STATUS_PENDING;
    if (BREAKS(send_protocol_paused))
        Send(Binding);
    if (!BREAKS(st_p_close_outstanding))
        GiveBack(Binding);
    OwnFree(&Binding->Own);
    NdisResetEvent(&Binding->Opened);
    if (BREAKS(st_p_close_context_lifetime))
        ExFreePoolWithTag(Binding, TAG);
    if (BREAKS(st_p_unbind_close))
        return NDIS_STATUS_SUCCESS;
    if (NdisCloseAdapterEx(Binding->Handle) == NDIS_STATUS_PENDING)
        NdisWaitEvent(&Binding->Opened, 0);
    Forget(Binding);
    if (BREAKS(st_p_unbind_cannot_fail))
        return NDIS_STATUS_FAILURE;
    return NDIS_STATUS_SUCCESS;
}

static VOID
SendComplete(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    BINDING *Binding = Context;
    NDIS_STATUS Result = NET_BUFFER_LIST_STATUS(Chain);

    UNREFERENCED_PARAMETER(Flags);
    if (BREAKS(nbl_backfill_use)) {
        PMDL Mdl = NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain));
        if (NET_BUFFER_DATA_OFFSET(NET_BUFFER_LIST_FIRST_NB(Chain)) != 0)
            Binding = ((BINDING *)*(PVOID *)Mdl->MappedSystemVa)->Own.Long ? Context : NULL;
    }
    OwnPut(&Binding->Own, Chain);
    if (BREAKS(send_stack_depth)) {
        PNET_BUFFER_LIST Again = OwnTake(&Binding->Own, 1, Binding->Handle);
        if (Again != NULL)
            NdisSendNetBufferLists(Binding->Handle, Again, NDIS_DEFAULT_PORT_NUMBER, 0);
    }
    if (BREAKS(irql_protocol))
        NdisDeregisterProtocolDriver(DriverHandle);
    if (BREAKS(st_p_pause_outstanding) && Result == NDIS_STATUS_SUCCESS)
        Send(Binding);
}

static VOID
Receive(
    NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Count, ULONG Flags)
{
    BINDING *Binding = Context;
    PNET_BUFFER_LIST Last = Chain;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Count);
    if (BREAKS(recv_resources_restore_chain)) {
        if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
            Chain->Next = NULL;
    }
    if (LINKS(nbl_chain_acyclic__lent)) {
        if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
            NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain))->Next = WILD;
    }
    if (BREAKS(recv_resources_no_return)) {
        if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
            NdisReturnNetBufferLists(Binding->Handle, Chain, 0);
    }
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags))
        return;
    while (Last->Next != NULL)
        Last = Last->Next;
    KeAcquireSpinLock(&Binding->Lock, &Irql);
    Last->Next = Binding->Kept;
    Binding->Kept = Chain;
    KeReleaseSpinLock(&Binding->Lock, Irql);
}

static VOID
OidComplete(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(Request);
    UNREFERENCED_PARAMETER(Status);
    if (BREAKS(oid_reserved_volatile))
        Context = (*(BINDING **)Request->MiniportReserved)->Handle != NULL ? Context : NULL;
    NdisSetEvent(&((BINDING *)Context)->Asked);
}

static VOID
Status(NDIS_HANDLE Context, PNDIS_STATUS_INDICATION Indication)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Indication);
    if (TOUCHES(ss_buffer_lifetime)) {
        static volatile const UCHAR *Late;
        if (Late != NULL)
            (void)*Late;
        Late = (PVOID)Indication;
    }
    if (BREAKS(wd_protocol_status))
        Linger(LONG_MS);
}

static NDIS_STATUS
NetPnPEvent(NDIS_HANDLE Context, PNET_PNP_EVENT_NOTIFICATION Event)
{
    BINDING *Binding = Context;

    if (BREAKS(st_p_reenumerate_context))
        NdisReEnumerateProtocolBindings(DriverHandle);
    if (BREAKS(st_p_low_power_no_wait)) {
        if (Event->NetPnPEvent.NetEvent == NetEventSetPower)
            Linger(200);
    }
    if (Event->NetPnPEvent.NetEvent == NetEventSetPower)
        Binding->Asleep = *(NET_DEVICE_POWER_STATE *)Event->NetPnPEvent.Buffer > NetDeviceStateD0;
    if (BREAKS(wd_protocol_netpnpevent))
        Linger(LONG_MS);
    if (Event->NetPnPEvent.NetEvent == NetEventRestart) {
        Binding->Running = TRUE;
        if (BREAKS(st_p_pnpevent_complete_once)) {
            NdisCompleteNetPnPEvent(Binding->Handle, Event, NDIS_STATUS_SUCCESS);
            NdisCompleteNetPnPEvent(Binding->Handle, Event, NDIS_STATUS_SUCCESS);
        }
        if (BREAKS(st_p_pnpevent_not_supported))
            return NDIS_STATUS_NOT_SUPPORTED;
    }
    if (BREAKS(st_p_deregister_not_in_callback))
        NdisDeregisterProtocolDriver(DriverHandle);
    if (Event->NetPnPEvent.NetEvent != NetEventPause)
        return NDIS_STATUS_SUCCESS;
    if (BREAKS(wd_protocol_pause))
        return NDIS_STATUS_PENDING;
    Binding->Running = Binding->Asleep = FALSE;
    if (!BREAKS(st_p_pause_outstanding)) {
        while (*(volatile LONG *)&Binding->Sending || *(volatile ULONG *)&Binding->Own.OutMask)
            Sleep(100);
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (!BREAKS(st_p_deregister_in_unload))
        NdisDeregisterProtocolDriver(DriverHandle);
    if (BREAKS(send_cancel_binding_valid))
        NdisCancelSendNetBufferLists(LastHandle, NULL);
    if (BREAKS(oid_state_protocol))
        NdisOidRequest(LastHandle, NULL);
    if (BREAKS(st_p_no_handle_after_close))
        NdisReturnNetBufferLists(LastHandle, NULL, 0);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .Name = NDIS_STRING_CONST("RULES"),
        .BindAdapterHandlerEx = Bind,
        .UnbindAdapterHandlerEx = Unbind,
        .OpenAdapterCompleteHandlerEx = OpenComplete,
        .CloseAdapterCompleteHandlerEx = CloseComplete,
        .NetPnPEventHandler = NetPnPEvent,
        .OidRequestCompleteHandler = OidComplete,
        .StatusHandlerEx = Status,
        .ReceiveNetBufferListsHandler = Receive,
        .SendNetBufferListsCompleteHandler = SendComplete,
    };

    BreaksBy(RegistryPath);
    DriverObject->DriverUnload = Unload;
    if (BREAKS(mm_objects_released)) {
        HANDLE Key;
        OBJECT_ATTRIBUTES Attributes;
        InitializeObjectAttributes(&Attributes, RegistryPath, OBJ_KERNEL_HANDLE, NULL, NULL);
        ZwCreateKey(&Key, KEY_READ, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL);
    }
    if (BREAKS(st_p_handlers_required))
        Characteristics.StatusHandlerEx = NULL;
    return NdisRegisterProtocolDriver(NULL, &Characteristics, &DriverHandle);
}
