/* SPDX-License-Identifier: MIT */
/* Registers get addresses; configuration space by bus and slot; the bus as an interface. */
#include "hardware/iospace.h"
#include "hardware/adapter.h"
#include "nt/gate.h"
#include "nt/physical.h"
#include <initguid.h>
#include <string.h>
#include <wdmguid.h>

static PVOID
map(PHYSICAL_ADDRESS physical, SIZE_T size)
{
    struct undis *machine = machine_self();
    uint64_t address = (uint64_t)physical.QuadPart;
    struct bus_device *device;
    unsigned bar;

    if (size == 0 || object_fails(machine, OBJECT_NONE, size))
        return NULL;
    device = bus_decode(machine, false, address, size, &bar);
    if (!device)
        return physical_in_arena(address) ? physical_memory(machine, address, size) : NULL;
    __atomic_fetch_add(&device->bars[bar].maps, 1, __ATOMIC_ACQ_REL);
    return machine->bus->window + (address - PHYSICAL_HOLE);
}

/*
 * MmMapIoSpace - gives registers of a device an address
 *
 * @PhysicalAddress: from the translated resources. @NumberOfBytes: within one BAR.
 * @CacheType: changes nothing.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the mapping is the caller's until MmUnmapIoSpace. It is for READ_REGISTER_* and
 *            WRITE_REGISTER_*.
 * Errors:    NULL: no device and no memory is there.
 * Source:    NF:wdm.MmMapIoSpace
 */
PVOID
MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType)
{
    UNREFERENCED_PARAMETER(CacheType);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return map(PhysicalAddress, NumberOfBytes);
}

/*
 * MmMapIoSpaceEx - gives registers of a device an address
 *
 * @PhysicalAddress: from the translated resources. @NumberOfBytes: within one BAR.
 * @Protect: PAGE_READONLY or PAGE_READWRITE, with PAGE_NOCACHE or PAGE_WRITECOMBINE.
 *
 * IRQL:      <=DISPATCH_LEVEL
 * Ownership: as MmMapIoSpace.
 * Errors:    NULL: another protection; no device and no memory is there.
 * Source:    NF:wdm.MmMapIoSpaceEx
 */
PVOID
MmMapIoSpaceEx(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, ULONG Protect)
{
    ULONG access = Protect & ~(ULONG)(PAGE_NOCACHE | PAGE_WRITECOMBINE);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (access != PAGE_READONLY && access != PAGE_READWRITE && access != PAGE_EXECUTE_READWRITE)
        return NULL;
    return map(PhysicalAddress, NumberOfBytes);
}

/*
 * MmUnmapIoSpace - takes an address of MmMapIoSpace back
 *
 * @BaseAddress: of MmMapIoSpace. @NumberOfBytes: as given there.
 *
 * IRQL:      <=DISPATCH_LEVEL
 * Ownership: takes the mapping.
 * Errors:    none; what is not mapped is a bug check (rule hw-iospace-unmapped).
 * Source:    NF:wdm.MmUnmapIoSpace
 */
VOID
MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    struct undis *machine = machine_self();
    uint64_t offset =
        machine->bus ? (uint64_t)((char *)BaseAddress - machine->bus->window) : UINT64_MAX;
    struct bus_device *device = NULL;
    unsigned bar = 0;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (offset >= PHYSICAL_HIGH - PHYSICAL_HOLE && arena_owns(machine->arena, BaseAddress))
        return;
    if (offset < PHYSICAL_HIGH - PHYSICAL_HOLE)
        device = bus_decode(machine, false, PHYSICAL_HOLE + offset, NumberOfBytes, &bar);
    if (!device || !__atomic_load_n(&device->bars[bar].maps, __ATOMIC_ACQUIRE))
        gate_bug_check("hw-iospace-unmapped", "%zu bytes at %p are unmapped, but are not mapped",
            (size_t)NumberOfBytes, BaseAddress);
    __atomic_fetch_sub(&device->bars[bar].maps, 1, __ATOMIC_ACQ_REL);
}

/* The device that a HAL call means; NULL when its bus has none there. */
static struct bus_device *
device_at(BUS_DATA_TYPE type, ULONG bus, ULONG slot)
{
    PCI_SLOT_NUMBER number = {.u.AsULONG = slot};

    if (type != PCIConfiguration || bus != 0 || number.u.bits.FunctionNumber != 0)
        return NULL;
    return bus_device_at(machine_self(), number.u.bits.DeviceNumber);
}

/* What an empty slot answers: two bytes that say so. */
static ULONG
nobody(BUS_DATA_TYPE type, ULONG bus, void *buffer, ULONG length)
{
    USHORT invalid = PCI_INVALID_VENDORID;

    if (type != PCIConfiguration || bus != 0 || length < sizeof(invalid))
        return 0;
    memcpy(buffer, &invalid, sizeof(invalid));
    return sizeof(invalid);
}

/*
 * HalGetBusDataByOffset - reads configuration space by bus and slot
 *
 * @BusDataType: PCIConfiguration. @BusNumber: 0. @SlotNumber: a PCI_SLOT_NUMBER.
 * @Buffer: gets the bytes. @Offset: of the first. @Length: how many.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    0: no such bus; 2, and PCI_INVALID_VENDORID: no device in the slot.
 * Source:    undocumented; obsolete, as NC:wdm.GET_SET_DEVICE_DATA
 */
ULONG
HalGetBusDataByOffset(BUS_DATA_TYPE BusDataType, ULONG BusNumber, ULONG SlotNumber, PVOID Buffer,
    ULONG Offset, ULONG Length)
{
    struct bus_device *device = device_at(BusDataType, BusNumber, SlotNumber);

    return device ? bus_config_read(device, Offset, Buffer, Length)
                  : nobody(BusDataType, BusNumber, Buffer, Length);
}

/*
 * HalGetBusData - reads configuration space from its beginning
 *
 * @BusDataType: PCIConfiguration. @BusNumber: 0. @SlotNumber: a PCI_SLOT_NUMBER.
 * @Buffer: gets the bytes. @Length: how many.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    as HalGetBusDataByOffset.
 * Source:    undocumented; obsolete, as NC:wdm.GET_SET_DEVICE_DATA
 */
ULONG
HalGetBusData(
    BUS_DATA_TYPE BusDataType, ULONG BusNumber, ULONG SlotNumber, PVOID Buffer, ULONG Length)
{
    return HalGetBusDataByOffset(BusDataType, BusNumber, SlotNumber, Buffer, 0, Length);
}

/*
 * HalSetBusDataByOffset - writes configuration space by bus and slot
 *
 * @BusDataType: PCIConfiguration. @BusNumber: 0. @SlotNumber: a PCI_SLOT_NUMBER.
 * @Buffer: the bytes. @Offset: of the first. @Length: how many.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    0: no such device. Bits that are read-only stay.
 * Source:    undocumented; obsolete, as NC:wdm.GET_SET_DEVICE_DATA
 */
ULONG
HalSetBusDataByOffset(BUS_DATA_TYPE BusDataType, ULONG BusNumber, ULONG SlotNumber, PVOID Buffer,
    ULONG Offset, ULONG Length)
{
    struct bus_device *device = device_at(BusDataType, BusNumber, SlotNumber);

    return device ? bus_config_write(device, Offset, Buffer, Length) : 0;
}

/*
 * HalSetBusData - writes configuration space from its beginning
 *
 * @BusDataType: PCIConfiguration. @BusNumber: 0. @SlotNumber: a PCI_SLOT_NUMBER.
 * @Buffer: the bytes. @Length: how many.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    as HalSetBusDataByOffset.
 * Source:    undocumented; obsolete, as NC:wdm.GET_SET_DEVICE_DATA
 */
ULONG
HalSetBusData(
    BUS_DATA_TYPE BusDataType, ULONG BusNumber, ULONG SlotNumber, PVOID Buffer, ULONG Length)
{
    return HalSetBusDataByOffset(BusDataType, BusNumber, SlotNumber, Buffer, 0, Length);
}

/*
 * HalTranslateBusAddress - what the processor calls an address of a bus: the same
 *
 * @InterfaceType: PCIBus or Isa. @BusNumber: 0. @BusAddress: of a register or port.
 * @AddressSpace: 0 memory, 1 ports; stays as it is. @TranslatedAddress: gets the answer.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    FALSE: no such bus.
 * Source:    undocumented; obsolete, as NC:wdm.TRANSLATE_BUS_ADDRESS
 */
BOOLEAN
HalTranslateBusAddress(INTERFACE_TYPE InterfaceType, ULONG BusNumber, PHYSICAL_ADDRESS BusAddress,
    PULONG AddressSpace, PPHYSICAL_ADDRESS TranslatedAddress)
{
    if ((InterfaceType != PCIBus && InterfaceType != Isa) || BusNumber != 0 || *AddressSpace > 1)
        return FALSE;
    *TranslatedAddress = BusAddress;
    return TRUE;
}

static VOID
reference(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
}

static BOOLEAN
translate(PVOID Context, PHYSICAL_ADDRESS BusAddress, ULONG Length, PULONG AddressSpace,
    PPHYSICAL_ADDRESS TranslatedAddress)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Length);
    return HalTranslateBusAddress(PCIBus, 0, BusAddress, AddressSpace, TranslatedAddress);
}

static PDMA_ADAPTER
get_dma_adapter(PVOID Context, PDEVICE_DESCRIPTION DeviceDescriptor, PULONG NumberOfMapRegisters)
{
    return adapter_get(Context, DeviceDescriptor, NumberOfMapRegisters);
}

static ULONG
get_data(PVOID Context, ULONG DataType, PVOID Buffer, ULONG Offset, ULONG Length)
{
    return DataType == PCI_WHICHSPACE_CONFIG ? bus_config_read(Context, Offset, Buffer, Length) : 0;
}

static ULONG
set_data(PVOID Context, ULONG DataType, PVOID Buffer, ULONG Offset, ULONG Length)
{
    return DataType == PCI_WHICHSPACE_CONFIG ? bus_config_write(Context, Offset, Buffer, Length)
                                             : 0;
}

NTSTATUS
bus_query_interface(struct bus_device *device, PIRP irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
    const GUID *type = stack->Parameters.QueryInterface.InterfaceType;
    BUS_INTERFACE_STANDARD *answer =
        (BUS_INTERFACE_STANDARD *)stack->Parameters.QueryInterface.Interface;

    if (!type || !answer || memcmp(type, &GUID_BUS_INTERFACE_STANDARD, sizeof(*type)) != 0)
        return STATUS_NOT_SUPPORTED;
    if (stack->Parameters.QueryInterface.Size < sizeof(*answer))
        return STATUS_INVALID_PARAMETER;
    *answer = (BUS_INTERFACE_STANDARD){.Size = sizeof(*answer),
        .Version = 1,
        .Context = device,
        .InterfaceReference = reference,
        .InterfaceDereference = reference,
        .TranslateBusAddress = translate,
        .GetDmaAdapter = get_dma_adapter,
        .SetBusData = set_data,
        .GetBusData = get_data};
    return STATUS_SUCCESS;
}
