/* SPDX-License-Identifier: MIT */
/* A miniport registered by NdisMRegisterMiniport is started, asked and halted as one of NDIS 6 is,
 * in each version from 3.0 to 5.1 (rg-version-supported, rg-setattributes-first-5).
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "machine.h"
#include <string.h>

static struct {
    UCHAR major, minor;
    UINT size;
} version;
static const UCHAR address[6] = {2, 0, 0, 0, 0, 7};
static NDIS_STATUS registered, too_short, opened;
static unsigned initialized, halted, unloaded, asked_late;
static NDIS_HANDLE adapter;

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    NDIS_HANDLE configuration;
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    while (i < MediumArraySize && MediumArray[i] != NdisMedium802_3)
        i++;
    CHECK(i < MediumArraySize);
    *SelectedMediumIndex = i;
    NdisMSetAttributesEx(MiniportAdapterHandle, &adapter, 0, 0, NdisInterfaceInternal);
    NdisOpenConfiguration(&opened, &configuration, WrapperConfigurationContext);
    if (opened == NDIS_STATUS_SUCCESS)
        NdisCloseConfiguration(configuration);
    adapter = MiniportAdapterHandle;
    initialized++;
    return NDIS_STATUS_SUCCESS;
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    CHECK(MiniportAdapterContext == &adapter);
    CHECK_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    halted++;
}

static NDIS_STATUS
put(PVOID buffer, ULONG room, PULONG written, PULONG needed, const void *data, ULONG size)
{
    *written = 0;
    *needed = size;
    if (room < size)
        return NDIS_STATUS_INVALID_LENGTH;
    RtlCopyMemory(buffer, data, size);
    *written = size;
    return NDIS_STATUS_SUCCESS;
}

/* The link speed is answered later, from a timer's DPC. */
static KTIMER timer;
static KDPC dpc;

static VOID
answer_late(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(DeferredContext);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    NdisMQueryInformationComplete(adapter, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS
query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    static const NDIS_OID oids[] = {OID_GEN_SUPPORTED_LIST, OID_GEN_LINK_SPEED};
    static const ULONG speed = 1000000;
    LARGE_INTEGER due = {.QuadPart = -1000};

    CHECK(MiniportAdapterContext == &adapter);
    switch (Oid) {
    case OID_GEN_SUPPORTED_LIST:
        return put(InformationBuffer, InformationBufferLength, BytesWritten, BytesNeeded, oids,
            sizeof(oids));
    case OID_802_3_PERMANENT_ADDRESS:
    case OID_802_3_CURRENT_ADDRESS:
        return put(InformationBuffer, InformationBufferLength, BytesWritten, BytesNeeded, address,
            sizeof(address));
    case OID_GEN_LINK_SPEED:
        put(InformationBuffer, InformationBufferLength, BytesWritten, BytesNeeded, &speed,
            sizeof(speed));
        asked_late++;
        KeInitializeTimer(&timer);
        KeInitializeDpc(&dpc, answer_late, NULL);
        KeSetTimer(&timer, due, &dpc);
        return NDIS_STATUS_PENDING;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
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
    return NDIS_STATUS_NOT_SUPPORTED;
}

static NDIS_STATUS
reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Packet);
    UNREFERENCED_PARAMETER(Flags);
    return NDIS_STATUS_FAILURE;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    unloaded++;
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS51_MINIPORT_CHARACTERISTICS characteristics = {0};
    NDIS_HANDLE wrapper;

    characteristics.MajorNdisVersion = version.major;
    characteristics.MinorNdisVersion = version.minor;
    characteristics.InitializeHandler = initialize;
    characteristics.HaltHandler = halt;
    characteristics.QueryInformationHandler = query;
    characteristics.SetInformationHandler = set;
    characteristics.ResetHandler = reset;
    characteristics.SendHandler = send;
    NdisMInitializeWrapper(&wrapper, DriverObject, RegistryPath, NULL);
    CHECK(wrapper);
    too_short = NdisMRegisterMiniport(
        wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&characteristics, version.size - 1);
    registered = NdisMRegisterMiniport(
        wrapper, (PNDIS_MINIPORT_CHARACTERISTICS)&characteristics, version.size);
    if (registered != NDIS_STATUS_SUCCESS)
        NdisTerminateWrapper(wrapper, NULL);
    else
        NdisMRegisterUnloadHandler(wrapper, unload);
    return registered;
}

static int32_t
start(void *object, void *path)
{
    return entry(object, path);
}

static void
one_version(UCHAR major, UCHAR minor, UINT size)
{
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis *machine = test_machine();
    struct undis_stack *stack;
    struct undis_layer layer;
    UCHAR got[6] = {0};
    uint32_t length = sizeof(got), status;

    version.major = major;
    version.minor = minor;
    version.size = size;
    initialized = halted = unloaded = asked_late = 0;
    CHECK_OK(undis_driver_add(machine, "old", start, &config.miniport));
    CHECK_EQ((uint32_t)too_short, (uint32_t)NDIS_STATUS_BAD_CHARACTERISTICS);
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_EQ(initialized, 1);
    CHECK_EQ(opened, NDIS_STATUS_SUCCESS);
    CHECK_EQ(asked_late, 1);
    CHECK_EQ(undis_stack_layers(stack, &layer, 1), 1);
    CHECK(strcmp(layer.state, "Running") == 0);
    CHECK_OK(undis_stack_oid(stack, false, OID_802_3_CURRENT_ADDRESS, got, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK(memcmp(got, address, sizeof(got)) == 0);
    CHECK_OK(undis_stack_pause(stack));
    CHECK_OK(undis_stack_restart(stack));
    CHECK_OK(undis_stack_remove(stack));
    CHECK_EQ(halted, 1);
    test_unload(machine, config.miniport);
    CHECK_EQ(unloaded, 1);
    test_machine_end(machine);
}

static void
unknown_version(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *driver;

    version.major = 3;
    version.minor = 1;
    version.size = sizeof(NDIS51_MINIPORT_CHARACTERISTICS);
    CHECK(undis_driver_add(machine, "old", start, &driver) < 0);
    CHECK_EQ((uint32_t)registered, (uint32_t)NDIS_STATUS_BAD_VERSION);
    test_machine_end(machine);
}

int
main(void)
{
    one_version(3, 0, sizeof(NDIS30_MINIPORT_CHARACTERISTICS));
    one_version(4, 0, sizeof(NDIS40_MINIPORT_CHARACTERISTICS));
    one_version(5, 0, sizeof(NDIS50_MINIPORT_CHARACTERISTICS));
    one_version(5, 1, sizeof(NDIS51_MINIPORT_CHARACTERISTICS));
    unknown_version();
    return 0;
}
