/* SPDX-License-Identifier: MIT */
/* The call manager of the peers: calls and their parties. */
#include "co_switch.h"

/* Calls */

static struct sap *
find_sap(struct co_switch *to, ULONG number)
{
    struct sap *found = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&to->lock, &irql);
    for (LIST_ENTRY *e = to->saps.Flink; e != &to->saps; e = e->Flink)
        if (((struct sap *)e)->number == number)
            found = (struct sap *)e;
    KeReleaseSpinLock(&to->lock, irql);
    return found;
}

/* What came with a call that was not made goes. */
static NDIS_STATUS
call_result(struct vc *caller, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_SUCCESS && status != NDIS_STATUS_PENDING && caller->party_context) {
        switch_list_remove(caller->to, caller->party_context);
        caller->party_context = NULL;
    }
    return status;
}

static VOID
callee_answered(struct vc *callee, NDIS_STATUS status)
{
    struct vc *caller = callee->other;
    uint32_t waiting = WAITING;

    if (status == NDIS_STATUS_SUCCESS) {
        NdisCmDispatchCallConnected(callee->handle);
    } else {
        callee->other = caller->other = NULL;
        switch_deactivate(callee);
        switch_deactivate(caller);
        peer_later(switch_delete_own, callee);
    }
    caller->result = status;
    if (__atomic_compare_exchange_n(
            &caller->answer, &waiting, ANSWERED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return; /* who made the call is still there to answer it */
    call_result(caller, status);
    NdisCmMakeCallComplete(
        status, caller->handle, caller->party, caller->party_context, caller->wish);
}

VOID
switch_incoming_call_complete(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    UNREFERENCED_PARAMETER(CallParameters);
    callee_answered(CallMgrVcContext, Status);
}

/* What the caller is to hear now; NDIS_STATUS_PENDING: what callee_answered will say. */
static NDIS_STATUS
connect(struct vc *caller)
{
    struct co_switch *to = caller->to;
    struct sap *sap = to->face->refuse ? NULL : find_sap(to, dial_number(caller->wish));
    uint32_t waiting = WAITING;
    struct vc *callee;
    NDIS_STATUS status;
    ULONG circuit;

    COUNT(to->face->calls, 1);
    if (!sap)
        return NDIS_STATUS_FAILURE;
    callee = switch_vc_add(to, sap->family);
    callee->callee = TRUE;
    status =
        to->protocol
            ? NdisCoCreateVc(to->protocol->binding, sap->family->handle, callee, &callee->handle)
            : NdisMCmCreateVc(to->loop->adapter, sap->family->handle, callee, &callee->handle);
    if (status != NDIS_STATUS_SUCCESS) {
        switch_list_remove(to, callee);
        return status;
    }
    callee->end.vc = callee->handle;
    circuit = __atomic_fetch_add(&to->next_circuit, 1, __ATOMIC_RELAXED) % (CIRCUITS - 1);
    callee->other = caller;
    caller->other = callee;
    caller->answer = WAITING;
    switch_activate(caller, circuit, 0);
    switch_activate(callee, circuit, 1);
    status = NdisCmDispatchIncomingCall(sap->handle, callee->handle, caller->wish);
    if (status != NDIS_STATUS_PENDING)
        callee_answered(callee, status);
    if (__atomic_compare_exchange_n(
            &caller->answer, &waiting, RETURNED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return NDIS_STATUS_PENDING;
    return caller->result;
}

static VOID
connect_later(struct switch_later *work)
{
    struct vc *caller = work->object;
    NDIS_STATUS status = call_result(caller, connect(caller));
    KIRQL irql;

    if (status == NDIS_STATUS_PENDING)
        return;
    irql = switch_raise(work->to);
    NdisCmMakeCallComplete(
        status, caller->handle, caller->party, caller->party_context, caller->wish);
    KeLowerIrql(irql);
}

static struct party *
party_add(struct vc *vc, NDIS_HANDLE handle, ULONG number)
{
    struct party *party =
        switch_list_add(vc->to, &vc->to->parties, sizeof(*party), &vc->to->face->parties);

    party->vc = vc;
    party->handle = handle;
    party->number = number;
    return party;
}

NDIS_STATUS
switch_make_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext)
{
    struct vc *vc = CallMgrVcContext;

    vc->wish = CallParameters;
    vc->party = NdisPartyHandle;
    vc->party_context = NULL;
    if (NdisPartyHandle)
        *CallMgrPartyContext = vc->party_context =
            party_add(vc, NdisPartyHandle, dial_number(CallParameters));
    CallParameters->Flags |= CALL_PARAMETERS_CHANGED;
    if (vc->to->face->pend)
        return switch_later(vc->to, connect_later, vc, NULL);
    return call_result(vc, connect(vc));
}

/* Both ends go: this one now, the other when its client has closed it. */
static VOID
disconnect(struct vc *vc, struct party *party)
{
    struct vc *other;
    KIRQL irql;

    if (party)
        switch_list_remove(vc->to, party);
    KeAcquireSpinLock(&vc->to->lock, &irql);
    other = vc->other;
    vc->other = NULL;
    if (other) {
        other->other = NULL;
        COUNT(other->busy, 1);
    }
    KeReleaseSpinLock(&vc->to->lock, irql);
    switch_deactivate(vc);
    if (!other)
        return;
    NdisCmDispatchIncomingCloseCall(NDIS_STATUS_SUCCESS, other->handle, "gone", 4);
    UNCOUNT(other->busy, 1);
}

static VOID
close_later(struct switch_later *work)
{
    struct vc *vc = work->object;
    NDIS_HANDLE party = work->extra ? ((struct party *)work->extra)->handle : NULL;
    BOOLEAN callee = vc->callee; /* a caller's VC may be gone with its close */
    KIRQL irql;

    disconnect(vc, work->extra);
    irql = switch_raise(work->to);
    NdisCmCloseCallComplete(NDIS_STATUS_SUCCESS, vc->handle, party);
    KeLowerIrql(irql);
    if (callee)
        switch_delete_own(vc);
}

NDIS_STATUS
switch_close_call(
    NDIS_HANDLE CallMgrVcContext, NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size)
{
    struct vc *vc = CallMgrVcContext;

    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    if (vc->to->face->pend)
        return switch_later(vc->to, close_later, vc, CallMgrPartyContext);
    disconnect(vc, CallMgrPartyContext);
    if (vc->callee)
        peer_later(switch_delete_own, vc);
    return NDIS_STATUS_SUCCESS;
}

static VOID
modified(struct switch_later *work)
{
    struct vc *vc = work->object;
    KIRQL irql;

    switch_activate(vc, vc->end.circuit, vc->end.end);
    irql = switch_raise(work->to);
    NdisCmModifyCallQoSComplete(NDIS_STATUS_SUCCESS, vc->handle, work->extra);
    KeLowerIrql(irql);
}

NDIS_STATUS
switch_modify_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct vc *vc = CallMgrVcContext;
    ULONG place[2];

    RtlCopyMemory(place, vc->dial.media.MediaSpecific.Parameters, sizeof(place));
    vc->end.circuit = place[0];
    vc->end.end = place[1];
    if (vc->to->face->pend)
        return switch_later(vc->to, modified, vc, CallParameters);
    switch_activate(vc, place[0], place[1]);
    return NDIS_STATUS_SUCCESS;
}

/* Parties: number 13 never answers well. */

static NDIS_STATUS
party_status(const struct party *party)
{
    return party->number == 13 ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
}

static VOID
party_added(struct switch_later *work)
{
    struct party *party = work->object;
    NDIS_STATUS status = party_status(party);
    NDIS_HANDLE handle = party->handle;
    KIRQL irql;

    if (status != NDIS_STATUS_SUCCESS)
        switch_list_remove(work->to, party);
    irql = switch_raise(work->to);
    NdisCmAddPartyComplete(status, handle, party, work->extra);
    KeLowerIrql(irql);
}

NDIS_STATUS
switch_add_party(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext)
{
    struct vc *vc = CallMgrVcContext;
    struct party *party = party_add(vc, NdisPartyHandle, dial_number(CallParameters));
    NDIS_STATUS status;

    if (vc->to->face->pend)
        return switch_later(vc->to, party_added, party, CallParameters);
    status = party_status(party);
    if (status != NDIS_STATUS_SUCCESS)
        switch_list_remove(vc->to, party);
    *CallMgrPartyContext = party;
    return status;
}

static VOID
party_dropped(struct switch_later *work)
{
    KIRQL irql = switch_raise(work->to);

    NdisCmDropPartyComplete(NDIS_STATUS_SUCCESS, work->extra);
    KeLowerIrql(irql);
}

NDIS_STATUS
switch_drop_party(NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size)
{
    struct party *party = CallMgrPartyContext;
    struct co_switch *to = party->vc->to;
    NDIS_HANDLE handle = party->handle;

    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    switch_list_remove(to, party);
    return to->face->pend ? switch_later(to, party_dropped, NULL, handle) : NDIS_STATUS_SUCCESS;
}
