/* SPDX-License-Identifier: MIT */
/* DMA adapters as WDM drivers use them: IoGetDmaAdapter and its table of operations.
 *
 *     GetScatterGatherList --> DRIVER_LIST_CONTROL --> ... --> PutScatterGatherList
 *     AllocateAdapterChannel --> DRIVER_CONTROL --> MapTransfer ... FlushAdapterBuffers
 *                                                  --> FreeMapRegisters
 *
 * There are as many map registers as a transfer of the longest length needs, and nobody waits for
 * one: execution routines are called before the operation returns.
 */
#include "hardware/adapter.h"
#include "nt/call_hardware.h"
#include <string.h>

struct dma_adapter {
    DMA_ADAPTER adapter; /* first: what the driver holds */
    struct dma *dma;
    DMA_OPERATIONS operations;
    ULONG registers;
    struct bus_device *device;
};

/* A transfer of MapTransfer that is not flushed yet. */
struct transfer {
    struct transfer *next;
    PMDL mdl;
    SCATTER_GATHER_LIST *list;
};

/* What MapRegisterBase points at. */
struct registers {
    struct transfer *transfers;
};

static struct dma_adapter *
of(PDMA_ADAPTER adapter)
{
    return (struct dma_adapter *)adapter;
}

static VOID
put_adapter(PDMA_ADAPTER DmaAdapter)
{
    struct dma_adapter *adapter = of(DmaAdapter);

    gate_require_irql(PASSIVE_LEVEL, "PutDmaAdapter");
    __atomic_fetch_sub(&adapter->device->adapters, 1, __ATOMIC_ACQ_REL);
    dma_destroy(adapter->dma);
    machine_free(machine_self(), adapter);
}

static PVOID
allocate_common(
    PDMA_ADAPTER DmaAdapter, ULONG Length, PPHYSICAL_ADDRESS LogicalAddress, BOOLEAN CacheEnabled)
{
    uint64_t physical;
    void *memory;

    UNREFERENCED_PARAMETER(CacheEnabled);
    gate_require_irql(PASSIVE_LEVEL, "AllocateCommonBuffer");
    memory = dma_common(of(DmaAdapter)->dma, Length, &physical);
    if (memory)
        LogicalAddress->QuadPart = (LONGLONG)physical;
    return memory;
}

static VOID
free_common(PDMA_ADAPTER DmaAdapter, ULONG Length, PHYSICAL_ADDRESS LogicalAddress,
    PVOID VirtualAddress, BOOLEAN CacheEnabled)
{
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(LogicalAddress);
    UNREFERENCED_PARAMETER(CacheEnabled);
    dma_common_free(of(DmaAdapter)->dma, VirtualAddress);
}

static struct dma_request
request_of(PMDL mdl, const void *current, ULONG length, bool to_device)
{
    return (struct dma_request){.mdl = mdl,
        .offset = (uint64_t)((const char *)current - (const char *)MmGetMdlVirtualAddress(mdl)),
        .length = length,
        .to_device = to_device};
}

static NTSTATUS
build(PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT device, const struct dma_request *request,
    PDRIVER_LIST_CONTROL routine, void *context)
{
    SCATTER_GATHER_LIST *list;
    NTSTATUS status = dma_map(of(DmaAdapter)->dma, request, &list);

    if (NT_SUCCESS(status))
        call_list_control(
            block_self->driver, routine, device, device ? device->CurrentIrp : NULL, list, context);
    return status;
}

static NTSTATUS
/* NOLINTNEXTLINE(readability-function-size): its parameters are documented */
get_list(PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PMDL Mdl, PVOID CurrentVa,
    ULONG Length, PDRIVER_LIST_CONTROL ExecutionRoutine, PVOID Context, BOOLEAN WriteToDevice)
{
    struct dma_request request = request_of(Mdl, CurrentVa, Length, WriteToDevice);

    gate_require_irql(DISPATCH_LEVEL, "GetScatterGatherList");
    return build(DmaAdapter, DeviceObject, &request, ExecutionRoutine, Context);
}

static NTSTATUS
/* NOLINTNEXTLINE(readability-function-size): its parameters are documented */
build_list(PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, PMDL Mdl, PVOID CurrentVa,
    ULONG Length, PDRIVER_LIST_CONTROL ExecutionRoutine, PVOID Context, BOOLEAN WriteToDevice,
    PVOID ScatterGatherBuffer, ULONG ScatterGatherLength)
{
    struct dma_request request = request_of(Mdl, CurrentVa, Length, WriteToDevice);

    gate_require_irql(DISPATCH_LEVEL, "BuildScatterGatherList");
    request.list = ScatterGatherBuffer;
    request.room = ScatterGatherLength;
    return build(DmaAdapter, DeviceObject, &request, ExecutionRoutine, Context);
}

static VOID
put_list(PDMA_ADAPTER DmaAdapter, PSCATTER_GATHER_LIST ScatterGather, BOOLEAN WriteToDevice)
{
    UNREFERENCED_PARAMETER(WriteToDevice);
    dma_unmap(of(DmaAdapter)->dma, ScatterGather);
}

static NTSTATUS
calculate(PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID CurrentVa, ULONG Length,
    PULONG ScatterGatherListSize, PULONG pNumberOfMapRegisters)
{
    struct dma_request request;

    UNREFERENCED_PARAMETER(DmaAdapter);
    if (!Mdl) {
        *ScatterGatherListSize =
            (ULONG)dma_list_size(ADDRESS_AND_SIZE_TO_SPAN_PAGES(CurrentVa, Length));
    } else {
        request = request_of(Mdl, CurrentVa, Length, true);
        *ScatterGatherListSize = (ULONG)dma_list_size(dma_elements(&request));
    }
    if (pNumberOfMapRegisters)
        *pNumberOfMapRegisters = (ULONG)ADDRESS_AND_SIZE_TO_SPAN_PAGES(CurrentVa, Length);
    return STATUS_SUCCESS;
}

static NTSTATUS
mdl_from_list(
    PDMA_ADAPTER DmaAdapter, PSCATTER_GATHER_LIST ScatterGather, PMDL OriginalMdl, PMDL *TargetMdl)
{
    UNREFERENCED_PARAMETER(DmaAdapter);
    UNREFERENCED_PARAMETER(ScatterGather);
    *TargetMdl = OriginalMdl;
    return STATUS_SUCCESS;
}

/* Takes back what was mapped of @mdl; NULL: of all. */
static void
flush(struct dma_adapter *adapter, struct registers *registers, PMDL mdl)
{
    struct transfer **at = &registers->transfers;

    while (*at) {
        struct transfer *transfer = *at;

        if (mdl && transfer->mdl != mdl) {
            at = &transfer->next;
            continue;
        }
        *at = transfer->next;
        dma_unmap(adapter->dma, transfer->list);
        machine_free(machine_self(), transfer);
    }
}

static VOID
free_registers(PDMA_ADAPTER DmaAdapter, PVOID MapRegisterBase, ULONG NumberOfMapRegisters)
{
    UNREFERENCED_PARAMETER(NumberOfMapRegisters);
    flush(of(DmaAdapter), MapRegisterBase, NULL);
    machine_free(machine_self(), MapRegisterBase);
}

static NTSTATUS
allocate_channel(PDMA_ADAPTER DmaAdapter, PDEVICE_OBJECT DeviceObject, ULONG NumberOfMapRegisters,
    PDRIVER_CONTROL ExecutionRoutine, PVOID Context)
{
    struct registers *registers;
    IO_ALLOCATION_ACTION action;

    gate_require_irql(DISPATCH_LEVEL, "AllocateAdapterChannel");
    if (NumberOfMapRegisters > of(DmaAdapter)->registers)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (object_fails(machine_self(), OBJECT_NONE, NumberOfMapRegisters))
        return STATUS_INSUFFICIENT_RESOURCES;
    registers = machine_alloc(machine_self(), sizeof(*registers));
    if (!registers)
        return STATUS_INSUFFICIENT_RESOURCES;
    action = call_adapter_control(block_self->driver, ExecutionRoutine, DeviceObject,
        DeviceObject->CurrentIrp, registers, Context);
    if (action == DeallocateObject)
        free_registers(DmaAdapter, registers, NumberOfMapRegisters);
    return STATUS_SUCCESS;
}

/* A bus master has no channel to give back: its registers are what it has. */
static VOID
free_channel(PDMA_ADAPTER DmaAdapter)
{
    UNREFERENCED_PARAMETER(DmaAdapter);
}

static PHYSICAL_ADDRESS
map_transfer(PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID MapRegisterBase, PVOID CurrentVa,
    PULONG Length, BOOLEAN WriteToDevice)
{
    struct dma_request request = request_of(Mdl, CurrentVa, *Length, WriteToDevice);
    ULONG rest = MmGetMdlByteCount(Mdl) - (ULONG)request.offset;
    struct registers *registers = MapRegisterBase;
    struct transfer *transfer = machine_alloc(machine_self(), sizeof(*transfer));
    PHYSICAL_ADDRESS none = {.QuadPart = 0};

    if (!transfer)
        gate_bug_check(NULL, "no memory for MapTransfer, which cannot fail");
    if (request.length > rest)
        request.length = rest;
    if (!NT_SUCCESS(dma_map(of(DmaAdapter)->dma, &request, &transfer->list))) {
        machine_free(machine_self(), transfer);
        *Length = 0;
        return none;
    }
    transfer->mdl = Mdl;
    transfer->next = registers->transfers;
    registers->transfers = transfer;
    *Length = transfer->list->Elements[0].Length;
    return transfer->list->Elements[0].Address;
}

static BOOLEAN
flush_buffers(PDMA_ADAPTER DmaAdapter, PMDL Mdl, PVOID MapRegisterBase, PVOID CurrentVa,
    ULONG Length, BOOLEAN WriteToDevice)
{
    UNREFERENCED_PARAMETER(CurrentVa);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(WriteToDevice);
    flush(of(DmaAdapter), MapRegisterBase, Mdl);
    return TRUE;
}

static ULONG
alignment(PDMA_ADAPTER DmaAdapter)
{
    UNREFERENCED_PARAMETER(DmaAdapter);
    return 1;
}

/* Only channels of a system DMA controller have a counter. */
static ULONG
read_counter(PDMA_ADAPTER DmaAdapter)
{
    UNREFERENCED_PARAMETER(DmaAdapter);
    return 0;
}

static const DMA_OPERATIONS operations = {
    .Size = offsetof(DMA_OPERATIONS, GetDmaAdapterInfo),
    .PutDmaAdapter = put_adapter,
    .AllocateCommonBuffer = allocate_common,
    .FreeCommonBuffer = free_common,
    .AllocateAdapterChannel = allocate_channel,
    .FlushAdapterBuffers = flush_buffers,
    .FreeAdapterChannel = free_channel,
    .FreeMapRegisters = free_registers,
    .MapTransfer = map_transfer,
    .GetDmaAlignment = alignment,
    .ReadDmaCounter = read_counter,
    .GetScatterGatherList = get_list,
    .PutScatterGatherList = put_list,
    .CalculateScatterGatherList = calculate,
    .BuildScatterGatherList = build_list,
    .BuildMdlFromScatterGatherList = mdl_from_list,
};

PDMA_ADAPTER
adapter_get(struct bus_device *device, const DEVICE_DESCRIPTION *description, PULONG registers)
{
    struct undis *machine = machine_self();
    ULONG maximum = description->MaximumLength ? description->MaximumLength : 0xffffffffu;
    struct dma_adapter *adapter;

    if (!device || !description->Master || description->Version > DEVICE_DESCRIPTION_VERSION2)
        return NULL;
    adapter = machine_alloc(machine, sizeof(*adapter));
    if (!adapter)
        return NULL;
    adapter->dma = dma_create(device, description->Dma64BitAddresses != FALSE, maximum);
    if (!adapter->dma) {
        machine_free(machine, adapter);
        return NULL;
    }
    adapter->operations = operations;
    adapter->adapter.Version =
        (USHORT)(description->Version == DEVICE_DESCRIPTION_VERSION2 ? 2 : 1);
    adapter->adapter.Size = sizeof(DMA_ADAPTER);
    adapter->adapter.DmaOperations = &adapter->operations;
    adapter->registers = (ULONG)BYTES_TO_PAGES((uint64_t)maximum) + 1;
    adapter->device = device;
    __atomic_fetch_add(&device->adapters, 1, __ATOMIC_ACQ_REL);
    *registers = adapter->registers;
    return &adapter->adapter;
}

/*
 * IoGetDmaAdapter - the DMA adapter of a device
 *
 * @PhysicalDeviceObject: of the device.
 * @DeviceDescription: a bus master, with 32 or 64 bits of address.
 * @NumberOfMapRegisters: gets how many a transfer may use.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the adapter is the caller's until PutDmaAdapter.
 * Errors:    NULL: no device of the bus, a slave device (there is no system DMA controller), a
 *            description of version 3, no memory.
 * Source:    NF:wdm.IoGetDmaAdapter
 */
PDMA_ADAPTER
IoGetDmaAdapter(PDEVICE_OBJECT PhysicalDeviceObject, PDEVICE_DESCRIPTION DeviceDescription,
    PULONG NumberOfMapRegisters)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return adapter_get(
        bus_device_of(PhysicalDeviceObject), DeviceDescription, NumberOfMapRegisters);
}
