/* SPDX-License-Identifier: MIT */
/* The interface stack table: what its keeper does when an interface goes. */
#pragma once

#include "ndis/stack/adapter.h"

/* An interface goes, and its rows; 0: all of them. */
void ifstack_forget(struct undis *machine, NET_IFINDEX interface);
