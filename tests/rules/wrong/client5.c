/* SPDX-License-Identifier: MIT */
/* dialer5, a client of NDIS 5 that calls, as it is. What it breaks stands here. See breaks.h. */
#define NDIS51 1

#include <ndis.h>

#include "breaks.h"

/* For NdisCoSendPackets. */
static VOID
Send(NDIS_HANDLE Vc, PPNDIS_PACKET Packets, UINT Count)
{
    PNDIS_PACKET First = Packets[0];

    UNREFERENCED_PARAMETER(First);
    volatile UCHAR *Late = TOUCHES(s5_ownership_release) ? RememberedPacket(First) : NULL;
    NdisCoSendPackets(Vc, Packets, Count);
    TouchRemembered(Late);
    if (BREAKS(s5_complete_before_return__vc))
        First->ProtocolReserved[sizeof(PVOID) - 1]++;
}

#define NdisCoSendPackets Send
#define DriverEntry       ClientEntry
#include "../../../drivers/protocol/dialer5/bind.c"
#include "../../../drivers/protocol/dialer5/call.c"
#include "../../../drivers/protocol/dialer5/data.c"
#define Dialer5RequestComplete PlainRequestComplete /* static in both files */
#include "../../../drivers/protocol/dialer5/dialer5.c"
#undef DriverEntry

DRIVER_INITIALIZE DriverEntry;

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    BreaksBy(RegistryPath);
    return ClientEntry(DriverObject, RegistryPath);
}
