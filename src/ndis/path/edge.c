/* SPDX-License-Identifier: MIT */
/* NET_BUFFER_LISTs become packets at a miniport's edge, and come back. See edge.h. */
#include "ndis/path/edge.h"
#include "ndis/packet/carrier.h"
#include "ndis/packet/descriptor.h"
#include "ndis/path/legacy.h"

/* A packet that is a protocol's own goes back as it is. */
static void
leave(struct module *miniport, PNET_BUFFER_LIST nbl, PNET_BUFFER nb)
{
    struct edge *edge = edge_of(nb);
    PNDIS_PACKET packet = edge->packet;

    if (miniport->legacy->unmap_packet)
        miniport->legacy->unmap_packet(miniport, packet);
    packet->Reserved[1] = edge->outer;
    edge->packet = NULL;
    if (!descriptor_near(packet))
        carrier_down_done(nbl, packet);
}

bool
edge_enter(struct module *miniport, NDIS_HANDLE at, PNET_BUFFER_LIST nbl)
{
    struct edge_sum *sum = edge_sum_of(nbl);

    *sum = (struct edge_sum){0, NDIS_STATUS_SUCCESS, at};
    for (PNET_BUFFER nb = NET_BUFFER_LIST_FIRST_NB(nbl); nb; nb = NET_BUFFER_NEXT_NB(nb)) {
        struct edge *edge = edge_of(nb);
        PNDIS_PACKET packet = wrapper_inside(nbl, nb);

        if (!packet)
            packet = carrier_down(miniport->legacy->packets, nbl, nb);
        if (packet && miniport->legacy->map_packet &&
            !miniport->legacy->map_packet(miniport, packet)) {
            if (!descriptor_near(packet))
                carrier_down_done(nbl, packet);
            packet = NULL;
        }
        if (!packet) {
            for (PNET_BUFFER made = NET_BUFFER_LIST_FIRST_NB(nbl); made != nb;
                 made = NET_BUFFER_NEXT_NB(made))
                leave(miniport, nbl, made);
            return false;
        }
        *edge = (struct edge){packet, NULL, nbl, packet->Reserved[1]};
        packet->Reserved[1] = (ULONG_PTR)nb;
        sum->out++;
    }
    return true;
}

PNET_BUFFER
edge_find(NDIS_HANDLE at, PNDIS_PACKET packet)
{
    PNET_BUFFER nb = (PNET_BUFFER)packet->Reserved[1];

    if (!nb || edge_of(nb)->packet != packet)
        return NULL;
    return edge_sum_of(edge_of(nb)->nbl)->at == at ? nb : NULL;
}

PNET_BUFFER_LIST
edge_leave(struct module *miniport, PNET_BUFFER nb, NDIS_STATUS status)
{
    PNET_BUFFER_LIST nbl = edge_of(nb)->nbl;
    struct edge_sum *sum = edge_sum_of(nbl);

    leave(miniport, nbl, nb);
    if (status != NDIS_STATUS_SUCCESS)
        __atomic_store_n(&sum->status, status, __ATOMIC_RELAXED);
    if (__atomic_sub_fetch(&sum->out, 1, __ATOMIC_ACQ_REL) > 0)
        return NULL;
    NET_BUFFER_LIST_STATUS(nbl) = __atomic_load_n(&sum->status, __ATOMIC_RELAXED);
    NET_BUFFER_LIST_NEXT_NBL(nbl) = NULL;
    return nbl;
}
