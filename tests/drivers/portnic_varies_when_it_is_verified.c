/* SPDX-License-Identifier: MIT */
/* With the verifier portnic shows some of what it receives with RESOURCES, as a driver does that runs
 * short: filters and protocols that take every frame for their own are found. Without it none is.
 */
#define NDIS630 1

#include <ndis.h>

#include "pair.h"

#define FRAMES 64u

static void
go(bool verify)
{
    struct undis_config config = test_config();
    struct peer_protocol *to;
    struct pair pair;

    test_case(verify ? "verified" : "not verified");
    config.verify = verify;
    pair_up_in(&pair, test_machine_with(&config), false, NULL, NULL);
    to = pair.ends[1].above;
    pair_set(&pair, 1, OID_GEN_CURRENT_PACKET_FILTER, NDIS_PACKET_TYPE_DIRECTED);
    for (unsigned k = 0; k < FRAMES; k++)
        pair_send(&pair, 0, pair.ends[1].address, 1, FRAME_MIN);
    CHECK_EQ(test_read(&to->received_nbls), FRAMES);
    CHECK_EQ(test_read(&to->resources), verify ? FRAMES / 16 : 0);
    pair_down(&pair);
}

int
main(void)
{
    go(false);
    go(true);
    return 0;
}
