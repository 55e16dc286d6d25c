/* SPDX-License-Identifier: MIT */
/* wire:NAME - two ports joined by a cable.
 *
 *     end 0  --transmit-->  ring of end 1  --its task-->  end 1
 *     end 0  <--its task--  ring of end 0  <--transmit--  end 1
 *
 * The link is up while drivers have both ends open; what is sent into a dead cable is lost. Loss,
 * duplication and reordering are drawn by the receiving end's task, in the order of sending, so a
 * simulated run draws them in the same order each time.
 *
 * Who: the first undis_port_open of a name makes the wire, the last close ends it. A simulated
 * wire and its name belong to their world, lie in its arena and can be saved; with threads a wire
 * may join two worlds, so it belongs to neither, and its name to the process. Locks: that of the
 * list guards the list and which port stands at which end.
 */
#include "host/clock.h"
#include "host/lock.h"
#include "undis/error.h"
#include "undis/machine.h"
#include "undis/ports/ring.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS     512
#define PPM       1000000u
#define PATIENCE  1000000u /* ns that a frame to be overtaken waits for another one */
#define NAME_SIZE 64

struct wire_options {
    uint64_t latency;                  /* ns */
    uint64_t loss, duplicate, reorder; /* of a million */
    uint64_t seed, mtu;
};

struct wire;

struct wire_end {
    struct wire *wire;       /* [I] */
    struct undis_port *port; /* the list's lock; NULL: free */
    uint32_t open;           /* [A] a driver has it open */
    struct port_bell bell;
    struct ring *ring; /* [I] frames towards this end */
    uint32_t next;     /* head after the batch under way; its task only */
    uint64_t random;   /* its task only */
};

struct wire {
    struct wire *link; /* the list's lock */
    char name[NAME_SIZE];
    struct executive *world; /* [I] NULL: with threads */
    struct arena *arena;     /* [I] of a simulated world */
    struct wire_options options;
    struct wire_end ends[2];
};

static struct wires shared; /* with threads */

static struct wires *
wires_of(const struct undis_port *port)
{
    return port->machine->simulated ? &machine_host(port->machine)->world->wires : &shared;
}

static struct wire_end *
other_end(struct wire_end *end)
{
    return &end->wire->ends[end == &end->wire->ends[0]];
}

static int
read_options(const struct port_spec *spec, struct wire_options *options)
{
    static const struct {
        const char *key;
        size_t offset;
        uint64_t min, max;
    } numbers[] = {
        {"latency", offsetof(struct wire_options, latency), 0, 3600000000u},
        {"loss", offsetof(struct wire_options, loss), 0, PPM},
        {"duplicate", offsetof(struct wire_options, duplicate), 0, PPM},
        {"reorder", offsetof(struct wire_options, reorder), 0, PPM},
        {"seed", offsetof(struct wire_options, seed), 0, UINT64_MAX},
        {"mtu", offsetof(struct wire_options, mtu), 68, 65521},
    };
    char error[512];
    int result =
        port_spec_check(spec, "latency loss duplicate reorder seed mtu", error, sizeof(error));

    memset(options, 0, sizeof(*options));
    options->mtu = 1500;
    for (size_t i = 0; !result && i < sizeof(numbers) / sizeof(*numbers); i++)
        result = port_spec_number(spec, numbers[i].key, numbers[i].min, numbers[i].max,
            (uint64_t *)((char *)options + numbers[i].offset), error, sizeof(error));
    if (result)
        return undis_fail(result, "%s", error);
    options->latency *= 1000;
    return 0;
}

static struct wire *
find(const struct wires *wires, const char *name)
{
    for (struct wire *wire = wires->first; wire; wire = wire->link)
        if (!strcmp(wire->name, name))
            return wire;
    return NULL;
}

static void *
wire_memory(struct arena *arena, size_t size)
{
    return arena ? arena_alloc(arena, size, 64) : aligned_alloc(64, (size + 63) & ~(size_t)63);
}

static void
wire_free(struct wire *wire)
{
    void *memory[3] = {wire->ends[0].ring, wire->ends[1].ring, wire};
    struct arena *arena = wire->arena;

    for (int i = 0; i < 3; i++) {
        if (arena)
            arena_free(arena, memory[i]);
        else
            free(memory[i]);
    }
}

static struct wire *
wire_make(struct undis_port *port, const char *name, const struct wire_options *options)
{
    struct undis *machine = port->machine;
    struct arena *arena = machine->simulated ? machine->arena : NULL;
    struct wires *wires = wires_of(port);
    uint32_t size = (uint32_t)options->mtu + 18;
    struct wire *wire = wire_memory(arena, sizeof(*wire));

    if (!wire)
        return NULL;
    memset(wire, 0, sizeof(*wire));
    strcpy(wire->name, name);
    wire->world = machine->simulated ? machine->executive : NULL;
    wire->arena = arena;
    wire->options = *options;
    for (unsigned i = 0; i < 2; i++) {
        wire->ends[i].wire = wire;
        wire->ends[i].random = options->seed + i;
        wire->ends[i].ring = wire_memory(arena, ring_bytes(SLOTS, size));
    }
    if (!wire->ends[0].ring || !wire->ends[1].ring) {
        wire_free(wire);
        return NULL;
    }
    ring_init(wire->ends[0].ring, SLOTS, size);
    ring_init(wire->ends[1].ring, SLOTS, size);
    wire->link = wires->first;
    wires->first = wire;
    return wire;
}

/* Under the list's lock. */
static int
join(struct undis_port *port, const struct port_spec *spec, const struct wire_options *options)
{
    struct wire *wire = find(wires_of(port), spec->name);

    if (wire && spec->count && memcmp(&wire->options, options, sizeof(*options)) != 0)
        return undis_fail(-EINVAL,
            "wire:%s is there with other options; the second end may leave them out", spec->name);
    if (!wire)
        wire = wire_make(port, spec->name, options);
    if (!wire)
        return undis_fail(-ENOMEM, "wire:%s: out of memory", spec->name);
    for (unsigned i = 0; i < 2; i++) {
        if (wire->ends[i].port)
            continue;
        wire->ends[i].port = port;
        port->state = &wire->ends[i];
        port->bell = &wire->ends[i].bell;
        port->attributes.Mtu = (ULONG)wire->options.mtu;
        return 0;
    }
    return undis_fail(-EBUSY, "wire:%s: both ends are taken", spec->name);
}

static int
wire_create(struct undis_port *port, const struct port_spec *spec)
{
    struct wire_options options;
    int result = read_options(spec, &options);

    if (result)
        return result;
    if (!spec->name || strlen(spec->name) >= NAME_SIZE)
        return undis_fail(-EINVAL,
            "port wire: a name of 1 to %d characters must follow, as in "
            "wire:w0",
            NAME_SIZE - 1);
    host_lock(&wires_of(port)->lock);
    result = join(port, spec, &options);
    host_unlock(&wires_of(port)->lock);
    return result;
}

static void
wire_destroy(struct undis_port *port)
{
    struct wire_end *end = port->state;
    struct wire *wire = end->wire;
    struct wires *wires = wires_of(port);

    host_lock(&wires->lock);
    end->port = NULL;
    if (!other_end(end)->port) {
        struct wire **at = &wires->first;

        while (*at != wire)
            at = &(*at)->link;
        *at = wire->link;
        wire_free(wire);
    }
    host_unlock(&wires->lock);
}

static void
set_open(struct undis_port *port, uint32_t open)
{
    struct wire_end *end = port->state;

    __atomic_store_n(&end->open, open, __ATOMIC_SEQ_CST);
    port_ring(port->machine->executive, &other_end(end)->bell, PORT_NEWS_LINK | PORT_NEWS_READY);
}

static void
wire_opened(struct undis_port *port)
{
    struct wire_end *end = port->state;
    uint32_t tail = ring_tail(end->ring);

    /* What arrived while nobody listened is gone. */
    port_count(&port->stats.dropped, tail - end->ring->head);
    ring_release(end->ring, tail);
    set_open(port, 1);
}

static void
wire_closed(struct undis_port *port)
{
    set_open(port, 0);
}

static bool
wire_link_up(struct undis_port *port)
{
    struct wire_end *end = port->state;

    return __atomic_load_n(&end->open, __ATOMIC_SEQ_CST) &&
           __atomic_load_n(&other_end(end)->open, __ATOMIC_SEQ_CST);
}

/* The clock of the wire: that of its world; with threads that of the host, since two worlds have
 * started at different times. Always 0 on a wire that nothing delays. */
static uint64_t
wire_now(struct undis_port *port)
{
    const struct wire *wire = ((struct wire_end *)port->state)->wire;

    if (!wire->options.latency && !wire->options.reorder)
        return 0;
    return wire->world ? executive_now(wire->world) : host_clock();
}

static ULONG
wire_transmit(struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count)
{
    struct wire_end *end = port->state, *to = other_end(end);
    struct executive *ex = port->machine->executive;
    uint64_t bytes;
    ULONG taken, errors;

    if (!wire_link_up(port)) {
        port_count(&port->stats.errors, count);
        return count;
    }
    gate_event("frames leave", to, 0);
    taken = ring_write(
        to->ring, frames, count, wire_now(port) + end->wire->options.latency, &bytes, &errors);
    port_count(&port->stats.written, taken - errors);
    port_count(&port->stats.written_bytes, bytes);
    port_count(&port->stats.errors, errors);
    if (taken)
        port_ring(ex, &to->bell, 0);
    return taken;
}

/* True with a probability of @ppm in a million; the tame answer is false. */
static bool
draw(struct undis_port *port, uint64_t ppm)
{
    struct wire_end *end = port->state;
    uint64_t z;

    if (!ppm)
        return false;
    if (end->wire->world) {
        uint32_t answer = executive_choose(port->machine->executive, CHOICE_WIRE, PPM, port);

        return answer && answer >= PPM - ppm;
    }
    z = end->random += 0x9e3779b97f4a7c15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % PPM < ppm;
}

static void
draw_fate(struct undis_port *port, struct ring_slot *slot)
{
    const struct wire_options *options = &((struct wire_end *)port->state)->wire->options;

    if (slot->fate & RING_DRAWN)
        return;
    slot->fate = RING_DRAWN;
    if (draw(port, options->loss))
        slot->fate |= RING_LOST;
    if (draw(port, options->duplicate))
        slot->fate |= RING_TWICE;
    if (draw(port, options->reorder))
        slot->fate |= RING_LATE;
}

static ULONG
add(UNDIS_PORT_RECEIVE *frames, ULONG n, const struct ring_slot *slot)
{
    for (unsigned k = 0; k < (slot->fate & RING_TWICE ? 2 : 1); k++)
        frames[n++] = (UNDIS_PORT_RECEIVE){.Data = slot->data, .Length = slot->length};
    return n;
}

static ULONG
wire_receive(struct undis_port *port, UNDIS_PORT_RECEIVE *frames, uint64_t *deadline)
{
    struct wire_end *end = port->state;
    struct ring *ring = end->ring;
    uint32_t at = ring->head, tail = ring_tail(ring), late_at = 0;
    uint64_t now = wire_now(port), until = EXECUTIVE_FOREVER;
    struct ring_slot *late = NULL;
    ULONG n = 0;

    for (; at != tail && n + 4 <= UNDIS_PORT_BATCH; at++) {
        struct ring_slot *slot = ring_slot(ring, at);

        if (slot->due > now) {
            until = slot->due;
            break;
        }
        draw_fate(port, slot);
        if (slot->fate & RING_LOST)
            continue;
        if (slot->fate & RING_LATE && !late) {
            late = slot;
            late_at = at;
            continue;
        }
        n = add(frames, n, slot);
        if (late)
            n = add(frames, n, late);
        late = NULL;
    }
    if (late && now < late->due + PATIENCE) {
        /* Nothing has overtaken it yet: it stays, and what was lost behind it is known. */
        until = late->due + PATIENCE < until ? late->due + PATIENCE : until;
        at = late_at;
    } else if (late) {
        n = add(frames, n, late);
    }
    end->next = at;
    if (n)
        gate_event("frames arrive", end, (uintptr_t)other_end(end));
    if (until != EXECUTIVE_FOREVER)
        *deadline = executive_now(port->machine->executive) + (until - now);
    if (!n && at != ring->head && ring_release(ring, at))
        port_ring(port->machine->executive, &other_end(end)->bell, PORT_NEWS_READY);
    return n;
}

static void
wire_received(struct undis_port *port)
{
    struct wire_end *end = port->state;

    if (ring_release(end->ring, end->next))
        port_ring(port->machine->executive, &other_end(end)->bell, PORT_NEWS_READY);
}

const struct port_kind port_wire = {
    .name = "wire",
    .create = wire_create,
    .destroy = wire_destroy,
    .opened = wire_opened,
    .closed = wire_closed,
    .transmit = wire_transmit,
    .receive = wire_receive,
    .received = wire_received,
    .link_up = wire_link_up,
};
