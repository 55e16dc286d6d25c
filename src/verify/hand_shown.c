/* SPDX-License-Identifier: MIT */
/* What a driver is shown for a while only is a copy of its own, in a machine that hands over: when its
 * time is over the copy is closed, and rests closed before its memory is used again.
 *
 *     ProtocolReceive                                      header and look-ahead     until it returns
 *     MiniportQueryInformation, MiniportSetInformation     the counts of the answer  until it answers
 *
 *     verify.shown   | oldest ... newest |     blocks of the arena, SHOWN_MAX of them
 *                      | room | the copy |     a page of its own, where pages are closed
 *
 * The copy is what it is made of: who writes to a frame that he is shown is told by that (show.c).
 */
#include "verify/hand.h"

#include <string.h>

#define ROOM ARENA_LEAD /* before what can be closed by itself */

void *
hand_show(struct verify *verify, size_t size, unsigned view)
{
    struct arena *arena = verify->machine->arena;
    char *block = arena_alloc(arena, ROOM + size, ARENA_LEAD);

    return block ? arena_view(arena, block + ROOM, view) : NULL;
}

/* What a touch would be told by goes with it. */
static void
leaves(struct verify *verify, struct place *place)
{
    (void)verify;
    (void)place;
}

static void
let_go(struct verify *verify, struct shown *shown)
{
    struct arena *arena = verify->machine->arena;
    char *home = arena_home(arena, shown->copy);

    if (!shown->copy)
        return;
    places_forget(verify, home, shown->size, leaves);
    hand_open(verify, shown->copy, shown->size);
    arena_free(arena, home - ROOM);
    ledger_own(verify, -(ptrdiff_t)(ROOM + shown->size));
}

void
hand_shown(struct verify *verify, void *copy, size_t size, struct place *place)
{
    struct shown *oldest = &verify->shown[verify->shown_next++ % SHOWN_MAX];

    let_go(verify, oldest);
    *oldest = (struct shown){copy, size};
    ledger_own(verify, (ptrdiff_t)(ROOM + size));
    hand_close(verify, copy, size);
    if (place)
        place->hash = size;
}

void
hand_shown_end(struct verify *verify)
{
    for (unsigned k = 0; k < SHOWN_MAX; k++)
        let_go(verify, &verify->shown[k]);
}

/* A frame: header and look-ahead, one behind the other when they are. */
static void
show_frame(struct verify *verify, struct gate_call *call)
{
    const char *header = (const void *)call->args[2], *ahead = (const void *)call->args[4];
    UINT first = (UINT)call->args[3], second = (UINT)call->args[5];
    UINT gap = ahead == header + first ? 0 : -first & 7u;
    char *copy = NULL;

    call->scratch[SCRATCH_CHAIN] = NULL;
    if (verify->hands_over && call->driver->image && (first || second))
        copy = hand_show(verify, (size_t)first + gap + second, 0);
    if (!copy)
        return;
    memcpy(copy, header, first);
    memcpy(copy + first + gap, ahead, second);
    call->scratch[SCRATCH_CHAIN] = copy;
    call->args[2] = (uintptr_t)copy;
    call->args[4] = (uintptr_t)copy + first + gap;
}

static void
shown_frame(struct verify *verify, struct gate_call *call)
{
    char *copy = call->scratch[SCRATCH_CHAIN];
    size_t size = (UINT)call->args[5];

    if (!copy)
        return;
    size += call->args[4] - (uintptr_t)copy;
    fails(verify, RULE_R5_COPY, false);
    hand_shown(verify, copy, size, place_make(verify, copy, PLACE_FRAME, call->handler->name));
}

struct search {
    const char *home;
    const struct place *found;
};

static void
find_frame(struct verify *verify, struct place *place, void *context)
{
    struct search *search = context;

    (void)verify;
    if (place->kind == PLACE_FRAME && place->driver == block_self->driver &&
        (uint64_t)(search->home - (const char *)place->address) < place->hash)
        search->found = place;
}

bool
hand_frame_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    struct search search = {arena_home(verify->machine->arena, address), NULL};
    struct touch touch = {block_self->driver, stack, depth, NULL};

    places_visit(verify, find_frame, &search);
    if (!search.found || !fails(verify, RULE_R5_COPY, true))
        return false;
    touch.move = &search.found->made;
    broken_there(verify, RULE_R5_COPY, &touch, NULL,
        "%s was shown a frame by %s and touched its header or look-ahead after that",
        touch.driver->name, touch.move->what);
    return true;
}

const struct check hand_shown_handlers[] = {
    {"ProtocolReceive", show_frame, shown_frame},
    {NULL, NULL, NULL},
};
