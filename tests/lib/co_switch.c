/* SPDX-License-Identifier: MIT */
/* The call manager of the peers: it connects the clients of one adapter with each other.
 *
 *     caller's VC  --make call-->  switch  --a VC for the callee, activated, offered-->  client
 *     circuit n, end 0                       circuit n, end 1
 *
 * The same code is the stand-alone manager (co_manager.c) and the miniport's own (co_mcm.c).
 */
#include "co_inner.h"

#include "check.h"

enum { WAITING, RETURNED, ANSWERED };

struct vc {
    LIST_ENTRY link;
    struct co_switch *to;
    struct family *family;
    NDIS_HANDLE handle;
    struct vc *other;
    BOOLEAN callee, up;
    uint64_t busy;   /* the other end's thread tells its client something */
    uint32_t answer; /* WAITING, RETURNED, ANSWERED */
    NDIS_STATUS result;
    NDIS_HANDLE party;
    PVOID party_context;
    PCO_CALL_PARAMETERS wish;
    struct co_dial dial; /* what the VC is activated with */
    KEVENT activated;
    NDIS_STATUS activate_status;
    struct co_end end; /* of an MCM */
};

struct family {
    LIST_ENTRY link;
    struct co_switch *to;
    NDIS_HANDLE handle;
    BOOLEAN noticed;
};

struct sap {
    LIST_ENTRY link;
    struct family *family;
    NDIS_HANDLE handle;
    ULONG number;
};

struct party {
    LIST_ENTRY link;
    struct vc *vc;
    NDIS_HANDLE handle;
    ULONG number;
};

/* A request that is answered later. */
struct later {
    VOID (*answer)(struct later *);
    struct co_switch *to;
    PVOID object;
    PVOID extra;
    NDIS_STATUS status;
};

static KIRQL
raise(struct co_switch *to)
{
    return to->face->pend_at_dpc ? KeRaiseIrqlToDpcLevel() : KeGetCurrentIrql();
}

static VOID
later_main(PVOID Context)
{
    struct later later = *(struct later *)Context;

    ExFreePoolWithTag(Context, PEER_TAG);
    later.answer(&later);
}

static NDIS_STATUS
later(struct co_switch *to, VOID (*answer)(struct later *), PVOID object, PVOID extra)
{
    struct later *work = ExAllocatePoolWithTag(NonPagedPool, sizeof(*work), PEER_TAG);

    CHECK(work);
    *work = (struct later){answer, to, object, extra, NDIS_STATUS_SUCCESS};
    peer_later(later_main, work);
    return NDIS_STATUS_PENDING;
}

static PVOID
list_add(struct co_switch *to, LIST_ENTRY *list, SIZE_T size, test_counter *count)
{
    LIST_ENTRY *made = ExAllocatePoolWithTag(NonPagedPool, size, PEER_TAG);
    KIRQL irql;

    CHECK(made);
    RtlZeroMemory(made, size);
    KeAcquireSpinLock(&to->lock, &irql);
    InsertTailList(list, made);
    KeReleaseSpinLock(&to->lock, irql);
    COUNT(*count, 1);
    return made;
}

/* The link is each object's first member. */
static VOID
list_remove(struct co_switch *to, PVOID object)
{
    KIRQL irql;

    KeAcquireSpinLock(&to->lock, &irql);
    RemoveEntryList((LIST_ENTRY *)object);
    KeReleaseSpinLock(&to->lock, irql);
    ExFreePoolWithTag(object, PEER_TAG);
}

static BOOLEAN
list_empty(struct co_switch *to, LIST_ENTRY *list)
{
    BOOLEAN empty;
    KIRQL irql;

    KeAcquireSpinLock(&to->lock, &irql);
    empty = IsListEmpty(list);
    KeReleaseSpinLock(&to->lock, irql);
    return empty;
}

/* Address families */

static VOID
opened(struct later *work)
{
    struct family *family = work->object;
    NDIS_HANDLE handle = family->handle;
    KIRQL irql;

    if (work->extra)
        list_remove(work->to, family);
    irql = raise(work->to);
    NdisCmOpenAddressFamilyComplete(
        work->extra ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS, handle, family);
    KeLowerIrql(irql);
}

static NDIS_STATUS
open_af(NDIS_HANDLE CallMgrBindingContext, PCO_ADDRESS_FAMILY AddressFamily,
    NDIS_HANDLE NdisAfHandle, PNDIS_HANDLE CallMgrAfContext)
{
    struct co_switch *to = *(struct co_switch **)CallMgrBindingContext;
    struct family *family = list_add(to, &to->families, sizeof(*family), &to->face->families);

    if (AddressFamily->AddressFamily != CO_ADDRESS_FAMILY_Q2931)
        COUNT(to->face->wrong, 1);
    family->to = to;
    family->handle = NdisAfHandle;
    if (to->face->pend)
        return later(to, opened, family, to->face->refuse ? family : NULL);
    if (to->face->refuse) {
        list_remove(to, family);
        return NDIS_STATUS_FAILURE;
    }
    *CallMgrAfContext = family;
    return NDIS_STATUS_SUCCESS;
}

static VOID
af_closed(struct later *work)
{
    struct family *family = work->object;
    NDIS_HANDLE handle = family->handle;
    KIRQL irql;

    if (!family->noticed)
        list_remove(work->to, family);
    irql = raise(work->to);
    NdisCmCloseAddressFamilyComplete(NDIS_STATUS_SUCCESS, handle);
    KeLowerIrql(irql);
}

static NDIS_STATUS
close_af(NDIS_HANDLE CallMgrAfContext)
{
    struct family *family = CallMgrAfContext;

    if (family->to->face->pend)
        return later(family->to, af_closed, family, NULL);
    /* One that was asked to close is known until the answer. */
    if (!family->noticed)
        list_remove(family->to, family);
    return NDIS_STATUS_SUCCESS;
}

static VOID
notice_complete(NDIS_HANDLE CallMgrAfContext, NDIS_STATUS Status)
{
    struct family *family = CallMgrAfContext;
    struct co_switch *to = family->to;

    UNREFERENCED_PARAMETER(Status);
    list_remove(to, family);
    COUNT(to->face->notices_answered, 1);
}

static VOID
notice_all(PVOID Context)
{
    struct co_switch *to = Context;

    for (;;) {
        struct family *family = NULL;
        KIRQL irql;

        KeAcquireSpinLock(&to->lock, &irql);
        for (LIST_ENTRY *e = to->families.Flink; e != &to->families; e = e->Flink)
            if (!((struct family *)e)->noticed)
                family = (struct family *)e;
        if (family)
            family->noticed = TRUE;
        KeReleaseSpinLock(&to->lock, irql);
        if (!family)
            return;
        if (NdisCmNotifyCloseAddressFamily(family->handle) != NDIS_STATUS_PENDING)
            notice_complete(family, NDIS_STATUS_SUCCESS);
    }
}

void
co_manager_notice(struct co_manager *manager)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, notice_all, to);
}

VOID
switch_leave(struct co_switch *to)
{
    notice_all(to);
    while (!list_empty(to, &to->families) || !list_empty(to, &to->vcs))
        peer_sleep(50);
}

/* SAPs */

static VOID
sap_registered(struct later *work)
{
    struct sap *sap = work->object;
    NDIS_HANDLE handle = sap->handle;
    KIRQL irql;

    if (work->extra)
        list_remove(work->to, sap);
    irql = raise(work->to);
    NdisCmRegisterSapComplete(
        work->extra ? NDIS_STATUS_INVALID_SAP : NDIS_STATUS_SUCCESS, handle, sap);
    KeLowerIrql(irql);
}

static NDIS_STATUS
register_sap(NDIS_HANDLE CallMgrAfContext, PCO_SAP Sap, NDIS_HANDLE NdisSapHandle,
    PNDIS_HANDLE CallMgrSapContext)
{
    struct family *family = CallMgrAfContext;
    struct co_switch *to = family->to;
    struct sap *sap = list_add(to, &to->saps, sizeof(*sap), &to->face->saps);

    sap->family = family;
    sap->handle = NdisSapHandle;
    RtlCopyMemory(&sap->number, Sap->Sap, sizeof(sap->number));
    if (to->face->pend)
        return later(to, sap_registered, sap, to->face->refuse ? sap : NULL);
    if (to->face->refuse) {
        list_remove(to, sap);
        return NDIS_STATUS_INVALID_SAP;
    }
    *CallMgrSapContext = sap;
    return NDIS_STATUS_SUCCESS;
}

static VOID
sap_deregistered(struct later *work)
{
    KIRQL irql = raise(work->to);

    NdisCmDeregisterSapComplete(NDIS_STATUS_SUCCESS, work->extra);
    KeLowerIrql(irql);
}

static NDIS_STATUS
deregister_sap(NDIS_HANDLE CallMgrSapContext)
{
    struct sap *sap = CallMgrSapContext;
    struct co_switch *to = sap->family->to;
    NDIS_HANDLE handle = sap->handle;

    list_remove(to, sap);
    return to->face->pend ? later(to, sap_deregistered, NULL, handle) : NDIS_STATUS_SUCCESS;
}

/* VCs */

static struct vc *
vc_add(struct co_switch *to, struct family *family)
{
    test_counter unused = 0;
    struct vc *vc = list_add(to, &to->vcs, sizeof(*vc), &unused);

    vc->to = to;
    vc->family = family;
    vc->end.loop = to->loop;
    vc->end.circuit = CIRCUITS;
    KeInitializeEvent(&vc->activated, SynchronizationEvent, FALSE);
    return vc;
}

static NDIS_STATUS
create_vc(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE NdisVcHandle, PNDIS_HANDLE ProtocolVcContext)
{
    struct family *family = ProtocolAfContext;
    struct vc *vc = vc_add(family->to, family);

    vc->handle = vc->end.vc = NdisVcHandle;
    *ProtocolVcContext = vc;
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
delete_vc(NDIS_HANDLE ProtocolVcContext)
{
    struct vc *vc = ProtocolVcContext;

    while (READ(vc->busy))
        peer_sleep(50);
    list_remove(vc->to, vc);
    return NDIS_STATUS_SUCCESS;
}

static VOID
activate_complete(
    NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct vc *vc = CallMgrVcContext;

    if (CallParameters != &vc->dial.call)
        COUNT(vc->to->face->wrong, 1);
    vc->activate_status = Status;
    KeSetEvent(&vc->activated, IO_NO_INCREMENT, FALSE);
}

static VOID
deactivate_complete(NDIS_STATUS Status, NDIS_HANDLE CallMgrVcContext)
{
    struct vc *vc = CallMgrVcContext;

    vc->activate_status = Status;
    KeSetEvent(&vc->activated, IO_NO_INCREMENT, FALSE);
}

static NDIS_STATUS
wait_if_pended(struct vc *vc, NDIS_STATUS status)
{
    if (status != NDIS_STATUS_PENDING)
        return status;
    KeWaitForSingleObject(&vc->activated, Executive, KernelMode, FALSE, NULL);
    return vc->activate_status;
}

static VOID
activate(struct vc *vc, ULONG circuit, ULONG end)
{
    NDIS_STATUS status;

    dial_set(&vc->dial, 0, circuit, end);
    if (vc->to->protocol) {
        status = wait_if_pended(vc, NdisCmActivateVc(vc->handle, &vc->dial.call));
    } else {
        loop_up(&vc->end, circuit, end);
        status = NdisMCmActivateVc(vc->handle, &vc->dial.call);
    }
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(vc->to->face->wrong, 1);
    vc->up = TRUE;
    COUNT(vc->to->face->activated, 1);
}

static VOID
deactivate(struct vc *vc)
{
    NDIS_STATUS status;

    if (!vc->up)
        return;
    vc->up = FALSE;
    if (vc->to->protocol) {
        status = wait_if_pended(vc, NdisCmDeactivateVc(vc->handle));
    } else {
        loop_down(&vc->end);
        status = NdisMCmDeactivateVc(vc->handle);
    }
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(vc->to->face->wrong, 1);
    COUNT(vc->to->face->deactivated, 1);
}

/* A VC of the switch's own making, when no call is on it any more. */
static VOID
delete_own(PVOID Context)
{
    struct vc *vc = Context;
    NDIS_STATUS status;

    while (READ(vc->busy))
        peer_sleep(50);
    while ((status = vc->to->protocol ? NdisCoDeleteVc(vc->handle) : NdisMCmDeleteVc(vc->handle)) ==
           NDIS_STATUS_NOT_ACCEPTED)
        peer_sleep(50);
    if (status != NDIS_STATUS_SUCCESS)
        COUNT(vc->to->face->wrong, 1);
    list_remove(vc->to, vc);
}

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
        list_remove(caller->to, caller->party_context);
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
        deactivate(callee);
        deactivate(caller);
        peer_later(delete_own, callee);
    }
    caller->result = status;
    if (__atomic_compare_exchange_n(
            &caller->answer, &waiting, ANSWERED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return; /* who made the call is still there to answer it */
    call_result(caller, status);
    NdisCmMakeCallComplete(
        status, caller->handle, caller->party, caller->party_context, caller->wish);
}

static VOID
incoming_call_complete(
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
    callee = vc_add(to, sap->family);
    callee->callee = TRUE;
    status =
        to->protocol
            ? NdisCoCreateVc(to->protocol->binding, sap->family->handle, callee, &callee->handle)
            : NdisMCmCreateVc(to->loop->adapter, sap->family->handle, callee, &callee->handle);
    if (status != NDIS_STATUS_SUCCESS) {
        list_remove(to, callee);
        return status;
    }
    callee->end.vc = callee->handle;
    circuit = __atomic_fetch_add(&to->next_circuit, 1, __ATOMIC_RELAXED) % (CIRCUITS - 1);
    callee->other = caller;
    caller->other = callee;
    caller->answer = WAITING;
    activate(caller, circuit, 0);
    activate(callee, circuit, 1);
    status = NdisCmDispatchIncomingCall(sap->handle, callee->handle, caller->wish);
    if (status != NDIS_STATUS_PENDING)
        callee_answered(callee, status);
    if (__atomic_compare_exchange_n(
            &caller->answer, &waiting, RETURNED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return NDIS_STATUS_PENDING;
    return caller->result;
}

static VOID
connect_later(struct later *work)
{
    struct vc *caller = work->object;
    NDIS_STATUS status = call_result(caller, connect(caller));
    KIRQL irql;

    if (status == NDIS_STATUS_PENDING)
        return;
    irql = raise(work->to);
    NdisCmMakeCallComplete(
        status, caller->handle, caller->party, caller->party_context, caller->wish);
    KeLowerIrql(irql);
}

static struct party *
party_add(struct vc *vc, NDIS_HANDLE handle, ULONG number)
{
    struct party *party =
        list_add(vc->to, &vc->to->parties, sizeof(*party), &vc->to->face->parties);

    party->vc = vc;
    party->handle = handle;
    party->number = number;
    return party;
}

static NDIS_STATUS
make_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
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
        return later(vc->to, connect_later, vc, NULL);
    return call_result(vc, connect(vc));
}

/* Both ends go: this one now, the other when its client has closed it. */
static VOID
disconnect(struct vc *vc, struct party *party)
{
    struct vc *other;
    KIRQL irql;

    if (party)
        list_remove(vc->to, party);
    KeAcquireSpinLock(&vc->to->lock, &irql);
    other = vc->other;
    vc->other = NULL;
    if (other) {
        other->other = NULL;
        COUNT(other->busy, 1);
    }
    KeReleaseSpinLock(&vc->to->lock, irql);
    deactivate(vc);
    if (!other)
        return;
    NdisCmDispatchIncomingCloseCall(NDIS_STATUS_SUCCESS, other->handle, "gone", 4);
    UNCOUNT(other->busy, 1);
}

static VOID
close_later(struct later *work)
{
    struct vc *vc = work->object;
    NDIS_HANDLE party = work->extra ? ((struct party *)work->extra)->handle : NULL;
    BOOLEAN callee = vc->callee; /* a caller's VC may be gone with its close */
    KIRQL irql;

    disconnect(vc, work->extra);
    irql = raise(work->to);
    NdisCmCloseCallComplete(NDIS_STATUS_SUCCESS, vc->handle, party);
    KeLowerIrql(irql);
    if (callee)
        delete_own(vc);
}

static NDIS_STATUS
close_call(
    NDIS_HANDLE CallMgrVcContext, NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size)
{
    struct vc *vc = CallMgrVcContext;

    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    if (vc->to->face->pend)
        return later(vc->to, close_later, vc, CallMgrPartyContext);
    disconnect(vc, CallMgrPartyContext);
    if (vc->callee)
        peer_later(delete_own, vc);
    return NDIS_STATUS_SUCCESS;
}

static VOID
modified(struct later *work)
{
    struct vc *vc = work->object;
    KIRQL irql;

    activate(vc, vc->end.circuit, vc->end.end);
    irql = raise(work->to);
    NdisCmModifyCallQoSComplete(NDIS_STATUS_SUCCESS, vc->handle, work->extra);
    KeLowerIrql(irql);
}

static NDIS_STATUS
modify_call(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct vc *vc = CallMgrVcContext;
    ULONG place[2];

    RtlCopyMemory(place, vc->dial.media.MediaSpecific.Parameters, sizeof(place));
    vc->end.circuit = place[0];
    vc->end.end = place[1];
    if (vc->to->face->pend)
        return later(vc->to, modified, vc, CallParameters);
    activate(vc, place[0], place[1]);
    return NDIS_STATUS_SUCCESS;
}

/* Parties: number 13 never answers well. */

static NDIS_STATUS
party_status(const struct party *party)
{
    return party->number == 13 ? NDIS_STATUS_FAILURE : NDIS_STATUS_SUCCESS;
}

static VOID
party_added(struct later *work)
{
    struct party *party = work->object;
    NDIS_STATUS status = party_status(party);
    NDIS_HANDLE handle = party->handle;
    KIRQL irql;

    if (status != NDIS_STATUS_SUCCESS)
        list_remove(work->to, party);
    irql = raise(work->to);
    NdisCmAddPartyComplete(status, handle, party, work->extra);
    KeLowerIrql(irql);
}

static NDIS_STATUS
add_party(NDIS_HANDLE CallMgrVcContext, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE NdisPartyHandle, PNDIS_HANDLE CallMgrPartyContext)
{
    struct vc *vc = CallMgrVcContext;
    struct party *party = party_add(vc, NdisPartyHandle, dial_number(CallParameters));
    NDIS_STATUS status;

    if (vc->to->face->pend)
        return later(vc->to, party_added, party, CallParameters);
    status = party_status(party);
    if (status != NDIS_STATUS_SUCCESS)
        list_remove(vc->to, party);
    *CallMgrPartyContext = party;
    return status;
}

static VOID
party_dropped(struct later *work)
{
    KIRQL irql = raise(work->to);

    NdisCmDropPartyComplete(NDIS_STATUS_SUCCESS, work->extra);
    KeLowerIrql(irql);
}

static NDIS_STATUS
drop_party(NDIS_HANDLE CallMgrPartyContext, PVOID CloseData, UINT Size)
{
    struct party *party = CallMgrPartyContext;
    struct co_switch *to = party->vc->to;
    NDIS_HANDLE handle = party->handle;

    UNREFERENCED_PARAMETER(CloseData);
    UNREFERENCED_PARAMETER(Size);
    list_remove(to, party);
    return to->face->pend ? later(to, party_dropped, NULL, handle) : NDIS_STATUS_SUCCESS;
}

/* Requests */

struct question {
    NDIS_OID_REQUEST request;
    ULONG value;
};

static VOID
answered(struct co_switch *to, PNDIS_OID_REQUEST request, NDIS_STATUS status)
{
    struct question *q = CONTAINING_RECORD(request, struct question, request);

    if (status != NDIS_STATUS_SUCCESS)
        COUNT(to->face->wrong, 1);
    to->face->last_answer = q->value;
    ExFreePoolWithTag(q, PEER_TAG);
    COUNT(to->face->answers, 1);
}

static VOID
request_complete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
    UNREFERENCED_PARAMETER(ProtocolVcContext);
    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    answered(((struct family *)ProtocolAfContext)->to, OidRequest, Status);
}

static VOID
ask_all(PVOID Context)
{
    struct co_switch *to = Context;

    for (LIST_ENTRY *e = to->families.Flink; e != &to->families; e = e->Flink) {
        struct question *q = ExAllocatePoolWithTag(NonPagedPool, sizeof(*q), PEER_TAG);
        NDIS_HANDLE family = ((struct family *)e)->handle;
        NDIS_STATUS status;

        CHECK(q);
        RtlZeroMemory(q, sizeof(*q));
        q->request.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_OID_REQUEST,
            NDIS_OID_REQUEST_REVISION_1, NDIS_SIZEOF_OID_REQUEST_REVISION_1};
        q->request.RequestType = NdisRequestQueryInformation;
        q->request.DATA.QUERY_INFORMATION.Oid = CO_OID;
        q->request.DATA.QUERY_INFORMATION.InformationBuffer = &q->value;
        q->request.DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(q->value);
        status = to->protocol
                     ? NdisCoOidRequest(to->protocol->binding, family, NULL, NULL, &q->request)
                     : NdisMCmOidRequest(family, NULL, NULL, &q->request);
        if (status != NDIS_STATUS_PENDING)
            answered(to, &q->request, status);
    }
}

void
co_manager_ask(struct co_manager *manager)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, ask_all, to);
}

struct asked {
    NDIS_HANDLE family, vc;
};

static VOID
request_answered(struct later *work)
{
    struct asked asked = *(struct asked *)work->extra;
    KIRQL irql;

    ExFreePoolWithTag(work->extra, PEER_TAG);
    irql = raise(work->to);
    NdisCoOidRequestComplete(
        asked.family, asked.vc, NULL, work->object, loop_answer(work->object, 5));
    KeLowerIrql(irql);
}

static NDIS_STATUS
oid_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_OID_REQUEST OidRequest)
{
    struct family *family = ProtocolAfContext;
    struct asked *asked;

    UNREFERENCED_PARAMETER(ProtocolPartyContext);
    COUNT(family->to->face->requests, 1);
    if (!family->to->face->pend)
        return loop_answer(OidRequest, ProtocolVcContext ? 50 : 5);
    asked = ExAllocatePoolWithTag(NonPagedPool, sizeof(*asked), PEER_TAG);
    CHECK(asked);
    *asked = (struct asked){
        family->handle, ProtocolVcContext ? ((struct vc *)ProtocolVcContext)->handle : NULL};
    return later(family->to, request_answered, OidRequest, asked);
}

/* What the network does by itself. */

static VOID
change_all(PVOID Context)
{
    struct co_switch *to = Context;

    for (LIST_ENTRY *e = to->vcs.Flink; e != &to->vcs; e = e->Flink) {
        struct vc *vc = (struct vc *)e;

        if (vc->callee)
            NdisCmDispatchIncomingCallQoSChange(vc->handle, &vc->dial.call);
    }
}

void
co_manager_change(struct co_manager *manager)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, change_all, to);
}

static VOID
drop_last(PVOID Context)
{
    struct co_switch *to = Context;
    struct party *party = (struct party *)to->parties.Blink;

    NdisCmDispatchIncomingDropParty(NDIS_STATUS_SUCCESS, party->handle, NULL, 0);
}

void
co_manager_drop(struct co_manager *manager)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, drop_last, to);
}

static VOID
hang_up_first(PVOID Context)
{
    struct co_switch *to = Context;
    struct vc *vc = (struct vc *)to->vcs.Flink;

    NdisCmDispatchIncomingCloseCall(NDIS_STATUS_FAILURE, vc->handle, NULL, 0);
}

void
co_manager_hang_up(struct co_manager *manager)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, hang_up_first, to);
}

static VOID
tell_status(struct co_switch *to, NDIS_HANDLE vc)
{
    NDIS_STATUS_INDICATION indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .StatusCode = vc ? NDIS_STATUS_MEDIA_SPECIFIC_INDICATION : NDIS_STATUS_MEDIA_CONNECT,
    };

    NdisMCoIndicateStatusEx(to->loop->adapter, vc, &indication);
}

static VOID
status_of_adapter(PVOID Context)
{
    tell_status(Context, NULL);
}

static VOID
status_of_vc(PVOID Context)
{
    struct co_switch *to = Context;

    tell_status(to, ((struct vc *)to->vcs.Flink)->handle);
}

void
co_manager_status(struct co_manager *manager, bool vc)
{
    struct co_switch *to = switch_of(manager);

    script_run(manager->peer.machine, &to->script, vc ? status_of_vc : status_of_adapter, to);
}

static VOID
do_wrong(PVOID Context)
{
    struct co_switch *to = Context;
    struct vc *vc = IsListEmpty(&to->vcs) ? NULL : (struct vc *)to->vcs.Flink;
    struct sap *sap = IsListEmpty(&to->saps) ? NULL : (struct sap *)to->saps.Flink;
    struct party *party = IsListEmpty(&to->parties) ? NULL : (struct party *)to->parties.Flink;
    struct family *family = IsListEmpty(&to->families) ? NULL : (struct family *)to->families.Flink;
    struct co_handles handles = {to->protocol ? to->protocol->binding : NULL,
        family ? family->handle : NULL, sap ? sap->handle : NULL, vc ? vc->handle : NULL,
        party ? party->handle : NULL, to->loop->adapter, to->own};

    to->wrong(&handles);
}

void
co_manager_run(struct co_manager *manager, void (*wrong)(const struct co_handles *handles))
{
    struct co_switch *to = switch_of(manager);

    to->wrong = wrong;
    script_run(manager->peer.machine, &to->script, do_wrong, to);
}

struct co_end *
switch_end(NDIS_HANDLE vc_context)
{
    return &((struct vc *)vc_context)->end;
}

VOID
switch_create(struct co_switch *to, struct co_manager *face)
{
    to->face = face;
    KeInitializeSpinLock(&to->lock);
    InitializeListHead(&to->families);
    InitializeListHead(&to->saps);
    InitializeListHead(&to->vcs);
    InitializeListHead(&to->parties);
    CHECK(NT_SUCCESS(script_start(&to->script)));
}

VOID
switch_destroy(struct co_switch *to)
{
    script_stop(&to->script);
    if (!IsListEmpty(&to->families) || !IsListEmpty(&to->saps) || !IsListEmpty(&to->vcs) ||
        !IsListEmpty(&to->parties))
        COUNT(to->face->wrong, 1);
}

NDIS_STATUS
switch_options(NDIS_HANDLE driver)
{
    NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS handlers = {
        .Header = {NDIS_OBJECT_TYPE_CO_CALL_MANAGER_OPTIONAL_HANDLERS,
            NDIS_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1,
            NDIS_SIZEOF_CO_CALL_MANAGER_OPTIONAL_HANDLERS_REVISION_1},
        .CmCreateVcHandler = create_vc,
        .CmDeleteVcHandler = delete_vc,
        .CmOpenAfHandler = open_af,
        .CmCloseAfHandler = close_af,
        .CmRegisterSapHandler = register_sap,
        .CmDeregisterSapHandler = deregister_sap,
        .CmMakeCallHandler = make_call,
        .CmCloseCallHandler = close_call,
        .CmIncomingCallCompleteHandler = incoming_call_complete,
        .CmAddPartyHandler = add_party,
        .CmDropPartyHandler = drop_party,
        .CmActivateVcCompleteHandler = activate_complete,
        .CmDeactivateVcCompleteHandler = deactivate_complete,
        .CmModifyCallQoSHandler = modify_call,
        .CmOidRequestHandler = oid_request,
        .CmOidRequestCompleteHandler = request_complete,
        .CmNotifyCloseAfCompleteHandler = notice_complete,
    };

    return NdisSetOptionalHandlers(driver, (PNDIS_DRIVER_OPTIONAL_HANDLERS)&handlers);
}

NDIS_STATUS
switch_offer(struct co_switch *to)
{
    CO_ADDRESS_FAMILY family = {CO_ADDRESS_FAMILY_Q2931, 3, 1};

    return to->protocol ? NdisCmRegisterAddressFamilyEx(to->protocol->binding, &family)
                        : NdisMCmRegisterAddressFamilyEx(to->loop->adapter, &family);
}
