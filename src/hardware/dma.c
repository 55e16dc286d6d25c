/* SPDX-License-Identifier: MIT */
/* DMA: lists of fragments that a device can read or write, and memory shared with it.
 *
 *     MDL chain --dma_map--> elements {physical address, length} --dma_unmap--> gone
 *
 * The arena is one piece of physical memory, so each MDL gives one element. Memory that the device
 * cannot reach (outside the arena, or above 4 GiB for a device of 32 bits) is copied: into the copy
 * before the device reads, out of it after the device wrote. That is what Windows' map registers
 * are. Until dma_unmap a list belongs to whoever mapped it; the device counts what is out.
 */
#include "hardware/bus.h"
#include "host/lock.h"
#include "nt/gate.h"
#include "nt/physical.h"
#include <stddef.h>
#include <string.h>

#define LIMIT_32 0x100000000ull

struct copy {
    struct copy *next;
    void *memory;   /* the device's */
    void *original; /* the driver's */
    ULONG length;
};

/* A list on its way: what SCATTER_GATHER_LIST.Reserved points at. */
struct dma_list {
    struct dma *dma;
    struct copy *copies;
    bool own;       /* the list itself was allocated here */
    bool to_device; /* the device reads */
};

struct dma {
    struct bus_device *device; /* [I] NULL: no hardware, still memory */
    struct undis *machine;     /* [I] */
    uint64_t limit;            /* [I] first address that it cannot reach */
    ULONG maximum;             /* [I] bytes in one list */
    uint32_t lists, commons;   /* [A] out */
};

struct dma *
dma_create(struct bus_device *device, bool wide, ULONG maximum)
{
    struct undis *machine = machine_self();
    struct dma *dma =
        object_fails(machine, OBJECT_NONE, 0) ? NULL : machine_alloc(machine, sizeof(*dma));

    if (!dma)
        return NULL;
    dma->device = device;
    dma->machine = machine;
    dma->limit = wide ? UINT64_MAX : LIMIT_32;
    dma->maximum = maximum;
    return dma;
}

void
dma_destroy(struct dma *dma)
{
    uint32_t lists = __atomic_load_n(&dma->lists, __ATOMIC_ACQUIRE);

    if (lists)
        gate_bug_check("hw-sg-pair", "%u scatter/gather lists are mapped when DMA ends", lists);
    machine_free(dma->machine, dma);
}

size_t
dma_list_size(unsigned elements)
{
    return offsetof(SCATTER_GATHER_LIST, Elements) + elements * sizeof(SCATTER_GATHER_ELEMENT);
}

/* Calls @each with the pieces of the request, until one fails; what it answered. */
static NTSTATUS
walk(const struct dma_request *request, NTSTATUS (*each)(void *context, char *data, ULONG size),
    void *context)
{
    uint64_t offset = request->offset;
    ULONG left = request->length;
    NTSTATUS status = STATUS_SUCCESS;

    for (PMDL mdl = request->mdl; mdl && left && NT_SUCCESS(status); mdl = mdl->Next) {
        ULONG size = MmGetMdlByteCount(mdl);

        if (offset >= size) {
            offset -= size;
            continue;
        }
        size -= (ULONG)offset;
        size = size < left ? size : left;
        status = each(context, (char *)MmGetMdlVirtualAddress(mdl) + offset, size);
        left -= size;
        offset = 0;
    }
    return NT_SUCCESS(status) && left ? STATUS_BUFFER_TOO_SMALL : status;
}

static NTSTATUS
count_one(void *context, char *data, ULONG size)
{
    (void)data;
    (void)size;
    ++*(unsigned *)context;
    return STATUS_SUCCESS;
}

unsigned
dma_elements(const struct dma_request *request)
{
    unsigned count = 0;

    walk(request, count_one, &count);
    return count;
}

struct building {
    struct dma *dma;
    struct dma_list *record;
    SCATTER_GATHER_LIST *list;
    bool to_device;
};

static NTSTATUS
add_copy(struct building *b, char *data, ULONG size, uint64_t *physical)
{
    struct undis *machine = b->dma->machine;
    struct copy *copy = machine_alloc(machine, sizeof(*copy));

    if (!copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    copy->memory = machine_alloc(machine, size);
    *physical = copy->memory ? physical_of(machine, copy->memory) : 0;
    if (!copy->memory || *physical + size > b->dma->limit) {
        machine_free(machine, copy->memory);
        machine_free(machine, copy);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (b->to_device)
        memcpy(copy->memory, data, size);
    copy->original = data;
    copy->length = size;
    copy->next = b->record->copies;
    b->record->copies = copy;
    return STATUS_SUCCESS;
}

static NTSTATUS
add_element(void *context, char *data, ULONG size)
{
    struct building *b = context;
    SCATTER_GATHER_ELEMENT *element = &b->list->Elements[b->list->NumberOfElements];
    uint64_t physical = physical_of(b->dma->machine, data);
    NTSTATUS status = STATUS_SUCCESS;

    if (!physical_in_arena(physical) || !physical_in_arena(physical + size - 1) ||
        physical + size > b->dma->limit ||
        (physical < PHYSICAL_HOLE && physical + size > PHYSICAL_HOLE))
        status = add_copy(b, data, size, &physical);
    if (!NT_SUCCESS(status))
        return status;
    element->Address.QuadPart = (LONGLONG)physical;
    element->Length = size;
    element->Reserved = 0;
    b->list->NumberOfElements++;
    return STATUS_SUCCESS;
}

static void
free_list(struct dma *dma, SCATTER_GATHER_LIST *list, struct dma_list *record, bool copy_back)
{
    while (record->copies) {
        struct copy *copy = record->copies;

        record->copies = copy->next;
        if (copy_back)
            memcpy(copy->original, copy->memory, copy->length);
        machine_free(dma->machine, copy->memory);
        machine_free(dma->machine, copy);
    }
    if (record->own)
        machine_free(dma->machine, list);
    machine_free(dma->machine, record);
}

static void
count(uint32_t *own, uint32_t *devices, uint32_t by)
{
    __atomic_fetch_add(own, by, __ATOMIC_ACQ_REL);
    if (devices)
        __atomic_fetch_add(devices, by, __ATOMIC_ACQ_REL);
}

NTSTATUS
dma_map(struct dma *dma, const struct dma_request *request, SCATTER_GATHER_LIST **mapped)
{
    size_t need = dma_list_size(dma_elements(request));
    struct building b = {dma, NULL, request->list, request->to_device};
    NTSTATUS status;

    if (request->length == 0 || request->length > dma->maximum)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (b.list && request->room < need)
        return STATUS_BUFFER_TOO_SMALL;
    if (object_fails(dma->machine, OBJECT_NONE, need))
        return STATUS_INSUFFICIENT_RESOURCES;
    b.record = machine_alloc(dma->machine, sizeof(*b.record));
    if (!b.list) {
        b.list = machine_alloc(dma->machine, need);
        if (b.record)
            b.record->own = b.list != NULL;
    }
    if (!b.record || !b.list) {
        machine_free(dma->machine, b.record);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    b.record->dma = dma;
    b.record->to_device = request->to_device;
    b.list->NumberOfElements = 0;
    b.list->Reserved = (ULONG_PTR)b.record;
    status = walk(request, add_element, &b);
    if (!NT_SUCCESS(status)) {
        free_list(dma, b.list, b.record, false);
        return status;
    }
    count(&dma->lists, dma->device ? &dma->device->lists : NULL, 1);
    *mapped = b.list;
    return STATUS_SUCCESS;
}

void
dma_unmap(struct dma *dma, SCATTER_GATHER_LIST *list)
{
    struct dma_list *record = (struct dma_list *)list->Reserved;
    size_t size;

    if (!record || arena_find(dma->machine->arena, record, &size) != record || record->dma != dma)
        gate_bug_check(
            "hw-sg-pair", "%p is given back as a scatter/gather list, but is none", (void *)list);
    list->Reserved = 0;
    free_list(dma, list, record, !record->to_device);
    count(&dma->lists, dma->device ? &dma->device->lists : NULL, -1u);
}

/* The page before it has its prefix. */
void *
dma_common(struct dma *dma, size_t size, uint64_t *physical)
{
    struct undis *machine = dma->machine;
    char *home = object_fails(machine, OBJECT_NONE, size)
                     ? NULL
                     : arena_zalloc(machine->arena, PAGE_SIZE + ROUND_TO_PAGES(size), PAGE_SIZE);
    char *memory = home ? home + PAGE_SIZE : NULL;

    *physical = memory ? physical_of(machine, memory) : 0;
    if (memory && *physical + size > dma->limit) {
        arena_free(machine->arena, home);
        return NULL;
    }
    if (!memory)
        return NULL;
    object_init(
        machine, object_prefix(memory), OBJECT_SHARED_MEMORY, ROUND_TO_PAGES(size), home, 0);
    count(&dma->commons, dma->device ? &dma->device->commons : NULL, 1);
    return memory;
}

void
dma_common_free(struct dma *dma, void *memory)
{
    struct object *prefix = object_of(dma->machine, memory, OBJECT_SHARED_MEMORY);

    if (!prefix)
        gate_bug_check("hw-sharedmem-double-free",
            "%p is freed as memory shared with a device, but is none", memory);
    object_destroy_in(memory, prefix->home);
    count(&dma->commons, dma->device ? &dma->device->commons : NULL, -1u);
}
