/* SPDX-License-Identifier: MIT */
/* Device power states of an adapter.
 *
 *     to sleep: NetEventQueryPower, OID_PNP_QUERY_POWER: may it?
 *               NetEventSetPower; the stack pauses; OID_PNP_SET_POWER, or the miniport halts
 *     to D0:    OID_PNP_SET_POWER, or the miniport is initialized; the stack restarts;
 *               NetEventSetPower
 *
 * A miniport that says nothing of power management in its attributes knows no power states: it is
 * halted while its device sleeps, and its filters and bindings stay. A stack that was paused before
 * is paused afterwards. A protocol that answers NetEventSetPower with NDIS_STATUS_NOT_SUPPORTED is
 * unbound.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/lifecycle/reset.h"
#include "ndis/path/audience.h"
#include "ndis/path/oid.h"
#include "ndis/path/operation.h"

static NDIS_STATUS
tell_layers(struct adapter *adapter, NET_PNP_EVENT_CODE code, NDIS_DEVICE_POWER_STATE state)
{
    /* The two enumerations agree. */
    NET_DEVICE_POWER_STATE buffer = (NET_DEVICE_POWER_STATE)state;
    NET_PNP_EVENT_NOTIFICATION event = {0};

    event.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NET_PNP_EVENT_NOTIFICATION_REVISION_1, NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1};
    event.NetPnPEvent.NetEvent = code;
    event.NetPnPEvent.Buffer = &buffer;
    event.NetPnPEvent.BufferLength = sizeof(buffer);
    return event_above(adapter->miniport, &event);
}

static NDIS_STATUS
ask_miniport(
    struct adapter *adapter, NDIS_REQUEST_TYPE type, NDIS_OID oid, NDIS_DEVICE_POWER_STATE state)
{
    NDIS_OID_REQUEST *request =
        object_create(adapter->machine, OBJECT_OID_REQUEST, sizeof(*request));
    NDIS_STATUS status;

    if (!request)
        return NDIS_STATUS_RESOURCES;
    request->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
        NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
    request->RequestType = type;
    request->DATA.SET_INFORMATION.Oid = oid;
    request->DATA.SET_INFORMATION.InformationBuffer = &state;
    request->DATA.SET_INFORMATION.InformationBufferLength = sizeof(state);
    status = oid_run(adapter, request);
    object_destroy(request);
    return status;
}

static bool
knows_power(const struct adapter *adapter)
{
    ULONG flag = adapter->miniport->registration->major < 6
                     ? NDIS_ATTRIBUTE_NO_HALT_ON_SUSPEND
                     : NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND;

    return adapter->knows_power || (adapter->registration.AttributeFlags & flag);
}

static bool
knows_630(const struct module *module)
{
    return module->registration->major == 6 && module->registration->minor >= 30;
}

/* From NDIS 6.30 on a miniport may ask that its stack is not paused, if all layers are so new. */
static bool
goes_unpaused(const struct adapter *adapter)
{
    if (!knows_power(adapter) || adapter->miniport->core ||
        !(adapter->registration.AttributeFlags & NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND))
        return false;
    for (const struct module *m = adapter->top; m; m = m->lower)
        if (!knows_630(m))
            return false;
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        if (!knows_630(CONTAINING_RECORD(e, struct module, link)))
            return false;
    return true;
}

/* Protocols that know no power states leave. */
static void
unbind_old(struct adapter *adapter)
{
    LIST_ENTRY *next;

    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = next) {
        struct module *binding = CONTAINING_RECORD(e, struct module, link);

        next = e->Flink;
        if (binding->event_answer == NDIS_STATUS_NOT_SUPPORTED)
            binding_remove(binding);
    }
}

static void
set_power(struct adapter *adapter, NDIS_DEVICE_POWER_STATE state)
{
    __atomic_store_n(&adapter->power, state, __ATOMIC_RELEASE);
    operation_changed(adapter);
}

static void
watch_for_hangs(struct module *miniport, bool on)
{
    if (miniport->legacy)
        legacy_watch(miniport, on);
    else if (on)
        reset_watch(miniport);
    else
        reset_end(miniport);
}

static NDIS_STATUS
restart(struct adapter *adapter)
{
    bool restarts = adapter->power_paused;

    adapter->power_paused = false;
    return restarts ? adapter_restart(adapter) : NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
wake(struct adapter *adapter)
{
    NDIS_STATUS status;

    if (adapter->power_halted)
        status = adapter_initialize_again(adapter);
    else
        status =
            ask_miniport(adapter, NdisRequestSetInformation, OID_PNP_SET_POWER, NdisDeviceStateD0);
    adapter->power_failed = status != NDIS_STATUS_SUCCESS;
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    adapter->power_halted = false;
    set_power(adapter, NdisDeviceStateD0);
    audience_restore(adapter);
    watch_for_hangs(adapter->miniport, true);
    status = restart(adapter);
    tell_layers(adapter, NetEventSetPower, NdisDeviceStateD0);
    return status;
}

/* NDIS_STATUS_NOT_SUPPORTED is no refusal: an old protocol is unbound. */
static NDIS_STATUS
query(struct adapter *adapter, NDIS_DEVICE_POWER_STATE state)
{
    NDIS_STATUS status = tell_layers(adapter, NetEventQueryPower, state);

    if (status == NDIS_STATUS_NOT_SUPPORTED)
        status = NDIS_STATUS_SUCCESS;
    if (status == NDIS_STATUS_SUCCESS && knows_power(adapter))
        status = ask_miniport(adapter, NdisRequestQueryInformation, OID_PNP_QUERY_POWER, state);
    if (status != NDIS_STATUS_SUCCESS)
        tell_layers(adapter, NetEventSetPower, NdisDeviceStateD0);
    return status;
}

static NDIS_STATUS
sleep(struct adapter *adapter, NDIS_DEVICE_POWER_STATE state)
{
    NDIS_STATUS status = query(adapter, state);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    tell_layers(adapter, NetEventSetPower, state);
    unbind_old(adapter);
    if (adapter->running && !goes_unpaused(adapter)) {
        adapter_pause(adapter);
        adapter->power_paused = true;
    }
    watch_for_hangs(adapter->miniport, false);
    set_power(adapter, state);
    if (!knows_power(adapter)) {
        adapter->power_halted = true;
        adapter_halt_asleep(adapter);
        return NDIS_STATUS_SUCCESS;
    }
    status = ask_miniport(adapter, NdisRequestSetInformation, OID_PNP_SET_POWER, state);
    if (status == NDIS_STATUS_SUCCESS)
        return status;
    set_power(adapter, NdisDeviceStateD0);
    watch_for_hangs(adapter->miniport, true);
    restart(adapter);
    tell_layers(adapter, NetEventSetPower, NdisDeviceStateD0);
    return status;
}

NDIS_STATUS
adapter_power(struct adapter *adapter, NDIS_DEVICE_POWER_STATE state)
{
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    adapter_begin(adapter);
    if (!adapter->miniport)
        status = NDIS_STATUS_ADAPTER_NOT_READY;
    else if (adapter_sleeps(adapter) && state > NdisDeviceStateD0)
        status = adapter->power == state ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INVALID_STATE;
    else if (adapter_sleeps(adapter))
        status = wake(adapter);
    else if (state > NdisDeviceStateD0)
        status = sleep(adapter, state);
    adapter_end(adapter);
    return status;
}
