/* SPDX-License-Identifier: MIT */
/* The gate to WAN miniports and protocols. docs/handlers.md has a row for each; at DISPATCH_LEVEL.
 */
#include "ndis/connection/wan.h"
#include "ndis/stack/out.h"

#define HANDLER(documented)                                                                        \
    static const struct gate_handler handler = {documented, 0, DISPATCH_LEVEL}

NDIS_STATUS
call_wan_send(struct module *to, NDIS_HANDLE link, PNDIS_WAN_PACKET packet)
{
    HANDLER("MiniportWanSend");
    WM_SEND_HANDLER fn = to->registration->miniport5.WanSendHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(link), WORD(packet)));
    status = fn(to->context, link, packet);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_wan_send_complete(struct module *to, PNDIS_WAN_PACKET packet, NDIS_STATUS status)
{
    HANDLER("ProtocolWanSendComplete");
    WAN_SEND_COMPLETE_HANDLER fn = to->registration->protocol5.WanSendCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), WORD(packet), (uint32_t)status));
    fn(to->context, packet, status);
    out_end(&out, 0);
}

NDIS_STATUS
call_wan_receive(struct module *to, NDIS_HANDLE link, PUCHAR data, ULONG size)
{
    HANDLER("ProtocolWanReceive");
    WAN_RECEIVE_HANDLER fn = to->registration->protocol5.WanReceiveHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(link), WORD(data), size));
    status = fn(link, data, size);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_wan_receive_complete(struct module *to, NDIS_HANDLE link)
{
    HANDLER("ProtocolWanReceiveComplete");
    RECEIVE_COMPLETE_HANDLER fn = to->registration->protocol5.ReceiveCompleteHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(link)));
    fn(link);
    out_end(&out, 0);
}
