/* SPDX-License-Identifier: MIT */
/* Service access points: a client says where it wants to be called.
 *
 *     NdisClRegisterSap    ->  ProtocolCmRegisterSap    ->  ProtocolClRegisterSapComplete
 *     NdisClDeregisterSap  ->  ProtocolCmDeregisterSap  ->  ProtocolClDeregisterSapComplete
 *
 * Calls may come in while the registration is pending.
 */
#include "ndis/connection/call.h"

static const struct co_move registered = {
    "NdisCmRegisterSapComplete", SAP_REGISTERING, SAP_REGISTERED, "condis-complete-pairs"};
static const struct co_move not_registered = {
    "NdisCmRegisterSapComplete", SAP_REGISTERING, SAP_GONE, "condis-complete-pairs"};
static const struct co_move deregistering = {
    "NdisClDeregisterSap", SAP_REGISTERED, SAP_DEREGISTERING, "condis-teardown-order"};
static const struct co_move deregistered = {
    "NdisCmDeregisterSapComplete", SAP_DEREGISTERING, SAP_GONE, "condis-complete-pairs"};
static const struct co_move not_deregistered = {
    "NdisCmDeregisterSapComplete", SAP_DEREGISTERING, SAP_REGISTERED, "condis-complete-pairs"};

static void
end_sap(struct co_sap *sap)
{
    struct co_family *family = sap->family;

    __atomic_sub_fetch(&family->saps, 1, __ATOMIC_RELEASE);
    co_put(sap);
    co_put(family);
}

/*
 * NdisClRegisterSap - a client wants to hear of calls to a service access point
 *
 * @NdisAfHandle:       of an open address family.
 * @ProtocolSapContext: what ProtocolClIncomingCall will get.
 * @Sap:                stays the client's and stays as it is until the registration is answered.
 * @NdisSapHandle:      gets the handle.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: registered until NdisClDeregisterSap has completed.
 * Errors:    NDIS_STATUS_CLOSING when the family is not open, NDIS_STATUS_NOT_SUPPORTED when the
 *            call manager takes no SAPs or the client no calls, NDIS_STATUS_RESOURCES, or the call
 *            manager's answer; after NDIS_STATUS_PENDING ProtocolClRegisterSapComplete has it.
 * Source:    NF:ndis.NdisClRegisterSap
 */
NDIS_STATUS
NdisClRegisterSap(NDIS_HANDLE NdisAfHandle, NDIS_HANDLE ProtocolSapContext, PCO_SAP Sap,
    PNDIS_HANDLE NdisSapHandle)
{
    struct co_family *family = co_family_of(NdisAfHandle, __func__);
    struct co_sap *sap;
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (__atomic_load_n(&family->object.state, __ATOMIC_ACQUIRE) != FAMILY_OPEN)
        return NDIS_STATUS_CLOSING;
    if (!family->manager_to->six.CmRegisterSapHandler ||
        !family->manager_to->six.CmDeregisterSapHandler ||
        !family->client_to->six.ClIncomingCallHandler ||
        !family->client_to->six.ClRegisterSapCompleteHandler ||
        !family->client_to->six.ClDeregisterSapCompleteHandler)
        return NDIS_STATUS_NOT_SUPPORTED;
    sap = co_create(family->client->machine, OBJECT_SAP, sizeof(*sap), SAP_REGISTERING);
    if (!sap)
        return NDIS_STATUS_RESOURCES;
    co_get(family);
    __atomic_add_fetch(&family->saps, 1, __ATOMIC_RELAXED);
    sap->family = family;
    sap->sap = Sap;
    sap->client_context = ProtocolSapContext;
    *NdisSapHandle = sap;
    status = call_cm_register_sap(sap);
    if (status == NDIS_STATUS_PENDING)
        return status;
    co_must(&sap->object.state, status == NDIS_STATUS_SUCCESS ? &registered : &not_registered);
    if (status != NDIS_STATUS_SUCCESS)
        end_sap(sap);
    return status;
}

/*
 * NdisCmRegisterSapComplete - a call manager answers a registration that it had pended
 *
 * @Status:            final.
 * @NdisSapHandle:     as given to ProtocolCmRegisterSap.
 * @CallMgrSapContext: what ProtocolCmDeregisterSap will get.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: without success the handle is dead afterwards.
 * Errors:    none; what is not being registered is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmRegisterSapComplete
 */
VOID
NdisCmRegisterSapComplete(
    NDIS_STATUS Status, NDIS_HANDLE NdisSapHandle, NDIS_HANDLE CallMgrSapContext)
{
    struct co_sap *sap = co_sap_of(NdisSapHandle, __func__);
    struct co_family *family = sap->family;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(family);
    co_get(sap);
    sap->manager_context = CallMgrSapContext;
    co_must(&sap->object.state, Status == NDIS_STATUS_SUCCESS ? &registered : &not_registered);
    /* Before the client hears of it: it may close the family at once. */
    if (Status != NDIS_STATUS_SUCCESS)
        end_sap(sap);
    call_cl_register_sap_complete(sap, Status);
    co_put(sap);
    co_put(family);
}

/*
 * NdisClDeregisterSap - a client wants no more calls to a service access point
 *
 * @NdisSapHandle: of a registered one. Calls that have come in on it go on.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the handle is dead when this has succeeded.
 * Errors:    the call manager's answer; after NDIS_STATUS_PENDING ProtocolClDeregisterSapComplete
 *            has it.
 * Source:    NF:ndis.NdisClDeregisterSap
 */
NDIS_STATUS
NdisClDeregisterSap(NDIS_HANDLE NdisSapHandle)
{
    struct co_sap *sap = co_sap_of(NdisSapHandle, __func__);
    NDIS_STATUS status;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_must(&sap->object.state, &deregistering);
    status = call_cm_deregister_sap(sap);
    if (status == NDIS_STATUS_PENDING)
        return status;
    co_must(&sap->object.state, status == NDIS_STATUS_SUCCESS ? &deregistered : &not_deregistered);
    if (status == NDIS_STATUS_SUCCESS)
        end_sap(sap);
    return status;
}

/*
 * NdisCmDeregisterSapComplete - a call manager answers a deregistration that it had pended
 *
 * @Status:        final.
 * @NdisSapHandle: as given to ProtocolCmRegisterSap.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: with NDIS_STATUS_SUCCESS the handle is dead afterwards.
 * Errors:    none; what is not being deregistered is a bug check (rule condis-complete-pairs).
 * Source:    NF:ndis.NdisCmDeregisterSapComplete
 */
VOID
NdisCmDeregisterSapComplete(NDIS_STATUS Status, NDIS_HANDLE NdisSapHandle)
{
    struct co_sap *sap = co_sap_of(NdisSapHandle, __func__);
    struct co_family *family = sap->family;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    co_get(family);
    co_get(sap);
    co_must(&sap->object.state, Status == NDIS_STATUS_SUCCESS ? &deregistered : &not_deregistered);
    if (Status == NDIS_STATUS_SUCCESS)
        end_sap(sap);
    call_cl_deregister_sap_complete(sap, Status);
    co_put(sap);
    co_put(family);
}
