/* SPDX-License-Identifier: MIT */
/* Network interfaces (ifTable of RFC 2863). Each adapter is one, kept by NDIS; a driver may be the
 * provider of others, which no adapter stands behind.
 *
 *     provider --NdisIfRegisterInterface--> interface: index, NET_LUID
 *        ^ ProviderQueryObject, ProviderSetObject           |
 *        '-------------- undis_interface_oid(index) --------'
 *
 * The lists are the machine's; ndis.lock guards them. An interface that is asked something stays
 * until the provider has answered: NdisIfDeregisterInterface waits.
 */
#include "ndis/service/interface.h"
#include "ndis/service/ifstack.h"
#include "ndis/stack/call_interface.h"

#include <string.h>

#define FIRST_INDEX 0x8000u /* adapters have numbers from 1 */
#define LAST_INDEX  0xFFFFFFu

struct provider {
    struct driver *driver; /* [I] */
    NDIS_IF_PROVIDER_CHARACTERISTICS handlers;
    uint32_t interfaces; /* ndis.lock */
};

struct interface {
    LIST_ENTRY link;
    struct provider *provider; /* [I] */
    NET_LUID luid;             /* [I] */
    NET_IFINDEX index;         /* [I] */
    NDIS_HANDLE context;       /* [I] the provider's */
    uint32_t asked;            /* word: questions under way; ndis.lock for the first of them */
    ULONG medium, physical;    /* [I] */
};

struct luid_index {
    LIST_ENTRY link;
    NET_IFTYPE type;
    UINT32 index;
};

static struct provider *
provider_from_handle(NDIS_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_IF_PROVIDER))
        gate_bug_check("cf-if-provider-empty", "%s was given %p, which is no interface provider",
            caller, handle);
    return handle;
}

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

static struct interface *
find_index(const struct ndis *ndis, NET_IFINDEX index)
{
    for (LIST_ENTRY *e = ndis->interfaces.Flink; e != &ndis->interfaces; e = e->Flink)
        if (CONTAINING_RECORD(e, struct interface, link)->index == index)
            return CONTAINING_RECORD(e, struct interface, link);
    return NULL;
}

static struct interface *
find_luid(const struct ndis *ndis, NET_LUID luid)
{
    for (LIST_ENTRY *e = ndis->interfaces.Flink; e != &ndis->interfaces; e = e->Flink)
        if (CONTAINING_RECORD(e, struct interface, link)->luid.Value == luid.Value)
            return CONTAINING_RECORD(e, struct interface, link);
    return NULL;
}

static struct adapter *
find_adapter(const struct ndis *ndis, NET_IFINDEX index, const NET_LUID *luid)
{
    for (LIST_ENTRY *e = ndis->adapters.Flink; e != &ndis->adapters; e = e->Flink) {
        struct adapter *adapter = CONTAINING_RECORD(e, struct adapter, link);

        if (luid ? adapter->luid.Value == luid->Value : adapter->if_index == index)
            return adapter;
    }
    return NULL;
}

static struct luid_index *
find_luid_index(const struct ndis *ndis, NET_IFTYPE type, UINT32 index)
{
    for (LIST_ENTRY *e = ndis->luid_indices.Flink; e != &ndis->luid_indices; e = e->Flink) {
        struct luid_index *row = CONTAINING_RECORD(e, struct luid_index, link);

        if (row->type == type && row->index == index)
            return row;
    }
    return NULL;
}

/*
 * NdisIfRegisterProvider - a driver becomes a provider of interfaces
 *
 * @ProviderCharacteristics: revision 1, with both handlers.
 * @IfProviderContext:       the driver's; NDIS hands no handler the provider, so it is not kept.
 * @pNdisIfProviderHandle:   the handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the handle is the driver's until NdisIfDeregisterProvider.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short; NDIS_STATUS_INVALID_PARAMETER without a
 *            header or a handler.
 * Source:    NF:ndis.NdisIfRegisterProvider
 */
NDIS_STATUS
NdisIfRegisterProvider(PNDIS_IF_PROVIDER_CHARACTERISTICS ProviderCharacteristics,
    NDIS_HANDLE IfProviderContext, PNDIS_HANDLE pNdisIfProviderHandle)
{
    const NDIS_IF_PROVIDER_CHARACTERISTICS *c = ProviderCharacteristics;
    struct provider *provider;

    UNREFERENCED_PARAMETER(IfProviderContext);
    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (c->Header.Size < NDIS_SIZEOF_IF_PROVIDER_CHARACTERISTICS_REVISION_1 ||
        c->Header.Revision < NDIS_IF_PROVIDER_CHARACTERISTICS_REVISION_1 ||
        !c->QueryObjectHandler || !c->SetObjectHandler)
        return NDIS_STATUS_INVALID_PARAMETER;
    provider = object_create(machine_self(), OBJECT_IF_PROVIDER, sizeof(*provider));
    if (!provider)
        return NDIS_STATUS_RESOURCES;
    provider->driver = block_self->driver;
    provider->handlers = *c;
    *pNdisIfProviderHandle = provider;
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisIfDeregisterProvider - a driver is a provider of interfaces no more
 *
 * @NdisProviderHandle: from NdisIfRegisterProvider, without interfaces.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the handle.
 * Errors:    none; with interfaces left it is a bug check (rule cf-if-provider-empty).
 * Source:    NF:ndis.NdisIfDeregisterProvider
 */
VOID
NdisIfDeregisterProvider(NDIS_HANDLE NdisProviderHandle)
{
    struct provider *provider = provider_from_handle(NdisProviderHandle, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (provider->interfaces)
        gate_bug_check("cf-if-provider-empty", "%s has %u interfaces left when it calls %s",
            provider->driver ? provider->driver->name : "the host", provider->interfaces, __func__);
    object_destroy(provider);
}

/*
 * NdisIfAllocateNetLuidIndex - a number for a NET_LUID of a type of interface
 *
 * @ifType:        IF_TYPE_*; numbers of different types have nothing to do with each other.
 * @pNetLuidIndex: the number, of 24 bits.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the number is the caller's until NdisIfFreeNetLuidIndex.
 * Errors:    NDIS_STATUS_RESOURCES when memory is short or no number is left.
 * Source:    NF:ndis.NdisIfAllocateNetLuidIndex
 */
NDIS_STATUS
NdisIfAllocateNetLuidIndex(NET_IFTYPE ifType, PUINT32 pNetLuidIndex)
{
    struct undis *machine = machine_self();
    struct luid_index *row;
    UINT32 index = FIRST_INDEX;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    row = machine_alloc(machine, sizeof(*row));
    if (!row)
        return NDIS_STATUS_RESOURCES;
    lock(machine);
    while (index <= LAST_INDEX && find_luid_index(machine->ndis, ifType, index))
        index++;
    if (index <= LAST_INDEX) {
        row->type = ifType;
        *pNetLuidIndex = row->index = index;
        InsertTailList(&machine->ndis->luid_indices, &row->link);
        row = NULL;
    }
    unlock(machine);
    machine_free(machine, row);
    return index <= LAST_INDEX ? NDIS_STATUS_SUCCESS : NDIS_STATUS_RESOURCES;
}

/*
 * NdisIfFreeNetLuidIndex - gives such a number back
 *
 * @ifType:       as at its allocation.
 * @NetLuidIndex: from NdisIfAllocateNetLuidIndex.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: takes the number.
 * Errors:    NDIS_STATUS_INVALID_PARAMETER of a number that is not allocated for that type.
 * Source:    NF:ndis.NdisIfFreeNetLuidIndex
 */
NDIS_STATUS
NdisIfFreeNetLuidIndex(NET_IFTYPE ifType, UINT32 NetLuidIndex)
{
    struct undis *machine = machine_self();
    struct luid_index *row;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    lock(machine);
    row = find_luid_index(machine->ndis, ifType, NetLuidIndex);
    if (row)
        RemoveEntryList(&row->link);
    unlock(machine);
    machine_free(machine, row);
    return row ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INVALID_PARAMETER;
}

/* Gives it the lowest free index and puts it into the list. */
static NDIS_STATUS
enter(struct undis *machine, struct interface *interface)
{
    struct ndis *ndis = machine->ndis;
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    lock(machine);
    if (find_luid(ndis, interface->luid) || find_adapter(ndis, 0, &interface->luid)) {
        status = NDIS_STATUS_DUPLICATE_OBJECTID;
    } else {
        interface->index = FIRST_INDEX;
        while (find_index(ndis, interface->index))
            interface->index++;
        InsertTailList(&ndis->interfaces, &interface->link);
        interface->provider->interfaces++;
    }
    unlock(machine);
    return status;
}

/*
 * NdisIfRegisterInterface - a provider has an interface
 *
 * @NdisProviderHandle: from NdisIfRegisterProvider.
 * @NetLuid:            of the interface, with a number from NdisIfAllocateNetLuidIndex.
 * @ProviderIfContext:  for the provider's handlers.
 * @pIfInfo:            revision 1; NDIS answers queries of the media from it.
 * @pfIndex:            the interface's index, not 0.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: @pIfInfo stays with the provider; the interface ends with NdisIfDeregisterInterface.
 * Errors:    NDIS_STATUS_DUPLICATE_OBJECTID of a NET_LUID that is there already,
 *            NDIS_STATUS_INVALID_PARAMETER without a header, NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisIfRegisterInterface
 */
NDIS_STATUS
NdisIfRegisterInterface(NDIS_HANDLE NdisProviderHandle, NET_LUID NetLuid,
    NDIS_HANDLE ProviderIfContext, PNET_IF_INFORMATION pIfInfo, PNET_IFINDEX pfIndex)
{
    struct provider *provider = provider_from_handle(NdisProviderHandle, __func__);
    struct undis *machine = machine_self();
    struct interface *interface;
    NDIS_STATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (pIfInfo->Header.Size < NDIS_SIZEOF_NET_IF_INFORMATION_REVISION_1)
        return NDIS_STATUS_INVALID_PARAMETER;
    interface = machine_alloc(machine, sizeof(*interface));
    if (!interface)
        return NDIS_STATUS_RESOURCES;
    interface->provider = provider;
    interface->luid = NetLuid;
    interface->context = ProviderIfContext;
    interface->medium = pIfInfo->MediaType;
    interface->physical = pIfInfo->PhysicalMediumType;
    interface->asked = 0;
    status = enter(machine, interface);
    if (status == NDIS_STATUS_SUCCESS)
        *pfIndex = interface->index;
    else
        machine_free(machine, interface);
    return status;
}

/*
 * NdisIfDeregisterInterface - an interface of a provider is gone
 *
 * @ifIndex: from NdisIfRegisterInterface.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the provider may free its context afterwards; rows of the interface stack go too.
 * Errors:    NDIS_STATUS_INTERFACE_NOT_FOUND.
 * Source:    NF:ndis.NdisIfDeregisterInterface
 */
NDIS_STATUS
NdisIfDeregisterInterface(NET_IFINDEX ifIndex)
{
    struct undis *machine = machine_self();
    struct interface *interface;
    uint32_t asked;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    lock(machine);
    interface = find_index(machine->ndis, ifIndex);
    if (interface) {
        RemoveEntryList(&interface->link);
        interface->provider->interfaces--;
    }
    unlock(machine);
    if (!interface)
        return NDIS_STATUS_INTERFACE_NOT_FOUND;
    while ((asked = __atomic_load_n(&interface->asked, __ATOMIC_ACQUIRE)))
        executive_wait(machine->executive, &interface->asked, asked, EXECUTIVE_FOREVER);
    ifstack_forget(machine, ifIndex);
    machine_free(machine, interface);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisIfGetInterfaceIndexFromNetLuid - the index of an interface by its NET_LUID
 *
 * @NetLuid:  of an adapter or of a provider's interface.
 * @pIfIndex: the index.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_INTERFACE_NOT_FOUND.
 * Source:    NF:ndis.NdisIfGetInterfaceIndexFromNetLuid
 */
NDIS_STATUS
NdisIfGetInterfaceIndexFromNetLuid(NET_LUID NetLuid, PNET_IFINDEX pIfIndex)
{
    struct undis *machine = machine_self();
    const struct interface *interface;
    const struct adapter *adapter;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    lock(machine);
    interface = find_luid(machine->ndis, NetLuid);
    adapter = find_adapter(machine->ndis, 0, &NetLuid);
    if (interface || adapter)
        *pIfIndex = interface ? interface->index : adapter->if_index;
    unlock(machine);
    return interface || adapter ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INTERFACE_NOT_FOUND;
}

/*
 * NdisIfGetNetLuidFromInterfaceIndex - the NET_LUID of an interface by its index
 *
 * @ifIndex:  of an adapter or of a provider's interface.
 * @pNetLuid: the NET_LUID.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_INTERFACE_NOT_FOUND.
 * Source:    NF:ndis.NdisIfGetNetLuidFromInterfaceIndex
 */
NDIS_STATUS
NdisIfGetNetLuidFromInterfaceIndex(NET_IFINDEX ifIndex, PNET_LUID pNetLuid)
{
    struct undis *machine = machine_self();
    const struct interface *interface;
    const struct adapter *adapter;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    lock(machine);
    interface = find_index(machine->ndis, ifIndex);
    adapter = find_adapter(machine->ndis, ifIndex, NULL);
    if (interface || adapter)
        *pNetLuid = interface ? interface->luid : adapter->luid;
    unlock(machine);
    return interface || adapter ? NDIS_STATUS_SUCCESS : NDIS_STATUS_INTERFACE_NOT_FOUND;
}

/*
 * NdisIfQueryBindingIfIndex - the interfaces that a binding stands on
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @pBoundIfIndex:     of the highest one; @pBoundIfNetLuid its NET_LUID.
 * @pBoundIfNetLuid:   see above.
 * @pLowestIfIndex:    of the lowest one; @pLowestIfNetLuid its NET_LUID.
 * @pLowestIfNetLuid:  see above.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; another handle is a bug check.
 * Source:    NF:ndis.NdisIfQueryBindingIfIndex
 */
NDIS_STATUS
NdisIfQueryBindingIfIndex(NDIS_HANDLE NdisBindingHandle, PNET_IFINDEX pBoundIfIndex,
    PNET_LUID pBoundIfNetLuid, PNET_IFINDEX pLowestIfIndex, PNET_LUID pLowestIfNetLuid)
{
    const struct module *binding = module_from_handle(NdisBindingHandle, MODULE_BINDING, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    *pBoundIfIndex = *pLowestIfIndex = binding->adapter->if_index;
    *pBoundIfNetLuid = *pLowestIfNetLuid = binding->adapter->luid;
    return NDIS_STATUS_SUCCESS;
}

/* A query of what the registration has said; false: the provider must say. */
static bool
answer(
    const struct interface *interface, const struct interface_object *object, NDIS_STATUS *status)
{
    const struct {
        NDIS_OID oid;
        const ULONG *word;
    } words[] = {
        {OID_GEN_MEDIA_SUPPORTED, &interface->medium},
        {OID_GEN_MEDIA_IN_USE, &interface->medium},
        {OID_GEN_PHYSICAL_MEDIUM, &interface->physical},
    };

    for (size_t i = 0; !object->set && i < RTL_NUMBER_OF(words); i++) {
        if (words[i].oid != object->oid)
            continue;
        *status =
            *object->length < sizeof(ULONG) ? NDIS_STATUS_BUFFER_TOO_SHORT : NDIS_STATUS_SUCCESS;
        if (*status == NDIS_STATUS_SUCCESS)
            memcpy(object->buffer, words[i].word, sizeof(ULONG));
        *object->length = sizeof(ULONG);
        return true;
    }
    return false;
}

static NDIS_STATUS
ask_provider(const struct interface *interface, const struct interface_object *object)
{
    const struct provider *provider = interface->provider;
    NDIS_STATUS status;

    if (answer(interface, object, &status))
        return status;
    if (object->set)
        return call_set_object(provider->driver, provider->handlers.SetObjectHandler,
            interface->context, object->oid, *object->length, object->buffer);
    return call_query_object(provider->driver, provider->handlers.QueryObjectHandler,
        interface->context, object->oid, object->length, object->buffer);
}

bool
interface_object(struct undis *machine, NET_IFINDEX index, const struct interface_object *object,
    NDIS_STATUS *status)
{
    struct interface *interface;

    lock(machine);
    interface = find_index(machine->ndis, index);
    if (interface)
        __atomic_add_fetch(&interface->asked, 1, __ATOMIC_RELAXED);
    unlock(machine);
    if (!interface)
        return false;
    *status = ask_provider(interface, object);
    if (__atomic_sub_fetch(&interface->asked, 1, __ATOMIC_RELEASE) == 0)
        executive_wake(machine->executive, &interface->asked, INT32_MAX);
    return true;
}

void
interfaces_forget(struct undis *machine)
{
    struct ndis *ndis = machine->ndis;

    while (!IsListEmpty(&ndis->interfaces))
        machine_free(
            machine, CONTAINING_RECORD(RemoveHeadList(&ndis->interfaces), struct interface, link));
    while (!IsListEmpty(&ndis->luid_indices))
        machine_free(machine,
            CONTAINING_RECORD(RemoveHeadList(&ndis->luid_indices), struct luid_index, link));
}
