/* SPDX-License-Identifier: MIT */
/* The gate to connection-oriented clients.
 * docs/handlers.md has a row for each. No lock of ours is held across.
 */
#include "ndis/connection/call.h"
#include "ndis/stack/out.h"

#define HANDLER(documented)                                                                        \
    static const struct gate_handler handler = {documented, 0, DISPATCH_LEVEL}
#define HANDLER_PASSIVE(documented)                                                                \
    static const struct gate_handler handler = {documented, 0, PASSIVE_LEVEL}

void
call_cl_open_af_complete(struct co_family *family, NDIS_STATUS status)
{
    HANDLER_PASSIVE("ProtocolClOpenAfCompleteEx");
    CL_OPEN_AF_COMPLETE_HANDLER_EX fn = family->client_to->six.ClOpenAfCompleteHandlerEx;
    struct module *to = family->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(family->client_context), WORD(family), (uint32_t)status));
    fn(family->client_context, family, status);
    out_end(&out, 0);
}

void
call_cl_close_af_complete(struct co_family *family, NDIS_STATUS status)
{
    HANDLER("ProtocolClCloseAfComplete");
    CL_CLOSE_AF_COMPLETE_HANDLER fn = family->client_to->six.ClCloseAfCompleteHandler;
    struct module *to = family->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(family->client_context)));
    fn(status, family->client_context);
    out_end(&out, 0);
}

NDIS_STATUS
call_cl_notify_close_af(struct co_family *family)
{
    HANDLER("ProtocolClNotifyCloseAf");
    CL_NOTIFY_CLOSE_AF_HANDLER fn = family->client_to->six.ClNotifyCloseAfHandler;
    struct module *to = family->client;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(family->client_context)));
    status = fn(family->client_context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_cl_register_sap_complete(struct co_sap *sap, NDIS_STATUS status)
{
    HANDLER("ProtocolClRegisterSapComplete");
    CL_REG_SAP_COMPLETE_HANDLER fn = sap->family->client_to->six.ClRegisterSapCompleteHandler;
    struct module *to = sap->family->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(sap->client_context), WORD(sap->sap), WORD(sap)));
    fn(status, sap->client_context, sap->sap, sap);
    out_end(&out, 0);
}

void
call_cl_deregister_sap_complete(struct co_sap *sap, NDIS_STATUS status)
{
    HANDLER("ProtocolClDeregisterSapComplete");
    CL_DEREG_SAP_COMPLETE_HANDLER fn = sap->family->client_to->six.ClDeregisterSapCompleteHandler;
    struct module *to = sap->family->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(sap->client_context)));
    fn(status, sap->client_context);
    out_end(&out, 0);
}

NDIS_STATUS
call_cl_create_vc(struct co_vc *vc)
{
    HANDLER("ProtocolCoCreateVc");
    CO_CREATE_VC_HANDLER fn = vc->client_to->six.ClCreateVcHandler;
    struct module *to = vc->client;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->family->client_context), WORD(vc), WORD(&vc->client_context)));
    status = fn(vc->family->client_context, vc, &vc->client_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cl_delete_vc(struct co_vc *vc)
{
    HANDLER("ProtocolCoDeleteVc");
    CO_DELETE_VC_HANDLER fn = vc->client_to->six.ClDeleteVcHandler;
    struct module *to = vc->client;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(vc->client_context)));
    status = fn(vc->client_context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_cl_make_call_complete(
    struct co_vc *vc, NDIS_STATUS status, struct co_party *party, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolClMakeCallComplete");
    CL_MAKE_CALL_COMPLETE_HANDLER fn = vc->client_to->six.ClMakeCallCompleteHandler;
    struct module *to = vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->client_context), WORD(party), WORD(parameters)));
    fn(status, vc->client_context, party, parameters);
    out_end(&out, 0);
}

void
call_cl_modify_call_complete(struct co_vc *vc, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolClModifyCallQoSComplete");
    CL_MODIFY_CALL_QOS_COMPLETE_HANDLER fn = vc->client_to->six.ClModifyCallQoSCompleteHandler;
    struct module *to = vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->client_context), WORD(parameters)));
    fn(status, vc->client_context, parameters);
    out_end(&out, 0);
}

void
call_cl_close_call_complete(struct co_vc *vc, NDIS_STATUS status, NDIS_HANDLE party_context)
{
    HANDLER("ProtocolClCloseCallComplete");
    CL_CLOSE_CALL_COMPLETE_HANDLER fn = vc->client_to->six.ClCloseCallCompleteHandler;
    struct module *to = vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->client_context), WORD(party_context)));
    fn(status, vc->client_context, party_context);
    out_end(&out, 0);
}

void
call_cl_add_party_complete(
    struct co_party *party, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolClAddPartyComplete");
    CL_ADD_PARTY_COMPLETE_HANDLER fn = party->vc->client_to->six.ClAddPartyCompleteHandler;
    struct module *to = party->vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(party->client_context), WORD(party), WORD(parameters)));
    fn(status, party->client_context, party, parameters);
    out_end(&out, 0);
}

void
call_cl_drop_party_complete(struct co_party *party, NDIS_STATUS status)
{
    HANDLER("ProtocolClDropPartyComplete");
    CL_DROP_PARTY_COMPLETE_HANDLER fn = party->vc->client_to->six.ClDropPartyCompleteHandler;
    struct module *to = party->vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(party->client_context)));
    fn(status, party->client_context);
    out_end(&out, 0);
}

NDIS_STATUS
call_cl_incoming_call(struct co_vc *vc, struct co_sap *sap, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolClIncomingCall");
    CL_INCOMING_CALL_HANDLER fn = vc->client_to->six.ClIncomingCallHandler;
    struct module *to = vc->client;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(sap->client_context), WORD(vc->client_context), WORD(parameters)));
    status = fn(sap->client_context, vc->client_context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_cl_incoming_call_change(struct co_vc *vc, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolClIncomingCallQoSChange");
    CL_INCOMING_CALL_QOS_CHANGE_HANDLER fn = vc->client_to->six.ClIncomingCallQoSChangeHandler;
    struct module *to = vc->client;
    struct out out;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(vc->client_context), WORD(parameters)));
    fn(vc->client_context, parameters);
    out_end(&out, 0);
}

void
call_cl_incoming_close_call(struct co_vc *vc, NDIS_STATUS status, PVOID data, UINT size)
{
    HANDLER("ProtocolClIncomingCloseCall");
    CL_INCOMING_CLOSE_CALL_HANDLER fn = vc->client_to->six.ClIncomingCloseCallHandler;
    struct module *to = vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->client_context), WORD(data), WORD(size)));
    fn(status, vc->client_context, data, size);
    out_end(&out, 0);
}

void
call_cl_incoming_drop_party(struct co_party *party, NDIS_STATUS status, PVOID data, UINT size)
{
    HANDLER("ProtocolClIncomingDropParty");
    CL_INCOMING_DROP_PARTY_HANDLER fn = party->vc->client_to->six.ClIncomingDropPartyHandler;
    struct module *to = party->vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(party->client_context), WORD(data), WORD(size)));
    fn(status, party->client_context, data, size);
    out_end(&out, 0);
}

void
call_cl_call_connected(struct co_vc *vc)
{
    HANDLER("ProtocolClCallConnected");
    CL_CALL_CONNECTED_HANDLER fn = vc->client_to->six.ClCallConnectedHandler;
    struct module *to = vc->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(vc->client_context)));
    fn(vc->client_context);
    out_end(&out, 0);
}
