/* SPDX-License-Identifier: MIT */
/* The prefix that stands before every object the core makes: who it is, where it came from, who
 * has it now. Drivers see the object behind it.
 *
 *     | struct object (64 bytes) | NET_BUFFER_LIST, NET_BUFFER, MDL, handle, ... |
 *                                ^ the pointer drivers hold
 *
 * Objects live in arena memory; object_of reads the prefix after checking that.
 */
#pragma once

#include "nt/machine.h"

enum object_kind {
    OBJECT_NONE,
    OBJECT_NBL,
    OBJECT_NB,
    OBJECT_MDL,
    OBJECT_NBL_POOL,
    OBJECT_NB_POOL,
    OBJECT_OID_REQUEST, /* clones; those a driver builds live in the side table */
    OBJECT_POOL_MEMORY, /* ExAllocatePool*, NdisAllocateMemory* */
    OBJECT_IRP,
    OBJECT_DEVICE,
    OBJECT_DRIVER,
    OBJECT_FILE,
    OBJECT_KEY,
    OBJECT_THREAD,
    OBJECT_EVENT,
    OBJECT_TIMER,
    OBJECT_WORK_ITEM,
    OBJECT_RW_LOCK,
    OBJECT_CONFIGURATION,
    OBJECT_ADAPTER, /* miniport handle */
    OBJECT_FILTER,  /* filter module handle */
    OBJECT_BINDING, /* protocol open handle */
    OBJECT_MINIPORT_DRIVER,
    OBJECT_FILTER_DRIVER,
    OBJECT_PROTOCOL_DRIVER,
    OBJECT_BIND_CONTEXT,
    OBJECT_PACKET_POOL,
    OBJECT_PACKET,
    OBJECT_FAMILY, /* an open address family, NdisAfHandle */
    OBJECT_SAP,    /* NdisSapHandle */
    OBJECT_VC,     /* NdisVcHandle */
    OBJECT_PARTY,  /* NdisPartyHandle */
    OBJECT_IF_PROVIDER,
    OBJECT_POLL,
    OBJECT_SHARED_MEMORY, /* with a device */
    OBJECT_CONFIGURATION_VALUE,
    OBJECT_KINDS
};

#define OBJECT_MAGIC 0x75e1f00du
#define OBJECT_DEAD  0x75e1deadu

struct object {
    uint32_t magic;        /* OBJECT_MAGIC while alive, OBJECT_DEAD in quarantine */
    uint16_t kind;         /* enum object_kind */
    uint16_t state;        /* of the ledger; 0: with its maker */
    uint32_t id;           /* per kind, from 1; what traces and reports say */
    uint32_t tag;          /* pool tag or 0 */
    struct undis *machine; /* [I] */
    void *home;            /* [I] the pool it belongs to, or NULL */
    void *maker;           /* [I] struct driver that made it, NULL for the core */
    void *owner;           /* ledger: struct driver or struct module that has it now */
    void *record;          /* ledger: moves with stacks (verify), NULL when off */
    size_t size;           /* of what follows */
};
_Static_assert(sizeof(struct object) == 64, "alignment of what follows");

/* Zeroed object of @size bytes with its prefix; NULL when memory is short (or a fault is due). */
void *object_create(struct undis *machine, enum object_kind kind, size_t size);
/* True: what a driver asks for is to fail now, an object or, with OBJECT_NONE, something that is
 * none: memory for a device, an interrupt, a value, a name. Ask before anything is done. */
bool object_fails(struct undis *machine, enum object_kind kind, size_t size);
/* Fills in a prefix in memory that the caller laid out himself (pools). */
void object_init(struct undis *machine, struct object *prefix, enum object_kind kind, size_t size,
    void *home, uint32_t tag);
/* What is left of a destroyed object. */
struct object_rest {
    void *record;
    void *memory; /* what is to be let go: a block of the arena or, in a pool, the body */
    size_t size;  /* bytes of the body */
    enum object_kind elements; /* of a pool of such; OBJECT_NONE: a block of the arena */
};
typedef void object_let_go(struct undis *machine, void *memory);

/* Tells the hooks and frees. */
void object_destroy(void *body);
/* The same of an object in the block of the arena that begins at @block. */
void object_destroy_in(void *body, void *block);
/* Marks dead and tells the hooks without freeing (pools keep the memory). true: the memory has to rest,
 * object_rests comes next. */
bool object_retire(void *body);
/* Nobody uses the retired @body of @size bytes any more, an element of a pool of @elements. Calls
 * @let_go for all that may be used again now. */
void object_rests(void *body, size_t size, enum object_kind elements, object_let_go *let_go);
/* The elements of @pool go with it, wherever they are. */
void object_pool_ends(struct undis *machine, enum object_kind elements, const void *pool);

static inline struct object *
object_prefix(const void *body)
{
    return (struct object *)((uintptr_t)body - sizeof(struct object));
}

/* The prefix of @body when it is a living object of @kind (OBJECT_NONE: any) of this machine, else
 * NULL.
 * Safe for any pointer value. */
struct object *object_of(struct undis *machine, const void *body, enum object_kind kind);
const char *object_kind_name(enum object_kind kind);
