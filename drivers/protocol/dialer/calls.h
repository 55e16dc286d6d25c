/* SPDX-License-Identifier: MIT */
/* The calls of dialer and dialer5. Whatever has completed, CallStep looks what is due next, so that
 * each thing is done once and in order:
 *
 *     a call to end, nothing out    NdisClCloseCall
 *     no call, a VC of ours         NdisCoDeleteVc
 *     leaving                       NdisClDeregisterSap, NdisClCloseAddressFamily, the answer
 *     staying, Dial                 NdisCoCreateVc, NdisClMakeCall
 *
 * Whoever includes this has BINDING, and says in NoticeDone what becomes of a call manager's wish
 * that the family be closed.
 */
#pragma once

static VOID NoticeDone(NDIS_HANDLE Family);

static KDEFERRED_ROUTINE RedialNow;

static VOID
RedialNow(PKDPC Dpc, PVOID DeferredContext, PVOID SystemArgument1, PVOID SystemArgument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);
    NdisDprAcquireSpinLock(&((BINDING *)DeferredContext)->Lock);
    ((BINDING *)DeferredContext)->Failed = FALSE;
    NdisDprReleaseSpinLock(&((BINDING *)DeferredContext)->Lock);
    CallStep(DeferredContext);
}

/* Under Lock, with something left that keeps the binding. */
static VOID
StepLater(BINDING *Binding)
{
    LARGE_INTEGER Due;

    Due.QuadPart = -10000ll * REDIAL_MS;
    if (Binding->Dial != 0)
        KeSetTimer(&Binding->Redial, Due, &Binding->RedialDpc);
}

VOID
CallInitialize(BINDING *Binding)
{
    KeInitializeTimer(&Binding->Redial);
    KeInitializeDpc(&Binding->RedialDpc, RedialNow, Binding);
    NdisInitializeEvent(&Binding->Left);
    NdisInitializeEvent(&Binding->Drained);
}

/* The call has ended; its VC stays until the step. */
static VOID
Ended(BINDING *Binding)
{
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Talking = Binding->Closing = Binding->CloseAsked = FALSE;
    if (!Binding->Leaving)
        StepLater(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    CallStep(Binding);
}

static VOID
DialerCloseCallComplete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext, NDIS_HANDLE ProtocolPartyContext)
{
    UNREFERENCED_PARAMETER(Status);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    Ended(ProtocolVcContext);
}

static VOID
DialerMakeCallComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE NdisPartyHandle, PCO_CALL_PARAMETERS CallParameters)
{
    BINDING *Binding = ProtocolVcContext;

    UNREFERENCED_PARAMETER(NdisPartyHandle);
    UNREFERENCED_PARAMETER(CallParameters);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Making = FALSE;
    Binding->Talking = Status == NDIS_STATUS_SUCCESS;
    Binding->Closing = Binding->Talking && Binding->Leaving;
    Binding->Failed = !Binding->Talking;
    if (Binding->Failed && !Binding->Leaving)
        StepLater(Binding);
    DataUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    CallStep(Binding);
}

static VOID
DialerDeregisterSapComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolSapContext)
{
    BINDING *Binding = ProtocolSapContext;

    UNREFERENCED_PARAMETER(Status);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->SapThere = FALSE;
    NdisReleaseSpinLock(&Binding->Lock);
    CallStep(Binding);
}

/* Nothing is left. */
static VOID
Left(BINDING *Binding, NDIS_HANDLE Family)
{
    BOOLEAN Notice;

    NdisAcquireSpinLock(&Binding->Lock);
    Notice = Binding->Notice;
    Binding->FamilyThere = FALSE;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Notice)
        NoticeDone(Family);
    NdisSetEvent(&Binding->Left);
}

static VOID
DialerCloseAfComplete(NDIS_STATUS Status, NDIS_HANDLE ProtocolAfContext)
{
    BINDING *Binding = ProtocolAfContext;

    UNREFERENCED_PARAMETER(Status);
    Left(Binding, Binding->Family);
}

static VOID
MakeCall(BINDING *Binding)
{
    NDIS_HANDLE Party = NULL;
    NDIS_STATUS Status = NdisCoCreateVc(Binding->Handle, Binding->Family, Binding, &Binding->Vc);

    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Own = Status == NDIS_STATUS_SUCCESS;
    if (!Binding->Own)
        Binding->Vc = NULL;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Status == NDIS_STATUS_SUCCESS) {
        DialInitialize(&Binding->Wish, Binding->Dial, 0, 0);
        Status = NdisClMakeCall(Binding->Vc, &Binding->Wish.Call, NULL, &Party);
    }
    if (Status != NDIS_STATUS_PENDING)
        DialerMakeCallComplete(Status, Binding, NULL, &Binding->Wish.Call);
}

static VOID
DeleteVc(BINDING *Binding, NDIS_HANDLE Vc)
{
    if (NdisCoDeleteVc(Vc) == NDIS_STATUS_SUCCESS)
        return;
    /* The call manager has not taken it down yet. */
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Vc = Vc;
    Binding->Own = TRUE;
    StepLater(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
}

static VOID
CloseFamily(BINDING *Binding)
{
    NDIS_HANDLE Family = Binding->Family;
    NDIS_STATUS Status = NdisClCloseAddressFamily(Family);

    if (Status != NDIS_STATUS_PENDING)
        DialerCloseAfComplete(Status, Binding);
}

typedef enum _STEP { StepNone, StepClose, StepDelete, StepSap, StepFamily, StepCall } STEP;

/* What is due, marked as begun. Under Lock. */
static STEP
NextStep(BINDING *Binding, NDIS_HANDLE *Handle)
{
    *Handle = Binding->Vc;
    if (Binding->Talking) {
        if (!Binding->Closing || Binding->CloseAsked || Binding->Out != 0)
            return StepNone;
        Binding->CloseAsked = TRUE;
        return StepClose;
    }
    if (Binding->Making)
        return StepNone;
    if (Binding->Own) {
        Binding->Own = FALSE;
        Binding->Vc = NULL;
        return StepDelete;
    }
    if (Binding->Vc != NULL) /* the call manager's: it deletes it */
        return StepNone;
    if (Binding->Leaving && Binding->SapThere && Binding->Sap != NULL) {
        *Handle = Binding->Sap;
        Binding->Sap = NULL;
        return StepSap;
    }
    if (Binding->Leaving) {
        if (!Binding->FamilyOpen || Binding->SapThere)
            return StepNone;
        Binding->FamilyOpen = FALSE;
        return StepFamily;
    }
    if (Binding->Dial == 0 || Binding->Failed || !Binding->FamilyOpen || !Binding->Running)
        return StepNone;
    Binding->Making = TRUE;
    return StepCall;
}

static VOID
DoStep(BINDING *Binding, STEP Step, NDIS_HANDLE Handle)
{
    NDIS_STATUS Status;

    switch (Step) {
    case StepClose:
        Status = NdisClCloseCall(Handle, NULL, NULL, 0);
        if (Status != NDIS_STATUS_PENDING)
            Ended(Binding);
        break;
    case StepDelete: DeleteVc(Binding, Handle); break;
    case StepSap:
        Status = NdisClDeregisterSap(Handle);
        if (Status != NDIS_STATUS_PENDING)
            DialerDeregisterSapComplete(Status, Binding);
        break;
    case StepFamily: CloseFamily(Binding); break;
    case StepCall: MakeCall(Binding); break;
    default: break;
    }
}

/* After the last step of leaving the binding may be gone: nothing is touched behind it. */
VOID
CallStep(BINDING *Binding)
{
    NDIS_HANDLE Handle;
    STEP Step;

    do {
        NdisAcquireSpinLock(&Binding->Lock);
        Step = NextStep(Binding, &Handle);
        NdisReleaseSpinLock(&Binding->Lock);
        DoStep(Binding, Step, Handle);
    } while (Step == StepDelete || Step == StepSap);
}

/* Incoming calls */

static NDIS_STATUS
DialerCreateVc(
    NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    BINDING *Binding = ProtocolAfContext;
    BOOLEAN Busy;

    NdisAcquireSpinLock(&Binding->Lock);
    Busy = Binding->Vc != NULL || Binding->Making || Binding->Leaving;
    if (!Busy)
        Binding->Vc = NdisVcHandle;
    NdisReleaseSpinLock(&Binding->Lock);
    *ProtocolVcContext = Binding;
    return Busy ? NDIS_STATUS_NOT_ACCEPTED : NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
DialerDeleteVc(NDIS_HANDLE ProtocolVcContext)
{
    BINDING *Binding = ProtocolVcContext;

    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Vc = NULL;
    NdisReleaseSpinLock(&Binding->Lock);
    /* Not here: NDIS still has the VC in hand. */
    KeInsertQueueDpc(&Binding->RedialDpc, NULL, NULL);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
DialerIncomingCall(NDIS_HANDLE ProtocolSapContext, NDIS_HANDLE ProtocolVcContext,
    PCO_CALL_PARAMETERS CallParameters)
{
    BINDING *Binding = ProtocolSapContext;

    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(CallParameters);
    return Binding->Leaving ? NDIS_STATUS_NOT_ACCEPTED : NDIS_STATUS_SUCCESS;
}

static VOID
DialerCallConnected(NDIS_HANDLE ProtocolVcContext)
{
    BINDING *Binding = ProtocolVcContext;
    BOOLEAN Close;

    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Talking = TRUE;
    Close = Binding->Closing = Binding->Leaving;
    DataUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    if (Close)
        CallStep(Binding);
}

static VOID
DialerIncomingCloseCall(
    NDIS_STATUS CloseStatus, NDIS_HANDLE ProtocolVcContext, PVOID CloseData, UINT Size)
{
    BINDING *Binding = ProtocolVcContext;

    UNREFERENCED_PARAMETER(CloseStatus);
    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Talking = Binding->Closing = TRUE;
    DataUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    CallStep(Binding);
}

/* Families and SAPs */

static VOID
DialerRegisterSapComplete(
    NDIS_STATUS Status, NDIS_HANDLE ProtocolSapContext, PCO_SAP Sap, NDIS_HANDLE NdisSapHandle)
{
    BINDING *Binding = ProtocolSapContext;

    UNREFERENCED_PARAMETER(Sap);
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->SapThere = Status == NDIS_STATUS_SUCCESS;
    Binding->Sap = Binding->SapThere ? NdisSapHandle : NULL;
    NdisReleaseSpinLock(&Binding->Lock);
    CallStep(Binding);
}

static VOID
Listen(BINDING *Binding)
{
    PCO_SAP Sap = (PCO_SAP)Binding->SapMemory;
    NDIS_HANDLE Handle = NULL;
    NDIS_STATUS Status;

    Sap->SapType = 1;
    Sap->SapLength = sizeof(Binding->Listen);
    NdisMoveMemory(Sap->Sap, &Binding->Listen, sizeof(Binding->Listen));
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->SapThere = TRUE; /* or will be; without a handle it is not deregistered */
    NdisReleaseSpinLock(&Binding->Lock);
    Status = NdisClRegisterSap(Binding->Family, Binding, Sap, &Handle);
    if (Status != NDIS_STATUS_PENDING)
        DialerRegisterSapComplete(Status, Binding, Sap, Handle);
}

/* The open is answered: @Family, when it is open. */
static VOID
FamilyOpened(BINDING *Binding, NDIS_HANDLE Family, NDIS_STATUS Status)
{
    NdisAcquireSpinLock(&Binding->Lock);
    Binding->Family = Family;
    Binding->FamilyThere = Binding->FamilyOpen = Status == NDIS_STATUS_SUCCESS;
    NdisReleaseSpinLock(&Binding->Lock);
    if (Status != NDIS_STATUS_SUCCESS)
        return;
    if (Binding->Listen != 0)
        Listen(Binding);
    CallStep(Binding);
}

/* TRUE: there is something to wait for. */
static BOOLEAN
BeginLeave(BINDING *Binding, BOOLEAN Notice)
{
    BOOLEAN There;

    NdisAcquireSpinLock(&Binding->Lock);
    There = Binding->FamilyThere;
    Binding->Leaving = TRUE;
    Binding->Notice |= Notice;
    Binding->Closing = Binding->Talking;
    DataUpdateHold(Binding);
    NdisReleaseSpinLock(&Binding->Lock);
    CallStep(Binding);
    return There;
}

VOID
CallLeave(BINDING *Binding)
{
    if (BeginLeave(Binding, FALSE))
        NdisWaitEvent(&Binding->Left, 0);
    KeCancelTimer(&Binding->Redial);
    KeFlushQueuedDpcs();
}
