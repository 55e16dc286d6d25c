/* SPDX-License-Identifier: MIT */
/* looknic as token ring and as FDDI: what the port has as Ethernet comes up with the header of the
 * medium and an LLC/SNAP header, by NdisMTrIndicateReceive and NdisMFddiIndicateReceive, and what
 * is sent so goes out as Ethernet (r5-receivecomplete-follows, r5-lookahead-honoured).
 */
#define NDIS630 1

#include <ndis.h>

#include "frame.h"
#include "machine.h"
#include <string.h>

#define HEADER(type, revision, size)                                                               \
    {                                                                                              \
        NDIS_OBJECT_TYPE_##type, revision, size                                                    \
    }

static const UCHAR snap[6] = {0xAA, 0xAA, 3, 0, 0, 0};

/* A protocol that sends back what it gets. */
static struct {
    NDIS_HANDLE protocol, binding, pool;
    NDIS_MEDIUM medium;
    UINT control; /* bytes before the addresses */
    UCHAR first;  /* what they begin with */
    NDIS_EVENT done;
    UCHAR frame[2048];
    test_counter received, sent, wrong;
} echo;

static void
check_frame(const UCHAR *frame, ULONG length)
{
    if (length < echo.control + 12 + sizeof(snap) || frame[0] != echo.first ||
        memcmp(frame + echo.control + 12, snap, sizeof(snap)) != 0)
        echo.wrong++;
}

static void
send_back(PNET_BUFFER nb)
{
    ULONG length = NET_BUFFER_DATA_LENGTH(nb);
    PUCHAR data = NdisGetDataBuffer(nb, length, echo.frame, 1, 0);
    PNET_BUFFER_LIST nbl;
    PMDL mdl;

    CHECK(data && length <= sizeof(echo.frame));
    if (data != echo.frame)
        memcpy(echo.frame, data, length);
    check_frame(echo.frame, length);
    mdl = NdisAllocateMdl(echo.protocol, echo.frame, length);
    CHECK(mdl);
    nbl = NdisAllocateNetBufferAndNetBufferList(echo.pool, 0, 0, mdl, 0, length);
    CHECK(nbl);
    nbl->SourceHandle = echo.binding;
    NdisSendNetBufferLists(echo.binding, nbl, 0, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}

static VOID
echo_receive(
    NDIS_HANDLE context, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(port);
    echo.received += count;
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = NET_BUFFER_LIST_NEXT_NBL(nbl))
        send_back(NET_BUFFER_LIST_FIRST_NB(nbl));
    if (NDIS_TEST_RECEIVE_CAN_PEND(flags))
        NdisReturnNetBufferLists(echo.binding, chain, 0);
}

static VOID
echo_complete(NDIS_HANDLE context, PNET_BUFFER_LIST chain, ULONG flags)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(flags);
    while (chain) {
        PNET_BUFFER_LIST nbl = chain;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        if (NET_BUFFER_LIST_STATUS(nbl) != NDIS_STATUS_SUCCESS)
            echo.wrong++;
        NdisFreeMdl(NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(nbl)));
        NdisFreeNetBufferList(nbl);
        echo.sent++;
    }
}

static VOID
open_complete(NDIS_HANDLE context, NDIS_STATUS status)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(status);
    NdisSetEvent(&echo.done);
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
echo_event(NDIS_HANDLE context, PNET_PNP_EVENT_NOTIFICATION event)
{
    UNREFERENCED_PARAMETER(context);
    UNREFERENCED_PARAMETER(event);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
echo_bind(NDIS_HANDLE context, NDIS_HANDLE bind, PNDIS_BIND_PARAMETERS parameters)
{
    UINT selected;
    NDIS_OPEN_PARAMETERS open = {
        .Header = HEADER(OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1),
        .AdapterName = parameters->AdapterName,
        .MediumArray = &echo.medium,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &selected,
    };
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(context);
    NdisInitializeEvent(&echo.done);
    status = NdisOpenAdapterEx(echo.protocol, &echo, &open, bind, &echo.binding);
    if (status == NDIS_STATUS_PENDING)
        NdisWaitEvent(&echo.done, 0);
    return status == NDIS_STATUS_PENDING ? NDIS_STATUS_SUCCESS : status;
}

static NDIS_STATUS
echo_unbind(NDIS_HANDLE unbind, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(unbind);
    UNREFERENCED_PARAMETER(context);
    NdisResetEvent(&echo.done);
    if (NdisCloseAdapterEx(echo.binding) == NDIS_STATUS_PENDING)
        NdisWaitEvent(&echo.done, 0);
    return NDIS_STATUS_SUCCESS;
}

static VOID
echo_unload(PDRIVER_OBJECT object)
{
    UNREFERENCED_PARAMETER(object);
    NdisFreeNetBufferListPool(echo.pool);
    NdisDeregisterProtocolDriver(echo.protocol);
}

static int32_t
entry(void *driver, void *path)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS c = {
        .Header =
            HEADER(PROTOCOL_DRIVER_CHARACTERISTICS, NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
                NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2),
        .MajorNdisVersion = 6,
        .MinorNdisVersion = 30,
        .Name = RTL_CONSTANT_STRING(L"echo"),
        .BindAdapterHandlerEx = echo_bind,
        .UnbindAdapterHandlerEx = echo_unbind,
        .OpenAdapterCompleteHandlerEx = open_complete,
        .CloseAdapterCompleteHandlerEx = close_complete,
        .NetPnPEventHandler = echo_event,
        .OidRequestCompleteHandler = oid_complete,
        .ReceiveNetBufferListsHandler = echo_receive,
        .SendNetBufferListsCompleteHandler = echo_complete,
    };
    NET_BUFFER_LIST_POOL_PARAMETERS pool = {
        .Header = HEADER(DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1),
        .fAllocateNetBuffer = TRUE,
        .PoolTag = 'ohcE',
    };

    (void)path;
    ((PDRIVER_OBJECT)driver)->DriverUnload = echo_unload;
    CHECK_EQ(NdisRegisterProtocolDriver(NULL, &c, &echo.protocol), NDIS_STATUS_SUCCESS);
    echo.pool = NdisAllocateNetBufferListPool(echo.protocol, &pool);
    CHECK(echo.pool);
    return STATUS_SUCCESS;
}

static void
got(void *context, const void *frame, size_t length)
{
    frames_see(context, frame, (uint32_t)length);
}

/* The frames are for everybody, the packet filter lets all through. */
static void
medium(const char *number, NDIS_MEDIUM kind, UINT control, UCHAR first, uint32_t lookahead)
{
    uint32_t filter = NDIS_PACKET_TYPE_PROMISCUOUS, length = sizeof(filter), status;
    struct undis_driver *protocols[2] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};
    struct undis *machine = test_machine();
    struct frames frames = {0};
    struct undis_stack *stack;
    uint8_t frame[FRAME_MAX];

    test_case("medium %s, look-ahead %u", number, lookahead);
    memset(&echo, 0, sizeof(echo));
    echo.medium = kind;
    echo.control = control;
    echo.first = first;
    config.miniport = test_driver(machine, "looknic");
    CHECK_OK(undis_driver_add(machine, "echo", entry, &protocols[0]));
    CHECK_OK(undis_set(machine, "looknic", "Medium", number));
    CHECK_OK(undis_port_program(machine, got, &frames, &config.bottom));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_OK(
        undis_stack_oid(stack, true, OID_GEN_CURRENT_PACKET_FILTER, &filter, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    length = sizeof(lookahead);
    CHECK_OK(undis_stack_oid(stack, true, OID_GEN_CURRENT_LOOKAHEAD, &lookahead, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    for (unsigned i = 0; i < 20; i++) {
        frame_fill(frame, FRAME_MIN + 70 * i, 3, i);
        CHECK_OK(undis_port_inject(config.bottom, frame, FRAME_MIN + 70 * i));
        test_wait_count(machine, &echo.sent, i + 1);
    }
    CHECK_EQ(echo.received, 20);
    CHECK_EQ(echo.wrong, 0);
    undis_run(machine, 1000000);
    CHECK_EQ(frames.count, 20);
    CHECK_EQ(frames.bad + frames.disorder, 0);
    CHECK_OK(undis_stack_remove(stack));
    undis_port_close(config.bottom);
    test_unload(machine, protocols[0]);
    test_unload(machine, config.miniport);
    test_machine_end(machine);
}

int
main(void)
{
    medium("1", NdisMedium802_5, 2, 0x10, 1500);
    medium("1", NdisMedium802_5, 2, 0x10, 40);
    medium("2", NdisMediumFddi, 1, 0x57, 1500);
    medium("2", NdisMediumFddi, 1, 0x57, 40);
    return 0;
}
