/* SPDX-License-Identifier: MIT */
/* What NDIS keeps of a miniport of NDIS 3 to 5.1, besides its module. Made by adapter_initialize
 * before MiniportInitialize, freed after MiniportHalt.
 *
 * Lock key as in module.h; [O]: touched by who is inside the serialized miniport only.
 */
#pragma once

#include "ndis/stack/adapter.h"
#include "ndis/stack/serial.h"

/* A set request that succeeded, for OIDs that NDIS sets again after a reset. */
struct legacy_set {
    struct legacy_set *next;
    NDIS_OID oid;
    ULONG length;
    UCHAR data[];
};

/* What a driver wants done inside its serialized miniport (path/enter_legacy.c). */
struct legacy_callback {
    struct legacy_callback *next;
    W_MINIPORT_CALLBACK routine;
    PVOID context;
};

struct packet_pool;

#define LEGACY_BATCH     16    /* packets of one MiniportSendPackets */
#define LEGACY_FRAME_MAX 18432 /* bytes: token ring has the longest frames */
#define LEGACY_ROUNDS    16    /* calls of it before whatever else waits */

/* NET_BUFFERs whose packets are somewhere (path/edge.h). */
struct legacy_list {
    PNET_BUFFER first, last;
};

struct legacy_cancel {
    struct legacy_cancel *next;
    PVOID id;
};

struct legacy {
    struct serial serial;
    bool has_attributes;  /* [S] NdisMSetAttributes(Ex) was called */
    ULONG attributes;     /* [S] NDIS_ATTRIBUTE_* */
    uint64_t hang_period; /* [S] ns between two calls of MiniportCheckForHang */
    KTIMER hang_timer;    /* [S] */
    KDPC hang_dpc;
    uint32_t timer_lock;               /* host_lock; guards timers */
    PNDIS_MINIPORT_TIMER timers;       /* due, while somebody is inside; the newest first */
    PNDIS_OID_REQUEST request;         /* [A] in the miniport, or about to go there */
    NDIS_REQUEST co_request;           /* the same, as MiniportCoRequest is asked it */
    uint32_t resetting;                /* [A] 0 no, 1 from RESET_START until RESET_END */
    bool in_reset;                     /* [A] MiniportReset was called and has not been answered */
    bool restoring;                    /* [A] NDIS sets again what the reset has lost */
    NDIS_STATUS reset_status;          /* of that reset */
    struct legacy_reset *reset_by;     /* [O] who wants to know, newest first */
    struct legacy_set *sets;           /* [A] what was set and a reset may lose */
    uint32_t pausing;                  /* word: 1 while somebody waits until nothing is out */
    ADAPTER_SHUTDOWN_HANDLER shutdown; /* [S] NdisMRegisterAdapterShutdownHandler */
    PVOID shutdown_context;            /* [S] */

    /* Sends of a serialized miniport; send_lock is a host_lock, and guards them. */
    uint32_t send_lock;
    struct legacy_list queue;  /* wait for the miniport, in order */
    struct legacy_list inside; /* are in it */
    bool waits;                /* it said NDIS_STATUS_RESOURCES */
    uint32_t freed;            /* how often something has become free */
    struct {
        PNET_BUFFER nbs[LEGACY_BATCH]; /* of the call under way; NULL: completed meanwhile */
        UINT count;
        uint32_t freed; /* when it began */
    } call;
    struct legacy_callback *callbacks;      /* wait for the serialized miniport, the last first */
    struct legacy_cancel *cancels;          /* cancel ids that wait for the serialized miniport */
    PNET_BUFFER_LIST returns, *returns_end; /* go back to it */

    LIST_ENTRY wan_queue; /* WAN packets that wait for a serialized miniport; send_lock */
    uint32_t wan_out;     /* [A] WAN packets that the miniport has */
    /* [S] of NdisMInitializeScatterGatherDma, or NULL: a packet gets its list before the miniport
     * gets it, and loses it when it is back. map: false when it cannot be mapped. */
    bool (*map_packet)(struct module *, PNDIS_PACKET);
    void (*unmap_packet)(struct module *, PNDIS_PACKET);

    uint32_t transfers;          /* [A] that the miniport does for NDIS, pended */
    struct packet_pool *packets; /* [I] carry NET_BUFFERs down */
    struct packet_pool *nbls;    /* [I] carry packets up */
    NDIS_HANDLE frame_pool;      /* [I] NBLs with a buffer for what comes by look-ahead */
};
