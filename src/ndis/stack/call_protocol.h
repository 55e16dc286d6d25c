/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to protocols of NDIS 3 to 5.1. */
#pragma once

#include "ndis/stack/binding5.h"

/* Lifecycle, PASSIVE_LEVEL. @section: SystemSpecific1, for NdisOpenProtocolConfiguration. */
NDIS_STATUS call_bind_adapter(
    struct ndis_driver *to, NDIS_HANDLE bind_context, PNDIS_STRING device, PNDIS_STRING section);
NDIS_STATUS call_unbind_adapter(struct module *to, NDIS_HANDLE unbind_context);
void call_open_adapter_complete(struct module *to, NDIS_STATUS status);
void call_close_adapter_complete(struct module *to);
NDIS_STATUS call_protocol_pnp_event(struct module *to, PNET_PNP_EVENT event);
/* NetEventBindsComplete, which belongs to no binding and cannot be refused. */
void call_protocol_binds_complete(struct ndis_driver *to);
/* <= DISPATCH_LEVEL. */
void call_request_complete(struct module *to, PNDIS_REQUEST request, NDIS_STATUS status);
void call_reset_complete(struct module *to, NDIS_STATUS status);
/* ProtocolStatus, then ProtocolStatusComplete. */
void call_protocol_status(struct module *to, NDIS_STATUS code, PVOID buffer, UINT size);
void call_status_complete(struct module *to);
/* Data path: at DISPATCH_LEVEL. */
void call_packet_send_complete(struct module *to, PNDIS_PACKET packet, NDIS_STATUS status);
void call_protocol_receive(struct module *to, NDIS_HANDLE context, PVOID header, UINT header_size,
    PVOID lookahead, UINT lookahead_size, UINT size);
/* How often the protocol will return the packet. */
INT call_receive_packet(struct module *to, PNDIS_PACKET packet);
void call_receive_complete(struct module *to);
void call_transfer_complete(
    struct module *to, PNDIS_PACKET packet, NDIS_STATUS status, UINT transferred);
