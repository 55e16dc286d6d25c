/* SPDX-License-Identifier: MIT */
/* What a miniport says of itself in MiniportInitializeEx: its context, its medium, what it can do.
 * Copied; pointers inside go to copies that live as long as the adapter is initialized.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/lifecycle/reset.h"
#include "ndis/path/path.h"

#include <string.h>

static NDIS_STATUS
set_registration(struct module *miniport, const void *attributes)
{
    static const struct header_size sizes[] = {
        {NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1},
        {NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_2},
    };
    const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES *from = attributes;
    struct adapter *adapter = miniport->adapter;
    NDIS_STATUS status = header_check(&from->Header,
        NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!from->MiniportAdapterContext)
        return NDIS_STATUS_INVALID_PARAMETER;
    memcpy(&adapter->registration, from,
        min((size_t)from->Header.Size, sizeof(adapter->registration)));
    miniport->context = from->MiniportAdapterContext;
    adapter->has_registration = true;
    ports_register(adapter);
    reset_watch(miniport);
    return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS
copy_oids(struct adapter *adapter, const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *from)
{
    machine_free(adapter->machine, adapter->supported_oids);
    adapter->supported_oids = NULL;
    adapter->supported_oid_count = 0;
    if (!from->SupportedOidListLength)
        return NDIS_STATUS_SUCCESS;
    adapter->supported_oids = machine_alloc(adapter->machine, from->SupportedOidListLength);
    if (!adapter->supported_oids)
        return NDIS_STATUS_RESOURCES;
    memcpy(adapter->supported_oids, from->SupportedOidList, from->SupportedOidListLength);
    adapter->supported_oid_count = from->SupportedOidListLength / sizeof(NDIS_OID);
    return NDIS_STATUS_SUCCESS;
}

/* A copy of what a member of the attributes points at, which may be gone after the call. */
static void *
keep(void *copy, size_t size, const void *from)
{
    const NDIS_OBJECT_HEADER *header = from;

    if (!from)
        return NULL;
    memset(copy, 0, size);
    return memcpy(copy, from, min((size_t)header->Size, size));
}

/* What wakes the system, in the words of NDIS 6.20 and of before: each from the other where the
 * miniport gave one, nothing where it gave none. Protocols read theirs without asking.
 */
void
keep_power(struct adapter *adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;
    NDIS_PM_WAKE_UP_CAPABILITIES *old = &adapter->pnp_capabilities.WakeUpCapabilities;
    NDIS_PM_CAPABILITIES *pm = &adapter->pm_capabilities;
    bool knows = general->PowerManagementCapabilities || general->PowerManagementCapabilitiesEx;

    adapter->knows_power = knows;
    memset(&adapter->pnp_capabilities, 0, sizeof(adapter->pnp_capabilities));
    if (general->PowerManagementCapabilities)
        adapter->pnp_capabilities = *general->PowerManagementCapabilities;
    if (!keep(pm, sizeof(*pm), general->PowerManagementCapabilitiesEx))
        *pm = (NDIS_PM_CAPABILITIES){
            .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PM_CAPABILITIES_REVISION_2,
                NDIS_SIZEOF_NDIS_PM_CAPABILITIES_REVISION_2},
            .MinMagicPacketWakeUp = old->MinMagicPacketWakeUp,
            .MinPatternWakeUp = old->MinPatternWakeUp,
            .MinLinkChangeWakeUp = old->MinLinkChangeWakeUp,
        };
    else if (!general->PowerManagementCapabilities)
        *old = (NDIS_PM_WAKE_UP_CAPABILITIES){
            pm->MinMagicPacketWakeUp, pm->MinPatternWakeUp, pm->MinLinkChangeWakeUp};
    general->PowerManagementCapabilities = &adapter->pnp_capabilities;
    general->PowerManagementCapabilitiesEx = pm;
}

static void
keep_capabilities(struct adapter *adapter)
{
    NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *general = &adapter->general;

    keep_power(adapter);
    general->RecvScaleCapabilities = keep(&adapter->receive_scale_capabilities,
        sizeof(adapter->receive_scale_capabilities), general->RecvScaleCapabilities);
}

static NDIS_STATUS
set_general(struct module *miniport, const void *attributes)
{
    static const struct header_size sizes[] = {
        {NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_1},
        {NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2,
            NDIS_SIZEOF_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES_REVISION_2},
    };
    const NDIS_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES *from = attributes;
    struct adapter *adapter = miniport->adapter;
    NDIS_LINK_STATE *link = &adapter->link_state;
    NDIS_STATUS status = header_check(&from->Header,
        NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES, sizes, RTL_NUMBER_OF(sizes));

    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (!adapter->has_registration)
        gate_bug_check("st-m-attributes-first",
            "%s set general attributes before registration attributes", miniport->driver->name);
    status = copy_oids(adapter, from);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    memset(&adapter->general, 0, sizeof(adapter->general));
    memcpy(&adapter->general, from, min((size_t)from->Header.Size, sizeof(adapter->general)));
    adapter->general.SupportedOidList = adapter->supported_oids;
    keep_capabilities(adapter);
    adapter->has_general = true;
    link->MediaConnectState = from->MediaConnectState;
    link->MediaDuplexState = from->MediaDuplexState;
    link->XmitLinkSpeed = from->XmitLinkSpeed;
    link->RcvLinkSpeed = from->RcvLinkSpeed;
    return NDIS_STATUS_SUCCESS;
}

/* MiniportAddDevice names its context. */
static NDIS_STATUS
set_add_device(struct module *miniport, const void *attributes)
{
    static const struct header_size sizes[] = {
        {NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1,
            NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1}};
    const NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES *from = attributes;
    NDIS_STATUS status = header_check(&from->Header,
        NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES, sizes, RTL_NUMBER_OF(sizes));

    if (status == NDIS_STATUS_SUCCESS)
        miniport->adapter->add_device_context = from->MiniportAddDeviceContext;
    return status;
}

/*
 * NdisMSetMiniportAttributes - a miniport names its context and describes itself
 *
 * @NdisMiniportAdapterHandle: as given to MiniportInitializeEx or MiniportAddDevice.
 * @MiniportAttributes:        registration, general, add-device, hardware assist or offload
 *                             attributes.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: copied.
 * Errors:    NDIS_STATUS_BAD_CHARACTERISTICS, NDIS_STATUS_INVALID_PARAMETER,
 *            NDIS_STATUS_RESOURCES; NDIS_STATUS_NOT_SUPPORTED for attributes undis does not use.
 * Source:    NF:ndis.NdisMSetMiniportAttributes
 * Gaps:      native 802.11 and NDK attributes are not supported, nor header-data split and GFT of
 *            hardware assist (CAVEATS.md, miniport attributes).
 */
NDIS_STATUS
NdisMSetMiniportAttributes(
    NDIS_HANDLE NdisMiniportAdapterHandle, PNDIS_MINIPORT_ADAPTER_ATTRIBUTES MiniportAttributes)
{
    struct module *miniport = path_module(NdisMiniportAdapterHandle, MODULE_MINIPORT, __func__);
    const NDIS_OBJECT_HEADER *header = (const NDIS_OBJECT_HEADER *)MiniportAttributes;

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (miniport->state != MODULE_ATTACHING)
        return NDIS_STATUS_INVALID_PARAMETER;
    switch (header->Type) {
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES:
        return set_registration(miniport, MiniportAttributes);
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES:
        return set_general(miniport, MiniportAttributes);
    case NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES:
        return set_add_device(miniport, MiniportAttributes);
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES:
        return assist_set(miniport->adapter, header);
    case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES:
        return offload_set(miniport->adapter, header);
    default: return NDIS_STATUS_NOT_SUPPORTED;
    }
}
