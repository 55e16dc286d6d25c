/* SPDX-License-Identifier: MIT */
/* The stand-alone call manager of the peers: a protocol around the switch. It may have two VCs of
 * its own, the ends of one circuit, and send itself frames.
 */
#include "co_inner.h"

#include "check.h"
#include <string.h>

struct own {
    struct inner *inner;
    NDIS_HANDLE vc;
    struct co_dial dial;
};

struct inner {
    struct co_protocol protocol;
    struct co_switch to;
    struct co_manager *face;
    struct own own[2];
    unsigned count;
};

static struct inner *
inner_of(struct co_manager *face)
{
    return face->peer.inner;
}

static NDIS_STATUS
bound(struct co_protocol *protocol)
{
    struct inner *inner = CONTAINING_RECORD(protocol, struct inner, protocol);
    NDIS_STATUS status = switch_offer(&inner->to);

    for (ULONG i = 0; inner->face->own_vc && status == NDIS_STATUS_SUCCESS && i < 2; i++) {
        struct own *own = &inner->own[i];

        own->inner = inner;
        dial_set(&own->dial, 0, CIRCUITS - 1, i);
        status = NdisCoCreateVc(protocol->binding, NULL, own, &own->vc);
        if (status == NDIS_STATUS_SUCCESS)
            status = NdisCmActivateVc(own->vc, &own->dial.call);
        inner->to.own = inner->own[0].vc;
    }
    return status;
}

static VOID
unbinding(struct co_protocol *protocol)
{
    struct inner *inner = CONTAINING_RECORD(protocol, struct inner, protocol);

    switch_leave(&inner->to);
    for (ULONG i = 0; i < 2; i++) {
        if (!inner->own[i].vc)
            continue;
        if (NdisCoDeleteVc(inner->own[i].vc) != NDIS_STATUS_NOT_ACCEPTED ||
            NdisCmDeactivateVc(inner->own[i].vc) != NDIS_STATUS_SUCCESS ||
            NdisCmDeactivateVc(inner->own[i].vc) != NDIS_STATUS_NOT_ACCEPTED ||
            NdisCoDeleteVc(inner->own[i].vc) != NDIS_STATUS_SUCCESS)
            COUNT(inner->face->wrong, 1);
        inner->own[i].vc = NULL;
    }
}

static VOID
send_complete(
    NDIS_HANDLE ProtocolVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags)
{
    struct inner *inner = ((struct own *)ProtocolVcContext)->inner;
    ULONG n = chain_length(NetBufferLists);

    UNREFERENCED_PARAMETER(SendCompleteFlags);
    chain_free(NetBufferLists);
    COUNT(inner->face->own_back, n);
    UNCOUNT(inner->protocol.out, n);
}

static VOID
receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNET_BUFFER_LIST NetBufferLists, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    struct inner *inner = ((struct own *)ProtocolVcContext)->inner;

    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    COUNT(inner->face->own_received, NumberOfNetBufferLists);
    if (!(ReceiveFlags & NDIS_RECEIVE_FLAGS_RESOURCES))
        NdisReturnNetBufferLists(inner->protocol.binding, NetBufferLists, 0);
}

static VOID
status(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNDIS_STATUS_INDICATION StatusIndication)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(StatusIndication);
}

static VOID
send_own(PVOID Context)
{
    struct inner *inner = Context;
    NDIS_HANDLE vc = inner->own[0].vc;
    PNET_BUFFER_LIST chain =
        chain_create(&inner->face->peer, &inner->protocol.pools, inner->count, 1, FRAME_MIN, vc);

    CHECK(chain);
    COUNT(inner->face->own_sent, inner->count);
    COUNT(inner->protocol.out, inner->count);
    NdisCoSendNetBufferLists(vc, chain, 0);
}

void
co_manager_send(struct co_manager *manager, unsigned nbls)
{
    struct inner *inner = inner_of(manager);

    inner->count = nbls;
    script_run(manager->peer.machine, &inner->to.script, send_own, inner);
}

struct co_switch *
switch_of(struct co_manager *face)
{
    return *(struct co_switch **)face->peer.inner;
}

VOID
loop_join(struct co_manager *manager, struct co_loop *loop)
{
    switch_of(manager)->loop = loop;
}

static NDIS_STATUS
options(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_PROTOCOL_CO_CHARACTERISTICS co = {
        .Header = {NDIS_OBJECT_TYPE_CO_PROTOCOL_CHARACTERISTICS,
            NDIS_PROTOCOL_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PROTOCOL_CO_CHARACTERISTICS_REVISION_1},
        .CoStatusHandlerEx = status,
        .CoReceiveNetBufferListsHandler = receive,
        .CoSendNetBufferListsCompleteHandler = send_complete,
    };
    NDIS_STATUS result =
        NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&co);

    UNREFERENCED_PARAMETER(DriverContext);
    return result == NDIS_STATUS_SUCCESS ? switch_options(NdisDriverHandle) : result;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    struct co_manager *face = peer_of(DriverObject);
    struct inner *inner = inner_of(face);

    NdisDeregisterProtocolDriver(inner->protocol.driver);
    switch_destroy(&inner->to);
    ExFreePoolWithTag(inner, PEER_TAG);
    peer_free(DriverObject);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    unsigned without;
    struct co_manager *face = peer_create(DriverObject, sizeof(*face), &without);
    struct inner *inner = ExAllocatePoolWithTag(NonPagedPool, sizeof(*inner), PEER_TAG);

    UNREFERENCED_PARAMETER(RegistryPath);
    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    inner->face = face;
    face->peer.inner = inner;
    switch_create(&inner->to, face);
    inner->to.protocol = &inner->protocol;
    inner->protocol.to = &inner->to;
    inner->protocol.bound = bound;
    inner->protocol.unbinding = unbinding;
    DriverObject->DriverUnload = unload;
    return protocol_register(&inner->protocol, options);
}

struct co_manager *
co_manager_add(struct undis *machine, const char *name)
{
    return peer_add(machine, name, entry, 0);
}
