/* SPDX-License-Identifier: MIT */
/* The journeys of a protocol of NDIS 3 to 5.1: what lifecycle puts where an NDIS 6 protocol has its
 * handlers, and into the block that NDIS 5 macros call through.
 */
#pragma once

#include "ndis/stack/binding5.h"

/* Members of module_path. */
void protocol5_send_complete(NDIS_HANDLE module, PNET_BUFFER_LIST chain, ULONG flags);
void protocol5_receive(
    NDIS_HANDLE module, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG count, ULONG flags);
/* Members of module_core. */
void protocol5_oid_complete(struct module *binding, PNDIS_OID_REQUEST request, NDIS_STATUS status);
void protocol5_status(struct module *binding, PNDIS_STATUS_INDICATION indication);
/* What it was told of is all: ProtocolStatusComplete, unless that has been called. */
void protocol5_status_end(struct module *binding);
void protocol5_lookahead(struct module *binding, NDIS_HANDLE context, PVOID header,
    UINT size_of_header, PVOID lookahead, UINT lookahead_size, UINT size);
void protocol5_lookahead_end(struct module *binding);
/* As context: the miniport has shown all of the frame, and is not asked for more. */
extern const char protocol5_whole;
/* What stands before the protocol ID in a frame of ARCnet: the source, the destination. */
#define ARC_HEADER 2u
void protocol5_transfer_complete(
    struct module *binding, PNDIS_PACKET packet, NDIS_STATUS status, UINT transferred);

/* Handlers of the open block. */
NDIS_STATUS protocol5_send(NDIS_HANDLE module, PNDIS_PACKET packet);
NDIS_STATUS protocol5_transfer(NDIS_HANDLE module, NDIS_HANDLE context, UINT offset, UINT length,
    PNDIS_PACKET packet, PUINT transferred);
NDIS_STATUS protocol5_request(NDIS_HANDLE module, PNDIS_REQUEST request);
NDIS_STATUS protocol5_reset(NDIS_HANDLE module);

/* The core's request that stands for a protocol's. NULL: no memory. */
struct request5;
struct request5 *request5_create(struct undis *machine, PNDIS_REQUEST theirs);
PNDIS_OID_REQUEST request5_oid(struct request5 *ours);
struct request5 *request5_of(PNDIS_OID_REQUEST oid);
/* What the answer says of bytes goes to the protocol's request, which this answers; ours ends. */
PNDIS_REQUEST request5_end(struct request5 *ours);
/* A status of NDIS 6 as NDIS 5 knows it; false: there is nothing to tell. */
bool protocol5_translate(struct module *binding, PNDIS_STATUS_INDICATION indication,
    NDIS_STATUS *code, PVOID *buffer, UINT *size);
/* NDIS_STATUS_PAUSED is no status of NDIS 5. */
NDIS_STATUS protocol5_final(NDIS_STATUS status);
/* Bug check unless the packet may be sent: it is one, and not on its way from @source already. */
void protocol5_require_sendable(
    struct module *binding, void *source, PNDIS_PACKET packet, const char *caller);
/* @nbl as a packet to @receive, which answers how often it will be returned; false: no memory for
 * a packet, and the NBL is the caller's still. */
bool protocol5_receive_packet(struct module *binding, PNET_BUFFER_LIST nbl, bool resources,
    INT (*receive)(void *context, PNDIS_PACKET packet), void *context);

/* Copies @length bytes from @offset on; answers how many there were. */
UINT transfer_read(PNET_BUFFER nb, UINT offset, PUCHAR to, UINT length);

/* A binding of NDIS 5 by its handle; bug check (rule rg-ndis5-forbidden-calls) for any other. */
struct module *protocol5_of(NDIS_HANDLE handle, const char *caller);
/* Waits until every send, request and reset is answered and every receive returned; false: that is
 * not so at @deadline (ns). PASSIVE_LEVEL. */
bool protocol5_settle(struct module *binding, uint64_t deadline);
/* While binding5.settling is 1: sets it to 0 and wakes the waiter when nothing is out. */
void protocol5_look_whether_settled(struct module *binding);
static inline void
protocol5_back(struct module *binding)
{
    if (__builtin_expect(__atomic_load_n(&binding->binding5->settling, __ATOMIC_ACQUIRE), 0))
        protocol5_look_whether_settled(binding);
}
