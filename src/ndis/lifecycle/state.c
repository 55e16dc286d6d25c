/* SPDX-License-Identifier: MIT */
/* Pause and restart of a whole stack.
 *
 *     pause:    protocols (NetEventPause), filters from the top, miniport
 *     restart:  miniport, filters from the bottom, protocols (NetEventRestart)
 *
 * A module is Pausing from before its handler is called; stack_resolve then sees to it that
 * nothing new reaches it, while what is out still comes back.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/operation.h"

static NDIS_STATUS
call_pause_handler(struct module *module)
{
    static const char *const names[] = {
        [MODULE_FILTER] = "FilterPause", [MODULE_MINIPORT] = "MiniportPause"};
    union {
        NDIS_MINIPORT_PAUSE_PARAMETERS miniport;
        NDIS_FILTER_PAUSE_PARAMETERS filter;
    } parameters = {0};

    if (module->kind == MODULE_BINDING)
        return binding_event(module, NetEventPause, NULL, 0);
    if (module->kind == MODULE_MINIPORT) {
        parameters.miniport.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
            NDIS_MINIPORT_PAUSE_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_PAUSE_PARAMETERS_REVISION_1};
        parameters.miniport.PauseReason = NDIS_PAUSE_NDIS_INTERNAL;
    } else {
        parameters.filter.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_FILTER_PAUSE_PARAMETERS,
            NDIS_FILTER_PAUSE_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_FILTER_PAUSE_PARAMETERS_REVISION_1};
        parameters.filter.PauseReason = NDIS_PAUSE_NDIS_INTERNAL;
    }
    operation_begin(&module->operation, names[module->kind]);
    return operation_wait(
        module->machine, &module->operation, module, call_pause(module, &parameters));
}

/* What is still out of @module after its pause: reported by the hooks, and counted. */
static void
tell_paused(struct module *module)
{
    const struct gate_hooks *hooks = gate_hooks();
    struct module_lane sum = module_sum(module);

    module_set_state(module, MODULE_PAUSED);
    if (hooks && hooks->event)
        hooks->event(module->machine->hook_context, "paused-with-out", module,
            sum.sent - sum.send_completed + sum.indicated - sum.returned);
}

NDIS_STATUS
module_pause(struct module *module)
{
    NDIS_STATUS status;

    if (module->state != MODULE_RUNNING)
        return NDIS_STATUS_SUCCESS;
    module_set_state(module, MODULE_PAUSING);
    stack_resolve(module->adapter);
    status = call_pause_handler(module);
    if (status != NDIS_STATUS_SUCCESS && module->kind != MODULE_BINDING)
        gate_bug_check(module->kind == MODULE_FILTER ? "st-f-pause-return" : "st-m-pause-return",
            "%s answered its pause with 0x%08X", module->driver->name, status);
    tell_paused(module);
    stack_resolve(module->adapter);
    return status;
}

void
adapter_pause(struct adapter *adapter)
{
    adapter->pausing = gate_hooks() != NULL;
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        module_pause(CONTAINING_RECORD(e, struct module, link));
    for (struct module *m = adapter->top; m; m = m->lower)
        module_pause(m);
    if (adapter->pausing) {
        adapter->pausing = false;
        stack_resolve(adapter);
    }
    adapter->running = adapter->power_paused = false;
    operation_changed(adapter);
}

static NDIS_STATUS
restart_binding(struct module *binding, PNDIS_RESTART_ATTRIBUTES attributes)
{
    struct adapter *adapter = binding->adapter;
    NDIS_PROTOCOL_RESTART_PARAMETERS parameters = {0};
    NDIS_STATUS status;

    parameters.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_PROTOCOL_RESTART_PARAMETERS,
        NDIS_PROTOCOL_RESTART_PARAMETERS_REVISION_1,
        NDIS_SIZEOF_PROTOCOL_RESTART_PARAMETERS_REVISION_1};
    parameters.FilterModuleNameBuffer =
        filter_names(adapter, &parameters.FilterModuleNameBufferLength);
    parameters.RestartAttributes = attributes;
    parameters.BoundIfIndex = adapter->if_index;
    parameters.BoundIfNetluid = adapter->luid;
    status = binding_event(binding, NetEventRestart, &parameters, sizeof(parameters));
    machine_free(adapter->machine, parameters.FilterModuleNameBuffer);
    return status;
}

static NDIS_STATUS
restart_filter(struct module *filter, PNDIS_RESTART_ATTRIBUTES attributes)
{
    NDIS_FILTER_RESTART_PARAMETERS parameters = {0};

    parameters.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_FILTER_RESTART_PARAMETERS,
        NDIS_FILTER_RESTART_PARAMETERS_REVISION_1,
        NDIS_SIZEOF_FILTER_RESTART_PARAMETERS_REVISION_1};
    parameters.MiniportMediaType = filter->adapter->general.MediaType;
    parameters.MiniportPhysicalMediaType = filter->adapter->general.PhysicalMediumType;
    parameters.RestartAttributes = attributes;
    parameters.LowerIfIndex = filter->adapter->if_index;
    parameters.LowerIfNetLuid = filter->adapter->luid;
    operation_begin(&filter->operation, "FilterRestart");
    return operation_wait(
        filter->machine, &filter->operation, filter, call_restart(filter, &parameters));
}

static NDIS_STATUS
restart_miniport(struct module *miniport, PNDIS_RESTART_ATTRIBUTES attributes)
{
    NDIS_MINIPORT_RESTART_PARAMETERS parameters = {0};

    parameters.Header =
        (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT, NDIS_MINIPORT_RESTART_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_RESTART_PARAMETERS_REVISION_1};
    parameters.RestartAttributes = attributes;
    operation_begin(&miniport->operation, "MiniportRestart");
    return operation_wait(
        miniport->machine, &miniport->operation, miniport, call_restart(miniport, &parameters));
}

NDIS_STATUS
module_restart(struct module *module, PNDIS_RESTART_ATTRIBUTES attributes)
{
    static NDIS_STATUS (*const restart[])(struct module *, PNDIS_RESTART_ATTRIBUTES) = {
        [MODULE_BINDING] = restart_binding,
        [MODULE_FILTER] = restart_filter,
        [MODULE_MINIPORT] = restart_miniport,
    };
    NDIS_STATUS status;

    if (module->state != MODULE_PAUSED)
        return NDIS_STATUS_SUCCESS;
    module_set_state(module, MODULE_RESTARTING);
    stack_resolve(module->adapter);
    status = restart[module->kind](module, attributes);
    module_set_state(module, status == NDIS_STATUS_SUCCESS ? MODULE_RUNNING : MODULE_PAUSED);
    stack_resolve(module->adapter);
    return status;
}

/* A filter that does not restart is detached; a mandatory one takes the stack with it. */
static NDIS_STATUS
restart_failed(struct module *filter, NDIS_STATUS status)
{
    if (filter->kind == MODULE_MINIPORT)
        return status;
    if (filter->driver->filter_run_type == FILTER_MANDATORY) {
        adapter_give_up(filter->adapter);
        return status;
    }
    filter_remove(filter);
    return NDIS_STATUS_SUCCESS;
}

/* From the bottom up, each with what those below have made of the attributes. */
static NDIS_STATUS
restart_modules(struct adapter *adapter, PNDIS_RESTART_ATTRIBUTES attributes)
{
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;
    struct module *upper;

    for (struct module *m = adapter->miniport; m && status == NDIS_STATUS_SUCCESS; m = upper) {
        upper = m->upper;
        status = m->chosen;
        if (status == NDIS_STATUS_SUCCESS)
            status = module_restart(m, attributes);
        if (status != NDIS_STATUS_SUCCESS)
            status = restart_failed(m, status);
    }
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    adapter->running = true;
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        module_restart(CONTAINING_RECORD(e, struct module, link), attributes);
    return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS
adapter_restart(struct adapter *adapter)
{
    PNDIS_RESTART_ATTRIBUTES attributes;
    NDIS_STATUS status;

    if (!adapter->miniport)
        return NDIS_STATUS_ADAPTER_NOT_READY;
    if (adapter_sleeps(adapter))
        return NDIS_STATUS_LOW_POWER_STATE;
    attributes = restart_attributes(adapter);
    if (!attributes)
        return NDIS_STATUS_RESOURCES;
    for (struct module *m = adapter->miniport->upper; m; m = m->upper)
        m->chosen = m->state == MODULE_PAUSED ? filter_options(m) : NDIS_STATUS_SUCCESS;
    status = restart_modules(adapter, attributes);
    restart_attributes_end(adapter, attributes);
    operation_changed(adapter);
    return status;
}
