/* SPDX-License-Identifier: MIT */
/* What the layers above need of packets besides the documented calls. */
#pragma once

#include "nt/machine.h"
#include <ndis.h>

/* NBLs of @pool, which may be NULL, are undis' own: drivers only get what it makes of them. */
void packet_pool_is_own(NDIS_HANDLE pool);
/* The same, each of them around a packet that a miniport of NDIS 5 indicates. */
void packet_pool_shows(NDIS_HANDLE pool);
/* Frees the pools that undis keeps for callers without one. Nothing may be out any more. */
void packet_end(struct undis *machine);
