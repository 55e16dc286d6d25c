/* SPDX-License-Identifier: MIT */
/* The peer miniport: takes sends and gives them back as told, indicates frames, answers OIDs.
 *
 * One lock guards the frames seen and the pending OID requests; it is not held across calls.
 */
#include "peer_miniport.h"

/* Lifecycle */

static NDIS_STATUS
set_attributes(struct inner *inner)
{
    static const NDIS_OID oids[] = {OID_GEN_CURRENT_PACKET_FILTER, PEER_OID};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAdapterContext = inner,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
        .CheckForHangTimeInSeconds = 1,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
        .MediaType = NdisMedium802_3,
        .PhysicalMediumType = NdisPhysicalMedium802_3,
        .MtuSize = inner->face->mtu ? inner->face->mtu : 1500,
        .MaxXmitLinkSpeed = 1000000000,
        .XmitLinkSpeed = 1000000000,
        .MaxRcvLinkSpeed = 1000000000,
        .RcvLinkSpeed = 1000000000,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .LookaheadSize = 1500,
        .MacOptions = NDIS_MAC_OPTION_NO_LOOPBACK,
        .SupportedPacketFilters = NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_BROADCAST,
        .MaxMulticastListSize = PEER_MULTICAST,
        .MacAddressLength = 6,
        .PermanentMacAddress = {2, 0, 0, 0, 0, 1},
        .CurrentMacAddress = {2, 0, 0, 0, 0, 1},
        .AccessType = NET_IF_ACCESS_BROADCAST,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .IfType = IF_TYPE_ETHERNET_CSMACD,
        .SupportedOidList = (PNDIS_OID)oids,
        .SupportedOidListLength = sizeof(oids),
    };
    NDIS_PM_CAPABILITIES power = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PM_CAPABILITIES_REVISION_1,
            NDIS_SIZEOF_NDIS_PM_CAPABILITIES_REVISION_1},
    };
    NDIS_STATUS status;

    if (inner->face->knows_power)
        general.PowerManagementCapabilitiesEx = &power;
    if (inner->face->controls_port)
        registration.AttributeFlags |= NDIS_MINIPORT_ATTRIBUTES_CONTROLS_DEFAULT_PORT;
    if (inner->face->hears_of_crashes)
        registration.AttributeFlags |= NDIS_MINIPORT_ATTRIBUTES_REGISTER_BUGCHECK_CALLBACK;
    if (inner->face->no_pause)
        registration.AttributeFlags |= NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND;
    status = NdisMSetMiniportAttributes(
        inner->adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&registration);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    return NdisMSetMiniportAttributes(inner->adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&general);
}

static NDIS_STATUS
miniport_initialize(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_INIT_PARAMETERS MiniportInitParameters)
{
    struct inner *inner = MiniportDriverContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(MiniportInitParameters);
    peer_say(&inner->face->peer, "initialize");
    inner->adapter = inner->face->peer.module = NdisMiniportHandle;
    inner->paused = true;
    status = set_attributes(inner);
    if (status == NDIS_STATUS_SUCCESS && hooks->attributes)
        hooks->attributes(NdisMiniportHandle);
    if (status == NDIS_STATUS_SUCCESS && inner->face->fail_initialize)
        status = (NDIS_STATUS)inner->face->fail_initialize;
    if (status == NDIS_STATUS_SUCCESS)
        status = pools_create(&inner->pools, NdisMiniportHandle);
    if (status == NDIS_STATUS_SUCCESS)
        COUNT(inner->face->initialized, 1);
    return status;
}

static VOID
miniport_halt(NDIS_HANDLE MiniportAdapterContext, NDIS_HALT_ACTION HaltAction)
{
    struct inner *inner = MiniportAdapterContext;

    inner->face->halt_action = HaltAction;
    peer_say(&inner->face->peer, "halt");
    if (READ(inner->face->sends_out) || READ(inner->face->receives_out))
        COUNT(inner->face->wrong, 1);
    queue_destroy(&inner->sends);
    pools_destroy(&inner->pools);
    COUNT(inner->face->halted, 1);
}

static VOID
settle(struct inner *inner)
{
    while (READ(inner->face->sends_out) || READ(inner->face->receives_out) || READ(inner->making)) {
        queue_run(&inner->sends);
        peer_sleep(20);
    }
}

static VOID
pause_later(PVOID Context)
{
    struct inner *inner = Context;

    settle(inner);
    NdisMPauseComplete(inner->adapter);
}

static NDIS_STATUS
miniport_pause(NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_PAUSE_PARAMETERS PauseParameters)
{
    struct inner *inner = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(PauseParameters);
    peer_say(&inner->face->peer, "pause");
    COUNT(inner->face->paused, 1);
    WRITE(inner->paused, true);
    if (inner->face->never_pause)
        return NDIS_STATUS_PENDING;
    if (inner->face->pend_pause) {
        peer_later(pause_later, inner);
        return NDIS_STATUS_PENDING;
    }
    settle(inner);
    return NDIS_STATUS_SUCCESS;
}

static VOID
restart_later(PVOID Context)
{
    struct inner *inner = Context;

    peer_sleep(100);
    NdisMRestartComplete(inner->adapter, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS
miniport_restart(
    NDIS_HANDLE MiniportAdapterContext, PNDIS_MINIPORT_RESTART_PARAMETERS RestartParameters)
{
    struct inner *inner = MiniportAdapterContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    peer_say(&inner->face->peer, "restart");
    if (hooks->restart)
        hooks->restart(inner->adapter, RestartParameters);
    COUNT(inner->face->restarted, 1);
    WRITE(inner->paused, false);
    if (!inner->face->pend_restart)
        return NDIS_STATUS_SUCCESS;
    peer_later(restart_later, inner);
    return NDIS_STATUS_PENDING;
}

static VOID
miniport_shutdown(NDIS_HANDLE MiniportAdapterContext, NDIS_SHUTDOWN_ACTION ShutdownAction)
{
    struct inner *inner = MiniportAdapterContext;

    if (ShutdownAction == NdisShutdownBugCheck) {
        COUNT(inner->face->crashes, KeGetCurrentIrql() == HIGH_LEVEL);
        return;
    }
    peer_say(&inner->face->peer, "shutdown");
    COUNT(inner->face->shutdowns, 1);
}

static BOOLEAN
miniport_check_for_hang(NDIS_HANDLE MiniportAdapterContext)
{
    struct inner *inner = MiniportAdapterContext;

    if (KeGetCurrentIrql() != PASSIVE_LEVEL)
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->asked_for_hang, 1);
    return READ(inner->face->hangs);
}

static NDIS_STATUS
miniport_reset(NDIS_HANDLE MiniportAdapterContext, PBOOLEAN AddressingReset)
{
    struct inner *inner = MiniportAdapterContext;
    PNET_BUFFER_LIST held = queue_take(&inner->sends, NULL);
    ULONG n = chain_length(held);

    *AddressingReset = inner->face->addressing_reset;
    WRITE(inner->face->hangs, false);
    for (PNET_BUFFER_LIST nbl = held; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_RESET_IN_PROGRESS;
    UNCOUNT(inner->face->sends_out, n);
    if (held)
        NdisMSendNetBufferListsComplete(inner->adapter, held, 0);
    COUNT(inner->face->resets, 1);
    return inner->face->pend_reset ? NDIS_STATUS_PENDING : NDIS_STATUS_SUCCESS;
}

static VOID
reset_done(PVOID Context)
{
    struct inner *inner = Context;

    NdisMResetComplete(inner->adapter, NDIS_STATUS_SUCCESS, inner->face->addressing_reset);
}

void
peer_miniport_reset_done(struct peer_miniport *miniport)
{
    script_run(miniport->peer.machine, &inner_of(miniport)->script, reset_done, inner_of(miniport));
}

static VOID
reset_wanted(PVOID Context)
{
    NdisMResetMiniport(((struct inner *)Context)->adapter);
}

void
peer_miniport_reset(struct peer_miniport *miniport)
{
    script_run(
        miniport->peer.machine, &inner_of(miniport)->script, reset_wanted, inner_of(miniport));
}

static VOID
remove_wanted(PVOID Context)
{
    CHECK(NdisMRemoveMiniport(((struct inner *)Context)->adapter) == NDIS_STATUS_SUCCESS);
}

void
peer_miniport_remove(struct peer_miniport *miniport)
{
    script_run(
        miniport->peer.machine, &inner_of(miniport)->script, remove_wanted, inner_of(miniport));
}

static VOID
miniport_event(NDIS_HANDLE MiniportAdapterContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    struct inner *inner = MiniportAdapterContext;

    if (NetDevicePnPEvent->DevicePnPEvent == NdisDevicePnPEventSurpriseRemoved) {
        peer_say(&inner->face->peer, "surprise");
        COUNT(inner->face->surprises, 1);
    }
    if (NetDevicePnPEvent->DevicePnPEvent == NdisDevicePnPEventPowerProfileChanged)
        COUNT(inner->face->powers, 1);
}

static VOID
miniport_unload(PDRIVER_OBJECT DriverObject)
{
    struct peer_miniport *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);

    peer_say(&face->peer, "unload");
    script_stop(&inner->script);
    NdisMDeregisterMiniportDriver(inner->driver);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static NDIS_STATUS
miniport_register(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath, struct inner *inner,
    unsigned version)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3},
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = version ? (UCHAR)(version - 1) : NDIS_MINIPORT_MINOR_VERSION,
        .InitializeHandlerEx = miniport_initialize,
        .HaltHandlerEx = miniport_halt,
        .UnloadHandler = miniport_unload,
        .PauseHandler = miniport_pause,
        .RestartHandler = miniport_restart,
        .OidRequestHandler = miniport6_oid,
        .SendNetBufferListsHandler = miniport6_send,
        .ReturnNetBufferListsHandler = miniport6_return,
        .CancelSendHandler = miniport6_cancel_send,
        .CheckForHangHandlerEx = miniport_check_for_hang,
        .ResetHandlerEx = miniport_reset,
        .DevicePnPEventNotifyHandler = miniport_event,
        .ShutdownHandlerEx = miniport_shutdown,
        .CancelOidRequestHandler = miniport6_cancel_oid,
        .DirectOidRequestHandler = miniport6_direct_oid,
        .CancelDirectOidRequestHandler = miniport6_cancel_direct_oid,
        .SynchronousOidRequestHandler = miniport6_synchronous_oid,
    };

    return NdisMRegisterMiniportDriver(
        DriverObject, RegistryPath, inner, &characteristics, &inner->driver);
}

static NTSTATUS
miniport_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    unsigned version; /* 0: as compiled; else the minor one, and 1 */
    struct peer_miniport *face = peer_create(DriverObject, sizeof(*face), &version);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    face->peer.inner = inner;
    face->peer.script = &inner->script;
    KeInitializeSpinLock(&inner->lock);
    KeInitializeDpc(&inner->oid_dpc, miniport6_oid_dpc, inner);
    KeInitializeEvent(&inner->traffic_ended, SynchronizationEvent, FALSE);
    queue_create(&inner->sends, miniport6_complete, inner);
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    return miniport_register(DriverObject, RegistryPath, inner, version);
}

struct peer_miniport *
peer_miniport_add(struct undis *machine, const char *name)
{
    return peer_add(machine, name, miniport_entry, 0);
}

struct peer_miniport *
peer_miniport_add_first(struct undis *machine, const char *name)
{
    return peer_miniport_add_minor(machine, name, 0);
}

struct peer_miniport *
peer_miniport_add_minor(struct undis *machine, const char *name, unsigned minor)
{
    return peer_add(machine, name, miniport_entry, minor + 1);
}
