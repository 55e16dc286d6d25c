/* SPDX-License-Identifier: MIT */
/* program: the far side of the port is the program that holds the machine.
 *
 *     undis_port_inject --> ring --the port's task--> driver
 *     driver --Transmit--> receive(context, frame)       in the driver's call
 */
#include "undis/ports/program.h"
#include "host/lock.h"
#include "undis/error.h"
#include "undis/ports/ring.h"
#include <errno.h>

#define SLOTS     256
#define FRAME_MAX 65535u

struct program {
    void (*receive)(void *context, const void *frame, size_t length); /* [I] */
    void *context;                                                    /* [I] */
    struct ring *ring;
    uint32_t next;   /* head after the batch under way; the port's task only */
    uint8_t *gather; /* FRAME_MAX bytes for frames that lie in pieces; transmit_lock */
};

void
program_attach(struct undis_port *port,
    void (*receive)(void *context, const void *frame, size_t length), void *context)
{
    struct program *program = port->state;

    program->receive = receive;
    program->context = context;
}

int
program_inject(struct undis_port *port, const void *frame, size_t length)
{
    struct program *program = port->state;

    if (!length || length > FRAME_MAX)
        return undis_fail(-EMSGSIZE, "port program: a frame has 1 to %u bytes", FRAME_MAX);
    if (!__atomic_load_n(&port->opened, __ATOMIC_ACQUIRE))
        return undis_fail(-ENOTCONN, "port program: no driver has it open");
    if (!ring_write_one(program->ring, frame, (uint32_t)length, 0))
        return undis_fail(-EAGAIN, "port program: %u frames wait already", SLOTS);
    port_ring(port->machine->executive, port->bell, 0);
    return 0;
}

static void
program_destroy(struct undis_port *port)
{
    struct program *program = port->state;

    machine_free(port->machine, program->ring);
    machine_free(port->machine, program->gather);
    machine_free(port->machine, program);
}

static int
program_create(struct undis_port *port, const struct port_spec *spec)
{
    struct program *program = machine_alloc(port->machine, sizeof(*program));

    (void)spec;
    if (!program)
        return undis_fail(-ENOMEM, "port program: out of memory");
    port->state = program;
    program->ring = machine_alloc(port->machine, ring_bytes(SLOTS, FRAME_MAX));
    program->gather = machine_alloc(port->machine, FRAME_MAX);
    if (!program->ring || !program->gather) {
        program_destroy(port);
        return undis_fail(-ENOMEM, "port program: out of memory");
    }
    ring_init(program->ring, SLOTS, FRAME_MAX);
    return 0;
}

/* The frame in one piece, NULL when it cannot be. */
static const void *
in_one_piece(struct program *program, const UNDIS_PORT_TRANSMIT *frame)
{
    PMDL mdl = frame->Mdl;
    ULONG offset = frame->Offset;
    const char *data;

    if (frame->Length > FRAME_MAX)
        return NULL;
    while (mdl && offset >= MmGetMdlByteCount(mdl)) {
        offset -= MmGetMdlByteCount(mdl);
        mdl = mdl->Next;
    }
    if (mdl && offset + frame->Length <= MmGetMdlByteCount(mdl)) {
        data = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        return data ? data + offset : NULL;
    }
    return port_gather(frame, program->gather) ? program->gather : NULL;
}

static ULONG
program_transmit(struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count)
{
    struct program *program = port->state;

    for (ULONG i = 0; i < count; i++) {
        const void *data = in_one_piece(program, &frames[i]);

        if (!data) {
            port_count(&port->stats.errors, 1);
            continue;
        }
        port_count(&port->stats.written, 1);
        port_count(&port->stats.written_bytes, frames[i].Length);
        if (program->receive)
            program->receive(program->context, data, frames[i].Length);
    }
    return count;
}

static ULONG
program_receive(struct undis_port *port, UNDIS_PORT_RECEIVE *frames, uint64_t *deadline)
{
    struct program *program = port->state;
    struct ring *ring = program->ring;
    uint32_t at = ring->head, tail = ring_tail(ring);
    ULONG n = 0;

    (void)deadline;
    for (; at != tail && n < UNDIS_PORT_BATCH; at++, n++) {
        struct ring_slot *slot = ring_slot(ring, at);

        frames[n] = (UNDIS_PORT_RECEIVE){.Data = slot->data, .Length = slot->length};
    }
    program->next = at;
    return n;
}

static void
program_received(struct undis_port *port)
{
    struct program *program = port->state;

    ring_release(program->ring, program->next);
}

static void
program_closed(struct undis_port *port)
{
    struct program *program = port->state;
    uint32_t tail = ring_tail(program->ring);

    port_count(&port->stats.dropped, tail - program->ring->head);
    ring_release(program->ring, tail);
}

const struct port_kind port_program = {
    .name = "program",
    .create = program_create,
    .destroy = program_destroy,
    .closed = program_closed,
    .transmit = program_transmit,
    .receive = program_receive,
    .received = program_received,
};
