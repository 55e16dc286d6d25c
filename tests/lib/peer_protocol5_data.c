/* SPDX-License-Identifier: MIT */
/* The peer protocol of NDIS 5.1: sends and receives. */
#include "peer_protocol5.h"

/* Packets of its own */

/* The frame's header and its rest in buffers of their own, so that chains have a length. */
static VOID
chain_buffer(struct inner *inner, PNDIS_PACKET packet, UCHAR *data, ULONG size)
{
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;

    NdisAllocateBuffer(&status, &buffer, inner->buffers, data, size);
    CHECK(status == NDIS_STATUS_SUCCESS);
    NdisChainBufferAtBack(packet, buffer);
}

static PNDIS_PACKET
packet_create(struct inner *inner, ULONG size)
{
    PNDIS_PACKET packet;
    NDIS_STATUS status;
    UCHAR *frame = ExAllocatePoolWithTag(NonPagedPool, size, PEER_TAG);

    CHECK(frame);
    NdisAllocatePacket(&status, &packet, inner->packets);
    CHECK(status == NDIS_STATUS_SUCCESS);
    *mine_of(packet) = (struct mine){0, frame, size};
    NDIS_SET_PACKET_TIME_TO_SEND(packet, PEER_TIME);
    chain_buffer(inner, packet, frame, 14);
    chain_buffer(inner, packet, frame + 14, size - 14);
    return packet;
}

static VOID
packet_free(PNDIS_PACKET packet)
{
    UCHAR *frame = mine_of(packet)->frame;
    PNDIS_BUFFER buffer;

    for (;;) {
        NdisUnchainBufferAtFront(packet, &buffer);
        if (!buffer)
            break;
        NdisFreeBuffer(buffer);
    }
    NdisFreePacket(packet);
    ExFreePoolWithTag(frame, PEER_TAG);
}

/* Sends */

static VOID
note_out(struct inner *inner, PNDIS_PACKET packet)
{
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    CHECK(inner->face->sent - READ(inner->face->back) < OUT_MAX);
    while (inner->out[inner->next_out % OUT_MAX])
        inner->next_out++;
    mine_of(packet)->at = inner->next_out % OUT_MAX;
    inner->out[mine_of(packet)->at] = packet;
    COUNT(inner->face->sent, 1);
    KeReleaseSpinLock(&inner->lock, irql);
}

static VOID
came_back(struct inner *inner, PNDIS_PACKET packet, NDIS_STATUS status)
{
    struct peer_protocol *face = inner->face;
    struct mine *mine = mine_of(packet);
    KIRQL irql;

    COUNT(face->told_when, NDIS_GET_PACKET_TIME_SENT(packet) == PEER_TIME + 1);
    if (READ(inner->sending))
        COUNT(face->inside, 1);
    KeAcquireSpinLock(&inner->lock, &irql);
    if (mine->at >= OUT_MAX || inner->out[mine->at] != packet)
        COUNT(face->twice, 1);
    else
        inner->out[mine->at] = NULL;
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(face->failed, 1);
    if (status == NDIS_STATUS_REQUEST_ABORTED || status == NDIS_STATUS_SEND_ABORTED)
        COUNT(face->aborted, 1);
    frames_see(&face->completed, mine->frame, mine->size);
    KeReleaseSpinLock(&inner->lock, irql);
    packet_free(packet);
    COUNT(face->back, 1);
}

VOID
protocol_send_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    struct inner *inner = ProtocolBindingContext;

    if (Status == NDIS_STATUS_PENDING)
        COUNT(inner->face->wrong, 1);
    came_back(inner, Packet, Status);
}

static VOID
send_some(struct inner *inner, PNDIS_PACKET *packets, ULONG count)
{
    NDIS_STATUS status;

    COUNT(inner->sending, 1);
    if (count > 1) {
        NdisSendPackets(inner->binding, packets, count);
    } else {
        NdisSend(&status, inner->binding, packets[0]);
        if (status != NDIS_STATUS_PENDING) {
            COUNT(inner->face->at_once, 1);
            came_back(inner, packets[0], status);
        }
    }
    UNCOUNT(inner->sending, 1);
}

static VOID
send(struct inner *inner, ULONG count, ULONG size)
{
    PNDIS_PACKET packets[BATCH];
    ULONG n = 0;

    while (count--) {
        packets[n] = packet_create(inner, size);
        frame_fill(
            mine_of(packets[n])->frame, size, inner->face->peer.origin, inner->face->peer.number++);
        NDIS_SET_PACKET_CANCEL_ID(packets[n], (PVOID)inner->face->cancel_id);
        note_out(inner, packets[n]);
        if (++n == BATCH || !count) {
            send_some(inner, packets, n);
            n = 0;
        }
    }
}

struct wanted_send {
    struct inner *inner;
    unsigned count, size;
    bool dispatch;
};

static VOID
send_wanted(PVOID Context)
{
    struct wanted_send *wanted = Context;
    KIRQL irql = PASSIVE_LEVEL;

    if (wanted->dispatch)
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
    send(wanted->inner, wanted->count, wanted->size);
    if (wanted->dispatch)
        KeLowerIrql(irql);
}

void
protocol_act_send(
    struct peer_protocol *protocol, unsigned nbls, unsigned nbs, unsigned size, bool dispatch)
{
    struct wanted_send wanted = {inner_of(protocol), nbls * nbs, size, dispatch};

    script_run(protocol->peer.machine, &wanted.inner->script, send_wanted, &wanted);
}

struct wanted_cancel {
    struct inner *inner;
    uint64_t id;
};

static VOID
cancel_wanted(PVOID Context)
{
    struct wanted_cancel *wanted = Context;

    NdisCancelSendPackets(wanted->inner->binding, (PVOID)wanted->id);
}

void
protocol_act_cancel(struct peer_protocol *protocol, uint64_t cancel_id)
{
    struct wanted_cancel wanted = {inner_of(protocol), cancel_id};

    script_run(protocol->peer.machine, &wanted.inner->script, cancel_wanted, &wanted);
}

static VOID
traffic(PVOID Context)
{
    struct inner *inner = Context;
    ULONG round = 0;

    while (READ(inner->traffic)) {
        bool sent = false;

        COUNT(inner->making, 1);
        if (READ(inner->face->running) && READ(inner->face->sent) - READ(inner->face->back) < 64) {
            send(inner, 1 + round % 4, FRAME_MIN + round % 300);
            sent = true;
        }
        UNCOUNT(inner->making, 1);
        if (!sent)
            peer_sleep(100);
        else if (++round % 4 == 0)
            peer_sleep(20);
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
    wait_for(&inner->traffic_ended);
}

void
protocol_act_traffic(struct peer_protocol *protocol, bool on)
{
    script_run(protocol->peer.machine, &inner_of(protocol)->script, on ? traffic_on : traffic_off,
        inner_of(protocol));
}

/* Receives */

/* The packet's bytes, at most @room; how many there are. */
static ULONG
gather(PNDIS_PACKET packet, UCHAR *to, ULONG room)
{
    ULONG done = 0;

    for (PNDIS_BUFFER b = packet->Private.Head; b; b = b->Next) {
        PVOID from;
        UINT length;

        NdisQueryBufferSafe(b, &from, &length, NormalPagePriority);
        if (from && done + length <= room)
            memcpy(to + done, from, length);
        done += length;
    }
    return done;
}

static VOID
see(struct inner *inner, const UCHAR *frame, ULONG size)
{
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    frames_see(&inner->face->received, frame, size);
    KeReleaseSpinLock(&inner->lock, irql);
    COUNT(inner->face->received_nbls, 1);
}

/* Gives back what is kept: the oldest first or last, one by one or all at once. */
VOID
protocol_give_back(struct inner *inner)
{
    enum peer_giving how = inner->face->returns;
    PNDIS_PACKET packets[BATCH], list;
    ULONG n = 0;
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    list = inner->kept;
    inner->kept = NULL;
    KeReleaseSpinLock(&inner->lock, irql);
    while (list) {
        PNDIS_PACKET next = (PNDIS_PACKET)mine_of(list)->at;

        packets[n++] = list;
        list = next;
        if (n < BATCH && list && how != PEER_SPLIT)
            continue;
        COUNT(inner->face->returned, n);
        NdisReturnPackets(packets, n);
        UNCOUNT(inner->face->kept, n);
        n = 0;
    }
}

VOID
protocol_return_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    protocol_give_back(DeferredContext);
}

static bool
tells_all(PNDIS_PACKET packet)
{
    const char *media;
    UINT size;

    NDIS_GET_PACKET_MEDIA_SPECIFIC_INFO(packet, (PVOID *)&media, &size);
    return media && size == sizeof(((struct peer *)NULL)->name) && *media == 'm' &&
           NDIS_GET_PACKET_TIME_RECEIVED(packet) == PEER_TIME &&
           NDIS_GET_PACKET_HEADER_SIZE(packet) == 14;
}

INT
protocol_receive_packet(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet)
{
    struct inner *inner = ProtocolBindingContext;
    struct peer_protocol *face = inner->face;
    UCHAR frame[FRAME_MAX];
    KIRQL irql;

    see(inner, frame, gather(Packet, frame, sizeof(frame)));
    COUNT(face->told_all, tells_all(Packet));
    if (NDIS_GET_PACKET_STATUS(Packet) == NDIS_STATUS_RESOURCES) {
        COUNT(face->resources, 1);
        return 0;
    }
    if (face->returns == PEER_INLINE) {
        COUNT(face->returned, 1);
        return 0;
    }
    COUNT(face->kept, 1);
    KeAcquireSpinLock(&inner->lock, &irql);
    mine_of(Packet)->at = (ULONG_PTR)inner->kept;
    inner->kept = Packet;
    KeReleaseSpinLock(&inner->lock, irql);
    if (face->returns != PEER_HOLD)
        KeInsertQueueDpc(&inner->dpc, NULL, NULL);
    return 1;
}

static VOID
transferred(struct inner *inner, PNDIS_PACKET packet, NDIS_STATUS status, UINT bytes)
{
    struct mine *mine = mine_of(packet);

    if (status != NDIS_STATUS_SUCCESS || bytes + inner->header != mine->size)
        COUNT(inner->face->wrong, 1);
    see(inner, mine->frame, mine->size);
    COUNT(inner->face->resources, 1); /* nothing is kept */
    packet_free(packet);
    UNCOUNT(inner->face->kept, 1);
}

VOID
protocol_transfer_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet,
    NDIS_STATUS Status, UINT BytesTransferred)
{
    transferred(ProtocolBindingContext, Packet, Status, BytesTransferred);
}

/* Takes the whole frame by NdisTransferData, though the look-ahead may be all of it. */
NDIS_STATUS
protocol_receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext,
    PVOID HeaderBuffer, UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize,
    UINT PacketSize)
{
    struct inner *inner = ProtocolBindingContext;
    PNDIS_PACKET packet;
    PNDIS_BUFFER header;
    NDIS_STATUS status;
    UINT bytes = 0;

    if (HeaderBufferSize != inner->header || LookaheadBufferSize > PacketSize ||
        KeGetCurrentIrql() != DISPATCH_LEVEL) {
        COUNT(inner->face->wrong, 1);
        return NDIS_STATUS_NOT_ACCEPTED;
    }
    packet = packet_create(inner, inner->header + PacketSize);
    memcpy(mine_of(packet)->frame, HeaderBuffer, inner->header);
    memcpy(mine_of(packet)->frame + inner->header, LookAheadBuffer, LookaheadBufferSize);
    COUNT(inner->face->lookaheads, 1);
    COUNT(inner->face->kept, 1);
    if (inner->header) { /* what is transferred begins behind it */
        NdisUnchainBufferAtFront(packet, &header);
        NdisFreeBuffer(header);
    }
    NdisTransferData(&status, inner->binding, MacReceiveContext, 0, PacketSize, packet, &bytes);
    if (status != NDIS_STATUS_PENDING)
        transferred(inner, packet, status, bytes);
    return NDIS_STATUS_SUCCESS;
}

VOID
protocol_receive_complete(NDIS_HANDLE ProtocolBindingContext)
{
    COUNT(((struct inner *)ProtocolBindingContext)->face->batches, 1);
}

static VOID
release(PVOID Context)
{
    protocol_give_back(Context);
}

void
protocol_act_release(struct peer_protocol *protocol)
{
    script_run(protocol->peer.machine, &inner_of(protocol)->script, release, inner_of(protocol));
}
