/* SPDX-License-Identifier: MIT */
/* Hand-over by re-addressing: each layer sees a chain at an address of its own.
 *
 *     view 0     where its maker has it       0x7ea0........
 *     view 1     where undis has it           the same + 8 GiB, never closed
 *     view 2..   where the first, second, ... layer has it
 *
 * All views are mappings of the same bytes, so nothing is copied: what moves is the addresses. When
 * an NBL crosses, the links in it, in its NET_BUFFERs, its MDLs and the address of its data are
 * written anew, the view of who gave it is closed (ASan) and that of who takes it is opened. A layer
 * gets everything back at the address at which it gave it away: an NBL's seats remember its own,
 * parts those of what hangs on it.
 *
 *     driver --Ndis*Send--> give: to view 1 --> arrive: to the taker's --> its handler
 *     driver --Ndis*Complete--> give back: to view 1 --> come back: to who lent it --> its handler
 *
 * What several NBLs share moves with the one that had it first, and stays while that has clones.
 * What does not lie in blocks of the arena (a driver's globals, stacks) keeps its address.
 */
#include "verify/hand.h"

#include "ndis/packet/pool.h"

#define PARTS_AT   64u /* made at a time */
#define GRAIN      65536u
#define DATA_MAX   GRAIN
#define MDL_MAPPED (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)

/* A NET_BUFFER or an MDL that was handed over. */
struct part {
    struct part *next;    /* in its bucket, or free */
    struct part *near;    /* in the bucket of its data */
    struct part *sibling; /* of the same NBL */
    struct record *holder;
    char *home; /* where it lies in view 0 */
    char *data; /* MDLs: the same of what they describe, NULL when that does not move */
    uint32_t size;
    bool mdl;
    uint8_t data_view;
    uint8_t at[SEATS + 1],
        data_at[SEATS + 1]; /* 1 + view, per seat that gave it away; 0: none did */
};

enum way { GIVE, GIVE_BACK, ARRIVE, COME_BACK };

/* An NBL on its way. */
struct crossing {
    struct verify *verify;
    struct arena *arena;
    struct record *record;
    enum way way;
    unsigned view, seat;
    bool mdls; /* they go with it */
};

void *
body_of(const struct verify *verify, const struct record *record)
{
    return verify->hands_over && arena_owns(verify->machine->arena, record->body)
               ? arena_view(verify->machine->arena, record->body, AT_UNDIS)
               : record->body;
}

PNET_BUFFER_LIST
nbl_of(const struct verify *verify, const struct record *record)
{
    return body_of(verify, record);
}

/* Parts */

static struct part **
bucket(struct verify *verify, const void *home)
{
    return &verify->parts[((uintptr_t)home >> 4) * 0x9E3779B97F4A7C15ull >> 54];
}

static struct part **
near_bucket(struct verify *verify, uintptr_t grain)
{
    return &verify->near_parts[grain * 0x9E3779B97F4A7C15ull >> 54];
}

static struct part *
part_find(struct verify *verify, const void *home)
{
    struct part *part = *bucket(verify, home);

    while (part && part->home != home)
        part = part->next;
    return part;
}

static bool
grow(struct verify *verify)
{
    struct part *parts = ledger_alloc(verify, PARTS_AT * sizeof(*parts));

    for (unsigned k = 0; parts && k < PARTS_AT; k++) {
        parts[k].next = verify->free_parts;
        verify->free_parts = &parts[k];
    }
    return parts != NULL;
}

/* NULL without memory: it keeps its address. */
static struct part *
part_make(const struct crossing *x, void *home, bool mdl)
{
    struct verify *verify = x->verify;
    struct part **in = bucket(verify, home), *part;

    if (!verify->free_parts && !grow(verify))
        return NULL;
    part = verify->free_parts;
    verify->free_parts = part->next;
    *part = (struct part){
        .next = *in, .sibling = x->record->parts, .holder = x->record, .home = home, .mdl = mdl};
    *in = part;
    x->record->parts = part;
    return part;
}

static void
far_away(struct verify *verify, struct part *part)
{
    struct part **link;

    if (!part->data)
        return;
    link = near_bucket(verify, (uintptr_t)part->data / GRAIN);
    while (*link != part)
        link = &(*link)->near;
    *link = part->near;
    part->data = NULL;
}

static void
part_free(struct verify *verify, struct part *part)
{
    struct part **link = bucket(verify, part->home);

    far_away(verify, part);
    while (*link != part)
        link = &(*link)->next;
    *link = part->next;
    part->next = verify->free_parts;
    verify->free_parts = part;
}

/* Another NBL has the same bytes in the same view. */
static bool
overlaps(struct verify *verify, const struct part *part)
{
    uintptr_t first = (uintptr_t)part->data / GRAIN,
              last = ((uintptr_t)part->data + part->size) / GRAIN;

    for (uintptr_t grain = first - 1; grain <= last; grain++)
        for (struct part *other = *near_bucket(verify, grain); other; other = other->near)
            if (other != part && other->data_view == part->data_view &&
                other->data < part->data + part->size && part->data < other->data + other->size)
                return true;
    return false;
}

/* Moving */

static void
close_mdl(struct verify *verify, void *address)
{
    hand_close(verify, address, sizeof(MDL));
}

/* @address as it is in @view; closed by @close where it was. */
static void *
move(const struct crossing *x, void *address, size_t size, unsigned view,
    void (*close)(struct verify *verify, void *address))
{
    unsigned from = arena_view_of(x->arena, address);
    void *to = arena_view(x->arena, address, view);

    if (from != view && from != AT_UNDIS)
        close(x->verify, address);
    if (from != view && view != AT_UNDIS)
        hand_open(x->verify, to, size);
    return to;
}

/* Where a part goes that is in view @from; *@at: the views at which seats gave it away. */
static unsigned
view_of_part(const struct crossing *x, uint8_t *at, unsigned from)
{
    if (x->way == GIVE)
        at[x->seat] = (uint8_t)(from + 1);
    return x->way == COME_BACK && at[x->seat] ? at[x->seat] - 1u : x->view;
}

/* What @mdl, which is looked at in view 1, describes. */
static void
move_data(const struct crossing *x, struct part *part, MDL *mdl)
{
    char *va = mdl->MappedSystemVa;
    unsigned from, view;

    if (!(mdl->MdlFlags & MDL_MAPPED) || !mdl->ByteCount || mdl->ByteCount > DATA_MAX ||
        !moves(x->arena, va))
        return;
    from = arena_view_of(x->arena, va);
    view = view_of_part(x, part->data_at, from);
    far_away(x->verify, part);
    part->data = arena_home(x->arena, va);
    part->size = mdl->ByteCount;
    part->data_view = (uint8_t)from;
    part->near = *near_bucket(x->verify, (uintptr_t)part->data / GRAIN);
    *near_bucket(x->verify, (uintptr_t)part->data / GRAIN) = part;
    if (from == view)
        return;
    if (from == 0 || (from >= AT_LAYERS && !overlaps(x->verify, part)))
        hand_close(x->verify, va, part->size);
    part->data_view = (uint8_t)view;
    mdl->MappedSystemVa = arena_view(x->arena, va, view);
    if ((char *)mdl->StartVa + mdl->ByteOffset == va)
        mdl->StartVa = (char *)mdl->MappedSystemVa - mdl->ByteOffset;
    if (view != AT_UNDIS)
        hand_open(x->verify, mdl->MappedSystemVa, part->size);
}

/* The part at @address that goes with the NBL; NULL: it stays as it is. */
static struct part *
part_of(const struct crossing *x, void *address, bool mdl)
{
    void *home = arena_home(x->arena, address);
    struct part *part = part_find(x->verify, home);

    if (part)
        return part->holder == x->record && part->mdl == mdl ? part : NULL;
    return part_make(x, home, mdl);
}

/* @link: where the MDL's address stands. false: it stays as it is, and what follows it. */
static bool
move_mdl(const struct crossing *x, PMDL *link, PMDL *current)
{
    PMDL mdl = *link;
    struct part *part = moves(x->arena, mdl) ? part_of(x, mdl, true) : NULL;
    bool is_current = arena_home(x->arena, mdl) == arena_home(x->arena, *current);

    if (!part)
        return false;
    move_data(x, part, arena_view(x->arena, mdl, AT_UNDIS));
    *link = move(
        x, mdl, sizeof(*mdl), view_of_part(x, part->at, arena_view_of(x->arena, mdl)), close_mdl);
    if (is_current)
        *current = *link;
    return true;
}

static void
move_mdls(const struct crossing *x, PNET_BUFFER nb)
{
    PMDL *link = &nb->MdlChain;
    unsigned n = 0;

    while (*link && n++ < CHAIN_MAX && move_mdl(x, link, &nb->CurrentMdl))
        link = &((PMDL)arena_view(x->arena, *link, AT_UNDIS))->Next;
}

static void
move_nbs(const struct crossing *x, PNET_BUFFER_LIST nbl)
{
    PNET_BUFFER *link = &nbl->FirstNetBuffer;
    unsigned n = 0;

    for (PNET_BUFFER nb = *link; nb && moves(x->arena, nb) && n < CHAIN_MAX; n++) {
        struct part *part = part_of(x, nb, false);
        PNET_BUFFER there = arena_view(x->arena, nb, AT_UNDIS);

        if (!part)
            return;
        if (x->mdls)
            move_mdls(x, there);
        *link = move(x, nb, sizeof(*nb), view_of_part(x, part->at, arena_view_of(x->arena, nb)),
            hand_close_nb);
        link = &there->Next;
        nb = there->Next;
    }
}

/* Contexts are never closed: they have an address because calls compare it. */
static void
move_context(const struct crossing *x, PNET_BUFFER_LIST nbl, const struct seat *seat)
{
    void *was = nbl->Context;

    if (!moves(x->arena, was))
        return;
    nbl->Context = arena_view(x->arena, was, x->view);
    if (x->way == COME_BACK && seat->context &&
        arena_home(x->arena, seat->context) == arena_home(x->arena, was))
        nbl->Context = seat->context;
    if (nbl->NdisReserved[1])
        nbl->NdisReserved[1] = arena_view(x->arena, nbl->NdisReserved[1], x->view);
}

/* It is its maker's again. */
static void
drop_parts(struct verify *verify, struct record *record)
{
    struct arena *arena = verify->machine->arena;

    while (record->parts) {
        struct part *part = record->parts;

        record->parts = part->sibling;
        if (moves(arena, part->home))
            hand_open(verify, part->home, part->mdl ? sizeof(MDL) : sizeof(NET_BUFFER));
        if (part->data && moves(arena, part->data))
            hand_open(verify, part->data, part->size);
        part_free(verify, part);
    }
}

static bool
of_undis(const NET_BUFFER_LIST *nbl)
{
    const struct packet_pool *pool = nbl->NdisPoolHandle;

    return pool && pool->own;
}

/* Answers where the NBL is now. */
static PNET_BUFFER_LIST
cross(struct crossing *x, PNET_BUFFER_LIST nbl)
{
    PNET_BUFFER_LIST there = arena_view(x->arena, nbl, AT_UNDIS);
    struct seat *seat = x->way == GIVE ? &x->record->below[x->seat] : &x->record->now;

    if (x->way == GIVE) {
        seat->view = (uint8_t)arena_view_of(x->arena, nbl);
        seat->context = there->Context;
    }
    x->mdls = !of_undis(there) && !x->record->children &&
              __atomic_load_n(&there->ChildRefCount, __ATOMIC_RELAXED) == 0;
    move_context(x, there, seat);
    move_nbs(x, there);
    nbl = move(x, nbl, sizeof(*nbl), x->view, hand_close_nbl);
    if (x->view == 0 && x->record->seats == 0)
        drop_parts(x->verify, x->record);
    return nbl;
}

/* What is to be done with @record's NBL on its way; false: it stays where it is. */
static bool
plan(struct crossing *x, const struct gate_call *call, const NET_BUFFER_LIST *nbl)
{
    const struct record *record = x->record;

    if (!record || record->lost || record->kind != OBJECT_NBL)
        return false;
    x->seat = record->seats;
    switch (x->way) {
    case GIVE:
        if (!record->seats)
            return false;
        x->seat = record->seats - 1u;
        x->view = AT_UNDIS;
        return true;
    case GIVE_BACK:
        x->view = !record->seats && of_undis(nbl_of(x->verify, record)) ? 0 : AT_UNDIS;
        /* What came at its maker's address stays there. */
        return arena_view_of(x->arena, nbl) >= AT_LAYERS;
    case ARRIVE:
        x->view = AT_LAYERS + record->seats;
        if (x->view >= ARENA_VIEWS)
            x->view = ARENA_VIEWS - 1;
        /* One that is linked into the program is not followed. */
        return call->driver->image != NULL &&
               (record->seats || of_undis(nbl_of(x->verify, record)));
    case COME_BACK:
        x->view = record->now.view;
        if (!call->driver->image && record->seats)
            x->view = AT_UNDIS;
        return true;
    }
    return false;
}

/* The chain of @call goes on; the call gets it at its new address. */
static void
cross_chain(struct verify *verify, struct gate_call *call, enum way way)
{
    PNET_BUFFER_LIST *link = (PNET_BUFFER_LIST *)&call->args[1], nbl = *link;

    if (!verify->hands_over)
        return;
    if (call->import && way != COME_BACK)
        nbl = call->scratch[SCRATCH_CHAIN];
    for (unsigned n = 0; nbl && n < CHAIN_MAX; n++) {
        struct object *prefix = object_of(verify->machine, nbl, OBJECT_NBL);
        struct crossing x = {.verify = verify,
            .arena = verify->machine->arena,
            .record = prefix ? prefix->record : NULL,
            .way = way};
        PNET_BUFFER_LIST there;

        if (!prefix)
            return;
        there = arena_view(x.arena, nbl, AT_UNDIS);
        *link = plan(&x, call, nbl) ? cross(&x, nbl) : nbl;
        if (call->import && way != COME_BACK)
            fails(verify, hand_rule(call->import->name), false);
        link = &there->Next;
        nbl = there->Next;
    }
}

/* Calls of drivers. What is closed to the driver is not to those who look what it does. */
static void
look(struct verify *verify, struct gate_call *call)
{
    void *chain = (void *)call->args[1];

    call->scratch[SCRATCH_CHAIN] = chain;
    if (verify->hands_over && moves(verify->machine->arena, chain))
        call->args[1] = (uintptr_t)arena_view(verify->machine->arena, chain, AT_UNDIS);
}

static void
give(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, GIVE);
}

static void
give_back(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, GIVE_BACK);
}

/* With RESOURCES the chain is the indicator's again. */
static void
indicated(struct verify *verify, struct gate_call *call)
{
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        cross_chain(verify, call, COME_BACK);
}

const struct check hand_first_imports[] = {
    {"NdisSendNetBufferLists", look, NULL},
    {"NdisFSendNetBufferLists", look, NULL},
    {"NdisMIndicateReceiveNetBufferLists", look, NULL},
    {"NdisFIndicateReceiveNetBufferLists", look, NULL},
    {"NdisFSendNetBufferListsComplete", look, NULL},
    {"NdisMSendNetBufferListsComplete", look, NULL},
    {"NdisReturnNetBufferLists", look, NULL},
    {"NdisFReturnNetBufferLists", look, NULL},
    {NULL, NULL, NULL},
};

const struct check hand_imports[] = {
    {"NdisSendNetBufferLists", give, NULL},
    {"NdisFSendNetBufferLists", give, NULL},
    {"NdisMIndicateReceiveNetBufferLists", give, indicated},
    {"NdisFIndicateReceiveNetBufferLists", give, indicated},
    {"NdisFSendNetBufferListsComplete", give_back, NULL},
    {"NdisMSendNetBufferListsComplete", give_back, NULL},
    {"NdisReturnNetBufferLists", give_back, NULL},
    {"NdisFReturnNetBufferLists", give_back, NULL},
    {NULL, NULL, NULL},
};

/* Handlers. */
static void
arrive(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, ARRIVE);
}

static void
come_back(struct verify *verify, struct gate_call *call)
{
    cross_chain(verify, call, COME_BACK);
}

static void
received(struct verify *verify, struct gate_call *call)
{
    if (call->args[4] & NDIS_RECEIVE_FLAGS_RESOURCES)
        cross_chain(verify, call, GIVE_BACK);
}

/* Before the ledger looks. */
const struct check hand_first_handlers[] = {
    {"FilterSendNetBufferLists", arrive, NULL},
    {"MiniportSendNetBufferLists", arrive, NULL},
    {"FilterReceiveNetBufferLists", arrive, NULL},
    {"ProtocolReceiveNetBufferLists", arrive, NULL},
    {NULL, NULL, NULL},
};

/* After it. */
const struct check hand_handlers[] = {
    {"FilterSendNetBufferListsComplete", come_back, NULL},
    {"ProtocolSendNetBufferListsComplete", come_back, NULL},
    {"FilterReturnNetBufferLists", come_back, NULL},
    {"MiniportReturnNetBufferLists", come_back, NULL},
    {"FilterReceiveNetBufferLists", NULL, received},
    {"ProtocolReceiveNetBufferLists", NULL, received},
    {NULL, NULL, NULL},
};

/* Objects that go. */
void
hand_forget(struct verify *verify, struct record *record)
{
    if (!verify->hands_over)
        return;
    drop_parts(verify, record);
    hand_open(verify, record->body, sizeof(NET_BUFFER_LIST));
}

void
hand_forget_mdl(struct verify *verify, const void *mdl)
{
    struct part *part, **link;

    if (!verify->hands_over)
        return;
    part = part_find(verify, arena_home(verify->machine->arena, mdl));
    if (!part || !part->mdl)
        return;
    for (link = &part->holder->parts; *link != part;)
        link = &(*link)->sibling;
    *link = part->sibling;
    hand_open(verify, part->home, sizeof(MDL));
    part_free(verify, part);
}
