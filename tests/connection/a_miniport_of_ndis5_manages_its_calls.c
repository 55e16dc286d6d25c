/* SPDX-License-Identifier: MIT */
/* A miniport of NDIS 5 that is its own call manager, with clients of NDIS 6: its offer is taken
 * once and only when it is whole; requests go both ways and to the miniport, pended or not; a call
 * carries what it loops back, kept or with NDIS_STATUS_RESOURCES; status reaches the client. */
#include "lib/co.h"
#include "lib/rig.h"

#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1
#include <ndis.h>

#define OID_ASK 0xFF554E02u /* CO_OID of the peers */
#define PACKETS 32u

enum { MINIPORT_SAYS = 6, MANAGER_SAYS = 5, CLIENT_SAYS = 7 };

static struct {
    NDIS_HANDLE wrapper, adapter, packets, buffers, family, vc;
    NDIS_REQUEST asks;
    ULONG answer;
    bool resources, pend;
    KDPC dpc;
    PNDIS_REQUEST pended;
    test_counter asked, answered, returned;
} mcm;

static NDIS_STATUS
answer(PNDIS_REQUEST request, const void *data, UINT size)
{
    request->DATA.QUERY_INFORMATION.BytesNeeded = size;
    if (request->DATA.QUERY_INFORMATION.InformationBufferLength < size)
        return NDIS_STATUS_INVALID_LENGTH;
    NdisMoveMemory(request->DATA.QUERY_INFORMATION.InformationBuffer, data, size);
    request->DATA.QUERY_INFORMATION.BytesWritten = size;
    return NDIS_STATUS_SUCCESS;
}

/* The miniport */

static VOID
later(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(DeferredContext);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    NdisMCoRequestComplete(NDIS_STATUS_SUCCESS, mcm.adapter, mcm.pended);
}

static NDIS_STATUS
co_request(NDIS_HANDLE context, NDIS_HANDLE vc_context, PNDIS_REQUEST request)
{
    static const NDIS_OID oids[] = {OID_GEN_CO_SUPPORTED_LIST, OID_GEN_CO_LINK_SPEED, OID_ASK};
    static const NDIS_CO_LINK_SPEED speed = {20, 10}; /* 100 bit/s */
    static const ULONG value = MINIPORT_SAYS;
    NDIS_STATUS status;

    CHECK(context == &mcm && !vc_context);
    if (request->RequestType == NdisRequestSetInformation)
        return NDIS_STATUS_NOT_SUPPORTED;
    switch (request->DATA.QUERY_INFORMATION.Oid) {
    case OID_GEN_CO_SUPPORTED_LIST: return answer(request, oids, sizeof(oids));
    case OID_GEN_CO_LINK_SPEED: return answer(request, &speed, sizeof(speed));
    case OID_ASK: break;
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
    mcm.asked++;
    status = answer(request, &value, sizeof(value));
    if (!mcm.pend)
        return status;
    mcm.pended = request;
    KeInsertQueueDpc(&mcm.dpc, NULL, NULL);
    return NDIS_STATUS_PENDING;
}

static PNDIS_PACKET
copy_of(PNDIS_PACKET from)
{
    PNDIS_PACKET packet;
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;
    UINT size, copied;
    UCHAR *data;

    NdisQueryPacket(from, NULL, NULL, NULL, &size);
    data = ExAllocatePoolWithTag(NonPagedPool, size, 'tset');
    CHECK(data);
    NdisAllocatePacket(&status, &packet, mcm.packets);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBuffer(&status, &buffer, mcm.buffers, data, size);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisChainBufferAtFront(packet, buffer);
    NdisCopyFromPacketToPacket(packet, 0, size, from, 0, &copied);
    CHECK_EQ(copied, size);
    NDIS_SET_PACKET_STATUS(packet, mcm.resources ? NDIS_STATUS_RESOURCES : NDIS_STATUS_SUCCESS);
    return packet;
}

static VOID
give_back(NDIS_HANDLE context, PNDIS_PACKET packet)
{
    PNDIS_BUFFER buffer;
    PVOID data;
    UINT size;

    CHECK(context == &mcm);
    NdisUnchainBufferAtFront(packet, &buffer);
    NdisQueryBufferSafe(buffer, &data, &size, NormalPagePriority);
    NdisFreeBuffer(buffer);
    NdisFreePacket(packet);
    ExFreePoolWithTag(data, 'tset');
    mcm.returned++;
}

/* Back where it came from. */
static VOID
send_packets(NDIS_HANDLE vc_context, PPNDIS_PACKET packets, UINT count)
{
    NDIS_HANDLE vc = mcm.vc;

    CHECK(vc_context == &mcm);
    for (UINT i = 0; i < count; i++) {
        PNDIS_PACKET copy = copy_of(packets[i]);

        NdisMCoIndicateReceivePacket(vc, &copy, 1);
        if (mcm.resources)
            give_back(&mcm, copy);
        NdisMCoSendComplete(NDIS_STATUS_SUCCESS, vc, packets[i]);
    }
    NdisMCoReceiveComplete(mcm.adapter);
}

/* The call manager */

static NDIS_STATUS
open_af(
    NDIS_HANDLE context, PCO_ADDRESS_FAMILY address, NDIS_HANDLE family, PNDIS_HANDLE af_context)
{
    CHECK(context == &mcm);
    CHECK_EQ(address->AddressFamily, CO_ADDRESS_FAMILY_PPP);
    mcm.family = family;
    *af_context = &mcm;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
done(NDIS_HANDLE context)
{
    CHECK(context == &mcm);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
create_vc(NDIS_HANDLE af_context, NDIS_HANDLE vc, PNDIS_HANDLE vc_context)
{
    CHECK(af_context == &mcm);
    mcm.vc = vc;
    *vc_context = &mcm;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
make_call(NDIS_HANDLE vc_context, PCO_CALL_PARAMETERS parameters, NDIS_HANDLE party,
    PNDIS_HANDLE party_context)
{
    CHECK(vc_context == &mcm && !party);
    UNREFERENCED_PARAMETER(party_context);
    parameters->Flags |= CALL_PARAMETERS_CHANGED;
    return NdisMCmActivateVc(mcm.vc, parameters);
}

static NDIS_STATUS
close_call(NDIS_HANDLE vc_context, NDIS_HANDLE party_context, PVOID data, UINT size)
{
    CHECK(vc_context == &mcm && !party_context);
    UNREFERENCED_PARAMETER(data);
    UNREFERENCED_PARAMETER(size);
    return NdisMCmDeactivateVc(mcm.vc);
}

static VOID
incoming_complete(NDIS_STATUS status, NDIS_HANDLE vc_context, PCO_CALL_PARAMETERS parameters)
{
    UNREFERENCED_PARAMETER(status);
    UNREFERENCED_PARAMETER(vc_context);
    UNREFERENCED_PARAMETER(parameters);
    CHECK(!"an answer to a call that did not come in");
}

static VOID
request_complete(NDIS_STATUS status, NDIS_HANDLE af_context, NDIS_HANDLE vc_context,
    NDIS_HANDLE party_context, PNDIS_REQUEST request)
{
    CHECK(af_context == &mcm && vc_context == &mcm && !party_context && request == &mcm.asks);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(request->DATA.QUERY_INFORMATION.BytesWritten, sizeof(ULONG));
    mcm.answered++;
}

/* Asked by the client, it asks back before it answers. */
static NDIS_STATUS
request(NDIS_HANDLE af_context, NDIS_HANDLE vc_context, NDIS_HANDLE party_context,
    PNDIS_REQUEST request)
{
    static const ULONG value = MANAGER_SAYS;
    NDIS_STATUS status;

    CHECK(af_context == &mcm && !party_context);
    if (vc_context) {
        NdisZeroMemory(&mcm.asks, sizeof(mcm.asks));
        mcm.asks.RequestType = NdisRequestQueryInformation;
        mcm.asks.DATA.QUERY_INFORMATION.Oid = OID_ASK;
        mcm.asks.DATA.QUERY_INFORMATION.InformationBuffer = &mcm.answer;
        mcm.asks.DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(mcm.answer);
        status = NdisMCmRequest(mcm.family, mcm.vc, NULL, &mcm.asks);
        if (status != NDIS_STATUS_PENDING)
            request_complete(status, &mcm, &mcm, NULL, &mcm.asks);
    }
    return answer(request, &value, sizeof(value));
}

static VOID
offer(void)
{
    CO_ADDRESS_FAMILY address = {.AddressFamily = CO_ADDRESS_FAMILY_PPP, .MajorVersion = 1};
    NDIS_CALL_MANAGER_CHARACTERISTICS handlers = {
        .MajorVersion = 5,
        .CmCreateVcHandler = create_vc,
        .CmDeleteVcHandler = done,
        .CmOpenAfHandler = open_af,
        .CmCloseAfHandler = done,
        .CmMakeCallHandler = make_call,
        .CmCloseCallHandler = close_call,
        .CmRequestHandler = request,
        .CmRequestCompleteHandler = request_complete,
    };
    NDIS_HANDLE to = mcm.adapter;

    CHECK_EQ(NdisMCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers)),
        NDIS_STATUS_BAD_CHARACTERISTICS);
    handlers.CmIncomingCallCompleteHandler = incoming_complete;
    CHECK_EQ(NdisMCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers) - 1),
        NDIS_STATUS_BAD_CHARACTERISTICS);
    CHECK_EQ(NdisMCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers)),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisMCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers)),
        NDIS_STATUS_FAILURE);
}

static NDIS_STATUS
initialize(PNDIS_STATUS error, PUINT selected, PNDIS_MEDIUM media, UINT count, NDIS_HANDLE adapter,
    NDIS_HANDLE configuration)
{
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(error);
    UNREFERENCED_PARAMETER(configuration);
    CHECK(count > NdisMediumAtm);
    CHECK_EQ(media[NdisMediumAtm], NdisMediumAtm);
    *selected = NdisMediumAtm;
    mcm.adapter = adapter;
    NdisMSetAttributesEx(adapter, &mcm, 0, NDIS_ATTRIBUTE_DESERIALIZE, NdisInterfaceInternal);
    NdisAllocatePacketPool(&status, &mcm.packets, PACKETS, 0);
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    NdisAllocateBufferPool(&status, &mcm.buffers, PACKETS);
    offer();
    return status;
}

static VOID
halt(NDIS_HANDLE context)
{
    CHECK(context == &mcm);
    NdisFreeBufferPool(mcm.buffers);
    NdisFreePacketPool(mcm.packets);
}

static NDIS_STATUS
reset(PBOOLEAN addressing, NDIS_HANDLE context)
{
    UNREFERENCED_PARAMETER(context);
    *addressing = FALSE;
    return NDIS_STATUS_SUCCESS;
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
        .CoSendPacketsHandler = send_packets,
    };

    NdisMInitializeWrapper(&mcm.wrapper, DriverObject, RegistryPath, NULL);
    KeInitializeDpc(&mcm.dpc, later, NULL);
    /* Nobody could ask it. */
    CHECK_EQ(NdisMRegisterMiniport(mcm.wrapper, &c, sizeof(c)), NDIS_STATUS_BAD_CHARACTERISTICS);
    c.CoRequestHandler = co_request;
    return NdisMRegisterMiniport(mcm.wrapper, &c, sizeof(c));
}

static void
carry(struct undis *machine, struct co_client *client, unsigned call)
{
    uint64_t back = client->back, received = client->received;

    co_client_send(client, call, 6, 300);
    test_wait_count(machine, &client->back, back + 6);
    test_wait_count(machine, &client->received, received + 6);
    CHECK_EQ(client->send_failed, 0);
}

static void
tell_status(void *vc)
{
    NdisMCoIndicateStatus(mcm.adapter, vc,
        vc ? NDIS_STATUS_MEDIA_SPECIFIC_INDICATION : NDIS_STATUS_MEDIA_CONNECT, NULL, 0);
}

static void
test(bool pend)
{
    struct undis *machine = test_machine();
    struct undis_driver *protocols[2] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};
    struct co_client *client = co_client_add(machine, "client");
    struct undis_stack *stack;
    unsigned call;

    test_case("%s", pend ? "requests pend" : "requests are answered at once");
    NdisZeroMemory(&mcm, sizeof(mcm));
    mcm.pend = client->pend_requests = pend;
    protocols[0] = client->peer.driver;
    CHECK_OK(
        undis_driver_add(machine, "mcm5", (int32_t(*)(void *, void *))entry, &config.miniport));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    test_wait_count(machine, &client->opened, 1);
    call = co_client_call(client, 7, false);
    test_wait_count(machine, &client->made, 1);
    carry(machine, client, call);
    mcm.resources = true;
    carry(machine, client, call);
    CHECK_EQ(mcm.returned, 12);
    co_client_ask(client, CO_ASK_MINIPORT, 0);
    test_wait_count(machine, &client->answers, 1);
    CHECK_EQ(client->last_value, MINIPORT_SAYS);
    CHECK_EQ(mcm.asked, 1);
    co_client_ask(client, CO_ASK_VC, call);
    test_wait_count(machine, &client->answers, 2);
    CHECK_EQ(client->last_value, MANAGER_SAYS);
    test_wait_count(machine, &mcm.answered, 1);
    CHECK_EQ(mcm.answer, CLIENT_SAYS);
    CHECK_OK(undis_call(machine, tell_status, mcm.vc));
    CHECK_EQ(client->statuses, 1);
    CHECK_EQ(client->wrong, 0);
    CHECK_OK(undis_call(machine, tell_status, NULL));
    CHECK_EQ(client->statuses, 2);
    CHECK_EQ(client->wrong, 1); /* it came as NDIS_STATUS_LINK_STATE, as it should */
    co_client_hang_up(client, call);
    test_wait_count(machine, &client->closed, 1);
    CHECK_OK(undis_stack_remove(stack));
    CHECK_EQ(client->wrong, 1);
    CHECK_EQ(client->got.bad + client->got.disorder, 0);
    test_unload(machine, config.miniport);
    peer_remove(&client->peer);
    test_machine_end(machine);
}

int
main(void)
{
    test(false);
    test(true);
    return 0;
}
