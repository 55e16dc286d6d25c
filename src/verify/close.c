/* SPDX-License-Identifier: MIT */
/* What of a range can be closed in a view. AddressSanitizer closes bytes. Without it pages are
 * protected, and only those that nothing else lies on: in a machine that hands over, blocks of the
 * arena and elements of pools begin on pages of their own (arena_closed.c, pool.c).
 *
 *     an object, a pool's NBL, MDL or data     its pages, the end of the last one too
 *     a piece of a larger block                the pages that lie in it whole; often none
 *     what its giver may read members of       the same pages, to writes
 */
#include "verify/hand.h"

#include "ndis/packet/pool.h"

/* Nothing lies behind @home + @size on the last page. What lies before it may be closed, but not
 * where undis looks at it.
 */
static bool
ends_alone(struct verify *verify, const char *home, size_t size)
{
    const char *seen = arena_view(verify->machine->arena, home, AT_UNDIS);
    const struct object *prefix = object_of(verify->machine, seen, OBJECT_NONE);
    size_t whole;
    const char *block = arena_find(verify->machine->arena, home, &whole);

    if (!block)
        return false;
    if (prefix)
        return size >= prefix->size || prefix->kind == OBJECT_MDL;
    return home + size >= block + whole || pool_has_pages(block);
}

/* Without a NET_BUFFER of its own on it, an NBL of a pool that has them shares its page with one that
 * somebody else may have. */
static bool
shares_page(const struct arena *arena, const NET_BUFFER_LIST *nbl)
{
    const struct packet_pool *pool = object_prefix(nbl)->home;
    const struct nbl_body *body = arena_home(arena, nbl);

    return pool && pool->with_nb && arena_home(arena, nbl->FirstNetBuffer) != &body->nb;
}

/* AddressSanitizer closes no part of 8 bytes at the end, unless nothing lies behind it. */
static size_t
rest_of_granule(struct arena *arena, const char *end)
{
    size_t rest = -(uintptr_t)end & 7u, whole;
    const char *block = rest ? arena_find(arena, arena_home(arena, end - 1), &whole) : NULL;

    return block && block + whole == (const char *)arena_home(arena, end) ? rest : 0;
}

static void
close_so(struct verify *verify, void *address, size_t size,
    void (*close)(struct arena *arena, void *start, size_t size))
{
    struct arena *arena = verify->machine->arena;
    size_t grain = arena_grain(arena);
    char *start = (char *)(((uintptr_t)address + grain - 1) & ~(grain - 1)),
         *end = (char *)address + size;

    if (grain == 1)
        end += rest_of_granule(arena, end);
    else if (!ends_alone(verify, arena_home(arena, address), size))
        end = (char *)((uintptr_t)end & ~(grain - 1));
    if (start < end)
        close(arena, start, (size_t)(end - start));
}

void
hand_close(struct verify *verify, void *address, size_t size)
{
    close_so(verify, address, size, arena_close_view);
}

void
hand_close_but(
    struct verify *verify, void *address, size_t size, const struct hole *holes, unsigned count)
{
    size_t at = 0;

    if (arena_grain(verify->machine->arena) > 1) {
        close_so(verify, address, size, arena_freeze_view);
        return;
    }
    for (unsigned k = 0; k < count && holes[k].end <= size; k++) {
        hand_close(verify, (char *)address + at, holes[k].start - at);
        at = holes[k].end;
    }
    hand_close(verify, (char *)address + at, size - at);
}

void
hand_close_nbl(struct verify *verify, void *address)
{
    struct arena *arena = verify->machine->arena;

    if (arena_grain(arena) == 1 || !shares_page(arena, arena_view(arena, address, AT_UNDIS)))
        hand_close(verify, address, sizeof(NET_BUFFER_LIST));
}

void
hand_close_nb(struct verify *verify, void *address)
{
    struct arena *arena = verify->machine->arena;
    const NET_BUFFER *nb = arena_view(arena, address, AT_UNDIS);

    /* One that came with its NBL is closed with that. */
    if (arena_grain(arena) == 1 || (uintptr_t)nb->NdisReserved[0] == NB_ALONE)
        hand_close(verify, address, sizeof(NET_BUFFER));
}

void
hand_open(struct verify *verify, void *address, size_t size)
{
    arena_open_view(verify->machine->arena, address, size);
}
