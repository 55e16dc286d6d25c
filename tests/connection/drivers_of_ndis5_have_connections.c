/* SPDX-License-Identifier: MIT */
/* A client and a call manager of NDIS 5 over a miniport of either generation: characteristics that lack
 * something are refused; the family is opened, requests go both ways and to the miniport, a call is
 * made, packets go over it and over the call manager's own VC, and all ends (condis-complete-pairs,
 * condis-send-complete, condis-teardown-order). A packet that is on its way on a VC is neither freed
 * nor sent again (s5-free-packet-not-in-flight, s5-ownership-release).
 */
#include "lib/child.h"
#include "lib/co.h"
#include "lib/co_side5.h"
#include "lib/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OID_ASK 0xFF554E02u /* CO_OID of the peers: a ULONG, the asked one's number */

enum { MINIPORT_SAYS = 6, MANAGER_SAYS = 5, CLIENT_SAYS = 7 };

static struct side5 client, manager;
static NDIS_HANDLE family, manager_family, vc, manager_vc, own_vc;
static NDIS_REQUEST client_asks, manager_asks, miniport_asked;
static PNDIS_REQUEST pended;
static ULONG answers[3];
static test_counter finished, binds_complete;
static enum { ASK, CALL, SEND, END } step;
static void (*wrong)(void); /* with what the client has sent */

/* Where a call goes, as the miniport of the peers reads it. */
static struct {
    CO_CALL_PARAMETERS call;
    CO_CALL_MANAGER_PARAMETERS manager;
    CO_MEDIA_PARAMETERS media;
    ULONG tail[4];
} dials[2];

static PCO_CALL_PARAMETERS
dial(ULONG end)
{
    ULONG place[2] = {0, end};

    NdisZeroMemory(&dials[end], sizeof(dials[end]));
    dials[end].call.CallMgrParameters = &dials[end].manager;
    dials[end].call.MediaParameters = &dials[end].media;
    dials[end].media.MediaSpecific.Length = sizeof(place);
    NdisMoveMemory(dials[end].media.MediaSpecific.Parameters, place, sizeof(place));
    return &dials[end].call;
}

static NDIS_STATUS
ask(struct side5 *side, NDIS_HANDLE of, PNDIS_REQUEST request, ULONG *answer)
{
    NdisZeroMemory(request, sizeof(*request));
    request->RequestType = NdisRequestQueryInformation;
    request->DATA.QUERY_INFORMATION.Oid = OID_ASK;
    request->DATA.QUERY_INFORMATION.InformationBuffer = answer;
    request->DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(*answer);
    return NdisCoRequest(side->binding, of, NULL, NULL, request);
}

static VOID
answer(PNDIS_REQUEST request, ULONG value)
{
    CHECK_EQ(request->DATA.QUERY_INFORMATION.Oid, OID_ASK);
    *(ULONG *)request->DATA.QUERY_INFORMATION.InformationBuffer = value;
    request->DATA.QUERY_INFORMATION.BytesWritten = sizeof(value);
}

/* The call manager. */

static VOID
manager_later(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    PNDIS_REQUEST request = __atomic_exchange_n(&pended, NULL, __ATOMIC_ACQ_REL);

    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(FunctionContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    if (request) {
        answer(request, MANAGER_SAYS);
        NdisCoRequestComplete(NDIS_STATUS_SUCCESS, manager_family, NULL, NULL, request);
    } else if (!manager_vc) {
        NdisCmOpenAddressFamilyComplete(NDIS_STATUS_SUCCESS, manager_family, &manager);
    } else {
        NdisCmMakeCallComplete(NDIS_STATUS_SUCCESS, manager_vc, NULL, NULL, &dials[0].call);
    }
}

static NDIS_STATUS
cm_create_vc(
    NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    CHECK(ProtocolAfContext == &manager);
    manager_vc = NdisVcHandle;
    *ProtocolVcContext = &manager;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
cm_delete_vc(NDIS_HANDLE ProtocolVcContext)
{
    CHECK(ProtocolVcContext == &manager);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
cm_open(NDIS_HANDLE CallMgrBindingContext, PCO_ADDRESS_FAMILY AddressFamily,
    NDIS_HANDLE NdisAfHandle, PNDIS_HANDLE CallMgrAfContext)
{
    CHECK(CallMgrBindingContext == &manager);
    CHECK_EQ(AddressFamily->AddressFamily, CO_ADDRESS_FAMILY_PPP);
    UNREFERENCED_PARAMETER(CallMgrAfContext);
    manager_family = NdisAfHandle;
    NdisSetTimer(&manager.timer, 1);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
cm_close(NDIS_HANDLE CallMgrAfContext)
{
    CHECK(CallMgrAfContext == &manager);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
cm_make_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext)
{
    CHECK(CallMgrVcContext == &manager);
    UNREFERENCED_PARAMETER(NdisPartyHandle);
    UNREFERENCED_PARAMETER(CallMgrPartyContext);
    CHECK_EQ(NdisCmActivateVc(manager_vc, CallParameters), NDIS_STATUS_SUCCESS);
    NdisSetTimer(&manager.timer, 1);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
cm_close_call(
    NDIS_HANDLE CallMgrVcContext, NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size)
{
    CHECK(CallMgrVcContext == &manager);
    UNREFERENCED_PARAMETER(CallMgrPartyContext);
    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    return NdisCmDeactivateVc(manager_vc);
}

static VOID
cm_never(NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(CallMgrVcContext);
    UNREFERENCED_PARAMETER(CallParameters);
    CHECK(!"a completion of what was answered at once");
}

static VOID
cm_deactivated(NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext)
{
    cm_never(Status, CallMgrVcContext, NULL);
}

static NDIS_STATUS
cm_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    CHECK(ProtocolAfContext == &manager);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    __atomic_store_n(&pended, NdisRequest, __ATOMIC_RELEASE);
    NdisSetTimer(&manager.timer, 1);
    return NDIS_STATUS_PENDING;
}

static VOID
cm_request_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext,
    NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    UNREFERENCED_PARAMETER(NdisRequest);
    CHECK(!"a completion of what was answered at once");
}

static VOID
offer(void)
{
    CO_ADDRESS_FAMILY address = {.AddressFamily = CO_ADDRESS_FAMILY_PPP, .MajorVersion = 1};
    NDIS_CALL_MANAGER_CHARACTERISTICS handlers = {
        .MajorVersion = 5,
        .CmCreateVcHandler = cm_create_vc,
        .CmDeleteVcHandler = cm_delete_vc,
        .CmOpenAfHandler = cm_open,
        .CmCloseAfHandler = cm_close,
        .CmMakeCallHandler = cm_make_call,
        .CmCloseCallHandler = cm_close_call,
        .CmIncomingCallCompleteHandler = cm_never,
        .CmActivateVcCompleteHandler = cm_never,
        .CmDeactivateVcCompleteHandler = cm_deactivated,
        .CmRequestHandler = cm_request,
        .CmRequestCompleteHandler = cm_request_complete,
    };
    NDIS_HANDLE to = manager.binding;

    CHECK_EQ(NdisCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers) - 1),
        NDIS_STATUS_BAD_CHARACTERISTICS);
    handlers.CmOpenAfHandler = NULL;
    CHECK_EQ(NdisCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers)),
        NDIS_STATUS_BAD_CHARACTERISTICS);
    handlers.CmOpenAfHandler = cm_open;
    CHECK_EQ(NdisCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers)),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisCmRegisterAddressFamily(to, &address, &handlers, sizeof(handlers)),
        NDIS_STATUS_FAILURE);
    CHECK_EQ(NdisCoCreateVc(to, NULL, &manager, &own_vc), NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisCmActivateVc(own_vc, dial(1)), NDIS_STATUS_SUCCESS);
}

/* The client. */

static VOID
client_step(
    PVOID SystemSpecific1, PVOID FunctionContext, PVOID SystemSpecific2, PVOID SystemSpecific3)
{
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(FunctionContext);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    UNREFERENCED_PARAMETER(SystemSpecific3);
    switch (step) {
    case ASK:
        CHECK_EQ(ask(&client, NULL, &miniport_asked, &answers[0]), NDIS_STATUS_SUCCESS);
        CHECK_EQ(ask(&client, family, &client_asks, &answers[1]), NDIS_STATUS_PENDING);
        return;
    case CALL:
        CHECK_EQ(NdisCoCreateVc(client.binding, family, &client, &vc), NDIS_STATUS_SUCCESS);
        CHECK_EQ(NdisClMakeCall(vc, dial(0), NULL, NULL), NDIS_STATUS_PENDING);
        return;
    case SEND:
        side5_send(&client, vc);
        if (wrong)
            wrong();
        side5_send(&manager, own_vc);
        step = END;
        break;
    case END:
        if (!side5_all_there(&client) || !side5_all_there(&manager))
            break;
        CHECK_EQ(NdisClCloseCall(vc, NULL, NULL, 0), NDIS_STATUS_SUCCESS);
        CHECK_EQ(NdisCoDeleteVc(vc), NDIS_STATUS_SUCCESS);
        CHECK_EQ(NdisClCloseAddressFamily(family), NDIS_STATUS_SUCCESS);
        finished = 1;
        return;
    }
    NdisSetTimer(&client.timer, 1);
}

static NDIS_STATUS
cl_vc(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    UNREFERENCED_PARAMETER(NdisVcHandle);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    return NDIS_STATUS_FAILURE;
}

static NDIS_STATUS
cl_delete_vc(NDIS_HANDLE ProtocolVcContext)
{
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    return NDIS_STATUS_FAILURE;
}

static NDIS_STATUS
cl_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    CHECK(ProtocolAfContext == &client);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    answer(NdisRequest, CLIENT_SAYS);
    return NDIS_STATUS_SUCCESS;
}

static VOID
cl_request_complete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext,
    NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext, PNDIS_REQUEST NdisRequest)
{
    CHECK(ProtocolAfContext == &client);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    CHECK_EQ(Status, NDIS_STATUS_SUCCESS);
    CHECK(NdisRequest == &client_asks);
    CHECK_EQ(NdisRequest->DATA.QUERY_INFORMATION.BytesWritten, sizeof(ULONG));
    CHECK_EQ(ask(&manager, manager_family, &manager_asks, &answers[2]), NDIS_STATUS_SUCCESS);
    step = CALL;
    NdisSetTimer(&client.timer, 1);
}

static VOID
cl_opened(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisAfHandle)
{
    CHECK_EQ(Status, NDIS_STATUS_SUCCESS);
    CHECK(ProtocolAfContext == &client);
    family = NdisAfHandle;
    NdisSetTimer(&client.timer, 1);
}

static VOID
cl_closed(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(ProtocolAfContext);
    CHECK(!"a completion of what was answered at once");
}

static VOID
cl_made(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE NdisPartyHandle,
    PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(NdisPartyHandle);
    UNREFERENCED_PARAMETER(CallParameters);
    CHECK(ProtocolVcContext == &client);
    CHECK_EQ(Status, NDIS_STATUS_SUCCESS);
    step = SEND;
    NdisSetTimer(&client.timer, 1);
}

static VOID
cl_call_closed(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext)
{
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    cl_closed(Status, ProtocolVcContext);
}

static VOID
cl_incoming_close(
    NDIS_STATUS CloseStatus, NDIS_HANDLE ProtocolVcContext, PVOID CloseData, UINT Size)
{
    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    cl_closed(CloseStatus, ProtocolVcContext);
}

static VOID
notified(NDIS_HANDLE ProtocolBindingContext, PCO_ADDRESS_FAMILY AddressFamily)
{
    NDIS_CLIENT_CHARACTERISTICS handlers = {
        .MajorVersion = 5,
        .ClCreateVcHandler = cl_vc,
        .ClDeleteVcHandler = cl_delete_vc,
        .ClRequestHandler = cl_request,
        .ClRequestCompleteHandler = cl_request_complete,
        .ClOpenAfCompleteHandler = cl_opened,
        .ClCloseAfCompleteHandler = cl_closed,
        .ClMakeCallCompleteHandler = cl_made,
        .ClCloseCallCompleteHandler = cl_call_closed,
        .ClIncomingCloseCallHandler = cl_incoming_close,
    };
    NDIS_HANDLE to = client.binding;

    CHECK(ProtocolBindingContext == &client);
    /* Before it is a client there is nobody who could be told. */
    CHECK_EQ(ask(&client, NULL, &miniport_asked, &answers[0]), NDIS_STATUS_NOT_SUPPORTED);
    handlers.MajorVersion = 4;
    CHECK_EQ(
        NdisClOpenAddressFamily(to, AddressFamily, &client, &handlers, sizeof(handlers), &family),
        NDIS_STATUS_BAD_CHARACTERISTICS);
    handlers.MajorVersion = 5;
    CHECK_EQ(
        NdisClOpenAddressFamily(to, AddressFamily, &client, &handlers, sizeof(handlers), &family),
        NDIS_STATUS_PENDING);
}

static VOID
bind_client(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    side5_bind(&client, DeviceName);
    *Status = NDIS_STATUS_SUCCESS;
}

static VOID
bind_manager(PNDIS_STATUS Status, NDIS_HANDLE BindContext, PNDIS_STRING DeviceName,
    PVOID SystemSpecific1, PVOID SystemSpecific2)
{
    UNREFERENCED_PARAMETER(BindContext);
    UNREFERENCED_PARAMETER(SystemSpecific1);
    UNREFERENCED_PARAMETER(SystemSpecific2);
    side5_bind(&manager, DeviceName);
    offer();
    *Status = NDIS_STATUS_SUCCESS;
}

static VOID
unbind(PNDIS_STATUS Status, NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE UnbindContext)
{
    struct side5 *side = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    if (side == &manager) {
        CHECK_EQ(NdisCmDeactivateVc(own_vc), NDIS_STATUS_SUCCESS);
        CHECK_EQ(NdisCoDeleteVc(own_vc), NDIS_STATUS_SUCCESS);
    }
    *Status = side5_unbind(side);
}

static NDIS_STATUS
pnp_event(NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT NetPnPEvent)
{
    if (NetPnPEvent->NetEvent == NetEventBindsComplete) {
        CHECK(!ProtocolBindingContext);
        binds_complete++;
    }
    return NDIS_STATUS_SUCCESS;
}

static VOID
unload_client(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS result;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&result, client.driver);
}

static VOID
unload_manager(PDRIVER_OBJECT DriverObject)
{
    NDIS_STATUS result;

    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocol(&result, manager.driver);
}

static NTSTATUS
client_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_CHARACTERISTICS c = {.Name = NDIS_STRING_CONST("CLIENT5"),
        .BindAdapterHandler = bind_client,
        .UnbindAdapterHandler = unbind,
        .PnPEventHandler = pnp_event,
        .CoAfRegisterNotifyHandler = notified};

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = unload_client;
    NdisInitializeTimer(&client.timer, client_step, NULL);
    return side5_register(&client, &c);
}

static NTSTATUS
manager_entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_CHARACTERISTICS c = {.Name = NDIS_STRING_CONST("MANAGER5"),
        .BindAdapterHandler = bind_manager,
        .UnbindAdapterHandler = unbind,
        .PnPEventHandler = pnp_event};

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = unload_manager;
    NdisInitializeTimer(&manager.timer, manager_later, NULL);
    return side5_register(&manager, &c);
}

static VOID
free_it(void)
{
    NdisFreePacket(client.last[0]);
}

static VOID
send_it_again(void)
{
    NdisCoSendPackets(vc, client.last, 1);
}

static const struct {
    const char *name;
    void (*wrong)(void);
    const char *rule;
} wrongs[] = {
    {"freed", free_it, "rule=s5-free-packet-not-in-flight\n"},
    {"sent again", send_it_again, "rule=s5-ownership-release\n"},
};

static void
report(void *context, const struct undis_report *r)
{
    char line[256];
    int n = snprintf(line, sizeof(line), "rule=%s\n", r->rule ? r->rule : "-");

    (void)context;
    if (write(STDOUT_FILENO, line, (size_t)n) != n)
        _exit(1);
}

static struct undis *
machine_for_wrong(void)
{
    struct undis_config config = test_config();

    config.report = report;
    return test_machine_with(&config);
}

static void
test(bool five, bool resources)
{
    struct undis *machine = wrong ? machine_for_wrong() : test_machine();
    struct co_manager *face = co_manager_add(machine, "idle"); /* of the miniport's counts alone */
    void *miniport = five ? co_miniport5_add(machine, "circuits5", face)
                          : co_miniport_add(machine, "circuits", face);
    struct undis_driver *protocols[3] = {NULL};
    struct undis_stack_config config = {.size = sizeof(config), .protocols = protocols};
    struct undis_stack *stack;

    test_case("over a miniport of NDIS %d%s", five ? 5 : 6, resources ? ", nothing kept" : "");
    NdisZeroMemory(&client, sizeof(client));
    NdisZeroMemory(&manager, sizeof(manager));
    manager_vc = NULL;
    finished = binds_complete = 0;
    step = ASK;
    face->resources = resources;
    if (wrong) /* behind the client's step */
        face->completes = five ? PEER_DPC : PEER_HOLD;
    config.miniport = rig_driver(miniport);
    CHECK_OK(undis_driver_add(
        machine, "client", (int32_t(*)(void *, void *))client_entry, &protocols[0]));
    CHECK_OK(undis_driver_add(
        machine, "manager", (int32_t(*)(void *, void *))manager_entry, &protocols[1]));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    test_wait_count(machine, &finished, 1);
    CHECK_EQ(binds_complete, 2); /* each of the two, once */
    CHECK_EQ(answers[0], MINIPORT_SAYS);
    CHECK_EQ(answers[1], MANAGER_SAYS);
    CHECK_EQ(answers[2], CLIENT_SAYS);
    CHECK(client.batches > 0 && manager.batches > 0);
    co_manager_status(face, false);
    CHECK_EQ(client.told, 1);
    CHECK_EQ(manager.told, 1);
    CHECK_OK(undis_stack_remove(stack));
    test_unload(machine, protocols[0]);
    test_unload(machine, protocols[1]);
    peer_remove(miniport);
    peer_remove(&face->peer);
    test_machine_end(machine);
}

/* Over a miniport of either generation, each in a process of its own. */
static void
misuse(void)
{
    static struct child child;
    char what[8];

    for (unsigned i = 0; i < 2 * RTL_NUMBER_OF(wrongs); i++) {
        test_case("%s over a miniport of NDIS %d", wrongs[i / 2].name, i % 2 ? 5 : 6);
        snprintf(what, sizeof(what), "%u", i);
        child_run(&child, what, 40);
        child_expect(&child, UNDIS_EXIT_BUG_CHECK, wrongs[i / 2].rule);
    }
}

int
main(int argc, char **argv)
{
    if (argc > 1) {
        unsigned i = (unsigned)strtoul(argv[1], NULL, 10);

        wrong = wrongs[i / 2].wrong;
        test(i % 2, false);
        return 0;
    }
    test(false, false);
    test(true, false);
    test(true, true);
    misuse();
    return 0;
}
