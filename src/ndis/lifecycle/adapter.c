/* SPDX-License-Identifier: MIT */
/* Adapters: a device with a miniport on it.
 *
 *     adapter_create -> adapter_initialize (MiniportInitializeEx) -> ... -> adapter_remove
 *     (PDO, FDO)        NdisMSetMiniportAttributes                         (MiniportHaltEx)
 */
#include "ndis/connection/connection.h"
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/lifecycle/reset.h"
#include "ndis/packet/packet.h"
#include "ndis/path/audience.h"
#include "ndis/path/oid.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"
#include "ndis/service/hardware.h"
#include "ndis/service/ifstack.h"
#include "ndis/service/interface.h"
#include "ndis/stack/call_legacy.h"

#include <errno.h>
#include <string.h>

static void
append_hex(UNICODE_STRING *string, uint64_t value, unsigned digits)
{
    while (digits-- > 0) {
        string->Buffer[string->Length / sizeof(WCHAR)] =
            L"0123456789ABCDEF"[value >> 4 * digits & 15];
        string->Length += sizeof(WCHAR);
    }
}

/* {8-4-4-4-12} */
static void
append_guid(UNICODE_STRING *string, const GUID *guid)
{
    uint64_t tail = 0;

    for (unsigned i = 2; i < 8; i++)
        tail = tail << 8 | guid->Data4[i];
    RtlAppendUnicodeToString(string, L"{");
    append_hex(string, guid->Data1, 8);
    RtlAppendUnicodeToString(string, L"-");
    append_hex(string, guid->Data2, 4);
    RtlAppendUnicodeToString(string, L"-");
    append_hex(string, guid->Data3, 4);
    RtlAppendUnicodeToString(string, L"-");
    append_hex(string, (uint64_t)guid->Data4[0] << 8 | guid->Data4[1], 4);
    RtlAppendUnicodeToString(string, L"-");
    append_hex(string, tail, 12);
    RtlAppendUnicodeToString(string, L"}");
}

/* An instance GUID that is the same in every run: no clock, no random bits. */
static void
make_names(struct adapter *adapter, const char *name)
{
    UNICODE_STRING *device = &adapter->device_name, *instance = &adapter->instance_name;
    wchar_t *friendly = adapter->names[2];

    adapter->instance = (GUID){0x75e1f000u + adapter->id, 0x6e64, 0x4973,
        {0x8f, 0x01, 0, 0, 0, 0, (UCHAR)(adapter->machine->id >> 8), (UCHAR)adapter->machine->id}};
    *instance = (UNICODE_STRING){0, sizeof(adapter->names[1]), adapter->names[1]};
    append_guid(instance, &adapter->instance);
    *device = (UNICODE_STRING){0, sizeof(adapter->names[0]), adapter->names[0]};
    RtlAppendUnicodeToString(device, L"\\DEVICE\\");
    RtlAppendUnicodeStringToString(device, instance);
    for (unsigned i = 0; i < RTL_NUMBER_OF(adapter->names[2]) - 1 && name[i]; i++)
        friendly[i] = (unsigned char)name[i];
    adapter->friendly_name = friendly;
    adapter->name = (const char *)(adapter + 1);
    memcpy(adapter + 1, name, strlen(name) + 1);
}

/* The lowest one that is free, so that an adapter made again finds its settings again. */
static uint32_t
free_index(const struct ndis *ndis)
{
    uint32_t index = 1;

    for (const LIST_ENTRY *e = ndis->adapters.Flink; e != &ndis->adapters; e = e->Flink) {
        if (CONTAINING_RECORD(e, struct adapter, link)->id == index) {
            index++;
            e = &ndis->adapters; /* look at all again */
        }
    }
    return index;
}

NTSTATUS
adapter_create(
    struct undis *machine, const char *name, PDEVICE_OBJECT pdo, struct adapter **created)
{
    struct ndis *ndis = machine->ndis;
    struct adapter *adapter = machine_alloc(machine, sizeof(*adapter) + strlen(name) + 1);

    if (!adapter)
        return STATUS_INSUFFICIENT_RESOURCES;
    adapter->machine = machine;
    adapter->pdo = pdo;
    adapter->id = free_index(ndis);
    adapter->if_index = adapter->id;
    adapter->luid.Info.IfType = IF_TYPE_ETHERNET_CSMACD;
    adapter->luid.Info.NetLuidIndex = adapter->id;
    InitializeListHead(&adapter->bindings);
    InitializeListHead(&adapter->offers);
    InitializeListHead(&adapter->configured);
    ports_begin(adapter);
    make_names(adapter, name);
    adapter->receivers = machine_alloc(machine, sizeof(*adapter->receivers));
    if (!adapter->receivers || !NT_SUCCESS(hardware_create(adapter))) {
        machine_free(machine, adapter->receivers);
        machine_free(machine, adapter);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    executive_lock(machine->executive, &ndis->lock);
    InsertTailList(&ndis->adapters, &adapter->link);
    executive_unlock(machine->executive, &ndis->lock);
    *created = adapter;
    return STATUS_SUCCESS;
}

static NDIS_STATUS
create_fdo(struct adapter *adapter, struct driver *driver)
{
    NTSTATUS status = IoCreateDevice(driver->object, 0, &adapter->device_name,
        FILE_DEVICE_PHYSICAL_NETCARD, FILE_DEVICE_SECURE_OPEN, FALSE, &adapter->fdo);

    if (!NT_SUCCESS(status))
        return NDIS_STATUS_RESOURCES;
    adapter->fdo->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    if (adapter->pdo)
        IoAttachDeviceToDeviceStack(adapter->fdo, adapter->pdo);
    return NDIS_STATUS_SUCCESS;
}

static void
delete_fdo(struct adapter *adapter)
{
    if (!adapter->fdo)
        return;
    if (adapter->pdo)
        IoDetachDevice(adapter->pdo);
    IoDeleteDevice(adapter->fdo);
    adapter->fdo = NULL;
}

static NDIS_STATUS
create_clone_pool(struct adapter *adapter)
{
    NET_BUFFER_LIST_POOL_PARAMETERS parameters = {0};

    parameters.Header =
        (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT, NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_NET_BUFFER_LIST_POOL_PARAMETERS_REVISION_1};
    parameters.fAllocateNetBuffer = TRUE;
    parameters.PoolTag = 0x6c63646e; /* "ndcl" */
    adapter->clone_pool = NdisAllocateNetBufferListPool(NULL, &parameters);
    packet_pool_is_own(adapter->clone_pool);
    return adapter->clone_pool ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}

static NDIS_STATUS
initialize(struct module *miniport, PNDIS_RESOURCE_LIST resources)
{
    NDIS_MINIPORT_INIT_PARAMETERS parameters = {0};
    NDIS_PORT_AUTHENTICATION_PARAMETERS authentication = port_defaults();
    struct adapter *adapter = miniport->adapter;
    NDIS_STATUS status;

    if (miniport->legacy)
        return legacy_initialize(miniport);
    parameters.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_MINIPORT_INIT_PARAMETERS,
        NDIS_MINIPORT_INIT_PARAMETERS_REVISION_1, NDIS_SIZEOF_MINIPORT_INIT_PARAMETERS_REVISION_1};
    parameters.IfIndex = adapter->if_index;
    parameters.NetLuid = adapter->luid;
    parameters.MiniportAddDeviceContext = adapter->add_device_context;
    parameters.IMDeviceInstanceContext = adapter->instance_context;
    parameters.AllocatedResources = resources;
    parameters.DefaultPortAuthStates = &authentication;
    status = call_initialize(miniport, &parameters);
    if (status != NDIS_STATUS_SUCCESS)
        ports_forget(adapter, miniport->driver, "failed MiniportInitializeEx");
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!adapter->has_registration || !adapter->has_general)
        gate_bug_check(adapter->has_registration ? "st-m-general-attributes-required"
                                                 : "st-m-attributes-first",
            "%s initialized without %s attributes", miniport->driver->name,
            adapter->has_registration ? "general" : "registration");
    return NDIS_STATUS_SUCCESS;
}

static void
forget_miniport(struct adapter *adapter)
{
    legacy_destroy(adapter->miniport);
    reset_destroy(adapter->miniport);
    machine_free(adapter->machine, adapter->supported_oids);
    adapter->supported_oids = NULL;
    assist_forget(adapter);
    audience_forget(adapter);
    restart_attributes_forget(adapter);
    oid_forget(adapter);
    adapter->has_registration = adapter->has_general = false;
    stack_put_miniport(adapter, NULL);
}

static NDIS_STATUS
set_handlers(struct module *miniport)
{
    const struct ndis_driver *registration = miniport->registration;

    if (registration->major < 6)
        return legacy_create(miniport);
    miniport->path.send = registration->miniport.SendNetBufferListsHandler;
    miniport->path.give_back = registration->miniport.ReturnNetBufferListsHandler;
    miniport->path.cancel_send = registration->miniport.CancelSendHandler;
    return reset_create(miniport);
}

/* MiniportAddDevice, MiniportStartDevice, MiniportInitializeEx. */
static NDIS_STATUS
begin_miniport(struct module *miniport)
{
    struct adapter *adapter = miniport->adapter;
    struct ndis_driver *registration = miniport->registration;
    PNDIS_RESOURCE_LIST resources = NULL;
    NDIS_STATUS status = call_miniport_add_device(registration, miniport);

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = device_start(miniport, &resources);
    if (status == NDIS_STATUS_SUCCESS)
        status = initialize(miniport, resources);
    if (status != NDIS_STATUS_SUCCESS)
        call_miniport_remove_device(registration, adapter->add_device_context);
    return status;
}

NDIS_STATUS
adapter_initialize(struct adapter *adapter, struct driver *driver)
{
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER);
    struct module *miniport;
    NDIS_STATUS status;

    if (!registration)
        return NDIS_STATUS_NOT_SUPPORTED;
    miniport = module_create(adapter, MODULE_MINIPORT, driver, registration);
    if (!miniport)
        return NDIS_STATUS_RESOURCES;
    adapter_begin(adapter);
    stack_put_miniport(adapter, miniport);
    status = set_handlers(miniport);
    if (status == NDIS_STATUS_SUCCESS)
        status = create_fdo(adapter, driver);
    if (status == NDIS_STATUS_SUCCESS)
        status = create_clone_pool(adapter);
    if (status == NDIS_STATUS_SUCCESS)
        status = begin_miniport(miniport);
    if (status == NDIS_STATUS_SUCCESS) {
        module_set_state(miniport, MODULE_PAUSED);
        stack_resolve(adapter);
        reset_watch(miniport);
    } else {
        reset_end(miniport);
        co_leave(miniport, "MiniportInitializeEx");
        hardware_left(adapter, false);
        forget_miniport(adapter);
        delete_fdo(adapter);
        module_destroy(miniport);
        if (adapter->clone_pool)
            NdisFreeNetBufferListPool(adapter->clone_pool);
        adapter->clone_pool = NULL;
    }
    adapter_end(adapter);
    return status;
}

static void
halt_miniport(struct adapter *adapter, NDIS_HALT_ACTION action)
{
    struct module *miniport = adapter->miniport;

    module_set_state(miniport, MODULE_DETACHING);
    stack_resolve(adapter);
    if (miniport->legacy)
        legacy_halt(miniport);
    else
        call_halt(miniport, action);
    adapter->secondary = false;
    ports_forget(adapter, miniport->driver, "MiniportHaltEx");
    co_leave(miniport, "MiniportHaltEx");
    hardware_left(adapter, true);
    module_set_state(miniport, MODULE_DETACHED);
}

void
adapter_halt_asleep(struct adapter *adapter)
{
    struct module *miniport = adapter->miniport;

    halt_miniport(adapter, NdisHaltDevicePoweredDown);
    legacy_destroy(miniport);
    machine_free(adapter->machine, adapter->supported_oids);
    adapter->supported_oids = NULL;
    assist_forget(adapter);
    adapter->has_registration = adapter->has_general = false;
}

NDIS_STATUS
adapter_initialize_again(struct adapter *adapter)
{
    struct module *miniport = adapter->miniport;
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    module_set_state(miniport, MODULE_ATTACHING);
    if (miniport->core)
        status = legacy_create(miniport);
    if (status == NDIS_STATUS_SUCCESS)
        status = initialize(miniport, hardware_resources(adapter));
    module_set_state(miniport, status == NDIS_STATUS_SUCCESS ? MODULE_PAUSED : MODULE_DETACHED);
    if (status == NDIS_STATUS_SUCCESS) {
        stack_resolve(adapter);
        return status;
    }
    reset_end(miniport);
    co_leave(miniport, "MiniportInitializeEx");
    hardware_left(adapter, false);
    legacy_destroy(miniport);
    return status;
}

static NDIS_HALT_ACTION
halt_reason(const struct adapter *adapter)
{
    if (adapter->surprised)
        return NdisHaltDeviceSurpriseRemoved;
    return adapter->failed ? NdisHaltDeviceFailed : NdisHaltDeviceStopped;
}

static void
halt(struct adapter *adapter)
{
    struct module *miniport = adapter->miniport;

    reset_end(miniport);
    if (!adapter->power_halted)
        halt_miniport(adapter, halt_reason(adapter));
    adapter->takes_binds = adapter->failed = false;
    adapter->power_halted = adapter->power_paused = adapter->power_failed = false;
    adapter->power = NdisDeviceStateUnspecified;
    call_miniport_remove_device(miniport->registration, adapter->add_device_context);
    forget_miniport(adapter);
    delete_fdo(adapter);
    module_destroy(miniport);
}

static void
wait_for_later(struct adapter *adapter)
{
    uint32_t later;

    while ((later = __atomic_load_n(&adapter->later, __ATOMIC_ACQUIRE)))
        executive_wait(adapter->machine->executive, &adapter->later, later, EXECUTIVE_FOREVER);
}

void
adapter_stop(struct adapter *adapter)
{
    adapter_begin(adapter);
    if (adapter->miniport) {
        adapter_pause(adapter);
        while (!IsListEmpty(&adapter->bindings))
            binding_remove(binding_to_go(adapter));
        while (adapter->top->kind == MODULE_FILTER)
            filter_remove(adapter->top);
        halt(adapter);
    }
    adapter_end(adapter);
    if (adapter->clone_pool)
        NdisFreeNetBufferListPool(adapter->clone_pool);
    adapter->clone_pool = NULL;
}

void
adapter_surprise(struct adapter *adapter)
{
    adapter_begin(adapter);
    if (adapter->miniport) {
        adapter->surprised = true;
        device_event(adapter, NdisDevicePnPEventSurpriseRemoved);
    }
    adapter_end(adapter);
}

void
adapter_shutdown(struct adapter *adapter)
{
    adapter_begin(adapter);
    if (!adapter->miniport || adapter->power_halted)
        goto end;
    if (adapter->miniport->legacy)
        call_legacy_shutdown(adapter->miniport);
    else
        call_shutdown(adapter->miniport, NdisShutdownPowerOff);
end:
    adapter_end(adapter);
}

static bool
hears_of_crashes(const struct adapter *adapter)
{
    const struct module *miniport = adapter->miniport;

    if (!miniport || miniport->legacy || adapter->power_halted)
        return false;
    return miniport->registration->minor < 30 ||
           (adapter->registration.AttributeFlags &
               NDIS_MINIPORT_ATTRIBUTES_REGISTER_BUGCHECK_CALLBACK);
}

void
adapter_crash(struct adapter *adapter)
{
    KIRQL irql;

    adapter_begin(adapter);
    if (hears_of_crashes(adapter)) {
        KeRaiseIrql(HIGH_LEVEL, &irql);
        call_shutdown(adapter->miniport, NdisShutdownBugCheck);
        KeLowerIrql(irql);
    }
    adapter_end(adapter);
}

void
adapter_remove(struct adapter *adapter)
{
    struct undis *machine = adapter->machine;

    wait_for_later(adapter);
    adapter_stop(adapter);
    executive_lock(machine->executive, &machine->ndis->lock);
    RemoveEntryList(&adapter->link);
    executive_unlock(machine->executive, &machine->ndis->lock);
    ifstack_forget(machine, adapter->if_index);
    adapter_configure_no_more(adapter, NULL);
    hardware_destroy(adapter);
    machine_free(machine, adapter->receivers);
    machine_free(machine, adapter);
}

/* Adapters do not come or go while a driver leaves: the host API serialises the two. */
void
stacks_leave(struct driver *driver, enum object_kind kind)
{
    struct ndis *ndis = driver->machine->ndis;

    for (LIST_ENTRY *e = ndis->adapters.Flink; e != &ndis->adapters; e = e->Flink) {
        struct adapter *adapter = CONTAINING_RECORD(e, struct adapter, link);
        NDIS_STATUS status;

        if (kind == OBJECT_PROTOCOL_DRIVER)
            adapter_configure_no_more(adapter, driver);
        do {
            status = kind == OBJECT_FILTER_DRIVER ? filter_detach(adapter, driver)
                                                  : binding_close(adapter, driver);
        } while (status != NDIS_STATUS_FILE_NOT_FOUND);
    }
}

int
ndis_create(struct undis *machine)
{
    struct ndis *ndis = machine_alloc(machine, sizeof(*ndis));

    if (!ndis)
        return -ENOMEM;
    InitializeListHead(&ndis->registrations);
    InitializeListHead(&ndis->adapters);
    InitializeListHead(&ndis->vcs);
    InitializeListHead(&ndis->if_stack);
    InitializeListHead(&ndis->interfaces);
    InitializeListHead(&ndis->luid_indices);
    machine->ndis = ndis;
    return 0;
}

void
ndis_destroy(struct undis *machine)
{
    interfaces_forget(machine);
    ifstack_forget(machine, 0);
    packet_end(machine);
    machine_free(machine, machine->ndis);
    machine->ndis = NULL;
}
