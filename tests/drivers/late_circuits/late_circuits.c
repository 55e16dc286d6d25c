/* SPDX-License-Identifier: MIT */
/* circuits as it is, but it looks at what was sent on a VC after it has completed it. */
#define NDIS_MINIPORT_DRIVER 1
#define NDIS630_MINIPORT     1

#include <ndis.h>

static VOID
CompleteAndLook(NDIS_HANDLE Vc, PNET_BUFFER_LIST NetBufferLists, ULONG Flags)
{
    NdisMCoSendNetBufferListsComplete(Vc, NetBufferLists, Flags);
    (void)*(volatile const UCHAR *)NetBufferLists;
}

#define NdisMCoSendNetBufferListsComplete CompleteAndLook
#include "../../../drivers/miniport/circuits/circuits.c"
