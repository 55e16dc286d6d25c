/* SPDX-License-Identifier: MIT */
/* Status indications of a miniport of NDIS 3 to 5.1.
 *
 *     NdisMIndicateStatus --> [link up, link down: NDIS_STATUS_LINK_STATE] --> status.c --> ...
 */
#include "ndis/path/legacy.h"
#include "ndis/path/path.h"
#include "ndis/path/port.h"
#include "ndis/path/protocol5.h"
#include "ndis/path/status.h"

static struct module *
legacy_of(NDIS_HANDLE handle, const char *caller)
{
    struct module *miniport = path_module(handle, MODULE_MINIPORT, caller);

    gate_require_irql(DISPATCH_LEVEL, caller);
    if (!miniport->legacy)
        gate_bug_check("rg-ndis5-forbidden-calls", "%s, a driver of NDIS 6, called %s",
            miniport->driver->name, caller);
    return miniport;
}

/* NDIS 6 has one status for the link, with everything about it. */
static void
describe_link(const struct module *miniport, bool up, NDIS_LINK_STATE *state)
{
    *state = miniport->adapter->link_state;
    state->Header = (NDIS_OBJECT_HEADER){
        NDIS_OBJECT_TYPE_DEFAULT, NDIS_LINK_STATE_REVISION_1, NDIS_SIZEOF_LINK_STATE_REVISION_1};
    state->MediaConnectState = up ? MediaConnectStateConnected : MediaConnectStateDisconnected;
}

void
legacy_status_of(const struct module *miniport, NDIS_STATUS code, PVOID buffer, UINT size,
    struct legacy_status *made)
{
    NDIS_STATUS_INDICATION *indication = &made->indication;

    NdisZeroMemory(indication, sizeof(*indication));
    indication->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_STATUS_INDICATION,
        NDIS_STATUS_INDICATION_REVISION_1, NDIS_SIZEOF_STATUS_INDICATION_REVISION_1};
    indication->StatusCode = code;
    indication->StatusBuffer = buffer;
    indication->StatusBufferSize = size;
    if (code != NDIS_STATUS_MEDIA_CONNECT && code != NDIS_STATUS_MEDIA_DISCONNECT)
        return;
    describe_link(miniport, code == NDIS_STATUS_MEDIA_CONNECT, &made->link);
    indication->StatusCode = NDIS_STATUS_LINK_STATE;
    indication->StatusBuffer = &made->link;
    indication->StatusBufferSize = sizeof(made->link);
}

/* It is connected, and a wireless one that looks like Ethernet: that it says so again means that it
 * may have come to another network. */
static bool
emulates(const struct module *miniport)
{
    struct adapter *adapter = miniport->adapter;
    KIRQL irql = ports_enter(adapter);
    bool connected = adapter->link_state.MediaConnectState == MediaConnectStateConnected;

    ports_leave(adapter, irql);
    return connected && adapter->general.MediaType == NdisMedium802_3 &&
           adapter->general.PhysicalMediumType == NdisPhysicalMediumWirelessLan;
}

void
legacy_indicate_status(struct module *miniport, NDIS_STATUS code, PVOID buffer, UINT size)
{
    NDIS_NETWORK_CHANGE_TYPE change = NdisPossibleNetworkChange;
    struct legacy_status made;
    bool again = code == NDIS_STATUS_MEDIA_CONNECT && emulates(miniport);

    legacy_status_of(miniport, code, buffer, size, &made);
    NdisMIndicateStatusEx(miniport, &made.indication);
    if (again)
        status_of_ndis(miniport->adapter, NDIS_STATUS_NETWORK_CHANGE, &change, sizeof(change));
}

void
legacy_indicate_status_end(struct module *miniport)
{
    unsigned count;
    struct module **bindings = path_bindings(miniport->adapter, &count);

    for (unsigned i = 0; bindings && i < count; i++)
        if (bindings[i]->binding5)
            protocol5_status_end(bindings[i]);
    path_bindings_end(miniport->machine, bindings, count);
}

/*
 * NdisMIndicateStatus - a miniport reports a change of its status
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 * @GeneralStatus:         NDIS_STATUS_*.
 * @StatusBuffer:          what goes with it, or NULL.
 * @StatusBufferSize:      bytes.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the buffer stays with the miniport; nobody keeps it after the return.
 * Errors:    none.
 * Source:    NF:ndis.NdisMIndicateStatus
 */
VOID
NdisMIndicateStatus(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS GeneralStatus,
    PVOID StatusBuffer, UINT StatusBufferSize)
{
    legacy_indicate_status(
        legacy_of(MiniportAdapterHandle, __func__), GeneralStatus, StatusBuffer, StatusBufferSize);
}

/*
 * NdisMIndicateStatusComplete - a miniport has reported what it had to
 *
 * @MiniportAdapterHandle: as given to MiniportInitialize.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: nothing moves.
 * Errors:    none. A protocol of NDIS 5 that has heard nothing since the last end hears of none.
 * Source:    NF:ndis.NdisMIndicateStatusComplete
 */
VOID
NdisMIndicateStatusComplete(NDIS_HANDLE MiniportAdapterHandle)
{
    legacy_indicate_status_end(legacy_of(MiniportAdapterHandle, __func__));
}
