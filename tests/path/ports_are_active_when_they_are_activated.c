/* SPDX-License-Identifier: MIT */
/* Ports of a miniport: what is sent, received, asked and indicated on an active one goes the whole
 * way with its number, protocols hear of it, and NDIS answers for it what the miniport last said;
 * on one that is not active nothing can be asked, and wrong steps change nothing.
 */
#include <ndis.h>

#include "rig.h"
#include <string.h>

#define SPEED 12345u

static NDIS_PORT_NUMBER told[8];
static unsigned told_count, last_told;
static NDIS_PORT_NUMBER asked, indicated;

static void
hear_event(void *module, void *context)
{
    const NET_PNP_EVENT_NOTIFICATION *event = context;

    UNREFERENCED_PARAMETER(module);
    told_count = 0;
    last_told = event->NetPnPEvent.NetEvent;
    if (last_told == NetEventPortActivation) {
        for (const NDIS_PORT *p = event->NetPnPEvent.Buffer; p; p = p->Next)
            told[told_count++] = p->PortCharacteristics.PortNumber;
        return;
    }
    told_count = event->NetPnPEvent.BufferLength / sizeof(*told);
    memcpy(told, event->NetPnPEvent.Buffer, event->NetPnPEvent.BufferLength);
}

static void
hear_status(void *module, void *context)
{
    const NDIS_STATUS_INDICATION *indication = context;

    UNREFERENCED_PARAMETER(module);
    indicated = indication->PortNumber;
}

/* The miniport takes any authentication parameters. */
static uint32_t
take_oid(void *module, void *context)
{
    const NDIS_OID_REQUEST *request = context;

    UNREFERENCED_PARAMETER(module);
    asked = request->PortNumber;
    return request->DATA.SET_INFORMATION.Oid == OID_GEN_PORT_AUTHENTICATION_PARAMETERS
               ? NDIS_STATUS_SUCCESS
               : (uint32_t)PEER_GOES_ON;
}

static const struct peer_hooks protocol_hooks = {.event = hear_event, .status = hear_status};
static const struct peer_hooks miniport_hooks = {.oid = take_oid};

static NDIS_PORT_CHARACTERISTICS
characteristics(NDIS_PORT_NUMBER number)
{
    return (NDIS_PORT_CHARACTERISTICS){
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PORT_CHARACTERISTICS_REVISION_1},
        .PortNumber = number,
        .Type = NdisPortTypeBridge,
        .MediaConnectState = MediaConnectStateConnected,
        .XmitLinkSpeed = SPEED,
        .RcvLinkSpeed = SPEED,
        .Direction = NET_IF_DIRECTION_SENDRECEIVE,
        .SendControlState = NdisPortControlStateControlled,
        .RcvControlState = NdisPortControlStateControlled,
        .SendAuthorizationState = NdisPortUnauthorized,
        .RcvAuthorizationState = NdisPortUnauthorized,
    };
}

static NDIS_STATUS
tell(void *module, NET_PNP_EVENT_CODE code, void *buffer, ULONG size)
{
    NET_PNP_EVENT_NOTIFICATION event = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NET_PNP_EVENT_NOTIFICATION_REVISION_1,
            NDIS_SIZEOF_NET_PNP_EVENT_NOTIFICATION_REVISION_1},
        .NetPnPEvent = {.NetEvent = code, .Buffer = buffer, .BufferLength = size},
    };

    return NdisMNetPnPEvent(module, &event);
}

/* @numbers, as far as they are not 0. */
static NDIS_STATUS
activate(void *module, NDIS_PORT_NUMBER one, NDIS_PORT_NUMBER other)
{
    NDIS_PORT ports[2] = {{.Next = other ? &ports[1] : NULL}};

    ports[0].PortCharacteristics = characteristics(one);
    ports[1].PortCharacteristics = characteristics(other);
    return tell(module, NetEventPortActivation, ports, sizeof(*ports));
}

static NDIS_STATUS
deactivate(void *module, NDIS_PORT_NUMBER one, NDIS_PORT_NUMBER other)
{
    NDIS_PORT_NUMBER numbers[2] = {one, other};

    return tell(
        module, NetEventPortDeactivation, numbers, (other ? 2 : 1) * (ULONG)sizeof(*numbers));
}

static NDIS_PORT_NUMBER
allocate(void *module)
{
    NDIS_PORT_CHARACTERISTICS port = characteristics(77);

    CHECK_EQ(NdisMAllocatePort(module, &port), NDIS_STATUS_SUCCESS);
    return port.PortNumber;
}

/* Ports 1 to 3 are allocated, 1 and 2 active, 2 with the default authentication. */
static void
make_ports(void *module, void *context)
{
    NDIS_PORT_CHARACTERISTICS wrong = characteristics(0);

    UNREFERENCED_PARAMETER(context);
    for (NDIS_PORT_NUMBER i = 1; i <= 3; i++)
        CHECK_EQ(allocate(module), i);
    CHECK_EQ(NdisMFreePort(module, 1), NDIS_STATUS_SUCCESS);
    CHECK_EQ(allocate(module), 1);
    wrong.Header.Revision = 0;
    CHECK_EQ(NdisMAllocatePort(module, &wrong), NDIS_STATUS_INVALID_DATA);
    wrong = characteristics(0);
    wrong.Type = NdisPortTypeMax;
    CHECK_EQ(NdisMAllocatePort(module, &wrong), NDIS_STATUS_INVALID_DATA);
    CHECK_EQ(activate(module, 1, 9), NDIS_STATUS_INVALID_PORT);
    CHECK_EQ(activate(module, 1, 1), NDIS_STATUS_INVALID_PORT_STATE);
    CHECK_EQ(activate(module, 0, 0), NDIS_STATUS_INVALID_PORT_STATE);
    CHECK_EQ(tell(module, NetEventPortActivation, NULL, 0), NDIS_STATUS_INVALID_PARAMETER);
    CHECK_EQ(last_told, 0);
    CHECK_EQ(activate(module, 1, 2), NDIS_STATUS_SUCCESS);
    CHECK_EQ(NdisMFreePort(module, 1), NDIS_STATUS_INVALID_PORT_STATE);
    CHECK_EQ(NdisMFreePort(module, 0), NDIS_STATUS_INVALID_PORT);
    CHECK_EQ(NdisMFreePort(module, 4), NDIS_STATUS_INVALID_PORT);
    CHECK_EQ(NdisMFreePort(module, 0x1000000), NDIS_STATUS_INVALID_DATA);
}

static void
check_told(NET_PNP_EVENT_CODE code)
{
    CHECK_EQ(last_told, code);
    CHECK_EQ(told_count, 2);
    CHECK_EQ(told[0], 1);
    CHECK_EQ(told[1], 2);
}

static void
set_port(struct rig *rig, NDIS_PORT_NUMBER port)
{
    rig->miniport->peer.port = port;
    rig->protocols[0]->peer.port = port;
    for (unsigned i = 0; i < rig->filter_count; i++)
        rig->filters[i]->peer.port = port;
}

/* The peers count what comes with another number than theirs. */
static void
check_traffic(struct rig *rig, NDIS_PORT_NUMBER port)
{
    uint32_t value = 0;

    set_port(rig, port);
    peer_protocol_send(rig->protocols[0], 5, 1, 100);
    peer_miniport_indicate(rig->miniport, 5, 100, false);
    peer_miniport_indicate(rig->miniport, 2, 100, true);
    rig_settle(rig);
    CHECK_EQ(peer_protocol_oid(rig->protocols[0], false, PEER_OID, &value), NDIS_STATUS_SUCCESS);
    CHECK_EQ(asked, port);
    CHECK_EQ(rig->miniport->wrong, 0);
    CHECK_EQ(rig->protocols[0]->wrong, 0);
    for (unsigned i = 0; i < rig->filter_count; i++)
        CHECK_EQ(rig->filters[i]->wrong, 0);
}

static NDIS_PORT_STATE
state_of(struct rig *rig, NDIS_PORT_NUMBER port)
{
    NDIS_PORT_STATE state = {0};
    uint32_t length = sizeof(state);

    set_port(rig, port);
    CHECK_EQ(peer_protocol_ask(rig->protocols[0], false, OID_GEN_PORT_STATE, &state, &length),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(length, sizeof(state));
    return state;
}

static void
indicate_state(void *module, void *context)
{
    NDIS_PORT_STATE state = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_STATE_REVISION_1,
            NDIS_SIZEOF_PORT_STATE_REVISION_1},
        .MediaConnectState = MediaConnectStateDisconnected,
        .XmitLinkSpeed = 1,
        .RcvLinkSpeed = 2,
        .SendControlState = NdisPortControlStateControlled,
        .SendAuthorizationState = NdisPortReauthorizing,
    };
    NDIS_STATUS_INDICATION indication = {
        .Header = {NDIS_OBJECT_TYPE_STATUS_INDICATION, NDIS_STATUS_INDICATION_REVISION_1,
            NDIS_SIZEOF_STATUS_INDICATION_REVISION_1},
        .SourceHandle = module,
        .PortNumber = 2,
        .StatusCode = NDIS_STATUS_PORT_STATE,
        .StatusBuffer = &state,
        .StatusBufferSize = sizeof(state),
    };

    UNREFERENCED_PARAMETER(context);
    NdisMIndicateStatusEx(module, &indication);
}

static void
check_states(struct rig *rig)
{
    NDIS_PORT_AUTHENTICATION_PARAMETERS authentication = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_AUTHENTICATION_PARAMETERS_REVISION_1,
            NDIS_SIZEOF_PORT_AUTHENTICATION_PARAMETERS_REVISION_1},
        .SendControlState = NdisPortControlStateControlled,
        .RcvControlState = NdisPortControlStateUncontrolled,
        .SendAuthorizationState = NdisPortAuthorized,
    };
    uint32_t length = sizeof(authentication);

    CHECK_EQ(state_of(rig, 1).XmitLinkSpeed, SPEED);
    CHECK_EQ(state_of(rig, 1).SendAuthorizationState, NdisPortUnauthorized);
    CHECK_EQ(state_of(rig, 0).SendControlState, NdisPortControlStateUncontrolled);
    CHECK_EQ(state_of(rig, 0).XmitLinkSpeed, 1000000000);
    set_port(rig, 1);
    CHECK_EQ(peer_protocol_ask(rig->protocols[0], true, OID_GEN_PORT_AUTHENTICATION_PARAMETERS,
                 &authentication, &length),
        NDIS_STATUS_SUCCESS);
    CHECK_EQ(asked, 1);
    CHECK_EQ(state_of(rig, 1).SendAuthorizationState, NdisPortAuthorized);
    CHECK_EQ(state_of(rig, 1).RcvControlState, NdisPortControlStateUncontrolled);
    CHECK_EQ(state_of(rig, 2).RcvControlState, NdisPortControlStateControlled);
    peer_run(rig->miniport, indicate_state, NULL);
    CHECK_EQ(indicated, 2);
    CHECK_EQ(state_of(rig, 2).MediaConnectState, MediaConnectStateDisconnected);
    CHECK_EQ(state_of(rig, 2).RcvLinkSpeed, 2);
    CHECK_EQ(state_of(rig, 1).RcvLinkSpeed, SPEED);
}

static void
check_list(struct rig *rig, unsigned count)
{
    union {
        NDIS_PORT_ARRAY array;
        char room[offsetof(NDIS_PORT_ARRAY, Ports) + 4 * sizeof(NDIS_PORT_CHARACTERISTICS)];
    } ports;
    uint32_t length = sizeof(ports), status = 1;

    CHECK_OK(undis_stack_oid(rig->stack, false, OID_GEN_ENUMERATE_PORTS, &ports, &length, &status));
    CHECK_EQ(status, NDIS_STATUS_SUCCESS);
    CHECK_EQ(ports.array.NumberOfPorts, count);
    CHECK_EQ(ports.array.ElementSize, sizeof(NDIS_PORT_CHARACTERISTICS));
    CHECK_EQ(length, ports.array.OffsetFirstPort + count * ports.array.ElementSize);
    for (unsigned i = 0; i < count; i++)
        CHECK_EQ(ports.array.Ports[i].PortNumber, i);
    length = ports.array.OffsetFirstPort + count * ports.array.ElementSize - 1;
    CHECK_OK(undis_stack_oid(rig->stack, false, OID_GEN_ENUMERATE_PORTS, &ports, &length, &status));
    CHECK_EQ((NDIS_STATUS)status, NDIS_STATUS_BUFFER_TOO_SHORT);
}

static void
free_ports(void *module, void *context)
{
    UNREFERENCED_PARAMETER(context);
    CHECK_EQ(deactivate(module, 1, 3), NDIS_STATUS_INVALID_PORT_STATE);
    CHECK_EQ(deactivate(module, 1, 4), NDIS_STATUS_INVALID_PORT);
    CHECK_EQ(tell(module, NetEventPortDeactivation, NULL, 0), NDIS_STATUS_INVALID_PARAMETER);
    CHECK_EQ(last_told, NetEventPortActivation);
    CHECK_EQ(deactivate(module, 1, 2), NDIS_STATUS_SUCCESS);
    for (NDIS_PORT_NUMBER i = 1; i <= 3; i++)
        CHECK_EQ(NdisMFreePort(module, i), NDIS_STATUS_SUCCESS);
}

static void
test(const struct rig_config *config)
{
    uint32_t value = 0;
    struct rig rig;

    rig_up(&rig, config);
    last_told = told_count = 0;
    rig.miniport->peer.hooks = &miniport_hooks;
    rig.protocols[0]->peer.hooks = &protocol_hooks;
    check_list(&rig, 1);
    peer_run(rig.miniport, make_ports, NULL);
    check_told(NetEventPortActivation);
    check_list(&rig, 3);
    check_traffic(&rig, 1);
    check_traffic(&rig, 2);
    check_states(&rig);
    set_port(&rig, 3);
    CHECK_EQ((NDIS_STATUS)peer_protocol_oid(rig.protocols[0], false, PEER_OID, &value),
        NDIS_STATUS_INVALID_PORT);
    peer_run(rig.miniport, free_ports, NULL);
    check_told(NetEventPortDeactivation);
    check_list(&rig, 1);
    check_traffic(&rig, 0);
    rig_down(&rig);
}

int
main(void)
{
    rig_each(test);
    return 0;
}
