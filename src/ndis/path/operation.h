/* SPDX-License-Identifier: MIT */
/* ifOperStatus of RFC 2863: whether an adapter can carry packets, and if not, why. */
#pragma once

#include "ndis/stack/adapter.h"

NET_IF_OPER_STATUS operation_now(struct adapter *adapter, ULONG *flags);
/* Something that it depends on may have changed: tells the layers, if so. Any IRQL up to
 * DISPATCH_LEVEL. */
void operation_changed(struct adapter *adapter);
