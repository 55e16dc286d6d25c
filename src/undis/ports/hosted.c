/* SPDX-License-Identifier: MIT */
/* Ports of the host: tap, tun, pcap, pcapng.
 *
 *     host_port_read --> the port's task --> driver --Transmit--> host_port_write
 *
 * With threads the task blocks in host_port_read: the only place where a task blocks in the host.
 * Files never block, so they may take part in a simulated run; their pace is kept here, by the
 * machine's clock.
 */
#include "host/lock.h"
#include "host/port.h"
#include "undis/error.h"
#include "undis/ports/port.h"
#include <errno.h>
#include <string.h>

#define PARTS_MAX  64
#define EPOCH_1601 116444736000000000u /* 1970 in 100 ns since 1601 */
#define BREATH     1000u               /* ns of virtual time between two batches of a file */

struct hosted {
    struct host_port *host; /* [I] */
    double speed;           /* [I] 0: at once */
    bool file;              /* [I] a write that fails is the end, not a full queue or a link down */
    bool simulated;         /* [I] */
    /* The port's task only: frames read and not yet handed on. */
    struct host_frame frames[UNDIS_PORT_BATCH];
    unsigned count, next;
    bool ended;
    uint64_t first; /* time of the file's first frame */
    uint64_t start; /* executive_now when that came; 0: not yet */
    uint64_t rest;  /* simulated: no batch before this */
};

static bool
is_live(const struct port_spec *spec)
{
    return !strcmp(spec->kind, "tap") || !strcmp(spec->kind, "tun");
}

/* A NIC on this port needs another address than the interface of the host at the other end. */
static void
set_attributes(struct undis_port *port, const struct host_port_info *info)
{
    port->attributes.Ethernet = info->ethernet;
    port->attributes.Mtu = info->mtu;
    port->finite = info->finite;
    if (!info->has_address)
        return;
    memcpy(port->attributes.Address, info->address, 6);
    port->attributes.Address[0] = (UCHAR)((info->address[0] | 2) & ~1);
    port->attributes.Address[5] ^= 1;
}

static int
hosted_create(struct undis_port *port, const struct port_spec *spec)
{
    bool simulated = executive_kind(port->machine->executive) == EXECUTIVE_SIMULATED;
    struct host_port_info info;
    struct hosted *hosted;
    char error[512];
    int result;

    if (simulated && is_live(spec))
        return undis_fail(-ENOTSUP,
            "port %s: a simulated machine has its own time and cannot wait for the host; use "
            "wire, pcap or null, or the threads executive",
            spec->kind);
    hosted = machine_alloc(port->machine, sizeof(*hosted));
    if (!hosted)
        return undis_fail(-ENOMEM, "port %s: out of memory", spec->kind);
    /* spec is taken apart in place; what it was made from stands in port->sentence. */
    result = host_port_open(&hosted->host, port->sentence, error, sizeof(error));
    if (result) {
        machine_free(port->machine, hosted);
        return undis_fail(result, "%s", error);
    }
    host_port_info(hosted->host, &info);
    hosted->speed = info.speed;
    hosted->file = !is_live(spec);
    hosted->simulated = simulated;
    hosted->ended = !info.readable;
    port->state = hosted;
    set_attributes(port, &info);
    return 0;
}

static void
hosted_destroy(struct undis_port *port)
{
    struct hosted *hosted = port->state;

    host_port_close(hosted->host);
    machine_free(port->machine, hosted);
}

static void
hosted_interrupt(struct undis_port *port)
{
    host_port_interrupt(((struct hosted *)port->state)->host);
}

/* The pieces of a frame: their number, -EMSGSIZE when there are too many or too few bytes. */
static int
pieces(const UNDIS_PORT_TRANSMIT *frame, struct host_frame *parts)
{
    ULONG offset = frame->Offset, left = frame->Length;
    int count = 0;

    for (PMDL mdl = frame->Mdl; mdl && left; mdl = mdl->Next) {
        ULONG size = MmGetMdlByteCount(mdl);
        const char *data;

        if (offset >= size) {
            offset -= size;
            continue;
        }
        data = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        if (!data || count == PARTS_MAX)
            return -EMSGSIZE;
        parts[count].data = data + offset;
        parts[count].length = size - offset < left ? size - offset : left;
        parts[count].time = 0;
        left -= parts[count++].length;
        offset = 0;
    }
    return left ? -EMSGSIZE : count;
}

static ULONG
hosted_transmit(struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count)
{
    struct hosted *hosted = port->state;
    struct undis *machine = port->machine;
    uint64_t now = (machine->boot_time - EPOCH_1601) * 100 + executive_now(machine->executive);
    ULONG taken;

    host_lock(&port->transmit_lock);
    for (taken = 0; taken < count; taken++) {
        struct host_frame parts[PARTS_MAX];
        int result = pieces(&frames[taken], parts);

        if (result > 0) {
            parts[0].time = now;
            result = host_port_write(hosted->host, parts, (unsigned)result);
        }
        if (result == -EAGAIN)
            break;
        if (result == -EBADF) /* nowhere to write: as into a null port */
            result = 0;
        if (result < 0) {
            if (hosted->file && result != -EMSGSIZE)
                port_failed(port, result, host_port_error(hosted->host));
            port_count(&port->stats.errors, 1);
            continue;
        }
        port_count(&port->stats.written, 1);
        port_count(&port->stats.written_bytes, frames[taken].Length);
    }
    host_unlock(&port->transmit_lock);
    return taken;
}

/* Reads the next batch; false when there is none now. */
static bool
refill(struct undis_port *port, struct hosted *hosted, uint64_t *deadline)
{
    int n = host_port_read(hosted->host, hosted->frames, UNDIS_PORT_BATCH);

    hosted->next = hosted->count = 0;
    if (n > 0) {
        hosted->count = (unsigned)n;
        return true;
    }
    *deadline = 0; /* look again at once */
    if (n == 0)
        port_ring(port->machine->executive, port->bell, PORT_NEWS_READY);
    if (n == 0 || n == -EINTR)
        return false;
    *deadline = EXECUTIVE_FOREVER;
    hosted->ended = true;
    port_ended(port, n == -ENODATA ? 0 : n, host_port_error(hosted->host));
    return false;
}

static uint64_t
due(struct hosted *hosted, const struct host_frame *frame)
{
    if (hosted->speed <= 0 || frame->time <= hosted->first)
        return 0;
    return hosted->start + (uint64_t)((double)(frame->time - hosted->first) / hosted->speed);
}

static ULONG
hosted_receive(struct undis_port *port, UNDIS_PORT_RECEIVE *frames, uint64_t *deadline)
{
    struct hosted *hosted = port->state;
    bool paced = hosted->simulated || hosted->speed > 0;
    uint64_t now = paced ? executive_now(port->machine->executive) : 0;
    ULONG n = 0;

    if (hosted->simulated && now < hosted->rest) {
        *deadline = hosted->rest;
        return 0;
    }
    if (hosted->next == hosted->count && (hosted->ended || !refill(port, hosted, deadline)))
        return 0;
    if (!hosted->start) {
        hosted->start = now ? now : 1;
        hosted->first = hosted->frames[0].time;
    }
    for (; hosted->next < hosted->count; hosted->next++, n++) {
        const struct host_frame *frame = &hosted->frames[hosted->next];
        uint64_t when = due(hosted, frame);

        if (when > now) {
            *deadline = when;
            break;
        }
        frames[n] = (UNDIS_PORT_RECEIVE){.Data = frame->data,
            .Length = frame->length,
            .Time = frame->time ? EPOCH_1601 + frame->time / 100 : 0};
    }
    return n;
}

/* Simulated: counted from the end of the batch, so that everybody gets a turn before the next. */
static void
hosted_received(struct undis_port *port)
{
    struct hosted *hosted = port->state;

    if (hosted->simulated)
        hosted->rest = executive_now(port->machine->executive) + BREATH;
}

static int
hosted_flush(struct undis_port *port)
{
    struct hosted *hosted = port->state;
    int result = host_port_flush(hosted->host);

    if (result)
        port_failed(port, result, host_port_error(hosted->host));
    return result;
}

const struct port_kind port_hosted = {
    .name = "hosted",
    .create = hosted_create,
    .destroy = hosted_destroy,
    .interrupt = hosted_interrupt,
    .transmit = hosted_transmit,
    .receive = hosted_receive,
    .received = hosted_received,
    .flush = hosted_flush,
};
