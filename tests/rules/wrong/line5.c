/* SPDX-License-Identifier: MIT */
/* phone5, a miniport of NDIS 5 that manages its calls, as it is but for when it answers: packets are
 * completed a little later, from a DPC. What it breaks stands here. See breaks.h.
 */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS51_MINIPORT      1

#include <ndis.h>

#include "breaks.h"

#define LATER 64u /* completions that wait */

static struct {
    NDIS_HANDLE Vc;
    PNDIS_PACKET Packet;
    NDIS_STATUS Status;
} Sends[LATER];

static KSPIN_LOCK Lock; /* guards Sends */
static KTIMER Timer;
static KDPC Dpc;

static VOID
Complete(NDIS_STATUS Status, NDIS_HANDLE Vc, PNDIS_PACKET Packet)
{
    KIRQL Irql;

    UNREFERENCED_PARAMETER(Irql);
    if (BREAKS(s5_pending_then_complete__vc)) {
        static LONG Kept;
        if (InterlockedExchange(&Kept, 1) == 0)
            return;
    }
    if (BREAKS(s5_regain_on_complete__vc))
        Packet->Private.Head = NULL;
    if (BREAKS(s5_no_spinlock_across_complete__vc))
        KeAcquireSpinLock(&Lock, &Irql);
    volatile UCHAR *Late = TOUCHES(s5_no_touch_after_complete) ? RememberedPacket(Packet) : NULL;
    NdisMCoSendComplete(Status, Vc, Packet);
    TouchRemembered(Late);
}

static VOID
Work(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    for (ULONG i = 0; i < LATER; i++) {
        PNDIS_PACKET Packet;
        NDIS_STATUS Status;
        NDIS_HANDLE Vc;

        KeAcquireSpinLockAtDpcLevel(&Lock);
        Packet = Sends[i].Packet;
        Status = Sends[i].Status;
        Vc = Sends[i].Vc;
        Sends[i].Packet = NULL;
        KeReleaseSpinLockFromDpcLevel(&Lock);
        if (Packet != NULL)
            Complete(Status, Vc, Packet);
    }
}

/* For NdisMCoSendComplete. */
static VOID
CompleteLater(NDIS_STATUS Status, NDIS_HANDLE Vc, PNDIS_PACKET Packet)
{
    LARGE_INTEGER Due = {.QuadPart = -10000};
    ULONG i;
    KIRQL Irql;

    KeAcquireSpinLock(&Lock, &Irql);
    for (i = 0; i < LATER && Sends[i].Packet != NULL; i++)
        ;
    if (i < LATER) {
        Sends[i].Packet = Packet;
        Sends[i].Status = Status;
        Sends[i].Vc = Vc;
    }
    KeReleaseSpinLock(&Lock, Irql);
    if (i == LATER)
        NdisMCoSendComplete(Status, Vc, Packet);
    else
        KeSetTimer(&Timer, Due, &Dpc);
}

#define NdisMCoSendComplete CompleteLater
#define DriverEntry         PhoneEntry
#include "../../../drivers/miniport/phone5/phone5.c"
#undef DriverEntry

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    BreaksBy(RegistryPath);
    KeInitializeSpinLock(&Lock);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, Work, NULL);
    return PhoneEntry(DriverObject, RegistryPath);
}
