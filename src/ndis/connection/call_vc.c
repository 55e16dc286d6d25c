/* SPDX-License-Identifier: MIT */
/* The gate to what carries VCs: connection-oriented miniports below, protocols above.
 * docs/handlers.md has a row for each. No lock of ours is held across.
 */
#include "ndis/connection/call.h"
#include "ndis/stack/out.h"

#define HANDLER(documented)                                                                        \
    static const struct gate_handler handler = {documented, 0, DISPATCH_LEVEL}
#define HANDLER_PASSIVE(documented)                                                                \
    static const struct gate_handler handler = {documented, 0, PASSIVE_LEVEL}

static const NDIS_MINIPORT_CO_CHARACTERISTICS *
to_miniport(const struct co_vc *vc)
{
    return &vc->miniport->registration->co->miniport;
}

static const NDIS_PROTOCOL_CO_CHARACTERISTICS *
to_protocol(const struct module *binding)
{
    return &binding->registration->co->protocol;
}

NDIS_STATUS
call_co_create_vc(struct co_vc *vc)
{
    HANDLER("MiniportCoCreateVc");
    W_CO_CREATE_VC_HANDLER fn = to_miniport(vc)->CoCreateVcHandler;
    struct module *to = vc->miniport;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->miniport->context), WORD(vc), WORD(&vc->miniport_context)));
    status = fn(vc->miniport->context, vc, &vc->miniport_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_co_delete_vc(struct co_vc *vc)
{
    HANDLER("MiniportCoDeleteVc");
    W_CO_DELETE_VC_HANDLER fn = to_miniport(vc)->CoDeleteVcHandler;
    struct module *to = vc->miniport;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(vc->miniport_context)));
    status = fn(vc->miniport_context);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_co_activate_vc(struct co_vc *vc, PCO_CALL_PARAMETERS parameters)
{
    HANDLER("MiniportCoActivateVc");
    W_CO_ACTIVATE_VC_HANDLER fn = to_miniport(vc)->CoActivateVcHandler;
    struct module *to = vc->miniport;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->miniport_context), WORD(parameters)));
    status = fn(vc->miniport_context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_co_deactivate_vc(struct co_vc *vc)
{
    HANDLER("MiniportCoDeactivateVc");
    W_CO_DEACTIVATE_VC_HANDLER fn = to_miniport(vc)->CoDeactivateVcHandler;
    struct module *to = vc->miniport;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(vc->miniport_context)));
    status = fn(vc->miniport_context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_co_send(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG flags)
{
    HANDLER("MiniportCoSendNetBufferLists");
    MINIPORT_CO_SEND_NET_BUFFER_LISTS_HANDLER fn = to_miniport(vc)->CoSendNetBufferListsHandler;
    struct module *to = vc->miniport;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->miniport_context), WORD(chain), WORD(flags)));
    fn(vc->miniport_context, out_subject(&out, chain), flags);
    out_end(&out, 0);
}

void
call_co_send_complete(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG flags)
{
    HANDLER("ProtocolCoSendNetBufferListsComplete");
    CO_SEND_NET_BUFFER_LISTS_COMPLETE_HANDLER fn =
        to_protocol(vc->user)->CoSendNetBufferListsCompleteHandler;
    struct module *to = vc->user;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(co_user_context(vc)), WORD(chain), WORD(flags)));
    fn(co_user_context(vc), out_subject(&out, chain), flags);
    out_end(&out, 0);
}

void
call_co_receive(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG count, ULONG flags)
{
    HANDLER("ProtocolCoReceiveNetBufferLists");
    CO_RECEIVE_NET_BUFFER_LISTS_HANDLER fn = to_protocol(vc->user)->CoReceiveNetBufferListsHandler;
    struct module *to = vc->user;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->user->context), WORD(co_user_context(vc)), WORD(chain), WORD(count),
            WORD(flags)));
    fn(vc->user->context, co_user_context(vc), out_argument(&out, 2, chain), count, flags);
    out_end(&out, 0);
}

void
call_co_status(struct module *binding, NDIS_HANDLE vc_context, PNDIS_STATUS_INDICATION indication)
{
    HANDLER("ProtocolCoStatusEx");
    CO_STATUS_HANDLER_EX fn = to_protocol(binding)->CoStatusHandlerEx;
    struct module *to = binding;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(binding->context), WORD(vc_context), WORD(indication)));
    fn(binding->context, vc_context, indication);
    out_end(&out, 0);
}

void
call_af_notify(struct module *binding, PCO_ADDRESS_FAMILY address)
{
    HANDLER_PASSIVE("ProtocolCoAfRegisterNotify");
    CO_AF_REGISTER_NOTIFY_HANDLER fn = to_protocol(binding)->CoAfRegisterNotifyHandler;
    struct module *to = binding;
    struct out out;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(binding->context), WORD(address)));
    fn(binding->context, address);
    out_end(&out, 0);
}

NDIS_STATUS
call_co_request(struct module *miniport, struct co_vc *vc, PNDIS_OID_REQUEST request)
{
    HANDLER("MiniportCoOidRequest");
    MINIPORT_CO_OID_REQUEST_HANDLER fn = miniport->registration->co->miniport.CoOidRequestHandler;
    struct module *to = miniport;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(miniport->context), WORD(vc ? vc->miniport_context : NULL), WORD(request)));
    status =
        fn(miniport->context, vc ? vc->miniport_context : NULL, out_argument(&out, 2, request));
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_side_request(const struct co_side *side, PNDIS_OID_REQUEST request)
{
    HANDLER("ProtocolCoOidRequest");
    CO_OID_REQUEST_HANDLER fn = side->request;
    struct module *to = side->module;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(side->family_context), WORD(side->vc_context), WORD(side->party_context),
            WORD(request)));
    status = fn(side->family_context, side->vc_context, side->party_context,
        out_argument(&out, 3, request));
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_side_request_complete(
    const struct co_side *side, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    HANDLER("ProtocolCoOidRequestComplete");
    CO_OID_REQUEST_COMPLETE_HANDLER fn = side->complete;
    struct module *to = side->module;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(side->family_context), WORD(side->vc_context), WORD(side->party_context),
            WORD(request), (uint32_t)status));
    fn(side->family_context, side->vc_context, side->party_context, out_argument(&out, 3, request),
        status);
    out_end(&out, 0);
}
