/* SPDX-License-Identifier: MIT */
/* The miniport of the rule tests. See wrong.h. */
#include "service.h"

#include "plain.h"

#include "links.h"

typedef struct _ADAPTER {
    NDIS_HANDLE Handle;
    OWN Own;
    KERNEL Kernel;
    KTIMER Timer; /* completes what was asked a little later */
    KDPC Dpc;
    KSPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Running, Pausing;
    PNET_BUFFER_LIST Sends, *Link;
    PNDIS_OID_REQUEST Oid, Late;
    ULONG Round;
} ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static NDIS_HANDLE DriverHandle, LastHandle;

/* Whatever is wrong at DISPATCH_LEVEL and needs no NBL. */
static VOID
AtDispatch(ADAPTER *Adapter)
{
    KernelAtDispatch(&Adapter->Kernel, Adapter->Handle);
    KernelAbove(&Adapter->Kernel, Adapter->Handle);
    ServiceAtDispatch(Adapter->Handle);
    if (BREAKS(irql_kernel_function_table))
        ZwClose(NULL);
    if (BREAKS(irql_no_block_at_dispatch)) {
        KEVENT Event;
        KeInitializeEvent(&Event, NotificationEvent, FALSE);
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    }
    if (BREAKS(irql_wait_event_passive)) {
        NDIS_EVENT Event;
        NdisInitializeEvent(&Event);
        NdisWaitEvent(&Event, 1);
    }
    if (BREAKS(irql_sleep_passive))
        NdisMSleep(1);
    if (BREAKS(irql_raise_lower_order))
        KeLowerIrql(DISPATCH_LEVEL + 1);
    if (BREAKS(lk_acquire_unlocked)) {
        KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
        KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    }
    if (BREAKS(lk_release_held))
        KeReleaseSpinLockFromDpcLevel(&Adapter->Lock);
    if (BREAKS(lk_released_at_exit))
        KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    if (BREAKS(lk_not_freed_held)) {
        PKSPIN_LOCK Lock = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
        KeInitializeSpinLock(Lock);
        KeAcquireSpinLockAtDpcLevel(Lock);
        ExFreePoolWithTag(Lock, TAG);
    }
    if (BREAKS(mm_double_free)) {
        PVOID Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
        ExFreePoolWithTag(Memory, TAG);
        ExFreePoolWithTag(Memory, TAG);
    }
    if (BREAKS(mm_generic_object)) {
        PVOID Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 64, TAG);
        ExFreePoolWithTag(Memory, 'rehO');
    }
    if (BREAKS(st_m_restart_complete_once))
        NdisMRestartComplete(Adapter->Handle, NDIS_STATUS_SUCCESS);
    if (BREAKS(st_m_pause_complete_once))
        NdisMPauseComplete(Adapter->Handle);
    UNREFERENCED_PARAMETER(Adapter);
}

static VOID
Status(ADAPTER *Adapter)
{
    NDIS_STATUS_INDICATION Indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = Adapter->Handle,
        .StatusCode = NDIS_STATUS_MEDIA_SPECIFIC_INDICATION,
    };

    if (BREAKS(ss_header))
        Indication.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
    if (BREAKS(ss_header__source))
        Indication.SourceHandle = NULL;
    if (BREAKS(ss_buffer_size))
        Indication.StatusCode = NDIS_STATUS_LINK_STATE;
    if (BREAKS(hd_size_matches_revision__link)) {
        static NDIS_LINK_STATE Link;
        Indication.StatusCode = NDIS_STATUS_LINK_STATE;
        Indication.StatusBuffer = &Link;
        Indication.StatusBufferSize = sizeof(Link);
    }
    if (BREAKS(ss_destination_request))
        Indication.RequestId = Adapter;
    if (BREAKS(rs_no_reset_status))
        Indication.StatusCode = NDIS_STATUS_RESET_START;
    if (BREAKS(ss_no_lock))
        KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    NdisMIndicateStatusEx(Adapter->Handle, &Indication);
}

static NDIS_HANDLE Pools[2];
static PNET_BUFFER_LIST OfPools[2];
static LONG Showing; /* them: one DPC at a time */

/* NBLs with data of their pool, a pool each, which come back at once. */
static VOID
IndicateOfPools(NDIS_HANDLE Handle)
{
    NET_BUFFER_LIST_POOL_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1},
        .fAllocateNetBuffer = TRUE,
        .DataSize = 2 * FRAME,
        .PoolTag = TAG,
    };

    for (ULONG i = 0; i < 2; i++) {
        if (Pools[i] == NULL) {
            Pools[i] = NdisAllocateNetBufferListPool(DriverHandle, &Parameters);
            OfPools[i] = NdisAllocateNetBufferList(Pools[i], 0, 0);
        }
        PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(OfPools[i]);
        NdisRetreatNetBufferDataStart(Nb, FRAME, 0, NULL);
        RtlZeroMemory(NdisGetDataBuffer(Nb, FRAME, NULL, 1, 0), FRAME);
        OfPools[i]->SourceHandle = Handle;
    }
    OfPools[0]->Next = OfPools[1];
    NdisMIndicateReceiveNetBufferLists(Handle, OfPools[0], NDIS_DEFAULT_PORT_NUMBER, 2,
        NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES);
    OfPools[0]->Next = NULL;
    for (ULONG i = 0; i < 2; i++)
        NdisAdvanceNetBufferDataStart(NET_BUFFER_LIST_FIRST_NB(OfPools[i]), FRAME, FALSE, NULL);
}

static VOID
FreePools(VOID)
{
    for (ULONG i = 0; i < 2; i++) {
        if (Pools[i] != NULL) {
            NdisFreeNetBufferList(OfPools[i]);
            NdisFreeNetBufferListPool(Pools[i]);
        }
    }
}

/* Every other time with RESOURCES. */
static VOID
Indicate(ADAPTER *Adapter)
{
    ULONG Count = 2;
    PNET_BUFFER_LIST Chain = OwnTake(&Adapter->Own, Count, Adapter->Handle);
    ULONG Flags = NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL;

    if (Chain == NULL)
        return;
    if (Adapter->Round++ % 2 != 0)
        Flags |= NDIS_RECEIVE_FLAGS_RESOURCES;
    if (BREAKS(nbl_dataoffset_is_backfill)) {
        PNET_BUFFER Nb = NET_BUFFER_LIST_FIRST_NB(Chain);
        *(ADAPTER **)MmGetSystemAddressForMdlSafe(NET_BUFFER_FIRST_MDL(Nb), 0) = Adapter;
        NET_BUFFER_DATA_OFFSET(Nb) = NET_BUFFER_CURRENT_MDL_OFFSET(Nb) = sizeof(PVOID);
        NET_BUFFER_DATA_LENGTH(Nb) = FRAME - sizeof(PVOID);
    }
    if (BREAKS(recv_source_handle_miniport))
        Chain->SourceHandle = NULL;
    if (BREAKS(nbl_parent_netbuffer_not_leaked))
        Chain->ParentNetBufferList = (PNET_BUFFER_LIST)(PVOID)&Adapter->Own;
    if (BREAKS(recv_number_matches))
        Count++;
    if (BREAKS(recv_one_nb_per_nbl))
        NET_BUFFER_LIST_FIRST_NB(Chain) = NULL;
    if (BREAKS(recv_initialized))
        NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain)) = NULL;
    if (BREAKS(recv_one_mdl_60))
        NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain))->Next = Adapter->Own.Mdl[2];
    if (BREAKS(nbl_offsets_consistent))
        NET_BUFFER_DATA_LENGTH(NET_BUFFER_LIST_FIRST_NB(Chain)) += 1;
    if (BREAKS(recv_ethertype_flag)) {
        NET_BUFFER_LIST_INFO(Chain, NetBufferListFrameType) = (PVOID)(ULONG_PTR)0x0008;
        ((PUCHAR)NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain))->MappedSystemVa)[12] = 8;
        Flags |= NDIS_RECEIVE_FLAGS_SINGLE_ETHER_TYPE;
    }
    if (BREAKS(recv_frame_type))
        NET_BUFFER_LIST_INFO(Chain, NetBufferListFrameType) = (PVOID)(ULONG_PTR)0xDD86;
    if (BREAKS(nbl_hdsplit_flags_consistent))
        Chain->Flags |= NDIS_NBL_FLAGS_IS_IPV4 | NDIS_NBL_FLAGS_IS_IPV6;
    if (BREAKS(nbl_chain_acyclic))
        Chain->Next->Next = Chain;
    if (BREAKS(nbl_chain_not_empty))
        NdisMIndicateReceiveNetBufferLists(Adapter->Handle, NULL, NDIS_DEFAULT_PORT_NUMBER, 0, 0);
    if (BREAKS(nbl_from_pool)) {
        NET_BUFFER_LIST Private = *Chain;
        Chain = &Private;
    }
    if (BREAKS(mm_use_after_free__shown)) {
        PMDL Mdl = NdisAllocateMdl(Adapter->Handle, Adapter, FRAME);
        NdisFreeMdl(Mdl);
        NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain)) = Mdl;
    }
    if (BREAKS(recv_no_lock_held))
        KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    volatile const UCHAR *Late = TOUCHES(recv_no_touch_while_indicated) ? Remembered(Chain) : NULL;
    NdisMIndicateReceiveNetBufferLists(
        Adapter->Handle, Chain, NDIS_DEFAULT_PORT_NUMBER, Count, Flags);
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(Flags)) {
        PMDL Mdl = NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Chain));
        if (BREAKS(nbl_dataoffset_is_backfill))
            (*(ADAPTER **)MmGetSystemAddressForMdlSafe(Mdl, 0))->Round++;
        OwnPut(&Adapter->Own, Chain);
        return;
    }
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(recv_reuse_in_flight)) {
        Chain->Next = NULL;
        NdisMIndicateReceiveNetBufferLists(Adapter->Handle, Chain, 0, 1, Flags);
    }
    if (BREAKS(nbl_free_not_in_flight))
        NdisFreeNetBufferList(Chain);
}

static VOID
Complete(ADAPTER *Adapter, PNET_BUFFER_LIST Chain)
{
    for (PNET_BUFFER_LIST Nbl = Chain; Nbl != NULL; Nbl = Nbl->Next) {
        if (!BREAKS(send_status_set))
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_SUCCESS;
        if (BREAKS(send_status_final))
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_PENDING;
        if (BREAKS(st_m_restart_ready))
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_PAUSED;
        if (BREAKS(send_no_requeue))
            NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_RESOURCES;
        if (BREAKS(nbl_reserved_fields_owner))
            Nbl->ProtocolReserved[0] = Adapter;
        if (BREAKS(send_clone_childrefcount))
            Nbl->ChildRefCount = 1;
        if (BREAKS(send_clone_parent_alive))
            NdisAllocateCloneNetBufferList(Nbl, NULL, NULL, 0);
        if (BREAKS(send_data_unmodified))
            ++*(PUCHAR)NET_BUFFER_CURRENT_MDL(NET_BUFFER_LIST_FIRST_NB(Nbl))->MappedSystemVa;
        if (BREAKS(nbl_getdatabuffer_storage)) {
            PVOID Storage = ExAllocatePoolWithTag(NonPagedPoolNx, 16, TAG);
            NdisGetDataBuffer(NET_BUFFER_LIST_FIRST_NB(Nbl), FRAME, Storage, 1, 0);
        }
        if (BREAKS(send_nb_list_unmodified))
            NET_BUFFER_LIST_FIRST_NB(Nbl) = NULL;
        if (BREAKS(send_mdl_chain_restored))
            NET_BUFFER_DATA_OFFSET(NET_BUFFER_LIST_FIRST_NB(Nbl)) += 4;
    }
    if (BREAKS(lk_not_across_ndis))
        KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    if (BREAKS(nbl_next_cleared)) {
        for (PNET_BUFFER_LIST Nbl = Chain; Nbl != NULL && Nbl->Next != NULL; Nbl = Chain) {
            Chain = Nbl->Next;
            NdisMSendNetBufferListsComplete(
                Adapter->Handle, Nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
        }
    }
    if (Chain != NULL)
        BreakLinks(Chain);
    volatile const UCHAR *Late =
        TOUCHES(send_no_touch_after_complete) && Chain != NULL ? Remembered(Chain) : NULL;
    if (Chain != NULL)
        NdisMSendNetBufferListsComplete(
            Adapter->Handle, Chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    if (Late != NULL)
        (void)*Late;
    if (BREAKS(send_complete_exactly_once)) {
        if (Chain != NULL)
            NdisMSendNetBufferListsComplete(
                Adapter->Handle, Chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
    }
}

static VOID
AnswerLater(PVOID Context, NDIS_HANDLE Item)
{
    ADAPTER *Adapter = Context;
    PNDIS_OID_REQUEST Request = Adapter->Late;
    UNREFERENCED_PARAMETER(Item);
    NdisMOidRequestComplete(Adapter->Handle, Request, NDIS_STATUS_SUCCESS);
    NdisMOidRequestComplete(Adapter->Handle, Request, NDIS_STATUS_SUCCESS);
}

static VOID
Answer(ADAPTER *Adapter, PNDIS_OID_REQUEST Request)
{
    struct _QUERY *Query = &Request->DATA.QUERY_INFORMATION;
    NDIS_STATUS Result = NDIS_STATUS_SUCCESS;
    ULONG Written = Query->BytesWritten;

    UNREFERENCED_PARAMETER(Written);
    if (Query->InformationBufferLength < sizeof(ULONG)) {
        Query->BytesNeeded = sizeof(ULONG);
        NdisMOidRequestComplete(Adapter->Handle, Request, NDIS_STATUS_BUFFER_TOO_SHORT);
        return;
    }
    *(ULONG *)Query->InformationBuffer = 1;
    Query->BytesWritten = sizeof(ULONG);
    if (BREAKS(oid_buffer_no_overrun)) {
        if (Query->InformationBufferLength == 20)
            ((ULONG *)Query->InformationBuffer)[5] = 1;
    }
    if (BREAKS(oid_byteswritten_bound))
        Query->BytesWritten = Query->InformationBufferLength + 1;
    if (BREAKS(oid_byteswritten_set))
        Query->BytesWritten = Written;
    if (BREAKS(oid_bytesneeded_set))
        Result = NDIS_STATUS_BUFFER_TOO_SHORT;
    if (BREAKS(oid_bytesneeded_set__room)) {
        Result = NDIS_STATUS_BUFFER_TOO_SHORT;
        Query->BytesNeeded = Query->InformationBufferLength;
    }
    if (BREAKS(oid_double_complete_workitem)) {
        Adapter->Late = Request;
        NdisQueueIoWorkItem(Adapter->Kernel.WorkHandle, AnswerLater, Adapter);
        return;
    }
    if (BREAKS(oid_direct_complete_call)) {
        NdisMDirectOidRequestComplete(Adapter->Handle, Request, Result);
        return;
    }
    if (BREAKS(oid_final_status))
        Result = NDIS_STATUS_PENDING;
    volatile const UCHAR *Late = TouchesPart("data") ? Query->InformationBuffer : (PVOID)Request;
    NdisMOidRequestComplete(Adapter->Handle, Request, Result);
    if (TOUCHES(oid_buffer_not_kept))
        (void)*Late;
    if (BREAKS(oid_complete_exactly_once))
        NdisMOidRequestComplete(Adapter->Handle, Request, Result);
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

static VOID WorkLater(ADAPTER *Adapter);

static VOID
Work(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    ADAPTER *Adapter = Context;
    PNET_BUFFER_LIST Sends;
    PNDIS_OID_REQUEST Oid;
    BOOLEAN Running;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLockAtDpcLevel(&Adapter->Lock);
    Sends = Adapter->Sends;
    Adapter->Sends = NULL;
    Adapter->Link = &Adapter->Sends;
    if (BREAKS(send_progress_hang)) {
        if (Now() < 1800 && Sends != NULL) {
            Adapter->Sends = Sends;
            while (Sends->Next != NULL)
                Sends = Sends->Next;
            Adapter->Link = &Sends->Next;
            Sends = NULL;
            WorkLater(Adapter);
        }
    }
    if (BREAKS(send_timed_completion)) {
        static PNET_BUFFER_LIST Late;
        if (Late == NULL && Sends != NULL) {
            Late = Sends;
            Sends = Sends->Next;
            Late->Next = NULL;
        }
    }
    if (BREAKS(oid_timed_complete) && Now() < 2500)
        Oid = NULL;
    else
        Oid = Adapter->Oid;
    if (Oid != NULL)
        Adapter->Oid = NULL;
    Running = Adapter->Running;
    KeReleaseSpinLockFromDpcLevel(&Adapter->Lock);
    if (BREAKS(send_complete_order)) {
        if (Sends != NULL && Sends->Next != NULL) {
            PNET_BUFFER_LIST First = Sends;
            Sends = First->Next;
            First->Next = Sends->Next;
            Sends->Next = First;
        }
    }
    Complete(Adapter, Sends);
    if (Running && Sends != NULL) {
        Indicate(Adapter);
        if (Same(Broken, "right") && InterlockedExchange(&Showing, 1) == 0) {
            IndicateOfPools(Adapter->Handle);
            InterlockedExchange(&Showing, 0);
        }
        Status(Adapter);
    }
    if (!BREAKS(oid_pending_completes)) {
        if (Oid != NULL)
            Answer(Adapter, Oid);
    }
    if (PauseIsDone(Adapter))
        NdisMPauseComplete(Adapter->Handle);
    else if (Running)
        AtDispatch(Adapter);
}

static VOID
WorkLater(ADAPTER *Adapter)
{
    LARGE_INTEGER Due = {.QuadPart = -10000};

    KeSetTimer(&Adapter->Timer, Due, &Adapter->Dpc);
}

static VOID
Send(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, NDIS_PORT_NUMBER Port, ULONG Flags)
{
    ADAPTER *Adapter = Context;
    PNET_BUFFER_LIST Last = Chain;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Port);
    UNREFERENCED_PARAMETER(Flags);
    if (BREAKS(send_no_wait)) {
        LARGE_INTEGER Time = {.QuadPart = -1};
        KEVENT Event;
        KeInitializeEvent(&Event, NotificationEvent, FALSE);
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Time);
    }
    while (Last->Next != NULL)
        Last = Last->Next;
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    *Adapter->Link = Chain;
    Adapter->Link = &Last->Next;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    WorkLater(Adapter);
}

static VOID
Return(NDIS_HANDLE Context, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Flags);
    OwnPut(&Adapter->Own, Chain);
    if (PauseIsDone(Adapter))
        NdisMPauseComplete(Adapter->Handle);
}

static NDIS_STATUS
OidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
    ADAPTER *Adapter = Context;
    NDIS_OID Oid = Request->DATA.SET_INFORMATION.Oid;

    if (BREAKS(oid_no_wait_hw)) {
        static BOOLEAN Waited;
        Linger(Waited ? 0 : 200);
        Waited = TRUE;
    }
    if (BREAKS(wd_miniport_oid))
        Linger(LONG_MS);
    if (Oid == OID_PNP_QUERY_POWER || Oid == OID_PNP_SET_POWER)
        return ServicePower(&Adapter->Kernel, Request);
    if (Oid == OID_GEN_STATISTICS)
        return ServiceStatistics(Request);
    if (Oid == OID_PM_REMOVE_WOL_PATTERN)
        return BREAKS(oid_must_succeed) ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
    if (Oid != OID_RULES)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (BREAKS(oid_pnp_event_in_oid))
        NdisMNetPnPEvent(Adapter->Handle, NULL);
    if (BREAKS(oid_no_complete_after_sync)) {
        Request->DATA.QUERY_INFORMATION.BytesWritten = 0;
        NdisMOidRequestComplete(Adapter->Handle, Request, NDIS_STATUS_SUCCESS);
        return NDIS_STATUS_SUCCESS;
    }
    Adapter->Oid = Request;
    WorkLater(Adapter);
    return NDIS_STATUS_PENDING;
}

#include "miniport_life.h"
