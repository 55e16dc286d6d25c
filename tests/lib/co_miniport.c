/* SPDX-License-Identifier: MIT */
/* The connection-oriented miniport of the peers, for a stand-alone call manager. */
#include "co_inner.h"

#include "check.h"

struct face {
    struct peer peer;
    struct co_loop_driver driver;
};

static NDIS_STATUS
create_vc(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE MiniportVcContext)
{
    struct co_loop_driver *driver = MiniportAdapterContext;
    struct co_end *end = ExAllocatePoolWithTag(NonPagedPool, sizeof(*end), PEER_TAG);

    if (!end)
        return NDIS_STATUS_RESOURCES;
    RtlZeroMemory(end, sizeof(*end));
    end->vc = NdisVcHandle;
    end->circuit = CIRCUITS;
    end->loop = &driver->loop;
    *MiniportVcContext = end;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
delete_vc(NDIS_HANDLE MiniportVcContext)
{
    ExFreePoolWithTag(MiniportVcContext, PEER_TAG);
    return NDIS_STATUS_SUCCESS;
}

struct later {
    struct co_end *end;
    PCO_CALL_PARAMETERS parameters;
};

static VOID
activate_later(PVOID Context)
{
    struct later later = *(struct later *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    NdisMCoActivateVcComplete(NDIS_STATUS_SUCCESS, later.end->vc, later.parameters);
}

static VOID
deactivate_later(PVOID Context)
{
    struct co_end *end = Context;

    loop_down(end);
    NdisMCoDeactivateVcComplete(NDIS_STATUS_SUCCESS, end->vc);
}

static NDIS_STATUS
activate_vc(NDIS_HANDLE MiniportVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_end *end = MiniportVcContext;
    struct later *later;
    ULONG place[2];

    RtlCopyMemory(place, CallParameters->MediaParameters->MediaSpecific.Parameters, sizeof(place));
    loop_up(end, place[0], place[1]);
    if (!end->loop->face->pend_activate)
        return NDIS_STATUS_SUCCESS;
    later = ExAllocatePoolWithTag(NonPagedPool, sizeof(*later), PEER_TAG);
    CHECK(later);
    *later = (struct later){end, CallParameters};
    peer_later(activate_later, later);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
deactivate_vc(NDIS_HANDLE MiniportVcContext)
{
    struct co_end *end = MiniportVcContext;

    if (end->loop->face->pend_activate) {
        peer_later(deactivate_later, end);
        return NDIS_STATUS_PENDING;
    }
    loop_down(end);
    return NDIS_STATUS_SUCCESS;
}

static VOID
send(NDIS_HANDLE MiniportVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendFlags)
{
    UNREFERENCED_PARAMETER(SendFlags);
    loop_send(MiniportVcContext, NetBufferLists);
}

struct asked {
    struct co_loop_driver *driver;
    PNDIS_OID_REQUEST request;
};

static VOID
answer_later(PVOID Context)
{
    struct asked asked = *(struct asked *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    NdisMCoOidRequestComplete(
        asked.driver->loop.adapter, asked.request, loop_answer(asked.request, 6));
}

static NDIS_STATUS
oid_request(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportVcContext, PNDIS_OID_REQUEST OidRequest)
{
    struct co_loop_driver *driver = MiniportAdapterContext;
    struct asked *asked;

    UNREFERENCED_PARAMETER(MiniportVcContext);
    COUNT(driver->loop.face->requests, 1);
    if (!driver->loop.face->pend)
        return loop_answer(OidRequest, 6);
    asked = ExAllocatePoolWithTag(NonPagedPool, sizeof(*asked), PEER_TAG);
    CHECK(asked);
    *asked = (struct asked){driver, OidRequest};
    peer_later(answer_later, asked);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
options(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_MINIPORT_CO_CHARACTERISTICS co = {
        .Header = {NDIS_OBJECT_TYPE_CO_MINIPORT_CHARACTERISTICS,
            NDIS_MINIPORT_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_CO_CHARACTERISTICS_REVISION_1},
        .CoCreateVcHandler = create_vc,
        .CoDeleteVcHandler = delete_vc,
        .CoActivateVcHandler = activate_vc,
        .CoDeactivateVcHandler = deactivate_vc,
        .CoSendNetBufferListsHandler = send,
        .CoOidRequestHandler = oid_request,
    };

    UNREFERENCED_PARAMETER(DriverContext);
    return NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&co);
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    struct face *face = peer_of(DriverObject);

    NdisMDeregisterMiniportDriver(face->driver.driver);
    peer_free(DriverObject);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    unsigned without;
    struct face *face = peer_create(DriverObject, sizeof(*face), &without);

    CHECK(face);
    return loop_register(DriverObject, RegistryPath, &face->driver, options, unload);
}

void *
co_miniport_add(struct undis *machine, const char *name, struct co_manager *manager)
{
    struct face *face = peer_add(machine, name, entry, 0);

    face->driver.loop.face = manager;
    loop_join(manager, &face->driver.loop);
    return face;
}
