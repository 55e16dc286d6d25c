/* SPDX-License-Identifier: MIT */
/* Sends of the NDIS 5 peer miniport. */
#include "peer_legacy.h"

static PNDIS_PACKET *
next_of(PNDIS_PACKET packet)
{
    return (PNDIS_PACKET *)packet->MiniportReserved;
}

static void
see(struct inner *inner, PNDIS_PACKET packet)
{
    UCHAR frame[2048];
    UINT length, at = 0;
    PNDIS_BUFFER buffer;

    NdisQueryPacket(packet, NULL, NULL, &buffer, &length);
    for (; buffer; buffer = buffer->Next) {
        ULONG n = MmGetMdlByteCount(buffer);

        CHECK(at + n <= sizeof(frame));
        memcpy(frame + at, MmGetSystemAddressForMdlSafe(buffer, NormalPagePriority), n);
        at += n;
    }
    CHECK_EQ(at, length);
    frames_see(&inner->face->sent, frame, length);
    if (NDIS_GET_PACKET_TIME_TO_SEND(packet) == PEER_TIME)
        NDIS_SET_PACKET_TIME_SENT(packet, PEER_TIME + 1);
}

static void
complete(struct inner *inner, PNDIS_PACKET packet, NDIS_STATUS status)
{
    UNCOUNT(inner->face->sends_out, 1);
    NdisMSendComplete(inner->adapter, packet, status);
}

static PNDIS_PACKET
take_all(struct inner *inner)
{
    PNDIS_PACKET list, turned = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    list = inner->sends.first;
    inner->sends.first = inner->sends.last = NULL;
    KeReleaseSpinLock(&inner->lock, irql);
    if (inner->face->completes != PEER_REVERSED)
        return list;
    while (list) {
        PNDIS_PACKET next = *next_of(list);

        *next_of(list) = turned;
        turned = list;
        list = next;
    }
    return turned;
}

/* A serialized miniport that said it has no room hears of it no more once it has completed
 * something, or said so. */
static void
give_all(struct inner *inner)
{
    PNDIS_PACKET list = take_all(inner);
    bool tells;
    KIRQL irql;

    while (list) {
        PNDIS_PACKET packet = list;

        list = *next_of(packet);
        complete(inner, packet, NDIS_STATUS_SUCCESS);
    }
    KeAcquireSpinLock(&inner->lock, &irql);
    tells = inner->full && inner->face->tells_room;
    inner->full = false;
    KeReleaseSpinLock(&inner->lock, irql);
    if (tells)
        NdisMSendResourcesAvailable(inner->adapter);
}

static VOID
give_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    give_all(DeferredContext);
}

static VOID
give_timer(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    enter(FunctionContext);
    give_all(FunctionContext);
    leave(FunctionContext);
}

static void
arm(struct inner *inner)
{
    ULONG processors = min(KeQueryActiveProcessorCount(NULL), PEER_PROCESSORS);
    enum peer_giving how = inner->face->completes;

    if (how == PEER_TIMER)
        NdisMSetTimer(&inner->timer, 1);
    else if (how == PEER_OTHER_PROCESSOR)
        KeInsertQueueDpc(
            &inner->elsewhere[(KeGetCurrentProcessorNumber() + 1) % processors], NULL, NULL);
    else if (how != PEER_HOLD)
        KeInsertQueueDpc(&inner->dpc, NULL, NULL);
}

static NDIS_STATUS
take(struct inner *inner, PNDIS_PACKET packet)
{
    struct peer_miniport *face = inner->face;
    KIRQL irql;

    KeAcquireSpinLock(&inner->lock, &irql);
    if (face->room && READ(face->sends_out) >= face->room &&
        (face->kind == PEER_SERIALIZED || !inner->arrays)) {
        inner->full = true;
        KeReleaseSpinLock(&inner->lock, irql);
        COUNT(face->refused, 1);
        return NDIS_STATUS_RESOURCES;
    }
    see(inner, packet);
    COUNT(face->sends_in, 1);
    if (face->answers == PEER_COMPLETES_AND_ANSWERS) {
        KeReleaseSpinLock(&inner->lock, irql);
        NdisMSendComplete(inner->adapter, packet, NDIS_STATUS_SUCCESS);
        return NDIS_STATUS_SUCCESS;
    }
    if (face->answers != PENDS) {
        KeReleaseSpinLock(&inner->lock, irql);
        return (NDIS_STATUS)face->answers;
    }
    COUNT(face->sends_out, 1);
    if (face->completes != PEER_INLINE) {
        *next_of(packet) = NULL;
        if (inner->sends.last)
            *next_of(inner->sends.last) = packet;
        else
            inner->sends.first = packet;
        inner->sends.last = packet;
    }
    KeReleaseSpinLock(&inner->lock, irql);
    if (face->completes == PEER_INLINE)
        complete(inner, packet, NDIS_STATUS_SUCCESS);
    else
        arm(inner);
    return NDIS_STATUS_PENDING;
}

NDIS_STATUS
miniport_send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    struct inner *inner = MiniportAdapterContext;
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(Flags);
    enter(inner);
    status = take(inner, Packet);
    leave(inner);
    return status;
}

/* A deserialized one has no way back: what it takes it completes. */
VOID
miniport_send_packets(
    NDIS_HANDLE MiniportAdapterContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    struct inner *inner = MiniportAdapterContext;
    bool serialized = inner->face->kind == PEER_SERIALIZED;

    enter(inner);
    for (UINT i = 0; i < NumberOfPackets; i++) {
        PNDIS_PACKET packet = PacketArray[i];
        NDIS_STATUS status;

        if (serialized) /* before it may be completed and gone */
            NDIS_SET_PACKET_STATUS(packet, NDIS_STATUS_PENDING);
        status = take(inner, packet);
        if (serialized && status != NDIS_STATUS_PENDING)
            NDIS_SET_PACKET_STATUS(packet, status);
        if (status == NDIS_STATUS_RESOURCES)
            break;
    }
    leave(inner);
}

VOID
miniport_cancel(NDIS_HANDLE MiniportAdapterContext, PVOID CancelId)
{
    struct inner *inner = MiniportAdapterContext;
    PNDIS_PACKET list, kept = NULL;

    enter(inner);
    COUNT(inner->face->cancels, 1);
    list = take_all(inner);
    while (list) {
        PNDIS_PACKET packet = list;

        list = *next_of(packet);
        if (NDIS_GET_PACKET_CANCEL_ID(packet) == CancelId) {
            COUNT(inner->face->cancelled, 1);
            complete(inner, packet, NDIS_STATUS_REQUEST_ABORTED);
        } else {
            *next_of(packet) = kept;
            kept = packet;
        }
    }
    CHECK(kept == NULL);
    leave(inner);
}

static VOID
release(PVOID Context)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    give_all(Context);
    KeLowerIrql(irql);
}

void
act_release(struct peer_miniport *miniport)
{
    script_run(miniport->peer.machine, &inner_of(miniport)->script, release, inner_of(miniport));
}

void
sends_reset(struct inner *inner)
{
    PNDIS_PACKET list = take_all(inner);

    while (list) {
        PNDIS_PACKET packet = list;

        list = *next_of(packet);
        if (inner->face->kind == PEER_DESERIALIZED)
            complete(inner, packet, NDIS_STATUS_RESET_IN_PROGRESS);
        else
            UNCOUNT(inner->face->sends_out, 1);
    }
}

/* In MiniportInitialize. */
void
sends_up(struct inner *inner)
{
    KeInitializeDpc(&inner->dpc, give_dpc, inner);
    for (ULONG i = 0; i < PEER_PROCESSORS; i++) {
        KeInitializeDpc(&inner->elsewhere[i], give_dpc, inner);
        if (i < KeQueryActiveProcessorCount(NULL))
            KeSetTargetProcessorDpc(&inner->elsewhere[i], (CCHAR)i);
    }
    NdisMInitializeTimer(&inner->timer, inner->adapter, give_timer, inner);
}

void
sends_down(struct inner *inner)
{
    BOOLEAN cancelled;

    NdisMCancelTimer(&inner->timer, &cancelled);
}

struct act {
    struct inner *inner;
    void (*act)(void *adapter, void *packet);
};

static VOID
act_wanted(PVOID Context)
{
    struct act *wanted = Context;

    wanted->act(wanted->inner->adapter, wanted->inner->sends.first);
}

void
peer_legacy_run(struct peer_miniport *miniport, void (*act)(void *adapter, void *packet))
{
    struct act wanted = {inner_of(miniport), act};

    script_run(miniport->peer.machine, &wanted.inner->script, act_wanted, &wanted);
}
