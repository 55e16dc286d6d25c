/* SPDX-License-Identifier: MIT */
/* A miniport sends frames in any number of pieces, more than its NIC has descriptors for too, each
 * once, whole and in order; those that are longer than its medium takes come back as that.
 */
#include "lib/frame.h"
#include "lib/machine.h"
#include "lib/peer.h"

#define ROUNDS 40ull

static void
receive(void *context, const void *frame, size_t length)
{
    frames_see(context, frame, (uint32_t)length);
}

static void
send_all(const char *model, const char *driver)
{
    static const unsigned pieces[] = {2, 16, 17, 60};
    struct undis *machine = test_machine();
    struct peer_protocol *peer = peer_protocol_add(machine, "protocol");
    struct undis_driver *protocols[] = {peer->peer.driver, NULL};
    struct undis_stack_config config = {
        .size = sizeof(config), .miniport = test_driver(machine, driver), .protocols = protocols};
    struct frames got = {0};
    struct undis_port *program;
    struct undis_stack *stack;

    test_case("%s", driver);
    CHECK_OK(undis_port_program(machine, receive, &got, &program));
    config.bottom = program;
    if (model)
        CHECK_OK(undis_hardware_open(machine, model, program, &config.bottom));
    CHECK_OK(undis_stack_create(machine, &config, &stack));
    CHECK_OK(undis_stack_start(stack));
    for (unsigned round = 0; round < (unsigned)ROUNDS; round++) {
        peer->peer.pieces = pieces[round % 4];
        peer_protocol_send(peer, 2, 1 + round % 2, 1500);
    }
    test_wait_count(machine, &peer->back, ROUNDS * 2);
    test_wait_count(machine, &got.count, ROUNDS * 3);
    CHECK_EQ(got.bad, 0);
    CHECK_EQ(got.disorder, 0);
    CHECK_EQ(peer->failed, 0);
    peer_protocol_send(peer, 3, 1, 1519);
    test_wait_count(machine, &peer->back, ROUNDS * 2 + 3);
    CHECK_EQ(peer->failed, 3);
    CHECK_EQ(got.count, ROUNDS * 3);
    CHECK_OK(undis_stack_remove(stack));
    test_unload(machine, config.miniport);
    test_unload(machine, peer->peer.driver);
    if (model)
        CHECK_OK(undis_port_close(config.bottom));
    CHECK_OK(undis_port_close(program));
    test_machine_end(machine);
}

int
main(void)
{
    send_all("ringnic", "ringnic");
    send_all(NULL, "portnic");
    return 0;
}
