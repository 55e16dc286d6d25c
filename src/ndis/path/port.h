/* SPDX-License-Identifier: MIT */
/* The NDIS ports of an adapter, for those who ask. Any IRQL up to DISPATCH_LEVEL. */
#pragma once

#include "ndis/stack/adapter.h"

/* Guards adapter.ports; nothing is called meanwhile. */
KIRQL ports_enter(struct adapter *adapter);
void ports_leave(struct adapter *adapter, KIRQL irql);
/* The next three between those two. NULL: no such port. */
struct ndis_port *port_find(struct adapter *adapter, NDIS_PORT_NUMBER number);
/* The default port's link is the adapter's. */
NDIS_PORT_CHARACTERISTICS
port_describe(const struct adapter *adapter, const struct ndis_port *port);
unsigned ports_active(const struct adapter *adapter);

bool port_active(struct adapter *adapter, NDIS_PORT_NUMBER number);
/* The default port is active and not on its way out: protocols may bind. */
bool ports_open(struct adapter *adapter);
/* What a port is that has been told nothing else: nobody has to be authorized. */
NDIS_PORT_AUTHENTICATION_PARAMETERS port_defaults(void);
/* NDIS_STATUS_PORT_STATE of the miniport. */
void port_indicated(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication);
/* The miniport has taken the request, a set. */
void port_remember(struct adapter *adapter, const NDIS_OID_REQUEST *request);
/* OID_GEN_ENUMERATE_PORTS, OID_GEN_PORT_STATE */
NDIS_STATUS port_answer_all(struct adapter *adapter, PNDIS_OID_REQUEST request);
NDIS_STATUS port_answer_state(struct adapter *adapter, PNDIS_OID_REQUEST request);
