/* SPDX-License-Identifier: MIT */
/* Packets with a link that leads nowhere: to no memory, back to itself. */
#pragma once

#define WILD     ((PVOID)0x6B6B6B6B6B6B6B60) /* no address at all */
#define UNMAPPED ((PVOID)0x10000)            /* one where nothing is */

/* Answers the packet to go on with; touches it only to break it. */
static inline PNDIS_PACKET
BreakPacket(PNDIS_PACKET Packet)
{
    if (LINKS(nbl_chain_acyclic__head_wild))
        Packet->Private.Head = WILD;
    if (LINKS(nbl_chain_acyclic__head_unmapped))
        Packet->Private.Head = UNMAPPED;
    if (LINKS(nbl_chain_acyclic__buffer_next_wild))
        Packet->Private.Head->Next = WILD;
    if (LINKS(nbl_chain_acyclic__buffer_loop))
        Packet->Private.Head->Next = Packet->Private.Head;
    if (LINKS(nbl_mdl_size_va__buffer_long))
        Packet->Private.Head->ByteCount = 0x7FFFFFFF;
    if (LINKS(s5_packet_from_pool__tail_wild))
        Packet->Private.Tail = WILD;
    if (LINKS(s5_packet_from_pool__block))
        Packet->Private.NdisPacketOobOffset = 0x7FF8;
    if (LINKS(s5_packet_from_pool__wild))
        return WILD;
    if (LINKS(s5_packet_from_pool__unmapped))
        return UNMAPPED;
    return Packet;
}
