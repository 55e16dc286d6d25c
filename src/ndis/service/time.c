/* SPDX-License-Identifier: MIT */
/* The time of the machine; virtual when it is simulated. */
#include "nt/machine.h"
#include <ndis.h>

#define NS_PER_MS 1000000u

/*
 * NdisGetCurrentSystemTime - the time of day
 *
 * @pSystemTime: 100 ns since 1601, UTC.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisGetCurrentSystemTime
 */
VOID
NdisGetCurrentSystemTime(PLARGE_INTEGER pSystemTime)
{
    KeQuerySystemTime(pSystemTime);
}

/*
 * NdisGetSystemUpTime - how long the machine has been running
 *
 * @pSystemUpTime: milliseconds, from 0 again after 49.7 days.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    xp7600:NdisXG_H_951ebcf6-e4c1-4f4d-8266-f4ad9e1ee8d1.xml.htm
 */
VOID
NdisGetSystemUpTime(PULONG pSystemUpTime)
{
    *pSystemUpTime = (ULONG)(executive_now(machine_self()->executive) / NS_PER_MS);
}

/*
 * NdisGetSystemUpTimeEx - how long the machine has been running
 *
 * @pSystemUpTime: milliseconds.
 *
 * IRQL:      Any level
 * Ownership: nothing moves.
 * Errors:    none.
 * Source:    NF:ndis.NdisGetSystemUpTimeEx
 */
VOID
NdisGetSystemUpTimeEx(PLARGE_INTEGER pSystemUpTime)
{
    pSystemUpTime->QuadPart = (LONGLONG)(executive_now(machine_self()->executive) / NS_PER_MS);
}
