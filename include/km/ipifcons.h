/* SPDX-License-Identifier: MIT */
/* Types of network interfaces (see ifdef.h). */
#pragma once

#include <ndis/iftypes.h>
