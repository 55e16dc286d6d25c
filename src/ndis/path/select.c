/* SPDX-License-Identifier: MIT */
/* Receives for bindings that want some frames and not others (audience.c).
 *
 *     chain a b c d  --> binding 1 wants a c: clones of them (the last binding: themselves)
 *                    --> binding 2 wants c d
 *                    <-- b, wanted by nobody, goes back at once
 *
 * With RESOURCES, and when there is no clone, a binding gets runs of the chain itself, one after
 * the other, and the chain is whole again afterwards.
 */
#include "ndis/path/select.h"
#include "ndis/path/audience.h"

/* Lends @binding each run of NBLs that it wants. */
static void
lend_runs(struct module *binding, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    while (chain) {
        PNET_BUFFER_LIST first = chain, last = NULL, rest;
        ULONG count = 0;

        while (chain && audience_wants(binding, chain)) {
            last = chain;
            chain = chain->Next;
            count++;
        }
        rest = chain;
        if (count) {
            last->Next = NULL;
            call_receive(binding, first, port, count, flags | NDIS_RECEIVE_FLAGS_RESOURCES);
            last->Next = rest;
        }
        chain = rest ? rest->Next : NULL;
    }
}

/* Clones of what @binding wants; false: there are not enough, and none is left. */
static bool
clone_wanted(struct module *binding, PNET_BUFFER_LIST chain, PNET_BUFFER_LIST *clones, ULONG *count)
{
    PNET_BUFFER_LIST *link = clones;

    *clones = NULL;
    *count = 0;
    for (; chain; chain = chain->Next) {
        if (!audience_wants(binding, chain))
            continue;
        *link = receive_clone(binding->adapter, chain);
        if (!*link) {
            receive_settle(binding->adapter, *clones); /* the chain itself still has a holder */
            return false;
        }
        __atomic_add_fetch(&chain->ChildRefCount, 1, __ATOMIC_RELAXED);
        link = &(*link)->Next;
        ++*count;
    }
    return true;
}

static void
give_clones(struct module *binding, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags)
{
    PNET_BUFFER_LIST clones;
    ULONG count;

    if (!clone_wanted(binding, chain, &clones, &count))
        lend_runs(binding, chain, port, flags);
    else if (count)
        call_receive(binding, clones, port, count, flags);
}

/* Takes what @binding wants out of *@chain; both parts stay in order. */
static PNET_BUFFER_LIST
take_wanted(struct module *binding, PNET_BUFFER_LIST *chain, ULONG *count)
{
    PNET_BUFFER_LIST wanted = NULL, *link = &wanted;

    *count = 0;
    while (*chain) {
        PNET_BUFFER_LIST nbl = *chain;

        if (!audience_wants(binding, nbl)) {
            chain = &nbl->Next;
            continue;
        }
        *chain = nbl->Next;
        nbl->Next = NULL;
        *link = nbl;
        link = &nbl->Next;
        ++*count;
    }
    return wanted;
}

static void
give_last(struct module *from, struct module *binding, PNET_BUFFER_LIST chain,
    NDIS_PORT_NUMBER port, ULONG flags)
{
    ULONG count;
    PNET_BUFFER_LIST wanted = take_wanted(binding, &chain, &count);

    if (count)
        call_receive(binding, wanted, port, count, flags);
    chain = receive_settle(from->adapter, chain);
    if (!chain)
        return;
    lane_add(&module_lane(from)->returned, path_count(chain));
    call_return(from, chain, NDIS_RETURN_FLAGS_DISPATCH_LEVEL);
}

void
select_indicate(struct module *from, const struct receivers *to, PNET_BUFFER_LIST chain,
    NDIS_PORT_NUMBER port, ULONG flags)
{
    unsigned last = to->count - 1;

    if (flags & NDIS_RECEIVE_FLAGS_RESOURCES) {
        for (unsigned i = 0; i <= last; i++)
            lend_runs(to->bindings[i], chain, port, flags);
        return;
    }
    for (PNET_BUFFER_LIST nbl = chain; last && nbl; nbl = nbl->Next)
        __atomic_add_fetch(&nbl->ChildRefCount, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < last; i++)
        give_clones(to->bindings[i], chain, port, flags);
    give_last(from, to->bindings[last], chain, port, flags);
}
