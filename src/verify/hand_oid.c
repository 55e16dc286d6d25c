/* SPDX-License-Identifier: MIT */
/* Hand-over of OID requests at another address: from the call that asks until the answer the request
 * is closed to who asked, and from the answer on to who was asked.
 *
 *     NdisOidRequest, NdisFOidRequest          giver's view -> 1          the giver's is closed
 *     MiniportOidRequest, FilterOidRequest     1 -> 2                     open to the taker
 *     a final answer, Ndis...RequestComplete   2 -> 1                     the taker's is closed
 *     ...OidRequestComplete, a final answer    1 -> 0                     open to the giver again
 *
 * A request has one giver and one taker, for filters pass clones on, so two views are enough. Direct
 * requests go the same way. What the request points to keeps its address, and so does a request in
 * no block of the arena.
 */
#include "verify/hand.h"

#define AT_GIVER 0u
#define AT_TAKER AT_LAYERS

static PNDIS_OID_REQUEST
request_of(const struct gate_call *call)
{
    return (PNDIS_OID_REQUEST)call->args[1];
}

/* Of the revision that the driver made; all of a block that was made for a request. */
static size_t
size_of(struct verify *verify, const void *request)
{
    const NDIS_OID_REQUEST *seen = arena_view(verify->machine->arena, request, AT_UNDIS);
    const struct object *block = object_of(verify->machine, seen, OBJECT_NONE);

    if (block && block->size >= NDIS_SIZEOF_OID_REQUEST_REVISION_1 && block->size <= sizeof(*seen))
        return block->size;
    return seen->Header.Size > NDIS_SIZEOF_OID_REQUEST_REVISION_1 &&
                   seen->Header.Size < sizeof(*seen)
               ? seen->Header.Size
               : NDIS_SIZEOF_OID_REQUEST_REVISION_1;
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
        hand_open(verify, there, size_of(verify, there));
    call->args[1] = (uintptr_t)there;
}

static void
away(struct verify *verify, void *request, enum place_kind kind, const char *what)
{
    struct arena *arena = verify->machine->arena;
    const NDIS_OID_REQUEST *seen = arena_view(arena, request, AT_UNDIS);
    struct place *place = place_make(verify, arena_home(arena, request), kind, what);

    if (!place)
        return; /* nobody could tell who gave it away */
    fails(verify, kind == PLACE_ASKED ? RULE_TOUCH_ASKED : RULE_TOUCH_ANSWERED, false);
    place->hash = size_of(verify, request);
    place->status = (NDIS_STATUS)seen->DATA.QUERY_INFORMATION.Oid; /* it may be free when told */
    hand_close(verify, request, place->hash);
}

/* Calls. All look at what is never closed. */
static void
look(struct verify *verify, struct gate_call *call)
{
    call->scratch[SCRATCH_CHAIN] = (void *)call->args[1];
    if (is_handed(verify, request_of(call)))
        show(verify, call, AT_UNDIS);
}

static void
ask(struct verify *verify, struct gate_call *call)
{
    void *request = call->scratch[SCRATCH_CHAIN];

    if (is_handed(verify, request) && arena_view_of(verify->machine->arena, request) == AT_GIVER)
        away(verify, request, PLACE_ASKED, call->import->name);
}

/* The answer came at once. When it did not, the request may already be another one. */
static void
asked(struct verify *verify, struct gate_call *call)
{
    void *request = call->scratch[SCRATCH_CHAIN];

    if (is_handed(verify, request) && (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        hand_open(verify, request, size_of(verify, request));
}

static void
answer(struct verify *verify, struct gate_call *call)
{
    void *request = call->scratch[SCRATCH_CHAIN];

    if (is_handed(verify, request) && arena_view_of(verify->machine->arena, request) == AT_TAKER)
        away(verify, request, PLACE_ANSWERED, call->import->name);
}

/* Handlers. What is linked into the program is not followed. */
static void
arrive(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && is_handed(verify, request_of(call)))
        show(verify, call, AT_TAKER);
}

static void
arrived(struct verify *verify, struct gate_call *call)
{
    if (call->driver->image && is_handed(verify, request_of(call)) &&
        (NDIS_STATUS)call->result != NDIS_STATUS_PENDING)
        away(verify, request_of(call), PLACE_ANSWERED, call->handler->name);
}

static void
come_back(struct verify *verify, struct gate_call *call)
{
    if (is_handed(verify, request_of(call)))
        show(verify, call, AT_GIVER);
}

/* The request that was touched. */
struct search {
    const char *address;
    enum place_kind kind;
    const struct place *found;
};

static void
compare(struct verify *verify, struct place *place, void *context)
{
    struct search *search = context;

    (void)verify;
    if (place->kind == search->kind && place->driver == block_self->driver &&
        (uint64_t)(search->address - (const char *)place->address) < place->hash)
        search->found = place;
}

bool
hand_oid_touched(struct verify *verify, const void *address, void *const *stack, unsigned depth)
{
    struct arena *arena = verify->machine->arena;
    bool giver = arena_view_of(arena, address) == AT_GIVER;
    enum rule_name rule = giver ? RULE_TOUCH_ASKED : RULE_TOUCH_ANSWERED;
    struct search search = {arena_home(arena, address), giver ? PLACE_ASKED : PLACE_ANSWERED, NULL};
    struct touch touch = {block_self->driver, stack, depth, NULL};

    places_visit(verify, compare, &search);
    if (!search.found || !fails(verify, rule, true))
        return false;
    touch.move = &search.found->made;
    broken_there(verify, rule, &touch, NULL,
        giver ? "%s has asked for OID 0x%08X by %s and touched the request before the answer"
              : "%s has answered OID 0x%08X by %s and touched the request since",
        touch.driver->name, (unsigned)search.found->status, touch.move->what);
    return true;
}

const struct check hand_oid_first_imports[] = {
    {"NdisOidRequest", look, NULL},
    {"NdisDirectOidRequest", look, NULL},
    {"NdisFOidRequest", look, NULL},
    {"NdisFDirectOidRequest", look, NULL},
    {"NdisMOidRequestComplete", look, NULL},
    {"NdisMDirectOidRequestComplete", look, NULL},
    {"NdisFOidRequestComplete", look, NULL},
    {"NdisFDirectOidRequestComplete", look, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_oid_imports[] = {
    {"NdisOidRequest", ask, asked},
    {"NdisDirectOidRequest", ask, asked},
    {"NdisFOidRequest", ask, asked},
    {"NdisFDirectOidRequest", ask, asked},
    {"NdisMOidRequestComplete", answer, NULL},
    {"NdisMDirectOidRequestComplete", answer, NULL},
    {"NdisFOidRequestComplete", answer, NULL},
    {"NdisFDirectOidRequestComplete", answer, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_oid_first_handlers[] = {
    {"MiniportOidRequest", arrive, NULL},
    {"MiniportDirectOidRequest", arrive, NULL},
    {"FilterOidRequest", arrive, NULL},
    {"FilterDirectOidRequest", arrive, NULL},
    {"FilterOidRequestComplete", come_back, NULL},
    {"FilterDirectOidRequestComplete", come_back, NULL},
    {"ProtocolOidRequestComplete", come_back, NULL},
    {"ProtocolDirectOidRequestComplete", come_back, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_oid_handlers[] = {
    {"MiniportOidRequest", NULL, arrived},
    {"MiniportDirectOidRequest", NULL, arrived},
    {"FilterOidRequest", NULL, arrived},
    {"FilterDirectOidRequest", NULL, arrived},
    {NULL, NULL, NULL},
};
