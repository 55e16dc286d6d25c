/* SPDX-License-Identifier: MIT */
/* Drivers change who stands where: a protocol leaves an adapter or comes back to those that it is
 * configured for, a miniport gives its device up. What takes long runs as a task that the adapter
 * waits for before it ends (adapter.later).
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"
#include "nt/thread.h"

/* A protocol that the stack of an adapter wants bound. */
struct configured {
    LIST_ENTRY link; /* in adapter.configured */
    struct driver *driver;
};

static struct configured *
configured_find(struct adapter *adapter, const struct driver *driver)
{
    for (LIST_ENTRY *e = adapter->configured.Flink; e != &adapter->configured; e = e->Flink) {
        struct configured *each = CONTAINING_RECORD(e, struct configured, link);

        if (each->driver == driver)
            return each;
    }
    return NULL;
}

bool
adapter_configure(struct adapter *adapter, struct driver *driver)
{
    struct configured *entry;

    if (configured_find(adapter, driver))
        return true;
    entry = machine_alloc(adapter->machine, sizeof(*entry));
    if (!entry)
        return false;
    entry->driver = driver;
    InsertTailList(&adapter->configured, &entry->link);
    return true;
}

void
adapter_configure_no_more(struct adapter *adapter, const struct driver *driver)
{
    LIST_ENTRY *next;

    for (LIST_ENTRY *e = adapter->configured.Flink; e != &adapter->configured; e = next) {
        struct configured *each = CONTAINING_RECORD(e, struct configured, link);

        next = e->Flink;
        if (driver && each->driver != driver)
            continue;
        RemoveEntryList(&each->link);
        machine_free(adapter->machine, each);
    }
}

void
adapter_bind_configured(struct adapter *adapter)
{
    adapter_begin(adapter);
    for (LIST_ENTRY *e = adapter->configured.Flink; e != &adapter->configured; e = e->Flink) {
        struct driver *driver = CONTAINING_RECORD(e, struct configured, link)->driver;

        if (adapter->takes_binds && !binding_find(adapter, driver))
            binding_open(adapter, driver);
    }
    adapter_end(adapter);
}

/*
 * NdisReEnumerateProtocolBindings - a protocol is bound again to what it is configured for
 *
 * @NdisProtocolHandle: from NdisRegisterProtocolDriver or NdisRegisterProtocol.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves. The protocol's bind function is called, before this returns, for every
 *            started stack that names it and that it is not bound to.
 * Errors:    none; a bind that fails leaves the protocol unbound there.
 * Source:    NF:ndis.NdisReEnumerateProtocolBindings
 */
VOID
NdisReEnumerateProtocolBindings(NDIS_HANDLE NdisProtocolHandle)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisProtocolHandle, OBJECT_PROTOCOL_DRIVER, __func__);
    struct driver *driver = registration->driver;
    struct ndis *ndis = driver->machine->ndis;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    for (LIST_ENTRY *e = ndis->adapters.Flink; e != &ndis->adapters; e = e->Flink) {
        struct adapter *adapter = CONTAINING_RECORD(e, struct adapter, link);

        adapter_begin(adapter);
        if (adapter->takes_binds && configured_find(adapter, driver) &&
            !binding_find(adapter, driver))
            binding_open(adapter, driver);
        adapter_end(adapter);
    }
}

/* Work on an adapter that a driver asked for. */
struct later {
    struct adapter *adapter;
    const struct module *module; /* compared only */
    uint32_t id;
    void (*run)(struct later *later);
};

static void
run_later(void *context)
{
    struct later later = *(struct later *)context;

    machine_free(later.adapter->machine, context);
    later.run(&later);
    adapter_later_done(later.adapter);
}

static NDIS_STATUS
start_later(const struct module *module, const char *name, void (*run)(struct later *))
{
    struct adapter *adapter = module->adapter;
    struct undis *machine = adapter->machine;
    struct later *later = machine_alloc(machine, sizeof(*later));

    if (!later)
        return NDIS_STATUS_RESOURCES;
    *later = (struct later){adapter, module, object_prefix(module)->id, run};
    __atomic_add_fetch(&adapter->later, 1, __ATOMIC_ACQ_REL);
    if (nt_spawn(machine, name, run_later, later) == 0)
        return NDIS_STATUS_SUCCESS;
    machine_free(machine, later);
    adapter_later_done(adapter);
    return NDIS_STATUS_RESOURCES;
}

/* It may have gone already. */
static void
unbind(struct later *later)
{
    struct adapter *adapter = later->adapter;

    adapter_begin(adapter);
    for (LIST_ENTRY *e = adapter->bindings.Flink; e != &adapter->bindings; e = e->Flink) {
        struct module *binding = CONTAINING_RECORD(e, struct module, link);

        if (binding == later->module && object_prefix(binding)->id == later->id) {
            binding_remove(binding);
            break;
        }
    }
    adapter_end(adapter);
}

/*
 * NdisUnbindAdapter - a protocol wants its binding closed
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: ProtocolUnbindAdapterEx is called later, on another thread; the handle may be dead
 *            when this returns.
 * Errors:    NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisUnbindAdapter
 */
NDIS_STATUS
NdisUnbindAdapter(NDIS_HANDLE NdisBindingHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return start_later(path_module(NdisBindingHandle, MODULE_BINDING, __func__), "unbind", unbind);
}

static void
bind_configured(struct later *later)
{
    adapter_bind_configured(later->adapter);
}

NDIS_STATUS
adapter_bind_later(const struct module *miniport)
{
    return start_later(miniport, "bind", bind_configured);
}

static void
unbind_all(struct later *later)
{
    struct adapter *adapter = later->adapter;

    adapter_begin(adapter);
    while (adapter->secondary && !IsListEmpty(&adapter->bindings))
        binding_remove(binding_to_go(adapter));
    adapter_end(adapter);
}

NDIS_STATUS
adapter_unbind_later(const struct module *miniport)
{
    return start_later(miniport, "unbind", unbind_all);
}

static void
give_up(struct later *later)
{
    struct adapter *adapter = later->adapter;

    adapter_begin(adapter);
    if (adapter->miniport == later->module && object_prefix(adapter->miniport)->id == later->id) {
        adapter->failed = true;
        adapter_stop(adapter);
    }
    adapter_end(adapter);
}

void
adapter_give_up(struct adapter *adapter)
{
    start_later(adapter->miniport, "remove", give_up);
}

/*
 * NdisMRemoveMiniport - a miniport gives up its device, which has failed for good
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx or MiniportInitialize.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: what stands on the miniport is unbound and detached, and it is halted with
 *            NdisHaltDeviceFailed, later and on another thread; the handle is dead then.
 * Errors:    NDIS_STATUS_FAILURE when memory is short.
 * Source:    NF:ndis.NdisMRemoveMiniport
 */
NDIS_STATUS
NdisMRemoveMiniport(NDIS_HANDLE MiniportAdapterHandle)
{
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    status = start_later(
        path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__), "remove", give_up);
    return status == NDIS_STATUS_SUCCESS ? status : NDIS_STATUS_FAILURE;
}
