/* SPDX-License-Identifier: MIT */
/* The peer protocol: sends numbered frames, returns receives as told, asks OIDs.
 *
 * Every NBL that is out carries its place in a table, so that one that comes back twice is seen.
 * One lock guards the table, the frames seen and running; it is not held across calls.
 */
#include "peer_inner.h"

#include "check.h"

#define OUT_MAX 1024

struct inner {
    struct peer_protocol *face;
    NDIS_HANDLE driver, binding, bind_context;
    struct peer_script script;
    struct peer_pools pools;
    struct peer_queue receives;
    KSPIN_LOCK lock;
    PNET_BUFFER_LIST out[OUT_MAX];
    ULONG next_out;
    KEVENT opened, closed;
    NDIS_STATUS open_status;
    _Atomic ULONG sending;
    _Atomic ULONG making; /* the traffic thread may be using the pools */
    _Atomic bool traffic;
    KEVENT traffic_ended;
    PNET_PNP_EVENT_NOTIFICATION event; /* pended */
};

static struct inner *
inner_of(struct peer_protocol *protocol)
{
    return protocol->peer.inner;
}

static VOID
wait_for(PKEVENT event)
{
    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
}

/* Sends */

/* Enters the chain in the table; false when the binding is paused or the table is full. */
static bool
note_out(struct inner *inner, PNET_BUFFER_LIST chain, bool even_paused)
{
    ULONG count = chain_length(chain);
    KIRQL irql;
    bool fits;

    KeAcquireSpinLock(&inner->lock, &irql);
    fits = (even_paused || inner->face->running) &&
           READ(inner->face->sent) - READ(inner->face->back) + count <= OUT_MAX;
    for (PNET_BUFFER_LIST nbl = chain; fits && nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        while (inner->out[inner->next_out % OUT_MAX])
            inner->next_out++;
        inner->out[inner->next_out % OUT_MAX] = nbl;
        nbl->ProtocolReserved[0] = (PVOID)(ULONG_PTR)(inner->next_out % OUT_MAX);
        NDIS_SET_NET_BUFFER_LIST_CANCEL_ID(nbl, (PVOID)inner->face->cancel_id);
    }
    if (fits)
        COUNT(inner->face->sent, count);
    KeReleaseSpinLock(&inner->lock, irql);
    return fits;
}

static bool
send_chain(struct inner *inner, ULONG nbls, ULONG nbs, ULONG size, bool even_paused)
{
    PNET_BUFFER_LIST chain =
        chain_create(&inner->face->peer, &inner->pools, nbls, nbs, size, inner->binding);
    ULONG flags = inner->face->check_loopback ? NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK : 0;

    CHECK(chain);
    if (!note_out(inner, chain, even_paused)) {
        inner->face->peer.number -= (uint64_t)nbls * nbs;
        chain_free(chain);
        return false;
    }
    if (KeGetCurrentIrql() == DISPATCH_LEVEL)
        flags |= NDIS_SEND_FLAGS_DISPATCH_LEVEL;
    COUNT(inner->sending, 1);
    NdisSendNetBufferLists(inner->binding, chain, inner->face->peer.port, flags);
    UNCOUNT(inner->sending, 1);
    return true;
}

static VOID
count_status(struct peer_protocol *face, NDIS_STATUS status)
{
    if (status == NDIS_STATUS_SUCCESS)
        return;
    COUNT(face->failed, 1);
    if (status == NDIS_STATUS_PAUSED)
        COUNT(face->paused_sends, 1);
    if (status == NDIS_STATUS_REQUEST_ABORTED || status == NDIS_STATUS_SEND_ABORTED)
        COUNT(face->aborted, 1);
}

static VOID
protocol_send_complete(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    struct inner *inner = ProtocolBindingContext;
    struct peer_protocol *face = inner->face;
    ULONG count = chain_length(NetBufferList);
    KIRQL irql;

    if (NDIS_TEST_SEND_COMPLETE_AT_DISPATCH_LEVEL(SendCompleteFlags) &&
        KeGetCurrentIrql() != DISPATCH_LEVEL)
        COUNT(face->wrong, 1);
    if (READ(inner->sending))
        COUNT(face->inside, count);
    KeAcquireSpinLock(&inner->lock, &irql);
    for (PNET_BUFFER_LIST nbl = NetBufferList; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        ULONG_PTR at = (ULONG_PTR)nbl->ProtocolReserved[0];

        if (at >= OUT_MAX || inner->out[at] != nbl || nbl->SourceHandle != inner->binding ||
            nbl->ChildRefCount != 0)
            COUNT(face->twice, 1);
        else
            inner->out[at] = NULL;
        count_status(face, NET_BUFFER_LIST_STATUS(nbl));
    }
    chain_see(&face->completed, NetBufferList);
    KeReleaseSpinLock(&inner->lock, irql);
    chain_free(NetBufferList);
    COUNT(face->back, count);
}

struct wanted_send {
    struct inner *inner;
    unsigned nbls, nbs, size;
    bool dispatch;
};

static VOID
send_wanted(PVOID Context)
{
    struct wanted_send *wanted = Context;
    KIRQL irql = PASSIVE_LEVEL;

    if (wanted->dispatch)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(send_chain(wanted->inner, wanted->nbls, wanted->nbs, wanted->size, true));
    if (wanted->dispatch)
        KeLowerIrql(irql);
}

static void
send_from_test(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size, bool dispatch)
{
    struct wanted_send wanted = {inner_of(protocol), nbls, nbs, size, dispatch};

    script_run(protocol->peer.machine, &wanted.inner->script, send_wanted, &wanted);
}

void
peer_protocol_send(struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size)
{
    if (protocol->acts) {
        protocol->acts->send(protocol, nbls, nbs, size, false);
        return;
    }
    send_from_test(protocol, nbls, nbs, size, false);
}

void
peer_protocol_send_at_dispatch(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size)
{
    if (protocol->acts) {
        protocol->acts->send(protocol, nbls, nbs, size, true);
        return;
    }
    send_from_test(protocol, nbls, nbs, size, true);
}

struct wanted_cancel {
    struct inner *inner;
    uint64_t id;
};

static VOID
cancel_wanted(PVOID Context)
{
    struct wanted_cancel *wanted = Context;

    NdisCancelSendNetBufferLists(wanted->inner->binding, (PVOID)wanted->id);
}

void
peer_protocol_cancel(struct peer_protocol *protocol, uint64_t cancel_id)
{
    struct wanted_cancel wanted = {inner_of(protocol), cancel_id};

    if (protocol->acts) {
        protocol->acts->cancel(protocol, cancel_id);
        return;
    }
    script_run(protocol->peer.machine, &wanted.inner->script, cancel_wanted, &wanted);
}

/* Chains of one to four as long as fewer than 64 are out. */
static VOID
traffic(PVOID Context)
{
    struct inner *inner = Context;
    ULONG round = 0;

    while (READ(inner->traffic)) {
        bool sent;

        COUNT(inner->making, 1);
        sent = READ(inner->face->running) &&
               READ(inner->face->sent) - READ(inner->face->back) < 64 &&
               send_chain(inner, 1 + round % 4, 1 + round % 2, FRAME_MIN + round % 300, false);
        UNCOUNT(inner->making, 1);
        if (!sent)
            peer_sleep(100);
        else if (++round % 4 == 0)
            peer_sleep(20);
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
    wait_for(&inner->traffic_ended);
}

void
peer_protocol_traffic(struct peer_protocol *protocol, bool on)
{
    if (protocol->acts) {
        protocol->acts->traffic(protocol, on);
        return;
    }
    script_run(protocol->peer.machine, &inner_of(protocol)->script, on ? traffic_on : traffic_off,
        inner_of(protocol));
}

/* Receives */

static VOID
give_back(PVOID Context, PNET_BUFFER_LIST chain)
{
    struct inner *inner = Context;
    ULONG count = chain_length(chain);

    COUNT(inner->face->returned, count);
    NdisReturnNetBufferLists(inner->binding, chain,
        KeGetCurrentIrql() == DISPATCH_LEVEL ? NDIS_RETURN_FLAGS_DISPATCH_LEVEL : 0);
    UNCOUNT(inner->face->kept, count); /* afterwards: a pause waits for the return */
}

static VOID
protocol_receive(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    struct inner *inner = ProtocolBindingContext;
    struct peer_protocol *face = inner->face;
    ULONG count = chain_length(NetBufferLists);
    KIRQL irql;

    if (count != NumberOfNetBufferLists || PortNumber != face->peer.port ||
        (NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL(ReceiveFlags) && KeGetCurrentIrql() != DISPATCH_LEVEL))
        COUNT(face->wrong, 1);
    KeAcquireSpinLock(&inner->lock, &irql);
    chain_see(&face->received, NetBufferLists);
    KeReleaseSpinLock(&inner->lock, irql);
    COUNT(face->received_nbls, count);
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags)) {
        COUNT(face->resources, count);
        return;
    }
    COUNT(face->kept, count);
    queue_put(&inner->receives, face->returns, NetBufferLists);
}

static VOID
release(PVOID Context)
{
    queue_run(&((struct inner *)Context)->receives);
}

void
peer_protocol_release(struct peer_protocol *protocol)
{
    if (protocol->acts) {
        protocol->acts->release(protocol);
        return;
    }
    script_run(protocol->peer.machine, &inner_of(protocol)->script, release, inner_of(protocol));
}

static VOID
protocol_status(NDIS_HANDLE ProtocolBindingContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    struct inner *inner = ProtocolBindingContext;
    const struct peer_hooks *hooks = peer_hooks(&inner->face->peer);

    if (hooks->status)
        hooks->status(inner->binding, StatusIndication);
    if (peer_told_by_ndis((uint32_t)StatusIndication->StatusCode))
        return;
    WRITE(inner->face->last_status, (uint32_t)StatusIndication->StatusCode);
    COUNT(inner->face->statuses, 1);
}

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

static VOID
protocol_oid_complete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    question_answered(
        ProtocolBindingContext, CONTAINING_RECORD(OidRequest, struct question, request), Status);
}

static VOID
protocol_direct_oid_complete(
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
        .OidRequestCompleteHandler = protocol_oid_complete,
        .DirectOidRequestCompleteHandler = protocol_direct_oid_complete,
        .StatusHandlerEx = protocol_status,
        .ReceiveNetBufferListsHandler = protocol_receive,
        .SendNetBufferListsCompleteHandler = protocol_send_complete,
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
    queue_create(&inner->receives, give_back, inner);
    DriverObject->DriverUnload = protocol_unload;
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    return NdisRegisterProtocolDriver(inner, &characteristics, &inner->driver);
}

struct peer_protocol *
peer_protocol_add(struct undis *machine, const char *name)
{
    return peer_add(machine, name, protocol_entry, 0);
}
