/* SPDX-License-Identifier: MIT */
/* An intermediate driver's virtual miniport is initialized when its stack is started and the driver
 * has asked for it, in either order, with the driver's context; frames go through it both ways; and
 * it is halted when the binding below goes (im-associate, im-init-cancel, im-unbind-order). The
 * driver may pass on clones, or what it got itself: then it takes over SourceHandle downwards.
 * Several instances above one adapter are named by the setting UpperBindings.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1
#define NDIS630              1

#include <ndis.h>

#include "rig.h"
#include <errno.h>
#include <string.h>

#define ROUNDS 12u

#define HEADER(type, revision, size)                                                               \
    {                                                                                              \
        NDIS_OBJECT_TYPE_##type, revision, size                                                    \
    }

/* The intermediate driver: passes on clones of what it is given, or that itself. */
static struct {
    NDIS_HANDLE miniport_driver, protocol, binding, adapter, pool;
    NDIS_EVENT done;
    NDIS_STRING instance;
    WCHAR name[96];
    NDIS_STATUS wanted, again, cancelled;
    NDIS_HANDLE context, source;
    uint64_t initialized, halted;
    bool cancel, itself;
    NDIS_HANDLE adapters[2];
    uint32_t listed; /* instances, when UpperBindings is a list */
} im;

static void
clone_down(PNET_BUFFER_LIST nbl)
{
    PNET_BUFFER_LIST clone = NdisAllocateCloneNetBufferList(nbl, im.pool, NULL, 0);

    CHECK(clone);
    clone->SourceHandle = im.binding;
    NdisSendNetBufferLists(im.binding, clone, 0, 0);
}

static VOID
miniport_send(NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(flags);
    while (chain) {
        PNET_BUFFER_LIST nbl = chain;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
        if (im.itself) {
            im.source = nbl->SourceHandle;
            nbl->SourceHandle = im.binding;
            NdisSendNetBufferLists(im.binding, nbl, 0, 0);
        } else {
            clone_down(nbl);
        }
    }
}

static VOID
protocol_complete(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(flags);
    if (im.itself) {
        for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
            nbl->SourceHandle = im.source;
        NdisMSendNetBufferListsComplete(im.adapter, chain, 0);
        return;
    }
    while (chain) {
        PNET_BUFFER_LIST clone = chain, parent = clone->ParentNetBufferList;

        chain = NET_BUFFER_LIST_NEXT_NBL(clone);
        NET_BUFFER_LIST_STATUS(parent) = NET_BUFFER_LIST_STATUS(clone);
        NdisFreeCloneNetBufferList(clone, 0);
        NdisMSendNetBufferListsComplete(im.adapter, parent, 0);
    }
}

static VOID
protocol_receive(
    NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    if (im.itself) {
        NdisMIndicateReceiveNetBufferLists(im.adapter, chain, port, count, flags);
        return;
    }
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl)) {
        PNET_BUFFER_LIST clone = NdisAllocateCloneNetBufferList(nbl, im.pool, NULL, 0);

        CHECK(clone);
        clone->SourceHandle = im.adapter;
        NdisMIndicateReceiveNetBufferLists(im.adapter, clone, 0, 1, NDIS_RECEIVE_FLAGS_RESOURCES);
        NdisFreeCloneNetBufferList(clone, 0);
    }
    if (NDIS_TEST_RECEIVE_CAN_PEND(flags))
        NdisReturnNetBufferLists(im.binding, chain, 0);
}

static VOID
miniport_return(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(flags);
    CHECK(im.itself); /* else indicated with RESOURCES */
    NdisReturnNetBufferLists(im.binding, chain, 0);
}

static NDIS_STATUS
miniport_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PNDIS_MINIPORT_INIT_PARAMETERS init)
{
    static NDIS_OID oids[] = {OID_GEN_CURRENT_PACKET_FILTER};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration = {
        .Header = HEADER(MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1),
        .MiniportAdapterContext = &im,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = HEADER(MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2),
        .MediaType = NdisMedium802_3,
        .MtuSize = 1500,
        .LookaheadSize = 1514,
        .MacAddressLength = 6,
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .AccessType = NET_IF_ACCESS_BROADCAST,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .IfType = IF_TYPE_ETHERNET_CSMACD,
        .SupportedOidList = oids,
        .SupportedOidListLength = sizeof(oids),
    };

    CHECK(KeGetCurrentThread()); /* and it has gone at the end */
    UNREFERENCED_PARAMETER(context);
    im.adapter = handle;
    im.context = init->IMDeviceInstanceContext;
    CHECK(NdisIMGetDeviceContext(handle) == im.context);
    CHECK(im.initialized < 2);
    im.adapters[im.initialized++] = handle;
    CHECK_EQ(
        NdisMSetMiniportAttributes(handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&registration), 0);
    return NdisMSetMiniportAttributes(handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&general);
}

static VOID
miniport_halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
    im.adapter = NULL;
    im.halted++;
}

static NDIS_STATUS
nothing_to_do(NDIS_HANDLE context, PVOID parameters)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
miniport_oid(NDIS_HANDLE context, PNDIS_OID_REQUEST request)
{
    UNREFERENCED_PARAMETER(context);
    return request->DATA.QUERY_INFORMATION.Oid == OID_GEN_CURRENT_PACKET_FILTER
               ? NDIS_STATUS_SUCCESS
               : NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
cancel(NDIS_HANDLE context, PVOID id)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(id);
}

static VOID
miniport_event(NDIS_HANDLE context, PNET_DEVICE_PNP_EVENT event)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(event);
}

static VOID
miniport_shutdown(NDIS_HANDLE context, NDIS_SHUTDOWN_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
}

static VOID
open_complete(NDIS_HANDLE context, NDIS_STATUS status)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(status);
    NdisSetEvent(&im.done);
}

static VOID
close_complete(NDIS_HANDLE context)
{
    open_complete(context, NDIS_STATUS_SUCCESS);
}

static VOID
oid_complete(NDIS_HANDLE context, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(request);
    UNREFERENCED_PARAMETER(status);
}

static NDIS_STATUS
protocol_event(NDIS_HANDLE context, PNET_PNP_EVENT_NOTIFICATION event)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(event);
    return NDIS_STATUS_SUCCESS;
}

/* Asks for each instance in @names, which ends with an empty one. */
static void
want_listed(WCHAR *names)
{
    for (NDIS_STRING name; *names; names += name.Length / sizeof(WCHAR) + 1) {
        RtlInitUnicodeString(&name, names);
        CHECK_EQ(NdisIMInitializeDeviceInstanceEx(im.miniport_driver, &name, &im), 0);
        im.listed++;
    }
}

/* The name of the instance over this binding. */
static void
read_name(PNDIS_BIND_PARAMETERS parameters)
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = HEADER(CONFIGURATION_OBJECT, NDIS_CONFIGURATION_OBJECT_REVISION_1,
            NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1),
        .NdisHandle = parameters,
    };
    NDIS_STRING keyword = NDIS_STRING_CONST("UpperBindings");
    PNDIS_CONFIGURATION_PARAMETER value;
    NDIS_HANDLE configuration;
    NDIS_STATUS status;

    CHECK_EQ(NdisOpenConfigurationEx(&object, &configuration), NDIS_STATUS_SUCCESS);
    NdisReadConfiguration(&status, &value, configuration, &keyword, NdisParameterString);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    if (value->ParameterType == NdisParameterMultiString) {
        want_listed(value->ParameterData.StringData.Buffer);
        NdisCloseConfiguration(configuration);
        return;
    }
    CHECK(value->ParameterData.StringData.Length < sizeof(im.name));
    memcpy(im.name, value->ParameterData.StringData.Buffer, value->ParameterData.StringData.Length);
    im.instance.Buffer = im.name;
    im.instance.Length = im.instance.MaximumLength = value->ParameterData.StringData.Length;
    NdisCloseConfiguration(configuration);
}

/* The bind knows the adapter's name as the binding does. */
static void
check_names(NDIS_HANDLE bind)
{
    NDIS_STRING of_bind, of_binding;

    CHECK_EQ(NdisQueryBindInstanceName(&of_bind, bind), NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisQueryAdapterInstanceName(&of_binding, im.binding), NDIS_STATUS_SUCCESS);
    CHECK(of_bind.Length > 0 && RtlEqualUnicodeString(&of_bind, &of_binding, FALSE));
    CHECK_EQ((uint32_t)NdisQueryBindInstanceName(&of_bind, im.binding),
        (uint32_t)NDIS_STATUS_INVALID_PARAMETER);
    NdisFreeMemory(of_bind.Buffer, 0, 0);
    NdisFreeMemory(of_binding.Buffer, 0, 0);
}

static NDIS_STATUS
protocol_bind(NDIS_HANDLE context, NDIS_HANDLE bind, PNDIS_BIND_PARAMETERS parameters)
{
    NDIS_MEDIUM media[] = {NdisMedium802_3};
    UINT selected;
    NDIS_OPEN_PARAMETERS open = {
        .Header = HEADER(OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1),
        .AdapterName = parameters->AdapterName,
        .MediumArray = media,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &selected,
    };
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(context);
    NdisInitializeEvent(&im.done);
    status = NdisOpenAdapterEx(im.protocol, &im, &open, bind, &im.binding);
    if (status == NDIS_STATUS_PENDING)
        NdisWaitEvent(&im.done, 0);
    CHECK(NdisIMGetBindingContext(im.binding) == NULL);
    check_names(bind);
    read_name(parameters);
    if (im.listed)
        return NDIS_STATUS_SUCCESS;
    if (im.cancel) {
        CHECK_EQ(NdisIMInitializeDeviceInstanceEx(im.miniport_driver, &im.instance, &im), 0);
        im.cancelled = NdisIMCancelInitializeDeviceInstance(im.miniport_driver, &im.instance);
    }
    im.wanted = NdisIMInitializeDeviceInstanceEx(im.miniport_driver, &im.instance, im.name);
    im.again = NdisIMInitializeDeviceInstanceEx(im.miniport_driver, &im.instance, im.name);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
protocol_unbind(NDIS_HANDLE unbind, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(unbind);
    UNREFERENCED_PARAMETER(context);
    for (unsigned i = 0; i < im.listed; i++)
        CHECK_EQ(NdisIMDeInitializeDeviceInstance(im.adapters[i]), NDIS_STATUS_SUCCESS);
    if (im.adapter && !im.listed)
        CHECK_EQ(NdisIMDeInitializeDeviceInstance(im.adapter), NDIS_STATUS_SUCCESS);
    NdisResetEvent(&im.done);
    if (NdisCloseAdapterEx(im.binding) == NDIS_STATUS_PENDING)
        NdisWaitEvent(&im.done, 0);
    return NDIS_STATUS_SUCCESS;
}

static VOID
unload(PDRIVER_OBJECT object)
{
    UNREFERENCED_PARAMETER(object);
    NdisFreeNetBufferListPool(im.pool);
    NdisDeregisterProtocolDriver(im.protocol);
    NdisMDeregisterMiniportDriver(im.miniport_driver);
}

static NTSTATUS
entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS miniport = {
        .Header =
            HEADER(MINIPORT_DRIVER_CHARACTERISTICS, NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
                NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .Flags = NDIS_INTERMEDIATE_DRIVER,
        .InitializeHandlerEx = miniport_initialize,
        .HaltHandlerEx = miniport_halt,
        .UnloadHandler = unload,
        .PauseHandler = (MINIPORT_PAUSE_HANDLER)nothing_to_do,
        .RestartHandler = (MINIPORT_RESTART_HANDLER)nothing_to_do,
        .OidRequestHandler = miniport_oid,
        .SendNetBufferListsHandler = miniport_send,
        .ReturnNetBufferListsHandler = miniport_return,
        .CancelSendHandler = cancel,
        .CancelOidRequestHandler = cancel,
        .DevicePnPEventNotifyHandler = miniport_event,
        .ShutdownHandlerEx = miniport_shutdown,
    };
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS protocol = {
        .Header =
            HEADER(PROTOCOL_DRIVER_CHARACTERISTICS, NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
                NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .Name = RTL_CONSTANT_STRING(L"im"),
        .BindAdapterHandlerEx = protocol_bind,
        .UnbindAdapterHandlerEx = protocol_unbind,
        .OpenAdapterCompleteHandlerEx = open_complete,
        .CloseAdapterCompleteHandlerEx = close_complete,
        .NetPnPEventHandler = protocol_event,
        .OidRequestCompleteHandler = oid_complete,
        .ReceiveNetBufferListsHandler = protocol_receive,
        .SendNetBufferListsCompleteHandler = protocol_complete,
    };
    NET_BUFFER_LIST_POOL_PARAMETERS pool = {
        .Header = HEADER(DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1),
        .fAllocateNetBuffer = TRUE,
        .PoolTag = 'mIsu',
    };

    CHECK_EQ(NdisMRegisterMiniportDriver(object, path, NULL, &miniport, &im.miniport_driver), 0);
    CHECK_EQ(NdisRegisterProtocolDriver(NULL, &protocol, &im.protocol), 0);
    NdisIMAssociateMiniport(im.miniport_driver, im.protocol);
    im.pool = NdisAllocateNetBufferListPool(im.protocol, &pool);
    CHECK(im.pool);
    return STATUS_SUCCESS;
}

static int32_t
start(void *object, void *path)
{
    return entry(object, path);
}

static bool
runs(void *stack)
{
    struct undis_layer layers[2];
    int n = undis_stack_layers(stack, layers, 2);

    return n == 2 && !strcmp(layers[0].state, "Running") && !strcmp(layers[1].state, "Running");
}

static bool
runs_alone(void *stack)
{
    struct undis_layer layers[2];

    return undis_stack_layers(stack, layers, 2) == 1 && !strcmp(layers[0].state, "Running");
}

/* @upper_first: the instance's stack is started before the one below. */
static void
run_once(struct undis *machine, bool upper_first, bool itself)
{
    struct undis_driver *driver, *above[2] = {NULL}, *below[2] = {NULL};
    struct peer_miniport *miniport;
    struct peer_protocol *protocol;
    struct undis_stack_config upper = {.size = sizeof(upper), .name = "upper", .protocols = above};
    struct undis_stack_config lower = {.size = sizeof(lower), .name = "lower", .protocols = below};
    struct undis_stack *stacks[2];

    memset(&im, 0, sizeof(im));
    im.cancel = !upper_first;
    im.itself = itself;
    CHECK_OK(undis_driver_add(machine, "im", start, &driver));
    miniport = peer_miniport_add(machine, "miniport");
    protocol = peer_protocol_add(machine, "protocol");
    upper.miniport = below[0] = driver;
    above[0] = protocol->peer.driver;
    lower.miniport = miniport->peer.driver;
    CHECK_OK(undis_stack_create(machine, &upper, &stacks[0]));
    CHECK_OK(undis_stack_create(machine, &lower, &stacks[1]));
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQ(im.initialized, 0);
        CHECK_OK(undis_stack_start(stacks[upper_first ? i : 1 - i]));
    }
    test_wait(machine, runs, stacks[0], "the instance to run");
    CHECK_EQ(im.wanted, NDIS_STATUS_SUCCESS);
    CHECK_EQ((uint32_t)im.again, (uint32_t)NDIS_STATUS_FAILURE);
    CHECK_EQ(im.cancelled, NDIS_STATUS_SUCCESS);
    CHECK_EQ(im.initialized, 1);
    CHECK(im.context == im.name);
    peer_protocol_send(protocol, 5, 2, FRAME_MAX);
    test_wait_count(machine, &protocol->back, 5);
    CHECK_EQ(protocol->failed, 0);
    CHECK_EQ(miniport->sent.count, 10);
    CHECK_EQ(miniport->sent.bad, 0);
    peer_miniport_indicate(miniport, 7, FRAME_MIN, false);
    peer_miniport_indicate(miniport, 4, FRAME_MIN, true);
    test_wait_count(machine, &protocol->received_nbls, 11);
    test_wait_count(machine, &miniport->receives_out, 0);
    CHECK_EQ(protocol->received.bad, 0);
    CHECK_OK(undis_stack_remove(stacks[1]));
    CHECK_EQ(im.halted, 1);
    CHECK_EQ(protocol->unbound, 1);
    CHECK_OK(undis_stack_remove(stacks[0]));
    peer_remove(&protocol->peer);
    peer_remove(&miniport->peer);
    test_unload(machine, driver);
}

/* Once everything has been made that is made once, rounds leave nothing behind. */
static void
test(bool upper_first, bool itself)
{
    struct undis_config config = test_config();
    struct undis *machine = test_machine_with(&config);

    run_once(machine, upper_first, itself);
    test_machine_end(machine);
    config.verify = false; /* what rests in a verified one is no leftover */
    machine = test_machine_with(&config);
    for (unsigned i = 0; i < ROUNDS / 2; i++)
        run_once(machine, upper_first, itself);
    test_machine_mark(machine);
    for (unsigned i = 0; i < ROUNDS; i++)
        run_once(machine, upper_first, itself);
    test_machine_end(machine);
}

/* Two instances above one adapter; a name that is none, or taken, is refused. */
static void
several(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver, *below[2] = {NULL};
    struct peer_miniport *miniport;
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis_stack *stacks[3], *none;

    memset(&im, 0, sizeof(im));
    CHECK_OK(undis_driver_add(machine, "im", start, &driver));
    miniport = peer_miniport_add(machine, "miniport");
    config.miniport = driver;
    config.name = "upper0";
    CHECK_OK(undis_stack_create(machine, &config, &stacks[0]));
    config.name = "upper1";
    CHECK_OK(undis_stack_create(machine, &config, &stacks[1]));
    below[0] = driver;
    config.miniport = miniport->peer.driver;
    config.protocols = below;
    config.name = "lower";
    CHECK_OK(undis_set(machine, "im/lower", "UpperBindings", "upper1 nobody"));
    CHECK_EQ(undis_stack_create(machine, &config, &none), -ENOENT);
    CHECK(strstr(undis_error(), "nobody"));
    CHECK_OK(undis_set(machine, "im/lower", "UpperBindings", "upper1, upper0"));
    CHECK_OK(undis_stack_create(machine, &config, &stacks[2]));
    CHECK_OK(undis_set(machine, "im/other", "UpperBindings", "upper1"));
    config.name = "other";
    CHECK_EQ(undis_stack_create(machine, &config, &none), -ENOENT);
    for (unsigned i = 0; i < 3; i++)
        CHECK_OK(undis_stack_start(stacks[i]));
    test_wait(machine, runs_alone, stacks[0], "the first instance to run");
    test_wait(machine, runs_alone, stacks[1], "the second instance to run");
    CHECK_EQ(im.listed, 2);
    CHECK_EQ(im.initialized, 2);
    CHECK_OK(undis_stack_remove(stacks[2]));
    CHECK_EQ(im.halted, 2);
    CHECK_OK(undis_stack_remove(stacks[1]));
    CHECK_OK(undis_stack_remove(stacks[0]));
    peer_remove(&miniport->peer);
    test_unload(machine, driver);
    test_machine_end(machine);
}

int
main(void)
{
    test(true, false);
    test(false, false);
    test(true, true);
    test(false, true);
    several();
    return 0;
}
