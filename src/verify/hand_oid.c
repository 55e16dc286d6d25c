/* SPDX-License-Identifier: MIT */
/* Hand-over of requests at another address: from the call that asks until the answer the request is
 * closed to who asked, and from the answer on to who was asked.
 *
 *     NdisOidRequest, NdisFOidRequest          giver's view -> 1          the giver's is closed
 *     MiniportOidRequest, FilterOidRequest     1 -> 2                     open to the taker
 *     a final answer, Ndis...RequestComplete   2 -> 1                     the taker's is closed
 *     ...OidRequestComplete, a final answer    1 -> 0                     open to the giver again
 *
 * A request has one giver and one taker, for filters pass clones on, so two views are enough. Direct
 * requests go the same way, and those on connections, and NDIS_REQUESTs. A synchronous request goes
 * through the filters itself; each has it, at a view of filters, while its handler runs. What undis or
 * a driver that is linked into the program asks stays in view 0, and so does a request in no block of
 * the arena.
 *
 * The information buffer goes with its request (hand_buffer.c). What else it points to keeps its address.
 */
#include "verify/hand.h"

#include "ndis/stack/module.h"

#include <string.h>

#define AT_GIVER  0u
#define AT_TAKER  AT_LAYERS
#define AT_FILTER (AT_LAYERS + 1u) /* of synchronous requests */

/* Where a call has a request that is not the second argument, or that is one of NDIS 5. */
static const struct site {
    const char *name;
    unsigned k;
    bool five;
} sites[] = {
    {"NdisRequest", 2, true},
    {"NdisCoRequest", 4, true},
    {"NdisMCmRequest", 3, true},
    {"NdisCoRequestComplete", 4, true},
    {"NdisMCoRequestComplete", 2, true},
    {"NdisCoOidRequest", 4, false},
    {"NdisMCmOidRequest", 3, false},
    {"NdisCoOidRequestComplete", 3, false},
    {"ProtocolRequestComplete", 1, true},
    {"MiniportCoRequest", 2, true},
    {"ProtocolCoRequest", 3, true},
    {"ProtocolCoRequestComplete", 4, true},
    {"MiniportCoOidRequest", 2, false},
    {"ProtocolCoOidRequest", 3, false},
    {"ProtocolCoOidRequestComplete", 3, false},
};

static const struct site *
site_of(const struct gate_call *call)
{
    static const struct site usual = {NULL, 1, false};
    const char *name = call->import ? call->import->name : call->handler->name;

    for (unsigned k = 0; k < RTL_NUMBER_OF(sites); k++)
        if (strcmp(sites[k].name, name) == 0)
            return &sites[k];
    return &usual;
}

static void *
request_of(const struct gate_call *call)
{
    return (void *)call->args[site_of(call)->k];
}

/* Of the revision that the driver made; all of a block that was made for a request. */
static size_t
size_of_six(struct verify *verify, const NDIS_OID_REQUEST *seen)
{
    const struct object *block = object_of(verify->machine, seen, OBJECT_NONE);

    if (block && block->size >= NDIS_SIZEOF_OID_REQUEST_REVISION_1 && block->size <= sizeof(*seen))
        return block->size;
    return seen->Header.Size > NDIS_SIZEOF_OID_REQUEST_REVISION_1 &&
                   seen->Header.Size < sizeof(*seen)
               ? seen->Header.Size
               : NDIS_SIZEOF_OID_REQUEST_REVISION_1;
}

/* As far as its block goes: drivers make them of the size that their version has. */
static size_t
size_of_five(struct verify *verify, const NDIS_REQUEST *seen)
{
    const char *home = arena_home(verify->machine->arena, seen), *block;
    size_t whole, left;

    block = arena_find(verify->machine->arena, home, &whole);
    left = block ? (size_t)(block + whole - home) : 0;
    return left < sizeof(*seen) ? left : sizeof(*seen);
}

static size_t
size_of(struct verify *verify, const struct gate_call *call, const void *request)
{
    const void *seen = arena_view(verify->machine->arena, request, AT_UNDIS);

    return site_of(call)->five ? size_of_five(verify, seen) : size_of_six(verify, seen);
}

static NDIS_OID
oid_of(const struct gate_call *call, const void *seen)
{
    return site_of(call)->five ? ((const NDIS_REQUEST *)seen)->DATA.QUERY_INFORMATION.Oid
                               : ((const NDIS_OID_REQUEST *)seen)->DATA.QUERY_INFORMATION.Oid;
}

static bool
is_handed(struct verify *verify, const void *request)
{
    return verify->hands_over && moves(verify->machine->arena, request);
}

/* The call goes on with the request in @view. */
static void
show(struct verify *verify, struct gate_call *call, unsigned view)
{
    void *there = arena_view(verify->machine->arena, request_of(call), view);

    if (view != AT_UNDIS)
        hand_open(verify, there, size_of(verify, call, there));
    call->args[site_of(call)->k] = (uintptr_t)there;
}

/* Who asks may read what is his own in a request, and what he cancels it by. */
static void
close_to_giver(struct verify *verify, const struct gate_call *call, void *request, size_t size)
{
    static const struct hole six[] = {
        {offsetof(NDIS_OID_REQUEST, RequestId), offsetof(NDIS_OID_REQUEST, RequestHandle)},
        {offsetof(NDIS_OID_REQUEST, SourceReserved),
            offsetof(NDIS_OID_REQUEST, SourceReserved) + 2 * sizeof(PVOID)}};
    static const struct hole five[] = {{offsetof(NDIS_REQUEST, ProtocolReserved),
        offsetof(NDIS_REQUEST, ProtocolReserved) + 2 * sizeof(PVOID)}};

    if (site_of(call)->five)
        hand_close_but(verify, request, size, five, RTL_NUMBER_OF(five));
    else
        hand_close_but(verify, request, size, six, RTL_NUMBER_OF(six));
}

static struct hand_buffer
buffer_of(struct verify *verify, const struct gate_call *call, const void *request)
{
    void *seen = arena_view(verify->machine->arena, request, AT_UNDIS);

    return site_of(call)->five ? hand_buffer_of_five(seen) : hand_buffer_of_six(seen);
}

static void
away(struct verify *verify, const struct gate_call *call, void *request, enum place_kind kind)
{
    struct arena *arena = verify->machine->arena;
    struct place *place =
        place_make(verify, request, kind, call->import ? call->import->name : call->handler->name);

    if (!place)
        return; /* nobody could tell who gave it away */
    fails(verify, kind == PLACE_ASKED ? RULE_TOUCH_ASKED : RULE_TOUCH_ANSWERED, false);
    place->hash = size_of(verify, call, request);
    place->busy = true;
    /* It may be free when told. */
    place->status = (NDIS_STATUS)oid_of(call, arena_view(arena, request, AT_UNDIS));
    if (kind == PLACE_ASKED) {
        close_to_giver(verify, call, request, place->hash);
        place->who = NULL;
        hand_buffer_asked(
            verify, place, buffer_of(verify, call, request), call->scratch[SCRATCH_HAND]);
    } else {
        hand_close(verify, request, place->hash);
    }
}

static void
is_back(struct verify *verify, const struct gate_call *call, const void *request)
{
    struct place *place = place_find(verify, request, PLACE_ASKED);

    if (!place || !place->busy)
        return;
    place->busy = false;
    hand_buffer_back(verify, place, buffer_of(verify, call, request));
}

/* Calls. All look at what is never closed. */
static void
look(struct verify *verify, struct gate_call *call)
{
    void *request = request_of(call);

    call->scratch[SCRATCH_CHAIN] = request;
    call->scratch[SCRATCH_HAND] = NULL;
    if (!is_handed(verify, request))
        return;
    show(verify, call, AT_UNDIS);
    if (arena_view_of(verify->machine->arena, request) == AT_GIVER)
        call->scratch[SCRATCH_HAND] = hand_buffer_look(verify, buffer_of(verify, call, request));
}

static void
look_back(struct verify *verify, struct gate_call *call)
{
    const struct place *place = place_find(verify, request_of(call), PLACE_ASKED);

    call->scratch[SCRATCH_CHAIN] = request_of(call);
    if (is_handed(verify, request_of(call)))
        call->args[site_of(call)->k] = (uintptr_t)arena_view(
            verify->machine->arena, request_of(call), place && place->busy ? AT_UNDIS : AT_GIVER);
}

static void
ask(struct verify *verify, struct gate_call *call)
{
    void *request = call->scratch[SCRATCH_CHAIN];

    if (is_handed(verify, request) && arena_view_of(verify->machine->arena, request) == AT_GIVER)
        away(verify, call, request, PLACE_ASKED);
}

static void
asked_so(struct verify *verify, const struct gate_call *call, NDIS_STATUS status)
{
    void *request = call->scratch[SCRATCH_CHAIN];

    /* When the answer did not come at once, the request may already be another one. */
    if (!is_handed(verify, request) || status == NDIS_STATUS_PENDING)
        return;
    is_back(verify, call, request);
    hand_open(verify, request, size_of(verify, call, request));
}

static void
asked(struct verify *verify, struct gate_call *call)
{
    asked_so(verify, call, (NDIS_STATUS)call->result);
}

static void
asked_by_five(struct verify *verify, struct gate_call *call)
{
    asked_so(verify, call, *(const NDIS_STATUS *)call->args[0]);
}

static void
answer(struct verify *verify, struct gate_call *call)
{
    void *request = call->scratch[SCRATCH_CHAIN];

    if (!is_handed(verify, request) || arena_view_of(verify->machine->arena, request) != AT_TAKER)
        return;
    hand_buffer_answered(verify, request, buffer_of(verify, call, request), call->import->name);
    away(verify, call, request, PLACE_ANSWERED);
}

/* Handlers. What is linked into the program is not followed. */
static void
arrive(struct verify *verify, struct gate_call *call)
{
    if (!call->driver->image || !is_handed(verify, request_of(call)))
        return;
    show(verify, call, AT_TAKER);
    hand_buffer_arrives(
        verify, request_of(call), buffer_of(verify, call, request_of(call)), call->handler->name);
}

static void
arrived(struct verify *verify, struct gate_call *call)
{
    void *request = request_of(call);

    if (!call->driver->image || !is_handed(verify, request) ||
        (NDIS_STATUS)call->result == NDIS_STATUS_PENDING)
        return;
    hand_buffer_answered(verify, request, buffer_of(verify, call, request), call->handler->name);
    away(verify, call, request, PLACE_ANSWERED);
}

static void
pass(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && is_handed(verify, request_of(call)))
        show(verify, call, AT_FILTER);
}

static void
passed(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && is_handed(verify, request_of(call)))
        away(verify, call, request_of(call), PLACE_PASSED);
}

static void
come_back(struct verify *verify, struct gate_call *call)
{
    if (!is_handed(verify, request_of(call)))
        return;
    is_back(verify, call, request_of(call));
    show(verify, call, AT_GIVER);
}

/* The request, or buffer, that was touched: asked for, answered or passed on by the running driver. */
struct search {
    const char *address;
    const struct place *asked, *answered;
};

static void
compare(struct verify *verify, struct place *place, void *context)
{
    struct search *search = context;
    bool has_buffer = (place->kind == PLACE_ASKED || place->kind == PLACE_HANDED) && place->who;
    const char *buffer = has_buffer ? arena_home(verify->machine->arena, place->who) : NULL;
    bool in_buffer = buffer && (uint64_t)(search->address - buffer) < place->chain;
    bool in_request = place->kind != PLACE_HANDED &&
                      (uint64_t)(search->address - (const char *)place->address) < place->hash;

    if (place->driver != block_self->driver || !(in_buffer || in_request))
        return;
    if (place->kind == PLACE_ASKED && place->busy)
        search->asked = place;
    else if (place->kind == PLACE_ANSWERED || place->kind == PLACE_PASSED ||
             (place->kind == PLACE_HANDED && !place->busy))
        search->answered = place;
}

bool
hand_oid_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    struct arena *arena = verify->machine->arena;
    struct search search = {arena_home(arena, address), NULL, NULL};
    struct touch touch = {block_self->driver, stack, depth, NULL};
    const struct place *found;
    enum rule_name rule;

    places_visit(verify, compare, &search);
    found = arena_view_of(arena, address) == AT_GIVER || !search.answered ? search.asked
                                                                          : search.answered;
    rule = found == search.asked ? RULE_TOUCH_ASKED : RULE_TOUCH_ANSWERED;
    if (!found || !fails(verify, rule, true))
        return false;
    touch.move = &found->made;
    broken_there(verify, rule, &touch, NULL,
        rule == RULE_TOUCH_ASKED
            ? "%s has asked for OID 0x%08X by %s and touched the request before the answer"
            : "%s has answered OID 0x%08X by %s and touched the request since",
        touch.driver->name, (unsigned)found->status, touch.move->what);
    return true;
}

const struct check hand_oid_first_imports[] = {
    {"NdisOidRequest", look, NULL},
    {"NdisDirectOidRequest", look, NULL},
    {"NdisSynchronousOidRequest", look, NULL},
    {"NdisCoOidRequest", look, NULL},
    {"NdisMCmOidRequest", look, NULL},
    {"NdisRequest", look, NULL},
    {"NdisCoRequest", look, NULL},
    {"NdisMCmRequest", look, NULL},
    {"NdisFOidRequest", look, NULL},
    {"NdisFDirectOidRequest", look, NULL},
    {"NdisFSynchronousOidRequest", look, NULL},
    {"NdisMOidRequestComplete", look_back, NULL},
    {"NdisMDirectOidRequestComplete", look_back, NULL},
    {"NdisMCoOidRequestComplete", look_back, NULL},
    {"NdisMCoRequestComplete", look_back, NULL},
    {"NdisCoOidRequestComplete", look_back, NULL},
    {"NdisCoRequestComplete", look_back, NULL},
    {"NdisFOidRequestComplete", look_back, NULL},
    {"NdisFDirectOidRequestComplete", look_back, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_oid_imports[] = {
    {"NdisOidRequest", ask, asked},
    {"NdisDirectOidRequest", ask, asked},
    {"NdisSynchronousOidRequest", ask, asked},
    {"NdisCoOidRequest", ask, asked},
    {"NdisMCmOidRequest", ask, asked},
    {"NdisRequest", ask, asked_by_five},
    {"NdisCoRequest", ask, asked},
    {"NdisMCmRequest", ask, asked},
    {"NdisFOidRequest", ask, asked},
    {"NdisFDirectOidRequest", ask, asked},
    {"NdisFSynchronousOidRequest", ask, asked},
    {"NdisMOidRequestComplete", answer, NULL},
    {"NdisMDirectOidRequestComplete", answer, NULL},
    {"NdisMCoOidRequestComplete", answer, NULL},
    {"NdisMCoRequestComplete", answer, NULL},
    {"NdisCoOidRequestComplete", answer, NULL},
    {"NdisCoRequestComplete", answer, NULL},
    {"NdisFOidRequestComplete", answer, NULL},
    {"NdisFDirectOidRequestComplete", answer, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_oid_first_handlers[] = {
    {"MiniportOidRequest", arrive, NULL},
    {"MiniportDirectOidRequest", arrive, NULL},
    {"MiniportSynchronousOidRequest", arrive, NULL},
    {"MiniportCoOidRequest", arrive, NULL},
    {"MiniportCoRequest", arrive, NULL},
    {"ProtocolCoOidRequest", arrive, NULL},
    {"ProtocolCoRequest", arrive, NULL},
    {"FilterOidRequest", arrive, NULL},
    {"FilterDirectOidRequest", arrive, NULL},
    {"FilterSynchronousOidRequest", pass, NULL},
    {"FilterSynchronousOidRequestComplete", pass, NULL},
    {"FilterOidRequestComplete", come_back, NULL},
    {"FilterDirectOidRequestComplete", come_back, NULL},
    {"ProtocolOidRequestComplete", come_back, NULL},
    {"ProtocolDirectOidRequestComplete", come_back, NULL},
    {"ProtocolRequestComplete", come_back, NULL},
    {"ProtocolCoOidRequestComplete", come_back, NULL},
    {"ProtocolCoRequestComplete", come_back, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_oid_handlers[] = {
    {"MiniportOidRequest", NULL, arrived},
    {"MiniportDirectOidRequest", NULL, arrived},
    {"MiniportSynchronousOidRequest", NULL, arrived},
    {"MiniportCoOidRequest", NULL, arrived},
    {"MiniportCoRequest", NULL, arrived},
    {"ProtocolCoOidRequest", NULL, arrived},
    {"ProtocolCoRequest", NULL, arrived},
    {"FilterOidRequest", NULL, arrived},
    {"FilterDirectOidRequest", NULL, arrived},
    {"FilterSynchronousOidRequest", NULL, passed},
    {"FilterSynchronousOidRequestComplete", NULL, passed},
    {NULL, NULL, NULL},
};
