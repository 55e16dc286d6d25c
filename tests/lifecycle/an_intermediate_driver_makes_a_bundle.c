/* SPDX-License-Identifier: MIT */
/* Two virtual miniports of one intermediate driver of NDIS 5, over two adapters, make a bundle:
 * protocols are bound to the primary one only, its sends go out by both adapters, and it indicates
 * what either receives. When the primary one's adapter goes, the other is promoted, in the halt or
 * behind it, and the same protocols are bound to that; when the secondary one's goes, they stay.
 *
 *        protocol - - - - - - - -.  (bound when it is promoted)
 *           |                    .
 *     upper0, primary     upper1, secondary      virtual miniports
 *           |     \        /     |
 *         lower0   `------'    lower1            the adapters below: NDIS 6 and NDIS 5
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1
#define NDIS51               1

#include <ndis.h>

#include "frame.h"
#include "rig.h"
#include <stdio.h>
#include <string.h>

#define PACKETS 64u

static enum { IN_HALT, AFTER_HALT } promotes;

/* One adapter below and the virtual miniport over it. */
static struct half {
    NDIS_HANDLE binding, pool;
    _Atomic(NDIS_HANDLE) miniport; /* NULL: not there */
    NDIS_EVENT done;
    NDIS_STATUS status;
    NDIS_STRING instance;
    WCHAR name[96];
    NDIS_REQUEST request;
    ULONG filter;
} halves[2];
static NDIS_HANDLE layer, protocol_handle;
static _Atomic(struct half *) primary;
static test_counter bound, turns, halted;

static struct half *
other(const struct half *half)
{
    return &halves[half == &halves[0]];
}

/* A packet of ours around the buffers of another one. */
static PNDIS_PACKET
carry(struct half *half, PNDIS_PACKET packet)
{
    PNDIS_PACKET ours;
    NDIS_STATUS status;

    NdisAllocatePacket(&status, &ours, half->pool);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    ours->Private.Head = packet->Private.Head;
    ours->Private.Tail = packet->Private.Tail;
    *(PNDIS_PACKET *)ours->ProtocolReserved = packet;
    return ours;
}

/* The virtual miniports. */

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    struct half *half = NdisIMGetDeviceContext(MiniportAdapterHandle);
    struct half *first = NULL;
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != NdisMedium802_3)
        i++;
    CHECK(i < MediumArraySize);
    *SelectedMediumIndex = i;
    NdisMSetAttributesEx(MiniportAdapterHandle, half, 0,
        NDIS_ATTRIBUTE_IGNORE_PACKET_TIMEOUT | NDIS_ATTRIBUTE_IGNORE_REQUEST_TIMEOUT |
            NDIS_ATTRIBUTE_INTERMEDIATE_DRIVER | NDIS_ATTRIBUTE_DESERIALIZE |
            NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND,
        NdisInterfaceInternal);
    if (!__atomic_compare_exchange_n(
            (struct half **)&primary, &first, half, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        CHECK_EQ(NdisMSetMiniportSecondary(MiniportAdapterHandle, first->miniport), 0);
    half->miniport = MiniportAdapterHandle;
    return NDIS_STATUS_SUCCESS;
}

/* The other one takes the place of the primary one. */
static VOID
promote(struct half *half)
{
    struct half *heir = other(half);

    if (primary != half || !heir->miniport)
        return;
    primary = heir;
    CHECK_EQ(NdisMPromoteMiniport(heir->miniport), NDIS_STATUS_SUCCESS);
    CHECK_EQ((uint32_t)NdisMPromoteMiniport(heir->miniport), (uint32_t)NDIS_STATUS_FAILURE);
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    struct half *half = MiniportAdapterContext;

    half->miniport = NULL;
    if (promotes == IN_HALT)
        promote(half);
    halted++;
}

static NDIS_STATUS
query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    static const NDIS_OID oids[] = {OID_GEN_SUPPORTED_LIST, OID_802_3_CURRENT_ADDRESS};
    static const UCHAR address[6] = {2, 0, 0, 0, 0, 9};
    const void *answer = Oid == OID_GEN_SUPPORTED_LIST ? (const void *)oids : address;
    ULONG size = Oid == OID_GEN_SUPPORTED_LIST ? sizeof(oids) : sizeof(address);

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *BytesWritten = *BytesNeeded = 0;
    if (Oid != OID_GEN_SUPPORTED_LIST && Oid != OID_802_3_CURRENT_ADDRESS &&
        Oid != OID_802_3_PERMANENT_ADDRESS)
        return NDIS_STATUS_NOT_SUPPORTED;
    *BytesNeeded = size;
    if (InformationBufferLength < size)
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(InformationBuffer, answer, size);
    *BytesWritten = size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(InformationBuffer);
    *BytesNeeded = 0;
    *BytesRead = Oid == OID_GEN_CURRENT_PACKET_FILTER ? InformationBufferLength : 0;
    return *BytesRead ? NDIS_STATUS_SUCCESS : NDIS_STATUS_NOT_SUPPORTED;
}

/* By this half or, every second time, by the other one while that is there. */
static VOID
send_packets(NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    struct half *half = MiniportAdapterContext;

    CHECK(half == primary);
    for (UINT i = 0; i < NumberOfPackets; i++) {
        struct half *by = turns++ % 2 && other(half)->miniport ? other(half) : half;
        PNDIS_PACKET ours = carry(by, PacketArray[i]);
        NDIS_STATUS status;

        NdisSend(&status, by->binding, ours);
        if (status == NDIS_STATUS_PENDING)
            continue;
        NdisFreePacket(ours);
        NdisMSendComplete(half->miniport, PacketArray[i], status);
    }
}

static VOID
never_returned(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Packet);
    CHECK(!"a packet that was indicated with NDIS_STATUS_RESOURCES came back");
}

/* The bindings below. */

static VOID
send_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    PNDIS_PACKET upper = *(PNDIS_PACKET *)Packet->ProtocolReserved;
    struct half *to = primary;

    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    NdisFreePacket(Packet);
    NdisMSendComplete(to->miniport, upper, Status);
}

static INT
receive_packet(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet)
{
    struct half *half = ProtocolBindingContext, *to = primary;
    PNDIS_PACKET ours = carry(half, Packet);

    NDIS_SET_PACKET_STATUS(ours, NDIS_STATUS_RESOURCES);
    NdisMIndicateReceivePacket(to->miniport, &ours, 1);
    NdisFreePacket(ours);
    return 0;
}

static NDIS_STATUS
receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext, PVOID HeaderBuffer,
    UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize, UINT PacketSize)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(MacReceiveContext);
    UNREFERENCED_PARAMETER(HeaderBuffer);
    UNREFERENCED_PARAMETER(HeaderBufferSize);
    UNREFERENCED_PARAMETER(LookAheadBuffer);
    UNREFERENCED_PARAMETER(LookaheadBufferSize);
    UNREFERENCED_PARAMETER(PacketSize);
    CHECK(!"a miniport that indicates packets was looked ahead");
    return NDIS_STATUS_NOT_ACCEPTED;
}

static VOID
nothing(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
}

static VOID
status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(GeneralStatus);
    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
}

static VOID
opened(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    struct half *half = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    half->status = Status;
    NdisSetEvent(&half->done);
}

static VOID
closed(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    opened(ProtocolBindingContext, Status, Status);
}

static VOID
requested(NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(NdisRequest);
    opened(ProtocolBindingContext, Status, Status);
}

static VOID
transferred(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status, UINT Bytes)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Packet);
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(Bytes);
    CHECK(!"the end of a transfer that nobody began");
}

static NDIS_STATUS
wait(struct half *half, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_PENDING)
        return status;
    NdisWaitEvent(&half->done, 0);
    NdisResetEvent(&half->done);
    return half->status;
}

static VOID
read_name(struct half *half, PNDIS_STRING section)
{
    NDIS_STRING keyword = NDIS_STRING_CONST("UpperBindings");
    PNDIS_CONFIGURATION_PARAMETER value;
    NDIS_HANDLE configuration;
    NDIS_STATUS status;

    NdisOpenProtocolConfiguration(&status, &configuration, section);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisReadConfiguration(&status, &value, configuration, &keyword, NdisParameterString);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK(value->ParameterData.StringData.Length <= sizeof(half->name));
    memcpy(
        half->name, value->ParameterData.StringData.Buffer, value->ParameterData.StringData.Length);
    RtlInitUnicodeString(&half->instance, half->name); /* the first of a list */
    NdisCloseConfiguration(configuration);
}

/* What the adapter receives is to come. */
static VOID
set_filter(struct half *half)
{
    NDIS_STATUS result;

    half->filter = NDIS_PACKET_TYPE_PROMISCUOUS;
    half->request.RequestType = NdisRequestSetInformation;
    half->request.DATA.SET_INFORMATION.Oid = OID_GEN_CURRENT_PACKET_FILTER;
    half->request.DATA.SET_INFORMATION.InformationBuffer = &half->filter;
    half->request.DATA.SET_INFORMATION.InformationBufferLength = sizeof(half->filter);
    NdisRequest(&result, half->binding, &half->request);
    CHECK_EQ(wait(half, result), NDIS_STATUS_SUCCESS);
}

static VOID
bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName, PVOID SystemSpecific1,
    PVOID SystemSpecific2)
{
    NDIS_MEDIUM media[] = {NdisMedium802_3};
    struct half *half = &halves[bound++];
    NDIS_STATUS result, error;
    UINT selected;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    NdisInitializeEvent(&half->done);
    NdisAllocatePacketPool(&result, &half->pool, PACKETS, sizeof(PNDIS_PACKET));
    CHECK_EQ(result, NDIS_STATUS_SUCCESS);
    NdisOpenAdapter(&result, &error, &half->binding, &selected, media, 1, protocol_handle, half,
        DeviceName, 0, NULL);
    CHECK_EQ(wait(half, result), NDIS_STATUS_SUCCESS);
    read_name(half, SystemSpecific1);
    set_filter(half);
    *Status = NdisIMInitializeDeviceInstanceEx(layer, &half->instance, half);
}

static VOID
unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    struct half *half = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    CHECK_EQ(NdisIMDeInitializeDeviceInstance(half->miniport), NDIS_STATUS_SUCCESS);
    CHECK(!half->miniport);
    if (promotes == AFTER_HALT)
        promote(half);
    NdisCloseAdapter(Status, half->binding);
    *Status = wait(half, *Status);
    NdisFreePacketPool(half->pool);
}

static NDIS_STATUS
event(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    const struct half *half = ProtocolBindingContext;

    if (!half || !half->miniport)
        return NDIS_STATUS_SUCCESS;
    return NdisIMNotifyPnPEvent(half->miniport, NetPnPEvent);
}

/* The driver. */

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS result;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&result, protocol_handle);
    NdisIMDeregisterLayeredMiniport(layer);
}

static int32_t
entry(void *object, void *path)
{
    NDIS51_MINIPORT_CHARACTERISTICS above = {.MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .InitializeHandler = initialize,
        .HaltHandler = halt,
        .QueryInformationHandler = query,
        .SetInformationHandler = set,
        .SendPacketsHandler = send_packets,
        .ReturnPacketHandler = never_returned};
    NDIS_PROTOCOL_CHARACTERISTICS below = {.MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .Name = NDIS_STRING_CONST("bundle"),
        .OpenAdapterCompleteHandler = opened,
        .CloseAdapterCompleteHandler = closed,
        .SendCompleteHandler = send_complete,
        .TransferDataCompleteHandler = transferred,
        .ResetCompleteHandler = closed,
        .RequestCompleteHandler = requested,
        .ReceiveHandler = receive,
        .ReceiveCompleteHandler = nothing,
        .StatusHandler = status,
        .StatusCompleteHandler = nothing,
        .ReceivePacketHandler = receive_packet,
        .BindAdapterHandler = bind,
        .UnbindAdapterHandler = unbind,
        .PnPEventHandler = event};
    NDIS_HANDLE wrapper;
    NDIS_STATUS result;

    NdisMInitializeWrapper(&wrapper, object, path, NULL);
    CHECK_EQ(NdisIMRegisterLayeredMiniport(
                 wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&above, sizeof(above), &layer),
        NDIS_STATUS_SUCCESS);
    NdisMRegisterUnloadHandler(wrapper, unload);
    NdisRegisterProtocol(&result, &protocol_handle, &below, sizeof(below));
    CHECK_EQ(result, NDIS_STATUS_SUCCESS);
    NdisIMAssociateMiniport(layer, protocol_handle);
    return NDIS_STATUS_SUCCESS;
}

/* The test. */

struct bundle {
    struct undis *machine;
    struct undis_driver *driver;
    struct peer_protocol *protocol;
    struct peer_miniport *miniports[2];
    struct undis_stack *uppers[2], *lowers[2];
};

static bool
runs(void *stack)
{
    struct undis_layer layers[2];
    int n = undis_stack_layers(stack, layers, 2);

    for (int i = 0; i < n; i++)
        if (strcmp(layers[i].state, "Running") != 0)
            return false;
    return n > 0;
}

static void
make_stacks(struct bundle *bundle)
{
    struct undis_driver *above[2] = {rig_driver(bundle->protocol)}, *below[2] = {bundle->driver};
    struct undis_stack_config upper = {.size = sizeof(upper), .protocols = above};
    struct undis_stack_config lower = {.size = sizeof(lower), .protocols = below};
    char names[2][8], key[16];

    for (unsigned i = 0; i < 2; i++) {
        snprintf(names[0], sizeof(names[0]), "upper%u", i);
        snprintf(names[1], sizeof(names[1]), "lower%u", i);
        snprintf(key, sizeof(key), "im/%s", names[1]);
        upper.miniport = bundle->driver;
        upper.name = names[0];
        lower.miniport = rig_driver(bundle->miniports[i]);
        lower.name = names[1];
        CHECK_OK(undis_stack_create(bundle->machine, &upper, &bundle->uppers[i]));
        CHECK_OK(undis_set(bundle->machine, key, "UpperBindings", names[0]));
        CHECK_OK(undis_stack_create(bundle->machine, &lower, &bundle->lowers[i]));
    }
}

static void
up(struct bundle *bundle, bool ndis5)
{
    memset(halves, 0, sizeof(halves));
    primary = NULL;
    bound = turns = halted = 0;
    bundle->machine = test_machine();
    CHECK_OK(undis_driver_add(bundle->machine, "im", entry, &bundle->driver));
    bundle->protocol = ndis5 ? peer_protocol5_add(bundle->machine, "protocol", 0)
                             : peer_protocol_add(bundle->machine, "protocol");
    bundle->miniports[0] = peer_miniport_add(bundle->machine, "miniport0");
    bundle->miniports[1] = peer_legacy_add(bundle->machine, "miniport1", PEER_DESERIALIZED);
    bundle->miniports[0]->completes = PEER_DPC;
    make_stacks(bundle);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_OK(undis_stack_start(bundle->uppers[i]));
        CHECK_OK(undis_stack_start(bundle->lowers[i]));
        test_wait(bundle->machine, runs, bundle->uppers[i], "the instance to run");
    }
    CHECK_EQ(bundle->protocol->bound, 1);
    CHECK(undis_stack_bind(bundle->uppers[1], rig_driver(bundle->protocol)) < 0);
}

/* The protocol sends eight frames, of which the first adapter gets @first, and each adapter that is
 * there receives three. */
static void
traffic(struct bundle *bundle, uint64_t first, bool there[2])
{
    uint64_t back = test_read(&bundle->protocol->back);
    uint64_t received = test_read(&bundle->protocol->received.count);
    uint64_t sent[2];

    for (unsigned i = 0; i < 2; i++)
        sent[i] = test_read(&bundle->miniports[i]->sent.count);
    peer_protocol_send(bundle->protocol, 8, 1, FRAME_MAX);
    test_wait_count(bundle->machine, &bundle->protocol->back, back + 8);
    CHECK_EQ(bundle->miniports[0]->sent.count, sent[0] + first);
    CHECK_EQ(bundle->miniports[1]->sent.count, sent[1] + 8 - first);
    for (unsigned i = 0; i < 2; i++) {
        if (!there[i])
            continue;
        peer_miniport_indicate(bundle->miniports[i], 3, FRAME_MIN, i);
        test_wait_count(bundle->machine, &bundle->miniports[i]->receives_out, 0);
        received += 3;
    }
    CHECK_EQ(bundle->protocol->received.count, received);
}

static void
down(struct bundle *bundle)
{
    const struct peer_protocol *protocol = bundle->protocol;

    CHECK_EQ(halted, 2);
    CHECK_EQ(protocol->received.bad + protocol->received.disorder, 0);
    CHECK_EQ(protocol->failed + protocol->twice + protocol->wrong, 0);
    CHECK_EQ(protocol->unbound, protocol->bound);
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQ(bundle->miniports[i]->sent.bad + bundle->miniports[i]->wrong, 0);
        CHECK_OK(undis_stack_remove(bundle->uppers[i]));
    }
    peer_remove(&bundle->protocol->peer);
    for (unsigned i = 0; i < 2; i++)
        peer_remove(&bundle->miniports[i]->peer);
    test_unload(bundle->machine, bundle->driver);
    test_machine_end(bundle->machine);
}

static void
the_secondary_stands_in(bool ndis5)
{
    struct bundle bundle;

    test_case("NDIS %u, promoted %s", ndis5 ? 5 : 6, promotes == IN_HALT ? "in halt" : "behind it");
    up(&bundle, ndis5);
    traffic(&bundle, 4, (bool[]){true, true});
    CHECK_OK(undis_stack_remove(bundle.lowers[0]));
    CHECK_EQ(halted, 1);
    CHECK(primary == &halves[1]);
    test_wait_count(bundle.machine, &bundle.protocol->bound, 2);
    CHECK_OK(undis_stack_restart(bundle.uppers[1])); /* what binds has ended */
    CHECK_EQ(bundle.protocol->unbound, 1);
    traffic(&bundle, 0, (bool[]){false, true});
    CHECK_OK(undis_stack_remove(bundle.lowers[1]));
    down(&bundle);
}

static void
the_primary_stays(bool ndis5)
{
    struct bundle bundle;

    test_case("NDIS %u, the secondary one goes", ndis5 ? 5 : 6);
    up(&bundle, ndis5);
    traffic(&bundle, 4, (bool[]){true, true});
    CHECK_OK(undis_stack_remove(bundle.lowers[1]));
    CHECK(primary == &halves[0]);
    CHECK_EQ(bundle.protocol->bound, 1);
    CHECK_EQ(bundle.protocol->unbound, 0);
    traffic(&bundle, 8, (bool[]){true, false});
    CHECK_OK(undis_stack_remove(bundle.lowers[0]));
    down(&bundle);
}

int
main(void)
{
    for (unsigned ndis5 = 0; ndis5 < 2; ndis5++) {
        for (promotes = IN_HALT; promotes <= AFTER_HALT; promotes++)
            the_secondary_stands_in(ndis5);
        the_primary_stays(ndis5);
    }
    return 0;
}
