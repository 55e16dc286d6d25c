/* SPDX-License-Identifier: MIT */
/* A miniport that controls its default port has no protocols bound before it activates it, at the
 * start of the stack or later; they are unbound when it deactivates it. What else is active is
 * told at the bind, not before.
 */
#include <ndis.h>

#include "rig.h"

static NDIS_PORT_NUMBER bound_to[4];
static unsigned bound_count;
static bool at_once;

static void
hear_bind(const void *context)
{
    const NDIS_BIND_PARAMETERS *parameters = context;

    bound_count = 0;
    for (PNDIS_PORT p = parameters->ActivePorts; p; p = p->Next)
        bound_to[bound_count++] = p->PortCharacteristics.PortNumber;
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

static void
activate(void *module, NDIS_PORT_NUMBER number)
{
    NDIS_PORT port = {.PortCharacteristics = {
                          .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_CHARACTERISTICS_REVISION_1,
                              NDIS_SIZEOF_PORT_CHARACTERISTICS_REVISION_1},
                          .PortNumber = number,
                          .Flags = NDIS_PORT_CHAR_USE_DEFAULT_AUTH_SETTINGS,
                      }};

    CHECK_EQ(tell(module, NetEventPortActivation, &port, sizeof(port)), NDIS_STATUS_SUCCESS);
}

static void
activate_default(void *module, void *context)
{
    UNREFERENCED_PARAMETER(context);
    activate(module, NDIS_DEFAULT_PORT_NUMBER);
}

static void
deactivate(void *module, NDIS_PORT_NUMBER number)
{
    CHECK_EQ(tell(module, NetEventPortDeactivation, &number, sizeof(number)), NDIS_STATUS_SUCCESS);
}

static void
deactivate_default(void *module, void *context)
{
    UNREFERENCED_PARAMETER(context);
    deactivate(module, NDIS_DEFAULT_PORT_NUMBER);
}

static void
add_port(void *module, void *context)
{
    NDIS_PORT_CHARACTERISTICS port = {
        .Header = {NDIS_OBJECT_TYPE_DEFAULT, NDIS_PORT_CHARACTERISTICS_REVISION_1,
            NDIS_SIZEOF_PORT_CHARACTERISTICS_REVISION_1}};

    UNREFERENCED_PARAMETER(context);
    CHECK_EQ(NdisMAllocatePort(module, &port), NDIS_STATUS_SUCCESS);
    activate(module, port.PortNumber);
}

static void
remove_port(void *module, void *context)
{
    UNREFERENCED_PARAMETER(context);
    deactivate(module, 1);
    CHECK_EQ(NdisMFreePort(module, 1), NDIS_STATUS_SUCCESS);
}

static void
initializing(void *module)
{
    if (at_once)
        activate(module, NDIS_DEFAULT_PORT_NUMBER);
}

static const struct peer_hooks protocol_hooks = {.bind = hear_bind};
static const struct peer_hooks miniport_hooks = {.attributes = initializing};

static void
check_works(struct rig *rig)
{
    uint64_t sends = rig->miniport->sends_in;

    test_wait_count(rig->machine, &rig->protocols[0]->running, 1);
    peer_protocol_send(rig->protocols[0], 3, 1, 100);
    rig_settle(rig);
    CHECK_EQ(rig->miniport->sends_in, sends + 3);
}

static void
come_and_go(struct rig *rig)
{
    struct peer_protocol *protocol = rig->protocols[0];

    CHECK_EQ(protocol->bound, 0);
    peer_run(rig->miniport, add_port, NULL);
    CHECK_EQ(protocol->events, 0);
    peer_run(rig->miniport, activate_default, NULL);
    check_works(rig);
    CHECK_EQ(bound_count, 2);
    CHECK_EQ(bound_to[0], NDIS_DEFAULT_PORT_NUMBER);
    CHECK_EQ(bound_to[1], 1);
    peer_run(rig->miniport, deactivate_default, NULL);
    CHECK_EQ(protocol->unbound, 1);
    CHECK_EQ(protocol->running, 0);
    peer_run(rig->miniport, remove_port, NULL);
    CHECK_EQ(protocol->events, 0);
    peer_run(rig->miniport, activate_default, NULL);
    check_works(rig);
    CHECK_EQ(protocol->bound, 2);
    CHECK_EQ(bound_count, 1);
}

static void
test(const struct rig_config *config)
{
    struct rig_config asked = *config;
    struct rig rig;

    asked.not_started = true;
    rig_up(&rig, &asked);
    rig.miniport->controls_port = true;
    rig.miniport->peer.hooks = &miniport_hooks;
    rig.protocols[0]->peer.hooks = &protocol_hooks;
    CHECK_OK(undis_stack_start(rig.stack));
    if (at_once) {
        CHECK_EQ(rig.protocols[0]->bound, 1);
        check_works(&rig);
    } else {
        come_and_go(&rig);
    }
    peer_run(rig.miniport, deactivate_default, NULL);
    rig_down(&rig);
}

int
main(void)
{
    for (unsigned i = 0; i < 2; i++) {
        at_once = i;
        rig_each(test);
    }
    return 0;
}
