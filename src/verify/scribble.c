/* SPDX-License-Identifier: MIT */
/* Whoever has an NBL may write what is his to write. Here it is written for him: in a machine that
 * scribbles, each layer finds there an address that is none, so that who relies on what he left shows.
 *
 *     the miniport's sends        MiniportReserved, Scratch        on their way down and back
 *     received by a protocol      ProtocolReserved, Scratch        on their way up and back
 *     filters                     Scratch; of their own NBLs, back from below or above, as those ends
 *     sent, shown by their maker  the space before the data, which others may retreat into
 *     OID requests                MiniportReserved, at the miniport and when they are answered
 *     packets that are sent       MiniportReserved                 on their way down and back
 *     packets that are shown      ProtocolReserved                 on their way up and back
 *
 * Of NET_BUFFERs the same members. The addresses say which NBL they are of: who follows one is told.
 */
#include "verify/hand_packet.h"

#include "ndis/packet/descriptor.h"

/* Never mapped: a page for each NBL, once for its members and twice for its space. */
#define SCRIBBLED   0x5cb100000000ull
#define SCRIBBLED_N 0x10000u

enum { MEMBERS, SENT, SHOWN, REQUEST, PACKET_SENT, PACKET_SHOWN, SCRIBBLES };
static const enum rule_name rules_of[SCRIBBLES] = {RULE_NBL_VOLATILE, RULE_NBL_BACKFILL,
    RULE_NBL_HEADROOM, RULE_OID_VOLATILE, RULE_S5_VOLATILE, RULE_R5_VOLATILE};

/* Of things that do not say which one they are of. */
static uintptr_t
address_of_kind(unsigned what)
{
    return SCRIBBLED + (uintptr_t)what * SCRIBBLED_N * PAGE_SIZE;
}

static uintptr_t
address_for(const struct record *record, unsigned what)
{
    uintptr_t page = (uintptr_t)what * SCRIBBLED_N + record->id % SCRIBBLED_N;

    return SCRIBBLED + page * PAGE_SIZE;
}

static void
overwrite(PVOID *words, unsigned count, const struct record *record)
{
    for (unsigned k = 0; k < count; k++)
        words[k] = (PVOID)address_for(record, MEMBERS);
}

/* What the one end, or the other one, may write. */
enum side { NEITHER, MINIPORT, PROTOCOL };

static void
scribble(const struct record *record, PNET_BUFFER_LIST nbl, enum side side)
{
    PNET_BUFFER nb = nbl_first(nbl);

    overwrite(&nbl->Scratch, 1, record);
    if (side == MINIPORT)
        overwrite(nbl->MiniportReserved, RTL_NUMBER_OF(nbl->MiniportReserved), record);
    if (side == PROTOCOL)
        overwrite(nbl->ProtocolReserved, RTL_NUMBER_OF(nbl->ProtocolReserved), record);
    for (unsigned n = 0; side != NEITHER && nb && n < CHAIN_MAX; n++, nb = nb_next(nb)) {
        if (side == MINIPORT)
            overwrite(nb->MiniportReserved, RTL_NUMBER_OF(nb->MiniportReserved), record);
        else
            overwrite(nb->ProtocolReserved, RTL_NUMBER_OF(nb->ProtocolReserved), record);
    }
}

/* NBLs of undis are its own business. */
static bool
of_drivers(const struct record *record)
{
    const struct packet_pool *pool = record->prefix->home;

    return pool && !pool->own && !pool->wraps;
}

/* @side of those that are the caller's own; of others Scratch alone, when @mine. */
static void
scribble_chain(struct verify *verify, const struct gate_call *call, enum side side, bool mine)
{
    PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1];

    if (!verify->scribbles || !call->driver->image)
        return;
    for (unsigned n = 0; nbl && n < CHAIN_MAX; n++) {
        struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        const struct record *record = prefix ? prefix->record : NULL;

        if (!prefix)
            return;
        nbl = at_undis(nbl);
        if (record && of_drivers(record)) {
            fails(verify, RULE_NBL_VOLATILE, false);
            scribble(record, nbl, mine && record->maker != call->driver ? NEITHER : side);
        }
        nbl = nbl->Next;
    }
}

static void
at_miniport(struct verify *verify, struct gate_call *call)
{
    scribble_chain(verify, call, MINIPORT, false);
}

static void
at_protocol(struct verify *verify, struct gate_call *call)
{
    scribble_chain(verify, call, PROTOCOL, false);
}

static void
at_filter(struct verify *verify, struct gate_call *call)
{
    scribble_chain(verify, call, NEITHER, false);
}

static void
sent_by_filter(struct verify *verify, struct gate_call *call)
{
    scribble_chain(verify, call, MINIPORT, true);
}

static void
shown_by_filter(struct verify *verify, struct gate_call *call)
{
    scribble_chain(verify, call, PROTOCOL, true);
}

/* With RESOURCES they are back. */
static void
indicated(struct verify *verify, struct gate_call *call)
{
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        scribble_chain(verify, call, PROTOCOL, true);
}

/* The space before the data, in the MDL where they begin. */
static void
scribble_space(const struct record *record, const NET_BUFFER *nb, unsigned what)
{
    const MDL *mdl = nb_current(nb);
    uintptr_t start, end;

    if (!mdl || nb->CurrentMdlOffset > mdl->ByteCount || !mdl_is_mapped(mdl))
        return;
    start = ((uintptr_t)mdl_mapped(mdl) + 7) & ~(uintptr_t)7;
    end = (uintptr_t)mdl_mapped(mdl) + nb->CurrentMdlOffset;
    for (; start + sizeof(uintptr_t) <= end; start += sizeof(uintptr_t))
        *(uintptr_t *)start = address_for(record, what);
}

static void
scribble_spaces(struct verify *verify, const struct gate_call *call, unsigned what)
{
    PNET_BUFFER_LIST nbl = (PNET_BUFFER_LIST)call->args[1];

    if (!verify->scribbles)
        return;
    for (unsigned n = 0; nbl && n < CHAIN_MAX; n++, nbl = nbl_next(nbl)) {
        struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        const struct record *record = prefix ? prefix->record : NULL;

        if (!prefix)
            return;
        if (!record || record->maker != call->driver || record->seats || record->parent)
            continue;
        fails(verify, rules_of[what], false);
        for (const NET_BUFFER *nb = nbl_first(nbl); nb; nb = nb_next(nb))
            scribble_space(record, nb, what);
    }
}

static void
sends(struct verify *verify, struct gate_call *call)
{
    scribble_spaces(verify, call, SENT);
}

static void
indicates(struct verify *verify, struct gate_call *call)
{
    scribble_spaces(verify, call, SHOWN);
}

/* OID requests: the second argument. */

static void
request(struct verify *verify, struct gate_call *call)
{
    PNDIS_OID_REQUEST it = (PNDIS_OID_REQUEST)call->args[1];

    if (!verify->scribbles || !call->driver->image)
        return;
    fails(verify, RULE_OID_VOLATILE, false);
    if (verify->hands_over && moves(verify->machine->arena, it))
        it = arena_view(verify->machine->arena, it, AT_UNDIS);
    for (unsigned k = 0; k < sizeof(it->MiniportReserved); k += sizeof(PVOID))
        *(PVOID *)&it->MiniportReserved[k] = (PVOID)address_of_kind(REQUEST);
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    if ((NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        request(verify, call);
}

/* Packets of drivers' pools; those that undis made are its own business. */

/* The descriptor of @packet, which is told who has it by its stack; NULL: it is let be. */
static const struct descriptor *
scribbled_packet(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct descriptor *descriptor = (const struct descriptor *)packet - 1;
    const struct object *prefix = object_of(verify->machine, descriptor, OBJECT_PACKET);

    if (!verify->scribbles || !call->driver->image || !prefix || prefix->tag != DESCRIPTOR_TAG)
        return NULL;
    return at_undis(descriptor);
}

uint64_t
scribble_left(const struct verify *verify)
{
    return verify->scribbles ? address_of_kind(PACKET_SENT) : 0xE7E7E7E7E7E7E7E7ull;
}

static void
overwrite_packet(PVOID members, size_t size, unsigned what)
{
    PVOID *words = members;

    for (size_t k = 0; k < size / sizeof(PVOID); k++)
        words[k] = (PVOID)address_of_kind(what);
}

/* Intermediate drivers pass on the packet itself: then it is still in use above. */
static void
scribble_sent(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct descriptor *descriptor = scribbled_packet(verify, call, packet);

    if (!descriptor || __atomic_load_n(&descriptor->stack, __ATOMIC_RELAXED) > 1)
        return;
    packet = at_undis(packet);
    fails(verify, RULE_S5_VOLATILE, false);
    overwrite_packet(packet->MiniportReserved, sizeof(packet->MiniportReserved), PACKET_SENT);
}

static void
scribble_shown(struct verify *verify, const struct gate_call *call, PNDIS_PACKET packet)
{
    const struct descriptor *descriptor = scribbled_packet(verify, call, packet);

    if (!descriptor || __atomic_load_n(&descriptor->stack, __ATOMIC_RELAXED) > 1)
        return;
    packet = at_undis(packet);
    fails(verify, RULE_R5_VOLATILE, false);
    overwrite_packet(packet->ProtocolReserved, descriptor->pool->reserved, PACKET_SHOWN);
}

static void
sent_packet(struct verify *verify, struct gate_call *call)
{
    scribble_sent(verify, call, (PNDIS_PACKET)call->args[1]);
}

static void
sent_packets(struct verify *verify, struct gate_call *call)
{
    const PNDIS_PACKET *packets = (const PNDIS_PACKET *)call->args[1];

    for (UINT k = 0; k < (UINT)call->args[2]; k++)
        scribble_sent(verify, call, packets[k]);
}

static void
sent_on_vc(struct verify *verify, struct gate_call *call)
{
    scribble_sent(verify, call, (PNDIS_PACKET)call->args[2]);
}

static void
shown_packet(struct verify *verify, struct gate_call *call)
{
    scribble_shown(verify, call, (PNDIS_PACKET)call->args[1]);
}

/* A living NBL that says so, or the newest one that did. */
static const struct record *
scribbled(struct verify *verify, uintptr_t page)
{
    record_for_each(&verify->live, record)
    {
        if (record->kind == OBJECT_NBL && record->id % SCRIBBLED_N == page % SCRIBBLED_N)
            return record;
    }
    return NULL;
}

bool
scribble_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    uintptr_t page = ((uintptr_t)address - SCRIBBLED) / PAGE_SIZE;
    unsigned what = page / SCRIBBLED_N < SCRIBBLES ? (unsigned)(page / SCRIBBLED_N) : 0;
    const struct record *record;
    struct touch touch = {block_self->driver, stack, depth, NULL};

    if ((uintptr_t)address < SCRIBBLED || page >= (uintptr_t)SCRIBBLES * SCRIBBLED_N ||
        !fails(verify, rules_of[what], true))
        return false;
    if (what >= REQUEST) {
        broken_there(verify, rules_of[what], &touch, NULL,
            "%s follows an address that it has found in %s", touch.driver->name,
            what == REQUEST ? "MiniportReserved of an OID request, which is the miniport's"
            : what == PACKET_SENT
                ? "MiniportReserved of a packet, which is his who has been sent it"
                : "ProtocolReserved of a packet, which is his who has been shown it");
        return true;
    }
    record = scribbled(verify, page);
    touch.move = record ? record_last(record) : NULL;
    broken_there(verify, rules_of[what], &touch, record,
        "%s follows an address that it has found in %s of NBL %u, where others may write",
        touch.driver->name,
        what == MEMBERS ? "Scratch, MiniportReserved or ProtocolReserved"
                        : "the space before the data",
        (unsigned)(page % SCRIBBLED_N));
    return true;
}

const struct check scribble_imports[] = {
    {"NdisSendNetBufferLists", sends, NULL},
    {"NdisFSendNetBufferLists", sends, NULL},
    {"NdisMIndicateReceiveNetBufferLists", indicates, indicated},
    {"NdisFIndicateReceiveNetBufferLists", indicates, indicated},
    {"NdisOidRequest", NULL, asked},
    {"NdisFOidRequest", NULL, asked},
    {"NdisDirectOidRequest", NULL, asked},
    {"NdisFDirectOidRequest", NULL, asked},
    {NULL, NULL, NULL},
};

const struct check scribble_handlers[] = {
    {"MiniportSendNetBufferLists", at_miniport, NULL},
    {"ProtocolSendNetBufferListsComplete", at_miniport, NULL},
    {"FilterSendNetBufferLists", at_filter, NULL},
    {"FilterSendNetBufferListsComplete", sent_by_filter, NULL},
    {"ProtocolReceiveNetBufferLists", at_protocol, NULL},
    {"MiniportReturnNetBufferLists", at_protocol, NULL},
    {"FilterReceiveNetBufferLists", at_filter, NULL},
    {"FilterReturnNetBufferLists", shown_by_filter, NULL},
    {"MiniportOidRequest", request, NULL},
    {"MiniportDirectOidRequest", request, NULL},
    {"ProtocolOidRequestComplete", request, NULL},
    {"ProtocolDirectOidRequestComplete", request, NULL},
    {"FilterOidRequestComplete", request, NULL},
    {"FilterDirectOidRequestComplete", request, NULL},
    {"MiniportSend", sent_packet, NULL},
    {"MiniportSendPackets", sent_packets, NULL},
    {"MiniportCoSendPackets", sent_packets, NULL},
    {"ProtocolSendComplete", sent_packet, NULL},
    {"ProtocolCoSendComplete", sent_on_vc, NULL},
    {"ProtocolReceivePacket", shown_packet, NULL},
    {"MiniportReturnPacket", shown_packet, NULL},
    {NULL, NULL, NULL},
};
