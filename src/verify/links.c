/* SPDX-License-Identifier: MIT */
/* What a driver hands in is looked at before anybody follows it: whether its links lead to what they
 * should, and have an end.
 *
 *     call --chain--> NBL --> NET_BUFFER --> MDL --> its data        NBLs, NET_BUFFERs: of a pool
 *     call --packet--> Head --> MDL --> ... --> Tail                 MDLs, data: memory that is there
 *
 * So is what a handler leaves that gives back what it got by returning. Only what the driver has is
 * looked at as a whole; what it has not is told by other rules. After a report of a broken link
 * there is no going on: the process ends, whatever the severity of the rule.
 */
#include "verify/hand_packet.h"

#include "host/readable.h"
#include "host/shadow.h"
#include "ndis/packet/descriptor.h"

#include <string.h>

/* Who hands in what, while it is looked at. */
struct look {
    struct verify *verify;
    const struct gate_call *call;
    const struct record *record; /* of the NBL or packet */
    const char *what;            /* the call, or the handler that has returned */
    bool frees;                  /* the NBLs */
};

static struct look
look_of(struct verify *verify, const struct gate_call *call)
{
    return (struct look){
        verify, call, NULL, call->import ? call->import->name : call->handler->name, false};
}

/* Undis can read it where it looks. */
static bool
is_there(const struct verify *verify, const void *address, size_t size)
{
    struct arena *arena = verify->machine->arena;
    const char *home = arena_home(arena, address), *block;
    size_t whole;

    if (!arena_owns(arena, address))
        return host_readable(address, size);
    if (arena_is_stack(arena, home))
        return true;
    block = arena_find(arena, home, &whole);
    return block && (size_t)(home - block) + size <= whole &&
           !shadow_is_closed(arena_unclosed(arena, (void *)(uintptr_t)address), size);
}

/* What was freed at @address and is nobody else's yet. */
static const struct record *
resting(struct verify *verify, const void *address, enum object_kind kind)
{
    return memory_at(verify, arena_home(verify->machine->arena, address), kind);
}

/* What @text says is wrong with a link of it: "a NET_BUFFER that is free". @grave: of what is free. */
static void
tell(const struct look *look, enum rule_name rule, const struct record *grave, const char *text)
{
    const struct record *of = look->record;
    char name[48] = "a chain";

    if (of)
        record_name(of, name, sizeof(name));
    broken_end(look->verify, rule, look->call, grave ? grave : of,
        grave ? "freed here" : "last seen here", "%s called %s with %s, which has %s",
        look->call->driver->name, look->what, name, text);
}

/* What hangs on it lies where it is closed to the driver: he has given it away. Told. */
static bool
is_in_flight(const struct look *look, const void *link, size_t size)
{
    const struct arena *arena = look->verify->machine->arena;
    bool up = strstr(look->what, "Indicate"), packet = look->record->kind == OBJECT_PACKET;
    enum rule_name rule = packet ? (up ? RULE_R5_IN_USE : RULE_S5_OWNERSHIP)
                                 : (up ? RULE_RECV_IN_FLIGHT : RULE_SEND_IN_FLIGHT);
    bool closed = look->verify->hands_over && arena_owns(arena, link) &&
                  (arena_is_closed(arena, link) || shadow_is_closed(link, size));

    if (fails(look->verify, rule, closed))
        tell(look, rule, NULL,
            size == sizeof(MDL) ? "an MDL that is in flight already"
                                : "a NET_BUFFER that is in flight already");
    return closed;
}

/* The data that @mdl describes; false: told. */
static bool
data_is_there(const struct look *look, const MDL *mdl)
{
    struct verify *verify = look->verify;
    struct arena *arena = verify->machine->arena;
    const char *data = mdl->MappedSystemVa, *home = arena_home(arena, data), *block;
    const struct record *grave;
    size_t whole;

    if (!mdl_is_mapped(mdl) || !mdl->ByteCount || !arena_owns(arena, data) ||
        arena_is_stack(arena, home))
        return true;
    block = arena_find(arena, home, &whole);
    if (!fails(verify, RULE_MDL_SIZE, !block || mdl->ByteCount > (size_t)(block + whole - home)))
        return true;
    grave = block ? NULL : memory_around(verify, home);
    tell(look, grave ? RULE_AFTER_FREE : RULE_MDL_SIZE, grave,
        grave   ? "an MDL whose data are free"
        : block ? "an MDL of more bytes than there are"
                : "an MDL whose data are nowhere");
    return false;
}

/* The MDL at @link is one; false: told. */
static bool
mdl_is_there(const struct look *look, const MDL *link)
{
    struct verify *verify = look->verify;
    bool known = object_of(verify->machine, link, OBJECT_MDL);
    const struct record *grave = known ? NULL : resting(verify, link, OBJECT_MDL);
    enum rule_name rule = grave ? RULE_AFTER_FREE : RULE_NBL_CYCLE;

    if (fails(verify, rule, !known && (grave || !is_there(verify, link, sizeof(*link))))) {
        tell(look, rule, grave, grave ? "an MDL that is free" : "a link to an MDL where none is");
        return false;
    }
    return !is_in_flight(look, link, sizeof(*link));
}

/* MDLs, and those of them that describe @left bytes of data, from one of them on. */
struct mdls {
    const MDL *first, *data, *member; /* @member: must be among them */
    uint64_t left;
};

/* false: told. */
static bool
mdls_are_there(const struct look *look, struct mdls mdls, enum rule_name rule, const char *text)
{
    struct verify *verify = look->verify;
    bool found = !mdls.first, data = false;
    unsigned n = 0;

    for (const MDL *link = mdls.first, *mdl; link && n < CHAIN_MAX; link = mdl->Next, n++) {
        if (!mdl_is_there(look, link))
            return false;
        mdl = at_undis(link);
        found |= link == mdls.member;
        data |= link == mdls.data;
        if (data && mdls.left && !data_is_there(look, mdl))
            return false;
        if (data)
            mdls.left -= mdls.left < mdl->ByteCount ? mdls.left : mdl->ByteCount;
    }
    if (fails(verify, RULE_NBL_CYCLE, n == CHAIN_MAX))
        tell(look, RULE_NBL_CYCLE, NULL, "a chain of MDLs that has no end");
    else if (fails(verify, rule, !found))
        tell(look, rule, NULL, text);
    else
        return true;
    return false;
}

static bool
nb_is_there(const struct look *look, PNET_BUFFER link)
{
    const struct object *prefix = object_of(look->verify->machine, link, OBJECT_NB);
    const struct record *grave;
    const NET_BUFFER *nb;

    if (fails(look->verify, RULE_NBL_POOL, !prefix)) {
        grave = resting(look->verify, link, OBJECT_NB);
        tell(look, RULE_NBL_POOL, grave,
            grave ? "a NET_BUFFER that is free" : "a NET_BUFFER that is from no pool");
        return false;
    }
    nb = at_undis(link);
    if (is_in_flight(look, link, sizeof(*link)))
        return false;
    return look->frees || mdls_are_there(look,
                              (struct mdls){nb->MdlChain, nb->CurrentMdl, nb->CurrentMdl,
                                  (uint64_t)nb->CurrentMdlOffset + nb->DataLength},
                              RULE_NBL_OFFSETS, "a CurrentMdl that is not in its chain");
}

/* The driver of the call has it, as far as the ledger can say. */
static bool
is_callers(const struct look *look)
{
    const struct seat *now = &look->record->now;
    const struct module *who = now->who;

    return !look->record->lost && now->state != SEAT_TRANSIT &&
           (!who || who->driver == look->call->driver);
}

static bool
nbl_is_there(struct look *look, PNET_BUFFER_LIST link)
{
    const struct object *prefix = object_of(look->verify->machine, link, OBJECT_NBL);
    PNET_BUFFER nb;
    unsigned n = 0;

    look->record = prefix ? prefix->record : NULL;
    if (!prefix || !look->record || !is_callers(look))
        return true; /* it is told as that */
    nb = ((const NET_BUFFER_LIST *)at_undis(link))->FirstNetBuffer;
    for (; nb && n < CHAIN_MAX; n++) {
        if (!nb_is_there(look, nb))
            return false;
        nb = ((const NET_BUFFER *)at_undis(nb))->Next;
    }
    if (!fails(look->verify, RULE_NBL_CYCLE, n == CHAIN_MAX))
        return true;
    tell(look, RULE_NBL_CYCLE, NULL, "a chain of NET_BUFFERs that has no end");
    return false;
}

static void
look_at_chain(struct verify *verify, const struct gate_call *call, uintptr_t chain)
{
    struct look look = look_of(verify, call);
    PNET_BUFFER_LIST link = (PNET_BUFFER_LIST)chain;

    for (unsigned n = 0; link && n <= CHAIN_MAX; n++) {
        if (!object_of(verify->machine, link, OBJECT_NBL)) {
            if (call->import)
                nbl_record(verify, call, link);
            return;
        }
        if (!nbl_is_there(&look, link))
            return;
        link = ((const NET_BUFFER_LIST *)at_undis(link))->Next;
    }
    if (!fails(verify, RULE_NBL_CYCLE, link != NULL))
        return;
    look.record = NULL;
    tell(&look, RULE_NBL_CYCLE, NULL, "no end");
}

/* Imports: a chain, or one NBL. */
static void
chain(struct verify *verify, struct gate_call *call)
{
    look_at_chain(verify, call, call->args[1]);
}

static void
one(struct verify *verify, struct gate_call *call)
{
    struct look look = look_of(verify, call);

    nbl_is_there(&look, (PNET_BUFFER_LIST)call->args[0]);
}

/* Nobody follows the links to MDLs of one that is freed. */
static void
freed(struct verify *verify, struct gate_call *call)
{
    struct look look = look_of(verify, call);

    look.frees = true;
    nbl_is_there(&look, (PNET_BUFFER_LIST)call->args[0]);
}

/* Handlers that give the chain back by returning. */
static void
received(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES))
        look_at_chain(verify, call, call->args[1]);
}

static void
received_on_vc(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES))
        look_at_chain(verify, call, call->args[2]);
}

/* Packets */

static struct object *
packet_prefix(struct verify *verify, const void *packet)
{
    const void *descriptor = (const struct descriptor *)packet - 1;
    struct object *prefix = object_of(verify->machine, descriptor, OBJECT_PACKET);

    return prefix ? prefix : object_of(verify->machine, packet, OBJECT_PACKET);
}

/* It is under way already, or somebody else has it: told as that. */
static bool
is_others(const struct look *look, const NDIS_PACKET *packet, bool gives)
{
    const struct place *given = gives ? place_find(look->verify, packet, PLACE_GIVEN) : NULL;
    const struct seat *now = &look->record->now;
    const struct module *who = now->who;

    return now->state == SEAT_TRANSIT || (given && given->busy) ||
           (now->state == SEAT_WITH && who && who->driver != look->call->driver);
}

static void
look_at_buffers(struct look *look, const NDIS_PACKET *seen)
{
    struct verify *verify = look->verify;

    if (fails(verify, RULE_S5_POOL,
            packet_has_block(seen) &&
                seen->Private.NdisPacketOobOffset + sizeof(NDIS_PACKET_OOB_DATA) >
                    hand_packet_size(look->record)))
        tell(look, RULE_S5_POOL, NULL, "its block out of band where its pool has put none");
    else
        mdls_are_there(look,
            (struct mdls){seen->Private.Head, seen->Private.Head, seen->Private.Tail, UINT64_MAX},
            RULE_S5_POOL, "a Tail that is not among its buffers");
}

static void
look_inside(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet, bool gives)
{
    struct look look = look_of(verify, call);
    const struct object *prefix = packet_prefix(verify, packet);
    const struct record *grave = NULL;

    if (fails(verify, RULE_S5_POOL, !prefix)) {
        grave = resting(verify, (const struct descriptor *)packet - 1, OBJECT_PACKET);
        broken_end(verify, RULE_S5_POOL, call, grave, "freed here",
            grave ? "%s called %s with a packet that is free"
                  : "%s called %s with a packet that is from no pool",
            call->driver->name, look.what);
        return;
    }
    look.record = prefix->record;
    if (look.record && !is_others(&look, packet, gives))
        look_at_buffers(&look, hand_packet_of(verify, look.record));
}

/* One that is given away is of a pool. */
static void
look_at_packet(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    look_inside(verify, call, packet, true);
}

/* One that is given back: what is in it is followed where machines hand over. What is no packet the
 * core tells, if it can be looked at. */
static void
look_at_answer(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct object *prefix = packet_prefix(verify, packet);

    if (prefix
            ? verify->hands_over
            : !resting(verify, packet, OBJECT_PACKET) && !is_there(verify, packet, sizeof(*packet)))
        look_inside(verify, call, packet, false);
}

static void
look_at_packets(struct verify *verify, const struct gate_call *call, unsigned k,
    void (*look_at)(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet))
{
    const PNDIS_PACKET *array = (const PNDIS_PACKET *)call->args[k];
    UINT count = (UINT)call->args[k + 1];

    if (fails(verify, RULE_S5_POOL, !is_there(verify, array, count * sizeof(*array))))
        broken_end(verify, RULE_S5_POOL, call, NULL, NULL,
            "%s called %s with %u packets at an address where nothing is", call->driver->name,
            look_of(verify, call).what, count);
    else
        for (UINT i = 0; i < count; i++)
            look_at(verify, call, array[i]);
}

static void
sends(struct verify *verify, struct gate_call *call)
{
    look_at_packet(verify, call, (PNDIS_PACKET)call->args[2]);
}

static void
transfers(struct verify *verify, struct gate_call *call)
{
    look_at_packet(verify, call, (PNDIS_PACKET)call->args[5]);
}

static void
gives_array(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image)
        look_at_packets(verify, call, 1, look_at_packet);
}

static void
completes(struct verify *verify, struct gate_call *call)
{
    look_at_answer(verify, call, (PNDIS_PACKET)call->args[1]);
}

static void
completes_on_vc(struct verify *verify, struct gate_call *call)
{
    look_at_answer(verify, call, (PNDIS_PACKET)call->args[2]);
}

static void
returns(struct verify *verify, struct gate_call *call)
{
    look_at_packets(verify, call, 0, look_at_answer);
}

/* Handlers that have answered at once. What was pended may be another's by now. */
static void
sent(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        look_at_answer(verify, call, (PNDIS_PACKET)call->args[1]);
}

static void
transferred(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        look_at_answer(verify, call, (PNDIS_PACKET)call->args[0]);
}

const struct check links_imports[] = {
    {"NdisSendNetBufferLists", chain, NULL},
    {"NdisFSendNetBufferLists", chain, NULL},
    {"NdisMIndicateReceiveNetBufferLists", chain, NULL},
    {"NdisFIndicateReceiveNetBufferLists", chain, NULL},
    {"NdisFSendNetBufferListsComplete", chain, NULL},
    {"NdisMSendNetBufferListsComplete", chain, NULL},
    {"NdisReturnNetBufferLists", chain, NULL},
    {"NdisFReturnNetBufferLists", chain, NULL},
    {"NdisCoSendNetBufferLists", chain, NULL},
    {"NdisMCoSendNetBufferListsComplete", chain, NULL},
    {"NdisMCoIndicateReceiveNetBufferLists", chain, NULL},
    {"NdisAllocateCloneNetBufferList", one, NULL},
    {"NdisFreeNetBufferList", freed, NULL},
    {"NdisFreeCloneNetBufferList", one, NULL},
    {"NdisSend", sends, NULL},
    {"NdisSendPackets", gives_array, NULL},
    {"NdisCoSendPackets", gives_array, NULL},
    {"NdisTransferData", transfers, NULL},
    {"NdisMSendComplete", completes, NULL},
    {"NdisMCoSendComplete", completes_on_vc, NULL},
    {"NdisMTransferDataComplete", completes, NULL},
    {"NdisMCoIndicateReceivePacket", gives_array, NULL},
    {"NdisReturnPackets", returns, NULL},
    {NULL, NULL, NULL},
};

const struct check links_handlers[] = {
    {"FilterReceiveNetBufferLists", NULL, received},
    {"ProtocolReceiveNetBufferLists", NULL, received},
    {"ProtocolCoReceiveNetBufferLists", NULL, received_on_vc},
    {"NdisMIndicateReceivePacket", gives_array, NULL},
    {"MiniportSend", NULL, sent},
    {"MiniportTransferData", NULL, transferred},
    {NULL, NULL, NULL},
};
