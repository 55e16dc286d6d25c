/* SPDX-License-Identifier: MIT */
/*
 * pass: a modifying filter that changes nothing.
 *
 *     sends    FilterSendNetBufferLists     -> NdisFSendNetBufferLists         and back
 *     receives FilterReceiveNetBufferLists  -> NdisFIndicateReceiveNetBufferLists  and back
 *     OIDs     cloned, sent down, the answer copied back
 *     statuses and events go on as they are
 *
 * The keyword Mode says where frames pass by: 0 through all handlers, 1 send bypass, 2 receive
 * bypass, 3 both. NDIS owns the frames; between handler and hand-over they are ours.
 */
#pragma once

#define NDIS630 1

#include <ndis.h>

#define TAG 'ssaP'

#define MODE_SEND_BYPASS    1u
#define MODE_RECEIVE_BYPASS 2u

typedef struct _FILTER {
    NDIS_HANDLE Handle;
    ULONG Mode;
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    BOOLEAN Running;
    PNDIS_OID_REQUEST Clone; /* the OID request under way: NDIS sends one at a time */
} FILTER;

extern NDIS_HANDLE FilterDriverHandle;

/* data.c */
FILTER_SEND_NET_BUFFER_LISTS PassSend;
FILTER_SEND_NET_BUFFER_LISTS_COMPLETE PassSendComplete;
FILTER_CANCEL_SEND_NET_BUFFER_LISTS PassCancelSend;
FILTER_RECEIVE_NET_BUFFER_LISTS PassReceive;
FILTER_RETURN_NET_BUFFER_LISTS PassReturn;

/* oid.c */
FILTER_OID_REQUEST PassOidRequest;
FILTER_OID_REQUEST_COMPLETE PassOidRequestComplete;
FILTER_CANCEL_OID_REQUEST PassCancelOidRequest;
