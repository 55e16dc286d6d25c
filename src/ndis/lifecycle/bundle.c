/* SPDX-License-Identifier: MIT */
/* Bundles: adapters of one miniport driver that share the load and stand in for each other.
 *
 *     protocols
 *        |
 *     primary      secondary     secondary   <- NdisMSetMiniportSecondary: nobody is bound to it
 *        |             |             |
 *     goes away    NdisMPromoteMiniport: the protocols that its stack names are bound to it
 *
 * Who belongs to which bundle, and what a secondary miniport carries, is the driver's own affair:
 * NDIS keeps the protocols away from it.
 */
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"

bool
adapter_bindable(struct adapter *adapter)
{
    return !adapter->secondary && ports_open(adapter);
}

/* It has been initialized, is not being halted, and has protocols of its own. */
static bool
is_primary(const struct module *miniport)
{
    return miniport->state > MODULE_ATTACHING && miniport->state < MODULE_DETACHING &&
           !miniport->adapter->secondary;
}

/*
 * NdisMSetMiniportSecondary - a miniport driver puts one adapter behind another of its own
 *
 * @MiniportAdapterHandle:        of the one, as given to MiniportInitialize.
 * @PrimaryMiniportAdapterHandle: of the other, which has been initialized.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: protocols are bound to the one no more; those that are, are unbound, on another thread.
 * Errors:    NDIS_STATUS_FAILURE: they belong to different drivers, or are the same; the other has
 *            not been initialized or is itself a secondary one; or memory is short.
 * Source:    ddk3790:NdisXMd_Mz_af2c0061-5724-4089-ac95-647db257cffe.xml.htm
 */
NDIS_STATUS
NdisMSetMiniportSecondary(
    NDIS_HANDLE MiniportAdapterHandle, NDIS_HANDLE PrimaryMiniportAdapterHandle)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);
    const struct module *primary =
        path_module(PrimaryMiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (miniport == primary || miniport->registration != primary->registration ||
        !is_primary(primary))
        return NDIS_STATUS_FAILURE;
    if (miniport->adapter->secondary)
        return NDIS_STATUS_SUCCESS; /* of another bundle until now */
    miniport->adapter->secondary = true;
    if (miniport->state == MODULE_ATTACHING && IsListEmpty(&miniport->adapter->bindings))
        return NDIS_STATUS_SUCCESS; /* as usual: in its MiniportInitialize */
    if (adapter_unbind_later(miniport) == NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_SUCCESS;
    miniport->adapter->secondary = false;
    return NDIS_STATUS_FAILURE;
}

/*
 * NdisMPromoteMiniport - a miniport driver puts a secondary adapter in the place of the primary one
 *
 * @MiniportAdapterHandle: of the adapter.
 *
 * IRQL:      PASSIVE_LEVEL
 * Ownership: nothing moves; the protocols that its stack names are bound to it, on another thread.
 * Errors:    NDIS_STATUS_FAILURE: it is no secondary one, or memory is short.
 * Source:    ddk3790:NdisXMd_Mz_91a1ba21-4f76-47e4-bb71-d7f71fa861de.xml.htm
 */
NDIS_STATUS
NdisMPromoteMiniport(NDIS_HANDLE MiniportAdapterHandle)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(PASSIVE_LEVEL, __func__);
    if (!miniport->adapter->secondary)
        return NDIS_STATUS_FAILURE;
    miniport->adapter->secondary = false;
    if (adapter_bind_later(miniport) == NDIS_STATUS_SUCCESS)
        return NDIS_STATUS_SUCCESS;
    miniport->adapter->secondary = true;
    return NDIS_STATUS_FAILURE;
}
