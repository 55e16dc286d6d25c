/* SPDX-License-Identifier: MIT */
/* NdisAllocateMdl and NdisFreeMdl, under the name that newer kits give them. */
#ifndef UNDIS_NDIS_MDLAPI_H
#define UNDIS_NDIS_MDLAPI_H

#include <ndis/mdl.h>

#endif
