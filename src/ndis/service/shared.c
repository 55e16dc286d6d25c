/* SPDX-License-Identifier: MIT */
/* Memory that a miniport shares with its device. What is out is counted in the adapter's hardware
 * and must be back when the miniport has halted. */
#include "ndis/service/dma.h"
#include "ndis/stack/call_hardware.h"
#include "nt/physical.h"
#include "nt/work.h"

void *
shared_allocate(struct adapter *adapter, ULONG length, PNDIS_PHYSICAL_ADDRESS physical)
{
    uint64_t address = 0;
    void *memory = length ? dma_common(adapter->hardware->memory, length, &address) : NULL;

    physical->QuadPart = (LONGLONG)address;
    if (memory)
        __atomic_fetch_add(&adapter->hardware->shared, 1, __ATOMIC_ACQ_REL);
    return memory;
}

/*
 * NdisMAllocateSharedMemory - memory that the driver and its device both use, zeroed,
 *     page-aligned, in one piece, below 4 GiB
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @Length:                bytes.
 * @Cached:                changes nothing: memory is coherent.
 * @VirtualAddress:        the memory, or NULL.
 * @PhysicalAddress:       what the device calls it.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the memory is the miniport's until NdisMFreeSharedMemory.
 * Errors:    none; NULL when memory is short. Before a miniport of NDIS 6 with a device has
 *            registered DMA it is a bug check (rule hw-sharedmem-needs-dma).
 * Source:    NF:ndis.NdisMAllocateSharedMemory
 */
VOID
NdisMAllocateSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length, BOOLEAN Cached,
    PVOID *VirtualAddress, PNDIS_PHYSICAL_ADDRESS PhysicalAddress)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct hardware *hardware = miniport->adapter->hardware;

    UNREFERENCED_PARAMETER(Cached);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (hardware->device && !miniport->legacy && !hardware->dma)
        gate_bug_check("hw-sharedmem-needs-dma",
            "%s allocates shared memory before NdisMRegisterScatterGatherDma",
            miniport->driver->name);
    *VirtualAddress = shared_allocate(miniport->adapter, Length, PhysicalAddress);
}

/*
 * NdisMFreeSharedMemory - frees shared memory
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @Length:                as allocated.
 * @Cached:                as allocated.
 * @VirtualAddress:        the memory.
 * @PhysicalAddress:       as given with it.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the memory.
 * Errors:    none; what is no such memory, or has another length or physical address, is a bug
 *            check (rule hw-sharedmem-double-free).
 * Source:    NF:ndis.NdisMFreeSharedMemory
 */
VOID
NdisMFreeSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length, BOOLEAN Cached,
    PVOID VirtualAddress, NDIS_PHYSICAL_ADDRESS PhysicalAddress)
{
    struct adapter *adapter = hardware_adapter(MiniportAdapterHandle, __func__);
    const struct object *prefix = object_of(adapter->machine, VirtualAddress, OBJECT_SHARED_MEMORY);

    UNREFERENCED_PARAMETER(Cached);
    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!prefix || prefix->size != ROUND_TO_PAGES(Length) ||
        (uint64_t)PhysicalAddress.QuadPart != physical_of(adapter->machine, VirtualAddress) ||
        __atomic_load_n(&adapter->hardware->shared, __ATOMIC_ACQUIRE) == 0)
        gate_bug_check("hw-sharedmem-double-free",
            "%u bytes at %p, physical 0x%llx, are freed as shared memory, but are none", Length,
            VirtualAddress, (unsigned long long)PhysicalAddress.QuadPart);
    dma_common_free(adapter->hardware->memory, VirtualAddress);
    __atomic_fetch_sub(&adapter->hardware->shared, 1, __ATOMIC_ACQ_REL);
}

struct later {
    struct work work;
    struct module *miniport;
    ULONG length;
    PVOID context;
    MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER complete;
};

static void
allocate_now(struct work *work)
{
    struct later *later = CONTAINING_RECORD(work, struct later, work);
    struct adapter *adapter = later->miniport->adapter;
    NDIS_PHYSICAL_ADDRESS physical;
    void *memory = shared_allocate(adapter, later->length, &physical);

    call_shared_memory_complete(
        later->miniport, later->complete, memory, &physical, later->length, later->context);
    machine_free(adapter->machine, later);
    /* The adapter waits for this before it halts. */
    adapter_later_done(adapter);
}

NDIS_STATUS
shared_allocate_later(struct module *miniport, ULONG length, PVOID context,
    MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER complete)
{
    struct undis *machine = miniport->machine;
    struct later *later = machine_alloc(machine, sizeof(*later));

    if (!later)
        return NDIS_STATUS_RESOURCES;
    later->miniport = miniport;
    later->length = length;
    later->context = context;
    later->complete = complete;
    __atomic_fetch_add(&miniport->adapter->later, 1, __ATOMIC_ACQ_REL);
    work_queue(machine, &later->work, allocate_now);
    return NDIS_STATUS_PENDING;
}

/*
 * NdisAllocateSharedMemory - shared memory by parameters: address, fragments, a handle
 *
 * @NdisHandle:             of a miniport adapter.
 * @SharedMemoryParameters: revision 1: Length; gets VirtualAddress and, when SGListBuffer is there,
 *                          the one fragment that it is.
 * @pAllocationHandle:      gets what NdisFreeSharedMemory takes.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the memory is the caller's until NdisFreeSharedMemory.
 * Errors:    NDIS_STATUS_INVALID_PARAMETER: no length, or a list without room for a fragment;
 *            NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisAllocateSharedMemory
 */
NDIS_STATUS
NdisAllocateSharedMemory(NDIS_HANDLE NdisHandle,
    PNDIS_SHARED_MEMORY_PARAMETERS SharedMemoryParameters, PNDIS_HANDLE pAllocationHandle)
{
    struct adapter *adapter = hardware_adapter(NdisHandle, __func__);
    NDIS_SHARED_MEMORY_PARAMETERS *p = SharedMemoryParameters;
    NDIS_PHYSICAL_ADDRESS physical;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (p->Header.Size < NDIS_SIZEOF_SHARED_MEMORY_PARAMETERS_REVISION_1 || p->Length == 0 ||
        (p->SGListBuffer && p->SGListBufferLength < dma_list_size(1)))
        return NDIS_STATUS_INVALID_PARAMETER;
    p->VirtualAddress = shared_allocate(adapter, p->Length, &physical);
    if (!p->VirtualAddress)
        return NDIS_STATUS_RESOURCES;
    if (p->SGListBuffer) {
        p->SGListBuffer->NumberOfElements = 1;
        p->SGListBuffer->Reserved = 0;
        p->SGListBuffer->Elements[0] =
            (SCATTER_GATHER_ELEMENT){.Address = physical, .Length = p->Length};
    }
    *pAllocationHandle = p->VirtualAddress;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisFreeSharedMemory - frees memory of NdisAllocateSharedMemory
 *
 * @NdisHandle:       of the miniport adapter.
 * @AllocationHandle: as given with the memory.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the memory.
 * Errors:    none; what is no such memory is a bug check (rule hw-sharedmem-double-free).
 * Source:    NF:ndis.NdisFreeSharedMemory
 */
VOID
NdisFreeSharedMemory(NDIS_HANDLE NdisHandle, NDIS_HANDLE AllocationHandle)
{
    struct adapter *adapter = hardware_adapter(NdisHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    dma_common_free(adapter->hardware->memory, AllocationHandle);
    __atomic_fetch_sub(&adapter->hardware->shared, 1, __ATOMIC_ACQ_REL);
}
