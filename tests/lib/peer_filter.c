/* SPDX-License-Identifier: MIT */
/* The peer filter: passes on at once or after a while, as it is or as a clone, and sends and
 * indicates frames of its own. What is its own is told by SourceHandle (sends) and pool (receives).
 */
#include "peer_filter.h"

/* OIDs and status */

/* Frees @clone; answers the request that it was made of, with its answer. */
static PNDIS_OID_REQUEST
oid_original(struct inner *inner, PNDIS_OID_REQUEST clone)
{
    PNDIS_OID_REQUEST request = *(PNDIS_OID_REQUEST *)clone->SourceReserved;

    if (request->RequestType == NdisRequestMethod) {
        request->DATA.METHOD_INFORMATION.BytesRead = clone->DATA.METHOD_INFORMATION.BytesRead;
        request->DATA.METHOD_INFORMATION.BytesWritten = clone->DATA.METHOD_INFORMATION.BytesWritten;
    } else {
        request->DATA.QUERY_INFORMATION.BytesWritten = clone->DATA.QUERY_INFORMATION.BytesWritten;
        request->DATA.QUERY_INFORMATION.BytesNeeded = clone->DATA.QUERY_INFORMATION.BytesNeeded;
    }
    NdisFreeCloneOidRequest(inner->module, clone);
    UNCOUNT(inner->face->oid_clones_out, 1);
    return request;
}

static NDIS_STATUS
filter_oid(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = FilterModuleContext;
    PNDIS_OID_REQUEST clone;
    NDIS_STATUS status = NdisAllocateCloneOidRequest(inner->module, OidRequest, PEER_TAG, &clone);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    *(PNDIS_OID_REQUEST *)clone->SourceReserved = OidRequest;
    clone->RequestId = OidRequest->RequestId;
    COUNT(inner->face->oids, 1);
    if (COUNT(inner->face->oid_clones_out, 1) != 1)
        COUNT(inner->face->wrong, 1); /* NDIS gives one at a time */
    status = NdisFOidRequest(inner->module, clone);
    if (status != NDIS_STATUS_PENDING)
        oid_original(inner, clone);
    return status;
}

static VOID
filter_oid_complete(
    NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    struct inner *inner = FilterModuleContext;
    PVOID *own = (PVOID *)OidRequest->SourceReserved;

    /* A test's own request: it says where it waits, and wants the status. */
    if (!own[0] && own[1]) {
        *(NDIS_STATUS *)own[2] = Status;
        KeSetEvent(own[1], 0, FALSE);
        return;
    }
    NdisFOidRequestComplete(inner->module, oid_original(inner, OidRequest), Status);
}

static VOID
filter_cancel_oid(NDIS_HANDLE FilterModuleContext, PVOID RequestId)
{
    NdisFCancelOidRequest(((struct inner *)FilterModuleContext)->module, RequestId);
}

static NDIS_STATUS
filter_direct_oid(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = FilterModuleContext;
    PNDIS_OID_REQUEST clone;
    NDIS_STATUS status = NdisAllocateCloneOidRequest(inner->module, OidRequest, PEER_TAG, &clone);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    *(PNDIS_OID_REQUEST *)clone->SourceReserved = OidRequest;
    clone->RequestId = OidRequest->RequestId;
    COUNT(inner->face->directs, 1);
    COUNT(inner->face->oid_clones_out, 1);
    status = NdisFDirectOidRequest(inner->module, clone);
    if (status != NDIS_STATUS_PENDING)
        oid_original(inner, clone);
    return status;
}

static VOID
filter_direct_oid_complete(
    NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    struct inner *inner = FilterModuleContext;

    NdisFDirectOidRequestComplete(inner->module, oid_original(inner, OidRequest), Status);
}

static VOID
filter_cancel_direct_oid(NDIS_HANDLE FilterModuleContext, PVOID RequestId)
{
    NdisFCancelDirectOidRequest(((struct inner *)FilterModuleContext)->module, RequestId);
}

static NDIS_STATUS
filter_synchronous_oid(
    NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest, PVOID *CallContext)
{
    struct inner *inner = FilterModuleContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (!hooks->issue)
        return NDIS_STATUS_SUCCESS;
    return (NDIS_STATUS)hooks->issue(inner->module, OidRequest, CallContext);
}

static VOID
filter_synchronous_oid_complete(NDIS_HANDLE FilterModuleContext, PNDIS_OID_REQUEST OidRequest,
    NDIS_STATUS *Status, PVOID CallContext)
{
    struct inner *inner = FilterModuleContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);
    uint32_t status = (uint32_t)*Status;

    if (hooks->issued)
        hooks->issued(inner->module, OidRequest, &status, CallContext);
    *Status = (NDIS_STATUS)status;
}

static VOID
filter_status(NDIS_HANDLE FilterModuleContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    struct inner *inner = FilterModuleContext;

    if (!peer_told_by_ndis((uint32_t)StatusIndication->StatusCode))
        COUNT(inner->face->statuses, 1);
    NdisFIndicateStatus(inner->module, StatusIndication);
}

/* Lifecycle */

static NDIS_STATUS
filter_attach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext,
    PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters)
{
    struct inner *inner = FilterDriverContext;
    NDIS_FILTER_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1},
    };
    NDIS_STATUS status;

    peer_say(&inner->face->peer, "attach");
    if (AttachParameters->MiniportMediaType != NdisMedium802_3 &&
        AttachParameters->MiniportMediaType != NdisMediumIP)
        return NDIS_STATUS_INVALID_PARAMETER;
    if (inner->face->fail_attach)
        return (NDIS_STATUS)inner->face->fail_attach;
    inner->module = inner->face->peer.module = NdisFilterHandle;
    status = NdisFSetAttributes(NdisFilterHandle, inner, &attributes);
    if (status == NDIS_STATUS_SUCCESS)
        status = pools_create(&inner->pools, NdisFilterHandle);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = pools_create(&inner->clones, NdisFilterHandle);
    if (status != NDIS_STATUS_SUCCESS)
        pools_destroy(&inner->pools);
    else
        COUNT(inner->face->attached, 1);
    return status;
}

static VOID
filter_detach(NDIS_HANDLE FilterModuleContext)
{
    struct inner *inner = FilterModuleContext;

    peer_say(&inner->face->peer, "detach");
    if (inner->sends.first || inner->receives.first)
        COUNT(inner->face->wrong, 1);
    queue_destroy(&inner->sends);
    queue_destroy(&inner->receives);
    pools_destroy(&inner->pools);
    pools_destroy(&inner->clones);
    COUNT(inner->face->detached, 1);
}

/* Keeps nothing and has nothing of its own out. */
static VOID
settle(struct inner *inner)
{
    struct peer_filter *face = inner->face;

    queue_run(&inner->sends);
    queue_run(&inner->receives);
    while (READ(face->own_sent) != READ(face->own_completed) ||
           READ(face->own_indicated) != READ(face->own_returned))
        peer_sleep(20);
}

static VOID
pause_later(PVOID Context)
{
    struct inner *inner = Context;

    settle(inner);
    NdisFPauseComplete(inner->module);
}

static NDIS_STATUS
filter_pause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters)
{
    struct inner *inner = FilterModuleContext;

    UNREFERENCED_PARAMETER(PauseParameters);
    peer_say(&inner->face->peer, "pause");
    COUNT(inner->face->paused, 1);
    WRITE(inner->running, false);
    if (!inner->face->pend_pause) {
        settle(inner);
        return NDIS_STATUS_SUCCESS;
    }
    peer_later(pause_later, inner);
    return NDIS_STATUS_PENDING;
}

static VOID
restart_later(PVOID Context)
{
    struct inner *inner = Context;

    peer_sleep(100);
    NdisFRestartComplete(inner->module, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS
filter_restart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters)
{
    struct inner *inner = FilterModuleContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    peer_say(&inner->face->peer, "restart");
    if (hooks->restart)
        status = (NDIS_STATUS)hooks->restart(inner->module, RestartParameters);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    COUNT(inner->face->restarted, 1);
    WRITE(inner->running, true);
    if (!inner->face->pend_restart)
        return NDIS_STATUS_SUCCESS;
    peer_later(restart_later, inner);
    return NDIS_STATUS_PENDING;
}

static VOID
filter_event(NDIS_HANDLE FilterModuleContext, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    struct inner *inner = FilterModuleContext;

    if (NetDevicePnPEvent->DevicePnPEvent == NdisDevicePnPEventSurpriseRemoved)
        peer_say(&inner->face->peer, "surprise");
    NdisFDevicePnPEventNotify(inner->module, NetDevicePnPEvent);
}

static NDIS_STATUS
filter_net_event(NDIS_HANDLE FilterModuleContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEvent)
{
    struct inner *inner = FilterModuleContext;

    COUNT(inner->face->events, 1);
    return NdisFNetPnPEvent(inner->module, NetPnPEvent);
}

static VOID
filter_unload(PDRIVER_OBJECT DriverObject)
{
    struct peer_filter *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);

    peer_say(&face->peer, "unload");
    script_stop(&inner->script);
    NdisFDeregisterFilterDriver(inner->driver);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static VOID
leave_out(NDIS_FILTER_DRIVER_CHARACTERISTICS *c, unsigned without)
{
    if (without & PEER_WITHOUT_SENDS) {
        c->SendNetBufferListsHandler = NULL;
        c->SendNetBufferListsCompleteHandler = NULL;
    }
    if (without & (PEER_WITHOUT_SENDS | PEER_WITHOUT_CANCEL))
        c->CancelSendNetBufferListsHandler = NULL;
    if (without & PEER_WITHOUT_RECEIVES)
        c->ReceiveNetBufferListsHandler = NULL;
    if (without & (PEER_WITHOUT_RECEIVES | PEER_WITHOUT_RETURNS))
        c->ReturnNetBufferListsHandler = NULL;
    if (without & PEER_WITHOUT_OIDS) {
        c->OidRequestHandler = NULL;
        c->OidRequestCompleteHandler = NULL;
        c->CancelOidRequestHandler = NULL;
    }
    if (without & (PEER_WITHOUT_OIDS | PEER_WITHOUT_DIRECT)) {
        c->DirectOidRequestHandler = NULL;
        c->DirectOidRequestCompleteHandler = NULL;
        c->CancelDirectOidRequestHandler = NULL;
    }
    if (without & (PEER_WITHOUT_OIDS | PEER_WITHOUT_ISSUE))
        c->SynchronousOidRequestHandler = NULL;
    if (without & PEER_WITHOUT_OIDS)
        c->SynchronousOidRequestCompleteHandler = NULL;
    if (without & PEER_WITHOUT_STATUS)
        c->StatusHandler = NULL;
    if (without & PEER_WITHOUT_EVENTS)
        c->NetPnPEventHandler = NULL;
}

static NDIS_STATUS
filter_register(PDRIVER_OBJECT DriverObject, struct inner *inner, unsigned without)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_3},
        .MajorNdisVersion = NDIS_FILTER_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_FILTER_MINOR_VERSION,
        .FriendlyName = NDIS_STRING_CONST("peer filter"),
        .ServiceName = NDIS_STRING_CONST("peer"),
        .AttachHandler = filter_attach,
        .DetachHandler = filter_detach,
        .RestartHandler = filter_restart,
        .PauseHandler = filter_pause,
        .SendNetBufferListsHandler = filter_send,
        .SendNetBufferListsCompleteHandler = filter_send_complete,
        .CancelSendNetBufferListsHandler = filter_cancel_send,
        .ReceiveNetBufferListsHandler = filter_receive,
        .ReturnNetBufferListsHandler = filter_return,
        .OidRequestHandler = filter_oid,
        .OidRequestCompleteHandler = filter_oid_complete,
        .CancelOidRequestHandler = filter_cancel_oid,
        .DirectOidRequestHandler = filter_direct_oid,
        .DirectOidRequestCompleteHandler = filter_direct_oid_complete,
        .CancelDirectOidRequestHandler = filter_cancel_direct_oid,
        .SynchronousOidRequestHandler = filter_synchronous_oid,
        .SynchronousOidRequestCompleteHandler = filter_synchronous_oid_complete,
        .StatusHandler = filter_status,
        .DevicePnPEventNotifyHandler = filter_event,
        .NetPnPEventHandler = filter_net_event,
    };

    RtlInitUnicodeString(&characteristics.UniqueName, inner->unique_name);
    leave_out(&characteristics, without);
    return NdisFRegisterFilterDriver(DriverObject, inner, &characteristics, &inner->driver);
}

static NTSTATUS
filter_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static const wchar_t name[] = L"{5EE7F11E-0000-4000-8000-000000000000}";
    unsigned without;
    struct peer_filter *face = peer_create(DriverObject, sizeof(*face), &without);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    UNREFERENCED_PARAMETER(RegistryPath);
    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    face->peer.inner = inner;
    face->peer.script = &inner->script;
    RtlCopyMemory(inner->unique_name, name, sizeof(name));
    inner->unique_name[36] = L"0123456789ABCDEF"[face->peer.origin]; /* one of its own */
    KeInitializeSpinLock(&inner->lock);
    queue_create(&inner->sends, filter_pass_sends, inner);
    queue_create(&inner->receives, filter_pass_receives, inner);
    DriverObject->DriverUnload = filter_unload;
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    return filter_register(DriverObject, inner, without);
}

struct peer_filter *
peer_filter_add(struct undis *machine, const char *name, unsigned without)
{
    return peer_add(machine, name, filter_entry, without);
}
