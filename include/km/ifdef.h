/* SPDX-License-Identifier: MIT */
/* Network interfaces: indexes, LUIDs, states, types. */
#pragma once

#include <ndis/iftypes.h>
