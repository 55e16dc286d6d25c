/* SPDX-License-Identifier: MIT */
/* Address families as NDIS 5 has them: clients and call managers bring their handlers with each
 * family instead of registering them once. Everything else is family.c.
 */
#include "ndis/connection/call.h"
#include "ndis/path/protocol5.h"

/* false: something is missing that every one needs. */
static bool
read_client(struct co_client *own, const NDIS_CLIENT_CHARACTERISTICS *c, UINT size)
{
    if (size < sizeof(*c) || c->MajorVersion != 5 || !c->ClCreateVcHandler ||
        !c->ClDeleteVcHandler || !c->ClRequestHandler || !c->ClRequestCompleteHandler ||
        !c->ClOpenAfCompleteHandler || !c->ClCloseAfCompleteHandler ||
        !c->ClMakeCallCompleteHandler || !c->ClCloseCallCompleteHandler ||
        !c->ClIncomingCloseCallHandler)
        return false;
    *own =
        (struct co_client){.six = {.ClCreateVcHandler = c->ClCreateVcHandler,
                               .ClDeleteVcHandler = c->ClDeleteVcHandler,
                               .ClCloseAfCompleteHandler = c->ClCloseAfCompleteHandler,
                               .ClRegisterSapCompleteHandler = c->ClRegisterSapCompleteHandler,
                               .ClDeregisterSapCompleteHandler = c->ClDeregisterSapCompleteHandler,
                               .ClMakeCallCompleteHandler = c->ClMakeCallCompleteHandler,
                               .ClModifyCallQoSCompleteHandler = c->ClModifyCallQoSCompleteHandler,
                               .ClCloseCallCompleteHandler = c->ClCloseCallCompleteHandler,
                               .ClAddPartyCompleteHandler = c->ClAddPartyCompleteHandler,
                               .ClDropPartyCompleteHandler = c->ClDropPartyCompleteHandler,
                               .ClIncomingCallHandler = c->ClIncomingCallHandler,
                               .ClIncomingCallQoSChangeHandler = c->ClIncomingCallQoSChangeHandler,
                               .ClIncomingCloseCallHandler = c->ClIncomingCloseCallHandler,
                               .ClIncomingDropPartyHandler = c->ClIncomingDropPartyHandler,
                               .ClCallConnectedHandler = c->ClCallConnectedHandler},
            .request5 = c->ClRequestHandler,
            .request_complete5 = c->ClRequestCompleteHandler,
            .open_complete5 = c->ClOpenAfCompleteHandler};
    return true;
}

static bool
read_manager(
    struct co_manager *own, const NDIS_CALL_MANAGER_CHARACTERISTICS *c, UINT size, bool integrated)
{
    if (size < sizeof(*c) || c->MajorVersion != 5 || !c->CmCreateVcHandler ||
        !c->CmDeleteVcHandler || !c->CmOpenAfHandler || !c->CmCloseAfHandler ||
        !c->CmMakeCallHandler || !c->CmCloseCallHandler || !c->CmIncomingCallCompleteHandler ||
        !c->CmRequestHandler || !c->CmRequestCompleteHandler)
        return false;
    /* A miniport raises and lowers its VCs at once. */
    if (!integrated && (!c->CmActivateVcCompleteHandler || !c->CmDeactivateVcCompleteHandler))
        return false;
    *own =
        (struct co_manager){.six = {.CmCreateVcHandler = c->CmCreateVcHandler,
                                .CmDeleteVcHandler = c->CmDeleteVcHandler,
                                .CmOpenAfHandler = c->CmOpenAfHandler,
                                .CmCloseAfHandler = c->CmCloseAfHandler,
                                .CmRegisterSapHandler = c->CmRegisterSapHandler,
                                .CmDeregisterSapHandler = c->CmDeregisterSapHandler,
                                .CmMakeCallHandler = c->CmMakeCallHandler,
                                .CmCloseCallHandler = c->CmCloseCallHandler,
                                .CmIncomingCallCompleteHandler = c->CmIncomingCallCompleteHandler,
                                .CmAddPartyHandler = c->CmAddPartyHandler,
                                .CmDropPartyHandler = c->CmDropPartyHandler,
                                .CmActivateVcCompleteHandler = c->CmActivateVcCompleteHandler,
                                .CmDeactivateVcCompleteHandler = c->CmDeactivateVcCompleteHandler,
                                .CmModifyCallQoSHandler = c->CmModifyCallQoSHandler},
            .request5 = c->CmRequestHandler,
            .request_complete5 = c->CmRequestCompleteHandler};
    return true;
}

/*
 * NdisClOpenAddressFamily - a client of NDIS 5 opens a call manager's offer
 *
 * @NdisBindingHandle:       from NdisOpenAdapter.
 * @AddressFamily:           as given to ProtocolCoAfRegisterNotify.
 * @ProtocolAfContext:       what the client's handlers will get.
 * @ClCharacteristics:       those handlers; copied.
 * @SizeOfClCharacteristics: bytes of them.
 * @NdisAfHandle:            gets the handle.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: open until NdisClCloseAddressFamily has completed.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS (version, size, missing handlers),
 *            NDIS_STATUS_FAILURE (nobody offers it, or the caller registered no handlers for
 *            VCs), NDIS_STATUS_RESOURCES, or the call manager's answer; after
 *            NDIS_STATUS_PENDING ProtocolClOpenAfComplete has it.
 * Source:    ddk3790:NdisXC_32ae0fa6-d488-42b9-8aff-28292a92b289.xml.htm
 */
NDIS_STATUS
NdisClOpenAddressFamily(NDIS_HANDLE NdisBindingHandle, PCO_ADDRESS_FAMILY AddressFamily,
    NDIS_HANDLE ProtocolAfContext, PNDIS_CLIENT_CHARACTERISTICS ClCharacteristics,
    UINT SizeOfClCharacteristics, PNDIS_HANDLE NdisAfHandle)
{
    struct module *client = protocol5_of(NdisBindingHandle, __func__);
    struct co_handlers *co = client->registration->co;
    struct co_client own;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!co)
        return NDIS_STATUS_FAILURE;
    if (!read_client(&own, ClCharacteristics, SizeOfClCharacteristics))
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    /* For requests to the miniport, which are made without a family. */
    co->client = own;
    co->has_client = true;
    return co_open(client, AddressFamily, ProtocolAfContext, &own, NdisAfHandle);
}

/*
 * NdisCmRegisterAddressFamily - a call manager of NDIS 5 offers its services on a binding
 *
 * @NdisBindingHandle:       from NdisOpenAdapter, of a connection-oriented miniport.
 * @AddressFamily:           what is offered; copied.
 * @CmCharacteristics:       the call manager's handlers; copied.
 * @SizeOfCmCharacteristics: bytes of them.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the offer lasts until the binding is closed. Clients hear of it when the bind that
 *            this is called in has succeeded; outside of one, before this returns.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS (version, size, missing handlers),
 *            NDIS_STATUS_FAILURE (the caller registered no handlers for VCs, no
 *            connection-oriented miniport, offered by another already), NDIS_STATUS_RESOURCES.
 * Source:    ddk3790:NdisXC_3c03ff9e-f788-4a95-a17d-218fdc1a4555.xml.htm
 */
NDIS_STATUS
NdisCmRegisterAddressFamily(NDIS_HANDLE NdisBindingHandle, PCO_ADDRESS_FAMILY AddressFamily,
    PNDIS_CALL_MANAGER_CHARACTERISTICS CmCharacteristics, UINT SizeOfCmCharacteristics)
{
    struct module *manager = protocol5_of(NdisBindingHandle, __func__);
    struct co_handlers *co = manager->registration->co;
    struct co_manager own;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!co)
        return NDIS_STATUS_FAILURE;
    if (!read_manager(&own, CmCharacteristics, SizeOfCmCharacteristics, false))
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    /* For VCs of its own, which are made without a family. */
    co->manager = own;
    co->has_manager = true;
    return co_offer(manager, AddressFamily, &own);
}

/*
 * NdisMCmRegisterAddressFamily - a miniport of NDIS 5 that is its own call manager offers its
 * services
 *
 * @MiniportAdapterHandle:   as given to MiniportInitialize.
 * @AddressFamily:           what is offered; copied.
 * @CmCharacteristics:       the call manager's handlers; copied.
 * @SizeOfCmCharacteristics: bytes of them.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: the offer lasts until the miniport is halted. Clients hear of it when they bind.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS (version, size, missing handlers),
 *            NDIS_STATUS_FAILURE (not connection-oriented, offered already),
 *            NDIS_STATUS_RESOURCES. A miniport of NDIS 6 is a bug check (rule
 *            rg-ndis5-forbidden-calls).
 * Source:    ddk3790:NdisXM_MC_0e0773ba-f142-4491-af79-aa003a1f8d86.xml.htm
 */
NDIS_STATUS
NdisMCmRegisterAddressFamily(NDIS_HANDLE MiniportAdapterHandle, PCO_ADDRESS_FAMILY AddressFamily,
    PNDIS_CALL_MANAGER_CHARACTERISTICS CmCharacteristics, UINT SizeOfCmCharacteristics)
{
    struct module *miniport = module_from_handle(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    struct co_handlers *co = miniport->registration->co;
    struct co_manager own;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, __func__);
    if (!co)
        return NDIS_STATUS_FAILURE;
    if (!read_manager(&own, CmCharacteristics, SizeOfCmCharacteristics, true))
        return NDIS_STATUS_BAD_CHARACTERISTICS;
    co->has_manager = true;
    return co_offer(miniport, AddressFamily, &own);
}
