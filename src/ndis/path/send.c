/* SPDX-License-Identifier: MIT */
/* Sends: down from a protocol or filter to the miniport, back up by completion.
 *
 *     NdisSendNetBufferLists            ProtocolSendNetBufferListsComplete
 *          |                                     ^
 *          v  FilterSendNetBufferLists           |  FilterSendNetBufferListsComplete
 *          |                                     |
 *          v  MiniportSendNetBufferLists         |  NdisMSendNetBufferListsComplete
 *          +------------------>------------------+
 *
 * Ownership moves with the arrow: whoever was called last owns the chain until it calls on.
 * Every step follows a hop of the module it leaves; the run holds a processor meanwhile.
 */
#include "ndis/path/loopback.h"
#include "ndis/path/path.h"

/* Cuts the longest front part of *@chain whose NBLs have one SourceHandle. */
static PNET_BUFFER_LIST
cut_by_source(PNET_BUFFER_LIST *chain, uint64_t *count)
{
    PNET_BUFFER_LIST first = *chain, last = first;
    uint64_t n = 1;

    while (last->Next && last->Next->SourceHandle == first->SourceHandle) {
        last = last->Next;
        n++;
    }
    *chain = last->Next;
    last->Next = NULL;
    *count = n;
    return first;
}

/* Gives each part of @chain to the binding that sent it. */
static void
complete_to_bindings(struct module *from, PNET_BUFFER_LIST chain, ULONG flags)
{
    while (chain) {
        uint64_t n;
        PNET_BUFFER_LIST part = cut_by_source(&chain, &n);
        struct module *sender = part->SourceHandle;

        if (__builtin_expect(!sender || sender->kind != MODULE_BINDING, 0) ||
            sender->adapter != from->adapter)
            gate_bug_check("send-source-handle-protocol",
                "%s completed a NET_BUFFER_LIST whose SourceHandle is no binding of the adapter",
                from->driver->name);
        lane_add(&module_lane(sender)->send_completed, n);
        call_send_complete(sender, part, sender->core ? flags : flags & ~SEND_COMPLETE_ANSWERED);
    }
}

void
send_complete_above(struct module *from, PNET_BUFFER_LIST chain, ULONG flags)
{
    struct module *next = HOP(from, complete_hop);
    KIRQL irql = path_enter();

    flags = path_flags(irql, flags);
    if (next) {
        lane_add(&module_lane(next)->send_completed, path_count(chain));
        call_send_complete(next, chain, flags);
    } else {
        complete_to_bindings(from, chain, flags);
    }
    path_leave(irql);
}

/* What was sent where nothing takes sends comes back to @from at once. */
static __attribute__((noinline, cold)) void
refuse(struct module *from, PNET_BUFFER_LIST chain, uint64_t count)
{
    for (PNET_BUFFER_LIST nbl = chain; nbl; nbl = nbl->Next)
        NET_BUFFER_LIST_STATUS(nbl) = NDIS_STATUS_PAUSED;
    lane_add(&module_lane(from)->send_completed, count);
    call_send_complete(from, chain, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

/* What goes to a miniport may have to be shown to bindings first. */
static inline bool
loops(const struct module *next, ULONG flags)
{
    return __atomic_load_n(&next->loops, __ATOMIC_RELAXED) ||
           (flags & NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK && next->kind == MODULE_MINIPORT);
}

/* The same where @next is called at PASSIVE_LEVEL: what it completes meanwhile is counted on any
 * processor, and what others complete with it. */
static __attribute__((noinline, cold)) void
send_lower(struct module *from, struct module *next, PNET_BUFFER_LIST chain, uint64_t count,
    NDIS_PORT_NUMBER port, ULONG flags)
{
    uint64_t before = module_sum(from).send_completed, inside;

    call_send(next, chain, port, flags);
    inside = module_sum(from).send_completed - before;
    if (inside < count)
        lane_add(&module_lane(from)->send_later, count - inside);
}

void
send_below(struct module *from, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    KIRQL irql = path_enter();
    struct module *next = HOP(from, send_hop);
    struct module_lane *lane = module_lane(from);
    uint64_t count = path_count(chain), before = lane->send_completed, inside;

    lane_add(&lane->sent, count);
    if (__builtin_expect(next && loops(next, flags), 0))
        loopback_show(next, chain, port, flags);
    flags = path_flags(irql, flags);
    if (__builtin_expect(!(flags & CALL_AT_DISPATCH), 0) && next) {
        send_lower(from, next, chain, count, port, flags);
        path_leave(irql);
        return;
    }
    if (__builtin_expect(next != NULL, 1))
        call_send(next, chain, port, flags);
    else
        refuse(from, chain, count);
    inside = lane->send_completed - before;
    if (inside < count)
        lane_add(&lane->send_later, count - inside);
    path_leave(irql);
}

/*
 * NdisSendNetBufferLists - send a chain of NBLs through an opened adapter
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @NetBufferLists:    chain of one or more NBLs, SourceHandle set to @NdisBindingHandle in each.
 * @PortNumber:        0 (NDIS_DEFAULT_PORT_NUMBER) for the default port.
 * @SendFlags:         NDIS_SEND_FLAGS_*.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the chain is lent; each NBL comes back once, in any order, possibly before this
 *            returns, through ProtocolSendNetBufferListsComplete.
 * Errors:    none here; each NBL returns with its Status, NDIS_STATUS_PAUSED from a paused stack.
 * Source:    NF:ndis.NdisSendNetBufferLists
 */
VOID
NdisSendNetBufferLists(NDIS_HANDLE NdisBindingHandle, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    send_below(path_module(NdisBindingHandle, MODULE_BINDING, __func__), NetBufferLists, PortNumber,
        SendFlags);
}

/*
 * NdisFSendNetBufferLists - a filter passes sends on, or sends its own
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @NetBufferList:    chain of one or more NBLs; SourceHandle set in those the filter made.
 * @PortNumber:       port to send on.
 * @SendFlags:        NDIS_SEND_FLAGS_*.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the chain is lent; it comes back through FilterSendNetBufferListsComplete.
 * Errors:    none here; each NBL returns with its Status.
 * Source:    NF:ndis.NdisFSendNetBufferLists
 */
VOID
NdisFSendNetBufferLists(NDIS_HANDLE NdisFilterHandle, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    send_below(path_module(NdisFilterHandle, MODULE_FILTER, __func__), NetBufferList, PortNumber,
        SendFlags);
}

/*
 * NdisMSendNetBufferListsComplete - a miniport gives finished sends back
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @NetBufferList:         chain of one or more NBLs, from one or many sends, Status set in each.
 * @SendCompleteFlags:     NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL or 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the chain; the miniport must not touch it afterwards.
 * Errors:    none; a SourceHandle that is no binding of the adapter is a bug check.
 * Source:    NF:ndis.NdisMSendNetBufferListsComplete
 */
VOID
NdisMSendNetBufferListsComplete(
    NDIS_HANDLE MiniportAdapterHandle, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    send_complete_above(path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__),
        NetBufferList, SendCompleteFlags);
}

/*
 * NdisFSendNetBufferListsComplete - a filter gives finished sends back to the layers above
 *
 * @NdisFilterHandle:  as given to FilterAttach.
 * @NetBufferList:     chain of one or more NBLs that came from above, Status set in each.
 * @SendCompleteFlags: NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL or 0.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the chain; the filter must not touch it afterwards.
 * Errors:    none; a SourceHandle that is no binding of the adapter is a bug check.
 * Source:    NF:ndis.NdisFSendNetBufferListsComplete
 */
VOID
NdisFSendNetBufferListsComplete(
    NDIS_HANDLE NdisFilterHandle, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    send_complete_above(
        path_module(NdisFilterHandle, MODULE_FILTER, __func__), NetBufferList, SendCompleteFlags);
}

static bool
hears_of_cancelled_sends(const struct module *module)
{
    return __atomic_load_n(&module->path.cancel_send, __ATOMIC_RELAXED) != NULL;
}

static void
cancel_below(struct module *from, PVOID cancel_id)
{
    struct module *module = stack_find_below(from, hears_of_cancelled_sends);

    if (!module)
        return;
    call_cancel_send(module, cancel_id);
    module_let_go(module);
}

/*
 * NdisGeneratePartialCancelId - what a driver puts into the high byte of its cancel ids
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; after 256 calls the values come again.
 * Source:    NF:ndis.NdisGeneratePartialCancelId
 */
UCHAR
NdisGeneratePartialCancelId(VOID)
{
    struct ndis *ndis = machine_self()->ndis;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    return (UCHAR)__atomic_add_fetch(&ndis->partial_cancel_ids, 1, __ATOMIC_RELAXED);
}

/*
 * NdisCancelSendNetBufferLists - ask for sends with a cancel id to be given back soon
 *
 * @NdisBindingHandle: from NdisOpenAdapterEx.
 * @CancelId:          as set by NDIS_SET_NET_BUFFER_LIST_CANCEL_ID.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here; cancelled NBLs come back as any send does.
 * Errors:    none.
 * Source:    NF:ndis.NdisCancelSendNetBufferLists
 */
VOID
NdisCancelSendNetBufferLists(NDIS_HANDLE NdisBindingHandle, PVOID CancelId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    cancel_below(path_module(NdisBindingHandle, MODULE_BINDING, __func__), CancelId);
}

/*
 * NdisFCancelSendNetBufferLists - a filter passes a cancel request on
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @CancelId:         as given to FilterCancelSendNetBufferLists.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here.
 * Errors:    none.
 * Source:    NF:ndis.NdisFCancelSendNetBufferLists
 */
VOID
NdisFCancelSendNetBufferLists(NDIS_HANDLE NdisFilterHandle, PVOID CancelId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    cancel_below(path_module(NdisFilterHandle, MODULE_FILTER, __func__), CancelId);
}
