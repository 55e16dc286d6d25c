/* SPDX-License-Identifier: MIT */
/* Pools of NET_BUFFER_LISTs, NET_BUFFERs and MDLs.
 *
 *     slab    | element | element | ...                     one batch of elements, never given back
 *     element | prefix | NBL | prefix | NB | context | MDL | data |        parts as the pool has them
 *
 *     lane (one per processor)   hot --> spare --> [shared full batches] --> new slab
 *
 * An element is laid out once, when its slab is cut. Taking and putting one touches the lane of
 * the processor that the task holds, so there is neither lock nor atomic; whole batches go to and
 * come from the shared list under the pool's lock. The last element put is the first one taken.
 *
 * A pool is made and freed by the driver that asked for it; its address is the handle.
 */
#pragma once

#include "nt/gate.h"
#include "nt/object.h"
#include "nt/processor.h"
#include <ndis.h>

/* The first bytes of a free element's body. */
struct pool_free {
    struct pool_free *next;
    struct pool_free *next_batch; /* in the first one of a full batch on the shared list */
};

struct pool_lane {
    struct pool_free *hot;   /* 0 .. batch - 1 elements */
    struct pool_free *spare; /* NULL or a whole batch */
    uint32_t hot_count;
    int64_t out; /* taken less put on this processor */
} __attribute__((aligned(64)));

struct pool_slab;

/* Lock key: [I] set at creation, [P] per processor, [L] guarded by lock. */
struct packet_pool {
    enum object_kind kind;   /* [I] of the elements: OBJECT_NBL, OBJECT_NB or OBJECT_MDL */
    struct undis *machine;   /* [I] */
    NDIS_HANDLE ndis_handle; /* [A] what the driver named at creation, or NULL */
    void (*lay_out)(struct packet_pool *pool, void *body); /* [I] once per element */
    struct pool_lane *lanes;                               /* [P] */

    uint32_t tag;          /* [I] */
    uint32_t data_size;    /* [I] bytes of data per element, 0 none */
    uint32_t context_size; /* [I] bytes of preallocated context */
    uint32_t context_at;   /* [I] from the NBL to its context header */
    uint32_t mdl_at;       /* [I] from the NB to its MDL, when data_size is not 0 */
    uint32_t data_at;      /* [I] from the MDL to the data */
    uint32_t lead;         /* [I] bytes of a body that stay undis', before what can be closed */
    uint32_t end;          /* [I] bytes of its body, */
    uint32_t stride;       /* [I] of an element, prefix included */
    uint32_t batch;        /* [I] elements of a slab and of a full batch */
    uint32_t grain;        /* [I] what can be closed by itself begins and ends on such a boundary */
    uint8_t protocol_id;   /* [I] */
    bool with_nb;          /* [I] each NBL brings a NET_BUFFER */
    bool own;              /* [I] of undis itself: drivers only get what it makes */
    bool wraps;            /* [I] each NBL stands for a packet that is sent (carrier.h) */
    bool shows; /* [I] and these for one that is received: MiniportReserved[0], or NULL */

    uint32_t lock;           /* host_lock */
    struct pool_free *full;  /* [L] full batches */
    struct pool_slab *slabs; /* [L] */
};

/* The verifier looks at pools that are just being made. */
static inline NDIS_HANDLE
pool_handle(const struct packet_pool *pool)
{
    return __atomic_load_n(&pool->ndis_handle, __ATOMIC_RELAXED);
}

static inline void
pool_set_handle(struct packet_pool *pool, NDIS_HANDLE handle)
{
    __atomic_store_n(&pool->ndis_handle, handle, __ATOMIC_RELAXED);
}

/* What NdisReserved[0] of an NBL or NB says; anything else is no object of ours. */
enum packet_state {
    PACKET_FREE = 0x6e620f00,
    NBL_PLAIN,
    NBL_CLONE,        /* has MDLs of its own */
    NBL_CLONE_SHARED, /* uses the MDLs of its parent */
    NBL_FRAGMENT,
    NBL_REASSEMBLED,
    NB_ALONE,
    NB_EMBEDDED /* lives and dies with its NBL */
};

#define POOL_DATA_MAX (1u << 20) /* bytes of data with one NET_BUFFER; an MDL's Size is 16 bits */

/* Bodies: what follows the prefix. */
struct nbl_body {
    NET_BUFFER_LIST nbl;
    struct object nb_prefix; /* pools with NET_BUFFERs only */
    NET_BUFFER nb;
};
_Static_assert(sizeof(NET_BUFFER_LIST) == 384, "the largest version of all");
_Static_assert(sizeof(NET_BUFFER_LIST) % 64 == 0, "bodies start on a cache line");

/* A line, or a page where pages are closed. */
uint32_t pool_grain(const struct undis *machine);
/* Where the next part of an element of @pool begins that can be closed by itself: @end, or a page. */
size_t pool_part_at(const struct packet_pool *pool, size_t end);
/* The bodies of its elements have @end bytes. */
void pool_size(struct packet_pool *pool, size_t end);
/* Whether all that begins on a page of @block, which belongs to the arena, has it to itself. */
bool pool_has_pages(const void *block);
/* Gives @pool its lanes; stride, batch and layout must be known. false: no memory. */
bool pool_open(struct packet_pool *pool);
/* Frees slabs, lanes and the pool; bug check when elements are out. @caller: the exported call. */
void pool_close(struct packet_pool *pool, const char *caller);
/* Elements out; exact when nobody takes or puts. */
int64_t pool_out(const struct packet_pool *pool);
/* The pool behind a handle of drivers; bug check when it is none of @kind. */
struct packet_pool *pool_from_handle(NDIS_HANDLE handle, enum object_kind kind, const char *caller);

/* The same on the data path: the full check is made when the handle looks wrong. */
static inline struct packet_pool *
pool_of(NDIS_HANDLE handle, enum object_kind elements, enum object_kind kind, const char *caller)
{
    struct packet_pool *pool = handle;

    if (__builtin_expect(!pool || pool->kind != elements, 0))
        return pool_from_handle(handle, kind, caller);
    return pool;
}

/* Gets a batch into the empty lane; false: no memory. */
bool pool_refill(struct packet_pool *pool, struct pool_lane *lane);
void pool_overflow(struct packet_pool *pool, struct pool_lane *lane);
/* With hooks: the prefix comes alive, or goes. */
bool pool_fault(struct packet_pool *pool, size_t size);
void pool_show(struct packet_pool *pool, void *body, enum object_kind kind, size_t size);

/* An element's body, or NULL. IRQL <= DISPATCH_LEVEL. The caller tells the hooks. */
static inline void *
pool_take(struct packet_pool *pool)
{
    KIRQL irql = irql_now();
    struct pool_free *element = NULL;
    struct pool_lane *lane;

    if (irql < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    lane = &pool->lanes[block_self->processor];
    if (__builtin_expect(lane->hot != NULL, 1) || pool_refill(pool, lane)) {
        element = lane->hot;
        lane->hot = element->next;
        lane->hot_count--;
        lane->out++;
    }
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
    return element;
}

/* At DISPATCH_LEVEL: @body may be taken again. */
static inline void
pool_give(struct packet_pool *pool, struct pool_lane *lane, void *body)
{
    struct pool_free *element = body;

    element->next = lane->hot;
    lane->hot = element;
    if (__builtin_expect(++lane->hot_count == pool->batch, 0))
        pool_overflow(pool, lane);
}

/* What came back and was retired, to be taken again when it has rested. */
void pool_rest(struct packet_pool *pool, void *body);

static inline void
pool_put(struct packet_pool *pool, void *body)
{
    KIRQL irql = irql_now();
    struct pool_lane *lane;

    if (irql < DISPATCH_LEVEL)
        irql_raise(DISPATCH_LEVEL);
    lane = &pool->lanes[block_self->processor];
    lane->out--;
    pool_give(pool, lane, body);
    if (irql < DISPATCH_LEVEL)
        irql_lower(irql);
}

static inline bool
pool_hooked(const struct packet_pool *pool)
{
    return __builtin_expect(pool->machine->hooks != NULL, 0);
}

/* The pools for callers that name none: NBLs with a NET_BUFFER each, NET_BUFFERs, and MDLs of up
 * to PART_PAGES pages for parts of buffers. NULL when memory is short. */
struct packet_defaults {
    struct packet_pool *nbls;
    struct packet_pool *nbs;
    struct packet_pool *mdls;
};
struct packet_defaults *packet_defaults(void);
