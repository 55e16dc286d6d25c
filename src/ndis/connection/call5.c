/* SPDX-License-Identifier: MIT */
/* The gate to drivers of NDIS 5 that take part in connections, where their handlers differ from
 * those of NDIS 6. docs/handlers.md has a row for each. No lock of ours is held across.
 */
#include "ndis/connection/call.h"
#include "ndis/stack/out.h"

#define HANDLER(documented, least)                                                                 \
    static const struct gate_handler handler = {documented, least, DISPATCH_LEVEL}

static const struct co_handlers *
to_protocol(const struct module *binding)
{
    return binding->registration->co;
}

void
call_cl5_open_af_complete(struct co_family *family, NDIS_STATUS status)
{
    HANDLER("ProtocolClOpenAfComplete", PASSIVE_LEVEL);
    CL_OPEN_AF_COMPLETE_HANDLER fn = family->client_to->open_complete5;
    struct module *to = family->client;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(family->client_context), WORD(family)));
    fn(status, family->client_context, family);
    out_end(&out, 0);
}

void
call_co5_send(struct co_vc *vc, PPNDIS_PACKET packets, UINT count)
{
    HANDLER("MiniportCoSendPackets", PASSIVE_LEVEL);
    struct module *to = vc->miniport;
    W_CO_SEND_PACKETS_HANDLER fn = to->registration->co->send5;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(vc->miniport_context), WORD(packets), count));
    fn(vc->miniport_context, out_subject(&out, packets), count);
    out_end(&out, 0);
}

void
call_co5_send_complete(struct co_vc *vc, PNDIS_PACKET packet, NDIS_STATUS status)
{
    HANDLER("ProtocolCoSendComplete", DISPATCH_LEVEL);
    CO_SEND_COMPLETE_HANDLER fn = to_protocol(vc->user)->send_complete5;
    struct module *to = vc->user;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(co_user_context(vc)), WORD(packet)));
    fn(status, co_user_context(vc), out_argument(&out, 2, packet));
    out_end(&out, 0);
}

INT
call_co5_receive(struct co_vc *vc, PNDIS_PACKET packet)
{
    HANDLER("ProtocolCoReceivePacket", DISPATCH_LEVEL);
    CO_RECEIVE_PACKET_HANDLER fn = to_protocol(vc->user)->receive5;
    struct module *to = vc->user;
    struct out out;
    UINT times;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(co_user_context(vc)), WORD(packet)));
    times = fn(to->context, co_user_context(vc), out_argument(&out, 2, packet));
    out_end(&out, times);
    return (INT)times;
}

void
call_co5_status(
    struct module *binding, NDIS_HANDLE vc_context, NDIS_STATUS code, PVOID buffer, UINT size)
{
    HANDLER("ProtocolCoStatus", PASSIVE_LEVEL);
    CO_STATUS_HANDLER fn = to_protocol(binding)->status5;
    struct module *to = binding;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(vc_context), (uint32_t)code, WORD(buffer), WORD(size)));
    fn(to->context, vc_context, code, buffer, size);
    out_end(&out, 0);
}

NDIS_STATUS
call_side5_request(const struct co_side *side, PNDIS_REQUEST request)
{
    HANDLER("ProtocolCoRequest", PASSIVE_LEVEL);
    CO_REQUEST_HANDLER fn = side->request5;
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
call_side5_request_complete(const struct co_side *side, PNDIS_REQUEST request, NDIS_STATUS status)
{
    HANDLER("ProtocolCoRequestComplete", PASSIVE_LEVEL);
    CO_REQUEST_COMPLETE_HANDLER fn = side->complete5;
    struct module *to = side->module;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS((uint32_t)status, WORD(side->family_context), WORD(side->vc_context),
            WORD(side->party_context), WORD(request)));
    fn(status, side->family_context, side->vc_context, side->party_context,
        out_argument(&out, 4, request));
    out_end(&out, 0);
}
