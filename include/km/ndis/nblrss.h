/* SPDX-License-Identifier: MIT */
/* The RSS slots of a NET_BUFFER_LIST, under the name that some kits give them. */
#ifndef UNDIS_NDIS_NBLRSS_H
#define UNDIS_NDIS_NBLRSS_H

#include <ndis/nblhash.h>

#endif
