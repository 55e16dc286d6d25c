/* SPDX-License-Identifier: MIT */
/* Virtual connections: made and deleted by who needs them, raised and lowered by the call manager.
 *
 *     made by           NDIS calls
 *     client            MiniportCoCreateVc, the manager's ProtocolCoCreateVc
 *     call manager      MiniportCoCreateVc, the client's ProtocolCoCreateVc; without a family the
 *                       first alone: a VC of its own, to talk to the network
 *     client of an MCM  the manager's ProtocolCoCreateVc
 *     MCM               the client's ProtocolCoCreateVc
 *
 *     DOWN -NdisCmActivateVc-> RISING -> UP -NdisCmActivateVc-> CHANGING -> UP
 *                                        UP -NdisCmDeactivateVc-> FALLING -> DOWN
 *
 * Create and delete are synchronous. Sends and receives pass while the VC is UP or CHANGING.
 */
#include "ndis/connection/call.h"

static const struct co_move deleting = {
    "NdisCoDeleteVc", CALL_IDLE, CALL_DELETED, "condis-teardown-order"};
static const struct co_move not_deleted = {
    "NdisCoDeleteVc", CALL_DELETED, CALL_IDLE, "condis-teardown-order"};
static const struct co_move rising = {
    "NdisCmActivateVc", LINK_DOWN, LINK_RISING, "condis-complete-pairs"};
static const struct co_move changing = {
    "NdisCmActivateVc", LINK_UP, LINK_CHANGING, "condis-complete-pairs"};
static const struct co_move raised = {
    "NdisMCoActivateVcComplete", LINK_RISING | LINK_CHANGING, LINK_UP, "condis-complete-pairs"};
static const struct co_move not_raised = {
    "NdisMCoActivateVcComplete", LINK_RISING, LINK_DOWN, "condis-complete-pairs"};
static const struct co_move falling = {
    "NdisCmDeactivateVc", LINK_UP, LINK_FALLING, "condis-complete-pairs"};
static const struct co_move lowered = {
    "NdisMCoDeactivateVcComplete", LINK_FALLING, LINK_DOWN, "condis-complete-pairs"};
static const struct co_move not_lowered = {
    "NdisMCoDeactivateVcComplete", LINK_FALLING, LINK_UP, "condis-complete-pairs"};

static bool
is_integrated(const struct co_vc *vc)
{
    return vc->manager == vc->miniport;
}

/* NBLs sent on it and not back; exact when nothing moves. */
uint64_t
co_vc_out(const struct co_vc *vc)
{
    uint64_t sent = 0, back = 0;

    for (uint32_t i = 0; i < vc->miniport->machine->processor_count; i++)
        back += __atomic_load_n(&vc->lanes[i].send_completed, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < vc->miniport->machine->processor_count; i++)
        sent += __atomic_load_n(&vc->lanes[i].sent, __ATOMIC_RELAXED);
    return sent - back;
}

/* Nobody refers to it any more; its miniport may be gone. */
void
co_vc_end(struct co_vc *vc)
{
    struct undis *machine = object_prefix(vc)->machine;

    machine_free(machine, vc->name.Buffer);
    machine_free(machine, vc->lanes);
    if (vc->family)
        co_put(vc->family);
}

static void
count_side(struct module *side, uint32_t by)
{
    __atomic_add_fetch(&side->connections, by, __ATOMIC_ACQ_REL);
}

/* The other protocol than its creator; NULL: a call manager's own VC. */
static struct module *
other_side(const struct co_vc *vc)
{
    if (!vc->client)
        return NULL;
    return vc->creator == vc->client ? vc->manager : vc->client;
}

/* Each side that knows it cannot leave before it is gone; the other protocol than its creator is
 * counted for itself. */
static void
count_sides(struct co_vc *vc, uint32_t by)
{
    count_side(vc->creator, by);
    if (!is_integrated(vc))
        __atomic_add_fetch(&vc->miniport->connections, by, __ATOMIC_ACQ_REL);
    if (vc->family && vc->creator == vc->family->client)
        __atomic_add_fetch(&vc->family->vcs, by, __ATOMIC_ACQ_REL);
}

static struct co_vc *
create(struct module *creator, struct co_family *family, NDIS_HANDLE context)
{
    struct undis *machine = creator->machine;
    struct co_vc *vc = co_create(machine, OBJECT_VC, sizeof(*vc), CALL_IDLE);

    if (!vc)
        return NULL;
    vc->link_state = LINK_DOWN;
    vc->change = CHANGE_NONE;
    vc->creator = creator;
    vc->miniport = creator->adapter->miniport;
    vc->manager = family ? family->manager : creator;
    vc->user = vc->client = family ? family->client : NULL;
    if (!family)
        vc->user = vc->manager;
    vc->manager_to = family ? family->manager_to : &creator->registration->co->manager;
    vc->client_to = family ? family->client_to : NULL;
    vc->client_context = creator == vc->client ? context : NULL;
    vc->manager_context = creator == vc->client ? NULL : context;
    vc->lanes = machine_alloc(machine, machine->processor_count * sizeof(*vc->lanes));
    if (!vc->lanes) {
        co_put(vc);
        return NULL;
    }
    if (family)
        co_get(family);
    vc->family = family;
    count_sides(vc, 1);
    if (other_side(vc))
        count_side(other_side(vc), 1);
    executive_lock(machine->executive, &machine->ndis->lock);
    vc->index = ++machine->ndis->vc_indices;
    InsertTailList(&machine->ndis->vcs, &vc->link);
    executive_unlock(machine->executive, &machine->ndis->lock);
    return vc;
}

/* Out of every list; the memory stays while a call on it is under way. */
static void
forget(struct co_vc *vc)
{
    struct undis *machine = vc->miniport->machine;

    executive_lock(machine->executive, &machine->ndis->lock);
    RemoveEntryList(&vc->link);
    executive_unlock(machine->executive, &machine->ndis->lock);
    count_sides(vc, (uint32_t)-1);
    co_put(vc);
}

static NDIS_STATUS
tell_other_protocol(struct co_vc *vc)
{
    struct module *other = other_side(vc);
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    if (other) {
        status = other == vc->client ? call_cl_create_vc(vc) : call_cm_create_vc(vc);
        co_require_sync(status, other, "ProtocolCoCreateVc");
    }
    return status;
}

static NDIS_STATUS
tell_created(struct co_vc *vc)
{
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;

    if (!is_integrated(vc)) {
        status = call_co_create_vc(vc);
        co_require_sync(status, vc->miniport, "MiniportCoCreateVc");
    }
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    status = tell_other_protocol(vc);
    if (status != NDIS_STATUS_SUCCESS && !is_integrated(vc))
        call_co_delete_vc(vc);
    if (is_integrated(vc))
        vc->miniport_context = vc->manager_context;
    return status;
}

static NDIS_STATUS
create_and_tell(
    struct module *creator, struct co_family *family, NDIS_HANDLE context, PNDIS_HANDLE handle)
{
    struct co_vc *vc = create(creator, family, context);
    NDIS_STATUS status;

    if (!vc)
        return NDIS_STATUS_RESOURCES;
    status = tell_created(vc);
    if (status == NDIS_STATUS_SUCCESS) {
        *handle = vc;
        return status;
    }
    if (other_side(vc))
        count_side(other_side(vc), (uint32_t)-1);
    forget(vc);
    return status;
}

static bool
is_open(const struct co_family *family)
{
    return __atomic_load_n(&family->object.state, __ATOMIC_ACQUIRE) == FAMILY_OPEN;
}

/*
 * NdisCoCreateVc - a client or a stand-alone call manager makes an end of a connection
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @NdisAfHandle:      of the address family; NULL: a call manager's own VC.
 * @ProtocolVcContext: what the caller's handlers will get.
 * @NdisVcHandle:      gets the handle.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the VC lasts until its creator deletes it.
 * Errors:    NDIS_STATUS_FAILURE (a family that is not open, or not the binding's; no family and
 *            no call manager), NDIS_STATUS_RESOURCES, or what MiniportCoCreateVc or
 *            ProtocolCoCreateVc answered. One that pends is a bug check
 *            (rule condis-create-delete-sync).
 * Source:    NF:ndis.NdisCoCreateVc
 */
NDIS_STATUS
NdisCoCreateVc(NDIS_HANDLE NdisBindingHandle, NDIS_HANDLE NdisAfHandle,
    NDIS_HANDLE ProtocolVcContext, PNDIS_HANDLE NdisVcHandle)
{
    struct module *binding = module_from_handle(NdisBindingHandle, MODULE_BINDING, __func__);
    struct co_family *family = NdisAfHandle ? co_family_of(NdisAfHandle, __func__) : NULL;
    const struct co_handlers *co = binding->registration->co;
    const struct co_handlers *of_miniport = binding->adapter->miniport->registration->co;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!co || !co->has_protocol || !of_miniport || !of_miniport->has_miniport)
        return NDIS_STATUS_FAILURE;
    if (family ? !is_open(family) || (binding != family->client && binding != family->manager)
               : !co->has_manager || !of_miniport->miniport.CoCreateVcHandler)
        return NDIS_STATUS_FAILURE;
    return create_and_tell(binding, family, ProtocolVcContext, NdisVcHandle);
}

/*
 * NdisMCmCreateVc - a miniport that is its own call manager makes a VC for a call that comes in
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @NdisAfHandle:          as given to ProtocolCmOpenAf.
 * @MiniportVcContext:     what the caller's handlers will get.
 * @NdisVcHandle:          gets the handle.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the VC lasts until NdisMCmDeleteVc.
 * Errors:    NDIS_STATUS_FAILURE (a family that is not open, or not this miniport's),
 *            NDIS_STATUS_RESOURCES, or what the client's ProtocolCoCreateVc answered.
 * Source:    NF:ndis.NdisMCmCreateVc
 */
NDIS_STATUS
NdisMCmCreateVc(NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE NdisAfHandle,
    NDIS_HANDLE MiniportVcContext, PNDIS_HANDLE NdisVcHandle)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct co_family *family = co_family_of(NdisAfHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (family->manager != miniport || !is_open(family))
        return NDIS_STATUS_FAILURE;
    return create_and_tell(miniport, family, MiniportVcContext, NdisVcHandle);
}

/* The other protocol may leave at once when it has heard of it; @other stays counted until the VC is
 * forgotten. */
static void
tell_other_deleted(struct co_vc *vc, struct module *other)
{
    NDIS_STATUS status;

    module_hold(other);
    count_side(other, (uint32_t)-1);
    status = other == vc->client ? call_cl_delete_vc(vc) : call_cm_delete_vc(vc);
    co_require_sync(status, other, "ProtocolCoDeleteVc");
}

static NDIS_STATUS
tell_miniport_deleted(struct co_vc *vc)
{
    NDIS_STATUS status;

    if (is_integrated(vc))
        return NDIS_STATUS_SUCCESS;
    status = call_co_delete_vc(vc);
    co_require_sync(status, vc->miniport, "MiniportCoDeleteVc");
    return status;
}

static NDIS_STATUS
remove_vc(struct co_vc *vc, const char *caller)
{
    uint32_t link = __atomic_load_n(&vc->link_state, __ATOMIC_ACQUIRE), before;
    struct module *other = other_side(vc);
    NDIS_STATUS status;

    if (block_self->driver != vc->creator->driver)
        co_out_of_order(caller, "the VC was made by another driver");
    if (link != LINK_DOWN)
        return link == LINK_FALLING ? NDIS_STATUS_CLOSING : NDIS_STATUS_NOT_ACCEPTED;
    if (__atomic_load_n(&vc->parties, __ATOMIC_ACQUIRE) ||
        !co_try(&vc->object.state, &deleting, &before))
        return NDIS_STATUS_NOT_ACCEPTED;
    if (co_vc_out(vc))
        gate_bug_check("condis-send-complete", "%s has not completed %lld sends of a VC that goes",
            vc->miniport->driver->name, (long long)co_vc_out(vc));
    status = tell_miniport_deleted(vc);
    if (status != NDIS_STATUS_SUCCESS) {
        co_must(&vc->object.state, &not_deleted);
        return status;
    }
    if (other)
        tell_other_deleted(vc, other);
    forget(vc);
    if (other)
        module_let_go(other);
    return status;
}

/*
 * NdisCoDeleteVc - a client or a stand-alone call manager deletes a VC that it made
 *
 * @NdisVcHandle: from NdisCoCreateVc; no call is on it and it is deactivated.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with NDIS_STATUS_SUCCESS the handle is dead afterwards.
 * Errors:    NDIS_STATUS_NOT_ACCEPTED (active, or a call is on it), NDIS_STATUS_CLOSING (its
 *            deactivation is pending). A VC of another's making is a bug check (rule
 *            condis-teardown-order), sends that are not back are one (condis-send-complete).
 * Source:    NF:ndis.NdisCoDeleteVc
 */
NDIS_STATUS
NdisCoDeleteVc(NDIS_HANDLE NdisVcHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return remove_vc(co_vc_of(NdisVcHandle, __func__), __func__);
}

/*
 * NdisMCmDeleteVc - a miniport that is its own call manager deletes a VC that it made
 *
 * @NdisVcHandle: from NdisMCmCreateVc; no call is on it and it is deactivated.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with NDIS_STATUS_SUCCESS the handle is dead afterwards.
 * Errors:    as NdisCoDeleteVc.
 * Source:    NF:ndis.NdisMCmDeleteVc
 */
NDIS_STATUS
NdisMCmDeleteVc(NDIS_HANDLE NdisVcHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return remove_vc(co_vc_of(NdisVcHandle, __func__), __func__);
}

/* Only the call manager of a VC raises and lowers it, by the calls of its kind. */
static struct co_vc *
managed(NDIS_HANDLE handle, bool integrated, const char *caller)
{
    struct co_vc *vc = co_vc_of(handle, caller);

    if (is_integrated(vc) != integrated)
        gate_bug_check("condis-handle-kind",
            "%s called %s for a VC that is %smanaged by a miniport",
            ((struct driver *)block_self->driver)->name, caller, integrated ? "not " : "");
    return vc;
}

static void
begin_activation(struct co_vc *vc)
{
    uint32_t before;

    if (!co_try(&vc->link_state, &changing, &before))
        co_must(&vc->link_state, &rising);
}

static void
end_activation(struct co_vc *vc, NDIS_STATUS status)
{
    uint32_t before;

    /* One that fails to change stays as it was. */
    if (status == NDIS_STATUS_SUCCESS || !co_try(&vc->link_state, &not_raised, &before))
        co_must(&vc->link_state, &raised);
}

/*
 * NdisCmActivateVc - a stand-alone call manager makes a VC ready for data, or changes it
 *
 * @NdisVcHandle:   of its VC.
 * @CallParameters: what the miniport is to provide; stay as they are until this is answered.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    MiniportCoActivateVc's answer; after NDIS_STATUS_PENDING ProtocolCmActivateVcComplete
 *            has it. Another one under way is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmActivateVc
 */
NDIS_STATUS
NdisCmActivateVc(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = managed(NdisVcHandle, false, __func__);
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    begin_activation(vc);
    status = call_co_activate_vc(vc, CallParameters);
    if (status != NDIS_STATUS_PENDING)
        end_activation(vc, status);
    return status;
}

/*
 * NdisMCoActivateVcComplete - a miniport answers an activation that it had pended
 *
 * @Status:         final.
 * @NdisVcHandle:   as given to MiniportCoCreateVc.
 * @CallParameters: as given to MiniportCoActivateVc, perhaps changed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending activation it is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisMCoActivateVcComplete
 */
VOID
NdisMCoActivateVcComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    end_activation(vc, Status);
    call_cm_activate_complete(vc, Status, CallParameters);
    co_put(vc);
}

/*
 * NdisMCmActivateVc - a miniport that is its own call manager has made a VC ready for data
 *
 * @NdisVcHandle:   of its VC.
 * @CallParameters: of the call; NDIS keeps none of them.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none, always NDIS_STATUS_SUCCESS.
 * Source:    NF:ndis.NdisMCmActivateVc
 */
NDIS_STATUS
NdisMCmActivateVc(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = managed(NdisVcHandle, true, __func__);

    (void)CallParameters;
    gate_require_irql(DISPATCH_LEVEL, __func__);
    begin_activation(vc);
    end_activation(vc, NDIS_STATUS_SUCCESS);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisCmDeactivateVc - a stand-alone call manager takes a VC out of use
 *
 * @NdisVcHandle: of its VC.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the miniport completes what was sent before it answers.
 * Errors:    NDIS_STATUS_NOT_ACCEPTED when it is not active, or MiniportCoDeactivateVc's answer;
 *            after NDIS_STATUS_PENDING ProtocolCmDeactivateVcComplete has it.
 * Source:    NF:ndis.NdisCmDeactivateVc
 */
NDIS_STATUS
NdisCmDeactivateVc(NDIS_HANDLE NdisVcHandle)
{
    struct co_vc *vc = managed(NdisVcHandle, false, __func__);
    NDIS_STATUS status;
    uint32_t before;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!co_try(&vc->link_state, &falling, &before))
        return NDIS_STATUS_NOT_ACCEPTED;
    status = call_co_deactivate_vc(vc);
    if (status != NDIS_STATUS_PENDING)
        co_must(&vc->link_state, status == NDIS_STATUS_SUCCESS ? &lowered : &not_lowered);
    return status;
}

/*
 * NdisMCoDeactivateVcComplete - a miniport answers a deactivation that it had pended
 *
 * @Status:       final.
 * @NdisVcHandle: as given to MiniportCoCreateVc.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: every send of the VC is completed by now.
 * Errors:    none; without a pending deactivation it is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisMCoDeactivateVcComplete
 */
VOID
NdisMCoDeactivateVcComplete(NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    co_must(&vc->link_state, Status == NDIS_STATUS_SUCCESS ? &lowered : &not_lowered);
    call_cm_deactivate_complete(vc, Status);
    co_put(vc);
}

/*
 * NdisMCmDeactivateVc - a miniport that is its own call manager has taken a VC out of use
 *
 * @NdisVcHandle: of its VC.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: every send of the VC is completed by now.
 * Errors:    NDIS_STATUS_NOT_ACCEPTED when it is not active.
 * Source:    NF:ndis.NdisMCmDeactivateVc
 */
NDIS_STATUS
NdisMCmDeactivateVc(NDIS_HANDLE NdisVcHandle)
{
    struct co_vc *vc = managed(NdisVcHandle, true, __func__);
    uint32_t before;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!co_try(&vc->link_state, &falling, &before))
        return NDIS_STATUS_NOT_ACCEPTED;
    co_must(&vc->link_state, &lowered);
    return NDIS_STATUS_SUCCESS;
}
