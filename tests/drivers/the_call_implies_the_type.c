/* SPDX-License-Identifier: MIT */
/* A miniport and a protocol register with characteristics of NDIS_OBJECT_TYPE_DEFAULT, as
 * intermediate drivers in the field do; no rule is broken by it. A filter's must have its own.
 */
#include "check.h"
#include "machine.h"
#include <ndis.h>
#include <string.h>

static NDIS_HANDLE miniport, protocol;
static NDIS_STATUS filter_status;

/* Nothing stands on an adapter here, so none of them is ever called. */
static void
never(void)
{
    test_fail(__FILE__, __LINE__, "a handler is called");
}

#define NEVER (void *)never

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    (void)DriverObject;
    NdisDeregisterProtocolDriver(protocol);
    NdisMDeregisterMiniportDriver(miniport);
}

static NDIS_STATUS
register_miniport(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS c = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1},
        .MajorNdisVersion = 6,
        .Flags = NDIS_INTERMEDIATE_DRIVER,
        .InitializeHandlerEx = NEVER,
        .HaltHandlerEx = NEVER,
        .UnloadHandler = unload,
        .PauseHandler = NEVER,
        .RestartHandler = NEVER,
        .OidRequestHandler = NEVER,
        .SendNetBufferListsHandler = NEVER,
        .ReturnNetBufferListsHandler = NEVER,
        .CancelSendHandler = NEVER,
        .DevicePnPEventNotifyHandler = NEVER,
        .ShutdownHandlerEx = NEVER,
        .CancelOidRequestHandler = NEVER,
    };

    return NdisMRegisterMiniportDriver(object, path, NULL, &c, &miniport);
}

static NDIS_STATUS
register_protocol(void)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS c = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_1},
        .MajorNdisVersion = 6,
        .Name = RTL_CONSTANT_STRING(L"implied"),
        .BindAdapterHandlerEx = NEVER,
        .UnbindAdapterHandlerEx = NEVER,
        .OpenAdapterCompleteHandlerEx = NEVER,
        .CloseAdapterCompleteHandlerEx = NEVER,
        .NetPnPEventHandler = NEVER,
        .OidRequestCompleteHandler = NEVER,
        .StatusHandlerEx = NEVER,
        .ReceiveNetBufferListsHandler = NEVER,
        .SendNetBufferListsCompleteHandler = NEVER,
    };

    return NdisRegisterProtocolDriver(NULL, &c, &protocol);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_STATUS status = register_miniport(object, path);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = register_protocol();
    if (status != NDIS_STATUS_SUCCESS)
        NdisMDeregisterMiniportDriver(miniport);
    return status;
}

static NTSTATUS
filter_entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS c = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_FILTER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_1},
        .MajorNdisVersion = 6,
        .AttachHandler = NEVER,
        .DetachHandler = NEVER,
        .RestartHandler = NEVER,
        .PauseHandler = NEVER,
    };
    NDIS_HANDLE handle;

    (void)path;
    filter_status = NdisFRegisterFilterDriver(object, NULL, &c, &handle);
    return filter_status;
}

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver;
    struct undis_config config = test_config();

    CHECK(undis_driver_add(machine, "implied", (int32_t(*)(void *, void *))entry, &driver) == 0);
    test_unload(machine, driver);
    test_machine_end(machine);

    config.verify = false; /* the rule about it would stop the filter first */
    machine = test_machine_with(&config);
    CHECK(undis_driver_add(machine, "own", (int32_t(*)(void *, void *))filter_entry, &driver) < 0);
    CHECK(filter_status == NDIS_STATUS_BAD_CHARACTERISTICS);
    test_machine_end(machine);
    return 0;
}
