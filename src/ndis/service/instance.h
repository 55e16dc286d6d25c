/* SPDX-License-Identifier: MIT */
/* What an adapter is called. */
#pragma once

#include "ndis/stack/adapter.h"

/* Its friendly name, in memory that NdisFreeMemory takes; NDIS_STATUS_RESOURCES. */
NDIS_STATUS instance_name(const struct adapter *adapter, PNDIS_STRING name);
