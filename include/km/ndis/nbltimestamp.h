/* SPDX-License-Identifier: MIT */
/* Hardware timestamps that a miniport leaves in a NET_BUFFER_LIST (NDIS 6.82). */
#ifndef UNDIS_NDIS_NBLTIMESTAMP_H
#define UNDIS_NDIS_NBLTIMESTAMP_H

#include <ndis/nbl.h>

typedef struct _NET_BUFFER_LIST_TIMESTAMP {
    ULONG64 Timestamp;
} NET_BUFFER_LIST_TIMESTAMP, *PNET_BUFFER_LIST_TIMESTAMP;

#if NDIS_SUPPORT_NDIS682

NT_INLINE VOID
NdisSetNblTimestampInfo(NET_BUFFER_LIST *Nbl, const NET_BUFFER_LIST_TIMESTAMP *NblTimestamp)
{
    Nbl->NetBufferListInfo[NetBufferListInfoReserved3] = (PVOID)(ULONG_PTR)NblTimestamp->Timestamp;
}

NT_INLINE VOID
NdisGetNblTimestampInfo(const NET_BUFFER_LIST *Nbl, NET_BUFFER_LIST_TIMESTAMP *NblTimestamp)
{
    NblTimestamp->Timestamp = (ULONG64)(ULONG_PTR)Nbl->NetBufferListInfo[NetBufferListInfoReserved3];
}

NT_INLINE VOID
NdisCopyNblTimestampInfo(NET_BUFFER_LIST *NblDest, const NET_BUFFER_LIST *NblSrc)
{
    NblDest->NetBufferListInfo[NetBufferListInfoReserved3] =
        NblSrc->NetBufferListInfo[NetBufferListInfoReserved3];
}

#endif

#endif
