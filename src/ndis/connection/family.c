/* SPDX-License-Identifier: MIT */
/* Address families: a call manager offers one, clients hear of it and open it.
 *
 *     NdisCmRegisterAddressFamilyEx   ->  ProtocolCoAfRegisterNotify of every client, once the
 *                                         manager's bind has succeeded; of later ones when they bind
 *     NdisClOpenAddressFamilyEx       ->  ProtocolCmOpenAf   -> ProtocolClOpenAfCompleteEx
 *     NdisClCloseAddressFamily        ->  ProtocolCmCloseAf  -> ProtocolClCloseAfComplete
 *     NdisCmNotifyCloseAddressFamily  ->  ProtocolClNotifyCloseAf -> ProtocolCmNotifyCloseAfComplete
 *
 * A completion function is called only after NDIS_STATUS_PENDING.
 */
#include "ndis/connection/call.h"
#include "nt/thread.h"

#include <string.h>

#define NOTICE_NONE  1u
#define NOTICE_ASKED 2u

static const struct co_move opened = {
    "NdisCmOpenAddressFamilyComplete", FAMILY_OPENING, FAMILY_OPEN, "condis-complete-pairs"};
static const struct co_move not_opened = {
    "NdisCmOpenAddressFamilyComplete", FAMILY_OPENING, FAMILY_CLOSED, "condis-complete-pairs"};
static const struct co_move closing = {
    "NdisClCloseAddressFamily", FAMILY_OPEN, FAMILY_CLOSING, "condis-teardown-order"};
static const struct co_move closed = {
    "NdisCmCloseAddressFamilyComplete", FAMILY_CLOSING, FAMILY_CLOSED, "condis-complete-pairs"};
static const struct co_move not_closed = {
    "NdisCmCloseAddressFamilyComplete", FAMILY_CLOSING, FAMILY_OPEN, "condis-complete-pairs"};
static const struct co_move noticed = {
    "NdisCmNotifyCloseAddressFamily", NOTICE_NONE, NOTICE_ASKED, "condis-complete-pairs"};
static const struct co_move notice_answered = {
    "NdisClNotifyCloseAddressFamilyComplete", NOTICE_ASKED, NOTICE_NONE, "condis-complete-pairs"};

static bool
same(const CO_ADDRESS_FAMILY *a, const CO_ADDRESS_FAMILY *b)
{
    return a->AddressFamily == b->AddressFamily && a->MajorVersion == b->MajorVersion &&
           a->MinorVersion == b->MinorVersion;
}

/* Under ndis.lock. @family NULL: any. */
static struct co_offer *
find_offer(struct adapter *adapter, const CO_ADDRESS_FAMILY *family)
{
    for (LIST_ENTRY *e = adapter->offers.Flink; e != &adapter->offers; e = e->Flink) {
        struct co_offer *offer = CONTAINING_RECORD(e, struct co_offer, link);

        if (same(&offer->family, family))
            return offer;
    }
    return NULL;
}

static bool
is_client(const struct module *binding)
{
    const struct co_handlers *co = binding->registration->co;

    /* One of NDIS 5 says what it has as a client when it opens a family. */
    return co && co->has_protocol && co->protocol.CoAfRegisterNotifyHandler &&
           (co->has_client || binding->registration->major < 6);
}

/* Every client on the adapter hears of @offer, except one that makes it itself. */
static void
announce(struct module *manager, const CO_ADDRESS_FAMILY *family)
{
    unsigned count;
    struct module **bindings = path_bindings(manager->adapter, &count);

    for (unsigned i = 0; bindings && i < count; i++) {
        CO_ADDRESS_FAMILY copy = *family;

        if (bindings[i] != manager && bindings[i]->state > MODULE_ATTACHING &&
            is_client(bindings[i]))
            call_af_notify(bindings[i], &copy);
    }
    path_bindings_end(manager->machine, bindings, count);
}

/* The offers of @adapter whose manager is (or is not) @module. The caller frees the array. */
static CO_ADDRESS_FAMILY *
offers_now(struct module *module, bool own, unsigned *count)
{
    struct undis *machine = module->machine;
    struct adapter *adapter = module->adapter;
    CO_ADDRESS_FAMILY *list;
    unsigned n = 0;

    executive_lock(machine->executive, &machine->ndis->lock);
    for (LIST_ENTRY *e = adapter->offers.Flink; e != &adapter->offers; e = e->Flink)
        n++;
    list = n ? machine_alloc(machine, n * sizeof(*list)) : NULL;
    n = 0;
    for (LIST_ENTRY *e = adapter->offers.Flink; list && e != &adapter->offers; e = e->Flink) {
        struct co_offer *offer = CONTAINING_RECORD(e, struct co_offer, link);

        if ((offer->manager == module) == own)
            list[n++] = offer->family;
    }
    executive_unlock(machine->executive, &machine->ndis->lock);
    *count = n;
    return list;
}

void
co_bound(struct module *binding)
{
    unsigned count;
    CO_ADDRESS_FAMILY *list;

    if (!binding->registration->co)
        return;
    list = offers_now(binding, true, &count);
    for (unsigned i = 0; i < count; i++)
        announce(binding, &list[i]);
    machine_free(binding->machine, list);
    if (!is_client(binding))
        return;
    list = offers_now(binding, false, &count);
    for (unsigned i = 0; i < count; i++)
        call_af_notify(binding, &list[i]);
    machine_free(binding->machine, list);
}

bool
co_offers(struct module *module)
{
    LIST_ENTRY *offers = &module->adapter->offers;
    bool found = false;

    executive_lock(module->machine->executive, &module->machine->ndis->lock);
    for (LIST_ENTRY *e = offers->Flink; e != offers && !found; e = e->Flink)
        found = CONTAINING_RECORD(e, struct co_offer, link)->manager == module;
    executive_unlock(module->machine->executive, &module->machine->ndis->lock);
    return found;
}

void
co_leave(struct module *module, const char *caller)
{
    struct undis *machine = module->machine;
    LIST_ENTRY *offers = &module->adapter->offers, *next;

    if (__atomic_load_n(&module->connections, __ATOMIC_ACQUIRE))
        co_out_of_order(caller, "address families or VCs of it are still there");
    executive_lock(machine->executive, &machine->ndis->lock);
    for (LIST_ENTRY *e = offers->Flink; e != offers; e = next) {
        struct co_offer *offer = CONTAINING_RECORD(e, struct co_offer, link);

        next = e->Flink;
        if (offer->manager != module)
            continue;
        RemoveEntryList(e);
        machine_free(machine, offer);
    }
    executive_unlock(machine->executive, &machine->ndis->lock);
}

NDIS_STATUS
co_offer(struct module *manager, const CO_ADDRESS_FAMILY *family, const struct co_manager *own)
{
    struct undis *machine = manager->machine;
    struct co_handlers *of_miniport = manager->adapter->miniport->registration->co;
    struct co_offer *made;
    bool taken;

    if (!manager->registration->co || !manager->registration->co->has_manager || !of_miniport ||
        !of_miniport->has_miniport)
        return NDIS_STATUS_FAILURE;
    made = machine_alloc(machine, sizeof(*made));
    if (!made)
        return NDIS_STATUS_RESOURCES;
    made->family = *family;
    made->manager = manager;
    made->to = own ? &made->own : &manager->registration->co->manager;
    if (own)
        made->own = *own;
    executive_lock(machine->executive, &machine->ndis->lock);
    taken = find_offer(manager->adapter, family) != NULL;
    if (!taken)
        InsertTailList(&manager->adapter->offers, &made->link);
    executive_unlock(machine->executive, &machine->ndis->lock);
    if (taken) {
        machine_free(machine, made);
        return NDIS_STATUS_FAILURE;
    }
    if (manager->kind == MODULE_BINDING && manager->state > MODULE_ATTACHING)
        announce(manager, family);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisCmRegisterAddressFamilyEx - a call manager offers its services on a binding
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx, of a connection-oriented miniport.
 * @AddressFamily:     what is offered; copied.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the offer lasts until the binding is closed. Clients hear of it when the bind that
 *            this is called in has succeeded; outside of one, before this returns.
 * Errors:    NDIS_STATUS_FAILURE (no call manager, no connection-oriented miniport, offered by
 *            another already), NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisCmRegisterAddressFamilyEx
 */
NDIS_STATUS
NdisCmRegisterAddressFamilyEx(NDIS_HANDLE NdisBindingHandle, PCO_ADDRESS_FAMILY AddressFamily)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return co_offer(
        module_from_handle(NdisBindingHandle, MODULE_BINDING, __func__), AddressFamily, NULL);
}

/*
 * NdisMCmRegisterAddressFamilyEx - a miniport that is its own call manager offers its services
 *
 * @NdisBindingHandle: as given to MiniportInitializeEx.
 * @AddressFamily:     what is offered; copied.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the offer lasts until the miniport is halted. Clients hear of it when they bind.
 * Errors:    NDIS_STATUS_FAILURE (not connection-oriented, offered already),
 *            NDIS_STATUS_RESOURCES.
 * Source:    NF:ndis.NdisMCmRegisterAddressFamilyEx
 */
NDIS_STATUS
NdisMCmRegisterAddressFamilyEx(NDIS_HANDLE NdisBindingHandle, PCO_ADDRESS_FAMILY AddressFamily)
{
    gate_require_irql(PASSIVE_LEVEL, __func__);
    return co_offer(
        module_from_handle(NdisBindingHandle, MODULE_MINIPORT, __func__), AddressFamily, NULL);
}

static struct co_family *
create_family(struct module *client, const CO_ADDRESS_FAMILY *address)
{
    struct undis *machine = client->machine;
    struct co_family *family = co_create(machine, OBJECT_FAMILY, sizeof(*family), FAMILY_OPENING);
    struct co_offer *found;

    if (!family)
        return NULL;
    family->client = client;
    family->notice = NOTICE_NONE;
    executive_lock(machine->executive, &machine->ndis->lock);
    found = find_offer(client->adapter, address);
    if (found) {
        family->manager = found->manager;
        family->manager_to = found->to;
        __atomic_add_fetch(&client->connections, 1, __ATOMIC_RELAXED);
        __atomic_add_fetch(&found->manager->connections, 1, __ATOMIC_RELAXED);
    }
    executive_unlock(machine->executive, &machine->ndis->lock);
    return family;
}

/* It is closed; its memory stays while somebody refers to it. */
static void
end_family(struct co_family *family)
{
    if (family->manager) {
        __atomic_sub_fetch(&family->client->connections, 1, __ATOMIC_RELEASE);
        __atomic_sub_fetch(&family->manager->connections, 1, __ATOMIC_RELEASE);
    }
    co_put(family);
}

NDIS_STATUS
co_open(struct module *client, PCO_ADDRESS_FAMILY address, NDIS_HANDLE context,
    const struct co_client *own, PNDIS_HANDLE handle)
{
    struct co_family *family = create_family(client, address);
    NDIS_STATUS status;

    if (!family)
        return NDIS_STATUS_RESOURCES;
    if (!family->manager) {
        end_family(family);
        return NDIS_STATUS_FAILURE;
    }
    if (own)
        family->own = *own;
    family->client_to = own ? &family->own : &client->registration->co->client;
    family->client_context = context;
    *handle = family;
    status = call_cm_open_af(family, address);
    if (status == NDIS_STATUS_PENDING)
        return status;
    co_must(&family->object.state, status == NDIS_STATUS_SUCCESS ? &opened : &not_opened);
    if (status != NDIS_STATUS_SUCCESS)
        end_family(family);
    return status;
}

/*
 * NdisClOpenAddressFamilyEx - a client opens a call manager's offer
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @AddressFamily:     as given to ProtocolCoAfRegisterNotify.
 * @ClientAfContext:   what the client's handlers will get.
 * @NdisAfHandle:      gets the handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: open until NdisClCloseAddressFamily has completed.
 * Errors:    NDIS_STATUS_FAILURE (nobody offers it, or the caller registered no client),
 *            NDIS_STATUS_RESOURCES, or the call manager's answer; after NDIS_STATUS_PENDING
 *            ProtocolClOpenAfCompleteEx has it.
 * Source:    NF:ndis.NdisClOpenAddressFamilyEx
 */
NDIS_STATUS
NdisClOpenAddressFamilyEx(NDIS_HANDLE NdisBindingHandle, PCO_ADDRESS_FAMILY AddressFamily,
    NDIS_HANDLE ClientAfContext, PNDIS_HANDLE NdisAfHandle)
{
    struct module *client = module_from_handle(NdisBindingHandle, MODULE_BINDING, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!client->registration->co || !client->registration->co->has_client)
        return NDIS_STATUS_FAILURE;
    return co_open(client, AddressFamily, ClientAfContext, NULL, NdisAfHandle);
}

/* An answer that came at DISPATCH_LEVEL and goes on at PASSIVE_LEVEL. */
struct late_open {
    struct co_family *family;
    NDIS_STATUS status;
};

static void
tell_opened(struct co_family *family, NDIS_STATUS status)
{
    /* Before the client hears of it: it may close its binding at once. */
    if (status != NDIS_STATUS_SUCCESS)
        end_family(family);
    if (family->client_to->open_complete5)
        call_cl5_open_af_complete(family, status);
    else
        call_cl_open_af_complete(family, status);
    co_put(family);
}

static void
open_later(void *context)
{
    struct late_open late = *(struct late_open *)context;

    machine_free(machine_self(), context);
    tell_opened(late.family, late.status);
}

/*
 * NdisCmOpenAddressFamilyComplete - a call manager answers an open that it had pended
 *
 * @Status:           final.
 * @NdisAfHandle:     as given to ProtocolCmOpenAf.
 * @CallMgrAfContext: what the call manager's handlers will get.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; ProtocolClOpenAfCompleteEx runs at PASSIVE_LEVEL, perhaps later.
 * Errors:    none; what is not being opened is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmOpenAddressFamilyComplete
 */
VOID
NdisCmOpenAddressFamilyComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisAfHandle, NDIS_HANDLE CallMgrAfContext)
{
    struct co_family *family = co_family_of(NdisAfHandle, __func__);
    struct undis *machine = machine_self();
    struct late_open *late;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(family);
    family->manager_context = CallMgrAfContext;
    co_must(&family->object.state, Status == NDIS_STATUS_SUCCESS ? &opened : &not_opened);
    if (irql_now() == PASSIVE_LEVEL) {
        tell_opened(family, Status);
        return;
    }
    late = machine_alloc(machine, sizeof(*late));
    if (!late)
        gate_bug_check(NULL, "no memory for the end of an open");
    *late = (struct late_open){family, Status};
    if (nt_spawn(machine, "open-af", open_later, late))
        gate_bug_check(NULL, "no task for the end of an open");
}

/*
 * NdisClCloseAddressFamily - a client closes an address family
 *
 * @NdisAfHandle: of an open one; its SAPs and the VCs that the client made are gone.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the handle is dead when the close has succeeded.
 * Errors:    the call manager's answer; after NDIS_STATUS_PENDING ProtocolClCloseAfComplete has it.
 *            SAPs or VCs left are a bug check (rule condis-teardown-order).
 * Source:    NF:ndis.NdisClCloseAddressFamily
 */
NDIS_STATUS
NdisClCloseAddressFamily(NDIS_HANDLE NdisAfHandle)
{
    struct co_family *family = co_family_of(NdisAfHandle, __func__);
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__atomic_load_n(&family->saps, __ATOMIC_ACQUIRE))
        co_out_of_order(__func__, "SAPs of it are registered");
    if (__atomic_load_n(&family->vcs, __ATOMIC_ACQUIRE))
        co_out_of_order(__func__, "VCs that the client made for it exist");
    co_must(&family->object.state, &closing);
    status = call_cm_close_af(family);
    if (status == NDIS_STATUS_PENDING)
        return status;
    co_must(&family->object.state, status == NDIS_STATUS_SUCCESS ? &closed : &not_closed);
    if (status == NDIS_STATUS_SUCCESS)
        end_family(family);
    return status;
}

/*
 * NdisCmCloseAddressFamilyComplete - a call manager answers a close that it had pended
 *
 * @Status:       final; the family stays open unless it is NDIS_STATUS_SUCCESS.
 * @NdisAfHandle: as given to ProtocolCmOpenAf.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the handle is dead afterwards, with NDIS_STATUS_SUCCESS.
 * Errors:    none; what is not being closed is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmCloseAddressFamilyComplete
 */
VOID
NdisCmCloseAddressFamilyComplete(NDIS_STATUS Status, NDIS_HANDLE NdisAfHandle)
{
    struct co_family *family = co_family_of(NdisAfHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(family);
    co_must(&family->object.state, Status == NDIS_STATUS_SUCCESS ? &closed : &not_closed);
    /* Before the client hears of it: it may close its binding at once. */
    if (Status == NDIS_STATUS_SUCCESS)
        end_family(family);
    call_cl_close_af_complete(family, Status);
    co_put(family);
}

/*
 * NdisCmNotifyCloseAddressFamily - a call manager asks a client to close an address family
 *
 * @NdisAfHandle: as given to ProtocolCmOpenAf.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the client closes its calls, SAPs and the family as it always does.
 * Errors:    the client's answer; after NDIS_STATUS_PENDING ProtocolCmNotifyCloseAfComplete has it.
 * Source:    NF:ndis.NdisCmNotifyCloseAddressFamily
 */
NDIS_STATUS
NdisCmNotifyCloseAddressFamily(NDIS_HANDLE NdisAfHandle)
{
    struct co_family *family = co_family_of(NdisAfHandle, __func__);
    NDIS_STATUS status;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!family->client_to->six.ClNotifyCloseAfHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    co_must(&family->notice, &noticed);
    co_get(family); /* until the client has answered */
    status = call_cl_notify_close_af(family);
    if (status == NDIS_STATUS_PENDING)
        return status;
    co_must(&family->notice, &notice_answered);
    co_put(family);
    return status;
}

/*
 * NdisClNotifyCloseAddressFamilyComplete - a client has closed an address family as it was asked
 *
 * @NdisAfHandle: from NdisClOpenAddressFamilyEx; closed by now.
 * @Status:       final.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the handle is dead afterwards.
 * Errors:    none; without a pending request it is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisClNotifyCloseAddressFamilyComplete
 */
VOID
NdisClNotifyCloseAddressFamilyComplete(NDIS_HANDLE NdisAfHandle, NDIS_STATUS Status)
{
    struct co_family *family = co_family_of(NdisAfHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_must(&family->notice, &notice_answered);
    if (family->manager_to->six.CmNotifyCloseAfCompleteHandler)
        call_cm_notify_close_af_complete(family, Status);
    co_put(family);
}
