/* SPDX-License-Identifier: MIT */
/* serialized - full duplex on two cores: a serialized miniport against a deserialized one
 *
 *     core A   w ns of a protocol per packet, send    --> c ns of the miniport per packet
 *     core B   w ns of a protocol per packet, return  --> c ns of the miniport, indicates again
 *
 *     serialized                  a table and a plot, critical sections of 0 to 2,000 ns
 *     serialized --svg FILE       the plot as SVG too
 *     serialized C W MS           one row: c and w in ns, milliseconds of each run
 *
 * The miniport's c ns are its critical section: NDIS lets nobody else into a serialized one
 * meanwhile, a deserialized one needs no lock for them. f, the locked share of the work, is what is
 * not the protocol's: 1 - w / (time per packet of one direction alone, serialized). Ideal: two cores do 2 times the work of one, serialized
 * min(2, 1/f); so the gain of deserialized is max(1, 2f). Medians of alternating runs, in CPU time;
 * the machine should be idle, or the two directions are not at work at the same time.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1
#define NDIS630              1

#include "lib/chain.h"
#include "lib/clock.h"
#include "lib/gain.h"

#include <ndis.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <undis.h>

#define BATCH   32u
#define CHAINS  4u  /* of BATCH sends */
#define PACKETS 64u /* that circulate on the way up */
#define GROUP   16u /* packets of one indication */
#define SIZE    64u
#define RUNS    5u
#define TAG     0x6C726553u /* "Serl" */

#define HEADER(type, revision, size)                                                               \
    {                                                                                              \
        NDIS_OBJECT_TYPE_##type, revision, size                                                    \
    }

/* What one core writes shares no line with what the other one reads; the processor fetches two. */
#define APART _Alignas(128)

/* One machine at a time. */
static struct {
    bool deserialized;
    unsigned inside, outside; /* rounds of work per packet: c and w */
    NDIS_HANDLE wrapper, adapter, packet_pool, buffer_pool;
    PNDIS_PACKET packets[PACKETS];
    NDIS_HANDLE protocol, binding, pool;
    NDIS_EVENT done;
    PMDL mdl;
    PNET_BUFFER_LIST nbls[CHAINS * BATCH];
    UCHAR frame[SIZE];
    bool stop;
    APART struct chain back;
    APART struct chain received;
    PNDIS_PACKET group[GROUP];
    unsigned in_group;
} bench;

static double rounds_per_ns;

/* The miniport */

static VOID
miniport_send(NDIS_HANDLE context, PPNDIS_PACKET packets, UINT count)
{
    UNREFERENCED_PARAMETER(context);
    for (UINT i = 0; i < count; i++) {
        work(bench.inside);
        if (bench.deserialized)
            NdisMSendComplete(bench.adapter, packets[i], NDIS_STATUS_SUCCESS);
        else
            NDIS_SET_PACKET_STATUS(packets[i], NDIS_STATUS_SUCCESS);
    }
}

/* A packet that comes back is the next one that arrives. */
static VOID
miniport_return(NDIS_HANDLE context, PNDIS_PACKET packet)
{
    UNREFERENCED_PARAMETER(context);
    if (__atomic_load_n(&bench.stop, __ATOMIC_RELAXED))
        return;
    work(bench.inside);
    NDIS_SET_PACKET_STATUS(packet, NDIS_STATUS_SUCCESS);
    bench.group[bench.in_group++] = packet;
    if (bench.in_group < GROUP)
        return;
    bench.in_group = 0;
    NdisMIndicateReceivePacket(bench.adapter, bench.group, GROUP);
}

static NDIS_STATUS
answer(const void *data, ULONG size, PVOID buffer, ULONG room, PULONG written, PULONG needed)
{
    *needed = size;
    *written = 0;
    if (room < size)
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(buffer, data, size);
    *written = size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
miniport_query(
    NDIS_HANDLE context, NDIS_OID oid, PVOID buffer, ULONG room, PULONG written, PULONG needed)
{
    static const NDIS_OID oids[] = {OID_GEN_SUPPORTED_LIST};
    static const UCHAR address[6] = {2, 0, 0, 0, 0, 1};

    UNREFERENCED_PARAMETER(context);
    if (oid == OID_GEN_SUPPORTED_LIST)
        return answer(oids, sizeof(oids), buffer, room, written, needed);
    if (oid == OID_802_3_CURRENT_ADDRESS || oid == OID_802_3_PERMANENT_ADDRESS)
        return answer(address, sizeof(address), buffer, room, written, needed);
    *written = *needed = 0;
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
miniport_set(
    NDIS_HANDLE context, NDIS_OID oid, PVOID buffer, ULONG length, PULONG read, PULONG needed)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(oid);
    UNREFERENCED_PARAMETER(buffer);
    UNREFERENCED_PARAMETER(length);
    *read = *needed = 0;
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
miniport_reset(PBOOLEAN addressing, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(context);
    *addressing = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
miniport_initialize(PNDIS_STATUS error, PUINT selected, PNDIS_MEDIUM media, UINT count,
    NDIS_HANDLE handle, NDIS_HANDLE configuration)
{
    NDIS_STATUS status;
    PNDIS_BUFFER buffer;

    UNREFERENCED_PARAMETER(error);
    UNREFERENCED_PARAMETER(configuration);
    *selected = 0;
    while (*selected < count && media[*selected] != NdisMedium802_3)
        ++*selected;
    bench.adapter = handle;
    NdisMSetAttributesEx(handle, &bench, 0, bench.deserialized ? NDIS_ATTRIBUTE_DESERIALIZE : 0,
        NdisInterfaceInternal);
    NdisAllocatePacketPool(&status, &bench.packet_pool, PACKETS, 0);
    if (status == NDIS_STATUS_SUCCESS)
        NdisAllocateBufferPool(&status, &bench.buffer_pool, PACKETS);
    for (unsigned i = 0; i < PACKETS && status == NDIS_STATUS_SUCCESS; i++) {
        NdisAllocatePacket(&status, &bench.packets[i], bench.packet_pool);
        if (status == NDIS_STATUS_SUCCESS)
            NdisAllocateBuffer(&status, &buffer, bench.buffer_pool, bench.frame, SIZE);
        if (status == NDIS_STATUS_SUCCESS)
            NdisChainBufferAtFront(bench.packets[i], buffer);
    }
    return status;
}

static VOID
miniport_halt(NDIS_HANDLE context)
{
    PNDIS_BUFFER buffer;

    UNREFERENCED_PARAMETER(context);
    for (unsigned i = 0; i < PACKETS; i++) {
        NdisUnchainBufferAtFront(bench.packets[i], &buffer);
        NdisFreeBuffer(buffer);
        NdisFreePacket(bench.packets[i]);
    }
    NdisFreeBufferPool(bench.buffer_pool);
    NdisFreePacketPool(bench.packet_pool);
}

static NTSTATUS
miniport_entry(PDRIVER_OBJECT object, PUNICODE_STRING path)
{
    NDIS_MINIPORT_CHARACTERISTICS c = {0};

    c.MajorNdisVersion = 5;
    c.MinorNdisVersion = 1;
    c.InitializeHandler = miniport_initialize;
    c.HaltHandler = miniport_halt;
    c.QueryInformationHandler = miniport_query;
    c.SetInformationHandler = miniport_set;
    c.ResetHandler = miniport_reset;
    c.SendPacketsHandler = miniport_send;
    c.ReturnPacketHandler = miniport_return;
    NdisMInitializeWrapper(&bench.wrapper, object, path, NULL);
    return NdisMRegisterMiniport(bench.wrapper, &c, sizeof(c));
}

/* The protocol, of NDIS 6 */

static VOID
protocol_receive(
    NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(count);
    UNREFERENCED_PARAMETER(flags);
    chain_put(&bench.received, chain);
}

static VOID
protocol_complete(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(flags);
    chain_put(&bench.back, chain);
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

static NDIS_STATUS
protocol_event(NDIS_HANDLE context, PNET_PNP_EVENT_NOTIFICATION event)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(event);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
make_sends(void)
{
    NET_BUFFER_LIST_POOL_PARAMETERS parameters = {
        .Header = HEADER(DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1),
        .fAllocateNetBuffer = TRUE,
        .PoolTag = TAG,
    };

    bench.pool = NdisAllocateNetBufferListPool(bench.protocol, &parameters);
    bench.mdl = NdisAllocateMdl(bench.protocol, bench.frame, SIZE);
    for (unsigned i = 0; bench.pool && bench.mdl && i < CHAINS * BATCH; i++) {
        bench.nbls[i] = NdisAllocateNetBufferAndNetBufferList(bench.pool, 0, 0, bench.mdl, 0, SIZE);
        if (!bench.nbls[i])
            return NDIS_STATUS_RESOURCES;
        bench.nbls[i]->SourceHandle = bench.binding;
    }
    return bench.pool && bench.mdl ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
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
    return status == NDIS_STATUS_SUCCESS ? make_sends() : status;
}

static NDIS_STATUS
protocol_unbind(NDIS_HANDLE unbind, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(unbind);
    UNREFERENCED_PARAMETER(context);
    NdisResetEvent(&bench.done);
    if (NdisCloseAdapterEx(bench.binding) == NDIS_STATUS_PENDING)
        NdisWaitEvent(&bench.done, 0);
    for (unsigned i = 0; i < CHAINS * BATCH; i++)
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
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS c = {
        .Header =
            HEADER(PROTOCOL_DRIVER_CHARACTERISTICS, NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
                NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .Name = RTL_CONSTANT_STRING(L"duplex"),
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
    return NdisRegisterProtocolDriver(NULL, &c, &bench.protocol);
}

/* The two directions */

struct side {
    struct undis *machine;
    void (*run)(void *);
    uint64_t packets, ns, end;
};

static bool
goes_on(const struct side *side)
{
    return clock_now() < side->end;
}

static void
transmit(void *context)
{
    struct side *side = context;
    uint64_t begin;
    KIRQL irql;

    for (unsigned i = 0; i < CHAINS * BATCH; i++)
        NET_BUFFER_LIST_NEXT_NBL(bench.nbls[i]) = i + 1 < CHAINS * BATCH ? bench.nbls[i + 1] : NULL;
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    chain_put(&bench.back, bench.nbls[0]);
    begin = clock_used();
    while (goes_on(side)) {
        PNET_BUFFER_LIST chain = chain_take(&bench.back, BATCH);
        unsigned n = 0;

        for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl), n++)
            work(bench.outside);
        if (chain)
            NdisSendNetBufferLists(bench.binding, chain, 0, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
        side->packets += n;
    }
    side->ns = clock_used() - begin;
    KeLowerIrql(irql);
}

static void
receive(void *context)
{
    struct side *side = context;
    uint64_t begin;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    for (unsigned i = 0; i < PACKETS; i++)
        NDIS_SET_PACKET_STATUS(bench.packets[i], NDIS_STATUS_SUCCESS);
    NdisMIndicateReceivePacket(bench.adapter, bench.packets, PACKETS);
    begin = clock_used();
    while (goes_on(side)) {
        PNET_BUFFER_LIST chain = chain_take(&bench.received, BATCH);
        unsigned n = 0;

        for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl), n++)
            work(bench.outside);
        if (chain)
            NdisReturnNetBufferLists(bench.binding, chain, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
        side->packets += n;
    }
    side->ns = clock_used() - begin;
    KeLowerIrql(irql);
}

/* What circulates comes to rest. */
static void
settle(void *context)
{
    PNET_BUFFER_LIST chain;
    KIRQL irql;

    (void)context;
    __atomic_store_n(&bench.stop, true, __ATOMIC_RELAXED);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    while ((chain = chain_take(&bench.received, PACKETS)))
        NdisReturnNetBufferLists(bench.binding, chain, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
    KeLowerIrql(irql);
}

static void *
side_main(void *context)
{
    struct side *side = context;

    undis_call(side->machine, side->run, side);
    return NULL;
}

static int
build(struct undis *machine, struct undis_stack **stack)
{
    struct undis_driver *protocols[2] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};

    return undis_driver_add(
               machine, "nic", (int32_t(*)(void *, void *))miniport_entry, &config.miniport) ||
           undis_driver_add(
               machine, "duplex", (int32_t(*)(void *, void *))protocol_entry, &protocols[0]) ||
           undis_stack_create(machine, &config, stack) || undis_stack_start(*stack);
}

static void
go(struct undis *machine, struct side *sides, unsigned which, unsigned ms)
{
    pthread_t threads[2];
    uint64_t end = clock_now() + ms * 1000000ull;

    for (unsigned i = 0; i < 2; i++) {
        sides[i] = (struct side){machine, i ? receive : transmit, 0, 1, end};
        if (which & 1u << i)
            pthread_create(&threads[i], NULL, side_main, &sides[i]);
    }
    for (unsigned i = 0; i < 2; i++)
        if (which & 1u << i)
            pthread_join(threads[i], NULL);
}

/* Packets per ns of each direction; @which: 1 sends, 2 receives, 3 both. */
static int
measure(bool deserialized, unsigned c, unsigned w, unsigned which, unsigned ms, double rate[2])
{
    struct undis_config config = {
        .size = sizeof(config), .executive = UNDIS_THREADS, .processors = 2};
    struct undis_stack *stack;
    struct undis *machine;
    struct side sides[2];

    memset(&bench, 0, sizeof(bench));
    bench.deserialized = deserialized;
    bench.inside = (unsigned)(c * rounds_per_ns);
    bench.outside = (unsigned)(w * rounds_per_ns);
    if (undis_create(&config, &machine) || build(machine, &stack)) {
        fprintf(stderr, "serialized: %s\n", undis_error());
        return 1;
    }
    go(machine, sides, which, ms);
    undis_call(machine, settle, NULL);
    for (unsigned i = 0; i < 2; i++)
        rate[i] = (double)sides[i].packets / (double)sides[i].ns;
    return undis_destroy(machine);
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(double *values)
{
    qsort(values, RUNS, sizeof(*values), compare);
    return values[RUNS / 2];
}

/* How much more two cores do than one, each direction by its own measure. */
static int
measure_row(struct row *row, unsigned c, unsigned w, unsigned ms)
{
    double scale[2][RUNS], share[RUNS];

    for (unsigned run = 0; run < RUNS; run++) {
        for (unsigned kind = 0; kind < 2; kind++) {
            double alone[2], none[2], both[2];

            if (measure(kind, c, w, 1, ms, none))
                return 1;
            alone[0] = none[0];
            if (measure(kind, c, w, 2, ms, none) || measure(kind, c, w, 3, ms, both))
                return 1;
            alone[1] = none[1];
            scale[kind][run] = both[0] / alone[0] + both[1] / alone[1];
            if (!kind)
                share[run] = 1 - w * (alone[0] + alone[1]) / 2;
        }
    }
    row->c = c;
    row->f = median(share);
    row->ideal = row->f > 0.5 ? 1 / row->f : 2;
    row->scale[0] = median(scale[0]);
    row->scale[1] = median(scale[1]);
    return 0;
}

static int
sweep(const char *svg)
{
    static const unsigned sections[] = {0, 50, 100, 200, 350, 500, 700, 1000, 1500, 2000};
    enum { COUNT = sizeof(sections) / sizeof(sections[0]) };
    struct row rows[COUNT];

    puts("2 cores, full duplex, 500 ns of a protocol's work per packet outside the miniport");
    gain_print_head();
    for (unsigned i = 0; i < COUNT; i++) {
        if (measure_row(&rows[i], sections[i], 500, 100))
            return 1;
        gain_print(&rows[i]);
    }
    gain_plot(rows, COUNT);
    return svg ? gain_write_svg(svg, rows, COUNT) : 0;
}

int
main(int argc, char **argv)
{
    struct row row;

    rounds_per_ns = work_rounds_per_ns();
    if (argc == 1)
        return sweep(NULL);
    if (argc == 3 && !strcmp(argv[1], "--svg"))
        return sweep(argv[2]);
    if (argc != 4) {
        fputs("usage: serialized [--svg FILE | C W MS]\n", stderr);
        return 2;
    }
    if (measure_row(&row, (unsigned)strtoul(argv[1], NULL, 10),
            (unsigned)strtoul(argv[2], NULL, 10), (unsigned)strtoul(argv[3], NULL, 10)))
        return 1;
    gain_print_head();
    gain_print(&row);
    return 0;
}
