/* SPDX-License-Identifier: MIT */
/* An adapter's hardware: its device, its registers, its configuration space. See hardware.h. */
#include "ndis/service/hardware.h"

struct adapter *
hardware_adapter(NDIS_HANDLE handle, const char *caller)
{
    return module_from_handle(handle, MODULE_MINIPORT, caller)->adapter;
}

NTSTATUS
hardware_create(struct adapter *adapter)
{
    struct hardware *hardware = machine_alloc(adapter->machine, sizeof(*hardware));

    if (!hardware)
        return STATUS_INSUFFICIENT_RESOURCES;
    hardware->device = bus_device_of(adapter->pdo);
    hardware->messages = hardware->device ? hardware->device->messages : 0;
    hardware->memory = dma_create(hardware->device, false, 0xffffffffu);
    if (!hardware->memory) {
        machine_free(adapter->machine, hardware);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    InitializeListHead(&hardware->interrupts);
    InitializeListHead(&hardware->interrupts5);
    adapter->hardware = hardware;
    return STATUS_SUCCESS;
}

void
hardware_destroy(struct adapter *adapter)
{
    if (!adapter->hardware)
        return;
    dma_destroy(adapter->hardware->memory);
    machine_free(adapter->machine, adapter->hardware->assigned);
    machine_free(adapter->machine, adapter->hardware);
    adapter->hardware = NULL;
}

NDIS_RESOURCE_LIST *
hardware_resources(const struct adapter *adapter)
{
    PCM_RESOURCE_LIST list = hardware_list(adapter);

    return list ? &list->List[0].PartialResourceList : NULL;
}

PCM_RESOURCE_LIST
hardware_list(const struct adapter *adapter)
{
    struct bus_device *device = adapter->hardware->device;

    if (adapter->hardware->assigned)
        return adapter->hardware->assigned;
    return device ? device->resources : NULL;
}

static void
must_be_back(
    const struct adapter *adapter, bool broken, const char *rule, const char *what, bool halted)
{
    if (broken)
        gate_bug_check(rule, "%s %s and left %s behind", adapter->miniport->driver->name,
            halted ? "was halted" : "failed to initialize", what);
}

void
hardware_left(struct adapter *adapter, bool halted)
{
    struct hardware *h = adapter->hardware;
    const char *rule = halted ? "hw-interrupt-deregister-halt" : "hw-interrupt-deregister-initfail";

    if (h->packets)
        dma_destroy(h->packets);
    h->packets = NULL;
    must_be_back(adapter, !IsListEmpty(&h->interrupts) || !IsListEmpty(&h->interrupts5), rule,
        "an interrupt registered", halted);
    must_be_back(adapter, __atomic_load_n(&h->shared, __ATOMIC_ACQUIRE) != 0, "hw-sharedmem-freed",
        "shared memory", halted);
    must_be_back(adapter, h->dma != NULL, "hw-sgdma-deregister", "DMA registered", halted);
    must_be_back(adapter, h->map != NULL, "hw-dma-map-registers", "map registers", halted);
    must_be_back(adapter, __atomic_load_n(&h->spaces, __ATOMIC_ACQUIRE) != 0, "hw-iospace-unmapped",
        "mapped registers", halted);
    must_be_back(adapter, __atomic_load_n(&h->ranges, __ATOMIC_ACQUIRE) != 0, "hw-ioport-in-init",
        "a port range", halted);
}

/*
 * NdisMMapIoSpace - gives registers of the adapter's device an address
 *
 * @VirtualAddress:        gets it, for NdisReadRegister* and NdisWriteRegister*.
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @PhysicalAddress:       within one of the memory resources.
 * @Length:                bytes.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the mapping is the miniport's until NdisMUnmapIoSpace.
 * Errors:    NDIS_STATUS_RESOURCE_CONFLICT: not the device's; NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisMMapIoSpace
 */
NDIS_STATUS
NdisMMapIoSpace(PVOID *VirtualAddress, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_PHYSICAL_ADDRESS PhysicalAddress, UINT Length)
{
    struct hardware *hardware = hardware_adapter(MiniportAdapterHandle, __func__)->hardware;
    struct bus_device *device;
    unsigned bar;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *VirtualAddress = NULL;
    device = bus_decode(machine_self(), false, (uint64_t)PhysicalAddress.QuadPart, Length, &bar);
    if (Length == 0 || !device || device != hardware->device)
        return NDIS_STATUS_RESOURCE_CONFLICT;
    *VirtualAddress = MmMapIoSpace(PhysicalAddress, Length, MmNonCached);
    if (!*VirtualAddress)
        return NDIS_STATUS_RESOURCES;
    __atomic_fetch_add(&hardware->spaces, 1, __ATOMIC_ACQ_REL);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMUnmapIoSpace - takes a mapping of NdisMMapIoSpace back
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @VirtualAddress:        of NdisMMapIoSpace.
 * @Length:                as given there.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the mapping.
 * Errors:    none; what is not mapped is a bug check (rule hw-iospace-unmapped).
 * Source:    NF:ndis.NdisMUnmapIoSpace
 */
VOID
NdisMUnmapIoSpace(NDIS_HANDLE MiniportAdapterHandle, PVOID VirtualAddress, UINT Length)
{
    struct hardware *hardware = hardware_adapter(MiniportAdapterHandle, __func__)->hardware;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    MmUnmapIoSpace(VirtualAddress, Length);
    __atomic_fetch_sub(&hardware->spaces, 1, __ATOMIC_ACQ_REL);
}

/*
 * NdisMRegisterIoPortRange - says which ports of its device the miniport will use
 *
 * @PortOffset:            gets what NdisRawReadPort* and NdisRawWritePort* are to be called with.
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @InitialPort:           number of the first.
 * @NumberOfPorts:         how many.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the range is the miniport's until NdisMDeregisterIoPortRange.
 * Errors:    NDIS_STATUS_RESOURCE_CONFLICT: not its device's ports; NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisMRegisterIoPortRange
 */
NDIS_STATUS
NdisMRegisterIoPortRange(
    PVOID *PortOffset, NDIS_HANDLE MiniportAdapterHandle, UINT InitialPort, UINT NumberOfPorts)
{
    struct hardware *hardware = hardware_adapter(MiniportAdapterHandle, __func__)->hardware;
    struct bus_device *device;
    unsigned bar;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    device = bus_decode(machine_self(), true, InitialPort, NumberOfPorts, &bar);
    if (NumberOfPorts == 0 || !device || device != hardware->device)
        return NDIS_STATUS_RESOURCE_CONFLICT;
    if (object_fails(machine_self(), OBJECT_NONE, NumberOfPorts))
        return NDIS_STATUS_RESOURCES;
    *PortOffset = (PVOID)(ULONG_PTR)InitialPort;
    __atomic_fetch_add(&hardware->ranges, 1, __ATOMIC_ACQ_REL);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMDeregisterIoPortRange - the miniport uses the ports no more
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @InitialPort:           as registered.
 * @NumberOfPorts:         as registered.
 * @PortOffset:            as given then.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the range.
 * Errors:    none; a range that is not registered is a bug check (rule hw-ioport-in-init).
 * Source:    NF:ndis.NdisMDeregisterIoPortRange
 */
VOID
NdisMDeregisterIoPortRange(
    NDIS_HANDLE MiniportAdapterHandle, UINT InitialPort, UINT NumberOfPorts, PVOID PortOffset)
{
    struct hardware *hardware = hardware_adapter(MiniportAdapterHandle, __func__)->hardware;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (PortOffset != (PVOID)(ULONG_PTR)InitialPort || NumberOfPorts == 0 ||
        __atomic_load_n(&hardware->ranges, __ATOMIC_ACQUIRE) == 0)
        gate_bug_check("hw-ioport-in-init", "ports 0x%x, %u of them, are not registered",
            InitialPort, NumberOfPorts);
    __atomic_fetch_sub(&hardware->ranges, 1, __ATOMIC_ACQ_REL);
}

/*
 * NdisMGetBusData - reads the configuration space of the adapter's device
 *
 * @NdisMiniportHandle: as given to MiniportInitializeEx.
 * @WhichSpace:         PCI_WHICHSPACE_CONFIG.
 * @Offset:             of the first byte.
 * @Buffer:             gets them.
 * @Length:             how many.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    0: no device on the bus, or another space. A device that is gone reads as ones.
 * Source:    NF:ndis.NdisMGetBusData
 */
ULONG
NdisMGetBusData(
    NDIS_HANDLE NdisMiniportHandle, ULONG WhichSpace, ULONG Offset, PVOID Buffer, ULONG Length)
{
    struct bus_device *device = hardware_adapter(NdisMiniportHandle, __func__)->hardware->device;

    if (!device || WhichSpace != PCI_WHICHSPACE_CONFIG)
        return 0;
    return bus_config_read(device, Offset, Buffer, Length);
}

/*
 * NdisMSetBusData - writes the configuration space of the adapter's device
 *
 * @NdisMiniportHandle: as given to MiniportInitializeEx.
 * @WhichSpace:         PCI_WHICHSPACE_CONFIG.
 * @Offset:             of the first byte.
 * @Buffer:             what to write; bits that are read-only stay.
 * @Length:             bytes.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    0: no device on the bus, or another space.
 * Source:    NF:ndis.NdisMSetBusData
 */
ULONG
NdisMSetBusData(
    NDIS_HANDLE NdisMiniportHandle, ULONG WhichSpace, ULONG Offset, PVOID Buffer, ULONG Length)
{
    struct bus_device *device = hardware_adapter(NdisMiniportHandle, __func__)->hardware->device;

    if (!device || WhichSpace != PCI_WHICHSPACE_CONFIG)
        return 0;
    return bus_config_write(device, Offset, Buffer, Length);
}
