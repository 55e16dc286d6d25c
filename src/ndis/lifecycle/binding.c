/* SPDX-License-Identifier: MIT */
/* Bindings: a protocol driver on an adapter.
 *
 *     ProtocolBindAdapterEx -> NdisOpenAdapterEx -> Paused -> NetEventRestart -> Running
 *     NetEventPause -> ProtocolUnbindAdapterEx -> NdisCloseAdapterEx
 *
 * Protocols of NDIS 5 have other calls for the same, in binding5.c.
 */
#include "ndis/connection/connection.h"
#include "ndis/lifecycle/bind.h"
#include "ndis/path/audience.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"
#include "ndis/service/instance.h"
#include "ndis/stack/call_protocol.h"
#include "ndis/stack/keys.h"
#include "nt/thread.h"

#include <string.h>

static void
bind_parameters(
    NDIS_BIND_PARAMETERS *p, struct adapter *adapter, UCHAR minor, UNICODE_STRING *section)
{
    static const struct header_size sizes[] = {
        {NDIS_BIND_PARAMETERS_REVISION_1, NDIS_SIZEOF_BIND_PARAMETERS_REVISION_1},
        {NDIS_BIND_PARAMETERS_REVISION_2, NDIS_SIZEOF_BIND_PARAMETERS_REVISION_2},
        {NDIS_BIND_PARAMETERS_REVISION_3, NDIS_SIZEOF_BIND_PARAMETERS_REVISION_3},
        {NDIS_BIND_PARAMETERS_REVISION_4, NDIS_SIZEOF_BIND_PARAMETERS_REVISION_4},
    };
    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;

    p->Header = header_of_version(NDIS_OBJECT_TYPE_BIND_PARAMETERS, minor, sizes);
    p->ProtocolSection = section;
    p->AdapterName = &adapter->device_name;
    p->PhysicalDeviceObject = adapter->pdo;
    p->MediaType = general->MediaType;
    p->MtuSize = general->MtuSize;
    p->MaxXmitLinkSpeed = general->MaxXmitLinkSpeed;
    p->XmitLinkSpeed = adapter->link_state.XmitLinkSpeed;
    p->MaxRcvLinkSpeed = general->MaxRcvLinkSpeed;
    p->RcvLinkSpeed = adapter->link_state.RcvLinkSpeed;
    p->MediaConnectState = adapter->link_state.MediaConnectState;
    p->MediaDuplexState = adapter->link_state.MediaDuplexState;
    p->LookaheadSize = general->LookaheadSize;
    p->SupportedPacketFilters = general->SupportedPacketFilters;
    p->MaxMulticastListSize = general->MaxMulticastListSize;
    p->MacAddressLength = general->MacAddressLength;
    memcpy(p->CurrentMacAddress, general->CurrentMacAddress, sizeof(p->CurrentMacAddress));
    p->PhysicalMediumType = general->PhysicalMediumType;
    p->MacOptions = general->MacOptions;
    p->BoundAdapterName = &adapter->device_name;
    p->BoundIfIndex = adapter->if_index;
    p->BoundIfNetluid = adapter->luid;
    p->LowestIfIndex = adapter->if_index;
    p->LowestIfNetluid = adapter->luid;
    p->AccessType = general->AccessType;
    p->DirectionType = general->DirectionType;
    p->ConnectionType = general->ConnectionType;
    p->IfType = general->IfType;
    p->IfConnectorPresent = general->IfConnectorPresent;
    p->DataBackFillSize = general->DataBackFillSize;
    p->ContextBackFillSize = general->ContextBackFillSize;
    p->CompartmentId = NET_IF_COMPARTMENT_ID_PRIMARY;
    p->PowerManagementCapabilities = general->PowerManagementCapabilities;
    p->PowerManagementCapabilitiesEx = general->PowerManagementCapabilitiesEx;
    p->DefaultOffloadConfiguration = adapter->assist[ASSIST_OFFLOAD_SHOWN];
    p->TcpConnectionOffloadCapabilities = adapter->assist[ASSIST_TCP_CURRENT];
    p->ReceiveFilterCapabilities = adapter->assist[ASSIST_FILTER_CURRENT];
    p->NicSwitchCapabilities = adapter->assist[ASSIST_SWITCH_CURRENT];
    p->SriovCapabilities = adapter->assist[ASSIST_SRIOV_CURRENT];
    p->RcvScaleCapabilities = general->RecvScaleCapabilities;
}

struct bind *
bind_create(struct adapter *adapter, struct ndis_driver *registration)
{
    struct bind *bind = object_create(adapter->machine, OBJECT_BIND_CONTEXT, sizeof(*bind));

    if (!bind)
        return NULL;
    bind->adapter = adapter;
    bind->registration = registration;
    return bind;
}

/* The driver may go on before the task that told it that the adapter is closed has ended. */
void
bind_destroy(struct bind *bind)
{
    while (__atomic_load_n(&bind->closing_later, __ATOMIC_ACQUIRE))
        executive_wait(
            bind->adapter->machine->executive, &bind->closing_later, 1, EXECUTIVE_FOREVER);
    object_destroy(bind);
}

/* Calls ProtocolBindAdapterEx; the binding is Paused afterwards. */
static NDIS_STATUS
bind(struct adapter *adapter, struct ndis_driver *registration)
{
    struct undis *machine = adapter->machine;
    struct bind *bind;
    NDIS_BIND_PARAMETERS parameters = {0};
    WCHAR path[KEY_UNITS];
    UNICODE_STRING section;
    NDIS_STATUS status;

    if (!adapter_bindable(adapter))
        return NDIS_STATUS_ADAPTER_NOT_READY;
    parameters.ActivePorts = ports_list(adapter);
    if (!parameters.ActivePorts)
        return NDIS_STATUS_RESOURCES;
    bind = bind_create(adapter, registration);
    if (!bind) {
        machine_free(machine, parameters.ActivePorts);
        return NDIS_STATUS_RESOURCES;
    }
    adapter->binding_now = bind;
    key_of_instance(registration->driver, &adapter->instance_name, path);
    RtlInitUnicodeString(&section, path);
    bind_parameters(&parameters, adapter, registration->minor, &section);
    operation_begin(&bind->operation, "ProtocolBindAdapterEx");
    status = registration->major < 6 ? bind5_call(bind, &section)
                                     : call_bind(registration, bind, &parameters);
    status = operation_wait(machine, &bind->operation, adapter->miniport, status);
    adapter->binding_now = NULL;
    machine_free(machine, parameters.ActivePorts);
    if (status != NDIS_STATUS_SUCCESS && bind->module)
        gate_bug_check("st-p-bind-fail-close", "%s failed its bind and left the adapter open",
            registration->driver->name);
    if (status == NDIS_STATUS_SUCCESS && !bind->module)
        gate_bug_check("st-p-bind-open", "%s answered its bind with success and opened nothing",
            registration->driver->name);
    if (status != NDIS_STATUS_SUCCESS) {
        bind_destroy(bind);
        return status;
    }
    module_set_state(bind->module, MODULE_PAUSED);
    stack_resolve(adapter);
    co_bound(bind->module);
    return NDIS_STATUS_SUCCESS;
}

struct module *
binding_find(struct adapter *adapter, const struct driver *driver)
{
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink) {
        struct module *m = CONTAINING_RECORD(e, struct module, link);

        if (m->driver == driver)
            return m;
    }
    return NULL;
}

NDIS_STATUS
binding_open(struct adapter *adapter, struct driver *driver)
{
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_PROTOCOL_DRIVER);
    NDIS_STATUS status;

    if (!registration)
        return NDIS_STATUS_NOT_SUPPORTED;
    adapter_begin(adapter);
    status = adapter->miniport ? bind(adapter, registration) : NDIS_STATUS_ADAPTER_NOT_READY;
    if (status == NDIS_STATUS_SUCCESS && adapter->running)
        status = module_restart(binding_find(adapter, driver), adapter->restart_attributes);
    adapter_end(adapter);
    return status;
}

/* A client of NDIS 5 is not asked to close its families. */
struct module *
binding_to_go(const struct adapter *adapter)
{
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink) {
        struct module *binding = CONTAINING_RECORD(e, struct module, link);

        if (!co_offers(binding))
            return binding;
    }
    return CONTAINING_RECORD(adapter->bindings.Flink, struct module, link);
}

void
binding_remove(struct module *binding)
{
    struct bind *bind = binding->bind_context;
    struct undis *machine = binding->machine;
    NDIS_STATUS status;

    module_pause(binding);
    bind->closing = true;
    operation_begin(&bind->operation, "ProtocolUnbindAdapterEx");
    status = call_unbind(binding, bind);
    status = operation_wait(machine, &bind->operation, bind->adapter->miniport, status);
    if (status != NDIS_STATUS_SUCCESS)
        gate_bug_check("st-p-unbind-cannot-fail", "%s answered its unbind with 0x%08X",
            bind->registration->driver->name, status);
    if (bind->module)
        gate_bug_check("st-p-unbind-close", "%s completed its unbind and left the adapter open",
            bind->registration->driver->name);
    bind_destroy(bind);
}

void
bindings_complete(struct driver *driver)
{
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_PROTOCOL_DRIVER);

    if (!registration || registration->binds_complete)
        return;
    registration->binds_complete = true;
    if (registration->major < 6)
        call_protocol_binds_complete(registration);
    else
        call_binds_complete(registration);
}

NDIS_STATUS
binding_close(struct adapter *adapter, struct driver *driver)
{
    struct module *binding;

    adapter_begin(adapter);
    binding = binding_find(adapter, driver);
    if (binding)
        binding_remove(binding);
    adapter_end(adapter);
    return binding ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FILE_NOT_FOUND;
}

NDIS_STATUS
binding_event(struct module *binding, NET_PNP_EVENT_CODE code, void *buffer, ULONG size)
{
    NET_PNP_EVENT_NOTIFICATION event = {0};

    event.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NET_PNP_EVENT_NOTIFICATION_REVISION_1, NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1};
    event.NetPnPEvent.NetEvent = code;
    event.NetPnPEvent.Buffer = buffer;
    event.NetPnPEvent.BufferLength = size;
    return event_at(binding, &event);
}

int
bind_medium(const NDIS_MEDIUM *media, UINT count, NDIS_MEDIUM medium)
{
    for (UINT i = 0; i < count; i++)
        if (media[i] == medium)
            return (int)i;
    return -1;
}

/* An open is over: what it answers with is there. */
static void
give_results(struct bind *bind, NDIS_HANDLE handle)
{
    if (!bind->handle)
        return;
    *bind->medium = bind->selected;
    *bind->handle = handle;
    bind->handle = NULL;
}

static void
open_later(void *context)
{
    struct module *binding = context;

    give_results(binding->bind_context, binding);
    call_open_complete(context, NDIS_STATUS_SUCCESS);
}

struct module *
bind_open(struct bind *bind, NDIS_HANDLE context, bool (*prepare)(struct module *binding))
{
    struct module *module = module_create(
        bind->adapter, MODULE_BINDING, bind->registration->driver, bind->registration);

    if (!module)
        return NULL;
    module->context = context;
    module->bind_context = bind;
    if (!prepare(module)) {
        module_destroy(module);
        return NULL;
    }
    bind->module = module;
    stack_put_binding(module);
    stack_resolve(bind->adapter);
    audience_update(bind->adapter);
    return module;
}

/* Whether an open or close is answered later: by choice, and of each protocol that is verified the second
 * and then every other one. */
static bool
pends(const struct module *binding, uint32_t *count)
{
    bool turn = __atomic_fetch_add(count, 1, __ATOMIC_RELAXED) % 2 == 1;

    return executive_choose(binding->machine->executive, CHOICE_COMPLETION, 2, binding) ||
           (binding->machine->hooks && binding->driver->image && turn);
}

NDIS_STATUS
bind_opened(struct module *binding)
{
    struct undis *machine = binding->machine;

    if (pends(binding, &binding->registration->opens) &&
        nt_spawn(machine, "open", open_later, binding) == 0)
        return NDIS_STATUS_PENDING;
    give_results(binding->bind_context, binding);
    return NDIS_STATUS_SUCCESS;
}

static bool
prepare(struct module *binding)
{
    const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *c = &binding->registration->protocol;

    binding->path.send_complete = c->SendNetBufferListsCompleteHandler;
    binding->path.receive = c->ReceiveNetBufferListsHandler;
    return true;
}

/*
 * NdisOpenAdapterEx - a protocol opens the adapter it is asked to bind to
 *
 * @NdisProtocolHandle:     from NdisRegisterProtocolDriver.
 * @ProtocolBindingContext: what its handlers will get.
 * @OpenParameters:         revision 1; names the adapter and the media the protocol takes.
 * @BindContext:            as given to ProtocolBindAdapterEx.
 * @NdisBindingHandle:      gets the binding handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the binding lasts until NdisCloseAdapterEx.
 * Errors:    NDIS_STATUS_UNSUPPORTED_MEDIA, NDIS_STATUS_RESOURCES, NDIS_STATUS_INVALID_PARAMETER,
 *            NDIS_STATUS_BAD_CHARACTERISTICS; NDIS_STATUS_PENDING (by choice, or verified): the answer
 *            comes through ProtocolOpenAdapterCompleteEx.
 * Source:    NF:ndis.NdisOpenAdapterEx
 */
NDIS_STATUS
NdisOpenAdapterEx(NDIS_HANDLE NdisProtocolHandle, NDIS_HANDLE ProtocolBindingContext,
    PNDIS_OPEN_PARAMETERS OpenParameters, NDIS_HANDLE BindContext, PNDIS_HANDLE NdisBindingHandle)
{
    static const struct header_size sizes[] = {
        {NDIS_OPEN_PARAMETERS_REVISION_1, NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1}};
    struct undis *machine = machine_self();
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisProtocolHandle, OBJECT_PROTOCOL_DRIVER, __func__);
    struct bind *bind = BindContext;
    struct module *module;
    NDIS_STATUS status = header_check(
        &OpenParameters->Header, NDIS_OBJECT_TYPE_OPEN_PARAMETERS, sizes, RTL_NUMBER_OF(sizes));
    int medium;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!object_of(machine, bind, OBJECT_BIND_CONTEXT) || bind->module || bind->closing ||
        bind->registration != registration)
        return NDIS_STATUS_INVALID_PARAMETER;
    medium = bind_medium(OpenParameters->MediumArray, OpenParameters->MediumArraySize,
        bind->adapter->general.MediaType);
    if (medium < 0)
        return NDIS_STATUS_UNSUPPORTED_MEDIA;
    module = bind_open(bind, ProtocolBindingContext, prepare);
    if (!module)
        return NDIS_STATUS_RESOURCES;
    bind->handle = NdisBindingHandle;
    bind->medium = OpenParameters->SelectedMediumIndex;
    bind->selected = (UINT)medium;
    *NdisBindingHandle = MODULE_UNOPENED;
    return bind_opened(module);
}

/* A closed binding whose completion call is still to come. */
static void
close_now(struct module *module)
{
    struct bind *bind = module->bind_context;
    struct module_lane sum = module_sum(module);

    if (sum.sent != sum.send_completed)
        gate_bug_check("st-p-close-outstanding", "%s closed its binding with %lld sends out",
            module->driver->name, (long long)(sum.sent - sum.send_completed));
    co_leave(module, "NdisCloseAdapterEx");
    audience_leave(module);
    stack_take_binding(module);
    module_set_state(module, MODULE_DETACHED);
    stack_resolve(bind->adapter);
    audience_update(bind->adapter);
    module_drain(module);
}

static void
close_later(void *context)
{
    struct module *module = context;
    struct executive *ex = module->machine->executive;
    struct bind *bind = module->bind_context;

    call_close_complete(module);
    module_destroy(module);
    __atomic_store_n(&bind->closing_later, 0, __ATOMIC_RELEASE);
    executive_wake(ex, &bind->closing_later, 1);
}

NDIS_STATUS
bind_close(struct module *binding)
{
    struct undis *machine = binding->machine;
    struct bind *bind = binding->bind_context;
    bool later;

    close_now(binding);
    bind->module = NULL;
    /* Protocols of NDIS 5 take anything but NDIS_STATUS_PENDING for a failure, more often than not:
     * so does the kit's packet driver, from which many descend. */
    later = binding->core != NULL
                ? !executive_choose(machine->executive, CHOICE_COMPLETION, 2, binding)
                : pends(binding, &binding->registration->closes);
    if (later) {
        bind->closing_later = 1;
        if (nt_spawn(machine, "close", close_later, binding) == 0)
            return NDIS_STATUS_PENDING;
        bind->closing_later = 0;
    }
    module_destroy(binding);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisCloseAdapterEx - a protocol closes its binding, from unbind or a failed bind
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing of the binding may be out; the handle is dead afterwards.
 * Errors:    NDIS_STATUS_PENDING (by choice, or verified): ProtocolCloseAdapterCompleteEx follows.
 * Source:    NF:ndis.NdisCloseAdapterEx
 */
NDIS_STATUS
NdisCloseAdapterEx(NDIS_HANDLE NdisBindingHandle)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return bind_close(path_module(NdisBindingHandle, MODULE_BINDING, __func__));
}

void
bind_completes(NDIS_HANDLE context, const struct completion *call, NDIS_STATUS status)
{
    struct bind *bind = context;

    if (!object_of(machine_self(), bind, OBJECT_BIND_CONTEXT))
        gate_bug_check(
            call->rule, "%s was given %p, which is no bind or unbind context", call->name, context);
    operation_complete(machine_self(), &bind->operation, bind->registration->driver, call, status);
}

/*
 * NdisCompleteBindAdapterEx - a protocol answers a bind it had pended
 *
 * @BindAdapterContext: as given to ProtocolBindAdapterEx.
 * @Status:             final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending bind it is a bug check.
 * Source:    NF:ndis.NdisCompleteBindAdapterEx
 */
VOID
NdisCompleteBindAdapterEx(NDIS_HANDLE BindAdapterContext, NDIS_STATUS Status)
{
    static const struct completion call = {
        "NdisCompleteBindAdapterEx", "st-p-bind-complete-once", "ProtocolBindAdapterEx"};

    gate_require_irql(DISPATCH_LEVEL, __func__);
    bind_completes(BindAdapterContext, &call, Status);
}

/*
 * NdisCompleteUnbindAdapterEx - a protocol finishes an unbind it had pended
 *
 * @UnbindContext: as given to ProtocolUnbindAdapterEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; the binding must be closed.
 * Errors:    none; without a pending unbind it is a bug check.
 * Source:    NF:ndis.NdisCompleteUnbindAdapterEx
 */
VOID
NdisCompleteUnbindAdapterEx(NDIS_HANDLE UnbindContext)
{
    static const struct completion call = {
        "NdisCompleteUnbindAdapterEx", "st-p-unbind-close", "ProtocolUnbindAdapterEx"};

    gate_require_irql(DISPATCH_LEVEL, __func__);
    bind_completes(UnbindContext, &call, NDIS_STATUS_SUCCESS);
}

/*
 * NdisQueryBindInstanceName - the friendly name of the adapter that a bind is for
 *
 * @pAdapterInstanceName: the name.
 * @BindingContext:       as given to the bind handler, which has not completed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the name's buffer is the caller's until NdisFreeMemory.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short, NDIS_STATUS_INVALID_PARAMETER for what is
 *            no context of a bind.
 * Source:    NF:ndis.NdisQueryBindInstanceName
 */
NDIS_STATUS
NdisQueryBindInstanceName(PNDIS_STRING pAdapterInstanceName, NDIS_HANDLE BindingContext)
{
    const struct bind *bind = BindingContext;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!object_of(machine_self(), bind, OBJECT_BIND_CONTEXT))
        return NDIS_STATUS_INVALID_PARAMETER;
    return instance_name(bind->adapter, pAdapterInstanceName);
}
