/* SPDX-License-Identifier: MIT */
/* The connection-oriented miniport of the peers, in NDIS 5: for a stand-alone call manager of either
 * generation. Its circuits are those of co_loop.c; what it carries are packets.
 */
#define PEER_LEGACY
#include "co_inner.h"

#include "check.h"
#include <string.h>

#define ROOM 2048u

struct face {
    struct peer peer;
    struct co_loop loop;
    NDIS_HANDLE wrapper, packets, buffers;
    PNDIS_PACKET first, last; /* sends to be completed, through MiniportReserved; loop.lock */
    KDPC dpc;
};

/* In MiniportReserved of a packet that was sent. */
struct sent {
    PNDIS_PACKET next;
    struct co_end *end;
};

static struct face *
face_of(struct co_end *end)
{
    return CONTAINING_RECORD(end->loop, struct face, loop);
}

static struct sent *
sent_of(PNDIS_PACKET packet)
{
    return (struct sent *)packet->MiniportReserved;
}

/* Sends */

static VOID
complete(struct co_end *end, PNDIS_PACKET packet)
{
    NDIS_HANDLE vc = end->vc; /* with its last send back the end may go */

    UNCOUNT(end->out, 1);
    NdisMCoSendComplete(NDIS_STATUS_SUCCESS, vc, packet);
}

static PNDIS_PACKET
take_all(struct face *face)
{
    PNDIS_PACKET list, turned = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&face->loop.lock, &irql);
    list = face->first;
    face->first = face->last = NULL;
    KeReleaseSpinLock(&face->loop.lock, irql);
    if (face->loop.face->completes != PEER_REVERSED)
        return list;
    while (list) {
        PNDIS_PACKET next = sent_of(list)->next;

        sent_of(list)->next = turned;
        turned = list;
        list = next;
    }
    return turned;
}

static VOID
complete_all(struct face *face)
{
    PNDIS_PACKET list = take_all(face);

    while (list) {
        PNDIS_PACKET packet = list;

        list = sent_of(packet)->next;
        complete(sent_of(packet)->end, packet);
    }
}

static VOID
complete_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    complete_all(DeferredContext);
}

static VOID
complete_later(struct co_end *end, PNDIS_PACKET packet)
{
    struct face *face = face_of(end);
    KIRQL irql;

    *sent_of(packet) = (struct sent){NULL, end};
    KeAcquireSpinLock(&face->loop.lock, &irql);
    if (face->last)
        sent_of(face->last)->next = packet;
    else
        face->first = packet;
    face->last = packet;
    KeReleaseSpinLock(&face->loop.lock, irql);
}

/* The end that hears what is sent into @end; NULL: nobody. It stays while its out counts. */
static struct co_end *
other_end(struct co_end *end)
{
    struct co_end *other;
    KIRQL irql;

    KeAcquireSpinLock(&end->loop->lock, &irql);
    other = end->circuit < CIRCUITS ? end->loop->ends[end->circuit][!end->end] : NULL;
    if (other)
        COUNT(other->out, 1);
    KeReleaseSpinLock(&end->loop->lock, irql);
    return other;
}

static PNDIS_PACKET
copy_of(struct face *face, PNDIS_PACKET from)
{
    UCHAR *data = ExAllocatePoolWithTag(NonPagedPool, ROOM, PEER_TAG);
    NDIS_STATUS status;
    PNDIS_PACKET packet;
    PNDIS_BUFFER buffer;
    UINT size, copied;

    NdisQueryPacket(from, NULL, NULL, NULL, &size);
    CHECK(data && size <= ROOM);
    NdisAllocatePacket(&status, &packet, face->packets);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBuffer(&status, &buffer, face->buffers, data, size);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisChainBufferAtFront(packet, buffer);
    NdisCopyFromPacketToPacket(packet, 0, size, from, 0, &copied);
    CHECK_EQ(copied, size);
    NDIS_SET_PACKET_STATUS(
        packet, face->loop.face->resources ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS);
    return packet;
}

static VOID
give_back(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet)
{
    struct face *face = MiniportAdapterContext;
    PNDIS_BUFFER buffer;
    PVOID data;
    UINT size;

    UNCOUNT(face->loop.receives_out, 1);
    NdisUnchainBufferAtFront(Packet, &buffer);
    NdisQueryBufferSafe(buffer, &data, &size, NormalPagePriority);
    NdisFreeBuffer(buffer);
    NdisFreePacket(Packet);
    ExFreePoolWithTag(data, PEER_TAG);
}

static VOID
indicate(struct co_end *to, PPNDIS_PACKET packets, UINT count)
{
    struct face *face = face_of(to);
    bool resources = face->loop.face->resources;

    COUNT(face->loop.receives_out, count);
    NdisMCoIndicateReceivePacket(to->vc, packets, count);
    for (UINT i = 0; resources && i < count; i++)
        give_back(face, packets[i]);
    NdisMCoReceiveComplete(face->loop.adapter);
}

static VOID
send_packets(NDIS_HANDLE MiniportVcContext, PPNDIS_PACKET PacketArray, UINT NumberOfPackets)
{
    struct co_end *end = MiniportVcContext, *other = other_end(end);
    struct face *face = face_of(end);
    enum peer_giving how = face->loop.face->completes;
    PNDIS_PACKET copies[16];

    CHECK(NumberOfPackets <= RTL_NUMBER_OF(copies));
    COUNT(face->loop.face->sends, NumberOfPackets);
    COUNT(end->out, NumberOfPackets);
    if (!READ(end->up))
        COUNT(face->loop.face->wrong, 1);
    for (UINT i = 0; i < NumberOfPackets; i++) {
        if (other)
            copies[i] = copy_of(face, PacketArray[i]);
        if (how == PEER_INLINE)
            complete(end, PacketArray[i]);
        else
            complete_later(end, PacketArray[i]);
    }
    if (how != PEER_INLINE)
        KeInsertQueueDpc(&face->dpc, NULL, NULL);
    if (!other)
        return;
    indicate(other, copies, NumberOfPackets);
    UNCOUNT(other->out, 1);
}

/* VCs */

static NDIS_STATUS
create_vc(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE MiniportVcContext)
{
    struct face *face = MiniportAdapterContext;
    struct co_end *end = ExAllocatePoolWithTag(NonPagedPool, sizeof(*end), PEER_TAG);

    if (!end)
        return NDIS_STATUS_RESOURCES;
    RtlZeroMemory(end, sizeof(*end));
    end->vc = NdisVcHandle;
    end->circuit = CIRCUITS;
    end->loop = &face->loop;
    *MiniportVcContext = end;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
delete_vc(NDIS_HANDLE MiniportVcContext)
{
    ExFreePoolWithTag(MiniportVcContext, PEER_TAG);
    return NDIS_STATUS_SUCCESS;
}

static VOID
down(struct co_end *end)
{
    struct co_loop *loop = end->loop;
    KIRQL irql;

    KeAcquireSpinLock(&loop->lock, &irql);
    WRITE(end->up, FALSE);
    if (end->circuit < CIRCUITS && loop->ends[end->circuit][end->end] == end)
        loop->ends[end->circuit][end->end] = NULL;
    KeReleaseSpinLock(&loop->lock, irql);
    while (READ(end->out) && KeGetCurrentIrql() == PASSIVE_LEVEL) {
        complete_all(face_of(end));
        peer_sleep(20);
    }
}

struct later {
    struct co_end *end;
    PCO_CALL_PARAMETERS parameters; /* NULL: deactivate */
};

static VOID
answer_later(PVOID Context)
{
    struct later later = *(struct later *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    if (later.parameters) {
        NdisMCoActivateVcComplete(NDIS_STATUS_SUCCESS, later.end->vc, later.parameters);
        return;
    }
    down(later.end);
    NdisMCoDeactivateVcComplete(NDIS_STATUS_SUCCESS, later.end->vc);
}

static NDIS_STATUS
pend(struct co_end *end, PCO_CALL_PARAMETERS parameters)
{
    struct later *later = ExAllocatePoolWithTag(NonPagedPool, sizeof(*later), PEER_TAG);

    CHECK(later);
    *later = (struct later){end, parameters};
    peer_later(answer_later, later);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
activate_vc(NDIS_HANDLE MiniportVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_end *end = MiniportVcContext;
    struct co_loop *loop = end->loop;
    ULONG place[2];
    KIRQL irql;

    RtlCopyMemory(place, CallParameters->MediaParameters->MediaSpecific.Parameters, sizeof(place));
    KeAcquireSpinLock(&loop->lock, &irql);
    end->circuit = place[0];
    end->end = place[1];
    WRITE(end->up, TRUE);
    if (end->circuit < CIRCUITS)
        loop->ends[end->circuit][end->end] = end;
    KeReleaseSpinLock(&loop->lock, irql);
    return loop->face->pend_activate ? pend(end, CallParameters) : NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
deactivate_vc(NDIS_HANDLE MiniportVcContext)
{
    struct co_end *end = MiniportVcContext;

    if (end->loop->face->pend_activate)
        return pend(end, NULL);
    down(end);
    return NDIS_STATUS_SUCCESS;
}

/* Requests */

struct asked {
    KDPC dpc;
    struct face *face;
    PNDIS_REQUEST request;
    NDIS_STATUS status;
};

static VOID
request_dpc(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    struct asked asked = *(struct asked *)DeferredContext;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    ExFreePoolWithTag(DeferredContext, PEER_TAG);
    NdisMCoRequestComplete(asked.status, asked.face->loop.adapter, asked.request);
}

static NDIS_STATUS
answer(PNDIS_REQUEST request)
{
    static const NDIS_OID oids[] = {OID_GEN_CO_SUPPORTED_LIST, OID_GEN_CO_LINK_SPEED, CO_OID};
    static const NDIS_CO_LINK_SPEED speed = {1555200, 777600};
    static const ULONG value = 6;
    const VOID *data = oids;
    UINT size = sizeof(oids);

    if (request->RequestType == NdisRequestSetInformation)
        return NDIS_STATUS_NOT_SUPPORTED;
    switch (request->DATA.QUERY_INFORMATION.Oid) {
    case OID_GEN_CO_SUPPORTED_LIST: break;
    case OID_GEN_CO_LINK_SPEED:
        data = &speed;
        size = sizeof(speed);
        break;
    case CO_OID:
        data = &value;
        size = sizeof(value);
        break;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
    request->DATA.QUERY_INFORMATION.BytesNeeded = size;
    if (request->DATA.QUERY_INFORMATION.InformationBufferLength < size)
        return NDIS_STATUS_INVALID_LENGTH;
    RtlCopyMemory(request->DATA.QUERY_INFORMATION.InformationBuffer, data, size);
    request->DATA.QUERY_INFORMATION.BytesWritten = size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
co_request(
    NDIS_HANDLE MiniportAdapterContext, NDIS_HANDLE MiniportVcContext, PNDIS_REQUEST NdisRequest)
{
    struct face *face = MiniportAdapterContext;
    NDIS_STATUS status = answer(NdisRequest);
    struct asked *asked;

    UNREFERENCED_PARAMETER(MiniportVcContext);
    if (NdisRequest->DATA.QUERY_INFORMATION.Oid == CO_OID)
        COUNT(face->loop.face->requests, 1);
    if (!face->loop.face->pend)
        return status;
    asked = ExAllocatePoolWithTag(NonPagedPool, sizeof(*asked), PEER_TAG);
    CHECK(asked);
    *asked = (struct asked){.face = face, .request = NdisRequest, .status = status};
    KeInitializeDpc(&asked->dpc, request_dpc, asked);
    KeInsertQueueDpc(&asked->dpc, NULL, NULL);
    return NDIS_STATUS_PENDING;
}

/* Come and go */

static NDIS_STATUS
initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    struct face *face;
    NDIS_STATUS status;
    PDEVICE_OBJECT fdo;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(MediumArray);
    UNREFERENCED_PARAMETER(MediumArraySize);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    NdisMGetDeviceProperty(MiniportAdapterHandle, NULL, &fdo, NULL, NULL, NULL);
    face = peer_of(fdo->DriverObject);
    *SelectedMediumIndex = NdisMediumAtm; /* NDIS offers every medium, in its order */
    face->loop.adapter = MiniportAdapterHandle;
    NdisMSetAttributesEx(
        MiniportAdapterHandle, face, 0, NDIS_ATTRIBUTE_DESERIALIZE, NdisInterfaceInternal);
    NdisAllocatePacketPool(&status, &face->packets, 64, 0);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBufferPool(&status, &face->buffers, 64);
    return status;
}

static VOID
halt(NDIS_HANDLE MiniportAdapterContext)
{
    struct face *face = MiniportAdapterContext;

    KeFlushQueuedDpcs();
    CHECK_EQ(READ(face->loop.receives_out), 0);
    NdisFreeBufferPool(face->buffers);
    NdisFreePacketPool(face->packets);
}

static NDIS_STATUS
reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static VOID
unload(PDRIVER_OBJECT DriverObject)
{
    peer_free(DriverObject);
}

static NTSTATUS
entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_MINIPORT_CHARACTERISTICS c = {
        .MajorNdisVersion = 5,
        .MinorNdisVersion = 1,
        .InitializeHandler = initialize,
        .HaltHandler = halt,
        .ResetHandler = reset,
        .ReturnPacketHandler = give_back,
        .CoDeleteVcHandler = delete_vc,
        .CoActivateVcHandler = activate_vc,
        .CoDeactivateVcHandler = deactivate_vc,
        .CoSendPacketsHandler = send_packets,
        .CoRequestHandler = co_request,
    };
    unsigned without;
    struct face *face = peer_create(DriverObject, sizeof(*face), &without);

    CHECK(face);
    KeInitializeSpinLock(&face->loop.lock);
    KeInitializeDpc(&face->dpc, complete_dpc, face);
    NdisMInitializeWrapper(&face->wrapper, DriverObject, RegistryPath, NULL);
    CHECK(face->wrapper);
    /* Three of the four handlers of VCs are too few, or too many. */
    CHECK_EQ(NdisMRegisterMiniport(face->wrapper, &c, sizeof(c)), NDIS_STATUS_BAD_CHARACTERISTICS);
    c.CoCreateVcHandler = create_vc;
    NdisMRegisterUnloadHandler(face->wrapper, unload);
    return NdisMRegisterMiniport(face->wrapper, &c, sizeof(c));
}

void *
co_miniport5_add(struct undis *machine, const char *name, struct co_manager *manager)
{
    struct face *face = peer_add(machine, name, entry, 0);

    face->loop.face = manager;
    loop_join(manager, &face->loop);
    return face;
}
