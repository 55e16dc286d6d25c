/* SPDX-License-Identifier: MIT */
/*
 * The out-of-band slots of a NET_BUFFER_LIST. 28 up to NDIS 6.7x, 29 from 6.80 on.
 */
#ifndef UNDIS_NDIS_NBLINFO_H
#define UNDIS_NDIS_NBLINFO_H

#include <ndis/version.h>

typedef enum _NDIS_NET_BUFFER_LIST_INFO {
    TcpIpChecksumNetBufferListInfo = 0,
    TcpOffloadBytesTransferred = 0,
    IPsecOffloadV1NetBufferListInfo = 1,
    IPsecOffloadV2NetBufferListInfo = 1,
    TcpLargeSendNetBufferListInfo = 2,
    TcpReceiveNoPush = 2,
    ClassificationHandleNetBufferListInfo = 3,
    Ieee8021QNetBufferListInfo = 4,
    NetBufferListCancelId = 5,
    MediaSpecificInformation = 6,
    NetBufferListFrameType = 7,
    NetBufferListProtocolId = 7,
    NetBufferListHashValue = 8,
    NetBufferListHashInfo = 9,
    WfpNetBufferListInfo = 10,
    IPsecOffloadV2TunnelNetBufferListInfo = 11,
    IPsecOffloadV2HeaderNetBufferListInfo = 12,
    NetBufferListCorrelationId = 13,
    NetBufferListFilteringInfo = 14,
    MediaSpecificInformationEx = 15,
    NblOriginalInterfaceIfIndex = 16,
    NblReAuthWfpFlowContext = 16,
    TcpReceiveBytesTransferred = 17,
    NrtNameResolutionId = 17,
    UdpRecvSegCoalesceOffloadInfo = 17,
    SwitchForwardingReserved = 18,
    SwitchForwardingDetail = 19,
    VirtualSubnetInfo = 20,
    IMReserved = 21,
    TcpRecvSegCoalesceInfo = 22,
    UdpSegmentationOffloadInfo = 22,
    RscTcpTimestampDelta = 23,
    TcpSendOffloadsSupplementalNetBufferListInfo = 23,
    GftOffloadInformation = 24,
    GftFlowEntryId = 25,
#if NDIS_SUPPORT_NDIS680
    NetBufferListInfoReserved3 = 26,
    NetBufferListInfoReserved1 = 27,
    NetBufferListInfoReserved2 = 28,
    MaxNetBufferListInfo = 29
#else
    NetBufferListInfoReserved1 = 26,
    NetBufferListInfoReserved2 = 27,
    MaxNetBufferListInfo = 28
#endif
} NDIS_NET_BUFFER_LIST_INFO, *PNDIS_NET_BUFFER_LIST_INFO;

#endif
