/* SPDX-License-Identifier: MIT */
/*
 * pass5: an intermediate driver of NDIS 5.1 that passes everything on, for any adapter.
 *
 *     protocol --SendPackets--> miniport.c --NdisSend------> lower adapter
 *     protocol <--indicate----- protocol.c <--ReceivePacket-- lower adapter
 *
 * A packet with room on its packet stack travels itself; another one is carried by a packet of
 * pass5's own that shares its buffers. Requests are asked of the lower adapter, one at a time, as
 * they come. The virtual miniport lives as long as the binding below it.
 *
 * While the lower adapter is reset, sends wait.
 *
 *     pass5.c   registration      miniport.c   the upper edge      protocol.c   the lower edge
 *     hold.c    sends in a reset
 */
#pragma once

#define NDIS51               1
#define NDIS51_MINIPORT      1
#define NDIS_MINIPORT_DRIVER 1

#include <ndis.h>

#define TAG     '5saP'
#define PACKETS 256u

typedef struct _ADAPTER {
    NDIS_HANDLE Binding;  /* to the lower adapter */
    NDIS_HANDLE Miniport; /* NULL until the virtual miniport is initialized */
    NDIS_MEDIUM Medium;
    NDIS_HANDLE SendPool, ReceivePool;
    NDIS_EVENT Done; /* an open or close has completed */
    NDIS_STATUS DoneStatus;
    NDIS_REQUEST Request; /* of the protocols above; NDIS gives one at a time */
    PULONG Written, Needed;
    NDIS_STRING Instance;
    BOOLEAN LookedAhead; /* since the last end of a batch */
    LONG Holding;        /* sends wait; changed under the lock, looked at without */
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Resetting;   /* between NDIS_STATUS_RESET_START and NDIS_STATUS_RESET_END */
    PNDIS_PACKET Held, *HeldEnd;
} ADAPTER;

/* In the ProtocolReserved of a packet of ours that is sent. */
typedef struct _CARRIED {
    PNDIS_PACKET Packet;
} CARRIED;

extern NDIS_HANDLE LayerHandle, ProtocolHandle;

/* Each handler has the documented type of its slot in the characteristics. */

/* miniport.c */
NDIS_STATUS MiniportRegister(NDIS_HANDLE Wrapper);
VOID MiniportRequestDone(ADAPTER *Adapter, NDIS_STATUS Status);
/* Sends a packet of the protocols above on, and completes it when that is done at once. */
VOID SendDown(ADAPTER *Adapter, PNDIS_PACKET Packet);

/* hold.c */
VOID HoldBegin(ADAPTER *Adapter);
/* What waits is sent, or completed with a failure. */
VOID HoldEnd(ADAPTER *Adapter, BOOLEAN Send);
/* TRUE: it waits. */
BOOLEAN HoldSend(ADAPTER *Adapter, PNDIS_PACKET Packet);
VOID HoldCancel(ADAPTER *Adapter, PVOID CancelId);

/* protocol.c */
NDIS_STATUS ProtocolRegister(VOID);
/* A packet of ours carries @Packet; NULL: none left. */
PNDIS_PACKET Carry(NDIS_HANDLE Pool, PNDIS_PACKET Packet);
