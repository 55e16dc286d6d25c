/* SPDX-License-Identifier: MIT */
/* How packets are handed over at another address, with their buffers and the data: see hand.c. By
 * which calls: hand_send5.c, hand_receive5.c.
 *
 *     driver's packet  --NBL around it--> layers of NDIS 6 --> the packet itself, to a miniport
 *     NBL              --packet of undis over its MDLs--> a layer of NDIS 5
 *
 * What is inside something of undis (carrier.h) goes on from where it is: the layers of the packet and
 * those of the NBL around it count together, and the buffers stay parts of what the driver gave away.
 * Arrays of packets are copied: the driver's own keeps its addresses.
 */
#include "verify/hand_packet.h"

#include "ndis/packet/descriptor.h"

static bool
of_driver(const struct record *record)
{
    return record->prefix->tag == DESCRIPTOR_TAG;
}

struct record *
hand_packet_record(struct verify *verify, const void *packet)
{
    const struct descriptor *descriptor = (const struct descriptor *)packet - 1;
    struct object *prefix = object_of(verify->machine, descriptor, OBJECT_PACKET);

    if (!prefix || prefix->tag != DESCRIPTOR_TAG)
        prefix = object_of(verify->machine, packet, OBJECT_PACKET);
    return prefix ? prefix->record : NULL;
}

PNDIS_PACKET
hand_packet_of(const struct verify *verify, const struct record *record)
{
    char *body = body_of(verify, record);

    return (PNDIS_PACKET)(of_driver(record) ? body + sizeof(struct descriptor) : body);
}

size_t
hand_packet_size(const struct record *record)
{
    return record->prefix->size - (of_driver(record) ? sizeof(struct descriptor) : 0);
}

static void
close_packet(struct verify *verify, void *packet)
{
    hand_close(verify, packet, hand_packet_size(hand_packet_record(verify, packet)));
}

/* A serialized miniport looks at the status when its indication has returned: it may read that, and
 * where in the packet it is said where that is. */
static void
close_but_status(struct verify *verify, void *packet)
{
    const NDIS_PACKET *seen = arena_view(verify->machine->arena, packet, AT_UNDIS);
    size_t where = offsetof(NDIS_PACKET, Private.NdisPacketOobOffset) & ~7u,
           block = seen->Private.NdisPacketOobOffset;
    const struct hole holes[] = {{where, where + 8}, {block, block + sizeof(NDIS_PACKET_OOB_DATA)}};

    hand_close_but(verify, packet, hand_packet_size(hand_packet_record(verify, packet)), holes,
        packet_has_block(seen) ? 2 : 1);
}

/* The NBL that @packet, seen in view 1, stands for or travels in; NULL: none. */
static PNET_BUFFER_LIST
nbl_around(struct verify *verify, const struct record *record, PNDIS_PACKET packet)
{
    PVOID nbl = of_driver(record) ? (PVOID)packet->Reserved[0]
                                  : NDIS_PER_PACKET_INFO_FROM_PACKET(packet, OriginalNetBufferList);

    return object_of(verify->machine, nbl, OBJECT_NBL)
               ? arena_view(verify->machine->arena, nbl, AT_UNDIS)
               : NULL;
}

/* The record of what @nbl, seen in view 1, stands for: a packet that a driver gave away. */
static struct record *
inside_of(struct verify *verify, const NET_BUFFER_LIST *nbl)
{
    const struct packet_pool *pool = object_prefix(nbl)->home;
    const void *packet = NULL;
    struct record *record;

    if (pool && pool->wraps)
        packet = nbl->ProtocolReserved[0];
    else if (pool && pool->shows)
        packet = nbl->MiniportReserved[0];
    record = packet ? hand_packet_record(verify, packet) : NULL;
    return record && record->seats ? record : NULL;
}

static unsigned
behind(const struct record *record)
{
    unsigned view = record->below[record->seats - 1u].view + 1u;

    return view < AT_LAYERS ? AT_LAYERS : view < ARENA_VIEWS ? view : ARENA_VIEWS - 1;
}

unsigned
hand_next_view(struct verify *verify, const struct record *record, const NET_BUFFER_LIST *nbl)
{
    const struct record *inside = record->seats ? record : inside_of(verify, nbl);

    return inside ? behind(inside) : AT_LAYERS;
}

struct record *
hand_holder(struct verify *verify, struct record *record, const NET_BUFFER_LIST *nbl)
{
    const struct packet_pool *pool = object_prefix(nbl)->home;

    if (record->children || __atomic_load_n(&nbl->ChildRefCount, __ATOMIC_RELAXED))
        return NULL;
    return pool && pool->own ? inside_of(verify, nbl) : record;
}

/* Whose parts the buffers of @packet, seen in view 1, are. */
static struct record *
holder_of(struct verify *verify, struct record *record, PNDIS_PACKET packet)
{
    PNET_BUFFER_LIST nbl;
    struct record *holder;

    if (of_driver(record))
        return record->seats ? record : NULL;
    nbl = nbl_around(verify, record, packet);
    holder = nbl && object_prefix(nbl)->record
                 ? hand_holder(verify, object_prefix(nbl)->record, nbl)
                 : NULL;
    return holder && holder->seats ? holder : NULL;
}

static unsigned
next_view(struct verify *verify, const struct record *record, PNDIS_PACKET packet)
{
    PNET_BUFFER_LIST nbl = nbl_around(verify, record, packet);

    if (nbl && object_prefix(nbl)->record)
        return hand_next_view(verify, object_prefix(nbl)->record, nbl);
    return record->seats ? behind(record) : AT_LAYERS;
}

static PNDIS_PACKET
cross_so(struct crossing *x, PNDIS_PACKET packet, const char *what,
    void (*close)(struct verify *verify, void *packet))
{
    PNDIS_PACKET there = arena_view(x->arena, packet, AT_UNDIS);

    if (x->holder)
        hand_move_mdls(x, &there->Private.Head, &there->Private.Tail);
    record_move(x->verify, x->record, what);
    if (x->holder && x->holder != x->record)
        record_move(x->verify, x->holder, what);
    return hand_move(x, packet, hand_packet_size(x->record), x->view, close);
}

static PNDIS_PACKET
cross(struct crossing *x, PNDIS_PACKET packet, const char *what)
{
    return cross_so(x, packet, what, close_packet);
}

/* Where undis has what was given to it: what it made, and what drivers have that are linked into the
 * program, stays in view 0. */
static unsigned
view_of_undis(const struct record *record)
{
    return of_driver(record) && record->seats ? AT_UNDIS : 0;
}

PNDIS_PACKET
hand_packet_home(struct verify *verify, PNDIS_PACKET packet)
{
    struct record *record = verify->hands_over ? hand_packet_record(verify, packet) : NULL;

    return record ? arena_view(verify->machine->arena, packet, view_of_undis(record)) : packet;
}

PNDIS_PACKET
hand_packet_given(struct verify *verify, PNDIS_PACKET packet)
{
    struct record *record = verify->hands_over ? hand_packet_record(verify, packet) : NULL;

    if (!record || record->seats == SEATS)
        return packet;
    return arena_view(verify->machine->arena, packet, of_driver(record) ? AT_UNDIS : 0);
}

void
hand_packet_give(
    struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet, bool looks)
{
    struct crossing x = {.verify = verify, .arena = verify->machine->arena, .way = GIVE};
    struct record *record = hand_packet_record(verify, packet);
    const char *what = call->import ? call->import->name : call->handler->name;
    struct seat *seat;

    if (!record || record->seats == SEATS)
        return;
    fails(verify, hand_rule(what), false);
    x.record = record;
    seat = &record->below[record->seats++];
    *seat = record->now;
    seat->source = call->driver;
    seat->flags = looks;
    x.giver = seat->view = (uint8_t)arena_view_of(x.arena, packet);
    x.view = view_of_undis(record);
    x.holder = holder_of(verify, record, arena_view(x.arena, packet, AT_UNDIS));
    record->now = (struct seat){.state = SEAT_TRANSIT};
    cross_so(&x, packet, what, looks ? close_but_status : close_packet);
}

PNDIS_PACKET
hand_packet_arrive(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    struct crossing x = {.verify = verify, .arena = verify->machine->arena, .way = ARRIVE};
    struct record *record = hand_packet_record(verify, packet);
    PNDIS_PACKET there = arena_view(x.arena, packet, AT_UNDIS);

    /* One that is linked into the program is not followed. */
    if (!record || !call->driver->image)
        return packet;
    x.record = record;
    x.view = next_view(verify, record, there);
    x.holder = holder_of(verify, record, there);
    record->now = (struct seat){
        .who = call->module, .state = SEAT_WITH, .owed = UNDECIDED, .view = (uint8_t)x.view};
    return cross(&x, packet, call->handler->name);
}

/* @module has it from undis. */
static bool
has(const struct record *record, const struct module *module)
{
    return record->now.state == SEAT_WITH && record->now.who == module;
}

struct record *
hand_packet_with(struct verify *verify, const struct module *module, PNDIS_PACKET packet)
{
    struct record *record = hand_packet_record(verify, packet);

    return record && has(record, module) ? record : NULL;
}

void
hand_packet_give_back(struct verify *verify, struct record *record, const char *what)
{
    struct crossing x = {
        .verify = verify, .arena = verify->machine->arena, .record = record, .way = GIVE_BACK};
    PNDIS_PACKET packet = hand_packet_of(verify, record);

    fails(verify, hand_rule(what), false);
    x.view = view_of_undis(record);
    x.holder = holder_of(verify, record, packet);
    packet = arena_view(x.arena, packet, record->now.view);
    record->now = (struct seat){.state = SEAT_TRANSIT};
    cross(&x, packet, what);
}

PNDIS_PACKET
hand_packet_come_back(
    struct verify *verify, const struct driver *driver, PNDIS_PACKET packet, const char *what)
{
    struct crossing x = {.verify = verify, .arena = verify->machine->arena, .way = COME_BACK};
    struct record *record = hand_packet_record(verify, packet);

    if (!record || !record->seats || record->below[record->seats - 1u].source != driver)
        return packet;
    x.record = record;
    x.holder = holder_of(verify, record, arena_view(x.arena, packet, AT_UNDIS));
    record->now = record->below[--record->seats];
    x.giver = x.view = record->now.view;
    packet = cross(&x, packet, what);
    if (!record->seats)
        hand_drop_parts(verify, record);
    return packet;
}

struct parcel *
hand_parcel(struct verify *verify, PNDIS_PACKET *given, UINT count)
{
    struct parcel *parcel = NULL;

    if (verify->hands_over && count <= CHAIN_MAX)
        parcel = arena_alloc(
            verify->machine->arena, sizeof(*parcel) + count * sizeof(parcel->packets[0]), 16);
    if (!parcel)
        return NULL;
    parcel->count = parcel->rest = count;
    parcel->given = given;
    return parcel;
}

void
hand_parcel_end(struct verify *verify, struct parcel *parcel)
{
    arena_free(verify->machine->arena, parcel);
}

void
hand_forget_packet(struct verify *verify, struct record *record)
{
    struct arena *arena = verify->machine->arena;

    hand_drop_parts(verify, record);
    hand_open(verify, arena_home(arena, hand_packet_of(verify, record)), hand_packet_size(record));
}
