/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to providers of network interfaces. PASSIVE_LEVEL. */
#pragma once

#include "ndis/stack/module.h"

NDIS_STATUS call_query_object(struct driver *to, IFP_QUERY_OBJECT_HANDLER handler,
    NDIS_HANDLE context, NDIS_OID oid, PULONG length, PVOID buffer);
NDIS_STATUS call_set_object(struct driver *to, IFP_SET_OBJECT_HANDLER handler, NDIS_HANDLE context,
    NDIS_OID oid, ULONG length, PVOID buffer);
