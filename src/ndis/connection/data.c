/* SPDX-License-Identifier: MIT */
/* What travels on VCs. No filter stands on this way.
 *
 *     NdisCoSendNetBufferLists             ProtocolCoSendNetBufferListsComplete
 *          v MiniportCoSendNetBufferLists      ^ NdisMCoSendNetBufferListsComplete
 *
 *     ProtocolCoReceiveNetBufferLists      NdisReturnNetBufferLists (path/receive.c)
 *          ^ NdisMCoIndicateReceiveNetBufferLists   v MiniportReturnNetBufferLists
 *
 * SourceHandle of every NBL is the handle of its VC, both ways. The user of a VC is its client, or
 * the call manager whose own it is. A run holds a processor, as in path/send.c.
 */
#include "ndis/connection/call.h"

/* A running binding and a running miniport: both are followed by a grace period when they pause. */
static bool
may_flow(const struct co_vc *vc)
{
    return (__atomic_load_n(&vc->link_state, __ATOMIC_RELAXED) & (LINK_UP | LINK_CHANGING)) != 0;
}

static bool
runs(const struct module *module)
{
    enum module_state state = module->state;

    return state == MODULE_RUNNING ||
           (module->kind == MODULE_BINDING && state == MODULE_RESTARTING);
}

void
co_send_done(struct co_vc *vc, PNET_BUFFER_LIST chain, uint64_t count, ULONG flags)
{
    lane_add(&vc->lanes[block_self->processor].send_completed, count);
    lane_add(&module_lane(vc->user)->send_completed, count);
    if (vc->user->binding5)
        co5_send_done(vc, chain);
    else
        call_co_send_complete(vc, chain, flags | NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

static __attribute__((noinline, cold)) void
refuse(struct co_vc *vc, PNET_BUFFER_LIST chain, uint64_t count, NDIS_STATUS status)
{
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = nbl->Next)
        NET_BUFFER_LIST_STATUS(nbl) = status;
    co_send_done(vc, chain, count, 0);
}

void
co_send(struct co_vc *vc, PNET_BUFFER_LIST chain, uint64_t count, ULONG flags)
{
    lane_add(&vc->lanes[block_self->processor].sent, count);
    lane_add(&module_lane(vc->user)->sent, count);
    if (__builtin_expect(!runs(vc->user) || !runs(vc->miniport), 0))
        refuse(vc, chain, count, NDIS_STATUS_PAUSED);
    else if (__builtin_expect(!may_flow(vc), 0))
        refuse(vc, chain, count, NDIS_STATUS_VC_NOT_ACTIVATED);
    else if (vc->miniport->legacy)
        co5_send(vc, chain);
    else
        call_co_send(vc, chain, flags | NDIS_SEND_FLAGS_DISPATCH_LEVEL);
}

/*
 * NdisCoSendNetBufferLists - a protocol sends a chain of NBLs on a VC
 *
 * @NdisVcHandle:   of the VC.
 * @NetBufferLists: chain of one or more NBLs, SourceHandle set to @NdisVcHandle in each.
 * @SendFlags:      NDIS_SEND_FLAGS_*.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the chain is lent; each NBL comes back once, in any order, possibly before this
 *            returns, through ProtocolCoSendNetBufferListsComplete.
 * Errors:    none here; each NBL returns with its Status: NDIS_STATUS_VC_NOT_ACTIVATED on a VC that
 *            is not active, NDIS_STATUS_PAUSED from a paused stack.
 * Source:    NF:ndis.NdisCoSendNetBufferLists
 * Gaps:      NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK loops nothing back (CAVEATS.md, loopback on VCs).
 */
VOID
NdisCoSendNetBufferLists(NDIS_HANDLE NdisVcHandle, PNET_BUFFER_LIST NetBufferLists, ULONG SendFlags)
{
    struct co_vc *vc = co_vc_quick(NdisVcHandle, __func__);
    uint64_t count = path_count(NetBufferLists);
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    irql = path_enter();
    co_send(vc, NetBufferLists, count, SendFlags);
    path_leave(irql);
}

/*
 * NdisMCoSendNetBufferListsComplete - a miniport gives finished sends of a VC back
 *
 * @NdisVcHandle:      of the VC.
 * @NetBufferLists:    chain of one or more NBLs, from one or many sends, Status set in each.
 * @SendCompleteFlags: NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL or 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the chain; the miniport must not touch it afterwards.
 * Errors:    none; a handle of another kind is a bug check (rule condis-handle-kind).
 * Source:    NF:ndis.NdisMCoSendNetBufferListsComplete
 */
VOID
NdisMCoSendNetBufferListsComplete(
    NDIS_HANDLE NdisVcHandle, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags)
{
    struct co_vc *vc = co_vc_quick(NdisVcHandle, __func__);
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    irql = path_enter();
    co_send_done(vc, NetBufferLists, path_count(NetBufferLists), SendCompleteFlags);
    path_leave(irql);
}

/* Takes back what the user cannot have now. */
static __attribute__((noinline, cold)) void
drop(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG count, ULONG flags)
{
    lane_add(&module_lane(vc->miniport)->dropped, count);
    if (flags & NDIS_RECEIVE_FLAGS_RESOURCES)
        return;
    lane_add(&module_lane(vc->miniport)->returned, count);
    call_return(vc->miniport, chain, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
}

void
co_receive(struct co_vc *vc, PNET_BUFFER_LIST chain, ULONG count, ULONG flags)
{
    struct module_lane *lane = module_lane(vc->miniport);

    flags |= NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL;
    lane_add(&lane->indicated, count);
    if (__builtin_expect(!may_flow(vc) || !runs(vc->user), 0))
        drop(vc, chain, count, flags);
    else if (vc->user->binding5)
        co5_receive(vc, chain, flags);
    else
        call_co_receive(vc, chain, count, flags);
    if (flags & NDIS_RECEIVE_FLAGS_RESOURCES) {
        lane_add(&lane->returned, count);
        lane_add(&lane->resources, count);
    }
}

/*
 * NdisMCoIndicateReceiveNetBufferLists - a miniport passes up what it received on a VC
 *
 * @NdisVcHandle:           of the VC.
 * @NetBufferLists:         chain of NBLs, SourceHandle set to @NdisVcHandle in each.
 * @NumberOfNetBufferLists: how many.
 * @CoReceiveFlags:         NDIS_RECEIVE_FLAGS_*.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until MiniportReturnNetBufferLists, perhaps before this returns; with
 *            NDIS_RECEIVE_FLAGS_RESOURCES until this returns.
 * Errors:    none; what comes on a VC that is not active, or for a paused protocol, comes back.
 * Source:    NF:ndis.NdisMCoIndicateReceiveNetBufferLists
 */
VOID
NdisMCoIndicateReceiveNetBufferLists(NDIS_HANDLE NdisVcHandle, PNET_BUFFER_LIST NetBufferLists,
    ULONG NumberOfNetBufferLists, ULONG CoReceiveFlags)
{
    struct co_vc *vc = co_vc_quick(NdisVcHandle, __func__);
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    irql = path_enter();
    co_receive(vc, NetBufferLists, NumberOfNetBufferLists, CoReceiveFlags);
    path_leave(irql);
}

static void
tell(struct module *binding, NDIS_HANDLE vc_context, PNDIS_STATUS_INDICATION indication)
{
    if (binding->binding5)
        co5_status(binding, vc_context, indication);
    else
        call_co_status(binding, vc_context, indication);
}

/* Connection-oriented protocols hear by their own handler, the others as of any status. */
static void
status_to_all(struct module *miniport, PNDIS_STATUS_INDICATION indication)
{
    unsigned count;
    struct module **bindings = path_bindings(miniport->adapter, &count);

    for (unsigned i = 0; bindings && i < count; i++) {
        const struct co_handlers *co = bindings[i]->registration->co;

        if (co && co->has_protocol)
            tell(bindings[i], NULL, indication);
        else
            call_status(bindings[i], indication);
    }
    path_bindings_end(miniport->machine, bindings, count);
}

void
co_status(struct module *miniport, struct co_vc *vc, PNDIS_STATUS_INDICATION indication)
{
    miniport->statuses++;
    indication->SourceHandle = miniport;
    if (vc) {
        tell(vc->user, co_user_context(vc), indication);
        return;
    }
    path_note_status(miniport->adapter, indication);
    status_to_all(miniport, indication);
}

/*
 * NdisMCoIndicateStatusEx - a connection-oriented miniport reports a change of its status
 *
 * @NdisMiniportHandle: as given to MiniportInitializeEx.
 * @NdisVcHandle:       of the VC it is about; NULL: of the adapter.
 * @StatusIndication:   revision 1 header; StatusBuffer of StatusBufferSize bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: stays with the miniport; nobody keeps it after the return.
 * Errors:    none.
 * Source:    NF:ndis.NdisMCoIndicateStatusEx
 */
VOID
NdisMCoIndicateStatusEx(NDIS_HANDLE NdisMiniportHandle, NDIS_HANDLE NdisVcHandle,
    PNDIS_STATUS_INDICATION StatusIndication)
{
    struct module *miniport = module_from_handle(NdisMiniportHandle, MODULE_MINIPORT, __func__);
    struct co_vc *vc = NdisVcHandle ? co_vc_of(NdisVcHandle, __func__) : NULL;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_status(miniport, vc, StatusIndication);
}
