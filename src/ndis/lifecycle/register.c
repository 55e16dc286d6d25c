/* SPDX-License-Identifier: MIT */
/* Drivers register with NDIS as miniport, filter or protocol, and leave again. Characteristics are
 * copied. A registration ends with its deregister call; unload ends what is left over.
 */
#include "ndis/connection/connection.h"
#include "ndis/lifecycle/lifecycle.h"

#include <string.h>

static struct ndis *
ndis_self(void)
{
    return machine_self()->ndis;
}

struct ndis_driver *
registration_create(enum object_kind kind, struct driver *driver, NDIS_HANDLE context)
{
    struct undis *machine = machine_self();
    struct ndis_driver *registration = object_create(machine, kind, sizeof(*registration));

    if (!registration)
        return NULL;
    registration->kind = kind;
    registration->driver = driver;
    registration->context = context;
    executive_lock(machine->executive, &ndis_self()->lock);
    InsertTailList(&ndis_self()->registrations, &registration->link);
    executive_unlock(machine->executive, &ndis_self()->lock);
    return registration;
}

void
registration_destroy(struct ndis_driver *registration)
{
    struct undis *machine = machine_self();

    executive_lock(machine->executive, &ndis_self()->lock);
    RemoveEntryList(&registration->link);
    executive_unlock(machine->executive, &ndis_self()->lock);
    machine_free(machine, registration->pnp);
    machine_free(machine, registration->co);
    object_destroy(registration);
}

/* Versions a driver may declare: 6.0 up to the newest this NDIS knows. */
static bool
version_known(UCHAR major, UCHAR minor)
{
    return major == 6 && minor <= 89;
}

struct driver *
driver_of(PDRIVER_OBJECT object)
{
    struct undis *machine = machine_self();
    struct driver *found = NULL;

    executive_lock(machine->executive, &machine->driver_lock);
    for (LIST_ENTRY *e = machine->drivers.Flink; e != &machine->drivers; e = e->Flink) {
        struct driver *each = CONTAINING_RECORD(e, struct driver, link);

        if (each->object == object)
            found = each;
    }
    executive_unlock(machine->executive, &machine->driver_lock);
    return found;
}

static NDIS_STATUS
check_miniport(const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *c)
{
    static const struct header_size sizes[] = {
        {NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1},
        {NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},
        {NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_3},
    };
    NDIS_STATUS status = header_check_implied(
        &c->Header, NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!version_known(c->MajorNdisVersion, c->MinorNdisVersion))
        return NDIS_STATUS_BAD_VERSION;
    if (!c->InitializeHandlerEx || !c->HaltHandlerEx || !c->PauseHandler || !c->RestartHandler ||
        !c->OidRequestHandler || !c->SendNetBufferListsHandler || !c->ReturnNetBufferListsHandler ||
        !c->CancelSendHandler || !c->CancelOidRequestHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    if (!c->CheckForHangHandlerEx != !c->ResetHandlerEx)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    return NDIS_STATUS_SUCCESS;
}

/* DriverUnload of a miniport driver's object: NDIS' own, calls the driver's handler. */
static VOID
unload_miniport(PDRIVER_OBJECT object)
{
    struct driver *driver = driver_of(object);
    struct ndis_driver *registration = ndis_driver_find(driver, OBJECT_MINIPORT_DRIVER);

    if (registration)
        call_miniport_unload(registration);
}

/*
 * NdisMRegisterMiniportDriver - a driver offers itself as a miniport driver
 *
 * @DriverObject, @RegistryPath: as given to DriverEntry.
 * @MiniportDriverContext:       the driver's own, may be NULL.
 * @MiniportDriverCharacteristics: revision 1 to 3; copied.
 * @NdisMiniportDriverHandle:    gets the handle, before SetOptionsHandler is called.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registration lasts until NdisMDeregisterMiniportDriver.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS (header, missing handlers), NDIS_STATUS_BAD_VERSION,
 *            NDIS_STATUS_RESOURCES, or what SetOptionsHandler answered.
 * Source:    NF:ndis.NdisMRegisterMiniportDriver
 */
NDIS_STATUS
NdisMRegisterMiniportDriver(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath,
    NDIS_HANDLE MiniportDriverContext,
    PNDIS_MINIPORT_DRIVER_CHARACTERISTICS MiniportDriverCharacteristics,
    PNDIS_HANDLE NdisMiniportDriverHandle)
{
    NDIS_STATUS status = check_miniport(MiniportDriverCharacteristics);
    struct driver *driver = driver_of(DriverObject);
    struct ndis_driver *registration;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!driver || !RegistryPath)
        return NDIS_STATUS_INVALID_PARAMETER;
    registration = registration_create(OBJECT_MINIPORT_DRIVER, driver, MiniportDriverContext);
    if (!registration)
        return NDIS_STATUS_RESOURCES;
    registration->major = MiniportDriverCharacteristics->MajorNdisVersion;
    registration->minor = MiniportDriverCharacteristics->MinorNdisVersion;
    registration->layered = (MiniportDriverCharacteristics->Flags & NDIS_INTERMEDIATE_DRIVER) != 0;
    memcpy(&registration->miniport, MiniportDriverCharacteristics,
        min(MiniportDriverCharacteristics->Header.Size, sizeof(registration->miniport)));
    *NdisMiniportDriverHandle = registration;
    status = call_set_options(registration, registration);
    if (status != NDIS_STATUS_SUCCESS) {
        registration_destroy(registration);
        return status;
    }
    DriverObject->DriverUnload = unload_miniport;
    return NDIS_STATUS_SUCCESS;
}

static void
deregister(NDIS_HANDLE handle, enum object_kind kind, const char *rule, const char *caller)
{
    struct ndis_driver *registration = ndis_driver_from_handle(handle, kind, caller);

    if (__atomic_load_n(&registration->modules, __ATOMIC_ACQUIRE))
        gate_bug_check(rule, "%s called %s while %u of its instances still stand",
            registration->driver->name, caller, registration->modules);
    registration_destroy(registration);
}

/*
 * NdisMDeregisterMiniportDriver - a miniport driver takes its registration back
 *
 * @NdisMiniportDriverHandle: from NdisMRegisterMiniportDriver.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is dead afterwards.
 * Errors:    none; with an adapter left it is a bug check.
 * Source:    NF:ndis.NdisMDeregisterMiniportDriver
 */
VOID
NdisMDeregisterMiniportDriver(NDIS_HANDLE NdisMiniportDriverHandle)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    deregister(NdisMiniportDriverHandle, OBJECT_MINIPORT_DRIVER, "st-m-unload-last", __func__);
}

static NDIS_STATUS
check_filter(const NDIS_FILTER_DRIVER_CHARACTERISTICS *c)
{
    static const struct header_size sizes[] = {
        {NDIS_FILTER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_1},
        {NDIS_FILTER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_2},
        {NDIS_FILTER_CHARACTERISTICS_REVISION_3,
            NDIS_SIZEOF_FILTER_DRIVER_CHARACTERISTICS_REVISION_3},
    };
    NDIS_STATUS status = header_check(
        &c->Header, NDIS_OBJECT_TYPE_FILTER_DRIVER_CHARACTERISTICS, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!version_known(c->MajorNdisVersion, c->MinorNdisVersion))
        return NDIS_STATUS_BAD_VERSION;
    if (!c->AttachHandler || !c->DetachHandler || !c->RestartHandler || !c->PauseHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    if (c->SendNetBufferListsHandler && !c->SendNetBufferListsCompleteHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    return NDIS_STATUS_SUCCESS;
}

void
registration_name(struct ndis_driver *registration, const UNICODE_STRING *name)
{
    size_t length = min(name->Length, sizeof(registration->unique_name) - sizeof(wchar_t));

    memcpy(registration->unique_name, name->Buffer, length);
    registration->unique_name[length / sizeof(wchar_t)] = 0;
}

/*
 * NdisFRegisterFilterDriver - a driver offers itself as a filter driver
 *
 * @DriverObject:          as given to DriverEntry.
 * @FilterDriverContext:   the driver's own, may be NULL.
 * @FilterCharacteristics: revision 1 to 3; copied.
 * @NdisFilterDriverHandle: gets the handle, before SetOptionsHandler is called.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registration lasts until NdisFDeregisterFilterDriver.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS (header, missing or unpaired handlers),
 *            NDIS_STATUS_BAD_VERSION, NDIS_STATUS_RESOURCES, or what SetOptionsHandler answered.
 * Source:    NF:ndis.NdisFRegisterFilterDriver
 */
NDIS_STATUS
NdisFRegisterFilterDriver(PDRIVER_OBJECT DriverObject, NDIS_HANDLE FilterDriverContext,
    PNDIS_FILTER_DRIVER_CHARACTERISTICS FilterCharacteristics, PNDIS_HANDLE NdisFilterDriverHandle)
{
    NDIS_STATUS status = check_filter(FilterCharacteristics);
    struct driver *driver = driver_of(DriverObject);
    struct ndis_driver *registration;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!driver)
        return NDIS_STATUS_INVALID_PARAMETER;
    registration = registration_create(OBJECT_FILTER_DRIVER, driver, FilterDriverContext);
    if (!registration)
        return NDIS_STATUS_RESOURCES;
    registration->major = FilterCharacteristics->MajorNdisVersion;
    registration->minor = FilterCharacteristics->MinorNdisVersion;
    memcpy(&registration->filter, FilterCharacteristics,
        min(FilterCharacteristics->Header.Size, sizeof(registration->filter)));
    registration_name(registration, &FilterCharacteristics->UniqueName);
    *NdisFilterDriverHandle = registration;
    status = call_set_options(registration, registration);
    if (status != NDIS_STATUS_SUCCESS)
        registration_destroy(registration);
    return status;
}

/*
 * NdisFDeregisterFilterDriver - a filter driver takes its registration back
 *
 * @NdisFilterDriverHandle: from NdisFRegisterFilterDriver.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is dead afterwards.
 * Errors:    none. Modules that still stand are detached first, each stack paused meanwhile.
 * Source:    NF:ndis.NdisFDeregisterFilterDriver
 */
VOID
NdisFDeregisterFilterDriver(NDIS_HANDLE NdisFilterDriverHandle)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisFilterDriverHandle, OBJECT_FILTER_DRIVER, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    stacks_leave(registration->driver, OBJECT_FILTER_DRIVER);
    deregister(NdisFilterDriverHandle, OBJECT_FILTER_DRIVER, "st-f-deregister-in-unload", __func__);
}

static NDIS_STATUS
check_protocol(const NDIS_PROTOCOL_DRIVER_CHARACTERISTICS *c)
{
    static const struct header_size sizes[] = {
        {NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_1},
        {NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
    };
    NDIS_STATUS status = header_check_implied(
        &c->Header, NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!version_known(c->MajorNdisVersion, c->MinorNdisVersion))
        return NDIS_STATUS_BAD_VERSION;
    if (!c->BindAdapterHandlerEx || !c->UnbindAdapterHandlerEx ||
        !c->OpenAdapterCompleteHandlerEx || !c->CloseAdapterCompleteHandlerEx ||
        !c->NetPnPEventHandler || !c->OidRequestCompleteHandler ||
        !c->ReceiveNetBufferListsHandler || !c->SendNetBufferListsCompleteHandler)
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisRegisterProtocolDriver - a driver offers itself as a protocol driver
 *
 * @ProtocolDriverContext:   the driver's own, may be NULL.
 * @ProtocolCharacteristics: revision 1 or 2; copied.
 * @NdisProtocolHandle:      gets the handle, before SetOptionsHandler is called.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the registration lasts until NdisDeregisterProtocolDriver.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS (header, missing handlers), NDIS_STATUS_BAD_VERSION,
 *            NDIS_STATUS_RESOURCES, or what SetOptionsHandler answered.
 * Source:    NF:ndis.NdisRegisterProtocolDriver
 */
NDIS_STATUS
NdisRegisterProtocolDriver(NDIS_HANDLE ProtocolDriverContext,
    PNDIS_PROTOCOL_DRIVER_CHARACTERISTICS ProtocolCharacteristics, PNDIS_HANDLE NdisProtocolHandle)
{
    NDIS_STATUS status = check_protocol(ProtocolCharacteristics);
    struct ndis_driver *registration;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    registration =
        registration_create(OBJECT_PROTOCOL_DRIVER, block_self->driver, ProtocolDriverContext);
    if (!registration)
        return NDIS_STATUS_RESOURCES;
    registration->major = ProtocolCharacteristics->MajorNdisVersion;
    registration->minor = ProtocolCharacteristics->MinorNdisVersion;
    memcpy(&registration->protocol, ProtocolCharacteristics,
        min(ProtocolCharacteristics->Header.Size, sizeof(registration->protocol)));
    registration_name(registration, &ProtocolCharacteristics->Name);
    *NdisProtocolHandle = registration;
    status = call_set_options(registration, registration);
    if (status != NDIS_STATUS_SUCCESS)
        registration_destroy(registration);
    return status;
}

/*
 * NdisDeregisterProtocolDriver - a protocol driver takes its registration back
 *
 * @NdisProtocolHandle: from NdisRegisterProtocolDriver.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is dead afterwards.
 * Errors:    none. Bindings that still stand are unbound first.
 * Source:    NF:ndis.NdisDeregisterProtocolDriver
 */
VOID
NdisDeregisterProtocolDriver(NDIS_HANDLE NdisProtocolHandle)
{
    struct ndis_driver *registration =
        ndis_driver_from_handle(NdisProtocolHandle, OBJECT_PROTOCOL_DRIVER, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    stacks_leave(registration->driver, OBJECT_PROTOCOL_DRIVER);
    deregister(NdisProtocolHandle, OBJECT_PROTOCOL_DRIVER, "st-p-deregister-unbound", __func__);
}

static NDIS_STATUS
set_pnp(NDIS_HANDLE handle, const NDIS_DRIVER_OPTIONAL_HANDLERS *handlers)
{
    static const struct header_size sizes[] = {{NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
        NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1}};
    struct ndis_driver *registration =
        ndis_driver_from_handle(handle, OBJECT_MINIPORT_DRIVER, "NdisSetOptionalHandlers");
    NDIS_STATUS status = header_check(&handlers->Header,
        NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!registration->pnp)
        registration->pnp = machine_alloc(machine_self(), sizeof(*registration->pnp));
    if (!registration->pnp)
        return NDIS_STATUS_RESOURCES;
    memcpy(registration->pnp, handlers, sizeof(*registration->pnp));
    return NDIS_STATUS_SUCCESS;
}

static const struct {
    struct header_size size;
    UCHAR type;
} co_sizes[] = {
    {{NDIS_MINIPORT_CO_CHARACTERISTICS_REVISION_1,
         NDIS_SIZEOF_MINIPORT_CO_CHARACTERISTICS_REVISION_1},
        NDIS_OBJECT_TYPE_CO_MINIPORT_CHARACTERISTICS},
    {{NDIS_PROTOCOL_CO_CHARACTERISTICS_REVISION_1,
         NDIS_SIZEOF_PROTOCOL_CO_CHARACTERISTICS_REVISION_1},
        NDIS_OBJECT_TYPE_CO_PROTOCOL_CHARACTERISTICS},
    {{NDIS_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1,
         NDIS_SIZEOF_CO_CLIENT_OPTIONAL_HANDLERS_REVISION_1},
        NDIS_OBJECT_TYPE_CO_CLIENT_OPTIONAL_HANDLERS},
    {{NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1,
         NDIS_SIZEOF_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1},
        NDIS_OBJECT_TYPE_CO_CALL_MANAGER_OPTIONAL_HANDLERS},
};

static NDIS_STATUS
set_connection(NDIS_HANDLE handle, const NDIS_DRIVER_OPTIONAL_HANDLERS *handlers)
{
    struct undis *machine = machine_self();
    enum object_kind kind = object_of(machine, handle, OBJECT_PROTOCOL_DRIVER)
                                ? OBJECT_PROTOCOL_DRIVER
                                : OBJECT_MINIPORT_DRIVER;
    struct ndis_driver *registration =
        ndis_driver_from_handle(handle, kind, "NdisSetOptionalHandlers");

    for (size_t i = 0; i < RTL_NUMBER_OF(co_sizes); i++) {
        NDIS_STATUS status;

        if (co_sizes[i].type != handlers->Header.Type)
            continue;
        status = header_check(&handlers->Header, co_sizes[i].type, &co_sizes[i].size, 1);
        return status == NDIS_STATUS_SUCCESS ? co_set_handlers(registration, &handlers->Header)
                                             : status;
    }
    return NDIS_STATUS_NOT_SUPPORTED;
}

/*
 * NdisSetOptionalHandlers - a driver adds optional services, a filter module chooses its handlers
 *
 * @NdisHandle:       the driver handle that SetOptions was called with, or within
 *                    FilterSetModuleOptions the filter's handle.
 * @OptionalHandlers: a structure with a known header.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: copied.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED for services that undis does not offer,
 *            NDIS_STATUS_BAD_CHARACTERISTICS, NDIS_STATUS_INVALID_PARAMETER (a filter outside
 *            FilterSetModuleOptions, handlers of another kind of driver), NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisSetOptionalHandlers
 * Gaps:      only MINIPORT_PNP_CHARACTERISTICS, FILTER_PARTIAL_CHARACTERISTICS and those of
 *            connections are known (CAVEATS.md, optional handlers).
 */
NDIS_STATUS
NdisSetOptionalHandlers(NDIS_HANDLE NdisHandle, PNDIS_DRIVER_OPTIONAL_HANDLERS OptionalHandlers)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    switch (OptionalHandlers->Header.Type) {
    case NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS:
        return set_pnp(NdisHandle, OptionalHandlers);
    case NDIS_OBJECT_TYPE_FILTER_PARTIAL_CHARACTERISTICS:
        return filter_choose(module_from_handle(NdisHandle, MODULE_FILTER, __func__),
            (const NDIS_FILTER_PARTIAL_CHARACTERISTICS *)OptionalHandlers);
    default: return set_connection(NdisHandle, OptionalHandlers);
    }
}
