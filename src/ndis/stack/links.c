/* SPDX-License-Identifier: MIT */
/* The order of an adapter's modules: who stands above and below whom.
 *
 * The operation owner alone changes it, here. Others look at it in three ways:
 *
 *     the data path     follows hops (stack.c), never these links
 *     calls of drivers  stack_find: at DISPATCH_LEVEL, and what is found is counted. Who takes a
 *                       module out resolves the stack, which grants a grace period, and then waits
 *                       in module_drain until nobody counts on it any more
 *     the host          stack_each, under a lock that no driver is called under
 */
#include "host/lock.h"
#include "ndis/stack/adapter.h"
#include "nt/processor.h"

void
stack_put_miniport(struct adapter *adapter, struct module *miniport)
{
    host_lock(&adapter->links_lock);
    adapter->top = adapter->miniport = miniport;
    host_unlock(&adapter->links_lock);
}

/* Bindings stand on the topmost module. */
static void
set_top(struct adapter *adapter, struct module *top)
{
    adapter->top = top;
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        CONTAINING_RECORD(e, struct module, link)->lower = top;
}

void
stack_put_filter(struct module *filter)
{
    struct adapter *adapter = filter->adapter;

    host_lock(&adapter->links_lock);
    filter->lower = adapter->top;
    adapter->top->upper = filter;
    set_top(adapter, filter);
    host_unlock(&adapter->links_lock);
}

void
stack_take_filter(struct module *filter)
{
    struct adapter *adapter = filter->adapter;

    host_lock(&adapter->links_lock);
    filter->lower->upper = filter->upper;
    if (filter->upper)
        filter->upper->lower = filter->lower;
    else
        set_top(adapter, filter->lower);
    host_unlock(&adapter->links_lock);
}

void
stack_put_binding(struct module *binding)
{
    struct adapter *adapter = binding->adapter;

    host_lock(&adapter->links_lock);
    binding->lower = adapter->top;
    InsertTailList(&adapter->bindings, &binding->link);
    host_unlock(&adapter->links_lock);
}

void
stack_take_binding(struct module *binding)
{
    host_lock(&binding->adapter->links_lock);
    RemoveEntryList(&binding->link);
    host_unlock(&binding->adapter->links_lock);
}

void
stack_each(struct adapter *adapter, void (*each)(const struct module *module, void *context),
    void *context)
{
    host_lock(&adapter->links_lock);
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink)
        each(CONTAINING_RECORD(e, struct module, link), context);
    for (const struct module *m = adapter->top; m; m = m->lower)
        each(m, context);
    host_unlock(&adapter->links_lock);
}

void
adapter_later_done(struct adapter *adapter)
{
    struct executive *executive = adapter->machine->executive;

    /* Who waits for that frees the adapter. */
    if (__atomic_sub_fetch(&adapter->later, 1, __ATOMIC_ACQ_REL) == 0)
        executive_wake(executive, &adapter->later, 1);
}

void
module_hold(struct module *module)
{
    __atomic_add_fetch(&module->holds, 1, __ATOMIC_ACQ_REL);
}

static void
end(struct module *module)
{
    if (module->end)
        module->end(module);
    arena_free(module->machine->arena, module->lanes);
    object_destroy(module);
}

void
module_let_go(struct module *module)
{
    struct executive *executive = module->machine->executive;
    uint32_t left = __atomic_sub_fetch(&module->holds, 1, __ATOMIC_ACQ_REL);

    if (left == 0)
        end(module);
    else
        executive_wake(executive, &module->holds, 1);
}

void *
module_enter(struct module *module)
{
    void *before = block_self->held;

    module_hold(module);
    block_self->held = module;
    return before;
}

void
module_leave(struct module *module, void *entered)
{
    block_self->held = entered;
    module_let_go(module);
}

void
module_drain(struct module *module)
{
    struct executive *executive = module->machine->executive;
    uint64_t deadline = executive_now(executive) + module->machine->patience / 4;
    uint32_t own = block_self->held == module ? 2 : 1, holds;

    while ((holds = __atomic_load_n(&module->holds, __ATOMIC_ACQUIRE)) > own &&
           executive_now(executive) < deadline)
        executive_wait(executive, &module->holds, holds, deadline);
}

typedef bool wanted_function(const struct module *module);

/* The first one that is wanted, counted, from *@start on. */
static struct module *
find(struct module *_Atomic const *start, bool up, wanted_function *wanted)
{
    KIRQL irql = irql_now();
    struct module *m;

    if (irql < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    m = *start;
    while (m && !wanted(m))
        m = up ? m->upper : m->lower;
    if (m)
        module_hold(m);
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
    return m;
}

struct module *
stack_find(const struct adapter *adapter, wanted_function *wanted)
{
    return find(&adapter->top, false, wanted);
}

struct module *
stack_find_above(const struct module *from, wanted_function *wanted)
{
    return find(&from->upper, true, wanted);
}

struct module *
stack_find_below(const struct module *from, wanted_function *wanted)
{
    return find(&from->lower, false, wanted);
}
