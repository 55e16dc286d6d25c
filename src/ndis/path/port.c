/* SPDX-License-Identifier: MIT */
/* NDIS ports as seen from above: which are active, what state each is in.
 *
 *     sends, receives, requests, status   carry a port number, which nobody changes on the way
 *     OID_GEN_ENUMERATE_PORTS, _PORT_STATE   are answered here, from what the miniport has said at
 *         activation, by NDIS_STATUS_PORT_STATE, and by taking new authentication parameters
 */
#include "ndis/path/port.h"
#include "host/lock.h"
#include "ndis/path/oid.h"
#include "ndis/path/operation.h"
#include "ndis/path/path.h"

#include <string.h>

KIRQL
ports_enter(struct adapter *adapter)
{
    KIRQL irql = path_enter();

    host_lock(&adapter->wants_lock);
    return irql;
}

void
ports_leave(struct adapter *adapter, KIRQL irql)
{
    host_unlock(&adapter->wants_lock);
    path_leave(irql);
}

static const struct ndis_port *
port_of(const LIST_ENTRY *entry)
{
    return CONTAINING_RECORD(entry, struct ndis_port, link);
}

struct ndis_port *
port_find(struct adapter *adapter, NDIS_PORT_NUMBER number)
{
    for (LIST_ENTRY *e = adapter->ports.Flink; e != &adapter->ports; e = e->Flink)
        if (port_of(e)->is.PortNumber == number)
            return CONTAINING_RECORD(e, struct ndis_port, link);
    return NULL;
}

NDIS_PORT_CHARACTERISTICS
port_describe(const struct adapter *adapter, const struct ndis_port *port)
{
    NDIS_PORT_CHARACTERISTICS is = port->is;

    if (is.PortNumber == NDIS_DEFAULT_PORT_NUMBER) {
        is.MediaConnectState = adapter->link_state.MediaConnectState;
        is.XmitLinkSpeed = adapter->link_state.XmitLinkSpeed;
        is.RcvLinkSpeed = adapter->link_state.RcvLinkSpeed;
        is.Direction = adapter->general.DirectionType;
    }
    return is;
}

unsigned
ports_active(const struct adapter *adapter)
{
    unsigned count = 0;

    for (const LIST_ENTRY *e = adapter->ports.Flink; e != &adapter->ports; e = e->Flink)
        count += port_of(e)->state != PORT_ALLOCATED;
    return count;
}

bool
port_active(struct adapter *adapter, NDIS_PORT_NUMBER number)
{
    KIRQL irql = ports_enter(adapter);
    const struct ndis_port *port = port_find(adapter, number);
    bool active = port && port->state != PORT_ALLOCATED;

    ports_leave(adapter, irql);
    return active;
}

bool
ports_open(struct adapter *adapter)
{
    KIRQL irql = ports_enter(adapter);
    bool open = adapter->default_port.state == PORT_ACTIVE;

    ports_leave(adapter, irql);
    return open;
}

NDIS_PORT_AUTHENTICATION_PARAMETERS
port_defaults(void)
{
    return (NDIS_PORT_AUTHENTICATION_PARAMETERS){
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_AUTHENTICATION_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_PORT_AUTHENTICATION_PARAMETERS_REVISION_1},
        .SendControlState = NdisPortControlStateUncontrolled,
        .RcvControlState = NdisPortControlStateUncontrolled,
        .SendAuthorizationState = NdisPortAuthorizationUnknown,
        .RcvAuthorizationState = NdisPortAuthorizationUnknown,
    };
}

void
port_indicated(struct adapter *adapter, const NDIS_STATUS_INDICATION *indication)
{
    const NDIS_PORT_STATE *state = indication->StatusBuffer;
    struct ndis_port *port;
    KIRQL irql;

    if (indication->StatusCode != NDIS_STATUS_PORT_STATE ||
        indication->StatusBufferSize < NDIS_SIZEOF_PORT_STATE_REVISION_1)
        return;
    irql = ports_enter(adapter);
    port = port_find(adapter, indication->PortNumber);
    if (port && port->state != PORT_ALLOCATED) {
        port->is.MediaConnectState = state->MediaConnectState;
        port->is.XmitLinkSpeed = state->XmitLinkSpeed;
        port->is.RcvLinkSpeed = state->RcvLinkSpeed;
        port->is.Direction = state->Direction;
        port->is.SendControlState = state->SendControlState;
        port->is.RcvControlState = state->RcvControlState;
        port->is.SendAuthorizationState = state->SendAuthorizationState;
        port->is.RcvAuthorizationState = state->RcvAuthorizationState;
    }
    ports_leave(adapter, irql);
}

void
port_remember(struct adapter *adapter, const NDIS_OID_REQUEST *request)
{
    const struct _SET *set = &request->DATA.SET_INFORMATION;
    const NDIS_PORT_AUTHENTICATION_PARAMETERS *now = set->InformationBuffer;
    struct ndis_port *port;
    KIRQL irql;

    if (request->RequestType != NdisRequestSetInformation ||
        set->Oid != OID_GEN_PORT_AUTHENTICATION_PARAMETERS ||
        set->InformationBufferLength < NDIS_SIZEOF_PORT_AUTHENTICATION_PARAMETERS_REVISION_1)
        return;
    irql = ports_enter(adapter);
    port = port_find(adapter, request->PortNumber);
    if (port) {
        port->is.SendControlState = now->SendControlState;
        port->is.RcvControlState = now->RcvControlState;
        port->is.SendAuthorizationState = now->SendAuthorizationState;
        port->is.RcvAuthorizationState = now->RcvAuthorizationState;
    }
    ports_leave(adapter, irql);
    operation_changed(adapter);
}

/* Straight into the buffer: there is no limit to how many ports there are. */
NDIS_STATUS
port_answer_all(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    struct _QUERY *query = &request->DATA.QUERY_INFORMATION;
    NDIS_PORT_ARRAY *array = query->InformationBuffer;
    KIRQL irql = ports_enter(adapter);
    unsigned count = ports_active(adapter), at = 0;
    bool fits;

    query->BytesNeeded = (UINT)(offsetof(NDIS_PORT_ARRAY, Ports) + count * sizeof(*array->Ports));
    fits = query->InformationBufferLength >= query->BytesNeeded;
    query->BytesWritten = fits ? query->BytesNeeded : 0;
    if (fits) {
        memset(array, 0, offsetof(NDIS_PORT_ARRAY, Ports));
        array->Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_ARRAY_REVISION_1,
            NDIS_SIZEOF_PORT_ARRAY_REVISION_1};
        array->NumberOfPorts = count;
        array->OffsetFirstPort = offsetof(NDIS_PORT_ARRAY, Ports);
        array->ElementSize = sizeof(*array->Ports);
        for (LIST_ENTRY *e = adapter->ports.Flink; e != &adapter->ports; e = e->Flink)
            if (port_of(e)->state != PORT_ALLOCATED)
                array->Ports[at++] = port_describe(adapter, port_of(e));
    }
    ports_leave(adapter, irql);
    return fits ? NDIS_STATUS_SUCCESS : NDIS_STATUS_BUFFER_TOO_SHORT;
}

NDIS_STATUS
port_answer_state(struct adapter *adapter, PNDIS_OID_REQUEST request)
{
    KIRQL irql = ports_enter(adapter);
    const struct ndis_port *port = port_find(adapter, request->PortNumber);
    bool active = port && port->state != PORT_ALLOCATED;
    NDIS_PORT_CHARACTERISTICS is = {0};
    NDIS_PORT_STATE state = {0};

    if (active)
        is = port_describe(adapter, port);
    ports_leave(adapter, irql);
    if (!active)
        return NDIS_STATUS_INVALID_PORT;
    state.Header = (NDIS_OBJECT_HEADER){
        NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_STATE_REVISION_1, NDIS_SIZEOF_PORT_STATE_REVISION_1};
    state.MediaConnectState = is.MediaConnectState;
    state.XmitLinkSpeed = is.XmitLinkSpeed;
    state.RcvLinkSpeed = is.RcvLinkSpeed;
    state.Direction = is.Direction;
    state.SendControlState = is.SendControlState;
    state.RcvControlState = is.RcvControlState;
    state.SendAuthorizationState = is.SendAuthorizationState;
    state.RcvAuthorizationState = is.RcvAuthorizationState;
    return oid_answer_bytes(request, &state, sizeof(state));
}
