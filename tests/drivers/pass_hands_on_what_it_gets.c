/* SPDX-License-Identifier: MIT */
/* What goes through pass comes out behind it as it went in: frames and their way back, requests and
 * their answers, cancels, statuses, events. Media that it does not know it does not stand on.
 */
#define NDIS630 1

#include <ndis.h>

#include "rig.h"
#include <string.h>

#define SIZE 200u

struct stand {
    struct rig rig; /* filter0 stands below pass */
    struct undis_driver *pass;
};

static void
stand_up(struct stand *stand, enum peer_giving completes, enum peer_giving returns)
{
    struct rig_config config = {
        .filters = 1, .completes = completes, .returns = returns, .grows = true};

    rig_up(&stand->rig, &config);
    stand->pass = test_driver(stand->rig.machine, "pass");
    CHECK_OK(undis_stack_attach(stand->rig.stack, stand->pass));
}

static void
stand_down(struct stand *stand)
{
    struct undis_layer layers[4];

    rig_settle(&stand->rig);
    CHECK_EQ(undis_stack_layers(stand->rig.stack, layers, 4), 4);
    CHECK(strcmp(layers[1].driver, "pass") == 0);
    for (unsigned k = 0; k < 4; k++) {
        CHECK_EQ(layers[k].sends_out, 0);
        CHECK_EQ(layers[k].receives_out, 0);
    }
    rig_take_down(&stand->rig);
    test_unload(stand->rig.machine, stand->pass);
    test_machine_end(stand->rig.machine);
}

static void
frames(enum peer_giving completes, enum peer_giving returns)
{
    struct stand stand;
    struct peer_protocol *above;
    struct peer_miniport *below;

    test_case("frames, %s, %s", peer_giving_names[completes], peer_giving_names[returns]);
    stand_up(&stand, completes, returns);
    above = stand.rig.protocols[0];
    below = stand.rig.miniport;
    peer_protocol_send(above, 20, 2, SIZE);
    peer_protocol_send_at_dispatch(above, 20, 1, SIZE);
    peer_miniport_indicate(below, 20, SIZE, false);
    peer_miniport_indicate(below, 20, SIZE, true);
    peer_miniport_release(below);
    test_wait_count(stand.rig.machine, &below->sends_in, 40);
    test_wait_count(stand.rig.machine, &above->received_nbls, 40);
    peer_protocol_release(above);
    rig_settle(&stand.rig);
    CHECK_EQ(test_read(&below->sent.count), 60);
    CHECK_EQ(test_read(&above->resources), 20);
    CHECK_EQ(test_read(&above->failed), 0);
    stand_down(&stand);
}

static void
requests(bool pend)
{
    struct peer_protocol *above;
    struct stand stand;
    uint32_t value = 77, length = 3;
    uint8_t small[3];

    test_case("requests%s", pend ? " that pend" : "");
    stand_up(&stand, PEER_INLINE, PEER_INLINE);
    above = stand.rig.protocols[0];
    stand.rig.miniport->pend_oids = pend;
    CHECK_EQ(peer_protocol_oid(above, true, PEER_OID, &value), 0);
    CHECK_EQ(stand.rig.miniport->value, 77);
    value = 0;
    CHECK_EQ(peer_protocol_oid(above, false, PEER_OID, &value), 0);
    CHECK_EQ(value, 77);
    CHECK_EQ(peer_protocol_ask(above, false, PEER_OID, small, &length),
        (uint32_t)NDIS_STATUS_BUFFER_TOO_SHORT);
    CHECK_EQ(peer_protocol_ask(above, true, PEER_OID, small, &length),
        (uint32_t)NDIS_STATUS_INVALID_LENGTH);
    stand_down(&stand);
}

static void
cancels(void)
{
    struct peer_protocol *above;
    struct stand stand;

    test_case("cancels");
    stand_up(&stand, PEER_HOLD, PEER_INLINE);
    above = stand.rig.protocols[0];
    stand.rig.miniport->hold_oids = true;
    peer_protocol_oids(above, 3);
    test_wait_count(stand.rig.machine, &stand.rig.miniport->oids, 1);
    stand.rig.miniport->hold_oids = false;
    peer_protocol_cancel_oids(above);
    test_wait_count(stand.rig.machine, &above->oids_done, 3);
    CHECK(test_read(&above->oids_failed) >= 1);
    above->cancel_id = 5;
    peer_protocol_send(above, 10, 1, SIZE);
    test_wait_count(stand.rig.machine, &stand.rig.miniport->sends_out, 10);
    peer_protocol_cancel(above, 5);
    test_wait_count(stand.rig.machine, &above->back, 10);
    CHECK_EQ(test_read(&stand.rig.miniport->cancels), 1);
    CHECK_EQ(test_read(&above->aborted), 10);
    stand_down(&stand);
}

static void
statuses_and_events(void)
{
    struct stand stand;
    uint64_t before;

    test_case("statuses and events");
    stand_up(&stand, PEER_INLINE, PEER_INLINE);
    peer_miniport_status(stand.rig.miniport, NDIS_STATUS_MEDIA_SPECIFIC_INDICATION);
    test_wait_count(stand.rig.machine, &stand.rig.protocols[0]->statuses, 1);
    CHECK_EQ(stand.rig.protocols[0]->last_status, NDIS_STATUS_MEDIA_SPECIFIC_INDICATION);
    before = test_read(&stand.rig.filters[0]->events);
    CHECK_OK(undis_stack_power(stand.rig.stack, 3));
    CHECK_OK(undis_stack_power(stand.rig.stack, 0));
    CHECK(test_read(&stand.rig.filters[0]->events) > before);
    CHECK_OK(undis_stack_surprise(stand.rig.stack));
    stand.rig.stack = NULL;
    CHECK_EQ(test_read(&stand.rig.miniport->surprises), 1);
    rig_take_down(&stand.rig);
    test_unload(stand.rig.machine, stand.pass);
    test_machine_end(stand.rig.machine);
}

/* looknic can be a token ring. */
static void
stands_on_ethernet_alone(void)
{
    struct undis *machine = test_machine();
    struct undis_driver *miniport, *pass, *filters[2] = {0};
    struct undis_stack_config config = {.size = sizeof(config), .filters = filters};
    struct undis_layer layers[4];
    struct undis_stack *stack;

    test_case("token ring");
    CHECK_OK(undis_set(machine, "looknic", "Medium", "1"));
    config.miniport = miniport = test_driver(machine, "looknic");
    filters[0] = pass = test_driver(machine, "pass");
    CHECK_OK(undis_port_program(machine, NULL, NULL, &config.bottom));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    if (undis_stack_start(stack) == 0)
        CHECK_EQ(undis_stack_layers(stack, layers, 4), 1);
    CHECK_OK(undis_stack_remove(stack));
    CHECK_OK(undis_port_close(config.bottom));
    test_unload(machine, pass);
    test_unload(machine, miniport);
    test_machine_end(machine);
}

int
main(void)
{
    frames(PEER_INLINE, PEER_INLINE);
    frames(PEER_DPC, PEER_DPC);
    frames(PEER_SPLIT, PEER_HOLD);
    requests(false);
    requests(true);
    cancels();
    statuses_and_events();
    stands_on_ethernet_alone();
    return 0;
}
