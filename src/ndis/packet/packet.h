/* SPDX-License-Identifier: MIT */
/* What the layers above need of packets besides the documented calls. */
#pragma once

#include "nt/machine.h"
#include <ndis.h>

/* Frees the pools that undis keeps for callers without one. Nothing may be out any more. */
void packet_end(struct undis *machine);
