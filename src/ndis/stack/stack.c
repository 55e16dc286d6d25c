/* SPDX-License-Identifier: MIT */
/* Who stands where, and where things go next.
 *
 * stack_resolve looks at the states of an adapter's modules and works out every hop. Sends go to
 * the nearest layer below with a send handler, if everything down to there runs; receives the
 * same way up. Completions and returns follow handlers alone: what is out must come back, paused
 * or not.
 */
#include "ndis/stack/adapter.h"
#include "ndis/stack/call.h"

static const char *const kind_names[] = {
    [MODULE_BINDING] = "protocol", [MODULE_FILTER] = "filter", [MODULE_MINIPORT] = "miniport"};

static const char *const state_names[] = {
    [MODULE_DETACHED] = "Detached",
    [MODULE_ATTACHING] = "Attaching",
    [MODULE_PAUSED] = "Paused",
    [MODULE_RESTARTING] = "Restarting",
    [MODULE_RUNNING] = "Running",
    [MODULE_PAUSING] = "Pausing",
    [MODULE_DETACHING] = "Detaching",
};

const char *
module_kind_name(enum module_kind kind)
{
    return kind_names[kind];
}

const char *
module_state_name(enum module_state state)
{
    return state_names[state];
}

struct module *
module_from_handle(NDIS_HANDLE handle, enum module_kind kind, const char *caller)
{
    static const enum object_kind objects[] = {[MODULE_BINDING] = OBJECT_BINDING,
        [MODULE_FILTER] = OBJECT_FILTER,
        [MODULE_MINIPORT] = OBJECT_ADAPTER};
    static const char *const rules[] = {[MODULE_BINDING] = "st-p-no-handle-after-close",
        [MODULE_FILTER] = "st-f-detach-no-calls-after",
        [MODULE_MINIPORT] = "st-m-halt-no-calls-after"};

    if (!object_of(machine_self(), handle, objects[kind]))
        gate_bug_check(handle == MODULE_UNOPENED ? "st-p-open-values-late" : rules[kind],
            "%s was given %p, which is no %s handle", caller, handle, kind_names[kind]);
    return handle;
}

struct module *
module_create(struct adapter *adapter, enum module_kind kind, struct driver *driver,
    struct ndis_driver *registration)
{
    static const enum object_kind objects[] = {[MODULE_BINDING] = OBJECT_BINDING,
        [MODULE_FILTER] = OBJECT_FILTER,
        [MODULE_MINIPORT] = OBJECT_ADAPTER};
    struct undis *machine = adapter->machine;
    struct module *module = object_create(machine, objects[kind], sizeof(*module));

    if (!module)
        return NULL;
    module->lanes =
        arena_zalloc(machine->arena, machine->processor_count * sizeof(*module->lanes), 64);
    if (!module->lanes) {
        object_destroy(module);
        return NULL;
    }
    module->kind = kind;
    module->machine = machine;
    module->driver = driver;
    module->registration = registration;
    module->adapter = adapter;
    module->state = MODULE_ATTACHING;
    module->holds = 1;
    InitializeListHead(&module->link);
    __atomic_add_fetch(&registration->modules, 1, __ATOMIC_ACQ_REL);
    return module;
}

void
module_destroy(struct module *module)
{
    __atomic_sub_fetch(&module->registration->modules, 1, __ATOMIC_ACQ_REL);
    module_let_go(module);
}

void
module_set_state(struct module *module, enum module_state state)
{
    const struct gate_hooks *hooks = gate_hooks();

    module->state = state;
    if (hooks && hooks->event)
        hooks->event(module->machine->hook_context, state_names[state], module, state);
}

struct module_lane
module_sum(const struct module *module)
{
    struct module_lane sum = {0};

    for (unsigned i = 0; i < module->machine->processor_count; i++) {
        const struct module_lane *lane = &module->lanes[i];

        sum.sent += __atomic_load_n(&lane->sent, __ATOMIC_RELAXED);
        sum.send_completed += __atomic_load_n(&lane->send_completed, __ATOMIC_RELAXED);
        sum.send_later += __atomic_load_n(&lane->send_later, __ATOMIC_RELAXED);
        sum.indicated += __atomic_load_n(&lane->indicated, __ATOMIC_RELAXED);
        sum.returned += __atomic_load_n(&lane->returned, __ATOMIC_RELAXED);
        sum.resources += __atomic_load_n(&lane->resources, __ATOMIC_RELAXED);
        sum.dropped += __atomic_load_n(&lane->dropped, __ATOMIC_RELAXED);
    }
    return sum;
}

struct ndis_driver *
ndis_driver_from_handle(NDIS_HANDLE handle, enum object_kind kind, const char *caller)
{
    if (!object_of(machine_self(), handle, kind))
        gate_bug_check("rg-filter-handle-saved", "%s was given %p, which is no %s handle", caller,
            handle, object_kind_name(kind));
    return handle;
}

struct ndis_driver *
ndis_driver_find(struct driver *driver, enum object_kind kind)
{
    struct ndis *ndis = driver->machine->ndis;
    struct ndis_driver *found = NULL;

    executive_lock(driver->machine->executive, &ndis->lock);
    for (LIST_ENTRY *e = ndis->registrations.Flink; e != &ndis->registrations; e = e->Flink) {
        struct ndis_driver *each = CONTAINING_RECORD(e, struct ndis_driver, link);

        if (each->driver == driver && each->kind == kind && each->major)
            found = each;
    }
    executive_unlock(driver->machine->executive, &ndis->lock);
    return found;
}

void
adapter_begin(struct adapter *adapter)
{
    struct executive *ex = adapter->machine->executive;
    uint32_t free = 0;

    if (__atomic_load_n(&adapter->operated_by, __ATOMIC_RELAXED) == block_self->task) {
        adapter->operations++;
        return;
    }
    while (!__atomic_compare_exchange_n(
        &adapter->operating, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        executive_wait(ex, &adapter->operating, 1, EXECUTIVE_FOREVER);
        free = 0;
    }
    __atomic_store_n(&adapter->operated_by, block_self->task, __ATOMIC_RELAXED);
    adapter->operations = 1;
}

void
adapter_end(struct adapter *adapter)
{
    if (--adapter->operations)
        return;
    __atomic_store_n(&adapter->operated_by, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&adapter->operating, 0, __ATOMIC_RELEASE);
    executive_wake(adapter->machine->executive, &adapter->operating, 1);
}

/* The nearest module below that takes sends; NULL when something on the way is not running. */
static struct module *
send_target(const struct module *from)
{
    for (struct module *m = from->lower; m; m = m->lower) {
        if (m->state != MODULE_RUNNING)
            return NULL;
        if (m->path.send)
            return m;
    }
    return NULL;
}

/* A filter or binding that is pausing, or paused before the miniport below, must cope with what still
 * comes. Where nobody looks whether it does, it is spared. */
static bool
takes_receives(const struct module *module)
{
    if (module->state == MODULE_RUNNING)
        return true;
    return module->adapter->pausing && !module->core && module->driver->image &&
           (module->state == MODULE_PAUSING || module->state == MODULE_PAUSED);
}

/* The nearest filter above with a handler for what comes up; NULL: the bindings. */
static struct module *
receive_target(const struct module *from, bool *closed)
{
    *closed = false;
    for (struct module *m = from->upper; m; m = m->upper) {
        if (!takes_receives(m)) {
            *closed = true;
            return NULL;
        }
        if (m->path.receive)
            return m;
    }
    return NULL;
}

static struct module *
complete_target(const struct module *from)
{
    for (struct module *m = from->upper; m; m = m->upper)
        if (m->path.send_complete)
            return m;
    return NULL;
}

static struct module *
return_target(const struct module *from)
{
    for (struct module *m = from->lower; m; m = m->lower)
        if (m->path.give_back)
            return m;
    return NULL;
}

static void
resolve(struct module *module)
{
    bool closed = false;
    struct module *receive =
        module->kind == MODULE_BINDING ? NULL : receive_target(module, &closed);
    bool open = module->state == MODULE_RUNNING ||
                (module->kind == MODULE_BINDING && module->state == MODULE_RESTARTING);

    __atomic_store_n(&module->send_hop, open ? send_target(module) : NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&module->receive_hop, receive, __ATOMIC_RELEASE);
    __atomic_store_n(&module->receive_closed, closed, __ATOMIC_RELEASE);
    __atomic_store_n(&module->complete_hop, complete_target(module), __ATOMIC_RELEASE);
    __atomic_store_n(&module->return_hop, return_target(module), __ATOMIC_RELEASE);
}

/* A new list of receivers: the running bindings first, then the other open ones. */
static struct receivers *
receivers_now(struct adapter *adapter)
{
    struct receivers *list;
    unsigned open = 0, at = 0;

    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        open++;
    list = machine_alloc(adapter->machine, sizeof(*list) + open * sizeof(struct module *));
    if (!list)
        gate_bug_check(NULL, "no memory for the bindings of %s", adapter->name);
    for (int running = 1; running >= 0; running--) {
        for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink) {
            struct module *m = CONTAINING_RECORD(e, struct module, link);

            if (takes_receives(m) == running)
                list->bindings[at++] = m;
        }
        if (running)
            list->count = at;
    }
    list->open = open;
    return list;
}

void
stack_retire(struct adapter *adapter, struct retired *block)
{
    struct retired *first = __atomic_load_n(&adapter->retired, __ATOMIC_RELAXED);

    do
        block->next = first;
    while (!__atomic_compare_exchange_n(
        &adapter->retired, &first, block, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

void
stack_reap(struct adapter *adapter)
{
    struct retired *block = __atomic_exchange_n(&adapter->retired, NULL, __ATOMIC_ACQUIRE);

    if (block)
        processor_grace(adapter->machine);
    while (block) {
        struct retired *next = block->next;

        machine_free(adapter->machine, block);
        block = next;
    }
}

void
stack_resolve(struct adapter *adapter)
{
    struct receivers *old = adapter->receivers, *list = receivers_now(adapter);

    if (list->open > 1)
        __atomic_store_n(&adapter->shared, true, __ATOMIC_RELAXED);
    for (struct module *m = adapter->top; m; m = m->lower)
        resolve(m);
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        resolve(CONTAINING_RECORD(e, struct module, link));
    __atomic_store_n(&adapter->receivers, list, __ATOMIC_RELEASE);
    processor_grace(adapter->machine);
    machine_free(adapter->machine, old);
    stack_reap(adapter);
}
