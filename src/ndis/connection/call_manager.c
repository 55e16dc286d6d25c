/* SPDX-License-Identifier: MIT */
/* The gate to call managers, stand-alone or within a miniport.
 * docs/handlers.md has a row for each. No lock of ours is held across.
 */
#include "ndis/connection/call.h"
#include "ndis/stack/out.h"

#define HANDLER(documented)                                                                        \
    static const struct gate_handler handler = {documented, 0, DISPATCH_LEVEL}

NDIS_STATUS
call_cm_open_af(struct co_family *family, PCO_ADDRESS_FAMILY address)
{
    HANDLER("ProtocolCmOpenAf");
    CM_OPEN_AF_HANDLER fn = family->manager_to->six.CmOpenAfHandler;
    struct module *to = family->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(family->manager->context), WORD(address), WORD(family),
            WORD(&family->manager_context)));
    status = fn(family->manager->context, address, family, &family->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_close_af(struct co_family *family)
{
    HANDLER("ProtocolCmCloseAf");
    CM_CLOSE_AF_HANDLER fn = family->manager_to->six.CmCloseAfHandler;
    struct module *to = family->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(family->manager_context)));
    status = fn(family->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_cm_notify_close_af_complete(struct co_family *family, NDIS_STATUS status)
{
    HANDLER("ProtocolCmNotifyCloseAfComplete");
    CM_NOTIFY_CLOSE_AF_COMPLETE_HANDLER fn = family->manager_to->six.CmNotifyCloseAfCompleteHandler;
    struct module *to = family->manager;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(family->manager_context), (uint32_t)status));
    fn(family->manager_context, status);
    out_end(&out, 0);
}

NDIS_STATUS
call_cm_register_sap(struct co_sap *sap)
{
    HANDLER("ProtocolCmRegisterSap");
    CM_REG_SAP_HANDLER fn = sap->family->manager_to->six.CmRegisterSapHandler;
    struct module *to = sap->family->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(sap->family->manager_context), WORD(sap->sap), WORD(sap),
            WORD(&sap->manager_context)));
    status = fn(sap->family->manager_context, sap->sap, sap, &sap->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_deregister_sap(struct co_sap *sap)
{
    HANDLER("ProtocolCmDeregisterSap");
    CM_DEREG_SAP_HANDLER fn = sap->family->manager_to->six.CmDeregisterSapHandler;
    struct module *to = sap->family->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(sap->manager_context)));
    status = fn(sap->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_create_vc(struct co_vc *vc)
{
    HANDLER("ProtocolCoCreateVc");
    CO_CREATE_VC_HANDLER fn = vc->manager_to->six.CmCreateVcHandler;
    struct module *to = vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->family->manager_context), WORD(vc), WORD(&vc->manager_context)));
    status = fn(vc->family->manager_context, vc, &vc->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_delete_vc(struct co_vc *vc)
{
    HANDLER("ProtocolCoDeleteVc");
    CO_DELETE_VC_HANDLER fn = vc->manager_to->six.CmDeleteVcHandler;
    struct module *to = vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(vc->manager_context)));
    status = fn(vc->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_make_call(struct co_vc *vc, PCO_CALL_PARAMETERS parameters, struct co_party *party,
    PNDIS_HANDLE party_context)
{
    HANDLER("ProtocolCmMakeCall");
    CM_MAKE_CALL_HANDLER fn = vc->manager_to->six.CmMakeCallHandler;
    struct module *to = vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->manager_context), WORD(parameters), WORD(party), WORD(party_context)));
    status = fn(vc->manager_context, parameters, party, party_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_close_call(struct co_vc *vc, NDIS_HANDLE party_context, PVOID data, UINT size)
{
    HANDLER("ProtocolCmCloseCall");
    CM_CLOSE_CALL_HANDLER fn = vc->manager_to->six.CmCloseCallHandler;
    struct module *to = vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->manager_context), WORD(party_context), WORD(data), WORD(size)));
    status = fn(vc->manager_context, party_context, data, size);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_modify_call(struct co_vc *vc, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolCmModifyCallQoS");
    CM_MODIFY_CALL_QOS_HANDLER fn = vc->manager_to->six.CmModifyCallQoSHandler;
    struct module *to = vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->manager_context), WORD(parameters)));
    status = fn(vc->manager_context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_cm_incoming_call_complete(struct co_vc *vc, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolCmIncomingCallComplete");
    CM_INCOMING_CALL_COMPLETE_HANDLER fn = vc->manager_to->six.CmIncomingCallCompleteHandler;
    struct module *to = vc->manager;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->manager_context), WORD(parameters)));
    fn(status, vc->manager_context, parameters);
    out_end(&out, 0);
}

NDIS_STATUS
call_cm_add_party(struct co_party *party, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolCmAddParty");
    CM_ADD_PARTY_HANDLER fn = party->vc->manager_to->six.CmAddPartyHandler;
    struct module *to = party->vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(party->vc->manager_context), WORD(parameters), WORD(party),
            WORD(&party->manager_context)));
    status = fn(party->vc->manager_context, parameters, party, &party->manager_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_cm_drop_party(struct co_party *party, PVOID data, UINT size)
{
    HANDLER("ProtocolCmDropParty");
    CM_DROP_PARTY_HANDLER fn = party->vc->manager_to->six.CmDropPartyHandler;
    struct module *to = party->vc->manager;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(party->manager_context), WORD(data), WORD(size)));
    status = fn(party->manager_context, data, size);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_cm_activate_complete(struct co_vc *vc, NDIS_STATUS status, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("ProtocolCmActivateVcComplete");
    CM_ACTIVATE_VC_COMPLETE_HANDLER fn = vc->manager_to->six.CmActivateVcCompleteHandler;
    struct module *to = vc->manager;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->manager_context), WORD(parameters)));
    fn(status, vc->manager_context, parameters);
    out_end(&out, 0);
}

void
call_cm_deactivate_complete(struct co_vc *vc, NDIS_STATUS status)
{
    HANDLER("ProtocolCmDeactivateVcComplete");
    CM_DEACTIVATE_VC_COMPLETE_HANDLER fn = vc->manager_to->six.CmDeactivateVcCompleteHandler;
    struct module *to = vc->manager;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(vc->manager_context)));
    fn(status, vc->manager_context);
    out_end(&out, 0);
}
