/* SPDX-License-Identifier: MIT */
/* Status indications that NDIS makes itself. */
#pragma once

#include "ndis/stack/adapter.h"

/* As if the miniport of @adapter had indicated it. Nobody keeps @buffer. Any IRQL up to
 * DISPATCH_LEVEL. */
void status_of_ndis(struct adapter *adapter, NDIS_STATUS code, void *buffer, ULONG size);
