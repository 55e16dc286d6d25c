/* SPDX-License-Identifier: MIT */
/* The call manager of the peers: requests, and what the network does by itself. */
#include "co_switch.h"

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

VOID
switch_request_complete(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
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
request_answered(struct switch_later *work)
{
    struct asked asked = *(struct asked *)work->extra;
    KIRQL irql;

    ExFreePoolWithTag(work->extra, PEER_TAG);
    irql = switch_raise(work->to);
    NdisCoOidRequestComplete(
        asked.family, asked.vc, NULL, work->object, loop_answer(work->object, 5));
    KeLowerIrql(irql);
}

NDIS_STATUS
switch_oid_request(NDIS_HANDLE ProtocolAfContext, NDIS_HANDLE ProtocolVcContext,
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
    return switch_later(family->to, request_answered, OidRequest, asked);
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
