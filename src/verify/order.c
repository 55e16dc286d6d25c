/* SPDX-License-Identifier: MIT */
/* The order of locks: a graph of "was taken while that one was held", over the whole run. A cycle
 * is a deadlock that can happen, whether it did or not.
 */
#include "verify/check.h"

/* @to was taken while the lock whose place has this edge was held. */
struct edge {
    struct edge *next;
    struct place *to;
    struct move taken;
};

static struct edge *
edge_find(const struct place *from, const struct place *to)
{
    struct edge *edge = from->edges;

    while (edge && edge->to != to)
        edge = edge->next;
    return edge;
}

/* The edge that a way from @from to @to ends with; NULL when there is no way. */
static struct edge *
way(struct verify *verify, struct place *from, const struct place *to)
{
    from->search = verify->searches;
    for (struct edge *edge = from->edges; edge; edge = edge->next) {
        struct edge *last;

        if (edge->to == to)
            return edge;
        if (edge->to->search == verify->searches)
            continue;
        last = way(verify, edge->to, to);
        if (last)
            return last;
    }
    return NULL;
}

static void
edge_add(struct verify *verify, struct place *from, struct place *to, const char *what)
{
    struct edge *edge = verify->free_edges;

    if (edge)
        verify->free_edges = edge->next;
    else
        edge = ledger_alloc(verify, sizeof(*edge));
    if (!edge)
        return;
    edge->to = to;
    move_now(verify, &edge->taken, what);
    edge->next = from->edges;
    from->edges = edge;
}

void
order_taken(
    struct verify *verify, const struct gate_call *call, struct place *held, struct place *taken)
{
    const struct edge *back;

    if (held == taken || edge_find(held, taken))
        return;
    verify->searches++;
    back = way(verify, taken, held);
    if (fails(verify, RULE_LOCK_ORDER, back != NULL)) {
        broken_at(verify, RULE_LOCK_ORDER, call, NULL, &back->taken,
            "the other one was taken last here",
            "%s takes two locks in one order here and in the other order elsewhere: two "
            "processors can wait for each other",
            call->driver->name);
        return;
    }
    edge_add(verify, held, taken, call->import->name);
}

static void
edges_free(struct verify *verify, struct edge **link, const struct place *to)
{
    while (*link) {
        struct edge *edge = *link;

        if (to && edge->to != to) {
            link = &edge->next;
            continue;
        }
        *link = edge->next;
        edge->next = verify->free_edges;
        verify->free_edges = edge;
    }
}

void
order_forget(struct verify *verify, struct place *place)
{
    bool lock = place->kind == PLACE_SPIN_LOCK || place->kind == PLACE_RW_LOCK;

    edges_free(verify, &place->edges, NULL);
    for (unsigned k = 0; lock && k < PLACE_BUCKETS; k++)
        for (struct place *other = verify->places[k]; other; other = other->next)
            edges_free(verify, &other->edges, place);
}
