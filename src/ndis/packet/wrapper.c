/* SPDX-License-Identifier: MIT */
/* NBLs around packets that NDIS 5 protocols send, and packets around NBLs that they receive. See
 * carrier.h.
 *
 *     NBL of a wrapper   ProtocolReserved[0]   the packet
 *                        ProtocolReserved[1]   Reserved[0] of the packet before: with packet
 *                                              stacking one packet is in flight several times
 *     packet             Reserved[0]           the NBL it travels in
 */
#include "ndis/packet/carrier.h"
#include "ndis/packet/descriptor.h"
#include "ndis/packet/part.h"

#define WRAPPER_TAG      'pwPN'
#define CHECKSUM_SEND    0x1Fu /* both generations have the same bits there */
#define CHECKSUM_RECEIVE 0x7Fu
#define TAG_BITS         0xFFFFu /* priority, format, VLAN */
#define ETHERNET_HEADER  14u

struct packet_pool *
wrapper_pool_create(void)
{
    struct packet_pool *pool = nbl_pool_create(NULL, true, 0, 0, 0, WRAPPER_TAG);

    if (pool)
        pool->own = pool->wraps = true;
    return pool;
}

void
wrapper_pool_destroy(struct packet_pool *pool)
{
    pool_close(pool, "NdisCloseAdapter");
}

/* Where the TCP header of an IPv4 frame begins: NDIS 6 says it, NDIS 5 does not. */
static ULONG
tcp_offset(PNET_BUFFER nb)
{
    UCHAR storage[ETHERNET_HEADER + 1];
    const UCHAR *frame = NdisGetDataBuffer(nb, sizeof(storage), storage, 1, 0);

    return frame ? ETHERNET_HEADER + 4u * (frame[ETHERNET_HEADER] & 0xFu) : 0;
}

static void
info_around(PNET_BUFFER_LIST nbl, PNDIS_PACKET packet)
{
    PVOID *from = NDIS_PACKET_EXTENSION_FROM_PACKET(packet)->NdisPacketInfo;
    ULONG_PTR mss = (ULONG_PTR)from[TcpLargeSendPacketInfo];
    NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso = {.Value = NULL};

    NET_BUFFER_LIST_INFO(nbl, TcpIpChecksumNetBufferListInfo) =
        (PVOID)((ULONG_PTR)from[TcpIpChecksumPacketInfo] & CHECKSUM_SEND);
    NET_BUFFER_LIST_INFO(nbl, Ieee8021QNetBufferListInfo) =
        (PVOID)((ULONG_PTR)from[Ieee8021QInfo] & TAG_BITS);
    NDIS_SET_NET_BUFFER_LIST_CANCEL_ID(nbl, from[PacketCancelId]);
    if (!mss)
        return;
    lso.LsoV1Transmit.Type = NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE;
    lso.LsoV1Transmit.MSS = (ULONG)mss;
    lso.LsoV1Transmit.TcpHeaderOffset = tcp_offset(nbl->FirstNetBuffer);
    NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo) = lso.Value;
}

PNET_BUFFER_LIST
wrapper_around(struct packet_pool *pool, PNDIS_PACKET packet)
{
    PNET_BUFFER_LIST nbl = nbl_take(pool, NBL_PLAIN, 0, 0);
    UINT length;

    if (!nbl)
        return NULL;
    NdisQueryPacket(packet, NULL, NULL, NULL, &length);
    nb_describe(nbl->FirstNetBuffer, packet->Private.Head, 0, length);
    info_around(nbl, packet);
    nbl->ProtocolReserved[0] = packet;
    nbl->ProtocolReserved[1] = (PVOID)packet->Reserved[0];
    packet->Reserved[0] = (ULONG_PTR)nbl;
    descriptor_push(packet);
    return nbl;
}

PNDIS_PACKET
wrapper_end(PNET_BUFFER_LIST nbl)
{
    PNDIS_PACKET packet = nbl->ProtocolReserved[0];
    NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso;
    PVOID *to = NDIS_PACKET_EXTENSION_FROM_PACKET(packet)->NdisPacketInfo;

    lso.Value = NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo);
    if (to[TcpLargeSendPacketInfo] && lso.Value)
        to[TcpLargeSendPacketInfo] = (PVOID)(ULONG_PTR)lso.LsoV1TransmitComplete.TcpPayload;
    packet->Reserved[0] = (ULONG_PTR)nbl->ProtocolReserved[1];
    descriptor_pop(packet);
    NdisFreeNetBufferList(nbl);
    return packet;
}

PNDIS_PACKET
wrapper_inside(PNET_BUFFER_LIST nbl, PNET_BUFFER nb)
{
    const struct packet_pool *pool = nbl->NdisPoolHandle;
    PNDIS_PACKET packet = nbl->ProtocolReserved[0];
    UINT length;

    if (!pool->wraps || nb != nbl->FirstNetBuffer || nb->Next ||
        nb->CurrentMdl != packet->Private.Head || nb->CurrentMdlOffset)
        return NULL;
    NdisQueryPacket(packet, NULL, NULL, NULL, &length);
    return length == nb->DataLength ? packet : NULL;
}

PNDIS_PACKET
carrier_received(struct packet_pool *pool, PNET_BUFFER_LIST nbl, PNET_BUFFER nb, NDIS_STATUS status)
{
    PNDIS_PACKET packet = carrier_down(pool, nbl, nb);
    PVOID *to;

    if (!packet)
        return NULL;
    to = NDIS_PACKET_EXTENSION_FROM_PACKET(packet)->NdisPacketInfo;
    to[TcpIpChecksumPacketInfo] =
        (PVOID)((ULONG_PTR)NET_BUFFER_LIST_INFO(nbl, TcpIpChecksumNetBufferListInfo) &
                CHECKSUM_RECEIVE);
    to[TcpLargeSendPacketInfo] = NULL;
    to[PacketCancelId] = NULL;
    if (nbl->NblFlags & NDIS_NBL_FLAGS_IS_LOOPBACK_PACKET)
        packet->Private.Flags |= NDIS_FLAGS_IS_LOOPBACK_PACKET;
    NDIS_SET_PACKET_STATUS(packet, status);
    packet->Reserved[0] = (ULONG_PTR)nbl;
    return packet;
}

void
carrier_take_along(PNDIS_PACKET packet, PNDIS_PACKET below)
{
    PVOID media;
    UINT size;

    NDIS_GET_PACKET_MEDIA_SPECIFIC_INFO(below, &media, &size);
    if (media)
        NDIS_SET_PACKET_MEDIA_SPECIFIC_INFO(packet, media, size);
    NDIS_SET_PACKET_TIME_RECEIVED(packet, NDIS_GET_PACKET_TIME_RECEIVED(below));
    if (NDIS_GET_PACKET_HEADER_SIZE(below))
        NDIS_SET_PACKET_HEADER_SIZE(packet, NDIS_GET_PACKET_HEADER_SIZE(below));
}
