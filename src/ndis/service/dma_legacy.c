/* SPDX-License-Identifier: MIT */
/* DMA of miniports of NDIS 3 to 5.1.
 *
 *     NdisMInitializeScatterGatherDma: packets come with their list (ScatterGatherListPacketInfo)
 *     NdisMAllocateMapRegisters: the miniport maps buffer by buffer, a map register each
 *
 * One of the two per adapter; both end with the miniport, map registers by NdisMFreeMapRegisters.
 */
#include "ndis/service/dma.h"
#include "ndis/service/legacy.h"
#include "ndis/stack/legacy.h"

#define REGISTERS_MAX 256u

struct map_registers {
    struct dma *dma; /* [I] */
    UINT count;      /* [I] */
    struct {
        SCATTER_GATHER_LIST *list; /* of the mapping under way, or NULL */
        PNDIS_BUFFER buffer;
    } registers[];
};

/* A packet is about to go to the miniport. */
static bool
map_packet(struct module *miniport, PNDIS_PACKET packet)
{
    struct dma_request request = {.mdl = packet->Private.Head, .to_device = true};
    SCATTER_GATHER_LIST *list;
    UINT length;

    NdisQueryPacket(packet, NULL, NULL, NULL, &length);
    request.length = length;
    if (!NT_SUCCESS(dma_map(miniport->adapter->hardware->packets, &request, &list)))
        return false;
    NDIS_PER_PACKET_INFO_FROM_PACKET(packet, ScatterGatherListPacketInfo) = list;
    return true;
}

static void
unmap_packet(struct module *miniport, PNDIS_PACKET packet)
{
    SCATTER_GATHER_LIST *list =
        NDIS_PER_PACKET_INFO_FROM_PACKET(packet, ScatterGatherListPacketInfo);

    NDIS_PER_PACKET_INFO_FROM_PACKET(packet, ScatterGatherListPacketInfo) = NULL;
    dma_unmap(miniport->adapter->hardware->packets, list);
}

/*
 * NdisMInitializeScatterGatherDma - a bus master of NDIS 5 wants packets with their lists
 *
 * @MiniportAdapterHandle:  as given to MiniportInitialize.
 * @Dma64BitAddresses:      TRUE: the device knows addresses of 64 bits.
 * @MaximumPhysicalMapping: bytes of the longest packet.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the list of a packet is NDIS', as long as the miniport has the packet.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED: no device on the bus; NDIS_STATUS_FAILURE: initialized
 *            already, or map registers are allocated; NDIS_STATUS_RESOURCES. A packet that cannot be
 *            mapped comes back with NDIS_STATUS_RESOURCES without reaching the miniport.
 * Source:    xp7600:NdisXMd_Mz_719e5825-da4b-432a-a839-5b4bbaed4e43.xml.htm
 */
NDIS_STATUS
NdisMInitializeScatterGatherDma(
    NDIS_HANDLE MiniportAdapterHandle, BOOLEAN Dma64BitAddresses, ULONG MaximumPhysicalMapping)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct hardware *hardware = miniport->adapter->hardware;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!hardware->device || !miniport->legacy)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (hardware->packets || hardware->map)
        return NDIS_STATUS_FAILURE;
    hardware->packets =
        dma_create(hardware->device, Dma64BitAddresses != FALSE, MaximumPhysicalMapping);
    if (!hardware->packets)
        return NDIS_STATUS_RESOURCES;
    miniport->legacy->unmap_packet = unmap_packet;
    miniport->legacy->map_packet = map_packet;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMAllocateMapRegisters - a bus master of NDIS 3 to 5.1 will map buffers itself
 *
 * @MiniportAdapterHandle:      as given to MiniportInitialize.
 * @DmaChannel:                 ignored of a bus master, as documented.
 * @DmaSize:                    NDIS_DMA_32BITS or NDIS_DMA_64BITS; no device has 24.
 * @PhysicalMapRegistersNeeded: how many buffers are mapped at a time.
 * @MaximumPhysicalMapping:     bytes of one.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registers are the miniport's until NdisMFreeMapRegisters.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED: no device on the bus, or 24 bits; NDIS_STATUS_RESOURCES:
 *            more than 256, allocated already, or no memory.
 * Source:    xp7600:NdisXM_MC_1867c389-676a-4599-b374-d7423de8394e.xml.htm
 */
NDIS_STATUS
NdisMAllocateMapRegisters(NDIS_HANDLE MiniportAdapterHandle, UINT DmaChannel, NDIS_DMA_SIZE DmaSize,
    ULONG PhysicalMapRegistersNeeded, ULONG MaximumPhysicalMapping)
{
    struct adapter *adapter = hardware_adapter(MiniportAdapterHandle, __func__);
    struct hardware *hardware = adapter->hardware;
    struct map_registers *map;

    UNREFERENCED_PARAMETER(DmaChannel);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!hardware->device || DmaSize == NDIS_DMA_24BITS)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (hardware->map || hardware->packets || PhysicalMapRegistersNeeded > REGISTERS_MAX)
        return NDIS_STATUS_RESOURCES;
    map = machine_alloc(
        adapter->machine, sizeof(*map) + PhysicalMapRegistersNeeded * sizeof(map->registers[0]));
    if (!map)
        return NDIS_STATUS_RESOURCES;
    map->count = PhysicalMapRegistersNeeded;
    map->dma = dma_create(hardware->device, DmaSize == NDIS_DMA_64BITS, MaximumPhysicalMapping);
    if (!map->dma) {
        machine_free(adapter->machine, map);
        return NDIS_STATUS_RESOURCES;
    }
    hardware->map = map;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMFreeMapRegisters - a bus master maps no buffers any more
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the registers.
 * Errors:    none; without registers, or with a buffer still mapped, it is a bug check (rules
 *            hw-dma-map-registers, hw-sg-pair).
 * Source:    xp7600:NdisXMd_Mz_0e8237da-3e6a-4924-b346-7059f4c662c9.xml.htm
 */
VOID
NdisMFreeMapRegisters(NDIS_HANDLE MiniportAdapterHandle)
{
    struct adapter *adapter = hardware_adapter(MiniportAdapterHandle, __func__);
    struct map_registers *map = adapter->hardware->map;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!map)
        gate_bug_check("hw-dma-map-registers", "%s without NdisMAllocateMapRegisters", __func__);
    dma_destroy(map->dma);
    adapter->hardware->map = NULL;
    machine_free(adapter->machine, map);
}

/* The map register @number of an adapter, bug check when it is none. */
static struct map_registers *
registers_of(struct adapter *adapter, ULONG number, const char *caller)
{
    struct map_registers *map = adapter->hardware->map;

    if (!map || number >= map->count)
        gate_bug_check("hw-dma-map-registers", "%s was given map register %u of %u", caller, number,
            map ? map->count : 0);
    return map;
}

/*
 * NdisMStartBufferPhysicalMapping - the addresses of a buffer, for the device
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Buffer:                one buffer.
 * @PhysicalMapRegister:   which register, below the number allocated.
 * @WriteToDevice:         TRUE: the device reads.
 * @PhysicalAddressArray:  gets the pieces, as many as the buffer has pages at most.
 * @ArraySize:             gets their number.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer is the device's until NdisMCompleteBufferPhysicalMapping.
 * Errors:    none; 0 pieces when memory for a copy is short. A register in use is a bug check (rule
 *            hw-dma-map-registers).
 * Source:    xp7600:NdisXMd_Mz_da9de94d-2a62-454e-a157-a3a32f564d16.xml.htm
 */
VOID
NdisMStartBufferPhysicalMapping(NDIS_HANDLE MiniportAdapterHandle, PNDIS_BUFFER Buffer,
    ULONG PhysicalMapRegister, BOOLEAN WriteToDevice,
    PNDIS_PHYSICAL_ADDRESS_UNIT PhysicalAddressArray, PUINT ArraySize)
{
    struct adapter *adapter = hardware_adapter(MiniportAdapterHandle, __func__);
    struct map_registers *map = registers_of(adapter, PhysicalMapRegister, __func__);
    struct dma_request request = {
        .mdl = Buffer, .length = MmGetMdlByteCount(Buffer), .to_device = WriteToDevice != FALSE};
    SCATTER_GATHER_LIST *list;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (map->registers[PhysicalMapRegister].list)
        gate_bug_check("hw-dma-map-registers", "map register %u is used while it is in use",
            PhysicalMapRegister);
    *ArraySize = 0;
    if (!NT_SUCCESS(dma_map(map->dma, &request, &list)))
        return;
    map->registers[PhysicalMapRegister].list = list;
    map->registers[PhysicalMapRegister].buffer = Buffer;
    for (ULONG i = 0; i < list->NumberOfElements; i++)
        PhysicalAddressArray[i] =
            (NDIS_PHYSICAL_ADDRESS_UNIT){list->Elements[i].Address, list->Elements[i].Length};
    *ArraySize = list->NumberOfElements;
}

/*
 * NdisMCompleteBufferPhysicalMapping - the device is done with a buffer
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Buffer:                as mapped.
 * @PhysicalMapRegister:   as used then.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer is the miniport's again, with what the device wrote.
 * Errors:    none; a buffer that is not mapped there is a bug check (rule
 *            hw-dma-complete-before-complete).
 * Source:    xp7600:NdisXM_MC_2b3a609a-8245-4a3f-907c-d6f2cbdc8e96.xml.htm
 */
VOID
NdisMCompleteBufferPhysicalMapping(
    NDIS_HANDLE MiniportAdapterHandle, PNDIS_BUFFER Buffer, ULONG PhysicalMapRegister)
{
    struct adapter *adapter = hardware_adapter(MiniportAdapterHandle, __func__);
    struct map_registers *map = registers_of(adapter, PhysicalMapRegister, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!map->registers[PhysicalMapRegister].list ||
        map->registers[PhysicalMapRegister].buffer != Buffer)
        gate_bug_check("hw-dma-complete-before-complete",
            "map register %u is completed for a buffer that it does not map", PhysicalMapRegister);
    dma_unmap(map->dma, map->registers[PhysicalMapRegister].list);
    map->registers[PhysicalMapRegister].list = NULL;
}

/*
 * NdisMAllocateSharedMemoryAsync - shared memory of NDIS 5, allocated later
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Length:                bytes.
 * @Cached:                changes nothing.
 * @Context:               what MiniportAllocateComplete gets.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the memory is the miniport's from MiniportAllocateComplete until
 *            NdisMFreeSharedMemory.
 * Errors:    NDIS_STATUS_PENDING: MiniportAllocateComplete will be called, with NULL when memory is
 *            short; NDIS_STATUS_FAILURE: there is none; NDIS_STATUS_RESOURCES.
 * Source:    xp7600:NdisXM_MC_2fcfb8fb-749c-41bd-afe7-419da659b782.xml.htm
 */
NDIS_STATUS
NdisMAllocateSharedMemoryAsync(
    NDIS_HANDLE MiniportAdapterHandle, ULONG Length, BOOLEAN Cached, PVOID Context)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    UNREFERENCED_PARAMETER(Cached);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!miniport->legacy || !miniport->registration->miniport5.AllocateCompleteHandler)
        return NDIS_STATUS_FAILURE;
    return shared_allocate_later(
        miniport, Length, Context, miniport->registration->miniport5.AllocateCompleteHandler);
}
