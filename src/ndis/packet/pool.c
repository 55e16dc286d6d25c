/* SPDX-License-Identifier: MIT */
/* Pools: slabs, batches, lanes. The drawing is in pool.h. */
#include "ndis/packet/pool.h"
#include "host/lock.h"
#include "ndis/packet/packet.h"
#include "ndis/packet/part.h"

/* Before the elements of a slab. */
struct pool_slab {
    struct pool_slab *next;
    uint64_t has_pages; /* SLAB_OF_PAGES, or 0 */
} __attribute__((aligned(64)));
_Static_assert(sizeof(struct pool_slab) == ARENA_LEAD, "its elements begin on a page");

#define SLAB_OF_PAGES  0x7365676170666f62ull
#define SLAB_BYTES     131072u
#define BATCH_MAX      32u
#define BATCH_MIN      4u
#define CACHE_DEFAULTS 0 /* in caches of processor 0: struct packet_defaults */

uint32_t
pool_grain(const struct undis *machine)
{
    size_t grain = arena_grain(machine->arena);

    return grain > 64 ? (uint32_t)grain : 64;
}

static bool
has_pages(const struct packet_pool *pool)
{
    return pool->grain > 64;
}

size_t
pool_part_at(const struct packet_pool *pool, size_t end)
{
    return has_pages(pool) ? (end + pool->grain - 1) & ~(size_t)(pool->grain - 1) : end;
}

/* A page of closed ones has the prefix of the next element at its end. */
void
pool_size(struct packet_pool *pool, size_t end)
{
    pool->end = (uint32_t)end;
    pool->stride = (uint32_t)(has_pages(pool) ? pool_part_at(pool, end) + pool->grain
                                              : (sizeof(struct object) + end + 63) & ~(size_t)63);
}

bool
pool_has_pages(const void *block)
{
    return ((const struct pool_slab *)block)->has_pages == SLAB_OF_PAGES;
}

/* What lies before the first element, so that its body, or what follows the lead of that, begins on a
 * boundary. */
static size_t
room_before(const struct packet_pool *pool)
{
    return has_pages(pool) ? pool->grain - sizeof(struct object) - pool->lead : 0;
}

bool
pool_open(struct packet_pool *pool)
{
    struct undis *machine = pool->machine;
    uint32_t fit = SLAB_BYTES / pool->stride;

    pool->batch = fit > BATCH_MAX ? BATCH_MAX : fit < BATCH_MIN ? BATCH_MIN : fit;
    pool->lanes = arena_zalloc(machine->arena, machine->processor_count * sizeof(*pool->lanes), 64);
    return pool->lanes != NULL;
}

int64_t
pool_out(const struct packet_pool *pool)
{
    int64_t out = 0;

    for (unsigned i = 0; i < pool->machine->processor_count; i++)
        out += __atomic_load_n(&pool->lanes[i].out, __ATOMIC_RELAXED);
    return out;
}

void
pool_close(struct packet_pool *pool, const char *caller)
{
    struct arena *arena = pool->machine->arena;
    int64_t out = pool_out(pool);

    if (out != 0)
        gate_bug_check("nbl-pool-free-empty", "%s frees pool %u while %lld of its %ss are out",
            caller, object_prefix(pool)->id, (long long)out, object_kind_name(pool->kind));
    object_pool_ends(pool->machine, pool->kind, pool);
    while (pool->slabs) {
        struct pool_slab *slab = pool->slabs;

        pool->slabs = slab->next;
        arena_free(arena, slab);
    }
    arena_free(arena, pool->lanes);
    object_destroy(pool);
}

struct packet_pool *
pool_from_handle(NDIS_HANDLE handle, enum object_kind kind, const char *caller)
{
    struct object *prefix = object_of(machine_self(), handle, kind);

    if (!prefix)
        gate_bug_check("nbl-from-pool", "%s was given %p, which is no handle of an %s", caller,
            handle, object_kind_name(kind));
    return handle;
}

/* Cuts a slab into a chain of free elements, the lowest address first. */
static struct pool_free *
cut_slab(struct packet_pool *pool)
{
    struct pool_slab *slab = arena_alloc(pool->machine->arena,
        sizeof(*slab) + room_before(pool) + (size_t)pool->batch * pool->stride, 64);
    struct pool_free *first = NULL;

    if (!slab)
        return NULL;
    for (uint32_t i = pool->batch; i-- > 0;) {
        char *element = (char *)(slab + 1) + room_before(pool) + (size_t)i * pool->stride;
        struct pool_free *body = (struct pool_free *)(element + sizeof(struct object));

        pool->lay_out(pool, body);
        body->next = first;
        first = body;
    }
    slab->has_pages = has_pages(pool) ? SLAB_OF_PAGES : 0;
    host_lock(&pool->lock);
    slab->next = pool->slabs;
    pool->slabs = slab;
    host_unlock(&pool->lock);
    return first;
}

bool
pool_refill(struct packet_pool *pool, struct pool_lane *lane)
{
    struct pool_free *batch = lane->spare;

    if (batch) {
        lane->spare = NULL;
    } else {
        host_lock(&pool->lock);
        batch = pool->full;
        if (batch)
            pool->full = batch->next_batch;
        host_unlock(&pool->lock);
        if (!batch)
            batch = cut_slab(pool);
    }
    if (!batch)
        return false;
    lane->hot = batch;
    lane->hot_count = pool->batch;
    return true;
}

void
pool_overflow(struct packet_pool *pool, struct pool_lane *lane)
{
    if (lane->spare) {
        host_lock(&pool->lock);
        lane->spare->next_batch = pool->full;
        pool->full = lane->spare;
        host_unlock(&pool->lock);
    }
    lane->spare = lane->hot;
    lane->hot = NULL;
    lane->hot_count = 0;
}

static void
let_go(struct undis *machine, void *body)
{
    struct packet_pool *pool = object_prefix(body)->home;

    (void)machine;
    pool->lay_out(pool, body);
    pool_give(pool, &pool->lanes[block_self->processor], body);
}

void
pool_rest(struct packet_pool *pool, void *body)
{
    KIRQL irql = irql_now();

    if (irql < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    pool->lanes[block_self->processor].out--;
    object_rests(body, pool->end, pool->kind, let_go);
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
}

void
packet_pool_is_own(NDIS_HANDLE pool)
{
    if (pool)
        ((struct packet_pool *)pool)->own = true;
}

void
packet_pool_shows(NDIS_HANDLE pool)
{
    packet_pool_is_own(pool);
    if (pool)
        ((struct packet_pool *)pool)->shows = true;
}

bool
pool_fault(struct packet_pool *pool, size_t size)
{
    const struct gate_hooks *hooks = pool->machine->hooks;
    bool quiet = block_self->quiet, fails;

    if (!hooks->fault || quiet)
        return false;
    block_self->quiet = true;
    fails = hooks->fault(pool->machine->hook_context, pool->kind, size);
    block_self->quiet = false;
    return fails;
}

void
pool_show(struct packet_pool *pool, void *body, enum object_kind kind, size_t size)
{
    object_init(pool->machine, object_prefix(body), kind, size, pool, pool->tag);
}

static void
defaults_destroy(struct packet_defaults *defaults)
{
    if (defaults->nbls)
        pool_close(defaults->nbls, "undis");
    if (defaults->nbs)
        pool_close(defaults->nbs, "undis");
    if (defaults->mdls)
        pool_close(defaults->mdls, "undis");
}

static struct packet_defaults *
defaults_create(struct undis *machine)
{
    struct packet_defaults *defaults = machine_alloc(machine, sizeof(*defaults));

    if (!defaults)
        return NULL;
    defaults->nbls = nbl_pool_create(NULL, true, 0, 0, NDIS_PROTOCOL_ID_DEFAULT, 'lbNu');
    defaults->nbs = nb_pool_create(NULL, 0, 'bNdu');
    defaults->mdls = part_pool_create();
    if (defaults->nbls && defaults->nbs && defaults->mdls)
        return defaults;
    defaults_destroy(defaults);
    machine_free(machine, defaults);
    return NULL;
}

/* Runs as undis itself: the pools are no driver's. */
static struct packet_defaults *
defaults_publish(struct undis *machine, void **home)
{
    struct block *self = block_self;
    void *driver = self->driver, *other = NULL;
    bool quiet = self->quiet;
    struct packet_defaults *defaults;

    self->driver = NULL;
    self->quiet = true;
    defaults = defaults_create(machine);
    if (defaults && !__atomic_compare_exchange_n(
                        home, &other, defaults, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        defaults_destroy(defaults);
        machine_free(machine, defaults);
        defaults = other;
    }
    self->driver = driver;
    self->quiet = quiet;
    return defaults;
}

struct packet_defaults *
packet_defaults(void)
{
    struct undis *machine = machine_self();
    void **home = &machine->processors[0].caches[CACHE_DEFAULTS];
    struct packet_defaults *defaults = __atomic_load_n(home, __ATOMIC_ACQUIRE);

    return __builtin_expect(defaults != NULL, 1) ? defaults : defaults_publish(machine, home);
}

void
packet_end(struct undis *machine)
{
    void **home = &machine->processors[0].caches[CACHE_DEFAULTS];
    bool quiet = block_self->quiet;

    if (!*home)
        return;
    block_self->quiet = true;
    defaults_destroy(*home);
    machine_free(machine, *home);
    *home = NULL;
    block_self->quiet = quiet;
}
