/* SPDX-License-Identifier: MIT */
/* The peer protocol: OID requests. */
#include "peer_protocol.h"

/* OIDs */

struct question {
    NDIS_OID_REQUEST request;
    KEVENT answered;
    NDIS_STATUS status;
    UCHAR value[64];
    bool waited_for;
};

static struct question *
question_create(bool set, NDIS_OID oid, const void *value, ULONG length, bool waited_for)
{
    struct question *q = ExAllocatePoolWithTag(NonPagedPool, sizeof(*q), PEER_TAG);

    CHECK(q);
    RtlZeroMemory(q, sizeof(*q));
    KeInitializeEvent(&q->answered, NotificationEvent, FALSE);
    CHECK(length <= sizeof(q->value));
    RtlCopyMemory(q->value, value, length);
    q->waited_for = waited_for;
    q->request.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    q->request.RequestType = set ? NdisRequestSetInformation : NdisRequestQueryInformation;
    q->request.RequestId = (PVOID)1;
    q->request.DATA.QUERY_INFORMATION.Oid = oid;
    q->request.DATA.QUERY_INFORMATION.InformationBuffer = q->value;
    q->request.DATA.QUERY_INFORMATION.InformationBufferLength = length;
    return q;
}

static VOID
question_answered(struct inner *inner, struct question *q, NDIS_STATUS status)
{
    q->status = status;
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->oids_failed, 1);
    if (q->waited_for) {
        KeSetEvent(&q->answered, IO_NO_INCREMENT, FALSE);
        COUNT(inner->face->oids_done, 1);
        return;
    }
    ExFreePoolWithTag(q, PEER_TAG);
    COUNT(inner->face->oids_done, 1);
}

VOID
protocol6_oid_complete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    question_answered(
        ProtocolBindingContext, CONTAINING_RECORD(OidRequest, struct question, request), Status);
}

VOID
protocol6_direct_oid_complete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    struct inner *inner = ProtocolBindingContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    CHECK(hooks->direct_done);
    hooks->direct_done(inner->binding, OidRequest, (uint32_t)Status);
}

static VOID
ask(struct inner *inner, struct question *q)
{
    NDIS_STATUS status;

    q->request.PortNumber = inner->face->peer.port;
    status = NdisOidRequest(inner->binding, &q->request);
    if (status != NDIS_STATUS_PENDING)
        question_answered(inner, q, status);
}

struct wanted_oid {
    struct inner *inner;
    bool set;
    uint32_t oid, status;
    void *value;
    uint32_t length;
    unsigned count;
};

static VOID
oid_wanted(PVOID Context)
{
    struct wanted_oid *wanted = Context;
    struct question *q =
        question_create(wanted->set, wanted->oid, wanted->value, wanted->length, true);

    ask(wanted->inner, q);
    wait_for(&q->answered);
    CHECK(q->request.DATA.SET_INFORMATION.InformationBuffer == q->value);
    CHECK(q->request.DATA.SET_INFORMATION.InformationBufferLength == wanted->length);
    CHECK(q->request.DATA.SET_INFORMATION.Oid == wanted->oid);
    RtlCopyMemory(wanted->value, q->value, wanted->length);
    if (!wanted->set && q->status == NDIS_STATUS_SUCCESS)
        wanted->length = q->request.DATA.QUERY_INFORMATION.BytesWritten;
    wanted->status = (uint32_t)q->status;
    ExFreePoolWithTag(q, PEER_TAG);
}

uint32_t
peer_protocol_ask(
    struct peer_protocol *protocol, bool set, uint32_t oid, void *value, uint32_t *length)
{
    struct wanted_oid wanted = {inner_of(protocol), set, oid, 0, value, *length, 1};

    if (protocol->acts)
        return protocol->acts->oid(protocol, set, oid, value);
    script_run(protocol->peer.machine, &wanted.inner->script, oid_wanted, &wanted);
    *length = wanted.length;
    return wanted.status;
}

uint32_t
peer_protocol_oid(struct peer_protocol *protocol, bool set, uint32_t oid, uint32_t *value)
{
    uint32_t length = sizeof(*value);

    return peer_protocol_ask(protocol, set, oid, value, &length);
}

static VOID
method_wanted(PVOID Context)
{
    struct wanted_oid *wanted = Context;
    struct question *q = question_create(true, wanted->oid, wanted->value, wanted->length, true);
    struct _METHOD *method = &q->request.DATA.METHOD_INFORMATION;

    q->request.RequestType = NdisRequestMethod;
    method->OutputBufferLength = method->InputBufferLength;
    ask(wanted->inner, q);
    wait_for(&q->answered);
    RtlCopyMemory(wanted->value, q->value, wanted->length);
    wanted->length = method->BytesWritten;
    wanted->status = (uint32_t)q->status;
    ExFreePoolWithTag(q, PEER_TAG);
}

uint32_t
peer_protocol_method(
    struct peer_protocol *protocol, uint32_t oid, uint32_t *value, uint32_t *written)
{
    struct wanted_oid wanted = {inner_of(protocol), true, oid, 0, value, sizeof(*value), 1};

    script_run(protocol->peer.machine, &wanted.inner->script, method_wanted, &wanted);
    *written = wanted.length;
    return wanted.status;
}

static VOID
oids_wanted(PVOID Context)
{
    struct wanted_oid *wanted = Context;
    ULONG value = 0;

    for (unsigned i = 0; i < wanted->count; i++)
        ask(wanted->inner, question_create(false, PEER_OID, &value, sizeof(value), false));
}

void
peer_protocol_oids(struct peer_protocol *protocol, unsigned count)
{
    struct wanted_oid wanted = {.inner = inner_of(protocol), .count = count};

    if (protocol->acts) {
        protocol->acts->oids(protocol, count);
        return;
    }
    script_run(protocol->peer.machine, &wanted.inner->script, oids_wanted, &wanted);
}

static VOID
leave(PVOID Context)
{
    CHECK(NdisUnbindAdapter(((struct inner *)Context)->binding) == NDIS_STATUS_SUCCESS);
}

void
peer_protocol_leave(struct peer_protocol *protocol)
{
    script_run(protocol->peer.machine, &inner_of(protocol)->script, leave, inner_of(protocol));
}

static VOID
reenumerate(PVOID Context)
{
    NdisReEnumerateProtocolBindings(((struct inner *)Context)->driver);
}

void
peer_protocol_reenumerate(struct peer_protocol *protocol)
{
    script_run(
        protocol->peer.machine, &inner_of(protocol)->script, reenumerate, inner_of(protocol));
}

static VOID
cancel_oids(PVOID Context)
{
    NdisCancelOidRequest(((struct inner *)Context)->binding, (PVOID)1);
}

void
peer_protocol_cancel_oids(struct peer_protocol *protocol)
{
    script_run(
        protocol->peer.machine, &inner_of(protocol)->script, cancel_oids, inner_of(protocol));
}
