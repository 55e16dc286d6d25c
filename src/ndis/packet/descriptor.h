/* SPDX-License-Identifier: MIT */
/* Packets of drivers, and their pools: NDIS_PACKET with what stands behind it.
 *
 *     struct descriptor | NDIS_PACKET ... ProtocolReserved | OOB data | extension | stack |
 *       (undis' own)
 */
#pragma once

#include "ndis/packet/pool.h"

#define DESCRIPTOR_STACK 2u /* intermediate drivers that one packet can pass through */

struct descriptor_pool {
    struct packet_pool pool; /* the handle */
    uint32_t limit;          /* [I] */
    uint32_t taken;          /* [A] */
    uint32_t reserved;       /* [I] bytes of ProtocolReserved */
    uint32_t protocol_id;    /* [I] NDIS_PROTOCOL_ID_XXX */
};

/* Before the packet. */
struct descriptor {
    struct descriptor_pool *pool; /* [I] NULL while it is free */
    uint32_t stack;               /* locations in use: how many layers have it */
    uint32_t stack_at;            /* [I] from the packet */
};

/* The descriptor of a packet from such a pool; NULL for any other. */
struct descriptor *descriptor_of(PNDIS_PACKET packet);

#define DESCRIPTOR_TAG 'tkPN'

/* The same of a packet that NDIS itself has or has checked: carriers have none. */
static inline struct descriptor *
descriptor_near(PNDIS_PACKET packet)
{
    const struct packet_pool *pool = (const struct packet_pool *)packet->Private.Pool;

    return pool && pool->tag == DESCRIPTOR_TAG ? (struct descriptor *)packet - 1 : NULL;
}

/* The packet goes one layer on, or comes back from it. */
static inline void
descriptor_push(PNDIS_PACKET packet)
{
    struct descriptor *descriptor = descriptor_near(packet);

    if (descriptor)
        __atomic_add_fetch(&descriptor->stack, 1, __ATOMIC_RELAXED);
}

static inline void
descriptor_pop(PNDIS_PACKET packet)
{
    struct descriptor *descriptor = descriptor_near(packet);

    if (descriptor)
        __atomic_sub_fetch(&descriptor->stack, 1, __ATOMIC_RELAXED);
}
/* A living packet of a pool that no longer says so: zeroed by mistake. */
bool descriptor_stripped(PNDIS_PACKET packet);
