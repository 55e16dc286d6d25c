/* SPDX-License-Identifier: MIT */
/* OID requests inside the core: what lifecycle and the host API ask of a stack. */
#pragma once

#include "ndis/stack/adapter.h"

/* Sends @request down from the top of the stack and waits. PASSIVE_LEVEL. */
NDIS_STATUS oid_run(struct adapter *adapter, PNDIS_OID_REQUEST request);
/* The same to one filter or miniport. */
NDIS_STATUS oid_run_at(struct module *at, PNDIS_OID_REQUEST request);
/* Answers what NDIS knows from the miniport's attributes; false: the miniport must say. */
bool oid_answer(struct adapter *adapter, PNDIS_OID_REQUEST request, NDIS_STATUS *status);
/* @at, to which oid.c gave @request, has answered it after NDIS_STATUS_PENDING. */
void oid_complete(struct module *at, PNDIS_OID_REQUEST request, NDIS_STATUS status);
