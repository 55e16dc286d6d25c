/* SPDX-License-Identifier: MIT */
/* The journeys of a miniport of NDIS 3 to 5.1: what lifecycle puts where an NDIS 6 miniport has
 * its handlers, and into the block that NDIS 5 macros call through.
 */
#pragma once

#include "ndis/stack/legacy.h"

/* module_core.oid_request: answers by NdisMQueryInformationComplete and the like. */
NDIS_STATUS legacy_oid_request(struct module *miniport, PNDIS_OID_REQUEST request);
/* What SERIAL_REQUEST means. */
void legacy_do_request(struct module *miniport);
