/* SPDX-License-Identifier: MIT */
/* The connection-oriented client of the peers. */
#include "co_client.h"

#include <ndistapi.h>
#include <string.h>

/* Address families */

static VOID
opened(struct inner *inner, NDIS_HANDLE handle, NDIS_STATUS status)
{
    inner->family = handle;
    inner->open = status == NDIS_STATUS_SUCCESS;
    if (KeGetCurrentIrql() != PASSIVE_LEVEL)
        COUNT(inner->face->wrong, 1);
    COUNT(*(inner->open ? &inner->face->opened : &inner->face->open_failed), 1);
}

static VOID
open_af_complete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisAfHandle, NDIS_STATUS Status)
{
    opened(ProtocolAfContext, NdisAfHandle, Status);
}

static VOID
af_notify(NDIS_HANDLE ProtocolBindingContext, PCO_ADDRESS_FAMILY AddressFamily)
{
    struct inner *inner = CONTAINING_RECORD(ProtocolBindingContext, struct inner, protocol);
    NDIS_HANDLE handle;
    NDIS_STATUS status;

    COUNT(inner->face->notified, 1);
    inner->address = *AddressFamily;
    status = NdisClOpenAddressFamilyEx(inner->protocol.binding, AddressFamily, inner, &handle);
    if (status != NDIS_STATUS_PENDING)
        opened(inner, handle, status);
}

static VOID
closed_af(struct inner *inner, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->af_closed, 1);
    WRITE(inner->open, FALSE); /* last: who leaves waits for it */
}

static VOID
close_af_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext)
{
    closed_af(ProtocolAfContext, Status);
}

/* SAPs */

static VOID
registered(struct inner *inner, NDIS_HANDLE handle, NDIS_STATUS status)
{
    inner->sap = status == NDIS_STATUS_SUCCESS ? handle : NULL;
    COUNT(*(inner->sap ? &inner->face->listening : &inner->face->listen_failed), 1);
}

static VOID
register_sap_complete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolSapContext, PCO_SAP Sap, NDIS_HANDLE NdisSapHandle)
{
    struct inner *inner = ProtocolSapContext;

    if (Sap != (PCO_SAP)inner->sap_memory)
        COUNT(inner->face->wrong, 1);
    registered(inner, NdisSapHandle, Status);
}

static VOID
listen(PVOID Context)
{
    struct inner *inner = Context;
    PCO_SAP sap = (PCO_SAP)inner->sap_memory;
    NDIS_HANDLE handle;
    NDIS_STATUS status;

    sap->SapType = 1;
    sap->SapLength = sizeof(inner->to);
    RtlCopyMemory(sap->Sap, &inner->to, sizeof(inner->to));
    status = NdisClRegisterSap(inner->family, inner, sap, &handle);
    if (status != NDIS_STATUS_PENDING)
        registered(inner, handle, status);
}

void
co_client_listen(struct co_client *client, uint32_t number)
{
    inner_of(client)->to = number;
    act(client, listen);
}

static VOID
deregister_sap_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolSapContext)
{
    struct inner *inner = ProtocolSapContext;

    if (Status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->unlistened, 1);
}

static VOID
unlisten(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_HANDLE sap = inner->sap;
    NDIS_STATUS status;

    if (!sap)
        return;
    inner->sap = NULL;
    status = NdisClDeregisterSap(sap);
    if (status != NDIS_STATUS_PENDING)
        deregister_sap_complete(status, inner);
}

void
co_client_unlisten(struct co_client *client)
{
    act(client, unlisten);
}

/* VCs */

static struct call *
add_call(struct inner *inner, BOOLEAN mine)
{
    struct call *call = ExAllocatePoolWithTag(NonPagedPool, sizeof(*call), PEER_TAG);
    KIRQL irql;

    CHECK(call);
    RtlZeroMemory(call, sizeof(*call));
    call->inner = inner;
    call->mine = mine;
    KeAcquireSpinLock(&inner->lock, &irql);
    CHECK(inner->used < CO_CALLS);
    call->index = inner->used++;
    inner->calls[call->index] = call;
    KeReleaseSpinLock(&inner->lock, irql);
    COUNT(inner->face->created, 1);
    return call;
}

static VOID
remove_call(struct call *call)
{
    struct inner *inner = call->inner;
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    inner->calls[call->index] = NULL;
    KeReleaseSpinLock(&inner->lock, irql);
    ExFreePoolWithTag(call, PEER_TAG);
    COUNT(inner->face->deleted, 1);
}

static NDIS_STATUS
create_vc(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    struct inner *inner = ProtocolAfContext;
    struct call *call;

    if (inner->face->pend_create)
        return NDIS_STATUS_PENDING;
    call = add_call(inner, FALSE);
    call->vc = NdisVcHandle;
    *ProtocolVcContext = call;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
delete_vc(NDIS_HANDLE ProtocolVcContext)
{
    remove_call(ProtocolVcContext);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
delete_mine(struct call *call)
{
    NDIS_STATUS status = NdisCoDeleteVc(call->vc);

    if (status == NDIS_STATUS_SUCCESS)
        remove_call(call);
    return status;
}

static VOID
delete_wanted(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = inner->calls[inner->call];

    while (READ(call->busy)) /* what tells of its end still looks at it */
        peer_sleep(50);
    inner->result = (uint32_t)delete_mine(call);
}

uint32_t
co_client_delete(struct co_client *client, unsigned call)
{
    inner_of(client)->call = call;
    act(client, delete_wanted);
    return inner_of(client)->result;
}

/* Calls */

static VOID
closed(struct inner *inner, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(inner->face->wrong, 1);
    COUNT(inner->face->closed, 1);
}

/* A call that is on, which the caller has taken. Once it is closed, a VC that the manager made goes
 * when the manager wants it to. */
static VOID
close_call(struct call *call)
{
    struct inner *inner = call->inner;
    struct party *party = &call->parties[0];
    BOOLEAN mine = call->mine;
    NDIS_STATUS status;

    COUNT(call->busy, 1);
    status = NdisClCloseCall(call->vc, party->there ? party->handle : NULL, "bye", 3);
    if (status == NDIS_STATUS_PENDING)
        return;
    if (mine) {
        party->there = FALSE;
        UNCOUNT(call->busy, 1);
    }
    closed(inner, status);
}

static BOOLEAN
take_on(struct call *call)
{
    return __atomic_exchange_n(PLAIN(call->on), FALSE, __ATOMIC_ACQ_REL);
}

static VOID
hang_up(struct call *call)
{
    if (take_on(call))
        close_call(call);
}

static VOID
made(struct call *call, NDIS_STATUS status, NDIS_HANDLE party)
{
    struct co_client *face = call->inner->face;

    if (status == NDIS_STATUS_SUCCESS) {
        call->on = TRUE;
        if (!(call->dial.call.Flags & CALL_PARAMETERS_CHANGED))
            COUNT(face->wrong, 1);
        if (call->parties[0].there && call->parties[0].handle != party)
            COUNT(face->wrong, 1);
    } else {
        call->parties[0].there = FALSE;
    }
    COUNT(*(status == NDIS_STATUS_SUCCESS ? &face->made : &face->failed), 1);
    if (call->gone) /* before it was known to be on */
        hang_up(call);
    UNCOUNT(call->busy, 1);
}

static VOID
make_call_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE NdisPartyHandle,
    PCO_CALL_PARAMETERS CallParameters)
{
    struct call *call = ProtocolVcContext;

    if (CallParameters != &call->dial.call)
        COUNT(call->inner->face->wrong, 1);
    made(call, Status, NdisPartyHandle);
}

static VOID
dial(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = add_call(inner, TRUE);
    struct party *party = &call->parties[0];
    NDIS_STATUS status;

    inner->call = call->index;
    if (NdisCoCreateVc(inner->protocol.binding, inner->family, call, &call->vc) !=
        NDIS_STATUS_SUCCESS) {
        COUNT(inner->face->wrong, 1);
        remove_call(call);
        return;
    }
    dial_set(&call->dial, inner->to, 0, 0);
    party->there = inner->flag;
    COUNT(call->busy, 1);
    status = NdisClMakeCall(call->vc, &call->dial.call, inner->flag ? party : NULL, &party->handle);
    if (status != NDIS_STATUS_PENDING)
        made(call, status, party->handle);
}

unsigned
co_client_call(struct co_client *client, uint32_t number, bool parties)
{
    inner_of(client)->to = number;
    inner_of(client)->flag = parties;
    act(client, dial);
    return inner_of(client)->call;
}

static VOID
close_call_complete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext)
{
    struct call *call = ProtocolVcContext;
    struct inner *inner = call->inner;

    if (ProtocolPartyContext != (call->parties[0].there ? &call->parties[0] : NULL))
        COUNT(inner->face->wrong, 1);
    call->parties[0].there = FALSE;
    closed(inner, Status);
    UNCOUNT(call->busy, 1);
}

/* The first that @wanted takes. */
static struct call *
find_call(struct inner *inner, BOOLEAN (*wanted)(struct call *))
{
    struct call *found = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    for (unsigned i = 0; i < inner->used && !found; i++)
        if (inner->calls[i] && wanted(inner->calls[i]))
            found = inner->calls[i];
    KeReleaseSpinLock(&inner->lock, irql);
    return found;
}

static VOID
hang_up_wanted(PVOID Context)
{
    struct inner *inner = Context;

    hang_up(inner->calls[inner->call]);
}

void
co_client_hang_up(struct co_client *client, unsigned call)
{
    inner_of(client)->call = call;
    act(client, hang_up_wanted);
}

static NDIS_STATUS
incoming_call(NDIS_HANDLE ProtocolSapContext, NDIS_HANDLE ProtocolVcContext,
    PCO_CALL_PARAMETERS CallParameters)
{
    struct inner *inner = ProtocolSapContext;
    struct call *call = ProtocolVcContext;

    if (inner->face->pend_incoming) {
        inner->ringing_parameters = CallParameters;
        WRITE(inner->ringing, call);
        COUNT(inner->face->incoming, 1); /* whoever waits for it may answer now */
        return NDIS_STATUS_PENDING;
    }
    COUNT(inner->face->incoming, 1);
    if (inner->face->reject)
        return NDIS_STATUS_FAILURE;
    call->on = TRUE;
    return NDIS_STATUS_SUCCESS;
}

static VOID
answer(PVOID Context)
{
    struct inner *inner = Context;
    struct call *call = READ(inner->ringing);

    CHECK(call);
    WRITE(inner->ringing, NULL);
    call->on = inner->flag;
    NdisClIncomingCallComplete(inner->flag ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE, call->vc,
        inner->ringing_parameters);
}

void
co_client_answer(struct co_client *client, bool take)
{
    inner_of(client)->flag = take;
    act(client, answer);
}

static VOID
call_connected(NDIS_HANDLE ProtocolVcContext)
{
    COUNT(((struct call *)ProtocolVcContext)->inner->face->connected, 1);
}

static VOID
incoming_close_call(
    NDIS_STATUS CloseStatus, NDIS_HANDLE ProtocolVcContext, PVOID CloseData, UINT Size)
{
    struct call *call = ProtocolVcContext;

    UNREFERENCED_PARAMETER(CloseStatus);
    if (Size && (Size != 4 || memcmp(CloseData, "gone", 4) != 0))
        COUNT(call->inner->face->wrong, 1);
    COUNT(call->inner->face->remote_closed, 1);
    call->gone = TRUE;
    hang_up(call);
}

/* Come and go */

static BOOLEAN
is_mine(struct call *call)
{
    return call->mine;
}

static VOID
end_calls(struct inner *inner)
{
    for (;;) {
        struct call *call = find_call(inner, take_on);

        if (call) {
            close_call(call);
            continue;
        }
        call = find_call(inner, is_mine);
        if (!call)
            return;
        if (READ(call->busy) || delete_mine(call) != NDIS_STATUS_SUCCESS)
            peer_sleep(50);
    }
}

static VOID
leave(struct inner *inner)
{
    end_calls(inner);
    while (READ(inner->face->created) != READ(inner->face->deleted))
        peer_sleep(50);
    unlisten(inner);
    while (READ(inner->face->listening) != READ(inner->face->unlistened))
        peer_sleep(50);
    if (inner->open) {
        NDIS_STATUS result = NdisClCloseAddressFamily(inner->family);

        if (result != NDIS_STATUS_PENDING)
            closed_af(inner, result);
    }
    while (READ(inner->open))
        peer_sleep(50);
}

static VOID
notice_later(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_HANDLE family = inner->family;

    leave(inner);
    NdisClNotifyCloseAddressFamilyComplete(family, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS
notify_close_af(NDIS_HANDLE ClientAfContext)
{
    struct inner *inner = ClientAfContext;

    if (inner->face->pend_notice) {
        peer_later(notice_later, inner);
        return NDIS_STATUS_PENDING;
    }
    leave(inner);
    return NDIS_STATUS_SUCCESS;
}

static VOID
unbinding(struct co_protocol *protocol)
{
    leave(CONTAINING_RECORD(protocol, struct inner, protocol));
}

static NDIS_STATUS
options(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_PROTOCOL_CO_CHARACTERISTICS co = {
        .Header = {NDIS_OBJECT_TYPE_CO_PROTOCOL_CHARACTERISTICS,
            NDIS_PROTOCOL_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PROTOCOL_CO_CHARACTERISTICS_REVISION_1},
        .CoStatusHandlerEx = client_status,
        .CoAfRegisterNotifyHandler = af_notify,
        .CoReceiveNetBufferListsHandler = client_receive,
        .CoSendNetBufferListsCompleteHandler = client_send_complete,
    };
    NDIS_CO_CLIENT_OPTIONAL_HANDLERS client = {
        .Header = {NDIS_OBJECT_TYPE_CO_CLIENT_OPTIONAL_HANDLERS,
            NDIS_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1,
            NDIS_SIZEOF_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1},
        .ClCreateVcHandler = create_vc,
        .ClDeleteVcHandler = delete_vc,
        .ClOidRequestHandler = client_oid_request,
        .ClOidRequestCompleteHandler = client_request_complete,
        .ClOpenAfCompleteHandlerEx = open_af_complete,
        .ClCloseAfCompleteHandler = close_af_complete,
        .ClRegisterSapCompleteHandler = register_sap_complete,
        .ClDeregisterSapCompleteHandler = deregister_sap_complete,
        .ClMakeCallCompleteHandler = make_call_complete,
        .ClModifyCallQoSCompleteHandler = client_modify_complete,
        .ClCloseCallCompleteHandler = close_call_complete,
        .ClAddPartyCompleteHandler = client_add_party_complete,
        .ClDropPartyCompleteHandler = client_drop_party_complete,
        .ClIncomingCallHandler = incoming_call,
        .ClIncomingCallQoSChangeHandler = client_incoming_change,
        .ClIncomingCloseCallHandler = incoming_close_call,
        .ClIncomingDropPartyHandler = client_incoming_drop_party,
        .ClCallConnectedHandler = call_connected,
        .ClNotifyCloseAfHandler = notify_close_af,
    };
    NDIS_STATUS result =
        NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&co);

    UNREFERENCED_PARAMETER(DriverContext);
    return result == NDIS_STATUS_SUCCESS
               ? NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&client)
               : result;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    struct co_client *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);

    script_stop(&inner->script);
    NdisDeregisterProtocolDriver(inner->protocol.driver);
    queue_destroy(&inner->receives);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    unsigned without;
    struct co_client *face = peer_create(DriverObject, sizeof(*face), &without);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    UNREFERENCED_PARAMETER(RegistryPath);
    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    face->peer.inner = inner;
    KeInitializeSpinLock(&inner->lock);
    queue_create(&inner->receives, client_give_back, inner);
    inner->protocol.unbinding = unbinding;
    inner->protocol.pausing = client_pausing;
    DriverObject->DriverUnload = unload;
    CHECK(NT_SUCCESS(script_start(&inner->script)));
    return protocol_register(&inner->protocol, options);
}

struct co_client *
co_client_add(struct undis *machine, const char *name)
{
    return peer_add(machine, name, entry, 0);
}
