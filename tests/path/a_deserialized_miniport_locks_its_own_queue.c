/* SPDX-License-Identifier: MIT */
/* NDIS calls the handlers of a deserialized miniport at once on several processors: what they
 * share without a lock loses entries, and a queue behind a spin lock loses none (lk-protect-state,
 * lk-protect-queues, st-reentrancy-own-handlers). A serialized one is never entered twice, and
 * its unlocked count is right.
 */
#include "rig.h"

#define NDIS_MINIPORT_DRIVER 1
#define NDIS50_MINIPORT      1
#include <ndis.h>

static NDIS_HANDLE adapter;
static NDIS_SPIN_LOCK lock;
static NDIS_TIMER timer;
static ULONG attributes;
static PNDIS_PACKET queue[4096]; /* guarded by lock */
static uint64_t queued;          /* the same */
static uint64_t careless;        /* of all that came, counted without a lock */
static test_counter came, inside, together;

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != NdisMedium802_3)
        i++;
    *SelectedMediumIndex = i;
    adapter = MiniportAdapterHandle;
    NdisAllocateSpinLock(&lock);
    NdisMSetAttributesEx(MiniportAdapterHandle, &adapter, 0, attributes, NdisInterfaceInternal);
    return NDIS_STATUS_SUCCESS;
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    BOOLEAN cancelled;

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    NdisCancelTimer(&timer, &cancelled);
    KeFlushQueuedDpcs();
    NdisFreeSpinLock(&lock);
}

/* Its address is all that it knows. */
static NDIS_STATUS
query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    static const NDIS_OID oids[] = {OID_802_3_PERMANENT_ADDRESS, OID_802_3_CURRENT_ADDRESS};
    static const UCHAR address[6] = {2, 0, 0, 0, 0, 1};
    const void *answer = Oid == OID_GEN_SUPPORTED_LIST ? (const void *)oids : address;
    ULONG size = Oid == OID_GEN_SUPPORTED_LIST ? sizeof(oids) : sizeof(address);

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *BytesWritten = *BytesNeeded = 0;
    if (Oid != OID_GEN_SUPPORTED_LIST && Oid != oids[0] && Oid != oids[1])
        return NDIS_STATUS_NOT_SUPPORTED;
    *BytesNeeded = size;
    if (InformationBufferLength < size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(InformationBuffer, answer, size);
    *BytesWritten = size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Oid);
    UNREFERENCED_PARAMETER(InformationBuffer);
    UNREFERENCED_PARAMETER(InformationBufferLength);
    *BytesRead = *BytesNeeded = 0;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

/* Reads, takes its time, writes: whoever comes in between is not counted. */
static void
count_carelessly(void)
{
    uint64_t seen = __atomic_load_n(&careless, __ATOMIC_RELAXED);

    for (unsigned k = 0; k < 20; k++)
        KeStallExecutionProcessor(1);
    __atomic_store_n(&careless, seen + 1, __ATOMIC_RELAXED);
}

static VOID
send(NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    if (++inside > 1)
        together++;
    for (UINT i = 0; i < NumberOfPackets; i++) {
        NDIS_SET_PACKET_STATUS(PacketArray[i], NDIS_STATUS_PENDING);
        came++;
        count_carelessly();
        NdisAcquireSpinLock(&lock);
        CHECK(queued < RTL_NUMBER_OF(queue));
        queue[queued++] = PacketArray[i];
        NdisReleaseSpinLock(&lock);
    }
    inside--;
    NdisSetTimer(&timer, 1);
}

static VOID
drain(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    PNDIS_PACKET packet = NULL;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(FunctionContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    do {
        NdisDprAcquireSpinLock(&lock);
        packet = queued ? queue[--queued] : NULL;
        NdisDprReleaseSpinLock(&lock);
        if (packet)
            NdisMSendComplete(adapter, packet, NDIS_STATUS_SUCCESS);
    } while (packet);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS50_MINIPORT_CHARACTERISTICS characteristics = {
        .MajorNdisVersion = 5,
        .HaltHandler = halt,
        .InitializeHandler = initialize,
        .QueryInformationHandler = query,
        .ResetHandler = reset,
        .SendPacketsHandler = send,
        .SetInformationHandler = set,
    };
    NDIS_HANDLE wrapper;

    NdisInitializeTimer(&timer, drain, NULL);
    NdisMInitializeWrapper(&wrapper, DriverObject, RegistryPath, NULL);
    return NdisMRegisterMiniport(
        wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&characteristics, sizeof(characteristics));
}

struct pair {
    struct peer_protocol *protocols[2];
    uint64_t sent;
};

static bool
all_back(void *context)
{
    const struct pair *pair = context;

    return test_read(&pair->protocols[0]->back) == test_read(&pair->protocols[0]->sent) &&
           test_read(&pair->protocols[1]->back) == test_read(&pair->protocols[1]->sent);
}

/* On a busy host the processors may long take turns by themselves. */
static bool
enough(void *context)
{
    UNREFERENCED_PARAMETER(context);
    return test_read(&came) >= 200 && (!attributes || test_read(&together) >= 20);
}

static void
run(ULONG with)
{
    struct undis_driver *protocols[3] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};
    struct undis_config verified = test_config();
    struct undis_stack *stack;
    struct undis *machine;
    struct pair pair;

    test_case("%s", with ? "deserialized" : "serialized");
    attributes = with;
    careless = 0;
    came = together = 0;
    verified.verify = false; /* every microsecond of it is told */
    verified.seed = 1;
    machine = test_machine_with(&verified);
    CHECK_OK(undis_driver_add(machine, "nic", (int32_t(*)(void *, void *))entry, &config.miniport));
    for (unsigned k = 0; k < 2; k++) {
        pair.protocols[k] = peer_protocol_add(machine, k ? "second" : "first");
        protocols[k] = rig_driver(pair.protocols[k]);
    }
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    for (unsigned k = 0; k < 2; k++)
        peer_protocol_traffic(pair.protocols[k], true);
    test_wait(machine, enough, NULL, "sends");
    for (unsigned k = 0; k < 2; k++)
        peer_protocol_traffic(pair.protocols[k], false);
    test_wait(machine, all_back, &pair, "completions");
    CHECK_EQ(pair.protocols[0]->failed + pair.protocols[1]->failed, 0);
    CHECK_EQ(queued, 0);
    if (with) {
        CHECK(together > 0);
        CHECK(careless < came);
    } else {
        CHECK_EQ(together, 0);
        CHECK_EQ(careless, came);
    }
    CHECK_OK(undis_stack_remove(stack));
    for (unsigned k = 0; k < 2; k++)
        peer_remove(&pair.protocols[k]->peer);
    CHECK_OK(undis_driver_unload(config.miniport));
    test_machine_end(machine);
}

int
main(void)
{
    run(0);
    run(NDIS_ATTRIBUTE_DESERIALIZE);
    return 0;
}
