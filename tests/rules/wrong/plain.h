/* SPDX-License-Identifier: MIT */
/* What the miniports of NDIS 6.30 here have in common: the handlers that have nothing to do, and the
 * table of all. To be included before the other handlers, which have these names too.
 */
#pragma once

static VOID
CancelSend(NDIS_HANDLE Context, PVOID CancelId)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(CancelId);
}

static VOID
CancelOidRequest(NDIS_HANDLE Context, PVOID RequestId)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(RequestId);
}

static VOID
DevicePnPEvent(NDIS_HANDLE Context, PNET_DEVICE_PNP_EVENT Event)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Event);
}

#define PLAIN_TABLE                                                                                \
    {                                                                                              \
        .Header = {NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,                               \
            NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,                                       \
            NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2},                               \
        .MajorNdisVersion = 6, .MinorNdisVersion = 30, .InitializeHandlerEx = Initialize,          \
        .HaltHandlerEx = Halt, .UnloadHandler = Unload, .PauseHandler = Pause,                     \
        .RestartHandler = Restart, .OidRequestHandler = OidRequest,                                \
        .SendNetBufferListsHandler = Send, .ReturnNetBufferListsHandler = Return,                  \
        .CancelSendHandler = CancelSend, .DevicePnPEventNotifyHandler = DevicePnPEvent,            \
        .ShutdownHandlerEx = Shutdown, .CancelOidRequestHandler = CancelOidRequest,                \
    }
