/* SPDX-License-Identifier: MIT */
/* A scatter/gather list has a fragment for each MDL, at the physical address of its memory; memory
 * that the device cannot reach is copied, before the device reads and after it wrote. Everything is
 * counted and comes back.
 */
#include "device.h"
#include "nt/physical.h"

#define PIECE 100u

static char outside[2 * PIECE]; /* of the program: no physical memory of the machine */

struct seen {
    struct bus_device *device;
    PDMA_ADAPTER adapter;
    SCATTER_GATHER_LIST *list;
    ULONG elements, bytes;
};

static VOID
listed(PDEVICE_OBJECT device, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context)
{
    struct seen *seen = context;

    (void)device;
    (void)irp;
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    seen->list = list;
    seen->elements = list->NumberOfElements;
    seen->bytes = 0;
    for (ULONG i = 0; i < list->NumberOfElements; i++) {
        CHECK(list->Elements[i].Address.QuadPart < 0x100000000);
        seen->bytes += list->Elements[i].Length;
    }
}

static char *
device_sees(struct seen *seen, ULONG element)
{
    const SCATTER_GATHER_ELEMENT *e = &seen->list->Elements[element];

    return bus_dma(seen->device, (uint64_t)e->Address.QuadPart, e->Length);
}

static PMDL
describe(void *memory, ULONG size, PMDL next)
{
    PMDL mdl = IoAllocateMdl(memory, size, FALSE, FALSE, NULL);

    CHECK(mdl != NULL);
    MmBuildMdlForNonPagedPool(mdl);
    mdl->Next = next;
    return mdl;
}

/* Three pieces, the last of them outside. */
static void
lists(struct seen *seen)
{
    char *memory = ExAllocatePoolWithTag(NonPagedPool, (SIZE_T)4 * PIECE, 'tset');
    PMDL third = describe(outside, PIECE, NULL);
    PMDL second = describe(memory + (size_t)2 * PIECE, PIECE, third);
    PMDL first = describe(memory, PIECE, second);
    char *start = memory + 10;
    ULONG size, registers;
    KIRQL old;

    memset(memory, 'm', (size_t)4 * PIECE);
    memset(outside, 'o', sizeof(outside));
    CHECK(seen->adapter->DmaOperations->CalculateScatterGatherList(
              seen->adapter, first, start, 3 * PIECE - 20, &size, &registers) == STATUS_SUCCESS);
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    CHECK(seen->adapter->DmaOperations->GetScatterGatherList(seen->adapter, NULL, first, start,
              3 * PIECE - 20, listed, seen, TRUE) == STATUS_SUCCESS);
    CHECK(seen->elements == 3 && seen->bytes == 3 * PIECE - 20 && seen->device->lists == 1);
    CHECK(size >= dma_list_size(3));
    CHECK(device_sees(seen, 0) == start && *device_sees(seen, 1) == 'm');
    CHECK(device_sees(seen, 2) != outside && *device_sees(seen, 2) == 'o');
    seen->adapter->DmaOperations->PutScatterGatherList(seen->adapter, seen->list, TRUE);
    CHECK(seen->adapter->DmaOperations->GetScatterGatherList(
              seen->adapter, NULL, third, outside, PIECE, listed, seen, FALSE) == STATUS_SUCCESS);
    memset(device_sees(seen, 0), 'd', PIECE);
    CHECK(outside[0] == 'o');
    seen->adapter->DmaOperations->PutScatterGatherList(seen->adapter, seen->list, FALSE);
    CHECK(outside[0] == 'd' && outside[PIECE - 1] == 'd' && outside[PIECE] == 'o');
    CHECK(seen->adapter->DmaOperations->GetScatterGatherList(seen->adapter, NULL, first, start,
              4 * PIECE, listed, seen, TRUE) != STATUS_SUCCESS); /* longer than the chain */
    CHECK(seen->device->lists == 0);
    KeLowerIrql(old);
    IoFreeMdl(first);
    IoFreeMdl(second);
    IoFreeMdl(third);
    ExFreePoolWithTag(memory, 'tset');
}

static PVOID kept;

static IO_ALLOCATION_ACTION
control(PDEVICE_OBJECT device, PIRP irp, PVOID registers, PVOID context)
{
    (void)device;
    (void)irp;
    CHECK(context == &kept);
    kept = registers;
    return DeallocateObjectKeepRegisters;
}

static void
transfers(struct seen *seen)
{
    DEVICE_OBJECT object = {0};
    PMDL mdl = describe(outside, PIECE, NULL);
    ULONG length = 2 * PIECE;
    PHYSICAL_ADDRESS at;
    KIRQL old;

    KeRaiseIrql(DISPATCH_LEVEL, &old);
    CHECK(seen->adapter->DmaOperations->AllocateAdapterChannel(
              seen->adapter, &object, 1, control, &kept) == STATUS_SUCCESS);
    at = seen->adapter->DmaOperations->MapTransfer(
        seen->adapter, mdl, kept, outside, &length, FALSE);
    CHECK(length == PIECE);
    memset(bus_dma(seen->device, (uint64_t)at.QuadPart, length), 't', length);
    CHECK(seen->adapter->DmaOperations->FlushAdapterBuffers(
        seen->adapter, mdl, kept, outside, length, FALSE));
    CHECK(outside[0] == 't' && seen->device->lists == 0);
    seen->adapter->DmaOperations->FreeMapRegisters(seen->adapter, kept, 1);
    KeLowerIrql(old);
    IoFreeMdl(mdl);
}

static void
common(struct seen *seen)
{
    PHYSICAL_ADDRESS at;
    char *memory =
        seen->adapter->DmaOperations->AllocateCommonBuffer(seen->adapter, 5000, &at, TRUE);

    CHECK(memory != NULL && memory[4999] == 0 && seen->device->commons == 1);
    CHECK(bus_dma(seen->device, (uint64_t)at.QuadPart, 5000) == memory);
    CHECK(MmGetPhysicalAddress(memory).QuadPart == at.QuadPart);
    seen->adapter->DmaOperations->FreeCommonBuffer(seen->adapter, 5000, at, memory, TRUE);
    CHECK(seen->device->commons == 0);
}

static void
test(void *machine)
{
    DEVICE_OBJECT pdo = {0};
    DEVICE_DESCRIPTION description = {.Version = DEVICE_DESCRIPTION_VERSION,
        .Master = TRUE,
        .ScatterGather = TRUE,
        .Dma32BitAddresses = TRUE,
        .InterfaceType = PCIBus,
        .MaximumLength = 65536};
    struct seen seen = {.device = device_make(machine, 1, 0)};
    ULONG registers = 0;
    USHORT command = PCI_ENABLE_MEMORY_SPACE;

    bus_set_pdo(seen.device, &pdo);
    CHECK(IoGetDmaAdapter((PDEVICE_OBJECT)&registers, &description, &registers) == NULL);
    seen.adapter = IoGetDmaAdapter(&pdo, &description, &registers);
    CHECK(seen.adapter != NULL && registers >= 16 && seen.device->adapters == 1);
    lists(&seen);
    transfers(&seen);
    common(&seen);
    CHECK(seen.adapter->DmaOperations->GetDmaAlignment(seen.adapter) == 1);
    seen.adapter->DmaOperations->PutDmaAdapter(seen.adapter);
    CHECK(seen.device->adapters == 0);
    /* Not a bus master any more. */
    bus_config_write(seen.device, 4, &command, 2);
    CHECK(bus_dma(seen.device, physical_of(machine, seen.device), 4) == NULL);
    bus_remove(seen.device);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
