/* SPDX-License-Identifier: MIT */
/* Who sends, completes, indicates or returns at PASSIVE_LEVEL has the handlers of the others called
 * there when the machine is verified, and without the flag that says otherwise; at DISPATCH_LEVEL
 * when it is not. Who is at DISPATCH_LEVEL has them called there always.
 */
#include "rig.h"

#define EACH 5ull

static void
check(const struct rig *rig, uint64_t miniport, uint64_t filter, uint64_t protocol)
{
    CHECK_EQ(test_read(&rig->miniport->passive), miniport);
    CHECK_EQ(test_read(&rig->filters[0]->passive), filter);
    CHECK_EQ(test_read(&rig->protocols[0]->passive), protocol);
}

static void
go(const struct rig_config *config, bool verified)
{
    struct rig rig;

    test_case(verified ? "verified" : "not verified");
    rig_up(&rig, config);
    for (unsigned k = 0; k < EACH; k++)
        peer_protocol_send_at_dispatch(rig.protocols[0], 1, 1, FRAME_MIN);
    check(&rig, 0, 0, 0);
    for (unsigned k = 0; k < EACH; k++)
        peer_protocol_send(rig.protocols[0], 1, 1, FRAME_MIN); /* and back, inline */
    if (verified)
        check(&rig, EACH, 2 * EACH, EACH);
    else
        check(&rig, 0, 0, 0);
    for (unsigned k = 0; k < EACH; k++)
        peer_filter_indicate(rig.filters[0], 1, FRAME_MIN);
    peer_miniport_indicate(rig.miniport, EACH, FRAME_MIN, false); /* at DISPATCH_LEVEL */
    rig_settle(&rig);
    if (verified)
        check(&rig, EACH, 3 * EACH, 2 * EACH);
    else
        check(&rig, 0, 0, 0);
    CHECK_EQ(test_read(&rig.miniport->wrong) + test_read(&rig.filters[0]->wrong) +
                 test_read(&rig.protocols[0]->wrong),
        0);
    rig_check_layers(&rig);
    rig_down(&rig);
}

int
main(void)
{
    struct rig_config config = {.filters = 1, .protocols = 1};

    for (config.seed = 0; config.seed < 4; config.seed++)
        go(&config, config.seed % 2 == 0); /* a rig verifies every other seed */
    return 0;
}
