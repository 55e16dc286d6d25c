/* SPDX-License-Identifier: MIT */
/* How the miniport of the rule tests comes and goes: the second half of miniport.c, which includes it.
 * See wrong.h.
 */
#pragma once

static NDIS_STATUS
SetAttributes(ADAPTER *Adapter)
{
    static NDIS_OID Oids[] = {OID_RULES, OID_GEN_STATISTICS};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES Registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = Adapter,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES General = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .MtuSize = 1500,
        .MediaConnectState = MediaConnectStateConnected,
        .MacAddressLength = 6,
        .SupportedOidList = Oids,
        .SupportedOidListLength = sizeof(Oids),
    };

    if (!BREAKS(st_m_attributes_first)) {
        if (NdisMSetMiniportAttributes(Adapter->Handle,
                (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&Registration) != NDIS_STATUS_SUCCESS)
            return NDIS_STATUS_FAILURE;
    }
    if (BREAKS(st_m_general_attributes_required))
        return NDIS_STATUS_SUCCESS;
    return NdisMSetMiniportAttributes(Adapter->Handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&General);
}

static NDIS_STATUS
Initialize(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext, PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
    ADAPTER *Adapter = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Adapter), TAG);

    UNREFERENCED_PARAMETER(DriverContext);
    UNREFERENCED_PARAMETER(Parameters);
    if (Adapter == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Adapter, sizeof(*Adapter));
    LastHandle = Adapter->Handle = Handle;
    Adapter->Link = &Adapter->Sends;
    KeInitializeSpinLock(&Adapter->Lock);
    KeInitializeTimer(&Adapter->Timer);
    KeInitializeDpc(&Adapter->Dpc, Work, Adapter);
    if (BREAKS(mm_netbuffer_balanced))
        NdisAllocateNetBuffer(NetBufferPool(Handle), NULL, 0, 0);
    if (BREAKS(st_m_halt_release_all))
        ExAllocatePoolWithTag(NonPagedPoolNx, 16, TAG);
    KernelCreate(&Adapter->Kernel, Handle);
    if (SetAttributes(Adapter) == NDIS_STATUS_SUCCESS &&
        OwnCreate(&Adapter->Own, Handle) == NDIS_STATUS_SUCCESS) {
        NDIS_PORT_CHARACTERISTICS Port = {
            .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_CHARACTERISTICS_REVISION_1,
                NDIS_SIZEOF_PORT_CHARACTERISTICS_REVISION_1}};

        if (BREAKS(pp_port_activation))
            return NdisMAllocatePort(Handle, &Port);
        if (BREAKS(st_m_init_paused))
            NdisMIndicateReceiveNetBufferLists(
                Handle, OwnTake(&Adapter->Own, 1, Handle), 0, 1, NDIS_RECEIVE_FLAGS_RESOURCES);
        return BREAKS(st_m_init_fail_clean) ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
    }
    ExFreePoolWithTag(Adapter, TAG);
    return NDIS_STATUS_FAILURE;
}

static VOID
Poll(PVOID Context, NDIS_POLL_DATA *Data)
{
    UNREFERENCED_PARAMETER(Context);
    Data->Receive.NumberOfIndicatedNbls = Data->Receive.MaxNblsToIndicate + 1;
}

static VOID
PollNotification(PVOID Context, NDIS_POLL_NOTIFICATION *Notification)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Notification);
}

static NDIS_STATUS
Restart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;

    UNREFERENCED_PARAMETER(Parameters);
    if (BREAKS(irql_handler_restores)) {
        KIRQL Irql;
        KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    }
    KernelAtPassive(&Adapter->Kernel, Adapter->Handle);
    ServiceAtPassive(Adapter->Handle);
    if (BREAKS(st_m_restart_return)) {
        LARGE_INTEGER Due = {.QuadPart = -100000000};
        NdisSetTimerObject(Adapter->Kernel.TimerHandle, Due, 0, NULL);
        return NDIS_STATUS_FAILURE;
    }
    if (BREAKS(po_max_respected)) {
        static const NDIS_POLL_CHARACTERISTICS Polls = {
            .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_POLL_CHARACTERISTICS_REVISION_1,
                NDIS_SIZEOF_NDIS_POLL_CHARACTERISTICS_REVISION_1},
            .PollHandler = Poll,
            .SetPollNotificationHandler = PollNotification};
        NDIS_POLL_HANDLE Handle;
        NdisRegisterPoll(Adapter->Handle, Adapter, &Polls, &Handle);
        NdisRequestPoll(Handle, NULL);
    }
    if (BREAKS(st_m_unload_last))
        NdisMDeregisterMiniportDriver(DriverHandle);
    Adapter->Running = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Pause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
    ADAPTER *Adapter = Context;
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Parameters);
    if (BREAKS(st_m_pause_outstanding)) {
        Adapter->Running = FALSE;
        return NDIS_STATUS_SUCCESS;
    }
    KeAcquireSpinLock(&Adapter->Lock, &Irql);
    Adapter->Running = FALSE;
    Adapter->Pausing = TRUE;
    KeReleaseSpinLock(&Adapter->Lock, Irql);
    if (BREAKS(wd_miniport_pause)) {
        Adapter->Pausing = FALSE;
        return NDIS_STATUS_PENDING;
    }
    if (BREAKS(st_m_pause_complete_once__answers)) {
        NdisMPauseComplete(Adapter->Handle);
        return NDIS_STATUS_SUCCESS;
    }
    if (BREAKS(st_m_pause_return))
        return NDIS_STATUS_FAILURE;
    return PauseIsDone(Adapter) ? NDIS_STATUS_SUCCESS : NDIS_STATUS_PENDING;
}

static VOID
Halt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
    ADAPTER *Adapter = Context;
    NDIS_HANDLE Item = Adapter->Kernel.WorkHandle;

    UNREFERENCED_PARAMETER(Action);
    UNREFERENCED_PARAMETER(Item);
    KeCancelTimer(&Adapter->Timer);
    KeFlushQueuedDpcs();
    if (BREAKS(wd_miniport_halt))
        Linger(LONG_MS);
    while (BREAKS(wd_miniport_halt__polls))
        NdisMSleep(10000);
    if (BREAKS(ss_not_in_isr_halt_shutdown))
        Status(Adapter);
    if (BREAKS(recv_state_running)) {
        NdisMIndicateReceiveNetBufferLists(Adapter->Handle,
            OwnTake(&Adapter->Own, 1, Adapter->Handle), 0, 1, NDIS_RECEIVE_FLAGS_RESOURCES);
    }
    KernelAtHalt(&Adapter->Kernel, Adapter->Handle);
    OwnFree(&Adapter->Own);
    KernelFree(&Adapter->Kernel);
    ExFreePoolWithTag(Adapter, TAG);
    if (BREAKS(wi_flush_before_teardown)) {
        NdisQueueIoWorkItem(Item, Again, NULL);
        Sleep(20000);
    }
}

static VOID
Shutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Action);
    if (BREAKS(st_m_shutdown_no_free))
        OwnFree(&((ADAPTER *)Context)->Own);
}

static VOID
Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (BREAKS(ss_not_after_halt))
        NdisMIndicateStatusEx(LastHandle, NULL);
    if (BREAKS(st_m_halt_no_calls_after))
        NdisMPauseComplete(LastHandle);
    FreePools();
    NdisMDeregisterMiniportDriver(DriverHandle);
    if (BREAKS(mm_alloc_during_unload))
        ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPoolNx, 16, TAG), TAG);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS Characteristics = PLAIN_TABLE;

    BreaksBy(RegistryPath);
    if (BREAKS(hd_type))
        Characteristics.Header.Type = NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS;
    if (BREAKS(hd_revision_known))
        Characteristics.Header.Revision = 77;
    if (BREAKS(hd_size_matches_revision))
        Characteristics.Header.Size = NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1;
    if (BREAKS(rg_mandatory_handlers))
        Characteristics.CancelSendHandler = NULL;
    if (BREAKS(st_m_shutdown_registered))
        Characteristics.ShutdownHandlerEx = NULL;
    if (BREAKS(oid_direct_cancel_registered))
        Characteristics.DirectOidRequestHandler = OidRequest;
    if (BREAKS(recv_one_mdl_60))
        Characteristics.MinorNdisVersion = 0;
    if (BREAKS(rg_hang_reset_pair))
        Characteristics.CheckForHangHandlerEx = (PVOID)Shutdown;
    if (BREAKS(rg_version_supported))
        Characteristics.MajorNdisVersion = 7;
    if (BREAKS(cf_device_deregister)) {
        PDEVICE_OBJECT Device;
        IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_NETWORK, 0, FALSE, &Device);
    }
    NDIS_STATUS Result = NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, NULL, &Characteristics, &DriverHandle);
    ServiceAtEntry(DriverHandle);
    if (BREAKS(st_driverentry_sync))
        return STATUS_PENDING;
    if (BREAKS(st_m_register_deregister))
        return STATUS_UNSUCCESSFUL;
    return Result;
}
