/* SPDX-License-Identifier: MIT */
/* Filter modules: attached on top of a paused stack, detached from one.
 *
 *     adapter paused -> FilterAttach (NdisFSetAttributes) -> Paused -> adapter restarted
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"
#include "nt/thread.h"

#include <string.h>

/* While it is paused nothing travels, but sends are cancelled at any time. */
static void
change_path(struct module *filter, const struct module_path *path)
{
    filter->path.send = path->send;
    filter->path.send_complete = path->send_complete;
    filter->path.receive = path->receive;
    filter->path.give_back = path->give_back;
    __atomic_store_n(&filter->path.cancel_send, path->cancel_send, __ATOMIC_RELAXED);
}

static void
set_path(struct module *filter)
{
    const NDIS_FILTER_DRIVER_CHARACTERISTICS *c = &filter->registration->filter;
    const struct module_path path = {
        .send = c->SendNetBufferListsHandler,
        .send_complete = c->SendNetBufferListsCompleteHandler,
        .receive = c->ReceiveNetBufferListsHandler,
        .give_back = c->ReturnNetBufferListsHandler,
        .cancel_send = c->CancelSendNetBufferListsHandler,
    };

    change_path(filter, &path);
}

NDIS_STATUS
filter_options(struct module *filter)
{
    NDIS_STATUS status;

    set_path(filter);
    filter->choosing = true;
    status = call_module_options(filter);
    filter->choosing = false;
    stack_resolve(filter->adapter);
    return status;
}

NDIS_STATUS
filter_choose(struct module *filter, const NDIS_FILTER_PARTIAL_CHARACTERISTICS *characteristics)
{
    static const struct header_size sizes[] = {{NDIS_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1,
        NDIS_SIZEOF_FILTER_PARTIAL_CHARACTERISTICS_REVISION_1}};
    const NDIS_FILTER_PARTIAL_CHARACTERISTICS *c = characteristics;
    struct module_path path;
    NDIS_STATUS status = header_check(
        &c->Header, NDIS_OBJECT_TYPE_FILTER_PARTIAL_CHARACTERISTICS, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!filter->choosing)
        return NDIS_STATUS_INVALID_PARAMETER;
    if (c->SendNetBufferListsHandler && !c->SendNetBufferListsCompleteHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    path = (struct module_path){
        .send = c->SendNetBufferListsHandler,
        .send_complete = c->SendNetBufferListsCompleteHandler,
        .receive = c->ReceiveNetBufferListsHandler,
        .give_back = c->ReturnNetBufferListsHandler,
        .cancel_send = c->CancelSendNetBufferListsHandler,
    };
    change_path(filter, &path);
    return NDIS_STATUS_SUCCESS;
}

void
filter_name(const struct module *filter, UNICODE_STRING *name)
{
    RtlAppendUnicodeStringToString(name, &filter->adapter->instance_name);
    RtlAppendUnicodeToString(name, L"-");
    RtlAppendUnicodeToString(name, filter->registration->unique_name);
    RtlAppendUnicodeToString(name, L"-0000");
}

struct names {
    wchar_t base[96], module[FILTER_NAME_UNITS];
    UNICODE_STRING base_name, module_name, instance;
};

static void
make_names(struct names *names, const struct module *filter)
{
    struct adapter *adapter = filter->adapter;
    UNICODE_STRING *base = &names->base_name, *module = &names->module_name;

    *base = (UNICODE_STRING){0, sizeof(names->base), names->base};
    *module = (UNICODE_STRING){0, sizeof(names->module), names->module};
    RtlAppendUnicodeStringToString(base, &adapter->device_name);
    filter_name(filter, module);
    RtlInitUnicodeString(&names->instance, adapter->friendly_name);
}

PWSTR
filter_names(struct adapter *adapter, ULONG *length)
{
    unsigned count = 0, at = 0;
    PWSTR list;

    *length = 0;
    for (struct module *m = adapter->miniport->upper; m; m = m->upper)
        count++;
    list = count ? machine_alloc(adapter->machine, sizeof(WCHAR) * count * (1 + FILTER_NAME_UNITS))
                 : NULL;
    if (!list)
        return NULL;
    for (struct module *m = adapter->top; m->kind == MODULE_FILTER; m = m->lower) {
        UNICODE_STRING name = {0, FILTER_NAME_UNITS * sizeof(WCHAR), list + at + 1};

        filter_name(m, &name);
        list[at] = name.Length;
        at += 1 + name.Length / sizeof(WCHAR);
    }
    *length = at * sizeof(WCHAR);
    return list;
}

static void
attach_parameters(NDIS_FILTER_ATTACH_PARAMETERS *p, const struct names *names,
    struct adapter *adapter, UCHAR minor)
{
    static const struct header_size sizes[] = {
        {NDIS_FILTER_ATTACH_PARAMETERS_REVISION_1, NDIS_SIZEOF_FILTER_ATTACH_PARAMETERS_REVISION_1},
        {NDIS_FILTER_ATTACH_PARAMETERS_REVISION_2, NDIS_SIZEOF_FILTER_ATTACH_PARAMETERS_REVISION_2},
        {NDIS_FILTER_ATTACH_PARAMETERS_REVISION_3, NDIS_SIZEOF_FILTER_ATTACH_PARAMETERS_REVISION_3},
        {NDIS_FILTER_ATTACH_PARAMETERS_REVISION_4, NDIS_SIZEOF_FILTER_ATTACH_PARAMETERS_REVISION_4},
    };
    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;

    p->Header = header_of_version(NDIS_OBJECT_TYPE_FILTER_ATTACH_PARAMETERS, minor, sizes);
    p->IfIndex = adapter->if_index;
    p->NetLuid = adapter->luid;
    p->FilterModuleGuidName = (PNDIS_STRING)&names->module_name;
    p->BaseMiniportIfIndex = adapter->if_index;
    p->BaseMiniportInstanceName = (PNDIS_STRING)&names->instance;
    p->BaseMiniportName = (PNDIS_STRING)&names->base_name;
    p->MediaConnectState = adapter->link_state.MediaConnectState;
    p->MediaDuplexState = adapter->link_state.MediaDuplexState;
    p->XmitLinkSpeed = adapter->link_state.XmitLinkSpeed;
    p->RcvLinkSpeed = adapter->link_state.RcvLinkSpeed;
    p->MiniportMediaType = general->MediaType;
    p->MiniportPhysicalMediaType = general->PhysicalMediumType;
    p->LowerIfIndex = adapter->if_index;
    p->LowerIfNetLuid = adapter->luid;
    p->BaseMiniportNetLuid = adapter->luid;
    p->DefaultOffloadConfiguration = adapter->assist[ASSIST_OFFLOAD_SHOWN];
    p->ReceiveFilterCapabilities = adapter->assist[ASSIST_FILTER_CURRENT];
    p->NicSwitchCapabilities = adapter->assist[ASSIST_SWITCH_CURRENT];
    p->SriovCapabilities = adapter->assist[ASSIST_SRIOV_CURRENT];
    p->BaseMiniportIfConnectorPresent = general->IfConnectorPresent;
    p->MiniportPhysicalDeviceObject = adapter->pdo;
    p->MacAddressLength = general->MacAddressLength;
    memcpy(p->CurrentMacAddress, general->CurrentMacAddress, sizeof(p->CurrentMacAddress));
}

static NDIS_STATUS
attach(struct adapter *adapter, struct ndis_driver *registration)
{
    struct module *filter =
        module_create(adapter, MODULE_FILTER, registration->driver, registration);
    NDIS_FILTER_ATTACH_PARAMETERS parameters = {0};
    struct names names;
    NDIS_STATUS status;

    if (!filter)
        return NDIS_STATUS_RESOURCES;
    make_names(&names, filter);
    attach_parameters(&parameters, &names, adapter, registration->minor);
    status = call_attach(filter, &parameters);
    if (status == NDIS_STATUS_SUCCESS && !filter->context)
        gate_bug_check("st-f-attach-setattributes",
            "%s answered FilterAttach with success without NdisFSetAttributes",
            filter->driver->name);
    if (status != NDIS_STATUS_SUCCESS) {
        module_destroy(filter);
        return status;
    }
    set_path(filter);
    stack_put_filter(filter);
    module_set_state(filter, MODULE_PAUSED);
    return NDIS_STATUS_SUCCESS;
}

/* While a mandatory filter comes or goes there are no bindings: their drivers, in the machine's
 * memory; *@count is 0 where nothing has to be bound again. */
static struct driver **
unbind_for(struct adapter *adapter, const struct driver *driver, unsigned *count)
{
    struct driver **bound;

    *count = 0;
    if (driver->filter_run_type != FILTER_MANDATORY)
        return NULL;
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        ++*count;
    bound = *count ? machine_alloc(adapter->machine, *count * sizeof(struct driver *)) : NULL;
    *count = 0;
    while (bound && !IsListEmpty(&adapter->bindings)) {
        struct module *binding = CONTAINING_RECORD(adapter->bindings.Flink, struct module, link);

        bound[(*count)++] = binding->driver;
        binding_remove(binding);
    }
    return bound;
}

static void
bind_again(struct adapter *adapter, struct driver **bound, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        binding_open(adapter, bound[i]);
    machine_free(adapter->machine, bound);
}

NDIS_STATUS
filter_attach(struct adapter *adapter, struct driver *driver)
{
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_FILTER_DRIVER);
    bool was_running;
    NDIS_STATUS status, restarted;
    struct driver **bound;
    unsigned count;

    if (!registration)
        return NDIS_STATUS_NOT_SUPPORTED;
    adapter_begin(adapter);
    was_running = adapter->running;
    bound = unbind_for(adapter, driver, &count);
    if (was_running)
        adapter_pause(adapter);
    status = adapter->miniport ? attach(adapter, registration) : NDIS_STATUS_ADAPTER_NOT_READY;
    stack_resolve(adapter);
    restarted = was_running ? adapter_restart(adapter) : NDIS_STATUS_SUCCESS;
    if (status != NDIS_STATUS_SUCCESS && was_running &&
        driver->filter_run_type == FILTER_MANDATORY) {
        adapter_give_up(adapter);
        count = 0;
    }
    bind_again(adapter, bound, count);
    adapter_end(adapter);
    return status != NDIS_STATUS_SUCCESS ? status : restarted;
}

void
filter_remove(struct module *filter)
{
    module_set_state(filter, MODULE_DETACHING);
    stack_take_filter(filter);
    stack_resolve(filter->adapter);
    module_drain(filter);
    call_detach(filter);
    module_set_state(filter, MODULE_DETACHED);
    module_destroy(filter);
}

NDIS_STATUS
filter_detach(struct adapter *adapter, struct driver *driver)
{
    NDIS_STATUS status = NDIS_STATUS_FILE_NOT_FOUND;
    struct driver **bound;
    bool was_running;
    unsigned count;

    adapter_begin(adapter);
    for (struct module *m = adapter->top; m && m->kind == MODULE_FILTER; m = m->lower) {
        if (m->driver != driver)
            continue;
        was_running = adapter->running;
        bound = unbind_for(adapter, driver, &count);
        if (was_running)
            adapter_pause(adapter);
        filter_remove(m);
        status = was_running ? adapter_restart(adapter) : NDIS_STATUS_SUCCESS;
        bind_again(adapter, bound, count);
        break;
    }
    adapter_end(adapter);
    return status;
}

/*
 * NdisFSetAttributes - a filter module names its context, from FilterAttach
 *
 * @NdisFilterHandle:    as given to FilterAttach.
 * @FilterModuleContext: what its other handlers will get; not NULL.
 * @FilterAttributes:    revision 1; Flags 0.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the context stays the filter's.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS, NDIS_STATUS_INVALID_PARAMETER; NDIS_STATUS_RESOURCES
 *            by an injected fault.
 * Source:    NF:ndis.NdisFSetAttributes
 */
NDIS_STATUS
NdisFSetAttributes(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterModuleContext,
    PNDIS_FILTER_ATTRIBUTES FilterAttributes)
{
    static const struct header_size sizes[] = {
        {NDIS_FILTER_ATTRIBUTES_REVISION_1, NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1}};
    struct module *filter = path_module(NdisFilterHandle, MODULE_FILTER, __func__);
    NDIS_STATUS status = header_check(
        &FilterAttributes->Header, NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, sizes, RTL_NUMBER_OF(sizes));

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!FilterModuleContext || filter->state != MODULE_ATTACHING)
        return NDIS_STATUS_INVALID_PARAMETER;
    if (object_fails(filter->machine, OBJECT_NONE, 0))
        return NDIS_STATUS_RESOURCES;
    filter->context = FilterModuleContext;
    return NDIS_STATUS_SUCCESS;
}

static void
restart_later(void *context)
{
    struct adapter *adapter = context;

    adapter_begin(adapter);
    if (adapter->running) {
        adapter_pause(adapter);
        adapter_restart(adapter);
    }
    adapter_end(adapter);
    adapter_later_done(adapter);
}

/*
 * NdisFRestartFilter - a filter wants its module paused and restarted, later
 *
 * @NdisFilterHandle: as given to FilterAttach.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisFRestartFilter
 */
NDIS_STATUS
NdisFRestartFilter(NDIS_HANDLE NdisFilterHandle)
{
    struct module *filter = path_module(NdisFilterHandle, MODULE_FILTER, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    __atomic_add_fetch(&filter->adapter->later, 1, __ATOMIC_ACQ_REL);
    if (nt_spawn(filter->machine, "restart", restart_later, filter->adapter)) {
        adapter_later_done(filter->adapter);
        return NDIS_STATUS_RESOURCES;
    }
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisFGetOptionalSwitchHandlers - the calls of the extensible switch that a filter stands on
 *
 * @NdisFilterHandle:   of the filter module, as FilterAttach got it.
 * @NdisSwitchContext:  would get the switch's context.
 * @NdisSwitchHandlers: would get its calls.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED: the filter does not stand on an extensible switch; there is
 *            none here, so none does.
 * Source:    NF:ndis.NdisFGetOptionalSwitchHandlers
 */
NDIS_STATUS
NdisFGetOptionalSwitchHandlers(NDIS_HANDLE NdisFilterHandle, PNDIS_SWITCH_CONTEXT NdisSwitchContext,
    PNDIS_SWITCH_OPTIONAL_HANDLERS NdisSwitchHandlers)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    UNREFERENCED_PARAMETER(NdisFilterHandle);
    UNREFERENCED_PARAMETER(NdisSwitchContext);
    UNREFERENCED_PARAMETER(NdisSwitchHandlers);
    return NDIS_STATUS_NOT_SUPPORTED;
}
