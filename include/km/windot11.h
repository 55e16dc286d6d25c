/* SPDX-License-Identifier: MIT */
/*
 * Native IEEE 802.11: OIDs, indications and what accompanies frames, as stations of NDIS 6 use them.
 */
#ifndef UNDIS_WINDOT11_H
#define UNDIS_WINDOT11_H

#include <ntddndis.h>

#include <ndis/dot11oids.h>
#include <ndis/dot11path.h>

#endif
