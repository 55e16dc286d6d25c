/* SPDX-License-Identifier: MIT */
/* A driver touched what it had given away: which NBL that is of, and which rule. */
#include "verify/hand.h"

#include <string.h>

enum rule_name
hand_rule(const char *call)
{
    if (strstr(call, "SendNetBufferListsComplete"))
        return RULE_TOUCH_COMPLETED;
    if (strstr(call, "Send"))
        return RULE_TOUCH_SENT;
    if (strstr(call, "Indicate"))
        return RULE_TOUCH_INDICATED;
    return strstr(call, "Return") ? RULE_TOUCH_RETURNED : RULE_RECV_LENT_KEEP;
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
    for (const NET_BUFFER *nb = nbl->FirstNetBuffer; moves(arena, nb) && n < CHAIN_MAX; n++) {
        const NET_BUFFER *there = arena_view(arena, nb, AT_UNDIS);

        if (within(home, arena_home(arena, nb), sizeof(*nb)))
            return "its NET_BUFFER";
        for (const MDL *mdl = there->MdlChain; moves(arena, mdl) && n < CHAIN_MAX; n++) {
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

/* How @driver gave the NBL away last. */
static const struct move *
given_away(const struct record *record, const struct driver *driver)
{
    uint32_t oldest = record->move_count > MOVES ? record->move_count - MOVES : 0;

    for (uint32_t k = record->move_count; k-- > oldest;) {
        const struct move *move = &record->moves[k % MOVES];

        if (move->driver == driver && strncmp(move->what, "Ndis", 4) == 0)
            return move;
        if (move->driver == driver && strstr(move->what, "ReceiveNetBufferLists"))
            return move; /* with RESOURCES, and the handler has returned */
    }
    return NULL;
}

static bool
tell(struct verify *verify, const struct record *record, const char *what, void *const *stack,
    unsigned depth)
{
    const struct move *move = given_away(record, block_self->driver);
    struct touch touch = {block_self->driver, stack, depth, move};

    if (!move || !fails(verify, hand_rule(move->what), true))
        return false;
    broken_there(verify, hand_rule(move->what), &touch, record,
        "%s has given NBL %u away by %s and touched %s since", touch.driver->name, record->id,
        move->what, what);
    return true;
}

bool
hand_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    struct arena *arena = verify->machine->arena;
    const void *home = arena_home(arena, address);
    bool told = false;

    if (!verify->hands_over || !arena_owns(arena, address))
        return false;
    record_for_each(&verify->live, record)
    {
        const char *what =
            record->kind == OBJECT_NBL ? what_of(arena, nbl_of(verify, record), home) : NULL;

        if (what)
            told |= tell(verify, record, what, stack, depth);
    }
    for (unsigned k = 0; k < GRAVES; k++) {
        const struct record *record = verify->graves[k];

        if (record && record->kind == OBJECT_NBL &&
            within(home, record->body, sizeof(NET_BUFFER_LIST)))
            told |= tell(verify, record, "it", stack, depth);
    }
    return told || hand_oid_touched(verify, address, stack, depth);
}
