/* SPDX-License-Identifier: MIT */
/* NdisCancelOidRequest: the request that the miniport has and those that wait behind it come back
 * with NDIS_STATUS_REQUEST_ABORTED, each once.
 */
#include "rig.h"

int
main(void)
{
    static const unsigned filters[] = {0, 1, 3};

    for (unsigned i = 0; i < 3; i++) {
        for (uint64_t seed = 0; seed < test_seeds(); seed++) {
            struct rig_config config = {.filters = filters[i], .seed = seed};
            struct rig rig;

            test_case("%u filters, seed %llu", filters[i], (unsigned long long)seed);
            rig_up(&rig, &config);
            rig.miniport->hold_oids = true;
            peer_protocol_oids(rig.protocols[0], 6);
            test_wait_count(rig.machine, &rig.miniport->oids, 1);
            CHECK_EQ(test_read(&rig.protocols[0]->oids_done), 0);
            rig.miniport->hold_oids = false; /* what is not cancelled in time is answered */
            peer_protocol_cancel_oids(rig.protocols[0]);
            test_wait_count(rig.machine, &rig.protocols[0]->oids_done, 6);
            CHECK(rig.protocols[0]->oids_failed >= 1);
            rig_down(&rig);
        }
    }
    return 0;
}
