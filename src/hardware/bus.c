/* SPDX-License-Identifier: MIT */
/* The bus: devices come and go, their configuration space, their registers. See bus.h. */
#include "hardware/bus.h"
#include "hardware/resources.h"
#include "host/lock.h"
#include "host/window.h"
#include "nt/gate.h"
#include "nt/physical.h"
#include <errno.h>
#include <string.h>

#define FIRST_MEMORY 0xE0000000ull
#define FIRST_PORT   0xC000ull
#define LAST_PORT    0x10000ull
#define FIRST_SLOT   3u
#define LAST_SLOT    31u
#define COMMAND      4u
#define BAR(n)       (0x10u + 4u * (n))
#define CAPABILITY   0x40u
#define ENTRY        16u /* bytes of an MSI-X table entry */
#define ONES(size)   (~0ull >> (64 - 8 * (size)))

static struct bus *
get_bus(struct undis *machine)
{
    struct bus *bus = machine->bus;

    if (bus)
        return bus;
    bus = machine_alloc(machine, sizeof(*bus));
    if (!bus)
        return NULL;
    bus->window = host_window_open(PHYSICAL_HIGH - PHYSICAL_HOLE);
    if (!bus->window) {
        machine_free(machine, bus);
        return NULL;
    }
    bus->machine = machine;
    bus->next_memory = FIRST_MEMORY;
    bus->next_port = FIRST_PORT;
    bus->next_slot = FIRST_SLOT;
    InitializeListHead(&bus->devices);
    for (unsigned i = 0; i < BUS_LINES; i++)
        vector_initialize(&bus->lines[i], machine, BUS_VECTOR + i, false);
    machine->bus = bus;
    return bus;
}

static void
put(uint8_t *config, unsigned offset, uint64_t value, unsigned size)
{
    memcpy(config + offset, &value, size);
}

/* The MSI-X capability; its table is the whole of @bar. */
static void
add_messages(struct bus_device *device, unsigned bar)
{
    device->table_bar = bar;
    device->bars[bar].size = 4096;
    put(device->config, CAPABILITY, PCI_CAPABILITY_ID_MSIX, 1);
    put(device->config, CAPABILITY + 2, 0x8000u | (device->messages - 1), 2);
    put(device->config, CAPABILITY + 4, bar, 4);
    put(device->config, CAPABILITY + 8, 2048u | bar, 4);
    put(device->config, 0x34, CAPABILITY, 1);
    put(device->config, 6, PCI_STATUS_CAPABILITIES_LIST, 2);
    for (unsigned i = 0; i < device->messages; i++) {
        vector_initialize(&device->message[i].vector, device->machine,
            BUS_VECTOR + BUS_LINES + device->slot * BUS_MESSAGES + i, true);
        device->entry[i] = i;
    }
}

static int
place_bars(struct bus *bus, struct bus_device *device)
{
    for (unsigned i = 0; i < BUS_BARS; i++) {
        struct bus_bar *bar = &device->bars[i];
        uint64_t *next = bar->ports ? &bus->next_port : &bus->next_memory;
        uint64_t address = (*next + bar->size - 1) & -bar->size;

        if (!bar->size)
            continue;
        if (address + bar->size > (bar->ports ? LAST_PORT : PHYSICAL_HIGH))
            return -ENOSPC;
        *next = address + bar->size;
        put(device->config, BAR(i), address | bar->ports, 4);
        put(device->writable, BAR(i), -bar->size & 0xffffffff, 4);
    }
    return 0;
}

static void
fill_config(struct bus_device *device, const struct bus_plan *plan)
{
    uint8_t *config = device->config;

    put(config, 0, plan->vendor, 2);
    put(config, 2, plan->device, 2);
    put(config, COMMAND, PCI_ENABLE_IO_SPACE | PCI_ENABLE_MEMORY_SPACE | PCI_ENABLE_BUS_MASTER, 2);
    put(device->writable, COMMAND,
        PCI_ENABLE_IO_SPACE | PCI_ENABLE_MEMORY_SPACE | PCI_ENABLE_BUS_MASTER |
            PCI_DISABLE_LEVEL_INTERRUPT,
        2);
    put(device->writable, 0x0c, 0xffff, 2);
    put(config, 0x0a, plan->subclass, 1);
    put(config, 0x0b, plan->class_code, 1);
    put(config, 0x2c, plan->vendor, 2);
    put(config, 0x2e, plan->device, 2);
    put(device->writable, 0x3c, 0xff, 1);
    if (device->line) {
        put(config, 0x3c, device->line->number, 1);
        put(config, 0x3d, 1, 1);
    }
}

/* Under bus.lock. */
static int
arrange(struct bus *bus, struct bus_device *device, const struct bus_plan *plan)
{
    unsigned free_bar = 0;

    if (bus->next_slot > LAST_SLOT || plan->messages > BUS_MESSAGES)
        return -ENOSPC;
    device->slot = bus->next_slot++;
    for (unsigned i = 0; i < BUS_BARS; i++) {
        device->bars[i].size = plan->bars[i].size;
        device->bars[i].ports = plan->bars[i].ports;
        if (plan->bars[i].size)
            free_bar = i + 1;
    }
    device->messages = plan->messages;
    if (!plan->messages)
        device->line = &bus->lines[(plan->line ? plan->line - 1 : device->slot) % BUS_LINES];
    fill_config(device, plan);
    if (plan->messages)
        add_messages(device, free_bar);
    InsertTailList(&bus->devices, &device->link);
    return place_bars(bus, device);
}

int
bus_plug(struct undis *machine, const struct bus_plan *plan, struct bus_device **plugged)
{
    struct bus *bus = get_bus(machine);
    struct bus_device *device = bus ? machine_alloc(machine, sizeof(*device)) : NULL;
    int error;

    if (!device)
        return -ENOMEM;
    device->machine = machine;
    device->kind = plan->kind;
    device->state = plan->state;
    InitializeListHead(&device->link);
    host_lock(&bus->lock);
    error = arrange(bus, device, plan);
    host_unlock(&bus->lock);
    if (!error) {
        device->resources = resources_create(device);
        error = device->resources ? 0 : -ENOMEM;
    }
    if (error) {
        bus_remove(device);
        return error;
    }
    *plugged = device;
    return 0;
}

void
bus_set_pdo(struct bus_device *device, PDEVICE_OBJECT pdo)
{
    device->pdo = pdo;
}

void
bus_unplug(struct bus_device *device)
{
    __atomic_store_n(&device->gone, true, __ATOMIC_SEQ_CST);
    bus_line(device, false);
    if (device->kind->unplugged)
        device->kind->unplugged(device);
}

/* The bus goes with its last device: a machine that is built again finds the same addresses. */
void
bus_remove(struct bus_device *device)
{
    struct undis *machine = device->machine;
    struct bus *bus = machine->bus;
    bool last;

    bus_line(device, false);
    host_lock(&bus->lock);
    RemoveEntryList(&device->link);
    last = IsListEmpty(&bus->devices);
    host_unlock(&bus->lock);
    machine_free(machine, device->resources);
    machine_free(machine, device);
    if (!last)
        return;
    host_window_close(bus->window, PHYSICAL_HIGH - PHYSICAL_HOLE);
    machine_free(machine, bus);
    machine->bus = NULL;
}

static struct bus_device *
find(struct undis *machine, bool (*is)(const struct bus_device *, uint64_t), uint64_t what)
{
    struct bus *bus = machine->bus;
    struct bus_device *found = NULL;

    if (!bus)
        return NULL;
    host_lock(&bus->lock);
    for (LIST_ENTRY *e = bus->devices.Flink; e != &bus->devices && !found; e = e->Flink) {
        struct bus_device *device = CONTAINING_RECORD(e, struct bus_device, link);

        if (is(device, what))
            found = device;
    }
    host_unlock(&bus->lock);
    return found;
}

static bool
has_pdo(const struct bus_device *device, uint64_t pdo)
{
    return (uint64_t)(uintptr_t)device->pdo == pdo;
}

static bool
in_slot(const struct bus_device *device, uint64_t slot)
{
    return device->slot == slot;
}

struct bus_device *
bus_device_of(PDEVICE_OBJECT device)
{
    return device ? find(machine_self(), has_pdo, (uint64_t)(uintptr_t)device) : NULL;
}

struct bus_device *
bus_device_at(struct undis *machine, uint32_t slot)
{
    return find(machine, in_slot, slot);
}

static bool
is_gone(const struct bus_device *device)
{
    return !device || __atomic_load_n(&device->gone, __ATOMIC_SEQ_CST);
}

ULONG
bus_config_read(struct bus_device *device, ULONG offset, void *buffer, ULONG length)
{
    if (offset >= BUS_CONFIG)
        return 0;
    if (length > BUS_CONFIG - offset)
        length = BUS_CONFIG - offset;
    if (is_gone(device)) {
        memset(buffer, 0xff, length);
        return length;
    }
    host_lock(&device->config_lock);
    memcpy(buffer, device->config + offset, length);
    host_unlock(&device->config_lock);
    return length;
}

ULONG
bus_config_write(struct bus_device *device, ULONG offset, const void *buffer, ULONG length)
{
    const uint8_t *from = buffer;

    if (offset >= BUS_CONFIG)
        return 0;
    if (length > BUS_CONFIG - offset)
        length = BUS_CONFIG - offset;
    if (is_gone(device))
        return length;
    host_lock(&device->config_lock);
    for (ULONG i = 0; i < length; i++) {
        uint8_t may = device->writable[offset + i], *to = &device->config[offset + i];

        *to = (uint8_t)((*to & ~may) | (from[i] & may));
    }
    host_unlock(&device->config_lock);
    return length;
}

static uint32_t
config_word(struct bus_device *device, unsigned offset)
{
    uint32_t word;

    host_lock(&device->config_lock);
    memcpy(&word, device->config + offset, sizeof(word));
    host_unlock(&device->config_lock);
    return word;
}

uint64_t
bus_bar_address(struct bus_device *device, unsigned bar)
{
    return config_word(device, BAR(bar)) & -device->bars[bar].size;
}

static bool
bar_decodes(struct bus_device *device, unsigned bar, bool ports, uint64_t address, uint64_t size)
{
    uint32_t need = ports ? PCI_ENABLE_IO_SPACE : PCI_ENABLE_MEMORY_SPACE;
    uint64_t offset = address - bus_bar_address(device, bar), whole = device->bars[bar].size;

    return whole && device->bars[bar].ports == ports && (config_word(device, COMMAND) & need) &&
           offset < whole && size <= whole - offset;
}

struct bus_device *
bus_decode(struct undis *machine, bool ports, uint64_t address, uint64_t size, unsigned *bar)
{
    struct bus *bus = machine->bus;

    if (!bus)
        return NULL;
    host_lock(&bus->lock);
    for (LIST_ENTRY *e = bus->devices.Flink; e != &bus->devices; e = e->Flink) {
        struct bus_device *device = CONTAINING_RECORD(e, struct bus_device, link);

        for (unsigned i = 0; i < BUS_BARS; i++) {
            if (!bar_decodes(device, i, ports, address, size))
                continue;
            host_unlock(&bus->lock);
            *bar = i;
            return device;
        }
    }
    host_unlock(&bus->lock);
    return NULL;
}

static uint64_t
table_read(struct bus_device *device, uint64_t offset)
{
    unsigned i = (unsigned)(offset / ENTRY);

    if (i >= device->messages)
        return 0;
    switch (offset % ENTRY) {
    case 0: return 0xfee00000u;
    case 8: return __atomic_load_n(&device->entry[i], __ATOMIC_RELAXED);
    case 12: return __atomic_load_n(&device->masked[i], __ATOMIC_RELAXED);
    default: return 0;
    }
}

uint64_t
bus_read(struct undis *machine, bool ports, uint64_t address, unsigned size)
{
    unsigned bar;
    struct bus_device *device = bus_decode(machine, ports, address, size, &bar);
    uint64_t offset;

    if (is_gone(device))
        return ONES(size);
    offset = address - bus_bar_address(device, bar);
    if (device->messages && bar == device->table_bar)
        return table_read(device, offset);
    return device->kind->read(device, bar, offset, size) & ONES(size);
}

void
bus_write(struct undis *machine, bool ports, uint64_t address, unsigned size, uint64_t value)
{
    unsigned bar;
    struct bus_device *device = bus_decode(machine, ports, address, size, &bar);
    uint64_t offset;

    if (is_gone(device))
        return;
    offset = address - bus_bar_address(device, bar);
    if (!device->messages || bar != device->table_bar)
        device->kind->write(device, bar, offset, size, value & ONES(size));
    else if (offset % ENTRY == 12 && offset / ENTRY < device->messages)
        bus_entry_mask(device, (unsigned)(offset / ENTRY), value & 1);
}

void *
bus_dma(struct bus_device *device, uint64_t physical, size_t size)
{
    struct undis *machine = device->machine;
    void *memory, *block;
    size_t block_size;

    if (is_gone(device) || !(config_word(device, COMMAND) & PCI_ENABLE_BUS_MASTER))
        return NULL;
    memory = physical_memory(machine, physical, size);
    if (!memory || !physical_in_arena(physical))
        return NULL;
    block = arena_find(machine->arena, memory, &block_size);
    if (!block || (size_t)((char *)memory - (char *)block) + size > block_size)
        gate_bug_check("mm-use-after-free",
            "%s was told to use %zu bytes of memory at physical address 0x%llx that nobody owns",
            device->kind->name, size, (unsigned long long)physical);
    return arena_unclosed(machine->arena, memory);
}

void
bus_passes(const struct bus_device *device, bool leaves, const void *frame, size_t length)
{
    if (__builtin_expect(device->machine->hooks != NULL, 0))
        gate_passes(&(struct gate_wire){
            .device = device->pdo, .leaves = leaves, .data = frame, .length = length});
}
