/* SPDX-License-Identifier: MIT */
/* OID_GEN_RECEIVE_SCALE_PARAMETERS: what NDIS makes of it. */
#pragma once

#include "ndis/stack/adapter.h"

#define RSS_NEWEST ((unsigned)NDIS_RECEIVE_SCALE_PARAMETERS_REVISION_3)

/* Bytes of the structure of @revision; later ones are as the newest that is known. */
ULONG rss_size(unsigned revision);
/* What is wrong with @request, if it sets them; else NDIS_STATUS_SUCCESS. */
NDIS_STATUS rss_check(PNDIS_OID_REQUEST request);
/* They turn receive side scaling off, whatever else they say. They have been checked. */
bool rss_disables(const NDIS_RECEIVE_SCALE_PARAMETERS *parameters);
/* What a query will answer from now on: @now, and what it leaves unchanged of @before, which may be
 * NULL. Bytes; written when @to is not NULL. Both have been checked. */
ULONG rss_merge(const NDIS_RECEIVE_SCALE_PARAMETERS *now,
    const NDIS_RECEIVE_SCALE_PARAMETERS *before, NDIS_RECEIVE_SCALE_PARAMETERS *to);
/* The answer before anybody has set them: it is off. */
NDIS_RECEIVE_SCALE_PARAMETERS rss_off(const NDIS_RECEIVE_SCALE_CAPABILITIES *capabilities);
