/* SPDX-License-Identifier: MIT */
/* Each wrong use of connections ends the process with the report of its rule. */
#include "lib/child.h"
#include "lib/co.h"

#include <ndis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
kind_of_vc(const struct co_handles *h)
{
    NdisClCloseCall(h->family, NULL, NULL, 0);
}

static void
kind_of_family(const struct co_handles *h)
{
    NdisClCloseAddressFamily(h->vc);
}

static void
kind_of_nothing(const struct co_handles *h)
{
    NdisCoSendNetBufferLists(h->binding, NULL, 0);
}

static void
kind_of_call(const struct co_handles *h)
{
    CO_CALL_PARAMETERS parameters = {0};

    /* The first VC is the caller's: not for calls that come in. */
    NdisCmDispatchIncomingCall(h->sap, h->vc, &parameters);
}

static void
kind_of_manager(const struct co_handles *h)
{
    NdisMCmDeactivateVc(h->vc);
}

static void
pair_of_open(const struct co_handles *h)
{
    NdisCmOpenAddressFamilyComplete(NDIS_STATUS_SUCCESS, h->family, NULL);
}

static void
pair_of_close(const struct co_handles *h)
{
    NdisCmCloseAddressFamilyComplete(NDIS_STATUS_SUCCESS, h->family);
}

static void
pair_of_sap(const struct co_handles *h)
{
    NdisCmRegisterSapComplete(NDIS_STATUS_SUCCESS, h->sap, NULL);
}

static void
pair_of_no_sap(const struct co_handles *h)
{
    NdisCmDeregisterSapComplete(NDIS_STATUS_SUCCESS, h->sap);
}

static void
pair_of_call(const struct co_handles *h)
{
    NdisCmMakeCallComplete(NDIS_STATUS_SUCCESS, h->vc, NULL, NULL, NULL);
}

static void
pair_of_close_call(const struct co_handles *h)
{
    NdisCmCloseCallComplete(NDIS_STATUS_SUCCESS, h->vc, NULL);
}

static void
pair_of_change(const struct co_handles *h)
{
    NdisCmModifyCallQoSComplete(NDIS_STATUS_SUCCESS, h->vc, NULL);
}

static void
pair_of_activate(const struct co_handles *h)
{
    NdisMCoActivateVcComplete(NDIS_STATUS_SUCCESS, h->vc, NULL);
}

static void
pair_of_deactivate(const struct co_handles *h)
{
    NdisMCoDeactivateVcComplete(NDIS_STATUS_SUCCESS, h->vc);
}

static void
pair_of_party(const struct co_handles *h)
{
    NdisCmAddPartyComplete(NDIS_STATUS_SUCCESS, h->party, NULL, NULL);
}

static void
pair_of_no_party(const struct co_handles *h)
{
    NdisCmDropPartyComplete(NDIS_STATUS_SUCCESS, h->party);
}

static void
pair_of_incoming(const struct co_handles *h)
{
    NdisClIncomingCallComplete(NDIS_STATUS_SUCCESS, h->vc, NULL);
}

static void
pair_of_connected(const struct co_handles *h)
{
    NdisCmDispatchCallConnected(h->vc);
}

static void
pair_of_notice(const struct co_handles *h)
{
    NdisClNotifyCloseAddressFamilyComplete(h->family, NDIS_STATUS_SUCCESS);
}

static void
pair_of_request(const struct co_handles *h)
{
    NDIS_OID_REQUEST request;

    memset(&request, 0, sizeof(request));
    NdisCoOidRequestComplete(h->family, NULL, NULL, &request, NDIS_STATUS_SUCCESS);
}

static void
pair_of_miniports_request(const struct co_handles *h)
{
    NDIS_OID_REQUEST request;

    memset(&request, 0, sizeof(request));
    NdisMCoOidRequestComplete(h->adapter, &request, NDIS_STATUS_SUCCESS);
}

static void
order_of_family(const struct co_handles *h)
{
    NdisClCloseAddressFamily(h->family);
}

static void
order_of_call(const struct co_handles *h)
{
    NdisClCloseCall(h->vc, h->party, NULL, 0);
    NdisClCloseCall(h->vc, NULL, NULL, 0);
}

static void
order_of_creator(const struct co_handles *h)
{
    NdisCoDeleteVc(h->vc);
}

static void
order_of_binding(const struct co_handles *h)
{
    NdisCloseAdapterEx(h->binding);
}

static void
sends_are_forgotten(const struct co_handles *h)
{
    NdisCmDeactivateVc(h->own);
    NdisCoDeleteVc(h->own);
}

static void
send_of_nobody(const struct co_handles *h)
{
    static NDIS_PACKET packet;

    NdisMCoSendComplete(NDIS_STATUS_SUCCESS, h->vc, &packet);
}

static void
request_of_nobody(const struct co_handles *h)
{
    NDIS_REQUEST request;

    memset(&request, 0, sizeof(request));
    NdisMCoRequestComplete(NDIS_STATUS_SUCCESS, h->adapter, &request);
}

static void
generation_of_receive(const struct co_handles *h)
{
    NdisMCoReceiveComplete(h->adapter);
}

static void
generation_of_offer(const struct co_handles *h)
{
    NdisMCmRegisterAddressFamily(h->adapter, NULL, NULL, 0);
}

static void
kind_of_family_of_manager(const struct co_handles *h)
{
    NDIS_REQUEST request;

    memset(&request, 0, sizeof(request));
    NdisMCmRequest(h->family, NULL, NULL, &request);
}

enum { CLIENT, CALLED, MANAGER, OVER5 };

static const struct {
    const char *name;
    void (*wrong)(const struct co_handles *);
    int by;
    const char *rule;
} cases[] = {
    {"kind_of_vc", kind_of_vc, CLIENT, "condis-handle-kind"},
    {"kind_of_family", kind_of_family, CLIENT, "condis-handle-kind"},
    {"kind_of_nothing", kind_of_nothing, CLIENT, "condis-handle-kind"},
    {"kind_of_call", kind_of_call, MANAGER, "condis-handle-kind"},
    {"kind_of_manager", kind_of_manager, MANAGER, "condis-handle-kind"},
    {"pair_of_open", pair_of_open, MANAGER, "condis-complete-pairs"},
    {"pair_of_close", pair_of_close, MANAGER, "condis-complete-pairs"},
    {"pair_of_sap", pair_of_sap, MANAGER, "condis-complete-pairs"},
    {"pair_of_no_sap", pair_of_no_sap, MANAGER, "condis-complete-pairs"},
    {"pair_of_call", pair_of_call, MANAGER, "condis-complete-pairs"},
    {"pair_of_close_call", pair_of_close_call, MANAGER, "condis-complete-pairs"},
    {"pair_of_change", pair_of_change, MANAGER, "condis-complete-pairs"},
    {"pair_of_activate", pair_of_activate, MANAGER, "condis-complete-pairs"},
    {"pair_of_deactivate", pair_of_deactivate, MANAGER, "condis-complete-pairs"},
    {"pair_of_party", pair_of_party, MANAGER, "condis-complete-pairs"},
    {"pair_of_no_party", pair_of_no_party, MANAGER, "condis-complete-pairs"},
    {"pair_of_incoming", pair_of_incoming, CALLED, "condis-complete-pairs"},
    {"pair_of_connected", pair_of_connected, MANAGER, "condis-complete-pairs"},
    {"pair_of_notice", pair_of_notice, CLIENT, "condis-complete-pairs"},
    {"pair_of_request", pair_of_request, CLIENT, "condis-complete-pairs"},
    {"pair_of_miniports_request", pair_of_miniports_request, MANAGER, "condis-complete-pairs"},
    {"order_of_family", order_of_family, CLIENT, "condis-teardown-order"},
    {"order_of_sap", order_of_family, CALLED, "condis-teardown-order"},
    {"order_of_call", order_of_call, CLIENT, "condis-teardown-order"},
    {"order_of_creator", order_of_creator, MANAGER, "condis-teardown-order"},
    {"order_of_binding", order_of_binding, CLIENT, "condis-teardown-order"},
    {"send_of_nobody", send_of_nobody, OVER5, "s5-complete-packet-identity"},
    {"request_of_nobody", request_of_nobody, OVER5, "condis-complete-pairs"},
    {"generation_of_send", send_of_nobody, MANAGER, "rg-ndis5-forbidden-calls"},
    {"generation_of_receive", generation_of_receive, MANAGER, "rg-ndis5-forbidden-calls"},
    {"generation_of_request", request_of_nobody, MANAGER, "rg-ndis5-forbidden-calls"},
    {"generation_of_offer", generation_of_offer, MANAGER, "rg-ndis5-forbidden-calls"},
    {"kind_of_family_of_manager", kind_of_family_of_manager, MANAGER, "condis-handle-kind"},
    {"create_pends", NULL, CALLED, "condis-create-delete-sync"},
    {"sends_are_forgotten", sends_are_forgotten, MANAGER, "condis-send-complete"},
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void
report(void *context, const struct undis_report *r)
{
    char line[256];
    int n;

    (void)context;
    n = snprintf(line, sizeof(line), "rule=%s\n", r->rule ? r->rule : "-");
    if (write(STDOUT_FILENO, line, (size_t)n) != n)
        _exit(1);
}

/* A rig with a call, then the wrong. */
static int
run(const char *name)
{
    struct co_rig_config config = {.own_vc = true};
    struct co_rig rig;
    unsigned i = 0;

    while (i < CASES && strcmp(cases[i].name, name) != 0)
        i++;
    if (i == CASES)
        return 1;
    config.sink = report;
    config.five = cases[i].by == OVER5;
    if (strcmp(name, "sends_are_forgotten") == 0)
        config.completes = PEER_HOLD;
    co_rig_up(&rig, &config);
    rig.b->pend_create = strcmp(name, "create_pends") == 0;
    if (config.completes == PEER_HOLD) {
        rig.manager->forgets_sends = true;
        co_manager_send(rig.manager, 2);
        co_manager_run(rig.manager, cases[i].wrong);
        return 0;
    }
    co_client_listen(rig.b, 7);
    test_wait_count(rig.machine, &rig.b->listening, 1);
    co_client_call(rig.a, 7, true);
    test_wait_count(rig.machine, &rig.a->made, 1);
    test_wait_count(rig.machine, &rig.b->connected, 1);
    if (cases[i].by >= MANAGER)
        co_manager_run(rig.manager, cases[i].wrong);
    else
        co_client_run(cases[i].by == CLIENT ? rig.a : rig.b, cases[i].wrong);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct child child;

    if (argc > 1)
        return run(argv[1]);
    for (unsigned i = 0; i < CASES; i++) {
        char wanted[64];

        test_case("%s", cases[i].name);
        snprintf(wanted, sizeof(wanted), "rule=%s\n", cases[i].rule);
        child_run(&child, cases[i].name, 40);
        child_expect(&child, UNDIS_EXIT_BUG_CHECK, wanted);
    }
    return 0;
}
