/* SPDX-License-Identifier: MIT */
/* The MDL accessors, under the name that newer kits give them. */
#ifndef UNDIS_NDIS_MDLTYPES_H
#define UNDIS_NDIS_MDLTYPES_H

#include <ndis/mdl.h>

#endif
