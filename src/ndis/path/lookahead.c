/* SPDX-License-Identifier: MIT */
/* Receives from a miniport of NDIS 3 to 5.1 by look-ahead: the miniport shows the beginning of a
 * frame, and copies the rest where it is told to.
 *
 *     NdisMXxxIndicateReceive --> nothing of NDIS 6 above: ProtocolReceive of each binding
 *        (header, look-ahead)       '--NdisTransferData--> MiniportTransferData
 *                             --> else: an NBL of NDIS', completed by MiniportTransferData
 *                                   '--> receive.c
 *
 * A transfer that pends ends by NdisMTransferDataComplete. Reserved[1] of its packet says whose it
 * is: a binding's (with a 1 added), or that of the NET_BUFFER that NDIS completes.
 */
#include "ndis/packet/carrier.h"
#include "ndis/path/edge.h"
#include "ndis/path/legacy.h"
#include "ndis/path/macro.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_legacy.h"

#include <string.h>

/* What a miniport shows of a frame. */
struct frame {
    NDIS_HANDLE context;
    PVOID header, lookahead;
    UINT header_size, lookahead_size, size; /* size: behind the header */
};

/* The bindings, when all of them take look-ahead and nothing stands between; else NULL. */
static struct receivers *
direct_receivers(struct module *miniport)
{
    struct receivers *to = __atomic_load_n(&miniport->adapter->receivers, __ATOMIC_ACQUIRE);

    if (HOP(miniport, receive_hop) || HOP(miniport, receive_closed))
        return NULL;
    for (unsigned i = 0; i < to->count; i++)
        if (!to->bindings[i]->core || !to->bindings[i]->core->lookahead)
            return NULL;
    return to;
}

static void
show(struct module *miniport, const struct receivers *to, const struct frame *frame)
{
    lane_add(&module_lane(miniport)->indicated, 1);
    for (unsigned i = 0; i < to->count; i++)
        to->bindings[i]->core->lookahead(to->bindings[i], frame->context, frame->header,
            frame->header_size, frame->lookahead, frame->lookahead_size, frame->size);
    lane_add(&module_lane(miniport)->returned, 1);
}

static void
drop(struct module *miniport)
{
    lane_add(&module_lane(miniport)->dropped, 1);
}

/* A whole frame goes up. */
static void
pass_up(struct module *miniport, PNET_BUFFER_LIST nbl)
{
    nbl->SourceHandle = miniport;
    nbl->MiniportReserved[0] = NULL; /* NDIS' own frame */
    NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_SUCCESS;
    receive_indicate_above(miniport, nbl, 0, 1, 0);
}

/* The rest of the frame is there, or not. */
static void
transferred_rest(struct module *miniport, PNET_BUFFER nb, PNDIS_PACKET packet, NDIS_STATUS status)
{
    PNET_BUFFER_LIST nbl = edge_of(nb)->nbl;
    ULONG before = (ULONG)edge_of(nb)->outer;

    packet->Reserved[1] = 0;
    carrier_down_done(nbl, packet);
    NdisRetreatNetBufferDataStart(nb, before, 0, NULL);
    if (status == NDIS_STATUS_SUCCESS) {
        pass_up(miniport, nbl);
    } else {
        drop(miniport);
        NdisFreeNetBufferList(nbl);
    }
    __atomic_sub_fetch(&miniport->legacy->transfers, 1, __ATOMIC_ACQ_REL);
    if (__atomic_load_n(&miniport->legacy->pausing, __ATOMIC_RELAXED))
        legacy_look_whether_idle(miniport);
}

/* Asks the miniport for what it has not shown. */
static void
complete_frame(struct module *miniport, PNET_BUFFER_LIST nbl, const struct frame *frame)
{
    PNET_BUFFER nb = NET_BUFFER_LIST_FIRST_NB(nbl);
    UINT shown = frame->header_size + frame->lookahead_size, transferred = 0;
    PNDIS_PACKET packet;
    NDIS_STATUS status;

    NdisAdvanceNetBufferDataStart(nb, shown, FALSE, NULL);
    packet = miniport->registration->miniport5.TransferDataHandler
                 ? carrier_down(miniport->legacy->packets, nbl, nb)
                 : NULL;
    if (!packet) {
        drop(miniport);
        NdisFreeNetBufferList(nbl);
        return;
    }
    *edge_of(nb) = (struct edge){packet, NULL, nbl, shown};
    __atomic_add_fetch(&miniport->legacy->transfers, 1, __ATOMIC_ACQ_REL);
    packet->Reserved[1] = (ULONG_PTR)nb;
    status = call_legacy_transfer(miniport, packet, &transferred, frame->context,
        frame->lookahead_size, frame->size - frame->lookahead_size);
    if (status != NDIS_STATUS_PENDING)
        transferred_rest(miniport, nb, packet, status);
}

static PNET_BUFFER_LIST
begin_frame(struct module *miniport, const struct frame *frame)
{
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferList(miniport->legacy->frame_pool, 0, 0);
    PNET_BUFFER nb;
    UCHAR *data;

    if (!nbl)
        return NULL;
    nb = NET_BUFFER_LIST_FIRST_NB(nbl);
    if (NdisRetreatNetBufferDataStart(nb, frame->header_size + frame->size, 0, NULL) !=
        NDIS_STATUS_SUCCESS) {
        NdisFreeNetBufferList(nbl);
        return NULL;
    }
    data = NdisGetDataBuffer(nb, frame->header_size + frame->size, NULL, 1, 0);
    memcpy(data, frame->header, frame->header_size);
    memcpy(data + frame->header_size, frame->lookahead, frame->lookahead_size);
    return nbl;
}

static void
make_nbl(struct module *miniport, const struct frame *frame)
{
    PNET_BUFFER_LIST nbl =
        frame->header_size + frame->size <= LEGACY_FRAME_MAX ? begin_frame(miniport, frame) : NULL;

    if (!nbl)
        drop(miniport);
    else if (frame->lookahead_size >= frame->size)
        pass_up(miniport, nbl);
    else
        complete_frame(miniport, nbl, frame);
}

static void
indicate(PVOID filter, const struct frame *shown, const struct gate_handler *name, void *caller)
{
    struct module *miniport = path_module(filter, MODULE_MINIPORT, name->name);
    const uintptr_t args[] = {(uintptr_t)filter, shown->lookahead_size, shown->size,
        (uintptr_t)shown->header, shown->header_size, (uintptr_t)shown->lookahead};
    struct frame frame = *shown;
    struct receivers *to;
    struct macro macro;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, name->name);
    macro_begin(&macro, miniport, name, caller, RTL_NUMBER_OF(args), args);
    if (frame.lookahead_size > frame.size)
        frame.lookahead_size = frame.size;
    irql = path_enter();
    to = direct_receivers(miniport);
    if (to && to->count)
        show(miniport, to, &frame);
    else
        make_nbl(miniport, &frame);
    path_leave(irql);
    macro_end(&macro);
}

#define NAMED(macro) static const struct gate_handler name = {macro, PASSIVE_LEVEL, DISPATCH_LEVEL}

void
/* NOLINTNEXTLINE(readability-function-size): its parameters are documented */
legacy_eth_indicate(PETH_FILTER filter, NDIS_HANDLE context, PCHAR address, PVOID header,
    UINT header_size, PVOID lookahead, UINT lookahead_size, UINT size)
{
    NAMED("NdisMEthIndicateReceive");
    struct frame frame = {context, header, lookahead, header_size, lookahead_size, size};

    UNREFERENCED_PARAMETER(address);
    indicate(filter, &frame, &name, __builtin_return_address(0));
}

void
legacy_tr_indicate(PTR_FILTER filter, NDIS_HANDLE context, PVOID header, UINT header_size,
    PVOID lookahead, UINT lookahead_size, UINT size)
{
    NAMED("NdisMTrIndicateReceive");
    struct frame frame = {context, header, lookahead, header_size, lookahead_size, size};

    indicate(filter, &frame, &name, __builtin_return_address(0));
}

void
/* NOLINTNEXTLINE(readability-function-size): its parameters are documented */
legacy_fddi_indicate(PFDDI_FILTER filter, NDIS_HANDLE context, PCHAR address, UINT address_length,
    PVOID header, UINT header_size, PVOID lookahead, UINT lookahead_size, UINT size)
{
    NAMED("NdisMFddiIndicateReceive");
    struct frame frame = {context, header, lookahead, header_size, lookahead_size, size};

    UNREFERENCED_PARAMETER(address);
    UNREFERENCED_PARAMETER(address_length);
    indicate(filter, &frame, &name, __builtin_return_address(0));
}

static void
end_of_frames(struct module *miniport)
{
    KIRQL irql = path_enter();
    struct receivers *to = direct_receivers(miniport);

    for (unsigned i = 0; to && i < to->count; i++)
        to->bindings[i]->core->lookahead_end(to->bindings[i]);
    path_leave(irql);
}

void
legacy_indicate_end(PETH_FILTER filter)
{
    NAMED("NdisMEthIndicateReceiveComplete");
    struct module *miniport = path_module(filter, MODULE_MINIPORT, name.name);
    const uintptr_t args[] = {(uintptr_t)filter};
    struct macro macro;

    macro_begin(&macro, miniport, &name, __builtin_return_address(0), 1, args);
    end_of_frames(miniport);
    macro_end(&macro);
}

/*
 * ArcFilterDprIndicateReceive - a miniport of ARCnet has received a frame
 *
 * @Filter:     of the miniport's block: drivers call NdisMArcIndicateReceive, with their handle.
 * @pRawHeader: the source and the destination, a byte each.
 * @pData:      what follows, from the protocol ID on; all of it.
 * @Length:     bytes of that.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffers are read until this returns.
 * Errors:    none; a frame that there is no memory for is dropped, and counted.
 * Source:    xp7600:NdisXM_MC_de150262-4603-454b-9a32-bdd9dc4cf100.xml.htm
 * Gaps:      Ethernet frames inside ARCnet frames are not unwrapped, nor fragments put together
 *            (CAVEATS.md, ARCnet).
 */
VOID
ArcFilterDprIndicateReceive(PARC_FILTER Filter, PUCHAR pRawHeader, PUCHAR pData, UINT Length)
{
    struct module *miniport = path_module(Filter, MODULE_MINIPORT, "NdisMArcIndicateReceive");
    struct frame frame = {
        (NDIS_HANDLE)&protocol5_whole, pRawHeader, pData, ARC_HEADER, Length, Length};
    struct receivers *to;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, "NdisMArcIndicateReceive");
    irql = path_enter();
    to = direct_receivers(miniport);
    if (to && to->count)
        show(miniport, to, &frame);
    else
        make_nbl(miniport, &frame);
    path_leave(irql);
}

/*
 * ArcFilterDprIndicateReceiveComplete - a miniport of ARCnet has indicated what there was
 *
 * @Filter: of the miniport's block: drivers call NdisMArcIndicateReceiveComplete.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves. Protocols that were shown frames hear of the end.
 * Errors:    none.
 * Source:    xp7600:NdisXM_MC_02b7119e-5d7d-4f81-aade-e1a089a8e06d.xml.htm
 */
VOID
ArcFilterDprIndicateReceiveComplete(PARC_FILTER Filter)
{
    gate_require_irql(DISPATCH_LEVEL, "NdisMArcIndicateReceiveComplete");
    end_of_frames(path_module(Filter, MODULE_MINIPORT, "NdisMArcIndicateReceiveComplete"));
}

/* A packet that is in a transfer already: an intermediate driver asks below with what it was asked
 * with. Found by Reserved[1] of the packet. */
struct inner_transfer {
    ULONG_PTR outer; /* Reserved[1] before and afterwards */
    struct module *binding;
};

#define OF_BINDING 1u /* in Reserved[1], with the binding */
#define IS_INNER   2u /* with a struct inner_transfer */

NDIS_STATUS
legacy_transfer(struct module *miniport, struct module *binding, PNDIS_PACKET packet,
    NDIS_HANDLE context, UINT offset, UINT length, UINT *transferred)
{
    ULONG_PTR outer = packet->Reserved[1], mark = (ULONG_PTR)binding | OF_BINDING;
    struct inner_transfer *inner = NULL;
    NDIS_STATUS status;

    *transferred = 0;
    if (!miniport->registration->miniport5.TransferDataHandler)
        return NDIS_STATUS_FAILURE;
    if (outer) {
        inner = machine_alloc(miniport->machine, sizeof(*inner));
        if (!inner)
            return NDIS_STATUS_RESOURCES;
        *inner = (struct inner_transfer){outer, binding};
        mark = (ULONG_PTR)inner | IS_INNER;
    }
    packet->Reserved[1] = mark;
    status = call_legacy_transfer(miniport, packet, transferred, context, offset, length);
    if (status != NDIS_STATUS_PENDING && packet->Reserved[1] == mark) {
        packet->Reserved[1] = outer;
        machine_free(miniport->machine, inner);
    }
    return status;
}

/* The transfer marked @whose is over: whose it was. */
static struct module *
end_of_transfer(struct undis *machine, PNDIS_PACKET packet, ULONG_PTR whose)
{
    struct inner_transfer *inner = (struct inner_transfer *)(whose & ~(ULONG_PTR)IS_INNER);
    struct module *binding;

    if (!(whose & IS_INNER)) {
        packet->Reserved[1] = 0;
        return (struct module *)(whose & ~(ULONG_PTR)OF_BINDING);
    }
    binding = inner->binding;
    packet->Reserved[1] = inner->outer;
    machine_free(machine, inner);
    return binding;
}

/*
 * NdisMTransferDataComplete - a miniport has done a transfer that it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Packet:                as given to MiniportTransferData.
 * @Status:                final.
 * @BytesTransferred:      into the packet's buffers.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the packet; the miniport must not touch it afterwards.
 * Errors:    none; a packet that is in no transfer is a bug check (rule
 *            r5-transfer-complete-once).
 * Source:    NF:ndis.NdisMTransferDataComplete
 */
VOID
NdisMTransferDataComplete(NDIS_HANDLE MiniportAdapterHandle, PNDIS_PACKET Packet,
    NDIS_STATUS Status, UINT BytesTransferred)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    ULONG_PTR whose = Packet->Reserved[1];
    struct module *binding;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!whose || Status == NDIS_STATUS_PENDING)
        gate_bug_check("r5-transfer-complete-once",
            "%s called NdisMTransferDataComplete for a packet that is in no transfer, or with "
            "NDIS_STATUS_PENDING",
            miniport->driver->name);
    irql = path_enter();
    if (whose & (OF_BINDING | IS_INNER)) {
        binding = end_of_transfer(miniport->machine, Packet, whose);
        binding->core->transfer_complete(binding, Packet, Status, BytesTransferred);
    } else {
        transferred_rest(miniport, (PNET_BUFFER)whose, Packet, Status);
    }
    path_leave(irql);
}
