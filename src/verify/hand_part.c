/* SPDX-License-Identifier: MIT */
/* What is handed over with something else: NET_BUFFERs, MDLs, and the data that these describe. See
 * hand.c.
 *
 *     record --parts--> part | home | at[view of who gave it away]: the view in which he has it |
 *                        '--> the same of its data
 *
 * A layer finds even what it hung on somebody else's object where it had it. What several objects
 * share moves with the one that had it first; bytes that another one still shows in a view are not
 * closed there.
 */
#include "verify/hand.h"

#define PARTS_AT   64u /* made at a time */
#define GRAIN      65536u
#define DATA_MAX   GRAIN
#define MDL_MAPPED (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)

/* A NET_BUFFER or an MDL that was handed over. */
struct part {
    struct part *next;    /* in its bucket, or free */
    struct part *near;    /* in the bucket of its data */
    struct part *sibling; /* of the same record */
    struct record *holder;
    char *home; /* where it lies in view 0 */
    char *data; /* MDLs: the same of what they describe, NULL when that does not move */
    uint32_t size;
    bool mdl;
    uint8_t data_view;
    /* 1 + view, by the view of who gave it away, and by AT_UNDIS of undis itself; 0: none did */
    uint8_t at[ARENA_VIEWS], data_at[ARENA_VIEWS];
};

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
part_make(struct verify *verify, struct record *holder, void *home, bool mdl)
{
    struct part **in = bucket(verify, home), *part;

    if (!verify->free_parts && !grow(verify))
        return NULL;
    part = verify->free_parts;
    verify->free_parts = part->next;
    *part = (struct part){
        .next = *in, .sibling = holder->parts, .holder = holder, .home = home, .mdl = mdl};
    *in = part;
    holder->parts = part;
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

/* Another one has the same bytes in the same view. */
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

static void
close_mdl(struct verify *verify, void *address)
{
    hand_close(verify, address, sizeof(MDL));
}

/* What arrives from view 0 is undis' own, and stays open to it. */
static bool
leaves(const struct crossing *x, unsigned from)
{
    return from != AT_UNDIS && (from || x->way != ARRIVE);
}

void *
hand_move(const struct crossing *x, void *address, size_t size, unsigned view,
    void (*close)(struct verify *verify, void *address))
{
    unsigned from = arena_view_of(x->arena, address);
    void *to = arena_view(x->arena, address, view);

    if (from != view && leaves(x, from))
        close(x->verify, address);
    if (from != view && view != AT_UNDIS)
        hand_open(x->verify, to, size);
    return to;
}

/* Where a part goes that is in view @from; @at: the views at which it was given away. */
static unsigned
view_of_part(const struct crossing *x, uint8_t *at, unsigned from)
{
    unsigned giver = x->way == ARRIVE || x->way == GIVE_BACK ? AT_UNDIS : x->giver;

    if (x->way == GIVE || x->way == ARRIVE) {
        at[giver] = (uint8_t)(from + 1);
        return x->view;
    }
    return at[giver] ? at[giver] - 1u : x->view;
}

/* What @mdl, which is looked at in view 1, describes. */
static void
move_data(const struct crossing *x, struct part *part, MDL *mdl)
{
    char *va = mdl->MappedSystemVa;
    unsigned from, view;

    if (!(mdl->MdlFlags & MDL_MAPPED) || !mdl->ByteCount || mdl->ByteCount > DATA_MAX ||
        !moves_whole(x->arena, va, mdl->ByteCount))
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
    if (leaves(x, from) && (from == 0 || !overlaps(x->verify, part)))
        hand_close(x->verify, va, part->size);
    part->data_view = (uint8_t)view;
    mdl->MappedSystemVa = arena_view(x->arena, va, view);
    if ((char *)mdl->StartVa + mdl->ByteOffset == va)
        mdl->StartVa = (char *)mdl->MappedSystemVa - mdl->ByteOffset;
    if (view != AT_UNDIS)
        hand_open(x->verify, mdl->MappedSystemVa, part->size);
}

/* The part at @address that goes with what @holder is of; NULL: it stays as it is. */
static struct part *
part_of(const struct crossing *x, struct record *holder, void *address, bool mdl)
{
    void *home = arena_home(x->arena, address);
    struct part *part = part_find(x->verify, home);

    if (part)
        return part->holder == holder && part->mdl == mdl ? part : NULL;
    return part_make(x->verify, holder, home, mdl);
}

/* @link: where the MDL's address stands. false: it stays as it is, and what follows it. */
static bool
move_mdl(const struct crossing *x, PMDL *link, PMDL *current)
{
    PMDL mdl = *link;
    struct part *part =
        moves_whole(x->arena, mdl, sizeof(*mdl)) ? part_of(x, x->holder, mdl, true) : NULL;
    bool is_current = arena_home(x->arena, mdl) == arena_home(x->arena, *current);

    if (!part)
        return false;
    move_data(x, part, arena_view(x->arena, mdl, AT_UNDIS));
    *link = hand_move(
        x, mdl, sizeof(*mdl), view_of_part(x, part->at, arena_view_of(x->arena, mdl)), close_mdl);
    if (is_current)
        *current = *link;
    return true;
}

void
hand_move_mdls(const struct crossing *x, PMDL *link, PMDL *current)
{
    unsigned n = 0;

    while (*link && n++ < CHAIN_MAX && move_mdl(x, link, current))
        link = &((PMDL)arena_view(x->arena, *link, AT_UNDIS))->Next;
}

void
hand_move_nbs(const struct crossing *x, PNET_BUFFER_LIST nbl)
{
    PNET_BUFFER *link = &nbl->FirstNetBuffer;
    unsigned n = 0;

    for (PNET_BUFFER nb = *link; nb && moves_whole(x->arena, nb, sizeof(*nb)) && n < CHAIN_MAX;
         n++) {
        struct part *part = part_of(x, x->record, nb, false);
        PNET_BUFFER there = arena_view(x->arena, nb, AT_UNDIS);

        if (!part)
            return;
        if (x->holder)
            hand_move_mdls(x, &there->MdlChain, &there->CurrentMdl);
        *link = hand_move(x, nb, sizeof(*nb),
            view_of_part(x, part->at, arena_view_of(x->arena, nb)), hand_close_nb);
        link = &there->Next;
        nb = there->Next;
    }
}

void
hand_drop_parts(struct verify *verify, struct record *record)
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
