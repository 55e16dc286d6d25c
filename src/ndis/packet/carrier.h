/* SPDX-License-Identifier: MIT */
/* What carries data between NET_BUFFER_LISTs and packets at the edge of a miniport of NDIS 5.
 *
 *     down   NET_BUFFER --> a packet of NDIS' over the same MDLs (parts of them, where the
 *            NET_BUFFER begins or ends inside one); out-of-band data taken along
 *     up     packet     --> an NBL of NDIS' over its buffers; out-of-band data taken along
 *
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
/* From @pool, NBLs with a NET_BUFFER; NULL when memory is short. */
PNET_BUFFER_LIST carrier_up(struct packet_pool *pool, PNDIS_PACKET packet);
void carrier_up_done(PNET_BUFFER_LIST nbl);
