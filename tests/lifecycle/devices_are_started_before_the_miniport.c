/* SPDX-License-Identifier: MIT */
/* MiniportAddDevice, MiniportStartDevice with an IRP_MN_START_DEVICE, MiniportInitializeEx, and at
 * the end MiniportRemoveDevice; a device that does not start is not initialized, and is removed.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include <ndis.h>

#include "machine.h"
#include <string.h>

static NDIS_HANDLE registered;
static NDIS_STATUS starts;
static char happened[64];
static int device;

static void
note(const char *what)
{
    CHECK(strlen(happened) + strlen(what) < sizeof(happened));
    strcat(happened, what);
}

static NDIS_STATUS
add_device(NDIS_HANDLE adapter, NDIS_HANDLE context)
{
    NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES attributes = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1},
        .MiniportAddDeviceContext = &device,
    };

    UNREFERENCED_PARAMETER(context);
    note("add ");
    return NdisMSetMiniportAttributes(adapter, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&attributes);
}

static NDIS_STATUS
start_device(NDIS_HANDLE context, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);

    CHECK(context == &device);
    CHECK_EQ(stack->MajorFunction, IRP_MJ_PNP);
    CHECK_EQ(stack->MinorFunction, IRP_MN_START_DEVICE);
    CHECK(stack->DeviceObject);
    note("start ");
    return starts;
}

static VOID
remove_device(NDIS_HANDLE context)
{
    CHECK(context == &device);
    note("remove ");
}

static NDIS_STATUS
set_options(NDIS_HANDLE driver, NDIS_HANDLE context)
{
    NDIS_MINIPORT_PNP_CHARACTERISTICS handlers = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS,
            NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1},
        .MiniportAddDeviceHandler = add_device,
        .MiniportRemoveDeviceHandler = remove_device,
        .MiniportStartDeviceHandler = start_device,
    };

    UNREFERENCED_PARAMETER(context);
    return NdisSetOptionalHandlers(driver, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&handlers);
}

/* It always fails: only what comes before matters here. */
static NDIS_STATUS
initialize(NDIS_HANDLE adapter, NDIS_HANDLE context, PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(adapter);
    UNREFERENCED_PARAMETER(context);
    CHECK(parameters->MiniportAddDeviceContext == &device);
    CHECK(parameters->DefaultPortAuthStates);
    note("initialize ");
    return NDIS_STATUS_FAILURE;
}

static VOID
halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
    CHECK(!"a halt");
}

static NDIS_STATUS
move(NDIS_HANDLE context, void *parameters)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(parameters);
    return NDIS_STATUS_SUCCESS;
}

static VOID
take(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(chain);
    UNREFERENCED_PARAMETER(flags);
}

static VOID
send(NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    UNREFERENCED_PARAMETER(port);
    take(context, chain, flags);
}

static VOID
hear(NDIS_HANDLE context, PVOID what)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(what);
}

static VOID
shut_down(NDIS_HANDLE context, NDIS_SHUTDOWN_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
}

static VOID
unload(PDRIVER_OBJECT object)
{
    UNREFERENCED_PARAMETER(object);
    NdisMDeregisterMiniportDriver(registered);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
        .SetOptionsHandler = set_options,
        .InitializeHandlerEx = initialize,
        .HaltHandlerEx = halt,
        .UnloadHandler = unload,
        .PauseHandler = (MINIPORT_PAUSE_HANDLER)(void *)move,
        .RestartHandler = (MINIPORT_RESTART_HANDLER)(void *)move,
        .OidRequestHandler = (MINIPORT_OID_REQUEST_HANDLER)(void *)move,
        .SendNetBufferListsHandler = send,
        .ReturnNetBufferListsHandler = take,
        .CancelSendHandler = hear,
        .DevicePnPEventNotifyHandler = (MINIPORT_DEVICE_PNP_EVENT_NOTIFY_HANDLER)(void *)hear,
        .ShutdownHandlerEx = shut_down,
        .CancelOidRequestHandler = hear,
    };

    return NdisMRegisterMiniportDriver(object, path, NULL, &characteristics, &registered);
}

static void
start(struct undis_stack *stack, NDIS_STATUS answer, const char *wanted)
{
    starts = answer;
    *happened = 0;
    CHECK(undis_stack_start(stack) < 0);
    CHECK(strcmp(happened, wanted) == 0);
}

int
main(void)
{
    struct undis *machine = test_machine();
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis_stack *stack;

    CHECK_OK(
        undis_driver_add(machine, "miniport", (int32_t(*)(void *, void *))entry, &config.miniport));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    start(stack, NDIS_STATUS_RESOURCES, "add start remove ");
    start(stack, NDIS_STATUS_SUCCESS, "add start initialize remove ");
    CHECK_OK(undis_stack_remove(stack));
    test_unload(machine, config.miniport);
    test_machine_end(machine);
    return 0;
}
