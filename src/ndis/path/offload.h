/* SPDX-License-Identifier: MIT */
/* What a miniport can do in the place of protocols: checksums, segmentation and coalescing. */
#pragma once

#include "ndis/stack/adapter.h"

/* NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG of the miniport; and as it comes to the protocols, with
 * what filters have made of it: later ones are told the same when they are bound. */
void offload_indicated(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication);
void offload_arrived(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication);
