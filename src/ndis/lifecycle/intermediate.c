/* SPDX-License-Identifier: MIT */
/* Intermediate drivers, of both generations: a protocol below, virtual miniports above.
 *
 *     protocol                      its instance (an adapter): initialized when its stack is
 *        |                          started and the driver has asked for it, in either order
 *     virtual miniport --.
 *                         intermediate driver  NdisIMInitializeDeviceInstanceEx(name, context)
 *     binding ----------'
 *        |
 *     miniport
 *
 * The instance is named as its device is; a binding of the driver finds that name under its
 * keyword UpperBindings.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"
#include "nt/thread.h"

static void
lock(struct undis *machine)
{
    executive_lock(machine->executive, &machine->ndis->lock);
}

static void
unlock(struct undis *machine)
{
    executive_unlock(machine->executive, &machine->ndis->lock);
}

bool
instance_layered(struct driver *driver)
{
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER);

    return registration && registration->layered;
}

bool
instance_present(struct adapter *adapter, void (*start)(void *), void *argument)
{
    bool waits;

    lock(adapter->machine);
    adapter->instance_start = start;
    adapter->instance_argument = argument;
    waits = adapter->instance_state != INSTANCE_WANTED;
    adapter->instance_state = waits ? INSTANCE_PRESENT : INSTANCE_STARTED;
    unlock(adapter->machine);
    return waits;
}

void
instance_failed(struct adapter *adapter)
{
    lock(adapter->machine);
    adapter->instance_state = INSTANCE_PRESENT;
    unlock(adapter->machine);
}

/* The instance of @driver with that device name, or NULL. Under the lock. */
static struct adapter *
find(struct driver *driver, PNDIS_STRING name)
{
    struct ndis *ndis = driver->machine->ndis;

    for (LIST_ENTRY *e = ndis->adapters.Flink; e != &ndis->adapters; e = e->Flink) {
        struct adapter *adapter = CONTAINING_RECORD(e, struct adapter, link);

        if (adapter->instance_driver == driver &&
            RtlEqualUnicodeString(&adapter->device_name, name, TRUE))
            return adapter;
    }
    return NULL;
}

static void
start(void *context)
{
    struct adapter *adapter = context;

    adapter->instance_start(adapter->instance_argument);
    adapter_later_done(adapter);
}

static NDIS_STATUS
start_later(struct adapter *adapter)
{
    struct undis *machine = adapter->machine;

    __atomic_add_fetch(&adapter->later, 1, __ATOMIC_ACQ_REL);
    if (nt_spawn(machine, "instance", start, adapter) == 0)
        return NDIS_STATUS_SUCCESS;
    adapter_later_done(adapter);
    instance_failed(adapter);
    return NDIS_STATUS_RESOURCES;
}

static struct ndis_driver *
layered_from_handle(NDIS_HANDLE handle, const char *caller)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(handle, OBJECT_MINIPORT_DRIVER, caller);

    gate_require_irql(PASSIVE_LEVEL, caller);
    if (!registration->layered)
        gate_bug_check("im-flag", "%s called %s, but is not registered as an intermediate driver",
            registration->driver->name, caller);
    return registration;
}

/*
 * NdisIMInitializeDeviceInstanceEx - an intermediate driver wants its virtual miniport initialized
 *
 * @DriverHandle:   from NdisMRegisterMiniportDriver or NdisIMRegisterLayeredMiniport.
 * @DriverInstance: device name of the instance.
 * @DeviceContext:  for NdisIMGetDeviceContext and MiniportInitializeEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; initialization comes later, once the instance's stack is started.
 * Errors:    NDIS_STATUS_ADAPTER_NOT_FOUND when the driver has no such instance,
 *            NDIS_STATUS_FAILURE when it has asked already, NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisIMInitializeDeviceInstanceEx
 */
NDIS_STATUS
NdisIMInitializeDeviceInstanceEx(
    NDIS_HANDLE DriverHandle, PNDIS_STRING DriverInstance, NDIS_HANDLE DeviceContext)
{
    struct ndis_driver *registration = layered_from_handle(DriverHandle, __func__);
    struct undis *machine = registration->driver->machine;
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;
    struct adapter *adapter;
    bool present = false;

    lock(machine);
    adapter = find(registration->driver, DriverInstance);
    if (!adapter) {
        status = NDIS_STATUS_ADAPTER_NOT_FOUND;
    } else if (adapter->instance_state == INSTANCE_WANTED ||
               adapter->instance_state == INSTANCE_STARTED) {
        status = NDIS_STATUS_FAILURE;
    } else {
        present = adapter->instance_state == INSTANCE_PRESENT;
        adapter->instance_state = present ? INSTANCE_STARTED : INSTANCE_WANTED;
        adapter->instance_context = DeviceContext;
    }
    unlock(machine);
    return present ? start_later(adapter) : status;
}

/*
 * NdisIMInitializeDeviceInstance - NdisIMInitializeDeviceInstanceEx without a context
 *
 * @DriverHandle:   from NdisIMRegisterLayeredMiniport.
 * @DriverInstance: device name of the instance.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    as for NdisIMInitializeDeviceInstanceEx.
 * Source:    ddk3790:NdisXI_L_5541feb0-4aa8-4318-8a37-45ddef80a2a0.xml.htm
 */
NDIS_STATUS
NdisIMInitializeDeviceInstance(NDIS_HANDLE DriverHandle, PNDIS_STRING DriverInstance)
{
    return NdisIMInitializeDeviceInstanceEx(DriverHandle, DriverInstance, NULL);
}

/*
 * NdisIMCancelInitializeDeviceInstance - an intermediate driver wants its virtual miniport no more
 *
 * @DriverHandle:   from NdisMRegisterMiniportDriver or NdisIMRegisterLayeredMiniport.
 * @DeviceInstance: as given to NdisIMInitializeDeviceInstanceEx.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_FAILURE when it is being initialized or is already, or was not asked for.
 * Source:    NF:ndis.NdisIMCancelInitializeDeviceInstance
 */
NDIS_STATUS
NdisIMCancelInitializeDeviceInstance(NDIS_HANDLE DriverHandle, PNDIS_STRING DeviceInstance)
{
    struct ndis_driver *registration = layered_from_handle(DriverHandle, __func__);
    struct undis *machine = registration->driver->machine;
    NDIS_STATUS status = NDIS_STATUS_FAILURE;
    struct adapter *adapter;

    lock(machine);
    adapter = find(registration->driver, DeviceInstance);
    if (adapter && adapter->instance_state == INSTANCE_WANTED) {
        adapter->instance_state = INSTANCE_ABSENT;
        status = NDIS_STATUS_SUCCESS;
    }
    unlock(machine);
    return status;
}

/*
 * NdisIMDeInitializeDeviceInstance - an intermediate driver has its virtual miniport halted
 *
 * @NdisMiniportHandle: of the virtual miniport.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: what stands on it is unbound and detached, and it is halted, when this returns; the
 *            handle is dead afterwards.
 * Errors:    NDIS_STATUS_FAILURE for a miniport that is no instance of an intermediate driver.
 * Source:    NF:ndis.NdisIMDeInitializeDeviceInstance
 */
NDIS_STATUS
NdisIMDeInitializeDeviceInstance(NDIS_HANDLE NdisMiniportHandle)
{
    struct module *miniport = path_module(NdisMiniportHandle, MODULE_MINIPORT, __func__);
    struct adapter *adapter = miniport->adapter;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!adapter->instance_driver)
        return NDIS_STATUS_FAILURE;
    adapter_stop(adapter);
    instance_failed(adapter);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisIMAssociateMiniport - says that a miniport and a protocol are edges of one driver
 *
 * @DriverHandle:   from NdisMRegisterMiniportDriver or NdisIMRegisterLayeredMiniport.
 * @ProtocolHandle: from NdisRegisterProtocolDriver or NdisRegisterProtocol.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisIMAssociateMiniport
 */
VOID
NdisIMAssociateMiniport(NDIS_HANDLE DriverHandle, NDIS_HANDLE ProtocolHandle)
{
    struct ndis_driver *miniport = layered_from_handle(DriverHandle, __func__);
    struct ndis_driver *protocol =
        ndis_driver_from_handle(ProtocolHandle, OBJECT_PROTOCOL_DRIVER, __func__);

    miniport->associate = protocol;
    protocol->associate = miniport;
}

/*
 * NdisIMGetDeviceContext - the context of a virtual miniport
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NULL for a miniport that is no instance of an intermediate driver.
 * Source:    NF:ndis.NdisIMGetDeviceContext
 */
NDIS_HANDLE
NdisIMGetDeviceContext(NDIS_HANDLE MiniportAdapterHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__)->adapter->instance_context;
}

/*
 * NdisIMGetBindingContext - the context of the virtual miniport under a binding
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx or NdisOpenAdapter.
 *
 * IRQL:      < DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NULL when the binding stands on no instance of an intermediate driver.
 * Source:    NF:ndis.NdisIMGetBindingContext
 */
NDIS_HANDLE
NdisIMGetBindingContext(NDIS_HANDLE NdisBindingHandle)
{
    gate_require_irql(APC_LEVEL, __func__);
    return path_module(NdisBindingHandle, MODULE_BINDING, __func__)->adapter->instance_context;
}

/*
 * NdisIMRegisterLayeredMiniport - an intermediate driver of NDIS 4 or 5 registers its upper edge
 *
 * @NdisWrapperHandle:       from NdisInitializeWrapper.
 * @MiniportCharacteristics: as for NdisMRegisterMiniport; copied.
 * @CharacteristicsLength:   bytes of it.
 * @DriverHandle:            for the other NdisIM calls.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registration lasts until NdisIMDeregisterLayeredMiniport.
 * Errors:    as for NdisMRegisterMiniport, but that MiniportReset may be missing.
 * Source:    NF:ndis.NdisIMRegisterLayeredMiniport
 */
NDIS_STATUS
NdisIMRegisterLayeredMiniport(NDIS_HANDLE NdisWrapperHandle,
    PNDIS_MINIPORT_CHARACTERISTICS MiniportCharacteristics, UINT CharacteristicsLength,
    PNDIS_HANDLE DriverHandle)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisWrapperHandle, OBJECT_MINIPORT_DRIVER, __func__);
    bool before = registration->layered;
    NDIS_STATUS status;

    *DriverHandle = NULL;
    registration->layered = true;
    status =
        NdisMRegisterMiniport(NdisWrapperHandle, MiniportCharacteristics, CharacteristicsLength);
    if (status != NDIS_STATUS_SUCCESS) {
        registration->layered = before;
        return status;
    }
    *DriverHandle = NdisWrapperHandle;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisIMDeregisterLayeredMiniport - an intermediate driver takes its upper edge back
 *
 * @DriverHandle: from NdisIMRegisterLayeredMiniport.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is dead afterwards; the wrapper handle is not.
 * Errors:    none; with a virtual miniport left it is a bug check.
 * Source:    NF:ndis.NdisIMDeregisterLayeredMiniport
 */
VOID
NdisIMDeregisterLayeredMiniport(NDIS_HANDLE DriverHandle)
{
    struct ndis_driver *registration = layered_from_handle(DriverHandle, __func__);

    if (__atomic_load_n(&registration->modules, __ATOMIC_ACQUIRE))
        gate_bug_check("st-m-unload-last",
            "%s called NdisIMDeregisterLayeredMiniport while %u of its miniports still stand",
            registration->driver->name, registration->modules);
    registration->layered = false;
    registration->major = registration->minor = 0;
}

/*
 * NdisIMNotifyPnPEvent - an intermediate driver of NDIS 5 passes a network event up
 *
 * @MiniportHandle: of the virtual miniport.
 * @NetPnPEvent:    as given to its ProtocolPnPEvent.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: stays with the caller; protocols that pend are waited for.
 * Errors:    the first failure of a layer above.
 * Source:    NF:ndis.NdisIMNotifyPnPEvent
 */
NDIS_STATUS
NdisIMNotifyPnPEvent(NDIS_HANDLE MiniportHandle, PNET_PNP_EVENT NetPnPEvent)
{
    NET_PNP_EVENT_NOTIFICATION event = {0};

    gate_require_irql(PASSIVE_LEVEL, __func__);
    event.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NET_PNP_EVENT_NOTIFICATION_REVISION_1, NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1};
    event.NetPnPEvent = *NetPnPEvent;
    return event_above(path_module(MiniportHandle, MODULE_MINIPORT, __func__), &event);
}
