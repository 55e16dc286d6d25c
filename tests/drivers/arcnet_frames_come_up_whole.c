/* SPDX-License-Identifier: MIT */
/* What a miniport of ARCnet indicates by NdisMArcIndicateReceive comes to protocols of NDIS 5 with a
 * header of source and destination, and the rest is transferred without asking the miniport; the
 * same over a filter, where it travels as an NBL (r5-receivecomplete-follows).
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS50_MINIPORT      1
#define NDIS50               1

#include <ndis.h>

#include "machine.h"
#include <string.h>

#define PROTOCOL_ID 0xD4u /* IP, as RFC 1201 has it */
#define DATA_MAX    504u
#define FRAMES      20u

/* Source, destination, protocol ID and data. */
struct arc_frame {
    UCHAR source, destination, data[1 + DATA_MAX];
    UINT length; /* from the protocol ID on */
};

static struct {
    NDIS_HANDLE adapter;
    NDIS_MEDIUM medium;
    NDIS_MINIPORT_TIMER timer;
    test_counter indicated, sent, wrong;
} nic;

static struct {
    NDIS_HANDLE protocol, binding, packets, buffers, bind;
    NDIS_EVENT done;
    NDIS_MEDIUM medium;
    UCHAR rest[DATA_MAX + 1];
    struct arc_frame frame;
    test_counter received, ended, wrong, asked, back;
} user;

static void
make(struct arc_frame *frame, unsigned number)
{
    frame->source = 7;
    frame->destination = (UCHAR)(number % 2 ? 9 : 0); /* 0: to everybody */
    frame->length = 1 + (number * 53) % DATA_MAX;
    frame->data[0] = PROTOCOL_ID;
    for (UINT i = 1; i < frame->length; i++)
        frame->data[i] = (UCHAR)(number + i);
}

/* The miniport */

static VOID
indicate(PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    struct arc_frame frame;

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(FunctionContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    for (unsigned i = 0; i < FRAMES; i++) {
        UCHAR header[2];

        make(&frame, i);
        header[0] = frame.source;
        header[1] = frame.destination;
        NdisMArcIndicateReceive(nic.adapter, header, frame.data, frame.length);
        memset(&frame, 0xEE, sizeof(frame)); /* valid during the call only */
    }
    NdisMArcIndicateReceiveComplete(nic.adapter);
    nic.indicated += FRAMES;
}

static NDIS_STATUS
nic_initialize(PNDIS_STATUS OpenErrorStatus, PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray,
    UINT MediumArraySize, NDIS_HANDLE MiniportAdapterHandle,
    NDIS_HANDLE WrapperConfigurationContext)
{
    UINT i = 0;

    UNREFERENCED_PARAMETER(OpenErrorStatus);
    UNREFERENCED_PARAMETER(WrapperConfigurationContext);
    while (i < MediumArraySize && MediumArray[i] != nic.medium)
        i++;
    CHECK(i < MediumArraySize);
    *SelectedMediumIndex = i;
    nic.adapter = MiniportAdapterHandle;
    NdisMSetAttributesEx(MiniportAdapterHandle, &nic, 0, 0, NdisInterfaceInternal);
    NdisMInitializeTimer(&nic.timer, MiniportAdapterHandle, indicate, &nic);
    return NDIS_STATUS_SUCCESS;
}

static VOID
nic_halt(NDIS_HANDLE MiniportAdapterContext)
{
    BOOLEAN cancelled;

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    NdisMCancelTimer(&nic.timer, &cancelled);
}

static NDIS_STATUS
nic_query(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesWritten, PULONG BytesNeeded)
{
    static const NDIS_OID oids[] = {OID_GEN_SUPPORTED_LIST, OID_ARCNET_CURRENT_ADDRESS};
    static const UCHAR address = 9;
    bool list = Oid == OID_GEN_SUPPORTED_LIST;
    ULONG size = list ? sizeof(oids) : sizeof(address);

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *BytesWritten = *BytesNeeded = 0;
    if (!list && Oid != OID_ARCNET_CURRENT_ADDRESS && Oid != OID_ARCNET_PERMANENT_ADDRESS)
        return NDIS_STATUS_NOT_SUPPORTED;
    *BytesNeeded = size;
    if (InformationBufferLength < size)
        return NDIS_STATUS_INVALID_LENGTH;
    memcpy(InformationBuffer, list ? (const void *)oids : &address, size);
    *BytesWritten = size;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
nic_set(NDIS_HANDLE MiniportAdapterContext, NDIS_OID Oid, PVOID InformationBuffer,
    ULONG InformationBufferLength, PULONG BytesRead, PULONG BytesNeeded)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(InformationBuffer);
    *BytesRead = InformationBufferLength;
    *BytesNeeded = 0;
    if (Oid != OID_GEN_CURRENT_PACKET_FILTER)
        return NDIS_STATUS_NOT_SUPPORTED;
    NdisMSetTimer(&nic.timer, 0); /* what is on the wire is wanted */
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
nic_reset(PBOOLEAN AddressingReset, NDIS_HANDLE MiniportAdapterContext)
{
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    *AddressingReset = FALSE;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
nic_send(NDIS_HANDLE MiniportAdapterContext, PNDIS_PACKET Packet, UINT Flags)
{
    PNDIS_BUFFER buffer;
    struct arc_frame want;
    UINT length;
    PVOID data;

    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(Flags);
    make(&want, 3);
    NdisQueryPacket(Packet, NULL, NULL, &buffer, NULL);
    NdisQueryBufferSafe(buffer, &data, &length, NormalPagePriority);
    if (length != 2 + want.length || memcmp(data, &want, length) != 0)
        nic.wrong++;
    nic.sent++;
    return NDIS_STATUS_SUCCESS;
}

/* Frames are whole when they are shown. */
static NDIS_STATUS
nic_transfer(PNDIS_PACKET Packet, PUINT BytesTransferred, NDIS_HANDLE MiniportAdapterContext,
    NDIS_HANDLE MiniportReceiveContext, UINT ByteOffset, UINT BytesToTransfer)
{
    UNREFERENCED_PARAMETER(Packet);
    UNREFERENCED_PARAMETER(BytesTransferred);
    UNREFERENCED_PARAMETER(MiniportAdapterContext);
    UNREFERENCED_PARAMETER(MiniportReceiveContext);
    UNREFERENCED_PARAMETER(ByteOffset);
    UNREFERENCED_PARAMETER(BytesToTransfer);
    nic.wrong++;
    return NDIS_STATUS_FAILURE;
}

static VOID
nic_unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

static int32_t
nic_entry(void *object, void *path)
{
    NDIS_MINIPORT_CHARACTERISTICS c = {0};
    NDIS_HANDLE wrapper;

    c.MajorNdisVersion = 5;
    c.InitializeHandler = nic_initialize;
    c.HaltHandler = nic_halt;
    c.QueryInformationHandler = nic_query;
    c.SetInformationHandler = nic_set;
    c.ResetHandler = nic_reset;
    c.SendHandler = nic_send;
    c.TransferDataHandler = nic_transfer;
    NdisMInitializeWrapper(&wrapper, object, path, NULL);
    CHECK_EQ(NdisMRegisterMiniport(wrapper, &c, sizeof(c)), NDIS_STATUS_SUCCESS);
    NdisMRegisterUnloadHandler(wrapper, nic_unload);
    return NDIS_STATUS_SUCCESS;
}

/* The protocol */

static NDIS_STATUS
user_receive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE MacReceiveContext, PVOID HeaderBuffer,
    UINT HeaderBufferSize, PVOID LookAheadBuffer, UINT LookaheadBufferSize, UINT PacketSize)
{
    struct arc_frame want;
    PNDIS_PACKET packet;
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;
    UINT done;

    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    make(&want, (unsigned)user.received++);
    if (HeaderBufferSize != 2 || memcmp(HeaderBuffer, &want, 2) != 0 || PacketSize != want.length ||
        LookaheadBufferSize > PacketSize ||
        memcmp(LookAheadBuffer, want.data, LookaheadBufferSize) != 0)
        user.wrong++;
    NdisAllocatePacket(&status, &packet, user.packets);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBuffer(&status, &buffer, user.buffers, user.rest, sizeof(user.rest));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisChainBufferAtFront(packet, buffer);
    NdisTransferData(&status, user.binding, MacReceiveContext, 1, PacketSize, packet, &done);
    if (status != NDIS_STATUS_SUCCESS || done != PacketSize - 1 ||
        memcmp(user.rest, want.data + 1, done) != 0)
        user.wrong++;
    NdisFreeBuffer(buffer);
    NdisFreePacket(packet);
    return NDIS_STATUS_SUCCESS;
}

static VOID
user_send_complete(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    PNDIS_BUFFER buffer;

    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    if (Status != NDIS_STATUS_SUCCESS)
        user.wrong++;
    NdisUnchainBufferAtFront(Packet, &buffer);
    NdisFreeBuffer(buffer);
    NdisFreePacket(Packet);
    user.back++;
}

static void
send_one(void)
{
    PNDIS_PACKET packet;
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;

    make(&user.frame, 3);
    NdisAllocatePacket(&status, &packet, user.packets);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBuffer(&status, &buffer, user.buffers, &user.frame, 2 + user.frame.length);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisChainBufferAtFront(packet, buffer);
    NdisSend(&status, user.binding, packet);
    if (status != NDIS_STATUS_PENDING)
        user_send_complete(NULL, packet, status);
}

/* One frame goes out when all have come. */
static VOID
user_receive_complete(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    user.ended++;
    if (user.received == FRAMES && !user.asked++)
        send_one();
}

static VOID
user_opened(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status, NDIS_STATUS OpenErrorStatus)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(OpenErrorStatus);
    NdisSetEvent(&user.done);
}

static VOID
user_closed(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    user_opened(ProtocolBindingContext, Status, Status);
}

static VOID
user_bind(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    NDIS_STATUS error;
    UINT selected;

    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    NdisInitializeEvent(&user.done);
    NdisOpenAdapter(Status, &error, &user.binding, &selected, &user.medium, 1, user.protocol, &user,
        DeviceName, 0, NULL);
    if (*Status == NDIS_STATUS_PENDING) {
        NdisWaitEvent(&user.done, 0);
        *Status = NDIS_STATUS_SUCCESS;
    }
}

static VOID
user_unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(UnbindContext);
    NdisResetEvent(&user.done);
    NdisCloseAdapter(Status, user.binding);
    if (*Status == NDIS_STATUS_PENDING)
        NdisWaitEvent(&user.done, 0);
    *Status = NDIS_STATUS_SUCCESS;
}

static VOID
user_status(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS GeneralStatus, PVOID StatusBuffer,
    UINT StatusBufferSize)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(GeneralStatus);
    UNREFERENCED_PARAMETER(StatusBuffer);
    UNREFERENCED_PARAMETER(StatusBufferSize);
}

static VOID
user_status_complete(NDIS_HANDLE ProtocolBindingContext)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
}

static NDIS_STATUS
user_event(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetPnPEvent);
    return NDIS_STATUS_SUCCESS;
}

static VOID
user_reset(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Status);
}

static VOID
user_request(NDIS_HANDLE ProtocolBindingContext, PNDIS_REQUEST NdisRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NdisRequest);
    UNREFERENCED_PARAMETER(Status);
}

static VOID
user_transferred(NDIS_HANDLE ProtocolBindingContext, PNDIS_PACKET Packet, NDIS_STATUS Status,
    UINT BytesTransferred)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(Packet);
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(BytesTransferred);
    user.wrong++; /* no transfer pends */
}

static VOID
user_unload(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisFreeBufferPool(user.buffers);
    NdisFreePacketPool(user.packets);
    NdisDeregisterProtocol(&status, user.protocol);
}

static int32_t
user_entry(void *object, void *path)
{
    NDIS_PROTOCOL_CHARACTERISTICS c = {0};
    NDIS_STATUS status;

    (void)path;
    ((PDRIVER_OBJECT)object)->DriverUnload = user_unload;
    c.MajorNdisVersion = 5;
    c.Name = (NDIS_STRING)NDIS_STRING_CONST("user");
    c.OpenAdapterCompleteHandler = user_opened;
    c.CloseAdapterCompleteHandler = user_closed;
    c.SendCompleteHandler = user_send_complete;
    c.TransferDataCompleteHandler = user_transferred;
    c.ResetCompleteHandler = user_reset;
    c.RequestCompleteHandler = user_request;
    c.ReceiveHandler = user_receive;
    c.ReceiveCompleteHandler = user_receive_complete;
    c.StatusHandler = user_status;
    c.StatusCompleteHandler = user_status_complete;
    c.BindAdapterHandler = user_bind;
    c.UnbindAdapterHandler = user_unbind;
    c.PnPEventHandler = user_event;
    NdisRegisterProtocol(&status, &user.protocol, &c, sizeof(c));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocatePacketPool(&status, &user.packets, 8, 4 * sizeof(PVOID));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBufferPool(&status, &user.buffers, 8);
    return status;
}

static void
frames(NDIS_MEDIUM medium, bool filter)
{
    uint32_t types = NDIS_PACKET_TYPE_DIRECTED, length = sizeof(types), status;
    struct undis_driver *protocols[2] = {NULL}, *filters[2] = {NULL};
    struct undis_stack_config config = {
        .size = sizeof(config), .protocols = protocols, .filters = filters};
    struct undis *machine = test_machine();
    struct undis_stack *stack;
    UCHAR address = 0;

    test_case("medium %u, %u filters", (unsigned)medium, filter);
    memset(&nic, 0, sizeof(nic));
    memset(&user, 0, sizeof(user));
    nic.medium = user.medium = medium;
    CHECK_OK(undis_driver_add(machine, "nic", nic_entry, &config.miniport));
    CHECK_OK(undis_driver_add(machine, "user", user_entry, &protocols[0]));
    if (filter)
        filters[0] = test_driver(machine, "capture");
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    CHECK_OK(undis_stack_oid(stack, true, OID_GEN_CURRENT_PACKET_FILTER, &types, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    length = sizeof(address);
    CHECK_OK(undis_stack_oid(stack, false, OID_ARCNET_CURRENT_ADDRESS, &address, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(address, 9);
    test_wait_count(machine, &nic.indicated, FRAMES);
    test_wait_count(machine, &user.received, FRAMES);
    test_wait_count(machine, &user.back, 1);
    CHECK_EQ(user.ended, filter ? FRAMES : 1);
    CHECK_EQ(nic.sent, 1);
    CHECK_EQ(nic.wrong, 0);
    CHECK_EQ(user.wrong, 0);
    CHECK_OK(undis_stack_remove(stack));
    test_unload(machine, protocols[0]);
    if (filter)
        test_unload(machine, filters[0]);
    test_unload(machine, config.miniport);
    test_machine_end(machine);
}

int
main(void)
{
    frames(NdisMediumArcnetRaw, false);
    frames(NdisMediumArcnetRaw, true);
    frames(NdisMediumArcnet878_2, false);
    frames(NdisMediumArcnet878_2, true);
    return 0;
}
