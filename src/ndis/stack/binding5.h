/* SPDX-License-Identifier: MIT */
/* What NDIS keeps of a binding of an NDIS 3 to 5.1 protocol, besides its module. Made when the
 * adapter is opened, freed when it is closed.
 *
 *     NDIS_PACKET --NdisSend--> [NBL of wrappers around it] --> hops, as any NBL
 *     ProtocolReceivePacket <--[packet of packets around it, or the miniport's own]-- NBL
 */
#pragma once

#include "ndis/stack/adapter.h"

struct packet_pool;

/* A frame that ProtocolReceive is being shown: its MacReceiveContext. On the stack of who shows
 * it. */
struct shown {
    struct shown *outer; /* on the same processor */
    struct module *binding;
    NDIS_HANDLE context;  /* the miniport's, when it shows the frame itself */
    PNET_BUFFER_LIST nbl; /* else the frame is here */
    PNET_BUFFER nb;
    PNDIS_PACKET packet; /* and around it, for NdisGetReceivedPacket; or NULL */
    const UCHAR *whole;  /* or all behind the header is here, */
    UINT size;           /* so many bytes */
    UINT header_size;
    bool transferred; /* NdisTransferData was called */
};

/* An NdisSend under way: MiniportSend may answer it. On the stack of who sends. */
struct sending {
    struct sending *outer; /* on the same processor */
    PNDIS_PACKET packet;
    NDIS_STATUS status; /* NDIS_STATUS_PENDING until it is answered */
};

/* One per processor, written by its owner only. */
struct binding5_lane {
    uint64_t lent;     /* packets the protocol has kept */
    uint64_t returned; /* of them */
    struct shown *shown;
    struct sending *sending;
} __attribute__((aligned(64)));

struct binding5 {
    struct packet_pool *wrappers; /* [I] NBLs around packets that are sent */
    struct packet_pool *packets;  /* [I] packets around NBLs that are received */
    struct binding5_lane *lanes;  /* [P] */
    uint32_t requests;            /* [A] NdisRequest and NdisReset under way */
    uint32_t settling;            /* word: 1 while somebody waits until nothing is out */
    bool connected;               /* what the protocol was told last of the link */
    bool told;                    /* [A] of a status that has had no end yet */
    bool heard; /* [A] on VCs of a miniport of NDIS 5, which has not said the end */
};
