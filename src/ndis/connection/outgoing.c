/* SPDX-License-Identifier: MIT */
/* What a client asks of its call manager about a call.
 *
 *     NdisClMakeCall       IDLE -> MAKING            ProtocolCmMakeCall
 *                          MAKING -> CONNECTED       ProtocolClMakeCallComplete
 *     NdisClModifyCallQoS                            ProtocolCmModifyCallQoS
 *                                                    ProtocolClModifyCallQoSComplete
 *     NdisClCloseCall      any but IDLE -> CLOSING   ProtocolCmCloseCall
 *                          CLOSING -> IDLE           ProtocolClCloseCallComplete
 *
 * A completion function is called only after NDIS_STATUS_PENDING.
 */
#include "ndis/connection/party.h"

static const struct co_move making = {
    "NdisClMakeCall", CALL_IDLE, CALL_MAKING, "condis-complete-pairs"};
static const struct co_move made = {
    "NdisCmMakeCallComplete", CALL_MAKING, CALL_CONNECTED, "condis-complete-pairs"};
static const struct co_move not_made = {
    "NdisCmMakeCallComplete", CALL_MAKING, CALL_IDLE, "condis-complete-pairs"};
static const struct co_move closing = {"NdisClCloseCall",
    CALL_OFFERED | CALL_ACCEPTED | CALL_CONNECTED, CALL_CLOSING, "condis-teardown-order"};
static const struct co_move closed = {
    "NdisCmCloseCallComplete", CALL_CLOSING, CALL_IDLE, "condis-complete-pairs"};
static const struct co_move not_closed = {
    "NdisCmCloseCallComplete", CALL_CLOSING, CALL_CONNECTED, "condis-complete-pairs"};
static const struct co_move changing = {
    "NdisClModifyCallQoS", CHANGE_NONE, CHANGE_ASKED, "condis-complete-pairs"};
static const struct co_move changed = {
    "NdisCmModifyCallQoSComplete", CHANGE_ASKED, CHANGE_NONE, "condis-complete-pairs"};

/* A client's VC with a client, or a bug check. */
static struct co_vc *
client_vc(NDIS_HANDLE handle, const char *caller)
{
    struct co_vc *vc = co_vc_of(handle, caller);

    if (!vc->client)
        gate_bug_check("condis-handle-kind", "%s called %s for a call manager's own VC",
            ((struct driver *)block_self->driver)->name, caller);
    return vc;
}

/* The call is made, or not; what became of its first party. */
static void
end_making(struct co_vc *vc, NDIS_STATUS status)
{
    struct co_party *party = vc->first_party;

    vc->first_party = NULL;
    co_must(&vc->object.state, status == NDIS_STATUS_SUCCESS ? &made : &not_made);
    if (party)
        party_added(party, status);
}

/*
 * NdisClMakeCall - a client makes a call on a VC that it made
 *
 * @NdisVcHandle:         from NdisCoCreateVc, without a call.
 * @CallParameters:       stay the client's, and as they are until this is answered.
 * @ProtocolPartyContext: of the first party of a call with several; NULL: with one.
 * @NdisPartyHandle:      gets the handle of that party, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the call lasts until NdisClCloseCall has completed.
 * Errors:    NDIS_STATUS_RESOURCES, or the call manager's answer; after NDIS_STATUS_PENDING
 *            ProtocolClMakeCallComplete has it. A call on the VC already is a bug check (rule
 *            condis-complete-pairs).
 * Source:    NF:ndis.NdisClMakeCall
 */
NDIS_STATUS
NdisClMakeCall(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters,
    NDIS_HANDLE ProtocolPartyContext, PNDIS_HANDLE NdisPartyHandle)
{
    struct co_vc *vc = client_vc(NdisVcHandle, __func__);
    struct co_party *party = NULL;
    NDIS_HANDLE unused = NULL;
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (ProtocolPartyContext && NdisPartyHandle) {
        party = party_create(vc, ProtocolPartyContext);
        if (!party)
            return NDIS_STATUS_RESOURCES;
    }
    co_must(&vc->object.state, &making);
    vc->first_party = party;
    if (NdisPartyHandle)
        *NdisPartyHandle = party;
    status =
        call_cm_make_call(vc, CallParameters, party, party ? &party->manager_context : &unused);
    if (status != NDIS_STATUS_PENDING)
        end_making(vc, status);
    return status;
}

/*
 * NdisCmMakeCallComplete - a call manager answers a call that it had pended
 *
 * @Status:              final.
 * @NdisVcHandle:        of its VC.
 * @NdisPartyHandle:     as given to ProtocolCmMakeCall.
 * @CallMgrPartyContext: what the call manager's handlers will get for that party.
 * @CallParameters:      as given to ProtocolCmMakeCall, perhaps changed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending call, or with another party, it is a bug check (rule
 *            condis-complete-pairs).
 * Source:    NF:ndis.NdisCmMakeCallComplete
 */
VOID
NdisCmMakeCallComplete(NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle,
    NDIS_HANDLE CallMgrPartyContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);
    struct co_party *party = vc->first_party;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (NdisPartyHandle != party)
        gate_bug_check("condis-complete-pairs",
            "%s completed a call with another party than it got", vc->manager->driver->name);
    co_get(vc);
    if (party)
        party->manager_context = CallMgrPartyContext;
    end_making(vc, Status);
    call_cl_make_call_complete(
        vc, Status, Status == NDIS_STATUS_SUCCESS ? party : NULL, CallParameters);
    co_put(vc);
}

/*
 * NdisClModifyCallQoS - a client asks for other call parameters
 *
 * @NdisVcHandle:   with a call.
 * @CallParameters: stay the client's, and as they are until this is answered.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED, or the call manager's answer; after NDIS_STATUS_PENDING
 *            ProtocolClModifyCallQoSComplete has it. Another one under way is a bug check (rule
 *            condis-complete-pairs).
 * Source:    NF:ndis.NdisClModifyCallQoS
 */
NDIS_STATUS
NdisClModifyCallQoS(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = client_vc(NdisVcHandle, __func__);
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!vc->manager_to->six.CmModifyCallQoSHandler ||
        !vc->client_to->six.ClModifyCallQoSCompleteHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    co_must(&vc->change, &changing);
    status = call_cm_modify_call(vc, CallParameters);
    if (status != NDIS_STATUS_PENDING)
        co_must(&vc->change, &changed);
    return status;
}

/*
 * NdisCmModifyCallQoSComplete - a call manager answers a change that it had pended
 *
 * @Status:         final.
 * @NdisVcHandle:   of its VC.
 * @CallParameters: what holds now.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending change it is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmModifyCallQoSComplete
 */
VOID
NdisCmModifyCallQoSComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    co_must(&vc->change, &changed);
    call_cl_modify_call_complete(vc, Status, CallParameters);
    co_put(vc);
}

/* What the client called the party that goes with the call. */
static NDIS_HANDLE
end_closing(struct co_vc *vc, NDIS_STATUS status)
{
    struct co_party *party = vc->last_party;
    NDIS_HANDLE context = party ? party->client_context : NULL;

    vc->last_party = NULL;
    co_must(&vc->object.state, status == NDIS_STATUS_SUCCESS ? &closed : &not_closed);
    if (party)
        party_dropped(party, status);
    return context;
}

/*
 * NdisClCloseCall - a client ends a call
 *
 * @NdisVcHandle:    with a call; everything that the client sent on it is back.
 * @NdisPartyHandle: the last party of a call with several; NULL: with one.
 * @Buffer, @Size:   what the call manager is to tell the far end; the client's until the answer.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with success the party's handle is dead.
 * Errors:    the call manager's answer; after NDIS_STATUS_PENDING ProtocolClCloseCallComplete has
 *            it. No call, or sends that are not back, is a bug check (rule condis-teardown-order).
 * Source:    NF:ndis.NdisClCloseCall
 */
NDIS_STATUS
NdisClCloseCall(NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle, PVOID Buffer, UINT Size)
{
    struct co_vc *vc = client_vc(NdisVcHandle, __func__);
    struct co_party *party = NdisPartyHandle ? co_party_of(NdisPartyHandle, __func__) : NULL;
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (party && party->vc != vc)
        gate_bug_check("condis-handle-kind", "%s called %s with a party of another VC",
            vc->client->driver->name, __func__);
    if (co_vc_out(vc))
        co_out_of_order(__func__, "sends on the VC are not back");
    co_must(&vc->object.state, &closing);
    if (party)
        party_drop(party);
    vc->last_party = party;
    status = call_cm_close_call(vc, party ? party->manager_context : NULL, Buffer, Size);
    if (status != NDIS_STATUS_PENDING)
        end_closing(vc, status);
    return status;
}

/*
 * NdisCmCloseCallComplete - a call manager answers the end of a call that it had pended
 *
 * @Status:          final; the call goes on unless it is NDIS_STATUS_SUCCESS.
 * @NdisVcHandle:    of its VC.
 * @NdisPartyHandle: of the party that went with it, or NULL.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with success the party's handle is dead.
 * Errors:    none; without a pending close, or with another party, it is a bug check (rule
 *            condis-complete-pairs).
 * Source:    NF:ndis.NdisCmCloseCallComplete
 */
VOID
NdisCmCloseCallComplete(NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, NDIS_HANDLE NdisPartyHandle)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);
    NDIS_HANDLE context;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (NdisPartyHandle && NdisPartyHandle != vc->last_party)
        gate_bug_check("condis-complete-pairs", "%s closed a call with another party than it got",
            vc->manager->driver->name);
    co_get(vc);
    context = end_closing(vc, Status);
    call_cl_close_call_complete(vc, Status, context);
    co_put(vc);
}
