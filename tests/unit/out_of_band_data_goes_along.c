/* SPDX-License-Identifier: MIT */
/* Out-of-band data: which of it goes from one NET_BUFFER_LIST to another, for sends and for
 * receives; none by itself to clones, fragments and what is put together again; and what of it goes
 * between NET_BUFFER_LISTs and packets, with the bits that both generations know.
 */
#include "ndis/packet/carrier.h"
#include "packet.h"

#define BYTES   3000u
#define SEGMENT 1460u
#define CANCEL  ((PVOID)0xAB0000C0)
#define MARK(i) ((PVOID)(ULONG_PTR)(0x1000 + (i)))

static const struct {
    UCHAR slot;
    bool send, receive;
} goes[] = {
    {TcpIpChecksumNetBufferListInfo, true, true},
    {IPsecOffloadV1NetBufferListInfo, true, true},
    {TcpLargeSendNetBufferListInfo, true, true}, /* received: TcpReceiveNoPush */
    {Ieee8021QNetBufferListInfo, true, true},
    {NetBufferListCancelId, true, false},
    {MediaSpecificInformation, true, true},
    {NetBufferListProtocolId, true, true}, /* received: NetBufferListFrameType */
    {NetBufferListHashValue, false, true},
    {NetBufferListHashInfo, false, true},
    {WfpNetBufferListInfo, true, true},
    {IPsecOffloadV2TunnelNetBufferListInfo, true, true},
    {IPsecOffloadV2HeaderNetBufferListInfo, true, true},
    {NetBufferListCorrelationId, true, true},
    {NetBufferListFilteringInfo, true, true},
    {UdpRecvSegCoalesceOffloadInfo, false, true},
    {VirtualSubnetInfo, true, true},
    {UdpSegmentationOffloadInfo, true, true}, /* received: TcpRecvSegCoalesceInfo */
    {TcpSendOffloadsSupplementalNetBufferListInfo, true, true},
};

static void
mark(PNET_BUFFER_LIST nbl)
{
    for (unsigned i = 0; i < MaxNetBufferListInfo; i++)
        nbl->NetBufferListInfo[i] = MARK(i);
}

static bool
expected(unsigned slot, bool receive)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(goes); i++)
        if (goes[i].slot == slot)
            return receive ? goes[i].receive : goes[i].send;
    return false;
}

/* @to is new, and gets what belongs to it from @from. */
static void
check_copies(PNET_BUFFER_LIST to, PNET_BUFFER_LIST from)
{
    for (unsigned receive = 0; receive < 2; receive++) {
        for (unsigned i = 0; i < MaxNetBufferListInfo; i++)
            CHECK(to->NetBufferListInfo[i] == NULL);
        if (receive)
            NdisCopyReceiveNetBufferListInfo(to, from);
        else
            NdisCopySendNetBufferListInfo(to, from);
        for (unsigned i = 0; i < MaxNetBufferListInfo; i++) {
            CHECK(to->NetBufferListInfo[i] == (expected(i, receive) ? MARK(i) : NULL));
            CHECK(from->NetBufferListInfo[i] == MARK(i));
            to->NetBufferListInfo[i] = NULL;
        }
    }
}

static void
between_lists(PMDL chain)
{
    NDIS_HANDLE lists = nbl_pool(TRUE, 0, 0), buffers = nb_pool(0);
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferAndNetBufferList(lists, 0, 0, chain, 0, BYTES);
    PNET_BUFFER_LIST made;

    mark(nbl);
    made = NdisAllocateCloneNetBufferList(nbl, lists, buffers, 0);
    CHECK(made);
    check_copies(made, nbl);
    NdisFreeCloneNetBufferList(made, 0);
    made = NdisAllocateFragmentNetBufferList(nbl, lists, buffers, 0, 1000, 0, 0, 0);
    CHECK(made);
    check_copies(made, nbl);
    NdisFreeFragmentNetBufferList(made, 0, 0);
    made = NdisAllocateReassembledNetBufferList(nbl, lists, 0, 0, 0, 0);
    CHECK(made);
    check_copies(made, nbl);
    NdisFreeReassembledNetBufferList(made, 0, 0);
    NdisFreeNetBufferList(nbl);
    NdisFreeNetBufferListPool(lists);
    NdisFreeNetBufferPool(buffers);
}

static PVOID *
info(PNDIS_PACKET packet)
{
    return NDIS_PACKET_EXTENSION_FROM_PACKET(packet)->NdisPacketInfo;
}

/* Of an NBL that NDIS has made around a packet: nothing but this. */
static void
check_list(PNET_BUFFER_LIST nbl, ULONG_PTR checksum, ULONG mss, PVOID cancel)
{
    NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso;

    for (unsigned i = 0; i < MaxNetBufferListInfo; i++) {
        PVOID value = nbl->NetBufferListInfo[i];

        switch (i) {
        case TcpIpChecksumNetBufferListInfo: CHECK((ULONG_PTR)value == checksum); break;
        case Ieee8021QNetBufferListInfo: CHECK(value == (PVOID)0xABCD); break;
        case NetBufferListCancelId: CHECK(value == cancel); break;
        case TcpLargeSendNetBufferListInfo:
            lso.Value = value;
            CHECK(lso.LsoV1Transmit.MSS == mss);
            CHECK(lso.LsoV1Transmit.Type == NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE);
            break;
        default: CHECK(value == NULL);
        }
    }
}

/* Of a packet that NDIS has made for @nbl. */
static void
check_packet(
    PNDIS_PACKET packet, PNET_BUFFER_LIST nbl, ULONG_PTR checksum, ULONG_PTR mss, PVOID cancel)
{
    for (unsigned i = 0; i < MaxPerPacketInfo; i++) {
        PVOID value = info(packet)[i];

        switch (i) {
        case TcpIpChecksumPacketInfo: CHECK((ULONG_PTR)value == checksum); break;
        case TcpLargeSendPacketInfo: CHECK((ULONG_PTR)value == mss); break;
        case Ieee8021QInfo: CHECK(value == (PVOID)0xABCD); break;
        case PacketCancelId: CHECK(value == cancel); break;
        case OriginalNetBufferList: CHECK(value == nbl); break;
        default: CHECK(value == NULL);
        }
    }
}

/* What a protocol or miniport of NDIS 5 sends and indicates. */
static void
around_packets(UCHAR *bytes)
{
    struct packet_pool *wrappers = wrapper_pool_create(), *carriers = nbl_pool(TRUE, 0, 0);
    NDIS_HANDLE packets, buffers;
    PNDIS_BUFFER buffer;
    PNET_BUFFER_LIST nbl;
    PNDIS_PACKET packet;
    NDIS_STATUS status;

    NdisAllocatePacketPool(&status, &packets, 1, 16);
    NdisAllocateBufferPool(&status, &buffers, 1);
    NdisAllocatePacket(&status, &packet, packets);
    CHECK(status == NDIS_STATUS_SUCCESS && wrappers);
    NdisAllocateBuffer(&status, &buffer, buffers, bytes, BYTES);
    NdisChainBufferAtBack(packet, buffer);
    info(packet)[TcpIpChecksumPacketInfo] = (PVOID)0xFFF5;
    info(packet)[TcpLargeSendPacketInfo] = (PVOID)SEGMENT;
    info(packet)[Ieee8021QInfo] = (PVOID)0x5ABCD;
    info(packet)[PacketCancelId] = CANCEL;
    nbl = wrapper_around(wrappers, packet);
    CHECK(nbl);
    check_list(nbl, 0x15, SEGMENT, CANCEL);
    CHECK(wrapper_end(nbl) == packet);
    nbl = carrier_up(carriers, packet);
    CHECK(nbl);
    check_list(nbl, 0x75, 0, NULL);
    carrier_up_done(nbl);
    NdisFreeBuffer(buffer);
    NdisFreePacket(packet);
    NdisFreeBufferPool(buffers);
    NdisFreePacketPool(packets);
    NdisFreeNetBufferListPool(carriers);
    wrapper_pool_destroy(wrappers);
}

/* What miniports and protocols of NDIS 5 are given: nothing that is new with NDIS 6. */
static void
around_lists(PMDL chain)
{
    struct packet_pool *carriers = carrier_pool_create();
    NDIS_HANDLE lists = nbl_pool(TRUE, 0, 0);
    PNET_BUFFER_LIST nbl = NdisAllocateNetBufferAndNetBufferList(lists, 0, 0, chain, 0, BYTES);
    NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso = {
        .LsoV1Transmit = {.MSS = SEGMENT, .Type = NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE}};
    PNDIS_PACKET packet;

    mark(nbl);
    nbl->NetBufferListInfo[TcpIpChecksumNetBufferListInfo] = (PVOID)0xFFF5;
    nbl->NetBufferListInfo[TcpLargeSendNetBufferListInfo] = lso.Value;
    nbl->NetBufferListInfo[Ieee8021QNetBufferListInfo] = (PVOID)0x5ABCD;
    nbl->NetBufferListInfo[NetBufferListCancelId] = CANCEL;
    packet = carrier_down(carriers, nbl, nbl->FirstNetBuffer);
    CHECK(packet);
    check_packet(packet, nbl, 0x15, SEGMENT, CANCEL);
    info(packet)[TcpLargeSendPacketInfo] = (PVOID)2222; /* bytes sent */
    carrier_down_done(nbl, packet);
    lso.Value = nbl->NetBufferListInfo[TcpLargeSendNetBufferListInfo];
    CHECK(lso.LsoV1TransmitComplete.TcpPayload == 2222);
    packet = carrier_received(carriers, nbl, nbl->FirstNetBuffer, NDIS_STATUS_SUCCESS);
    CHECK(packet);
    check_packet(packet, nbl, 0x75, 0, NULL);
    carrier_done(packet);
    NdisFreeNetBufferList(nbl);
    NdisFreeNetBufferListPool(lists);
    carrier_pool_destroy(carriers);
}

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, BYTES, 0x74736554);
    PMDL chain = mdl_chain(bytes, (unsigned[]){BYTES, 0});

    (void)machine;
    between_lists(chain);
    around_packets(bytes);
    around_lists(chain);
    mdl_chain_free(chain);
    ExFreePool(bytes);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
