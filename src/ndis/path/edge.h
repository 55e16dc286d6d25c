/* SPDX-License-Identifier: MIT */
/* The edge between NDIS and a miniport of NDIS 3 to 5.1, on the way down: NET_BUFFER_LISTs above,
 * NDIS_PACKETs below.
 *
 *     NBL --FirstNetBuffer--> NB --MiniportReserved--> struct edge --> NDIS_PACKET
 *      ^ count, status         <------Reserved[1]------------------------'
 *      '-- MiniportReserved    (its value before comes back when the packet does: with packet
 *                               stacking one packet is at several edges, innermost last)
 *
 * NDIS plays the miniport of NDIS 6 here, so the MiniportReserved members are its own.
 */
#pragma once

#include "ndis/path/path.h"

/* In a NET_BUFFER. */
struct edge {
    PNDIS_PACKET packet;
    PNET_BUFFER next;     /* in a queue */
    PNET_BUFFER_LIST nbl; /* whose it is */
    ULONG_PTR outer;      /* Reserved[1] of the packet before */
};
_Static_assert(sizeof(struct edge) <= sizeof(((NET_BUFFER *)0)->MiniportReserved), "it fits");

/* In an NBL: packets that are out, and the first status that was no success. */
struct edge_sum {
    uint32_t out; /* [A] */
    NDIS_STATUS status;
    NDIS_HANDLE at; /* the miniport, or the VC (ndis/connection) it goes on */
};
_Static_assert(
    sizeof(struct edge_sum) <= sizeof(((NET_BUFFER_LIST *)0)->MiniportReserved), "it fits");

static inline struct edge *
edge_of(PNET_BUFFER nb)
{
    return (struct edge *)nb->MiniportReserved;
}

static inline struct edge_sum *
edge_sum_of(PNET_BUFFER_LIST nbl)
{
    return (struct edge_sum *)nbl->MiniportReserved;
}

/* Every NET_BUFFER of @nbl gets its packet; false: no memory, none has. At DISPATCH_LEVEL. */
bool edge_enter(struct module *miniport, NDIS_HANDLE at, PNET_BUFFER_LIST nbl);
/* The NET_BUFFER of a packet that entered @at; NULL when there is none. */
PNET_BUFFER edge_find(NDIS_HANDLE at, PNDIS_PACKET packet);
/* The packet of @nb has come back: answers its NBL when that was the last one, else NULL. */
PNET_BUFFER_LIST edge_leave(struct module *miniport, PNET_BUFFER nb, NDIS_STATUS status);
