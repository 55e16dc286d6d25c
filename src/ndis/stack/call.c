/* SPDX-License-Identifier: MIT */
/* The one gate from NDIS to drivers: data path, OIDs, status, pause and restart are called here,
 * what happens once in a life in call_life.c, and nowhere else. No lock of ours is held across.
 *
 *     core -- out_begin --> driver's handler -- out_end --> core
 */
#include "ndis/stack/call.h"
#include "ndis/stack/out.h"

enum {
    SEND,
    SEND_COMPLETE,
    RECEIVE,
    RETURN,
    CANCEL_SEND,
    OID,
    OID_COMPLETE,
    CANCEL_OID,
    DIRECT_OID,
    DIRECT_OID_COMPLETE,
    CANCEL_DIRECT_OID,
    SYNCHRONOUS_OID,
    SYNCHRONOUS_OID_COMPLETE,
    STATUS,
    PAUSE,
    RESTART,
    NETWORK_EVENT,
    DEVICE_EVENT,
    HANDLERS
};

/* Names and documented IRQL at entry, per kind of module: binding, filter, miniport. */
static const struct gate_handler handlers[][HANDLERS] =
    {
        [MODULE_BINDING] =
            {
                [SEND_COMPLETE] = {"ProtocolSendNetBufferListsComplete", 0, DISPATCH_LEVEL},
                [RECEIVE] = {"ProtocolReceiveNetBufferLists", 0, DISPATCH_LEVEL},
                [OID_COMPLETE] = {"ProtocolOidRequestComplete", 0, DISPATCH_LEVEL},
                [DIRECT_OID_COMPLETE] = {"ProtocolDirectOidRequestComplete", 0, DISPATCH_LEVEL},
                [STATUS] = {"ProtocolStatusEx", 0, DISPATCH_LEVEL},
                [NETWORK_EVENT] = {"ProtocolNetPnPEvent", 0, PASSIVE_LEVEL},
            },
        [MODULE_FILTER] =
            {
                [SEND] = {"FilterSendNetBufferLists", 0, DISPATCH_LEVEL},
                [SEND_COMPLETE] = {"FilterSendNetBufferListsComplete", 0, DISPATCH_LEVEL},
                [RECEIVE] = {"FilterReceiveNetBufferLists", 0, DISPATCH_LEVEL},
                [RETURN] = {"FilterReturnNetBufferLists", 0, DISPATCH_LEVEL},
                [CANCEL_SEND] = {"FilterCancelSendNetBufferLists", 0, DISPATCH_LEVEL},
                [OID] = {"FilterOidRequest", 0, PASSIVE_LEVEL},
                [OID_COMPLETE] = {"FilterOidRequestComplete", 0, DISPATCH_LEVEL},
                [CANCEL_OID] = {"FilterCancelOidRequest", 0, DISPATCH_LEVEL},
                [DIRECT_OID] = {"FilterDirectOidRequest", 0, DISPATCH_LEVEL},
                [DIRECT_OID_COMPLETE] = {"FilterDirectOidRequestComplete", 0, DISPATCH_LEVEL},
                [CANCEL_DIRECT_OID] = {"FilterCancelDirectOidRequest", 0, DISPATCH_LEVEL},
                [SYNCHRONOUS_OID] = {"FilterSynchronousOidRequest", 0, DISPATCH_LEVEL},
                [SYNCHRONOUS_OID_COMPLETE] = {"FilterSynchronousOidRequestComplete", 0,
                    DISPATCH_LEVEL},
                [STATUS] = {"FilterStatus", 0, DISPATCH_LEVEL},
                [PAUSE] = {"FilterPause", 0, PASSIVE_LEVEL},
                [RESTART] = {"FilterRestart", 0, PASSIVE_LEVEL},
                [NETWORK_EVENT] = {"FilterNetPnPEvent", 0, PASSIVE_LEVEL},
                [DEVICE_EVENT] = {"FilterDevicePnPEventNotify", 0, PASSIVE_LEVEL},
            },
        [MODULE_MINIPORT] =
            {
                [SEND] = {"MiniportSendNetBufferLists", 0, DISPATCH_LEVEL},
                [RETURN] = {"MiniportReturnNetBufferLists", 0, DISPATCH_LEVEL},
                [CANCEL_SEND] = {"MiniportCancelSend", 0, DISPATCH_LEVEL},
                [OID] = {"MiniportOidRequest", 0, PASSIVE_LEVEL},
                [CANCEL_OID] = {"MiniportCancelOidRequest", 0, DISPATCH_LEVEL},
                [DIRECT_OID] = {"MiniportDirectOidRequest", 0, DISPATCH_LEVEL},
                [CANCEL_DIRECT_OID] = {"MiniportCancelDirectOidRequest", 0, DISPATCH_LEVEL},
                [SYNCHRONOUS_OID] = {"MiniportSynchronousOidRequest", 0, DISPATCH_LEVEL},
                [PAUSE] = {"MiniportPause", 0, PASSIVE_LEVEL},
                [RESTART] = {"MiniportRestart", 0, PASSIVE_LEVEL},
                [DEVICE_EVENT] = {"MiniportDevicePnPEventNotify", 0, PASSIVE_LEVEL},
            },
};

static inline __attribute__((always_inline)) void
run_send(struct module *to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    struct out out;

    chain = out_begin_chain(&out, to->driver, to, &handlers[to->kind][SEND], WORD(to->path.send),
        ARGS(WORD(to->context), WORD(chain), port, flags));
    to->path.send(to->context, chain, port, flags);
    out_end(&out, 0);
}

OUT_LOWERED(lowered_send, run_send,
    (struct module * to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags),
    (to, chain, port, flags))

void
call_send(struct module *to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    if (__builtin_expect(to->core != NULL, 0)) {
        to->path.send(to, chain, port, flags | CALL_AT_DISPATCH);
        return;
    }
    if (__builtin_expect(!(flags & CALL_AT_DISPATCH), 0))
        lowered_send(to, chain, port, flags);
    else
        run_send(to, chain, port, flags);
}

static inline __attribute__((always_inline)) void
run_send_complete(struct module *to, PNET_BUFFER_LIST chain, ULONG flags)
{
    struct out out;

    chain = out_begin_chain(&out, to->driver, to, &handlers[to->kind][SEND_COMPLETE],
        WORD(to->path.send_complete), ARGS(WORD(to->context), WORD(chain), flags));
    to->path.send_complete(to->context, chain, flags);
    out_end(&out, 0);
}

OUT_LOWERED(lowered_send_complete, run_send_complete,
    (struct module * to, PNET_BUFFER_LIST chain, ULONG flags), (to, chain, flags))

void
call_send_complete(struct module *to, PNET_BUFFER_LIST chain, ULONG flags)
{
    if (__builtin_expect(to->core != NULL, 0)) {
        to->path.send_complete(to, chain, flags | CALL_AT_DISPATCH);
        return;
    }
    if (__builtin_expect(!(flags & CALL_AT_DISPATCH), 0))
        lowered_send_complete(to, chain, flags);
    else
        run_send_complete(to, chain, flags);
}

static inline __attribute__((always_inline)) void
run_receive(
    struct module *to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    struct out out;

    chain = out_begin_chain(&out, to->driver, to, &handlers[to->kind][RECEIVE],
        WORD(to->path.receive), ARGS(WORD(to->context), WORD(chain), port, count, flags));
    to->path.receive(to->context, chain, port, count, flags);
    out_end(&out, 0);
}

OUT_LOWERED(lowered_receive, run_receive,
    (struct module * to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags),
    (to, chain, port, count, flags))

void
call_receive(
    struct module *to, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    if (__builtin_expect(to->core != NULL, 0)) {
        to->path.receive(to, chain, port, count, flags | CALL_AT_DISPATCH);
        return;
    }
    if (__builtin_expect(!(flags & CALL_AT_DISPATCH), 0))
        lowered_receive(to, chain, port, count, flags);
    else
        run_receive(to, chain, port, count, flags);
}

static inline __attribute__((always_inline)) void
run_return(struct module *to, PNET_BUFFER_LIST chain, ULONG flags)
{
    struct out out;

    chain = out_begin_chain(&out, to->driver, to, &handlers[to->kind][RETURN],
        WORD(to->path.give_back), ARGS(WORD(to->context), WORD(chain), flags));
    to->path.give_back(to->context, chain, flags);
    out_end(&out, 0);
}

OUT_LOWERED(lowered_return, run_return, (struct module * to, PNET_BUFFER_LIST chain, ULONG flags),
    (to, chain, flags))

void
call_return(struct module *to, PNET_BUFFER_LIST chain, ULONG flags)
{
    if (__builtin_expect(to->core != NULL, 0)) {
        to->path.give_back(to, chain, flags | CALL_AT_DISPATCH);
        return;
    }
    if (__builtin_expect(!(flags & CALL_AT_DISPATCH), 0))
        lowered_return(to, chain, flags);
    else
        run_return(to, chain, flags);
}

void
call_cancel_send(struct module *to, PVOID cancel_id)
{
    VOID (*cancel)(NDIS_HANDLE, PVOID) = __atomic_load_n(&to->path.cancel_send, __ATOMIC_RELAXED);
    struct out out;

    if (!cancel) /* a filter chose so meanwhile */
        return;
    if (to->core) {
        cancel(to, cancel_id);
        return;
    }
    out_begin(&out, to->driver, to, &handlers[to->kind][CANCEL_SEND], WORD(cancel),
        ARGS(WORD(to->context), WORD(cancel_id)));
    cancel(to->context, cancel_id);
    out_end(&out, 0);
}

/* Filters and miniports have the same signature. */
NDIS_STATUS
call_oid_request(struct module *to, PNDIS_OID_REQUEST request, bool direct)
{
    struct ndis_driver *driver = to->registration;
    FILTER_OID_REQUEST_HANDLER handler;
    struct out out;
    NDIS_STATUS status;

    if (to->core)
        return direct ? NDIS_STATUS_NOT_SUPPORTED : to->core->oid_request(to, request);
    if (to->kind == MODULE_FILTER)
        handler =
            direct ? driver->filter.DirectOidRequestHandler : driver->filter.OidRequestHandler;
    else
        handler =
            direct ? driver->miniport.DirectOidRequestHandler : driver->miniport.OidRequestHandler;
    out_begin(&out, to->driver, to, &handlers[to->kind][direct ? DIRECT_OID : OID], WORD(handler),
        ARGS(WORD(to->context), WORD(request)));
    status = handler(to->context, out_subject(&out, request));
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_oid_complete(struct module *to, PNDIS_OID_REQUEST request, NDIS_STATUS status, bool direct)
{
    struct ndis_driver *driver = to->registration;
    FILTER_OID_REQUEST_COMPLETE_HANDLER handler;
    struct out out;

    if (to->core) {
        to->core->oid_complete(to, request, status);
        return;
    }
    if (to->kind == MODULE_FILTER)
        handler = direct ? driver->filter.DirectOidRequestCompleteHandler
                         : driver->filter.OidRequestCompleteHandler;
    else
        handler = direct ? driver->protocol.DirectOidRequestCompleteHandler
                         : driver->protocol.OidRequestCompleteHandler;
    out_begin(&out, to->driver, to,
        &handlers[to->kind][direct ? DIRECT_OID_COMPLETE : OID_COMPLETE], WORD(handler),
        ARGS(WORD(to->context), WORD(request), (uint32_t)status));
    handler(to->context, out_subject(&out, request), status);
    out_end(&out, 0);
}

void
call_cancel_oid(struct module *to, PVOID request_id, bool direct)
{
    struct ndis_driver *driver = to->registration;
    FILTER_CANCEL_OID_REQUEST_HANDLER handler;
    struct out out;

    if (to->core)
        return; /* NDIS 5 cancels no requests */
    if (to->kind == MODULE_FILTER)
        handler = direct ? driver->filter.CancelDirectOidRequestHandler
                         : driver->filter.CancelOidRequestHandler;
    else
        handler = direct ? driver->miniport.CancelDirectOidRequestHandler
                         : driver->miniport.CancelOidRequestHandler;
    if (!handler)
        return;
    out_begin(&out, to->driver, to, &handlers[to->kind][direct ? CANCEL_DIRECT_OID : CANCEL_OID],
        WORD(handler), ARGS(WORD(to->context), WORD(request_id)));
    handler(to->context, request_id);
    out_end(&out, 0);
}

NDIS_STATUS
call_synchronous_oid(struct module *to, PNDIS_OID_REQUEST request, PVOID *slot)
{
    struct ndis_driver *driver = to->registration;
    bool filter = to->kind == MODULE_FILTER;
    struct out out;
    NDIS_STATUS status;

    out_begin(&out, to->driver, to, &handlers[to->kind][SYNCHRONOUS_OID],
        filter ? WORD(driver->filter.SynchronousOidRequestHandler)
               : WORD(driver->miniport.SynchronousOidRequestHandler),
        ARGS(WORD(to->context), WORD(request), WORD(slot)));
    request = out_subject(&out, request);
    status = filter ? driver->filter.SynchronousOidRequestHandler(to->context, request, slot)
                    : driver->miniport.SynchronousOidRequestHandler(to->context, request);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_synchronous_oid_complete(
    struct module *to, PNDIS_OID_REQUEST request, NDIS_STATUS *status, PVOID slot)
{
    struct ndis_driver *driver = to->registration;
    struct out out;

    out_begin(&out, to->driver, to, &handlers[to->kind][SYNCHRONOUS_OID_COMPLETE],
        WORD(driver->filter.SynchronousOidRequestCompleteHandler),
        ARGS(WORD(to->context), WORD(request), WORD(status), WORD(slot)));
    driver->filter.SynchronousOidRequestCompleteHandler(
        to->context, out_subject(&out, request), status, slot);
    out_end(&out, 0);
}

void
call_status(struct module *to, PNDIS_STATUS_INDICATION indication)
{
    struct ndis_driver *driver = to->registration;
    FILTER_STATUS_HANDLER handler =
        to->kind == MODULE_FILTER ? driver->filter.StatusHandler : driver->protocol.StatusHandlerEx;
    struct out out;

    if (to->core) {
        to->core->status(to, indication);
        return;
    }
    if (!handler)
        return;
    out_begin(&out, to->driver, to, &handlers[to->kind][STATUS], WORD(handler),
        ARGS(WORD(to->context), WORD(indication)));
    handler(to->context, out_subject(&out, indication));
    out_end(&out, 0);
}

NDIS_STATUS
call_pause(struct module *to, void *parameters)
{
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    if (to->core)
        return to->core->pause(to);
    out_begin(&out, to->driver, to, &handlers[to->kind][PAUSE],
        to->kind == MODULE_FILTER ? WORD(driver->filter.PauseHandler)
                                  : WORD(driver->miniport.PauseHandler),
        ARGS(WORD(to->context), WORD(parameters)));
    status = to->kind == MODULE_FILTER ? driver->filter.PauseHandler(to->context, parameters)
                                       : driver->miniport.PauseHandler(to->context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_restart(struct module *to, void *parameters)
{
    struct ndis_driver *driver = to->registration;
    struct out out;
    NDIS_STATUS status;

    if (to->core)
        return to->core->restart(to);
    out_begin(&out, to->driver, to, &handlers[to->kind][RESTART],
        to->kind == MODULE_FILTER ? WORD(driver->filter.RestartHandler)
                                  : WORD(driver->miniport.RestartHandler),
        ARGS(WORD(to->context), WORD(parameters)));
    status = to->kind == MODULE_FILTER ? driver->filter.RestartHandler(to->context, parameters)
                                       : driver->miniport.RestartHandler(to->context, parameters);
    out_end(&out, (uint32_t)status);
    return status;
}

NDIS_STATUS
call_net_pnp_event(struct module *to, PNET_PNP_EVENT_NOTIFICATION event)
{
    struct ndis_driver *driver = to->registration;
    FILTER_NET_PNP_EVENT_HANDLER handler = to->kind == MODULE_FILTER
                                               ? driver->filter.NetPnPEventHandler
                                               : driver->protocol.NetPnPEventHandler;
    struct out out;
    NDIS_STATUS status;

    if (to->core)
        return to->core->net_pnp_event(to, event);
    if (!handler)
        return NDIS_STATUS_SUCCESS;
    out_begin(&out, to->driver, to, &handlers[to->kind][NETWORK_EVENT], WORD(handler),
        ARGS(WORD(to->context), WORD(event)));
    status = handler(to->context, event);
    out_end(&out, (uint32_t)status);
    return status;
}

void
call_device_pnp_event(struct module *to, PNET_DEVICE_PNP_EVENT event)
{
    struct ndis_driver *driver = to->registration;
    FILTER_DEVICE_PNP_EVENT_NOTIFY_HANDLER handler =
        to->kind == MODULE_FILTER ? driver->filter.DevicePnPEventNotifyHandler
                                  : driver->miniport.DevicePnPEventNotifyHandler;
    struct out out;

    if (to->core) {
        to->core->device_pnp_event(to, event);
        return;
    }
    if (!handler)
        return;
    out_begin(&out, to->driver, to, &handlers[to->kind][DEVICE_EVENT], WORD(handler),
        ARGS(WORD(to->context), WORD(event)));
    handler(to->context, event);
    out_end(&out, 0);
}
