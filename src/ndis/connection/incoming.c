/* SPDX-License-Identifier: MIT */
/* What a call manager tells a client of a call: it comes in, is connected, changes, ends.
 *
 *     NdisCmDispatchIncomingCall    IDLE -> OFFERED        ProtocolClIncomingCall
 *     NdisClIncomingCallComplete    OFFERED -> ACCEPTED    ProtocolCmIncomingCallComplete
 *                                   OFFERED -> IDLE        (the client does not want it)
 *     NdisCmDispatchCallConnected   ACCEPTED -> CONNECTED  ProtocolClCallConnected
 *     NdisCmDispatchIncomingCloseCall                      ProtocolClIncomingCloseCall, which
 *                                                          closes by NdisClCloseCall
 */
#include "ndis/connection/call.h"

static const struct co_move offered = {
    "NdisCmDispatchIncomingCall", CALL_IDLE, CALL_OFFERED, "condis-complete-pairs"};
static const struct co_move accepted = {
    "NdisClIncomingCallComplete", CALL_OFFERED, CALL_ACCEPTED, "condis-complete-pairs"};
static const struct co_move rejected = {
    "NdisClIncomingCallComplete", CALL_OFFERED, CALL_IDLE, "condis-complete-pairs"};
static const struct co_move connected = {
    "NdisCmDispatchCallConnected", CALL_ACCEPTED, CALL_CONNECTED, "condis-complete-pairs"};

/*
 * NdisCmDispatchIncomingCall - a call manager offers a call to the client of a SAP
 *
 * @NdisSapHandle:  as given to ProtocolCmRegisterSap.
 * @NdisVcHandle:   that the call manager made for this client, without a call.
 * @CallParameters: stay the call manager's, and as they are until this is answered.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    NDIS_STATUS_INVALID_SAP (it is being deregistered), or the client's answer; after
 *            NDIS_STATUS_PENDING ProtocolCmIncomingCallComplete has it. A VC of another client is
 *            a bug check (rule condis-handle-kind).
 * Source:    NF:ndis.NdisCmDispatchIncomingCall
 */
NDIS_STATUS
NdisCmDispatchIncomingCall(
    NDIS_HANDLE NdisSapHandle, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_sap *sap = co_sap_of(NdisSapHandle, __func__);
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (vc->family != sap->family || vc->creator != vc->manager)
        gate_bug_check("condis-handle-kind",
            "%s offered a call on a VC that it did not make for the client of the SAP",
            vc->manager->driver->name);
    if (__atomic_load_n(&sap->object.state, __ATOMIC_ACQUIRE) & (SAP_DEREGISTERING | SAP_GONE))
        return NDIS_STATUS_INVALID_SAP;
    co_must(&vc->object.state, &offered);
    status = call_cl_incoming_call(vc, sap, CallParameters);
    if (status != NDIS_STATUS_PENDING)
        co_must(&vc->object.state, status == NDIS_STATUS_SUCCESS ? &accepted : &rejected);
    return status;
}

/*
 * NdisClIncomingCallComplete - a client answers a call that it had pended
 *
 * @Status:         NDIS_STATUS_SUCCESS takes it, anything else does not.
 * @NdisVcHandle:   as given to ProtocolCoCreateVc.
 * @CallParameters: as given to ProtocolClIncomingCall, perhaps changed.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without a pending call it is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisClIncomingCallComplete
 */
VOID
NdisClIncomingCallComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    co_must(&vc->object.state, Status == NDIS_STATUS_SUCCESS ? &accepted : &rejected);
    call_cm_incoming_call_complete(vc, Status, CallParameters);
    co_put(vc);
}

/*
 * NdisCmDispatchCallConnected - a call manager tells that an accepted call may carry data
 *
 * @NdisVcHandle: with a call that the client has accepted.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none; without an accepted call it is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmDispatchCallConnected
 */
VOID
NdisCmDispatchCallConnected(NDIS_HANDLE NdisVcHandle)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    co_must(&vc->object.state, &connected);
    if (vc->client_to->six.ClCallConnectedHandler)
        call_cl_call_connected(vc);
    co_put(vc);
}

/* False: the client is closing the call itself, or has; the two may have met. */
static bool
still_there(struct co_vc *vc, const char *caller)
{
    uint32_t state = __atomic_load_n(&vc->object.state, __ATOMIC_ACQUIRE);

    if (!vc->client)
        gate_bug_check("condis-handle-kind", "%s called %s for a VC of its own",
            vc->manager->driver->name, caller);
    return (state & (CALL_OFFERED | CALL_ACCEPTED | CALL_CONNECTED)) != 0;
}

/*
 * NdisCmDispatchIncomingCallQoSChange - the far end wants other call parameters
 *
 * @NdisVcHandle:   with a call.
 * @CallParameters: what it wants; the call manager's after the return.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; a client that does not agree closes the call or asks for others.
 * Errors:    none; a client that closes the call meanwhile does not hear of it. A VC of the call
 *            manager's own is a bug check (rule condis-handle-kind).
 * Source:    NF:ndis.NdisCmDispatchIncomingCallQoSChange
 */
VOID
NdisCmDispatchIncomingCallQoSChange(NDIS_HANDLE NdisVcHandle, PCO_CALL_PARAMETERS CallParameters)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    if (still_there(vc, __func__) && vc->client_to->six.ClIncomingCallQoSChangeHandler)
        call_cl_incoming_call_change(vc, CallParameters);
    co_put(vc);
}

/*
 * NdisCmDispatchIncomingCloseCall - the far end has closed the call, or it cannot go on
 *
 * @CloseStatus:   why.
 * @NdisVcHandle:  with a call.
 * @Buffer, @Size: what the far end said; the call manager's after the return.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves; the client closes by NdisClCloseCall.
 * Errors:    none; a client that closes the call meanwhile does not hear of it. A VC of the call
 *            manager's own is a bug check (rule condis-handle-kind).
 * Source:    NF:ndis.NdisCmDispatchIncomingCloseCall
 */
VOID
NdisCmDispatchIncomingCloseCall(
    NDIS_STATUS CloseStatus, NDIS_HANDLE NdisVcHandle, PVOID Buffer, UINT Size)
{
    struct co_vc *vc = co_vc_of(NdisVcHandle, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(vc);
    if (still_there(vc, __func__))
        call_cl_incoming_close_call(vc, CloseStatus, Buffer, Size);
    co_put(vc);
}
