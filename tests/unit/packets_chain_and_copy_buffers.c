/* SPDX-License-Identifier: MIT */
/* Buffers are chained to packets and taken out again at both ends, say where they are and how long,
 * and bytes are copied across their limits until either packet ends; pools count what is out.
 */
#include "packet.h"

#define TAG 0x74736554

static NDIS_HANDLE buffers, packets;

static PNDIS_BUFFER
buffer_over(UCHAR *bytes, UINT length)
{
    PNDIS_BUFFER buffer;
    NDIS_STATUS status;

    NdisAllocateBuffer(&status, &buffer, buffers, bytes, length);
    CHECK(status == NDIS_STATUS_SUCCESS && buffer);
    return buffer;
}

static PNDIS_PACKET
packet(void)
{
    PNDIS_PACKET packet;
    NDIS_STATUS status;

    NdisAllocatePacket(&status, &packet, packets);
    CHECK(status == NDIS_STATUS_SUCCESS && packet);
    return packet;
}

/* Over @bytes, in pieces of the sizes given (0 ends them). */
static PNDIS_PACKET
packet_over(UCHAR *bytes, const UINT *sizes)
{
    PNDIS_PACKET made = packet();

    for (; *sizes; bytes += *sizes++) {
        PNDIS_BUFFER buffer = buffer_over(bytes, *sizes);

        NdisChainBufferAtBack(made, buffer);
    }
    return made;
}

static void
packet_end(PNDIS_PACKET packet)
{
    PNDIS_BUFFER buffer;

    for (;;) {
        NdisUnchainBufferAtFront(packet, &buffer);
        if (!buffer)
            break;
        NdisFreeBuffer(buffer);
    }
    NdisFreePacket(packet);
}

static void
check_chain(UCHAR *bytes)
{
    PNDIS_PACKET p = packet_over(bytes, (UINT[]){10, 20, 30, 0});
    PNDIS_BUFFER front = buffer_over(bytes + 100, 5), out, first;
    UINT count, length, total;
    PVOID address;

    {NdisChainBufferAtFront(p, front)} /* a block, as in the DDK: it needs no semicolon */
    NdisQueryPacket(p, NULL, &count, &first, &total);
    CHECK(count == 4 && total == 65 && first == front);
    CHECK(NDIS_PACKET_FIRST_NDIS_BUFFER(p) == front && NDIS_PACKET_VALID_COUNTS(p));
    CHECK(NdisBufferLength(NDIS_PACKET_LAST_NDIS_BUFFER(p)) == 30);
    NdisGetFirstBufferFromPacket(p, &first, &address, &length, &total);
    CHECK(first == front && address == bytes + 100 && length == 5 && total == 65);
    NdisUnchainBufferAtBack(p, &out);
    CHECK(NdisBufferLength(out) == 30 && NdisBufferVirtualAddress(out) == bytes + 30);
    CHECK(!out->Next);
    NdisQueryPacket(p, NULL, &count, NULL, &total);
    CHECK(count == 3 && total == 35);
    NdisChainBufferAtBack(p, out);
    NdisQueryPacketLength(p, &total);
    CHECK(total == 65);
    NdisUnchainBufferAtFront(p, &out);
    CHECK(out == front);
    NdisFreeBuffer(out);
    for (unsigned i = 0; i < 3; i++) {
        NdisUnchainBufferAtBack(p, &out);
        NdisFreeBuffer(out);
    }
    NdisUnchainBufferAtBack(p, &out);
    CHECK(!out && !p->Private.Head);
    NdisGetFirstBufferFromPacketSafe(p, &first, &address, &length, &total, NormalPagePriority);
    CHECK(!first && !address && !length && !total);
    NdisFreePacket(p);
}

static void
check_buffer(UCHAR *bytes)
{
    PNDIS_BUFFER buffer = buffer_over(bytes, 200), part;
    NDIS_STATUS status;
    UINT offset, length;
    PVOID address;

    NdisQueryBuffer(buffer, &address, &length);
    CHECK(address == bytes && length == 200);
    NdisQueryBufferOffset(buffer, &offset, &length);
    CHECK(offset == ((uintptr_t)bytes & (PAGE_SIZE - 1)) && length == 200);
    NdisGetBufferPhysicalArraySize(buffer, &length);
    CHECK(length == ADDRESS_AND_SIZE_TO_SPAN_PAGES(bytes, 200));
    CHECK(NDIS_BUFFER_TO_SPAN_PAGES(buffer) == length);
    NdisCopyBuffer(&status, &part, buffers, buffer, 50, 100);
    CHECK(status == NDIS_STATUS_SUCCESS && NdisBufferLength(part) == 100);
    CHECK(NdisBufferVirtualAddress(part) == bytes + 50);
    NdisFreeBuffer(part);
    NdisAdjustBufferLength(buffer, 60);
    CHECK(NdisBufferLength(buffer) == 60);
    NdisFreeBuffer(buffer);
}

static void
check_copy(UCHAR *bytes)
{
    PNDIS_PACKET from = packet_over(bytes, (UINT[]){7, 1, 30, 62, 0});
    PNDIS_PACKET to = packet_over(bytes + 200, (UINT[]){50, 20, 0});
    UINT copied;

    for (unsigned i = 0; i < 100; i++)
        bytes[i] = (UCHAR)(i + 1);
    memset(bytes + 200, 0, 70);
    NdisCopyFromPacketToPacket(to, 5, 1000, from, 30, &copied);
    CHECK(copied == 65 && bytes[204] == 0 && bytes[205] == 31 && bytes[269] == 95);
    NdisCopyFromPacketToPacketSafe(to, 0, 1000, from, 95, &copied, NormalPagePriority);
    CHECK(copied == 5 && bytes[200] == 96 && bytes[204] == 100 && bytes[205] == 31);
    NdisCopyFromPacketToPacket(to, 0, 3, from, 0, &copied);
    CHECK(copied == 3 && bytes[202] == 3 && bytes[203] == 99);
    NdisCopyFromPacketToPacket(to, 70, 3, from, 0, &copied);
    CHECK(copied == 0);
    packet_end(from);
    packet_end(to);
}

static void
check_pool(void)
{
    PNDIS_PACKET first = packet(), second;
    NDIS_STATUS status;
    KIRQL irql;

    CHECK(NDIS_GET_PACKET_PROTOCOL_TYPE(first) == NDIS_PROTOCOL_ID_TCP_IP);
    CHECK(NdisGetPoolFromPacket(first) == packets);
    CHECK(NdisPacketPoolUsage(packets) == 1);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    NdisDprAllocatePacket(&status, &second, packets);
    CHECK(status == NDIS_STATUS_SUCCESS && NdisPacketPoolUsage(packets) == 2);
    NdisDprFreePacket(second);
    NdisDprAllocatePacketNonInterlocked(&status, &second, packets);
    CHECK(status == NDIS_STATUS_SUCCESS && NdisPacketPoolUsage(packets) == 2);
    NdisDprFreePacketNonInterlocked(second);
    KeLowerIrql(irql);
    CHECK(NdisPacketPoolUsage(packets) == 1);
    CHECK(!NdisGetPacketCancelId(first));
    NdisSetPacketCancelId(first, &status);
    CHECK(NdisGetPacketCancelId(first) == &status);
    NdisFreePacket(first);
}

static void
test(void *machine)
{
    UCHAR *bytes = ExAllocatePoolWithTag(NonPagedPool, 300, TAG);
    NDIS_STATUS status;

    (void)machine;
    NdisAllocateBufferPool(&status, &buffers, 8);
    CHECK(status == NDIS_STATUS_SUCCESS);
    NdisAllocatePacketPool(&status, &packets, 4, 16);
    CHECK(status == NDIS_STATUS_SUCCESS);
    NdisSetPacketPoolProtocolId(packets, NDIS_PROTOCOL_ID_TCP_IP);
    CHECK(NdisPacketSize(16) > NdisPacketSize(0) + 8);
    check_chain(bytes);
    check_buffer(bytes);
    check_copy(bytes);
    check_pool();
    CHECK(NdisPacketPoolUsage(packets) == 0);
    NdisFreePacketPool(packets);
    NdisFreeBufferPool(buffers);
    ExFreePool(bytes);
}

int
main(void)
{
    nt_run(test);
    return 0;
}
