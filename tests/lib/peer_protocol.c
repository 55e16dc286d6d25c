/* SPDX-License-Identifier: MIT */
/* The peer protocol: sends numbered frames, returns receives as told, asks OIDs.
 *
 * Every NBL that is out carries its place in a table, so that one that comes back twice is seen.
 * One lock guards the table, the frames seen and running; it is not held across calls.
 */
#include "peer_protocol.h"

/* Bindings */

static VOID
protocol_open_complete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    struct inner *inner = ProtocolBindingContext;

    inner->open_status = Status;
    KeSetEvent(&inner->opened, IO_NO_INCREMENT, FALSE);
}

static VOID
protocol_close_complete(NDIS_HANDLE ProtocolBindingContext)
{
    KeSetEvent(&((struct inner *)ProtocolBindingContext)->closed, IO_NO_INCREMENT, FALSE);
}

static NDIS_STATUS
open_adapter(struct inner *inner, PNDIS_STRING name, NDIS_HANDLE bind_context)
{
    NDIS_MEDIUM media[] = {NdisMedium802_5, NdisMedium802_3, NdisMediumIP};
    UINT selected = 0;
    NDIS_OPEN_PARAMETERS open = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = name,
        .MediumArray = media,
        .MediumArraySize = RTL_NUMBER_OF(media),
        .SelectedMediumIndex = &selected,
    };
    NDIS_STATUS status =
        NdisOpenAdapterEx(inner->driver, inner, &open, bind_context, &inner->binding);

    if (status == NDIS_STATUS_PENDING) {
        wait_for(&inner->opened);
        status = inner->open_status;
    }
    inner->face->peer.module = inner->binding;
    if (status == NDIS_STATUS_SUCCESS && selected == 0)
        COUNT(inner->face->wrong, 1);
    return status;
}

static VOID
close_adapter(struct inner *inner)
{
    if (NdisCloseAdapterEx(inner->binding) == NDIS_STATUS_PENDING)
        wait_for(&inner->closed);
    while (READ(inner->making)) /* the traffic thread may still look at the binding */
        peer_sleep(20);
    inner->binding = inner->face->peer.module = NULL;
    pools_destroy(&inner->pools);
}

static VOID
bind_later(PVOID Context)
{
    struct inner *inner = Context;

    peer_sleep(100);
    NdisCompleteBindAdapterEx(inner->bind_context, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS
protocol_bind(NDIS_HANDLE ProtocolDriverContext, NDIS_HANDLE BindContext,
    PNDIS_BIND_PARAMETERS BindParameters)
{
    struct inner *inner = ProtocolDriverContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);
    NDIS_STATUS status;

    CHECK(BindParameters->PowerManagementCapabilities); /* protocols do not ask */
    peer_say(&inner->face->peer, "bind");
    if (hooks->bind)
        hooks->bind(BindParameters);
    status = pools_create(&inner->pools, inner->driver);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = open_adapter(inner, BindParameters->AdapterName, BindContext);
    if (status != NDIS_STATUS_SUCCESS) {
        pools_destroy(&inner->pools);
        return status;
    }
    if (inner->face->fail_bind) {
        close_adapter(inner);
        return (NDIS_STATUS)inner->face->fail_bind;
    }
    COUNT(inner->face->bound, 1);
    if (!inner->face->pend_bind)
        return NDIS_STATUS_SUCCESS;
    inner->bind_context = BindContext;
    peer_later(bind_later, inner);
    return NDIS_STATUS_PENDING;
}

static VOID
unbind_later(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_HANDLE context = inner->bind_context;

    peer_sleep(100);
    close_adapter(inner);
    COUNT(inner->face->unbound, 1);
    NdisCompleteUnbindAdapterEx(context);
}

static NDIS_STATUS
protocol_unbind(NDIS_HANDLE UnbindContext, NDIS_HANDLE ProtocolBindingContext)
{
    struct inner *inner = ProtocolBindingContext;

    peer_say(&inner->face->peer, "unbind");
    if (inner->face->never_unbind)
        return NDIS_STATUS_PENDING;
    if (inner->face->pend_unbind) {
        inner->bind_context = UnbindContext;
        peer_later(unbind_later, inner);
        return NDIS_STATUS_PENDING;
    }
    close_adapter(inner);
    COUNT(inner->face->unbound, 1);
    return NDIS_STATUS_SUCCESS;
}

/* Paused is who has no send out and keeps no receive. */
static VOID
settle(struct inner *inner)
{
    while (READ(inner->face->sent) != READ(inner->face->back) || READ(inner->face->kept)) {
        queue_run(&inner->receives);
        peer_sleep(20);
    }
}

static VOID
event_later(PVOID Context)
{
    struct inner *inner = Context;
    PNET_PNP_EVENT_NOTIFICATION event = inner->event;

    if (event->NetPnPEvent.NetEvent == NetEventPause)
        settle(inner);
    else
        peer_sleep(100);
    NdisCompleteNetPnPEvent(inner->binding, event, NDIS_STATUS_SUCCESS);
}

static VOID
set_running(struct inner *inner, bool running)
{
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    WRITE(inner->face->running, running);
    KeReleaseSpinLock(&inner->lock, irql);
}

/* Power is said in the log; "sleep" and "wake" are NetEventSetPower. */
static NDIS_STATUS
other_event(struct inner *inner, PNET_PNP_EVENT_NOTIFICATION event)
{
    struct peer_protocol *face = inner->face;
    NET_PNP_EVENT_CODE code = event->NetPnPEvent.NetEvent;
    const struct peer_hooks *hooks = peer_hooks(&face->peer);

    if (hooks->event)
        hooks->event(inner->binding, event);
    WRITE(face->last_event, code);
    COUNT(face->events, 1);
    if (code == NetEventQueryPower)
        peer_say(&face->peer, "may sleep");
    if (code == NetEventSetPower)
        peer_say(&face->peer,
            *(NET_DEVICE_POWER_STATE *)event->NetPnPEvent.Buffer == NetDeviceStateD0 ? "wake"
                                                                                     : "sleep");
    if (face->fail_event &&
        (code == NetEventQueryPower || (NDIS_STATUS)face->fail_event == NDIS_STATUS_NOT_SUPPORTED))
        return (NDIS_STATUS)face->fail_event;
    if (!face->pend_event)
        return NDIS_STATUS_SUCCESS;
    inner->event = event;
    peer_later(event_later, inner);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
protocol_event(
    NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    struct inner *inner = ProtocolBindingContext;
    NET_PNP_EVENT_CODE code = NetPnPEventNotification->NetPnPEvent.NetEvent;
    struct peer_protocol *face;

    if (!inner)
        return NDIS_STATUS_SUCCESS; /* some belong to no binding */
    if (code != NetEventPause && code != NetEventRestart)
        return other_event(inner, NetPnPEventNotification);
    face = inner->face;
    if (code == NetEventRestart && peer_hooks(&face->peer)->restart)
        peer_hooks(&face->peer)
            ->restart(inner->binding, NetPnPEventNotification->NetPnPEvent.Buffer);
    peer_say(&face->peer, code == NetEventPause ? "pause" : "restart");
    set_running(inner, code == NetEventRestart);
    COUNT(*(code == NetEventPause ? &face->paused : &face->restarted), 1);
    if (code == NetEventPause ? face->pend_pause : face->pend_restart) {
        inner->event = NetPnPEventNotification;
        peer_later(event_later, inner);
        return NDIS_STATUS_PENDING;
    }
    if (code == NetEventPause && !face->no_wait)
        settle(inner);
    return NDIS_STATUS_SUCCESS;
}

static VOID
protocol_unload(PDRIVER_OBJECT DriverObject)
{
    struct peer_protocol *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);

    peer_say(&face->peer, "unload");
    script_stop(&inner->script);
    NdisDeregisterProtocolDriver(inner->driver);
    queue_destroy(&inner->receives);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static NTSTATUS
protocol_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_PROTOCOL_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_PROTOCOL_MINOR_VERSION,
        .Name = NDIS_STRING_CONST("PEER"),
        .BindAdapterHandlerEx = protocol_bind,
        .UnbindAdapterHandlerEx = protocol_unbind,
        .OpenAdapterCompleteHandlerEx = protocol_open_complete,
        .CloseAdapterCompleteHandlerEx = protocol_close_complete,
        .NetPnPEventHandler = protocol_event,
        .OidRequestCompleteHandler = protocol6_oid_complete,
        .DirectOidRequestCompleteHandler = protocol6_direct_oid_complete,
        .StatusHandlerEx = protocol6_status,
        .ReceiveNetBufferListsHandler = protocol6_receive,
        .SendNetBufferListsCompleteHandler = protocol6_send_complete,
    };
    unsigned without;
    struct peer_protocol *face = peer_create(DriverObject, sizeof(*face), &without);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    UNREFERENCED_PARAMETER(RegistryPath);
    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    face->peer.inner = inner;
    face->peer.script = &inner->script;
    KeInitializeSpinLock(&inner->lock);
    KeInitializeEvent(&inner->opened, SynchronizationEvent, FALSE);
    KeInitializeEvent(&inner->closed, SynchronizationEvent, FALSE);
    KeInitializeEvent(&inner->traffic_ended, SynchronizationEvent, FALSE);
    queue_create(&inner->receives, protocol6_give_back, inner);
    DriverObject->DriverUnload = protocol_unload;
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    return NdisRegisterProtocolDriver(inner, &characteristics, &inner->driver);
}

struct peer_protocol *
peer_protocol_add(struct undis *machine, const char *name)
{
    return peer_add(machine, name, protocol_entry, 0);
}
