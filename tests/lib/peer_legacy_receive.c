/* SPDX-License-Identifier: MIT */
/* Receives of the NDIS 5 peer miniport: by packets and by look-ahead. */
#include "peer_legacy.h"

static void
show(struct inner *inner)
{
    ULONG rest = inner->shown_size - HEADER;
    ULONG shown = inner->face->lookahead ? min(inner->face->lookahead, rest) : rest;
    UCHAR header[HEADER], beginning[2048];

    memcpy(header, inner->shown, HEADER);
    memcpy(beginning, inner->shown + HEADER, shown);
    NdisMEthIndicateReceive(inner->adapter, inner, header, HEADER, beginning, shown, rest);
    memset(header, 0xEE, sizeof(header)); /* valid during the call only */
    memset(beginning, 0xEE, shown);
}

/* Frames that pend their transfer keep the bytes until that is done. */
static void
indicate_by_lookahead(struct inner *inner, ULONG count, ULONG size)
{
    struct peer_miniport *face = inner->face;
    UCHAR frame[2048];

    for (ULONG i = 0; i < count; i++) {
        frame_fill(frame, size, face->peer.origin, face->peer.number++);
        inner->shown = frame;
        inner->shown_size = size;
        COUNT(face->indicated, 1);
        show(inner);
        if (inner->transfer && !peer_never) {
            PNDIS_PACKET packet = inner->transfer;
            UINT length;

            inner->transfer = NULL;
            NdisQueryPacket(packet, NULL, NULL, NULL, &length);
            NdisMTransferDataComplete(inner->adapter, packet, NDIS_STATUS_SUCCESS, length);
        }
    }
    NdisMEthIndicateReceiveComplete(inner->adapter);
}

NDIS_STATUS
miniport_transfer(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer)
{
    struct inner *inner = MiniportAdapterContext;
    const UCHAR *from = inner->shown + HEADER + ByteOffset;
    ULONG left = min(BytesToTransfer, inner->shown_size - HEADER - ByteOffset), done = 0;
    PNDIS_BUFFER buffer;

    CHECK(MiniportReceiveContext == inner);
    COUNT(inner->face->transfers, 1);
    NdisQueryPacket(Packet, NULL, NULL, &buffer, NULL);
    for (; buffer && left; buffer = buffer->Next) {
        ULONG n = min(left, MmGetMdlByteCount(buffer));

        memcpy(MmGetSystemAddressForMdlSafe(buffer, NormalPagePriority), from + done, n);
        done += n;
        left -= n;
    }
    *BytesTransferred = done;
    if (!inner->face->pend_transfer)
        return NDIS_STATUS_SUCCESS;
    inner->transfer = Packet;
    return NDIS_STATUS_PENDING;
}

/* Packets with one buffer each; a packet that comes back is freed. */

static void
free_packet(PNDIS_PACKET packet)
{
    PNDIS_BUFFER buffer;
    PVOID data;
    UINT length;

    NdisUnchainBufferAtFront(packet, &buffer);
    NdisQueryBufferSafe(buffer, &data, &length, NormalPagePriority);
    NdisFreeBuffer(buffer);
    ExFreePoolWithTag(data, PEER_TAG);
    NdisFreePacket(packet);
}

static PNDIS_PACKET
make_packet(struct inner *inner, ULONG size, NDIS_STATUS oob)
{
    struct peer *peer = &inner->face->peer;
    PUCHAR data = ExAllocatePoolWithTag(NonPagedPool, size, PEER_TAG);
    PNDIS_PACKET packet;
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;

    CHECK(data);
    frame_fill(data, size, peer->origin, peer->number++);
    NdisAllocatePacket(&status, &packet, inner->packets);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBuffer(&status, &buffer, inner->buffers, data, size);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisChainBufferAtFront(packet, buffer);
    NDIS_SET_PACKET_HEADER_SIZE(packet, HEADER);
    NDIS_SET_PACKET_TIME_RECEIVED(packet, PEER_TIME);
    NDIS_SET_PACKET_MEDIA_SPECIFIC_INFO(packet, peer->name, sizeof(peer->name));
    NDIS_SET_PACKET_STATUS(packet, oob);
    *(struct inner **)packet->MiniportReserved = inner;
    return packet;
}

VOID
miniport_return(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    struct inner *inner = MiniportAdapterContext;
    struct peer_miniport *face = inner->face;

    enter(inner);
    if (*(struct inner **)Packet->MiniportReserved != inner)
        COUNT(face->bad_returns, 1);
    free_packet(Packet);
    COUNT(face->returned, 1);
    UNCOUNT(face->receives_out, 1);
    leave(inner);
}

/* What is the miniport's own again when the call returns: with NDIS_STATUS_RESOURCES everything;
 * else, for a serialized one, what the status says. */
static void
settle(struct inner *inner, PNDIS_PACKET packet, bool resources)
{
    NDIS_STATUS status;

    if (!resources && inner->face->kind == PEER_DESERIALIZED)
        return;
    status = NDIS_GET_PACKET_STATUS(packet);
    if (!resources && status == NDIS_STATUS_PENDING)
        return;
    if (status != (resources ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS))
        COUNT(inner->face->resources_lost, 1);
    if (!resources)
        COUNT(inner->face->returned, 1);
    free_packet(packet);
    UNCOUNT(inner->face->receives_out, 1);
}

static void
indicate_packets(struct inner *inner, ULONG count, ULONG size, bool resources)
{
    PNDIS_PACKET packets[16];

    CHECK(count <= 16);
    for (ULONG i = 0; i < count; i++)
        packets[i] =
            make_packet(inner, size, resources ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS);
    COUNT(inner->face->indicated, count);
    COUNT(inner->face->receives_out, count);
    NdisMIndicateReceivePacket(inner->adapter, packets, count);
    for (ULONG i = 0; i < count; i++)
        settle(inner, packets[i], resources);
}

static VOID
indicate_wanted(PVOID Context)
{
    struct indication *wanted = Context;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    if (wanted->inner->face->by_lookahead)
        indicate_by_lookahead(wanted->inner, wanted->count, wanted->size);
    else
        indicate_packets(wanted->inner, wanted->count, wanted->size, wanted->resources);
    KeLowerIrql(irql);
}

/* A serialized miniport indicates from a function that NDIS serializes. */
static VOID
indicate_timer(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    struct inner *inner = FunctionContext;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    enter(inner);
    indicate_wanted(inner->wanted);
    leave(inner);
    KeSetEvent(&inner->indicated, IO_NO_INCREMENT, FALSE);
}

static VOID
indicate_somehow(PVOID Context)
{
    struct indication *wanted = Context;
    struct inner *inner = wanted->inner;

    if (inner->face->kind == PEER_DESERIALIZED) {
        indicate_wanted(wanted);
        return;
    }
    inner->wanted = wanted;
    NdisMSetTimer(&inner->indicate_timer, 0);
    KeWaitForSingleObject(&inner->indicated, Executive, KernelMode, FALSE, NULL);
}

void
act_indicate(struct peer_miniport *miniport, unsigned nbls, unsigned size, bool resources)
{
    struct indication wanted = {inner_of(miniport), nbls, size, resources};

    script_run(miniport->peer.machine, &wanted.inner->script, indicate_somehow, &wanted);
}

/* A busy network, as long as there is room. */
static VOID
traffic(PVOID Context)
{
    struct inner *inner = Context;
    ULONG round = 0;

    while (READ(inner->traffic)) {
        struct indication wanted = {inner, 4, FRAME_MIN + round % 200, round % 8 == 0};

        if (READ(inner->face->receives_out) < 64)
            indicate_somehow(&wanted);
        round++;
        peer_sleep(50);
    }
    KeSetEvent(&inner->traffic_ended, IO_NO_INCREMENT, FALSE);
}

static VOID
traffic_on(PVOID Context)
{
    struct inner *inner = Context;

    WRITE(inner->traffic, true);
    peer_later(traffic, inner);
}

static VOID
traffic_off(PVOID Context)
{
    struct inner *inner = Context;

    WRITE(inner->traffic, false);
    KeWaitForSingleObject(&inner->traffic_ended, Executive, KernelMode, FALSE, NULL);
}

void
act_traffic(struct peer_miniport *miniport, bool on)
{
    script_run(miniport->peer.machine, &inner_of(miniport)->script, on ? traffic_on : traffic_off,
        inner_of(miniport));
}

/* In MiniportInitialize. */
void
receives_up(struct inner *inner)
{
    NDIS_STATUS status;

    NdisAllocatePacketPool(&status, &inner->packets, 256, 4 * sizeof(PVOID));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBufferPool(&status, &inner->buffers, 256);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisMInitializeTimer(&inner->indicate_timer, inner->adapter, indicate_timer, inner);
}

void
receives_down(struct inner *inner)
{
    BOOLEAN cancelled;

    NdisMCancelTimer(&inner->indicate_timer, &cancelled);
    NdisFreeBufferPool(inner->buffers);
    NdisFreePacketPool(inner->packets);
}
