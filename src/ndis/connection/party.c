/* SPDX-License-Identifier: MIT */
/* Parties: the far ends of a call with several.
 *
 *     NdisClAddParty   ->  ProtocolCmAddParty   ->  ProtocolClAddPartyComplete
 *     NdisClDropParty  ->  ProtocolCmDropParty  ->  ProtocolClDropPartyComplete
 *     NdisCmDispatchIncomingDropParty           ->  ProtocolClIncomingDropParty
 */
#include "ndis/connection/party.h"

static const struct co_move added = {
    "NdisCmAddPartyComplete", PARTY_ADDING, PARTY_ACTIVE, "condis-complete-pairs"};
static const struct co_move not_added = {
    "NdisCmAddPartyComplete", PARTY_ADDING, PARTY_GONE, "condis-complete-pairs"};
static const struct co_move dropping = {
    "NdisClDropParty", PARTY_ACTIVE, PARTY_DROPPING, "condis-teardown-order"};
static const struct co_move dropped = {
    "NdisCmDropPartyComplete", PARTY_DROPPING, PARTY_GONE, "condis-complete-pairs"};
static const struct co_move not_dropped = {
    "NdisCmDropPartyComplete", PARTY_DROPPING, PARTY_ACTIVE, "condis-complete-pairs"};

struct co_party *
party_create(struct co_vc *vc, NDIS_HANDLE context)
{
    struct co_party *party =
        co_create(vc->miniport->machine, OBJECT_PARTY, sizeof(*party), PARTY_ADDING);

    if (!party)
        return NULL;
    co_get(vc);
    party->vc = vc;
    party->client_context = context;
    __atomic_add_fetch(&vc->parties, 1, __ATOMIC_RELAXED);
    return party;
}

static void
end_party(struct co_party *party)
{
    struct co_vc *vc = party->vc;

    __atomic_sub_fetch(&vc->parties, 1, __ATOMIC_RELEASE);
    co_put(party);
    co_put(vc);
}

void
party_added(struct co_party *party, NDIS_STATUS status)
{
    co_must(&party->object.state, status == NDIS_STATUS_SUCCESS ? &added : &not_added);
    if (status != NDIS_STATUS_SUCCESS)
        end_party(party);
}

void
party_drop(struct co_party *party)
{
    co_must(&party->object.state, &dropping);
}

void
party_dropped(struct co_party *party, NDIS_STATUS status)
{
    co_must(&party->object.state, status == NDIS_STATUS_SUCCESS ? &dropped : &not_dropped);
    if (status == NDIS_STATUS_SUCCESS)
        end_party(party);
}

/*
 * NdisClAddParty - a client adds a far end to a call with several
 *
 * @NdisVcHandle:         with a connected call.
 * @ProtocolPartyContext: what the client's handlers will get.
 * @CallParameters:       stay the client's, and as they are until this is answered.
 * @NdisPartyHandle:      gets the handle.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the party lasts until it is dropped, or the call is closed with it.
 * Errors:    NDIS_STATUS_NOT_SUPPORTED (a side without handlers for parties), NDIS_STATUS_FAILURE
 *            (no connected call of the client's own), NDIS_STATUS_RESOURCES, or the call manager's
 *            answer; after NDIS_STATUS_PENDING ProtocolClAddPartyComplete has it.
 * Source:    NF:ndis.NdisClAddParty
 */
NDIS_STATUS
NdisClAddParty(NDIS_HANDLE NdisVcHandle, NDIS_HANDLE ProtocolPartyContext,
    PCO_CALL_PARAMETERS CallParameters, PNDIS_HANDLE NdisPartyHandle)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);
    struct co_party *party;
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!vc->client || !vc->manager_to->six.CmAddPartyHandler ||
        !vc->manager_to->six.CmDropPartyHandler || !vc->client_to->six.ClAddPartyCompleteHandler ||
        !vc->client_to->six.ClDropPartyCompleteHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    if (vc->creator != vc->client ||
        __atomic_load_n(&vc->object.state, __ATOMIC_ACQUIRE) != CALL_CONNECTED)
        return NDIS_STATUS_FAILURE;
    party = party_create(vc, ProtocolPartyContext);
    if (!party)
        return NDIS_STATUS_RESOURCES;
    *NdisPartyHandle = party;
    status = call_cm_add_party(party, CallParameters);
    if (status != NDIS_STATUS_PENDING)
        party_added(party, status);
    return status;
}

/*
 * NdisCmAddPartyComplete - a call manager answers a party that it had pended
 *
 * @Status:              final.
 * @NdisPartyHandle:     as given to ProtocolCmAddParty.
 * @CallMgrPartyContext: what the call manager's handlers will get.
 * @CallParameters:      as given to ProtocolCmAddParty, perhaps changed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: without success the handle is dead afterwards.
 * Errors:    none; what is not being added is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmAddPartyComplete
 */
VOID
NdisCmAddPartyComplete(NDIS_STATUS Status, NDIS_HANDLE NdisPartyHandle,
    NDIS_HANDLE CallMgrPartyContext, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_party *party = co_party_of(NdisPartyHandle, __func__);
    struct co_vc *vc = party->vc;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    co_get(party);
    party->manager_context = CallMgrPartyContext;
    party_added(party, Status);
    call_cl_add_party_complete(party, Status, CallParameters);
    co_put(party);
    co_put(vc);
}

/*
 * NdisClDropParty - a client drops a far end; the last one goes with the call instead
 *
 * @NdisPartyHandle: of an active party.
 * @Buffer, @Size:   what the call manager is to tell it; the client's until the answer.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with success the handle is dead.
 * Errors:    the call manager's answer; after NDIS_STATUS_PENDING ProtocolClDropPartyComplete has
 *            it. One that is being dropped already is a bug check (rule condis-teardown-order).
 * Source:    NF:ndis.NdisClDropParty
 */
NDIS_STATUS
NdisClDropParty(NDIS_HANDLE NdisPartyHandle, PVOID Buffer, UINT Size)
{
    struct co_party *party = co_party_of(NdisPartyHandle, __func__);
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (!party->vc->manager_to->six.CmDropPartyHandler ||
        !party->vc->client_to->six.ClDropPartyCompleteHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    party_drop(party);
    status = call_cm_drop_party(party, Buffer, Size);
    if (status != NDIS_STATUS_PENDING)
        party_dropped(party, status);
    return status;
}

/*
 * NdisCmDropPartyComplete - a call manager answers a drop that it had pended
 *
 * @Status:          final; the party stays unless it is NDIS_STATUS_SUCCESS.
 * @NdisPartyHandle: as given to ProtocolCmAddParty or ProtocolCmMakeCall.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with success the handle is dead afterwards.
 * Errors:    none; what is not being dropped is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmDropPartyComplete
 */
VOID
NdisCmDropPartyComplete(NDIS_STATUS Status, NDIS_HANDLE NdisPartyHandle)
{
    struct co_party *party = co_party_of(NdisPartyHandle, __func__);
    struct co_vc *vc = party->vc;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    co_get(party);
    party_dropped(party, Status);
    call_cl_drop_party_complete(party, Status);
    co_put(party);
    co_put(vc);
}

/*
 * NdisCmDispatchIncomingDropParty - a far end wants to be dropped from a call with several
 *
 * @DropStatus:      why.
 * @NdisPartyHandle: of the party; not the last one of the call.
 * @Buffer, @Size:   what it said; the call manager's after the return.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; the client drops it by NdisClDropParty.
 * Errors:    none; a handle of another kind is a bug check (rule condis-handle-kind).
 * Source:    NF:ndis.NdisCmDispatchIncomingDropParty
 */
VOID
NdisCmDispatchIncomingDropParty(
    NDIS_STATUS DropStatus, NDIS_HANDLE NdisPartyHandle, PVOID Buffer, UINT Size)
{
    struct co_party *party = co_party_of(NdisPartyHandle, __func__);
    struct co_vc *vc = party->vc;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    /* One that the client is dropping itself needs no word. */
    if (__atomic_load_n(&party->object.state, __ATOMIC_ACQUIRE) != PARTY_ACTIVE ||
        !vc->client_to->six.ClIncomingDropPartyHandler)
        return;
    co_get(vc);
    co_get(party);
    call_cl_incoming_drop_party(party, DropStatus, Buffer, Size);
    co_put(party);
    co_put(vc);
}
