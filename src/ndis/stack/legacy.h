/* SPDX-License-Identifier: MIT */
/* What NDIS keeps of a miniport of NDIS 3 to 5.1, besides its module. Made by adapter_initialize
 * before MiniportInitialize, freed after MiniportHalt.
 *
 * Lock key as in module.h; [O]: touched by who is inside the serialized miniport only.
 */
#pragma once

#include "ndis/stack/adapter.h"
#include "ndis/stack/serial.h"

struct legacy {
    struct serial serial;
    bool has_attributes;               /* [S] NdisMSetAttributes(Ex) was called */
    ULONG attributes;                  /* [S] NDIS_ATTRIBUTE_* */
    uint64_t hang_period;              /* [S] ns between two calls of MiniportCheckForHang */
    PNDIS_OID_REQUEST request;         /* [A] in the miniport, or about to go there */
    bool pausing;                      /* [A] somebody waits until nothing is out */
    ADAPTER_SHUTDOWN_HANDLER shutdown; /* [S] NdisMRegisterAdapterShutdownHandler */
    PVOID shutdown_context;            /* [S] */
};
