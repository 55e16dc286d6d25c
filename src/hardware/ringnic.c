/* SPDX-License-Identifier: MIT */
/* ringnic: a NIC with two descriptor rings. See ringnic.h for what drivers see.
 *
 *     doorbell (TX_TAIL) --> the NIC's task --Transmit--> wire
 *     wire --received, on the wire's task--> RX ring
 *
 * One lock, nic->lock, guards registers and rings; neither a wire nor an interrupt is called under
 * it but bus_line and bus_message, which only ring. The task gathers a frame under it into
 * nic->frame, which is the task's alone, and transmits it without.
 */
#include "hardware/ringnic.h"
#include "host/lock.h"
#include "nt/thread.h"
#include <errno.h>
#include <string.h>

#define VENDOR    0x1d75
#define DEVICE    0x7201
#define ID        0x474e4952u
#define RING_MAX  4096u
#define FRAME_MAX 65536u
#define ROOM      UNDIS_PORT_BATCH /* descriptors without which the wire holds its frames */
#define WORDS     32u

enum { /* registers, by index of their 32 bits */
    R_ID,
    R_CONTROL,
    R_STATUS,
    R_CAUSE,
    R_MASK,
    R_MAC_LOW,
    R_MAC_HIGH,
    R_MTU,
    R_TX = 8,  /* a struct ring_words */
    R_RX = 16, /* another */
};
enum { RING_LOW, RING_HIGH, RING_COUNT, RING_TAIL, RING_HEAD };

#define CONTROL_SEND    1u
#define CONTROL_RECEIVE 2u
#define CONTROL_RESET   0x80000000u
#define CAUSE_SENT      1u
#define CAUSE_RECEIVED  2u
#define CAUSE_LINK      4u
#define FLAG_END        1u
#define FLAG_ERROR      2u
#define FLAG_DONE       0x80000000u

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint32_t flags; /* [A] DONE is written last */
};

struct ringnic {
    struct bus_device *device; /* [I] */
    struct undis *machine;     /* [I] */
    UNDIS_PORT_INTERFACE wire; /* [I] */
    uint32_t lock;             /* host_lock */
    uint32_t words[WORDS];     /* [L] */
    uint32_t let;              /* [L] causes that have been in MASK since the reset */
    bool held;                 /* [L] what the wire was told last */
    uint32_t hold_lock;        /* executive_lock word: the wire is told one thing at a time */
    uint32_t word;             /* [A] a wait word of the task */
    uint32_t alive;            /* [A] a wait word */
    bool ending;               /* [A] */
    uint8_t *frame;            /* the task's, FRAME_MAX bytes */
    PMDL mdl;                  /* [I] of frame */
};

static uint32_t *
ring(struct ringnic *nic, unsigned which)
{
    return &nic->words[which];
}

static void
ring_task(struct ringnic *nic)
{
    __atomic_fetch_add(&nic->word, 1, __ATOMIC_SEQ_CST);
    executive_wake(nic->machine->executive, &nic->word, 1);
}

/* Under the lock: received frames wait behind the mask, or do not any more. */
static void
update_waits(struct ringnic *nic)
{
    uint32_t due = nic->words[R_CAUSE] & nic->let & ~nic->words[R_MASK] & CAUSE_RECEIVED;
    uint64_t since = __atomic_load_n(&nic->device->waits, __ATOMIC_RELAXED);

    if (!due != !since)
        __atomic_store_n(&nic->device->waits, due ? executive_now(nic->machine->executive) + 1 : 0,
            __ATOMIC_RELAXED);
}

/* Under the lock. */
static void
set_cause(struct ringnic *nic, uint32_t cause)
{
    nic->words[R_CAUSE] |= cause;
    update_waits(nic);
    if (!(cause & nic->words[R_MASK]))
        return;
    if (nic->device->messages)
        bus_message(nic->device, cause & CAUSE_RECEIVED ? 1 : 0);
    else
        bus_line(nic->device, true);
}

/* Under the lock: after CAUSE or MASK changed. */
static void
update_line(struct ringnic *nic, uint32_t freshly)
{
    uint32_t due = nic->words[R_CAUSE] & nic->words[R_MASK];

    update_waits(nic);
    if (!nic->device->messages) {
        bus_line(nic->device, due != 0);
        return;
    }
    /* A cause that MASK lets through only now. */
    if (due & freshly & CAUSE_RECEIVED)
        bus_message(nic->device, 1);
    if (due & freshly & ~CAUSE_RECEIVED)
        bus_message(nic->device, 0);
}

/* Descriptor @index of a ring, NULL when there is none. */
static struct descriptor *
descriptor(struct ringnic *nic, unsigned which, uint32_t index)
{
    const uint32_t *r = ring(nic, which);
    uint64_t base = r[RING_LOW] | (uint64_t)r[RING_HIGH] << 32;

    if (index >= r[RING_COUNT] || base == 0)
        return NULL;
    return bus_dma(
        nic->device, base + index * sizeof(struct descriptor), sizeof(struct descriptor));
}

/* Under the lock. */
static void
finish(struct ringnic *nic, unsigned which, struct descriptor *d, uint32_t flags)
{
    uint32_t *r = ring(nic, which);

    __atomic_store_n(&d->flags, (d->flags & FLAG_END) | flags | FLAG_DONE, __ATOMIC_RELEASE);
    r[RING_HEAD] = (r[RING_HEAD] + 1) & (r[RING_COUNT] - 1);
}

/* Descriptors that the driver gave and the device has not used. Under the lock. */
static uint32_t
given(struct ringnic *nic, unsigned which)
{
    const uint32_t *r = ring(nic, which);

    return r[RING_COUNT] ? (r[RING_TAIL] - r[RING_HEAD]) & (r[RING_COUNT] - 1) : 0;
}

/* Tells the wire whether frames may come. PASSIVE_LEVEL to DISPATCH_LEVEL, without the lock. */
static void
hold_or_not(struct ringnic *nic)
{
    bool held, told;

    executive_lock(nic->machine->executive, &nic->hold_lock);
    host_lock(&nic->lock);
    held = !(nic->words[R_CONTROL] & CONTROL_RECEIVE) || given(nic, R_RX) < ROOM;
    told = nic->held == held;
    nic->held = held;
    host_unlock(&nic->lock);
    if (!told)
        nic->wire.Hold(nic->wire.Context, held);
    executive_unlock(nic->machine->executive, &nic->hold_lock);
}

/* The next frame to send into nic->frame: its length; 0: none that is whole. Under the lock. */
static uint32_t
gather(struct ringnic *nic, uint32_t *used, bool *good)
{
    uint32_t left = given(nic, R_TX), at = ring(nic, R_TX)[RING_HEAD], length = 0;

    *good = true;
    if (!(nic->words[R_CONTROL] & CONTROL_SEND))
        return 0;
    for (*used = 0; *used < left;) {
        struct descriptor *d =
            descriptor(nic, R_TX, (at + *used) & (ring(nic, R_TX)[RING_COUNT] - 1));
        const void *data = d ? bus_dma(nic->device, d->address, d->length) : NULL;

        if (!d)
            return 0;
        ++*used;
        if (!data || d->length > FRAME_MAX - length)
            *good = false;
        else if (*good)
            memcpy(nic->frame + length, data, d->length);
        length += *good ? d->length : 0;
        if (d->flags & FLAG_END)
            return *good ? length : 1;
    }
    return 0;
}

/* Marks @count descriptors. Under the lock. */
static void
sent(struct ringnic *nic, uint32_t count, bool good)
{
    for (; count > 0 && given(nic, R_TX); count--) {
        struct descriptor *d = descriptor(nic, R_TX, ring(nic, R_TX)[RING_HEAD]);

        if (!d)
            return;
        finish(nic, R_TX, d, good ? 0 : FLAG_ERROR);
    }
    set_cause(nic, CAUSE_SENT);
}

/* One frame; false when there is none, or the wire takes none now. */
static bool
send_one(struct ringnic *nic)
{
    UNDIS_PORT_TRANSMIT transmit = {.Mdl = nic->mdl};
    uint32_t used = 0;
    bool good;

    host_lock(&nic->lock);
    transmit.Length = gather(nic, &used, &good);
    host_unlock(&nic->lock);
    if (!transmit.Length)
        return false;
    if (good && nic->wire.Transmit(nic->wire.Context, &transmit, 1) == 0)
        return false;
    if (good)
        bus_passes(nic->device, true, nic->frame, transmit.Length);
    host_lock(&nic->lock);
    /* A reset meanwhile: the frame is out, its descriptors are not the device's any more. */
    if (nic->words[R_CONTROL] & CONTROL_SEND)
        sent(nic, used, good);
    host_unlock(&nic->lock);
    return true;
}

static void
run(void *context)
{
    struct ringnic *nic = context;
    struct executive *ex = nic->machine->executive;

    while (!__atomic_load_n(&nic->ending, __ATOMIC_SEQ_CST)) {
        uint32_t seen = __atomic_load_n(&nic->word, __ATOMIC_SEQ_CST);

        hold_or_not(nic);
        if (!send_one(nic))
            executive_wait(ex, &nic->word, seen, EXECUTIVE_FOREVER);
    }
    __atomic_store_n(&nic->alive, 0, __ATOMIC_SEQ_CST);
    executive_wake(ex, &nic->alive, 1);
}

/* Under the lock; false when there is no descriptor. */
static bool
receive_one(struct ringnic *nic, const UNDIS_PORT_RECEIVE *frame)
{
    struct descriptor *d =
        given(nic, R_RX) ? descriptor(nic, R_RX, ring(nic, R_RX)[RING_HEAD]) : NULL;
    void *data;

    if (!d)
        return false;
    data = frame->Length <= d->length ? bus_dma(nic->device, d->address, frame->Length) : NULL;
    if (data)
        memcpy(data, frame->Data, frame->Length);
    d->length = data ? frame->Length : 0;
    finish(nic, R_RX, d, data ? FLAG_END : FLAG_ERROR);
    return true;
}

static VOID
received(PVOID Context, const UNDIS_PORT_RECEIVE *Frames, ULONG Count)
{
    struct ringnic *nic = Context;
    bool any = false;

    for (ULONG i = 0; i < Count; i++)
        bus_passes(nic->device, false, Frames[i].Data, Frames[i].Length);
    host_lock(&nic->lock);
    if (nic->words[R_CONTROL] & CONTROL_RECEIVE)
        for (ULONG i = 0; i < Count && receive_one(nic, &Frames[i]); i++)
            any = true;
    if (any)
        set_cause(nic, CAUSE_RECEIVED);
    host_unlock(&nic->lock);
    hold_or_not(nic);
}

static VOID
ready(PVOID Context)
{
    ring_task(Context);
}

static VOID
link_changed(PVOID Context, BOOLEAN Up, ULONGLONG LinkSpeed)
{
    struct ringnic *nic = Context;

    (void)LinkSpeed;
    host_lock(&nic->lock);
    nic->words[R_STATUS] = Up ? 1 : 0;
    set_cause(nic, CAUSE_LINK);
    host_unlock(&nic->lock);
}

/* CAUSE: what it answers is taken back. */
static uint64_t
nic_read(struct bus_device *device, unsigned bar, uint64_t offset, unsigned size)
{
    struct ringnic *nic = device->state;
    uint32_t value;

    (void)bar;
    if (size != 4 || offset % 4 || offset / 4 >= WORDS)
        return 0;
    host_lock(&nic->lock);
    value = nic->words[offset / 4];
    if (offset / 4 == R_CAUSE) {
        nic->words[R_CAUSE] = 0;
        update_line(nic, 0);
    }
    host_unlock(&nic->lock);
    return value;
}

static void
reset(struct ringnic *nic)
{
    nic->words[R_CONTROL] = nic->words[R_CAUSE] = nic->words[R_MASK] = nic->let = 0;
    memset(&nic->words[R_TX], 0, 5 * sizeof(uint32_t));
    memset(&nic->words[R_RX], 0, 5 * sizeof(uint32_t));
    update_line(nic, 0);
}

/* What a write leaves in a register; registers that are not here keep what they have. */
static void
store(struct ringnic *nic, unsigned index, uint32_t value)
{
    unsigned which = index >= R_RX ? R_RX : R_TX, part = index - which;
    uint32_t before = nic->words[index];

    if (index == R_CONTROL && value & CONTROL_RESET) {
        reset(nic);
    } else if (index == R_CONTROL) {
        nic->words[index] = value & (CONTROL_SEND | CONTROL_RECEIVE);
    } else if (index == R_MASK) {
        nic->words[index] = value;
        nic->let |= value;
        update_line(nic, value & ~before);
    } else if (index == R_MAC_LOW || index == R_MAC_HIGH || (index >= R_TX && part <= RING_HIGH) ||
               (index >= R_TX && part == RING_TAIL && value < ring(nic, which)[RING_COUNT])) {
        nic->words[index] = value;
    } else if (index >= R_TX && part == RING_COUNT && value <= RING_MAX && !(value & (value - 1))) {
        nic->words[index] = value;
        ring(nic, which)[RING_HEAD] = ring(nic, which)[RING_TAIL] = 0;
    }
}

static void
nic_write(struct bus_device *device, unsigned bar, uint64_t offset, unsigned size, uint64_t value)
{
    struct ringnic *nic = device->state;

    (void)bar;
    if (size != 4 || offset % 4 || offset / 4 >= WORDS)
        return;
    host_lock(&nic->lock);
    store(nic, (unsigned)(offset / 4), (uint32_t)value);
    host_unlock(&nic->lock);
    ring_task(nic);
}

static void
unplugged(struct bus_device *device)
{
    struct ringnic *nic = device->state;

    host_lock(&nic->lock);
    reset(nic);
    host_unlock(&nic->lock);
    ring_task(nic);
}

static const struct bus_kind kind = {
    .name = "ringnic", .read = nic_read, .write = nic_write, .unplugged = unplugged};

static void
fill_registers(struct ringnic *nic)
{
    UNDIS_PORT_ATTRIBUTES wire;

    nic->wire.QueryAttributes(nic->wire.Context, &wire);
    nic->words[R_ID] = ID;
    nic->words[R_STATUS] = wire.LinkUp ? 1 : 0;
    memcpy(&nic->words[R_MAC_LOW], wire.Address, sizeof(wire.Address));
    nic->words[R_MTU] = wire.Mtu;
}

static void
free_nic(struct ringnic *nic)
{
    if (nic->mdl)
        IoFreeMdl(nic->mdl);
    machine_free(nic->machine, nic->frame);
    machine_free(nic->machine, nic);
}

static struct ringnic *
make_nic(struct undis *machine, const UNDIS_PORT_INTERFACE *wire)
{
    struct ringnic *nic = machine_alloc(machine, sizeof(*nic));

    if (!nic)
        return NULL;
    nic->machine = machine;
    nic->wire = *wire;
    nic->frame = machine_alloc(machine, FRAME_MAX);
    nic->mdl = nic->frame ? IoAllocateMdl(nic->frame, FRAME_MAX, FALSE, FALSE, NULL) : NULL;
    if (!nic->mdl) {
        free_nic(nic);
        return NULL;
    }
    MmBuildMdlForNonPagedPool(nic->mdl);
    fill_registers(nic);
    return nic;
}

static int
begin(struct ringnic *nic)
{
    nic->held = true;
    nic->wire.Hold(nic->wire.Context, TRUE);
    if (!NT_SUCCESS(nic->wire.Open(nic->wire.Context, received, ready, link_changed, nic)))
        return -EBUSY;
    nic->alive = 1;
    if (nt_spawn(nic->machine, "ringnic", run, nic) == 0)
        return 0;
    nic->wire.Close(nic->wire.Context);
    return -ENOMEM;
}

int
ringnic_create(
    struct undis *machine, const struct ringnic_config *config, struct bus_device **device)
{
    struct ringnic *nic = make_nic(machine, config->wire);
    struct bus_plan plan = {.kind = &kind,
        .state = nic,
        .vendor = VENDOR,
        .device = DEVICE,
        .class_code = PCI_CLASS_NETWORK_CTLR,
        .subclass = PCI_SUBCLASS_NET_ETHERNET_CTLR,
        .bars = {{4096, false}, {256, true}},
        .line = config->line,
        .messages = config->messages ? 2 : 0};
    int error = nic ? bus_plug(machine, &plan, &nic->device) : -ENOMEM;

    if (!nic)
        return error;
    if (!error) {
        error = begin(nic);
        if (error)
            bus_remove(nic->device);
    }
    if (error)
        free_nic(nic);
    else
        *device = nic->device;
    return error;
}

void
ringnic_destroy(struct bus_device *device)
{
    struct ringnic *nic = device->state;

    __atomic_store_n(&nic->ending, true, __ATOMIC_SEQ_CST);
    ring_task(nic);
    while (__atomic_load_n(&nic->alive, __ATOMIC_SEQ_CST))
        executive_wait(nic->machine->executive, &nic->alive, 1, EXECUTIVE_FOREVER);
    nic->wire.Close(nic->wire.Context);
    nic->wire.InterfaceDereference(nic->wire.Context);
    bus_remove(device);
    free_nic(nic);
}
