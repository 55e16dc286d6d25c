/* SPDX-License-Identifier: MIT */
/* A serialized miniport that answers NDIS_STATUS_RESOURCES gets the packet again, in order, after a
 * completion or NdisMSendResourcesAvailable; the protocol sees its send pending meanwhile. A
 * deserialized one that answers so from MiniportSend has it answered so to the protocol
 * (s5-resources-only-serialized, s5-resources-then-available, s5-resources-rest-of-array).
 */
#include "rig.h"

static void
serialized(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    rig.miniport->room = 2;
    rig.miniport->tells_room = config->seed % 2 != 0;
    for (unsigned round = 0; round < 6; round++)
        peer_protocol_send(rig.protocols[0], 7, 1, FRAME_MIN + round);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->back, 42);
    CHECK_EQ(rig.protocols[0]->failed, 0);
    CHECK_EQ(rig.miniport->sent.count, 42);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    CHECK_EQ(rig.miniport->overlapped, 0);
    rig_check_layers(&rig);
    rig_down(&rig);
}

static void
deserialized(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    rig.miniport->room = 2;
    peer_protocol_send(rig.protocols[0], 7, 1, FRAME_MIN);
    peer_miniport_release(rig.miniport);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->back, 7);
    CHECK_EQ(rig.protocols[0]->failed, 5);
    CHECK_EQ(rig.miniport->refused, 5);
    CHECK_EQ(rig.miniport->sent.count, 2);
    rig_down(&rig);
}

/* Only NdisMSendResourcesAvailable can help: nothing is pending. */
static void
told(const struct rig_config *config)
{
    struct rig rig;

    rig_up(&rig, config);
    rig.miniport->room = 1;
    rig.miniport->tells_room = true;
    peer_protocol_send(rig.protocols[0], 4, 1, FRAME_MIN);
    CHECK_EQ(test_read(&rig.protocols[0]->back), 0);
    peer_miniport_release(rig.miniport);
    peer_miniport_release(rig.miniport);
    peer_miniport_release(rig.miniport);
    peer_miniport_release(rig.miniport);
    rig_settle(&rig);
    CHECK_EQ(rig.protocols[0]->back, 4);
    CHECK_EQ(rig.miniport->sent.disorder, 0);
    rig_down(&rig);
}

static void
each(const struct rig_config *config)
{
    struct rig_config rig = *config;

    for (unsigned arrays = 0; arrays <= PEER_ARRAYS; arrays += PEER_ARRAYS) {
        rig.miniport = PEER_SERIALIZED + arrays;
        test_case("serialized, arrays %u, completed %s, %u filters, seed %llu", arrays,
            peer_giving_names[rig.completes], rig.filters, (unsigned long long)rig.seed);
        serialized(&rig);
        rig.completes = PEER_HOLD;
        test_case("told, arrays %u, %u filters, seed %llu", arrays, rig.filters,
            (unsigned long long)rig.seed);
        told(&rig);
        rig.completes = config->completes;
    }
    rig.miniport = PEER_DESERIALIZED;
    rig.completes = PEER_HOLD;
    deserialized(&rig);
}

int
main(void)
{
    rig_each_completion(each);
    return 0;
}
