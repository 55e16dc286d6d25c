/* SPDX-License-Identifier: MIT */
/* Receives: up from a miniport or filter to the protocols, back down by return.
 *
 *     NdisMIndicateReceiveNetBufferLists     MiniportReturnNetBufferLists
 *          |                                     ^
 *          v  FilterReceiveNetBufferLists        |  FilterReturnNetBufferLists
 *          |                                     |
 *          v  ProtocolReceiveNetBufferLists      |  NdisReturnNetBufferLists
 *          +------------------>------------------+
 *
 * With NDIS_RECEIVE_FLAGS_RESOURCES the chain comes back when the call returns.
 * One protocol gets the NBLs themselves. With several, the last one does and each earlier one
 * gets clones; the parent's ChildRefCount then says how many still have a part of it.
 */
#include "ndis/path/path.h"
#include "ndis/path/select.h"

PNET_BUFFER_LIST
receive_clone(struct adapter *adapter, PNET_BUFFER_LIST nbl)
{
    PNET_BUFFER_LIST clone = NdisAllocateCloneNetBufferList(
        nbl, adapter->clone_pool, NULL, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);

    if (!clone)
        return NULL;
    NdisCopyReceiveNetBufferListInfo(clone, nbl);
    clone->SourceHandle = nbl->SourceHandle;
    clone->NblFlags = nbl->NblFlags;
    return clone;
}

/* Clones of a whole chain, or NULL when the pool cannot give that many. */
static PNET_BUFFER_LIST
clone_chain(struct adapter *adapter, PNET_BUFFER_LIST chain)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;

    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = nbl->Next) {
        PNET_BUFFER_LIST clone = receive_clone(adapter, nbl);

        if (!clone) {
            while (first) {
                PNET_BUFFER_LIST next = first->Next;

                NdisFreeCloneNetBufferList(first, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
                first = next;
            }
            return NULL;
        }
        *link = clone;
        link = &clone->Next;
    }
    return first;
}

/* Every NBL of @chain is now in @holders hands. */
static void
share(PNET_BUFFER_LIST chain, int holders)
{
    for (; chain; chain = chain->Next)
        __atomic_add_fetch(&chain->ChildRefCount, holders, __ATOMIC_RELAXED);
}

static void
indicate_to_several(struct adapter *adapter, const struct receivers *to, PNET_BUFFER_LIST chain,
    NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    unsigned last = to->count - 1;

    if (!(flags & NDIS_RECEIVE_FLAGS_RESOURCES))
        share(chain, 1);
    for (unsigned i = 0; i < last; i++) {
        PNET_BUFFER_LIST clones =
            flags & NDIS_RECEIVE_FLAGS_RESOURCES ? NULL : clone_chain(adapter, chain);

        if (clones) {
            share(chain, 1);
            call_receive(to->bindings[i], clones, port, count, flags);
        } else {
            call_receive(to->bindings[i], chain, port, count, flags | NDIS_RECEIVE_FLAGS_RESOURCES);
        }
    }
    call_receive(to->bindings[last], chain, port, count, flags);
}

static void
give_back_to(struct module *to, PNET_BUFFER_LIST chain, uint64_t count, ULONG flags)
{
    lane_add(&module_lane(to)->returned, count);
    call_return(to, chain, flags);
}

/* Takes back what nobody above wants. */
static void
drop(struct module *from, PNET_BUFFER_LIST chain, ULONG count, ULONG flags)
{
    lane_add(&module_lane(from)->dropped, count);
    if (!(flags & NDIS_RECEIVE_FLAGS_RESOURCES))
        give_back_to(from->path.give_back ? from : HOP(from, return_hop), chain, count,
            NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
}

void
receive_show_above(
    struct module *from, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    struct module *next = HOP(from, receive_hop);
    struct receivers *receivers;

    if (next) {
        call_receive(next, chain, port, count, flags);
        return;
    }
    receivers = __atomic_load_n(&from->adapter->receivers, __ATOMIC_ACQUIRE);
    if (HOP(from, receive_closed) || receivers->count == 0)
        drop(from, chain, count, flags);
    else if (__builtin_expect(select_needed(from->adapter, receivers), 0))
        select_indicate(from, receivers, chain, port, flags);
    else if (receivers->count == 1)
        call_receive(receivers->bindings[0], chain, port, count, flags);
    else
        indicate_to_several(from->adapter, receivers, chain, port, count, flags);
}

void
receive_indicate_above(
    struct module *from, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags)
{
    KIRQL irql = path_enter();

    lane_add(&module_lane(from)->indicated, count);
    receive_show_above(from, chain, port, count, path_flags(irql, flags));
    if (flags & NDIS_RECEIVE_FLAGS_RESOURCES) {
        struct module_lane *lane = module_lane(from); /* perhaps on another processor than before */

        lane_add(&lane->returned, count);
        lane_add(&lane->resources, count);
    } else if (__builtin_expect(!from->path.give_back, 0)) {
        /* A filter that passes on what is returned to others. */
        lane_add(&module_lane(from)->returned, count);
    }
    path_leave(irql);
}

static void
return_below(struct module *from, PNET_BUFFER_LIST chain, ULONG flags)
{
    KIRQL irql = path_enter();

    give_back_to(HOP(from, return_hop), chain, path_count(chain), path_flags(irql, flags));
    path_leave(irql);
}

/* Frees the clones in @chain and leaves those NBLs that nobody has a part of any more. */
PNET_BUFFER_LIST
receive_settle(struct adapter *adapter, PNET_BUFFER_LIST chain)
{
    PNET_BUFFER_LIST ready = NULL, *link = &ready;

    while (chain) {
        PNET_BUFFER_LIST nbl = chain;

        chain = nbl->Next;
        nbl->Next = NULL;
        if (nbl->NdisPoolHandle == adapter->clone_pool && nbl->ParentNetBufferList) {
            PNET_BUFFER_LIST parent = nbl->ParentNetBufferList;

            NdisFreeCloneNetBufferList(nbl, NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS);
            nbl = parent;
        }
        if (__atomic_load_n(&nbl->ChildRefCount, __ATOMIC_RELAXED) > 0 &&
            __atomic_sub_fetch(&nbl->ChildRefCount, 1, __ATOMIC_ACQ_REL) > 0)
            continue;
        nbl->Next = NULL;
        *link = nbl;
        link = &nbl->Next;
    }
    return ready;
}

/* Gives the NBLs that came on VCs straight to the miniport: no filter has seen them. Answers the
 * others. */
static __attribute__((noinline)) PNET_BUFFER_LIST
return_of_vcs(struct module *from, PNET_BUFFER_LIST chain, ULONG flags)
{
    PNET_BUFFER_LIST rest = NULL, own = NULL, *rest_link = &rest, *own_link = &own;
    struct module *miniport = from->adapter->miniport;

    for (; chain; chain = chain->Next) {
        PNET_BUFFER_LIST **link = path_is_vc(chain->SourceHandle) ? &own_link : &rest_link;

        **link = chain;
        *link = &chain->Next;
    }
    *own_link = *rest_link = NULL;
    if (own) {
        KIRQL irql = path_enter();

        lane_add(&module_lane(miniport)->returned, path_count(own));
        call_return(miniport, own, path_flags(irql, flags));
        path_leave(irql);
    }
    return rest;
}

/*
 * NdisMIndicateReceiveNetBufferLists - a miniport passes received data up
 *
 * @MiniportAdapterHandle:  as given to MiniportInitializeEx.
 * @NetBufferList:          chain of @NumberOfNetBufferLists NBLs from the miniport's pools.
 * @PortNumber:             port it came from, 0 by default.
 * @NumberOfNetBufferLists: 1 or more.
 * @ReceiveFlags:           NDIS_RECEIVE_FLAGS_*.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until MiniportReturnNetBufferLists, perhaps before this returns; with
 *            NDIS_RECEIVE_FLAGS_RESOURCES until this returns.
 * Errors:    none; what nobody takes comes back.
 * Source:    NF:ndis.NdisMIndicateReceiveNetBufferLists
 */
VOID
NdisMIndicateReceiveNetBufferLists(NDIS_HANDLE MiniportAdapterHandle,
    PNET_BUFFER_LIST NetBufferList, NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists,
    ULONG ReceiveFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    receive_indicate_above(path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__),
        NetBufferList, PortNumber, NumberOfNetBufferLists, ReceiveFlags);
}

/*
 * NdisFIndicateReceiveNetBufferLists - a filter passes received data up, or makes its own
 *
 * @NdisFilterHandle:       as given to FilterAttach.
 * @NetBufferLists:         chain of @NumberOfNetBufferLists NBLs.
 * @PortNumber:             port it came from.
 * @NumberOfNetBufferLists: 1 or more.
 * @ReceiveFlags:           NDIS_RECEIVE_FLAGS_*.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: lent until FilterReturnNetBufferLists; with NDIS_RECEIVE_FLAGS_RESOURCES until this
 *            returns.
 * Errors:    none; what nobody takes comes back.
 * Source:    NF:ndis.NdisFIndicateReceiveNetBufferLists
 */
VOID
NdisFIndicateReceiveNetBufferLists(NDIS_HANDLE NdisFilterHandle, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    receive_indicate_above(path_module(NdisFilterHandle, MODULE_FILTER, __func__), NetBufferLists,
        PortNumber, NumberOfNetBufferLists, ReceiveFlags);
}

/*
 * NdisReturnNetBufferLists - a protocol gives received data back
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @NetBufferLists:    chain of NBLs from one or many indications without RESOURCES.
 * @ReturnFlags:       NDIS_RETURN_FLAGS_DISPATCH_LEVEL or 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the chain; the protocol must not touch it afterwards.
 * Errors:    none.
 * Source:    NF:ndis.NdisReturnNetBufferLists
 */
VOID
NdisReturnNetBufferLists(
    NDIS_HANDLE NdisBindingHandle, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    struct module *binding = path_module(NdisBindingHandle, MODULE_BINDING, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__builtin_expect(__atomic_load_n(&binding->connections, __ATOMIC_RELAXED) > 0, 0)) {
        NetBufferLists = return_of_vcs(binding, NetBufferLists, ReturnFlags);
        if (!NetBufferLists)
            return;
    }
    if (__atomic_load_n(&binding->adapter->shared, __ATOMIC_RELAXED)) {
        NetBufferLists = receive_settle(binding->adapter, NetBufferLists);
        if (!NetBufferLists)
            return;
    }
    return_below(binding, NetBufferLists, ReturnFlags);
}

/*
 * NdisFReturnNetBufferLists - a filter gives received data back to the layers below
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @NetBufferLists:   chain of NBLs that came from below.
 * @ReturnFlags:      NDIS_RETURN_FLAGS_DISPATCH_LEVEL or 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the chain; the filter must not touch it afterwards.
 * Errors:    none.
 * Source:    NF:ndis.NdisFReturnNetBufferLists
 */
VOID
NdisFReturnNetBufferLists(
    NDIS_HANDLE NdisFilterHandle, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return_below(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), NetBufferLists, ReturnFlags);
}
