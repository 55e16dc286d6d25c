/* SPDX-License-Identifier: MIT */
/* PnP events that filters pass along: device events downwards to the miniport, network events
 * upwards to the protocols.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"

/* Filters pass them on themselves. */
static bool
hears_device_events(const struct module *module)
{
    return module->kind == MODULE_MINIPORT ||
           module->registration->filter.DevicePnPEventNotifyHandler;
}

/* @module: counted. */
static void
tell_device_event(struct module *module, PNET_DEVICE_PNP_EVENT event)
{
    call_device_pnp_event(module, event);
    module_let_go(module);
}

void
device_event(struct adapter *adapter, NDIS_DEVICE_PNP_EVENT event)
{
    NET_DEVICE_PNP_EVENT notification = {0};

    notification.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NET_DEVICE_PNP_EVENT_REVISION_1, NDIS_SIZEOF_NET_DEVICE_PNP_EVENT_REVISION_1};
    notification.DevicePnPEvent = event;
    tell_device_event(stack_find(adapter, hears_device_events), &notification);
}

/*
 * NdisFDevicePnPEventNotify - a filter passes a device event down
 *
 * @NdisFilterHandle:     as given to FilterAttach.
 * @NetDevicePnPEvent:    as given to FilterDevicePnPEventNotify, or the filter's own.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: stays with the caller.
 * Errors:    none.
 * Source:    NF:ndis.NdisFDevicePnPEventNotify
 */
VOID
NdisFDevicePnPEventNotify(NDIS_HANDLE NdisFilterHandle, PNET_DEVICE_PNP_EVENT NetDevicePnPEvent)
{
    struct module *filter = path_module(NdisFilterHandle, MODULE_FILTER, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    tell_device_event(stack_find_below(filter, hears_device_events), NetDevicePnPEvent);
}

NDIS_STATUS
event_at(struct module *binding, PNET_PNP_EVENT_NOTIFICATION event)
{
    operation_begin(&binding->operation, "ProtocolNetPnPEvent");
    binding->event = &event->NetPnPEvent;
    binding->event_answer = operation_wait(
        binding->machine, &binding->operation, binding, call_net_pnp_event(binding, event));
    binding->event = NULL;
    return binding->event_answer;
}

static NDIS_STATUS
event_to_protocols(struct adapter *adapter, PNET_PNP_EVENT_NOTIFICATION event)
{
    NDIS_STATUS status = NDIS_STATUS_SUCCESS, answer;

    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink) {
        answer = event_at(CONTAINING_RECORD(e, struct module, link), event);
        if (status == NDIS_STATUS_SUCCESS)
            status = answer;
    }
    return status;
}

static bool
hears_network_events(const struct module *filter)
{
    return filter->registration->filter.NetPnPEventHandler;
}

/* Up from @module: the first filter that takes network events, else every protocol. Bindings do
 * not come or go meanwhile. */
NDIS_STATUS
event_above(struct module *module, PNET_PNP_EVENT_NOTIFICATION event)
{
    struct module *filter = stack_find_above(module, hears_network_events);
    struct adapter *adapter = module->adapter;
    NDIS_STATUS status;

    if (filter) {
        status = call_net_pnp_event(filter, event);
        module_let_go(filter);
        return status;
    }
    adapter_begin(adapter);
    status = event_to_protocols(adapter, event);
    adapter_end(adapter);
    return status;
}

/*
 * NdisFNetPnPEvent - a filter passes a network event up
 *
 * @NdisFilterHandle:        as given to FilterAttach.
 * @NetPnPEventNotification: as given to FilterNetPnPEvent, or the filter's own.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: stays with the caller; protocols that pend are waited for.
 * Errors:    the first failure of a layer above.
 * Source:    NF:ndis.NdisFNetPnPEvent
 */
NDIS_STATUS
NdisFNetPnPEvent(NDIS_HANDLE NdisFilterHandle, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return event_above(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), NetPnPEventNotification);
}

/*
 * NdisMNetPnPEvent - a miniport passes a network event up
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @NetPnPEventNotification: the event. Of the miniport's own: NetEventPortActivation with a list of
 *                         NDIS_PORTs, NetEventPortDeactivation with an array of port numbers.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: stays with the caller; protocols that pend are waited for. The default port brings the
 *            bindings: they are made on another thread, and closed before this returns.
 * Errors:    the first failure of a layer above; of port events NDIS_STATUS_INVALID_PARAMETER
 *            without ports, NDIS_STATUS_INVALID_PORT, NDIS_STATUS_INVALID_PORT_STATE,
 *            NDIS_STATUS_RESOURCES, and then no port has changed.
 * Source:    NF:ndis.NdisMNetPnPEvent
 */
NDIS_STATUS
NdisMNetPnPEvent(
    NDIS_HANDLE MiniportAdapterHandle, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    NDIS_STATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (port_event(miniport, NetPnPEventNotification, &status))
        return status;
    return event_above(miniport, NetPnPEventNotification);
}
