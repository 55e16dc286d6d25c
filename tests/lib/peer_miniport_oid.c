/* SPDX-License-Identifier: MIT */
/* The peer miniport: OID requests and status. */
#include "peer_miniport.h"

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

VOID
miniport6_oid_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    while (answer_one(DeferredContext, NDIS_STATUS_SUCCESS))
        ;
}

NDIS_STATUS
miniport6_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
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

VOID
miniport6_cancel_oid(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId)
{
    UNREFERENCED_PARAMETER(RequestId);
    while (answer_one(MiniportAdapterContext, NDIS_STATUS_REQUEST_ABORTED))
        ;
}

NDIS_STATUS
miniport6_direct_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = MiniportAdapterContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (!hooks->direct)
        return NDIS_STATUS_NOT_SUPPORTED;
    return (NDIS_STATUS)hooks->direct(inner->adapter, OidRequest);
}

VOID
miniport6_cancel_direct_oid(NDIS_HANDLE MiniportAdapterContext, PVOID RequestId)
{
    struct inner *inner = MiniportAdapterContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (hooks->direct_cancel)
        hooks->direct_cancel(inner->adapter, RequestId);
}

NDIS_STATUS
miniport6_synchronous_oid(NDIS_HANDLE MiniportAdapterContext, PNDIS_OID_REQUEST OidRequest)
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
