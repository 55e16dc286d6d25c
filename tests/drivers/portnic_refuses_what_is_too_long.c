/* SPDX-License-Identifier: MIT */
/* A frame longer than portnic's port carries, with a header and a tag, comes back with an error and is
 * not sent; what stands before and behind it goes out.
 */
#include "pair.h"

#define LONGEST (1500u + 14 + 4)

/* @count NBLs of @size bytes; answers how many came back with an error. */
static uint64_t
refused(struct pair *pair, unsigned count, unsigned size)
{
    struct peer_protocol *from = pair->ends[0].above;
    uint64_t before = test_read(&from->failed);

    pair_send(pair, 0, pair->ends[1].address, count, size);
    return test_read(&from->failed) - before;
}

int
main(void)
{
    struct undis_config config = test_config();
    struct undis_port_stats stats;
    struct pair pair;

    config.verify = false; /* which would tell the protocol, not the miniport */
    pair_up_in(&pair, test_machine_with(&config), false, NULL, NULL);
    CHECK_EQ(refused(&pair, 3, FRAME_MIN), 0);
    CHECK_EQ(refused(&pair, 2, LONGEST), 0);
    CHECK_EQ(refused(&pair, 2, LONGEST + 1), 2);
    CHECK_EQ(refused(&pair, 1, LONGEST), 0);
    CHECK_OK(undis_port_stats(pair.ends[0].wire, &stats));
    CHECK_EQ(stats.written, 6);
    pair_down(&pair);
    return 0;
}
