/* SPDX-License-Identifier: MIT */
/* Stacks: an adapter with its miniport, filters and protocols, as a host program asks for it.
 *
 * The stack remembers what it was created with until it is started; from then on the adapter's
 * modules are the truth.
 */
#include "undis/machine.h"

#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/port.h"
#include "undis/arrange.h"
#include "undis/error.h"
#include "undis/ports/port.h"
#include "undis/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct driver *
inner(struct undis_driver *driver)
{
    return (struct driver *)driver;
}

/* A NULL-terminated copy in machine memory; NULL when memory is short. */
static struct undis_driver **
copy_list(struct undis *machine, struct undis_driver *const *list)
{
    size_t n = 0;
    struct undis_driver **copy;

    while (list && list[n])
        n++;
    copy = machine_alloc(machine, (n + 1) * sizeof(struct undis_driver *));
    for (size_t i = 0; copy && i < n; i++)
        copy[i] = list[i];
    return copy;
}

struct create {
    struct undis_stack *stack;
    const struct undis_stack_config *config;
};

/* The instances of intermediate drivers over @adapter have no place any more. */
static void
forget_instances(struct undis *machine, const struct adapter *adapter)
{
    LIST_ENTRY *stacks = &machine_host(machine)->stacks;

    for (LIST_ENTRY *e = stacks->Flink; e != stacks; e = e->Flink) {
        struct undis_stack *stack = CONTAINING_RECORD(e, struct undis_stack, link);

        if (stack->below == adapter)
            stack->below = NULL;
    }
}

static int
create_inside(void *arguments)
{
    const struct create *create = arguments;
    struct undis_stack *stack = create->stack;
    const struct undis_stack_config *config = create->config;
    NTSTATUS status;
    int error;

    stack->bottom = config->bottom ? config->bottom : stack->own_port;
    status = adapter_create(stack->machine, stack->name, stack->bottom->device, &stack->adapter);

    if (!NT_SUCCESS(status))
        return undis_fail(machine_errno((uint32_t)status), "no memory for adapter %s", stack->name);
    if (instance_layered(inner(config->miniport)))
        stack->adapter->instance_driver = inner(config->miniport);
    settings_for_miniport(stack->adapter, inner(config->miniport));
    for (unsigned i = 0; stack->filters[i]; i++)
        settings_for_filter(stack->adapter, inner(stack->filters[i]));
    for (unsigned i = 0; stack->protocols[i]; i++) {
        if (!adapter_configure(stack->adapter, inner(stack->protocols[i]))) {
            adapter_remove(stack->adapter);
            return undis_fail(-ENOMEM, "no memory for adapter %s", stack->name);
        }
        settings_for_protocol(
            stack->adapter, inner(stack->protocols[i]), i == 0 ? config->top : NULL);
        error = settings_for_instance(stack->adapter, stack->protocols[i]);
        if (error) {
            forget_instances(stack->machine, stack->adapter);
            adapter_remove(stack->adapter);
            return error;
        }
    }
    return 0;
}

static void
stack_free(struct undis_stack *stack)
{
    if (stack->own_port)
        undis_port_close(stack->own_port);
    machine_free(stack->machine, stack->filters);
    machine_free(stack->machine, stack->protocols);
    machine_free(stack->machine, stack);
}

static int
check_config(const struct undis_stack_config *config)
{
    if (config->size != sizeof(*config))
        return undis_fail(-EINVAL, "struct undis_stack_config: size is %zu, this library's is %zu",
            config->size, sizeof(*config));
    if (!config->miniport)
        return undis_fail(-EINVAL, "a stack needs a miniport");
    if (config->top && (!config->protocols || !config->protocols[0]))
        return undis_fail(-EINVAL, "a stack with a top port needs a protocol to serve it");
    return 0;
}

/* Order and ranges, as INFs say. */
static int
arrange(struct undis_stack *stack)
{
    int error = 0;

    if (!stack->filters || !stack->protocols)
        return undis_fail(-ENOMEM, "no memory for a stack");
    arrange_filters(stack->machine, stack->filters);
    for (unsigned i = 0; stack->filters[i] && !error; i++)
        error = arrange_check_filter(stack->machine, stack->miniport, stack->filters[i]);
    for (unsigned i = 0; stack->protocols[i] && !error; i++)
        error = arrange_check_protocol(stack->machine, stack->miniport, stack->protocols[i]);
    return error;
}

int
undis_stack_create(
    struct undis *machine, const struct undis_stack_config *config, struct undis_stack **created)
{
    struct create create = {.config = config};
    struct undis_stack *stack;
    int error = check_config(config);

    if (error)
        return error;
    stack = machine_alloc(machine, sizeof(*stack));
    if (!stack)
        return undis_fail(-ENOMEM, "no memory for a stack");
    stack->machine = machine;
    stack->miniport = config->miniport;
    stack->filters = copy_list(machine, config->filters);
    stack->protocols = copy_list(machine, config->protocols);
    if (config->name)
        snprintf(stack->name, sizeof(stack->name), "%s", config->name);
    else
        snprintf(stack->name, sizeof(stack->name), "net%u", machine_host(machine)->next_stack++);
    error = arrange(stack);
    if (!error && !config->bottom)
        error = undis_port_open(machine, "null", &stack->own_port);
    create.stack = stack;
    if (!error)
        error = machine_inside(machine, create_inside, &create);
    if (error) {
        stack_free(stack);
        return error;
    }
    InsertTailList(&machine_host(machine)->stacks, &stack->link);
    *created = stack;
    return 0;
}

/* What a driver is asked for, and what it must be. */
struct step {
    const char *what;
    enum object_kind kind;
};
static const struct step initialization = {"initialization of miniport", OBJECT_MINIPORT_DRIVER};
static const struct step restarting = {"restart of miniport", OBJECT_MINIPORT_DRIVER};
static const struct step power_change = {
    "change of the power state of miniport", OBJECT_MINIPORT_DRIVER};
static const struct step attaching = {"attach of filter", OBJECT_FILTER_DRIVER};
static const struct step detaching = {"detach of filter", OBJECT_FILTER_DRIVER};
static const struct step binding = {"bind of protocol", OBJECT_PROTOCOL_DRIVER};
static const struct step unbinding = {"unbind of protocol", OBJECT_PROTOCOL_DRIVER};

/* 0, or the error with who refused and what it answered. */
static int
refused(const struct undis_stack *stack, const struct step *step, struct undis_driver *driver,
    NDIS_STATUS status)
{
    bool registered;

    if (status == NDIS_STATUS_SUCCESS)
        return 0;
    registered = ndis_driver_find(inner(driver), step->kind) != NULL;
    return undis_fail(machine_errno((uint32_t)status), "%s: %s of %s failed: 0x%08X%s", stack->name,
        step->what, undis_driver_name(driver), (unsigned)status,
        registered ? "" : " (it has not registered as one)");
}

/* Frames that came while some layer is paused would be lost there: they wait in the port. */
static void
hold(struct undis_stack *stack, bool held)
{
    port_hold_for(stack->bottom, PORT_HELD_BY_STACK, held);
}

/* A stack starts without an optional filter that does not attach. */
static int
attach_filter(struct undis_stack *stack, struct undis_driver *filter)
{
    NDIS_STATUS status;

    arrange_describe(stack->machine, filter);
    status = filter_attach(stack->adapter, inner(filter));
    if (status != NDIS_STATUS_SUCCESS && inner(filter)->filter_run_type == FILTER_OPTIONAL)
        return 0;
    return refused(stack, &attaching, filter, status);
}

static int
start_now(struct undis_stack *stack)
{
    struct adapter *adapter = stack->adapter;
    unsigned filters = 0;
    bool waits;
    int error;

    hold(stack, true);
    error = refused(stack, &initialization, stack->miniport,
        adapter_initialize(adapter, inner(stack->miniport)));
    while (stack->filters[filters])
        filters++;
    while (!error && filters-- > 0)
        error = attach_filter(stack, stack->filters[filters]);
    waits = !error && !adapter_bindable(adapter);
    for (unsigned i = 0; !error && !waits && stack->protocols[i]; i++)
        error = refused(stack, &binding, stack->protocols[i],
            binding_open(adapter, inner(stack->protocols[i])));
    if (error)
        return error;
    adapter_begin(adapter);
    error = refused(stack, &restarting, stack->miniport, adapter_restart(adapter));
    adapter_end(adapter);
    for (unsigned i = 0; !error && stack->protocols[i]; i++)
        bindings_complete(inner(stack->protocols[i]));
    adapter->takes_binds = error == 0;
    if (waits)
        adapter_bind_configured(adapter);
    hold(stack, false);
    stack->started = error == 0;
    return error;
}

/* The intermediate driver wants its instance. */
static void
start_instance(void *argument)
{
    struct undis_stack *stack = argument;

    if (start_now(stack))
        instance_failed(stack->adapter);
}

static int
start_inside(void *arguments)
{
    struct undis_stack *stack = arguments;
    struct adapter *adapter = stack->adapter;

    if (adapter->instance_driver && instance_present(adapter, start_instance, stack))
        return 0;
    return start_now(stack);
}

int
undis_stack_start(struct undis_stack *stack)
{
    if (stack->started)
        return undis_fail(-EALREADY, "%s: is started", stack->name);
    return machine_inside(stack->machine, start_inside, stack);
}

static int
pause_inside(void *arguments)
{
    struct undis_stack *stack = arguments;

    hold(stack, true);
    adapter_begin(stack->adapter);
    adapter_pause(stack->adapter);
    adapter_end(stack->adapter);
    return 0;
}

int
undis_stack_pause(struct undis_stack *stack)
{
    return machine_inside(stack->machine, pause_inside, stack);
}

static int
restart_inside(void *arguments)
{
    struct undis_stack *stack = arguments;
    NDIS_STATUS status;

    adapter_begin(stack->adapter);
    status = adapter_restart(stack->adapter);
    adapter_end(stack->adapter);
    hold(stack, false);
    return refused(stack, &restarting, stack->miniport, status);
}

int
undis_stack_restart(struct undis_stack *stack)
{
    return machine_inside(stack->machine, restart_inside, stack);
}

/* Attach, detach, bind, unbind: one driver comes or goes. */
struct change {
    struct undis_stack *stack;
    struct undis_driver *driver;
    const struct step *what;
    NDIS_STATUS (*change)(struct adapter *, struct driver *);
};

static int
change_inside(void *arguments)
{
    const struct change *change = arguments;
    struct adapter *adapter = change->stack->adapter;
    NDIS_STATUS status;
    int error = 0;

    if (change->change == filter_attach) {
        settings_for_filter(adapter, inner(change->driver));
        arrange_describe(change->stack->machine, change->driver);
    }
    if (change->change == binding_open) {
        settings_for_protocol(adapter, inner(change->driver), NULL);
        error = settings_for_instance(adapter, change->driver);
    }
    if (error)
        return error;
    hold(change->stack, true);
    status = change->change(adapter, inner(change->driver));
    if (change->change == binding_open && status == NDIS_STATUS_SUCCESS)
        adapter_configure(adapter, inner(change->driver));
    if (change->change == binding_close)
        adapter_configure_no_more(adapter, inner(change->driver));
    hold(change->stack, !adapter->running);
    return refused(change->stack, change->what, change->driver, status);
}

int
undis_stack_attach(struct undis_stack *stack, struct undis_driver *filter)
{
    struct change change = {stack, filter, &attaching, filter_attach};
    int error = arrange_check_filter(stack->machine, stack->miniport, filter);

    return error ? error : machine_inside(stack->machine, change_inside, &change);
}

int
undis_stack_detach(struct undis_stack *stack, struct undis_driver *filter)
{
    struct change change = {stack, filter, &detaching, filter_detach};

    return machine_inside(stack->machine, change_inside, &change);
}

int
undis_stack_bind(struct undis_stack *stack, struct undis_driver *protocol)
{
    struct change change = {stack, protocol, &binding, binding_open};
    int error = arrange_check_protocol(stack->machine, stack->miniport, protocol);

    return error ? error : machine_inside(stack->machine, change_inside, &change);
}

int
undis_stack_unbind(struct undis_stack *stack, struct undis_driver *protocol)
{
    struct change change = {stack, protocol, &unbinding, binding_close};

    return machine_inside(stack->machine, change_inside, &change);
}

struct power {
    struct undis_stack *stack;
    unsigned state;
};

static int
power_inside(void *arguments)
{
    const struct power *power = arguments;
    struct undis_stack *stack = power->stack;
    NDIS_STATUS status;

    hold(stack, true);
    status =
        adapter_power(stack->adapter, (NDIS_DEVICE_POWER_STATE)(NdisDeviceStateD0 + power->state));
    hold(stack, !stack->adapter->running);
    return refused(stack, &power_change, stack->miniport, status);
}

int
undis_stack_power(struct undis_stack *stack, unsigned state)
{
    struct power arguments = {stack, state};

    if (state > 3)
        return undis_fail(-EINVAL, "%s: no power state D%u, they are D0 to D3", stack->name, state);
    if (!stack->started)
        return undis_fail(-ENODEV, "%s: is not started", stack->name);
    return machine_inside(stack->machine, power_inside, &arguments);
}

static int
remove_inside(void *arguments)
{
    struct undis_stack *stack = arguments;

    hold(stack, true);
    adapter_remove(stack->adapter);
    hold(stack, false);
    return 0;
}

static int
surprise_inside(void *arguments)
{
    struct undis_stack *stack = arguments;

    adapter_surprise(stack->adapter);
    return remove_inside(stack);
}

static int
remove_by(struct undis_stack *stack, int (*inside)(void *))
{
    const struct adapter *adapter = stack->adapter; /* gone below, its address is not */
    int error = machine_inside(stack->machine, inside, stack);

    if (error)
        return error;
    RemoveEntryList(&stack->link);
    forget_instances(stack->machine, adapter);
    stack_free(stack);
    return 0;
}

int
undis_stack_remove(struct undis_stack *stack)
{
    return remove_by(stack, remove_inside);
}

int
undis_stack_surprise(struct undis_stack *stack)
{
    return remove_by(stack, surprise_inside);
}

static int
shutdown_inside(void *arguments)
{
    LIST_ENTRY *stacks = &machine_host(arguments)->stacks;

    for (LIST_ENTRY *e = stacks->Flink; e != stacks; e = e->Flink)
        adapter_shutdown(CONTAINING_RECORD(e, struct undis_stack, link)->adapter);
    return 0;
}

int
undis_shutdown(struct undis *machine)
{
    return machine_inside(machine, shutdown_inside, machine);
}

static int
crash_inside(void *arguments)
{
    LIST_ENTRY *stacks = &machine_host(arguments)->stacks;

    for (LIST_ENTRY *e = stacks->Flink; e != stacks; e = e->Flink)
        adapter_crash(CONTAINING_RECORD(e, struct undis_stack, link)->adapter);
    return 0;
}

int
undis_crash(struct undis *machine)
{
    return machine_inside(machine, crash_inside, machine);
}

static void
describe(const struct module *m, struct undis_layer *layer)
{
    struct module_lane sum = module_sum(m);

    *layer = (struct undis_layer){
        .kind = module_kind_name(m->kind),
        .driver = m->driver->name,
        .state = module_state_name(m->state),
        .sent = sum.sent,
        .send_completed = sum.send_completed,
        .send_pending = sum.send_later,
        .indicated = sum.indicated,
        .returned = sum.returned,
        .resources = sum.resources,
        .oids = m->oids.count,
        .statuses = m->statuses,
        .sends_out = (int64_t)(sum.sent - sum.send_completed),
        .receives_out = (int64_t)(sum.indicated - sum.returned),
    };
}

struct layers {
    struct undis_layer *layers;
    unsigned max, count;
};

static void
add_layer(const struct module *module, void *context)
{
    struct layers *list = context;

    if (list->count < list->max)
        describe(module, &list->layers[list->count]);
    list->count++;
}

int
undis_stack_layers(struct undis_stack *stack, struct undis_layer *layers, unsigned max)
{
    struct layers list = {layers, max, 0};

    stack_each(stack->adapter, add_layer, &list);
    return (int)list.count;
}
