/* SPDX-License-Identifier: MIT */
/* frames carries between its port and the adapter what both take: nothing is lost while its pool is
 * out, its settings do what they say, and without a port the adapter's frames end here. An adapter may
 * take frames of any size. With the verifier some of what it sends is in two pieces.
 */
#define NDIS630 1

#include <ndis.h>

#include "frame.h"
#include "machine.h"
#include "peer.h"
#include <errno.h>

#define SIZE 300u

struct joint {
    struct undis *machine;
    struct peer_miniport *below;
    struct undis_driver *protocol;
    struct undis_port *port;
    struct undis_stack *stack;
    struct frames got;
    uint64_t number;
    unsigned buffers;
    uint64_t seed;
    uint32_t mtu;
    const char *driver; /* NULL: frames */
    bool unverified;
};

static void
receive(void *context, const void *frame, size_t length)
{
    frames_see(context, frame, (uint32_t)length);
}

/* @where: whose @keyword is set to @value before; NULL: nothing is. */
static int
joint_up(struct joint *joint, bool port, const char *where, const char *keyword, const char *value)
{
    struct undis_driver *protocols[2] = {0};
    struct undis_stack_config config = {
        .size = sizeof(config), .name = "net0", .protocols = protocols};
    struct undis_config machine = test_config();
    uint32_t mtu = joint->mtu;
    const char *driver = joint->driver ? joint->driver : "frames";

    machine.seed = joint->seed;
    if (joint->unverified)
        machine.verify = false;
    *joint = (struct joint){.machine = test_machine_with(&machine)};
    if (where)
        CHECK_OK(undis_set(joint->machine, where, keyword, value));
    joint->below = peer_miniport_add(joint->machine, "miniport");
    joint->below->mtu = mtu;
    joint->protocol = protocols[0] = test_driver(joint->machine, driver);
    config.miniport = joint->below->peer.driver;
    if (port)
        CHECK_OK(undis_port_program(joint->machine, receive, &joint->got, &joint->port));
    config.top = joint->port;
    CHECK_OK(undis_stack_create(joint->machine, &config, &joint->stack));
    return undis_stack_start(joint->stack);
}

static void
joint_down(struct joint *joint)
{
    CHECK_OK(undis_stack_remove(joint->stack));
    CHECK_EQ(test_read(&joint->below->sends_out), 0);
    CHECK_EQ(test_read(&joint->below->receives_out), 0);
    CHECK_EQ(test_read(&joint->below->bad_returns), 0);
    CHECK_EQ(test_read(&joint->below->wrong), 0);
    CHECK_EQ(joint->below->filter, 0);
    if (joint->port)
        CHECK_OK(undis_port_close(joint->port));
    test_unload(joint->machine, joint->protocol);
    peer_remove(&joint->below->peer);
    test_machine_end(joint->machine);
}

static void
inject(struct joint *joint, unsigned count)
{
    uint8_t frame[SIZE];
    int error;

    for (unsigned k = 0; k < count; k++) {
        frame_fill(frame, SIZE, 3, joint->number++);
        while ((error = undis_port_inject(joint->port, frame, SIZE)) == -EAGAIN)
            undis_run(joint->machine, 100000);
        CHECK_OK(error);
    }
}

/* Its buffers for frames so large would be more than there is memory for, or than 32 bits say. */
static void
carries_over_any_size(const char *driver, uint32_t mtu)
{
    struct joint joint = {.mtu = mtu, .driver = driver};

    test_case("%s, an adapter that takes %u bytes", driver, mtu);
    CHECK_OK(joint_up(&joint, true, NULL, NULL, NULL));
    inject(&joint, 300);
    test_wait_count(joint.machine, &joint.below->sent.count, 300);
    CHECK_EQ(test_read(&joint.below->sent.bad), 0);
    joint_down(&joint);
}

/* A frame a batch, and of 16 batches one. */
static void
sends_in_pieces(bool verify)
{
    struct joint joint = {.unverified = !verify};

    test_case("in pieces, %s", verify ? "verified" : "not verified");
    CHECK_OK(joint_up(&joint, true, NULL, NULL, NULL));
    for (unsigned k = 1; k <= 32; k++) {
        inject(&joint, 1);
        test_wait_count(joint.machine, &joint.below->sent.count, k);
    }
    CHECK_EQ(test_read(&joint.below->sent.bad), 0);
    CHECK_EQ(test_read(&joint.below->in_pieces), verify ? 2 : 0);
    joint_down(&joint);
}

static void
carries(enum peer_giving completes, bool pend)
{
    struct joint joint = {.seed = (unsigned)completes};

    test_case("carries, %s", peer_giving_names[completes]);
    CHECK_OK(joint_up(&joint, true, NULL, NULL, NULL));
    CHECK_EQ(joint.below->filter, NDIS_PACKET_TYPE_PROMISCUOUS);
    joint.below->completes = completes;
    joint.below->pend_oids = pend;
    for (unsigned round = 1; round < 4; round++) {
        inject(&joint, 100);
        peer_miniport_indicate(joint.below, 70, SIZE, false);
        peer_miniport_indicate(joint.below, 20, SIZE, true);
        test_wait_count(joint.machine, &joint.below->sent.count, 100ull * round);
        CHECK_EQ(test_read(&joint.got.count), round * 90);
        CHECK_OK(undis_stack_pause(joint.stack));
        CHECK_OK(undis_stack_restart(joint.stack));
        CHECK_OK(undis_stack_unbind(joint.stack, joint.protocol));
        CHECK_OK(undis_stack_bind(joint.stack, joint.protocol));
    }
    CHECK_EQ(test_read(&joint.below->sent.bad), 0);
    CHECK_EQ(test_read(&joint.below->sent.disorder), 0);
    CHECK_EQ(test_read(&joint.got.bad), 0);
    CHECK_EQ(test_read(&joint.got.disorder), 0);
    CHECK_EQ(test_read(&joint.below->resources_lost), 0);
    joint_down(&joint);
}

/* Too few are left for a batch. */
static bool
are_out(void *context)
{
    const struct joint *joint = context;

    return test_read(&joint->below->sends_out) > joint->buffers - 32;
}

/* Gives back what is out until all has been. */
static bool
are_all_sent(void *context)
{
    const struct joint *joint = context;

    peer_miniport_release(joint->below);
    return test_read(&joint->below->sent.count) == joint->buffers + 100ull &&
           test_read(&joint->below->sends_out) == 0;
}

/* The miniport keeps what it gets: no more than @buffers, and the rest waits in the port. */
static void
waits_for_buffers(const char *where, const char *value, unsigned buffers)
{
    struct joint joint = {0};
    uint64_t sent;

    test_case("%s SendBuffers=%s", where, value);
    CHECK_OK(joint_up(&joint, true, where, "SendBuffers", value));
    joint.below->completes = PEER_HOLD;
    inject(&joint, buffers + 100);
    joint.buffers = buffers;
    test_wait(joint.machine, are_out, &joint, "the buffers to be out");
    undis_run(joint.machine, 2000000);
    CHECK(test_read(&joint.below->sends_out) <= buffers);
    test_wait(joint.machine, are_all_sent, &joint, "all frames");
    CHECK_EQ(test_read(&joint.below->sent.disorder), 0);
    joint.below->completes = PEER_TIMER; /* what is out comes back before the pause is done */
    inject(&joint, 40);
    test_wait_count(joint.machine, &joint.below->sends_in, buffers + 140);
    CHECK_OK(undis_stack_pause(joint.stack));
    sent = test_read(&joint.below->sent.count);
    inject(&joint, 10);
    undis_run(joint.machine, 2000000);
    CHECK_EQ(test_read(&joint.below->sent.count), sent);
    CHECK_OK(undis_stack_restart(joint.stack));
    test_wait_count(joint.machine, &joint.below->sent.count, buffers + 150);
    joint_down(&joint);
}

static struct joint *early;

/* frames has opened its port, and waits to be restarted. */
static uint32_t
comes_early(void *module, void *parameters)
{
    uint8_t frame[SIZE];

    (void)module;
    (void)parameters;
    for (unsigned k = 0; k < 10; k++) {
        frame_fill(frame, SIZE, 3, early->number++);
        CHECK_OK(undis_port_inject(early->port, frame, SIZE));
    }
    return 0;
}

/* What comes before the restart waits in the port. */
static void
waits_for_its_restart(void)
{
    static const struct peer_hooks hooks = {.restart = comes_early};
    struct joint joint = {0};
    struct peer_filter *filter;

    test_case("before the restart");
    CHECK_OK(joint_up(&joint, true, NULL, NULL, NULL));
    filter = peer_filter_add(joint.machine, "filter", 0);
    early = &joint;
    filter->peer.hooks = &hooks;
    CHECK_OK(undis_stack_attach(joint.stack, filter->peer.driver));
    test_wait_count(joint.machine, &joint.below->sent.count, 10);
    CHECK_OK(undis_stack_unbind(joint.stack, joint.protocol));
    CHECK_OK(undis_stack_pause(joint.stack));
    CHECK_OK(undis_stack_bind(joint.stack, joint.protocol));
    CHECK_OK(undis_stack_restart(joint.stack));
    test_wait_count(joint.machine, &joint.below->sent.count, 20);
    CHECK_EQ(test_read(&joint.below->sent.disorder), 0);
    CHECK_OK(undis_stack_unbind(joint.stack, joint.protocol));
    CHECK_OK(undis_stack_detach(joint.stack, filter->peer.driver));
    peer_remove(&filter->peer);
    joint_down(&joint);
}

static void
asks_for_what_it_is_told(const char *value, uint32_t filter)
{
    struct joint joint = {0};

    test_case("Promiscuous=%s", value);
    CHECK_OK(joint_up(&joint, true, "frames", "Promiscuous", value));
    CHECK_EQ(joint.below->filter, filter);
    joint_down(&joint);
}

static void
needs_no_port(void)
{
    struct joint joint = {0};

    test_case("no port");
    CHECK_OK(joint_up(&joint, false, NULL, NULL, NULL));
    peer_miniport_indicate(joint.below, 40, SIZE, false);
    test_wait_count(joint.machine, &joint.below->returned, 40);
    joint_down(&joint);
}

static void
leaves_out_what_is_too_long(void)
{
    static uint8_t frame[2000];
    struct joint joint = {0};

    test_case("too long");
    CHECK_OK(joint_up(&joint, true, NULL, NULL, NULL));
    frame_fill(frame, sizeof(frame), 3, 0);
    CHECK_OK(undis_port_inject(joint.port, frame, sizeof(frame)));
    joint.number = 1;
    inject(&joint, 5);
    test_wait_count(joint.machine, &joint.below->sent.count, 5);
    CHECK_EQ(test_read(&joint.below->sent.bad), 0);
    joint_down(&joint);
}

/* By more than a VLAN tag, and by less than what a buffer is rounded up to. */
static void
keeps_to_what_the_adapter_takes(const char *driver)
{
    struct joint joint = {.mtu = SIZE - 50, .driver = driver};

    test_case("%s, an adapter that takes %u bytes", driver, joint.mtu);
    CHECK_OK(joint_up(&joint, true, NULL, NULL, NULL));
    inject(&joint, 20);
    undis_run(joint.machine, 2000000);
    CHECK_EQ(test_read(&joint.below->sent.count), 0);
    joint_down(&joint);
}

static void
refuses_what_is_no_port(const char *name)
{
    struct joint joint = {0};

    test_case("Port=%s", name);
    joint_up(&joint, false, "frames", "Port", name);
    CHECK_EQ(joint.below->filter, 0);
    joint_down(&joint);
}

int
main(void)
{
    carries(PEER_INLINE, false);
    carries(PEER_DPC, true);
    carries(PEER_REVERSED, false);
    sends_in_pieces(true);
    sends_in_pieces(false);
    waits_for_buffers("frames", "64", 64);
    waits_for_buffers("frames/net0", "100", 100);
    waits_for_buffers("frames", "256", 256);
    asks_for_what_it_is_told("1", NDIS_PACKET_TYPE_PROMISCUOUS);
    asks_for_what_it_is_told("0",
        NDIS_PACKET_TYPE_DIRECTED | NDIS_PACKET_TYPE_ALL_MULTICAST | NDIS_PACKET_TYPE_BROADCAST);
    waits_for_its_restart();
    needs_no_port();
    leaves_out_what_is_too_long();
    refuses_what_is_no_port("\\Device\\Nothing");
    refuses_what_is_no_port("\\Device\\Null");
    keeps_to_what_the_adapter_takes("frames");
    keeps_to_what_the_adapter_takes("frames5");
    carries_over_any_size("frames", 0x1000000);
    carries_over_any_size("frames", 0xFFFFFFFF);
    carries_over_any_size("frames5", 0x1000000);
    return 0;
}
