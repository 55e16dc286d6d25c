/* SPDX-License-Identifier: MIT */
/*
 * NDIS as drivers include it. Which version they see is said in ndis/version.h.
 */
#ifndef UNDIS_NDIS_H
#define UNDIS_NDIS_H
#define _NDIS_

#include <ntddk.h>

#include <ndis/version.h>

#include <ndis/types.h>

#include <ndis/objectheader.h>

#include <ndis/mdl.h>

#include <ndis/nbl.h>

#include <ndis/nbl8021q.h>
#include <ndis/nblchecksum.h>
#include <ndis/nblhash.h>
#include <ndis/nbllso.h>
#include <ndis/nblrsc.h>
#include <ndis/nbltimestamp.h>
#include <ndis/nbluso.h>

#include <ndis/nblapi.h>
#include <ndis/nblreceive.h>
#include <ndis/nblsend.h>

#include <ntddndis.h>

#if NDIS_SUPPORT_NDIS6
#include <ws2def.h>
#endif

#include <windot11.h>

#include <ndis/common.h>
#include <ndis/status.h>

#include <ndis/hardware.h>
#include <ndis/service.h>
#include <ndis/timer5.h>

#include <ndis/filter.h>
#include <ndis/miniport.h>
#include <ndis/protocol.h>

#include <ndis/connection.h>
#include <ndis/interface.h>
#include <ndis/nblslots.h>
#include <ndis/packetinfo.h>
#include <ndis/poll.h>
#include <ndis/switch.h>

#if NDIS_LEGACY_DRIVER
#include <ndis/hardware5.h>
#include <ndis/legacy.h>
#endif

#endif
