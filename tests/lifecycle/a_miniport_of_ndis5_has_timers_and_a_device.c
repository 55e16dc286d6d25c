/* SPDX-License-Identifier: MIT */
/* Timers of a serialized miniport of NDIS 5 wait while one of its functions runs, repeat, and are
 * cancelled, waiting or not; its device opens with the dispatch table that it registered
 * (s5-serialized-one-at-a-time). It reads and writes the configuration space of its own slot,
 * whichever it names.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "machine.h"
#include <string.h>

static struct {
    NDIS_HANDLE wrapper, device;
    PDEVICE_OBJECT object;
    NDIS_MINIPORT_TIMER once, often, never, early;
    test_counter onces, oftens, nevers, earlies, inside, opened;
    BOOLEAN cancelled, early_cancelled;
    bool in_initialize;
    uint64_t during_initialize;
} nic;

#define TIMER(name)                                                                                \
    static VOID name(PVOID specific1, PVOID context, PVOID specific2, PVOID specific3)

TIMER(count)
{
    UNREFERENCED_PARAMETER(specific1);
    UNREFERENCED_PARAMETER(specific2);
    UNREFERENCED_PARAMETER(specific3);
    CHECK_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    if (__atomic_load_n(&nic.in_initialize, __ATOMIC_ACQUIRE))
        nic.during_initialize++;
    ++*(test_counter *)context;
}

/* A command register keeps what is written; the ids are read-only. */
static void
configure(NDIS_HANDLE adapter)
{
    static const UCHAR ids[4] = {0x75, 0x1d, 0x01, 0x72};
    USHORT command = 0, now = 0;
    UCHAR read[4] = {0};

    for (unsigned slot = 0; slot < 2; slot++) {
        CHECK_EQ(NdisReadPciSlotInformation(adapter, slot, 0, read, 4), 4);
        CHECK(memcmp(read, ids, 4) == 0);
    }
    CHECK_EQ(NdisReadPciSlotInformation(adapter, 0, 2, read, 2), 2);
    CHECK(memcmp(read, ids + 2, 2) == 0);
    CHECK_EQ(NdisWritePciSlotInformation(adapter, 0, 0, read, 2), 2);
    CHECK_EQ(NdisReadPciSlotInformation(adapter, 0, 0, read, 4), 4);
    CHECK(memcmp(read, ids, 4) == 0);
    CHECK_EQ(NdisReadPciSlotInformation(adapter, 0, 4, &command, 2), 2);
    command ^= 2;
    CHECK_EQ(NdisWritePciSlotInformation(adapter, 0, 4, &command, 2), 2);
    CHECK_EQ(NdisReadPciSlotInformation(adapter, 0, 4, &now, 2), 2);
    CHECK_EQ(now, command);
}

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    *SelectedMediumIndex = 0;
    while (*SelectedMediumIndex < MediumArraySize &&
           MediumArray[*SelectedMediumIndex] != NdisMedium802_3)
        ++*SelectedMediumIndex;
    NdisMSetAttributes(MiniportAdapterHandle, &nic, FALSE, NdisInterfaceInternal);
    configure(MiniportAdapterHandle);
    NdisMInitializeTimer(&nic.once, MiniportAdapterHandle, count, &nic.onces);
    NdisMInitializeTimer(&nic.often, MiniportAdapterHandle, count, &nic.oftens);
    NdisMInitializeTimer(&nic.never, MiniportAdapterHandle, count, &nic.nevers);
    NdisMInitializeTimer(&nic.early, MiniportAdapterHandle, count, &nic.earlies);
    nic.in_initialize = true;
    NdisMSetTimer(&nic.once, 1);
    NdisMSetTimer(&nic.early, 1);
    NdisMSetPeriodicTimer(&nic.often, 2);
    NdisMSetTimer(&nic.never, 60000);
    NdisMSleep(20000);
    NdisMCancelTimer(&nic.never, &nic.cancelled);
    NdisMCancelTimer(&nic.early, &nic.early_cancelled); /* due, and waits for us */
    __atomic_store_n(&nic.in_initialize, false, __ATOMIC_RELEASE);
    return NDIS_STATUS_SUCCESS;
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    BOOLEAN cancelled;

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    NdisMCancelTimer(&nic.often, &cancelled);
    KeFlushQueuedDpcs();
}

static NDIS_STATUS
query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    static const NDIS_OID oids[] = {OID_GEN_SUPPORTED_LIST};

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *BytesWritten = 0;
    *BytesNeeded = sizeof(oids);
    if (Oid != OID_GEN_SUPPORTED_LIST)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (InformationBufferLength < sizeof(oids))
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(InformationBuffer, oids, sizeof(oids));
    *BytesWritten = sizeof(oids);
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

static NTSTATUS
dispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    CHECK(DeviceObject == nic.object);
    nic.opened += IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_CREATE;
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CHECK_EQ(NdisMDeregisterDevice(nic.device), NDIS_STATUS_SUCCESS);
}

static int32_t
entry(void *object, void *path)
{
    NDIS_STRING name = NDIS_STRING_CONST("\\Device\\Nic5"), link = NDIS_STRING_CONST("\\??\\Nic5");
    PDRIVER_DISPATCH functions[IRP_MJ_MAXIMUM_FUNCTION + 1] = {NULL};
    NDIS_MINIPORT_CHARACTERISTICS c = {0};

    functions[IRP_MJ_CREATE] = functions[IRP_MJ_CLEANUP] = functions[IRP_MJ_CLOSE] = dispatch;
    c.MajorNdisVersion = 5;
    c.MinorNdisVersion = 1;
    c.InitializeHandler = initialize;
    c.HaltHandler = halt;
    c.QueryInformationHandler = query;
    c.SetInformationHandler = set;
    c.ResetHandler = reset;
    c.SendHandler = send;
    NdisMInitializeWrapper(&nic.wrapper, object, path, NULL);
    CHECK_EQ(NdisMRegisterMiniport(nic.wrapper, &c, sizeof(c)), NDIS_STATUS_SUCCESS);
    NdisMRegisterUnloadHandler(nic.wrapper, unload);
    return NdisMRegisterDevice(nic.wrapper, &name, &link, functions, &nic.object, &nic.device);
}

static bool
ticked(void *context)
{
    (void)context;
    return test_read(&nic.oftens) >= 5 && test_read(&nic.onces) == 1;
}

int
main(void)
{
    struct undis_stack_config config = {.size = sizeof(config)};
    struct undis *machine = test_machine();
    struct undis_stack *stack;
    struct undis_port *wire;
    struct undis_file *file;
    uint64_t oftens;

    CHECK_OK(undis_port_open(machine, "null", &wire));
    CHECK_OK(undis_hardware_open(machine, "ringnic", wire, &config.bottom));
    CHECK_OK(undis_driver_add(machine, "nic5", entry, &config.miniport));
    CHECK_OK(undis_device_open(machine, "\\\\.\\Nic5", &file));
    CHECK_EQ(nic.opened, 1);
    CHECK_OK(undis_device_close(file));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    test_wait(machine, ticked, NULL, "the timers");
    CHECK_EQ(nic.during_initialize, 0);
    CHECK(nic.cancelled && nic.early_cancelled);
    CHECK_OK(undis_stack_remove(stack));
    oftens = test_read(&nic.oftens);
    undis_run(machine, 20000000);
    CHECK_EQ(test_read(&nic.oftens), oftens);
    CHECK_EQ(nic.onces, 1);
    CHECK_EQ(nic.nevers + nic.earlies, 0);
    test_unload(machine, config.miniport);
    CHECK(undis_device_open(machine, "\\\\.\\Nic5", &file) < 0);
    CHECK_OK(undis_port_close(config.bottom));
    CHECK_OK(undis_port_close(wire));
    test_machine_end(machine);
    return 0;
}
