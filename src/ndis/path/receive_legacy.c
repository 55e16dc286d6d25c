/* SPDX-License-Identifier: MIT */
/* Receives from a miniport of NDIS 4 to 5.1 by arrays of packets.
 *
 *     NdisMIndicateReceivePacket --> an NBL around each packet --> receive.c --> ...
 *     MiniportReturnPacket       <-- legacy_return <-- ...
 *
 * A serialized miniport learns from the OOB status what happened: NDIS_STATUS_SUCCESS, the packet
 * is its own again; NDIS_STATUS_PENDING, MiniportReturnPacket will follow. A deserialized one gets
 * every packet back by MiniportReturnPacket. From the first packet with NDIS_STATUS_RESOURCES on,
 * everything is back when the call returns.
 */
#include "host/lock.h"
#include "ndis/packet/carrier.h"
#include "ndis/packet/descriptor.h"
#include "ndis/path/legacy.h"
#include "ndis/path/macro.h"
#include "ndis/path/path.h"
#include "ndis/stack/call_legacy.h"

#define BATCH 32

/* MiniportReserved of an NBL around a packet. */
struct lent {
    PNDIS_PACKET packet; /* NULL: the frame is NDIS' own, from look-ahead */
    uint32_t where;      /* [A] */
};
enum { INDICATED, RETURNED_INSIDE, LENT };

static struct lent *
lent_of(PNET_BUFFER_LIST nbl)
{
    return (struct lent *)nbl->MiniportReserved;
}

void
legacy_look_whether_idle(struct module *miniport)
{
    struct module_lane sum = module_sum(miniport);
    uint32_t waiting = 1;

    if (sum.sent != sum.send_completed || sum.indicated != sum.returned ||
        __atomic_load_n(&miniport->legacy->transfers, __ATOMIC_ACQUIRE))
        return;
    if (__atomic_compare_exchange_n(
            &miniport->legacy->pausing, &waiting, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        executive_wake(miniport->machine->executive, &miniport->legacy->pausing, 1);
}

/* Chain of NBLs around the packets; *@made: how many before memory was short. */
static PNET_BUFFER_LIST
wrap(struct module *miniport, PPNDIS_PACKET packets, PNET_BUFFER_LIST *nbls, UINT count, UINT *made,
    NDIS_HANDLE source)
{
    PNET_BUFFER_LIST first = NULL, *link = &first;
    UINT i;

    for (i = 0; i < count; i++) {
        nbls[i] = carrier_up(miniport->legacy->nbls, packets[i]);
        if (!nbls[i])
            break;
        descriptor_push(packets[i]);
        nbls[i]->SourceHandle = source;
        *lent_of(nbls[i]) = (struct lent){packets[i], INDICATED};
        *link = nbls[i];
        link = &nbls[i]->Next;
    }
    *link = NULL;
    *made = i;
    return first;
}

static void
unwrap(PNET_BUFFER_LIST nbl)
{
    descriptor_pop(lent_of(nbl)->packet);
    carrier_up_done(nbl);
}

static void
return_one(struct module *miniport, PNET_BUFFER_LIST nbl)
{
    PNDIS_PACKET packet = lent_of(nbl)->packet;

    unwrap(nbl);
    call_legacy_return(miniport, packet);
}

/* The OOB status after the call, as a serialized miniport looks at it. The NBL is not touched
 * once it counts as lent. */
static void
settle(PNDIS_PACKET packet, PNET_BUFFER_LIST nbl)
{
    NDIS_SET_PACKET_STATUS(packet, NDIS_STATUS_PENDING);
    if (__atomic_exchange_n(&lent_of(nbl)->where, LENT, __ATOMIC_ACQ_REL) == INDICATED)
        return;
    NDIS_SET_PACKET_STATUS(packet, NDIS_STATUS_SUCCESS);
    unwrap(nbl);
}

/* Packets that nobody could be told of. */
static void
drop(struct module *miniport, PPNDIS_PACKET packets, UINT count, bool resources)
{
    lane_add(&module_lane(miniport)->dropped, count);
    for (UINT i = 0; i < count && !resources; i++) {
        if (miniport->legacy->serial.off)
            call_legacy_return(miniport, packets[i]);
        else
            NDIS_SET_PACKET_STATUS(packets[i], NDIS_STATUS_SUCCESS);
    }
}

static void
indicate(struct module *miniport, PPNDIS_PACKET packets, UINT count, bool resources,
    const struct legacy_up *up)
{
    PNET_BUFFER_LIST nbls[BATCH], chain;
    bool serialized = !miniport->legacy->serial.off;
    UINT made;

    chain = wrap(miniport, packets, nbls, count, &made, up->source);
    /* A deserialized miniport gets them back by MiniportReturnPacket, inside the call too. */
    for (UINT i = 0; i < made && !serialized; i++)
        lent_of(nbls[i])->where = LENT;
    if (made)
        up->indicate(up->source, chain, made, resources ? NDIS_RECEIVE_FLAGS_RESOURCES : 0);
    for (UINT i = 0; i < made; i++) {
        if (resources)
            unwrap(nbls[i]);
        else if (serialized)
            settle(packets[i], nbls[i]);
    }
    drop(miniport, packets + made, count - made, resources);
}

/* How many of the packets, at most BATCH, have the same kind of status as the first; once one has
 * NDIS_STATUS_RESOURCES, all behind it count as having it. */
static UINT
run_length(PPNDIS_PACKET packets, UINT count, bool resources)
{
    UINT n = 0;

    while (n < count && n < BATCH &&
           (resources || NDIS_GET_PACKET_STATUS(packets[n]) != NDIS_STATUS_RESOURCES))
        n++;
    return n;
}

void
legacy_indicate(struct module *miniport, PPNDIS_PACKET packets, UINT count,
    const struct legacy_up *up, const char *caller)
{
    bool resources = false;

    while (count) {
        UINT n = run_length(packets, count, resources);

        /* What is only shown comes back by itself. */
        if (n && !resources && !miniport->registration->miniport5.ReturnPacketHandler)
            gate_bug_check("r5-returnpacket-handler",
                "%s called %s, but has no MiniportReturnPacket", miniport->driver->name, caller);
        if (n)
            indicate(miniport, packets, n, resources, up);
        else
            resources = true;
        packets += n;
        count -= n;
    }
}

static void
indicate_above(NDIS_HANDLE miniport, PNET_BUFFER_LIST chain, ULONG count, ULONG flags)
{
    receive_indicate_above(miniport, chain, 0, count, flags);
}

void
legacy_indicate_packets(NDIS_HANDLE module, PPNDIS_PACKET packets, UINT count)
{
    static const struct gate_handler name = {
        "NdisMIndicateReceivePacket", PASSIVE_LEVEL, DISPATCH_LEVEL};
    struct module *miniport = path_module(module, MODULE_MINIPORT, name.name);
    const struct legacy_up up = {miniport, indicate_above};
    const uintptr_t args[] = {(uintptr_t)module, (uintptr_t)packets, count};
    struct macro macro;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, name.name);
    macro_begin(&macro, miniport, &name, __builtin_return_address(0), 3, args);
    packets = macro_argument(&macro, 1, packets);
    irql = path_enter();
    legacy_indicate(miniport, packets, count, &up, name.name);
    path_leave(irql);
    macro_end(&macro);
}

static PNET_BUFFER_LIST
take_returns(struct legacy *legacy)
{
    PNET_BUFFER_LIST list;

    host_lock(&legacy->send_lock);
    list = legacy->returns;
    legacy->returns = NULL;
    legacy->returns_end = &legacy->returns;
    host_unlock(&legacy->send_lock);
    return list;
}

void
legacy_do_returns(struct module *miniport)
{
    PNET_BUFFER_LIST list = take_returns(miniport->legacy);

    while (list) {
        PNET_BUFFER_LIST nbl = list;

        list = nbl->Next;
        return_one(miniport, nbl);
    }
}

static void
return_in_turn(struct module *miniport, PNET_BUFFER_LIST first, PNET_BUFFER_LIST *end)
{
    struct legacy *legacy = miniport->legacy;

    host_lock(&legacy->send_lock);
    *legacy->returns_end = first;
    legacy->returns_end = end;
    host_unlock(&legacy->send_lock);
    serial_post(miniport, SERIAL_RETURNS);
}

void
legacy_return(NDIS_HANDLE module, PNET_BUFFER_LIST chain, ULONG flags)
{
    struct module *miniport = module;
    struct legacy *legacy = miniport->legacy;
    PNET_BUFFER_LIST deferred = NULL, *end = &deferred;

    UNREFERENCED_PARAMETER(flags);
    while (chain) {
        PNET_BUFFER_LIST nbl = chain;
        uint32_t where = INDICATED;

        chain = nbl->Next;
        nbl->Next = NULL;
        if (!lent_of(nbl)->packet) {
            NdisFreeNetBufferList(nbl);
        } else if (__atomic_compare_exchange_n(&lent_of(nbl)->where, &where, RETURNED_INSIDE, false,
                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            continue; /* who indicates it sees that */
        } else if (legacy->serial.off) {
            return_one(miniport, nbl);
        } else {
            *end = nbl;
            end = &nbl->Next;
        }
    }
    if (deferred)
        return_in_turn(miniport, deferred, end);
    if (__builtin_expect(__atomic_load_n(&legacy->pausing, __ATOMIC_RELAXED), 0))
        legacy_look_whether_idle(miniport);
}
