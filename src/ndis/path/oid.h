/* SPDX-License-Identifier: MIT */
/* OID requests inside the core: what lifecycle and the host API ask of a stack. */
#pragma once

#include "ndis/stack/adapter.h"

/* Sends @request down from the top of the stack and waits. PASSIVE_LEVEL. */
NDIS_STATUS oid_run(struct adapter *adapter, PNDIS_OID_REQUEST request);
/* The same to one filter or miniport. */
NDIS_STATUS oid_run_at(struct module *at, PNDIS_OID_REQUEST request);
/* What a host program asks: a wish to receive (audience.h) is one beside those of the bindings. */
NDIS_STATUS oid_run_host(struct adapter *adapter, PNDIS_OID_REQUEST request);

static inline bool
oid_is_query(const NDIS_OID_REQUEST *request)
{
    return request->RequestType == NdisRequestQueryInformation ||
           request->RequestType == NdisRequestQueryStatistics;
}

/* Copies @size bytes into the query's buffer, or says how many are needed. */
NDIS_STATUS oid_answer_bytes(PNDIS_OID_REQUEST request, const void *bytes, UINT size);
/* oid_memory.c: the request, a set, was successful; a query of it; the end of the miniport. */
void oid_remember(struct adapter *adapter, const NDIS_OID_REQUEST *request);
bool oid_recall(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status);
void oid_forget(struct adapter *adapter);

/* The request asks the miniport for something else until @end, which frees this, makes it what it
 * was, and of the miniport's answer the one to it. */
struct oid_detour {
    NDIS_STATUS(*end)
    (struct undis *machine, PNDIS_OID_REQUEST request, struct oid_detour *detour,
        NDIS_STATUS status);
};
/* *@made where there is one to make. */
NDIS_STATUS
statistics_detour(struct adapter *adapter, PNDIS_OID_REQUEST request, struct oid_detour **made);
NDIS_STATUS
rss_detour(struct adapter *adapter, PNDIS_OID_REQUEST request, struct oid_detour **made);

/* False: @oid is one of Ethernet, and @adapter of another medium: NDIS has no part in it. */
bool oid_of_medium(const struct adapter *adapter, NDIS_OID oid);
/* Answers what NDIS knows from the miniport's attributes; false: the miniport must say. */
bool oid_answer(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status);
/* @at, to which oid.c gave @request, has answered it after NDIS_STATUS_PENDING. */
void oid_complete(struct module *at, PNDIS_OID_REQUEST request, NDIS_STATUS status);

/* What the calls of oid.c and oid_direct.c do: @direct says which. */
NDIS_STATUS oid_request_below(struct module *from, PNDIS_OID_REQUEST request, bool direct);
void oid_complete_by(struct module *at, PNDIS_OID_REQUEST request, NDIS_STATUS status, bool direct,
    const char *caller);
void oid_cancel_below(struct module *from, PVOID request_id, bool direct);
