/* SPDX-License-Identifier: MIT */
/* NDIS ports come and go:
 *
 *     NdisMAllocatePort -> allocated -> NetEventPortActivation -> active
 *     NdisMFreePort     <- allocated <- NetEventPortDeactivation <-
 *
 * Protocols hear of active ports when they are bound, and by the same events afterwards. The
 * default port is active from the registration attributes on, unless the miniport controls it: then
 * there are no bindings before it activates the default port, nor after it deactivates it.
 */
#include "ndis/path/port.h"
#include "ndis/lifecycle/lifecycle.h"
#include "ndis/path/path.h"

#define PORTS_MAX 0xFFFFFFu /* the highest number */

static void
set_authentication(
    NDIS_PORT_CHARACTERISTICS *is, const NDIS_PORT_AUTHENTICATION_PARAMETERS *parameters)
{
    is->SendControlState = parameters->SendControlState;
    is->RcvControlState = parameters->RcvControlState;
    is->SendAuthorizationState = parameters->SendAuthorizationState;
    is->RcvAuthorizationState = parameters->RcvAuthorizationState;
}

/* What the miniport says of a port whose number stands already. */
static void
characterize(struct ndis_port *port, const NDIS_PORT_CHARACTERISTICS *from)
{
    NDIS_PORT_AUTHENTICATION_PARAMETERS defaults = port_defaults();
    NDIS_PORT_NUMBER number = port->is.PortNumber;

    port->is = *from;
    port->is.Header = (NDIS_OBJECT_HEADER){NDIS_OBJECT_TYPE_DEFAULT,
        NDIS_PORT_CHARACTERISTICS_REVISION_1, NDIS_SIZEOF_PORT_CHARACTERISTICS_REVISION_1};
    port->is.PortNumber = number;
    if (from->Flags & NDIS_PORT_CHAR_USE_DEFAULT_AUTH_SETTINGS)
        set_authentication(&port->is, &defaults);
}

void
ports_begin(struct adapter *adapter)
{
    static const NDIS_PORT_CHARACTERISTICS nothing = {
        .Flags = NDIS_PORT_CHAR_USE_DEFAULT_AUTH_SETTINGS};

    InitializeListHead(&adapter->ports);
    characterize(&adapter->default_port, &nothing);
    adapter->default_port.state = PORT_ACTIVE;
    InsertHeadList(&adapter->ports, &adapter->default_port.link);
}

void
ports_register(struct adapter *adapter)
{
    bool controls =
        adapter->registration.AttributeFlags & NDIS_MINIPORT_ATTRIBUTES_CONTROLS_DEFAULT_PORT;
    KIRQL irql = ports_enter(adapter);

    adapter->default_port.state = controls ? PORT_ALLOCATED : PORT_ACTIVE;
    ports_leave(adapter, irql);
}

void
ports_forget(struct adapter *adapter, struct driver *driver, const char *after)
{
    unsigned left = 0;
    LIST_ENTRY *e;

    while ((e = adapter->default_port.link.Flink) != &adapter->ports) {
        RemoveEntryList(e);
        machine_free(adapter->machine, CONTAINING_RECORD(e, struct ndis_port, link));
        left++;
    }
    adapter->default_port.state = PORT_ACTIVE;
    if (left)
        gate_bug_check("pp-port-activation", "%s left %u ports allocated after its %s",
            driver->name, left, after);
}

PNDIS_PORT
ports_list(struct adapter *adapter)
{
    struct undis *machine = adapter->machine;
    PNDIS_PORT list = NULL;
    unsigned room = 0, count;

    /* They may become more while there is no lock. */
    for (;;) {
        KIRQL irql = ports_enter(adapter);
        unsigned at = 0;

        count = ports_active(adapter);
        for (LIST_ENTRY *e = adapter->ports.Flink; list && count <= room && e != &adapter->ports;
             e = e->Flink) {
            const struct ndis_port *port = CONTAINING_RECORD(e, struct ndis_port, link);

            if (port->state == PORT_ALLOCATED)
                continue;
            list[at].PortCharacteristics = port_describe(adapter, port);
            list[at].Next = at + 1 < count ? &list[at + 1] : NULL;
            at++;
        }
        ports_leave(adapter, irql);
        if (count <= room)
            return list;
        machine_free(machine, list);
        room = count;
        list = machine_alloc(machine, room * sizeof(*list));
        if (!list)
            return NULL;
    }
}

/* The port behind which one with the lowest free number belongs. */
static LIST_ENTRY *
before_gap(struct adapter *adapter, NDIS_PORT_NUMBER *number)
{
    LIST_ENTRY *e = adapter->ports.Flink;

    *number = 1;
    while (e->Flink != &adapter->ports &&
           CONTAINING_RECORD(e->Flink, struct ndis_port, link)->is.PortNumber == *number) {
        e = e->Flink;
        ++*number;
    }
    return e;
}

/*
 * NdisMAllocatePort - a miniport makes a port, inactive at first
 *
 * @NdisMiniportHandle:  as given to MiniportInitializeEx.
 * @PortCharacteristics: revision 1; PortNumber gets the lowest free number, 1 to 0xFFFFFF.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the port is the miniport's until NdisMFreePort, which it owes before its halt returns.
 * Errors:    NDIS_STATUS_RESOURCES; NDIS_STATUS_CLOSING when it is halted; NDIS_STATUS_INVALID_DATA
 *            for a wrong header or type, or before the registration attributes.
 * Source:    NF:ndis.NdisMAllocatePort
 */
NDIS_STATUS
NdisMAllocatePort(NDIS_HANDLE NdisMiniportHandle, PNDIS_PORT_CHARACTERISTICS PortCharacteristics)
{
    static const struct header_size sizes[] = {
        {NDIS_PORT_CHARACTERISTICS_REVISION_1, NDIS_SIZEOF_PORT_CHARACTERISTICS_REVISION_1}};
    struct module *miniport = path_module(NdisMiniportHandle, MODULE_MINIPORT, __func__);
    struct adapter *adapter = miniport->adapter;
    struct ndis_port *port;
    LIST_ENTRY *behind;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (miniport->state == MODULE_DETACHING || miniport->state == MODULE_DETACHED)
        return NDIS_STATUS_CLOSING;
    if (header_check(&PortCharacteristics->Header, NDIS_OBJECT_TYPE_DEFAULT, sizes,
            RTL_NUMBER_OF(sizes)) != NDIS_STATUS_SUCCESS ||
        (unsigned)PortCharacteristics->Type >= NdisPortTypeMax || !adapter->has_registration)
        return NDIS_STATUS_INVALID_DATA;
    port = machine_alloc(adapter->machine, sizeof(*port));
    if (!port)
        return NDIS_STATUS_RESOURCES;
    irql = ports_enter(adapter);
    behind = before_gap(adapter, &port->is.PortNumber);
    InsertHeadList(behind, &port->link);
    characterize(port, PortCharacteristics);
    PortCharacteristics->PortNumber = port->is.PortNumber;
    ports_leave(adapter, irql);
    return NDIS_STATUS_SUCCESS;
}

/*
 * NdisMFreePort - a miniport gives up a port that is not active
 *
 * @NdisMiniportHandle: as given to MiniportInitializeEx.
 * @PortNumber:         1 to 0xFFFFFF, from NdisMAllocatePort.
 *
 * IRQL:      <= DISPATCH_LEVEL
 * Ownership: the number may be given out again.
 * Errors:    NDIS_STATUS_INVALID_PORT for the default port and what is no port;
 *            NDIS_STATUS_INVALID_DATA for a number that no port can have;
 *            NDIS_STATUS_INVALID_PORT_STATE for an active port.
 * Source:    NF:ndis.NdisMFreePort
 */
NDIS_STATUS
NdisMFreePort(NDIS_HANDLE NdisMiniportHandle, NDIS_PORT_NUMBER PortNumber)
{
    struct adapter *adapter = path_module(NdisMiniportHandle, MODULE_MINIPORT, __func__)->adapter;
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;
    struct ndis_port *port;
    KIRQL irql;

    gate_require_irql(DISPATCH_LEVEL, __func__);
    if (PortNumber > PORTS_MAX)
        return NDIS_STATUS_INVALID_DATA;
    irql = ports_enter(adapter);
    port = PortNumber == NDIS_DEFAULT_PORT_NUMBER ? NULL : port_find(adapter, PortNumber);
    if (!port)
        status = NDIS_STATUS_INVALID_PORT;
    else if (port->state != PORT_ALLOCATED)
        status = NDIS_STATUS_INVALID_PORT_STATE;
    else
        RemoveEntryList(&port->link);
    ports_leave(adapter, irql);
    if (status == NDIS_STATUS_SUCCESS)
        machine_free(adapter->machine, port);
    return status;
}

/* The ports of @numbers go from one state to another, all or none; between ports_enter and _leave. */
static NDIS_STATUS
move(struct adapter *adapter, const NDIS_PORT_NUMBER *numbers, size_t count, int from, int to)
{
    NDIS_STATUS status = NDIS_STATUS_SUCCESS;
    size_t moved;

    for (moved = 0; moved < count && status == NDIS_STATUS_SUCCESS; moved++) {
        struct ndis_port *port = port_find(adapter, numbers[moved]);

        if (!port || (numbers[moved] == NDIS_DEFAULT_PORT_NUMBER && count > 1))
            status = NDIS_STATUS_INVALID_PORT;
        else if ((int)port->state != from)
            status = NDIS_STATUS_INVALID_PORT_STATE;
        else
            port->state = to;
    }
    if (status == NDIS_STATUS_SUCCESS)
        return status;
    for (size_t i = 0; i + 1 < moved; i++)
        port_find(adapter, numbers[i])->state = from;
    return status;
}

static size_t
list_length(PNDIS_PORT list)
{
    size_t count = 0;

    for (; list; list = list->Next)
        count++;
    return count;
}

/* The numbers of @list, and what it says of them once they are active. */
static NDIS_STATUS
activate(struct adapter *adapter, PNDIS_PORT list)
{
    size_t count = list_length(list), at = 0;
    NDIS_PORT_NUMBER *numbers = machine_alloc(adapter->machine, count * sizeof(*numbers));
    NDIS_STATUS status;
    KIRQL irql;

    if (!numbers)
        return NDIS_STATUS_RESOURCES;
    for (PNDIS_PORT each = list; each; each = each->Next)
        numbers[at++] = each->PortCharacteristics.PortNumber;
    irql = ports_enter(adapter);
    status = move(adapter, numbers, count, PORT_ALLOCATED, PORT_ACTIVE);
    for (PNDIS_PORT each = list; status == NDIS_STATUS_SUCCESS && each; each = each->Next)
        characterize(
            port_find(adapter, each->PortCharacteristics.PortNumber), &each->PortCharacteristics);
    ports_leave(adapter, irql);
    machine_free(adapter->machine, numbers);
    return status;
}

static NDIS_STATUS
port_activation(struct module *miniport, PNET_PNP_EVENT_NOTIFICATION event)
{
    struct adapter *adapter = miniport->adapter;
    PNDIS_PORT list = event->NetPnPEvent.Buffer;
    NDIS_STATUS status;

    if (!list || event->NetPnPEvent.BufferLength < sizeof(*list))
        return NDIS_STATUS_INVALID_PARAMETER;
    status = activate(adapter, list);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (list->PortCharacteristics.PortNumber == NDIS_DEFAULT_PORT_NUMBER)
        return adapter_bind_later(miniport);
    if (port_active(adapter, NDIS_DEFAULT_PORT_NUMBER))
        event_above(miniport, event);
    return NDIS_STATUS_SUCCESS;
}

/* Nobody may bind meanwhile: the default port is on its way out. */
static void
unbind_all(struct adapter *adapter)
{
    adapter_begin(adapter);
    while (!IsListEmpty(&adapter->bindings))
        binding_remove(CONTAINING_RECORD(adapter->bindings.Flink, struct module, link));
    adapter_end(adapter);
}

static NDIS_STATUS
port_deactivation(struct module *miniport, PNET_PNP_EVENT_NOTIFICATION event)
{
    struct adapter *adapter = miniport->adapter;
    const NDIS_PORT_NUMBER *numbers = event->NetPnPEvent.Buffer;
    size_t count = event->NetPnPEvent.BufferLength / sizeof(*numbers);
    NDIS_STATUS status;
    KIRQL irql;

    if (!numbers || count == 0)
        return NDIS_STATUS_INVALID_PARAMETER;
    irql = ports_enter(adapter);
    status = move(adapter, numbers, count, PORT_ACTIVE, PORT_LEAVING);
    ports_leave(adapter, irql);
    if (status != NDIS_STATUS_SUCCESS)
        return status;
    if (*numbers == NDIS_DEFAULT_PORT_NUMBER)
        unbind_all(adapter);
    else if (port_active(adapter, NDIS_DEFAULT_PORT_NUMBER))
        event_above(miniport, event);
    irql = ports_enter(adapter);
    move(adapter, numbers, count, PORT_LEAVING, PORT_ALLOCATED);
    ports_leave(adapter, irql);
    return NDIS_STATUS_SUCCESS;
}

bool
port_event(struct module *miniport, PNET_PNP_EVENT_NOTIFICATION event, NDIS_STATUS *status)
{
    switch (event->NetPnPEvent.NetEvent) {
    case NetEventPortActivation: *status = port_activation(miniport, event); return true;
    case NetEventPortDeactivation: *status = port_deactivation(miniport, event); return true;
    default: return false;
    }
}
