/* SPDX-License-Identifier: MIT */
/* NDIS_PACKETs of drivers: pools, taking and freeing, the packet stack. See descriptor.h. */
#include "ndis/packet/descriptor.h"

#define ROUND8(n) (((n) + 7u) & ~7u)

static size_t
body_size(uint32_t reserved)
{
    return offsetof(NDIS_PACKET, ProtocolReserved) + ROUND8(reserved) +
           sizeof(NDIS_PACKET_OOB_DATA) + sizeof(NDIS_PACKET_EXTENSION) +
           DESCRIPTOR_STACK * sizeof(NDIS_PACKET_STACK);
}

static PNDIS_PACKET
packet_of(struct descriptor *descriptor)
{
    return (PNDIS_PACKET)(descriptor + 1);
}

/* Once per element. The first words of an element are the pool's while it is free; the
 * descriptor stands there. */
static void
lay_out(struct packet_pool *pool, void *element)
{
    struct descriptor_pool *own = CONTAINING_RECORD(pool, struct descriptor_pool, pool);

    __builtin_memset(element, 0, sizeof(struct descriptor) + body_size(own->reserved));
    if (!pool->machine->hooks)
        pool_show(pool, element, OBJECT_PACKET, body_size(own->reserved));
}

struct descriptor *
descriptor_of(PNDIS_PACKET packet)
{
    struct descriptor *descriptor = (struct descriptor *)packet - 1;

    if (!(packet->Private.NdisPacketFlags & fPACKET_ALLOCATED_BY_NDIS) ||
        !object_of(machine_self(), descriptor, OBJECT_PACKET) || !descriptor->pool ||
        &descriptor->pool->pool != packet->Private.Pool)
        return NULL;
    return descriptor;
}

bool
descriptor_stripped(PNDIS_PACKET packet)
{
    struct descriptor *descriptor = (struct descriptor *)packet - 1;

    return object_of(machine_self(), descriptor, OBJECT_PACKET) && descriptor->pool &&
           !packet->Private.Pool;
}

/*
 * NdisAllocatePacketPoolEx - makes a pool of packets
 *
 * @Status:                      NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @PoolHandle:                  the pool.
 * @NumberOfDescriptors:         packets in it.
 * @NumberOfOverflowDescriptors: and so many more.
 * @ProtocolReservedLength:      bytes of ProtocolReserved in each.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the pool is the caller's until NdisFreePacketPool.
 * Errors:    see @Status.
 * Source:    NF:ndis.NdisAllocatePacketPoolEx
 */
VOID
NdisAllocatePacketPoolEx(PNDIS_STATUS Status, PNDIS_HANDLE PoolHandle, UINT NumberOfDescriptors,
    UINT NumberOfOverflowDescriptors, UINT ProtocolReservedLength)
{
    struct descriptor_pool *own;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Status = NDIS_STATUS_RESOURCES;
    *PoolHandle = NULL;
    if (ProtocolReservedLength > UINT16_MAX / 2)
        return;
    own = object_create(machine_self(), OBJECT_PACKET_POOL, sizeof(*own));
    if (!own)
        return;
    object_prefix(own)->tag = own->pool.tag = DESCRIPTOR_TAG;
    own->limit = NumberOfDescriptors + NumberOfOverflowDescriptors;
    own->reserved = ProtocolReservedLength;
    own->pool.kind = OBJECT_PACKET;
    own->pool.machine = machine_self();
    own->pool.lay_out = lay_out;
    own->pool.grain = pool_grain(own->pool.machine);
    own->pool.lead = sizeof(struct descriptor);
    pool_size(&own->pool, sizeof(struct descriptor) + body_size(own->reserved));
    if (!pool_open(&own->pool)) {
        object_destroy(own);
        return;
    }
    *PoolHandle = own;
    *Status = NDIS_STATUS_SUCCESS;
}

/*
 * NdisAllocatePacketPool - makes a pool of packets
 *
 * @Status:                 NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @PoolHandle:             the pool.
 * @NumberOfDescriptors:    packets in it.
 * @ProtocolReservedLength: bytes of ProtocolReserved in each.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the pool is the caller's until NdisFreePacketPool.
 * Errors:    see @Status.
 * Source:    NF:ndis.NdisAllocatePacketPool
 */
VOID
NdisAllocatePacketPool(PNDIS_STATUS Status, PNDIS_HANDLE PoolHandle, UINT NumberOfDescriptors,
    UINT ProtocolReservedLength)
{
    NdisAllocatePacketPoolEx(Status, PoolHandle, NumberOfDescriptors, 0, ProtocolReservedLength);
}

static struct descriptor_pool *
pool_behind(NDIS_HANDLE handle, const char *caller)
{
    if (!object_of(machine_self(), handle, OBJECT_PACKET_POOL) ||
        object_prefix(handle)->tag != DESCRIPTOR_TAG)
        gate_bug_check(
            "s5-packet-from-pool", "%s was given %p, which is no packet pool", caller, handle);
    return handle;
}

/*
 * NdisFreePacketPool - ends a pool of packets
 *
 * @PoolHandle: from NdisAllocatePacketPool or NdisAllocatePacketPoolEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the pool.
 * Errors:    none; with packets out it is a bug check (rule s5-pool-empty-at-free).
 * Source:    NF:ndis.NdisFreePacketPool
 */
VOID
NdisFreePacketPool(NDIS_HANDLE PoolHandle)
{
    struct descriptor_pool *own = pool_behind(PoolHandle, __func__);
    uint32_t taken = __atomic_load_n(&own->taken, __ATOMIC_ACQUIRE);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (taken)
        gate_bug_check("s5-pool-empty-at-free", "%s frees a packet pool while %u packets are out",
            __func__, taken);
    pool_close(&own->pool, __func__);
}

static bool
count_one(struct descriptor_pool *own)
{
    if (__atomic_add_fetch(&own->taken, 1, __ATOMIC_ACQ_REL) <= own->limit)
        return true;
    __atomic_sub_fetch(&own->taken, 1, __ATOMIC_ACQ_REL);
    return false;
}

/*
 * NdisAllocatePacket - takes a packet from a pool; no buffers, everything else zero
 *
 * @Status:     NDIS_STATUS_SUCCESS or NDIS_STATUS_RESOURCES.
 * @Packet:     the packet, NULL when there is none.
 * @PoolHandle: from NdisAllocatePacketPool or NdisAllocatePacketPoolEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the packet is the caller's until NdisFreePacket.
 * Errors:    see @Status.
 * Source:    NF:ndis.NdisAllocatePacket
 */
VOID
NdisAllocatePacket(PNDIS_STATUS Status, PNDIS_PACKET *Packet, NDIS_HANDLE PoolHandle)
{
    struct descriptor_pool *own = pool_behind(PoolHandle, __func__);
    struct descriptor *descriptor = NULL;
    size_t size = body_size(own->reserved);
    PNDIS_PACKET packet;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *Packet = NULL;
    *Status = NDIS_STATUS_RESOURCES;
    if (!count_one(own))
        return;
    if (!pool_hooked(&own->pool) || !pool_fault(&own->pool, size))
        descriptor = pool_take(&own->pool);
    if (!descriptor) {
        __atomic_sub_fetch(&own->taken, 1, __ATOMIC_ACQ_REL);
        return;
    }
    __builtin_memset(descriptor, 0, sizeof(*descriptor) + size);
    packet = packet_of(descriptor);
    descriptor->pool = own;
    descriptor->stack_at = (uint32_t)(size - DESCRIPTOR_STACK * sizeof(NDIS_PACKET_STACK));
    packet->Private.Pool = (PNDIS_PACKET_POOL)own;
    packet->Private.Flags = own->protocol_id;
    packet->Private.NdisPacketFlags = fPACKET_ALLOCATED_BY_NDIS;
    packet->Private.NdisPacketOobOffset =
        (USHORT)(offsetof(NDIS_PACKET, ProtocolReserved) + ROUND8(own->reserved));
    if (pool_hooked(&own->pool))
        pool_show(&own->pool, descriptor, OBJECT_PACKET, sizeof(*descriptor) + size);
    *Packet = packet;
    *Status = NDIS_STATUS_SUCCESS;
}

/*
 * NdisFreePacket - gives a packet back to its pool, not its buffers
 *
 * @Packet: from NdisAllocatePacket.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: takes the packet.
 * Errors:    none; what is no such packet is a bug check (rule s5-packet-from-pool), as is one
 *            that other drivers have (rule s5-free-packet-not-in-flight).
 * Source:    NF:ndis.NdisFreePacket
 */
VOID
NdisFreePacket(PNDIS_PACKET Packet)
{
    struct descriptor *descriptor = descriptor_of(Packet);
    struct descriptor_pool *own;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!descriptor)
        gate_bug_check(
            descriptor_stripped(Packet) ? "s5-zero-oob-not-packet" : "s5-packet-from-pool",
            "%s was given %p, which is no packet of a pool", __func__, (void *)Packet);
    if (descriptor->stack)
        gate_bug_check("s5-free-packet-not-in-flight",
            "%s was given a packet that %u other layers have", __func__, descriptor->stack);
    own = descriptor->pool;
    descriptor->pool = NULL;
    if (pool_hooked(&own->pool) && object_retire(descriptor))
        pool_rest(&own->pool, descriptor);
    else
        pool_put(&own->pool, descriptor);
    __atomic_sub_fetch(&own->taken, 1, __ATOMIC_ACQ_REL);
}

/*
 * NdisPacketPoolUsage - how many packets of a pool are out
 *
 * @PoolHandle: from NdisAllocatePacketPool or NdisAllocatePacketPoolEx.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisPacketPoolUsage
 */
UINT
NdisPacketPoolUsage(NDIS_HANDLE PoolHandle)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    return __atomic_load_n(&pool_behind(PoolHandle, __func__)->taken, __ATOMIC_ACQUIRE);
}

/*
 * NdisPacketSize - how long a packet is, with what stands behind it
 *
 * @ProtocolReservedSize: bytes of ProtocolReserved.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXN_R_0670133e-0e1b-4228-8cd5-9055d8422f60.xml.htm
 */
UINT
NdisPacketSize(UINT ProtocolReservedSize)
{
    return (UINT)body_size(ProtocolReservedSize);
}

/*
 * NdisSetPacketPoolProtocolId - says whose packets those of a pool are
 *
 * @PacketPoolHandle: from NdisAllocatePacketPool or NdisAllocatePacketPoolEx, none taken yet.
 * @ProtocolId:       NDIS_PROTOCOL_ID_XXX; NDIS_GET_PACKET_PROTOCOL_TYPE tells it of each packet.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXS__25009727-60fc-4951-a755-d3038e439029.xml.htm
 */
VOID
NdisSetPacketPoolProtocolId(NDIS_HANDLE PacketPoolHandle, UINT ProtocolId)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    pool_behind(PacketPoolHandle, __func__)->protocol_id = ProtocolId & NDIS_PROTOCOL_ID_MASK;
}

/*
 * NdisIMGetCurrentPacketStack - where an intermediate driver may keep something of a packet that
 *     it passes on as it is
 *
 * @Packet:          as given to its MiniportSend or ProtocolReceivePacket.
 * @StacksRemaining: FALSE: there is no room, the driver takes a packet of its own.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the location is the driver's while it has the packet.
 * Errors:    NULL with FALSE.
 * Source:    ddk3790:NdisXI_L_7cf887cb-0a53-4148-a6e0-ff2745e02e31.xml.htm
 */
PNDIS_PACKET_STACK
NdisIMGetCurrentPacketStack(PNDIS_PACKET Packet, BOOLEAN *StacksRemaining)
{
    struct descriptor *descriptor = descriptor_of(Packet);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    *StacksRemaining = FALSE;
    if (!descriptor || descriptor->stack == 0 || descriptor->stack > DESCRIPTOR_STACK)
        return NULL;
    *StacksRemaining = TRUE;
    return (PNDIS_PACKET_STACK)((char *)Packet + descriptor->stack_at) + (descriptor->stack - 1);
}

/*
 * NdisGetPoolFromPacket - the pool of a packet
 *
 * @Packet: from NdisAllocatePacket.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    ddk3790:NdisXG_H_580594c1-4b43-4be5-98a0-f7491de7f349.xml.htm
 */
NDIS_HANDLE
NdisGetPoolFromPacket(PNDIS_PACKET Packet)
{
    return Packet->Private.Pool;
}

/*
 * NdisIMCopySendPerPacketInfo - takes the per-packet information of a send along to a new packet
 *
 * @DstPacket: of the caller.
 * @SrcPacket: as given to its MiniportSend.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisIMCopySendPerPacketInfo
 */
VOID
NdisIMCopySendPerPacketInfo(PNDIS_PACKET DstPacket, PNDIS_PACKET SrcPacket)
{
    *NDIS_PACKET_EXTENSION_FROM_PACKET(DstPacket) = *NDIS_PACKET_EXTENSION_FROM_PACKET(SrcPacket);
}

/*
 * NdisIMCopySendCompletePerPacketInfo - takes what a completed send says of itself back
 *
 * @DstPacket: as given to the caller's MiniportSend.
 * @SrcPacket: of the caller, as it came back to it.
 *
 * IRQL:      any
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisIMCopySendCompletePerPacketInfo
 */
VOID
NdisIMCopySendCompletePerPacketInfo(PNDIS_PACKET DstPacket, PNDIS_PACKET SrcPacket)
{
    NDIS_PER_PACKET_INFO_FROM_PACKET(DstPacket, TcpLargeSendPacketInfo) =
        NDIS_PER_PACKET_INFO_FROM_PACKET(SrcPacket, TcpLargeSendPacketInfo);
    NDIS_PER_PACKET_INFO_FROM_PACKET(DstPacket, TcpIpChecksumPacketInfo) =
        NDIS_PER_PACKET_INFO_FROM_PACKET(SrcPacket, TcpIpChecksumPacketInfo);
}
