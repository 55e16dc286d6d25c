/* SPDX-License-Identifier: MIT */
/* The hardware of a machine: a PCI bus with devices on it.
 *
 *     driver --READ_REGISTER, READ_PORT, bus data--> bus --> kind->read, kind->write     (the model)
 *     driver <--ISR-- task of the line or message <-- bus_line, bus_message <-- the model
 *     memory of the machine <-- bus_dma <-- the model
 *
 * A device is configuration space, up to six BARs (memory or ports), one interrupt line or up to
 * BUS_MESSAGES messages (MSI-X), and DMA. What the device does is its model: a bus_kind of this
 * process (ringnic.c), or later one that speaks to QEMU. A model may be called on any task of the
 * machine at any IRQL and serialises itself; bus_line and bus_message may be called by any thread,
 * bus_dma by any. A device that was pulled out (bus_unplug) reads as all ones, ignores writes, and
 * neither interrupts nor reaches memory any more.
 *
 * Locks: bus.lock guards the list of devices and what is mapped; vector.lock the chain of an
 * interrupt; both are host_locks that nothing is called under. Who: src/undis/ports/hardware.c
 * plugs a device in and ends it.
 */
#pragma once

#include "nt/driver.h"
#include "nt/machine.h"

#define BUS_BARS     6u
#define BUS_CONFIG   256u
#define BUS_LINES    8u
#define BUS_MESSAGES 8u
#define BUS_DIRQL    9u    /* of every interrupt */
#define BUS_VECTOR   0x30u /* of line 0; messages follow the lines */

struct bus_device;

struct bus_kind {
    const char *name;
    /* @size: 1, 2, 4 or 8 bytes at @offset of BAR @bar; within the BAR. */
    uint64_t (*read)(struct bus_device *device, unsigned bar, uint64_t offset, unsigned size);
    void (*write)(
        struct bus_device *device, unsigned bar, uint64_t offset, unsigned size, uint64_t value);
    /* It is out of its slot: nothing it does reaches the machine any more. May be NULL. */
    void (*unplugged)(struct bus_device *device);
};

/* An interrupt as the processor sees it: a line that devices share, or a message of one device.
 * Its task runs the service routines; it lives while any is connected. */
struct bus_vector {
    struct undis *machine;       /* [I] */
    uint32_t word;               /* [A] a wait word: changes with every edge and connection */
    uint32_t level;              /* [A] line: devices that assert it; message: 1 pending */
    bool message;                /* [I] */
    bool masked;                 /* [A] messages: delivered when it is unmasked */
    uint32_t number;             /* [I] vector as drivers see it */
    uint32_t lock;               /* host_lock */
    LIST_ENTRY chain;            /* [L] of struct _KINTERRUPT.link */
    struct _KINTERRUPT *running; /* [L] whose routine is under way */
    uint32_t left;               /* [A] a wait word: bumped when a routine returned */
    uint32_t alive;              /* [A] a wait word: 1 while the task lives */
    bool ending;                 /* [A] */
    KAFFINITY affinity;          /* [L] processors it may interrupt; 0: any */
    uint64_t storm;              /* the task's: times claimed without the line going down */
};

struct bus_bar {
    uint64_t size; /* [I] a power of two; 0: there is none */
    bool ports;    /* [I] */
    uint32_t maps; /* [A] MmMapIoSpace and NdisMMapIoSpace under way */
};

struct bus_message {
    struct bus_vector vector;
    uint32_t entry_masked; /* [A] */
    uint32_t pending;      /* [A] */
};

struct bus_device {
    LIST_ENTRY link;             /* in bus.devices [L] */
    struct undis *machine;       /* [I] */
    const struct bus_kind *kind; /* [I] */
    void *state;                 /* [I] of the model */
    PDEVICE_OBJECT pdo;          /* [I] */
    uint32_t slot;               /* [I] PCI device number; bus 0, function 0 */
    bool gone;                   /* [A] */
    struct bus_bar bars[BUS_BARS];
    unsigned table_bar;           /* [I] where the MSI-X table is, when there are messages */
    uint8_t config[BUS_CONFIG];   /* [A] */
    uint8_t writable[BUS_CONFIG]; /* [I] which bits software may change */
    uint32_t config_lock;         /* host_lock */

    struct bus_vector *line; /* [I] NULL: it has messages, or no interrupt */
    uint32_t asserted;       /* [A] its own share of the line */
    unsigned messages;       /* [I] */
    struct bus_message message[BUS_MESSAGES];
    uint32_t entry[BUS_MESSAGES];   /* [A] MSI-X table entry -> message */
    uint32_t masked[BUS_MESSAGES];  /* [A] per table entry */
    uint32_t waiting[BUS_MESSAGES]; /* [A] sent while masked */

    /* [A] since when it has something for its driver that it may not interrupt for, although it could
     * before, ns; 0: it has not. Kept by the model. */
    uint64_t waits;

    CM_RESOURCE_LIST *resources; /* [I] */
    /* [A] what drivers hold of it; all 0 again when its driver has gone */
    uint32_t lists, commons, adapters;
};

struct bus {
    struct undis *machine;           /* [I] */
    uint32_t lock;                   /* host_lock */
    LIST_ENTRY devices;              /* [L] */
    char *window;                    /* [I] where registers are mapped: nobody can touch it */
    uint64_t next_memory, next_port; /* [L] addresses given out */
    uint32_t next_slot;              /* [L] */
    struct bus_vector lines[BUS_LINES];
};

/* What a device is made of. */
struct bus_plan {
    const struct bus_kind *kind;
    void *state;
    uint16_t vendor, device;
    uint8_t class_code, subclass;
    struct {
        uint64_t size;
        bool ports;
    } bars[BUS_BARS];
    unsigned line;     /* 1 .. BUS_LINES: which line, shared by who has the same; 0: any */
    unsigned messages; /* MSI-X messages; 0: a line */
};

/* 0, -ENOMEM, -ENOSPC. On a task of the machine, PASSIVE_LEVEL. */
int bus_plug(struct undis *machine, const struct bus_plan *plan, struct bus_device **plugged);
/* Which device object drivers know it by. Before anybody can ask. */
void bus_set_pdo(struct bus_device *device, PDEVICE_OBJECT pdo);
/* Surprise removal. */
void bus_unplug(struct bus_device *device);
/* Ends the device; no driver has it any more. PASSIVE_LEVEL. */
void bus_remove(struct bus_device *device);
/* Of the device stack that @device is in; NULL: no hardware. */
struct bus_device *bus_device_of(PDEVICE_OBJECT device);
struct bus_device *bus_device_at(struct undis *machine, uint32_t slot);

/* For models. */
void bus_line(struct bus_device *device, bool asserted);
void bus_message(struct bus_device *device, unsigned entry);
/* @size bytes of memory at @physical; NULL when the device may not: gone, no bus master, or nobody
 * owns that memory (which is the driver's fault, rule mm-use-after-free). */
void *bus_dma(struct bus_device *device, uint64_t physical, size_t size);
/* A frame that the device has taken from memory to send it, or is about to put there. Under no lock
 * of the model. */
void bus_passes(const struct bus_device *device, bool leaves, const void *frame, size_t length);

/* Configuration space; answers how many bytes. Absent and gone devices read as ones. */
ULONG bus_config_read(struct bus_device *device, ULONG offset, void *buffer, ULONG length);
ULONG bus_config_write(struct bus_device *device, ULONG offset, const void *buffer, ULONG length);
uint64_t bus_bar_address(struct bus_device *device, unsigned bar);

/* Accesses at physical register addresses, as READ_REGISTER_* makes them. */
uint64_t bus_read(struct undis *machine, bool ports, uint64_t address, unsigned size);
void bus_write(struct undis *machine, bool ports, uint64_t address, unsigned size, uint64_t value);
/* The device and BAR whose registers are at @address .. @address + @size. */
struct bus_device *
bus_decode(struct undis *machine, bool ports, uint64_t address, uint64_t size, unsigned *bar);

/* MSI-X: which message an entry of the table sends, and whether it may. */
NTSTATUS bus_entry_set(struct bus_device *device, unsigned entry, unsigned message);
NTSTATUS bus_entry_mask(struct bus_device *device, unsigned entry, bool masked);

/* A service routine on a line or message. @driver NULL: of the core, called without the gate. */
struct bus_connection {
    struct bus_device *device;
    struct bus_vector *vector;
    struct driver *driver;     /* NULL: the routine is the core's */
    struct driver *owner;      /* then: whose device it is, for reports */
    PKSERVICE_ROUTINE routine; /* or */
    PKMESSAGE_SERVICE_ROUTINE message_routine;
    ULONG message;
    void *context;
    PKSPIN_LOCK lock;  /* NULL: its own */
    KIRQL synchronize; /* 0: BUS_DIRQL */
    bool shared;
};
/* STATUS_SUCCESS, STATUS_INVALID_PARAMETER (someone will not share), or out of memory. */
NTSTATUS interrupt_connect(const struct bus_connection *connection, PKINTERRUPT *connected);
/* Returns when the routine does not run and will not. */
void interrupt_disconnect(PKINTERRUPT interrupt);
void
vector_initialize(struct bus_vector *vector, struct undis *machine, uint32_t number, bool message);
/* Something about the vector changed: its task looks. */
void vector_ring(struct bus_vector *vector);
/* Runs @routine at the interrupt's IRQL with its lock. */
BOOLEAN
interrupt_synchronize(PKINTERRUPT interrupt, BOOLEAN (*routine)(void *context), void *context);
struct driver *interrupt_driver(PKINTERRUPT interrupt);

/* Fragments of memory for a device; see dma.c. */
struct dma;
struct dma_request {
    PMDL mdl;
    uint64_t offset; /* of the first byte in the MDL chain */
    ULONG length;
    bool to_device;
    SCATTER_GATHER_LIST *list; /* where to build it; NULL: allocate */
    size_t room;               /* bytes there */
};
struct dma *dma_create(struct bus_device *device, bool wide, ULONG maximum);
void dma_destroy(struct dma *dma);
/* Bytes that a list of @elements takes. */
size_t dma_list_size(unsigned elements);
/* Elements that the request may need at most. */
unsigned dma_elements(const struct dma_request *request);
NTSTATUS dma_map(struct dma *dma, const struct dma_request *request, SCATTER_GATHER_LIST **mapped);
void dma_unmap(struct dma *dma, SCATTER_GATHER_LIST *list);
/* Memory that the device reaches, zeroed, page-aligned; NULL. */
void *dma_common(struct dma *dma, size_t size, uint64_t *physical);
void dma_common_free(struct dma *dma, void *memory);
