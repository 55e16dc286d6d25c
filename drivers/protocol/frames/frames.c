/* SPDX-License-Identifier: MIT */
/* frames: registration, pause and restart of a binding. */
#include "frames.h"

NDIS_HANDLE ProtocolHandle;
BOOLEAN Verified;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD FramesUnload;
static PROTOCOL_NET_PNP_EVENT FramesNetPnPEvent;
static PROTOCOL_STATUS_EX FramesStatus;

/* Hold is called under the lock, so that the last decision is the one that the port sees. */
VOID
FramesUpdateHold(BINDING *Binding)
{
    BOOLEAN Hold;

    /* Let go only when two batches fit: not at each buffer that comes back. */
    Binding->Full = Binding->FreeCount < (Binding->Full ? 2 : 1) * UNDIS_PORT_BATCH;
    Hold = Binding->State != StateRunning || Binding->Full || Binding->Late;
    if (Binding->PortOpen && Hold != Binding->Held) {
        Binding->Held = Hold;
        Binding->Port.Hold(Binding->Port.Context, Hold);
    }
}

/* Waits here, at PASSIVE_LEVEL: the last send may come back at DISPATCH_LEVEL, where a pended event
 * must not be completed. */
static NDIS_STATUS
Pause(BINDING *Binding)
{
    BOOLEAN Wait;

    NdisResetEvent(&Binding->Drained);
    NdisAcquireSpinLock(&Binding->Lock);
    Wait = Binding->Outstanding != 0;
    Binding->State = Wait ? StatePausing : StatePaused;
    FramesUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    if (Wait)
        NdisWaitEvent(&Binding->Drained, 0);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
Restart(BINDING *Binding)
{
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->State = StateRunning;
    FramesUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
SetPower(BINDING *Binding, const NET_PNP_EVENT *Event)
{
    Binding->Asleep = *(const NDIS_DEVICE_POWER_STATE *)Event->Buffer != NdisDeviceStateD0;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
FramesNetPnPEvent(
    NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    const NET_PNP_EVENT *Event = &NetPnPEventNotification->NetPnPEvent;

    if (ProtocolBindingContext == NULL) /* an event of the protocol as a whole */
        return NDIS_STATUS_SUCCESS;
    switch (Event->NetEvent) {
    case NetEventPause: return Pause(ProtocolBindingContext);
    case NetEventRestart: return Restart(ProtocolBindingContext);
    case NetEventSetPower: return SetPower(ProtocolBindingContext, Event);
    default: return NDIS_STATUS_SUCCESS; /* nothing here depends on it */
    }
}

/* The port carries frames, not the state of the link. */
static VOID
FramesStatus(NDIS_HANDLE ProtocolBindingContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(StatusIndication);
}

static VOID
FramesUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocolDriver(ProtocolHandle);
}

NTSTATUS
DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    NDIS_PROTOCOL_DRIVER_CHARACTERISTICS Characteristics = {
        .Header = {NDIS_OBJECT_TYPE_PROTOCOL_DRIVER_CHARACTERISTICS,
            NDIS_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2,
            NDIS_SIZEOF_PROTOCOL_DRIVER_CHARACTERISTICS_REVISION_2},
        .MajorNdisVersion = NDIS_PROTOCOL_MAJOR_VERSION,
        .MinorNdisVersion = NDIS_PROTOCOL_MINOR_VERSION,
        .MajorDriverVersion = 1,
        .Name = NDIS_STRING_CONST("frames"),
        .BindAdapterHandlerEx = FramesBind,
        .UnbindAdapterHandlerEx = FramesUnbind,
        .OpenAdapterCompleteHandlerEx = FramesOpenComplete,
        .CloseAdapterCompleteHandlerEx = FramesCloseComplete,
        .NetPnPEventHandler = FramesNetPnPEvent,
        .OidRequestCompleteHandler = FramesOidComplete,
        .StatusHandlerEx = FramesStatus,
        .ReceiveNetBufferListsHandler = FramesReceive,
        .SendNetBufferListsCompleteHandler = FramesSendComplete,
    };

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = FramesUnload;
    Verified = MmIsDriverVerifying(DriverObject) != 0;
    return NdisRegisterProtocolDriver(NULL, &Characteristics, &ProtocolHandle);
}
