/* SPDX-License-Identifier: MIT */
/* The checks of wire.c and wanted.c for miniports of NDIS 5, as far as their rules go: what is behind
 * a short frame, what is too long, what is looped back, what is wanted. The order of their packets
 * has no rule.
 */
#include "verify/wire.h"

#include "ndis/stack/adapter.h"
#include "ndis/stack/legacy.h"

static bool
intermediate(const struct module *miniport)
{
    return miniport->legacy && miniport->legacy->attributes & NDIS_ATTRIBUTE_INTERMEDIATE_DRIVER;
}

static struct wire *
wire_of_handler(struct verify *verify, const struct gate_call *call)
{
    struct wire *wire = call->driver->image ? wire_find(verify, call->module) : NULL;

    return wire && wire_is_ethernet(wire) ? wire : NULL;
}

/* What its hardware is to change, or to cut up, is not looked at. */
static bool
changed_by_hardware(const struct verify *verify, const NDIS_PACKET *packet)
{
    static const NDIS_PER_PACKET_INFO slots[] = {
        TcpIpChecksumPacketInfo, IpSecPacketInfo, TcpLargeSendPacketInfo, Ieee8021QInfo};

    packet = arena_unclosed(verify->machine->arena, (void *)(uintptr_t)packet);
    for (unsigned k = 0; packet_has_block(packet) && k < RTL_NUMBER_OF(slots); k++)
        if (NDIS_PER_PACKET_INFO_FROM_PACKET((PNDIS_PACKET)(uintptr_t)packet, slots[k]))
            return true;
    return false;
}

/* Notes the packet if its device tells what it takes; its length, or 0. */
static ULONG
sent(struct verify *verify, struct wire *wire, const NDIS_PACKET *packet)
{
    struct frame frame;

    if (changed_by_hardware(verify, packet) || !frame_of_packet(verify, &frame, packet))
        return 0;
    frame.flow = 0;
    if (wire->seen)
        stream_add(&wire->out, &frame, NULL, 0);
    return frame.length;
}

static void
send(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_handler(verify, call);
    ULONG length = wire ? sent(verify, wire, (const void *)call->args[1]) : 0;

    call->scratch[SCRATCH_WIRE] = (void *)(uintptr_t)length;
}

static void
answered(struct verify *verify, struct gate_call *call)
{
    ULONG length = (ULONG)(uintptr_t)call->scratch[SCRATCH_WIRE];

    if (length && (NDIS_STATUS)call->result == NDIS_STATUS_SUCCESS)
        check_oversize(verify, call, wire_of_handler(verify, call), NULL, length);
}

static void
send_packets(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_handler(verify, call);
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];

    for (UINT i = 0; wire && i < (UINT)call->args[2]; i++)
        sent(verify, wire, packets[i]);
}

static void
complete(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);
    PNDIS_PACKET packet = (PNDIS_PACKET)call->args[1];
    struct frame frame;

    if (!wire || !wire_is_ethernet(wire) || (NDIS_STATUS)call->args[2] != NDIS_STATUS_SUCCESS ||
        !packet_is_sent(verify, wire->module, packet) || changed_by_hardware(verify, packet))
        return;
    if (frame_of_packet(verify, &frame, packet))
        check_oversize(verify, call, wire, NULL, frame.length);
}

static void
arrived(struct verify *verify, struct gate_call *call, struct wire *wire, const struct frame *frame)
{
    struct note *note = stream_find(&wire->in, frame->key);

    if (note)
        stream_drop(&wire->in, note);
    if (wire->seen && (frame->have == FRAME_HEAD || frame->have == frame->length))
        check_loopback(verify, call, wire, note, frame);
    if (wire->wishes.known && !intermediate(wire->module))
        check_wanted(verify, call, wire, NULL, frame);
}

static void
indicate(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_handler(verify, call);
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];
    struct frame frame;

    for (UINT i = 0; wire && i < (UINT)call->args[2]; i++)
        if (frame_of_packet(verify, &frame, packets[i]))
            arrived(verify, call, wire, &frame);
}

/* By look-ahead: filter, bytes shown, bytes behind the header, header, its size, what is shown. */
static void
show(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_handler(verify, call);
    size_t shown = call->args[1], size = call->args[2];
    struct frame frame;

    if (!wire || call->args[4] != ETHERNET)
        return;
    frame_of_two(&frame, (const void *)call->args[3], ETHERNET, (const void *)call->args[5],
        shown < size ? shown : size, size);
    arrived(verify, call, wire, &frame);
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        wishes_ask(&wire->wishes, (NDIS_OID)call->args[1], (const void *)call->args[2],
            (ULONG)call->args[3]);
}

static void
has_set(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_find(verify, call->module);

    if (wire)
        wishes_answered(verify, &wire->wishes, (NDIS_STATUS)call->result);
}

static void
set_completes(struct verify *verify, struct gate_call *call)
{
    struct wire *wire = wire_of_call(verify, call, OBJECT_ADAPTER);

    if (wire)
        wishes_answered(verify, &wire->wishes, (NDIS_STATUS)call->args[1]);
}

const struct check wire5_imports[] = {
    {"NdisMSendComplete", complete, NULL},
    {"NdisMSetInformationComplete", set_completes, NULL},
    {NULL, NULL, NULL},
};

const struct check wire5_handlers[] = {
    {"MiniportSend", send, answered},
    {"MiniportSendPackets", send_packets, NULL},
    {"NdisMIndicateReceivePacket", indicate, NULL},
    {"NdisMEthIndicateReceive", show, NULL},
    {"MiniportSetInformation", asked, has_set},
    {NULL, NULL, NULL},
};
