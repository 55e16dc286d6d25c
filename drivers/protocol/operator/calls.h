/* SPDX-License-Identifier: MIT */
/* A call manager, but for how it reaches the line and NDIS: for a protocol (operator) and for a
 * miniport that is its own (phone). Each includes this once and defines the five functions below.
 *
 *     NdisClMakeCall  --SETUP-->     .  .  .  --> VC made, raised, NdisCmDispatchIncomingCall
 *     VC raised  <--ACCEPT--         .  .  .  <-- client takes it
 *     NdisCmMakeCallComplete                      NdisCmDispatchCallConnected
 *
 * A call has one thing to wait for at a time; Step says what comes when the VC is up or down.
 * Messages come one at a time (the line's rule), requests of clients at any time: Lock guards State
 * and the lists and is never held across a call.
 */
#pragma once

#include "message.h"

#define CALLS_TAG   'llaC'
#define CALLS_TICK  20 /* ms */
#define CALLS_TICKS 25 /* that an answer to SETUP may take */

typedef enum _STATE {
    StateIdle,
    StateCalling, /* SETUP is out */
    StateRaising, /* ACCEPT came, the VC is being raised */
    StateRinging, /* a VC for the callee is being raised, or its client thinks */
    StateConnected,
    StateReleased, /* by the far end; the client has been told */
    StateClosing
} STATE;

typedef struct _CALL {
    LIST_ENTRY Link;
    struct _CALLS *Calls;
    NDIS_HANDLE Vc;
    ULONG In, Out; /* tags */
    STATE State;
    ULONG Waited; /* ticks without an answer */
    BOOLEAN Own;  /* the VC is of our making: a call that came in */
    struct _SAP *Sap;
    PCO_CALL_PARAMETERS Wish;
    DIAL Dial;
    BOOLEAN Up, Lowering; /* of a miniport: whether it carries data; it waits for Indicated */
    ULONG Indicated;      /* the same: NBLs that NDIS has */
} CALL;

typedef struct _SAP {
    LIST_ENTRY Link;
    struct _FAMILY *Family;
    NDIS_HANDLE Handle;
    ULONG Number;
} SAP;

typedef struct _FAMILY {
    LIST_ENTRY Link;
    struct _CALLS *Calls;
    NDIS_HANDLE Handle;
    BOOLEAN Noticed; /* asked to close */
} FAMILY;

typedef struct _CALLS {
    NDIS_SPIN_LOCK Lock; /* guards what follows */
    LIST_ENTRY Families, Saps, Calls;
    ULONG LastTag;
    BOOLEAN Leaving;
    NDIS_EVENT Left; /* every family is closed */
    KTIMER Timer;    /* runs while a SETUP is out */
    KDPC TimerDpc;
    PVOID Driver; /* the driver's adapter or binding */
} CALLS;

/* What the driver that includes this provides. */
static VOID CallsSend(CALLS *Calls, const MESSAGE *Message);
static NDIS_STATUS CallsCreateVc(CALLS *Calls, NDIS_HANDLE Family, CALL *Call);
static VOID CallsDeleteVc(CALL *Call);
/* May answer NDIS_STATUS_PENDING; then CallRaised and CallLowered follow. */
static NDIS_STATUS CallsRaise(CALL *Call);
static NDIS_STATUS CallsLower(CALL *Call);

static KDEFERRED_ROUTINE CallsTick;

static VOID
CallsInitialize(CALLS *Calls, PVOID Driver)
{
    NdisAllocateSpinLock(&Calls->Lock);
    InitializeListHead(&Calls->Families);
    InitializeListHead(&Calls->Saps);
    InitializeListHead(&Calls->Calls);
    NdisInitializeEvent(&Calls->Left);
    KeInitializeTimer(&Calls->Timer);
    KeInitializeDpc(&Calls->TimerDpc, CallsTick, Calls);
    Calls->Driver = Driver;
}

/* PASSIVE_LEVEL */
static VOID
CallsFree(CALLS *Calls)
{
    KeCancelTimer(&Calls->Timer);
    KeFlushQueuedDpcs();
    NdisFreeSpinLock(&Calls->Lock);
}

/* In no list yet. */
static PVOID
CallsMake(ULONG Size)
{
    PLIST_ENTRY Entry = ExAllocatePoolWithTag(NonPagedPoolNx, Size, CALLS_TAG);

    if (Entry != NULL)
        NdisZeroMemory(Entry, Size);
    return Entry;
}

/* From now on it is found. */
static VOID
CallsAdd(CALLS *Calls, PLIST_ENTRY List, PLIST_ENTRY Entry)
{
    NdisAcquireSpinLock(&Calls->Lock);
    InsertTailList(List, Entry);
    NdisReleaseSpinLock(&Calls->Lock);
}

static VOID
CallsRemove(CALLS *Calls, PVOID Entry)
{
    NdisAcquireSpinLock(&Calls->Lock);
    RemoveEntryList((PLIST_ENTRY)Entry);
    NdisReleaseSpinLock(&Calls->Lock);
    ExFreePoolWithTag(Entry, CALLS_TAG);
}

/* From @From to @To; FALSE when it is in another state by now. */
static BOOLEAN
CallMove(CALL *Call, STATE From, STATE To)
{
    BOOLEAN Moved;

    NdisAcquireSpinLock(&Call->Calls->Lock);
    Moved = Call->State == From;
    if (Moved)
        Call->State = To;
    NdisReleaseSpinLock(&Call->Calls->Lock);
    return Moved;
}

static VOID
CallTell(CALL *Call, KIND Kind, ULONG Number)
{
    MESSAGE Message = {(ULONG)Kind, Number, Call->In, Call->Out};

    CallsSend(Call->Calls, &Message);
}

static CALL *
CallsNew(CALLS *Calls)
{
    CALL *Call = CallsMake(sizeof(*Call));

    if (Call == NULL)
        return NULL;
    Call->Calls = Calls;
    NdisAcquireSpinLock(&Calls->Lock);
    do
        Calls->LastTag = (Calls->LastTag + 1) & 0xFFFF;
    while (Calls->LastTag == 0);
    Call->In = Calls->LastTag;
    InsertTailList(&Calls->Calls, &Call->Link);
    NdisReleaseSpinLock(&Calls->Lock);
    return Call;
}

/* Address families and SAPs */

static NDIS_STATUS
CallsOpenAf(NDIS_HANDLE CallMgrBindingContext, PCO_ADDRESS_FAMILY AddressFamily,
    NDIS_HANDLE NdisAfHandle, PNDIS_HANDLE CallMgrAfContext)
{
    CALLS *Calls = CallMgrBindingContext; /* the driver's context begins with it */
    FAMILY *Family = CallsMake(sizeof(*Family));

    UNREFERENCED_PARAMETER(AddressFamily);
    if (Family == NULL)
        return NDIS_STATUS_RESOURCES;
    Family->Calls = Calls;
    Family->Handle = NdisAfHandle;
    CallsAdd(Calls, &Calls->Families, &Family->Link);
    *CallMgrAfContext = Family;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CallsCloseAf(NDIS_HANDLE CallMgrAfContext)
{
    FAMILY *Family = CallMgrAfContext;
    CALLS *Calls = Family->Calls;
    BOOLEAN Last;

    CallsRemove(Calls, Family);
    NdisAcquireSpinLock(&Calls->Lock);
    Last = IsListEmpty(&Calls->Families);
    NdisReleaseSpinLock(&Calls->Lock);
    if (Last && Calls->Leaving)
        NdisSetEvent(&Calls->Left);
    return NDIS_STATUS_SUCCESS;
}

static SAP *
CallsFindSap(CALLS *Calls, ULONG Number)
{
    SAP *Found = NULL;
    PLIST_ENTRY Entry;

    NdisAcquireSpinLock(&Calls->Lock);
    for (Entry = Calls->Saps.Flink; Entry != &Calls->Saps; Entry = Entry->Flink)
        if (CONTAINING_RECORD(Entry, SAP, Link)->Number == Number)
            Found = CONTAINING_RECORD(Entry, SAP, Link);
    NdisReleaseSpinLock(&Calls->Lock);
    return Found;
}

static NDIS_STATUS
CallsRegisterSap(NDIS_HANDLE CallMgrAfContext, PCO_SAP Sap, NDIS_HANDLE NdisSapHandle,
    PNDIS_HANDLE CallMgrSapContext)
{
    FAMILY *Family = CallMgrAfContext;
    ULONG Number;
    SAP *Made;

    if (Sap->SapLength != sizeof(Number))
        return NDIS_STATUS_INVALID_SAP;
    NdisMoveMemory(&Number, Sap->Sap, sizeof(Number));
    if (CallsFindSap(Family->Calls, Number) != NULL)
        return NDIS_STATUS_SAP_IN_USE;
    Made = CallsMake(sizeof(*Made));
    if (Made == NULL)
        return NDIS_STATUS_RESOURCES;
    Made->Family = Family;
    Made->Handle = NdisSapHandle;
    Made->Number = Number;
    CallsAdd(Family->Calls, &Family->Calls->Saps, &Made->Link);
    *CallMgrSapContext = Made;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CallsDeregisterSap(NDIS_HANDLE CallMgrSapContext)
{
    SAP *Sap = CallMgrSapContext;

    CallsRemove(Sap->Family->Calls, Sap);
    return NDIS_STATUS_SUCCESS;
}

/* VCs of clients */

static NDIS_STATUS
CallsVcCreated(
    NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    CALL *Call = CallsNew(((FAMILY *)ProtocolAfContext)->Calls);

    if (Call == NULL)
        return NDIS_STATUS_RESOURCES;
    Call->Vc = NdisVcHandle;
    *ProtocolVcContext = Call;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
CallsVcDeleted(NDIS_HANDLE ProtocolVcContext)
{
    CALL *Call = ProtocolVcContext;

    CallsRemove(Call->Calls, Call);
    return NDIS_STATUS_SUCCESS;
}

/* What comes when a VC is up or down */

static VOID
CallLowered(CALL *Call)
{
    BOOLEAN Own = Call->Own, Closing = CallMove(Call, StateClosing, StateIdle);

    /* The client may delete its VC in there, and the call with it. */
    if (Closing)
        NdisCmCloseCallComplete(NDIS_STATUS_SUCCESS, Call->Vc, NULL);
    if (Own) {
        CallsDeleteVc(Call);
        CallsRemove(Call->Calls, Call);
    }
}

static VOID
CallLower(CALL *Call)
{
    if (CallsLower(Call) != NDIS_STATUS_PENDING)
        CallLowered(Call);
}

/* The callee's client has decided. */
static VOID
CallAnswered(CALL *Call, NDIS_STATUS Status)
{
    if (Status == NDIS_STATUS_SUCCESS && CallMove(Call, StateRinging, StateConnected)) {
        CallTell(Call, KindAccept, 0);
        NdisCmDispatchCallConnected(Call->Vc);
    } else if (Status == NDIS_STATUS_SUCCESS) {
        /* The caller has given up meanwhile. */
        NdisCmDispatchIncomingCloseCall(NDIS_STATUS_FAILURE, Call->Vc, NULL, 0);
    } else {
        CallTell(Call, KindRefuse, 0);
        CallLower(Call);
    }
}

static VOID
CallOffer(CALL *Call)
{
    NDIS_STATUS Status = NdisCmDispatchIncomingCall(Call->Sap->Handle, Call->Vc, &Call->Dial.Call);

    if (Status != NDIS_STATUS_PENDING)
        CallAnswered(Call, Status);
}

static VOID
CallRaised(CALL *Call, NDIS_STATUS Status)
{
    if (Call->Own && Status == NDIS_STATUS_SUCCESS) {
        CallOffer(Call);
    } else if (Call->Own) {
        CallTell(Call, KindRefuse, 0);
        CallsDeleteVc(Call);
        CallsRemove(Call->Calls, Call);
    } else {
        CallMove(Call, StateRaising, Status == NDIS_STATUS_SUCCESS ? StateConnected : StateIdle);
        if (Status != NDIS_STATUS_SUCCESS)
            CallTell(Call, KindRelease, 0);
        NdisCmMakeCallComplete(Status, Call->Vc, NULL, NULL, Call->Wish);
    }
}

static VOID
CallRaise(CALL *Call)
{
    NDIS_STATUS Status;

    DialInitialize(&Call->Dial, 0, Call->In, Call->Out);
    Status = CallsRaise(Call);
    if (Status != NDIS_STATUS_PENDING)
        CallRaised(Call, Status);
}

/* A call that nobody answers fails. */

static VOID
CallsStartTimer(CALLS *Calls)
{
    LARGE_INTEGER Due;

    Due.QuadPart = -10000ll * CALLS_TICK;
    KeSetTimer(&Calls->Timer, Due, &Calls->TimerDpc);
}

/* One that has waited too long, taken out of its state; *@More: others still wait. */
static CALL *
CallsOverdue(CALLS *Calls, BOOLEAN *More)
{
    CALL *Found = NULL;
    PLIST_ENTRY Entry;

    *More = FALSE;
    NdisDprAcquireSpinLock(&Calls->Lock);
    for (Entry = Calls->Calls.Flink; Entry != &Calls->Calls; Entry = Entry->Flink) {
        CALL *Call = CONTAINING_RECORD(Entry, CALL, Link);

        if (Call->State != StateCalling)
            continue;
        if (Call->Waited >= CALLS_TICKS && Found == NULL)
            Found = Call;
        else
            *More = TRUE;
    }
    if (Found != NULL)
        Found->State = StateIdle;
    NdisDprReleaseSpinLock(&Calls->Lock);
    return Found;
}

static VOID
CallsTick(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    CALLS *Calls = DeferredContext;
    PLIST_ENTRY Entry;
    BOOLEAN More;
    CALL *Call;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    NdisDprAcquireSpinLock(&Calls->Lock);
    for (Entry = Calls->Calls.Flink; Entry != &Calls->Calls; Entry = Entry->Flink)
        CONTAINING_RECORD(Entry, CALL, Link)->Waited++;
    NdisDprReleaseSpinLock(&Calls->Lock);
    while ((Call = CallsOverdue(Calls, &More)) != NULL)
        NdisCmMakeCallComplete(NDIS_STATUS_FAILURE, Call->Vc, NULL, NULL, Call->Wish);
    if (More)
        CallsStartTimer(Calls);
}

/* What clients ask */

static NDIS_STATUS
CallsMakeCall(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext)
{
    CALL *Call = CallMgrVcContext;
    ULONG Number;

    UNREFERENCED_PARAMETER(CallMgrPartyContext);
    if (NdisPartyHandle != NULL) /* one far end per call */
        return NDIS_STATUS_NOT_SUPPORTED;
    if (!DialNumber(CallParameters, &Number))
        return NDIS_STATUS_INVALID_DATA;
    Call->Wish = CallParameters;
    Call->Out = 0;
    Call->Waited = 0;
    CallMove(Call, StateIdle, StateCalling);
    CallTell(Call, KindSetup, Number);
    CallsStartTimer(Call->Calls);
    return NDIS_STATUS_PENDING;
}

static NDIS_STATUS
CallsCloseCall(
    NDIS_HANDLE CallMgrVcContext, NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size)
{
    CALL *Call = CallMgrVcContext;

    UNREFERENCED_PARAMETER(CallMgrPartyContext);
    UNREFERENCED_PARAMETER(CloseData);
    if (Size != 0) /* a message has no room for it */
        return NDIS_STATUS_INVALID_DATA;
    if (CallMove(Call, StateConnected, StateClosing))
        CallTell(Call, KindRelease, 0);
    else
        CallMove(Call, StateReleased, StateClosing);
    CallLower(Call);
    return NDIS_STATUS_PENDING;
}

static VOID
CallsIncomingCallComplete(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(CallParameters);
    CallAnswered(CallMgrVcContext, Status);
}

static VOID
CallsActivateComplete(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(CallParameters);
    CallRaised(CallMgrVcContext, Status);
}

static VOID
CallsDeactivateComplete(NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext)
{
    UNREFERENCED_PARAMETER(Status);
    CallLowered(CallMgrVcContext);
}

/* What comes from the line */

static CALL *
CallsFind(CALLS *Calls, ULONG Tag)
{
    CALL *Found = NULL;
    PLIST_ENTRY Entry;

    NdisAcquireSpinLock(&Calls->Lock);
    for (Entry = Calls->Calls.Flink; Entry != &Calls->Calls; Entry = Entry->Flink)
        if (CONTAINING_RECORD(Entry, CALL, Link)->In == Tag)
            Found = CONTAINING_RECORD(Entry, CALL, Link);
    NdisReleaseSpinLock(&Calls->Lock);
    return Found;
}

static VOID
CallsSetup(CALLS *Calls, const MESSAGE *Message)
{
    MESSAGE Refusal = {KindRefuse, 0, 0, Message->From};
    SAP *Sap = CallsFindSap(Calls, Message->Number);
    CALL *Call = Sap != NULL ? CallsNew(Calls) : NULL;

    if (Call == NULL) {
        CallsSend(Calls, &Refusal);
        return;
    }
    Call->Own = TRUE;
    Call->Sap = Sap;
    Call->Out = Message->From;
    Call->State = StateRinging;
    if (CallsCreateVc(Calls, Sap->Family->Handle, Call) != NDIS_STATUS_SUCCESS) {
        CallsRemove(Calls, Call);
        CallsSend(Calls, &Refusal);
        return;
    }
    CallRaise(Call);
}

/* @Call NULL, or not waiting any more: too late. */
static VOID
CallsAccept(CALLS *Calls, CALL *Call, ULONG From)
{
    MESSAGE Release = {KindRelease, 0, 0, From};

    if (Call != NULL && CallMove(Call, StateCalling, StateRaising)) {
        Call->Out = From;
        CallRaise(Call);
    } else {
        CallsSend(Calls, &Release);
    }
}

static VOID
CallsReceive(CALLS *Calls, const VOID *Data, ULONG Length)
{
    MESSAGE Message;
    CALL *Call;

    if (Length < sizeof(Message))
        return;
    NdisMoveMemory(&Message, Data, sizeof(Message));
    if (Message.Kind == KindSetup) {
        CallsSetup(Calls, &Message);
        return;
    }
    Call = CallsFind(Calls, Message.To);
    if (Message.Kind == KindAccept) {
        CallsAccept(Calls, Call, Message.From);
    } else if (Call == NULL) {
        return;
    } else if (Message.Kind == KindRefuse && CallMove(Call, StateCalling, StateIdle)) {
        NdisCmMakeCallComplete(NDIS_STATUS_FAILURE, Call->Vc, NULL, NULL, Call->Wish);
    } else if (Message.Kind == KindRelease && CallMove(Call, StateConnected, StateReleased)) {
        NdisCmDispatchIncomingCloseCall(NDIS_STATUS_SUCCESS, Call->Vc, NULL, 0);
    } else if (Message.Kind == KindRelease) {
        CallMove(Call, StateRinging, StateReleased);
    }
}
