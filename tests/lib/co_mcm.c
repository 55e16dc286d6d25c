/* SPDX-License-Identifier: MIT */
/* The miniport of the peers that is its own call manager. */
#include "co_inner.h"

#include "check.h"

struct inner {
    struct co_loop_driver driver;
    struct co_switch to;
};

static VOID
send(NDIS_HANDLE MiniportVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendFlags)
{
    UNREFERENCED_PARAMETER(SendFlags);
    loop_send(switch_end(MiniportVcContext), NetBufferLists);
}

static NDIS_STATUS
oid_request(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportVcContext, PNDIS_OID_REQUEST OidRequest)
{
    struct co_loop_driver *driver = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(MiniportVcContext);
    COUNT(driver->loop.face->requests, 1);
    return loop_answer(OidRequest, 6);
}

static NDIS_STATUS
initialized(struct co_loop_driver *driver)
{
    return switch_offer(driver->to);
}

static VOID
halting(struct co_loop_driver *driver)
{
    switch_leave(driver->to);
}

static NDIS_STATUS
options(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_MINIPORT_CO_CHARACTERISTICS co = {
        .Header = {NDIS_OBJECT_TYPE_CO_MINIPORT_CHARACTERISTICS,
            NDIS_MINIPORT_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_CO_CHARACTERISTICS_REVISION_1},
        .CoSendNetBufferListsHandler = send,
        .CoOidRequestHandler = oid_request,
    };
    NDIS_STATUS status =
        NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&co);

    UNREFERENCED_PARAMETER(DriverContext);
    return status == NDIS_STATUS_SUCCESS ? switch_options(NdisDriverHandle) : status;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    struct co_manager *face = peer_of(DriverObject);
    struct inner *inner = face->peer.inner;

    NdisMDeregisterMiniportDriver(inner->driver.driver);
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

    CHECK(face && inner);
    RtlZeroMemory(inner, sizeof(*inner));
    face->peer.inner = inner;
    switch_create(&inner->to, face);
    inner->to.loop = &inner->driver.loop;
    inner->driver.to = &inner->to;
    inner->driver.loop.face = face;
    inner->driver.initialized = initialized;
    inner->driver.halting = halting;
    return loop_register(DriverObject, RegistryPath, &inner->driver, options, unload);
}

struct co_manager *
co_mcm_add(struct undis *machine, const char *name)
{
    return peer_add(machine, name, entry, 0);
}
