/* SPDX-License-Identifier: MIT */
/* The data path: hands on. A paused filter gives back what it gets. */
#include "pass.h"

static BOOLEAN
IsRunning(FILTER *Filter)
{
    BOOLEAN Running;

    NdisAcquireSpinLock(&Filter->Lock);
    Running = Filter->Running;
    NdisReleaseSpinLock(&Filter->Lock);
    return Running;
}

VOID
PassSend(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferList,
    NDIS_PORT_NUMBER PortNumber, ULONG SendFlags)
{
    FILTER *Filter = FilterModuleContext;
    PNET_BUFFER_LIST Nbl;

    if (IsRunning(Filter)) {
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
    NdisFSendNetBufferListsComplete(
        ((FILTER *)FilterModuleContext)->Handle, NetBufferList, SendCompleteFlags);
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

    if (IsRunning(Filter)) {
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
    NdisFReturnNetBufferLists(((FILTER *)FilterModuleContext)->Handle, NetBufferLists, ReturnFlags);
}
