/* SPDX-License-Identifier: MIT */
/* Clients and call managers of NDIS 5, as protocols. See co_side5.h. */
#include "co_side5.h"

VOID
side5_send(struct side5 *side, NDIS_HANDLE on)
{
    PNDIS_PACKET array[SIDE5_PACKETS];
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;

    for (unsigned i = 0; i < SIDE5_PACKETS; i++) {
        NdisAllocatePacket(&status, &array[i], side->packets);
        side->last[i] = array[i];
        CHECK_EQ(status, NDIS_STATUS_SUCCESS);
        NdisAllocateBuffer(&status, &buffer, side->buffers, side->data, SIDE5_SIZE);
        CHECK_EQ(status, NDIS_STATUS_SUCCESS);
        NdisChainBufferAtBack(array[i], buffer);
    }
    side->sent += SIDE5_PACKETS;
    NdisCoSendPackets(on, array, SIDE5_PACKETS);
}

static VOID
send_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet)
{
    struct side5 *side = ProtocolVcContext;
    PNDIS_BUFFER buffer;

    CHECK_EQ(Status, NDIS_STATUS_SUCCESS);
    NdisUnchainBufferAtFront(Packet, &buffer);
    NdisFreeBuffer(buffer);
    NdisFreePacket(Packet);
    side->back++;
}

static UINT
receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext, PNDIS_PACKET Packet)
{
    struct side5 *side = ProtocolVcContext;
    UINT length;

    CHECK(ProtocolBindingContext == side);
    NdisQueryPacket(Packet, NULL, NULL, NULL, &length);
    CHECK_EQ(length, SIDE5_SIZE);
    side->received++;
    if (NDIS_GET_PACKET_STATUS(Packet) == NDIS_STATUS_RESOURCES)
        return 0;
    NdisReturnPackets(&Packet, 1); /* before the handler has said that it would */
    return 1;
}

static VOID
receive_complete(NDIS_HANDLE ProtocolBindingContext)
{
    ((struct side5 *)ProtocolBindingContext)->batches++;
}

static VOID
co_status(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_STATUS GeneralStatus, PVOID StatusBuffer, UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(GeneralStatus);
    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
    ((struct side5 *)ProtocolBindingContext)->told++;
}

bool
side5_all_there(const struct side5 *side)
{
    return side->back == SIDE5_PACKETS && side->received == SIDE5_PACKETS;
}

static VOID
opened(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    ((struct side5 *)ProtocolBindingContext)->status = Status;
    NdisSetEvent(&((struct side5 *)ProtocolBindingContext)->done);
}

static VOID
closed(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    opened(ProtocolBindingContext, Status, Status);
}

static NDIS_STATUS
wait(struct side5 *side, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_PENDING)
        return status;
    NdisWaitEvent(&side->done, 0);
    NdisResetEvent(&side->done);
    return side->status;
}

VOID
side5_bind(struct side5 *side, PNDIS_STRING device)
{
    NDIS_MEDIUM media[] = {NdisMediumAtm};
    NDIS_STATUS status, error;
    UINT selected;

    NdisInitializeEvent(&side->done);
    NdisAllocatePacketPool(&status, &side->packets, SIDE5_PACKETS, 0);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBufferPool(&status, &side->buffers, SIDE5_PACKETS);
    NdisOpenAdapter(
        &status, &error, &side->binding, &selected, media, 1, side->driver, side, device, 0, NULL);
    CHECK_EQ(wait(side, status), NDIS_STATUS_SUCCESS);
}

static VOID
request_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NdisRequest);
    UNREFERENCED_PARAMETER(Status);
}

static VOID
status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(GeneralStatus);
    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
}

NDIS_STATUS
side5_register(struct side5 *side, NDIS_PROTOCOL_CHARACTERISTICS *c)
{
    NDIS_STATUS result;

    c->MajorNdisVersion = 5;
    c->MinorNdisVersion = 1;
    c->OpenAdapterCompleteHandler = opened;
    c->CloseAdapterCompleteHandler = closed;
    c->RequestCompleteHandler = request_complete;
    c->ResetCompleteHandler = closed;
    c->ReceiveCompleteHandler = receive_complete;
    c->StatusHandler = status;
    c->StatusCompleteHandler = receive_complete;
    c->CoSendCompleteHandler = send_complete;
    c->CoStatusHandler = co_status;
    NdisRegisterProtocol(&result, &side->driver, c, sizeof(*c));
    CHECK_EQ(result, NDIS_STATUS_BAD_CHARACTERISTICS); /* nothing takes what comes */
    c->CoReceivePacketHandler = receive;
    NdisRegisterProtocol(&result, &side->driver, c, sizeof(*c));
    return result;
}

NDIS_STATUS
side5_unbind(struct side5 *side)
{
    NDIS_STATUS result;

    NdisCloseAdapter(&result, side->binding);
    result = wait(side, result);
    NdisFreeBufferPool(side->buffers);
    NdisFreePacketPool(side->packets);
    return result;
}
