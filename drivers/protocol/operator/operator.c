/* SPDX-License-Identifier: MIT */
/*
 * operator: a stand-alone call manager over a connection-oriented miniport (circuits). It talks to
 * the operator at the other end of the line on a VC of its own, with the tags 0 and 0.
 *
 *     client  --calls-->  operator  --VCs-->  circuits  --port-->  ... the other end
 */
#define NDIS630 1

#include "calls6.h"
#include "tagged6.h"

#define TAG 'repO'

typedef struct _BINDING {
    CALLS Calls; /* first: clients' families begin from it */
    NDIS_HANDLE Handle, Pool;
    NDIS_EVENT Done;
    NDIS_STATUS DoneStatus;
    CALL Own; /* the VC to the other operator */
    NDIS_EVENT Drained;
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    ULONG Out;           /* messages under way */
    BOOLEAN Running;
} BINDING;

static NDIS_HANDLE ProtocolHandle;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD OperatorUnload;
static SET_OPTIONS OperatorSetOptions;
static PROTOCOL_BIND_ADAPTER_EX OperatorBind;
static PROTOCOL_UNBIND_ADAPTER_EX OperatorUnbind;
static PROTOCOL_OPEN_ADAPTER_COMPLETE_EX OperatorOpenComplete;
static PROTOCOL_CLOSE_ADAPTER_COMPLETE_EX OperatorCloseComplete;
static PROTOCOL_NET_PNP_EVENT OperatorNetPnPEvent;
static PROTOCOL_OID_REQUEST_COMPLETE OperatorOidComplete;
static PROTOCOL_RECEIVE_NET_BUFFER_LISTS OperatorReceiveWithoutVc;
static PROTOCOL_SEND_NET_BUFFER_LISTS_COMPLETE OperatorSendCompleteWithoutVc;
static PROTOCOL_STATUS_EX OperatorStatus;
static PROTOCOL_CO_STATUS_EX OperatorCoStatus;
static PROTOCOL_CO_RECEIVE_NET_BUFFER_LISTS OperatorReceive;
static PROTOCOL_CO_SEND_NET_BUFFER_LISTS_COMPLETE OperatorSendComplete;

/* What calls.h wants */

static VOID
CallsSend(CALLS *Calls, const MESSAGE *Message)
{
    BINDING *Binding = Calls->Driver;
    PNET_BUFFER_LIST Nbl = NULL;

    NdisAcquireSpinLock(&Binding->Lock);
    if (Binding->Running)
        Nbl = TaggedNbl(Binding->Pool, Message, sizeof(*Message), Binding->Own.Vc);
    if (Nbl != NULL)
        Binding->Out++;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Nbl != NULL)
        NdisCoSendNetBufferLists(Binding->Own.Vc, Nbl, 0);
}

static NDIS_STATUS
CallsCreateVc(CALLS *Calls, NDIS_HANDLE Family, CALL *Call)
{
    return NdisCoCreateVc(((BINDING *)Calls->Driver)->Handle, Family, Call, &Call->Vc);
}

static VOID
CallsDeleteVc(CALL *Call)
{
    NdisCoDeleteVc(Call->Vc);
}

static NDIS_STATUS
CallsRaise(CALL *Call)
{
    return NdisCmActivateVc(Call->Vc, &Call->Dial.Call);
}

static NDIS_STATUS
CallsLower(CALL *Call)
{
    return NdisCmDeactivateVc(Call->Vc);
}

/* The VC to the other operator */

static VOID
OperatorSendComplete(
    NDIS_HANDLE ProtocolVcContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags)
{
    BINDING *Binding = CONTAINING_RECORD(ProtocolVcContext, BINDING, Own);
    PNET_BUFFER_LIST Nbl, Next;

    UNREFERENCED_PARAMETER(SendCompleteFlags);
    NdisAcquireSpinLock(&Binding->Lock);
    for (Nbl = NetBufferLists; Nbl != NULL; Nbl = Next) {
        Next = NET_BUFFER_LIST_NEXT_NBL(Nbl);
        NET_BUFFER_LIST_NEXT_NBL(Nbl) = NULL;
        NdisFreeNetBufferList(Nbl);
        Binding->Out--;
    }
    if (Binding->Out == 0)
        NdisSetEvent(&Binding->Drained);
    NdisReleaseSpinLock(&Binding->Lock);
}

static VOID
OperatorReceive(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNET_BUFFER_LIST NetBufferLists, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    BINDING *Binding = ProtocolBindingContext;
    MESSAGE Messages[4], *Message;
    ULONG Count = 0, i;
    PNET_BUFFER_LIST Nbl;

    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(NumberOfNetBufferLists);
    for (Nbl = NetBufferLists; Nbl != NULL && Count < 4; Nbl = NET_BUFFER_LIST_NEXT_NBL(Nbl)) {
        Message = &Messages[Count];
        if (NET_BUFFER_DATA_LENGTH(NET_BUFFER_LIST_FIRST_NB(Nbl)) < sizeof(*Message))
            continue;
        NdisMoveMemory(Message,
            NdisGetDataBuffer(NET_BUFFER_LIST_FIRST_NB(Nbl), sizeof(*Message), Message, 1, 0),
            sizeof(*Message));
        Count++;
    }
    /* Given back first: what the message brings about may end this VC's call. */
    if (NDIS_TEST_RECEIVE_CAN_PEND(ReceiveFlags))
        NdisReturnNetBufferLists(Binding->Handle, NetBufferLists, 0);
    for (i = 0; i < Count; i++)
        CallsReceive(&Binding->Calls, &Messages[i], sizeof(Messages[i]));
}

/* What it does does not depend on any. */
static VOID
OperatorStatus(NDIS_HANDLE ProtocolBindingContext, PNDIS_STATUS_INDICATION StatusIndication)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(StatusIndication);
}

static VOID
OperatorCoStatus(NDIS_HANDLE ProtocolBindingContext, NDIS_HANDLE ProtocolVcContext,
    PNDIS_STATUS_INDICATION StatusIndication)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(StatusIndication);
}

/* Come and go */

static NDIS_STATUS
Wait(BINDING *Binding, NDIS_STATUS Status)
{
    if (Status != NDIS_STATUS_PENDING)
        return Status;
    NdisWaitEvent(&Binding->Done, 0);
    return Binding->DoneStatus;
}

static VOID
OperatorOpenComplete(NDIS_HANDLE ProtocolBindingContext, NDIS_STATUS Status)
{
    ((BINDING *)ProtocolBindingContext)->DoneStatus = Status;
    NdisSetEvent(&((BINDING *)ProtocolBindingContext)->Done);
}

static VOID
OperatorCloseComplete(NDIS_HANDLE ProtocolBindingContext)
{
    OperatorOpenComplete(ProtocolBindingContext, NDIS_STATUS_SUCCESS);
}

/* The miniport of this tree raises and lowers at once; another may not: then binding fails. */
static NDIS_STATUS
RaiseOwn(BINDING *Binding)
{
    NDIS_STATUS Status = NdisCoCreateVc(Binding->Handle, NULL, &Binding->Own, &Binding->Own.Vc);

    if (Status != NDIS_STATUS_SUCCESS)
        return Status;
    DialInitialize(&Binding->Own.Dial, 0, 0, 0);
    Status = NdisCmActivateVc(Binding->Own.Vc, &Binding->Own.Dial.Call);
    if (Status != NDIS_STATUS_SUCCESS && Status != NDIS_STATUS_PENDING) {
        NdisCoDeleteVc(Binding->Own.Vc);
        Binding->Own.Vc = NULL;
    }
    return Status == NDIS_STATUS_PENDING ? NDIS_STATUS_NOT_SUPPORTED : Status;
}

static VOID
Close(BINDING *Binding)
{
    if (Binding->Own.Vc != NULL) {
        NdisCmDeactivateVc(Binding->Own.Vc);
        NdisCoDeleteVc(Binding->Own.Vc);
    }
    if (Binding->Handle != NULL) {
        NdisResetEvent(&Binding->Done);
        Wait(Binding, NdisCloseAdapterEx(Binding->Handle));
    }
    if (Binding->Pool != NULL)
        NdisFreeNetBufferListPool(Binding->Pool);
    CallsFree(&Binding->Calls);
    NdisFreeSpinLock(&Binding->Lock);
    NdisFreeMemory(Binding, 0, 0);
}

static NDIS_STATUS
Open(BINDING *Binding, NDIS_HANDLE BindContext, PNDIS_BIND_PARAMETERS BindParameters)
{
    CO_ADDRESS_FAMILY Family = {CO_ADDRESS_FAMILY_PPP, 1, 0};
    NDIS_MEDIUM Media[] = {NdisMediumCoWan};
    UINT Selected;
    NDIS_OPEN_PARAMETERS Parameters = {
        .Header = {NDIS_OBJECT_TYPE_OPEN_PARAMETERS, NDIS_OPEN_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_OPEN_PARAMETERS_REVISION_1},
        .AdapterName = BindParameters->AdapterName,
        .MediumArray = Media,
        .MediumArraySize = 1,
        .SelectedMediumIndex = &Selected,
    };
    NDIS_STATUS Status;

    NdisResetEvent(&Binding->Done);
    Status = Wait(Binding,
        NdisOpenAdapterEx(ProtocolHandle, Binding, &Parameters, BindContext, &Binding->Handle));
    if (Status != NDIS_STATUS_SUCCESS) {
        Binding->Handle = NULL;
        return Status;
    }
    Status = RaiseOwn(Binding);
    return Status == NDIS_STATUS_SUCCESS ? NdisCmRegisterAddressFamilyEx(Binding->Handle, &Family)
                                         : Status;
}

static NDIS_STATUS
OperatorBind(NDIS_HANDLE ProtocolDriverContext, NDIS_HANDLE BindContext,
    PNDIS_BIND_PARAMETERS BindParameters)
{
    BINDING *Binding = NdisAllocateMemoryWithTagPriority(
        ProtocolHandle, sizeof(*Binding), TAG, NormalPoolPriority);
    NDIS_STATUS Status = NDIS_STATUS_RESOURCES;

    UNREFERENCED_PARAMETER(ProtocolDriverContext);
    if (Binding == NULL)
        return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(Binding, sizeof(*Binding));
    CallsInitialize(&Binding->Calls, Binding);
    NdisAllocateSpinLock(&Binding->Lock);
    NdisInitializeEvent(&Binding->Done);
    NdisInitializeEvent(&Binding->Drained);
    Binding->Pool = TaggedPool(ProtocolHandle, TAG);
    if (Binding->Pool != NULL)
        Status = Open(Binding, BindContext, BindParameters);
    if (Status != NDIS_STATUS_SUCCESS)
        Close(Binding);
    return Status;
}

static NDIS_STATUS
OperatorUnbind(NDIS_HANDLE UnbindContext, NDIS_HANDLE ProtocolBindingContext)
{
    BINDING *Binding = ProtocolBindingContext;

    UNREFERENCED_PARAMETER(UnbindContext);
    CallsLeave(&Binding->Calls);
    Close(Binding);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
OperatorNetPnPEvent(
    NDIS_HANDLE ProtocolBindingContext, PNET_PNP_EVENT_NOTIFICATION NetPnPEventNotification)
{
    BINDING *Binding = ProtocolBindingContext;
    NET_PNP_EVENT_CODE Event = NetPnPEventNotification->NetPnPEvent.NetEvent;
    BOOLEAN Drain;

    if (Binding == NULL || (Event != NetEventPause && Event != NetEventRestart))
        return NDIS_STATUS_SUCCESS;
    NdisResetEvent(&Binding->Drained);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Running = Event == NetEventRestart;
    Drain = !Binding->Running && Binding->Out != 0;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Drain)
        NdisWaitEvent(&Binding->Drained, 0);
    return NDIS_STATUS_SUCCESS;
}

/* Nothing comes or goes without a VC, and no ordinary request is made. */
static VOID
OperatorReceiveWithoutVc(NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferLists,
    NDIS_PORT_NUMBER PortNumber, ULONG NumberOfNetBufferLists, ULONG ReceiveFlags)
{
    UNREFERENCED_PARAMETER(PortNumber);
    UNREFERENCED_PARAMETER(NumberOfNetBufferLists);
    if (NDIS_TEST_RECEIVE_CAN_PEND(ReceiveFlags))
        NdisReturnNetBufferLists(((BINDING *)ProtocolBindingContext)->Handle, NetBufferLists, 0);
}

static VOID
OperatorSendCompleteWithoutVc(
    NDIS_HANDLE ProtocolBindingContext, PNET_BUFFER_LIST NetBufferList, ULONG SendCompleteFlags)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(NetBufferList);
    UNREFERENCED_PARAMETER(SendCompleteFlags);
}

static VOID
OperatorOidComplete(
    NDIS_HANDLE ProtocolBindingContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolBindingContext);
    UNREFERENCED_PARAMETER(OidRequest);
    UNREFERENCED_PARAMETER(Status);
}

static VOID
OperatorUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    NdisDeregisterProtocolDriver(ProtocolHandle);
}

static NDIS_STATUS
OperatorSetOptions(NDIS_HANDLE NdisDriverHandle, NDIS_HANDLE DriverContext)
{
    NDIS_PROTOCOL_CO_CHARACTERISTICS Handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_PROTOCOL_CHARACTERISTICS,
            NDIS_PROTOCOL_CO_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PROTOCOL_CO_CHARACTERISTICS_REVISION_1},
        .CoStatusHandlerEx = OperatorCoStatus,
        .CoReceiveNetBufferListsHandler = OperatorReceive,
        .CoSendNetBufferListsCompleteHandler = OperatorSendComplete,
    };
    NDIS_STATUS Status =
        NdisSetOptionalHandlers(NdisDriverHandle, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&Handlers);

    UNREFERENCED_PARAMETER(DriverContext);
    return Status == NDIS_STATUS_SUCCESS ? CallsSetOptions(NdisDriverHandle) : Status;
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
        .Name = NDIS_STRING_CONST("operator"),
        .SetOptionsHandler = OperatorSetOptions,
        .BindAdapterHandlerEx = OperatorBind,
        .UnbindAdapterHandlerEx = OperatorUnbind,
        .OpenAdapterCompleteHandlerEx = OperatorOpenComplete,
        .CloseAdapterCompleteHandlerEx = OperatorCloseComplete,
        .NetPnPEventHandler = OperatorNetPnPEvent,
        .OidRequestCompleteHandler = OperatorOidComplete,
        .StatusHandlerEx = OperatorStatus,
        .ReceiveNetBufferListsHandler = OperatorReceiveWithoutVc,
        .SendNetBufferListsCompleteHandler = OperatorSendCompleteWithoutVc,
    };

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = OperatorUnload;
    return NdisRegisterProtocolDriver(NULL, &Characteristics, &ProtocolHandle);
}
