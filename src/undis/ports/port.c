/* SPDX-License-Identifier: MIT */
/* The port's task, and the interface that drivers see. */
#include "undis/ports/port.h"
#include "host/lock.h"
#include "nt/thread.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

void
port_ring(struct executive *ex, struct port_bell *bell, uint32_t news)
{
    if (news)
        __atomic_fetch_or(&bell->news, news, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&bell->word, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&bell->sleeping, __ATOMIC_SEQ_CST))
        executive_wake(ex, &bell->word, 1);
}

void
port_failed(struct undis_port *port, int error, const char *sentence)
{
    host_lock(&port->failed_lock);
    if (!port->failed) {
        snprintf(port->sentence, sizeof(port->sentence), "%s", sentence);
        __atomic_store_n(&port->failed, error, __ATOMIC_RELEASE);
    }
    host_unlock(&port->failed_lock);
}

void
port_hold_for(struct undis_port *port, uint32_t who, bool held)
{
    if (port->wire)
        port = port->wire;
    if (held)
        __atomic_fetch_or(&port->held, who, __ATOMIC_ACQ_REL);
    else if (__atomic_fetch_and(&port->held, ~who, __ATOMIC_ACQ_REL) == who)
        port_ring(port->machine->executive, port->bell, 0);
}

void
port_ended(struct undis_port *port, int error, const char *sentence)
{
    if (error)
        port_failed(port, error, sentence);
    __atomic_store_n(&port->stats.ended, true, __ATOMIC_RELEASE);
}

bool
port_gather(const UNDIS_PORT_TRANSMIT *frame, void *to)
{
    ULONG offset = frame->Offset, left = frame->Length;
    char *out = to;

    for (PMDL mdl = frame->Mdl; mdl && left; mdl = mdl->Next) {
        ULONG size = MmGetMdlByteCount(mdl), part;
        const char *data;

        if (offset >= size) {
            offset -= size;
            continue;
        }
        part = size - offset < left ? size - offset : left;
        data = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        if (!data)
            return false;
        memcpy(out, data + offset, part);
        out += part;
        left -= part;
        offset = 0;
    }
    return left == 0;
}

static bool
link_up(struct undis_port *port)
{
    return !port->kind->link_up || port->kind->link_up(port);
}

static void
tell_news(struct undis_port *port)
{
    uint32_t news = __atomic_exchange_n(&port->bell->news, 0, __ATOMIC_SEQ_CST);

    if (news & PORT_NEWS_LINK && port->client.link)
        call_port_link(&port->client, link_up(port), port->attributes.LinkSpeed);
    if (news & PORT_NEWS_READY && port->client.ready)
        call_port_ready(&port->client);
}

/* The port is the device of whoever is its client. */
static bool
somebody_looks(const struct undis_port *port)
{
    return __builtin_expect(port->machine->hooks != NULL, 0) && port->client.driver;
}

static void
tell_taken(const struct undis_port *port, const UNDIS_PORT_TRANSMIT *frames, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        gate_passes(&(struct gate_wire){.device = port->device,
            .leaves = true,
            .mdl = frames[i].Mdl,
            .offset = frames[i].Offset,
            .length = frames[i].Length});
}

static void
tell_given(const struct undis_port *port, ULONG count)
{
    for (ULONG i = 0; i < count; i++)
        gate_passes(&(struct gate_wire){.device = port->device,
            .data = port->frames[i].Data,
            .length = port->frames[i].Length});
}

/* True when there was something to do. */
static bool
receive(struct undis_port *port, uint64_t *deadline)
{
    uint64_t bytes = 0;
    ULONG count;
    KIRQL irql;

    if (__atomic_load_n(&port->held, __ATOMIC_ACQUIRE))
        return false;
    if (!port->frame_count)
        port->frame_count = port->kind->receive(port, port->frames, deadline);
    /* A hold that was said meanwhile holds this batch too. */
    if (!port->frame_count || __atomic_load_n(&port->held, __ATOMIC_ACQUIRE))
        return false;
    count = port->frame_count;
    for (ULONG i = 0; i < count; i++)
        bytes += port->frames[i].Length;
    port->frame_count = 0;
    /* What is counted is on its way to the driver, by who holds a processor. */
    irql = irql_raise(DISPATCH_LEVEL);
    port_count(&port->stats.read, count);
    port_count(&port->stats.read_bytes, bytes);
    if (somebody_looks(port))
        tell_given(port, count);
    call_port_received(&port->client, port->frames, count);
    irql_lower(irql);
    if (port->kind->received)
        port->kind->received(port);
    return true;
}

static void
run(void *context)
{
    struct undis_port *port = context;
    struct executive *ex = port->machine->executive;
    struct port_bell *bell = port->bell;

    while (!__atomic_load_n(&port->stopping, __ATOMIC_ACQUIRE)) {
        uint32_t seen = __atomic_load_n(&bell->word, __ATOMIC_SEQ_CST);
        uint64_t deadline = EXECUTIVE_FOREVER;

        if (__atomic_load_n(&bell->news, __ATOMIC_RELAXED))
            tell_news(port);
        if (receive(port, &deadline))
            continue;
        __atomic_store_n(&bell->sleeping, 1, __ATOMIC_SEQ_CST);
        executive_wait(ex, &bell->word, seen, deadline);
        __atomic_store_n(&bell->sleeping, 0, __ATOMIC_SEQ_CST);
    }
    __atomic_store_n(&port->stopped, 1, __ATOMIC_RELEASE);
    executive_wake(ex, &port->stopped, 1);
}

static NTSTATUS
port_open(PVOID Context, UNDIS_PORT_RECEIVED *Received, UNDIS_PORT_READY *Ready,
    UNDIS_PORT_LINK *Link, PVOID CallbackContext)
{
    struct undis_port *port = Context;
    uint32_t closed = 0;

    gate_require_irql(PASSIVE_LEVEL, "UNDIS_PORT_INTERFACE.Open");
    if (!Received)
        return STATUS_INVALID_PARAMETER;
    if (!__atomic_compare_exchange_n(
            &port->opened, &closed, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return STATUS_SHARING_VIOLATION;
    port->client = (struct port_client){
        block_self->driver, block_self->module, Received, Ready, Link, CallbackContext};
    port->frame_count = 0;
    port->stopping = false;
    port->stopped = 0;
    port->bell->news = 0;
    if (port->kind->opened)
        port->kind->opened(port);
    gate_event("port opens", port, 0);
    if (nt_spawn(port->machine, "port", run, port)) {
        if (port->kind->closed)
            port->kind->closed(port);
        __atomic_store_n(&port->opened, 0, __ATOMIC_RELEASE);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return STATUS_SUCCESS;
}

static VOID
port_close(PVOID Context)
{
    struct undis_port *port = Context;
    struct executive *ex = port->machine->executive;

    gate_require_irql(PASSIVE_LEVEL, "UNDIS_PORT_INTERFACE.Close");
    if (!__atomic_load_n(&port->opened, __ATOMIC_ACQUIRE))
        return;
    __atomic_store_n(&port->stopping, true, __ATOMIC_RELEASE);
    if (port->kind->interrupt)
        port->kind->interrupt(port);
    port_ring(ex, port->bell, 0);
    while (!__atomic_load_n(&port->stopped, __ATOMIC_ACQUIRE))
        executive_wait(ex, &port->stopped, 0, EXECUTIVE_FOREVER);
    port_count(&port->stats.dropped, port->frame_count);
    if (port->kind->closed)
        port->kind->closed(port);
    port_hold_for(port, PORT_HELD_BY_DRIVER, false);
    __atomic_store_n(&port->opened, 0, __ATOMIC_RELEASE);
    gate_event("port is closed", port, 0);
}

static ULONG
port_transmit(PVOID Context, const UNDIS_PORT_TRANSMIT *Frames, ULONG Count)
{
    struct undis_port *port = Context;
    ULONG taken;

    gate_require_irql(DISPATCH_LEVEL, "UNDIS_PORT_INTERFACE.Transmit");
    if (!Count || !__atomic_load_n(&port->opened, __ATOMIC_ACQUIRE))
        return 0;
    taken = port->kind->transmit(port, Frames, Count);
    if (somebody_looks(port))
        tell_taken(port, Frames, taken);
    return taken;
}

static VOID
port_attributes(PVOID Context, PUNDIS_PORT_ATTRIBUTES Attributes)
{
    struct undis_port *port = Context;

    *Attributes = port->attributes;
    Attributes->LinkUp = link_up(port);
}

static VOID
port_hold(PVOID Context, BOOLEAN Held)
{
    gate_require_irql(DISPATCH_LEVEL, "UNDIS_PORT_INTERFACE.Hold");
    port_hold_for(Context, PORT_HELD_BY_DRIVER, Held != FALSE);
}

static VOID
port_reference(PVOID Context)
{
    struct undis_port *port = Context;

    __atomic_fetch_add(&port->references, 1, __ATOMIC_RELAXED);
}

static VOID
port_dereference(PVOID Context)
{
    struct undis_port *port = Context;

    __atomic_fetch_sub(&port->references, 1, __ATOMIC_RELEASE);
}

void
port_interface(struct undis_port *port, UNDIS_PORT_INTERFACE *answer)
{
    *answer = (UNDIS_PORT_INTERFACE){
        .Size = sizeof(*answer),
        .Version = UNDIS_PORT_INTERFACE_VERSION,
        .Context = port,
        .InterfaceReference = port_reference,
        .InterfaceDereference = port_dereference,
        .Open = port_open,
        .Close = port_close,
        .Transmit = port_transmit,
        .QueryAttributes = port_attributes,
        .Hold = port_hold,
    };
    port_reference(port);
}

NTSTATUS
port_query_interface(struct undis_port *port, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    const GUID *type = stack->Parameters.QueryInterface.InterfaceType;
    UNDIS_PORT_INTERFACE *answer =
        (UNDIS_PORT_INTERFACE *)stack->Parameters.QueryInterface.Interface;

    if (!type || !answer || memcmp(type, &GUID_UNDIS_PORT_INTERFACE, sizeof(*type)) != 0)
        return STATUS_NOT_SUPPORTED;
    if (stack->Parameters.QueryInterface.Version != UNDIS_PORT_INTERFACE_VERSION ||
        stack->Parameters.QueryInterface.Size < sizeof(*answer))
        return STATUS_INVALID_PARAMETER;
    port_interface(port, answer);
    return STATUS_SUCCESS;
}
