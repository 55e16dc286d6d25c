/* SPDX-License-Identifier: MIT */
/* The peer protocol of NDIS 5.1: the face of the one of NDIS 6. What counts NBLs there counts
 * packets here, each with one frame. NDIS 5 knows no pause: it runs from bind to unbind.
 */
#include "peer_protocol5.h"

/* Status and requests */

static VOID
protocol_status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    struct inner *inner = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
    WRITE(inner->face->last_status, (uint32_t)GeneralStatus);
    COUNT(inner->face->statuses, 1);
}

static VOID
protocol_status_complete(NDIS_HANDLE ProtocolBindingContext)
{
    COUNT(((struct inner *)ProtocolBindingContext)->face->status_ends, 1);
}

struct question {
    NDIS_REQUEST request;
    KEVENT answered;
    NDIS_STATUS status;
    ULONG value;
    bool waited_for;
};

static struct question *
question_create(bool set, NDIS_OID oid, ULONG value, bool waited_for)
{
    struct question *q = ExAllocatePoolWithTag(NonPagedPool, sizeof(*q), PEER_TAG);

    CHECK(q);
    RtlZeroMemory(q, sizeof(*q));
    KeInitializeEvent(&q->answered, NotificationEvent, FALSE);
    q->value = value;
    q->waited_for = waited_for;
    q->request.RequestType = set ? NdisRequestSetInformation : NdisRequestQueryInformation;
    q->request.DATA.QUERY_INFORMATION.Oid = oid;
    q->request.DATA.QUERY_INFORMATION.InformationBuffer = &q->value;
    q->request.DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(q->value);
    return q;
}

static VOID
question_answered(struct inner *inner, struct question *q, NDIS_STATUS status)
{
    q->status = status;
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->oids_failed, 1);
    if (q->waited_for)
        KeSetEvent(&q->answered, IO_NO_INCREMENT, FALSE);
    else
        ExFreePoolWithTag(q, PEER_TAG);
    COUNT(inner->face->oids_done, 1);
}

static VOID
protocol_request_complete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    question_answered(
        ProtocolBindingContext, CONTAINING_RECORD(NdisRequest, struct question, request), Status);
}

static VOID
ask(struct inner *inner, struct question *q)
{
    NDIS_STATUS status;

    NdisRequest(&status, inner->binding, &q->request);
    if (status != NDIS_STATUS_PENDING)
        question_answered(inner, q, status);
}

struct wanted_oid {
    struct inner *inner;
    bool set;
    uint32_t oid, *value, status;
    unsigned count;
};

static VOID
oid_wanted(PVOID Context)
{
    struct wanted_oid *wanted = Context;
    struct question *q = question_create(wanted->set, wanted->oid, *wanted->value, true);

    ask(wanted->inner, q);
    wait_for(&q->answered);
    *wanted->value = q->value;
    wanted->status = (uint32_t)q->status;
    ExFreePoolWithTag(q, PEER_TAG);
}

static uint32_t
protocol_act_oid(struct peer_protocol *protocol, bool set, uint32_t oid, uint32_t *value)
{
    struct wanted_oid wanted = {inner_of(protocol), set, oid, value, 0, 0};

    script_run(protocol->peer.machine, &wanted.inner->script, oid_wanted, &wanted);
    return wanted.status;
}

static VOID
oids_wanted(PVOID Context)
{
    struct wanted_oid *wanted = Context;

    for (unsigned i = 0; i < wanted->count; i++)
        ask(wanted->inner, question_create(false, PEER_OID, 0, false));
}

static void
protocol_act_oids(struct peer_protocol *protocol, unsigned count)
{
    struct wanted_oid wanted = {.inner = inner_of(protocol), .count = count};

    script_run(protocol->peer.machine, &wanted.inner->script, oids_wanted, &wanted);
}

static VOID
protocol_reset_complete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    struct inner *inner = ProtocolBindingContext;

    inner->face->reset_status = (uint32_t)Status;
    COUNT(inner->face->resets_done, 1);
}

static VOID
reset_wanted(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_STATUS status;

    NdisReset(&status, inner->binding);
    if (status == NDIS_STATUS_PENDING)
        return;
    inner->face->reset_status = (uint32_t)status;
    COUNT(inner->face->resets_done, 1);
}

void
peer_protocol5_reset(struct peer_protocol *protocol)
{
    script_run(
        protocol->peer.machine, &inner_of(protocol)->script, reset_wanted, inner_of(protocol));
}

struct wanted_answer {
    struct inner *inner;
    ULONG pending;
    NDIS_HANDLE driver;
};

static VOID
answer_wanted(PVOID Context)
{
    struct wanted_answer *wanted = Context;

    CHECK(NdisQueryPendingIOCount(wanted->inner->binding, &wanted->pending) == NDIS_STATUS_SUCCESS);
    NdisGetDriverHandle((PNDIS_HANDLE)wanted->inner->binding, &wanted->driver);
}

uint32_t
peer_protocol5_pending(struct peer_protocol *protocol)
{
    struct wanted_answer wanted = {.inner = inner_of(protocol)};

    script_run(protocol->peer.machine, &wanted.inner->script, answer_wanted, &wanted);
    return wanted.pending;
}

void *
peer_protocol5_driver(struct peer_protocol *protocol)
{
    struct wanted_answer wanted = {.inner = inner_of(protocol)};

    script_run(protocol->peer.machine, &wanted.inner->script, answer_wanted, &wanted);
    return wanted.driver;
}

/* Bind and unbind */

static VOID
protocol_open_complete(
    NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    struct inner *inner = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    inner->open_status = Status;
    KeSetEvent(&inner->opened, IO_NO_INCREMENT, FALSE);
}

static VOID
protocol_close_complete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    struct inner *inner = ProtocolBindingContext;

    if (Status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->closed_later, 1);
    KeSetEvent(&inner->closed, IO_NO_INCREMENT, FALSE);
}

static NDIS_STATUS
make_pools(struct inner *inner)
{
    NDIS_STATUS status;

    NdisAllocatePacketPool(&status, &inner->packets, 2 * OUT_MAX, sizeof(struct mine));
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    NdisAllocateBufferPool(&status, &inner->buffers, 4 * OUT_MAX);
    if (status != NDIS_STATUS_SUCCESS)
        NdisFreePacketPool(inner->packets);
    return status;
}

static VOID
free_pools(struct inner *inner)
{
    NdisFreeBufferPool(inner->buffers);
    NdisFreePacketPool(inner->packets);
}

static VOID
close_adapter(struct inner *inner)
{
    NDIS_STATUS status;

    WRITE(inner->face->running, 0);
    while (READ(inner->making))
        peer_sleep(20);
    protocol_give_back(inner);
    NdisCloseAdapter(&status, inner->binding);
    if (status == NDIS_STATUS_PENDING)
        wait_for(&inner->closed);
    free_pools(inner);
}

static NDIS_STATUS
open_adapter(struct inner *inner, PNDIS_STRING name)
{
    static NDIS_MEDIUM media[] = {NdisMediumWan, NdisMedium802_3, NdisMediumIP};
    NDIS_STATUS status, error;
    UINT selected = 99;

    NdisOpenAdapter(
        &status, &error, &inner->binding, &selected, media, 3, inner->driver, inner, name, 0, NULL);
    if (status == NDIS_STATUS_PENDING) {
        wait_for(&inner->opened);
        status = inner->open_status;
    }
    if (status == NDIS_STATUS_SUCCESS && selected != 1 && selected != 2)
        COUNT(inner->face->wrong, 1);
    inner->header = selected == 2 ? 0 : 14;
    return status;
}

static VOID
bind_later(PVOID Context)
{
    struct inner *inner = Context;

    peer_sleep(100);
    NdisCompleteBindAdapter(inner->bind_context, NDIS_STATUS_SUCCESS, NDIS_STATUS_SUCCESS);
}

static VOID
bind_peer(
    struct inner *inner, PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName)
{
    peer_say(&inner->face->peer, "bind");
    *Status = make_pools(inner);
    if (*Status != NDIS_STATUS_SUCCESS)
        return;
    *Status = open_adapter(inner, DeviceName);
    if (*Status != NDIS_STATUS_SUCCESS) {
        free_pools(inner);
        return;
    }
    if (inner->face->fail_bind) {
        close_adapter(inner);
        *Status = (NDIS_STATUS)inner->face->fail_bind;
        return;
    }
    WRITE(inner->face->running, 1);
    COUNT(inner->face->bound, 1);
    if (!inner->face->pend_bind)
        return;
    inner->bind_context = BindContext;
    peer_later(bind_later, inner);
    *Status = NDIS_STATUS_PENDING;
}

/* NDIS 5 gives ProtocolBindAdapter no context of the driver's: each peer has a function of its
 * own. */
static struct inner *bound_by[4];

#define BINDER(n)                                                                                  \
    static VOID protocol_bind##n(PNDIS_STATUS Status, NDIS_HANDLE BindContext,                     \
        PNDIS_STRING DeviceName, PVOID SystemSpecific1, PVOID SystemSpecific2)                     \
    {                                                                                              \
        UNREFERENCED_PARAMETER(SystemSpecific1);                                                   \
        UNREFERENCED_PARAMETER(SystemSpecific2);                                                   \
        bind_peer(bound_by[n], Status, BindContext, DeviceName);                                   \
    }
BINDER(0)
BINDER(1)
BINDER(2)
BINDER(3)
static const BIND_HANDLER binders[4] = {
    protocol_bind0, protocol_bind1, protocol_bind2, protocol_bind3};

static BIND_HANDLER
binder_of(struct inner *inner)
{
    unsigned i = 0;

    while (i < RTL_NUMBER_OF(bound_by) && bound_by[i])
        i++;
    CHECK(i < RTL_NUMBER_OF(bound_by));
    bound_by[i] = inner;
    return binders[i];
}

static VOID
binder_free(struct inner *inner)
{
    for (unsigned i = 0; i < RTL_NUMBER_OF(bound_by); i++)
        if (bound_by[i] == inner)
            bound_by[i] = NULL;
}

static VOID
unbind_later(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_HANDLE context = inner->bind_context;

    peer_sleep(100);
    close_adapter(inner);
    COUNT(inner->face->unbound, 1);
    NdisCompleteUnbindAdapter(context, NDIS_STATUS_SUCCESS);
}

static VOID
protocol_unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    struct inner *inner = ProtocolBindingContext;

    peer_say(&inner->face->peer, "unbind");
    *Status = NDIS_STATUS_PENDING;
    if (inner->face->never_unbind)
        return;
    if (inner->face->pend_unbind) {
        inner->bind_context = UnbindContext;
        peer_later(unbind_later, inner);
        return;
    }
    close_adapter(inner);
    COUNT(inner->face->unbound, 1);
    *Status = NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
protocol_event(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    struct inner *inner = ProtocolBindingContext; /* NULL: it belongs to no binding */

    if (inner && NetPnPEvent->NetEvent >= NetEventPause)
        COUNT(inner->face->wrong, 1); /* NDIS 5 has none of these */
    return NDIS_STATUS_SUCCESS;
}

static VOID
protocol_unload(PDRIVER_OBJECT DriverObject)
{
    struct peer_protocol *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);
    NDIS_STATUS status;

    peer_say(&face->peer, "unload");
    script_stop(&inner->script);
    NdisDeregisterProtocol(&status, inner->driver);
    KeFlushQueuedDpcs();
    binder_free(inner);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static const struct peer_protocol_acts acts = {
    .send = protocol_act_send,
    .cancel = protocol_act_cancel,
    .release = protocol_act_release,
    .oid = protocol_act_oid,
    .oids = protocol_act_oids,
    .traffic = protocol_act_traffic,
};

static struct inner *
make_inner(PDRIVER_OBJECT driver, unsigned *without)
{
    struct peer_protocol *face = peer_create(driver, sizeof(*face), without);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    face->peer.inner = inner;
    face->acts = &acts;
    KeInitializeSpinLock(&inner->lock);
    KeInitializeDpc(&inner->dpc, protocol_return_dpc, inner);
    KeInitializeEvent(&inner->opened, SynchronizationEvent, FALSE);
    KeInitializeEvent(&inner->closed, SynchronizationEvent, FALSE);
    KeInitializeEvent(&inner->traffic_ended, SynchronizationEvent, FALSE);
    return inner;
}

static NTSTATUS
protocol_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_CHARACTERISTICS characteristics = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .OpenAdapterCompleteHandler = protocol_open_complete,
        .CloseAdapterCompleteHandler = protocol_close_complete,
        .SendCompleteHandler = protocol_send_complete,
        .TransferDataCompleteHandler = protocol_transfer_complete,
        .ResetCompleteHandler = protocol_reset_complete,
        .RequestCompleteHandler = protocol_request_complete,
        .ReceiveHandler = protocol_receive,
        .ReceiveCompleteHandler = protocol_receive_complete,
        .StatusHandler = protocol_status,
        .StatusCompleteHandler = protocol_status_complete,
        .Name = NDIS_STRING_CONST("PEER5"),
        .ReceivePacketHandler = protocol_receive_packet,
        .UnbindAdapterHandler = protocol_unbind,
        .PnPEventHandler = protocol_event,
    };
    unsigned without;
    struct inner *inner = make_inner(DriverObject, &without);
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    if (without & PEER_WITHOUT_PACKETS)
        characteristics.ReceivePacketHandler = NULL;
    characteristics.BindAdapterHandler = binder_of(inner);
    DriverObject->DriverUnload = protocol_unload;
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    NdisRegisterProtocol(&status, &inner->driver, &characteristics, sizeof(characteristics));
    return status;
}

struct peer_protocol *
peer_protocol5_add(struct undis *machine, const char *name, unsigned without)
{
    return peer_add(machine, name, protocol_entry, without);
}
