/* SPDX-License-Identifier: MIT */
/* Standardized keywords of a miniport that OID requests change. */
#pragma once

#include "ndis/stack/adapter.h"

/* Before @request goes to the miniport, which must not have read them yet. PASSIVE_LEVEL. */
void keyword_update(const struct adapter *adapter, const NDIS_OID_REQUEST *request);
