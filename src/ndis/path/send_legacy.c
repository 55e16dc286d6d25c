/* SPDX-License-Identifier: MIT */
/* Sends to a miniport of NDIS 3 to 5.1.
 *
 *     deserialized   NBLs --edge--> MiniportSend, MiniportSendPackets, at once
 *     serialized     NBLs --edge--> [queue] --one call at a time--> the same
 *                                      ^ NDIS_STATUS_RESOURCES: back to the front, and wait for
 *                                        NdisMSendResourcesAvailable or a completion
 *     NBLs <--edge-- status of MiniportSend, OOB status (serialized), NdisMSendComplete
 *
 * What a serialized miniport has is listed: a reset answers it, and a completion of anything else
 * is found out.
 */
#include "host/lock.h"
#include "ndis/path/edge.h"
#include "ndis/path/legacy.h"
#include "ndis/stack/call_legacy.h"

#define BATCH LEGACY_BATCH

void
legacy_count_back(struct module *miniport, uint64_t n)
{
    lane_add(&module_lane(miniport)->send_completed, n);
    if (__builtin_expect(__atomic_load_n(&miniport->legacy->pausing, __ATOMIC_RELAXED), 0))
        legacy_look_whether_idle(miniport);
}

/* NBLs on their way up, together. */
struct going {
    struct module *miniport;
    PNET_BUFFER_LIST first, *link;
    uint64_t packets;
    bool answered; /* MiniportSend has said so itself */
};

static void
going_add(struct going *going, PNET_BUFFER nb, NDIS_STATUS status)
{
    PNET_BUFFER_LIST nbl = edge_leave(going->miniport, nb, status);

    if (!going->packets++)
        going->link = &going->first;
    if (nbl) {
        *going->link = nbl;
        going->link = &NET_BUFFER_LIST_NEXT_NBL(nbl);
    }
}

static void
going_go(const struct going *going)
{
    struct module *miniport = going->miniport;
    ULONG flags = NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL;

    if (going->answered && !HOP(miniport, complete_hop))
        flags |= SEND_COMPLETE_ANSWERED;
    if (going->first)
        send_complete_above(miniport, going->first, flags);
    if (going->packets)
        legacy_count_back(miniport, going->packets);
}

static void
give_back(struct module *miniport, PNET_BUFFER nb, NDIS_STATUS status)
{
    struct going going = {.miniport = miniport};

    going_add(&going, nb, status);
    going_go(&going);
}

/* An NBL that never reached the miniport. */
static void
refuse(NDIS_HANDLE miniport, PNET_BUFFER_LIST nbl, NDIS_STATUS status)
{
    NET_BUFFER_LIST_STATUS(nbl) = status;
    send_complete_above(miniport, nbl, NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL);
}

static NDIS_STATUS
admit(struct module *miniport, NDIS_HANDLE at, PNET_BUFFER_LIST nbl)
{
    if (__atomic_load_n(&miniport->legacy->resetting, __ATOMIC_RELAXED))
        return NDIS_STATUS_RESET_IN_PROGRESS;
    if (!edge_enter(miniport, at, nbl))
        return NDIS_STATUS_RESOURCES;
    lane_add(&module_lane(miniport)->sent, edge_sum_of(nbl)->out);
    return NDIS_STATUS_SUCCESS;
}

/* Deserialized */

/* A deserialized miniport may not ask for its packet to come again; desktop NDIS gives the protocol
 * that answer, Compact 2013 forbids it. @there: it has not completed the packet meanwhile. */
static void
check_answer(struct module *miniport, bool there, NDIS_STATUS status)
{
    if (!there)
        gate_bug_check_of(miniport->driver, "s5-no-complete-unless-pending",
            "%s completed a packet and then answered its MiniportSend with 0x%08X",
            miniport->driver->name, (unsigned)status);
    if (status == NDIS_STATUS_RESOURCES && miniport->machine->profile_ce)
        gate_bug_check_of(miniport->driver, "s5-resources-only-serialized",
            "%s, which is deserialized, answered NDIS_STATUS_RESOURCES", miniport->driver->name);
}

static void
hand_over(NDIS_HANDLE at, PPNDIS_PACKET packets, UINT count)
{
    struct module *miniport = at;
    struct going going = {.miniport = miniport, .answered = true};

    if (miniport->registration->miniport5.SendPacketsHandler) {
        call_legacy_send_packets(miniport, packets, count);
        return;
    }
    for (UINT i = 0; i < count; i++) {
        PNET_BUFFER nb = (PNET_BUFFER)packets[i]->Reserved[1];
        NDIS_STATUS status = call_legacy_send(miniport, packets[i]);

        if (status == NDIS_STATUS_PENDING)
            continue;
        check_answer(miniport, edge_of(nb)->packet == packets[i], status);
        going_add(&going, nb, status);
    }
    going_go(&going);
}

void
legacy_send_at_once(struct module *miniport, PNET_BUFFER_LIST chain, const struct legacy_way *way)
{
    PNDIS_PACKET packets[BATCH];
    UINT count = 0;

    while (chain) {
        PNET_BUFFER_LIST nbl = chain;
        NDIS_STATUS status;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
        status = admit(miniport, way->at, nbl);
        if (status != NDIS_STATUS_SUCCESS)
            way->refuse(way->at, nbl, status);
        for (PNET_BUFFER nb = status == NDIS_STATUS_SUCCESS ? NET_BUFFER_LIST_FIRST_NB(nbl) : NULL,
                         next;
             nb; nb = next) {
            next = NET_BUFFER_NEXT_NB(nb); /* the last packet takes the NBL along */
            packets[count++] = edge_of(nb)->packet;
            if (count == BATCH || (!next && !chain)) {
                way->hand_over(way->at, packets, count);
                count = 0;
            }
        }
    }
    if (count)
        way->hand_over(way->at, packets, count);
}

/* Serialized: the queue and the list of what the miniport has, under send_lock */

static void
list_append(struct legacy_list *list, PNET_BUFFER nb)
{
    edge_of(nb)->next = NULL;
    if (list->last)
        edge_of(list->last)->next = nb;
    else
        list->first = nb;
    list->last = nb;
}

/* @from goes behind @to. */
static void
list_join(struct legacy_list *to, const struct legacy_list *from)
{
    if (!from->first)
        return;
    if (to->last)
        edge_of(to->last)->next = from->first;
    else
        to->first = from->first;
    to->last = from->last;
}

static PNET_BUFFER
list_take(struct legacy_list *list)
{
    PNET_BUFFER nb = list->first;

    if (nb) {
        list->first = edge_of(nb)->next;
        if (!list->first)
            list->last = NULL;
    }
    return nb;
}

static bool
list_remove(struct legacy_list *list, PNET_BUFFER nb)
{
    PNET_BUFFER before = NULL, at = list->first;

    while (at && at != nb) {
        before = at;
        at = edge_of(at)->next;
    }
    if (!at)
        return false;
    if (before)
        edge_of(before)->next = edge_of(nb)->next;
    else
        list->first = edge_of(nb)->next;
    if (list->last == nb)
        list->last = before;
    return true;
}

static void
send_in_turn(struct module *miniport, PNET_BUFFER_LIST chain)
{
    struct legacy *legacy = miniport->legacy;
    struct legacy_list list = {0};

    while (chain) {
        PNET_BUFFER_LIST nbl = chain;
        NDIS_STATUS status;

        chain = NET_BUFFER_LIST_NEXT_NBL(nbl);
        NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
        status = admit(miniport, miniport, nbl);
        if (status != NDIS_STATUS_SUCCESS) {
            refuse(miniport, nbl, status);
            continue;
        }
        for (PNET_BUFFER nb = NET_BUFFER_LIST_FIRST_NB(nbl); nb; nb = NET_BUFFER_NEXT_NB(nb))
            list_append(&list, nb);
    }
    host_lock(&legacy->send_lock);
    list_join(&legacy->queue, &list);
    host_unlock(&legacy->send_lock);
    serial_post(miniport, SERIAL_SENDS);
}

void
legacy_send(NDIS_HANDLE module, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    struct module *miniport = module;
    const struct legacy_way way = {module, hand_over, refuse};

    UNREFERENCED_PARAMETER(port);
    UNREFERENCED_PARAMETER(flags);
    if (miniport->legacy->serial.off)
        legacy_send_at_once(miniport, chain, &way);
    else
        send_in_turn(miniport, chain);
}

/* Up to BATCH from the queue; they count as the miniport's from now on. */
static UINT
take_batch(struct legacy *legacy, PPNDIS_PACKET packets, UINT most)
{
    UINT count = 0;
    PNET_BUFFER nb;

    host_lock(&legacy->send_lock);
    while (!legacy->waits && count < most && (nb = list_take(&legacy->queue))) {
        list_append(&legacy->inside, nb);
        packets[count] = edge_of(nb)->packet;
        legacy->call.nbs[count++] = nb;
    }
    legacy->call.count = count;
    legacy->call.freed = legacy->freed;
    host_unlock(&legacy->send_lock);
    return count;
}

/* Packets @from to @count of the call under way go back to the front, in their order. true: NDIS
 * can try again at once, for something has become free since the call began. */
static bool
put_back(struct legacy *legacy, UINT from, UINT count)
{
    bool again;

    host_lock(&legacy->send_lock);
    for (UINT i = count; i-- > from;) {
        PNET_BUFFER nb = legacy->call.nbs[i];

        if (!nb || !list_remove(&legacy->inside, nb))
            continue;
        edge_of(nb)->next = legacy->queue.first;
        legacy->queue.first = nb;
        if (!legacy->queue.last)
            legacy->queue.last = nb;
    }
    again = legacy->freed != legacy->call.freed;
    legacy->waits = !again;
    legacy->call.count = 0;
    host_unlock(&legacy->send_lock);
    return again;
}

/* Reads the OOB status of what was not completed meanwhile: packets with a final one leave the
 * miniport and are added to @going. Answers the first with NDIS_STATUS_RESOURCES, or @count. */
static UINT
read_statuses(struct legacy *legacy, UINT count, struct going *going)
{
    UINT i;

    host_lock(&legacy->send_lock);
    for (i = 0; i < count; i++) {
        PNET_BUFFER nb = legacy->call.nbs[i];
        NDIS_STATUS status;

        if (!nb)
            continue;
        status = NDIS_GET_PACKET_STATUS(edge_of(nb)->packet);
        if (status == NDIS_STATUS_RESOURCES)
            break;
        if (status == NDIS_STATUS_PENDING)
            continue;
        list_remove(&legacy->inside, nb);
        going_add(going, nb, status);
    }
    host_unlock(&legacy->send_lock);
    return i;
}

/* MiniportSendPackets; false: it has no room for more until something becomes free. */
static bool
send_array(struct module *miniport, PPNDIS_PACKET packets, UINT count)
{
    struct going going = {.miniport = miniport};
    bool more = true;
    UINT taken;

    for (UINT i = 0; i < count; i++)
        NDIS_SET_PACKET_STATUS(packets[i], NDIS_STATUS_PENDING);
    call_legacy_send_packets(miniport, packets, count);
    taken = read_statuses(miniport->legacy, count, &going);
    if (taken < count)
        more = put_back(miniport->legacy, taken, count);
    going_go(&going);
    return more;
}

/* MiniportSend; the same. */
static bool
send_one(struct module *miniport, PNDIS_PACKET packet)
{
    struct legacy *legacy = miniport->legacy;
    struct going going = {.miniport = miniport, .answered = true};
    NDIS_STATUS status = call_legacy_send(miniport, packet);
    PNET_BUFFER nb;

    if (status == NDIS_STATUS_PENDING)
        return true;
    host_lock(&legacy->send_lock);
    nb = legacy->call.nbs[0];
    if (nb && status != NDIS_STATUS_RESOURCES)
        list_remove(&legacy->inside, nb);
    host_unlock(&legacy->send_lock);
    if (!nb)
        gate_bug_check_of(miniport->driver, "s5-no-complete-unless-pending",
            "%s completed a packet and then answered its MiniportSend with 0x%08X",
            miniport->driver->name, (unsigned)status);
    if (status == NDIS_STATUS_RESOURCES)
        return put_back(legacy, 0, 1);
    going_add(&going, nb, status);
    going_go(&going);
    return true;
}

void
legacy_do_sends(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    bool arrays = miniport->registration->miniport5.SendPacketsHandler != NULL;
    PNDIS_PACKET packets[BATCH];
    UINT count, rounds = 0;

    if (__atomic_load_n(&legacy->in_reset, __ATOMIC_ACQUIRE))
        return;
    while ((count = take_batch(legacy, packets, arrays ? BATCH : 1))) {
        if (!(arrays ? send_array(miniport, packets, count) : send_one(miniport, packets[0])))
            break;
        if (++rounds == LEGACY_ROUNDS) {
            serial_post(miniport, SERIAL_SENDS); /* what else waits comes first */
            break;
        }
    }
}

/* Something has become free. */
static void
resume(struct module *miniport)
{
    struct legacy *legacy = miniport->legacy;
    bool go;

    host_lock(&legacy->send_lock);
    legacy->freed++;
    go = legacy->waits && legacy->queue.first;
    legacy->waits = false;
    host_unlock(&legacy->send_lock);
    if (go)
        serial_post(miniport, SERIAL_SENDS);
}

/* The packet leaves the miniport; false: the miniport does not have it. */
static bool
take_inside(struct legacy *legacy, PNET_BUFFER nb)
{
    bool found;

    host_lock(&legacy->send_lock);
    found = list_remove(&legacy->inside, nb);
    for (UINT i = 0; i < legacy->call.count; i++)
        if (legacy->call.nbs[i] == nb)
            legacy->call.nbs[i] = NULL;
    host_unlock(&legacy->send_lock);
    return found;
}

/* The miniport is not asked. */
static void
tell_taken_back(const struct module *miniport, PNET_BUFFER nb)
{
    const struct gate_hooks *hooks = gate_hooks();

    if (hooks && hooks->event)
        hooks->event(miniport->machine->hook_context, "taken-back", edge_of(nb)->packet, 0);
}

/* All of a list, answered. */
static void
answer_list(struct module *miniport, struct legacy_list *list, NDIS_STATUS status)
{
    struct legacy *legacy = miniport->legacy;
    PNET_BUFFER nb;

    for (;;) {
        host_lock(&legacy->send_lock);
        nb = list_take(list);
        host_unlock(&legacy->send_lock);
        if (!nb)
            return;
        if (list == &legacy->inside)
            tell_taken_back(miniport, nb);
        give_back(miniport, nb, status);
    }
}

void
legacy_take_back(struct module *miniport, NDIS_STATUS status)
{
    answer_list(miniport, &miniport->legacy->inside, status);
    answer_list(miniport, &miniport->legacy->queue, status);
    legacy_abort_request(miniport, status);
    miniport->legacy->waits = false;
}

void
legacy_drop_queue(struct module *miniport, NDIS_STATUS status)
{
    answer_list(miniport, &miniport->legacy->queue, status);
}

/* The first in the queue with @cancel_id, taken out. */
static PNET_BUFFER
take_cancelled(struct legacy *legacy, PVOID cancel_id)
{
    PNET_BUFFER nb;

    host_lock(&legacy->send_lock);
    nb = legacy->queue.first;
    while (nb && NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(edge_of(nb)->nbl) != cancel_id)
        nb = edge_of(nb)->next;
    if (nb)
        list_remove(&legacy->queue, nb);
    host_unlock(&legacy->send_lock);
    return nb;
}

void
legacy_cancel_queued(struct module *miniport, PVOID cancel_id)
{
    PNET_BUFFER nb;

    while ((nb = take_cancelled(miniport->legacy, cancel_id)))
        give_back(miniport, nb, NDIS_STATUS_REQUEST_ABORTED);
}

static struct module *
legacy_of(NDIS_HANDLE handle, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, caller);
    return miniport;
}

/*
 * NdisMSendComplete - a miniport gives back a packet whose send it had pended
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @Packet:                as given to MiniportSend or MiniportSendPackets.
 * @Status:                final, not NDIS_STATUS_PENDING.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the packet; the miniport must not touch it afterwards.
 * Errors:    none; a packet that the miniport does not have is a bug check (rule
 *            s5-complete-packet-identity).
 * Source:    NF:ndis.NdisMSendComplete
 */
VOID
NdisMSendComplete(NDIS_HANDLE MiniportAdapterHandle, PNDIS_PACKET Packet, NDIS_STATUS Status)
{
    struct module *miniport = legacy_of(MiniportAdapterHandle, __func__);
    PNET_BUFFER nb = edge_find(miniport, Packet);
    bool serialized = !miniport->legacy->serial.off;
    KIRQL irql;

    if (!nb || (serialized && !take_inside(miniport->legacy, nb)))
        gate_bug_check("s5-complete-packet-identity",
            "%s completed packet %p, which it does not have: completed already, or never sent to "
            "it",
            miniport->driver->name, (void *)Packet);
    if (Status == NDIS_STATUS_PENDING || Status == NDIS_STATUS_RESOURCES)
        gate_bug_check("s5-complete-final-status",
            "%s completed a packet with 0x%08X, which is no final status", miniport->driver->name,
            (unsigned)Status);
    irql = path_enter();
    give_back(miniport, nb, Status);
    if (serialized)
        resume(miniport);
    path_leave(irql);
}

/*
 * NdisMSendResourcesAvailable - a serialized miniport has room for packets again
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves here; what was answered NDIS_STATUS_RESOURCES comes again.
 * Errors:    none.
 * Source:    NF:ndis.NdisMSendResourcesAvailable
 */
VOID
NdisMSendResourcesAvailable(NDIS_HANDLE MiniportAdapterHandle)
{
    resume(legacy_of(MiniportAdapterHandle, __func__));
}
