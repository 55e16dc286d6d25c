/* SPDX-License-Identifier: MIT */
/*
 * What WAN miniports and the protocol above them say of themselves.
 */
#ifndef UNDIS_NDISWAN_H
#define UNDIS_NDISWAN_H

#include <ndis.h>

/* NDIS_MINIPORT_CHARACTERISTICS.Reserved of a WAN miniport. */
#define NDIS_USE_WAN_WRAPPER 0x00000001

#define RAS_FRAMING           0x00000001
#define PPP_MULTILINK_FRAMING 0x00000010
#define PPP_FRAMING           0x00000100

/* OID_WAN_GET_INFO */
typedef struct _NDIS_WAN_INFO {
    ULONG MaxFrameSize;
    ULONG MaxTransmit;
    ULONG HeaderPadding;
    ULONG TailPadding;
    ULONG Endpoints;
    UINT MemoryFlags;
    NDIS_PHYSICAL_ADDRESS HighestAcceptableAddress;
    ULONG FramingBits;
    ULONG DesiredACCM;
} NDIS_WAN_INFO, *PNDIS_WAN_INFO;

#endif
