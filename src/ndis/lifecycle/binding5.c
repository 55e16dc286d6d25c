/* SPDX-License-Identifier: MIT */
/* Bindings of NDIS 3 to 5.1 protocols.
 *
 *     ProtocolBindAdapter -> NdisOpenAdapter -> running
 *     ProtocolUnbindAdapter -> NdisCloseAdapter
 *
 * They hear nothing of pause and restart: NDIS waits until everything is back. NDIS 3 protocols
 * have no ProtocolBindAdapter and open an adapter by its name, whenever they like; others may too.
 */
#include "ndis/connection/wan.h"
#include "ndis/lifecycle/bind.h"
#include "ndis/lifecycle/hang.h"
#include "ndis/packet/carrier.h"
#include "ndis/path/path.h"
#include "ndis/path/protocol5.h"
#include "ndis/stack/call_protocol.h"

/* Whoever has what is out has the machine's patience to give it back. */
static void
settle(struct module *binding, const char *what)
{
    struct undis *machine = binding->machine;
    struct module_operation operation = {.word = 1, .status = NDIS_STATUS_PENDING, .name = what};

    operation.since = executive_now(machine->executive);
    if (!protocol5_settle(binding, operation.since + machine->patience))
        hang_report(machine, binding, &operation);
}

/* NDIS 6 asks a protocol to pause and tells it of a restart; the core does that for it. */
static NDIS_STATUS
net_pnp_event(struct module *binding, PNET_PNP_EVENT_NOTIFICATION event)
{
    if (event->NetPnPEvent.NetEvent == NetEventPause) {
        settle(binding, "the pause of a protocol of NDIS 5");
        return NDIS_STATUS_SUCCESS;
    }
    if (event->NetPnPEvent.NetEvent == NetEventRestart)
        return NDIS_STATUS_SUCCESS;
    if (event->NetPnPEvent.NetEvent > NetEventPause)
        return NDIS_STATUS_NOT_SUPPORTED; /* events of NDIS 6 */
    return call_protocol_pnp_event(binding, &event->NetPnPEvent);
}

static const struct module_core core = {
    .oid_complete = protocol5_oid_complete,
    .status = protocol5_status,
    .net_pnp_event = net_pnp_event,
    .unbind = call_unbind_adapter,
    .open_complete = call_open_adapter_complete,
    .close_complete = call_close_adapter_complete,
    .lookahead = protocol5_lookahead,
    .lookahead_end = protocol5_lookahead_end,
    .transfer_complete = protocol5_transfer_complete,
};

NDIS_STATUS
bind5_call(struct bind *bind, UNICODE_STRING *section)
{
    if (!bind->registration->protocol5.BindAdapterHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    return call_bind_adapter(
        bind->registration, bind, (PNDIS_STRING)&bind->adapter->device_name, section);
}

static void
end(struct module *binding)
{
    struct binding5 *own = binding->binding5;

    if (own->packets)
        carrier_pool_destroy(own->packets);
    if (own->wrappers)
        wrapper_pool_destroy(own->wrappers);
    machine_free(binding->machine, own->lanes);
    machine_free(binding->machine, own);
    binding->binding5 = NULL;
}

/* What NDIS 5 macros call through a binding's handle. */
static void
fill_block(struct module *binding)
{
    NDIS_OPEN_BLOCK *open = &binding->open;

    open->MacHandle = open->BindingHandle = binding;
    open->MiniportHandle = &binding->adapter->miniport->block;
    open->ProtocolBindingContext = binding->context;
    open->BindDeviceName = open->RootDeviceName = (PNDIS_STRING)&binding->adapter->device_name;
    open->SendHandler = protocol5_send;
    open->SendPacketsHandler = NdisSendPackets;
    open->TransferDataHandler = protocol5_transfer;
    open->RequestHandler = protocol5_request;
    open->ResetHandler = protocol5_reset;
}

static bool
prepare(struct module *binding)
{
    struct undis *machine = binding->machine;
    struct binding5 *own = machine_alloc(machine, sizeof(*own));

    if (!own)
        return false;
    binding->binding5 = own;
    binding->end = end;
    own->lanes = machine_alloc(machine, machine->processor_count * sizeof(*own->lanes));
    own->wrappers = wrapper_pool_create();
    own->packets = carrier_pool_create();
    if (!own->lanes || !own->wrappers || !own->packets)
        return false;
    own->connected = binding->adapter->link_state.MediaConnectState == MediaConnectStateConnected;
    binding->core = &core;
    binding->path.send_complete = protocol5_send_complete;
    binding->path.receive = protocol5_receive;
    fill_block(binding);
    wan_binding(binding);
    return true;
}

static struct adapter *
adapter_named(struct undis *machine, PNDIS_STRING name)
{
    struct adapter *found = NULL;

    executive_lock(machine->executive, &machine->ndis->lock);
    for (LIST_ENTRY *e = machine->ndis->adapters.Flink; e != &machine->ndis->adapters;
         e = e->Flink) {
        struct adapter *each = CONTAINING_RECORD(e, struct adapter, link);

        if (RtlEqualUnicodeString(&each->device_name, (PUNICODE_STRING)name, TRUE))
            found = each;
    }
    executive_unlock(machine->executive, &machine->ndis->lock);
    return found;
}

/* The adapter is opened by name, without a ProtocolBindAdapter: the binding runs when it does. */
static NDIS_STATUS
open_by_name(struct adapter *adapter, struct ndis_driver *registration, NDIS_HANDLE context,
    struct module **opened)
{
    NDIS_STATUS status = NDIS_STATUS_RESOURCES;
    struct bind *bind;

    adapter_begin(adapter);
    bind = bind_create(adapter, registration);
    *opened = bind ? bind_open(bind, context, prepare) : NULL;
    if (*opened) {
        module_set_state(*opened, MODULE_PAUSED);
        status = adapter->running ? module_restart(*opened, adapter->restart_attributes)
                                  : NDIS_STATUS_SUCCESS;
    } else if (bind) {
        bind_destroy(bind);
    }
    adapter_end(adapter);
    return status;
}

static NDIS_STATUS
open_adapter(struct adapter *adapter, struct ndis_driver *registration, NDIS_HANDLE context,
    struct module **opened)
{
    struct bind *bind = adapter->binding_now;

    if (!bind || bind->registration != registration || bind->module)
        return open_by_name(adapter, registration, context, opened);
    *opened = bind_open(bind, context, prepare);
    return *opened ? bind_opened(*opened) : NDIS_STATUS_RESOURCES;
}

/*
 * NdisOpenAdapter - a protocol opens an adapter
 *
 * @Status:                 NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING or why not.
 * @OpenErrorStatus:        more about why not.
 * @NdisBindingHandle:      gets the binding handle.
 * @SelectedMediumIndex:    gets the index of the adapter's medium in @MediumArray.
 * @MediumArray:            media that the protocol takes.
 * @MediumArraySize:        how many.
 * @NdisProtocolHandle:     from NdisRegisterProtocol.
 * @ProtocolBindingContext: what its handlers will get.
 * @AdapterName:            as given to ProtocolBindAdapter, or known from elsewhere.
 * @OpenOptions:            for the miniport; no miniport since NDIS 3 gets them.
 * @AddressingInformation:  the same.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the binding lasts until NdisCloseAdapter.
 * Errors:    NDIS_STATUS_ADAPTER_NOT_FOUND, NDIS_STATUS_UNSUPPORTED_MEDIA, NDIS_STATUS_RESOURCES;
 *            NDIS_STATUS_PENDING (by choice, or verified): ProtocolOpenAdapterComplete follows.
 * Source:    NF:ndis.NdisOpenAdapter
 */
VOID
NdisOpenAdapter(PNDIS_STATUS Status, PNDIS_STATUS OpenErrorStatus, PNDIS_HANDLE NdisBindingHandle,
    PUINT SelectedMediumIndex, PNDIS_MEDIUM MediumArray, UINT MediumArraySize,
    NDIS_HANDLE NdisProtocolHandle, NDIS_HANDLE ProtocolBindingContext, PNDIS_STRING AdapterName,
    UINT OpenOptions, PSTRING AddressingInformation)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisProtocolHandle, OBJECT_PROTOCOL_DRIVER, __func__);
    struct adapter *adapter = adapter_named(machine_self(), AdapterName);
    struct module *opened = NULL;
    int medium;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    UNREFERENCED_PARAMETER(OpenOptions);
    UNREFERENCED_PARAMETER(AddressingInformation);
    *Status = *OpenErrorStatus = NDIS_STATUS_ADAPTER_NOT_FOUND;
    if (!adapter || !adapter->miniport || adapter->secondary)
        return;
    medium = bind_medium(MediumArray, MediumArraySize, adapter->general.MediaType);
    *Status = *OpenErrorStatus = NDIS_STATUS_UNSUPPORTED_MEDIA;
    if (medium < 0)
        return;
    *SelectedMediumIndex = (UINT)medium;
    *Status = *OpenErrorStatus =
        open_adapter(adapter, registration, ProtocolBindingContext, &opened);
    if (opened)
        *NdisBindingHandle = opened;
}

/* Closed by the protocol itself, without a ProtocolUnbindAdapter. */
static NDIS_STATUS
close_by_itself(struct module *binding)
{
    struct adapter *adapter = binding->adapter;
    struct bind *bind = binding->bind_context;
    NDIS_STATUS status;

    adapter_begin(adapter);
    module_pause(binding);
    status = bind_close(binding);
    adapter_end(adapter);
    bind_destroy(bind);
    return status;
}

/*
 * NdisCloseAdapter - a protocol closes its binding
 *
 * @Status:            NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING.
 * @NdisBindingHandle: from NdisOpenAdapter.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: waits until everything of the binding is back; the handle is dead afterwards.
 * Errors:    NDIS_STATUS_PENDING (NDIS_STATUS_SUCCESS by choice only): ProtocolCloseAdapterComplete
 *            follows.
 * Source:    NF:ndis.NdisCloseAdapter
 */
VOID
NdisCloseAdapter(PNDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle)
{
    struct module *binding = protocol5_of(NdisBindingHandle, __func__);
    const struct bind *bind = binding->bind_context;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!bind->closing && binding->adapter->binding_now != bind) {
        *Status = close_by_itself(binding);
        return;
    }
    settle(binding, "NdisCloseAdapter");
    *Status = bind_close(binding);
}

/*
 * NdisCompleteBindAdapter - a protocol answers a bind it had pended
 *
 * @BindAdapterContext: as given to ProtocolBindAdapter.
 * @Status:             final.
 * @OpenStatus:         what NdisOpenAdapter said, for the log when @Status is a failure.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending bind it is a bug check.
 * Source:    ddk3790:NdisXC_35043695-9f21-40c9-adf0-8943cee2d7c5.xml.htm
 */
VOID
NdisCompleteBindAdapter(NDIS_HANDLE BindAdapterContext, NDIS_STATUS Status, NDIS_STATUS OpenStatus)
{
    static const struct completion call = {
        "NdisCompleteBindAdapter", "st-p-bind-complete-once", "ProtocolBindAdapterEx"};

    gate_require_irql(PASSIVE_LEVEL, __func__);
    UNREFERENCED_PARAMETER(OpenStatus);
    bind_completes(BindAdapterContext, &call, Status);
}

/*
 * NdisCompleteUnbindAdapter - a protocol finishes an unbind it had pended
 *
 * @UnbindAdapterContext: as given to ProtocolUnbindAdapter.
 * @Status:               final.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the binding must be closed.
 * Errors:    none; without a pending unbind it is a bug check.
 * Source:    ddk3790:NdisXC_4b01a50b-250f-4b1e-95ab-89361605a455.xml.htm
 */
VOID
NdisCompleteUnbindAdapter(NDIS_HANDLE UnbindAdapterContext, NDIS_STATUS Status)
{
    static const struct completion call = {
        "NdisCompleteUnbindAdapter", "st-p-unbind-close", "ProtocolUnbindAdapterEx"};

    gate_require_irql(PASSIVE_LEVEL, __func__);
    bind_completes(UnbindAdapterContext, &call, Status);
}

/*
 * NdisCompletePnPEvent - a protocol answers a PnP event it had pended
 *
 * @Status:            final.
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @NetPnPEvent:       as given to ProtocolPnPEvent.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the event goes back to NDIS.
 * Errors:    none; another event than the pending one is a bug check.
 * Source:    ddk3790:NdisXC_290e3535-a1f9-40bc-906d-049b810e86b2.xml.htm
 */
VOID
NdisCompletePnPEvent(NDIS_STATUS Status, NDIS_HANDLE NdisBindingHandle, PNET_PNP_EVENT NetPnPEvent)
{
    static const struct completion call = {
        "NdisCompletePnPEvent", "st-p-pnpevent-complete-once", "ProtocolNetPnPEvent"};
    struct module *binding = protocol5_of(NdisBindingHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    event_completes(binding, &call, NetPnPEvent, Status);
}

/*
 * NdisGetDriverHandle - tells the driver of the adapter under a binding
 *
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @NdisDriverHandle:  the same for all adapters of a driver, good for comparing only.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXG_H_9e3dee67-cd2e-4c10-a1cf-81509296454f.xml.htm
 */
VOID
NdisGetDriverHandle(PNDIS_HANDLE NdisBindingHandle, PNDIS_HANDLE NdisDriverHandle)
{
    const struct module *binding =
        module_from_handle((NDIS_HANDLE)NdisBindingHandle, MODULE_BINDING, __func__);

    *NdisDriverHandle = binding->adapter->miniport->registration;
}

/*
 * NdisQueryPendingIOCount - how many sends, requests and resets of a binding are under way
 *
 * @NdisBindingHandle: from NdisOpenAdapter.
 * @IoCount:           of them.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_CLOSING while the binding is being closed.
 * Source:    xp7600:NdisXN_R_05e54dbc-8d16-4209-8c9f-fc0e4dc95203.xml.htm
 */
NDIS_STATUS
NdisQueryPendingIOCount(PVOID NdisBindingHandle, PULONG IoCount)
{
    struct module *binding = protocol5_of(NdisBindingHandle, __func__);
    const struct bind *bind = binding->bind_context;
    struct module_lane sum = module_sum(binding);

    *IoCount = (ULONG)(sum.sent - sum.send_completed) +
               __atomic_load_n(&binding->binding5->requests, __ATOMIC_ACQUIRE);
    return bind->closing ? NDIS_STATUS_CLOSING : NDIS_STATUS_SUCCESS;
}
