/* SPDX-License-Identifier: MIT */
/* What the bindings of an adapter want to receive: packet filter, multicast addresses, look-ahead,
 * and whether they want to see what others send.
 */
#pragma once

#include "ndis/stack/adapter.h"

/* A set request of a binding, on its way down with what all bindings want together. */
struct audience_change;

/* Looks at a request before it goes down, of a binding or the host program, whose @wants are those
 * of @adapter. True: it ends here, with *@status. When it says what is wanted, its buffer is
 * replaced until audience_answered; *@change is NULL otherwise. */
bool audience_request(struct adapter *adapter, struct module_wants *wants,
    PNDIS_OID_REQUEST request, struct audience_change **change, NDIS_STATUS *status);
/* The answer has come: the request is as the binding made it, and a failure changes nothing. */
void
audience_answered(PNDIS_OID_REQUEST request, struct audience_change *change, NDIS_STATUS status);

/* True when @nbl, on its way up, is for @binding. */
bool audience_wants(const struct module *binding, PNET_BUFFER_LIST nbl);

/* What all bindings want together. */
ULONG audience_filter(struct adapter *adapter);
ULONG audience_lookahead(struct adapter *adapter);
/* Writes at most @max addresses of 6 bytes; answers how many there are. */
unsigned audience_multicast(struct adapter *adapter, UCHAR *addresses, unsigned max);

/* A binding has come or goes: who sees whose sends is worked out again. */
void audience_update(struct adapter *adapter);
/* Tells the miniport again what all want, after a reset. PASSIVE_LEVEL. */
void audience_restore(struct adapter *adapter);
/* The host program wants nothing any more; the miniport is gone. */
void audience_forget(struct adapter *adapter);
/* @binding wants nothing any more, and the miniport is told. PASSIVE_LEVEL. */
void audience_leave(struct module *binding);
