/* SPDX-License-Identifier: MIT */
/* The data path: counts, and hands on. A paused filter gives back what it gets. */
#include "pass.h"

static ULONG
Length(PNET_BUFFER_LIST Chain)
{
    ULONG Count = 0;

    for (; Chain != NULL; Chain = NET_BUFFER_LIST_NEXT_NBL(Chain))
        Count++;
    return Count;
}

/* Adds to a counter; answers whether the filter runs. */
static BOOLEAN
Count(FILTER *Filter, ULONG64 *Counter, ULONG By)
{
    BOOLEAN Running;

    NdisAcquireSpinLock(&Filter->Lock);
    Running = Filter->Running;
    *Counter += By;
    NdisReleaseSpinLock(&Filter->Lock);
    return Running;
}

VOID
PassSend(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    FILTER *Filter = FilterModuleContext;
    PNET_BUFFER_LIST Nbl;

    if (Count(Filter, &Filter->Sent, Length(NetBufferList))) {
        NdisFSendNetBufferLists(Filter->Handle, NetBufferList, PortNumber, SendFlags);
        return;
    }
    for (Nbl = NetBufferList; Nbl != NULL; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl))
        NET_BUFFER_LIST_STATUS(Nbl) = NDIS_STATUS_PAUSED;
    NdisFSendNetBufferListsComplete(Filter->Handle, NetBufferList,
        NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

VOID
PassSendComplete(
    NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    FILTER *Filter = FilterModuleContext;

    Count(Filter, &Filter->SendCompleted, Length(NetBufferList));
    NdisFSendNetBufferListsComplete(Filter->Handle, NetBufferList, SendCompleteFlags);
}

/* Nothing is queued here: what is to be cancelled is below. */
VOID
PassCancelSend(NDIS_HANDLE FilterModuleContext, PVOID CancelId)
{
    NdisFCancelSendNetBufferLists(((FILTER *)FilterModuleContext)->Handle, CancelId);
}

VOID
PassReceive(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    FILTER *Filter = FilterModuleContext;

    if (Count(Filter, &Filter->Indicated, NumberOfNetBufferLists)) {
        NdisFIndicateReceiveNetBufferLists(
            Filter->Handle, NetBufferLists, PortNumber, NumberOfNetBufferLists, ReceiveFlags);
        return;
    }
    if (NDIS_TEST_RECEIVE_CANNOT_PEND(ReceiveFlags))
        return; /* they are the indicator's again when this returns */
    NdisFReturnNetBufferLists(Filter->Handle, NetBufferLists,
        NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL(ReceiveFlags) ? NDIS_RETURN_FLAGS_DISPATCH_LEVEL : 0);
}

VOID
PassReturn(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG ReturnFlags)
{
    FILTER *Filter = FilterModuleContext;

    Count(Filter, &Filter->Returned, Length(NetBufferLists));
    NdisFReturnNetBufferLists(Filter->Handle, NetBufferLists, ReturnFlags);
}
