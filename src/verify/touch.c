/* SPDX-License-Identifier: MIT */
/* A driver touched what it had given away: which object that is of, and which rule. */
#include "verify/hand_packet.h"

#include <string.h>

/* The first one that a name has in it. */
static const struct {
    const char *call;
    enum rule_name rule;
} ways[] = {
    {"SendNetBufferListsComplete", RULE_TOUCH_COMPLETED},
    {"SendNetBufferLists", RULE_TOUCH_SENT},
    {"IndicateReceiveNetBufferLists", RULE_TOUCH_INDICATED},
    {"ReturnNetBufferLists", RULE_TOUCH_RETURNED},
    {"SendComplete", RULE_S5_TOUCHED},
    {"MiniportSend", RULE_S5_TOUCHED},
    {"MiniportCoSend", RULE_S5_TOUCHED},
    {"MiniportReset", RULE_S5_TOUCHED},
    {"TransferDataComplete", RULE_S5_TOUCHED},
    {"MiniportTransferData", RULE_S5_TOUCHED},
    {"NdisTransferData", RULE_S5_EARLY},
    {"Send", RULE_S5_OWNERSHIP},
    {"IndicateReceivePacket", RULE_R5_TOUCHED},
    {"ReturnPackets", RULE_R5_RETURNED},
    {"ReceivePacket", RULE_R5_RETURNED},
};

/* The end of these handlers gives away what they got. */
static const char *const ends[] = {"ReceiveNetBufferLists", "ReceivePacket", "MiniportSend",
    "MiniportCoSend", "MiniportTransferData", "MiniportReset"};

enum rule_name
hand_rule(const char *call)
{
    for (unsigned k = 0; k < sizeof(ways) / sizeof(ways[0]); k++)
        if (strstr(call, ways[k].call))
            return ways[k].rule;
    return RULE_RECV_LENT_KEEP;
}

static bool
within(const void *address, const void *start, size_t size)
{
    return start && (size_t)((const char *)address - (const char *)start) < size;
}

/* What of @nbl, seen in view 1, lies at @home, or NULL. */
static const char *
what_of(struct arena *arena, const NET_BUFFER_LIST *nbl, const void *home)
{
    unsigned n = 0;

    if (within(home, arena_home(arena, nbl), sizeof(*nbl)))
        return "it";
    for (const NET_BUFFER *nb = nbl->FirstNetBuffer;
         moves_whole(arena, nb, sizeof(*nb)) && n < CHAIN_MAX; n++) {
        const NET_BUFFER *there = arena_view(arena, nb, AT_UNDIS);

        if (within(home, arena_home(arena, nb), sizeof(*nb)))
            return "its NET_BUFFER";
        for (const MDL *mdl = there->MdlChain;
             moves_whole(arena, mdl, sizeof(*mdl)) && n < CHAIN_MAX; n++) {
            const MDL *seen = arena_view(arena, mdl, AT_UNDIS);

            if (within(home, arena_home(arena, mdl), sizeof(*mdl)))
                return "its MDL";
            if (within(home, arena_home(arena, seen->MappedSystemVa), seen->ByteCount))
                return "its data";
            mdl = seen->Next;
        }
        nb = there->Next;
    }
    return NULL;
}

static const char *
what_of_packet(
    struct verify *verify, struct arena *arena, const struct record *record, const void *home)
{
    const NDIS_PACKET *packet = hand_packet_of(verify, record);
    unsigned n = 0;

    if (within(home, arena_home(arena, packet), hand_packet_size(record)))
        return "it";
    for (const MDL *mdl = packet->Private.Head;
         moves_whole(arena, mdl, sizeof(*mdl)) && n < CHAIN_MAX; n++) {
        const MDL *seen = arena_view(arena, mdl, AT_UNDIS);

        if (within(home, arena_home(arena, mdl), sizeof(*mdl)))
            return "its buffer descriptor";
        if (within(home, arena_home(arena, seen->MappedSystemVa), seen->ByteCount))
            return "its data";
        mdl = seen->Next;
    }
    return NULL;
}

static const char *
what_of_record(
    struct verify *verify, struct arena *arena, const struct record *record, const void *home)
{
    if (record->kind == OBJECT_NBL)
        return what_of(arena, nbl_of(verify, record), home);
    return record->kind == OBJECT_PACKET ? what_of_packet(verify, arena, record, home) : NULL;
}

static bool
ends_so(const char *what)
{
    for (unsigned k = 0; k < sizeof(ends) / sizeof(ends[0]); k++)
        if (strstr(what, ends[k]))
            return true;
    return false;
}

/* How @driver gave the object away last: in this task, or else in another one, which may have done
 * so meanwhile. */
static const struct move *
given_away(const struct record *record, const struct driver *driver)
{
    uint32_t oldest = record->move_count > MOVES ? record->move_count - MOVES : 0;
    const struct move *elsewhere = NULL;

    for (uint32_t k = record->move_count; k-- > oldest;) {
        const struct move *move = &record->moves[k % MOVES];

        if (move->driver != driver || (strncmp(move->what, "Ndis", 4) != 0 && !ends_so(move->what)))
            continue;
        if (move->task == block_self->id)
            return move;
        if (!elsewhere)
            elsewhere = move;
    }
    return elsewhere;
}

/* The status of a packet has rules of its own. */
static enum rule_name
rule_of(
    struct verify *verify, const struct record *record, const struct move *move, const void *home)
{
    enum rule_name rule = hand_rule(move->what);
    const NDIS_PACKET *packet;
    const char *status;

    if (!record->live || record->kind != OBJECT_PACKET)
        return rule;
    packet = hand_packet_of(verify, record);
    status = (const char *)arena_home(verify->machine->arena, packet) +
             packet->Private.NdisPacketOobOffset + offsetof(NDIS_PACKET_OOB_DATA, Status);
    if (!packet_has_block(packet) || !within(home, status, sizeof(NDIS_STATUS)))
        return rule;
    return rule == RULE_S5_OWNERSHIP ? RULE_PACKET_STATUS
           : rule == RULE_R5_TOUCHED && record->seats && !record->below[record->seats - 1].flags
               ? RULE_R5_NO_STATUS
               : rule;
}

struct touched {
    const void *home;
    void *const *stack;
    unsigned depth;
};

static bool
tell(struct verify *verify, const struct record *record, const char *what,
    const struct touched *touched)
{
    const struct move *move = given_away(record, block_self->driver);
    struct touch touch = {block_self->driver, touched->stack, touched->depth, move};
    enum rule_name rule = move ? rule_of(verify, record, move, touched->home) : RULE_S5_TOUCHED;
    char name[48];

    if (!move || !fails(verify, rule, true))
        return false;
    record_name(record, name, sizeof(name));
    broken_there(verify, rule, &touch, record, "%s has given %s away by %s and touched %s since",
        touch.driver->name, name, move->what, what);
    return true;
}

/* What of a freed object can be closed. */
static size_t
size_of_grave(const struct record *record)
{
    if (record->kind == OBJECT_NBL)
        return sizeof(NET_BUFFER_LIST);
    return record->kind == OBJECT_PACKET ? sizeof(NDIS_PACKET) : 0;
}

bool
hand_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    struct arena *arena = verify->machine->arena;
    const void *home = arena_home(arena, address);
    const struct touched touched = {home, stack, depth};
    bool told = false;

    if (!verify->hands_over || !arena_owns(arena, address))
        return false;
    record_for_each(&verify->live, record)
    {
        const char *what = what_of_record(verify, arena, record, home);

        if (what)
            told |= tell(verify, record, what, &touched);
    }
    for (unsigned k = 0; k < GRAVES; k++) {
        const struct record *record = verify->graves[k];

        if (record && within(home, record->body, size_of_grave(record)))
            told |= tell(verify, record, "it", &touched);
    }
    return told || hand_frame_touched(verify, address, stack, depth) ||
           hand_oid_touched(verify, address, stack, depth);
}
