/* SPDX-License-Identifier: MIT */
/* Status indications: up from a miniport or filter, through the filters that have a FilterStatus
 * handler, to every protocol. They belong to the indicating driver; nobody keeps them.
 *
 *     NdisMIndicateStatusEx -> FilterStatus -> NdisFIndicateStatus -> ProtocolStatusEx
 *     status_of_ndis        ->
 */
#include "ndis/path/status.h"
#include "ndis/path/offload.h"
#include "ndis/path/operation.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"

struct module **
path_bindings(struct adapter *adapter, unsigned *count)
{
    struct receivers *receivers;
    struct module **list = NULL;
    KIRQL irql = path_enter();

    receivers = __atomic_load_n(&adapter->receivers, __ATOMIC_ACQUIRE);
    *count = receivers->open;
    if (*count)
        list = machine_alloc(adapter->machine, *count * sizeof(*list));
    for (unsigned i = 0; list && i < *count; i++) {
        list[i] = receivers->bindings[i];
        module_hold(list[i]);
    }
    path_leave(irql);
    return list;
}

void
path_note_status(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication)
{
    KIRQL irql;

    if (indication->StatusCode != NDIS_STATUS_LINK_STATE ||
        indication->StatusBufferSize < NDIS_SIZEOF_LINK_STATE_REVISION_1)
        return;
    irql = ports_enter(adapter);
    NdisMoveMemory(&adapter->link_state, indication->StatusBuffer, sizeof(NDIS_LINK_STATE));
    ports_leave(adapter, irql);
}

void
path_bindings_end(struct undis *machine, struct module **bindings, unsigned count)
{
    for (unsigned i = 0; bindings && i < count; i++)
        module_let_go(bindings[i]);
    machine_free(machine, bindings);
}

static bool
hears_status(const struct module *filter)
{
    return filter->registration->filter.StatusHandler && filter->state >= MODULE_PAUSED;
}

static void
pass_above(struct module *from, PNDIS_STATUS_INDICATION indication)
{
    struct module *filter = stack_find_above(from, hears_status), **bindings;
    unsigned count;

    if (filter) {
        call_status(filter, indication);
        module_let_go(filter);
        return;
    }
    offload_arrived(from->adapter, indication);
    bindings = path_bindings(from->adapter, &count);
    for (unsigned i = 0; bindings && i < count; i++)
        call_status(bindings[i], indication);
    path_bindings_end(from->machine, bindings, count);
}

static void
status_above(struct module *from, PNDIS_STATUS_INDICATION indication)
{
    from->statuses++;
    pass_above(from, indication);
}

static bool
is_miniport(const struct module *module)
{
    return module->kind == MODULE_MINIPORT;
}

void
status_of_ndis(struct adapter *adapter, NDIS_STATUS code, void *buffer, ULONG size)
{
    struct module *miniport = stack_find(adapter, is_miniport);
    NDIS_STATUS_INDICATION indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = miniport,
        .StatusCode = code,
        .StatusBuffer = buffer,
        .StatusBufferSize = size,
    };

    if (!miniport)
        return;
    pass_above(miniport, &indication);
    module_let_go(miniport);
}

/*
 * NdisMIndicateStatusEx - a miniport reports a change of its status
 *
 * @MiniportAdapterHandle: as given to MiniportInitializeEx.
 * @StatusIndication:      revision 1 header; StatusBuffer of StatusBufferSize bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: stays with the miniport; nobody keeps it after the return.
 * Errors:    none.
 * Source:    NF:ndis.NdisMIndicateStatusEx
 */
VOID
NdisMIndicateStatusEx(NDIS_HANDLE MiniportAdapterHandle, PNDIS_STATUS_INDICATION StatusIndication)
{
    struct module *miniport = path_module(MiniportAdapterHandle, MODULE_MINIPORT, __func__);

    gate_require_irql(DISPATCH_LEVEL, __func__);
    path_note_status(miniport->adapter, StatusIndication);
    port_indicated(miniport->adapter, StatusIndication);
    offload_indicated(miniport->adapter, StatusIndication);
    StatusIndication->SourceHandle = MiniportAdapterHandle;
    status_above(miniport, StatusIndication);
    operation_changed(miniport->adapter);
}

/*
 * NdisFIndicateStatus - a filter passes a status indication on, or makes its own
 *
 * @NdisFilterHandle: as given to FilterAttach.
 * @StatusIndication: as above; SourceHandle set by the filter when it is its own.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: stays with its maker.
 * Errors:    none.
 * Source:    NF:ndis.NdisFIndicateStatus
 */
VOID
NdisFIndicateStatus(NDIS_HANDLE NdisFilterHandle, PNDIS_STATUS_INDICATION StatusIndication)
{
    gate_require_irql(DISPATCH_LEVEL, __func__);
    status_above(path_module(NdisFilterHandle, MODULE_FILTER, __func__), StatusIndication);
}
