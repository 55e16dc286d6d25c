/* SPDX-License-Identifier: MIT */
/*
 * The timer of a miniport of NDIS 5. Its type is known to drivers of NDIS 6 too.
 */
#ifndef UNDIS_NDIS_TIMER5_H
#define UNDIS_NDIS_TIMER5_H

#include <ndis/service.h>

typedef struct _NDIS_MINIPORT_TIMER {
    KTIMER Timer;
    KDPC Dpc;
    PNDIS_TIMER_FUNCTION MiniportTimerFunction;
    PVOID MiniportTimerContext;
    PNDIS_MINIPORT_BLOCK Miniport;
    struct _NDIS_MINIPORT_TIMER *NextTimer;
} NDIS_MINIPORT_TIMER, *PNDIS_MINIPORT_TIMER;

#endif
