/* SPDX-License-Identifier: MIT */
/* The gate from NDIS to miniports of NDIS 3 to 5.1. */
#pragma once

#include "ndis/stack/legacy.h"

/* What MiniportInitialize chooses. */
struct legacy_choice {
    NDIS_STATUS open_error;
    UINT medium; /* index into the array it was given */
};

NDIS_STATUS call_legacy_initialize(
    struct module *to, struct legacy_choice *choice, PNDIS_MEDIUM media, UINT count);
void call_legacy_halt(struct module *to);
/* Query or set, by the request's type; BytesWritten, BytesRead and BytesNeeded go to the request. */
NDIS_STATUS call_legacy_request(struct module *to, PNDIS_OID_REQUEST request);
void call_legacy_unload(struct ndis_driver *to);
