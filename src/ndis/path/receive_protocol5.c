/* SPDX-License-Identifier: MIT */
/* Receives of NDIS 3 to 5.1 protocols.
 *
 *     NBL --> ProtocolReceivePacket, with a packet around it or the miniport's own; it says how
 *             often NdisReturnPackets follows
 *         --> ProtocolReceive, when it has no such handler: header and look-ahead, the rest by
 *             NdisTransferData (transfer.c)
 *     end of the batch --> ProtocolReceiveComplete
 *
 *     NBL   ProtocolReserved[0]   the packet that the protocol has
 *           ProtocolReserved[1]   the binding
 *           ProtocolReserved[2]   how often it is still to be returned
 *           ProtocolReserved[3]   Reserved[0] of the packet before: with packet stacking several
 *                                 protocols have one packet, innermost last
 */
#include "ndis/packet/carrier.h"
#include "ndis/packet/descriptor.h"
#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_protocol.h"

#define LOOKAHEAD  256       /* bytes that are shown in one piece, if there are so many */
#define UNDECIDED  (1 << 30) /* ProtocolReceivePacket has not said how often */
#define HEADER_MAX 64

static struct binding5_lane *
lane_of(const struct module *binding)
{
    return &binding->binding5->lanes[block_self->processor];
}

static int32_t *
count_of(PNET_BUFFER_LIST nbl)
{
    return (int32_t *)&nbl->ProtocolReserved[2];
}

static UINT
header_size(const struct module *binding)
{
    switch (binding->adapter->general.MediaType) {
    case NdisMediumFddi: return 13;
    case NdisMediumArcnetRaw:
    case NdisMediumArcnet878_2: return ARC_HEADER;
    case NdisMediumIP: return 0;
    default: return 14;
    }
}

/* The packet that a miniport of NDIS 5 indicated as this NBL; NULL: it is no such NBL, or its data
 * is no longer what the miniport said. */
static PNDIS_PACKET
packet_below(const struct module *binding, PNET_BUFFER_LIST nbl)
{
    const struct module *source =
        path_is_vc(nbl->SourceHandle) ? binding->adapter->miniport : nbl->SourceHandle;
    PNDIS_PACKET packet;

    if (!source || source->kind != MODULE_MINIPORT || !source->legacy ||
        nbl->NdisPoolHandle != source->legacy->nbls)
        return NULL;
    packet = nbl->MiniportReserved[0];
    if (!packet || nbl->FirstNetBuffer->CurrentMdl != packet->Private.Head ||
        nbl->FirstNetBuffer->CurrentMdlOffset)
        return NULL;
    return packet;
}

/* The same when it is only this binding's and its status is what the flags say; else NULL. */
static PNDIS_PACKET
own_packet(const struct module *binding, PNET_BUFFER_LIST nbl, NDIS_STATUS status)
{
    PNDIS_PACKET packet = packet_below(binding, nbl);

    if (!packet || __atomic_load_n(&nbl->ChildRefCount, __ATOMIC_RELAXED) ||
        NDIS_GET_PACKET_STATUS(packet) != status)
        return NULL;
    return packet;
}

/* The packet that the protocol gets: the miniport's, or one of NDIS' with what that one says. NULL
 * when memory is short. */
static PNDIS_PACKET
packet_for(struct module *binding, PNET_BUFFER_LIST nbl, NDIS_STATUS status)
{
    PNDIS_PACKET packet = own_packet(binding, nbl, status), below;
    bool shared; /* with other bindings */

    nbl->ProtocolReserved[3] = packet ? (PVOID)packet->Reserved[0] : NULL;
    if (packet) {
        packet->Reserved[0] = (ULONG_PTR)nbl;
        descriptor_push(packet);
        return packet;
    }
    packet = carrier_received(binding->binding5->packets, nbl, nbl->FirstNetBuffer, status);
    if (!packet)
        return NULL;
    NDIS_SET_PACKET_HEADER_SIZE(packet, header_size(binding));
    shared = nbl->NdisPoolHandle == binding->adapter->clone_pool && nbl->ParentNetBufferList;
    below = packet_below(binding, shared ? nbl->ParentNetBufferList : nbl);
    if (below)
        carrier_take_along(packet, below);
    return packet;
}

/* The packet is no longer of use for the protocol. */
static void
unwrap(struct module *binding, PNDIS_PACKET packet)
{
    packet->Reserved[0] = (ULONG_PTR)((PNET_BUFFER_LIST)packet->Reserved[0])->ProtocolReserved[3];
    if ((void *)packet->Private.Pool == binding->binding5->packets)
        carrier_done(packet);
    else
        descriptor_pop(packet);
}

static void
give_back(struct module *binding, PNET_BUFFER_LIST nbl)
{
    NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
    NdisReturnNetBufferLists(binding, nbl, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
}

bool
protocol5_receive_packet(struct module *binding, PNET_BUFFER_LIST nbl, bool resources,
    INT (*receive)(void *context, PNDIS_PACKET packet), void *context)
{
    NDIS_STATUS status = resources ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS;
    PNDIS_PACKET packet = packet_for(binding, nbl, status);
    INT times;

    if (!packet)
        return false;
    nbl->ProtocolReserved[0] = packet;
    nbl->ProtocolReserved[1] = binding;
    __atomic_store_n(count_of(nbl), UNDECIDED, __ATOMIC_RELAXED);
    lane_add(&lane_of(binding)->lent, 1);
    times = receive(context, packet);
    if (times < 0 || (resources && times))
        gate_bug_check_of(binding->driver, "r5-receivepacket-zero-on-resources",
            "%s answered a received packet with %d%s", binding->driver->name, times,
            resources ? " for a packet with NDIS_STATUS_RESOURCES" : "");
    if (__atomic_add_fetch(count_of(nbl), times - UNDECIDED, __ATOMIC_ACQ_REL) > 0)
        return true;
    unwrap(binding, packet);
    lane_add(&lane_of(binding)->returned, 1);
    if (!resources)
        give_back(binding, nbl);
    return true;
}

static INT
receive_without_vc(void *binding, PNDIS_PACKET packet)
{
    return call_receive_packet(binding, packet);
}

/* The piece behind the header: where it lies in one piece, or a copy in @buffer. */
static PUCHAR
lookahead_of(PNET_BUFFER nb, UINT header, PUCHAR buffer, UINT *size)
{
    UINT rest = nb->DataLength - header, wanted = rest < LOOKAHEAD ? rest : LOOKAHEAD;
    SIZE_T offset = (SIZE_T)nb->CurrentMdlOffset + header;
    PMDL mdl = nb->CurrentMdl;
    PUCHAR start;

    while (mdl && offset >= MmGetMdlByteCount(mdl)) {
        offset -= MmGetMdlByteCount(mdl);
        mdl = mdl->Next;
    }
    *size = mdl ? MmGetMdlByteCount(mdl) - (UINT)offset : 0;
    if (*size > rest)
        *size = rest;
    start = mdl ? MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) : NULL;
    if (start && *size >= wanted)
        return start + offset;
    *size = transfer_read(nb, header, buffer, wanted);
    return buffer;
}

static void
show(struct module *binding, struct shown *shown, PVOID header, PVOID lookahead,
    UINT lookahead_size, UINT size)
{
    struct binding5_lane *lane = lane_of(binding);

    shown->outer = lane->shown;
    shown->binding = binding;
    lane->shown = shown;
    call_protocol_receive(
        binding, shown, header, shown->header_size, lookahead, lookahead_size, size);
    lane->shown = shown->outer;
}

const char protocol5_whole;

/* A frame to a protocol that takes no packets, or that there is no packet for. */
static void
show_frame(struct module *binding, PNET_BUFFER_LIST nbl, PNET_BUFFER nb)
{
    struct shown shown = {.nbl = nbl, .nb = nb, .header_size = header_size(binding)};
    UCHAR storage[HEADER_MAX], copy[LOOKAHEAD];
    PUCHAR header, lookahead;
    UINT size;

    if (nb->DataLength < shown.header_size)
        return;
    shown.packet = own_packet(binding, nbl, NDIS_STATUS_SUCCESS);
    header = shown.header_size ? NdisGetDataBuffer(nb, shown.header_size, storage, 1, 0) : storage;
    if (!header)
        return;
    lookahead = lookahead_of(nb, shown.header_size, copy, &size);
    show(binding, &shown, header, lookahead, size, nb->DataLength - shown.header_size);
}

void
protocol5_receive(
    NDIS_HANDLE module, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    struct module *binding = module;
    bool resources = flags & NDIS_RECEIVE_FLAGS_RESOURCES;
    bool packets = binding->registration->protocol5.MajorNdisVersion >= 4 &&
                   binding->registration->protocol5.ReceivePacketHandler;

    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(count);
    while (chain) {
        PNET_BUFFER_LIST nbl = chain;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        if (packets && !NET_BUFFER_NEXT_NB(nbl->FirstNetBuffer) &&
            protocol5_receive_packet(binding, nbl, resources, receive_without_vc, binding))
            continue;
        for (PNET_BUFFER nb = nbl->FirstNetBuffer; nb; nb = NET_BUFFER_NEXT_NB(nb))
            show_frame(binding, nbl, nb);
        if (!resources)
            give_back(binding, nbl);
    }
    call_receive_complete(binding);
    protocol5_back(binding);
}

void
protocol5_lookahead(struct module *binding, NDIS_HANDLE context, PVOID header, UINT size_of_header,
    PVOID lookahead, UINT lookahead_size, UINT size)
{
    struct shown shown = {.context = context, .header_size = size_of_header};

    if (context == &protocol5_whole) {
        shown.whole = lookahead;
        shown.size = size;
    }
    show(binding, &shown, header, lookahead, lookahead_size, size);
}

void
protocol5_lookahead_end(struct module *binding)
{
    call_receive_complete(binding);
}

/*
 * NdisReturnPackets - a protocol gives packets back that it got by ProtocolReceivePacket
 *
 * @PacketsToReturn: @NumberOfPackets packets, each as often as ProtocolReceivePacket said.
 * @NumberOfPackets: 1 or more.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the packets; with the last return of each the miniport gets it back.
 * Errors:    none; a packet that the protocol has not, or not any more, is a bug check (rule
 *            r5-receivepacket-refcount).
 * Source:    ddk3790:NdisXN_R_bacaeedb-d21f-4e3c-8a37-23fe6369a07d.xml.htm
 */
VOID
NdisReturnPackets(PNDIS_PACKET *PacketsToReturn, UINT NumberOfPackets)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    for (UINT i = 0; i < NumberOfPackets; i++) {
        PNDIS_PACKET packet = PacketsToReturn[i];
        PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)packet->Reserved[0];
        struct module *binding;
        KIRQL irql;

        /* A packet that is free may say anything. */
        if (!object_of(machine_self(), nbl, OBJECT_NBL) || nbl->ProtocolReserved[0] != packet)
            gate_bug_check("r5-receivepacket-refcount",
                "NdisReturnPackets was given %p, which no protocol has", (void *)packet);
        binding = nbl->ProtocolReserved[1];
        if (__atomic_sub_fetch(count_of(nbl), 1, __ATOMIC_ACQ_REL) != 0)
            continue;
        irql = path_enter();
        unwrap(binding, packet);
        lane_add(&lane_of(binding)->returned, 1);
        give_back(binding, nbl);
        protocol5_back(binding);
        path_leave(irql);
    }
}
