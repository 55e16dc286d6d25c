/* SPDX-License-Identifier: MIT */
/* Two adapters of one driver make a bundle: protocols are bound to the primary one only, which
 * shares its sends with the other and indicates what that receives; when the primary one is gone,
 * the other is promoted and the same protocols are bound to it. An adapter that becomes secondary
 * later loses its bindings.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "frame.h"
#include "rig.h"
#include <string.h>

#define OID_PAIR_INDICATE  0xFF554E10u
#define OID_PAIR_FAIL      0xFF554E11u /* of the primary one: it is given up */
#define OID_PAIR_SECONDARY 0xFF554E12u /* becomes the secondary one */
#define SIZE               100u

/* How the driver promotes the other adapter. */
static enum { IN_HALT, AFTER_REMOVAL } promotes;

static struct half {
    NDIS_HANDLE adapter;
    struct half *primary; /* itself, or the other one */
    NDIS_MINIPORT_TIMER timer;
    NDIS_WORK_ITEM work;
    NDIS_OID wanted;
    UCHAR frame[SIZE]; /* that is indicated */
    test_counter carried, done, halted;
} halves[2];
static bool bundled;
static NDIS_EVENT removed;
static test_counter initialized, number;
static struct frames sent;

static struct half *
other(const struct half *half)
{
    return &halves[half == &halves[0]];
}

static VOID
promote(struct half *half)
{
    half->primary = half;
    CHECK_EQ(NdisMPromoteMiniport(half->adapter), NDIS_STATUS_SUCCESS);
    CHECK_EQ((uint32_t)NdisMPromoteMiniport(half->adapter), (uint32_t)NDIS_STATUS_FAILURE);
}

/* At PASSIVE_LEVEL. */
static VOID
work(PNDIS_WORK_ITEM WorkItem, PVOID Context)
{
    struct half *half = Context;

    UNREFERENCED_PARAMETER(WorkItem);
    if (half->wanted == OID_PAIR_FAIL) {
        CHECK_EQ(NdisMRemoveMiniport(half->adapter), NDIS_STATUS_SUCCESS);
        if (promotes == AFTER_REMOVAL) {
            NdisWaitEvent(&removed, 0);
            promote(other(half));
        }
    } else {
        CHECK_EQ(NdisMSetMiniportSecondary(half->adapter, other(half)->adapter), 0);
        half->primary = other(half);
        /* again, in another bundle; and the wrong ones */
        CHECK_EQ(NdisMSetMiniportSecondary(half->adapter, other(half)->adapter), 0);
        CHECK_EQ((uint32_t)NdisMSetMiniportSecondary(half->adapter, half->adapter),
            (uint32_t)NDIS_STATUS_FAILURE);
        CHECK_EQ((uint32_t)NdisMSetMiniportSecondary(other(half)->adapter, half->adapter),
            (uint32_t)NDIS_STATUS_FAILURE);
    }
    half->done++;
}

/* What this half receives goes up by the primary one. */
static VOID
receive(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    struct half *half = FunctionContext;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    frame_fill(half->frame, SIZE, 7, (uint32_t)number++);
    NdisMEthIndicateReceive(
        half->primary->adapter, half, half->frame, 14, half->frame + 14, SIZE - 14, SIZE - 14);
    NdisMEthIndicateReceiveComplete(half->primary->adapter);
    half->done++;
}

/* Asked of the primary one, about what either has received. */
static NDIS_STATUS
transfer(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer)
{
    const struct half *half = MiniportReceiveContext;
    PNDIS_BUFFER buffer;
    UINT length;
    PVOID data;

    CHECK(MiniportAdapterContext == half->primary);
    *BytesTransferred = 0;
    NdisQueryPacket(Packet, NULL, NULL, &buffer, NULL);
    for (; buffer && BytesToTransfer; NdisGetNextBuffer(buffer, &buffer)) {
        NdisQueryBufferSafe(buffer, &data, &length, NormalPagePriority);
        length = min(length, BytesToTransfer);
        memcpy(data, half->frame + 14 + ByteOffset + *BytesTransferred, length);
        *BytesTransferred += length;
        BytesToTransfer -= length;
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    struct half *half = &halves[initialized++];
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != NdisMedium802_3)
        i++;
    CHECK(i < MediumArraySize);
    *SelectedMediumIndex = i;
    half->adapter = MiniportAdapterHandle;
    half->primary = half;
    NdisMSetAttributesEx(MiniportAdapterHandle, half, 0, 0, NdisInterfaceInternal);
    NdisMInitializeTimer(&half->timer, MiniportAdapterHandle, receive, half);
    if (half == &halves[0]) {
        NdisInitializeEvent(&removed);
        CHECK_EQ((uint32_t)NdisMPromoteMiniport(half->adapter), (uint32_t)NDIS_STATUS_FAILURE);
    } else if (bundled) {
        half->primary = other(half);
        CHECK_EQ(NdisMSetMiniportSecondary(half->adapter, half->primary->adapter), 0);
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    struct half *half = MiniportAdapterContext;
    BOOLEAN cancelled;

    NdisMCancelTimer(&half->timer, &cancelled);
    if (half->primary == half && promotes == IN_HALT && other(half)->primary == half)
        promote(other(half));
    half->halted++;
    NdisSetEvent(&removed);
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
    struct half *half = MiniportAdapterContext;

    UNREFERENCED_PARAMETER(InformationBuffer);
    *BytesRead = InformationBufferLength;
    *BytesNeeded = 0;
    if (Oid == OID_PAIR_INDICATE) {
        NdisMSetTimer(&half->timer, 0);
    } else if (Oid == OID_PAIR_FAIL || Oid == OID_PAIR_SECONDARY) {
        half->wanted = Oid;
        NdisInitializeWorkItem(&half->work, work, half);
        NdisScheduleWorkItem(&half->work);
    } else if (Oid != OID_GEN_CURRENT_PACKET_FILTER) {
        *BytesRead = 0;
        return NDIS_STATUS_NOT_SUPPORTED;
    }
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

/* Every second frame goes out by the other half. */
static NDIS_STATUS
send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    struct half *half = MiniportAdapterContext;
    bool shared = other(half)->primary == half && half->carried > other(half)->carried;
    UCHAR frame[FRAME_MAX];
    PNDIS_BUFFER buffer;
    UINT length, all = 0;
    PVOID data;

    UNREFERENCED_PARAMETER(Flags);
    CHECK(half->primary == half);
    NdisQueryPacket(Packet, NULL, NULL, &buffer, NULL);
    for (; buffer; NdisGetNextBuffer(buffer, &buffer)) {
        NdisQueryBufferSafe(buffer, &data, &length, NormalPagePriority);
        memcpy(frame + all, data, length);
        all += length;
    }
    frames_see(&sent, frame, all);
    (shared ? other(half) : half)->carried++;
    return NDIS_STATUS_SUCCESS;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

static int32_t
entry(void *object, void *path)
{
    NDIS51_MINIPORT_CHARACTERISTICS characteristics = {0};
    NDIS_HANDLE wrapper;

    characteristics.MajorNdisVersion = 5;
    characteristics.MinorNdisVersion = 1;
    characteristics.InitializeHandler = initialize;
    characteristics.HaltHandler = halt;
    characteristics.QueryInformationHandler = query;
    characteristics.SetInformationHandler = set;
    characteristics.ResetHandler = reset;
    characteristics.SendHandler = send;
    characteristics.TransferDataHandler = transfer;
    NdisMInitializeWrapper(&wrapper, object, path, NULL);
    CHECK_EQ(NdisMRegisterMiniport(wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&characteristics,
                 sizeof(characteristics)),
        NDIS_STATUS_SUCCESS);
    NdisMRegisterUnloadHandler(wrapper, unload);
    return NDIS_STATUS_SUCCESS;
}

struct bundle {
    struct undis *machine;
    struct peer_protocol *protocol;
    struct undis_driver *miniport;
    struct undis_stack *stacks[2];
};

static void
up(struct bundle *bundle, bool ndis5)
{
    struct undis_driver *protocols[2] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};

    memset(halves, 0, sizeof(halves));
    initialized = number = 0;
    sent = (struct frames){0};
    bundle->machine = test_machine();
    bundle->protocol = ndis5 ? peer_protocol5_add(bundle->machine, "protocol", 0)
                             : peer_protocol_add(bundle->machine, "protocol");
    protocols[0] = rig_driver(bundle->protocol);
    CHECK_OK(undis_driver_add(bundle->machine, "pair", entry, &bundle->miniport));
    config.miniport = bundle->miniport;
    for (unsigned i = 0; i < 2; i++) {
        CHECK_OK(undis_stack_create(bundle->machine, &config, &bundle->stacks[i]));
        if (bundled || i == 0)
            CHECK_OK(undis_stack_start(bundle->stacks[i]));
    }
}

static void
down(struct bundle *bundle)
{
    CHECK_EQ(sent.bad + sent.disorder, 0);
    CHECK_EQ(bundle->protocol->received.bad + bundle->protocol->received.disorder, 0);
    CHECK_EQ(bundle->protocol->twice + bundle->protocol->wrong, 0);
    for (unsigned i = 0; i < 2; i++)
        CHECK_OK(undis_stack_remove(bundle->stacks[i]));
    CHECK_EQ(halves[0].halted, 1);
    CHECK_EQ(halves[1].halted, 1);
    peer_remove(&bundle->protocol->peer);
    test_unload(bundle->machine, bundle->miniport);
    test_machine_end(bundle->machine);
}

static void
ask(struct bundle *bundle, unsigned half, NDIS_OID oid)
{
    uint32_t value = 0, length = sizeof(value), status;

    CHECK_OK(undis_stack_oid(bundle->stacks[half], true, oid, &value, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
}

/* The protocol is bound to the second half, and what binds it has ended. */
static void
wait_until_bound(struct bundle *bundle, uint64_t times)
{
    test_wait_count(bundle->machine, &bundle->protocol->bound, times);
    CHECK_OK(undis_stack_restart(bundle->stacks[1]));
}

/* Each half has received a frame, and the protocol has sent four. */
static void
carry(struct bundle *bundle, unsigned first, unsigned last)
{
    uint64_t received = test_read(&bundle->protocol->received_nbls);
    uint64_t back = test_read(&bundle->protocol->back);

    for (unsigned i = first; i <= last; i++) {
        uint64_t done = test_read(&halves[i].done);

        ask(bundle, i, OID_PAIR_INDICATE);
        test_wait_count(bundle->machine, &halves[i].done, done + 1);
    }
    CHECK_EQ(test_read(&bundle->protocol->received_nbls), received + 1 + last - first);
    peer_protocol_send(bundle->protocol, 4, 1, SIZE);
    test_wait_count(bundle->machine, &bundle->protocol->back, back + 4);
}

static void
the_secondary_stands_in(bool ndis5)
{
    struct bundle bundle;
    uint64_t done;

    test_case(
        "NDIS %u, promoted %s", ndis5 ? 5 : 6, promotes == IN_HALT ? "in halt" : "afterwards");
    bundled = true;
    up(&bundle, ndis5);
    CHECK_EQ(bundle.protocol->bound, 1);
    CHECK(undis_stack_bind(bundle.stacks[1], rig_driver(bundle.protocol)) < 0);
    carry(&bundle, 0, 1);
    CHECK_EQ(halves[0].carried, 2);
    CHECK_EQ(halves[1].carried, 2);
    done = test_read(&halves[0].done);
    ask(&bundle, 0, OID_PAIR_FAIL);
    test_wait_count(bundle.machine, &halves[0].halted, 1);
    test_wait_count(bundle.machine, &halves[0].done, done + 1);
    wait_until_bound(&bundle, 2);
    CHECK_EQ(bundle.protocol->unbound, 1);
    carry(&bundle, 1, 1);
    CHECK_EQ(halves[1].carried, 6);
    down(&bundle);
}

static void
bindings_leave_what_becomes_secondary(void)
{
    struct bundle bundle;

    bundled = false;
    promotes = IN_HALT;
    up(&bundle, false);
    CHECK_OK(undis_stack_unbind(bundle.stacks[0], rig_driver(bundle.protocol)));
    CHECK_OK(undis_stack_start(bundle.stacks[1]));
    CHECK_EQ(bundle.protocol->bound, 2);
    ask(&bundle, 1, OID_PAIR_SECONDARY);
    test_wait_count(bundle.machine, &bundle.protocol->unbound, 2);
    test_wait_count(bundle.machine, &halves[1].done, 1);
    CHECK_OK(undis_stack_remove(bundle.stacks[0]));
    wait_until_bound(&bundle, 3);
    CHECK_OK(undis_stack_remove(bundle.stacks[1]));
    CHECK_EQ(bundle.protocol->unbound, 3);
    peer_remove(&bundle.protocol->peer);
    test_unload(bundle.machine, bundle.miniport);
    test_machine_end(bundle.machine);
}

int
main(void)
{
    for (promotes = IN_HALT; promotes <= AFTER_REMOVAL; promotes++) {
        the_secondary_stands_in(false);
        the_secondary_stands_in(true);
    }
    bindings_leave_what_becomes_secondary();
    return 0;
}
