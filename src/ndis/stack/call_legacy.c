/* SPDX-License-Identifier: MIT */
/* The gate to miniports of NDIS 3 to 5.1. Who may be called when is the business of serial.h. */
#include "ndis/stack/call_legacy.h"
#include "ndis/stack/out.h"

#define HANDLER(documented, least, most)                                                           \
    static const struct gate_handler handler = {documented, least, most}

static const NDIS51_MINIPORT_CHARACTERISTICS *
handlers_of(const struct module *to)
{
    return &to->registration->miniport5;
}

NDIS_STATUS
call_legacy_initialize(
    struct module *to, struct legacy_choice *choice, PNDIS_MEDIUM media, UINT count)
{
    HANDLER("MiniportInitialize", PASSIVE_LEVEL, PASSIVE_LEVEL);
    W_INITIALIZE_HANDLER fn = handlers_of(to)->InitializeHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(&choice->open_error), WORD(&choice->medium), WORD(media), count, WORD(to),
            WORD(to)));
    status = fn(&choice->open_error, &choice->medium, media, count, to, to);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_legacy_halt(struct module *to)
{
    HANDLER("MiniportHalt", PASSIVE_LEVEL, PASSIVE_LEVEL);
    W_HALT_HANDLER fn = handlers_of(to)->HaltHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context)));
    fn(to->context);
    out_end(&out, 0);
}

static NDIS_STATUS
query(struct module *to, PNDIS_OID_REQUEST request)
{
    HANDLER("MiniportQueryInformation", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_QUERY_INFORMATION_HANDLER fn = handlers_of(to)->QueryInformationHandler;
    struct _QUERY *q = &request->DATA.QUERY_INFORMATION;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), q->Oid, WORD(q->InformationBuffer), q->InformationBufferLength,
            WORD(&q->BytesWritten), WORD(&q->BytesNeeded)));
    status = fn(to->context, q->Oid, out_argument(&out, 2, q->InformationBuffer),
        q->InformationBufferLength, out_argument(&out, 4, &q->BytesWritten),
        out_argument(&out, 5, &q->BytesNeeded));
    out_end(&out, (uint32_t)status);
    return status;
}

static NDIS_STATUS
set(struct module *to, PNDIS_OID_REQUEST request)
{
    HANDLER("MiniportSetInformation", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_SET_INFORMATION_HANDLER fn = handlers_of(to)->SetInformationHandler;
    struct _SET *s = &request->DATA.SET_INFORMATION;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), s->Oid, WORD(s->InformationBuffer), s->InformationBufferLength,
            WORD(&s->BytesRead), WORD(&s->BytesNeeded)));
    status = fn(to->context, s->Oid, out_argument(&out, 2, s->InformationBuffer),
        s->InformationBufferLength, out_argument(&out, 4, &s->BytesRead),
        out_argument(&out, 5, &s->BytesNeeded));
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_legacy_co_request(struct module *to, NDIS_HANDLE vc, PNDIS_REQUEST request)
{
    HANDLER("MiniportCoRequest", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_CO_REQUEST_HANDLER fn = handlers_of(to)->CoRequestHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(vc), WORD(request)));
    status = fn(to->context, vc, out_argument(&out, 2, request));
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_legacy_request(struct module *to, PNDIS_OID_REQUEST request)
{
    if (legacy_asks_co(to, request))
        return call_legacy_co_request(to, NULL, &to->legacy->co_request);
    return request->RequestType == NdisRequestSetInformation ? set(to, request)
                                                             : query(to, request);
}

void
call_legacy_timer(struct module *to, PNDIS_MINIPORT_TIMER timer)
{
    HANDLER("MiniportTimer", DISPATCH_LEVEL, DISPATCH_LEVEL);
    PNDIS_TIMER_FUNCTION fn = timer->MiniportTimerFunction;
    PVOID context = timer->MiniportTimerContext;
    struct out out;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(&timer->Dpc), WORD(context), 0, 0));
    fn(&timer->Dpc, context, NULL, NULL);
    out_end(&out, 0);
}

BOOLEAN
call_legacy_hang(struct module *to)
{
    HANDLER("MiniportCheckForHang", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_CHECK_FOR_HANG_HANDLER fn = handlers_of(to)->CheckForHangHandler;
    struct out out;
    BOOLEAN hung;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context)));
    hung = fn(to->context);
    out_end(&out, hung);
    return hung;
}

NDIS_STATUS
call_legacy_reset(struct module *to, BOOLEAN *addressing)
{
    HANDLER("MiniportReset", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_RESET_HANDLER fn = handlers_of(to)->ResetHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(addressing), WORD(to->context)));
    status = fn(addressing, to->context);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_legacy_shutdown(struct module *to)
{
    HANDLER("MiniportShutdown", PASSIVE_LEVEL, HIGH_LEVEL);
    ADAPTER_SHUTDOWN_HANDLER fn = to->legacy->shutdown;
    PVOID context = to->legacy->shutdown_context;
    struct out out;

    if (!fn) {
        fn = handlers_of(to)->AdapterShutdownHandler;
        context = to->context;
    }
    if (!fn)
        return;
    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(context)));
    fn(context);
    out_end(&out, 0);
}

void
call_legacy_pnp_event(struct module *to, NDIS_DEVICE_PNP_EVENT event, PVOID buffer, ULONG length)
{
    HANDLER("MiniportPnPEventNotify", PASSIVE_LEVEL, PASSIVE_LEVEL);
    W_PNP_EVENT_NOTIFY_HANDLER fn = handlers_of(to)->PnPEventNotifyHandler;
    struct out out;

    if (!fn)
        return;
    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(to->context), event, WORD(buffer), length));
    fn(to->context, event, buffer, length);
    out_end(&out, 0);
}

NDIS_STATUS
call_legacy_send(struct module *to, PNDIS_PACKET packet)
{
    HANDLER("MiniportSend", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_SEND_HANDLER fn = handlers_of(to)->SendHandler;
    UINT flags = packet->Private.Flags;
    struct out out;
    NDIS_STATUS status;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(packet), flags));
    status = fn(to->context, out_subject(&out, packet), flags);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_legacy_send_packets(struct module *to, PPNDIS_PACKET packets, UINT count)
{
    HANDLER("MiniportSendPackets", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_SEND_PACKETS_HANDLER fn = handlers_of(to)->SendPacketsHandler;
    struct out out;

    out_begin(
        &out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(packets), count));
    fn(to->context, out_subject(&out, packets), count);
    out_end(&out, 0);
}

void
call_legacy_cancel(struct module *to, PVOID cancel_id)
{
    HANDLER("MiniportCancelSendPackets", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_CANCEL_SEND_PACKETS_HANDLER fn = handlers_of(to)->CancelSendPacketsHandler;
    struct out out;

    if (!fn)
        return;
    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(cancel_id)));
    fn(to->context, cancel_id);
    out_end(&out, 0);
}

void
call_legacy_return(struct module *to, PNDIS_PACKET packet)
{
    HANDLER("MiniportReturnPacket", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_RETURN_PACKET_HANDLER fn = handlers_of(to)->ReturnPacketHandler;
    struct out out;

    out_begin(&out, to->driver, to, &handler, WORD(fn), ARGS(WORD(to->context), WORD(packet)));
    fn(to->context, out_subject(&out, packet));
    out_end(&out, 0);
}

void
call_legacy_callback(struct module *to, W_MINIPORT_CALLBACK routine, PVOID context)
{
    HANDLER("MiniportCallback", PASSIVE_LEVEL, DISPATCH_LEVEL);
    struct out out;

    out_begin(
        &out, to->driver, to, &handler, WORD(routine), ARGS(WORD(to->context), WORD(context)));
    routine(to->context, context);
    out_end(&out, 0);
}

NDIS_STATUS
call_legacy_transfer(struct module *to, PNDIS_PACKET packet, UINT *transferred, NDIS_HANDLE context,
    UINT offset, UINT length)
{
    HANDLER("MiniportTransferData", PASSIVE_LEVEL, DISPATCH_LEVEL);
    W_TRANSFER_DATA_HANDLER fn = handlers_of(to)->TransferDataHandler;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handler, WORD(fn),
        ARGS(WORD(packet), WORD(transferred), WORD(to->context), WORD(context), offset, length));
    status = fn(out_argument(&out, 0, packet), transferred, to->context, context, offset, length);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_legacy_unload(struct ndis_driver *to)
{
    HANDLER("MiniportUnload", PASSIVE_LEVEL, PASSIVE_LEVEL);
    struct out out;

    if (!to->unload)
        return;
    out_begin(&out, to->driver, NULL, &handler, WORD(to->unload), ARGS(WORD(to->driver->object)));
    to->unload(to->driver->object);
    out_end(&out, 0);
}
