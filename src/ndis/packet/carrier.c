/* SPDX-License-Identifier: MIT */
/* Packets over NET_BUFFERs and NET_BUFFER_LISTs over packets. See carrier.h. */
#include "ndis/packet/carrier.h"
#include "ndis/packet/part.h"

#define CHECKSUM_SEND    0x1Fu /* both generations have the same bits there */
#define CHECKSUM_RECEIVE 0x7Fu
#define TAG_BITS         0xFFFFu /* priority, format, VLAN */

struct carrier {
    NDIS_PACKET packet;
    ULONG_PTR reserved[4]; /* ProtocolReserved goes on */
    NDIS_PACKET_OOB_DATA oob;
    NDIS_PACKET_EXTENSION extension;
    struct packet_pool *pool; /* [I] */
    bool parts;               /* the MDLs are parts, made for it */
};

static void
lay_out(struct packet_pool *pool, void *element)
{
    struct carrier *carrier = element;

    __builtin_memset(carrier, 0, sizeof(*carrier));
    carrier->pool = pool;
    if (!pool->machine->hooks)
        pool_show(pool, carrier, OBJECT_PACKET, sizeof(*carrier));
}

struct packet_pool *
carrier_pool_create(void)
{
    struct packet_pool *pool = object_create(machine_self(), OBJECT_PACKET_POOL, sizeof(*pool));

    if (!pool)
        return NULL;
    pool->kind = OBJECT_PACKET;
    pool->machine = machine_self();
    pool->lay_out = lay_out;
    pool->grain = pool_grain(pool->machine);
    pool_size(pool, sizeof(struct carrier));
    if (pool_open(pool))
        return pool;
    object_destroy(pool);
    return NULL;
}

void
carrier_pool_destroy(struct packet_pool *pool)
{
    pool_close(pool, "the end of an adapter");
}

static ULONG_PTR
slot(PNET_BUFFER_LIST nbl, NDIS_NET_BUFFER_LIST_INFO id)
{
    return (ULONG_PTR)NET_BUFFER_LIST_INFO(nbl, id);
}

static void
info_down(struct carrier *carrier, PNET_BUFFER_LIST nbl)
{
    NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso;
    PVOID *to = carrier->extension.NdisPacketInfo;

    lso.Value = NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo);
    to[TcpIpChecksumPacketInfo] =
        (PVOID)(slot(nbl, TcpIpChecksumNetBufferListInfo) & CHECKSUM_SEND);
    to[TcpLargeSendPacketInfo] = (PVOID)(ULONG_PTR)lso.LsoV1Transmit.MSS;
    to[Ieee8021QInfo] = (PVOID)(slot(nbl, Ieee8021QNetBufferListInfo) & TAG_BITS);
    to[PacketCancelId] = NDIS_GET_NET_BUFFER_LIST_CANCEL_ID(nbl);
    to[OriginalNetBufferList] = nbl;
}

/* Whether the MDLs hold the NET_BUFFER's bytes and nothing else. */
static bool
whole_mdls(PNET_BUFFER nb)
{
    SIZE_T left = nb->stDataLength;
    PMDL mdl = nb->CurrentMdl;

    if (nb->CurrentMdlOffset)
        return false;
    for (; mdl && left >= MmGetMdlByteCount(mdl); mdl = mdl->Next)
        left -= MmGetMdlByteCount(mdl);
    return left == 0 && !mdl;
}

static bool
data_down(struct carrier *carrier, PNET_BUFFER nb)
{
    NDIS_PACKET_PRIVATE *private = &carrier->packet.Private;
    struct packet_defaults *defaults;
    PMDL head = NULL, *link = &head;

    carrier->parts = !whole_mdls(nb);
    if (!carrier->parts) {
        head = nb->CurrentMdl;
    } else {
        defaults = packet_defaults();
        if (!defaults || !part_copy_chain(defaults, nb->CurrentMdl, nb->CurrentMdlOffset,
                             nb->DataLength, &link)) {
            part_put_chain(head);
            return false;
        }
    }
    private->Head = head;
    while (head && head->Next)
        head = head->Next;
    private->Tail = head;
    return true;
}

PNDIS_PACKET
carrier_down(struct packet_pool *pool, PNET_BUFFER_LIST nbl, PNET_BUFFER nb)
{
    struct carrier *carrier;
    NDIS_PACKET_PRIVATE *private;

    if (pool_hooked(pool) && pool_fault(pool, sizeof(*carrier)))
        return NULL;
    carrier = pool_take(pool);
    if (!carrier)
        return NULL;
    private = &carrier->packet.Private;
    __builtin_memset(carrier, 0, offsetof(struct carrier, pool));
    private->Pool = pool;
    private->NdisPacketFlags = fPACKET_ALLOCATED_BY_NDIS;
    private->NdisPacketOobOffset = offsetof(struct carrier, oob);
    if (pool_hooked(pool))
        pool_show(pool, carrier, OBJECT_PACKET, sizeof(*carrier));
    if (!data_down(carrier, nb)) {
        carrier->parts = false;
        carrier_down_done(nbl, &carrier->packet);
        return NULL;
    }
    info_down(carrier, nbl);
    return &carrier->packet;
}

/* A large send says how much of it was sent. */
static void
info_back(struct carrier *carrier, PNET_BUFFER_LIST nbl)
{
    NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO lso;

    lso.Value = NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo);
    if (!lso.Value || lso.Transmit.Type != NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE)
        return;
    lso.LsoV1TransmitComplete.TcpPayload =
        (ULONG)(ULONG_PTR)carrier->extension.NdisPacketInfo[TcpLargeSendPacketInfo];
    NET_BUFFER_LIST_INFO(nbl, TcpLargeSendNetBufferListInfo) = lso.Value;
}

void
carrier_down_done(PNET_BUFFER_LIST nbl, PNDIS_PACKET packet)
{
    info_back(CONTAINING_RECORD(packet, struct carrier, packet), nbl);
    carrier_done(packet);
}

void
carrier_done(PNDIS_PACKET packet)
{
    struct carrier *carrier = CONTAINING_RECORD(packet, struct carrier, packet);
    struct packet_pool *pool = carrier->pool;

    if (carrier->parts)
        part_put_chain(packet->Private.Head);
    if (pool_hooked(pool) && object_retire(carrier))
        pool_rest(pool, carrier);
    else
        pool_put(pool, carrier);
}

PNET_BUFFER_LIST
carrier_up(struct packet_pool *pool, PNDIS_PACKET packet)
{
    PVOID *from = NDIS_PACKET_EXTENSION_FROM_PACKET(packet)->NdisPacketInfo;
    PNET_BUFFER_LIST nbl = nbl_take(pool, NBL_PLAIN, 0, 0);
    UINT length;

    if (!nbl)
        return NULL;
    NdisQueryPacket(packet, NULL, NULL, NULL, &length);
    nb_describe(nbl->FirstNetBuffer, packet->Private.Head, 0, length);
    NET_BUFFER_LIST_INFO(nbl, TcpIpChecksumNetBufferListInfo) =
        (PVOID)((ULONG_PTR)from[TcpIpChecksumPacketInfo] & CHECKSUM_RECEIVE);
    NET_BUFFER_LIST_INFO(nbl, Ieee8021QNetBufferListInfo) =
        (PVOID)((ULONG_PTR)from[Ieee8021QInfo] & TAG_BITS);
    if (packet->Private.Flags & NDIS_FLAGS_IS_LOOPBACK_PACKET)
        nbl->NblFlags |= NDIS_NBL_FLAGS_IS_LOOPBACK_PACKET;
    return nbl;
}

void
carrier_up_done(PNET_BUFFER_LIST nbl)
{
    NdisFreeNetBufferList(nbl);
}
