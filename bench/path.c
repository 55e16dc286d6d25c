/* SPDX-License-Identifier: MIT */
/* path - what a send and its completion cost, verifier off
 *
 *     source (protocol) -> filter, filter -> memory (miniport: completes inside the send call)
 *
 *     path                            ns per packet, for 0 to 2 filters and batches of 1 and 32
 *     path FILTERS BATCH PACKETS      that only, and nothing printed: for valgrind and strace
 *
 * The drivers are linked in and make everything beforehand: what is counted is the path. Runs on
 * real threads; UNDIS_EXECUTIVE=simulated says otherwise.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1
#define NDIS630              1

#include "lib/clock.h"

#include <ndis.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <undis.h>

#define FILTERS_MAX 2u
#define BATCH_MAX   32u
#define FRAME_SIZE  64u
#define TAG         0x68746150u /* "Path" */

struct filter {
    PDRIVER_OBJECT object;
    NDIS_HANDLE driver, module;
};

/* One machine at a time: the drivers' data may be the program's. */
static struct {
    NDIS_HANDLE miniport_driver, miniport;
    struct filter filters[FILTERS_MAX];
    NDIS_HANDLE protocol, binding, pool;
    NDIS_EVENT done;
    UCHAR frame[FRAME_SIZE];
    PMDL mdl;
    PNET_BUFFER_LIST nbls[BATCH_MAX];
    PNET_BUFFER_LIST back; /* the chain that came back */
} bench;

#define HEADER(type, revision, size)                                                               \
    {                                                                                              \
        NDIS_OBJECT_TYPE_##type, revision, size                                                    \
    }

static DRIVER_INITIALIZE miniport_entry, filter_entry, protocol_entry;

static VOID
miniport_send(NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    PNET_BUFFER_LIST nbl;

    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(flags);
    for (nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    NdisMSendNetBufferListsComplete(bench.miniport, chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

static NDIS_STATUS
miniport_initialize(NDIS_HANDLE handle, NDIS_HANDLE context, PNDIS_MINIPORT_INIT_PARAMETERS init)
{
    static NDIS_OID oids[] = {OID_GEN_CURRENT_PACKET_FILTER};
    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration = {
        .Header = HEADER(MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1),
        .MiniportAdapterContext = &bench,
        .AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_NDIS_WDM,
        .InterfaceType = NdisInterfaceInternal,
    };
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES general = {
        .Header = HEADER(MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
            NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2),
        .MediaType = NdisMedium802_3,
        .PhysicalMediumType = NdisPhysicalMedium802_3,
        .MtuSize = 1500,
        .LookaheadSize = 1514,
        .MacAddressLength = 6,
        .PermanentMacAddress = {2, 0, 0, 0, 0, 1},
        .CurrentMacAddress = {2, 0, 0, 0, 0, 1},
        .MediaConnectState = MediaConnectStateConnected,
        .MediaDuplexState = MediaDuplexStateFull,
        .AccessType = NET_IF_ACCESS_BROADCAST,
        .DirectionType = NET_IF_DIRECTION_SENDRECEIVE,
        .ConnectionType = NET_IF_CONNECTION_DEDICATED,
        .IfType = IF_TYPE_ETHERNET_CSMACD,
        .SupportedOidList = oids,
        .SupportedOidListLength = sizeof(oids),
    };
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(init);
    bench.miniport = handle;
    status = NdisMSetMiniportAttributes(handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&registration);
    if (status == NDIS_STATUS_SUCCESS)
        status = NdisMSetMiniportAttributes(handle, (PNDIS_MINIPORT_ADAPTER_ATTRIBUTES)&general);
    return status;
}

static VOID
miniport_halt(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(action);
}

/* Nothing is ever out when these come. */
static NDIS_STATUS
pause(NDIS_HANDLE context, PVOID parameters)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(parameters);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
miniport_oid(NDIS_HANDLE context, PNDIS_OID_REQUEST request)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(request);
    return NDIS_STATUS_NOT_SUPPORTED;
}

static VOID
miniport_return(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(chain);
    UNREFERENCED_PARAMETER(flags);
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
miniport_unload(PDRIVER_OBJECT object)
{
    UNREFERENCED_PARAMETER(object);
    NdisMDeregisterMiniportDriver(bench.miniport_driver);
}

static NTSTATUS
miniport_entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_MINIPORT_DRIVER_CHARACTERISTICS characteristics = {
        .Header =
            HEADER(MINIPORT_DRIVER_CHARACTERISTICS, NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
                NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .InitializeHandlerEx = miniport_initialize,
        .HaltHandlerEx = miniport_halt,
        .UnloadHandler = miniport_unload,
        .PauseHandler = (MINIPORT_PAUSE_HANDLER)pause,
        .RestartHandler = (MINIPORT_RESTART_HANDLER)pause,
        .OidRequestHandler = miniport_oid,
        .SendNetBufferListsHandler = miniport_send,
        .ReturnNetBufferListsHandler = miniport_return,
        .CancelSendHandler = cancel,
        .CancelOidRequestHandler = cancel,
        .DevicePnPEventNotifyHandler = miniport_event,
        .ShutdownHandlerEx = miniport_shutdown,
    };

    return NdisMRegisterMiniportDriver(
        object, path, NULL, &characteristics, &bench.miniport_driver);
}

static VOID
filter_send(NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    NdisFSendNetBufferLists(((struct filter *)context)->module, chain, port, flags);
}

static VOID
filter_complete(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    NdisFSendNetBufferListsComplete(((struct filter *)context)->module, chain, flags);
}

static NDIS_STATUS
filter_attach(NDIS_HANDLE handle, NDIS_HANDLE context, PNDIS_FILTER_ATTACH_PARAMETERS parameters)
{
    NDIS_FILTER_ATTRIBUTES attributes = {
        .Header = HEADER(FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1)};

    UNREFERENCED_PARAMETER(parameters);
    ((struct filter *)context)->module = handle;
    return NdisFSetAttributes(handle, context, &attributes);
}

static VOID
filter_detach(NDIS_HANDLE context)
{
    ((struct filter *)context)->module = NULL;
}

static struct filter *
filter_of(PDRIVER_OBJECT object)
{
    struct filter *filter = bench.filters;

    while (filter->object != object)
        filter++;
    return filter;
}

static VOID
filter_unload(PDRIVER_OBJECT object)
{
    struct filter *filter = filter_of(object);

    NdisFDeregisterFilterDriver(filter->driver);
    filter->object = NULL;
}

static NTSTATUS
filter_entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    struct filter *filter = filter_of(NULL);
    NDIS_FILTER_DRIVER_CHARACTERISTICS characteristics = {
        .Header = HEADER(FILTER_DRIVER_CHARACTERISTICS, NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .FriendlyName = RTL_CONSTANT_STRING(L"bench"),
        .UniqueName = RTL_CONSTANT_STRING(L"{6C1B8C3E-0C1E-4C57-9C7E-0A5B7A3D1F00}"),
        .ServiceName = RTL_CONSTANT_STRING(L"bench"),
        .AttachHandler = filter_attach,
        .DetachHandler = filter_detach,
        .RestartHandler = (FILTER_RESTART_HANDLER)pause,
        .PauseHandler = (FILTER_PAUSE_HANDLER)pause,
        .SendNetBufferListsHandler = filter_send,
        .SendNetBufferListsCompleteHandler = filter_complete,
    };

    UNREFERENCED_PARAMETER(path);
    object->DriverUnload = filter_unload;
    filter->object = object;
    return NdisFRegisterFilterDriver(object, filter, &characteristics, &filter->driver);
}

static VOID
open_complete(NDIS_HANDLE context, NDIS_STATUS status)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(status);
    NdisSetEvent(&bench.done);
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

static VOID
protocol_receive(
    NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(count);
    if (NDIS_TEST_RECEIVE_CAN_PEND(flags))
        NdisReturnNetBufferLists(bench.binding, chain, 0);
}

static VOID
protocol_complete(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(flags);
    bench.back = chain;
}

static NDIS_STATUS
protocol_event(NDIS_HANDLE context, PNET_PNP_EVENT_NOTIFICATION event)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(event);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
make_packets(void)
{
    NET_BUFFER_LIST_POOL_PARAMETERS parameters = {
        .Header = HEADER(DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1),
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG,
    };
    unsigned i;

    bench.pool = NdisAllocateNetBufferListPool(bench.protocol, &parameters);
    bench.mdl = NdisAllocateMdl(bench.protocol, bench.frame, FRAME_SIZE);
    if (!bench.pool || !bench.mdl)
        return NDIS_STATUS_RESOURCES;
    for (i = 0; i < BATCH_MAX; i++) {
        bench.nbls[i] =
            NdisAllocateNetBufferAndNetBufferList(bench.pool, 0, 0, bench.mdl, 0, FRAME_SIZE);
        if (!bench.nbls[i])
            return NDIS_STATUS_RESOURCES;
        bench.nbls[i]->SourceHandle = bench.binding;
    }
    return NDIS_STATUS_SUCCESS;
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
    NdisInitializeEvent(&bench.done);
    status = NdisOpenAdapterEx(bench.protocol, &bench, &open, bind, &bench.binding);
    if (status == NDIS_STATUS_PENDING) {
        NdisWaitEvent(&bench.done, 0);
        status = NDIS_STATUS_SUCCESS;
    }
    return status == NDIS_STATUS_SUCCESS ? make_packets() : status;
}

static NDIS_STATUS
protocol_unbind(NDIS_HANDLE unbind, NDIS_HANDLE context)
{
    unsigned i;

    UNREFERENCED_PARAMETER(unbind);
    UNREFERENCED_PARAMETER(context);
    NdisResetEvent(&bench.done);
    if (NdisCloseAdapterEx(bench.binding) == NDIS_STATUS_PENDING)
        NdisWaitEvent(&bench.done, 0);
    for (i = 0; i < BATCH_MAX; i++)
        NdisFreeNetBufferList(bench.nbls[i]);
    NdisFreeMdl(bench.mdl);
    NdisFreeNetBufferListPool(bench.pool);
    return NDIS_STATUS_SUCCESS;
}

static VOID
protocol_unload(PDRIVER_OBJECT object)
{
    UNREFERENCED_PARAMETER(object);
    NdisDeregisterProtocolDriver(bench.protocol);
}

static NTSTATUS
protocol_entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS characteristics = {
        .Header =
            HEADER(PROTOCOL_DRIVER_CHARACTERISTICS, NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
                NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .Name = RTL_CONSTANT_STRING(L"source"),
        .BindAdapterHandlerEx = protocol_bind,
        .UnbindAdapterHandlerEx = protocol_unbind,
        .OpenAdapterCompleteHandlerEx = open_complete,
        .CloseAdapterCompleteHandlerEx = close_complete,
        .NetPnPEventHandler = protocol_event,
        .OidRequestCompleteHandler = oid_complete,
        .ReceiveNetBufferListsHandler = protocol_receive,
        .SendNetBufferListsCompleteHandler = protocol_complete,
    };

    UNREFERENCED_PARAMETER(path);
    object->DriverUnload = protocol_unload;
    return NdisRegisterProtocolDriver(NULL, &characteristics, &bench.protocol);
}

struct run {
    unsigned filters, batch;
    uint64_t packets, ns;
    bool lost;
};

/* Inside the machine: sends, over and over, the batch that has just come back. */
static void
run_inside(void *context)
{
    struct run *run = context;
    uint64_t begin;
    uint64_t sent;
    unsigned i;
    KIRQL irql;

    for (i = 0; i < run->batch; i++)
        NET_BUFFER_LIST_NEXT_NBL(bench.nbls[i]) = i + 1 < run->batch ? bench.nbls[i + 1] : NULL;
    bench.back = bench.nbls[0];
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    begin = clock_now();
    for (sent = 0; sent < run->packets && bench.back; sent += run->batch) {
        PNET_BUFFER_LIST chain = bench.back;

        bench.back = NULL;
        NdisSendNetBufferLists(
            bench.binding, chain, NDIS_DEFAULT_PORT_NUMBER, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
    }
    run->ns = clock_now() - begin;
    KeLowerIrql(irql);
    run->lost = !bench.back;
}

static int
fail(const char *what)
{
    fprintf(stderr, "path: %s: %s\n", what, undis_error());
    return 1;
}

static int
add(struct undis *machine, const char *name, PDRIVER_INITIALIZE entry, struct undis_driver **driver)
{
    return undis_driver_add(machine, name, (int32_t(*)(void *, void *))entry, driver);
}

static int
build(struct undis *machine, unsigned filters, struct undis_stack **stack)
{
    static const char *const names[] = {"filter0", "filter1"};
    struct undis_driver *list[FILTERS_MAX + 1] = {NULL}, *protocols[2] = {NULL};
    struct undis_stack_config config = {
        .size = sizeof(config), .filters = list, .protocols = protocols};
    int error = add(machine, "memory", miniport_entry, &config.miniport);

    for (unsigned i = 0; !error && i < filters && i < FILTERS_MAX; i++)
        error = add(machine, names[i], filter_entry, &list[i]);
    if (!error)
        error = add(machine, "source", protocol_entry, &protocols[0]);
    if (!error)
        error = undis_stack_create(machine, &config, stack);
    return error ? error : undis_stack_start(*stack);
}

static int
measure(struct run *run)
{
    const char *executive = getenv("UNDIS_EXECUTIVE");
    struct undis_config config = {.size = sizeof(config),
        .executive =
            executive && !strcmp(executive, "simulated") ? UNDIS_SIMULATED : UNDIS_THREADS};
    struct run first = {.batch = run->batch, .packets = run->batch};
    struct undis_usage before, after;
    struct undis_stack *stack;
    struct undis *machine;

    memset(&bench, 0, sizeof(bench));
    if (undis_create(&config, &machine))
        return fail("machine");
    if (build(machine, run->filters, &stack))
        return fail("stack");
    /* Once for what is made on first use. Tasks of the start may still end: fewer blocks is fine. */
    if (undis_call(machine, run_inside, &first))
        return fail("first run");
    undis_usage(machine, &before);
    if (undis_call(machine, run_inside, run))
        return fail("run");
    undis_usage(machine, &after);
    if (undis_destroy(machine))
        return fail("end");
    if (run->lost || after.arena_blocks > before.arena_blocks) {
        fprintf(stderr, "path: %s (%zu and %zu blocks)\n",
            run->lost ? "a batch did not come back" : "memory was kept", before.arena_blocks,
            after.arena_blocks);
        return 1;
    }
    return 0;
}

int
main(int argc, char **argv)
{
    struct run run = {0};

    if (argc == 4) {
        run.filters = (unsigned)strtoul(argv[1], NULL, 10);
        run.batch = (unsigned)strtoul(argv[2], NULL, 10);
        run.packets = strtoull(argv[3], NULL, 10);
        if (run.filters <= FILTERS_MAX && run.batch >= 1 && run.batch <= BATCH_MAX)
            return measure(&run);
    }
    if (argc != 1) {
        fputs("usage: path [FILTERS(0-2) BATCH(1-32) PACKETS]\n", stderr);
        return 2;
    }
    for (run.filters = 0; run.filters <= FILTERS_MAX; run.filters++)
        for (run.batch = 1; run.batch <= BATCH_MAX; run.batch *= BATCH_MAX) {
            run.packets = 4000000;
            if (measure(&run))
                return 1;
            printf("%u filters, batch %2u: %6.1f ns per packet\n", run.filters, run.batch,
                (double)run.ns / (double)run.packets);
        }
    return 0;
}
