/* SPDX-License-Identifier: MIT */
/* The information buffer of a request is handed over with it: see hand_oid.c.
 *
 *     asking call          giver's view -> 1        closed to the giver, when the other one fills it
 *     handler              undis' -> the view behind the giver's, 2 at least          open to the taker
 *     answer               that -> as undis had it                                 closed to the taker
 *     completion handler   1 -> as the giver had it                             open to the giver again
 *
 * A filter's clone has the buffer of the request that it got, in the filter's view. undis may put a
 * buffer of its own into a request on its way; then its taker gets that. What a set tells, its giver may
 * go on reading: often it is a variable of his.
 *
 *     PLACE_ASKED of the request     who: where its giver has the buffer, chain: bytes
 *     PLACE_HANDED of the request    who: where undis has it, hash: the taker's view, chain: bytes
 *
 * A touch is told by these: several requests on their way can have the same buffer.
 */
#include "verify/hand.h"

struct hand_buffer
hand_buffer_of_six(NDIS_OID_REQUEST *seen)
{
    struct _METHOD *method = &seen->DATA.METHOD_INFORMATION;
    ULONG in = method->InputBufferLength, out = method->OutputBufferLength;
    struct hand_buffer buffer = {&seen->DATA.QUERY_INFORMATION.InformationBuffer,
        seen->DATA.QUERY_INFORMATION.InformationBufferLength, seen->DATA.QUERY_INFORMATION.Oid,
        seen->RequestType != NdisRequestSetInformation};

    if (seen->RequestType == NdisRequestMethod)
        buffer.size = in > out ? in : out;
    return buffer;
}

struct hand_buffer
hand_buffer_of_five(NDIS_REQUEST *seen)
{
    return (struct hand_buffer){&seen->DATA.QUERY_INFORMATION.InformationBuffer,
        seen->DATA.QUERY_INFORMATION.InformationBufferLength, seen->DATA.QUERY_INFORMATION.Oid,
        seen->RequestType != NdisRequestSetInformation};
}

static bool
goes(struct verify *verify, const struct hand_buffer *buffer)
{
    return buffer->size && moves_whole(verify->machine->arena, *buffer->link, buffer->size);
}

void *
hand_buffer_look(struct verify *verify, struct hand_buffer buffer)
{
    void *given = *buffer.link;

    if (!goes(verify, &buffer))
        return NULL;
    *buffer.link = arena_view(verify->machine->arena, given, AT_UNDIS);
    return given;
}

void
hand_buffer_asked(
    struct verify *verify, struct place *place, struct hand_buffer buffer, void *given)
{
    place->who = given;
    place->chain = buffer.size;
    if (given && buffer.fills)
        hand_close(verify, given, buffer.size);
}

void
hand_buffer_back(struct verify *verify, struct place *place, struct hand_buffer buffer)
{
    void *given = (void *)place->who;

    if (!given)
        return;
    place->who = NULL;
    *buffer.link = given;
    hand_open(verify, given, place->chain);
}

void
hand_buffer_arrives(
    struct verify *verify, void *request, struct hand_buffer buffer, const char *what)
{
    struct arena *arena = verify->machine->arena;
    const struct place *asked = place_find(verify, request, PLACE_ASKED);
    unsigned giver = asked && asked->busy && asked->who ? arena_view_of(arena, asked->who) : 0;
    unsigned view = giver < AT_LAYERS ? AT_LAYERS : giver + 1;
    struct place *place;

    if (!goes(verify, &buffer) || view == ARENA_VIEWS)
        return;
    place = place_make(verify, request, PLACE_HANDED, what);
    if (!place)
        return; /* nobody could say where it was */
    place->who = *buffer.link;
    place->status = (NDIS_STATUS)buffer.oid;
    place->chain = buffer.size;
    place->hash = view;
    place->busy = true;
    *buffer.link = arena_view(arena, place->who, view);
    hand_open(verify, *buffer.link, buffer.size);
}

void
hand_buffer_answered(
    struct verify *verify, void *request, struct hand_buffer buffer, const char *what)
{
    struct place *place = place_find(verify, request, PLACE_HANDED);

    if (!place || !place->busy)
        return;
    place->busy = false;
    move_now(verify, &place->made, what);
    hand_close(verify, arena_view(verify->machine->arena, place->who, (unsigned)place->hash),
        place->chain);
    *buffer.link = (void *)place->who;
}
