/* SPDX-License-Identifier: MIT */
/* The connection-oriented client of the peers: what goes over its calls, and what it asks and is
 * told. */
#include "co_client.h"

#include <ndistapi.h>
#include <string.h>

/* Data */

VOID
client_send_complete(
    NDIS_HANDLE ProtocolVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags)
{
    struct call *call = ProtocolVcContext;
    struct inner *inner = call->inner;
    ULONG n = chain_length(NetBufferLists);

    UNREFERENCED_PARAMETER(SendCompleteFlags);
    for (PNET_BUFFER_LIST nbl = NetBufferLists; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        if (nbl->SourceHandle != call->vc)
            COUNT(inner->face->wrong, 1);
        if (NET_BUFFER_LIST_STATUS(nbl) != NDIS_STATUS_SUCCESS) {
            inner->face->last_status = (uint32_t)NET_BUFFER_LIST_STATUS(nbl);
            COUNT(inner->face->send_failed, 1);
        }
    }
    chain_free(NetBufferLists);
    UNCOUNT(inner->protocol.out, n);
    COUNT(inner->face->back, n);
}

static VOID
send_wanted(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_HANDLE vc = inner->calls[inner->call]->vc;
    PNET_BUFFER_LIST chain =
        chain_create(&inner->face->peer, &inner->protocol.pools, inner->count, 1, inner->size, vc);

    CHECK(chain);
    COUNT(inner->face->sent, inner->count);
    COUNT(inner->protocol.out, inner->count);
    NdisCoSendNetBufferLists(vc, chain, 0);
}

void
co_client_send(struct co_client *client, unsigned call, unsigned nbls, unsigned size)
{
    inner_of(client)->call = call;
    inner_of(client)->count = nbls;
    inner_of(client)->size = size;
    act(client, send_wanted);
}

VOID
client_give_back(PVOID Context, PNET_BUFFER_LIST Chain)
{
    struct inner *inner = Context;
    ULONG n = chain_length(Chain);

    UNCOUNT(inner->face->received_kept, n);
    UNCOUNT(inner->protocol.out, n);
    NdisReturnNetBufferLists(inner->protocol.binding, Chain, 0);
}

VOID
client_receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNET_BUFFER_LIST NetBufferLists, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    struct inner *inner = CONTAINING_RECORD(ProtocolBindingContext, struct inner, protocol);
    struct call *call = ProtocolVcContext;
    KIRQL irql;

    if (call->inner != inner || chain_length(NetBufferLists) != NumberOfNetBufferLists ||
        !READ(inner->protocol.running))
        COUNT(inner->face->wrong, 1);
    KeAcquireSpinLock(&inner->lock, &irql);
    chain_see(&inner->face->got, NetBufferLists);
    KeReleaseSpinLock(&inner->lock, irql);
    COUNT(inner->face->received, NumberOfNetBufferLists);
    if (ReceiveFlags & NDIS_RECEIVE_FLAGS_RESOURCES)
        return;
    COUNT(inner->face->received_kept, NumberOfNetBufferLists);
    COUNT(inner->protocol.out, NumberOfNetBufferLists);
    queue_put(&inner->receives, inner->face->returns, NetBufferLists);
}

static VOID
release(PVOID Context)
{
    queue_run(&((struct inner *)Context)->receives);
}

void
co_client_release(struct co_client *client)
{
    act(client, release);
}

VOID
client_pausing(struct co_protocol *protocol)
{
    release(CONTAINING_RECORD(protocol, struct inner, protocol));
}

/* Requests and status */

static VOID
answered(struct question *q, NDIS_STATUS status)
{
    struct inner *inner = q->inner;

    inner->face->last_answer = (uint32_t)status;
    inner->face->last_value = q->value;
    ExFreePoolWithTag(q, PEER_TAG);
    COUNT(inner->face->answers, 1);
}

VOID
client_request_complete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    answered(CONTAINING_RECORD(OidRequest, struct question, request), Status);
}

static VOID
ask(PVOID Context)
{
    struct inner *inner = Context;
    struct question *q = ExAllocatePoolWithTag(NonPagedPool, sizeof(*q), PEER_TAG);
    NDIS_STATUS status;

    CHECK(q);
    RtlZeroMemory(q, sizeof(*q));
    q->inner = inner;
    q->request.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    q->request.RequestType = NdisRequestQueryInformation;
    q->request.DATA.QUERY_INFORMATION.Oid = CO_OID;
    q->request.DATA.QUERY_INFORMATION.InformationBuffer = &q->value;
    q->request.DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(q->value);
    status = NdisCoOidRequest(inner->protocol.binding,
        inner->whom == CO_ASK_MINIPORT ? NULL : inner->family,
        inner->whom == CO_ASK_VC ? inner->calls[inner->call]->vc : NULL, NULL, &q->request);
    if (status != NDIS_STATUS_PENDING)
        answered(q, status);
}

void
co_client_ask(struct co_client *client, unsigned whom, unsigned call)
{
    inner_of(client)->whom = whom;
    inner_of(client)->call = call;
    act(client, ask);
}

struct asked {
    struct inner *inner;
    PNDIS_OID_REQUEST request;
};

static VOID
answer_later(PVOID Context)
{
    struct asked asked = *(struct asked *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    NdisCoOidRequestComplete(
        asked.inner->family, NULL, NULL, asked.request, loop_answer(asked.request, 7));
}

NDIS_STATUS
client_oid_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest)
{
    struct inner *inner = ProtocolAfContext;
    struct asked *asked;

    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    COUNT(inner->face->requests, 1);
    if (!inner->face->pend_requests)
        return loop_answer(OidRequest, 7);
    asked = ExAllocatePoolWithTag(NonPagedPool, sizeof(*asked), PEER_TAG);
    CHECK(asked);
    *asked = (struct asked){inner, OidRequest};
    peer_later(answer_later, asked);
    return NDIS_STATUS_PENDING;
}

VOID
client_status(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNDIS_STATUS_INDICATION StatusIndication)
{
    struct inner *inner = CONTAINING_RECORD(ProtocolBindingContext, struct inner, protocol);
    NDIS_STATUS wanted =
        ProtocolVcContext ? NDIS_STATUS_MEDIA_SPECIFIC_INDICATION : NDIS_STATUS_MEDIA_CONNECT;

    if (StatusIndication->StatusCode != wanted ||
        (ProtocolVcContext && ((struct call *)ProtocolVcContext)->inner != inner))
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->statuses, 1);
}

/* Names */

static VOID
names(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = inner->calls[inner->call];
    NDIS_STRING base = NDIS_STRING_CONST("line "), name, again;
    ULONG memory[16] = {sizeof(VAR_STRING)};
    PVAR_STRING id = (PVAR_STRING)memory;
    NDIS_HANDLE found = NULL;
    UNICODE_STRING text;
    BOOLEAN good;
    KIRQL irql = KeRaiseIrqlToDpcLevel();

    good = NdisCoGetTapiCallId(call->vc, id) == NDIS_STATUS_BUFFER_TOO_SHORT &&
           id->ulNeededSize > sizeof(*id) && id->ulNeededSize <= sizeof(memory);
    id->ulTotalSize = sizeof(memory);
    good = good && NdisCoGetTapiCallId(call->vc, id) == NDIS_STATUS_SUCCESS;
    text = (UNICODE_STRING){(USHORT)id->ulStringSize, (USHORT)id->ulStringSize,
        (PWCH)((PUCHAR)id + id->ulStringOffset)};
    good = good && NdisClGetProtocolVcContextFromTapiCallId(text, &found) == NDIS_STATUS_SUCCESS &&
           found == call;
    text.Length -= sizeof(WCHAR);
    good = good && NdisClGetProtocolVcContextFromTapiCallId(text, &found) == NDIS_STATUS_FAILURE &&
           NdisCoGetTapiCallId(inner->family, id) == NDIS_STATUS_INVALID_DATA &&
           NdisCoAssignInstanceName(call->vc, &base, &name) == NDIS_STATUS_SUCCESS &&
           NdisCoAssignInstanceName(call->vc, &base, &again) == NDIS_STATUS_SUCCESS;
    KeLowerIrql(irql);
    if (good) {
        good = RtlEqualUnicodeString(&name, &again, FALSE) && name.Length > base.Length &&
               memcmp(name.Buffer, base.Buffer, base.Length) == 0;
        NdisFreeString(name);
        NdisFreeString(again);
    }
    inner->flag = good;
}

bool
co_client_names(struct co_client *client, unsigned call)
{
    inner_of(client)->call = call;
    act(client, names);
    return inner_of(client)->flag;
}

static VOID
do_wrong(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = inner->used ? inner->calls[0] : NULL;
    struct co_handles handles = {inner->protocol.binding, inner->family, inner->sap,
        call ? call->vc : NULL, call ? call->parties[0].handle : NULL, NULL, NULL};

    inner->wrong(&handles);
}

void
co_client_run(struct co_client *client, void (*wrong)(const struct co_handles *handles))
{
    inner_of(client)->wrong = wrong;
    act(client, do_wrong);
}
