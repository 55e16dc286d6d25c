/* SPDX-License-Identifier: MIT */
/* The peer miniport: takes sends and gives them back as told, indicates frames, answers OIDs.
 *
 * One lock guards the frames seen and the pending OID requests; it is not held across calls.
 */
#include "peer_inner.h"

#include "check.h"

#define OIDS 64

struct inner {
    struct peer_miniport *face;
    NDIS_HANDLE driver, adapter;
    struct peer_script script;
    struct peer_pools pools;
    struct peer_queue sends;
    KSPIN_LOCK lock;
    PNDIS_OID_REQUEST requests[OIDS]; /* pended */
    ULONG request_count;
    KDPC oid_dpc;
    _Atomic bool paused;
    _Atomic ULONG making; /* the traffic thread may be indicating */
    _Atomic bool traffic;
    KEVENT traffic_ended;
};

static struct inner *
inner_of(struct peer_miniport *miniport)
{
    return miniport->peer.inner;
}

/* Sends */

static VOID
complete(PVOID Context, PNET_BUFFER_LIST chain)
{
    struct inner *inner = Context;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);
    ULONG n = chain_length(chain);

    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    if (hooks->complete) {
        hooks->complete(inner->adapter, chain);
        return;
    }
    UNCOUNT(inner->face->sends_out, n);
    NdisMSendNetBufferListsComplete(inner->adapter, chain,
        KeGetCurrentIrql() == DISPATCH_LEVEL ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

static VOID
miniport_send(NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    struct inner *inner = MiniportAdapterContext;
    struct peer_miniport *face = inner->face;
    ULONG n = chain_length(NetBufferList);
    KIRQL irql;

    if (inner->paused || PortNumber != face->peer.port ||
        (NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL))
        COUNT(face->wrong, 1);
    KeAcquireSpinLock(&inner->lock, &irql);
    chain_see(&face->sent, NetBufferList);
    KeReleaseSpinLock(&inner->lock, irql);
    if (NDIS_TEST_SEND_FLAG(SendFlags, NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK))
        COUNT(face->loopback_sends, n);
    COUNT(face->sends_in, n);
    COUNT(face->sends_out, n);
    queue_put(&inner->sends, face->completes, NetBufferList);
}

static VOID
miniport_cancel_send(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    struct inner *inner = MiniportAdapterContext;
    PNET_BUFFER_LIST taken = queue_take(&inner->sends, CancelId);
    ULONG n = chain_length(taken);

    COUNT(inner->face->cancels, 1);
    if (!taken)
        return;
    for (PNET_BUFFER_LIST nbl = taken; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SEND_ABORTED;
    COUNT(inner->face->cancelled, n);
    UNCOUNT(inner->face->sends_out, n);
    NdisMSendNetBufferListsComplete(inner->adapter, taken, 0);
}

static VOID
release(PVOID Context)
{
    queue_run(&((struct inner *)Context)->sends);
}

void
peer_miniport_release(struct peer_miniport *miniport)
{
    if (miniport->acts)
        miniport->acts->release(miniport);
    else
        script_run(
            miniport->peer.machine, &inner_of(miniport)->script, release, inner_of(miniport));
}

/* Receives */

static VOID
miniport_return(
    NDIS_HANDLE MiniportAdapterContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    struct inner *inner = MiniportAdapterContext;
    struct peer_miniport *face = inner->face;
    ULONG n = chain_length(NetBufferLists);

    if (NDIS_TEST_RETURN_AT_DISPATCH_LEVEL(ReturnFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL)
        COUNT(face->wrong, 1);
    for (PNET_BUFFER_LIST nbl = NetBufferLists; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        if (nbl->MiniportReserved[0] != inner || nbl->ChildRefCount != 0)
            COUNT(face->bad_returns, 1);
        nbl->MiniportReserved[0] = NULL;
    }
    chain_free(NetBufferLists);
    COUNT(face->returned, n);
    UNCOUNT(face->receives_out, n);
}

/* With RESOURCES the chain is ours again, as it was, when the call returns. */
static VOID
indicate_with_resources(struct inner *inner, PNET_BUFFER_LIST chain, ULONG count)
{
    struct peer_miniport *face = inner->face;
    struct frames again = {0};

    NdisMIndicateReceiveNetBufferLists(inner->adapter, chain, inner->face->peer.port, count,
        NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL | NDIS_RECEIVE_FLAGS_RESOURCES);
    chain_see(&again, chain);
    if (chain_length(chain) != count || again.bad || again.count != count)
        COUNT(face->resources_lost, 1);
    chain_free(chain);
    UNCOUNT(face->receives_out, count);
}

static VOID
indicate(struct inner *inner, ULONG count, ULONG size, bool resources)
{
    struct peer_miniport *face = inner->face;
    const struct peer_hooks *hooks = peer_hooks(&face->peer);
    PNET_BUFFER_LIST chain =
        chain_create(&face->peer, &inner->pools, count, 1, size, inner->adapter);
    KIRQL irql;

    CHECK(chain);
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        nbl->MiniportReserved[0] = inner;
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    }
    COUNT(face->indicated, count);
    COUNT(face->receives_out, count);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (hooks->indicate)
        hooks->indicate(inner->adapter, chain, count);
    else if (resources)
        indicate_with_resources(inner, chain, count);
    else
        NdisMIndicateReceiveNetBufferLists(
            inner->adapter, chain, face->peer.port, count, NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL);
    KeLowerIrql(irql);
}

struct indication {
    struct inner *inner;
    unsigned count, size;
    bool resources;
};

static VOID
indicate_wanted(PVOID Context)
{
    struct indication *wanted = Context;

    indicate(wanted->inner, wanted->count, wanted->size, wanted->resources);
}

void
peer_miniport_indicate(struct peer_miniport *miniport, unsigned nbls, unsigned size, bool resources)
{
    struct indication wanted = {inner_of(miniport), nbls, size, resources};

    if (miniport->acts)
        miniport->acts->indicate(miniport, nbls, size, resources);
    else
        script_run(miniport->peer.machine, &wanted.inner->script, indicate_wanted, &wanted);
}

/* A busy network: chains of four, one in eight with RESOURCES, as long as there is room. */
static VOID
traffic(PVOID Context)
{
    struct inner *inner = Context;
    ULONG round = 0;

    while (READ(inner->traffic)) {
        COUNT(inner->making, 1); /* keeps a pause from ending meanwhile */
        if (!READ(inner->paused) && READ(inner->face->receives_out) < 64)
            indicate(inner, 4, FRAME_MIN + round % 200, round % 8 == 0);
        UNCOUNT(inner->making, 1);
        round++;
        peer_sleep(50);
    }
    KeSetEvent(&inner->traffic_ended, IO_NO_INCREMENT, FALSE);
}

static VOID
traffic_on(PVOID Context)
{
    struct inner *inner = Context;

    WRITE(inner->traffic, true);
    peer_later(traffic, inner);
}

static VOID
traffic_off(PVOID Context)
{
    struct inner *inner = Context;

    WRITE(inner->traffic, false);
    KeWaitForSingleObject(&inner->traffic_ended, Executive, KernelMode, FALSE, NULL);
}

void
peer_miniport_traffic(struct peer_miniport *miniport, bool on)
{
    if (miniport->acts)
        miniport->acts->traffic(miniport, on);
    else
        script_run(miniport->peer.machine, &inner_of(miniport)->script,
            on ? traffic_on : traffic_off, inner_of(miniport));
}

/* Status */

static VOID
say_status(struct inner *inner, NDIS_STATUS code, PVOID buffer, ULONG size)
{
    NDIS_STATUS_INDICATION indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = inner->adapter,
        .StatusCode = code,
        .StatusBuffer = buffer,
        .StatusBufferSize = size,
    };

    NdisMIndicateStatusEx(inner->adapter, &indication);
}

struct status {
    struct inner *inner;
    uint32_t code;
    _Atomic bool up;
};

static VOID
status_wanted(PVOID Context)
{
    struct status *wanted = Context;
    NDIS_LINK_STATE link = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_LINK_STATE_REVISION_1,
            NDIS_SIZEOF_LINK_STATE_REVISION_1},
        .MediaConnectState =
            wanted->up ? MediaConnectStateConnected : MediaConnectStateDisconnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .XmitLinkSpeed = 1000000000,
        .RcvLinkSpeed = 1000000000,
    };

    if ((NDIS_STATUS)wanted->code == NDIS_STATUS_LINK_STATE)
        say_status(wanted->inner, NDIS_STATUS_LINK_STATE, &link, sizeof(link));
    else
        say_status(wanted->inner, (NDIS_STATUS)wanted->code, NULL, 0);
}

void
peer_miniport_status(struct peer_miniport *miniport, uint32_t code)
{
    struct status wanted = {inner_of(miniport), code, true};

    if (miniport->acts)
        miniport->acts->status(miniport, code);
    else
        script_run(miniport->peer.machine, &wanted.inner->script, status_wanted, &wanted);
}

void
peer_miniport_link(struct peer_miniport *miniport, bool up)
{
    struct status wanted = {inner_of(miniport), (uint32_t)NDIS_STATUS_LINK_STATE, up};

    if (miniport->acts)
        miniport->acts->status(
            miniport, (uint32_t)(up ? NDIS_STATUS_MEDIA_CONNECT : NDIS_STATUS_MEDIA_DISCONNECT));
    else
        script_run(miniport->peer.machine, &wanted.inner->script, status_wanted, &wanted);
}

/* OIDs */

/* What NDIS has every miniport set. */
static NDIS_STATUS
answer_set(struct peer_miniport *face, PNDIS_OID_REQUEST request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    ULONG length = set->InformationBufferLength;

    if (set->Oid == OID_GEN_CURRENT_PACKET_FILTER && length == sizeof(ULONG)) {
        if (face->refuses_filter)
            return NDIS_STATUS_FAILURE;
        face->filter = *(ULONG *)set->InformationBuffer;
        face->filters_set++;
    } else if (set->Oid == OID_GEN_CURRENT_LOOKAHEAD && length == sizeof(ULONG)) {
        face->set_lookahead = *(ULONG *)set->InformationBuffer;
    } else if (set->Oid == OID_802_3_MULTICAST_LIST && length <= sizeof(face->multicast)) {
        RtlCopyMemory(face->multicast, set->InformationBuffer, length);
        face->multicast_count = length / sizeof(face->multicast[0]);
    } else {
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    request->DATA.SET_INFORMATION.BytesRead = length;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
answer_power(struct peer_miniport *face, bool set, NDIS_OID oid, NDIS_DEVICE_POWER_STATE state)
{
    if (set != (oid == OID_PNP_SET_POWER) || state < NdisDeviceStateD0 || state > NdisDeviceStateD3)
        COUNT(face->wrong, 1);
    if (!set) {
        peer_say(&face->peer, "may sleep");
        return NDIS_STATUS_SUCCESS;
    }
    peer_say(&face->peer, state == NdisDeviceStateD0 ? "wake" : "sleep");
    if (face->fail_power && state != NdisDeviceStateD0)
        return (NDIS_STATUS)face->fail_power;
    face->slept = state;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
answer(struct peer_miniport *face, PNDIS_OID_REQUEST request)
{
    bool set = request->RequestType == NdisRequestSetInformation;
    NDIS_OID oid = request->DATA.QUERY_INFORMATION.Oid;
    PVOID buffer = request->DATA.QUERY_INFORMATION.InformationBuffer;
    ULONG length = request->DATA.QUERY_INFORMATION.InformationBufferLength;

    if (face->knows_power && (oid == OID_PNP_SET_POWER || oid == OID_PNP_QUERY_POWER))
        return answer_power(face, set, oid, *(NDIS_DEVICE_POWER_STATE *)buffer);
    if (set && oid != PEER_OID)
        return answer_set(face, request);
    if (oid != PEER_OID)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (length < sizeof(ULONG)) {
        request->DATA.QUERY_INFORMATION.BytesNeeded = sizeof(ULONG);
        return set ? NDIS_STATUS_INVALID_LENGTH : NDIS_STATUS_BUFFER_TOO_SHORT;
    }
    if (set) {
        face->value = *(ULONG *)buffer;
        request->DATA.SET_INFORMATION.BytesRead = sizeof(ULONG);
    } else {
        *(ULONG *)buffer = face->value;
        request->DATA.QUERY_INFORMATION.BytesWritten = sizeof(ULONG);
    }
    return NDIS_STATUS_SUCCESS;
}

/* Answers one pended request; false when there is none. */
static bool
answer_one(struct inner *inner, NDIS_STATUS status)
{
    PNDIS_OID_REQUEST request = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    if (inner->request_count)
        request = inner->requests[--inner->request_count];
    KeReleaseSpinLock(&inner->lock, irql);
    if (!request)
        return false;
    if (status == NDIS_STATUS_SUCCESS)
        status = answer(inner->face, request);
    NdisMOidRequestComplete(inner->adapter, request, status);
    return true;
}

static VOID
oid_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    while (answer_one(DeferredContext, NDIS_STATUS_SUCCESS))
        ;
}

static NDIS_STATUS
miniport_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = MiniportAdapterContext;
    struct peer_miniport *face = inner->face;
    const struct peer_hooks *hooks = peer_hooks(&face->peer);
    KIRQL irql;

    if (KeGetCurrentIrql() != PASSIVE_LEVEL)
        COUNT(face->wrong, 1);
    COUNT(face->oids, 1);
    if (hooks->oid) {
        NDIS_STATUS status = (NDIS_STATUS)hooks->oid(inner->adapter, OidRequest);

        if (status != (NDIS_STATUS)PEER_GOES_ON)
            return status;
    }
    if (OidRequest->DATA.QUERY_INFORMATION.Oid == OID_PNP_SET_POWER)
        COUNT(face->powers, 1);
    if (OidRequest->DATA.QUERY_INFORMATION.Oid != PEER_OID ||
        (!face->pend_oids && !face->hold_oids))
        return answer(face, OidRequest);
    KeAcquireSpinLock(&inner->lock, &irql);
    CHECK(inner->request_count < OIDS);
    inner->requests[inner->request_count++] = OidRequest;
    if (inner->request_count > face->oids_at_once)
        WRITE(face->oids_at_once, inner->request_count);
    KeReleaseSpinLock(&inner->lock, irql);
    if (!face->hold_oids)
        KeInsertQueueDpc(&inner->oid_dpc, NULL, NULL);
    return NDIS_STATUS_PENDING;
}

static VOID
miniport_cancel_oid(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId)
{
    UNREFERENCED_PARAMETER(RequestId);
    while (answer_one(MiniportAdapterContext, NDIS_STATUS_REQUEST_ABORTED))
        ;
}

static NDIS_STATUS
miniport_direct_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = MiniportAdapterContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (!hooks->direct)
        return NDIS_STATUS_NOT_SUPPORTED;
    return (NDIS_STATUS)hooks->direct(inner->adapter, OidRequest);
}

static VOID
miniport_cancel_direct_oid(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId)
{
    struct inner *inner = MiniportAdapterContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (hooks->direct_cancel)
        hooks->direct_cancel(inner->adapter, RequestId);
}

static NDIS_STATUS
miniport_synchronous_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = MiniportAdapterContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (!hooks->issue)
        return NDIS_STATUS_NOT_SUPPORTED;
    return (NDIS_STATUS)hooks->issue(inner->adapter, OidRequest, NULL);
}

static VOID
release_oids(PVOID Context)
{
    while (answer_one(Context, NDIS_STATUS_SUCCESS))
        ;
}

void
peer_miniport_release_oids(struct peer_miniport *miniport)
{
    if (miniport->acts)
        miniport->acts->release_oids(miniport);
    else
        script_run(
            miniport->peer.machine, &inner_of(miniport)->script, release_oids, inner_of(miniport));
}

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
        .MtuSize = 1500,
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

    UNREFERENCED_PARAMETER(ShutdownAction);
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
        .OidRequestHandler = miniport_oid,
        .SendNetBufferListsHandler = miniport_send,
        .ReturnNetBufferListsHandler = miniport_return,
        .CancelSendHandler = miniport_cancel_send,
        .CheckForHangHandlerEx = miniport_check_for_hang,
        .ResetHandlerEx = miniport_reset,
        .DevicePnPEventNotifyHandler = miniport_event,
        .ShutdownHandlerEx = miniport_shutdown,
        .CancelOidRequestHandler = miniport_cancel_oid,
        .DirectOidRequestHandler = miniport_direct_oid,
        .CancelDirectOidRequestHandler = miniport_cancel_direct_oid,
        .SynchronousOidRequestHandler = miniport_synchronous_oid,
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
    KeInitializeDpc(&inner->oid_dpc, oid_dpc, inner);
    KeInitializeEvent(&inner->traffic_ended, SynchronizationEvent, FALSE);
    queue_create(&inner->sends, complete, inner);
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
