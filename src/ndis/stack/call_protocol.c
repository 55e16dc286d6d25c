/* SPDX-License-Identifier: MIT */
/* The gate to protocols of NDIS 3 to 5.1. */
#include "ndis/stack/call_protocol.h"
#include "ndis/stack/out.h"

#define HANDLER(documented, least, most)                                                           \
    static const struct gate_handler handler = {documented, least, most}

static const NDIS50_PROTOCOL_CHARACTERISTICS *
handlers_of(const struct module *to)
{
    return &to->registration->protocol5;
}

NDIS_STATUS
call_bind_adapter(
    struct ndis_driver *to, NDIS_HANDLE bind_context, PNDIS_STRING device, PNDIS_STRING section)
{
    HANDLER("ProtocolBindAdapter", PASSIVE_LEVEL, PASSIVE_LEVEL);
    BIND_HANDLER fn = to->protocol5.BindAdapterHandler;
    NDIS_STATUS status = NDIS_STATUS_FAILURE;
    struct out out;

    out_begin(&out, to->driver, NULL, &handler, WORD(fn),
        ARGS(WORD(&status), WORD(bind_context), WORD(device), WORD(section), 0));
    fn(&status, bind_context, device, section, NULL);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_unbind_adapter(struct module *to, NDIS_HANDLE unbind_context)
{
    HANDLER("ProtocolUnbindAdapter", PASSIVE_LEVEL, PASSIVE_LEVEL);
    UNBIND_HANDLER fn = handlers_of(to)->UnbindAdapterHandler;
    NDIS_STATUS status = NDIS_STATUS_FAILURE;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(&status), WORD(to->context), WORD(unbind_context)));
    fn(&status, to->context, unbind_context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_open_adapter_complete(struct module *to, NDIS_STATUS status)
{
    HANDLER("ProtocolOpenAdapterComplete", PASSIVE_LEVEL, PASSIVE_LEVEL);
    OPEN_ADAPTER_COMPLETE_HANDLER fn = handlers_of(to)->OpenAdapterCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), (uint32_t)status, (uint32_t)status));
    fn(to->context, status, status);
    out_end(&out, 0);
}

void
call_close_adapter_complete(struct module *to)
{
    HANDLER("ProtocolCloseAdapterComplete", PASSIVE_LEVEL, PASSIVE_LEVEL);
    CLOSE_ADAPTER_COMPLETE_HANDLER fn = handlers_of(to)->CloseAdapterCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), 0));
    fn(to->context, NDIS_STATUS_SUCCESS);
    out_end(&out, 0);
}

NDIS_STATUS
call_protocol_pnp_event(struct module *to, PNET_PNP_EVENT event)
{
    HANDLER("ProtocolPnPEvent", PASSIVE_LEVEL, PASSIVE_LEVEL);
    PNP_EVENT_HANDLER fn = handlers_of(to)->PnPEventHandler;
    struct out out;
    NDIS_STATUS status;

    if (!fn)
        return NDIS_STATUS_NOT_SUPPORTED;
    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(event)));
    status = fn(to->context, event);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_protocol_binds_complete(struct ndis_driver *to)
{
    HANDLER("ProtocolPnPEvent", PASSIVE_LEVEL, PASSIVE_LEVEL);
    PNP_EVENT_HANDLER fn = to->protocol5.PnPEventHandler;
    NET_PNP_EVENT event = {.NetEvent = NetEventBindsComplete};
    struct out out;
    NDIS_STATUS status;

    if (to->protocol5.MajorNdisVersion < 4 || !fn)
        return;
    out_begin(&out, to->driver, NULL, &handler, WORD(fn), ARGS(0, WORD(&event)));
    status = fn(NULL, &event);
    out_end(&out, (uint32_t)status);
}

void
call_request_complete(struct module *to, PNDIS_REQUEST request, NDIS_STATUS status)
{
    HANDLER("ProtocolRequestComplete", PASSIVE_LEVEL, DISPATCH_LEVEL);
    REQUEST_COMPLETE_HANDLER fn = handlers_of(to)->RequestCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(request), (uint32_t)status));
    fn(to->context, out_subject(&out, request), status);
    out_end(&out, 0);
}

void
call_reset_complete(struct module *to, NDIS_STATUS status)
{
    HANDLER("ProtocolResetComplete", PASSIVE_LEVEL, DISPATCH_LEVEL);
    RESET_COMPLETE_HANDLER fn = handlers_of(to)->ResetCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), (uint32_t)status));
    fn(to->context, status);
    out_end(&out, 0);
}

void
call_status_complete(struct module *to)
{
    HANDLER("ProtocolStatusComplete", PASSIVE_LEVEL, DISPATCH_LEVEL);
    STATUS_COMPLETE_HANDLER fn = handlers_of(to)->StatusCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context)));
    fn(to->context);
    out_end(&out, 0);
}

void
call_protocol_status(struct module *to, NDIS_STATUS code, PVOID buffer, UINT size)
{
    HANDLER("ProtocolStatus", PASSIVE_LEVEL, DISPATCH_LEVEL);
    STATUS_HANDLER fn = handlers_of(to)->StatusHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), (uint32_t)code, WORD(buffer), size));
    fn(to->context, code, buffer, size);
    out_end(&out, 0);
}

void
call_packet_send_complete(struct module *to, PNDIS_PACKET packet, NDIS_STATUS status)
{
    HANDLER("ProtocolSendComplete", PASSIVE_LEVEL, DISPATCH_LEVEL);
    SEND_COMPLETE_HANDLER fn = handlers_of(to)->SendCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(packet), (uint32_t)status));
    fn(to->context, out_subject(&out, packet), status);
    out_end(&out, 0);
}

void
call_protocol_receive(struct module *to, NDIS_HANDLE context, PVOID header, UINT header_size,
    PVOID lookahead, UINT lookahead_size, UINT size)
{
    HANDLER("ProtocolReceive", DISPATCH_LEVEL, DISPATCH_LEVEL);
    RECEIVE_HANDLER fn = handlers_of(to)->ReceiveHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(context), WORD(header), header_size, WORD(lookahead),
            lookahead_size, size));
    status = fn(to->context, context, out_argument(&out, 2, header), header_size,
        out_argument(&out, 4, lookahead), lookahead_size, size);
    out_end(&out, (uint32_t)status);
}

INT
call_receive_packet(struct module *to, PNDIS_PACKET packet)
{
    HANDLER("ProtocolReceivePacket", DISPATCH_LEVEL, DISPATCH_LEVEL);
    RECEIVE_PACKET_HANDLER fn = handlers_of(to)->ReceivePacketHandler;
    struct out out;
    INT count;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(packet)));
    count = fn(to->context, out_subject(&out, packet));
    out_end(&out, (uint32_t)count);
    return count;
}

void
call_receive_complete(struct module *to)
{
    HANDLER("ProtocolReceiveComplete", PASSIVE_LEVEL, DISPATCH_LEVEL);
    RECEIVE_COMPLETE_HANDLER fn = handlers_of(to)->ReceiveCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context)));
    fn(to->context);
    out_end(&out, 0);
}

void
call_transfer_complete(struct module *to, PNDIS_PACKET packet, NDIS_STATUS status, UINT transferred)
{
    HANDLER("ProtocolTransferDataComplete", PASSIVE_LEVEL, DISPATCH_LEVEL);
    TRANSFER_DATA_COMPLETE_HANDLER fn = handlers_of(to)->TransferDataCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(packet), (uint32_t)status, transferred));
    fn(to->context, out_subject(&out, packet), status, transferred);
    out_end(&out, 0);
}
