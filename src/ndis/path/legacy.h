/* SPDX-License-Identifier: MIT */
/* The journeys of a miniport of NDIS 3 to 5.1: what lifecycle puts where an NDIS 6 miniport has
 * its handlers, and into the block that NDIS 5 macros call through.
 */
#pragma once

#include "ndis/stack/legacy.h"

/* module_core.oid_request: answers by NdisMQueryInformationComplete and the like. */
NDIS_STATUS legacy_oid_request(struct module *miniport, PNDIS_OID_REQUEST request);
/* Takes the request away from the miniport and answers it. */
void legacy_abort_request(struct module *miniport, NDIS_STATUS status);
/* A status of NDIS 5 as NDIS 6 knows it, to everybody above. */
void legacy_indicate_status(struct module *miniport, NDIS_STATUS code, PVOID buffer, UINT size);
/* What that status is; @made is good while @buffer is. */
struct legacy_status {
    NDIS_STATUS_INDICATION indication;
    NDIS_LINK_STATE link;
};
void legacy_status_of(const struct module *miniport, NDIS_STATUS code, PVOID buffer, UINT size,
    struct legacy_status *made);
/* That was all: to the protocols of NDIS 5. */
void legacy_indicate_status_end(struct module *miniport);
/* A connection-oriented miniport answers @request; false: it is none that stands for an ordinary
 * one. */
bool
legacy_request_answered(struct module *miniport, const NDIS_REQUEST *request, NDIS_STATUS status);
/* What SERIAL_REQUEST means. */
void legacy_do_request(struct module *miniport);

/* Who has asked for a reset, and is told of its end. */
struct legacy_reset {
    void (*done)(struct legacy_reset *reset, NDIS_STATUS status);
};
/* Starts a reset; NDIS_STATUS_PENDING, NDIS_STATUS_RESET_IN_PROGRESS when one is under way, or
 * NDIS_STATUS_NOT_RESETTABLE for an intermediate driver without MiniportReset.
 * @by: called once with the final status, perhaps before this returns; NULL: nobody. */
NDIS_STATUS legacy_reset(struct module *miniport, struct legacy_reset *by);
/* The miniport has finished a reset that it had pended; false: it had none. */
bool legacy_reset_answered(struct module *miniport, NDIS_STATUS status, BOOLEAN addressing);
/* What SERIAL_RESET and SERIAL_HANG mean. */
void legacy_do_reset(struct module *miniport);
void legacy_do_hang(struct module *miniport);
/* A set request has succeeded: a reset may have to do it again. */
void legacy_remember_set(struct module *miniport, const NDIS_OID_REQUEST *request);
void legacy_forget_sets(struct module *miniport);
/* Answers the sends and the request that a serialized miniport has. */
void legacy_take_back(struct module *miniport, NDIS_STATUS status);
/* Answers what waits for a serialized miniport and has not reached it. */
void legacy_drop_queue(struct module *miniport, NDIS_STATUS status);
void legacy_cancel_queued(struct module *miniport, PVOID cancel_id);
/* While legacy.pausing is 1: sets it to 0 and wakes its waiter when nothing is out. */
void legacy_look_whether_idle(struct module *miniport);

/* Members of module_path: of a miniport of NDIS 3 to 5.1. */
void legacy_send(NDIS_HANDLE module, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags);
void legacy_cancel_send(NDIS_HANDLE module, PVOID cancel_id);
void legacy_return(NDIS_HANDLE module, PNET_BUFFER_LIST chain, ULONG flags);
/* Packets of @miniport are out of the count, and whoever pauses it may go on. */
void legacy_count_back(struct module *miniport, uint64_t n);
/* How packets reach a deserialized miniport, and what becomes of an NBL that may not: by the
 * miniport itself, or on a VC. At DISPATCH_LEVEL. */
struct legacy_way {
    NDIS_HANDLE at; /* as in edge.h */
    void (*hand_over)(NDIS_HANDLE at, PPNDIS_PACKET packets, UINT count);
    void (*refuse)(NDIS_HANDLE at, PNET_BUFFER_LIST nbl, NDIS_STATUS status);
};
void
legacy_send_at_once(struct module *miniport, PNET_BUFFER_LIST chain, const struct legacy_way *way);
/* What SERIAL_CALLBACKS, SERIAL_SENDS, SERIAL_CANCELS and SERIAL_RETURNS mean. */
void legacy_do_callbacks(struct module *miniport);
void legacy_do_sends(struct module *miniport);
void legacy_do_cancels(struct module *miniport);
void legacy_do_returns(struct module *miniport);

/* Received packets, each in an NBL whose SourceHandle is @source, to @indicate; at DISPATCH_LEVEL. */
struct legacy_up {
    NDIS_HANDLE source;
    void (*indicate)(NDIS_HANDLE source, PNET_BUFFER_LIST chain, ULONG count, ULONG flags);
};
void legacy_indicate(struct module *miniport, PPNDIS_PACKET packets, UINT count,
    const struct legacy_up *up, const char *caller);

/* Block handlers: NdisMIndicateReceivePacket; what comes by look-ahead, and its end. @filter is
 * the module. */
void legacy_indicate_packets(NDIS_HANDLE module, PPNDIS_PACKET packets, UINT count);
void legacy_eth_indicate(PETH_FILTER filter, NDIS_HANDLE context, PCHAR address, PVOID header,
    UINT header_size, PVOID lookahead, UINT lookahead_size, UINT size);
void legacy_tr_indicate(PTR_FILTER filter, NDIS_HANDLE context, PVOID header, UINT header_size,
    PVOID lookahead, UINT lookahead_size, UINT size);
void
legacy_fddi_indicate(PFDDI_FILTER filter, NDIS_HANDLE context, PCHAR address, UINT address_length,
    PVOID header, UINT header_size, PVOID lookahead, UINT lookahead_size, UINT size);
void legacy_indicate_end(PETH_FILTER filter);

/* NdisTransferData of @binding within its ProtocolReceive: MiniportTransferData. After
 * NDIS_STATUS_PENDING module_core.transfer_complete follows. */
NDIS_STATUS legacy_transfer(struct module *miniport, struct module *binding, PNDIS_PACKET packet,
    NDIS_HANDLE context, UINT offset, UINT length, UINT *transferred);
