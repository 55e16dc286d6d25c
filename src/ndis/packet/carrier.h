/* SPDX-License-Identifier: MIT */
/* What carries data between NET_BUFFER_LISTs and packets: at the edge of a miniport of NDIS 5, and
 * at the binding of a protocol of NDIS 5.
 *
 *     down   packet     --> an NBL of NDIS' over its buffers: a wrapper
 *            NET_BUFFER --> the packet inside an untouched wrapper, or a packet of NDIS' over the
 *            same MDLs (parts of them, where the NET_BUFFER begins or ends inside one)
 *     up     packet     --> an NBL of NDIS' over its buffers
 *            NET_BUFFER --> a packet of NDIS'
 *
 * Out-of-band data are taken along, both ways.
 * No data is copied. The carrier is NDIS' own; whoever made it ends it when what it carries is back.
 */
#pragma once

#include "ndis/packet/pool.h"

/* A pool of such packets; NULL when memory is short. */
struct packet_pool *carrier_pool_create(void);
void carrier_pool_destroy(struct packet_pool *pool);
/* NULL when memory is short. */
PNDIS_PACKET carrier_down(struct packet_pool *pool, PNET_BUFFER_LIST nbl, PNET_BUFFER nb);
void carrier_down_done(PNET_BUFFER_LIST nbl, PNDIS_PACKET packet);
/* The end of a packet of NDIS', without a word to its NBL. */
void carrier_done(PNDIS_PACKET packet);
/* A pool of NBLs around packets that a protocol sends; NULL when memory is short. */
struct packet_pool *wrapper_pool_create(void);
void wrapper_pool_destroy(struct packet_pool *pool);
/* The NBL is the protocol's, whose packet it is; NULL when memory is short. */
PNET_BUFFER_LIST wrapper_around(struct packet_pool *pool, PNDIS_PACKET packet);
/* The packet of such an NBL, which ends. Its status is told by the NBL's. */
PNDIS_PACKET wrapper_end(PNET_BUFFER_LIST nbl);
/* The packet that @nb stands for, when nobody has changed what is to be sent; else NULL. */
PNDIS_PACKET wrapper_inside(PNET_BUFFER_LIST nbl, PNET_BUFFER nb);
/* A packet around a received NET_BUFFER; NULL when memory is short. @status: its OOB status. */
PNDIS_PACKET carrier_received(
    struct packet_pool *pool, PNET_BUFFER_LIST nbl, PNET_BUFFER nb, NDIS_STATUS status);
/* What the out-of-band block of @below, for which @packet stands, says of a received frame. */
void carrier_take_along(PNDIS_PACKET packet, PNDIS_PACKET below);
/* From @pool, NBLs with a NET_BUFFER; NULL when memory is short. */
PNET_BUFFER_LIST carrier_up(struct packet_pool *pool, PNDIS_PACKET packet);
void carrier_up_done(PNET_BUFFER_LIST nbl);
