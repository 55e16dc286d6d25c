/* SPDX-License-Identifier: MIT */
/* The bind parameters say what the miniport declared; the binding knows the adapter's name; calls
 * of NDIS are found by name, and partial cancel ids differ. When all is bound, the protocol is told
 * so, once. Rows of the interface stack table go with the interface. The revision of the parameters
 * is that of the driver's NDIS, a filter's too. */
#include "machine.h"
#include <ndis.h>
#include <netioapi.h>

static NDIS_HANDLE registered, binding;
static unsigned bound, complete;
static UCHAR ids[2], minor, revision;
static unsigned attached;

static VOID
look_at(const NDIS_BIND_PARAMETERS *p)
{
    CHECK_EQ(p->MediaType, NdisMedium802_3);
    CHECK_EQ(p->AccessType, NET_IF_ACCESS_BROADCAST);
    CHECK_EQ(p->DirectionType, NET_IF_DIRECTION_SENDRECEIVE);
    CHECK_EQ(p->ConnectionType, NET_IF_CONNECTION_DEDICATED);
    CHECK_EQ(p->IfType, IF_TYPE_ETHERNET_CSMACD);
    CHECK_EQ(p->MacAddressLength, 6);
    CHECK(p->MtuSize > 0 && p->BoundIfIndex > 0);
    CHECK_EQ(p->Header.Revision, revision);
    CHECK(p->PowerManagementCapabilities && p->PowerManagementCapabilitiesEx);
    CHECK_EQ(p->PowerManagementCapabilities->WakeUpCapabilities.MinMagicPacketWakeUp,
        NdisDeviceStateUnspecified);
    CHECK_EQ(p->PowerManagementCapabilitiesEx->MinPatternWakeUp, NdisDeviceStateUnspecified);
    CHECK(p->CompartmentId == NET_IF_COMPARTMENT_ID_PRIMARY);
}

static VOID
look_up(VOID)
{
    NDIS_STRING known = NDIS_STRING_CONST("NdisOpenAdapterEx");
    NDIS_STRING unknown = NDIS_STRING_CONST("NdisNoSuchCall");
    NDIS_STRING name;

    CHECK_EQ(NdisQueryAdapterInstanceName(&name, binding), NDIS_STATUS_SUCCESS);
    CHECK(name.Length > 0 && name.Buffer);
    NdisFreeMemory(name.Buffer, 0, 0);
    CHECK(NdisGetRoutineAddress(&known) && !NdisGetRoutineAddress(&unknown));
    ids[0] = NdisGeneratePartialCancelId();
    ids[1] = NdisGeneratePartialCancelId();
    CHECK(ids[0] != ids[1]);
}

static VOID
stand_on(NET_IFINDEX interface)
{
    PMIB_IFSTACK_TABLE table;

    CHECK_EQ(GetIfStackTable(&table), STATUS_NOT_FOUND);
    CHECK_EQ(NdisIfAddIfStackEntry(7000, interface), NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisIfAddIfStackEntry(7000, interface), NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisIfAddIfStackEntry(7000, 7001), NDIS_STATUS_SUCCESS);
    CHECK_EQ(GetIfStackTable(&table), STATUS_SUCCESS);
    CHECK_EQ(table->NumEntries, 2);
    CHECK_EQ(table->Table[0].HigherLayerInterfaceIndex, 7000);
    CHECK_EQ(table->Table[0].LowerLayerInterfaceIndex, interface);
    FreeMibTable(table);
    CHECK_EQ(NdisIfDeleteIfStackEntry(7000, 7001), NDIS_STATUS_SUCCESS);
    CHECK_EQ(
        (uint32_t)NdisIfDeleteIfStackEntry(7000, 7001), (uint32_t)NDIS_STATUS_INTERFACE_NOT_FOUND);
}

static NDIS_STATUS
bind(NDIS_HANDLE driver, NDIS_HANDLE context, PNDIS_BIND_PARAMETERS parameters)
{
    NDIS_MEDIUM medium = NdisMedium802_3;
    UINT selected;
    NDIS_OPEN_PARAMETERS open = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = parameters->AdapterName,
        .MediumArray = &medium,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &selected,
    };

    UNREFERENCED_PARAMETER(driver);
    look_at(parameters);
    CHECK_EQ(NdisOpenAdapterEx(registered, &bound, &open, context, &binding), NDIS_STATUS_SUCCESS);
    look_up();
    stand_on(parameters->BoundIfIndex);
    bound++;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
unbind(NDIS_HANDLE unbinding, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(unbinding);
    UNREFERENCED_PARAMETER(context);
    CHECK_EQ(NdisCloseAdapterEx(binding), NDIS_STATUS_SUCCESS);
    bound--;
    return NDIS_STATUS_SUCCESS;
}

static VOID
opened(NDIS_HANDLE context, NDIS_STATUS status)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(status);
}

static VOID
closed(NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(context);
}

static NDIS_STATUS
net_event(NDIS_HANDLE context, PNET_PNP_EVENT_NOTIFICATION event)
{
    if (event->NetPnPEvent.NetEvent == NetEventBindsComplete) {
        CHECK(!context && bound == 1);
        complete++;
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
answered(NDIS_HANDLE context, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(request);
    UNREFERENCED_PARAMETER(status);
}

static VOID
told(NDIS_HANDLE context, PNDIS_STATUS_INDICATION indication)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(indication);
}

static VOID
received(
    NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(count);
    if (!(flags & NDIS_RECEIVE_FLAGS_RESOURCES))
        NdisReturnNetBufferLists(binding, chain, 0);
}

static VOID
sent(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(chain);
    UNREFERENCED_PARAMETER(flags);
}

static VOID
unload(PDRIVER_OBJECT object)
{
    PMIB_IFSTACK_TABLE table;

    UNREFERENCED_PARAMETER(object);
    CHECK_EQ(GetIfStackTable(&table), STATUS_NOT_FOUND);
    NdisDeregisterProtocolDriver(registered);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = minor,
        .Name = NDIS_STRING_CONST("LEARNS"),
        .BindAdapterHandlerEx = bind,
        .UnbindAdapterHandlerEx = unbind,
        .OpenAdapterCompleteHandlerEx = opened,
        .CloseAdapterCompleteHandlerEx = closed,
        .NetPnPEventHandler = net_event,
        .OidRequestCompleteHandler = answered,
        .StatusHandlerEx = told,
        .ReceiveNetBufferListsHandler = received,
        .SendNetBufferListsCompleteHandler = sent,
    };

    UNREFERENCED_PARAMETER(path);
    object->DriverUnload = unload;
    return NdisRegisterProtocolDriver(NULL, &characteristics, &registered);
}

/* Looks at what it gets, and does not want to be there. */
static NDIS_STATUS
attach(NDIS_HANDLE module, NDIS_HANDLE context, PNDIS_FILTER_ATTACH_PARAMETERS parameters)
{
    NDIS_SWITCH_OPTIONAL_HANDLERS handlers;
    NDIS_SWITCH_CONTEXT switch_context;

    UNREFERENCED_PARAMETER(context);
    CHECK_EQ(parameters->Header.Revision, revision);
    CHECK_EQ((uint32_t)NdisFGetOptionalSwitchHandlers(module, &switch_context, &handlers),
        (uint32_t)NDIS_STATUS_NOT_SUPPORTED);
    attached++;
    return NDIS_STATUS_FAILURE;
}

static VOID
detach(NDIS_HANDLE module)
{
    UNREFERENCED_PARAMETER(module);
}

static NDIS_STATUS
restart(NDIS_HANDLE module, PNDIS_FILTER_RESTART_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(module);
    UNREFERENCED_PARAMETER(parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
pause_filter(NDIS_HANDLE module, PNDIS_FILTER_PAUSE_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(module);
    UNREFERENCED_PARAMETER(parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_HANDLE filter_driver;

static VOID
unload_filter(PDRIVER_OBJECT object)
{
    UNREFERENCED_PARAMETER(object);
    NdisFDeregisterFilterDriver(filter_driver);
}

static NTSTATUS
filter_entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_FILTER_DRIVER_CHARACTERISTICS characteristics = {
        .Header = {NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS,
            NDIS_FILTER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_1},
        .MajorNdisVersion = 6,
        .MinorNdisVersion = minor,
        .FriendlyName = NDIS_STRING_CONST("looks"),
        .UniqueName = NDIS_STRING_CONST("{5cbf81bd-5055-47cd-9055-a76b2b4e3698}"),
        .ServiceName = NDIS_STRING_CONST("looks"),
        .AttachHandler = attach,
        .DetachHandler = detach,
        .RestartHandler = restart,
        .PauseHandler = pause_filter,
    };

    UNREFERENCED_PARAMETER(path);
    object->DriverUnload = unload_filter;
    return NdisFRegisterFilterDriver(object, NULL, &characteristics, &filter_driver);
}

static void
bind_once(struct undis *machine, struct undis_driver *miniport)
{
    struct undis_stack_config config = {.size = sizeof(config), .miniport = miniport};
    struct undis_driver *protocols[2] = {NULL}, *filter;
    struct undis_stack *stack;

    complete = 0;
    CHECK_OK(undis_port_open(machine, "null", &config.bottom));
    CHECK_OK(
        undis_driver_add(machine, "protocol", (int32_t(*)(void *, void *))entry, &protocols[0]));
    CHECK_OK(undis_driver_add(machine, "looks", (int32_t(*)(void *, void *))filter_entry, &filter));
    config.protocols = protocols;
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_EQ(bound, 1);
    CHECK_EQ(complete, 1);
    CHECK(undis_stack_attach(stack, filter) < 0);
    CHECK_OK(undis_stack_pause(stack));
    CHECK_OK(undis_stack_restart(stack));
    CHECK_EQ(complete, 1);
    CHECK_OK(undis_stack_remove(stack));
    CHECK_EQ(bound, 0);
    CHECK_OK(undis_port_close(config.bottom));
    test_unload(machine, protocols[0]);
    test_unload(machine, filter);
}

int
main(void)
{
    static const UCHAR minors[] = {0, 1, 20, 30, 89}, revisions[] = {1, 2, 3, 4, 4};
    struct undis *machine = test_machine();
    struct undis_driver *miniport = test_driver(machine, "portnic");

    for (unsigned i = 0; i < RTL_NUMBER_OF(minors); i++) {
        minor = minors[i];
        revision = revisions[i];
        bind_once(machine, miniport);
    }
    CHECK_EQ(attached, RTL_NUMBER_OF(minors));
    test_unload(machine, miniport);
    test_machine_end(machine);
    return 0;
}
