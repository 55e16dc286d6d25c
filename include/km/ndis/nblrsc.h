/* SPDX-License-Identifier: MIT */
/* The TcpRecvSegCoalesceInfo slot: how many segments a received frame was made of. */
#ifndef UNDIS_NDIS_NBLRSC_H
#define UNDIS_NDIS_NBLRSC_H

#include <ntddk.h>

typedef union _NDIS_RSC_NBL_INFO {
    struct {
        USHORT CoalescedSegCount;
        USHORT DupAckCount;
    } Info;
    PVOID Value;
} NDIS_RSC_NBL_INFO, *PNDIS_RSC_NBL_INFO;

#define NET_BUFFER_LIST_COALESCED_SEG_COUNT(_NBL)                                                  \
    (((PNDIS_RSC_NBL_INFO)&NET_BUFFER_LIST_INFO((_NBL), TcpRecvSegCoalesceInfo))                   \
         ->Info.CoalescedSegCount)
#define NET_BUFFER_LIST_DUP_ACK_COUNT(_NBL)                                                        \
    (((PNDIS_RSC_NBL_INFO)&NET_BUFFER_LIST_INFO((_NBL), TcpRecvSegCoalesceInfo))->Info.DupAckCount)

#endif
