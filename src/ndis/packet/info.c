/* SPDX-License-Identifier: MIT */
/* Out-of-band data from one NET_BUFFER_LIST to another: the slots that a layer which makes a new
 * NBL for the same data must take along, one table for each direction.
 */
#include "ndis/packet/part.h"

static const uint8_t send_slots[] = {TcpIpChecksumNetBufferListInfo,
    IPsecOffloadV1NetBufferListInfo, TcpLargeSendNetBufferListInfo, Ieee8021QNetBufferListInfo,
    NetBufferListCancelId, MediaSpecificInformation, NetBufferListProtocolId, WfpNetBufferListInfo,
    IPsecOffloadV2TunnelNetBufferListInfo, IPsecOffloadV2HeaderNetBufferListInfo,
    NetBufferListCorrelationId, NetBufferListFilteringInfo, VirtualSubnetInfo,
    UdpSegmentationOffloadInfo, TcpSendOffloadsSupplementalNetBufferListInfo};

static const uint8_t receive_slots[] = {TcpIpChecksumNetBufferListInfo,
    IPsecOffloadV1NetBufferListInfo, TcpReceiveNoPush, Ieee8021QNetBufferListInfo,
    MediaSpecificInformation, NetBufferListFrameType, NetBufferListHashValue, NetBufferListHashInfo,
    WfpNetBufferListInfo, IPsecOffloadV2TunnelNetBufferListInfo,
    IPsecOffloadV2HeaderNetBufferListInfo, NetBufferListCorrelationId, NetBufferListFilteringInfo,
    UdpRecvSegCoalesceOffloadInfo, VirtualSubnetInfo, TcpRecvSegCoalesceInfo, RscTcpTimestampDelta};

static inline void
copy_slots(PNET_BUFFER_LIST to, const NET_BUFFER_LIST *from, const uint8_t *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to->NetBufferListInfo[slots[i]] = from->NetBufferListInfo[slots[i]];
}

/*
 * NdisCopySendNetBufferListInfo - takes the out-of-band data of a send along
 *
 * @DestNetBufferList: one, of the caller.
 * @SrcNetBufferList:  one that the caller was given to send.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisCopySendNetBufferListInfo
 */
VOID
NdisCopySendNetBufferListInfo(PNET_BUFFER_LIST DestNetBufferList, PNET_BUFFER_LIST SrcNetBufferList)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    copy_slots(DestNetBufferList, SrcNetBufferList, send_slots, sizeof(send_slots));
}

/*
 * NdisCopyReceiveNetBufferListInfo - takes the out-of-band data of a receive along
 *
 * @DestNetBufferList: one, of the caller.
 * @SrcNetBufferList:  one that was indicated to the caller.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:nblapi.NdisCopyReceiveNetBufferListInfo
 */
VOID
NdisCopyReceiveNetBufferListInfo(
    PNET_BUFFER_LIST DestNetBufferList, PNET_BUFFER_LIST SrcNetBufferList)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    copy_slots(DestNetBufferList, SrcNetBufferList, receive_slots, sizeof(receive_slots));
}
