/* SPDX-License-Identifier: MIT */
/* Sends that bindings of the same adapter want to receive. */
#pragma once

#include "ndis/path/path.h"

/* Before @chain goes to @miniport: shows a copy of what a binding wants to it. At DISPATCH_LEVEL. */
void
loopback_show(struct module *miniport, PNET_BUFFER_LIST chain, NDIS_PORT_NUMBER port, ULONG flags);
