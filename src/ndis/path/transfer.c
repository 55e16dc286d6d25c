/* SPDX-License-Identifier: MIT */
/* NdisTransferData: a protocol of NDIS 3 to 5.1 takes what ProtocolReceive showed the beginning of.
 *
 *     frame shown by the miniport --> MiniportTransferData, which may pend
 *     frame in an NBL             --> copied at once
 */
#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_protocol.h"

#include <string.h>

/* A place in an MDL chain. */
struct place {
    PMDL mdl;
    SIZE_T offset;
};

static void
skip_used(struct place *place)
{
    while (place->mdl && place->offset >= MmGetMdlByteCount(place->mdl)) {
        place->offset -= MmGetMdlByteCount(place->mdl);
        place->mdl = place->mdl->Next;
    }
}

static PUCHAR
address_of(const struct place *place)
{
    PUCHAR start = MmGetSystemAddressForMdlSafe(place->mdl, NormalPagePriority);

    return start ? start + place->offset : NULL;
}

/* Copies up to @length bytes; answers how many there were on both sides. */
static UINT
copy(struct place to, struct place from, UINT length)
{
    UINT done = 0;

    for (;;) {
        UINT here = length - done;
        PUCHAR target, source;

        skip_used(&to);
        skip_used(&from);
        if (!here || !to.mdl || !from.mdl)
            return done;
        here = (UINT)min(here, MmGetMdlByteCount(to.mdl) - to.offset);
        here = (UINT)min(here, MmGetMdlByteCount(from.mdl) - from.offset);
        target = address_of(&to);
        source = address_of(&from);
        if (!target || !source)
            return done;
        memcpy(target, source, here);
        done += here;
        to.offset += here;
        from.offset += here;
    }
}

/* The same from memory. */
static UINT
copy_bytes(struct place to, const UCHAR *from, UINT length)
{
    UINT done = 0;

    for (;;) {
        UINT here = length - done;
        PUCHAR target;

        skip_used(&to);
        if (!here || !to.mdl)
            return done;
        here = (UINT)min(here, MmGetMdlByteCount(to.mdl) - to.offset);
        target = address_of(&to);
        if (!target)
            return done;
        memcpy(target, from + done, here);
        done += here;
        to.offset += here;
    }
}

UINT
transfer_read(PNET_BUFFER nb, UINT offset, PUCHAR to, UINT length)
{
    struct place from = {nb->CurrentMdl, (SIZE_T)nb->CurrentMdlOffset + offset};
    UINT done = 0;

    for (;;) {
        UINT here = length - done;
        PUCHAR source;

        skip_used(&from);
        if (!here || !from.mdl)
            return done;
        here = (UINT)min(here, MmGetMdlByteCount(from.mdl) - from.offset);
        source = address_of(&from);
        if (!source)
            return done;
        memcpy(to + done, source, here);
        done += here;
        from.offset += here;
    }
}

/* What this processor is showing @binding as @context; bug check when it is nothing. */
static struct shown *
shown_as(struct module *binding, NDIS_HANDLE context, const char *rule, const char *caller)
{
    struct shown *shown = NULL;

    if (irql_now() == DISPATCH_LEVEL)
        shown = binding->binding5->lanes[block_self->processor].shown;
    while (shown && (shown != context || shown->binding != binding))
        shown = shown->outer;
    if (!shown)
        gate_bug_check(rule,
            "%s called %s outside ProtocolReceive, or with a MacReceiveContext of "
            "something else",
            binding->driver->name, caller);
    return shown;
}

NDIS_STATUS
protocol5_transfer(NDIS_HANDLE module, NDIS_HANDLE context, UINT offset, UINT length,
    PNDIS_PACKET packet, PUINT transferred)
{
    struct module *binding = protocol5_of(module, "NdisTransferData");
    struct shown *shown = shown_as(binding, context, "r5-transfer-in-receive", "NdisTransferData");
    struct place to = {packet->Private.Head, 0}, from = {NULL, 0};

    if (shown->transferred)
        gate_bug_check("r5-transfer-in-receive",
            "%s called NdisTransferData twice in one ProtocolReceive", binding->driver->name);
    shown->transferred = true;
    if (shown->whole) {
        if (offset > shown->size)
            return NDIS_STATUS_FAILURE;
        *transferred =
            copy_bytes(to, shown->whole + offset, (UINT)min(length, shown->size - offset));
        return NDIS_STATUS_SUCCESS;
    }
    if (!shown->nbl)
        return legacy_transfer(binding->adapter->miniport, binding, packet, shown->context, offset,
            length, transferred);
    from.mdl = shown->nb->CurrentMdl;
    from.offset = (SIZE_T)shown->nb->CurrentMdlOffset + shown->header_size + offset;
    if ((SIZE_T)shown->header_size + offset > shown->nb->DataLength)
        return NDIS_STATUS_FAILURE;
    length = (UINT)min(length, shown->nb->DataLength - shown->header_size - offset);
    *transferred = copy(to, from, length);
    return NDIS_STATUS_SUCCESS;
}

void
protocol5_transfer_complete(
    struct module *binding, PNDIS_PACKET packet, NDIS_STATUS status, UINT transferred)
{
    call_transfer_complete(binding, packet, status, transferred);
}

/*
 * NdisTransferData - a protocol copies a frame, of which it is shown the beginning, into a packet
 *
 * @Status:            NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING or why not.
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @MacReceiveContext: as given to ProtocolReceive.
 * @ByteOffset:        where to begin, from the end of the header.
 * @BytesToTransfer:   bytes; less when the frame or the packet ends.
 * @Packet:            the protocol's, with buffers.
 * @BytesTransferred:  how many it were.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with NDIS_STATUS_PENDING the packet is NDIS' until ProtocolTransferDataComplete,
 *            perhaps before this returns.
 * Errors:    NDIS_STATUS_FAILURE: behind the end of the frame. Outside ProtocolReceive, or twice in
 *            one, it is a bug check (rule r5-transfer-in-receive).
 * Source:    ddk3790:NdisXS__897786df-db4f-45e2-9093-d63343fb14cb.xml.htm
 */
VOID
NdisTransferData(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE MacReceiveContext,
    UINT ByteOffset, UINT BytesToTransfer, PNDIS_PACKET Packet, PUINT BytesTransferred)
{
    *BytesTransferred = 0;
    *Status = protocol5_transfer(NdisBindingHandle, MacReceiveContext, ByteOffset, BytesToTransfer,
        Packet, BytesTransferred);
}

/*
 * NdisGetReceivedPacket - the packet behind what ProtocolReceive is shown
 *
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @MacContext:        as given to ProtocolReceive.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the packet stays the miniport's; the pointer means nothing after ProtocolReceive.
 * Errors:    NULL: the miniport indicated no packet. Outside ProtocolReceive it is a bug check (rule
 *            r5-getreceivedpacket-context).
 * Source:    NF:ndis.NdisGetReceivedPacket
 */
PNDIS_PACKET
NdisGetReceivedPacket(PNDIS_HANDLE NdisBindingHandle, PNDIS_HANDLE MacContext)
{
    struct module *binding = protocol5_of(NdisBindingHandle, __func__);

    return shown_as(binding, MacContext, "r5-getreceivedpacket-context", __func__)->packet;
}
